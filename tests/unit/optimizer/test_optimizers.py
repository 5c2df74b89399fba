"""Every optimizer does to parameters what MXNet's does, and what its formula says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mxnet as mx

RECORDED = [
    line.split(";")
    for line in (Path(__file__).parent / "mxnet_values.txt").read_text().splitlines()
    if not line.startswith("#")
]


def three_updates(name: str, arguments: dict[str, Any]) -> np.ndarray:
    """Return a weight (2, 3) and a bias (3,), one after the other, after three updates of each."""
    dtype = arguments.pop("dtype", "float32")
    names = {0: "fc_weight", 1: "fc_bias"}
    updater = mx.optimizer.get_updater(mx.optimizer.create(name, param_idx2name=names, **arguments))
    random = np.random.RandomState(3)
    shapes = (2, 3), (3,)
    params = [mx.nd.array(random.uniform(-1, 1, shape), dtype=dtype) for shape in shapes]
    for _ in range(3):
        grads = [mx.nd.array(random.uniform(-1, 1, shape), dtype=dtype) for shape in shapes]
        for index in (0,) if name == "groupadagrad" else (0, 1):
            updater(index, grads[index], params[index])
    return np.concatenate([param.asnumpy().ravel() for param in params])


@pytest.mark.parametrize(
    ("name", "arguments", "wanted"),
    RECORDED,
    ids=[f"{name} {arguments.strip(' {}')}" for name, arguments, _ in RECORDED],
)
def test_three_updates_end_where_mxnets_do(name: str, arguments: str, wanted: str) -> None:
    options = json.loads(arguments)
    tolerance = 2e-3 if "dtype" in options else 2e-5
    params = three_updates(name, options)
    np.testing.assert_allclose(params[[0, 4, 7]], np.fromstring(wanted, sep=" "), atol=tolerance)


def one_update(optimizer: Any, weight: Any, grad: Any) -> list[float]:
    array = mx.nd.array(weight)
    mx.optimizer.get_updater(optimizer)(0, mx.nd.array(grad), array)
    return array.asnumpy().astype(float).round(5).tolist()


def test_sgd_follows_the_gradient_and_decays() -> None:
    assert one_update(mx.optimizer.SGD(learning_rate=0.25, wd=1.0), [1.0], [2.0]) == [0.25]


def test_rescaling_comes_before_clipping() -> None:
    sgd = mx.optimizer.SGD(learning_rate=1.0, rescale_grad=0.1, clip_gradient=0.5)
    assert one_update(sgd, [0.0, 0.0], [4.0, 40.0]) == [-0.4, -0.5]


def test_nag_with_weight_decay_looks_ahead_of_the_decayed_weight() -> None:
    nag = mx.optimizer.NAG(learning_rate=0.1, momentum=0.9, wd=0.1)
    slope = 0.5 + 0.1
    assert one_update(nag, [1.0], [0.5]) == [round(1 - 0.1 * slope * 1.9, 5)]


def test_sgld_walks_half_a_step_with_noise_of_the_learning_rate() -> None:
    weight = mx.nd.full((100000,), 2.0)
    sgld = mx.optimizer.SGLD(learning_rate=0.04, wd=0.5)
    mx.optimizer.get_updater(sgld)(0, mx.nd.ones((100000,)), weight)
    values = weight.asnumpy()
    assert values.mean() == pytest.approx(2 - 0.02 * (1 + 0.5 * 2), abs=2e-3)
    assert values.std() == pytest.approx(0.2, abs=2e-3)


def test_adamax_leaves_an_element_without_gradient_alone() -> None:
    adamax = mx.optimizer.Adamax(learning_rate=0.1)
    assert one_update(adamax, [1.0, 1.0], [0.0, 3.0]) == [1.0, 0.9]


def test_dcasgd_has_momentum() -> None:
    dcasgd = mx.optimizer.DCASGD(learning_rate=0.1, momentum=0.5)
    updater, weight = mx.optimizer.get_updater(dcasgd), mx.nd.array([1.0])
    for _ in range(2):
        updater(0, mx.nd.array([1.0]), weight)
    # steps of -0.1 and of half of that, -0.1 and the correction for the weight's change
    assert weight.asscalar() == pytest.approx(1 - 0.1 - (0.05 + 0.1 + 0.1 * 0.04 * -0.1), abs=1e-6)


def test_group_adagrad_refuses_weight_decay_and_vectors() -> None:
    with pytest.raises(mx.MXNetError, match="weight decay"):
        one_update(mx.optimizer.contrib.GroupAdaGrad(wd=0.1), [[1.0]], [[1.0]])
    with pytest.raises(mx.MXNetError, match="2 axes"):
        one_update(mx.optimizer.contrib.GroupAdaGrad(), [1.0], [1.0])


def test_lars_scales_weights_but_not_biases() -> None:
    def step(name: str) -> list[float]:
        lars = mx.optimizer.LARS(learning_rate=1.0, eta=1.0, param_idx2name={0: name})
        return one_update(lars, [3.0, 4.0], [1.0, 0.0])

    assert step("fc_weight") == [-2.0, 4.0]
    assert step("fc_bias") == [2.0, 4.0]


def test_lars_corrects_its_momentum_when_the_rate_changes() -> None:
    halving = mx.lr_scheduler.FactorScheduler(1, 0.5, base_lr=1.0)
    lars = mx.optimizer.LARS(
        learning_rate=1.0, eta=1.0, momentum=0.5, lr_scheduler=halving,
        param_idx2name={0: "fc_weight"},
    )  # fmt: skip
    updater, weight = mx.optimizer.get_updater(lars), mx.nd.array([3.0, 4.0])
    seen = []
    for _ in range(3):
        updater(0, mx.nd.array([1.0, 0.0]), weight)
        seen.append(round(float(weight[0].asscalar()), 4))
    assert seen == [-2.0, -5.4861, -8.055]


def test_lbsgd_gathers_batches_and_warms_up() -> None:
    lbsgd = mx.optimizer.LBSGD(
        learning_rate=1.0, batch_scale=2, warmup_epochs=1, updates_per_epoch=4
    )
    updater, weight = mx.optimizer.get_updater(lbsgd), mx.nd.array([0.0])
    seen = []
    for grad in (1.0, 3.0, 1.0, 1.0):
        updater(0, mx.nd.array([grad]), weight)
        seen.append(weight.asscalar())
    # the mean gradient of two batches, times 1.5 half way through the warm-up and 2 at its end
    assert seen == [0.0, -3.0, -3.0, -5.0]
