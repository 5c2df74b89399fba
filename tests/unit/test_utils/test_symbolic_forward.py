"""check_symbolic_forward and simple_forward: every form of every argument, every failure."""

from __future__ import annotations

import numpy as np
import pytest

import mxnet as mx
from mxnet.test_utils import check_symbolic_forward, simple_forward

A, B = mx.sym.var("a"), mx.sym.var("b")
PRODUCT = mx.sym.elemwise_mul(A, B, name="product")
PAIR = mx.sym.Group([A * 2, mx.sym.elemwise_add(A, B, name="sum")])
X = np.array([[1.0, 2], [3, 4]])
Y = np.array([[5.0, 6], [7, 8]])


def batch_norm():
    return mx.sym.BatchNorm(A, name="bn", fix_gamma=False, eps=1e-5)


def failure(*args, **kwargs) -> str:
    with pytest.raises(AssertionError) as caught:
        check_symbolic_forward(*args, **kwargs)
    return str(caught.value)


@pytest.mark.parametrize(
    "location",
    [
        [X, Y],
        (X, Y),
        {"b": Y, "a": X},
        [mx.nd.array(X), mx.nd.array(Y)],
        [X.tolist(), Y.astype(int)],
        [X, Y, X],  # what is too much is ignored
    ],
)
def test_arguments_come_as_list_tuple_or_dict_of_anything(location):
    outputs = check_symbolic_forward(PRODUCT, location, [X * Y])
    assert outputs[0].asnumpy().tolist() == (X * Y).tolist()


@pytest.mark.parametrize(
    ("location", "message"),
    [
        ({"a": X, "c": Y}, r"symbol args \['a', 'b'\], location.keys\(\) \['a', 'c'\]"),
        ({"a": X}, r"symbol args \['a', 'b'\], location.keys\(\) \['a'\]"),
        ([X], "location has 1 entries, but argument 'b' is missing"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(location, message):
    with pytest.raises(ValueError, match=message):
        check_symbolic_forward(PRODUCT, location, [X * Y])


def test_a_generator_is_no_location():
    text = failure(PRODUCT, (x for x in (X, Y)), [X * Y])
    assert text == "location is a generator, but must be a list, a tuple or a dict"


@pytest.mark.parametrize("expected", [[X * Y], (X * Y,), {"product_output": X * Y, "more": 1}])
def test_expected_outputs_come_as_list_tuple_or_dict(expected):
    check_symbolic_forward(PRODUCT, [X, Y], expected)


def test_no_output_may_be_left_out():
    check_symbolic_forward(PAIR, [X, Y], [X * 2, X + Y])
    text = failure(PAIR, [X, Y], [X * 2])
    assert text == "expected has 1 arrays, but output sum_output is missing"
    with pytest.raises(KeyError, match="expected lacks output sum_output"):
        check_symbolic_forward(PAIR, [X, Y], {PAIR.list_outputs()[0]: X * 2})


def test_a_bare_array_is_no_list_of_outputs():
    assert "expected is a ndarray, but must be a list" in failure(PRODUCT, [X, Y], X * Y)


def test_a_failure_names_output_position_and_both_values():
    right = X * Y
    right[1, 0] += 1
    assert failure(PRODUCT, [X, Y], [right]) == (
        "Items are not equal:\n"
        "Error 312.500000 exceeds tolerance rtol=1.000000e-04, atol=1.000000e-03"
        " (mismatch 25.000000%).\n"
        "Location of maximum error: (1, 0), "
        "EXPECTED_product_output=22.00000000, FORWARD_product_output=21.00000000\n"
        " ACTUAL: array([[ 5., 12.],\n       [21., 32.]], dtype=float32)\n"
        " DESIRED: array([[ 5., 12.],\n       [22., 32.]])"
    )


def test_every_wrong_output_is_named():
    text = failure(PAIR, [X, Y], [X * 3, X])
    first = PAIR.list_outputs()[0]
    assert text.startswith(f"2 outputs are wrong: {first}, sum_output\n\n")
    assert f"EXPECTED_{first}=" in text
    assert "EXPECTED_sum_output=" in text


@pytest.mark.parametrize("wrong", [X[:1] * 0 + 5, np.array(5.0), X.ravel(), np.ones((3, 3))])
def test_shapes_must_be_equal(wrong):
    constant = mx.sym.elemwise_add(A * 0, B * 0 + 5, name="five")
    text = failure(constant, [X, Y], [wrong])
    assert text == (
        f"The expected value of output five_output has shape {wrong.shape}, but must have (2, 2)"
    )


def test_a_number_stands_for_a_whole_reduction():
    check_symbolic_forward(mx.sym.sum(A), [X], [X.sum()])


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.dtype("float16")])
def test_numpy_arrays_are_converted_to_dtype(dtype):
    (output,) = check_symbolic_forward(A * 2, [X], [X * 2], dtype=dtype)
    assert np.dtype(output.dtype) == np.dtype(dtype)


@pytest.mark.parametrize("dtype", [np.int32, None, "int8"])
def test_other_types_are_refused(dtype):
    assert failure(A * 2, [X], [X * 2], dtype=dtype).startswith(f"dtype is {dtype!r}, but must be")


def test_asnumpy_keeps_the_type_of_each_array():
    (output,) = check_symbolic_forward(A * 2, [X.astype("float16")], [X * 2], dtype="asnumpy")
    assert output.dtype is np.float16


def test_ndarrays_keep_their_type():
    (output,) = check_symbolic_forward(A * 2, [mx.nd.array(X, dtype="float64")], [X * 2])
    assert output.dtype is np.float64


def test_the_tolerance_can_be_chosen():
    check_symbolic_forward(A * 2, [X], [X * 2 + 0.5], atol=0.6)
    check_symbolic_forward(A * 2, [X], [X * 2.1], rtol={np.float32: 0.06, np.float64: 0})


def test_a_nan_equals_a_nan_only_on_request():
    roots = mx.sym.sqrt(A)
    check_symbolic_forward(roots, [[-1, 4]], [[np.nan, 2]], equal_nan=True)
    assert "Error nan" in failure(roots, [[-1, 4]], [[np.nan, 2]])


@pytest.mark.parametrize("form", [list, dict])
def test_auxiliary_states_are_used_and_left_alone(form):
    mean, var = mx.nd.array([1, 2]), np.array([4.0, 9])
    aux = {"bn_moving_mean": mean, "bn_moving_var": var}
    right = (X - [1, 2]) / np.sqrt(np.array([4, 9]) + 1e-5) * 2 + 1
    location = {"a": X, "bn_gamma": np.full(2, 2), "bn_beta": np.ones(2)}
    states = aux if form is dict else list(aux.values())
    check_symbolic_forward(batch_norm(), location, [right], aux_states=states)
    assert mean.asnumpy().tolist() == [1, 2]


@pytest.mark.parametrize("aux", [None, [np.ones(2)], [np.ones(2)] * 3, {"mean": np.ones(2)}])
def test_auxiliary_states_must_be_those_of_the_symbol(aux):
    with pytest.raises(ValueError, match="aux_states"):
        check_symbolic_forward(batch_norm(), [X, np.ones(2), np.ones(2)], [X], aux_states=aux)


def test_the_context_can_be_chosen():
    (output,) = check_symbolic_forward(A * 2, [mx.nd.array(X)], [X * 2], ctx=mx.cpu(1))
    assert output.context == mx.cpu(1)


class TestSimpleForward:
    def test_one_output_comes_bare(self):
        assert simple_forward(PRODUCT, a=X, b=[[1, 1], [2, 2]]).tolist() == [[1, 2], [6, 8]]

    def test_several_outputs_come_in_a_list(self):
        outputs = simple_forward(PAIR, a=X, b=mx.nd.array(Y))
        assert [o.tolist() for o in outputs] == [(X * 2).tolist(), (X + Y).tolist()]

    def test_auxiliary_states_are_inputs_too(self):
        given = {"bn_gamma": [1, 1], "bn_beta": [0, 0]}
        states = {"bn_moving_mean": [1, 1], "bn_moving_var": [1, 1]}
        assert simple_forward(batch_norm(), a=X, **given, **states) == pytest.approx(
            X - 1, abs=1e-3
        )
        trained = simple_forward(batch_norm(), a=X, is_train=True, **given, **states)
        assert trained == pytest.approx(np.array([[-1, -1], [1, 1]]), abs=1e-3)

    def test_a_missing_input_is_named(self):
        with pytest.raises(
            ValueError, match=r"symbol args \['a', 'b'\], location.keys\(\) \['a'\]"
        ):
            simple_forward(PRODUCT, a=X)
