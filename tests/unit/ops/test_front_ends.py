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


@pytest.mark.parametrize("attributes", [[4], [4, True], [4, True, False]])
def test_calls_alike_differ_in_their_arrays_alone(attributes):
    for factor in (1, 2, 3):
        x, w = mx.nd.ones((2, 3)) * factor, mx.nd.ones((4, 3))
        b = None if len(attributes) > 1 else mx.nd.ones((4,))
        expected = 3 * factor + (b is not None)
        assert (mx.nd.FullyConnected(x, w, b, *attributes).asnumpy() == expected).all()


def test_arrays_without_bias_are_bound_alike_by_name_and_by_position():
    x, w = mx.nd.ones((2, 3)), mx.nd.ones((4, 3))
    for _ in range(2):
        by_position = mx.nd.FullyConnected(x, w, num_hidden=4, no_bias=True)
        by_name = mx.nd.FullyConnected(data=x, weight=w, num_hidden=4, no_bias=True)
        assert (by_position == by_name).asnumpy().all()


def test_equal_attributes_of_another_type_are_read_anew():
    x = mx.nd.ones((2, 3))
    for _ in range(2):
        assert mx.nd.sum(x, axis=(1,)).shape == mx.nd.sum(x, axis=[1]).shape == (2,)
        with pytest.raises(MXNetError, match="dim"):
            mx.nd.concat(x, x, dim=1.5)
        assert mx.nd.concat(x, x, dim=1).shape == (2, 6)


def test_lists_of_arrays_and_of_numbers_may_come_again():
    x = mx.nd.array([[1, 2, 3]])
    for count in (2, 3, 2):
        assert mx.nd.concat([x] * count, dim=0).shape == (count, 3)
        assert mx.nd.concat(*[x] * count, dim=0).shape == (count, 3)
        assert mx.nd.transpose(x, axes=[1, 0]).shape == (3, 1)


def test_calls_alike_write_into_the_out_that_is_given():
    for value in (1, 2):
        out = mx.nd.zeros((2,))
        assert mx.nd.sum(mx.nd.full((2, 3), value), axis=1, out=out) is out
        assert out.asnumpy().tolist() == [3 * value] * 2


def test_out_by_position_is_written_each_time():
    for value in (1, 2):
        out = mx.nd.zeros((2,))
        assert mx.nd.relu(mx.nd.full((2,), value), out) is out
        assert out.asnumpy().tolist() == [value] * 2


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
