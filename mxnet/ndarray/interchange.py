"""NDArrays to and from torch, NumPy and DLPack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from ..base import MXNetError
from ..dtype import NAME_OF_TORCH
from ..serialization import array_from_bytes, array_to_bytes
from .eager import get_array_class
from .tape import refuse_write, tape_of

if TYPE_CHECKING:
    from .ndarray import NDArray


class Interchange:
    """The protocols by which other libraries, and other processes, read an NDArray."""

    # Pickles have MXNet's form, so that each reads the other's; copies keep the context.

    def __reduce__(self) -> Any:
        return type(self), (None,), self.__getstate__()

    def __getstate__(self: Any) -> dict[str, Any]:
        nothing = self.stype == "default" and self._data is None
        return {"handle": None if nothing else bytearray(array_to_bytes(self))}

    def __setstate__(self: Any, state: dict[str, Any]) -> None:
        if state["handle"] is None:
            return
        other = array_from_bytes(state["handle"])
        if other.stype != self.stype:
            raise MXNetError(
                f"A pickled {type(self).__name__} is damaged: it holds a {type(other).__name__}."
            )
        self.__dict__.update(other.__dict__)

    def __copy__(self: Any) -> Any:
        return self.detach().copy() if self.stype == "default" else self.copy()

    def __deepcopy__(self, memo: Any) -> Any:
        return self.__copy__()

    def __array__(self: Any, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        if copy is False:
            data = self._data
            if data.device.type != "cpu" or data.dtype is torch.bfloat16:
                raise ValueError("This NDArray can not be read by NumPy without a copy.")
            array = data.numpy()
            if dtype is not None and array.dtype != dtype:
                raise ValueError(f"A view as {dtype} of {array.dtype} elements needs a copy.")
            return array
        array = self.asnumpy()
        return array if dtype is None else array.astype(dtype, copy=False)

    def __dlpack__(self: Any, **kwargs: Any) -> Any:
        return self._data.__dlpack__(**kwargs)

    def __dlpack_device__(self: Any) -> Any:
        return self._data.__dlpack_device__()

    def as_torch(self: Any) -> torch.Tensor:
        """Return the array as a torch tensor of the same memory.

        Under `autograd.record` the tensor is part of the recorded graph, so that a loss computed
        with torch reaches this array's gradient.

        Examples
        --------
        >>> mx.nd.ones((2,)).as_torch().tolist()
        [1.0, 1.0]
        """
        return tape_of(self)  # type: ignore[return-value]

    def to_dlpack_for_read(self: Any) -> Any:
        """Return a DLPack capsule of this array's memory, to be read only."""
        return torch.utils.dlpack.to_dlpack(self._data)

    def to_dlpack_for_write(self: Any) -> Any:
        """Return a DLPack capsule of this array's memory, which the taker may write."""
        refuse_write(self)
        return torch.utils.dlpack.to_dlpack(self._data)


def to_dlpack_for_read(data: NDArray) -> Any:
    """Return a DLPack capsule of the array's memory, to be read only."""
    return data.to_dlpack_for_read()


def to_dlpack_for_write(data: NDArray) -> Any:
    """Return a DLPack capsule of the array's memory, which the taker may write."""
    return data.to_dlpack_for_write()


def from_dlpack(dlpack: Any) -> NDArray:
    """Return an NDArray of the memory in a DLPack capsule, or of an object that speaks DLPack.

    Examples
    --------
    >>> mx.nd.from_dlpack(np.arange(3.0, dtype="float32")).asnumpy().tolist()
    [0.0, 1.0, 2.0]
    """
    return from_torch(torch.from_dlpack(dlpack))


def from_torch(tensor: torch.Tensor) -> NDArray:
    """Return an NDArray of a torch tensor's memory; a tensor on torch's tape stays on it.

    Parameters
    ----------
    tensor : torch.Tensor
        Any dense tensor whose dtype MXNet knows.

    Raises
    ------
    MXNetError
        If MXNet has no such dtype.

    Examples
    --------
    >>> import torch
    >>> mx.nd.from_torch(torch.ones(2)).asnumpy().tolist()
    [1.0, 1.0]
    """
    if tensor.dtype not in NAME_OF_TORCH:
        raise MXNetError(f"from_torch: {tensor.dtype} is not an element type of MXNet.")
    array = get_array_class()(tensor.detach())
    if tensor.requires_grad:
        array._tape = tensor
    return array


def from_numpy(ndarray: np.ndarray, zero_copy: bool = True, array_cls: Any = None) -> NDArray:
    """Return an NDArray of a NumPy array's memory, or of a copy.

    Parameters
    ----------
    ndarray : numpy.ndarray
        Must be C-contiguous for `zero_copy`; it becomes read-only for NumPy.
    zero_copy : bool, default True
        Whether memory is shared.
    array_cls : type, optional
        The class of the result, default NDArray.
    """
    made = array_cls or get_array_class()
    if not zero_copy:
        return made(torch.from_numpy(ndarray.copy()))
    if not ndarray.flags["C_CONTIGUOUS"]:
        raise ValueError("from_numpy: only a C-contiguous array can be shared without a copy.")
    array = made(torch.from_numpy(ndarray))
    ndarray.flags["WRITEABLE"] = False
    return array
