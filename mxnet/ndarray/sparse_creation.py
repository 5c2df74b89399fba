"""Functions that make sparse arrays; their public path is `mx.nd.sparse`."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from ..base import MXNetError
from ..context import Context, current_context
from ..dtype import NUMPY_OF_TORCH, torch_dtype
from . import ndarray as dense
from .ndarray import NDArray
from .sparse import BaseSparseNDArray, CSRNDArray, RowSparseNDArray, from_dense


def is_scipy_csr(value: Any) -> bool:
    """Return whether `value` is a SciPy sparse matrix, without importing SciPy."""
    return type(value).__module__.startswith("scipy.sparse")


def _tensor(values: Any, dtype: torch.dtype, context: Context) -> torch.Tensor:
    if isinstance(values, NDArray):
        return values._data.to(context.device, dtype, copy=True)
    array = np.array(values, dtype=NUMPY_OF_TORCH[dtype])
    return torch.from_numpy(array).to(context.device)


def _value_dtype(values: Any, dtype: Any) -> torch.dtype:
    if dtype is not None:
        return torch_dtype(dtype)
    return torch_dtype(values.dtype) if isinstance(values, (NDArray, np.ndarray)) else torch.float32


def csr_matrix(arg1: Any, shape: Any = None, ctx: Context | None = None, dtype: Any = None) -> Any:
    """Return a matrix in compressed sparse row form.

    Parameters
    ----------
    arg1 : array-like or tuple
        A dense array, a SciPy or csr matrix, ``(M, N)`` for an empty one, ``(data, indices,
        indptr)``, or ``(data, (row, column))``.
    shape : (int, int), optional
        The shape, where `arg1` does not say it.
    ctx : Context, optional
        Device, default the current context.
    dtype : dtype, optional
        Element type, default that of the source or float32.
    """
    context = ctx or current_context()
    if isinstance(arg1, tuple) and len(arg1) == 3:
        return _csr_from_parts(*arg1, shape, context, dtype)
    if isinstance(arg1, tuple) and len(arg1) == 2:
        if isinstance(arg1[1], tuple):
            row, column = arg1[1]
            return _csr_from_coordinates(arg1[0], row, column, shape, context, dtype)
        return zeros("csr", arg1, context, dtype)
    if isinstance(arg1, CSRNDArray) or is_scipy_csr(arg1):
        return array(arg1, context, dtype)
    return from_dense(dense.array(arg1, context, _value_dtype(arg1, dtype)), "csr")


def _csr_from_parts(
    values: Any, indices: Any, indptr: Any, shape: Any, context: Context, dtype: Any
) -> CSRNDArray:
    columns = _tensor(indices, torch.int64, context)
    starts = _tensor(indptr, torch.int64, context)
    if shape is None:
        shape = (len(starts) - 1, int(columns.max()) + 1 if len(columns) else 0)
    made = CSRNDArray(
        _tensor(values, _value_dtype(values, dtype), context), (starts, columns), shape, context
    )
    made.check_format()
    return made


def _csr_from_coordinates(
    values: Any, row: Any, column: Any, shape: Any, context: Context, dtype: Any
) -> CSRNDArray:
    rows, columns = _tensor(row, torch.int64, context), _tensor(column, torch.int64, context)
    values = values if isinstance(values, NDArray) else np.asarray(values)  # keeps its dtype
    if shape is None:
        shape = (int(rows.max()) + 1, int(columns.max()) + 1)
    order = torch.argsort(rows * shape[1] + columns, stable=True)
    counts = torch.bincount(rows, minlength=shape[0])
    starts = torch.cat([counts.new_zeros(1), counts.cumsum(0)])
    data = _tensor(values, _value_dtype(values, dtype), context)[order]
    made = CSRNDArray(data, (starts, columns[order]), shape, context)
    made.check_format()
    return made


def row_sparse_array(
    arg1: Any, shape: Any = None, ctx: Context | None = None, dtype: Any = None
) -> Any:
    """Return an array of which only some rows are stored.

    Parameters
    ----------
    arg1 : array-like or tuple
        A dense array, a row_sparse array, ``(data, indices)``, or a shape for an empty one.
    shape : tuple of int, optional
        The shape, where `arg1` does not say it.
    ctx, dtype
        As in `csr_matrix`.
    """
    context = ctx or current_context()
    if isinstance(arg1, RowSparseNDArray):
        return array(arg1, context, dtype)
    if not isinstance(arg1, tuple):
        return from_dense(dense.array(arg1, context, _value_dtype(arg1, dtype)), "row_sparse")
    if len(arg1) < 2 or all(isinstance(length, int) for length in arg1):
        return zeros("row_sparse", arg1, context, dtype)
    values, indices = arg1
    data = _tensor(values, _value_dtype(values, dtype), context)
    rows = _tensor(indices, torch.int64, context)
    if shape is None:
        shape = (int(rows.max()) + 1 if len(rows) else 0, *data.shape[1:])
    order = torch.argsort(rows, stable=True)
    made = RowSparseNDArray(data[order], (rows[order],), shape, context)
    made.check_format()
    return made


def array(source_array: Any, ctx: Context | None = None, dtype: Any = None) -> BaseSparseNDArray:
    """Return a copy of a sparse NDArray or of a SciPy sparse matrix."""
    context = ctx or current_context()
    if isinstance(source_array, BaseSparseNDArray):
        made = source_array.copy()
        made._ctx = context
        return made if dtype is None else made.astype(dtype)
    if is_scipy_csr(source_array):
        matrix = source_array.tocsr().sorted_indices()
        parts = (matrix.data, matrix.indices, matrix.indptr)
        return _csr_from_parts(*parts, matrix.shape, context, dtype or matrix.dtype)
    raise ValueError(
        f"sparse.array: the source is a {type(source_array).__name__}, but must be a sparse "
        "NDArray or a SciPy matrix; use mx.nd.array(x).tostype(...) for a dense one."
    )


def zeros(
    stype: str, shape: Any, ctx: Context | None = None, dtype: Any = None, **kwargs: Any
) -> NDArray:
    """Return an array of zeros of storage type `stype`."""
    if stype == "default":
        return dense.zeros(shape, ctx, dtype, **kwargs)
    context = ctx or current_context()
    lengths = (shape,) if isinstance(shape, int) else tuple(shape)
    target = torch.float32 if dtype is None else torch_dtype(dtype)
    none = torch.zeros(0, dtype=torch.int64, device=context.device)
    if stype == "row_sparse":
        values = torch.zeros((0, *lengths[1:]), dtype=target, device=context.device)
        return RowSparseNDArray(values, (none,), lengths, context)
    if stype == "csr" and len(lengths) == 2:
        starts = torch.zeros(lengths[0] + 1, dtype=torch.int64, device=context.device)
        return CSRNDArray(none.to(target), (starts, none), lengths, context)
    raise MXNetError(f"zeros: there is no array of storage type {stype!r} and shape {lengths}.")


empty = zeros
