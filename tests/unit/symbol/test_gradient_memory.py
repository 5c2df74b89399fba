"""Large gradients are written at once to where the executor keeps them, if that is safe."""

from __future__ import annotations

import numpy as np
import pytest

import mxnet as mx

SHAPE = (512, 256)
VALUES = np.random.RandomState(1).uniform(-1, 1, SHAPE).astype(np.float32)
HEADS = np.random.RandomState(2).uniform(-1, 1, SHAPE).astype(np.float32)


def relu_of(x: mx.sym.Symbol) -> mx.sym.Symbol:
    return mx.sym.Activation(x, act_type="relu")


def run(symbol: mx.sym.Symbol, request: str = "write", **arrays: mx.nd.NDArray) -> mx.nd.NDArray:
    """Bind `x`, run both passes, and return its gradient array, which began at 1."""
    grad = arrays.get("grad", mx.nd.ones(SHAPE))
    executor = symbol.bind(
        mx.cpu(),
        args={"x": arrays.get("x", mx.nd.array(VALUES))},
        args_grad={"x": grad},
        grad_req=request,
    )
    executor.forward(is_train=True)
    executor.backward(arrays.get("heads", mx.nd.array(HEADS)))
    return grad


def test_the_gradient_lies_in_the_array_that_was_bound() -> None:
    grad = mx.nd.zeros(SHAPE)
    view = grad[0:2]
    run(relu_of(mx.sym.Variable("x")), grad=grad)
    assert np.array_equal(view.asnumpy(), (HEADS * (VALUES > 0))[:2])


def test_request_add_adds() -> None:
    found = run(relu_of(mx.sym.Variable("x")), "add")
    assert np.allclose(found.asnumpy(), 1 + HEADS * (VALUES > 0))


def test_two_uses_of_a_variable_add_up() -> None:
    x = mx.sym.Variable("x")
    found = run(relu_of(x) + mx.sym.Activation(x, act_type="tanh"))
    expected = HEADS * (VALUES > 0) + HEADS * (1 - np.tanh(VALUES) ** 2)
    assert np.allclose(found.asnumpy(), expected, atol=1e-6)


@pytest.mark.parametrize("kind", ["tanh", "sigmoid", "softrelu"])
def test_a_gradient_array_may_be_the_head_gradient(kind: str) -> None:
    symbol = mx.sym.Activation(mx.sym.Variable("x"), act_type=kind)
    apart = run(symbol).asnumpy()
    shared = mx.nd.array(HEADS)
    assert np.array_equal(run(symbol, grad=shared, heads=shared).asnumpy(), apart)


def test_a_gradient_array_may_share_memory_with_the_argument() -> None:
    weight = mx.nd.array(VALUES[:256])
    data = mx.nd.array(VALUES)
    symbol = mx.sym.FullyConnected(
        mx.sym.Variable("x"), mx.sym.Variable("w"), num_hidden=256, no_bias=True
    )
    executor = symbol.bind(
        mx.cpu(), args={"x": data, "w": weight}, args_grad={"x": data, "w": mx.nd.ones((256, 256))}
    )
    executor.forward(is_train=True)
    executor.backward(mx.nd.array(HEADS))
    assert np.allclose(executor.grad_dict["w"].asnumpy(), HEADS.T @ VALUES, atol=1e-3)
    assert np.allclose(data.asnumpy(), HEADS @ VALUES[:256], atol=1e-3)


def test_overlapping_windows_of_max_pooling_add_up() -> None:
    images = VALUES.reshape(2, 4, 128, 128)
    x = mx.sym.Variable("x")
    symbol = mx.sym.Pooling(x, kernel=(3, 3), stride=(2, 2), pad=(1, 1), pool_type="max")
    executor = symbol.simple_bind(mx.cpu(), x=images.shape)
    executor.arg_dict["x"][:] = images
    executor.forward(is_train=True)
    executor.backward(mx.nd.ones(executor.outputs[0].shape))
    executor.backward(mx.nd.ones(executor.outputs[0].shape))  # overwrites the first
    assert executor.grad_dict["x"].asnumpy().sum() == executor.outputs[0].size


def test_a_gradient_array_may_overlap_the_head_gradient() -> None:
    symbol = mx.sym.Activation(mx.sym.Variable("x"), act_type="tanh")
    apart = run(symbol).asnumpy()
    buffer = mx.nd.zeros((SHAPE[0] + 1, SHAPE[1]))
    heads, grad = buffer[1:], buffer[:-1]
    heads[:] = HEADS
    assert np.array_equal(run(symbol, grad=grad, heads=heads).asnumpy(), apart)


def test_an_embedding_adds_the_rows_of_one_index_up_in_the_array_that_was_bound() -> None:
    table, grad = mx.nd.zeros((700, 128)), mx.nd.ones((700, 128))
    rows = np.array([[3, 699, 3], [-5, 900, 0]], np.float32)  # cut to 0 and 699
    executor = mx.sym.Embedding(
        mx.sym.Variable("data"), mx.sym.Variable("table"), input_dim=700, output_dim=128
    ).bind(
        mx.cpu(),
        {"data": mx.nd.array(rows), "table": table},
        args_grad={"table": grad},
        grad_req={"data": "null", "table": "write"},
    )
    executor.forward(is_train=True)
    executor.backward(mx.nd.ones((2, 3, 128)))
    expected = np.zeros((700, 128))
    for row in (3, 699, 3, 0, 699, 0):
        expected[row] += 1
    assert np.array_equal(grad.asnumpy(), expected)
