"""check_gluon_hybridize_consistency, with blocks that have no more than it asks of them."""

from __future__ import annotations

import numpy as np
import pytest

import mxnet as mx
from mxnet.test_utils import check_gluon_hybridize_consistency

DATA = [mx.nd.array([[1, 2], [3, 4]]), mx.nd.array([[5, 6], [7, 8]])]


class Parameter:
    """A random scale."""

    def __init__(self):
        self.value = mx.nd.random.uniform(1, 9)

    def data(self):
        return self.value

    def set_data(self, value):
        self.value = value.copy()


class Block:
    """Computes a * b + a, with a scale, or something else once it is a graph."""

    def __init__(self, scaled=False, graph_factor=1):
        self.parameters = {"scale": Parameter()} if scaled else {}
        self.factor, self.graph_factor = 1, graph_factor
        self.initialized = False

    def initialize(self):
        self.initialized = True

    def hybridize(self):
        self.factor = self.graph_factor

    def collect_params(self):
        return self.parameters

    def __call__(self, a, b):
        assert self.initialized
        output = (a * b + a) * self.factor
        for parameter in self.parameters.values():
            output = mx.nd.broadcast_mul(output, parameter.data().reshape((1, 1)))
        return output


@pytest.mark.parametrize("test_grad", [True, False])
def test_a_block_that_hybridizes_well_passes(test_grad):
    check_gluon_hybridize_consistency(Block, DATA, lambda a, b: a * b + a, test_grad)


def test_a_block_with_random_parameters_has_the_same_ones_twice():
    check_gluon_hybridize_consistency(lambda: Block(scaled=True), DATA)


def test_another_function_than_numpys_is_found():
    with pytest.raises(AssertionError, match=r"output=6\.0+, numpy=7\.0"):
        check_gluon_hybridize_consistency(
            Block, DATA, lambda a, b: np.where(a * b + a == 6, 7, a * b + a)
        )


def test_another_result_as_a_graph_is_found():
    with pytest.raises(AssertionError, match=r"hybridized=\S+, plain="):
        check_gluon_hybridize_consistency(lambda: Block(graph_factor=2), DATA)


def test_another_gradient_as_a_graph_is_found():
    class Blocked(Block):
        def __call__(self, a, b):
            return mx.nd.BlockGrad(a) * b if self.factor == 2 else a * b

    with pytest.raises(AssertionError, match=r"hybridized_grad0=0\.0+, plain_grad0=8\.0"):
        check_gluon_hybridize_consistency(lambda: Blocked(graph_factor=2), DATA)


def test_the_callers_arrays_get_no_gradient():
    check_gluon_hybridize_consistency(Block, DATA)
    assert all(data.grad is None for data in DATA)
