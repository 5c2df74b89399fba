"""The key-value store of one process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from .. import ndarray as nd
from .. import optimizer as opt
from ..base import MXNetError
from ..ndarray import NDArray
from .base import KVStoreBase, as_list, check_capability, sum_on_first

LOCAL_TYPES = (
    "local",
    "device",
    "local_update_cpu",
    "local_allreduce_cpu",
    "local_allreduce_device",
)


class KVStore(KVStoreBase):
    """Values by key; what several devices push for a key is summed.

    Made by `mx.kv.create`. Without an updater a push replaces a value by the sum; with one
    (`set_optimizer`) the sum is a gradient by which the value is updated. Sums and updates happen
    on the device of the first array that is pushed.

    Parameters
    ----------
    handle : str
        The store's type.

    Examples
    --------
    >>> store, out = mx.kv.create("device"), mx.nd.zeros((2,))
    >>> store.init(3, mx.nd.zeros((2,)))
    >>> store.push(3, [mx.nd.ones((2,)), mx.nd.ones((2,))])
    >>> store.pull(3, out=out)
    >>> out.asnumpy().tolist()
    [2.0, 2.0]
    """

    def __init__(self, handle: str) -> None:
        self.handle = handle
        self._values: dict[Any, NDArray] = {}
        self._updater: Callable[[Any, NDArray, NDArray], None] | None = None

    @property
    def type(self) -> str:
        """The name that the store was created by."""
        return self.handle

    @property
    def rank(self) -> int:
        """The number of this process among the workers: 0."""
        return 0

    @property
    def num_workers(self) -> int:
        """The number of processes that share the store: 1."""
        return 1

    def is_capable(self, capability: str) -> bool:
        """Return True for ``'optimizer'``: the store can update its values."""
        check_capability(capability)
        return True

    def init(self, key: Any, value: Any) -> None:
        """Store the first values of keys.

        Parameters
        ----------
        key : int, str or list of them
            New keys; one store has either integers or strings.
        value : NDArray or list of NDArray
            A value for each key, which is copied.

        Raises
        ------
        MXNetError
            If a key has a value already or is of the wrong type.
        """
        for one, (array, *_) in self._groups(key, value):
            if one in self._values:
                raise MXNetError(f"Key {one!r} has a value already: init or broadcast came twice.")
            self._values[one] = array.copy()

    def push(self, key: Any, value: Any, priority: int = 0) -> None:
        """Sum what the devices hold for keys, and replace or update the stored values by it.

        Parameters
        ----------
        key : int, str or list of them
            Known keys.
        value : NDArray or list of NDArray or list of lists
            For each key one array, or one from each device.
        priority : int, default 0
            Has no effect.

        Raises
        ------
        MXNetError
            If a key is unknown or a shape differs from the stored value's.
        """
        for one, arrays in self._groups(key, value):
            stored = self._stored(one)
            for array in arrays:
                if array.shape != stored.shape:
                    raise MXNetError(
                        f"The value pushed for key {one!r} has shape {array.shape}, but the "
                        f"stored one has {stored.shape}."
                    )
            if stored.context != arrays[0].context:
                stored = self._values[one] = stored.as_in_context(arrays[0].context)
            total = sum_on_first(arrays)
            if self._updater is not None:
                self._updater(one, total, stored)
            else:
                self._values[one] = total.copy()

    def pull(
        self, key: Any, out: Any = None, priority: int = 0, ignore_sparse: bool = True
    ) -> None:
        """Copy stored values out.

        Parameters
        ----------
        key : int, str or list of them
            Known keys.
        out : NDArray or list of NDArray or list of lists
            For each key one array, or one from each device.
        priority : int, default 0
            Has no effect.
        ignore_sparse : bool, default True
            Whether row_sparse values are left out.

        Raises
        ------
        MXNetError
            If a key is unknown or a shape differs from the stored value's.
        """
        if out is None:
            raise MXNetError("pull needs the arrays to copy to, as out.")
        for one, arrays in self._groups(key, out):
            stored = self._stored(one)
            if ignore_sparse and stored.stype != "default":
                continue
            for array in arrays:
                if array.shape != stored.shape:
                    raise MXNetError(
                        f"The array for key {one!r} has shape {array.shape}, but the stored value "
                        f"has {stored.shape}."
                    )
                stored.copyto(array)

    def pushpull(self, key: Any, value: Any, out: Any = None, priority: int = 0) -> None:
        """Do `push` and then `pull` into `out`, or into the pushed arrays themselves."""
        self.push(key, value, priority)
        self.pull(key, value if out is None else out, priority)

    def broadcast(self, key: Any, value: Any, out: Any, priority: int = 0) -> None:
        """Do `init` and then `pull` into `out`."""
        self.init(key, value)
        self.pull(key, out, priority)

    def row_sparse_pull(
        self, key: Any, out: Any = None, priority: int = 0, row_ids: Any = None
    ) -> None:
        """Copy chosen rows of stored values to row_sparse arrays.

        Parameters
        ----------
        key : int, str or list of them
            Known keys.
        out : RowSparseNDArray or list of them
            Where the rows go; the other rows become 0.
        priority : int, default 0
            Has no effect.
        row_ids : NDArray or list of NDArray
            Numbers of the rows, one array or one for each array of `out`.
        """
        if out is None or row_ids is None:
            raise MXNetError("row_sparse_pull needs both out and row_ids.")
        for one, arrays in self._groups(key, out):
            rows = self._stored(one).tostype("row_sparse")
            ids = as_list(row_ids)
            ids = ids * len(arrays) if len(ids) == 1 else ids
            for array, chosen in zip(arrays, ids, strict=True):
                nd.sparse.retain(rows, chosen.astype("int64").reshape((-1,))).copyto(array)

    def set_gradient_compression(self, compression_params: Mapping[str, Any]) -> None:
        """Refuse: gradients travel within one process, where compressing them gains nothing."""
        raise MXNetError(
            f"The key-value store {self.type!r} does not compress gradients: they do not leave "
            "the process."
        )

    def set_optimizer(self, optimizer: opt.Optimizer) -> None:
        """Update values by an optimizer from now on, when gradients are pushed.

        Examples
        --------
        >>> store, out = mx.kv.create("local"), mx.nd.zeros((1,))
        >>> store.init("w", mx.nd.ones((1,)))
        >>> store.set_optimizer(mx.optimizer.SGD(learning_rate=0.5))
        >>> store.pushpull("w", mx.nd.ones((1,)), out=out)
        >>> out.asnumpy().tolist()
        [0.5]
        """
        self._set_updater(opt.get_updater(optimizer))

    def save_optimizer_states(self, fname: str, dump_optimizer: bool = False) -> None:
        """Write the optimizer's states to a file.

        Parameters
        ----------
        fname : str
            Path of the file.
        dump_optimizer : bool, default False
            Whether the optimizer itself comes along.

        Raises
        ------
        MXNetError
            If there is no optimizer.
        """
        Path(fname).write_bytes(self._own_updater().get_states(dump_optimizer))

    def load_optimizer_states(self, fname: str) -> None:
        """Read the optimizer's states from a file; MXNetError is raised without an optimizer."""
        self._own_updater().set_states(Path(fname).read_bytes())

    def _own_updater(self) -> opt.Updater:
        if not isinstance(self._updater, opt.Updater):
            raise MXNetError("The key-value store has no optimizer: call set_optimizer first.")
        return self._updater

    def _set_updater(self, updater: Callable[[Any, NDArray, NDArray], None]) -> None:
        """Call ``updater(key, pushed sum, stored value)`` at every push from now on."""
        self._updater = updater

    def _stored(self, key: Any) -> NDArray:
        if key not in self._values:
            raise MXNetError(f"Key {key!r} has no value yet: call init first.")
        return self._values[key]

    def _groups(self, key: Any, value: Any) -> list[tuple[Any, list[NDArray]]]:
        """Return pairs of a key and its arrays."""
        if not isinstance(key, list | tuple):
            groups = [(key, as_list(value))]
        elif len(key) == len(value):
            groups = [(one, as_list(array)) for one, array in zip(key, value, strict=True)]
        else:
            raise MXNetError(f"There are {len(key)} keys, but {len(value)} values.")
        for one, arrays in groups:
            self._check(one, arrays)
        return groups

    def _check(self, key: Any, arrays: list[NDArray]) -> None:
        if not isinstance(key, int | str):
            raise MXNetError(f"Key {key!r} is a {type(key).__name__}, but must be int or str.")
        for known in self._values:
            if isinstance(known, str) != isinstance(key, str):
                raise MXNetError(
                    f"Key {key!r} is a {type(key).__name__}, but the store has keys like "
                    f"{known!r}: integers and strings can not be mixed."
                )
            break
        if not arrays or not all(isinstance(array, NDArray) for array in arrays):
            raise MXNetError(f"The value of key {key!r} must be one or several NDArrays.")
