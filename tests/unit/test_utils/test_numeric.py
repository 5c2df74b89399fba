"""check_numeric_gradient and numeric_grad: right gradients pass, wrong ones fail."""

from __future__ import annotations

import logging
import time

import numpy as np
import pytest
import torch

import mxnet as mx
from mxnet.ops.registry import Backward, get
from mxnet.test_utils import check_numeric_gradient, numeric_grad

A, B = mx.sym.var("a"), mx.sym.var("b")
X = np.array([[1.0, 2], [3, 4]])
Y = np.array([[5.0, 6], [7, 8]])


def failure(*args, **kwargs) -> str:
    with pytest.raises(AssertionError) as caught:
        check_numeric_gradient(*args, **kwargs)
    return str(caught.value)


def spoil(monkeypatch, name, change):
    """Give the operator `name` a gradient rule that changes the first right gradient."""
    operator = get(name)
    right = operator.backward

    def wrong(call: Backward):
        if right is not None:
            found = list(right(call))
        else:
            with torch.enable_grad():
                leaves = [t.detach().requires_grad_() for t in call.inputs]
                output = operator.function(*leaves, **call.attrs)
            found = list(torch.autograd.grad(output, leaves, call.grads[0]))
        return [change(found[0]), *found[1:]]

    monkeypatch.setattr(operator, "backward", wrong)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.dtype("float64")])
@pytest.mark.parametrize("symbol", [A * B, A + B, mx.sym.dot(A, B), mx.sym.broadcast_div(A, B)])
def test_right_gradients_pass_in_every_type(symbol, dtype):
    assert check_numeric_gradient(symbol, [X, Y], dtype=dtype) is None


@pytest.mark.parametrize("location", [(X, Y), {"a": X, "b": Y}, [mx.nd.array(X), Y.tolist()]])
def test_arguments_come_in_any_form(location):
    check_numeric_gradient(A * B, location)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    "symbol",
    [
        A * B,
        mx.sym.sum(mx.sym.softmax(A * B)),
        mx.sym.broadcast_sub(A, mx.sym.mean(A, axis=1, keepdims=True)) + B,
        mx.sym.relu(A) + B,
        mx.sym.exp(A) * B,
    ],
)
def test_right_gradients_raise_no_false_alarm(symbol, dtype):
    for seed in range(30):
        random = np.random.RandomState(seed)
        check_numeric_gradient(symbol, list(random.normal(size=(2, 4, 5))), dtype=dtype)


def test_a_large_argument_with_many_kinks_nearby_passes():
    check_numeric_gradient(mx.sym.relu(A), [np.random.normal(size=(40, 50)) * 1e-2])


@pytest.mark.parametrize("operator", [mx.sym.relu, mx.sym.abs, mx.sym.sum])
def test_at_a_kink_the_gradient_may_lie_between_both_slopes(operator, caplog):
    with caplog.at_level(logging.INFO):
        check_numeric_gradient(operator(A), [np.array([0.0, 1, -1, 0])])
    kinks = [record.getMessage() for record in caplog.records]
    assert len(kinks) == (1 if operator is mx.sym.relu else 0)  # at 0 abs has the mean slope, 0
    assert all("2 of 4 elements of a are at a kink" in kink for kink in kinks)


def test_at_a_kink_a_gradient_beyond_both_slopes_is_wrong(monkeypatch):
    spoil(monkeypatch, "relu", lambda grad: grad + 2)
    assert "(0,)" in failure(mx.sym.relu(A), [np.array([0.0])])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    "change", [lambda g: g * 1.01, lambda g: -g, lambda g: g + 0.01, lambda g: g * 0, torch.flip]
)
def test_wrong_gradients_are_found(monkeypatch, change, dtype):
    spoil(monkeypatch, "tanh", (lambda g: g.flip(0)) if change is torch.flip else change)
    assert "NUMERICAL_a" in failure(mx.sym.tanh(A), [np.linspace(-1, 2, 6)], dtype=dtype)


@pytest.mark.parametrize("factor", [1.0001, -1])
def test_float64_finds_small_errors(monkeypatch, factor):
    spoil(monkeypatch, "tanh", lambda grad: grad * factor)
    failure(mx.sym.tanh(A) * 1e-4, [np.linspace(-1, 2, 6)], dtype=np.float64)


def test_a_failure_names_argument_position_and_both_values(monkeypatch):
    spoil(monkeypatch, "square", lambda grad: grad + torch.tensor([0.0, 1.0]))
    text = failure(mx.sym.square(A) + B, [[1.0, 2], [1.0, 1]])
    assert "mismatch 50.000000%" in text
    assert "Location of maximum error: (1,), NUMERICAL_a=" in text
    assert ", BACKWARD_a=" in text


def test_every_wrong_argument_is_named(monkeypatch):
    spoil(monkeypatch, "tanh", lambda grad: grad * 2)
    text = failure(mx.sym.tanh(A) + mx.sym.tanh(B), [X, Y / 9])
    assert text.startswith("2 gradients are wrong: a, b\n\n")


@pytest.mark.parametrize(
    "symbol",
    [
        mx.sym.Group([A * B, A + B]),
        mx.sym.SliceChannel(A * B, num_outputs=2, axis=1),
        mx.sym.Group([mx.sym.BlockGrad(A), B * A]),
    ],
)
def test_several_outputs_are_weighted_each(symbol):
    blocked = "BlockGrad" in symbol.tojson()
    check_numeric_gradient(symbol, [X, Y], grad_nodes=["b"] if blocked else None)


def test_a_loss_whose_backward_is_its_derivative_passes():
    check_numeric_gradient(mx.sym.make_loss(A * A), [X])


def test_a_loss_whose_backward_is_no_derivative_fails_with_the_reason():
    softmax = mx.sym.SoftmaxOutput(A, B)
    text = failure(softmax, [X, np.array([1.0, 0])], grad_nodes=["a"])
    assert text.endswith(
        "Note: the backward of SoftmaxOutput is by design not the derivative of the output."
    )


def test_an_empty_argument_has_nothing_to_check():
    check_numeric_gradient(A * 2, [np.zeros((0, 3))])


class TestNodes:
    @pytest.mark.parametrize("nodes", [["b"], ("b",), {"b": "write"}, {"b": "add"}])
    def test_only_what_is_named_is_checked(self, nodes, monkeypatch):
        spoil(monkeypatch, "tanh", lambda grad: grad * 2)
        check_numeric_gradient(mx.sym.tanh(A) + B, [X, Y], grad_nodes=nodes)
        failure(mx.sym.tanh(A) + B, [X, Y])

    def test_integers_are_not_moved(self):
        embedding = mx.sym.Embedding(A, B, input_dim=3, output_dim=2)
        location = [mx.nd.array([0, 2], dtype="int32"), np.random.rand(3, 2)]
        check_numeric_gradient(embedding, location)
        check_numeric_gradient(embedding, [np.array([0, 2]), location[1]], grad_nodes=["b"])

    @pytest.mark.parametrize("nodes", ["a", {"a"}, 3])
    def test_other_forms_are_refused(self, nodes):
        with pytest.raises(ValueError, match=r"grad_nodes is a \w+, but must be a list"):
            check_numeric_gradient(A * B, [X, Y], grad_nodes=nodes)

    def test_unknown_names_are_refused(self):
        with pytest.raises(KeyError, match="grad_nodes names c, but there are a, b"):
            check_numeric_gradient(A * B, [X, Y], grad_nodes=["c"])

    def test_null_must_leave_the_gradient_alone(self):
        check_numeric_gradient(A * B, [X, Y], grad_nodes={"a": "null", "b": "write"})

    def test_an_operator_that_ignores_add_is_found(self, monkeypatch):
        written = mx.executor.Executor.backward

        def overwrite(self, *args, **kwargs):
            self._grad_req = ["write"] * len(self._grad_req)
            return written(self, *args, **kwargs)

        monkeypatch.setattr(mx.executor.Executor, "backward", overwrite)
        failure(A * B, [X, Y], grad_nodes={"a": "add"})


class TestSurroundings:
    def norm(self):
        return mx.sym.BatchNorm(A, name="bn", fix_gamma=False)

    def test_auxiliary_states_are_the_same_at_every_evaluation(self):
        states = [mx.nd.zeros((2,)), mx.nd.ones((2,))]
        location = [np.random.normal(size=(6, 2)), np.ones(2), np.zeros(2)]
        check_numeric_gradient(self.norm(), location, states, rtol=1e-3)
        assert states[0].asnumpy().tolist() == [0, 0]

    def test_differences_can_be_those_of_prediction(self):
        fixed = mx.sym.BatchNorm(A, name="bn", fix_gamma=False, use_global_stats=True)
        states = [np.array([1.0, 2]), np.array([2.0, 3])]
        location = [X, np.ones(2), np.zeros(2)]
        check_numeric_gradient(fixed, location, states, use_forward_train=False)
        failure(self.norm(), location, states, use_forward_train=False)

    def test_random_operators_draw_the_same_at_every_evaluation(self):
        mx.random.seed(3)
        check_numeric_gradient(mx.sym.Dropout(A, p=0.5) * B, [X, Y])

    def test_a_cast_on_the_way_limits_the_precision_not_the_check(self, monkeypatch):
        halved = mx.sym.Cast(mx.sym.Cast(A, dtype="float16") * 2, dtype="float32")
        check_numeric_gradient(halved, [X], rtol=1e-2, atol=1e-1, numeric_eps=0.25)

    @pytest.mark.parametrize("what", ["numpy", "torch", "mxnet"])
    def test_no_random_stream_of_the_caller_moves(self, what):
        draw = {
            "numpy": np.random.rand,
            "torch": lambda: float(torch.rand(())),
            "mxnet": lambda: float(mx.nd.random.uniform().asscalar()),
        }[what]
        for seed in (np.random.seed, torch.manual_seed, mx.random.seed):
            seed(6)
        right = draw()
        for seed in (np.random.seed, torch.manual_seed, mx.random.seed):
            seed(6)
        check_numeric_gradient(A * B, [X, Y])
        assert draw() == right

    def test_numpy_prints_as_before(self, monkeypatch):
        before = np.get_printoptions()
        spoil(monkeypatch, "tanh", lambda grad: grad * 2)
        failure(mx.sym.tanh(A), [X])
        assert np.get_printoptions() == before

    def test_sparse_gradients_are_checked_by_value(self):
        check_numeric_gradient(
            mx.sym.dot(A, B), [X, Y], grad_stype_dict={"a": "csr", "b": "row_sparse"}
        )


class TestStep:
    @pytest.mark.parametrize("eps", [1e-2, {np.dtype("float32"): 1e-2}, {np.float32: 1e-2}])
    def test_the_width_can_be_chosen(self, eps):
        check_numeric_gradient(A * B, [X, Y], numeric_eps=eps)

    @pytest.mark.parametrize("eps", [1e-6, 0, -1])
    def test_a_width_that_drowns_in_rounding_is_refused(self, eps):
        text = failure(A * B, [X, Y], numeric_eps=eps)
        assert text.startswith(f"numeric_eps is {eps}, but must be positive, and at least 1e-5")

    def test_float64_allows_smaller_widths(self):
        check_numeric_gradient(A * B, [X, Y], numeric_eps=1e-6, dtype=np.float64)

    def test_asnumpy_is_no_type(self):
        assert "but must be np.float16, np.float32, np.float64" in failure(
            A * B, [X, Y], dtype="asnumpy"
        )


class TestNumericGrad:
    def bind(self, symbol, **arguments):
        return symbol.bind(mx.cpu(), {name: mx.nd.array(x) for name, x in arguments.items()})

    @pytest.mark.parametrize("convert", [np.asarray, mx.nd.array])
    def test_it_is_the_derivative_of_the_sum_of_the_outputs(self, convert):
        executor = self.bind(mx.sym.Group([A * B, A]), a=X, b=Y)
        grads = numeric_grad(executor, {"a": convert(X)})
        assert list(grads) == ["a"]
        assert grads["a"] == pytest.approx(Y + 1, rel=1e-5)
        assert grads["a"].dtype == np.float32

    def test_the_executor_is_left_alone(self):
        executor = self.bind(A * B, a=X, b=Y)
        executor.forward()
        numeric_grad(executor, {"a": X + 1, "b": Y + 1})
        assert executor.arg_dict["a"].asnumpy().tolist() == X.tolist()
        assert executor.outputs[0].asnumpy().tolist() == (X * Y).tolist()

    def test_states_and_type_can_be_given(self):
        norm = mx.sym.BatchNorm(A, name="bn", eps=1e-5)
        aux = {"bn_moving_mean": mx.nd.zeros((2,)), "bn_moving_var": mx.nd.ones((2,))}
        args = {"a": mx.nd.array(X), "bn_gamma": mx.nd.ones((2,)), "bn_beta": mx.nd.zeros((2,))}
        executor = norm.bind(mx.cpu(), args, aux_states=aux)
        states = {"bn_moving_var": np.array([4.0, 16])}
        grads = numeric_grad(executor, {"a": X}, states, use_forward_train=False, dtype=np.float64)
        assert grads["a"] == pytest.approx(np.array([[0.5, 0.25]] * 2), rel=1e-4)
        assert grads["a"].dtype == np.float64

    def test_unknown_names_are_refused(self):
        with pytest.raises(KeyError, match="location names c, but there are a, b"):
            numeric_grad(self.bind(A * B, a=X, b=Y), {"c": X})


def test_batches_agree_with_single_evaluations(monkeypatch):
    convolution = mx.sym.Convolution(A, kernel=(3, 3), num_filter=2, name="c")
    names = convolution.list_arguments()
    location = {
        name: np.random.normal(size=shape)
        for name, shape in zip(names, [(2, 3, 6, 6), (2, 3, 3, 3), (2,)], strict=True)
    }
    executor = convolution.bind(mx.cpu(), {n: mx.nd.array(x) for n, x in location.items()})
    together = numeric_grad(executor, location, dtype=np.float64)

    def refuse(*args, **kwargs):
        raise RuntimeError("no batches")

    monkeypatch.setattr(torch.func, "vmap", refuse)
    one_by_one = numeric_grad(executor, location, dtype=np.float64)
    for name in names:
        assert together[name] == pytest.approx(one_by_one[name], rel=1e-7, abs=1e-7)


def test_an_operator_that_vmap_gets_wrong_is_evaluated_one_by_one(monkeypatch):
    def wrong(function):
        return lambda batch: torch.zeros(len(batch), dtype=torch.float64)

    monkeypatch.setattr(torch.func, "vmap", wrong)
    check_numeric_gradient(A * B, [X, Y])


def test_two_thousand_elements_take_a_fraction_of_a_second():
    layer = mx.sym.FullyConnected(A, num_hidden=32, name="fc")
    shapes = zip(layer.list_arguments(), [(32, 32), (32, 32), (32,)], strict=True)
    location = {name: np.random.normal(size=shape) for name, shape in shapes}
    start = time.perf_counter()
    check_numeric_gradient(layer, location)
    assert time.perf_counter() - start < 1.0  # the reference takes 1.6 seconds
