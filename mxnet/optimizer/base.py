"""What every optimizer shares: learning rates, weight decays, counts and precisions."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np

from .. import ndarray as nd
from ..base import MXNetError
from ..ndarray import NDArray

if TYPE_CHECKING:
    from ..lr_scheduler import LRScheduler


class Step(NamedTuple):
    """One parameter's part of an update."""

    index: Any
    weight: NDArray
    grad: NDArray
    state: Any
    lr: float
    wd: float


class Optimizer:
    """Base of the optimizers.

    A subclass defines `create_state`, which makes what it remembers of a parameter, and `update`,
    which changes the parameter. Parameters are known by index; `param_idx2name` or `param_dict`
    connect indices with names and their multipliers.

    Parameters
    ----------
    rescale_grad : float, default 1.0
        What gradients are multiplied by first, often ``1 / batch_size``.
    param_idx2name : dict of int to str, optional
        Names of the parameters. Those that do not end in ``_weight`` or ``_gamma`` get no weight
        decay.
    wd : float, default 0.0
        Weight decay: how much of a parameter is added to its gradient.
    clip_gradient : float, optional
        Bound of each element of a (rescaled) gradient.
    learning_rate : float, optional
        The learning rate, 0.01 if neither it nor a scheduler is given.
    lr_scheduler : LRScheduler, optional
        Maps the number of updates to the learning rate; its `base_lr` becomes `learning_rate` if
        that is given.
    sym : Symbol, optional
        A network whose variables' ``__lr_mult__`` and ``__wd_mult__`` attributes count.
    begin_num_update : int, default 0
        The number of updates to start counting from.
    multi_precision : bool, default False
        Whether float16 parameters are updated through a float32 copy.
    param_dict : dict of int to gluon.Parameter, optional
        Gluon's parameters, which have multipliers of their own.

    Examples
    --------
    >>> @mx.optimizer.register
    ... class Signs(mx.optimizer.Optimizer):
    ...     def update(self, index, weight, grad, state):
    ...         self._update_count(index)
    ...         weight -= self._get_lr(index) * grad.sign()
    >>> updater = mx.optimizer.get_updater(mx.optimizer.create("signs", learning_rate=0.5))
    >>> weight = mx.nd.array([1, 1])
    >>> updater(0, mx.nd.array([10, -10]), weight)
    >>> weight.asnumpy().tolist()
    [0.5, 1.5]
    """

    opt_registry: ClassVar[dict[str, type[Optimizer]]] = {}

    def __init__(
        self,
        rescale_grad: float = 1.0,
        param_idx2name: Mapping[Any, str] | None = None,
        wd: float = 0.0,
        clip_gradient: float | None = None,
        learning_rate: float | None = None,
        lr_scheduler: LRScheduler | None = None,
        sym: Any = None,
        begin_num_update: int = 0,
        multi_precision: bool = False,
        param_dict: Mapping[Any, Any] | None = None,
    ) -> None:
        if not isinstance(param_idx2name or {}, Mapping):
            raise MXNetError(
                f"param_idx2name is {param_idx2name!r}, but must be a dictionary of indices to "
                "names."
            )
        self.rescale_grad = rescale_grad
        self.lr_scheduler = lr_scheduler
        self.lr = self._reconcile(learning_rate, lr_scheduler)
        self.wd = wd
        self.lr_mult: dict[Any, float] = {}
        self.wd_mult: dict[Any, float] = {}
        self.begin_num_update = begin_num_update
        self.num_update = begin_num_update
        self._all_index_update_counts: dict[int, dict[Any, int]] = {0: {}}
        self._index_update_count = self._all_index_update_counts[0]
        self.aggregate_num = 0
        self.clip_gradient, self.multi_precision = clip_gradient, multi_precision
        self.idx2name = dict(param_idx2name or {})
        self.sym_info = (sym.attr_dict(), sym.list_arguments()) if sym is not None else ()
        self.param_dict = param_dict or {}
        self.set_lr_mult({})
        self.set_wd_mult({})

    @staticmethod
    def _reconcile(rate: float | None, scheduler: LRScheduler | None) -> float:
        if scheduler is None:
            return 0.01 if rate is None else rate
        if rate is None:
            return scheduler.base_lr
        if scheduler.base_lr != rate:
            warnings.warn(
                f"The scheduler's base_lr of {scheduler.base_lr} is replaced by the optimizer's "
                f"learning_rate of {rate}.",
                stacklevel=4,
            )
            scheduler.base_lr = rate
        return rate

    def __getstate__(self) -> dict[str, Any]:
        state = self.__dict__.copy()
        del state["param_dict"]  # parameters are saved by their owner
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.param_dict = {}

    @staticmethod
    def register(klass: type[Optimizer]) -> type[Optimizer]:
        """Make an optimizer's class known to `create` by its name in lower case."""
        name = klass.__name__.lower()
        former = Optimizer.opt_registry.get(name, klass)
        if former is not klass:
            warnings.warn(
                f"The optimizer {name!r} was {former.__module__}.{former.__name__} and is now "
                f"{klass.__module__}.{klass.__name__}.",
                stacklevel=2,
            )
        Optimizer.opt_registry[name] = klass
        return klass

    @staticmethod
    def create_optimizer(name: str, **kwargs: Any) -> Optimizer:
        """Return a new optimizer of the class registered under `name`, in any case.

        Raises
        ------
        ValueError
            If there is no such optimizer.

        Examples
        --------
        >>> mx.optimizer.create("adam", learning_rate=0.5).lr
        0.5
        """
        if not isinstance(name, str):
            raise TypeError(f"An optimizer is created by its name, but {name!r} is no string.")
        if name.lower() not in Optimizer.opt_registry:
            raise ValueError(
                f"{name!r} is not a registered optimizer; there are "
                f"{', '.join(sorted(Optimizer.opt_registry))}."
            )
        return Optimizer.opt_registry[name.lower()](**kwargs)

    @property
    def learning_rate(self) -> float:
        """The current learning rate, by the scheduler if there is one."""
        return self.lr if self.lr_scheduler is None else self.lr_scheduler(self.num_update)

    def set_learning_rate(self, lr: float) -> None:
        """Set the learning rate; UserWarning is raised if a scheduler decides it."""
        if self.lr_scheduler is not None:
            raise UserWarning("The learning rate is the scheduler's to decide and can not be set.")
        self.lr = lr

    def set_lr_scale(self, args_lrscale: Any) -> None:
        """Not supported any more: use `set_lr_mult`."""
        raise DeprecationWarning("set_lr_scale is gone: use set_lr_mult.")

    def set_lr_mult(self, args_lr_mult: Mapping[Any, float]) -> None:
        """Give parameters, by name or index, multipliers of the learning rate.

        What the variables of `sym` say counts too, and `args_lr_mult` more.
        """
        self.lr_mult = {**self._multipliers_of_symbol("__lr_mult__"), **args_lr_mult}

    def set_wd_mult(self, args_wd_mult: Mapping[Any, float]) -> None:
        """Give parameters, by name or index, multipliers of the weight decay.

        It is 0 for named parameters that do not end in ``_weight`` or ``_gamma``. What the
        variables of `sym` say counts more, and `args_wd_mult` most.
        """
        self.wd_mult = {
            **{name: 0.0 for name in self.idx2name.values() if not self._decays(name)},
            **self._multipliers_of_symbol("__wd_mult__"),
            **args_wd_mult,
        }

    def _decays(self, name: str) -> bool:
        return name.endswith(("_weight", "_gamma"))

    def _multipliers_of_symbol(self, key: str) -> dict[str, float]:
        if not self.sym_info:
            return {}
        attributes, arguments = self.sym_info
        return {
            name: float(attributes[name][key])
            for name in arguments
            if key in attributes.get(name, ())
        }

    def create_state(self, index: Any, weight: NDArray) -> Any:
        """Return what the optimizer remembers of a parameter: an NDArray, a tuple or None."""
        return None

    def create_state_multi_precision(self, index: Any, weight: NDArray) -> Any:
        """Return `create_state`, for a float16 parameter under `multi_precision` as a pair of a
        float32 copy of it and the state of that copy."""
        if self._needs_copy(weight):
            copy = weight.astype(np.float32)
            return copy, self.create_state(index, copy)
        self._warn_of_float16(weight)
        return self.create_state(index, weight)

    def _needs_copy(self, weight: NDArray) -> bool:
        return self.multi_precision and weight.dtype == np.float16

    def _warn_of_float16(self, weight: NDArray) -> None:
        if weight.dtype == np.float16 and not self.multi_precision:
            warnings.warn(
                f"{type(self).__name__} accumulates in float16, which can cost accuracy; "
                "multi_precision=True accumulates in float32.",
                stacklevel=3,
            )

    def update(self, index: Any, weight: NDArray, grad: NDArray, state: Any) -> None:
        """Change a parameter, and the state made for it, by its gradient.

        Parameters
        ----------
        index : int or list of int
            The parameter.
        weight, grad : NDArray or list of NDArray
            The parameter, changed in place, and its gradient.
        state : object
            What `create_state` made.
        """
        raise NotImplementedError(f"{type(self).__name__} does not define update.")

    def update_multi_precision(
        self, index: Any, weight: NDArray, grad: NDArray, state: Any
    ) -> None:
        """Do `update`, for a float16 parameter under `multi_precision` on its float32 copy."""
        if self._needs_copy(weight):
            copy, state = state
            self.update(index, copy, grad.astype(np.float32), state)
            weight[:] = copy.astype(weight.dtype)
        else:
            self.update(index, weight, grad, state)

    def _set_current_context(self, device_id: int) -> None:
        """Count the updates of device `device_id` from now on."""
        counts = self._all_index_update_counts
        self._index_update_count = counts.setdefault(device_id, {})

    def _update_count(self, index: Any) -> None:
        """Count one more update of one or several parameters."""
        counts = self._index_update_count
        for one in index if isinstance(index, list | tuple) else (index,):
            counts[one] = counts.get(one, self.begin_num_update) + 1
            self.num_update = max(counts[one], self.num_update)

    def _get_lrs(self, indices: Any) -> list[float]:
        rate = self.learning_rate
        return [rate * self._multiplier(index, "lr_mult") for index in indices]

    def _get_lr(self, index: Any) -> float:
        return self._get_lrs([index])[0]

    def _get_wds(self, indices: Any) -> list[float]:
        return [self.wd * self._multiplier(index, "wd_mult") for index in indices]

    def _get_wd(self, index: Any) -> float:
        return self._get_wds([index])[0]

    def _multiplier(self, index: Any, kind: str) -> float:
        if index in self.param_dict:
            return getattr(self.param_dict[index], kind)
        known = getattr(self, kind)
        if index in known:
            return known[index]
        return known.get(self.idx2name.get(index), 1.0)

    def _steps(self, index: Any, weight: Any, grad: Any, state: Any) -> Iterator[Step]:
        """Count an update of one or several parameters and yield what each needs."""
        if not isinstance(index, list | tuple):
            index, weight, grad, state = [index], [weight], [grad], [state]
        self._update_count(index)
        rates, decays = self._get_lrs(index), self._get_wds(index)
        return map(Step, index, weight, grad, state, rates, decays)

    def _common(self) -> dict[str, Any]:
        """Return the attributes that all update operators take."""
        clip = {"clip_gradient": self.clip_gradient} if self.clip_gradient else {}
        return {"rescale_grad": self.rescale_grad, **clip}

    def _rescaled(self, grad: NDArray) -> NDArray:
        """Return a gradient times `rescale_grad`, within `clip_gradient`."""
        return self._clipped(grad * self.rescale_grad)

    def _decayed(self, step: Step) -> NDArray:
        """Return a rescaled gradient plus weight decay, both together within the bound."""
        return self._clipped(step.grad * self.rescale_grad + step.wd * step.weight)

    def _clipped(self, grad: NDArray) -> NDArray:
        if self.clip_gradient is None:
            return grad
        return nd.clip(grad, -self.clip_gradient, self.clip_gradient)


register = Optimizer.register
create = Optimizer.create_optimizer


def zeros_like(weight: NDArray) -> NDArray:
    """Return zeros of a parameter's shape and dtype, on its context."""
    return nd.zeros(weight.shape, weight.context, dtype=weight.dtype)


def norm(array: NDArray) -> float:
    """Return the Euclidean norm of an array, in float32, as a number."""
    return math.sqrt(float(nd.square(array.astype(np.float32)).sum().asscalar()))
