"""A monitor sees what flows through executors."""

from __future__ import annotations

import logging
from typing import Any

import pytest

import mxnet as mx


def watched(**options: Any) -> tuple[mx.mon.Monitor, Any]:
    network = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=1, name="fc")
    executor = network.simple_bind(mx.cpu(), data=(2, 1))
    executor.arg_dict["data"][:] = 3
    executor.arg_dict["fc_weight"][:] = 2
    monitor = mx.mon.Monitor(**options)
    monitor.install(executor)
    return monitor, executor


def one_batch(monitor: mx.mon.Monitor, executor: Any) -> list[tuple[int, str, str]]:
    monitor.tic()
    executor.forward(is_train=True)
    return monitor.toc()


def test_outputs_and_parameters_are_shown() -> None:
    monitor, executor = watched(interval=1, pattern="fc_.*", sort=True)
    assert one_batch(monitor, executor) == [
        (1, "fc_bias", "0.0\t"), (1, "fc_output", "6.0\t"), (1, "fc_weight", "2.0\t"),
    ]  # fmt: skip


def test_only_every_so_many_batches_are_shown() -> None:
    monitor, executor = watched(interval=2, pattern="fc_output")
    assert [len(one_batch(monitor, executor)) for _ in range(4)] == [1, 0, 1, 0]


def test_the_statistic_is_the_users() -> None:
    monitor, executor = watched(
        interval=1, stat_func=lambda array: [array.min(), array], pattern="fc_output"
    )
    ((_, _, text),) = one_batch(monitor, executor)
    assert text.replace("\n", "") == "6.0\t[[6.] [6.]]\t"


def test_a_statistic_must_be_an_array() -> None:
    monitor, executor = watched(interval=1, stat_func=lambda array: 3, pattern="fc_output")
    with pytest.raises(mx.MXNetError, match="stat_func returned a int"):
        one_batch(monitor, executor)


def test_inputs_are_watched_on_demand() -> None:
    monitor, executor = watched(interval=1, pattern="data", monitor_all=True)
    assert len(one_batch(monitor, executor)) == 2  # on its way into fc, and as an argument


def test_statistics_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    monitor, executor = watched(interval=1, pattern="fc_output")
    monitor.tic()
    executor.forward(is_train=True)
    monitor.toc_print()
    assert caplog.messages == [f"Batch:       1 {'fc_output':30} 6.0\t"]
