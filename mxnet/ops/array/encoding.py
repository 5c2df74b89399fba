"""Indices in other forms: one-hot rows, positions in a flattened array, shapes as data."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch

from ...base import MXNetError
from ...dtype import torch_dtype
from ..attributes import NonNegativeInt, Shape
from ..registry import Attrs, DTypes, Shapes, operator
from ..rules import attribute_type, int64_output, unify
from .creation import NUMBERS, evenly_spaced, number_of
from .rules import UNKNOWN, axis_index, both_ways, forward, require_rank


def _one_hot(
    indices: torch.Tensor, depth: int, on: float, off: float, dtype: torch.dtype
) -> torch.Tensor:
    """Return rows of `depth` elements that are `on` at the index and `off` elsewhere."""
    on, off = number_of(on, dtype), number_of(off, dtype)
    target = indices.new_full((*indices.shape, depth), off, dtype=dtype)
    if depth == 0:
        return target
    index = indices.to(torch.int64).unsqueeze(-1)
    place = index.clamp(0, depth - 1)
    marks = torch.full_like(index, off, dtype=dtype).masked_fill_(index == place, on)
    return target.scatter_(-1, place, marks)


@operator(
    "one_hot",
    no_gradient=("indices",),
    types=attribute_type,
    shapes=both_ways(
        lambda shape, attrs: (*shape, attrs["depth"]), lambda shape, attrs: tuple(shape[:-1])
    ),
)
def one_hot(
    indices: torch.Tensor,
    *,
    depth: NonNegativeInt,
    on_value: float = 1.0,
    off_value: float = 0.0,
    dtype: NUMBERS = "float32",
) -> torch.Tensor:
    """Return indices as rows that are `on_value` at the index and `off_value` elsewhere.

    Parameters
    ----------
    indices : NDArray or Symbol
        Any shape and dtype; fractions are cut off. An index outside of the row leaves it off.
    depth : int
        Length of a row.
    on_value, off_value : float, default 1 and 0
    dtype : str, default 'float32'
        The dtype of the result.

    Returns
    -------
    NDArray or Symbol
        Shape ``(*indices.shape, depth)``.

    Examples
    --------
    >>> mx.nd.one_hot(mx.nd.array([1, 0, 5]), depth=2).asnumpy().tolist()
    [[0.0, 1.0], [1.0, 0.0], [0.0, 0.0]]
    """
    return _one_hot(indices, depth, on_value, off_value, torch_dtype(dtype))


def _encoded(lhs: Sequence[int], rhs: Sequence[int]) -> None:
    if len(lhs) != 1 or len(rhs) != 2 or (lhs[0] != rhs[0] and UNKNOWN not in (lhs[0], rhs[0])):
        raise MXNetError(
            f"lhs has shape {tuple(lhs)} and rhs {tuple(rhs)}, but must be (n,) and (n, depth)"
        )


@operator("_onehot_encode")
def onehot_encode(lhs: torch.Tensor, rhs: torch.Tensor) -> torch.Tensor:
    """Return indices as rows that are 1 at the index and 0 elsewhere, like a given array.

    Parameters
    ----------
    lhs : NDArray
        Indices, shape ``(n,)``.
    rhs : NDArray
        Any array with the shape ``(n, depth)`` and dtype of the result.
    """
    _encoded(lhs.shape, rhs.shape)
    return _one_hot(lhs, rhs.shape[1], 1.0, 0.0, rhs.dtype)


@onehot_encode.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    shape = unify(inputs[1], outputs[0])
    if shape is not None and inputs[0] is not None:
        _encoded(inputs[0], shape)
    return [inputs[0], shape], [shape]


@onehot_encode.type_rule
def _(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    dtype = inputs[1] if inputs[1] is not None else outputs[0]
    return [inputs[0], dtype], [dtype]


def _strides(shape: tuple[int, ...] | None) -> list[int]:
    """Return how far apart neighbours along each axis lie in the flattened array."""
    if not shape:
        raise MXNetError("shape is empty, but must name at least one dimension")
    return [math.prod(shape[axis + 1 :]) for axis in range(len(shape))]


def _raveled(shape: tuple[int, ...], attrs: Attrs) -> tuple[int, ...]:
    require_rank("data", shape, 2)
    rank = len(_strides(attrs["shape"]))
    if shape[0] not in (rank, UNKNOWN):
        raise MXNetError(f"data has shape {shape}, but {rank} rows follow from shape")
    return (shape[1],)


@operator(
    "_ravel_multi_index",
    aliases=("ravel_multi_index",),
    shapes=both_ways(_raveled, lambda shape, attrs: (len(attrs["shape"]), *shape)),
)
def ravel_multi_index(data: torch.Tensor, *, shape: Shape | None = None) -> torch.Tensor:
    """Return the positions in the flattened array of elements given by their indices.

    Parameters
    ----------
    data : NDArray or Symbol
        Indices, shape ``(len(shape), n)``: one column for each element. They are not held
        against `shape`.
    shape : tuple of int
        Shape of the array; the first dimension does not matter.

    Returns
    -------
    NDArray or Symbol
        Shape ``(n,)``, dtype of `data`.

    Examples
    --------
    >>> mx.nd.ravel_multi_index(mx.nd.array([[3, 6], [4, 5]]), shape=(7, 6)).asnumpy().tolist()
    [22.0, 41.0]
    """
    _raveled(tuple(data.shape), {"shape": shape})
    strides = torch.tensor(_strides(shape), device=data.device).unsqueeze(1)
    return (data.to(torch.int64) * strides).sum(0).to(data.dtype)


@operator(
    "_unravel_index",
    aliases=("unravel_index",),
    shapes=both_ways(
        lambda shape, attrs: (len(_strides(attrs["shape"])), *shape),
        lambda shape, attrs: tuple(shape[1:]),
    ),
)
def unravel_index(data: torch.Tensor, *, shape: Shape | None = None) -> torch.Tensor:
    """Return the indices of elements given by their positions in the flattened array.

    Parameters
    ----------
    data : NDArray or Symbol
        Positions, shape ``(n,)``.
    shape : tuple of int
        Shape of the array; the first dimension does not matter.

    Returns
    -------
    NDArray or Symbol
        Shape ``(len(shape), n)``, dtype of `data`: one column for each element.

    Examples
    --------
    >>> mx.nd.unravel_index(mx.nd.array([22, 41]), shape=(7, 6)).asnumpy().tolist()
    [[3.0, 6.0], [4.0, 5.0]]
    """
    rows, rest = [], data.to(torch.int64)
    for stride in _strides(shape):
        rows.append(torch.div(rest, stride, rounding_mode="trunc"))
        rest = torch.fmod(rest, stride)
    return torch.stack(rows).to(data.dtype)


@operator(
    "shape_array",
    types=int64_output,
    shapes=forward(lambda shape, attrs: (len(shape),)),
)
def shape_array(data: torch.Tensor) -> torch.Tensor:
    """Return the shape of an array as an array.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape and dtype.

    Returns
    -------
    NDArray or Symbol
        Shape ``(number of dimensions,)``, dtype int64.

    Examples
    --------
    >>> mx.nd.shape_array(mx.nd.zeros((2, 3))).asnumpy().tolist()
    [2, 3]
    """
    return torch.tensor(data.shape, dtype=torch.int64, device=data.device)


def _one_number(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    return inputs, [unify((1,), outputs[0])]


@operator("size_array", types=int64_output, shapes=_one_number)
def size_array(data: torch.Tensor) -> torch.Tensor:
    """Return the number of elements of an array as an array.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape and dtype.

    Returns
    -------
    NDArray or Symbol
        Shape ``(1,)``, dtype int64.

    Examples
    --------
    >>> mx.nd.size_array(mx.nd.zeros((2, 3))).asnumpy().tolist()
    [6]
    """
    return torch.tensor([data.numel()], dtype=torch.int64, device=data.device)


def _index_shape(shape: tuple[int, ...], attrs: Attrs) -> tuple[int, ...]:
    axes = attrs["axes"]
    return (*shape, len(shape) if axes is None else len(axes))


@operator("_contrib_index_array", types=int64_output, shapes=forward(_index_shape))
def index_array(data: torch.Tensor, *, axes: Shape | None = None) -> torch.Tensor:
    """Return the indices of each element of an array.

    Parameters
    ----------
    data : NDArray or Symbol
        Only its shape counts.
    axes : tuple of int or None, default None
        The axes whose indices are wanted, in this order; None stands for all.

    Returns
    -------
    NDArray or Symbol
        Shape ``(*data.shape, number of axes)``, dtype int64.

    Examples
    --------
    >>> mx.nd.contrib.index_array(mx.nd.zeros((1, 2))).asnumpy().tolist()
    [[[0, 0], [0, 1]]]
    """
    rank = data.dim()
    chosen = range(rank) if axes is None else [axis_index(axis, rank, "axes") for axis in axes]
    target = torch.empty((*data.shape, len(chosen)), dtype=torch.int64, device=data.device)
    for place, axis in enumerate(chosen):
        index = torch.arange(data.shape[axis], device=data.device)
        target[..., place] = index.reshape(-1, *(1,) * (rank - 1 - axis))
    return target


def _range_shape(shape: tuple[int, ...], attrs: Attrs) -> tuple[int, ...]:
    if attrs["axis"] is None:
        return shape
    return (shape[axis_index(attrs["axis"], len(shape))],)


@operator("_contrib_arange_like", shapes=forward(_range_shape))
def arange_like(
    data: torch.Tensor,
    *,
    start: float = 0.0,
    step: float = 1.0,
    repeat: int = 1,
    ctx: str = "",
    axis: int | None = None,
) -> torch.Tensor:
    """Return evenly spaced numbers, as many as an array has elements or an axis is long.

    Parameters
    ----------
    data : NDArray or Symbol
        Its shape, dtype and device count.
    start, step : float, default 0 and 1
        First number, and distance of two numbers.
    repeat : int, default 1
        How often each number stands in the result, which may end amid a repetition.
    ctx : str
        Accepted and not used: the result lies where `data` does.
    axis : int or None, default None
        The axis whose length counts; None gives the result the whole shape of `data`.

    Examples
    --------
    >>> mx.nd.contrib.arange_like(mx.nd.zeros((2, 3)), axis=-1).asnumpy().tolist()
    [0.0, 1.0, 2.0]
    """
    if repeat < 1:
        raise MXNetError(f"repeat is {repeat}, but must be at least 1")
    target = _range_shape(tuple(data.shape), {"axis": axis})
    size = math.prod(target)
    return evenly_spaced(size, start, step, repeat, data.dtype, data.device).reshape(target)
