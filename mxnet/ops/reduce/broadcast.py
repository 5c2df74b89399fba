"""Repeating along axes of length 1: the reverse of reductions."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from ...base import MXNetError
from ..attributes import Shape
from ..registry import Attrs, Backward, Shapes, operator
from ..rules import first_input_type, is_known, unify
from .axes import normalized


def _repeated(data: torch.Tensor, shape: tuple[int, ...]) -> torch.Tensor:
    return data.expand(shape).contiguous()


def _fits(shape: Sequence[int], wanted: Sequence[int]) -> tuple[int, ...]:
    """Return `wanted` if `shape` broadcasts to it without new axes."""
    if len(shape) != len(wanted) or any(
        n not in (1, -1, m) for n, m in zip(shape, wanted, strict=True)
    ):
        raise MXNetError(f"data of shape {tuple(shape)} does not broadcast to {tuple(wanted)}")
    return tuple(wanted)


def _summed(b: Backward):
    grads = [b.grads[0].sum_to_size(b.inputs[0].shape)]
    return grads + [torch.zeros_like(b.inputs[1])] if len(b.inputs) > 1 else grads


def _axis_shape(shape: Sequence[int], axis: Sequence[int], size: Sequence[int]) -> tuple[int, ...]:
    if len(axis) != len(size):
        raise MXNetError(f"attributes axis {axis} and size {size} differ in length")
    wanted = list(shape)
    for each, length in zip(axis, size, strict=True):
        if each < 0:
            raise MXNetError(f"axis is {tuple(axis)}, but axes count from the first: 0 or above")
        place = normalized(each, len(shape))
        if wanted[place] != 1:
            raise MXNetError(
                f"data has shape {tuple(shape)}, but length 1 is needed at axis {each} to repeat it"
            )
        if length < 0:
            raise MXNetError(f"size is {tuple(size)}, but lengths must be at least 0")
        wanted[place] = length
    return tuple(wanted)


@operator("broadcast_axis", aliases=("broadcast_axes",))
def broadcast_axis(data: torch.Tensor, *, axis: Shape = (), size: Shape = ()) -> torch.Tensor:
    """Return `data` repeated along axes of length 1.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape and dtype.
    axis : int or tuple of int, default ()
        The axes to repeat along, counted from the first.
    size : int or tuple of int, default ()
        The new length of each of them.

    Returns
    -------
    NDArray or Symbol
        The new shape; the dtype of `data`.

    Raises
    ------
    MXNetError
        If an axis does not exist or is longer than 1.

    Examples
    --------
    >>> mx.nd.broadcast_axis(mx.nd.array([[1], [2]]), axis=1, size=2).asnumpy().tolist()
    [[1.0, 1.0], [2.0, 2.0]]
    """
    return _repeated(data, _axis_shape(data.shape, axis, size))


@broadcast_axis.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    if not is_known(inputs[0]):
        return inputs, outputs
    return inputs, [unify(_axis_shape(inputs[0], attrs["axis"], attrs["size"]), outputs[0])]


def _to_shape(shape: Sequence[int], wanted: Sequence[int]) -> tuple[int, ...]:
    """Return the shape that `wanted` means for `shape`: 0 keeps a length."""
    if len(shape) != len(wanted):
        raise MXNetError(f"data of shape {tuple(shape)} does not broadcast to {tuple(wanted)}")
    if min(wanted, default=0) < 0:
        raise MXNetError(f"attribute shape is {tuple(wanted)}, but lengths can not be negative")
    return _fits(shape, tuple([n if m == 0 else m for n, m in zip(shape, wanted, strict=True)]))


@operator("broadcast_to")
def broadcast_to(data: torch.Tensor, *, shape: Shape = ()) -> torch.Tensor:
    """Return `data` repeated along axes of length 1 to a shape.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape and dtype.
    shape : tuple of int
        The new shape, with as many axes; 0 keeps the length of an axis.

    Returns
    -------
    NDArray or Symbol
        The new shape; the dtype of `data`.

    Raises
    ------
    MXNetError
        If `data` does not broadcast to the shape.

    Examples
    --------
    >>> mx.nd.broadcast_to(mx.nd.array([[1], [2]]), shape=(0, 2)).asnumpy().tolist()
    [[1.0, 1.0], [2.0, 2.0]]
    """
    return _repeated(data, _to_shape(data.shape, shape))


@broadcast_to.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    if inputs[0] is None:
        return inputs, outputs
    return inputs, [unify(_to_shape(inputs[0], attrs["shape"]), outputs[0])]


def _like_shape(
    lhs: Sequence[int], rhs: Sequence[int], lhs_axes: Shape | None, rhs_axes: Shape | None
) -> tuple[int, ...]:
    if lhs_axes is None or rhs_axes is None:
        return _fits(lhs, rhs)
    if not lhs_axes or len(lhs_axes) != len(rhs_axes):
        raise MXNetError(
            f"attributes lhs_axes {lhs_axes} and rhs_axes {rhs_axes} must be of one length above 0"
        )
    wanted = list(lhs)
    for left, right in zip(lhs_axes, rhs_axes, strict=True):
        wanted[normalized(left, len(lhs))] = rhs[normalized(right, len(rhs))]
    return _fits(lhs, tuple(wanted))


@operator("broadcast_like", types=first_input_type)
def broadcast_like(
    lhs: torch.Tensor,
    rhs: torch.Tensor,
    *,
    lhs_axes: Shape | None = None,
    rhs_axes: Shape | None = None,
) -> torch.Tensor:
    """Return `lhs` repeated along axes of length 1 to the shape of `rhs`.

    Parameters
    ----------
    lhs : NDArray or Symbol
        Any shape and dtype.
    rhs : NDArray or Symbol
        An array whose shape is taken; its values and dtype do not matter.
    lhs_axes, rhs_axes : tuple of int, optional
        Repeat only these axes of `lhs`, to the lengths of those of `rhs`.

    Returns
    -------
    NDArray or Symbol
        The new shape; the dtype of `lhs`.

    Raises
    ------
    MXNetError
        If `lhs` does not broadcast.

    Examples
    --------
    >>> mx.nd.broadcast_like(mx.nd.array([[1], [2]]), mx.nd.zeros((2, 2))).asnumpy().tolist()
    [[1.0, 1.0], [2.0, 2.0]]
    """
    return _repeated(lhs, _like_shape(lhs.shape, rhs.shape, lhs_axes, rhs_axes))


@broadcast_like.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    if not (is_known(inputs[0]) and is_known(inputs[1])):
        return inputs, outputs
    shape = _like_shape(inputs[0], inputs[1], attrs["lhs_axes"], attrs["rhs_axes"])
    return inputs, [unify(shape, outputs[0])]


for _operator in (broadcast_axis, broadcast_to, broadcast_like):
    _operator.fast_gradient(_summed)
