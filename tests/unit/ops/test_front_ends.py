"""Calling operators: tensors and attributes by position and by name."""

from __future__ import annotations

import inspect

import pytest

import mxnet as mx
from mxnet.base import MXNetError


def test_attributes_may_follow_the_tensors_by_position():
    x, w, b = mx.nd.ones((2, 3)), mx.nd.ones((4, 3)), mx.nd.zeros((4,))
    assert mx.nd.FullyConnected(x, w, b, 4).shape == (2, 4)


def test_tensors_by_position_skip_inputs_that_do_not_exist():
    x, h = mx.nd.ones((3, 2, 4)), mx.nd.zeros((1, 2, 5))
    w, lengths = mx.nd.zeros((165,)), mx.nd.array([1, 3], dtype="int32")
    options = {"state_size": 5, "num_layers": 1, "mode": "gru", "use_sequence_length": True}
    assert mx.nd.RNN(x, w, h, lengths, **options).shape == (3, 2, 5)
    inputs = [mx.sym.Variable(name) for name in ("x", "w", "h", "lengths")]
    assert mx.sym.RNN(*inputs, **options).list_arguments() == ["x", "w", "h", "lengths"]


def test_a_missing_tensor_is_named():
    with pytest.raises(MXNetError, match=r"^FullyConnected: input weight is missing\.$"):
        mx.nd.FullyConnected(mx.nd.ones((2, 3)), num_hidden=4)


def test_a_tensor_of_another_kind_is_named():
    with pytest.raises(MXNetError, match=r"^relu: input data is a list, but must be an NDArray\.$"):
        mx.nd.relu([1, 2])


def test_an_input_given_twice_is_named():
    x = mx.nd.ones((2,))
    with pytest.raises(MXNetError, match=r"^relu: input data is given twice\.$"):
        mx.nd.relu(x, data=x)


def test_too_many_arguments_are_counted():
    with pytest.raises(MXNetError, match="5 positional arguments came, but there are at most 3"):
        mx.nd.relu(mx.nd.ones((2,)), 1, 2, 3, 4)


def test_front_ends_have_the_signature_and_text_of_their_operator():
    names = list(inspect.signature(mx.nd.FullyConnected).parameters)
    assert names == [
        "data",
        "weight",
        "bias",
        "num_hidden",
        "no_bias",
        "flatten",
        "out",
        "name",
    ] + ["kwargs"]
    assert mx.nd.FullyConnected.__module__ == "mxnet.ndarray.op"
    assert mx.sym.FullyConnected.__doc__ == mx.nd.FullyConnected.__doc__


def test_results_go_into_out():
    out = mx.nd.zeros((2,))
    assert mx.nd.relu(mx.nd.array([-1, 2]), out=out) is out
    assert out.asnumpy().tolist() == [0, 2]


def test_out_of_a_wrong_shape_is_refused():
    with pytest.raises(MXNetError, match=r"relu: out is \(3,\) float32, but the result is \(2,\)"):
        mx.nd.relu(mx.nd.array([-1, 2]), out=mx.nd.zeros((3,)))


def test_arrays_are_not_promoted():
    with pytest.raises(MXNetError, match="inputs are float32 and int32, but must have one dtype"):
        mx.nd.ones((2,)) + mx.nd.ones((2,), dtype="int32")


def test_an_operator_never_returns_its_inputs_memory():
    x = mx.nd.zeros((2, 3))
    mx.nd.Reshape(x, shape=(3, 2))[:] = 1
    assert x.asnumpy().sum() == 0
