"""Normalization of each example: layer, group and instance normalization, and LRN."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch.nn import functional

from ...base import MXNetError
from ..attributes import NonNegativeInt
from ..registry import Attrs, Backward, Shapes, operator
from ..rules import PartialShape, same_shapes, unify
from .rules import UNKNOWN, agree, by_tape, require_floating

aten = torch.ops.aten

# With this exponent roots take half as long as a power.
_USUAL_BETA = 0.75

# Elements of the images that LRN works on at a time, so that they stay in cache.
_CACHED = 2**18


def _visible(attrs: Attrs) -> int:
    return 3 if attrs["output_mean_var"] else 1


with_statistics = partial(
    operator,
    outputs=3,
    visible_outputs=_visible,
    output_names=("output", "mean", "std"),
    no_gradient=("mean", "std"),
)


def _require_parameters(
    shape: Callable[..., Any],
    data: torch.Tensor,
    gamma: torch.Tensor,
    beta: torch.Tensor,
    **attrs: Any,
) -> None:
    """Refuse gamma and beta of other shapes than the shape rule wants."""
    require_floating(data)
    known = [tuple(data.shape), tuple(gamma.shape), tuple(beta.shape)]
    shape(known, [None] * 3, attrs)


def _axis_of(axis: int, rank: int) -> int:
    if not -rank <= axis < rank:
        raise MXNetError(f"axis is {axis}, but data have {rank} dimensions")
    return axis % rank


def _layer_shapes(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    """Gamma and beta have one number for each element along the axis."""
    data: PartialShape = inputs[0] if outputs[0] is None else unify(inputs[0], outputs[0])
    if data is None:
        return inputs, outputs
    axis = _axis_of(attrs["axis"], len(data))
    sizes, moments = (data[axis],), (*data[:axis], 1, *data[axis + 1 :])
    gamma = agree("gamma", inputs[1], sizes, data, attrs, "axis")
    beta = agree("beta", inputs[2], sizes, data, attrs, "axis")
    return [data, gamma, beta], [data, moments, moments]


@with_statistics("LayerNorm", shapes=_layer_shapes)
def layer_norm(
    data: torch.Tensor,
    gamma: torch.Tensor,
    beta: torch.Tensor,
    *,
    axis: int = -1,
    eps: float = 1e-5,
    output_mean_var: bool = False,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return data with mean 0 and variance 1 along an axis, times gamma, plus beta.

    Ba, Kiros and Hinton, Layer normalization, 2016.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape of at least one axis, floating dtype.
    gamma, beta : NDArray or Symbol
        Scale and shift, one number for each element along `axis`.
    axis : int, default -1
        The axis that is normalized; a negative one counts from the last.
    eps : float, default 1e-5
        Added to the variance.
    output_mean_var : bool, default False
        Whether to return also the mean and sqrt(variance + eps), with size 1 along the axis.

    Returns
    -------
    NDArray or Symbol
        Same shape and dtype as `data`; with `output_mean_var` a list of three.

    Raises
    ------
    MXNetError
        If there is no such axis, data hold whole numbers, or gamma or beta have another shape.

    Examples
    --------
    >>> x, one, zero = mx.nd.array([[1, 3]]), mx.nd.ones((2,)), mx.nd.zeros((2,))
    >>> mx.nd.LayerNorm(x, one, zero).asnumpy().round(3).tolist()
    [[-1.0, 1.0]]
    """
    _require_parameters(_layer_shapes, data, gamma, beta, axis=axis)
    is_last = axis in (-1, data.dim() - 1)
    x = data if is_last else data.movedim(axis, -1)
    out, mean, inverse = torch.native_layer_norm(x, (x.shape[-1],), gamma, beta, eps)
    mean, deviation = mean.detach().to(x.dtype), inverse.detach().reciprocal().to(x.dtype)
    if is_last:
        return out, mean, deviation
    return out.movedim(-1, axis), mean.movedim(-1, axis), deviation.movedim(-1, axis)


@layer_norm.fast_gradient
def _(b: Backward):
    data, gamma, beta = b.inputs
    attrs, axis = b.attrs, b.attrs["axis"]
    if data.dtype.itemsize == 2:  # mean and deviation are too coarse to start from

        def out_of(*inputs: torch.Tensor) -> torch.Tensor:
            return layer_norm.function(*inputs, axis=axis, eps=attrs["eps"])[0]

        return by_tape(out_of, b.inputs, b.grads[0])
    x = data.movedim(axis, -1)
    found, slope, shift = aten.native_layer_norm_backward(
        b.grads[0].movedim(axis, -1),
        x,
        (x.shape[-1],),
        b.outputs[1].movedim(axis, -1),
        b.outputs[2].movedim(axis, -1).reciprocal(),
        gamma,
        beta,
        tuple(b.needs),
    )
    return found.movedim(-1, axis) if b.needs[0] else None, slope, shift


def _group_shapes(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    """Gamma and beta have one number per group."""
    data: PartialShape = inputs[0] if outputs[0] is None else unify(inputs[0], outputs[0])
    groups = attrs["num_groups"]
    if data is None:
        return inputs, outputs
    if len(data) < 3 or groups < 1 or (data[1] != UNKNOWN and data[1] % groups):
        raise MXNetError(
            f"data has shape {data}, but must have at least 3 dimensions, and num_groups={groups} "
            "must divide axis 1"
        )
    gamma = agree("gamma", inputs[1], (groups,), data, attrs, "num_groups")
    beta = agree("beta", inputs[2], (groups,), data, attrs, "num_groups")
    return [data, gamma, beta], [data, (data[0], groups), (data[0], groups)]


@with_statistics("GroupNorm", shapes=_group_shapes)
def group_norm(
    data: torch.Tensor,
    gamma: torch.Tensor,
    beta: torch.Tensor,
    *,
    num_groups: int = 1,
    eps: float = 1e-5,
    output_mean_var: bool = False,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return data shifted and scaled to mean 0 and variance 1 in each group of channels.

    Wu and He, Group normalization, 2018; but as in MXNet 1.9 there is one gamma and one beta per
    group, not per channel.

    Parameters
    ----------
    data : NDArray or Symbol
        Shape (N, C, ...) of at least 3 axes, floating dtype.
    gamma, beta : NDArray or Symbol
        Scale and shift, shape (num_groups,).
    num_groups : int, default 1
        Groups of channels; divides C.
    eps : float, default 1e-5
        Added to the variance.
    output_mean_var : bool, default False
        Whether to return also the mean and sqrt(variance + eps), of shape (N, num_groups).

    Returns
    -------
    NDArray or Symbol
        Same shape and dtype as `data`; with `output_mean_var` a list of three.

    Raises
    ------
    MXNetError
        If `num_groups` does not divide the channels, or gamma or beta have another shape.

    Examples
    --------
    >>> x, one, zero = mx.nd.array([[[1, 3]]]), mx.nd.ones((1,)), mx.nd.zeros((1,))
    >>> mx.nd.GroupNorm(x, one, zero).asnumpy().round(3).tolist()
    [[[-1.0, 1.0]]]
    """
    _require_parameters(_group_shapes, data, gamma, beta, num_groups=num_groups)
    batch, channels = data.shape[:2]
    inner = data[0, 0].numel() if batch and channels else 1
    whole = data.contiguous()
    normal, mean, inverse = torch.native_group_norm(
        whole, None, None, batch, channels, inner, num_groups, eps
    )
    grouped = normal.reshape(batch, num_groups, -1) * gamma.unsqueeze(1) + beta.unsqueeze(1)
    deviation = inverse.detach().reciprocal()
    return grouped.reshape(data.shape), mean.detach().to(data.dtype), deviation.to(data.dtype)


def _instance_shapes(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    """Gamma and beta have one number per channel."""
    data: PartialShape = inputs[0] if outputs[0] is None else unify(inputs[0], outputs[0])
    if data is None:
        return inputs, outputs
    if len(data) < 2:
        raise MXNetError(f"data has shape {data}, but must have at least 3 dimensions")
    gamma = agree("gamma", inputs[1], (data[1],), data, attrs)
    return [data, gamma, agree("beta", inputs[2], (data[1],), data, attrs)], [data]


@operator("InstanceNorm", shapes=_instance_shapes)
def instance_norm(
    data: torch.Tensor, gamma: torch.Tensor, beta: torch.Tensor, *, eps: float = 0.001
) -> torch.Tensor:
    """Return data shifted and scaled to mean 0 and variance 1 in each channel of each example.

    Ulyanov, Vedaldi and Lempitsky, Instance normalization: the missing ingredient for fast
    stylization, 2016.

    Parameters
    ----------
    data : NDArray or Symbol
        Shape (N, C, ...) of at least 3 axes, floating dtype.
    gamma, beta : NDArray or Symbol
        Scale and shift, shape (C,).
    eps : float, default 0.001
        Added to the variance.

    Returns
    -------
    NDArray or Symbol
        Same shape and dtype as `data`.

    Raises
    ------
    MXNetError
        If data have less than 3 axes, or gamma or beta have another shape.

    Examples
    --------
    >>> x, one, zero = mx.nd.array([[[1, 3]]]), mx.nd.ones((1,)), mx.nd.zeros((1,))
    >>> mx.nd.InstanceNorm(x, one, zero, eps=0).asnumpy().tolist()
    [[[-1.0, 1.0]]]
    """
    _require_parameters(_instance_shapes, data, gamma, beta)
    if data.dim() < 3:
        raise MXNetError(f"data has shape {tuple(data.shape)}, but must have at least 3 dimensions")
    return functional.group_norm(data, data.shape[1], gamma, beta, eps)


@operator("LRN", shapes=same_shapes)
def lrn(
    data: torch.Tensor,
    *,
    alpha: float = 1e-4,
    beta: float = 0.75,
    knorm: float = 2.0,
    nsize: NonNegativeInt,
) -> torch.Tensor:
    """Return data divided by a power of the squares in the neighbouring channels.

    Element x of channel c becomes ``x / (knorm + alpha / nsize * s) ** beta`` with s the sum of
    squares at the same place over the `nsize` channels around c. Krizhevsky, Sutskever and Hinton,
    ImageNet classification with deep convolutional neural networks, 2012.

    Parameters
    ----------
    data : NDArray or Symbol
        Shape (N, C, ...), floating dtype.
    alpha, beta, knorm : float, default 1e-4, 0.75 and 2
        As in the formula.
    nsize : int
        How many channels, an odd number.

    Returns
    -------
    NDArray or Symbol
        Same shape and dtype as `data`.

    Raises
    ------
    MXNetError
        If `nsize` is even, or data have less than two axes or hold whole numbers.

    Examples
    --------
    >>> mx.nd.LRN(mx.nd.array([[3]]), nsize=1, alpha=1, beta=0.5, knorm=7).asnumpy().tolist()
    [[0.75]]
    """
    require_floating(data)
    if nsize % 2 == 0 or data.dim() < 2:
        raise MXNetError(
            f"nsize is {nsize} and data has shape {tuple(data.shape)}, but nsize must be odd, and "
            "data have at least 2 dimensions"
        )
    wide = data.float() if data.dtype.itemsize == 2 else data
    if wide.requires_grad or not wide.is_contiguous():
        result = _lrn_of(wide, nsize, alpha / nsize, beta, knorm)
    else:
        result = torch.empty_like(wide)
        step = max(1, _CACHED // max(1, wide[:1].numel()))
        for images, out in zip(wide.split(step), result.split(step), strict=True):
            _lrn_into(out, images, nsize, alpha / nsize, beta, knorm)
    return result.to(data.dtype)


def _lrn_of(
    data: torch.Tensor, nsize: int, factor: float, beta: float, knorm: float
) -> torch.Tensor:
    """Return ``x / (knorm + factor * s) ** beta`` as :func:`lrn` does."""
    reach = nsize // 2
    squares = functional.pad(data.square(), (*[0, 0] * (data.dim() - 2), reach, reach))
    total = squares.narrow(1, 0, data.shape[1])
    for offset in range(1, nsize):
        total = total + squares.narrow(1, offset, data.shape[1])
    base = knorm + factor * total
    if beta == _USUAL_BETA:
        root = base.rsqrt()
        return data * root * root.sqrt()
    return data * base**-beta


def _lrn_into(
    out: torch.Tensor, images: torch.Tensor, nsize: int, factor: float, beta: float, knorm: float
) -> None:
    """Write what :func:`_lrn_of` gives for a few images to `out`, with few arrays between."""
    count, channels, *sizes = images.shape
    squares = images.new_zeros((count, channels + nsize - 1, *sizes))
    torch.mul(images, images, out=squares.narrow(1, nsize // 2, channels))
    base = torch.add(images.new_tensor(knorm), squares.narrow(1, 0, channels), alpha=factor)
    for offset in range(1, nsize):
        base.add_(squares.narrow(1, offset, channels), alpha=factor)
    if beta == _USUAL_BETA:
        root = base.rsqrt_()
        torch.mul(images, root, out=out).mul_(root.sqrt_())
    else:
        torch.mul(images, base.pow_(-beta), out=out)
