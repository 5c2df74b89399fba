"""Updates that divide by a running size of the gradient: FTRL, FTML and RMSProp."""

from __future__ import annotations

import torch

from ..attributes import Fraction
from .rules import check, clipped, decayed, scaled, update


@update("ftrl_update", aliases=("_sparse_ftrl_update",), mutates=("z", "n"))
def ftrl_update(
    weight: torch.Tensor,
    grad: torch.Tensor,
    z: torch.Tensor,
    n: torch.Tensor,
    *,
    lr: float,
    lamda1: float = 0.01,
    beta: float = 1.0,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
) -> torch.Tensor:
    """Return the weight after a step of FTRL-proximal (McMahan et al., 2013).

    With ``g = clip(rescale_grad * grad)`` the states become ``z += g - (sqrt(n + g**2) - sqrt(n)) *
    weight / lr`` and ``n += g**2``. The weight is 0 where ``abs(z) <= lamda1``, else
    ``(sign(z) * lamda1 - z) / ((beta + sqrt(n)) / lr + wd)``.

    Parameters
    ----------
    weight, grad, z, n : NDArray or Symbol
        Weight, its gradient, and the two states, of one shape and floating dtype.
    lr : float
        Learning rate.
    lamda1 : float, default 0.01
        L1 regularization.
    beta : float, default 1
        Added to the root of `n`.
    wd, rescale_grad, clip_gradient
        As for :func:`sgd_update`; `wd` is the L2 regularization.

    Returns
    -------
    NDArray or Symbol
        The new weight.
    """
    check(weight, grad=grad, z=z, n=n)
    grad = scaled(grad, rescale_grad, clip_gradient)
    root = n.sqrt()
    n.addcmul_(grad, grad)
    new_root = n.sqrt()
    z.add_(grad).sub_((new_root - root) * weight / lr)
    moved = (z.sign() * lamda1 - z) / ((beta + new_root) / lr + wd)
    return moved.masked_fill_(z.abs() <= lamda1, 0)


@update("ftml_update", mutates=("d", "v", "z"))
def ftml_update(
    weight: torch.Tensor,
    grad: torch.Tensor,
    d: torch.Tensor,
    v: torch.Tensor,
    z: torch.Tensor,
    *,
    lr: float,
    beta1: Fraction = 0.6,
    beta2: Fraction = 0.999,
    epsilon: float = 1e-8,
    t: int,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_grad: float = -1.0,
) -> torch.Tensor:
    """Return the weight after a step of FTML, follow the moving leader (Zheng and Kwok, 2017).

    With ``g = clip(rescale_grad * grad + wd * weight)`` the states become ``v = beta2 * v +
    (1 - beta2) * g**2``, ``d' = (1 - beta1**t) / lr * (sqrt(v / (1 - beta2**t)) + epsilon)`` and
    ``z = beta1 * z + (1 - beta1) * g - (d' - beta1 * d) * weight``; the weight is ``-z / d'``.

    Parameters
    ----------
    weight, grad, d, v, z : NDArray or Symbol
        Weight, its gradient, and the three states, of one shape and floating dtype.
    lr : float
        Learning rate.
    beta1, beta2 : float from 0 to 1, default 0.6 and 0.999
        How much of the states is kept.
    epsilon : float, default 1e-8
        Added to the root.
    t : int
        Number of this step, from 1.
    wd, rescale_grad, clip_grad
        As wd, rescale_grad and clip_gradient of :func:`adam_update`.

    Returns
    -------
    NDArray or Symbol
        The new weight.
    """
    check(weight, grad=grad, d=d, v=v, z=z)
    grad = decayed(weight, grad, wd, rescale_grad, clip_grad)
    v.mul_(beta2).addcmul_(grad, grad, value=1 - beta2)
    new_d = (v / (1 - beta2**t)).sqrt_().add_(epsilon).mul_(1 - beta1**t).div_(lr)
    z.mul_(beta1).add_(grad, alpha=1 - beta1).sub_((new_d - beta1 * d) * weight)
    d.copy_(new_d)
    return -z / new_d


@update("rmsprop_update", mutates=("n",))
def rmsprop_update(
    weight: torch.Tensor,
    grad: torch.Tensor,
    n: torch.Tensor,
    *,
    lr: float,
    gamma1: float = 0.95,
    epsilon: float = 1e-8,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    clip_weights: float = -1.0,
) -> torch.Tensor:
    """Return the weight after a step of RMSProp (Tieleman and Hinton, 2012).

    With ``g = clip(rescale_grad * grad + wd * weight)`` the state becomes ``n = gamma1 * n +
    (1 - gamma1) * g**2`` and the weight ``weight - lr * g / sqrt(n + epsilon)``.

    Parameters
    ----------
    weight, grad, n : NDArray or Symbol
        Weight, its gradient, and the state, of one shape and floating dtype.
    lr : float
        Learning rate.
    gamma1 : float, default 0.95
        How much of the state is kept.
    epsilon : float, default 1e-8
        Added below the root.
    wd, rescale_grad, clip_gradient
        As for :func:`adam_update`.
    clip_weights : float, default -1
        Bound of the new weight's elements; a negative one clips nothing.

    Returns
    -------
    NDArray or Symbol
        The new weight.
    """
    check(weight, grad=grad, n=n)
    grad = decayed(weight, grad, wd, rescale_grad, clip_gradient)
    n.mul_(gamma1).addcmul_(grad, grad, value=1 - gamma1)
    root = (n + epsilon).sqrt_()
    return clipped(torch.addcdiv(weight, grad, root, value=-lr, out=root), clip_weights)


@update("rmspropalex_update", mutates=("n", "g", "delta"))
def rmspropalex_update(
    weight: torch.Tensor,
    grad: torch.Tensor,
    n: torch.Tensor,
    g: torch.Tensor,
    delta: torch.Tensor,
    *,
    lr: float,
    gamma1: float = 0.95,
    gamma2: float = 0.9,
    epsilon: float = 1e-8,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    clip_weights: float = -1.0,
) -> torch.Tensor:
    """Return the weight after a step of centered RMSProp with momentum (Graves, 2013).

    States follow the gradient's square (`n`) and the gradient itself (`g`) with `gamma1`; the step
    ``delta = gamma2 * delta - lr * gradient / sqrt(n - g**2 + epsilon)`` is added to the weight.

    Parameters
    ----------
    weight, grad, n, g, delta : NDArray or Symbol
        Weight, its gradient, and the three states, of one shape and floating dtype.
    lr : float
        Learning rate.
    gamma1, gamma2 : float, default 0.95 and 0.9
        How much is kept of `n` and `g`, and of `delta`.
    epsilon, wd, rescale_grad, clip_gradient, clip_weights
        As for :func:`rmsprop_update`.

    Returns
    -------
    NDArray or Symbol
        The new weight.
    """
    check(weight, grad=grad, n=n, g=g, delta=delta)
    grad = decayed(weight, grad, wd, rescale_grad, clip_gradient)
    n.mul_(gamma1).addcmul_(grad, grad, value=1 - gamma1)
    g.mul_(gamma1).add_(grad, alpha=1 - gamma1)
    spread = torch.addcmul(n, g, g, value=-1).add_(epsilon).sqrt_()
    delta.mul_(gamma2).addcdiv_(grad, spread, value=-lr)
    return clipped(weight + delta, clip_weights)
