"""What optimizers share: names, multipliers, learning rates, counts, precisions and states."""

from __future__ import annotations

import base64
import pickle
from types import SimpleNamespace

import numpy as np
import pytest

import mxnet as mx

NAMES = {0: "fc_weight", 1: "fc_bias", 2: "bn_gamma", 3: "bn_beta", 4: "other"}


def test_the_reference_s_optimizers_are_registered() -> None:
    wanted = (
        "adadelta adagrad adam adamax ccsgd dcasgd ftml ftrl groupadagrad lamb lars lbsgd nadam "
        "nag rmsprop sgd sgld signum test"
    )
    assert set(wanted.split()) <= set(mx.optimizer.Optimizer.opt_registry)


def test_create_takes_names_in_any_case() -> None:
    assert mx.optimizer.create("NaG", momentum=0.5).momentum == 0.5


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"'nope' is not a registered optimizer; there are ada"):
        mx.optimizer.create("nope")


def test_registering_a_name_again_warns() -> None:
    @mx.optimizer.register
    class Twice(mx.optimizer.Optimizer):
        pass

    with pytest.warns(UserWarning, match="'twice'"):
        mx.optimizer.register(type("Twice", (mx.optimizer.Optimizer,), {}))
    assert isinstance(mx.optimizer.create("twice"), mx.optimizer.Optimizer)
    assert not isinstance(mx.optimizer.create("twice"), Twice)


def test_only_weights_and_gammas_decay() -> None:
    sgd = mx.optimizer.SGD(param_idx2name=NAMES, wd=0.5)
    assert sgd.wd_mult == {"fc_bias": 0.0, "bn_beta": 0.0, "other": 0.0}
    assert sgd._get_wds(range(5)) == [0.5, 0.0, 0.5, 0.0, 0.0]


def test_multipliers_come_from_the_user_by_name_or_index() -> None:
    sgd = mx.optimizer.SGD(param_idx2name=NAMES, wd=1.0, learning_rate=1.0)
    sgd.set_wd_mult({"fc_bias": 3.0})
    sgd.set_lr_mult({"fc_weight": 2.0, 1: 4.0})
    assert sgd._get_wds([0, 1]) == [1.0, 3.0]
    assert sgd._get_lrs([0, 1, 2]) == [2.0, 4.0, 1.0]


def test_multipliers_come_from_the_variables_of_a_network() -> None:
    weight = mx.sym.Variable("fc_weight", lr_mult=3.0, wd_mult=4.0)
    network = mx.sym.FullyConnected(mx.sym.Variable("data"), weight, num_hidden=3, name="fc")
    sgd = mx.optimizer.SGD(learning_rate=1.0, wd=1.0, param_idx2name=NAMES, sym=network)
    assert (sgd._get_lr(0), sgd._get_wd(0), sgd._get_wd(1)) == (3.0, 4.0, 0.0)


def test_multipliers_come_from_gluon_parameters() -> None:
    parameter = SimpleNamespace(lr_mult=2.0, wd_mult=3.0)
    sgd = mx.optimizer.SGD(learning_rate=1.0, wd=1.0, param_dict={0: parameter})
    assert (sgd._get_lr(0), sgd._get_wd(0)) == (2.0, 3.0)


def test_the_default_rate_is_one_hundredth_or_the_scheduler_s() -> None:
    scheduler = mx.lr_scheduler.FactorScheduler(2, 0.5, base_lr=0.3)
    assert mx.optimizer.SGD().learning_rate == 0.01
    assert mx.optimizer.SGD(lr_scheduler=scheduler).learning_rate == 0.3


def test_a_learning_rate_beside_a_scheduler_becomes_its_base() -> None:
    scheduler = mx.lr_scheduler.FactorScheduler(2, 0.5)
    with pytest.warns(UserWarning, match="replaced by the optimizer's learning_rate of 0.3"):
        sgd = mx.optimizer.SGD(learning_rate=0.3, lr_scheduler=scheduler)
    assert (sgd.learning_rate, scheduler.base_lr) == (0.3, 0.3)


def test_the_scheduler_follows_the_number_of_updates() -> None:
    scheduler = mx.lr_scheduler.FactorScheduler(1, 0.5, base_lr=1.0)
    updater = mx.optimizer.get_updater(mx.optimizer.SGD(lr_scheduler=scheduler))
    weight = mx.nd.array([0.0])
    for _ in range(3):
        updater(0, mx.nd.array([1.0]), weight)
    assert weight.asscalar() == -(1.0 + 0.5 + 0.25)


def test_the_rate_can_be_set_only_without_a_scheduler() -> None:
    sgd = mx.optimizer.SGD()
    sgd.set_learning_rate(3.0)
    assert sgd.learning_rate == 3.0
    scheduled = mx.optimizer.SGD(lr_scheduler=mx.lr_scheduler.FactorScheduler(1))
    with pytest.raises(UserWarning, match="scheduler"):
        scheduled.set_learning_rate(3.0)


def test_updates_are_counted_for_each_parameter_from_the_beginning_given() -> None:
    sgd = mx.optimizer.SGD(begin_num_update=5)
    sgd._update_count(3)
    sgd._update_count([3, 4])
    assert (sgd.num_update, sgd._index_update_count) == (7, {3: 7, 4: 6})


def test_each_device_has_its_own_counts() -> None:
    adam = mx.optimizer.Adam(learning_rate=0.5)
    updater = mx.optimizer.get_updater(adam)
    weights = [mx.nd.ones((1,), mx.cpu(i)) for i in range(2)]
    for _ in range(2):
        for i, weight in enumerate(weights):
            updater(i, mx.nd.ones((1,), mx.cpu(i)), weight)
    assert adam._all_index_update_counts == {0: {0: 2}, 1: {1: 2}}
    assert weights[0].asscalar() == weights[1].asscalar()


def test_param_idx2name_must_be_a_dictionary() -> None:
    with pytest.raises(mx.MXNetError, match="param_idx2name"):
        mx.optimizer.SGD(param_idx2name=["fc_weight"])


def test_multi_precision_keeps_a_float32_copy() -> None:
    weight = mx.nd.ones((2,), dtype="float16")
    momentum, copy = mx.optimizer.SGD(
        momentum=0.9, multi_precision=True
    ).create_state_multi_precision(0, weight)
    assert (momentum.dtype, copy.dtype) == (np.float32, np.float32)
    copy, (mean, _) = mx.optimizer.Adam(multi_precision=True).create_state_multi_precision(
        0, weight
    )
    assert (copy.asnumpy().tolist(), mean.dtype) == ([1.0, 1.0], np.float32)


def test_float16_without_a_copy_is_warned_of() -> None:
    with pytest.warns(UserWarning, match="SGD accumulates in float16"):
        mx.optimizer.SGD().create_state_multi_precision(0, mx.nd.ones((2,), dtype="float16"))


def test_small_steps_survive_float16_only_with_a_copy() -> None:
    def after_ten(multi_precision: bool) -> float:
        sgd = mx.optimizer.SGD(learning_rate=1e-4, multi_precision=multi_precision)
        updater, weight = mx.optimizer.get_updater(sgd), mx.nd.ones((1,), dtype="float16")
        for _ in range(10):
            updater(0, mx.nd.ones((1,), dtype="float16"), weight)
        return float(weight.asscalar())

    assert after_ten(True) == pytest.approx(0.999, abs=5e-4)
    with pytest.warns(UserWarning, match="float16"):
        assert after_ten(False) == 1.0


@pytest.mark.parametrize("name", ["sgd", "adam", "lamb", "rmsprop", "lars"])
def test_lists_of_parameters_are_updated_as_one_by_one(name: str) -> None:
    def run(together: bool) -> list[float]:
        names = {i: f"p{i}_weight" for i in range(6)}
        updater = mx.optimizer.get_updater(mx.optimizer.create(name, param_idx2name=names))
        weights = [mx.nd.array([1.0 + i]) for i in range(6)]
        grads = [mx.nd.array([0.5 * i - 1]) for i in range(6)]
        for _ in range(2):
            if together:
                updater(list(range(6)), grads, weights)
            else:
                for i in range(6):
                    updater(i, grads[i], weights[i])
        return [float(weight.asscalar()) for weight in weights]

    assert run(True) == run(False)


def test_states_go_on_after_a_pickle() -> None:
    def updater() -> mx.optimizer.Updater:
        return mx.optimizer.get_updater(mx.optimizer.SGD(learning_rate=0.1, momentum=0.9))

    grad, first, weight = mx.nd.array([1.0]), updater(), mx.nd.array([1.0])
    first(0, grad, weight)
    second, other = updater(), weight.copy()
    second.set_states(first.get_states())
    first(0, grad, weight)
    second(0, grad, other)
    assert weight.asscalar() == other.asscalar()


def test_a_pickled_optimizer_brings_its_counts_along() -> None:
    updater, weight = mx.optimizer.get_updater(mx.optimizer.Adam()), mx.nd.array([1.0])
    updater(0, mx.nd.array([1.0]), weight)
    other = mx.optimizer.get_updater(mx.optimizer.Adam())
    other.set_states(updater.get_states(dump_optimizer=True))
    assert other.optimizer._index_update_count == {0: 1}
    other(0, mx.nd.array([1.0]), weight)
    assert other.optimizer._all_index_update_counts == {0: {0: 2}}


def test_optimizers_are_pickled_under_mxnets_path() -> None:
    pickled = pickle.dumps(mx.optimizer.Adam(), protocol=0)
    assert b"mxnet.optimizer.optimizer" in pickled


def test_something_else_than_states_is_refused() -> None:
    with pytest.raises(mx.MXNetError, match="dictionary"):
        mx.optimizer.get_updater(mx.optimizer.SGD()).set_states(pickle.dumps([1]))


def test_states_that_mxnet_pickled_can_be_read() -> None:
    written_by_mxnet = base64.b64decode(
        "gASVhAAAAAAAAAB9lEsAjBVteG5ldC5uZGFycmF5Lm5kYXJyYXmUjAdOREFycmF5lJOUToWUUpR9lIwGaGFuZGxl"
        "lIwIYnVpbHRpbnOUjAlieXRlYXJyYXmUk5RDKMn6k/kAAAAAAQAAAAIAAAAAAAAAAQAAAAAAAAAAAAAAAAAAvwAA"
        "gL+UhZRSlHNicy4="
    )
    updater = mx.optimizer.get_updater(mx.optimizer.SGD(momentum=0.5))
    updater.set_states(written_by_mxnet)
    assert updater.states[0].asnumpy().tolist() == [-0.5, -1.0]
