"""Random NDArrays of every storage type, from NumPy's global generator."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .. import ndarray as nd
from ..context import Context
from ..ndarray import NDArray
from ..ndarray.sparse import BaseSparseNDArray, CSRNDArray
from .arrays import assign_each, default_dtype, random_arrays
from .surroundings import default_context

_Modifier = Callable[[Any], Any]


def rand_ndarray(
    shape: tuple[int, ...],
    stype: str = "default",
    density: float | None = None,
    dtype: Any = None,
    modifier_func: _Modifier | None = None,
    shuffle_csr_indices: bool = False,
    distribution: str | None = None,
    ctx: Context | None = None,
) -> NDArray:
    """Return a random NDArray of any storage type.

    Parameters
    ----------
    shape : tuple of int
    stype : {'default', 'row_sparse', 'csr'}
        A dense array is drawn from the standard normal distribution; for the others see
        `rand_sparse_ndarray`, which the remaining parameters are for.
    density : float, optional
        The share of rows or elements that are stored, by default itself random.
    dtype : str or numpy.dtype, default float32
    ctx : Context, optional
        The device, default the current context.

    Examples
    --------
    >>> mx.test_utils.rand_ndarray((2, 3), "csr", density=0.5).data.shape
    (3,)
    """
    if stype == "default":
        return nd.array(random_arrays(shape), ctx=ctx, dtype=dtype or default_dtype())
    array, _ = rand_sparse_ndarray(
        shape,
        stype,
        density=density,
        dtype=dtype,
        distribution=distribution,
        modifier_func=modifier_func,
        shuffle_csr_indices=shuffle_csr_indices,
        ctx=ctx,
    )
    return array


def rand_sparse_ndarray(
    shape: tuple[int, ...],
    stype: str,
    density: float | None = None,
    dtype: Any = None,
    distribution: str | None = None,
    data_init: float | None = None,
    rsp_indices: Sequence[int] | np.ndarray | None = None,
    modifier_func: _Modifier | None = None,
    shuffle_csr_indices: bool = False,
    ctx: Context | None = None,
) -> tuple[BaseSparseNDArray, tuple[Any, ...]]:
    """Return a random sparse array and its parts.

    Parameters
    ----------
    shape : tuple of int
        Two lengths for csr, at least one for row_sparse.
    stype : {'row_sparse', 'csr'}
    density : float from 0 to 1, optional
        row_sparse: the probability that a row is stored; csr: the share of elements that are
        stored. By default itself random.
    dtype : str or numpy.dtype, default float32
    distribution : {'uniform', 'powerlaw'}, default 'uniform'
        'powerlaw' is for csr: row i stores its first ``2**(i + 1)`` elements as long as there are
        that many left, values from 1 to 3.
    data_init : float, optional
        The value of every stored element, instead of random ones from 0 to 1.
    rsp_indices : sequence of int, optional
        Which rows to store (row_sparse).
    modifier_func : callable, optional
        Maps every stored value to another one (row_sparse).
    shuffle_csr_indices : bool, default False
        Whether the columns of a csr row are stored out of order.
    ctx : Context, optional
        The device, default the current context.

    Returns
    -------
    array : RowSparseNDArray or CSRNDArray
    parts : tuple
        ``(values, rows)`` as NumPy arrays, or ``(indptr, indices, data)`` as NDArrays.

    Raises
    ------
    ValueError
        If density or an index is out of range, or a power law does not fit the shape.
    AssertionError
        For an unknown storage type or distribution.

    Examples
    --------
    >>> array, (values, rows) = mx.test_utils.rand_sparse_ndarray(
    ...     (4, 2), "row_sparse", rsp_indices=[1, 3], data_init=7)
    >>> array.asnumpy().tolist(), rows.tolist()
    ([[0.0, 0.0], [7.0, 7.0], [0.0, 0.0], [7.0, 7.0]], [1, 3])
    """
    density = float(np.random.rand()) if density is None else density
    kind = np.dtype(default_dtype() if dtype is None else dtype)
    context = ctx or default_context()
    law = distribution or "uniform"
    if stype == "row_sparse":
        if law != "uniform":
            raise AssertionError(f"Distribution {law} not supported for row_sparse")
        values, rows = _draw_rows(shape, density, kind, rsp_indices, data_init)
        values = values if modifier_func is None else assign_each(values, modifier_func)
        values = values.astype(kind)
        made = nd.sparse.row_sparse_array((values, rows), shape=shape, ctx=context, dtype=kind)
        return made, (values, rows)
    if stype != "csr":
        raise AssertionError(f"unknown storage type: {stype!r}; there are row_sparse and csr")
    if len(shape) != 2:
        raise AssertionError(f"csr: shape {tuple(shape)} must have two lengths")
    if not 0 <= density <= 1:
        raise ValueError(f"density is {density}, but must be from 0 to 1.")
    matrix = _draw_csr((shape[0], shape[1]), density, kind, law, data_init, context)
    if shuffle_csr_indices:
        shuffle_csr_column_indices(matrix)
    return matrix, (matrix.indptr, matrix.indices, matrix.data)


def _draw_rows(
    shape: tuple[int, ...], density: float, dtype: np.dtype, indices: Any, data_init: float | None
) -> tuple[np.ndarray, np.ndarray]:
    """Return values and numbers of the rows of a row_sparse array."""
    if indices is None:
        rows = np.flatnonzero(np.random.rand(shape[0]) < density)
    else:
        rows = np.asarray(indices).astype(np.int64).reshape(-1)
        if rows.size and not 0 <= rows.min() <= rows.max() < shape[0]:
            raise ValueError(
                f"rsp_indices are {rows.tolist()}, but must be from 0 to {shape[0] - 1}."
            )
        if np.unique(rows).size != rows.size:
            raise ValueError(f"rsp_indices are {rows.tolist()}, but no row can be stored twice.")
    size = (len(rows), *shape[1:])
    values = np.random.rand(*size) if data_init is None else np.full(size, data_init)
    return values.astype(dtype), rows


def _draw_csr(
    shape: tuple[int, int],
    density: float,
    dtype: np.dtype,
    law: str,
    data_init: float | None,
    context: Context,
) -> CSRNDArray:
    if law == "powerlaw":
        counts = np.array(_power_law(shape, density))
        columns = np.concatenate([np.arange(count) for count in counts])
        values = np.random.uniform(1, 3, len(columns))
    elif law == "uniform":
        stored = int(density * shape[0] * shape[1])
        places = np.sort(np.random.permutation(shape[0] * shape[1])[:stored])
        counts = np.bincount(places // max(1, shape[1]), minlength=shape[0])
        columns = places % max(1, shape[1])
        values = _draw_values(stored, dtype)
        if data_init is not None:
            values.fill(data_init)
    else:
        raise AssertionError(f"Distribution not supported: {law}; there are uniform and powerlaw")
    starts = np.concatenate([[0], np.cumsum(counts)])
    parts = (values.astype(dtype), columns, starts)
    return nd.sparse.csr_matrix(parts, shape=shape, ctx=context, dtype=dtype)


def _draw_values(count: int, dtype: np.dtype) -> np.ndarray:
    if dtype.kind in "iu":  # SciPy, which the reference asks, draws from the whole range
        limits = np.iinfo(dtype)
        return np.random.randint(limits.min, limits.max, count, dtype=dtype)
    return np.random.rand(count).astype(dtype)


def _power_law(shape: tuple[int, int], density: float) -> list[int]:
    """Return how many elements each row stores: 2, 4, 8, ..., but one at least for every row."""
    rows, columns = shape
    left = int(rows * columns * density)
    if left < 2 * rows:
        raise ValueError(
            f"powerlaw: density {density} gives shape {shape} {left} elements, but "
            f"{2 * rows} are needed, two for each row."
        )
    counts = []
    for row in range(rows):
        count = min(2 ** (row + 1), columns, left - (rows - row - 1))
        counts.append(count)
        left -= count
    if left:
        raise ValueError(
            f"powerlaw: density {density} gives shape {shape} {left} elements too many."
        )
    return counts


def shuffle_csr_column_indices(csr: Any) -> None:
    """Put the stored columns of every row out of order, in place; values keep their places.

    Parameters
    ----------
    csr : CSRNDArray or scipy.sparse.csr_matrix
    """
    if isinstance(csr, CSRNDArray):
        starts, columns = (part.cpu().numpy() for part in csr._parts)
        shuffled = columns.copy()
    else:
        starts, columns = csr.indptr, csr.indices
        shuffled = columns
    for begin, end in itertools.pairwise(starts):
        np.random.shuffle(shuffled[begin:end])
    if isinstance(csr, CSRNDArray):
        # Not through csr_matrix, which takes sorted columns only.
        indices = nd.array(shuffled, ctx=csr.context, dtype=np.int64)._data
        csr._replace(CSRNDArray(csr._values, (csr._parts[0], indices), csr.shape, csr.context))


def create_sparse_array(
    shape: tuple[int, ...],
    stype: str,
    data_init: float | None = None,
    rsp_indices: Sequence[int] | None = None,
    dtype: Any = None,
    modifier_func: _Modifier | None = None,
    density: float = 0.5,
    shuffle_csr_indices: bool = False,
) -> BaseSparseNDArray:
    """Return a random sparse array; the parameters are those of `rand_sparse_ndarray`.

    Examples
    --------
    >>> mx.test_utils.create_sparse_array((2, 2), "csr", data_init=3, density=1).asnumpy().tolist()
    [[3.0, 3.0], [3.0, 3.0]]
    """
    if stype not in ("row_sparse", "csr"):
        raise AssertionError(f"Unknown storage type: {stype}")
    rows = None if rsp_indices is None else np.sort(np.asarray(rsp_indices, dtype=np.int64))
    array, _ = rand_sparse_ndarray(
        shape,
        stype,
        density=density,
        dtype=dtype,
        data_init=data_init,
        rsp_indices=rows,
        modifier_func=modifier_func,
        shuffle_csr_indices=shuffle_csr_indices,
    )
    return array


def create_sparse_array_zd(
    shape: tuple[int, ...],
    stype: str,
    density: float,
    data_init: float | None = None,
    rsp_indices: Sequence[int] | None = None,
    dtype: Any = None,
    modifier_func: _Modifier | None = None,
    shuffle_csr_indices: bool = False,
) -> BaseSparseNDArray:
    """Return a random sparse array of which, if row_sparse, only the rows `rsp_indices` are stored.

    The parameters are those of `rand_sparse_ndarray`; `density` is for csr.
    """
    share = 0.0 if stype == "row_sparse" else density
    return create_sparse_array(
        shape, stype, data_init, rsp_indices, dtype, modifier_func, share, shuffle_csr_indices
    )
