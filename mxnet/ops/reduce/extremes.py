"""Greatest and smallest elements over axes, and where they are."""

from __future__ import annotations

from collections.abc import Callable

import torch

from ...base import MXNetError
from ..attributes import Shape
from ..registry import Attrs, Backward, Shapes, operator
from ..rules import unify, zero_gradient
from .axes import normalized, reduce_with, reduced_shape, reduction, with_reduced_axes


@reduction("max", aliases=("max_axis",))
def max_(
    data: torch.Tensor,
    *,
    axis: Shape | None = None,
    keepdims: bool = False,
    exclude: bool = False,
) -> torch.Tensor:
    """Return the greatest elements over axes; NaN where there is a NaN; attributes as of `sum`.

    Every element that equals the result gets the whole gradient.

    Examples
    --------
    >>> mx.nd.max(mx.nd.array([[1, 4], [3, 2]]), axis=0).asnumpy().tolist()
    [3.0, 4.0]
    """
    return reduce_with(torch.amax, data, axis, keepdims, exclude)


@reduction("min", aliases=("min_axis",))
def min_(
    data: torch.Tensor,
    *,
    axis: Shape | None = None,
    keepdims: bool = False,
    exclude: bool = False,
) -> torch.Tensor:
    """Return the smallest elements over axes; NaN where there is a NaN; attributes as of `sum`.

    Every element that equals the result gets the whole gradient.

    Examples
    --------
    >>> mx.nd.min(mx.nd.array([[1, 4], [3, 2]]), axis=0).asnumpy().tolist()
    [1.0, 2.0]
    """
    return reduce_with(torch.amin, data, axis, keepdims, exclude)


def _gradient_of_equals(b: Backward):
    data = b.inputs[0].detach()
    result = with_reduced_axes(b.outputs[0].detach(), data, b.attrs)
    return (data.clone().eq_(result) * with_reduced_axes(b.grads[0], data, b.attrs),)


max_.gradient(_gradient_of_equals)
min_.gradient(_gradient_of_equals)

Locate = Callable[..., torch.Tensor]


def _position(locate: Locate, data: torch.Tensor, axis: int | None, keepdims: bool) -> torch.Tensor:
    """Return positions of the first extremes in the dtype of `data`, as MXNet does."""
    if axis is None:
        found = locate(data).reshape((1,) * (data.dim() if keepdims else 1))
    else:
        found = locate(data, normalized(axis, data.dim()), keepdims)
    found = found if found.dim() else found.reshape(1)
    return found.to(data.dtype)


def _position_shapes(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    shape = inputs[0]
    if shape is None:
        return inputs, outputs
    axis, rank = attrs["axis"], len(shape)
    axes = tuple(range(rank)) if axis is None else (normalized(axis, rank),)
    return inputs, [unify(reduced_shape(shape, axes, attrs["keepdims"]), outputs[0])]


@operator("argmax", shapes=_position_shapes)
def argmax(data: torch.Tensor, *, axis: int | None = None, keepdims: bool = False) -> torch.Tensor:
    """Return positions of the greatest elements along an axis; of equal ones the first.

    NaN counts as greatest. The gradient is 0.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape.
    axis : int or None, default None
        The axis to look along; None means the flattened array.
    keepdims : bool, default False
        Whether the axis stays with length 1.

    Returns
    -------
    NDArray or Symbol
        The shape without the axis, (1,) if none is left; the dtype of `data`, as in MXNet.

    Examples
    --------
    >>> x = mx.nd.array([[1, 4], [3, 2]])
    >>> mx.nd.argmax(x, axis=1).asnumpy().tolist(), mx.nd.argmax(x).asnumpy().tolist()
    ([1.0, 0.0], [1.0])
    """
    return _position(torch.argmax, data, axis, keepdims)


@operator("argmin", shapes=_position_shapes)
def argmin(data: torch.Tensor, *, axis: int | None = None, keepdims: bool = False) -> torch.Tensor:
    """Return positions of the smallest elements along an axis; of equal ones the first.

    NaN counts as smallest. The gradient is 0; attributes as of `argmax`.

    Examples
    --------
    >>> mx.nd.argmin(mx.nd.array([[1, 4], [3, 2]]), axis=1).asnumpy().tolist()
    [0.0, 1.0]
    """
    return _position(torch.argmin, data, axis, keepdims)


@operator("argmax_channel")
def argmax_channel(data: torch.Tensor) -> torch.Tensor:
    """Return positions of the greatest elements along axis 1, for example classes of a batch.

    Parameters
    ----------
    data : NDArray or Symbol
        At least 2 dimensions.

    Returns
    -------
    NDArray or Symbol
        The shape without axis 1; the dtype of `data`.

    Examples
    --------
    >>> mx.nd.argmax_channel(mx.nd.array([[1, 4], [3, 2]])).asnumpy().tolist()
    [1.0, 0.0]
    """
    if data.dim() < 2:
        raise MXNetError(
            f"argument data has shape {tuple(data.shape)}, but must have 2 dimensions or more"
        )
    return _position(torch.argmax, data, 1, False)


for _operator in (argmax, argmin, argmax_channel):
    _operator.gradient(zero_gradient)
