"""LAMB in two phases, and LARS: steps in proportion to the norm of the weight."""

from __future__ import annotations

import torch

from ..registry import DTypes
from ..rules import same_types
from .rules import (
    Number,
    check,
    check_single,
    numbers_last,
    scaled,
    subtract,
    update,
)


def lamb_direction(
    weight: torch.Tensor,
    grad: torch.Tensor,
    mean: torch.Tensor,
    var: torch.Tensor,
    t: int,
    beta1: float,
    beta2: float,
    epsilon: float,
    bias_correction: bool,
    wd: float,
    rescale_grad: float,
    clip_gradient: float,
) -> torch.Tensor:
    """Write the states, and return the direction of LAMB's step before it is scaled."""
    grad = scaled(grad, rescale_grad, clip_gradient)
    mean.mul_(beta1).add_(grad, alpha=1 - beta1)
    var.mul_(beta2).addcmul_(grad, grad, value=1 - beta2)
    first, second = (
        (mean / (1 - beta1**t), var / (1 - beta2**t)) if bias_correction else (mean, var)
    )
    return (first / second.sqrt().add_(epsilon)).add_(weight, alpha=wd)


def lamb_move(
    weight: torch.Tensor,
    direction: torch.Tensor,
    weight_norm: torch.Tensor,
    direction_norm: torch.Tensor,
    lr: Number,
    lower_bound: float,
    upper_bound: float,
) -> torch.Tensor:
    """Return the weight after a step whose length is in proportion to the weight's norm."""
    if upper_bound >= 0:
        weight_norm = weight_norm.clamp(max=upper_bound)
    if lower_bound >= 0:
        weight_norm = weight_norm.clamp(min=lower_bound)
    usable = (weight_norm != 0) & (direction_norm != 0)
    ratio = torch.where(usable, weight_norm / direction_norm, 1)
    return subtract(weight.clone(), direction, lr * ratio)


@update("lamb_update_phase1", mutates=("mean", "var"))
def lamb_update_phase1(
    weight: torch.Tensor,
    grad: torch.Tensor,
    mean: torch.Tensor,
    var: torch.Tensor,
    *,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-6,
    t: int,
    bias_correction: bool = True,
    wd: float,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
) -> torch.Tensor:
    """Return the direction of a step of LAMB (You et al., 2019), to be scaled by phase 2.

    With ``g = clip(rescale_grad * grad)`` the states become
    ``mean = beta1 * mean + (1 - beta1) * g`` and ``var = beta2 * var + (1 - beta2) * g**2``. The
    direction is ``m / (sqrt(v) + epsilon) + wd * weight``, where m and v are the states, divided by
    ``1 - beta**t`` for bias correction.

    Parameters
    ----------
    weight, grad, mean, var : NDArray or Symbol
        Weight, its gradient, and the two states, of one shape and floating dtype.
    beta1, beta2 : float, default 0.9 and 0.999
        How much of each state is kept.
    epsilon : float, default 1e-6
        Added to the denominator.
    t : int
        Number of this step, from 1.
    bias_correction : bool, default True
        Whether the states are corrected for their start at 0.
    wd : float
        Weight decay.
    rescale_grad, clip_gradient
        As for :func:`sgd_update`.

    Returns
    -------
    NDArray or Symbol
        The direction, of the weight's shape.
    """
    check(weight, grad=grad, mean=mean, var=var)
    rest = (t, beta1, beta2, epsilon, bias_correction, wd, rescale_grad, clip_gradient)
    return lamb_direction(weight, grad, mean, var, *rest)


@update("mp_lamb_update_phase1", mutates=("mean", "var"))
def mp_lamb_update_phase1(
    weight: torch.Tensor,
    grad: torch.Tensor,
    mean: torch.Tensor,
    var: torch.Tensor,
    weight32: torch.Tensor,
    *,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-6,
    t: int,
    bias_correction: bool = True,
    wd: float,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
) -> torch.Tensor:
    """Return the direction of :func:`lamb_update_phase1` for the float32 copy `weight32`."""
    check(weight, grad=grad, mean=mean, var=var, weight32=weight32)
    rest = (t, beta1, beta2, epsilon, bias_correction, wd, rescale_grad, clip_gradient)
    return lamb_direction(weight32, grad.to(weight32.dtype), mean, var, *rest)


@mp_lamb_update_phase1.type_rule
def _(inputs: DTypes, outputs: DTypes, attrs):
    low, _ = same_types(inputs[:2], [], attrs)
    full, result = same_types([torch.float32, *inputs[2:]], outputs, attrs)
    return [*low, *full[1:]], result


@update("lamb_update_phase2", shapes=numbers_last(2), own_gradient=True)
def lamb_update_phase2(
    weight: torch.Tensor,
    g: torch.Tensor,
    r1: torch.Tensor,
    r2: torch.Tensor,
    *,
    lr: float,
    lower_bound: float = -1.0,
    upper_bound: float = -1.0,
) -> torch.Tensor:
    """Return ``weight - lr * r1 / r2 * g``: the scaled step of LAMB (You et al., 2019).

    Parameters
    ----------
    weight, g : NDArray or Symbol
        Weight, and the direction that phase 1 returned, of one shape and floating dtype.
    r1, r2 : NDArray or Symbol
        Norms of the weight and of the direction, shape (1,). Where one is 0 the ratio counts as 1.
    lr : float
        Learning rate.
    lower_bound, upper_bound : float, default -1
        Bounds of `r1`; negative ones bound nothing.

    Returns
    -------
    NDArray or Symbol
        The new weight.

    Examples
    --------
    >>> w, g = mx.nd.array([3, 4]), mx.nd.array([0, 1])
    >>> mx.nd.lamb_update_phase2(w, g, w.norm(), g.norm(), lr=0.1).asnumpy().tolist()
    [3.0, 3.5]
    """
    check(weight, g=g)
    check_single(r1=r1, r2=r2)
    return lamb_move(weight, g, r1, r2, lr, lower_bound, upper_bound)


@update("mp_lamb_update_phase2", mutates=("weight32",))
def mp_lamb_update_phase2(
    weight: torch.Tensor,
    g: torch.Tensor,
    r1: torch.Tensor,
    r2: torch.Tensor,
    weight32: torch.Tensor,
    *,
    lr: float,
    lower_bound: float = -1.0,
    upper_bound: float = -1.0,
) -> torch.Tensor:
    """Move the float32 copy `weight32` as :func:`lamb_update_phase2`; return it in 16 bits."""
    check(weight, g=g, weight32=weight32)
    check_single(r1=r1, r2=r2)
    weight32.copy_(lamb_move(weight32, g, r1, r2, lr, lower_bound, upper_bound))
    return weight32.to(weight.dtype)


@mp_lamb_update_phase2.shape_rule
def _(inputs, outputs, attrs):
    weight, g, r1, r2, weight32 = inputs
    arrays, numbers = [weight, g, weight32], [r1, r2]
    (weight, g, weight32, r1, r2), results = numbers_last(2)([*arrays, *numbers], outputs, attrs)
    return [weight, g, r1, r2, weight32], results


@mp_lamb_update_phase2.type_rule
def _(inputs, outputs, attrs):
    weight, result = same_types(inputs[:1], outputs, attrs)
    full, _ = same_types([torch.float32, *inputs[1:]], [], attrs)
    return [*weight, *full[1:]], result


@update("multi_lars", own_gradient=True)
def multi_lars(
    lrs: torch.Tensor,
    weights_sum_sq: torch.Tensor,
    grads_sum_sq: torch.Tensor,
    wds: torch.Tensor,
    *,
    eta: float,
    eps: float,
    rescale_grad: float = 1.0,
) -> torch.Tensor:
    """Return the learning rates of layers as LARS scales them (You et al., 2017).

    The factor is ``eta * |weight| / (rescale_grad * |grad| + wd * |weight| + eps)`` where both
    norms are positive, and 1 elsewhere.

    Parameters
    ----------
    lrs : NDArray or Symbol
        Learning rate of each layer, shape (layers,), floating dtype.
    weights_sum_sq, grads_sum_sq : NDArray or Symbol
        Sum of the squares of each layer's weight and gradient, as `multi_sum_sq` gives them.
    wds : NDArray or Symbol
        Weight decay of each layer.
    eta : float
        Trust coefficient.
    eps : float
        Added to the denominator.
    rescale_grad : float, default 1
        Factor of the gradients.

    Examples
    --------
    >>> lrs, ones = mx.nd.array([1, 2]), mx.nd.array([1, 0])
    >>> mx.nd.multi_lars(lrs, ones * 4, ones, ones * 0, eta=0.5, eps=0).asnumpy().tolist()
    [1.0, 2.0]
    """
    check(lrs, weights_sum_sq=weights_sum_sq, grads_sum_sq=grads_sum_sq, wds=wds)
    weight_norm, grad_norm = weights_sum_sq.sqrt(), grads_sum_sq.sqrt()
    factor = eta * weight_norm / (rescale_grad * grad_norm + wds * weight_norm + eps)
    return lrs * torch.where((weights_sum_sq > 0) & (grads_sum_sq > 0), factor, 1)
