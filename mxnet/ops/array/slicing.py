"""Operators that read or replace a rectangular part of an array."""

from __future__ import annotations

from typing import NamedTuple

import torch

from ...base import MXNetError
from ..attributes import OptionalInts, Shape
from ..registry import Attrs, Backward, Shapes, operator
from ..rules import first_input_type, same_types, unify
from .creation import number_of
from .rules import UNKNOWN, axis_index, first_shape, forward, require_rank


class _Part(NamedTuple):
    """What a slice takes of one axis: indices low, low + step, ... below high, perhaps reversed."""

    low: int
    high: int
    step: int
    reversed: bool
    size: int


def _part(size: int, begin: int | None, end: int | None, step: int | None, axis: int) -> _Part:
    """Return the part of an axis that begin, end and step name, of unknown size if the axis is."""
    if step == 0:
        raise MXNetError(f"step is 0 for axis {axis}, but must not be 0")
    if size == UNKNOWN:
        return _Part(0, 0, 1, False, UNKNOWN)
    indices = range(*slice(begin, end, step).indices(size))
    if not indices:
        return _Part(0, 0, 1, False, 0)
    low, high = min(indices[0], indices[-1]), max(indices[0], indices[-1])
    return _Part(low, high + 1, abs(indices.step), indices.step < 0, len(indices))


def _parts(
    shape: tuple[int, ...],
    begin: tuple[int | None, ...],
    end: tuple[int | None, ...],
    step: tuple[int | None, ...],
) -> list[_Part]:
    """Return the parts of the leading axes that a slice names."""
    if len(begin) != len(end) or len(step) not in (0, len(begin)):
        raise MXNetError(f"begin {begin}, end {end} and step {step} must have the same length")
    if len(begin) > len(shape):
        raise MXNetError(f"begin has {len(begin)} entries, but data has {len(shape)} dimensions")
    steps = step or (None,) * len(begin)
    return [
        _part(size, first, last, step, axis)
        for axis, (size, first, last, step) in enumerate(
            zip(shape, begin, end, steps, strict=False)
        )
    ]


def _read(data: torch.Tensor, parts: list[_Part]) -> torch.Tensor:
    """Return the elements of the parts of the leading axes."""
    taken = data[tuple(slice(part.low, part.high, part.step) for part in parts)]
    backwards = [axis for axis, part in enumerate(parts) if part.reversed]
    return taken.flip(backwards) if backwards else taken


def _replace(data: torch.Tensor, value: torch.Tensor, parts: list[_Part]) -> torch.Tensor:
    """Return a copy of `data` with `value` in the parts of the leading axes."""
    backwards = [axis for axis, part in enumerate(parts) if part.reversed]
    value = value.flip(backwards) if backwards else value
    wholes = [data]  # wholes[i] is data cut to the parts of the axes before i
    for axis, part in enumerate(parts):
        before = (slice(None),) * axis
        wholes.append(wholes[-1][before + (slice(part.low, part.high, part.step),)])
    for axis, part in reversed(list(enumerate(parts))):
        value = torch.slice_scatter(wholes[axis], value, axis, part.low, part.high, part.step)
    return value


def _sliced(shape: tuple[int, ...], attrs: Attrs) -> tuple[int, ...]:
    parts = _parts(shape, attrs["begin"], attrs["end"], attrs["step"])
    return (*(part.size for part in parts), *shape[len(parts) :])


def _part_gradient(b: Backward, parts: list[_Part]) -> torch.Tensor:
    """Return zeros in the shape of the first input, with the head gradient in the parts."""
    data, head = b.inputs[0], b.grads[0]
    gradient = head.new_zeros(data.shape)
    backwards = [axis for axis, part in enumerate(parts) if part.reversed]
    window = gradient[tuple(slice(part.low, part.high, part.step) for part in parts)]
    window.copy_(head.flip(backwards) if backwards else head)
    return gradient


# The name is the reference's; the built-in slice stays what it is in this module.
@operator("slice", aliases=("crop", "_sparse_slice"), shapes=forward(_sliced))
def slice_operator(
    data: torch.Tensor, *, begin: OptionalInts, end: OptionalInts, step: OptionalInts = ()
) -> torch.Tensor:
    """Return a part of an array, as ``data[begin[0]:end[0]:step[0], ...]`` does in NumPy.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape and dtype.
    begin, end : tuple of int or None
        First index, and index after the last, for each of the leading axes. Negative ones count
        from the end; indices beyond an axis are cut to it; None is the whole axis.
    step : tuple of int or None
        Distance between indices, negative to go backwards; default 1 for every axis.

    Returns
    -------
    NDArray or Symbol
        Same dtype as `data`.

    Raises
    ------
    MXNetError
        If the tuples differ in length, name more axes than there are, or a step is 0.

    Examples
    --------
    >>> x = mx.nd.array([[1, 2, 3], [4, 5, 6]])
    >>> mx.nd.slice(x, begin=(0, 1), end=(2, None)).asnumpy().tolist()
    [[2.0, 3.0], [5.0, 6.0]]
    >>> mx.nd.slice(x, begin=(None,), end=(None,), step=(-1,)).asnumpy().tolist()
    [[4.0, 5.0, 6.0], [1.0, 2.0, 3.0]]
    """
    return _read(data, _parts(tuple(data.shape), begin, end, step))


@slice_operator.fast_gradient
def _(b: Backward):
    attrs = b.attrs
    shape = tuple(b.inputs[0].shape)
    return (_part_gradient(b, _parts(shape, attrs["begin"], attrs["end"], attrs["step"])),)


def _axis_bounds(size: int, begin: int, end: int | None) -> tuple[int, int]:
    """Return begin and end of slice_axis, which must lie within the axis, counted from 0."""
    first = begin + size * (begin < 0)
    last = size if end is None else end + size * (end < 0)
    if not 0 <= first < last <= size:
        raise MXNetError(
            f"begin is {begin} and end is {end}, which take no element of an axis of size {size}"
        )
    return first, last


def _axis_sliced(shape: tuple[int, ...], attrs: Attrs) -> tuple[int, ...]:
    axis = axis_index(attrs["axis"], len(shape))
    count = UNKNOWN
    if shape[axis] != UNKNOWN:
        first, last = _axis_bounds(shape[axis], attrs["begin"], attrs["end"])
        count = last - first
    return (*shape[:axis], count, *shape[axis + 1 :])


@operator("slice_axis", shapes=forward(_axis_sliced))
def slice_axis(data: torch.Tensor, *, axis: int, begin: int, end: int | None) -> torch.Tensor:
    """Return a part of an array along one axis.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape and dtype.
    axis : int
        The axis; a negative one counts from the last.
    begin : int
        First index; a negative one counts from the end.
    end : int or None
        Index after the last; None takes everything from `begin` on.

    Returns
    -------
    NDArray or Symbol
        Same dtype as `data`.

    Raises
    ------
    MXNetError
        If the bounds lie outside of the axis or leave no element.

    Examples
    --------
    >>> x = mx.nd.array([[1, 2, 3], [4, 5, 6]])
    >>> mx.nd.slice_axis(x, axis=1, begin=-2, end=None).asnumpy().tolist()
    [[2.0, 3.0], [5.0, 6.0]]
    """
    axis = axis_index(axis, data.dim())
    first, last = _axis_bounds(data.shape[axis], begin, end)
    return data.narrow(axis, first, last - first)


@slice_axis.fast_gradient
def _(b: Backward):
    shape, attrs = b.inputs[0].shape, b.attrs
    axis = axis_index(attrs["axis"], len(shape))
    first, last = _axis_bounds(shape[axis], attrs["begin"], attrs["end"])
    gradient = torch.ops.aten.slice_backward(b.grads[0], shape, axis, first, last, 1)
    return (gradient,)


def _sliced_like(
    shape: tuple[int, ...], like: tuple[int, ...], axes: tuple[int, ...]
) -> tuple[int, ...]:
    """Return `shape` with the sizes that `like` has along `axes`, all axes if there are none."""
    if not axes and len(shape) != len(like):
        raise MXNetError(
            f"data has shape {shape} and shape_like {like}, which must have as many dimensions "
            "while axes is empty"
        )
    sizes = list(shape)
    for axis in axes or range(len(shape)):
        here = axis_index(axis, len(shape), "axes")
        size = like[axis_index(axis, len(like), "axes")]
        if shape[here] != UNKNOWN and size > shape[here]:
            raise MXNetError(
                f"shape_like has {size} elements along axis {axis}, data {shape[here]}"
            )
        sizes[here] = size
    return tuple(sizes)


@operator("slice_like", types=first_input_type)
def slice_like(data: torch.Tensor, shape_like: torch.Tensor, *, axes: Shape = ()) -> torch.Tensor:
    """Return the first elements of an array along some axes, as many as another array has.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape and dtype.
    shape_like : NDArray or Symbol
        Only its shape counts.
    axes : tuple of int
        The axes to cut; the default, an empty tuple, cuts all of them.

    Returns
    -------
    NDArray or Symbol
        Same dtype as `data`.

    Raises
    ------
    MXNetError
        If `shape_like` is larger than `data` along an axis.

    Examples
    --------
    >>> x, like = mx.nd.zeros((3, 4)), mx.nd.zeros((2, 3))
    >>> mx.nd.slice_like(x, like).shape, mx.nd.slice_like(x, like, axes=(0,)).shape
    ((2, 3), (2, 4))
    """
    target = _sliced_like(tuple(data.shape), tuple(shape_like.shape), axes)
    return data[tuple(slice(size) for size in target)]


@slice_like.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    data, like = inputs
    if data is None or like is None:
        return inputs, outputs
    return inputs, [unify(_sliced_like(data, like, attrs["axes"]), outputs[0])]


def _window(
    shape: tuple[int, ...], like: tuple[int, ...] | None, attrs: Attrs
) -> tuple[int, int, int, int]:
    """Return top, left, height and width of what Crop keeps."""
    require_rank("data", shape, 4)
    if like is not None:
        require_rank("crop_like", like, 4)
        height, width = like[2:]
    else:
        height, width = attrs["h_w"]
    spare = (shape[2] - height, shape[3] - width)
    top, left = (spare[0] // 2, spare[1] // 2) if attrs["center_crop"] else attrs["offset"]
    if min(height, width) < 1 or not (0 <= top <= spare[0] and 0 <= left <= spare[1]):
        raise MXNetError(
            f"a window of {(height, width)} at {(top, left)} does not lie within data of {shape}"
        )
    return top, left, height, width


@operator("Crop", types=same_types)
def crop(
    *data: torch.Tensor,
    offset: Shape = (0, 0),
    h_w: Shape = (0, 0),
    center_crop: bool = False,
) -> torch.Tensor:
    """Return a window of each image of a batch.

    Parameters
    ----------
    data : one or two NDArrays or Symbols
        Images of shape ``(batch, channels, height, width)`` and, in place of `h_w`, a second
        array whose height and width the window gets.
    offset : tuple of two int, default (0, 0)
        Top and left edge of the window in pixels.
    h_w : tuple of two int, default (0, 0)
        Height and width of the window in pixels, for one input.
    center_crop : bool, default False
        Whether the window lies in the middle instead of at `offset`.

    Returns
    -------
    NDArray or Symbol
        Shape ``(batch, channels, window height, window width)``.

    Examples
    --------
    >>> x = mx.nd.arange(9).reshape((1, 1, 3, 3))
    >>> mx.nd.Crop(x, h_w=(2, 2), offset=(1, 0), num_args=1).asnumpy().tolist()
    [[[[3.0, 4.0], [6.0, 7.0]]]]
    """
    if len(data) not in (1, 2):
        raise MXNetError(f"data has {len(data)} arrays, but must have one or two")
    like = tuple(data[1].shape) if len(data) == 2 else None
    attrs = {"offset": offset, "h_w": h_w, "center_crop": center_crop}
    top, left, height, width = _window(tuple(data[0].shape), like, attrs)
    return data[0].narrow(2, top, height).narrow(3, left, width)


@crop.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    data, *like = inputs
    if data is None or like == [None] or UNKNOWN in (*data[2:], *(like[0][2:] if like else ())):
        return inputs, outputs
    _, _, height, width = _window(data, like[0] if like else None, attrs)
    return inputs, [unify((*data[:2], height, width), outputs[0])]


@operator("_slice_assign", aliases=("_crop_assign",))
def slice_assign(
    lhs: torch.Tensor,
    rhs: torch.Tensor,
    *,
    begin: OptionalInts,
    end: OptionalInts,
    step: OptionalInts = (),
) -> torch.Tensor:
    """Return `lhs` with `rhs` in the part that begin, end and step name (see `slice`).

    Parameters
    ----------
    lhs : NDArray or Symbol
        Any shape and dtype.
    rhs : NDArray or Symbol
        The shape of that part and the dtype of `lhs`.
    begin, end, step : tuple of int or None
        The part, as for `slice`.
    """
    parts = _parts(tuple(lhs.shape), begin, end, step)
    window = _sliced(tuple(lhs.shape), {"begin": begin, "end": end, "step": step})
    if tuple(rhs.shape) != window:
        raise MXNetError(f"rhs has shape {tuple(rhs.shape)}, but the slice has shape {window}")
    return _replace(lhs, rhs, parts)


@slice_assign.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    lhs = unify(inputs[0], outputs[0])
    rhs = inputs[1] if lhs is None else unify(inputs[1], _sliced(lhs, attrs))
    return [lhs, rhs], [lhs]


@operator("_slice_assign_scalar", aliases=("_crop_assign_scalar",), shapes=first_shape)
def slice_assign_scalar(
    data: torch.Tensor,
    *,
    scalar: float = 0.0,
    begin: OptionalInts,
    end: OptionalInts,
    step: OptionalInts = (),
) -> torch.Tensor:
    """Return `data` with one number in the part that begin, end and step name (see `slice`).

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape and dtype.
    scalar : float, default 0
        The number; integer arrays receive its whole part.
    begin, end, step : tuple of int or None
        The part, as for `slice`.
    """
    parts = _parts(tuple(data.shape), begin, end, step)
    window = torch.full_like(_read(data, parts), number_of(scalar, data.dtype))
    return _replace(data, window, parts)
