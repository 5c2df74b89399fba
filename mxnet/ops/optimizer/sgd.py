"""Stochastic gradient descent: plain, and in mixed precision."""

from __future__ import annotations

import torch

from .rules import Number, check, in_full_precision, low_precision_weight, scaled, subtract, update


def sgd_step(
    weight: torch.Tensor,
    grad: torch.Tensor,
    lr: Number,
    wd: Number,
    rescale_grad: float,
    clip_gradient: float,
) -> torch.Tensor:
    """Return (1 - lr * wd) * weight - lr * gradient, the gradient scaled and clipped."""
    return subtract(weight * (1 - lr * wd), scaled(grad, rescale_grad, clip_gradient), lr)


@update("sgd_update", aliases=("_sparse_sgd_update",))
def sgd_update(
    weight: torch.Tensor,
    grad: torch.Tensor,
    *,
    lr: float,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    lazy_update: bool = True,
) -> torch.Tensor:
    """Return the weight after a step of stochastic gradient descent.

    The new weight is ``(1 - lr * wd) * weight - lr * clip(rescale_grad * grad)``. It is returned
    and not written: give ``out=weight`` for that.

    Parameters
    ----------
    weight, grad : NDArray or Symbol
        Weight and its gradient, of one shape and floating dtype.
    lr : float
        Learning rate.
    wd : float, default 0
        Weight decay.
    rescale_grad : float, default 1
        Factor of the gradient, such as 1 / batch size.
    clip_gradient : float, default -1
        Bound of the scaled gradient's elements; a negative one clips nothing.
    lazy_update : bool, default True
        Whether a row-sparse gradient changes only the rows that it holds.

    Returns
    -------
    NDArray or Symbol
        The new weight.

    Examples
    --------
    >>> w, g = mx.nd.array([1, 2]), mx.nd.array([1, -1])
    >>> mx.nd.sgd_update(w, g, lr=0.5, out=w).asnumpy().tolist()
    [0.5, 2.5]
    """
    check(weight, grad=grad)
    return sgd_step(weight, grad, lr, wd, rescale_grad, clip_gradient)


@update("mp_sgd_update", mutates=("weight32",), types=low_precision_weight)
def mp_sgd_update(
    weight: torch.Tensor,
    grad: torch.Tensor,
    weight32: torch.Tensor,
    *,
    lr: float,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    lazy_update: bool = True,
) -> torch.Tensor:
    """Update the float32 copy `weight32` as :func:`sgd_update`, and return it in 16 bits.

    Examples
    --------
    >>> w32 = mx.nd.array([1, 2])
    >>> w = w32.astype("float16")
    >>> mx.nd.mp_sgd_update(w, w, w32, lr=0.5, out=w).asnumpy().tolist(), w32.asnumpy().tolist()
    ([0.5, 1.0], [0.5, 1.0])
    """
    check(weight, grad=grad, weight32=weight32)
    return in_full_precision(sgd_step, weight32, grad, lr, wd, rescale_grad, clip_gradient)
