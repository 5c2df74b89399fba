"""Simple activations and other functions of one array with a kink or a constant."""

from __future__ import annotations

import math
from typing import Any

import torch
import torch.nn.functional as F

from ..registry import Backward
from .forms import elementwise, on_floats, refuse_bool, require_floats


@elementwise("relu", aliases=("_sparse_relu",))
def relu(data: torch.Tensor) -> torch.Tensor:
    """Return each element, but 0 for negative ones; the gradient at 0 is 0.

    Examples
    --------
    >>> mx.nd.relu(mx.nd.array([-1, 2])).asnumpy().tolist()
    [0.0, 2.0]
    """
    refuse_bool(data)
    return torch.relu(data)


@relu.fast_gradient
def _(b: Backward):
    return (torch.ops.aten.threshold_backward(b.grads[0], b.outputs[0], 0),)


@elementwise("sigmoid", aliases=("_sparse_sigmoid",))
def sigmoid(data: torch.Tensor) -> torch.Tensor:
    """Return 1 / (1 + exp(-x)) of each element x.

    Examples
    --------
    >>> print(mx.nd.sigmoid(mx.nd.array([0, 2])).asnumpy().round(4))
    [0.5    0.8808]
    """
    return on_floats(torch.sigmoid, data)


@sigmoid.fast_gradient
def _(b: Backward):
    return (torch.ops.aten.sigmoid_backward(b.grads[0], b.outputs[0]),)


class _Softsign(torch.autograd.Function):
    """x / (1 + abs(x)), whose derivative at infinity is 0 where torch's tape makes it NaN."""

    generate_vmap_rule = True

    @staticmethod
    def forward(x: torch.Tensor) -> torch.Tensor:
        return x / x.abs().add_(1)

    @staticmethod
    def setup_context(ctx: Any, inputs: Any, output: Any) -> None:
        ctx.save_for_backward(inputs[0])

    @staticmethod
    def backward(ctx: Any, grad: torch.Tensor) -> torch.Tensor:
        return softsign_gradient(grad, ctx.saved_tensors[0])


def softsign_of(x: torch.Tensor) -> torch.Tensor:
    """Return x / (1 + abs(x)) of a floating tensor."""
    return _Softsign.apply(x) if x.requires_grad else x / x.abs().add_(1)


def softsign_gradient(grad: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Return the gradient of `softsign_of` at x for its head gradient."""
    return grad / (1 + torch.abs(x)).square()


@elementwise("softsign")
def softsign(data: torch.Tensor) -> torch.Tensor:
    """Return x / (1 + abs(x)) of each element x.

    Examples
    --------
    >>> mx.nd.softsign(mx.nd.array([-1, 3])).asnumpy().tolist()
    [-0.5, 0.75]
    """
    return on_floats(softsign_of, data)


@softsign.fast_gradient
def _(b: Backward):
    return (softsign_gradient(b.grads[0], b.inputs[0]),)


@elementwise("hard_sigmoid")
def hard_sigmoid(data: torch.Tensor, *, alpha: float = 0.2, beta: float = 0.5) -> torch.Tensor:
    """Return ``alpha * x + beta`` of each element x, clipped to [0, 1].

    The gradient is `alpha` where the result lies strictly between 0 and 1, else 0.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape, floating dtype.
    alpha : float, default 0.2
        The slope.
    beta : float, default 0.5
        The value at 0.

    Returns
    -------
    NDArray or Symbol
        Same shape and dtype as `data`.

    Raises
    ------
    MXNetError
        If `data` holds integers.

    Examples
    --------
    >>> print(mx.nd.hard_sigmoid(mx.nd.array([-5, 0, 1])).asnumpy().round(4))
    [0.  0.5 0.7]
    """
    require_floats(data)
    return (data * alpha).add_(beta).clamp_(0, 1)


@hard_sigmoid.gradient
def _(b: Backward):
    out = b.outputs[0].detach()
    between = out.clone().gt_(0).mul_(out.clone().lt_(1))
    return (b.grads[0] * between * b.attrs["alpha"],)


@elementwise("smooth_l1")
def smooth_l1(data: torch.Tensor, *, scalar: float = 1.0) -> torch.Tensor:
    """Return the smooth L1 loss of each element (Girshick 2015, arXiv:1504.08083, equation 3).

    With s for `scalar` it is ``(s * x)**2 / 2`` where ``abs(x) < 1 / s**2``, else
    ``abs(x) - 1 / (2 * s**2)``.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape and dtype.
    scalar : float, default 1
        The parabola ends at its inverse square; 0 makes it flat and endless.

    Returns
    -------
    NDArray or Symbol
        Same shape and dtype as `data`.

    Examples
    --------
    >>> mx.nd.smooth_l1(mx.nd.array([0.5, -2]), scalar=1).asnumpy().tolist()
    [0.125, 1.5]
    """
    squared = scalar * scalar

    if not squared:
        return data * 0

    def loss(x: torch.Tensor) -> torch.Tensor:
        wide = x.float() if x.dtype is torch.float16 else x  # no 16-bit gradient before torch 2.7
        like = torch.zeros_like(wide)
        return F.smooth_l1_loss(wide, like, reduction="none", beta=1 / squared).to(x.dtype)

    return on_floats(loss, data)


def clamped(
    data: torch.Tensor, low: float | None = None, high: float | None = None
) -> torch.Tensor:
    """Return `data` within bounds, with a gradient that passes at the bounds too, but not at NaN.

    Torch's clamp has none at the bounds since version 2.14.
    """
    if not data.requires_grad:
        return _clamp(data, low, high)
    result = _clamp(data.detach(), low, high)
    return torch.where(data == result, data, result)


def _clamp(data: torch.Tensor, low: float | None, high: float | None) -> torch.Tensor:
    # Torch's clamp to one bound alone ignores a NaN before version 2.8.
    if low is not None and high is not None:
        return torch.clamp(data, low, high)
    if low is not None:
        return torch.clamp_min(data, low)
    return data if high is None else torch.clamp_max(data, high)


@elementwise("clip", aliases=("_sparse_clip",))
def clip(data: torch.Tensor, *, a_min: float, a_max: float) -> torch.Tensor:
    """Return each element, but `a_min` where it is less and `a_max` where it is more.

    The gradient passes where an element is kept, the bounds included.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape and dtype; of bounds for integers the fraction is cut.
    a_min, a_max : float
        The bounds.

    Returns
    -------
    NDArray or Symbol
        Same shape and dtype as `data`.

    Examples
    --------
    >>> mx.nd.clip(mx.nd.array([-1, 0.5, 2]), 0, 1).asnumpy().tolist()
    [0.0, 0.5, 1.0]
    """
    low: float = a_min
    high: float = a_max
    if not data.dtype.is_floating_point:
        limits = torch.iinfo(data.dtype)
        low, high = (int(min(max(bound, limits.min), limits.max)) for bound in (a_min, a_max))
    if a_min <= a_max:
        return clamped(data, low, high)
    # Bounds in the wrong order: as in MXNet the upper one is looked at first.
    return torch.where(data > high, high, torch.where(data < low, low, data))


@clip.fast_gradient
def _(b: Backward):
    kept = b.outputs[0].clone().eq_(b.inputs[0])
    return (b.grads[0] * kept,)


@elementwise("_contrib_div_sqrt_dim")
def div_sqrt_dim(data: torch.Tensor) -> torch.Tensor:
    """Return `data` over the square root of the length of its last axis, as attention needs it.

    Examples
    --------
    >>> mx.nd.contrib.div_sqrt_dim(mx.nd.ones((1, 4))).asnumpy().tolist()
    [[0.5, 0.5, 0.5, 0.5]]
    """
    return data / math.sqrt(data.shape[-1])


@elementwise("_contrib_quadratic")
def quadratic(
    data: torch.Tensor, *, a: float = 0.0, b: float = 0.0, c: float = 0.0
) -> torch.Tensor:
    """Return ``a * x**2 + b * x + c`` of each element x.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape and dtype.
    a, b, c : float, default 0
        The coefficients.

    Returns
    -------
    NDArray or Symbol
        Same shape and dtype as `data`.

    Examples
    --------
    >>> mx.nd.contrib.quadratic(mx.nd.array([1, 2]), a=1, b=2, c=3).asnumpy().tolist()
    [6.0, 11.0]
    """
    return on_floats(lambda x: (a * x + b) * x + c, data)


@elementwise("_contrib_gradientmultiplier", own_gradient=True)
def gradientmultiplier(
    data: torch.Tensor, *, scalar: float = 1.0, is_int: bool = True
) -> torch.Tensor:
    """Return `data`, with a gradient that is multiplied by `scalar` (negative: gradient reversal).

    Ganin and Lempitsky 2015, arXiv:1409.7495.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape and dtype.
    scalar : float, default 1
        The factor.
    is_int : bool, default True
        Whether `scalar` was given as an integer; it changes nothing.

    Returns
    -------
    NDArray or Symbol
        Same shape and dtype as `data`.

    Examples
    --------
    >>> x = mx.nd.array([1, 2])
    >>> x.attach_grad()
    >>> with mx.autograd.record():
    ...     y = mx.nd.contrib.gradientmultiplier(x, scalar=-0.5)
    >>> y.backward()
    >>> x.grad.asnumpy().tolist()
    [-0.5, -0.5]
    """
    return data.clone()


@gradientmultiplier.gradient
def _(b: Backward):
    return (b.grads[0] * b.attrs["scalar"],)
