"""Optimizers that are not part of MXNet's core."""

from __future__ import annotations

from typing import Any

from .. import ndarray as nd
from ..base import MXNetError
from ..ndarray import NDArray
from .base import Optimizer, register


@register
class GroupAdaGrad(Optimizer):
    """AdaGrad with one history per row, as for embeddings.

    ``history += mean(g * g, over a row)`` and ``weight -= lr * g / sqrt(history + eps)``. There
    is no weight decay.

    Parameters
    ----------
    eps : float, default 1e-5
        Keeps the division away from 0.
    **kwargs
        As for `Optimizer`.
    """

    def __init__(self, eps: float = 1e-5, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.float_stable_eps = eps

    def create_state(self, index: Any, weight: NDArray) -> NDArray:
        """Return zeros of shape (rows, 1) for a parameter with 2 axes."""
        if weight.ndim != 2:
            raise MXNetError(
                f"GroupAdaGrad updates parameters with 2 axes, but {index} has shape "
                f"{weight.shape}."
            )
        return nd.zeros((weight.shape[0], 1), weight.context)

    def update(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Update one parameter, or several given as lists."""
        for step in self._steps(index, weight, grad, state):
            if step.wd:
                raise MXNetError(f"GroupAdaGrad knows no weight decay, but wd is {step.wd}.")
            history, grad = step.state, self._rescaled(step.grad)
            history[:] = history + nd.mean(nd.square(grad), axis=1, keepdims=True)
            spread = nd.sqrt(history + self.float_stable_eps)
            step.weight[:] = step.weight - step.lr * nd.broadcast_div(grad, spread)
