"""Functions that training calls at the end of batches and epochs: to log, and to save."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from typing import Any

from .checkpoint import save_checkpoint


def module_checkpoint(
    mod: Any, prefix: str, period: int = 1, save_optimizer_states: bool = False
) -> Callable[..., None]:
    """Return an epoch callback that saves a module every so many epochs.

    Parameters
    ----------
    mod : BaseModule
        The module.
    prefix : str
        How the files' names begin.
    period : int, default 1
        Epochs between two savings, at least 1.
    save_optimizer_states : bool, default False
        Whether the optimizer's states are saved too.
    """
    period = max(1, int(period))

    def save(iter_no: int, sym: Any = None, arg: Any = None, aux: Any = None) -> None:
        if (iter_no + 1) % period == 0:
            mod.save_checkpoint(prefix, iter_no + 1, save_optimizer_states)

    return save


def do_checkpoint(prefix: str, period: int = 1) -> Callable[..., None]:
    """Return an epoch callback that saves network and parameters every so many epochs.

    Parameters
    ----------
    prefix : str
        How the files' names begin.
    period : int, default 1
        Epochs between two savings, at least 1.
    """
    period = max(1, int(period))

    def save(iter_no: int, sym: Any, arg: Any, aux: Any) -> None:
        if (iter_no + 1) % period == 0:
            save_checkpoint(prefix, iter_no + 1, sym, arg, aux)

    return save


def log_train_metric(period: int, auto_reset: bool = False) -> Callable[[Any], None]:
    """Return a batch callback that logs the training metric every so many batches.

    Parameters
    ----------
    period : int
        Batches between two lines.
    auto_reset : bool, default False
        Whether the metric begins anew after each line.
    """

    def log(param: Any) -> None:
        if param.nbatch % period or param.eval_metric is None:
            return
        for name, value in param.eval_metric.get_name_value():
            logging.info("Iter[%d] Batch[%d] Train-%s=%f", param.epoch, param.nbatch, name, value)
        if auto_reset:
            param.eval_metric.reset_local()

    return log


class Speedometer:
    """A batch callback that logs the speed, and the training metric, every so many batches.

    Parameters
    ----------
    batch_size : int
        Samples per batch.
    frequent : int, default 50
        Batches between two lines.
    auto_reset : bool, default True
        Whether the metric begins anew after each line; else it covers the epoch so far.

    Examples
    --------
    >>> speedometer = mx.callback.Speedometer(batch_size=32, frequent=10)
    >>> # module.fit(data, num_epoch=1, batch_end_callback=speedometer) logs lines such as
    >>> # Epoch[0] Batch [0-10]	Speed: 1742.33 samples/sec	accuracy=0.871875
    """

    def __init__(self, batch_size: int, frequent: int = 50, auto_reset: bool = True) -> None:
        self.batch_size = batch_size
        self.frequent = frequent
        self.init = False
        self.tic = 0.0
        self.last_count = 0
        self.auto_reset = auto_reset

    def __call__(self, param: Any) -> None:
        count = param.nbatch
        begins_epoch = count < self.last_count
        self.last_count = count
        if begins_epoch or not self.init:
            self.init = True
            self.tic = time.time()
        elif count % self.frequent == 0:
            seconds = time.time() - self.tic
            speed = self.frequent * self.batch_size / seconds if seconds else math.inf
            self._log(param, speed)
            self.tic = time.time()

    def _log(self, param: Any, speed: float) -> None:
        count = param.nbatch
        if param.eval_metric is None:
            logging.info("Iter[%d] Batch [%d]\tSpeed: %.2f samples/sec", param.epoch, count, speed)
            return
        pairs = param.eval_metric.get_name_value()
        if self.auto_reset:
            param.eval_metric.reset_local()
        begin = count - self.frequent if self.auto_reset else 0
        metrics = "".join(f"\t{name}={value:f}" for name, value in pairs)
        logging.info(
            "Epoch[%d] Batch [%d-%d]\tSpeed: %.2f samples/sec%s",
            param.epoch,
            begin,
            count,
            speed,
            metrics,
        )


class ProgressBar:
    """A batch callback that logs how much of the epoch is done as a bar.

    Parameters
    ----------
    total : int
        Batches in an epoch.
    length : int, default 80
        Characters of the bar.
    """

    def __init__(self, total: int, length: int = 80) -> None:
        self.bar_len = length
        self.total = total

    def __call__(self, param: Any) -> None:
        share = param.nbatch / self.total
        filled = round(self.bar_len * share)
        bar = "=" * filled + "-" * (self.bar_len - filled)
        logging.info("[%s] %s%%\r", bar, math.ceil(100 * share))


class LogValidationMetricsCallback:
    """A callback for the end of a validation that logs its metrics."""

    def __call__(self, param: Any) -> None:
        if param.eval_metric is None:
            return
        for name, value in param.eval_metric.get_name_value():
            logging.info("Epoch[%d] Validation-%s=%f", param.epoch, name, value)
