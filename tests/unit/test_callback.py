"""Callbacks: what they log and save, and when."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any

import pytest

import mxnet as mx


def at(epoch: int, nbatch: int, metric: Any = None) -> Any:
    return mx.model.BatchEndParam(epoch, nbatch, metric, {})


@pytest.fixture
def accuracy() -> mx.metric.Accuracy:
    metric = mx.metric.Accuracy()
    metric.update([mx.nd.array([1])], [mx.nd.array([1])])
    return metric


@pytest.fixture(autouse=True)
def _log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)


def logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [re.sub(r"Speed: \S+", "Speed: N", line) for line in caplog.messages]


def test_the_speedometer_resets_the_metric(
    caplog: pytest.LogCaptureFixture, accuracy: mx.metric.Accuracy
) -> None:
    speedometer = mx.callback.Speedometer(4, frequent=2)
    for epoch in range(2):
        for nbatch in range(5):
            speedometer(at(epoch, nbatch, accuracy))
    assert logged(caplog) == [
        "Epoch[0] Batch [0-2]\tSpeed: N samples/sec\taccuracy=1.000000",
        "Epoch[0] Batch [2-4]\tSpeed: N samples/sec\taccuracy=nan",
        "Epoch[1] Batch [0-2]\tSpeed: N samples/sec\taccuracy=nan",
        "Epoch[1] Batch [2-4]\tSpeed: N samples/sec\taccuracy=nan",
    ]
    assert accuracy.get_global() == ("accuracy", 1.0)


def test_the_speedometer_can_cover_the_epoch_so_far(
    caplog: pytest.LogCaptureFixture, accuracy: mx.metric.Accuracy
) -> None:
    speedometer = mx.callback.Speedometer(4, frequent=2, auto_reset=False)
    for nbatch in range(5):
        speedometer(at(0, nbatch, accuracy))
    assert logged(caplog)[-1] == "Epoch[0] Batch [0-4]\tSpeed: N samples/sec\taccuracy=1.000000"


def test_the_speedometer_works_without_a_metric(caplog: pytest.LogCaptureFixture) -> None:
    speedometer = mx.callback.Speedometer(4, frequent=2)
    for nbatch in range(3):
        speedometer(at(0, nbatch))
    assert logged(caplog) == ["Iter[0] Batch [2]\tSpeed: N samples/sec"]


def test_the_progress_bar_grows(caplog: pytest.LogCaptureFixture) -> None:
    bar = mx.callback.ProgressBar(total=5, length=10)
    bar(at(0, 1))
    bar(at(0, 5))
    assert [line.strip() for line in caplog.messages] == ["[==--------] 20%", "[==========] 100%"]


def test_the_training_metric_is_logged_every_period(
    caplog: pytest.LogCaptureFixture, accuracy: mx.metric.Accuracy
) -> None:
    log = mx.callback.log_train_metric(2, auto_reset=True)
    for nbatch in range(4):
        log(at(1, nbatch, accuracy))
    assert caplog.messages == [
        "Iter[1] Batch[0] Train-accuracy=1.000000",
        "Iter[1] Batch[2] Train-accuracy=nan",
    ]


def test_validation_metrics_are_logged(
    caplog: pytest.LogCaptureFixture, accuracy: mx.metric.Accuracy
) -> None:
    log = mx.callback.LogValidationMetricsCallback()
    log(at(3, 9, accuracy))
    log(at(3, 9))
    assert caplog.messages == ["Epoch[3] Validation-accuracy=1.000000"]


def test_checkpoints_are_written_every_period(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    prefix = str(tmp_path / "net")
    network = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=1, name="fc")
    save = mx.callback.do_checkpoint(prefix, period=2)
    for epoch in range(4):
        save(epoch, network, {"fc_weight": mx.nd.ones((1, 1))}, {})
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "net-0002.params", "net-0004.params", "net-symbol.json",
    ]  # fmt: skip
    assert caplog.messages[0] == f'Saved checkpoint to "{prefix}-0002.params"'


def test_a_module_saves_itself_every_period() -> None:
    class Module:
        saved: list[Any] = []

        def save_checkpoint(self, *arguments: Any) -> None:
            self.saved.append(arguments)

    save = mx.callback.module_checkpoint(Module(), "net", 2, save_optimizer_states=True)
    for epoch in range(4):
        save(epoch)
    assert Module.saved == [("net", 2, True), ("net", 4, True)]
