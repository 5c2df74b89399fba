"""Errors of layers say what came, what was expected and from what it follows."""

import pytest

import mxnet as mx

ONES = mx.nd.ones


def test_wrong_weight_of_a_fully_connected_layer():
    expected = (
        "FullyConnected: weight has shape (16, 9), but (16, 8) follows from data (4, 8) and "
        "num_hidden=16"
    )
    with pytest.raises(mx.MXNetError) as raised:
        mx.nd.FullyConnected(ONES((4, 8)), ONES((16, 9)), ONES((16,)), num_hidden=16)
    assert str(raised.value) == expected


def test_wrong_weight_in_a_graph_names_the_node():
    symbol = mx.sym.FullyConnected(mx.sym.Variable("x"), num_hidden=16, name="fc1")
    with pytest.raises(mx.MXNetError, match=r"FullyConnected fc1: weight has shape \(16, 9\), but"):
        symbol.infer_shape(x=(4, 8), fc1_weight=(16, 9))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: mx.nd.Convolution(
                ONES((1, 2, 4, 4)), ONES((3, 2, 5, 5)), kernel=(5, 5), num_filter=3, no_bias=True
            ),
            "Convolution: kernel=(5, 5) with dilate=(1, 1) spans (5, 5) elements, which data "
            "(1, 2, 4, 4) with pad=(0, 0) do not have",
        ),
        (
            lambda: mx.nd.Convolution(
                ONES((1, 3, 4, 4)),
                ONES((4, 1, 1, 1)),
                kernel=(1, 1),
                num_filter=4,
                num_group=2,
                no_bias=True,
            ),
            "Convolution: data has 3 channels and num_filter is 4, but num_group=2 must divide "
            "both",
        ),
        (
            lambda: mx.nd.Pooling(ONES((1, 2, 4)), kernel=(2, 2)),
            "Pooling: kernel is (2, 2), but must hold one number of at least 1 for each of the 1 "
            "spatial axes",
        ),
        (
            lambda: mx.nd.FullyConnected(ONES((1, 2)), ONES((3, 2)), num_hidden=3),
            "FullyConnected: bias is missing, but no_bias is False",
        ),
        (
            lambda: mx.nd.softmax(ONES((2, 3)), ONES((3,), dtype="int32"), use_length=True),
            "softmax: length has shape (3,), but (2,) follows from data (2, 3) and axis=1",
        ),
        (
            lambda: mx.nd.Activation(ONES((2,), dtype="int32"), act_type="relu"),
            "Activation: data is int32, but must be of a floating dtype",
        ),
        (
            lambda: mx.nd.Dropout(ONES((2,)), p=2),
            "Dropout: attribute p is 2, but must be of kind float from 0 to 1.",
        ),
        (
            lambda: mx.nd.SoftmaxOutput(ONES((2, 3)), ONES((3,))),
            "SoftmaxOutput: label has shape (3,), but (2,) follows from data (2, 3) and "
            "multi_output=False",
        ),
    ],
)
def test_message(call, message):
    with pytest.raises(mx.MXNetError) as raised:
        call()
    assert str(raised.value) == message
