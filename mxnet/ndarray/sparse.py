"""`mx.nd.sparse`: compressed-row and row-sparse arrays.

A sparse array keeps its parts (values and indices). Operators read it through `_data`, its dense
form, as the reference does for every operator without a kernel of its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from ..base import (  # noqa: F401 - the kinds of numbers are names of this path
    MXNetError,
    NotSupportedForSparseNDArray,
    integer_types,
    numeric_types,
)
from ..context import Context, current_context
from ..dtype import TYPE_OF_TORCH, torch_dtype
from . import (
    eager,
    op,  # noqa: F401 - a name of this path
)
from . import ndarray as dense
from .ndarray import NDArray
from .register import make_function
from .sparse_arithmetic import (  # noqa: F401 - the public names
    SparseArithmetic,
    add,
    divide,
    multiply,
    subtract,
)
from .tape import STATE, keep_in_graph


class BaseSparseNDArray(SparseArithmetic, NDArray):
    """What CSRNDArray and RowSparseNDArray share."""

    _stype = "undefined"
    _dense_class = NDArray

    def __init__(
        self,
        values: Any,  # None while a pickle is read
        parts: tuple[torch.Tensor, ...] = (),
        shape: tuple[int, ...] = (),
        ctx: Context | None = None,
    ) -> None:
        self._values, self._parts, self._shape = values, parts, tuple(shape)
        self._dense: torch.Tensor | None = None
        self._ctx = ctx or current_context()
        if eager._run_stored is None:
            from .storage_rules import run_stored

            eager.set_run_stored(run_stored)

    @property
    def _data(self) -> torch.Tensor:  # type: ignore[override]
        """The dense form, made when an operator first asks for it."""
        if self._dense is None:
            self._dense = self._to_dense()
        return self._dense

    def _to_dense(self) -> torch.Tensor:
        raise NotImplementedError

    def _store(self, data: torch.Tensor) -> None:
        """Take a dense tensor's elements, keeping the storage type."""
        self._replace(from_dense(NDArray(data, ctx=self._ctx), self._stype))

    def _replace(self, other: BaseSparseNDArray) -> None:
        self._values, self._parts, self._dense = other._values, other._parts, None

    def _receive(self, fresh: torch.Tensor, grad_req: str) -> None:
        total = self._data + fresh if grad_req == "add" else fresh
        self._store(total)

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of each axis of the dense form."""
        return self._shape

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self._shape)

    @property
    def size(self) -> int:
        """The number of elements, zeros included."""
        return int(np.prod(self._shape))

    @property
    def dtype(self) -> Any:
        """The element type as a NumPy scalar type."""
        return TYPE_OF_TORCH[self._values.dtype]

    @property
    def data(self) -> NDArray:
        """The stored values."""
        return NDArray(self._values, ctx=self._ctx)

    @property
    def indices(self) -> NDArray:
        """The stored column (csr) or row (row_sparse) numbers, int64."""
        return NDArray(self._parts[-1], ctx=self._ctx)

    def __repr__(self) -> str:
        shape = "x".join(str(length) for length in self.shape)
        return f"\n<{type(self).__name__} {shape} @{self._ctx}>"

    def astype(self, dtype: Any, copy: bool = True) -> BaseSparseNDArray:
        """Return the array in another element type."""
        target = torch_dtype(dtype)
        if not copy and target is self._values.dtype:
            return self
        values = self._values.to(target, copy=True)
        return keep_in_graph(type(self)(values, self._parts, self._shape, self._ctx), self)

    def detach(self) -> BaseSparseNDArray:
        """Return an array of the same parts that is no part of the recorded graph."""
        return type(self)(self._values, self._parts, self._shape, self._ctx)

    def copy(self) -> BaseSparseNDArray:
        """Return a copy on the same context."""
        parts = tuple(part.clone() for part in self._parts)
        copied = type(self)(self._values.clone(), parts, self._shape, self._ctx)
        return keep_in_graph(copied, self)

    def copyto(self, other: NDArray | Context) -> NDArray:
        """Copy into `other`, dense or of the same storage type, or onto a context."""
        if isinstance(other, Context):
            copied = self.copy()
            copied._ctx = other
            return copied
        if other.shape != self.shape:
            raise MXNetError(
                f"copyto: the target has shape {other.shape}, but the source has {self.shape}."
            )
        if isinstance(other, BaseSparseNDArray):
            if other.stype != self.stype:
                raise MXNetError(
                    f"copyto: the target is {other.stype}, but the source {self.stype}."
                )
            other._replace(self.copy())
        else:
            super().copyto(other)
        return other

    def tostype(self, stype: str) -> NDArray:
        """Return the array in another storage type."""
        if stype == self.stype:
            return self
        dense = NDArray(self._data.clone(), ctx=self._ctx)
        made = dense if stype == "default" else from_dense(dense, stype)
        return keep_in_graph(made, self)

    def reshape(self, *shape: Any, **kwargs: Any) -> NDArray:
        """Refuse: a sparse array has no other shape."""
        raise NotSupportedForSparseNDArray("reshape", None)

    def __setitem__(self, key: Any, value: Any) -> None:
        if key != slice(None):
            raise ValueError("A sparse array can be written as a whole only: x[:] = value.")
        if isinstance(value, NDArray):
            self._replace(value.tostype(self.stype).copy())
        elif isinstance(value, numeric_types) and self.stype == "row_sparse":
            self._store(torch.full_like(self._data, float(value)))
        elif isinstance(value, np.ndarray):
            self._replace(from_dense(dense.array(value, dtype=self.dtype), self.stype))
        else:
            raise ValueError(f"A sparse array can not be set to a {type(value).__name__}.")

    def check_format(self, full_check: bool = True) -> None:
        """Raise an MXNetError if indices are out of range, unsorted or do not fit the values."""
        raise NotImplementedError


class CSRNDArray(BaseSparseNDArray):
    """A matrix in compressed sparse row form.

    Row i holds `data[indptr[i]:indptr[i + 1]]` in the columns `indices[indptr[i]:indptr[i + 1]]`.

    Examples
    --------
    >>> x = mx.nd.sparse.csr_matrix(([1, 2], [0, 2], [0, 1, 2]), shape=(2, 3))
    >>> x.asnumpy().tolist()
    [[1.0, 0.0, 0.0], [0.0, 0.0, 2.0]]
    """

    _stype = "csr"

    @property
    def indptr(self) -> NDArray:
        """Where each row begins in `data`, int64, one more than there are rows."""
        return NDArray(self._parts[0], ctx=self._ctx)

    def _to_dense(self) -> torch.Tensor:
        indptr, indices = self._parts
        rows = torch.repeat_interleave(
            torch.arange(self._shape[0], device=indptr.device), indptr.diff()
        )
        dense = torch.zeros(self._shape, dtype=self._values.dtype, device=self._values.device)
        return dense.index_put_((rows, indices), self._values, accumulate=True)

    def check_format(self, full_check: bool = True) -> None:
        """Raise an MXNetError if the parts do not describe a matrix of this shape."""
        indptr, indices = self._parts
        rows, columns = self._shape
        if len(indptr) != rows + 1 or int(indptr[0]) != 0 or int(indptr[-1]) != len(indices):
            raise MXNetError(
                f"csr: indptr must have {rows + 1} entries from 0 to {len(indices)}, the number of "
                "indices."
            )
        if len(self._values) != len(indices):
            raise MXNetError(f"csr: {len(self._values)} values, but {len(indices)} indices.")
        if not full_check:
            return
        if bool((indptr.diff() < 0).any()):
            raise MXNetError("csr: indptr must not decrease.")
        if len(indices) and (int(indices.min()) < 0 or int(indices.max()) >= columns):
            raise MXNetError(f"csr: indices must be from 0 to {columns - 1}.")
        starts = torch.zeros(len(indices) + 1, dtype=torch.bool)
        starts[indptr.cpu()] = True
        if bool(((indices.cpu().diff() <= 0) & ~starts[1:-1]).any()):
            raise MXNetError("csr: the indices of a row must increase.")

    def __getitem__(self, key: Any) -> CSRNDArray:
        if isinstance(key, int):
            begin = key + self._shape[0] if key < 0 else key
            if not 0 <= begin < self._shape[0]:
                raise IndexError(
                    f"index {key} is out of bounds for axis 0 with size {self._shape[0]}"
                )
            key = slice(begin, begin + 1)
        if not isinstance(key, slice) or key.step not in (None, 1):
            raise ValueError("A csr array is indexed by a row number or a slice of rows of step 1.")
        begin, end, _ = key.indices(self._shape[0])
        end = max(begin, end)
        indptr, indices = self._parts
        first, last = int(indptr[begin]), int(indptr[end])
        parts = (indptr[begin : end + 1] - first, indices[first:last].clone())
        shape = (end - begin, self._shape[1])
        return CSRNDArray(self._values[first:last].clone(), parts, shape, self._ctx)

    def asscipy(self) -> Any:
        """Return the matrix as a `scipy.sparse.csr_matrix`."""
        from scipy import sparse

        indptr, indices = self._parts
        parts = (self._values.cpu().numpy(), indices.cpu().numpy(), indptr.cpu().numpy())
        return sparse.csr_matrix(parts, shape=self._shape, dtype=self.dtype)


class RowSparseNDArray(BaseSparseNDArray):
    """An array of which only some rows are stored; the others are zero.

    `data[i]` is row `indices[i]`; the indices increase.

    Examples
    --------
    >>> x = mx.nd.sparse.row_sparse_array(([[1, 2]], [1]), shape=(3, 2))
    >>> x.asnumpy().tolist()
    [[0.0, 0.0], [1.0, 2.0], [0.0, 0.0]]
    """

    _stype = "row_sparse"

    def _to_dense(self) -> torch.Tensor:
        dense = torch.zeros(self._shape, dtype=self._values.dtype, device=self._values.device)
        dense[self._parts[0]] = self._values
        return dense

    def check_format(self, full_check: bool = True) -> None:
        """Raise an MXNetError if the parts do not describe an array of this shape."""
        (indices,) = self._parts
        if self._values.shape != (len(indices), *self._shape[1:]):
            raise MXNetError(
                f"row_sparse: data has shape {tuple(self._values.shape)}, but must have "
                f"{(len(indices), *self._shape[1:])}."
            )
        if not full_check or not len(indices):
            return
        if int(indices.min()) < 0 or int(indices.max()) >= self._shape[0]:
            raise MXNetError(f"row_sparse: indices must be from 0 to {self._shape[0] - 1}.")
        if bool((indices.diff() <= 0).any()):
            raise MXNetError("row_sparse: indices must increase.")

    def __getitem__(self, key: Any) -> RowSparseNDArray:
        if key != slice(None):
            raise ValueError("A row_sparse array can be read as a whole only: x[:].")
        return self

    def retain(self, rows: NDArray) -> RowSparseNDArray:
        """Return an array that stores the rows `rows` alone, zeros where there is none."""
        wanted = rows._data.to(torch.int64).reshape(-1)
        if bool(((wanted < 0) | (wanted >= self._shape[0])).any()):
            raise MXNetError(
                f"retain: there are {self._shape[0]} rows; {wanted.tolist()} are wanted."
            )
        kept = RowSparseNDArray(self._data[wanted], (wanted,), self._shape, self._ctx)
        if not STATE.recording:
            return kept
        mask = torch.zeros(self._shape[0], *[1] * (len(self._shape) - 1), dtype=self._values.dtype)
        mask[wanted.cpu()] = 1
        masked = self * NDArray(mask.to(self._values.device), ctx=self._ctx)
        kept_in_graph: RowSparseNDArray = keep_in_graph(kept, masked)
        return kept_in_graph


def from_dense(source: NDArray, stype: str) -> BaseSparseNDArray:
    """Return a dense array in storage type `stype`.

    Raises
    ------
    MXNetError
        If `source` is no matrix and `stype` is csr.
    """
    data, shape = source._data, source.shape
    if stype == "row_sparse":
        rows = torch.nonzero(data.reshape(shape[0], -1).ne(0).any(dim=1)).reshape(-1)
        return RowSparseNDArray(data[rows], (rows,), shape, source.context)
    if stype != "csr":
        raise MXNetError(f"{stype!r} is not a sparse storage type; there are csr and row_sparse.")
    if len(shape) != 2:
        raise MXNetError(f"csr: an array of shape {shape} can not be csr, which has two axes.")
    places = torch.nonzero(data)
    counts = torch.bincount(places[:, 0], minlength=shape[0])
    indptr = torch.cat([counts.new_zeros(1), counts.cumsum(0)])
    parts = (indptr, places[:, 1].contiguous())
    return CSRNDArray(data[places[:, 0], places[:, 1]], parts, shape, source.context)


from .sparse_creation import (  # noqa: E402, F401 - they need the classes above
    array,
    csr_matrix,
    empty,
    is_scipy_csr,
    row_sparse_array,
    zeros,
)


def retain(data: RowSparseNDArray, indices: NDArray) -> RowSparseNDArray:
    """Return a row_sparse array with only those of its rows that are in `indices`."""
    if not isinstance(data, RowSparseNDArray):
        raise MXNetError(f"retain: data is a {type(data).__name__}, but must be row_sparse.")
    return data.retain(indices)


def __getattr__(name: str) -> Any:
    """Give every operator under `mx.nd.sparse`; it reads sparse arrays through their dense form."""
    from ..ops.registry import names

    for label in (name, f"_sparse_{name}"):
        if label in names():
            return globals().setdefault(name, make_function_for(label, name))
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def make_function_for(label: str, name: str) -> Any:
    """Return the eager function of the operator `label` under the name `name`."""
    from ..ops.registry import get

    return make_function(get(label), name, __name__)
