"""Autograd where ours differs from the reference, or says more: refusals, symbols, order."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import mxnet as mx
from mxnet.base import MXNetError

autograd = mx.autograd


def variable(values: Any, grad_req: str = "write", dtype: str = "float32") -> Any:
    """Return an array with a gradient."""
    x = mx.nd.array(values, dtype=dtype)
    x.attach_grad(grad_req)
    return x


def recorded(function: Any, *arrays: Any) -> Any:
    """Return what a function makes of arrays while autograd records."""
    with autograd.record():
        return function(*arrays)


class Doubled(autograd.Function):
    """Twice the input, with an exact gradient."""

    def forward(self, x: Any) -> Any:
        return x * 2

    def backward(self, dy: Any) -> Any:
        return dy * 2


class Half(autograd.Function):
    """A function whose backward is missing."""

    def forward(self, x: Any) -> Any:
        return x / 2


# What is differentiated.


def test_gradients_by_results_on_the_way():
    x = variable([1.0, 2.0])
    with autograd.record():
        inner = x * 3
        y = inner * inner
    [by_inner] = autograd.grad(y, inner)
    assert by_inner.asnumpy().tolist() == [6.0, 12.0]


def test_a_head_given_twice_counts_twice():
    x = variable([1.0, 2.0])
    y = recorded(lambda x: x * x, x)
    autograd.backward([y, y])
    assert x.grad.asnumpy().tolist() == [4.0, 8.0]


def test_derivatives_of_every_order():
    x = variable([1.0, 2.0])
    with autograd.record():
        first = autograd.grad(x**4, x, create_graph=True)[0]
        second = autograd.grad(first, x, create_graph=True)[0]
    second.backward()
    assert first.asnumpy().tolist() == [4.0, 32.0]
    assert second.asnumpy().tolist() == [12.0, 48.0]
    assert x.grad.asnumpy().tolist() == [24.0, 48.0]


def test_head_gradients_take_the_dtype_of_the_head():
    x = variable([1.0, 2.0])
    recorded(lambda x: x * x, x).backward(mx.nd.array([1, 10], dtype="int32"))
    assert x.grad.asnumpy().tolist() == [2.0, 40.0]


def test_row_sparse_gradients_add_up():
    x = mx.nd.array([[1, 2], [3, 4], [5, 6]])
    x.attach_grad("add", stype="row_sparse")
    for rows in ([0], [0, 2]):
        y = recorded(
            lambda x, rows=rows: mx.nd.Embedding(
                mx.nd.array(rows), x, input_dim=3, output_dim=2, sparse_grad=True
            ),
            x,
        )
        y.backward()
    assert x.grad.indices.asnumpy().tolist() == [0, 2]
    assert x.grad.data.asnumpy().tolist() == [[2.0, 2.0], [1.0, 1.0]]


def test_gradients_are_those_of_finite_differences():
    values = np.array([0.4, -1.2, 2.5])

    def loss(x: Any) -> Any:
        target = mx.nd.zeros((2, 3), dtype="float64")
        target[:] = mx.nd.tanh(x) * x[::-1]
        halves = mx.nd.split(target.reshape((3, 2)), num_outputs=2, axis=1)
        return (halves[0] * halves[1] * 3 + target[0][0:3].expand_dims(1) * 2).sum()

    x = variable(values, dtype="float64")
    recorded(loss, x).backward()
    step, expected = 1e-6, []
    for i in range(3):
        moved = [mx.nd.array(values, dtype="float64") for _ in range(2)]
        moved[0][i] += step
        moved[1][i] -= step
        expected.append(float(loss(moved[0]) - loss(moved[1])) / (2 * step))
    np.testing.assert_allclose(x.grad.asnumpy(), expected, rtol=1e-6)


def test_updates_of_weights_are_not_recorded():
    weight, state = variable([1.0, 2.0]), variable([0.0, 0.0])
    grad = mx.nd.ones((2,))
    with autograd.record():
        updated = mx.nd.sgd_mom_update(weight, grad, state, lr=0.5, momentum=0.9)
    assert updated.asnumpy().tolist() == [0.5, 1.5]
    assert state.asnumpy().tolist() == [-0.5, -0.5]
    with pytest.raises(MXNetError, match="a head is no part of a recorded graph"):
        updated.backward()


def test_a_refused_update_leaves_its_state():
    weight, state = variable([1.0, 2.0]), mx.nd.zeros((2,))
    with autograd.record(), pytest.raises(MXNetError, match="In-place writes"):
        mx.nd.sgd_mom_update(weight, mx.nd.ones((2,)), state, lr=0.5, momentum=0.9, out=weight)
    assert weight.asnumpy().tolist() == [1.0, 2.0]
    assert state.asnumpy().tolist() == [0.0, 0.0]


# What is refused.


def square_and_write(x: Any) -> Any:
    """Return a head whose graph needs what was overwritten since."""
    y = recorded(lambda x: x * x, x)
    x[:] = 5
    return y


def grad_by_itself(x: Any) -> Any:
    """Return the gradient of x * x by x."""
    return autograd.grad(recorded(lambda x: x * x, x), x)


REFUSED = {
    "an array that was written since": (
        lambda: square_and_write(variable([1.0])).backward(),
        MXNetError,
        "backward: an array that the graph needs was written in place",
    ),
    "a head gradient of another shape": (
        lambda: recorded(lambda x: x * x, variable([1.0, 2.0])).backward(mx.nd.ones((3,))),
        MXNetError,
        "a head gradient has shape (3,), but its head (2,).",
    ),
    "a head that is no array": (
        lambda: autograd.backward([3]),
        TypeError,
        "a head is a int",
    ),
    "a head gradient that is no array": (
        lambda: recorded(lambda x: x * x, variable([1.0])).backward(np.ones(1)),
        TypeError,
        "its gradient a ndarray",
    ),
    "too few head gradients": (
        lambda: autograd.backward(recorded(lambda x: [x * 2, x * 3], variable([1.0])), [None]),
        AssertionError,
        "2 heads, but 1 head gradients",
    ),
    "fewer slots than variables": (
        lambda: autograd.mark_variables([mx.nd.ones((1,))] * 2, [mx.nd.ones((1,))]),
        MXNetError,
        "2 variables, 1 gradients and 2 grad_reqs",
    ),
    "a slot of another shape": (
        lambda: autograd.mark_variables([mx.nd.ones((1,))], [mx.nd.ones((2,))]),
        MXNetError,
        "a gradient has shape (2,), but its variable has (1,).",
    ),
    "a slot of another dtype": (
        lambda: autograd.mark_variables([mx.nd.ones((1,))], [mx.nd.ones((1,), dtype="int32")]),
        MXNetError,
        "a gradient is int32, but its variable float32.",
    ),
    "the gradient by a variable without one": (
        lambda: grad_by_itself(variable([1.0], "null")),
        MXNetError,
        "grad: a variable has grad_req 'null'",
    ),
    "a Function without backward": (
        lambda: recorded(Half(), variable([1.0])).backward(),
        MXNetError,
        "Half does not define backward.",
    ),
    "a Function of a number": (
        lambda: recorded(lambda: Doubled()(3)),
        TypeError,
        "Doubled: an input is a int, but must be an NDArray.",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_wrong_call(name):
    call, kind, message = REFUSED[name]
    with pytest.raises(kind) as caught:
        call()
    assert message in str(caught.value)


def test_an_error_of_a_users_backward_comes_as_it_is():
    class Broken(Doubled):
        def backward(self, dy: Any) -> Any:
            raise KeyError("the user's own")

    y = recorded(Broken(), variable([1.0]))
    with pytest.raises(KeyError, match="the user's own"):
        y.backward()
    assert not autograd.is_recording()


def test_a_failed_backward_leaves_the_gradient():
    x = variable([1.0, 2.0])
    x.grad[:] = 7
    y = recorded(lambda x: x * x, x)
    with pytest.raises(MXNetError):
        y.backward(mx.nd.ones((3,)))
    assert x.grad.asnumpy().tolist() == [7.0, 7.0]
    y.backward()
    assert x.grad.asnumpy().tolist() == [2.0, 4.0]


# Symbols.


def test_symbols_of_writes_give_the_written_values():
    x = variable([1.0, 2.0])

    def write(x: Any) -> Any:
        target = mx.nd.zeros((3, 2), dtype="float64")
        target[:] = x * 3
        return target

    y = recorded(write, x)
    output = autograd.get_symbol(y).bind(mx.cpu(), [x]).forward()[0]
    assert output.dtype is np.float64
    assert output.asnumpy().tolist() == y.asnumpy().tolist() == [[3.0, 6.0]] * 3


def test_symbols_keep_attributes_that_are_not_the_default():
    x = variable(np.ones((1, 2, 4, 4)))

    def network(x: Any) -> Any:
        w = mx.nd.ones((3, 2, 3, 3))
        y = mx.nd.Convolution(x, w, kernel=(3, 3), num_filter=3, pad=(1, 1), no_bias=True)
        return mx.nd.Pooling(y, kernel=(2, 2), stride=(2, 2), pool_type="avg")

    y = recorded(network, x)
    symbol = autograd.get_symbol(y)
    attrs = {node: found for node, found in symbol.attr_dict().items() if "kernel" in found}
    assert [sorted(found) for found in attrs.values()] == [
        ["kernel", "no_bias", "num_filter", "pad"],
        ["kernel", "pool_type", "stride"],
    ]
    output = symbol.bind(mx.cpu(), [x, mx.nd.ones((3, 2, 3, 3))]).forward()[0]
    np.testing.assert_array_equal(output.asnumpy(), y.asnumpy())


def test_symbols_survive_json():
    x, c = variable([0.5, 1.5]), mx.nd.array([2.0, 3.0])
    y = recorded(lambda x: mx.nd.clip(mx.nd.exp(x) * c, 0, 9), x)
    symbol = mx.sym.load_json(autograd.get_symbol(y).tojson())
    output = symbol.bind(mx.cpu(), [x, c]).forward()[0]
    np.testing.assert_array_equal(output.asnumpy(), y.asnumpy())


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda x: Doubled()(x) + 1, "the Function Doubled, for which there is no operator."),
        (
            lambda x: autograd.grad(mx.nd.sin(x), x, create_graph=True)[0] * 2,
            "a gradient of autograd.grad, for which there is no operator.",
        ),
    ],
)
def test_symbols_of_what_no_operator_computed_are_refused(function, message):
    y = recorded(function, variable([1.0]))
    with pytest.raises(MXNetError) as caught:
        autograd.get_symbol(y)
    assert message in str(caught.value)


def test_symbols_of_very_deep_graphs():
    x = variable([1.0])

    def steps(y: Any) -> Any:
        for _ in range(5000):
            y = y + 1
        return y

    symbol = autograd.get_symbol(recorded(steps, x))
    assert len(symbol.get_internals().list_outputs()) == 5001
