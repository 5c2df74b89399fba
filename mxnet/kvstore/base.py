"""What every key-value store offers, and how one is chosen by name."""

from __future__ import annotations

import builtins
import warnings
from typing import Any, ClassVar

from ..base import MXNetError
from ..ndarray import NDArray


class KVStoreBase:
    """Base of the key-value stores; a subclass that is registered can be created by its name.

    Examples
    --------
    >>> @mx.kv.KVStoreBase.register
    ... class Silent(mx.kv.KVStoreBase):
    ...     type = "silent"
    >>> mx.kv.create("silent").type
    'silent'
    """

    OPTIMIZER: ClassVar[str] = "optimizer"
    kv_registry: ClassVar[dict[str, builtins.type[KVStoreBase]]] = {}

    def broadcast(self, key: Any, value: Any, out: Any, priority: int = 0) -> None:
        """Store the value of a new key and copy it to every array of `out`."""
        raise NotImplementedError(f"{type(self).__name__} does not define broadcast.")

    def pushpull(self, key: Any, value: Any, out: Any = None, priority: int = 0) -> None:
        """Sum the values of a key over the devices and copy the result to `out`."""
        raise NotImplementedError(f"{type(self).__name__} does not define pushpull.")

    def set_optimizer(self, optimizer: Any) -> None:
        """Make the store update its values by an optimizer when gradients are pushed."""
        raise NotImplementedError(f"{type(self).__name__} does not define set_optimizer.")

    def is_capable(self, capability: str) -> bool:
        """Tell whether the store can do something, for example ``KVStoreBase.OPTIMIZER``."""
        raise NotImplementedError("A key-value store must define is_capable.")

    def save_optimizer_states(self, fname: str, dump_optimizer: bool = False) -> None:
        """Write the optimizer's states to a file."""
        raise NotImplementedError(f"{type(self).__name__} does not define save_optimizer_states.")

    def load_optimizer_states(self, fname: str) -> None:
        """Read the optimizer's states from a file."""
        raise NotImplementedError(f"{type(self).__name__} does not define load_optimizer_states.")

    @property
    def type(self) -> str:
        """The name that the store was created by."""
        raise NotImplementedError("A key-value store must define type.")

    @property
    def rank(self) -> int:
        """The number of this process among the workers."""
        raise NotImplementedError("A key-value store must define rank.")

    @property
    def num_workers(self) -> int:
        """The number of processes that share the store."""
        raise NotImplementedError("A key-value store must define num_workers.")

    @staticmethod
    def register(klass: builtins.type[KVStoreBase]) -> builtins.type[KVStoreBase]:
        """Make a class known to `create` by its name in lower case."""
        name = klass.__name__.lower()
        former = KVStoreBase.kv_registry.get(name, klass)
        if former is not klass:
            warnings.warn(
                f"The key-value store {name!r} was {former.__module__}.{former.__name__} and is "
                f"now {klass.__module__}.{klass.__name__}.",
                stacklevel=2,
            )
        KVStoreBase.kv_registry[name] = klass
        return klass


@KVStoreBase.register
class TestStore(KVStoreBase):
    """A store that keeps nothing: sums go straight to the outputs.

    Examples
    --------
    >>> store, out = mx.kv.create("teststore"), mx.nd.zeros((2,))
    >>> store.pushpull("w", [mx.nd.ones((2,)), mx.nd.ones((2,))], out=out)
    >>> out.asnumpy().tolist()
    [2.0, 2.0]
    """

    def broadcast(self, key: Any, value: Any, out: Any, priority: int = 0) -> None:
        """Copy the value to every array of `out`."""
        for target in as_list(out):
            target[:] = value

    def pushpull(self, key: Any, value: Any, out: Any = None, priority: int = 0) -> None:
        """Copy the sum of the values to `out`, or to the values themselves."""
        total = sum_on_first(as_list(value))
        for target in as_list(value if out is None else out):
            target[:] = total.as_in_context(target.context)

    @staticmethod
    def is_capable(capability: str) -> bool:
        """Return False for ``'optimizer'``: the store updates nothing."""
        check_capability(capability)
        return False

    @property
    def type(self) -> str:
        """``'teststore'``."""
        return "teststore"

    @property
    def rank(self) -> int:
        """0."""
        return 0

    @property
    def num_workers(self) -> int:
        """1."""
        return 1


def create(name: str = "local") -> KVStoreBase:
    """Return a new key-value store.

    Parameters
    ----------
    name : str, default 'local'
        ``'local'`` or ``'device'`` (several devices of this process; both sum where the values
        are), one of their older names, or the name of a registered class.

    Raises
    ------
    TypeError
        If `name` is no string.
    MXNetError
        If there is no such store.

    Examples
    --------
    >>> store, out = mx.kv.create("local"), mx.nd.zeros((2,))
    >>> store.init("w", mx.nd.ones((2,)))
    >>> store.pull("w", out=out)
    >>> out.asnumpy().tolist()
    [1.0, 1.0]
    """
    from .kvstore import LOCAL_TYPES, KVStore

    if not isinstance(name, str):
        raise TypeError(f"A key-value store is created by its name, but {name!r} is no string.")
    kind = name.lower()
    if kind in KVStoreBase.kv_registry:
        return KVStoreBase.kv_registry[kind]()
    if kind in LOCAL_TYPES:
        return KVStore(kind)
    if kind.startswith("dist") or kind in ("nccl", "horovod", "byteps"):
        raise MXNetError(
            f"The key-value store {name!r} works across processes or through NCCL, which this "
            "package can not do yet; 'device' works across the devices of one process."
        )
    known = ", ".join([*LOCAL_TYPES, *KVStoreBase.kv_registry])
    raise MXNetError(f"There is no key-value store {name!r}, only {known}.")


def as_list(arrays: Any) -> list[NDArray]:
    """Return a list of arrays, of one if a single array came."""
    return list(arrays) if isinstance(arrays, list | tuple) else [arrays]


def sum_on_first(arrays: list[NDArray]) -> NDArray:
    """Return the sum of arrays on the context of the first, which stays as it is."""
    total = arrays[0]
    for array in arrays[1:]:
        total = total + array.as_in_context(total.context)
    return total


def check_capability(capability: str) -> None:
    """Raise ValueError for a capability that no store knows of."""
    if capability.lower() != KVStoreBase.OPTIMIZER:
        raise ValueError(f"There is no capability {capability!r}, only 'optimizer'.")
