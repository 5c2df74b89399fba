"""Optimizers for large batches, which fit each layer's rate to its weight and gradient."""

from __future__ import annotations

import math
from typing import Any

from .. import ndarray as nd
from ..base import MXNetError
from ..ndarray import NDArray
from .base import Optimizer, Step, norm, register, zeros_like
from .momentum import MomentumOptimizer, aggregation_size, apply_sgd


@register
class LARS(MomentumOptimizer):
    """SGD with rates scaled layer by layer (You, Gitman and Ginsburg, 2017).

    A parameter's rate is multiplied by ``eta * |weight| / (|g| + wd * |weight| + eps)``, unless
    its name ends in ``gamma``, ``beta`` or ``bias``. Only parameters that end in ``_weight`` get
    weight decay.

    Parameters
    ----------
    momentum : float, default 0.0
        How much of the last step goes into the next.
    lazy_update : bool, default True
        Whether a row_sparse gradient changes only the rows that it has.
    eta : float, default 0.001
        How far a step may go in relation to the weight.
    eps : float, default 0
        Keeps the division away from 0.
    momentum_correction : bool, default True
        Whether a change of the learning rate also scales the momentum.
    **kwargs
        As for `Optimizer`.
    """

    def __init__(
        self,
        momentum: float = 0.0,
        lazy_update: bool = True,
        eta: float = 0.001,
        eps: float = 0,
        momentum_correction: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.momentum = momentum
        self.momentum_correction = momentum_correction
        self.lazy_update = lazy_update
        self.eta = eta
        self.eps = eps
        self.aggregate_num = aggregation_size()
        self.last_lr: float | None = None
        self.cur_lr: float | None = None

    def _decays(self, name: str) -> bool:
        return name.endswith("_weight")

    def _steps(self, index: Any, weight: Any, grad: Any, state: Any) -> Any:
        steps = super()._steps(index, weight, grad, state)
        rate = self.learning_rate
        self.last_lr = rate if self.cur_lr is None else self.cur_lr
        self.cur_lr = rate
        return (step._replace(lr=step.lr * self._layer_factor(step)) for step in steps)

    def _layer_factor(self, step: Step) -> float:
        name = self.idx2name.get(step.index, str(step.index))
        if name.endswith(("gamma", "beta", "bias")):
            return 1.0
        of_weight = norm(step.weight)
        of_grad = norm(step.grad) * self.rescale_grad
        if not of_weight or not of_grad:
            return 1.0
        return self.eta * of_weight / (of_grad + step.wd * of_weight + self.eps)

    def _corrected_momentum(self) -> float:
        if not self.momentum_correction or not self.last_lr or self.cur_lr is None:
            return self.momentum
        return self.momentum * (self.cur_lr / self.last_lr)

    def _apply(self, step: Step) -> None:
        apply_sgd(self, step, self._corrected_momentum())

    def _apply_to_copy(self, step: Step) -> None:
        apply_sgd(self, step, self._corrected_momentum(), multi_precision=True)


@register
class LAMB(Optimizer):
    """Adam with steps scaled layer by layer (You et al., 2020).

    Parameters
    ----------
    learning_rate : float, default 0.001
        Size of the steps.
    beta1, beta2 : float, default 0.9 and 0.999
        Decay of the running means.
    epsilon : float, default 1e-6
        Keeps the division away from 0.
    lower_bound, upper_bound : float, optional
        Bounds of a weight's norm.
    bias_correction : bool, default True
        Whether the running means are corrected for their start at 0.
    **kwargs
        As for `Optimizer`.
    """

    def __init__(
        self,
        learning_rate: float = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-6,
        lower_bound: float | None = None,
        upper_bound: float | None = None,
        bias_correction: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate=learning_rate, **kwargs)
        self.beta1, self.beta2, self.epsilon = beta1, beta2, epsilon
        self.lower_bound, self.upper_bound = lower_bound, upper_bound
        self.bias_correction = bias_correction
        self.aggregate_num = 45

    def create_state(self, index: Any, weight: NDArray) -> tuple[NDArray, NDArray]:
        """Return the running means of gradient and square, both zeros like the parameter."""
        return zeros_like(weight), zeros_like(weight)

    def update(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Update one parameter, or several given as lists."""
        for step in self._steps(index, weight, grad, state):
            self._apply(step)

    def update_multi_precision(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Update one parameter or several; float16 ones under `multi_precision` in float32."""
        for step in self._steps(index, weight, grad, state):
            self._apply(step, multi_precision=self._needs_copy(step.weight))

    def _apply(self, step: Step, multi_precision: bool = False) -> None:
        weight, grad = step.weight, step.grad
        copy, (mean, var) = step.state if multi_precision else (None, step.state)
        direct: dict[str, Any] = {
            "beta1": self.beta1,
            "beta2": self.beta2,
            "epsilon": self.epsilon,
            "t": self._index_update_count[step.index],
            "bias_correction": self.bias_correction,
            "wd": step.wd,
            **self._common(),
        }
        bounds = {"lower_bound": self.lower_bound, "upper_bound": self.upper_bound}
        advance: dict[str, Any] = {name: bound for name, bound in bounds.items() if bound}
        if copy is None:
            g = nd.lamb_update_phase1(weight, grad, mean, var, **direct)
            norms = weight.norm(), g.norm()
            nd.lamb_update_phase2(weight, g, *norms, out=weight, lr=step.lr, **advance)
        else:
            g = nd.mp_lamb_update_phase1(weight, grad, mean, var, copy, **direct)
            norms = copy.norm(), g.norm()
            nd.mp_lamb_update_phase2(weight, g, *norms, copy, out=weight, lr=step.lr, **advance)


@register
class LBSGD(MomentumOptimizer):
    """SGD that joins several batches into one step and warms up to their number.

    The gradients of `batch_scale` calls are averaged; the rate is multiplied by a factor that
    climbs from 1 to `batch_scale` during the warm-up (Goyal et al., 2017), or under ``'lars'`` by
    ``|weight| / sqrt(|g| ** 2 + wd * |weight| ** 2)``, between 0.01 and 100.

    Parameters
    ----------
    momentum : float, default 0.0
        How much of the last step goes into the next.
    multi_precision : bool, default False
        Whether float16 parameters are updated through a float32 copy.
    warmup_strategy : str, default 'linear'
        ``'linear'``, ``'power2'``, ``'sqrt'`` or ``'lars'``; anything else keeps the factor 1.
    warmup_epochs : int, default 5
        Length of the warm-up.
    batch_scale : int, default 1
        Batches that make a step.
    updates_per_epoch : int, default 32
        Calls of `update` for a parameter in an epoch.
    begin_epoch : int, default 0
        The epoch that training starts with.
    num_epochs : int, default 60
        Epochs to train.
    **kwargs
        As for `Optimizer`.
    """

    def __init__(
        self,
        momentum: float = 0.0,
        multi_precision: bool = False,
        warmup_strategy: str = "linear",
        warmup_epochs: int = 5,
        batch_scale: int = 1,
        updates_per_epoch: int = 32,
        begin_epoch: int = 0,
        num_epochs: int = 60,
        **kwargs: Any,
    ) -> None:
        super().__init__(multi_precision=multi_precision, **kwargs)
        if batch_scale < 1:
            raise MXNetError(f"batch_scale is {batch_scale}, but must be 1 or more.")
        self.momentum = momentum
        self.warmup_strategy, self.warmup_epochs = warmup_strategy, warmup_epochs
        self.batch_scale, self.num_epochs = batch_scale, num_epochs
        self.updates_per_epoch = updates_per_epoch
        self.init_updates = begin_epoch * updates_per_epoch
        self.lbmult = 1.0
        self.cumgrads: dict[Any, dict[str, Any]] = {}
        self.adaptive = warmup_strategy == "lars"

    def create_state_multi_precision(self, index: Any, weight: NDArray) -> Any:
        """Return the momentum, for a float16 parameter under `multi_precision` as a pair
        (float32 copy, its momentum)."""
        return Optimizer.create_state_multi_precision(self, index, weight)

    def update_multi_precision(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Do `update`, for a float16 parameter under `multi_precision` on its float32 copy."""
        Optimizer.update_multi_precision(self, index, weight, grad, state)

    def _apply(self, step: Step) -> None:
        gathered = self.cumgrads.setdefault(
            step.index, {"cum_grad": None, "num_cums": self.init_updates}
        )
        total = gathered["cum_grad"]
        gathered["cum_grad"] = step.grad.copy() if total is None else total + step.grad
        gathered["num_cums"] += 1
        if gathered["num_cums"] % self.batch_scale:
            return
        mean = gathered["cum_grad"] / self.batch_scale
        gathered["cum_grad"] = None
        step = step._replace(grad=mean)
        self.lbmult = self._layer_factor(step) if self.adaptive else self._warm_up(gathered)
        apply_sgd(self, step._replace(lr=step.lr * self.lbmult), self.momentum)

    def _warm_up(self, gathered: dict[str, Any]) -> float:
        length = self.warmup_epochs * self.updates_per_epoch
        share = min(1.0, gathered["num_cums"] / length) if length else 1.0
        curves = {"linear": share, "power2": share * share, "sqrt": math.sqrt(share)}
        if self.warmup_strategy not in curves:
            return 1.0
        return 1.0 + (self.batch_scale - 1) * curves[self.warmup_strategy]

    def _layer_factor(self, step: Step) -> float:
        of_weight, of_grad = norm(step.weight) ** 2, norm(step.grad) ** 2
        factor = math.sqrt(of_weight / (of_grad + step.wd * of_weight + 1e-18))
        return min(100.0, max(0.01, factor))
