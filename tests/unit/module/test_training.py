"""Training with fit: the same parameters as MXNet's, its log, its callbacks."""

from __future__ import annotations

import logging
import re
from typing import Any

import numpy as np
import pytest

import mxnet as mx

from .networks import first_params, network, samples

SGD = {"learning_rate": 0.5, "momentum": 0.9, "wd": 0.01}

# What is different, then the sums and the sums of magnitudes of bn_gamma, bn_moving_mean,
# fc1_weight and fc2_weight, then accuracy and cross-entropy, all after three epochs in MXNet.
RECORDED: dict[str, tuple[dict[str, Any], list[float]]] = {
    "one device": (
        {},
        [3.83158, 3.83158, 0.21361, 1.35556, -1.70556, 12.00364, -0.30198, 8.59375,
         0.79167, 0.45832],
    ),
    "two devices": (
        {"devices": 2},
        [4.42636, 4.42636, 0.26249, 1.351, -0.79156, 12.31145, -0.30198, 9.30646,
         0.79167, 0.57327],
    ),
    "two devices and kvstore device": (
        {"devices": 2, "kvstore": "device"},
        [4.42636, 4.42636, 0.26249, 1.351, -0.79156, 12.31145, -0.30198, 9.30646,
         0.79167, 0.57327],
    ),
    "two devices that do not meet": (
        {"devices": 2, "kvstore": None},
        [4.06261, 4.06261, 0.2695, 1.33833, -0.70804, 9.86734, -0.30198, 5.82237,
         0.75, 0.82751],
    ),
    "a fixed layer": (
        {"fixed_param_names": ["fc1_weight"]},
        [3.93023, 3.93023, 0.27061, 1.31167, -0.74944, 10.12847, -0.30198, 9.23874,
         0.58333, 0.91236],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("options", "wanted"), RECORDED.values(), ids=list(RECORDED))
def test_three_epochs_end_where_mxnets_do(options: dict[str, Any], wanted: list[float]) -> None:
    options = dict(options)
    contexts = [mx.cpu(i) for i in range(options.pop("devices", 1))]
    kvstore = options.pop("kvstore", "local")
    module, data = mx.mod.Module(network(), context=contexts, **options), samples()
    arg_params, aux_params = first_params()
    module.fit(
        data, num_epoch=3, optimizer_params=SGD, kvstore=kvstore, arg_params=arg_params,
        aux_params=aux_params,
    )  # fmt: skip
    params = {
        name: array.asnumpy() for group in module.get_params() for name, array in group.items()
    }
    names = ("bn_gamma", "bn_moving_mean", "fc1_weight", "fc2_weight")
    sums = [total for name in names for total in (params[name].sum(), abs(params[name]).sum())]
    scores = [value for _, value in module.score(data, ["acc", "ce"])]
    np.testing.assert_allclose([*sums, *scores], wanted, atol=3e-5)


def fit(**options: Any) -> mx.mod.Module:
    module = mx.mod.Module(network())
    arg_params, aux_params = first_params()
    module.fit(samples(), arg_params=arg_params, aux_params=aux_params, **options)
    return module


def test_the_log_is_mxnets(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    fit(num_epoch=1, eval_data=samples(), eval_metric=["acc", "ce"])
    lines = [re.sub(r"=\d+\.\d+", "=N", line) for line in caplog.messages]
    assert lines == [
        "Epoch[0] Train-accuracy=N",
        "Epoch[0] Train-cross-entropy=N",
        "Epoch[0] Time cost=N",
        "Epoch[0] Validation-accuracy=N",
        "Epoch[0] Validation-cross-entropy=N",
    ]


def test_the_training_metric_covers_the_epoch_though_callbacks_reset_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    fit(num_epoch=1, optimizer_params={"learning_rate": 0.0})
    alone = caplog.messages[0]
    caplog.clear()
    fit(
        num_epoch=1, optimizer_params={"learning_rate": 0.0},
        batch_end_callback=mx.callback.Speedometer(8, 1),
    )  # fmt: skip
    assert caplog.messages[2] == alone


def test_callbacks_are_told_epoch_batch_and_parameters() -> None:
    seen: list[Any] = []
    fit(
        num_epoch=4,
        begin_epoch=2,
        eval_data=samples(),
        batch_end_callback=[lambda param: seen.append(("batch", param.epoch, param.nbatch))],
        epoch_end_callback=lambda epoch, symbol, arg, aux: seen.append(
            ("epoch", epoch, sorted(aux))
        ),
        eval_batch_end_callback=lambda param: seen.append(("eval batch", param.nbatch)),
        eval_end_callback=lambda param: seen.append(("eval", param.epoch, param.nbatch)),
    )
    first = [("batch", 2, 0), ("batch", 2, 1), ("batch", 2, 2)]
    first += [("epoch", 2, ["bn_moving_mean", "bn_moving_var"])]
    first += [("eval batch", 0), ("eval batch", 1), ("eval batch", 2), ("eval", 2, 3)]
    assert seen[: len(first)] == first
    assert len(seen) == 2 * len(first)


def test_batch_callbacks_see_the_loops_variables() -> None:
    seen: list[Any] = []
    module = mx.mod.Module(network())
    module.fit(samples(), num_epoch=1, batch_end_callback=lambda p: seen.append(p.locals["self"]))
    assert seen == [module] * 3


def test_a_monitor_watches_training(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    fit(num_epoch=1, monitor=mx.mon.Monitor(2, pattern="fc2_output"))
    lines = [line for line in caplog.messages if line.startswith("Batch:")]
    assert [line.split()[1:3] for line in lines] == [["1", "fc2_output"], ["3", "fc2_output"]]


def test_the_metric_of_the_validation_may_be_another(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    fit(num_epoch=1, eval_data=samples(), validation_metric="mse", eval_metric="ce")
    assert [line.split("=")[0] for line in caplog.messages] == [
        "Epoch[0] Train-cross-entropy", "Epoch[0] Time cost", "Epoch[0] Validation-mse",
    ]  # fmt: skip


def test_fit_needs_an_end() -> None:
    with pytest.raises(mx.MXNetError, match="num_epoch"):
        fit()


def test_training_goes_on_where_it_was_left() -> None:
    whole = fit(num_epoch=4, optimizer_params=SGD)
    half = fit(num_epoch=2, optimizer_params=SGD)
    with pytest.warns(UserWarning, match="has parameters already"):
        half.fit(samples(), num_epoch=4, begin_epoch=2)
    for name, array in whole.get_params()[0].items():
        np.testing.assert_array_equal(array.asnumpy(), half.get_params()[0][name].asnumpy())
