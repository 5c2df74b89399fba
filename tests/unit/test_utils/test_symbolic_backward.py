"""check_symbolic_backward: every form of every argument, and what failures say."""

from __future__ import annotations

import numpy as np
import pytest

import mxnet as mx
from mxnet.test_utils import check_symbolic_backward

A, B = mx.sym.var("a"), mx.sym.var("b")
PRODUCT = mx.sym.elemwise_mul(A, B, name="product")
X = np.array([[1.0, 2], [3, 4]])
Y = np.array([[5.0, 6], [7, 8]])
HEAD = np.array([[1.0, -1], [2, 0.5]])
RIGHT = {"a": Y * HEAD, "b": X * HEAD}


def failure(*args, **kwargs) -> str:
    with pytest.raises(AssertionError) as caught:
        check_symbolic_backward(*args, **kwargs)
    return str(caught.value)


def check(expected=RIGHT, **kwargs):
    return check_symbolic_backward(PRODUCT, [X, Y], [HEAD], expected, **kwargs)


# Forms of location, out_grads and expected.


@pytest.mark.parametrize(
    "location",
    [
        [X, Y],
        (X, Y),
        {"b": Y, "a": X},
        [mx.nd.array(X), mx.nd.array(Y)],
        [X.astype(int), Y.tolist()],
    ],
)
@pytest.mark.parametrize(
    "out_grads",
    [[HEAD], (HEAD,), {"product_output": HEAD}, [mx.nd.array(HEAD)], [HEAD.tolist()], [HEAD, X]],
)
def test_arguments_and_head_gradients_come_in_any_form(location, out_grads):
    grads = check_symbolic_backward(PRODUCT, location, out_grads, RIGHT)
    assert {name: g.asnumpy().tolist() for name, g in grads.items()} == {
        name: right.tolist() for name, right in RIGHT.items()
    }


@pytest.mark.parametrize(
    "expected",
    [
        list(RIGHT.values()),
        tuple(RIGHT.values()),
        RIGHT,
        {name: mx.nd.array(right) for name, right in RIGHT.items()},
        [right.tolist() for right in RIGHT.values()],
        [*RIGHT.values(), X],
    ],
)
def test_expected_gradients_come_in_any_form(expected):
    assert list(check(expected)) == ["a", "b"]


@pytest.mark.parametrize(
    ("expected", "names"), [({"b": X * HEAD}, ["b"]), ([Y * HEAD], ["a"]), ({}, []), ([], [])]
)
def test_arguments_left_out_are_not_differentiated(expected, names):
    assert list(check(expected)) == names


def test_an_unknown_argument_is_refused_even_if_grad_req_names_it():
    for grad_req in ("write", {"a": "write", "c": "write"}):
        with pytest.raises(KeyError, match="expected names c, but there are a, b"):
            check({"a": Y * HEAD, "c": X}, grad_req=grad_req)


@pytest.mark.parametrize("expected", [RIGHT["a"], mx.nd.array(X), "a"])
def test_expected_is_no_bare_array(expected):
    assert "but must be a list, a tuple or a dict" in failure(PRODUCT, [X, Y], [HEAD], expected)


def test_several_outputs_have_head_gradients_each():
    pair = mx.sym.Group([PRODUCT, A * 3])
    check_symbolic_backward(pair, [X, Y], [HEAD, X], [Y * HEAD + 3 * X, X * HEAD])


@pytest.mark.parametrize("loss", [mx.sym.make_loss(A * A), mx.sym.MakeLoss(A * A)])
def test_a_loss_needs_no_head_gradient_and_ignores_one(loss):
    check_symbolic_backward(loss, [X], None, [2 * X])
    check_symbolic_backward(loss, [X], [HEAD], [2 * X])


def test_softmax_output_is_a_loss():
    softmax = mx.sym.SoftmaxOutput(A, B, name="softmax")
    label = np.array([1.0, 0])
    odds = np.exp(X) / np.exp(X).sum(axis=1, keepdims=True)
    check_symbolic_backward(softmax, [X, label], None, {"a": odds - [[0, 1], [1, 0]]})


@pytest.mark.parametrize("out_grads", [None, [], [None]])
def test_other_outputs_need_one(out_grads):
    with pytest.raises(mx.MXNetError, match="product_output is no loss, so its head_gradient"):
        check_symbolic_backward(PRODUCT, [X, Y], out_grads, RIGHT)


def test_head_gradients_are_named_by_output():
    with pytest.raises(KeyError, match="out_grads lacks output product_output"):
        check_symbolic_backward(PRODUCT, [X, Y], {"a": HEAD}, RIGHT)


def test_a_head_gradient_is_no_bare_array_and_has_the_shape_of_its_output():
    assert "out_grads is a ndarray, but must be" in failure(PRODUCT, [X, Y], HEAD, RIGHT)
    with pytest.raises(mx.MXNetError, match=r"product_output has shape \(2,\), but .* \(2, 2\)"):
        check_symbolic_backward(PRODUCT, [X, Y], [HEAD[0]], RIGHT)


# Shapes and values.


@pytest.mark.parametrize("operator", [mx.sym.transpose, mx.sym.relu, mx.sym.sigmoid])
@pytest.mark.parametrize("shape", [(1, 60), (1,), (3600,), (60, 60, 1), ()])
def test_an_expected_gradient_of_another_shape_is_refused(operator, shape):
    x = np.ones((60, 60))
    text = failure(operator(A), [x], [x], [np.ones(shape)])
    assert text == (
        f"The expected gradient of argument a has shape {shape}, but must have (60, 60)"
    )


def test_a_number_stands_for_the_gradient_of_one_element():
    check_symbolic_backward(A * 3, [[2.0]], [[1.0]], [3.0])


def test_a_failure_names_argument_position_and_both_values():
    wrong = {"a": Y * HEAD, "b": X * HEAD + [[0, 0], [0, 1]]}
    assert failure(PRODUCT, [X, Y], [HEAD], wrong) == (
        "Items are not equal:\n"
        "Error 769.230769 exceeds tolerance rtol=1.000000e-04, atol=1.000000e-03"
        " (mismatch 25.000000%).\n"
        "Location of maximum error: (1, 1), EXPECTED_b=3.00000000, BACKWARD_b=2.00000000\n"
        " ACTUAL: array([[ 1., -2.],\n       [ 6.,  2.]], dtype=float32)\n"
        " DESIRED: array([[ 1., -2.],\n       [ 6.,  3.]])"
    )


def test_every_wrong_argument_is_named():
    text = failure(PRODUCT, [X, Y], [HEAD], {"a": X, "b": Y})
    assert text.startswith("2 gradients are wrong: a, b\n\nItems are not equal:\nError ")
    assert "EXPECTED_a=" in text
    assert "EXPECTED_b=" in text


def test_the_largest_error_counts_tolerances():
    text = failure(A * 1, [[1.0, 1]], [[0.0, 0]], [[0.02, 0.005]], rtol=0, atol=0.001)
    assert "Error 20.000000 exceeds" in text
    assert "(0, 0)" in text or "(0,)" in text


def test_the_tolerance_can_be_chosen():
    off = {"a": Y * HEAD + 0.01}
    check(off, atol=0.02)
    check(off, atol={np.float32: 0.02, np.float64: 0})
    failure(PRODUCT, [X, Y], [HEAD], off)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_gradients_have_the_type_asked_for(dtype):
    grads = check(dtype=dtype)
    assert {grad.dtype for grad in grads.values()} == {dtype}


@pytest.mark.parametrize("dtype", [np.int32, None, np.dtype("int64")])
def test_other_types_are_refused(dtype):
    assert "but must be np.float16, np.float32, np.float64 or 'asnumpy'" in failure(
        PRODUCT, [X, Y], [HEAD], RIGHT, dtype=dtype
    )


def test_asnumpy_takes_the_type_of_each_array():
    arrays = [X.astype("float16"), Y.astype("float16"), HEAD.astype("float16")]
    expected = {"a": (Y * HEAD).astype("float16")}
    grads = check_symbolic_backward(PRODUCT, arrays[:2], arrays[2:], expected, dtype="asnumpy")
    assert grads["a"].dtype is np.float16


def test_an_ndarray_of_another_float_type_is_refused():
    wide = [mx.nd.array(X, dtype="float64"), mx.nd.array(Y, dtype="float64")]
    with pytest.raises(mx.MXNetError, match=r"argument a is an NDArray of float64.*is float32"):
        check_symbolic_backward(PRODUCT, wide, [HEAD], RIGHT)
    check_symbolic_backward(PRODUCT, wide, [HEAD], RIGHT, dtype=np.float64)


def test_whole_number_arguments_may_stay_what_they_are():
    embedding = mx.sym.Embedding(A, B, input_dim=3, output_dim=2)
    indices = mx.nd.array([1, 1], dtype="int32")
    right = np.array([[0, 0], [4, 6], [0, 0]])
    check_symbolic_backward(
        embedding, [indices, np.ones((3, 2))], [[[1.0, 2], [3, 4]]], {"b": right}
    )


def test_a_nan_equals_a_nan_only_on_request():
    right = [[np.nan, 0.25]]
    arguments = mx.sym.sqrt(A), [[[-1.0, 4]]], [[[1.0, 1]]], [right]
    check_symbolic_backward(*arguments, equal_nan=True)
    assert "Error nan" in failure(*arguments)
    assert "Error nan" in failure(mx.sym.sqrt(A), [[[-1.0, 4]]], [[[1.0, 1]]], [[[1.0, 0.25]]])


# grad_req.


@pytest.mark.parametrize("grad_req", ["add", ["add", "add"], ("add", "add", "write")])
def test_add_adds_to_random_numbers(grad_req):
    grads = check(grad_req=grad_req)
    starts = grads["a"].asnumpy() - Y * HEAD
    assert len(np.unique(starts.round(3))) == 4


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("scale", [1, 1e-3, 1e-9])
def test_add_has_no_false_alarms(dtype, scale):
    random = np.random.RandomState(1)
    x, y = random.normal(size=(2, 20, 20)).astype(dtype)
    head = (random.normal(size=(20, 20)) * scale).astype(dtype)
    right = [np.float64(y) * head, np.float64(x) * head]
    rtol = 1e-2 if dtype is np.float16 else None
    check_symbolic_backward(PRODUCT, [x, y], [head], right, grad_req="add", dtype=dtype, rtol=rtol)


def test_add_finds_wrong_gradients():
    text = failure(PRODUCT, [X, Y], [HEAD], {"a": Y * HEAD + 0.1}, grad_req="add")
    assert "mismatch 100.000000%" in text


def test_add_finds_an_operator_that_overwrites(monkeypatch):
    written = mx.executor.Executor.backward

    def overwrite(self, *args, **kwargs):
        self._grad_req = ["write"] * len(self._grad_req)
        return written(self, *args, **kwargs)

    monkeypatch.setattr(mx.executor.Executor, "backward", overwrite)
    failure(PRODUCT, [X, Y], [HEAD], RIGHT, grad_req="add")


@pytest.mark.parametrize("expected", [RIGHT, {"a": X, "b": np.zeros(7)}, [X, None]])
def test_null_leaves_random_numbers_whatever_is_expected(expected):
    grads = check(expected, grad_req="null")
    assert grads["a"].shape == (2, 2)
    assert len(np.unique(grads["a"].asnumpy())) == 4


def test_null_finds_an_operator_that_writes(monkeypatch):
    def write(self, *args, **kwargs):
        captured[0][:] = 7

    captured = []
    bind = mx.sym.Symbol.bind

    def remember(self, ctx, args, args_grad=None, **kwargs):
        captured.append(args_grad["a"])
        return bind(self, ctx, args, args_grad, **kwargs)

    monkeypatch.setattr(mx.sym.Symbol, "bind", remember)
    monkeypatch.setattr(mx.executor.Executor, "backward", write)
    text = failure(PRODUCT, [X, Y], [HEAD], {"a": X}, grad_req="null")
    assert text.startswith("The gradient of a was written although grad_req is 'null'.")
    assert "BACKWARD_a=7.0" in text


def test_requests_can_differ_by_argument():
    requests = {"a": "add", "b": "null", "c": "write"}
    grads = check(grad_req=requests)
    assert not np.allclose(grads["a"].asnumpy(), RIGHT["a"])
    assert not np.allclose(grads["b"].asnumpy(), RIGHT["b"])
    assert list(check({"a": RIGHT["a"]}, grad_req={"a": "write"})) == ["a"]


@pytest.mark.parametrize("grad_req", [["write"], {"a": "write"}])
def test_a_request_is_needed_for_every_expected_gradient(grad_req):
    with pytest.raises(KeyError, match="grad_req says nothing of b"):
        check(grad_req=grad_req)


@pytest.mark.parametrize(
    "grad_req", ["addto", {"a": "write", "b": "foo"}, ["write", None], None, 3]
)
def test_other_requests_are_refused(grad_req):
    with pytest.raises(ValueError, match="grad_req"):
        check(grad_req=grad_req)


@pytest.mark.parametrize("grad_req", ["add", "null"])
def test_the_callers_random_stream_does_not_move(grad_req):
    np.random.seed(4)
    right = np.random.rand()
    np.random.seed(4)
    check(grad_req=grad_req)
    assert np.random.rand() == right


# The rest.


@pytest.mark.parametrize("stype", ["default", "row_sparse", "csr", None])
@pytest.mark.parametrize("grad_req", ["write", "add"])
def test_gradients_come_in_the_storage_type_asked_for(stype, grad_req):
    grads = check(grad_stypes={"a": stype, "other": "csr"}, grad_req=grad_req)
    assert grads["a"].stype == (stype or "default")
    assert grads["b"].stype == "default"


def test_another_storage_type_is_refused():
    text = failure(PRODUCT, [X, Y], [HEAD], RIGHT, grad_stypes={"a": "dense"})
    assert text == "Unknown storage type: dense"


def test_sparse_arguments_are_bound():
    sparse = mx.nd.array([[0, 1], [0, 0]]).tostype("csr")
    check_symbolic_backward(mx.sym.dot(A, B), [sparse, Y], [HEAD], {"b": sparse.asnumpy().T @ HEAD})


@pytest.mark.parametrize("form", [list, dict])
def test_auxiliary_states_are_copied(form):
    norm = mx.sym.BatchNorm(A, name="bn", fix_gamma=False)
    aux = {"bn_moving_mean": mx.nd.zeros((2,)), "bn_moving_var": mx.nd.ones((2,))}
    location = [X, np.ones(2), np.zeros(2)]
    right = {"bn_beta": HEAD.sum(axis=0)}
    states = aux if form is dict else list(aux.values())
    check_symbolic_backward(norm, location, [HEAD], right, aux_states=states)
    assert aux["bn_moving_mean"].asnumpy().tolist() == [0, 0]
    with pytest.raises(ValueError, match="aux_states must be those of the symbol"):
        check_symbolic_backward(norm, location, [HEAD], right)


def test_nothing_of_the_caller_changes():
    location, expected, request = (
        {"a": X.copy(), "b": Y.copy()},
        dict(RIGHT),
        {"a": "add", "b": "add"},
    )
    check_symbolic_backward(PRODUCT, location, [HEAD], expected, grad_req=request)
    assert list(location) == ["a", "b"]
    assert (location["a"] == X).all()
    assert request == {"a": "add", "b": "add"}


def test_the_context_can_be_chosen():
    assert check(ctx=mx.cpu(1))["a"].context == mx.cpu(1)
