"""Contexts of the CPU, which are different names of one memory, and devices that are not there."""

from __future__ import annotations

import pytest
import torch

import mxnet as mx
from mxnet.base import MXNetError


def test_contexts_of_one_device_are_told_apart():
    x, y = mx.nd.ones((2,), ctx=mx.cpu(0)), mx.nd.ones((2,), ctx=mx.cpu(1))
    assert x.context == mx.cpu(0) != y.context == mx.cpu(1)


def test_results_stay_on_their_inputs_context():
    x = mx.nd.ones((2,), ctx=mx.cpu(1))
    results = [x + 1, x[0], x.reshape((2, 1)), x.astype("float64"), mx.nd.exp(x), x.sum(), -x]
    assert {str(result.context) for result in results} == {"cpu(1)"}


def test_a_gradient_is_on_its_variables_context():
    x = mx.nd.ones((2,), ctx=mx.cpu(1))
    x.attach_grad()
    with mx.autograd.record():
        y = x * 2
    y.backward()
    assert x.grad.context == mx.cpu(1)


def test_moving_to_another_context_copies():
    x = mx.nd.zeros((2,), ctx=mx.cpu(0))
    moved = x.as_in_context(mx.cpu(1))
    moved[:] = 5
    assert (moved.context, x.asnumpy().tolist()) == (mx.cpu(1), [0, 0])
    assert x.as_in_context(mx.cpu(0)) is x


def test_copying_between_contexts_keeps_the_targets():
    source, target = mx.nd.ones((2,), ctx=mx.cpu(0)), mx.nd.zeros((2,), ctx=mx.cpu(1))
    assert source.copyto(target) is target
    assert (target.context, target.asnumpy().tolist()) == (mx.cpu(1), [1, 1])


def test_the_current_context_is_where_arrays_are_made():
    with mx.cpu(2):
        made = [mx.nd.zeros((1,)), mx.nd.array([1]), mx.nd.arange(2), mx.nd.random.uniform(shape=2)]
        inner = mx.current_context()
    assert {str(array.context) for array in made} == {"cpu(2)"}
    assert (inner, mx.current_context()) == (mx.cpu(2), mx.cpu(0))


def test_scopes_nest():
    with mx.cpu(1):
        with mx.cpu(2):
            pass
        assert mx.nd.zeros((1,)).context == mx.cpu(1)


def test_a_gpu_that_is_not_there_is_named():
    missing = torch.cuda.device_count()
    with pytest.raises(MXNetError, match=rf"gpu\({missing}\) does not exist: torch .* sees"):
        mx.nd.zeros((1,), ctx=mx.gpu(missing))


def test_an_unknown_device_is_refused():
    with pytest.raises(MXNetError, match="device type is 'tpu', but must be one of cpu, gpu"):
        mx.Context("tpu")


def test_what_an_array_prints_names_its_context():
    assert repr(mx.nd.ones((2,), ctx=mx.cpu(1))) == "\n[1. 1.]\n<NDArray 2 @cpu(1)>"
