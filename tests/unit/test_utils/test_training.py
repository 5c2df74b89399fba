"""compare_optimizer."""

from __future__ import annotations

import pytest

import mxnet as mx
from mxnet.test_utils import compare_optimizer

SGD = mx.optimizer.SGD


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("stype", ["default", "row_sparse"])
def test_equal_optimizers_make_equal_steps(dtype, stype):
    compare_optimizer(
        SGD(momentum=0.9), SGD(momentum=0.9), (4, 3), dtype, w_stype=stype, g_stype=stype
    )


@pytest.mark.parametrize("other", [SGD(learning_rate=0.2), SGD(learning_rate=0.1, wd=0.5)])
def test_another_step_is_found(other):
    with pytest.raises(AssertionError, match="Items are not equal"):
        compare_optimizer(SGD(learning_rate=0.1), other, (4, 3), "float32")


def test_another_state_is_found_unless_states_do_not_count():
    class Remembering(SGD):
        def update_multi_precision(self, index, weight, grad, state):
            super().update_multi_precision(index, weight, grad, state)
            state[:] += 1

    arguments = SGD(momentum=0.9), Remembering(momentum=0.9), (4, 3), "float32"
    compare_optimizer(*arguments, compare_states=False)
    with pytest.raises(AssertionError, match="Items are not equal"):
        compare_optimizer(*arguments)


def test_several_weights_are_updated_in_one_call():
    shapes = [(4, 3), (5,)]
    compare_optimizer(SGD(momentum=0.9), SGD(momentum=0.9), shapes, "float32", ntensors=2)
    with pytest.raises(AssertionError, match="must be a list of 2 shapes"):
        compare_optimizer(SGD(), SGD(), (4, 3), "float32", ntensors=2)
