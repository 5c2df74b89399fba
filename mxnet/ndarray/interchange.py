"""NDArrays to and from torch, NumPy and DLPack."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from ..base import MXNetError
from ..dtype import NAME_OF_TORCH, NUMPY_OF_TORCH, bfloat16
from ..serialization import array_from_bytes, array_to_bytes
from .eager import get_array_class
from .tape import STATE, refuse_write, tape_of

if TYPE_CHECKING:
    from .ndarray import NDArray

_NUMPY_DTYPES = tuple(NUMPY_OF_TORCH.values())


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

    # NumPy.

    def __array__(self: Any, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        if copy is False:
            return self._numpy_view(dtype)
        if dtype is not None and self._data.dtype is torch.bfloat16 and np.dtype(dtype) != bfloat16:
            return self._data.to("cpu", torch.float32).numpy().astype(dtype, copy=False)
        array = self.asnumpy()
        return array if dtype is None else array.astype(dtype, copy=False)

    def _numpy_view(self: Any, dtype: Any) -> np.ndarray:
        """Return a NumPy array of this memory."""
        if self.stype != "default" or self._data.device.type != "cpu":
            raise ValueError(
                f"A NumPy array of this {self.stype} array on {self._ctx} needs a copy."
            )
        data = self._data
        bits = data.view(torch.uint16) if data.dtype is torch.bfloat16 else data
        array = bits.numpy().view(NUMPY_OF_TORCH[data.dtype])
        if dtype is not None and array.dtype != dtype:
            raise ValueError(f"A view as {dtype} of {array.dtype} elements needs a copy.")
        return array

    def item(self: Any, *args: Any) -> Any:
        """Return an element as a Python number: the only one, or the one at an index.

        Raises
        ------
        ValueError
            If no index is given and the array has not exactly one element.

        Examples
        --------
        >>> mx.nd.array([[3]]).item(), mx.nd.array([[1, 2], [3, 4]]).item(1, 0)
        (3.0, 3.0)
        """
        if not args and self.size != 1:
            raise ValueError(f"item: the array has shape {self.shape}, but must have one element.")
        dtype = np.float32 if self._data.dtype is torch.bfloat16 else None
        return self.__array__(dtype).item(*args)

    # torch and DLPack.

    def __dlpack__(self: Any, **kwargs: Any) -> Any:
        return _memory(self).__dlpack__(**kwargs)

    def __dlpack_device__(self: Any) -> Any:
        return _memory(self).__dlpack_device__()

    def as_torch(self: Any) -> torch.Tensor:
        """Return the array as a torch tensor of the same memory.

        Under `autograd.record` the tensor is part of the recorded graph, so that a loss computed
        with torch reaches this array's gradient. A csr array becomes a sparse CSR tensor, a
        row_sparse one a sparse COO tensor of one sparse axis; neither is part of the graph.

        Examples
        --------
        >>> mx.nd.ones((2,)).as_torch().tolist()
        [1.0, 1.0]
        """
        if self.stype == "csr":
            starts, columns = self._parts
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)  # torch calls its csr a beta
                return torch.sparse_csr_tensor(starts, columns, self._values, size=self._shape)
        if self.stype == "row_sparse":
            (rows,) = self._parts
            made = torch.sparse_coo_tensor(rows.unsqueeze(0), self._values, self._shape)
            return made._coalesced_(True)  # rows are in order, and each is there once
        return tape_of(self) if STATE.recording else self._data  # type: ignore[return-value]

    def to_dlpack_for_read(self: Any) -> Any:
        """Return a DLPack capsule of this array's memory, to be read only.

        The memory of a sparse array is that of the values that it stores.
        """
        return torch.utils.dlpack.to_dlpack(_memory(self))

    def to_dlpack_for_write(self: Any) -> Any:
        """Return a DLPack capsule of this array's memory, which the taker may write."""
        refuse_write(self)
        return torch.utils.dlpack.to_dlpack(_memory(self))


def _memory(array: Any) -> torch.Tensor:
    """Return the tensor that holds what an array stores."""
    return array._data if array.stype == "default" else array._values


def to_dlpack_for_read(data: NDArray) -> Any:
    """Return a DLPack capsule of the array's memory, to be read only."""
    return data.to_dlpack_for_read()


def to_dlpack_for_write(data: NDArray) -> Any:
    """Return a DLPack capsule of the array's memory, which the taker may write."""
    return data.to_dlpack_for_write()


def from_dlpack(dlpack: Any) -> NDArray:
    """Return an NDArray of the memory in a DLPack capsule, or of an object that speaks DLPack.

    Parameters
    ----------
    dlpack : PyCapsule or object with ``__dlpack__``
        A capsule serves once.

    Raises
    ------
    AssertionError
        If it is neither, or a capsule that has served.
    MXNetError
        If MXNet has no such dtype, or the object refuses, as a read-only NumPy array does.

    Examples
    --------
    >>> mx.nd.from_dlpack(np.arange(3.0, dtype="float32")).asnumpy().tolist()
    [0.0, 1.0, 2.0]
    """
    if not hasattr(dlpack, "__dlpack__") and '"dltensor' not in repr(dlpack):
        raise AssertionError(
            f"from_dlpack: {dlpack!r} is neither a DLPack capsule that has not served yet nor an "
            "object that speaks DLPack."
        )
    if isinstance(dlpack, np.ndarray) and not dlpack.flags.writeable:
        raise MXNetError("from_dlpack: the NumPy array is read-only, but an NDArray is not.")
    try:
        tensor = torch.from_dlpack(dlpack)
    except (RuntimeError, BufferError, TypeError) as error:
        raise MXNetError(f"from_dlpack: {str(error).splitlines()[0]}") from error
    return from_torch(tensor)


def from_torch(tensor: torch.Tensor) -> NDArray:
    """Return an NDArray of a torch tensor's memory; a tensor on torch's tape stays on it.

    Parameters
    ----------
    tensor : torch.Tensor
        Any tensor on a CPU or a CUDA device whose dtype MXNet knows. A sparse CSR matrix becomes a
        csr array, a sparse COO tensor of one sparse axis a row_sparse one. Of a tensor whose
        elements share memory (`expand`) the array is read-only.

    Raises
    ------
    MXNetError
        If MXNet has no such dtype, device or sparse layout.
    TypeError
        If it is no tensor.

    Examples
    --------
    >>> import torch
    >>> mx.nd.from_torch(torch.ones(2)).asnumpy().tolist()
    [1.0, 1.0]
    """
    if not isinstance(tensor, torch.Tensor):
        raise TypeError(f"from_torch: a {type(tensor).__name__} is no torch.Tensor.")
    if tensor.dtype not in NAME_OF_TORCH:
        raise MXNetError(f"from_torch: {tensor.dtype} is not an element type of MXNet.")
    if tensor.device.type not in ("cpu", "cuda"):
        raise MXNetError(f"from_torch: {tensor.device} is no device of MXNet.")
    if tensor.layout is not torch.strided:
        return _from_sparse_torch(tensor)
    # Elements that share memory can not be written one by one.
    spread = any(n > 1 and not step for n, step in zip(tensor.shape, tensor.stride(), strict=True))
    array = get_array_class()(tensor.detach(), writable=not spread)
    if tensor.requires_grad:
        array._tape = tensor
    return array


def _from_sparse_torch(tensor: torch.Tensor) -> NDArray:
    from .sparse import CSRNDArray, RowSparseNDArray

    if tensor.requires_grad:
        raise MXNetError(
            "from_torch: a sparse tensor that takes a gradient has no form on MXNet's tape; "
            "detach it first."
        )
    shape = tuple(tensor.shape)
    if tensor.layout is torch.sparse_csr and tensor.ndim == 2 and not tensor.dense_dim():
        parts = (tensor.crow_indices().to(torch.int64), tensor.col_indices().to(torch.int64))
        return CSRNDArray(tensor.values(), parts, shape)
    if tensor.layout is torch.sparse_coo and tensor.sparse_dim() == 1:
        tensor = tensor.coalesce()
        return RowSparseNDArray(tensor.values(), (tensor.indices()[0],), shape)
    raise MXNetError(
        f"from_torch: a {tensor.layout} tensor of shape {shape} is neither a csr matrix nor a "
        "sparse tensor of rows."
    )


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

    Raises
    ------
    ValueError
        If MXNet has no such dtype, or the memory can not be shared.

    Examples
    --------
    >>> source = np.zeros(2)
    >>> x = mx.nd.from_numpy(source)
    >>> x[0] = 5
    >>> source.tolist(), source.flags.writeable
    ([5.0, 0.0], False)
    """
    made = array_cls or get_array_class()
    native = ndarray.dtype if zero_copy else ndarray.dtype.newbyteorder("=")
    if native not in _NUMPY_DTYPES:
        raise ValueError(f"from_numpy: {ndarray.dtype} is not an element type of MXNet.")
    if not zero_copy:
        return made(_tensor_of(ndarray.astype(native, order="C", copy=True)))
    if not ndarray.flags["C_CONTIGUOUS"]:
        raise ValueError("from_numpy: only a C-contiguous array can be shared without a copy.")
    array = made(_tensor_of(ndarray))
    ndarray.flags["WRITEABLE"] = False
    return array


def _tensor_of(array: np.ndarray) -> torch.Tensor:
    """Return a tensor of an array's memory, without torch's warning of one that is read-only."""
    is_brain = array.dtype == bfloat16
    numbers = array.view(np.uint16) if is_brain else array
    if numbers.flags.writeable:
        tensor = torch.from_numpy(numbers)
    else:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            tensor = torch.from_numpy(numbers)
    return tensor.view(torch.bfloat16) if is_brain else tensor
