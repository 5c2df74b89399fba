"""Batch normalization in its variants.

Ioffe and Szegedy, Batch normalization: accelerating deep network training by reducing internal
covariate shift, 2015.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import torch

from ...base import MXNetError
from ..registry import Attrs, Backward, DTypes, Shapes, operator
from ..rules import PartialShape, unify
from .rules import agree, in_format_of, one_type, require_floating

aten = torch.ops.aten

_INPUTS = ("data", "gamma", "beta", "moving_mean", "moving_var")
_HALF = (torch.float16, torch.bfloat16)

# The defaults of the reference are float32 numbers; for BatchNorm they are held as float64.
_EPS = 0.0010000000474974513

Result = tuple[Any, ...]  # tensors, and None for a state that stays as it is


def _axis_of(axis: int, rank: int) -> int:
    """Return the axis of the channels, counted from the first."""
    if rank < 2 or not -rank <= axis < rank:
        raise MXNetError(f"axis is {axis}, but data have {rank} dimensions, and need at least 2")
    return axis % rank


def _shapes(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    """Parameters, states and statistics have one number per channel."""
    data: PartialShape = inputs[0] if outputs[0] is None else unify(inputs[0], outputs[0])
    if data is None:
        return inputs, outputs
    channels = (data[_axis_of(attrs.get("axis", 1), len(data))],)
    rest: list[PartialShape] = []
    for name, given in zip(_INPUTS[1:], inputs[1:], strict=True):
        if given is None or given == channels:
            rest.append(channels)
        else:
            rest.append(agree(name, given, channels, data, attrs))
    return [data, *rest], [data, channels, channels]


def _types(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    """Everything but data is float32 for 16-bit data, else of the dtype of data."""
    data = inputs[0] if inputs[0] is not None else outputs[0]
    if data is None:
        return inputs, outputs
    dtype = torch.float32 if data in _HALF else data
    if not data.is_floating_point:
        raise MXNetError(f"data is {data}, but must be of a floating dtype")
    return [data, *one_type(dtype, inputs[1:], _INPUTS[1:])], [data, dtype, dtype]


def _check(tensors: tuple[torch.Tensor, ...], axis: int) -> None:
    """Refuse parameters and states that do not have one number per channel."""
    require_floating(tensors[0])
    shape = tensors[0].shape
    channels = (shape[_axis_of(axis, len(shape))],)
    for tensor in tensors[1:]:
        if tensor.shape != channels:
            known = [tuple(t.shape) for t in tensors]
            _shapes(known, [None] * 3, {"axis": axis})


def _second(tensor: torch.Tensor, axis: int) -> torch.Tensor:
    """Return a view with the channels at axis 1, where torch has them."""
    return tensor if axis in (1, 1 - tensor.dim()) else tensor.movedim(axis, 1)


def _back(tensor: torch.Tensor, axis: int) -> torch.Tensor:
    """Undo `_second`."""
    return tensor if axis in (1, 1 - tensor.dim()) else tensor.movedim(1, axis)


def _of_batch(attrs: Attrs) -> bool:
    """Whether the statistics are those of the batch, not the moving ones."""
    return attrs["is_train"] and not attrs["use_global_stats"]


def _normalize(
    data: torch.Tensor,
    gamma: torch.Tensor,
    beta: torch.Tensor,
    moving_mean: torch.Tensor,
    moving_var: torch.Tensor,
    *,
    spread: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
    attrs: Attrs,
) -> Result:
    """Return output, mean, `spread` of (variance, inverse deviation), and the new moving ones."""
    axis, eps = attrs.get("axis", 1), attrs["eps"]
    _check((data, gamma, beta, moving_mean, moving_var), axis)
    x, weight = _second(data, axis), None if attrs["fix_gamma"] else gamma
    if weight is None and beta.requires_grad:
        weight = torch.ones_like(beta)  # torch's second derivative fails for beta without gamma
    moving_mean, moving_var = moving_mean.detach(), moving_var.detach()
    if not _of_batch(attrs):
        out = torch.native_batch_norm(x, weight, beta, moving_mean, moving_var, False, 0.0, eps)[0]
        if not attrs["output_mean_var"]:
            return _back(out, axis), moving_mean, moving_var, None, None
        spread_out = spread(moving_var, (moving_var + eps).rsqrt())
        return _back(out, axis), moving_mean.clone(), spread_out, None, None
    out, mean, inverse = torch.native_batch_norm(x, weight, beta, None, None, True, 0.0, eps)
    mean, inverse = mean.detach(), inverse.detach()
    var = inverse.pow(-2).sub_(eps).clamp_min_(0)
    momentum = attrs["momentum"]
    return (
        _back(out, axis),
        mean,
        spread(var, inverse),
        torch.lerp(mean, moving_mean, momentum),
        torch.lerp(var, moving_var, momentum),
    )


def _inverse(var: torch.Tensor, inverse: torch.Tensor) -> torch.Tensor:
    return inverse


def _variance(var: torch.Tensor, inverse: torch.Tensor) -> torch.Tensor:
    return var.clone()


def _gradient(b: Backward, inverse_of: Callable[[Backward], Any]) -> tuple[Any, ...]:
    """Return the gradients of data, gamma and beta; those of the statistics do not count."""
    data, gamma, _, moving_mean, moving_var = b.inputs
    attrs, axis = b.attrs, b.attrs.get("axis", 1)
    fixed = attrs["fix_gamma"]
    batch = _of_batch(attrs)
    x = _second(data, axis)
    found, slope, shift = aten.native_batch_norm_backward(
        in_format_of(_second(b.grads[0], axis), x),
        x,
        None if fixed else gamma,
        None if batch else moving_mean,
        None if batch else moving_var,
        b.outputs[1] if batch else None,
        inverse_of(b) if batch else None,
        batch,
        attrs["eps"],
        (b.needs[0], b.needs[1] and not fixed, b.needs[2]),
    )
    if fixed and b.needs[1]:
        slope = torch.zeros_like(gamma)
    return (
        _back(found, axis) if b.needs[0] else None,
        slope if b.needs[1] else None,
        shift if b.needs[2] else None,
        None,
        None,
    )


_NAMES = ("output", "mean", "var")
_STATES = ("moving_mean", "moving_var")


def _visible(attrs: Attrs) -> int:
    return 3 if attrs["output_mean_var"] else 1


batch_normalization = partial(
    operator,
    aux=_STATES,
    inits={"moving_var": '["one", {}]'},
    outputs=3,
    visible_outputs=_visible,
    output_names=_NAMES,
    no_gradient=(*_STATES, *_NAMES[1:]),
    shapes=_shapes,
    types=_types,
)


@batch_normalization("BatchNorm")
def batch_norm(
    data: torch.Tensor,
    gamma: torch.Tensor,
    beta: torch.Tensor,
    moving_mean: torch.Tensor,
    moving_var: torch.Tensor,
    *,
    eps: float = _EPS,
    momentum: float = 0.9,
    fix_gamma: bool = True,
    use_global_stats: bool = False,
    output_mean_var: bool = False,
    axis: int = 1,
    cudnn_off: bool = False,
    min_calib_range: float | None = None,
    max_calib_range: float | None = None,
    is_train: bool,
) -> Result:
    """Return data with mean 0 and variance 1 per channel, times gamma, plus beta.

    In training mean and variance are those of the batch, and the moving ones are updated:
    ``moving = momentum * moving + (1 - momentum) * of_batch`` with the biased variance. Otherwise,
    and with `use_global_stats`, they are the moving ones.

    Parameters
    ----------
    data : NDArray or Symbol
        At least two axes, floating dtype.
    gamma, beta : NDArray or Symbol
        Scale and shift, shape (channels,); float32 for 16-bit data.
    moving_mean, moving_var : NDArray or Symbol
        Auxiliary states, shape (channels,).
    eps : float, default 0.001
        Added to the variance.
    momentum : float, default 0.9
        What the moving statistics keep of themselves.
    fix_gamma : bool, default True
        Whether gamma counts as 1, with gradient 0.
    use_global_stats : bool, default False
        Whether to use the moving statistics also in training.
    output_mean_var : bool, default False
        Whether to return also the mean and 1 / sqrt(variance + eps) that were used.
    axis : int, default 1
        The axis of the channels; a negative one counts from the last.
    cudnn_off, min_calib_range, max_calib_range
        Accepted for old programs.

    Returns
    -------
    NDArray or Symbol
        Same shape and dtype as `data`; with `output_mean_var` a list of three.

    Raises
    ------
    MXNetError
        If there is no such axis, data hold whole numbers, or a parameter has another shape.

    Examples
    --------
    >>> x, one, zero = mx.nd.array([[1], [3]]), mx.nd.ones((1,)), mx.nd.zeros((1,))
    >>> with mx.autograd.record():
    ...     out = mx.nd.BatchNorm(x, one, zero, mx.nd.zeros((1,)), mx.nd.ones((1,)), eps=1e-5)
    >>> out.asnumpy().round(3).tolist()
    [[-1.0], [1.0]]
    """
    attrs = {"axis": axis, "eps": eps, "momentum": momentum, "fix_gamma": fix_gamma}
    attrs |= {"use_global_stats": use_global_stats, "is_train": is_train}
    attrs["output_mean_var"] = output_mean_var
    return _normalize(data, gamma, beta, moving_mean, moving_var, spread=_inverse, attrs=attrs)


@batch_norm.fast_gradient
def _(b: Backward):
    return _gradient(b, lambda b: b.outputs[2])


@batch_normalization("_contrib_BatchNormWithReLU")
def batch_norm_with_relu(
    data: torch.Tensor,
    gamma: torch.Tensor,
    beta: torch.Tensor,
    moving_mean: torch.Tensor,
    moving_var: torch.Tensor,
    *,
    eps: float = _EPS,
    momentum: float = 0.9,
    fix_gamma: bool = True,
    use_global_stats: bool = False,
    output_mean_var: bool = False,
    axis: int = 1,
    cudnn_off: bool = False,
    min_calib_range: float | None = None,
    max_calib_range: float | None = None,
    is_train: bool,
) -> Result:
    """Return the `BatchNorm` of data with negative elements set to 0; attributes as there.

    Examples
    --------
    >>> x, one, zero = mx.nd.array([[-2], [3]]), mx.nd.ones((1,)), mx.nd.zeros((1,))
    >>> out = mx.nd.contrib.BatchNormWithReLU(x, one, zero, zero.copy(), one.copy(), eps=0)
    >>> out.asnumpy().tolist()
    [[0.0], [3.0]]
    """
    attrs = {"axis": axis, "eps": eps, "momentum": momentum, "fix_gamma": fix_gamma}
    attrs |= {"use_global_stats": use_global_stats, "is_train": is_train}
    attrs["output_mean_var"] = output_mean_var
    result = _normalize(data, gamma, beta, moving_mean, moving_var, spread=_inverse, attrs=attrs)
    return torch.relu(result[0]), *result[1:]


def _inverse_of_variance(b: Backward) -> torch.Tensor:
    return (b.outputs[2] + b.attrs["eps"]).rsqrt()


@batch_normalization("BatchNorm_v1", unlisted=_STATES)
def batch_norm_v1(
    data: torch.Tensor,
    gamma: torch.Tensor,
    beta: torch.Tensor,
    moving_mean: torch.Tensor,
    moving_var: torch.Tensor,
    *,
    eps: float = 0.001,
    momentum: float = 0.9,
    fix_gamma: bool = True,
    use_global_stats: bool = False,
    output_mean_var: bool = False,
    is_train: bool,
) -> Result:
    """Return the `BatchNorm` of data along axis 1, as graphs of MXNet before 1.0 hold it.

    With `output_mean_var` the third output is the variance itself. The moving statistics are given
    by name alone.

    Examples
    --------
    >>> x, one, zero = mx.nd.array([[-2], [3]]), mx.nd.ones((1,)), mx.nd.zeros((1,))
    >>> states = {"moving_mean": zero.copy(), "moving_var": one.copy()}
    >>> mx.nd.BatchNorm_v1(x, one, zero, eps=0, **states).asnumpy().tolist()
    [[-2.0], [3.0]]
    """
    attrs = {"eps": eps, "momentum": momentum, "fix_gamma": fix_gamma, "is_train": is_train}
    attrs |= {"use_global_stats": use_global_stats, "output_mean_var": output_mean_var}
    return _normalize(data, gamma, beta, moving_mean, moving_var, spread=_variance, attrs=attrs)


@batch_norm_v1.fast_gradient
def _(b: Backward):
    return _gradient(b, _inverse_of_variance)


@batch_normalization("_contrib_SyncBatchNorm")
def sync_batch_norm(
    data: torch.Tensor,
    gamma: torch.Tensor,
    beta: torch.Tensor,
    moving_mean: torch.Tensor,
    moving_var: torch.Tensor,
    *,
    eps: float = 0.001,
    momentum: float = 0.9,
    fix_gamma: bool = True,
    use_global_stats: bool = False,
    output_mean_var: bool = False,
    ndev: int = 1,
    key: str,
    is_train: bool,
) -> Result:
    """Return the `BatchNorm` of data along axis 1, with the statistics of the batch of this call.

    Parameters
    ----------
    data, gamma, beta, moving_mean, moving_var
        As for `BatchNorm`.
    eps, momentum, fix_gamma, use_global_stats
        As for `BatchNorm`.
    output_mean_var : bool, default False
        Whether to return also the mean and the variance that were used.
    ndev, key
        Accepted for old programs: how many devices shared the batch, and the layer's name. One call
        here sees the whole batch.

    Returns
    -------
    NDArray or Symbol
        Same shape and dtype as `data`; with `output_mean_var` a list of three.

    Examples
    --------
    >>> x, one, zero = mx.nd.array([[-2], [3]]), mx.nd.ones((1,)), mx.nd.zeros((1,))
    >>> out = mx.nd.contrib.SyncBatchNorm(x, one, zero, zero.copy(), one.copy(), eps=0, key="bn")
    >>> out.asnumpy().tolist()
    [[-2.0], [3.0]]
    """
    attrs = {"eps": eps, "momentum": momentum, "fix_gamma": fix_gamma, "is_train": is_train}
    attrs |= {"use_global_stats": use_global_stats, "output_mean_var": output_mean_var}
    return _normalize(data, gamma, beta, moving_mean, moving_var, spread=_variance, attrs=attrs)


@sync_batch_norm.fast_gradient
def _(b: Backward):
    return _gradient(b, _inverse_of_variance)
