"""check_consistency between devices, types and symbols; check_speed."""

from __future__ import annotations

import numpy as np
import pytest

import mxnet as mx
from mxnet.test_utils import check_consistency, check_speed

A, B = mx.sym.var("a"), mx.sym.var("b")
PRODUCT = mx.sym.broadcast_mul(A, B, name="out")
SUM = mx.sym.broadcast_add(A, B, name="out")


def entries(*types, shape=(2, 3)):
    return [{"ctx": mx.cpu(), "a": shape, "b": shape, "type_dict": {"a": t, "b": t}} for t in types]


def failure(*args, **kwargs) -> str:
    with pytest.raises(AssertionError) as caught:
        check_consistency(*args, **kwargs)
    return str(caught.value)


def test_equal_results_pass_and_the_most_precise_ones_are_returned():
    results = check_consistency(PRODUCT, entries("float16", "float64", "float32"))
    assert list(results) == ["out_output", "a", "b"]
    assert {value.dtype for value in results.values()} == {np.float64}


def test_two_symbols_can_be_compared():
    check_consistency([A * B + A, (B + 1) * A][:0] or [PRODUCT, PRODUCT], entries("float32") * 2)
    text = failure([PRODUCT, SUM], entries("float32") * 2)
    assert text.startswith("4 arrays are wrong: out_output, out_output, a, b\n\n")
    assert (
        "Predict Err: ctx 1 (float32 cpu(0)) vs ctx 0 (float32 cpu(0)) at out_output\n"
        "Items are not equal:"
    ) in text
    assert "Train Err: ctx 1 (float32 cpu(0)) vs ctx 0 (float32 cpu(0)) at b\n" in text


def test_gradients_are_compared_where_outputs_are_zero():
    nothing = mx.sym.elemwise_sub(A, A, name="out")
    half = mx.sym.elemwise_sub(A, mx.sym.BlockGrad(A), name="out")
    pair = [{"ctx": mx.cpu(), "a": (2, 3)}] * 2
    assert "Train Err: ctx 1" in failure([nothing, half], pair)


def test_types_of_lower_precision_have_wider_tolerances():
    check_consistency(mx.sym.exp(A), [{"ctx": mx.cpu(), "a": (50,), "type_dict": {"a": t}} for t in
                                      ("float16", "float32", "float64")])  # fmt: skip
    failure(mx.sym.exp(A), [{"ctx": mx.cpu(), "a": (50,), "type_dict": {"a": t}} for t in
                            ("float16", "float64")], rtol=1e-9, atol=1e-9)  # fmt: skip


@pytest.mark.parametrize(
    ("grad_req", "names"),
    [
        ("write", {"out_output", "a", "b"}),
        ("add", {"out_output", "a", "b"}),
        ("null", {"out_output"}),
        ({"a": "write", "b": "null"}, {"out_output", "a", "b"}),
    ],
)
def test_requests_decide_what_is_compared(grad_req, names):
    results = check_consistency(PRODUCT, entries("float32", "float64"), grad_req=grad_req)
    assert set(results) == names
    assert (results.get("b") is None) == (grad_req in ("null", {"a": "write", "b": "null"}))


def test_given_arguments_are_used_and_the_dict_is_left_alone():
    given = {"a": np.full((2, 3), 2.0)}
    results = check_consistency(
        PRODUCT, entries("float32", "float64"), arg_params=given | {"b": mx.nd.ones((2, 3)) * 3}
    )
    assert results["out_output"].asnumpy().tolist() == [[6.0] * 3] * 2
    check_consistency(PRODUCT, entries("float32", "float64"), arg_params=given)
    assert list(given) == ["a"]


def test_states_are_zero_unless_given():
    norm = mx.sym.BatchNorm(A, name="bn", use_global_stats=True, eps=1.0)
    pair = [{"ctx": mx.cpu(), "a": (2, 3)}] * 2
    given = {"a": np.ones((2, 3)), "bn_gamma": np.ones(3), "bn_beta": np.zeros(3)}
    results = check_consistency(norm, pair, arg_params=given)
    assert results["bn_output"].asnumpy() == pytest.approx(np.ones((2, 3)))
    states = {"bn_moving_mean": np.ones(3)}
    results = check_consistency(norm, pair, arg_params=given, aux_params=states)
    assert results["bn_output"].asnumpy() == pytest.approx(np.zeros((2, 3)))


def test_random_arguments_have_the_scale_asked_for():
    wide = entries("float32", "float64", shape=(100, 100))
    normal = check_consistency(A + B * 0, wide, scale=3, grad_req="null")
    assert next(iter(normal.values())).asnumpy().std() == pytest.approx(3, rel=0.05)
    even = check_consistency(A + B * 0, wide, scale=3, grad_req="null", use_uniform=True)
    assert np.abs(next(iter(even.values())).asnumpy()).max() == pytest.approx(2.76, rel=0.01)


def test_the_ground_truth_judges_every_entry_the_reference_too():
    truth = check_consistency(PRODUCT, entries("float32", "float64"), arg_params={"a": 2, "b": 3})
    wrong = dict(truth) | {"out_output": truth["out_output"] + 1}
    check_consistency(
        PRODUCT, entries("float32", "float64"), arg_params={"a": 2, "b": 3}, grad_req="null",
        ground_truth=truth,
    )  # fmt: skip
    text = failure(
        PRODUCT, entries("float32", "float64"), arg_params={"a": 2, "b": 3}, grad_req="null",
        ground_truth=wrong,
    )  # fmt: skip
    assert "ctx 0 (float32 cpu(0)) vs ground truth at out_output" in text
    assert "ctx 1 (float64 cpu(0)) vs ground truth at out_output" in text


def test_errors_can_be_reported_without_raising(capsys):
    results = check_consistency([PRODUCT, SUM], entries("float32") * 2, raise_on_err=False)
    assert results["a"].shape == (2, 3)
    assert "Predict Err: ctx 1" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("symbol", "contexts", "message"),
    [
        (PRODUCT, entries("float32"), "ctx_list has 1 entries, but must have at least two"),
        ([PRODUCT] * 3, entries("float32") * 2, "There are 3 symbols, but 2 contexts"),
        ([PRODUCT, A * B], entries("float32") * 2, "The symbols differ in list_outputs()"),
        ([PRODUCT, mx.sym.exp(A)], entries("float32") * 2, "The symbols differ in list_arguments"),
    ],
)
def test_symbols_and_contexts_must_fit(symbol, contexts, message):
    assert failure(symbol, contexts).startswith(message)


def test_the_callers_random_stream_does_not_move():
    np.random.seed(4)
    right = np.random.rand()
    np.random.seed(4)
    check_consistency(PRODUCT, entries("float32", "float64"))
    assert np.random.rand() == right


class TestSpeed:
    def test_it_is_the_mean_of_seconds(self, monkeypatch):
        times = iter([10.0, 16.0])
        monkeypatch.setattr("time.perf_counter", lambda: next(times))
        assert check_speed(PRODUCT, N=3, a=(2, 3), b=(2, 3)) == 2

    @pytest.mark.parametrize(("typ", "backward"), [("whole", 4), ("forward", 0)])
    def test_what_a_run_is_can_be_chosen(self, monkeypatch, typ, backward):
        calls = []
        real = mx.executor.Executor.backward
        monkeypatch.setattr(
            mx.executor.Executor, "backward", lambda self, *a: calls.append(1) or real(self, *a)
        )
        location = {"a": np.ones((2, 3)), "b": mx.nd.ones((2, 3))}
        assert check_speed(PRODUCT, location, mx.cpu(1), 3, "add", typ) > 0
        assert len(calls) == backward

    def test_arguments_that_do_not_fit_are_refused(self):
        with pytest.raises(ValueError, match='typ can only be "whole" or "forward"'):
            check_speed(PRODUCT, typ="backward", a=(2, 3), b=(2, 3))
        with pytest.raises(AssertionError, match="location is a list, but must be a dict"):
            check_speed(PRODUCT, [np.ones(2)])
