"""Plans and executors: gradients through taped steps, rules, shared inputs and partial requests."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import mxnet as mx
from mxnet.base import MXNetError


def _bound(symbol, arrays, grad_req="write"):
    arrays = {name: mx.nd.array(value) for name, value in arrays.items()}
    grads = {name: mx.nd.zeros(value.shape) for name, value in arrays.items()}
    return symbol.bind(mx.cpu(), arrays, grads, grad_req)


def test_an_input_used_twice_gets_the_sum_of_its_gradients():
    x = mx.sym.Variable("x")
    executor = _bound(x * x + x, {"x": [3.0]})
    executor.forward(is_train=True)
    executor.backward([mx.nd.ones((1,))])
    assert executor.grad_dict["x"].asscalar() == 7


def test_an_output_given_twice_gets_both_head_gradients():
    x = mx.sym.Variable("x")
    y = mx.sym.square(x)
    executor = _bound(mx.sym.Group([y, y]), {"x": [3.0]})
    executor.forward(is_train=True)
    executor.backward([mx.nd.array([1.0]), mx.nd.array([10.0])])
    assert executor.grad_dict["x"].asscalar() == 66


@pytest.mark.parametrize(
    ("request_", "expected"), [("write", 6.0), ("add", 106.0), ("null", 100.0)]
)
def test_gradients_are_written_added_or_left(request_, expected):
    x = mx.sym.Variable("x")
    executor = mx.sym.square(x).bind(
        mx.cpu(), {"x": mx.nd.array([3.0])}, {"x": mx.nd.array([100.0])}, {"x": request_}
    )
    target = mx.nd.array([100.0])
    executor = mx.sym.square(x).bind(mx.cpu(), {"x": mx.nd.array([3.0])}, {"x": target}, request_)
    executor.forward(is_train=True)
    executor.backward([mx.nd.ones((1,))])
    assert target.asscalar() == expected


def test_an_argument_that_does_not_matter_gets_zeros():
    x, y = mx.sym.Variable("x"), mx.sym.Variable("y")
    executor = _bound(x + mx.sym.BlockGrad(y), {"x": [1.0], "y": [1.0]})
    executor.grad_dict["y"][:] = 5
    executor.forward(is_train=True)
    executor.backward([mx.nd.ones((1,))])
    assert executor.grad_dict["y"].asscalar() == 0


def test_backward_may_be_called_twice():
    executor = _bound(mx.sym.sin(mx.sym.Variable("x")), {"x": [0.5]})
    executor.forward(is_train=True)
    for _ in range(2):
        executor.backward([mx.nd.ones((1,))])
        assert executor.grad_dict["x"].asscalar() == pytest.approx(np.cos(0.5), rel=1e-6)


def test_backward_without_forward_is_refused():
    executor = _bound(mx.sym.sin(mx.sym.Variable("x")), {"x": [0.5]})
    with pytest.raises(MXNetError, match="call forward before"):
        executor.backward([mx.nd.ones((1,))])


def test_backward_may_follow_a_prediction():
    executor = _bound(mx.sym.sin(mx.sym.Variable("x")), {"x": [0.5]})
    executor.forward(is_train=False)
    executor.backward([mx.nd.ones((1,))])
    assert executor.grad_dict["x"].asscalar() == pytest.approx(np.cos(0.5), rel=1e-6)


def test_outputs_are_the_same_objects_after_each_forward():
    executor = _bound(mx.sym.Variable("x") * 2, {"x": [1.0]})
    first = executor.forward()[0]
    executor.forward(x=mx.nd.array([5.0]))
    assert first.asscalar() == 10


def test_an_output_never_shares_an_arguments_memory():
    executor = _bound(mx.sym.Reshape(mx.sym.Variable("x"), shape=(2, 1)), {"x": [1.0, 2.0]})
    executor.forward()[0][:] = 9
    assert executor.arg_dict["x"].asnumpy().tolist() == [1, 2]


def test_an_operators_error_names_the_node():
    a, b = mx.sym.Variable("a"), mx.sym.Variable("b")
    product = mx.sym.dot(a, b, name="product")
    with pytest.raises(MXNetError, match="dot product: "):
        product.bind(mx.cpu(), {"a": mx.nd.ones((2, 3)), "b": mx.nd.ones((4, 5))})


def test_run_is_a_pure_function_that_vmap_takes():
    x = mx.sym.Variable("x")
    plan = mx.sym.sum(mx.sym.tanh(x) * 2)._plan()
    batch = torch.randn(5, 3)
    found = torch.func.vmap(lambda row: plan.run({"x": row})[0])(batch)
    assert torch.allclose(found, (batch.tanh() * 2).sum(1, keepdim=True))


def test_a_numpy_array_can_be_bound():
    executor = (mx.sym.Variable("x") * 2).bind(mx.cpu(), {"x": np.array([1, 2])})
    assert executor.forward()[0].asnumpy().tolist() == [2, 4]
