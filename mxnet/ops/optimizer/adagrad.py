"""AdaGrad: for each element, and for whole rows."""

from __future__ import annotations

import torch

from ...base import MXNetError
from ..rules import unify
from .rules import check, scaled, update


@update("_sparse_adagrad_update", mutates=("history",))
def sparse_adagrad_update(
    weight: torch.Tensor,
    grad: torch.Tensor,
    history: torch.Tensor,
    *,
    lr: float,
    epsilon: float = 1e-7,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
) -> torch.Tensor:
    """Return the weight after a step of AdaGrad (Duchi et al., 2011).

    With ``g = clip(rescale_grad * grad)`` the state becomes ``history += g**2`` and the weight
    ``weight - lr * g / sqrt(history + epsilon)``, so that rows without a gradient stay.

    Parameters
    ----------
    weight, grad, history : NDArray
        Weight, its gradient, and the state, of one shape and floating dtype.
    lr : float
        Learning rate.
    epsilon : float, default 1e-7
        Added below the root.
    wd : float, default 0
        Must be 0: decay would change every row.
    rescale_grad, clip_gradient
        As for :func:`sgd_update`.

    Returns
    -------
    NDArray
        The new weight.

    Raises
    ------
    MXNetError
        If `wd` is not 0.
    """
    if wd:
        raise MXNetError(f"wd is {wd}, but must be 0: decay would change rows without a gradient")
    check(weight, grad=grad, history=history)
    grad = scaled(grad, rescale_grad, clip_gradient)
    history.addcmul_(grad, grad)
    return weight.addcdiv(grad, (history + epsilon).sqrt_(), value=-lr)


@update("_contrib_group_adagrad_update", mutates=("history",), shapes=None)
def group_adagrad_update(
    weight: torch.Tensor,
    grad: torch.Tensor,
    history: torch.Tensor,
    *,
    lr: float,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    epsilon: float = 1e-5,
) -> torch.Tensor:
    """Return the weight after a step of AdaGrad with one state for each row.

    With ``g = clip(rescale_grad * grad)`` the state becomes ``history += mean(g**2)``, a mean over
    each row, and the weight ``weight - lr * g / sqrt(history + epsilon)``.

    Parameters
    ----------
    weight, grad : NDArray or Symbol
        Weight and its gradient, of one shape (rows, ...) and floating dtype.
    history : NDArray or Symbol
        The state, shape (rows,) or (rows, 1).
    lr : float
        Learning rate.
    rescale_grad, clip_gradient
        As for :func:`sgd_update`.
    epsilon : float, default 1e-5
        Added below the root.

    Returns
    -------
    NDArray or Symbol
        The new weight.

    Examples
    --------
    >>> w, g, h = mx.nd.array([[1, 2]]), mx.nd.array([[3, 3]]), mx.nd.array([7])
    >>> mx.nd.contrib.group_adagrad_update(w, g, h, lr=1, epsilon=0).asnumpy().tolist()
    [[0.25, 1.25]]
    >>> h.asnumpy().tolist()
    [16.0]
    """
    check(weight, grad=grad)
    if history.numel() != len(weight):
        raise MXNetError(
            f"history has shape {tuple(history.shape)}, but must hold one number for each of "
            f"{len(weight)} rows"
        )
    grad = scaled(grad, rescale_grad, clip_gradient)
    history.add_(grad.square().flatten(1).mean(1).reshape(history.shape))
    size = (history + epsilon).sqrt_().reshape(-1, *[1] * (weight.ndim - 1))
    return weight.addcdiv(grad, size, value=-lr)


@group_adagrad_update.shape_rule
def _(inputs, outputs, attrs):
    whole = unify(unify(inputs[0], inputs[1]), outputs[0])
    return [whole, whole, inputs[2]], [whole]
