"""Adam and AdamW."""

from __future__ import annotations

import math

import torch

from .rules import (
    check,
    clipped,
    decayed,
    float32_last,
    in_full_precision,
    low_precision_weight,
    numbers_last,
    scaled,
    update,
)

_LARGE = 2**14
"""Elements from which the fused kernel is faster."""


@update("adam_update", aliases=("_sparse_adam_update",), mutates=("mean", "var"))
def adam_update(
    weight: torch.Tensor,
    grad: torch.Tensor,
    mean: torch.Tensor,
    var: torch.Tensor,
    *,
    lr: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    lazy_update: bool = True,
) -> torch.Tensor:
    """Return the weight after a step of Adam (Kingma and Ba, 2014) without bias correction.

    With ``g = clip(rescale_grad * grad + wd * weight)`` the states become
    ``mean = beta1 * mean + (1 - beta1) * g`` and ``var = beta2 * var + (1 - beta2) * g**2``, and
    the weight ``weight - lr * mean / (sqrt(var) + epsilon)``. The caller corrects the bias by lr.

    Parameters
    ----------
    weight, grad, mean, var : NDArray or Symbol
        Weight, its gradient, and the two states, of one shape and floating dtype.
    lr : float
        Learning rate.
    beta1, beta2 : float, default 0.9 and 0.999
        How much of each state is kept.
    epsilon : float, default 1e-8
        Added to the denominator.
    wd, rescale_grad, clip_gradient, lazy_update
        As for :func:`sgd_update`, but the decay is part of what is clipped.

    Returns
    -------
    NDArray or Symbol
        The new weight.

    Examples
    --------
    >>> w, g, m, v = (mx.nd.array([x]) for x in (1, 2, 0, 0))
    >>> mx.nd.adam_update(w, g, m, v, lr=0.1).asnumpy().round(4).tolist()
    [0.6838]
    >>> m.asnumpy().round(4).tolist(), v.asnumpy().round(4).tolist()
    ([0.2], [0.004])
    """
    check(weight, grad=grad, mean=mean, var=var)
    if clip_gradient < 0 and _takes_fused_kernel(weight, grad, mean, var):
        grad, stepped = scaled(grad, rescale_grad, -1), weight.clone()
        # After infinitely many steps there is no bias left to correct.
        torch._fused_adam_(
            [stepped], [grad], [mean], [var], [], [torch.tensor(math.inf)], lr=lr, beta1=beta1,
            beta2=beta2, weight_decay=wd, eps=epsilon, amsgrad=False, maximize=False,
        )  # fmt: skip
        return stepped
    grad = decayed(weight, grad, wd, rescale_grad, clip_gradient)
    mean.mul_(beta1).add_(grad, alpha=1 - beta1)
    var.mul_(beta2).addcmul_(grad, grad, value=1 - beta2)
    step = torch.div(mean, var.sqrt().add_(epsilon))
    return step.mul_(-lr).add_(weight)


def _takes_fused_kernel(*arrays: torch.Tensor) -> bool:
    """Tell whether torch's kernel for the whole step takes these, which costs half the passes."""
    return arrays[0].numel() >= _LARGE and all(
        array.dtype is torch.float32 and array.device.type == "cpu" and array.is_contiguous()
        for array in arrays
    )


def adamw_step(
    weight: torch.Tensor,
    grad: torch.Tensor,
    mean: torch.Tensor,
    var: torch.Tensor,
    rescale_grad: torch.Tensor,
    lr: float,
    eta: float,
    beta1: float,
    beta2: float,
    epsilon: float,
    wd: float,
    clip_gradient: float,
) -> torch.Tensor:
    """Return the weight after a step of AdamW; nothing changes where `rescale_grad` is no number.

    A loss scaler sets it to NaN, infinity or 0 to skip a step. Its value stays on its device.
    """
    scale = rescale_grad.reshape(-1)[0].to(weight.dtype)
    taken = scale.isfinite() & (scale != 0)
    one, zero = torch.ones_like(scale), torch.zeros_like(scale)
    grad = clipped(torch.where(taken, grad * scale, zero), clip_gradient)
    mean.mul_(torch.where(taken, beta1 * one, one))
    mean.add_(grad, alpha=1 - beta1)  # a skipped step's gradient is 0
    var.mul_(torch.where(taken, beta2 * one, one)).addcmul_(grad, grad, value=1 - beta2)
    step = (mean / var.sqrt().add_(epsilon)).mul_(lr).add_(weight, alpha=wd)
    return weight - step.mul_(torch.where(taken, eta * one, zero))


@update("_adamw_update", mutates=("mean", "var"), shapes=numbers_last(1), types=float32_last)
def adamw_update(
    weight: torch.Tensor,
    grad: torch.Tensor,
    mean: torch.Tensor,
    var: torch.Tensor,
    rescale_grad: torch.Tensor,
    *,
    lr: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
    wd: float = 0.0,
    eta: float,
    clip_gradient: float = -1.0,
) -> torch.Tensor:
    """Return the weight after a step of AdamW (Loshchilov and Hutter, 2017).

    With ``g = clip(rescale_grad * grad)`` the states change as in :func:`adam_update`, and the
    weight becomes ``weight - eta * (lr * mean / (sqrt(var) + epsilon) + wd * weight)``. Where
    `rescale_grad` is NaN, infinite or 0 the step is skipped: weight and states stay.

    Parameters
    ----------
    weight, grad, mean, var : NDArray or Symbol
        Weight, its gradient, and the two states, of one shape and floating dtype.
    rescale_grad : NDArray or Symbol
        Factor of the gradient, one float32 number.
    lr, eta : float
        Learning rate, and the schedule's multiplier of the whole step.
    beta1, beta2, epsilon : float
        As for :func:`adam_update`.
    wd : float, default 0
        Weight decay, beside the gradient.
    clip_gradient : float, default -1
        Bound of the scaled gradient's elements; a negative one clips nothing.

    Returns
    -------
    NDArray or Symbol
        The new weight.
    """
    check(weight, grad=grad, mean=mean, var=var)
    rest = (lr, eta, beta1, beta2, epsilon, wd, clip_gradient)
    return adamw_step(weight, grad, mean, var, rescale_grad, *rest)


@update(
    "_mp_adamw_update",
    mutates=("mean", "var", "weight32"),
    shapes=numbers_last(1),
    types=low_precision_weight,
)
def mp_adamw_update(
    weight: torch.Tensor,
    grad: torch.Tensor,
    mean: torch.Tensor,
    var: torch.Tensor,
    weight32: torch.Tensor,
    rescale_grad: torch.Tensor,
    *,
    lr: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
    wd: float = 0.0,
    eta: float,
    clip_gradient: float = -1.0,
) -> torch.Tensor:
    """Update the float32 copy `weight32` as :func:`adamw_update`, and return it in 16 bits."""
    check(weight, grad=grad, mean=mean, var=var, weight32=weight32)
    rest = (lr, eta, beta1, beta2, epsilon, wd, clip_gradient)
    return in_full_precision(adamw_step, weight32, grad, mean, var, rescale_grad, *rest)
