"""Learning rates that change with the number of updates.

A scheduler is called with the number of updates done so far and returns the learning rate of the
next one. All of them can begin with a warm-up, during which the rate climbs to its base value.
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Sequence
from math import cos, pi

from .base import MXNetError


class LRScheduler:
    """Base of the schedulers: the base rate and the warm-up.

    Parameters
    ----------
    base_lr : float, default 0.01
        The rate that the schedule starts from. An optimizer that is given both a scheduler and a
        `learning_rate` writes the latter here.
    warmup_steps : int, default 0
        Number of updates that the warm-up lasts.
    warmup_begin_lr : float, default 0
        Rate of the first update of the warm-up, at most `base_lr`.
    warmup_mode : str, default 'linear'
        ``'linear'`` climbs from `warmup_begin_lr` to `base_lr`, ``'constant'`` stays at
        `warmup_begin_lr` until the warm-up ends.

    Raises
    ------
    ValueError
        If the warm-up is negative, falls or is of an unknown mode.

    Examples
    --------
    >>> scheduler = mx.lr_scheduler.LRScheduler(base_lr=1.0, warmup_steps=4)
    >>> [scheduler.get_warmup_lr(update) for update in range(4)]
    [0.0, 0.25, 0.5, 0.75]
    """

    def __init__(
        self,
        base_lr: float = 0.01,
        warmup_steps: int = 0,
        warmup_begin_lr: float = 0,
        warmup_mode: str = "linear",
    ) -> None:
        if not isinstance(warmup_steps, int):
            raise MXNetError(f"warmup_steps is {warmup_steps!r}, but must be an integer.")
        if warmup_steps < 0:
            raise ValueError(f"warmup_steps is {warmup_steps}, but must be 0 or more.")
        if warmup_begin_lr > base_lr:
            raise ValueError(
                f"warmup_begin_lr is {warmup_begin_lr}, but must not exceed base_lr={base_lr}."
            )
        if warmup_mode not in ("linear", "constant"):
            raise ValueError(f"warmup_mode is {warmup_mode!r}, but must be 'linear' or 'constant'.")
        self.base_lr = base_lr
        self.warmup_steps = warmup_steps
        self.warmup_final_lr = base_lr
        self.warmup_begin_lr = warmup_begin_lr
        self.warmup_mode = warmup_mode

    def get_warmup_lr(self, num_update: int) -> float:
        """Return the rate of update `num_update`, which must lie within the warm-up."""
        if num_update >= self.warmup_steps:
            raise MXNetError(
                f"Update {num_update} is not part of the warm-up of {self.warmup_steps} updates."
            )
        if self.warmup_mode == "constant":
            return self.warmup_begin_lr
        climb = self.warmup_final_lr - self.warmup_begin_lr
        return self.warmup_begin_lr + climb * num_update / self.warmup_steps

    def __call__(self, num_update: int) -> float:
        """Return the learning rate after `num_update` updates; subclasses define it."""
        raise NotImplementedError(f"{type(self).__name__} does not define __call__.")


class _WarmedScheduler(LRScheduler):
    """A scheduler whose subclasses say what comes after the warm-up."""

    def __call__(self, num_update: int) -> float:
        """Return the learning rate after `num_update` updates."""
        if num_update < self.warmup_steps:
            return self.get_warmup_lr(num_update)
        self._advance(num_update)
        return self.base_lr

    def _advance(self, num_update: int) -> None:
        """Bring `base_lr` to what it is after `num_update` updates."""
        raise NotImplementedError


class FactorScheduler(_WarmedScheduler):
    """Multiply the rate by a factor once every so many updates.

    Parameters
    ----------
    step : int
        Number of updates between two changes, 1 or more.
    factor : float, default 1
        What the rate is multiplied by, at most 1.
    stop_factor_lr : float, default 1e-8
        The rate does not fall below this.
    base_lr, warmup_steps, warmup_begin_lr, warmup_mode
        As for `LRScheduler`.

    Examples
    --------
    >>> scheduler = mx.lr_scheduler.FactorScheduler(step=2, factor=0.5, base_lr=1.0)
    >>> [scheduler(update) for update in range(1, 7)]
    [1.0, 1.0, 0.5, 0.5, 0.25, 0.25]
    """

    def __init__(
        self,
        step: int,
        factor: float = 1,
        stop_factor_lr: float = 1e-8,
        base_lr: float = 0.01,
        warmup_steps: int = 0,
        warmup_begin_lr: float = 0,
        warmup_mode: str = "linear",
    ) -> None:
        super().__init__(base_lr, warmup_steps, warmup_begin_lr, warmup_mode)
        if step < 1:
            raise ValueError(f"step is {step}, but must be 1 or more.")
        _check_factor(factor)
        self.step, self.count = step, 0
        self.factor, self.stop_factor_lr = factor, stop_factor_lr

    def _advance(self, num_update: int) -> None:
        while self.count + self.step < num_update:
            self.count += self.step
            self._reduce(num_update)

    def _reduce(self, num_update: int) -> None:
        reduced = self.base_lr * self.factor
        if reduced < self.stop_factor_lr:
            self.base_lr = self.stop_factor_lr
            logging.info(
                "Update[%d]: now learning rate arrived at %0.5e, will not change in the future",
                num_update,
                self.base_lr,
            )
        else:
            self.base_lr = reduced
            _log_change(num_update, self.base_lr)


class MultiFactorScheduler(_WarmedScheduler):
    """Multiply the rate by a factor after each of the given numbers of updates.

    Parameters
    ----------
    step : list of int
        Increasing numbers of updates, each 1 or more.
    factor : float, default 1
        What the rate is multiplied by, at most 1.
    base_lr, warmup_steps, warmup_begin_lr, warmup_mode
        As for `LRScheduler`.

    Examples
    --------
    >>> scheduler = mx.lr_scheduler.MultiFactorScheduler(step=[2, 3], factor=0.5, base_lr=1.0)
    >>> [scheduler(update) for update in range(1, 6)]
    [1.0, 1.0, 0.5, 0.25, 0.25]
    """

    def __init__(
        self,
        step: Sequence[int],
        factor: float = 1,
        base_lr: float = 0.01,
        warmup_steps: int = 0,
        warmup_begin_lr: float = 0,
        warmup_mode: str = "linear",
    ) -> None:
        super().__init__(base_lr, warmup_steps, warmup_begin_lr, warmup_mode)
        if not isinstance(step, list) or not step:
            raise MXNetError(f"step is {step!r}, but must be a list of at least one integer.")
        if any(later <= earlier for earlier, later in itertools.pairwise(step)):
            raise ValueError(f"step is {step}, but its numbers must increase.")
        if step[0] < 1:
            raise ValueError(f"step is {step}, but its numbers must be 1 or more.")
        _check_factor(factor)
        self.step, self.factor = step, factor
        self.count = self.cur_step_ind = 0

    def _advance(self, num_update: int) -> None:
        while self.cur_step_ind < len(self.step) and self.step[self.cur_step_ind] < num_update:
            self.count = self.step[self.cur_step_ind]
            self.cur_step_ind += 1
            self.base_lr *= self.factor
            _log_change(num_update, self.base_lr)


class _DecayScheduler(_WarmedScheduler):
    """A curve from the base rate down to `final_lr` at update `max_update`, flat after that."""

    def __init__(
        self,
        max_update: int,
        base_lr: float,
        final_lr: float,
        warmup_steps: int,
        warmup_begin_lr: float,
        warmup_mode: str,
    ) -> None:
        super().__init__(base_lr, warmup_steps, warmup_begin_lr, warmup_mode)
        if not isinstance(max_update, int):
            raise MXNetError(f"max_update is {max_update!r}, but must be an integer.")
        if max_update < 1:
            raise ValueError(f"max_update is {max_update}, but must be 1 or more.")
        self.base_lr_orig = base_lr
        self.max_update = max_update
        self.final_lr = final_lr
        self.max_steps = max_update - warmup_steps

    def _advance(self, num_update: int) -> None:
        if num_update > self.max_update:
            return
        at_end = num_update == self.max_update
        progress = 1.0 if at_end else (num_update - self.warmup_steps) / self.max_steps
        height = self._height(progress)
        self.base_lr = self.final_lr + (self.base_lr_orig - self.final_lr) * height

    def _height(self, progress: float) -> float:
        """Return how much of the way between final (0) and base rate (1) is left."""
        raise NotImplementedError


class PolyScheduler(_DecayScheduler):
    """Let the rate fall as a power of the updates that remain.

    At a share p of the way the rate is ``final_lr + (base_lr - final_lr) * (1 - p) ** pwr``.

    Parameters
    ----------
    max_update : int
        The update at which the rate reaches `final_lr`, warm-up included.
    base_lr : float, default 0.01
        The rate to start from.
    pwr : float, default 2
        The power.
    final_lr : float, default 0
        The rate to end with.
    warmup_steps, warmup_begin_lr, warmup_mode
        As for `LRScheduler`.

    Examples
    --------
    >>> scheduler = mx.lr_scheduler.PolyScheduler(max_update=4, base_lr=1.0, pwr=2)
    >>> [scheduler(update) for update in range(6)]
    [1.0, 0.5625, 0.25, 0.0625, 0.0, 0.0]
    """

    def __init__(
        self,
        max_update: int,
        base_lr: float = 0.01,
        pwr: float = 2,
        final_lr: float = 0,
        warmup_steps: int = 0,
        warmup_begin_lr: float = 0,
        warmup_mode: str = "linear",
    ) -> None:
        super().__init__(max_update, base_lr, final_lr, warmup_steps, warmup_begin_lr, warmup_mode)
        self.power = pwr

    def _height(self, progress: float) -> float:
        return (1 - progress) ** self.power


class CosineScheduler(_DecayScheduler):
    """Let the rate fall along half a cosine (Loshchilov and Hutter, SGDR, 2017).

    At a share p of the way the rate is
    ``final_lr + (base_lr - final_lr) * (1 + cos(pi * p)) / 2``.

    Parameters
    ----------
    max_update : int
        The update at which the rate reaches `final_lr`, warm-up included.
    base_lr : float, default 0.01
        The rate to start from.
    final_lr : float, default 0
        The rate to end with.
    warmup_steps, warmup_begin_lr, warmup_mode
        As for `LRScheduler`.

    Examples
    --------
    >>> scheduler = mx.lr_scheduler.CosineScheduler(max_update=4, base_lr=1.0)
    >>> [round(scheduler(update), 4) for update in range(5)]
    [1.0, 0.8536, 0.5, 0.1464, 0.0]
    """

    def __init__(
        self,
        max_update: int,
        base_lr: float = 0.01,
        final_lr: float = 0,
        warmup_steps: int = 0,
        warmup_begin_lr: float = 0,
        warmup_mode: str = "linear",
    ) -> None:
        super().__init__(max_update, base_lr, final_lr, warmup_steps, warmup_begin_lr, warmup_mode)

    def _height(self, progress: float) -> float:
        return (1 + cos(pi * progress)) / 2


def _check_factor(factor: float) -> None:
    if factor > 1:
        raise ValueError(f"factor is {factor}, but must not exceed 1: the rate must not grow.")


def _log_change(num_update: int, rate: float) -> None:
    logging.info("Update[%d]: Change learning rate to %0.5e", num_update, rate)
