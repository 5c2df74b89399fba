"""A look into executors: statistics of what flows through a network while it trains."""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Callable
from typing import Any

from . import ndarray as nd
from .base import MXNetError
from .ndarray import NDArray


class Monitor:
    """Gather a statistic of operators' outputs and of parameters every so many batches.

    Parameters
    ----------
    interval : int
        Batches between two gatherings.
    stat_func : callable, optional
        Maps an NDArray to the NDArray (or list of them) to show; by default the root of the mean
        square.
    pattern : str, default '.*'
        Regular expression that the names must match from their start.
    sort : bool, default False
        Whether results are sorted by name.
    monitor_all : bool, default False
        Whether operators' inputs are watched too.

    Examples
    --------
    >>> network = mx.sym.relu(mx.sym.Variable("data"), name="act")
    >>> executor = network.bind(mx.cpu(), {"data": mx.nd.array([-1, 2])})
    >>> monitor = mx.mon.Monitor(1, stat_func=lambda array: array.max(), pattern="act.*")
    >>> monitor.install(executor)
    >>> monitor.tic(); _ = executor.forward(is_train=True); print(monitor.toc())
    [(1, 'act_output', '2.0\\t')]
    """

    def __init__(
        self,
        interval: int,
        stat_func: Callable[[NDArray], Any] | None = None,
        pattern: str = ".*",
        sort: bool = False,
        monitor_all: bool = False,
    ) -> None:
        self.stat_func = stat_func or _root_mean_square
        self.interval = interval
        self.activated = False
        self.queue: list[tuple[int, str, Any]] = []
        self.step = 0
        self.exes: list[Any] = []
        self.re_prog = re.compile(pattern)
        self.sort = sort
        self.monitor_all = monitor_all

    def install(self, exe: Any) -> None:
        """Watch an executor from now on."""
        exe.set_monitor_callback(self.stat_helper, self.monitor_all)
        self.exes.append(exe)

    def stat_helper(self, name: str, array: NDArray) -> None:
        """Take in an array, if this batch is one to gather and the name matches."""
        if self.activated and self.re_prog.match(name):
            self.queue.append((self.step, name, self.stat_func(array)))

    def tic(self) -> None:
        """Begin a batch: call it before forward."""
        if self.step % self.interval == 0:
            self.queue = []
            self.activated = True
        self.step += 1

    def toc(self) -> list[tuple[int, str, str]]:
        """End a batch and return its statistics.

        Returns
        -------
        list of (int, str, str)
            Number of the batch from 1, name, statistics as text each followed by a tab; empty for
            a batch that is not one to gather.
        """
        if not self.activated:
            return []
        for exe in self.exes:
            for name, array in {**exe.arg_dict, **exe.aux_dict}.items():
                self.stat_helper(name, array)
        self.activated = False
        queue = sorted(self.queue, key=lambda entry: entry[1]) if self.sort else self.queue
        self.queue = []
        return [(step, name, _text(statistics)) for step, name, statistics in queue]

    def toc_print(self) -> None:
        """End a batch and log its statistics."""
        for step, name, text in self.toc():
            logging.info("Batch: %7d %-30s %s", step, name, text)


def _root_mean_square(array: NDArray) -> NDArray:
    return nd.norm(array) / math.sqrt(array.size)


def _text(statistics: Any) -> str:
    text = ""
    for statistic in statistics if isinstance(statistics, list) else [statistics]:
        if not isinstance(statistic, NDArray):
            raise MXNetError(
                f"stat_func returned a {type(statistic).__name__}, but must return an NDArray or "
                "a list of them."
            )
        value = statistic.asscalar() if statistic.size == 1 else statistic.asnumpy()
        text += f"{value}\t"
    return text
