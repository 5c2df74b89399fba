"""Stochastic gradient descent with momentum, classical and Nesterov's, also in mixed precision."""

from __future__ import annotations

import torch

from .rules import Number, check, in_full_precision, low_precision_weight, scaled, subtract, update


def momentum_step(
    weight: torch.Tensor,
    grad: torch.Tensor,
    mom: torch.Tensor,
    lr: Number,
    momentum: float,
    wd: Number,
    rescale_grad: float,
    clip_gradient: float,
) -> torch.Tensor:
    """Return weight + mom after mom = momentum * mom - lr * (gradient + wd * weight)."""
    mom.mul_(momentum)
    if isinstance(wd, torch.Tensor) or wd:
        subtract(mom, weight, lr * wd)
    subtract(mom, scaled(grad, rescale_grad, clip_gradient), lr)
    return weight + mom


def nesterov_step(
    weight: torch.Tensor,
    grad: torch.Tensor,
    mom: torch.Tensor,
    lr: float,
    momentum: float,
    wd: float,
    rescale_grad: float,
    clip_gradient: float,
) -> torch.Tensor:
    """Return the weight after a step with the momentum looked ahead, which is written to mom."""
    grad = scaled(grad, rescale_grad, clip_gradient).add(weight, alpha=wd)
    mom.mul_(momentum).sub_(grad, alpha=lr)
    return weight.add(mom, alpha=momentum).sub_(grad, alpha=lr)


@update("sgd_mom_update", aliases=("_sparse_sgd_mom_update",), mutates=("mom",))
def sgd_mom_update(
    weight: torch.Tensor,
    grad: torch.Tensor,
    mom: torch.Tensor,
    *,
    lr: float,
    momentum: float = 0.0,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    lazy_update: bool = True,
) -> torch.Tensor:
    """Return the weight after a step of stochastic gradient descent with momentum.

    The step ``mom = momentum * mom - lr * (clip(rescale_grad * grad) + wd * weight)`` is written
    to `mom` and added to the weight.

    Parameters
    ----------
    weight, grad, mom : NDArray or Symbol
        Weight, its gradient, and the last step, of one shape and floating dtype.
    lr : float
        Learning rate.
    momentum : float, default 0
        How much of the last step is kept.
    wd, rescale_grad, clip_gradient, lazy_update
        As for :func:`sgd_update`.

    Returns
    -------
    NDArray or Symbol
        The new weight.

    Examples
    --------
    >>> w, g, m = mx.nd.array([1]), mx.nd.array([2]), mx.nd.array([-1])
    >>> mx.nd.sgd_mom_update(w, g, m, lr=0.5, momentum=0.5, out=w).asnumpy().tolist()
    [-0.5]
    >>> m.asnumpy().tolist()
    [-1.5]
    """
    check(weight, grad=grad, mom=mom)
    return momentum_step(weight, grad, mom, lr, momentum, wd, rescale_grad, clip_gradient)


@update("mp_sgd_mom_update", mutates=("mom", "weight32"), types=low_precision_weight)
def mp_sgd_mom_update(
    weight: torch.Tensor,
    grad: torch.Tensor,
    mom: torch.Tensor,
    weight32: torch.Tensor,
    *,
    lr: float,
    momentum: float = 0.0,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    lazy_update: bool = True,
) -> torch.Tensor:
    """Update the float32 copy `weight32` as :func:`sgd_mom_update`, and return it in 16 bits."""
    check(weight, grad=grad, mom=mom, weight32=weight32)
    rest = (mom, lr, momentum, wd, rescale_grad, clip_gradient)
    return in_full_precision(momentum_step, weight32, grad, *rest)


@update("nag_mom_update", mutates=("mom",))
def nag_mom_update(
    weight: torch.Tensor,
    grad: torch.Tensor,
    mom: torch.Tensor,
    *,
    lr: float,
    momentum: float = 0.0,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
) -> torch.Tensor:
    """Return the weight after a step of Nesterov's accelerated gradient.

    With ``g = clip(rescale_grad * grad) + wd * weight`` the state becomes
    ``mom = momentum * mom - lr * g`` and the weight ``weight + momentum * mom - lr * g``.
    Parameters are those of :func:`sgd_mom_update`.
    """
    check(weight, grad=grad, mom=mom)
    return nesterov_step(weight, grad, mom, lr, momentum, wd, rescale_grad, clip_gradient)


@update("mp_nag_mom_update", mutates=("mom", "weight32"), types=low_precision_weight)
def mp_nag_mom_update(
    weight: torch.Tensor,
    grad: torch.Tensor,
    mom: torch.Tensor,
    weight32: torch.Tensor,
    *,
    lr: float,
    momentum: float = 0.0,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
) -> torch.Tensor:
    """Update the float32 copy `weight32` as :func:`nag_mom_update`, and return it in 16 bits."""
    check(weight, grad=grad, mom=mom, weight32=weight32)
    rest = (mom, lr, momentum, wd, rescale_grad, clip_gradient)
    return in_full_precision(nesterov_step, weight32, grad, *rest)
