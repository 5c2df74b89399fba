"""Gradient descent and its relatives with momentum, signs or noise."""

from __future__ import annotations

import math
import os
from typing import Any

import numpy as np

from .. import ndarray as nd
from ..ndarray import NDArray
from .base import Optimizer, Step, register, zeros_like


class MomentumOptimizer(Optimizer):
    """Base of the optimizers whose state is a momentum, or None where it is 0.

    Under `multi_precision` a float16 parameter's state is a pair (momentum, float32 copy), the
    copy is updated by operators of its own and the parameter is rounded from it.
    """

    momentum: float

    def create_state(self, index: Any, weight: NDArray) -> NDArray | None:
        """Return zeros like the parameter, or None without momentum."""
        return zeros_like(weight) if self.momentum else None

    def create_state_multi_precision(self, index: Any, weight: NDArray) -> Any:
        """Return the momentum, for a float16 parameter under `multi_precision` as a pair
        (momentum, copy) in float32."""
        if self._needs_copy(weight):
            copy = weight.astype(np.float32)
            return self.create_state(index, copy), copy
        self._warn_of_float16(weight)
        return self.create_state(index, weight)

    def update(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Update one parameter, or several given as lists."""
        for step in self._steps(index, weight, grad, state):
            self._apply(step)

    def update_multi_precision(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Update one parameter or several; float16 ones under `multi_precision` in float32."""
        for step in self._steps(index, weight, grad, state):
            if self._needs_copy(step.weight):
                self._apply_to_copy(step)
            else:
                self._apply(step)

    def _apply(self, step: Step) -> None:
        raise NotImplementedError

    def _apply_to_copy(self, step: Step) -> None:
        raise NotImplementedError


def aggregation_size() -> int:
    """Return how many parameters a call of `update` takes at most."""
    return int(os.getenv("MXNET_OPTIMIZER_AGGREGATION_SIZE", "4"))


def apply_sgd(optimizer: Any, step: Step, momentum: float, multi_precision: bool = False) -> None:
    """Update one parameter by the SGD operator that fits its state."""
    weight, grad = step.weight, step.grad
    common: dict[str, Any] = {"lr": step.lr, "wd": step.wd, **optimizer._common()}
    if multi_precision:
        mom, copy = step.state
        if mom is None:
            nd.mp_sgd_update(weight, grad, copy, out=weight, **common)
        else:
            nd.mp_sgd_mom_update(weight, grad, mom, copy, out=weight, momentum=momentum, **common)
    elif step.state is None:
        nd.sgd_update(weight, grad, out=weight, **common)
    else:
        nd.sgd_mom_update(weight, grad, step.state, out=weight, momentum=momentum, **common)


@register
class SGD(MomentumOptimizer):
    """Stochastic gradient descent, with momentum or without.

    With the clipped gradient g: ``mom = momentum * mom - lr * (g + wd * weight)`` and
    ``weight += mom``; without momentum ``weight -= lr * (g + wd * weight)``.

    Parameters
    ----------
    momentum : float, default 0.0
        How much of the last step goes into the next.
    lazy_update : bool, default True
        Whether a row_sparse gradient changes only the rows that it has.
    **kwargs
        As for `Optimizer`.

    Examples
    --------
    >>> sgd = mx.optimizer.SGD(learning_rate=0.25, wd=1.0)
    >>> weight = mx.nd.array([1.0])
    >>> sgd.update(0, weight, mx.nd.array([2.0]), sgd.create_state(0, weight))
    >>> weight.asnumpy().tolist()
    [0.25]
    """

    def __init__(self, momentum: float = 0.0, lazy_update: bool = True, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.momentum = momentum
        self.lazy_update = lazy_update
        self.aggregate_num = aggregation_size()

    def _apply(self, step: Step) -> None:
        apply_sgd(self, step, self.momentum)

    def _apply_to_copy(self, step: Step) -> None:
        apply_sgd(self, step, self.momentum, multi_precision=True)


@register
class ccSGD(SGD):  # noqa: N801  (the name is MXNet's)
    """Another name of `SGD`, kept for old programs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


@register
class NAG(MomentumOptimizer):
    """Nesterov's accelerated gradient (Sutskever, Martens, Dahl and Hinton, 2013).

    With ``g = clipped gradient + wd * weight``: ``mom = momentum * mom - lr * g`` and
    ``weight += momentum * mom - lr * g``.

    Parameters
    ----------
    momentum : float, default 0.0
        How much of the last step goes into the next; 0 is plain gradient descent.
    **kwargs
        As for `Optimizer`.
    """

    def __init__(self, momentum: float = 0.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.momentum = momentum

    def _apply(self, step: Step) -> None:
        if step.state is None:
            apply_sgd(self, step, self.momentum)
            return
        nd.nag_mom_update(
            step.weight,
            step.grad,
            step.state,
            out=step.weight,
            lr=step.lr,
            wd=step.wd,
            momentum=self.momentum,
            **self._common(),
        )

    def _apply_to_copy(self, step: Step) -> None:
        mom, copy = step.state
        if mom is None:
            apply_sgd(self, step, self.momentum, multi_precision=True)
            return
        nd.mp_nag_mom_update(
            step.weight,
            step.grad,
            mom,
            copy,
            out=step.weight,
            lr=step.lr,
            wd=step.wd,
            momentum=self.momentum,
            **self._common(),
        )


@register
class Signum(Optimizer):
    """Follow the sign of the gradient's running mean (Bernstein et al., signSGD, 2018).

    Parameters
    ----------
    learning_rate : float, default 0.01
        Size of every step.
    momentum : float, default 0.9
        Decay of the running mean; 0 follows the sign of the gradient itself.
    wd_lh : float, default 0.0
        Weight decay apart from the gradient (Loshchilov and Hutter, 2019).
    **kwargs
        As for `Optimizer`.
    """

    def __init__(
        self,
        learning_rate: float = 0.01,
        momentum: float = 0.9,
        wd_lh: float = 0.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate=learning_rate, **kwargs)
        self.momentum = momentum
        self.wd_lh = wd_lh

    def create_state(self, index: Any, weight: NDArray) -> NDArray | None:
        """Return zeros like the parameter, or None without momentum."""
        return zeros_like(weight) if self.momentum else None

    def update(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Update one parameter, or several given as lists."""
        for step in self._steps(index, weight, grad, state):
            common = {"lr": step.lr, "wd": step.wd, **self._common()}
            if step.state is None:
                nd.signsgd_update(step.weight, step.grad, out=step.weight, **common)
                continue
            nd.signum_update(
                step.weight,
                step.grad,
                step.state,
                out=step.weight,
                momentum=self.momentum,
                wd_lh=self.wd_lh,
                **common,
            )


@register
class SGLD(Optimizer):
    """Langevin dynamics: half a gradient step plus noise (Welling and Teh, 2011).

    ``weight -= lr / 2 * (g + wd * weight)`` plus normal noise of variance lr, so that the
    parameters sample from their posterior.

    Parameters
    ----------
    **kwargs
        As for `Optimizer`.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)

    def create_state(self, index: Any, weight: NDArray) -> None:
        """Return None: nothing is remembered."""
        return None

    def update(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Update one parameter, or several given as lists."""
        for step in self._steps(index, weight, grad, state):
            weight = step.weight
            noise = nd.random.normal(
                0, math.sqrt(step.lr), shape=weight.shape, dtype=weight.dtype, ctx=weight.context
            )
            slope = self._rescaled(step.grad) + step.wd * weight
            weight[:] = weight - step.lr / 2 * slope + noise


@register
class DCASGD(Optimizer):
    """SGD that corrects gradients for their delay (Zheng et al., 2017).

    The gradient g, computed for an earlier weight, gains ``lamda * g * g * (weight - earlier)``.

    Parameters
    ----------
    momentum : float, default 0.0
        How much of the last step goes into the next.
    lamda : float, default 0.04
        Strength of the correction.
    **kwargs
        As for `Optimizer`.
    """

    def __init__(self, momentum: float = 0.0, lamda: float = 0.04, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.momentum = momentum
        self.lamda = lamda
        self.weight_previous: dict[Any, NDArray] = {}

    def create_state(self, index: Any, weight: NDArray) -> tuple[NDArray | None, NDArray]:
        """Return (momentum or None, the parameter as it was)."""
        return zeros_like(weight) if self.momentum else None, weight.copy()

    def update(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Update one parameter, or several given as lists."""
        for step in self._steps(index, weight, grad, state):
            mom, earlier = step.state
            grad = self._rescaled(step.grad)
            correction = self.lamda * grad * grad * (step.weight - earlier)
            change = -step.lr * (grad + step.wd * step.weight + correction)
            if mom is not None:
                mom[:] = self.momentum * mom + change
                change = mom
            earlier[:] = step.weight
            step.weight[:] = step.weight + change


@register
class Test(Optimizer):
    """Add the gradient to the parameter, which tests can follow by hand.

    Parameters
    ----------
    **kwargs
        As for `Optimizer`.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)

    def create_state(self, index: Any, weight: NDArray) -> NDArray:
        """Return zeros like the parameter."""
        return zeros_like(weight)

    def update(self, index: Any, weight: NDArray, grad: NDArray, state: NDArray) -> None:
        """Add ``grad * rescale_grad`` to the parameter and remember the result."""
        weight[:] = weight + grad * self.rescale_grad
        state[:] = weight
