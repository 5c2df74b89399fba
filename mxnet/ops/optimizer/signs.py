"""Updates that take only the direction of the gradient."""

from __future__ import annotations

import torch

from .rules import check, scaled, update


@update("signsgd_update")
def signsgd_update(
    weight: torch.Tensor,
    grad: torch.Tensor,
    *,
    lr: float,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
) -> torch.Tensor:
    """Return ``(1 - lr * wd) * weight - lr * sign(grad)``: signSGD (Bernstein et al., 2018).

    Parameters
    ----------
    weight, grad : NDArray or Symbol
        Weight and its gradient, of one shape and floating dtype.
    lr : float
        Learning rate.
    wd : float, default 0
        Weight decay.
    rescale_grad, clip_gradient : float
        Without effect on a sign; taken like those of other updates.

    Examples
    --------
    >>> w, g = mx.nd.array([1, 2]), mx.nd.array([0.1, -9])
    >>> mx.nd.signsgd_update(w, g, lr=0.5).asnumpy().tolist()
    [0.5, 2.5]
    """
    check(weight, grad=grad)
    return (weight * (1 - lr * wd)).sub_(grad.sign(), alpha=lr)


@update("signum_update", mutates=("mom",))
def signum_update(
    weight: torch.Tensor,
    grad: torch.Tensor,
    mom: torch.Tensor,
    *,
    lr: float,
    momentum: float = 0.0,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    wd_lh: float = 0.0,
) -> torch.Tensor:
    """Return the weight after a step along the sign of the momentum: Signum (Bernstein et al.).

    The state becomes ``mom = momentum * mom - (1 - momentum) * (clip(rescale_grad * grad) + wd *
    weight)`` and the weight ``(1 - lr * wd_lh) * weight + lr * sign(mom)``.

    Parameters
    ----------
    weight, grad, mom : NDArray or Symbol
        Weight, its gradient, and the momentum, of one shape and floating dtype.
    lr : float
        Learning rate.
    momentum : float, default 0
        How much of the momentum is kept.
    wd, rescale_grad, clip_gradient
        As for :func:`sgd_update`.
    wd_lh : float, default 0
        Weight decay beside the gradient, as Loshchilov and Hutter propose.
    """
    check(weight, grad=grad, mom=mom)
    grad = scaled(grad, rescale_grad, clip_gradient)
    fresh = 1 - momentum
    mom.mul_(momentum).sub_(weight, alpha=fresh * wd).sub_(grad, alpha=fresh)
    return (weight * (1 - lr * wd_lh)).add_(mom.sign(), alpha=lr)
