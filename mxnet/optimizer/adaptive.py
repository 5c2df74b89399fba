"""Optimizers that scale each element's step by what its gradients were."""

from __future__ import annotations

import math
from typing import Any

from .. import ndarray as nd
from ..ndarray import NDArray
from .base import Optimizer, Step, register, zeros_like


class _AdaptiveOptimizer(Optimizer):
    """Base of the optimizers whose state is a tuple of arrays like the parameter."""

    _number_of_states = 2

    def create_state(self, index: Any, weight: NDArray) -> Any:
        """Return a tuple of zeros like the parameter."""
        return tuple(zeros_like(weight) for _ in range(self._number_of_states))

    def update(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Update one parameter, or several given as lists."""
        for step in self._steps(index, weight, grad, state):
            self._apply(step)

    def _apply(self, step: Step) -> None:
        raise NotImplementedError

    def _updates_of(self, step: Step) -> int:
        """Return how often the parameter was updated, this time included."""
        return self._index_update_count[step.index]


@register
class Adam(_AdaptiveOptimizer):
    """Adaptive moment estimation (Kingma and Ba, 2015).

    ``mean`` and ``var`` are running means of the gradient (weight decay included) and its square;
    ``weight -= lr * sqrt(1 - beta2 ** t) / (1 - beta1 ** t) * mean / (sqrt(var) + epsilon)``.

    Parameters
    ----------
    learning_rate : float, default 0.001
        Size of the steps.
    beta1, beta2 : float, default 0.9 and 0.999
        Decay of the running means.
    epsilon : float, default 1e-8
        Keeps the division away from 0.
    lazy_update : bool, default True
        Whether a row_sparse gradient changes only the rows that it has.
    **kwargs
        As for `Optimizer`.

    Examples
    --------
    >>> updater = mx.optimizer.get_updater(mx.optimizer.Adam(learning_rate=0.5))
    >>> weight = mx.nd.array([1.0, 1.0])
    >>> updater(0, mx.nd.array([5.0, -0.5]), weight)
    >>> weight.asnumpy().round(4).tolist()
    [0.5, 1.5]
    """

    def __init__(
        self,
        learning_rate: float = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        lazy_update: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate=learning_rate, **kwargs)
        self.beta1, self.beta2, self.epsilon = beta1, beta2, epsilon
        self.lazy_update = lazy_update

    def _apply(self, step: Step) -> None:
        t, (mean, var) = self._updates_of(step), step.state
        nd.adam_update(
            step.weight,
            step.grad,
            mean,
            var,
            out=step.weight,
            lr=step.lr * math.sqrt(1 - self.beta2**t) / (1 - self.beta1**t),
            beta1=self.beta1,
            beta2=self.beta2,
            epsilon=self.epsilon,
            wd=step.wd,
            lazy_update=self.lazy_update,
            **self._common(),
        )


@register
class Adamax(_AdaptiveOptimizer):
    """Adam with the infinity norm (Kingma and Ba, 2015, section 7).

    ``weight -= lr / (1 - beta1 ** t) * mean / largest`` with
    ``largest = max(beta2 * largest, |g|)``. An element that never had a gradient stays.

    Parameters
    ----------
    learning_rate : float, default 0.002
        Size of the steps.
    beta1, beta2 : float, default 0.9 and 0.999
        Decay of the running mean and of the largest gradient.
    **kwargs
        As for `Optimizer`.
    """

    def __init__(
        self,
        learning_rate: float = 0.002,
        beta1: float = 0.9,
        beta2: float = 0.999,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate=learning_rate, **kwargs)
        self.beta1 = beta1
        self.beta2 = beta2

    def _apply(self, step: Step) -> None:
        grad, (mean, largest) = self._decayed(step), step.state
        mean[:] = self.beta1 * mean + (1 - self.beta1) * grad
        largest[:] = nd.maximum(self.beta2 * largest, nd.abs(grad))
        never = largest == 0  # 0 / 0 would make the parameter NaN
        lr = step.lr / (1 - self.beta1 ** self._updates_of(step))
        step.weight[:] = step.weight - lr * mean / (largest + never)


@register
class Nadam(_AdaptiveOptimizer):
    """Adam with Nesterov momentum (Dozat, 2016).

    Parameters
    ----------
    learning_rate : float, default 0.001
        Size of the steps.
    beta1, beta2 : float, default 0.9 and 0.999
        Decay of the running means.
    epsilon : float, default 1e-8
        Keeps the division away from 0.
    schedule_decay : float, default 0.004
        How fast the momentum grows to `beta1`. As in MXNet the schedule's product counts the
        updates of all parameters together.
    **kwargs
        As for `Optimizer`.
    """

    def __init__(
        self,
        learning_rate: float = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        schedule_decay: float = 0.004,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate=learning_rate, **kwargs)
        self.beta1, self.beta2, self.epsilon = beta1, beta2, epsilon
        self.schedule_decay = schedule_decay
        self.m_schedule = 1.0

    def _momentum(self, t: int) -> float:
        return self.beta1 * (1 - 0.5 * 0.96 ** (t * self.schedule_decay))

    def _apply(self, step: Step) -> None:
        t, grad, (mean, var) = self._updates_of(step), self._decayed(step), step.state
        now, soon = self._momentum(t), self._momentum(t + 1)
        self.m_schedule *= now
        mean[:] = self.beta1 * mean + (1 - self.beta1) * grad
        var[:] = self.beta2 * var + (1 - self.beta2) * grad * grad
        grad_part = (1 - now) / (1 - self.m_schedule) * grad
        mean_part = soon / (1 - self.m_schedule * soon) * mean
        spread = nd.sqrt(var / (1 - self.beta2**t)) + self.epsilon
        step.weight[:] = step.weight - step.lr * (grad_part + mean_part) / spread


@register
class FTML(_AdaptiveOptimizer):
    """Follow the moving leader (Zheng and Kwok, 2017).

    Parameters
    ----------
    beta1, beta2 : float, default 0.6 and 0.999
        Decay of the running means.
    epsilon : float, default 1e-8
        Keeps the division away from 0.
    **kwargs
        As for `Optimizer`.
    """

    _number_of_states = 3

    def __init__(
        self, beta1: float = 0.6, beta2: float = 0.999, epsilon: float = 1e-8, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.beta1, self.beta2, self.epsilon = beta1, beta2, epsilon

    def _apply(self, step: Step) -> None:
        clip: dict[str, Any] = {"clip_grad": self.clip_gradient} if self.clip_gradient else {}
        d, v, z = step.state
        nd.ftml_update(
            step.weight,
            step.grad,
            d,
            v,
            z,
            out=step.weight,
            lr=step.lr,
            beta1=self.beta1,
            beta2=self.beta2,
            epsilon=self.epsilon,
            t=self._updates_of(step),
            wd=step.wd,
            rescale_grad=self.rescale_grad,
            **clip,
        )


@register
class AdaGrad(Optimizer):
    """Divide by the root of the sum of squared gradients (Duchi, Hazan and Singer, 2011).

    ``history += g * g`` and ``weight -= lr * (g / sqrt(history + eps) + wd * weight)``.

    Parameters
    ----------
    eps : float, default 1e-7
        Keeps the division away from 0.
    **kwargs
        As for `Optimizer`.
    """

    def __init__(self, eps: float = 1e-7, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.float_stable_eps = eps

    def create_state(self, index: Any, weight: NDArray) -> NDArray:
        """Return zeros like the parameter."""
        return zeros_like(weight)

    def update(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Update one parameter, or several given as lists."""
        for step in self._steps(index, weight, grad, state):
            history, grad = step.state, self._rescaled(step.grad)
            history[:] = history + grad * grad
            scaled = grad / nd.sqrt(history + self.float_stable_eps)
            step.weight[:] = step.weight - step.lr * (scaled + step.wd * step.weight)


@register
class AdaDelta(_AdaptiveOptimizer):
    """Steps in the parameter's own unit, without a learning rate (Zeiler, 2012).

    Parameters
    ----------
    rho : float, default 0.9
        Decay of the running means of squared gradients and squared steps.
    epsilon : float, default 1e-5
        Keeps the division away from 0, and the first steps too.
    **kwargs
        As for `Optimizer`.
    """

    def __init__(self, rho: float = 0.9, epsilon: float = 1e-5, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rho = rho
        self.epsilon = epsilon

    def _apply(self, step: Step) -> None:
        grad, (squares, squared_steps) = self._rescaled(step.grad), step.state
        squares[:] = self.rho * squares + (1 - self.rho) * grad * grad
        ratio = nd.sqrt(squared_steps + self.epsilon) / nd.sqrt(squares + self.epsilon)
        change = ratio * grad
        squared_steps[:] = self.rho * squared_steps + (1 - self.rho) * change * change
        step.weight[:] = step.weight - change - step.wd * step.weight


@register
class RMSProp(_AdaptiveOptimizer):
    """Divide by the root of the mean squared gradient (Tieleman and Hinton, 2012).

    Parameters
    ----------
    learning_rate : float, default 0.001
        Size of the steps.
    gamma1 : float, default 0.9
        Decay of the running means of the gradient and its square.
    gamma2 : float, default 0.9
        Momentum of the centered version.
    epsilon : float, default 1e-8
        Keeps the division away from 0.
    centered : bool, default False
        Whether the mean gradient's square is taken off the mean square (Graves, 2013).
    clip_weights : float, optional
        Bound of each element of the parameter.
    **kwargs
        As for `Optimizer`.
    """

    def __init__(
        self,
        learning_rate: float = 0.001,
        gamma1: float = 0.9,
        gamma2: float = 0.9,
        epsilon: float = 1e-8,
        centered: bool = False,
        clip_weights: float | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate=learning_rate, **kwargs)
        self.gamma1 = gamma1
        self.gamma2 = gamma2
        self.epsilon = epsilon
        self.centered = centered
        self.clip_weights = clip_weights
        self._number_of_states = 3 if centered else 1

    def _apply(self, step: Step) -> None:
        common: dict[str, Any] = {
            "lr": step.lr,
            "wd": step.wd,
            "gamma1": self.gamma1,
            "epsilon": self.epsilon,
            **self._common(),
        }
        if self.clip_weights:
            common["clip_weights"] = self.clip_weights
        weight, grad = step.weight, step.grad
        if self.centered:
            n, g, delta = step.state
            nd.rmspropalex_update(
                weight, grad, n, g, delta, out=weight, gamma2=self.gamma2, **common
            )
        else:
            (n,) = step.state
            nd.rmsprop_update(weight, grad, n, out=weight, **common)


@register
class Ftrl(_AdaptiveOptimizer):
    """Follow the regularized leader, which makes parameters sparse (McMahan et al., 2013).

    Parameters
    ----------
    lamda1 : float, default 0.01
        Strength of the L1 regularization.
    learning_rate : float, default 0.1
        Size of the steps.
    beta : float, default 1
        Slows the steps of elements with little gradient so far.
    **kwargs
        As for `Optimizer`.
    """

    def __init__(
        self, lamda1: float = 0.01, learning_rate: float = 0.1, beta: float = 1, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.lamda1 = lamda1
        self.beta = beta
        self.lr = learning_rate

    def _apply(self, step: Step) -> None:
        z, n = step.state
        nd.ftrl_update(
            step.weight,
            step.grad,
            z,
            n,
            out=step.weight,
            lr=step.lr,
            lamda1=self.lamda1,
            beta=self.beta,
            wd=step.wd,
            **self._common(),
        )
