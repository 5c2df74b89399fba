"""Operators that read or write elements which other arrays index."""

from __future__ import annotations

from typing import Literal

import torch

from ...base import MXNetError
from ...dtype import NAME_OF_TORCH
from ..attributes import Shape
from ..registry import Attrs, DTypes, Shapes, operator
from ..rules import PartialShape, first_input_type, unify
from .rules import UNKNOWN, axis_index, first_shape


def _bounded(indices: torch.Tensor, size: int, mode: str) -> torch.Tensor:
    """Return int64 indices that `mode` has brought into the range from 0 to `size` - 1.

    Fractions are cut off. Mode 'raise' leaves the indices to the check that torch makes.
    """
    whole = indices.to(torch.int64)
    if mode == "clip":
        return whole.clamp(0, size - 1) if whole is indices else whole.clamp_(0, size - 1)
    return whole.remainder(size) if mode == "wrap" and size else whole


@operator("take", types=first_input_type, no_gradient=("indices",))
def take(
    a: torch.Tensor,
    indices: torch.Tensor,
    *,
    axis: int = 0,
    mode: Literal["clip", "raise", "wrap"] = "clip",
) -> torch.Tensor:
    """Return the entries of an array along one axis that other arrays index.

    Parameters
    ----------
    a : NDArray or Symbol
        Any shape and dtype.
    indices : NDArray or Symbol
        Any shape; fractions are cut off.
    axis : int, default 0
        The axis; a negative one counts from the last.
    mode : {'clip', 'raise', 'wrap'}, default 'clip'
        Whether indices beyond the axis stand for its ends, are an error, or wrap around.
        Negative indices count from the end in mode 'wrap' alone.

    Returns
    -------
    NDArray or Symbol
        The shape of `a` with that of `indices` in place of `axis`. Its gradient is added up where
        an entry was taken more than once; that of `indices` is zero.

    Raises
    ------
    MXNetError
        In mode 'raise', if an index lies outside of the axis.

    Examples
    --------
    >>> x = mx.nd.array([[1, 2], [3, 4], [5, 6]])
    >>> mx.nd.take(x, mx.nd.array([0, 7])).asnumpy().tolist()
    [[1.0, 2.0], [5.0, 6.0]]
    >>> mx.nd.take(x, mx.nd.array([-1]), mode="wrap").asnumpy().tolist()
    [[5.0, 6.0]]
    """
    axis = axis_index(axis, a.dim())
    size = a.shape[axis]
    index = _bounded(indices, size, mode)
    try:
        if index.dim() == 1:
            return a.index_select(axis, index)
        entries = a.index_select(axis, index.reshape(index.numel()))
    except IndexError:
        raise MXNetError(
            f"indices hold numbers outside of 0 to {size - 1}, the range of axis {axis}"
        ) from None
    return entries.reshape(*a.shape[:axis], *index.shape, *a.shape[axis + 1 :])


@take.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    a, indices = inputs
    if a is None or indices is None:
        return inputs, outputs
    axis = axis_index(attrs["axis"], len(a))
    return inputs, [unify((*a[:axis], *indices, *a[axis + 1 :]), outputs[0])]


def _require_int32(dtype: torch.dtype) -> None:
    if dtype is not torch.int32:
        raise MXNetError(f"indices are {NAME_OF_TORCH[dtype]}, but must be int32")


def _row_count(shape: tuple[int, ...], indices: tuple[int, ...]) -> None:
    """Refuse indices of batch_take that are not one for each row of the last axis."""
    rows, count = 1, 1
    for size in shape[:-1]:
        rows *= size
    for size in indices:
        count *= size
    if len(shape) < 2 or rows != count:
        raise MXNetError(
            f"a has shape {shape} and indices {indices}, but there must be one index for each row"
        )


@operator("batch_take", no_gradient=("indices",))
def batch_take(a: torch.Tensor, indices: torch.Tensor) -> torch.Tensor:
    """Return one element of each row of an array.

    Parameters
    ----------
    a : NDArray or Symbol
        At least two dimensions; its rows lie along the last one.
    indices : NDArray or Symbol
        Which element of each row, dtype int32; indices beyond a row stand for its ends.

    Returns
    -------
    NDArray or Symbol
        Shape of `indices`, dtype of `a`.

    Examples
    --------
    >>> x, index = mx.nd.array([[1, 2], [3, 4]]), mx.nd.array([1, 0], dtype="int32")
    >>> mx.nd.batch_take(x, index).asnumpy().tolist()
    [2.0, 3.0]
    """
    _require_int32(indices.dtype)
    _row_count(tuple(a.shape), tuple(indices.shape))
    rows = a if a.dim() == 2 else a.reshape(indices.numel(), a.shape[-1])
    index = _bounded(indices, a.shape[-1], "clip").reshape(1, indices.numel())
    # Along the first axis torch's kernel runs over all rows at once, along the last over each.
    return rows.t().gather(0, index).reshape(indices.shape)


@batch_take.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    shape = unify(inputs[1], outputs[0])
    return [inputs[0], shape], [shape]


@batch_take.type_rule
def _(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    _require_int32(inputs[1] or torch.int32)
    dtype = inputs[0] if inputs[0] is not None else outputs[0]
    return [dtype, torch.int32], [dtype]


def _pick_axis(rank: int, axis: int | None) -> int:
    if axis is None:
        raise MXNetError("axis is None, but must be a number")
    return axis_index(axis, rank)


def _picked(data: tuple[int, ...], axis: int, keepdims: bool) -> tuple[int, ...]:
    return (*data[:axis], *((1,) if keepdims else ()), *data[axis + 1 :])


@operator(
    "pick", aliases=("choose_element_0index",), types=first_input_type, no_gradient=("index",)
)
def pick(
    data: torch.Tensor,
    index: torch.Tensor,
    *,
    axis: int | None = -1,
    keepdims: bool = False,
    mode: Literal["clip", "wrap"] = "clip",
) -> torch.Tensor:
    """Return one element of an array along an axis, for each position along the others.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape and dtype.
    index : NDArray or Symbol
        Which element; the shape of `data` without `axis`, or with size 1 there. Fractions are
        cut off.
    axis : int, default -1
        The axis; a negative one counts from the last.
    keepdims : bool, default False
        Whether the result keeps `axis`, with size 1.
    mode : {'clip', 'wrap'}, default 'clip'
        Whether indices beyond the axis stand for its ends or wrap around.

    Returns
    -------
    NDArray or Symbol
        Shape of `data` without `axis`; shape ``(1,)`` where nothing is left.

    Examples
    --------
    >>> x = mx.nd.array([[1, 2], [3, 4]])
    >>> mx.nd.pick(x, mx.nd.array([1, 0])).asnumpy().tolist()
    [2.0, 3.0]
    """
    axis = _pick_axis(data.dim(), axis)
    kept = _picked(tuple(data.shape), axis, True)
    if tuple(index.shape) not in (kept, _picked(tuple(data.shape), axis, False) or (1,)):
        raise MXNetError(
            f"index has shape {tuple(index.shape)}, but {kept}, with or without axis {axis}, "
            f"follows from data of {tuple(data.shape)}"
        )
    where = _bounded(index, data.shape[axis], mode).reshape(kept)
    elements = data.gather(axis, where)
    return elements if keepdims or data.dim() == 1 else elements.squeeze(axis)


@pick.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    data, index = inputs
    if data is None:
        return inputs, outputs
    axis = _pick_axis(len(data), attrs["axis"])
    kept, dropped = _picked(data, axis, True), _picked(data, axis, False) or (1,)
    index = unify(index, dropped if index is None or len(index) == len(dropped) else kept)
    return [data, index], [unify(kept if attrs["keepdims"] else dropped, outputs[0])]


def _gathered(data: tuple[int, ...], indices: tuple[int, ...]) -> PartialShape:
    """Return the shape of what gather_nd reads, None while the number of indices is unknown."""
    if len(indices) < 2:
        raise MXNetError(f"indices has shape {indices}, but must have at least 2 dimensions")
    if indices[0] == UNKNOWN:
        return None
    if indices[0] > len(data):
        raise MXNetError(f"indices has shape {indices}, but data only {len(data)} dimensions")
    return (*indices[1:], *data[indices[0] :])


@operator("gather_nd", types=first_input_type, no_gradient=("indices",))
def gather_nd(data: torch.Tensor, indices: torch.Tensor) -> torch.Tensor:
    """Return the elements or slices of an array that lie at given indices.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape and dtype.
    indices : NDArray or Symbol
        Shape ``(m, ...)``: row `i` holds indices along axis `i` of `data`. Fractions are cut off;
        negative indices count from the end.

    Returns
    -------
    NDArray or Symbol
        Shape ``indices.shape[1:] + data.shape[m:]``. Its gradient is added up where an element
        was read more than once.

    Raises
    ------
    MXNetError
        If an index lies outside of its axis.

    Examples
    --------
    >>> x = mx.nd.array([[1, 2], [3, 4]])
    >>> mx.nd.gather_nd(x, mx.nd.array([[1, 0], [0, 1]])).asnumpy().tolist()
    [3.0, 2.0]
    """
    _gathered(tuple(data.shape), tuple(indices.shape))
    return data[tuple(indices.to(torch.int64).unbind(0))]


@gather_nd.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    data, indices = inputs
    if data is None or indices is None:
        return inputs, outputs
    return inputs, [unify(_gathered(data, indices), outputs[0])]


def _require_scattered(
    name: str, values: tuple[int, ...], indices: tuple[int, ...], shape: tuple[int, ...]
) -> None:
    """Refuse values that indices into an array of `shape` do not ask for."""
    if not shape:
        raise MXNetError("shape is empty, but must name at least one dimension")
    expected = _gathered(shape, indices)
    if values != expected:
        raise MXNetError(
            f"{name} has shape {values}, but {expected} follows from indices {indices} into "
            f"shape {shape}"
        )


def _scattered_shape(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    return inputs, [unify(attrs["shape"], outputs[0])]


@operator("scatter_nd", types=first_input_type, shapes=_scattered_shape, no_gradient=("indices",))
def scatter_nd(data: torch.Tensor, indices: torch.Tensor, *, shape: Shape) -> torch.Tensor:
    """Return an array of zeros with the given elements or slices at given indices.

    Parameters
    ----------
    data : NDArray or Symbol
        The elements, shape ``indices.shape[1:] + shape[m:]``.
    indices : NDArray or Symbol
        Shape ``(m, ...)``: row `i` holds indices along axis `i`, as for `gather_nd`. Where one
        stands twice, either element may win.
    shape : tuple of int
        The shape of the result.

    Examples
    --------
    >>> data, index = mx.nd.array([5, 6]), mx.nd.array([[1, 0], [0, 1]])
    >>> mx.nd.scatter_nd(data, index, shape=(2, 2)).asnumpy().tolist()
    [[0.0, 6.0], [5.0, 0.0]]
    """
    _require_scattered("data", tuple(data.shape), tuple(indices.shape), shape)
    return data.new_zeros(shape).index_put(tuple(indices.to(torch.int64).unbind(0)), data)


@operator("_scatter_set_nd", no_gradient=("indices",))
def scatter_set_nd(
    lhs: torch.Tensor, rhs: torch.Tensor, indices: torch.Tensor, *, shape: Shape
) -> torch.Tensor:
    """Return `lhs` with the elements or slices of `rhs` at given indices.

    Parameters
    ----------
    lhs : NDArray or Symbol
        Any shape and dtype.
    rhs, indices : NDArray or Symbol
        As `data` and `indices` of `scatter_nd`.
    shape : tuple of int
        The shape of `lhs`.
    """
    if tuple(lhs.shape) != shape:
        raise MXNetError(f"lhs has shape {tuple(lhs.shape)}, but shape is {shape}")
    _require_scattered("rhs", tuple(rhs.shape), tuple(indices.shape), shape)
    return lhs.index_put(tuple(indices.to(torch.int64).unbind(0)), rhs)


@scatter_set_nd.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    shape = unify(unify(inputs[0], outputs[0]), attrs["shape"])
    return [shape, *inputs[1:]], [shape]


@scatter_set_nd.type_rule
def _(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    known = {dtype for dtype in (*inputs[:2], *outputs) if dtype is not None}
    if len(known) > 1:
        raise MXNetError(
            f"lhs and rhs are {' and '.join(NAME_OF_TORCH[dtype] for dtype in known)}, "
            "but must have one dtype"
        )
    dtype = known.pop() if known else None
    return [dtype, dtype, inputs[2]], [dtype]


@operator(
    "_contrib_index_copy",
    types=first_input_type,
    shapes=first_shape,
    no_gradient=("index_vector",),
)
def index_copy(
    old_tensor: torch.Tensor, index_vector: torch.Tensor, new_tensor: torch.Tensor
) -> torch.Tensor:
    """Return an array with some of its rows replaced.

    Parameters
    ----------
    old_tensor : NDArray or Symbol
        Any shape and dtype.
    index_vector : NDArray or Symbol
        Which rows, shape ``(n,)``.
    new_tensor : NDArray or Symbol
        The new rows, shape ``(n, *old_tensor.shape[1:])``.

    Returns
    -------
    NDArray or Symbol
        Shape and dtype of `old_tensor`.

    Examples
    --------
    >>> old, new = mx.nd.zeros((3, 2)), mx.nd.array([[1, 2]])
    >>> mx.nd.contrib.index_copy(old, mx.nd.array([2]), new).asnumpy().tolist()
    [[0.0, 0.0], [0.0, 0.0], [1.0, 2.0]]
    """
    expected = (*index_vector.shape, *old_tensor.shape[1:])
    if index_vector.dim() != 1 or tuple(new_tensor.shape) != expected:
        raise MXNetError(
            f"index_vector has shape {tuple(index_vector.shape)} and new_tensor "
            f"{tuple(new_tensor.shape)}, but must be (n,) and (n, *{tuple(old_tensor.shape[1:])})"
        )
    return old_tensor.index_put((index_vector.to(torch.int64),), new_tensor)


@operator(
    "_contrib_boolean_mask",
    types=first_input_type,
    dynamic_shape=True,
    no_gradient=("index",),
)
def boolean_mask(data: torch.Tensor, index: torch.Tensor, *, axis: int = 0) -> torch.Tensor:
    """Return the rows of an array for which a mask is not zero.

    The number of rows depends on values, so that no shape can be inferred.

    Parameters
    ----------
    data : NDArray or Symbol
        Shape ``(n, ...)``.
    index : NDArray or Symbol
        The mask, shape ``(n,)``.
    axis : int, default 0
        Must be 0.

    Examples
    --------
    >>> x = mx.nd.array([[1, 2], [3, 4], [5, 6]])
    >>> mx.nd.contrib.boolean_mask(x, mx.nd.array([0, 1, 1])).asnumpy().tolist()
    [[3.0, 4.0], [5.0, 6.0]]
    """
    if axis != 0:
        raise MXNetError(f"axis is {axis}, but must be 0")
    if tuple(index.shape) != tuple(data.shape[:1]):
        raise MXNetError(
            f"index has shape {tuple(index.shape)}, but {tuple(data.shape[:1])} follows from data"
        )
    return data[index != 0]
