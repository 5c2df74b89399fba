"""In inference a batch normalization becomes part of the convolution before it."""

from __future__ import annotations

from typing import Any
from unittest import mock

import numpy as np
import pytest

import mxnet as mx
from mxnet.ops.registry import get

SHAPE = (2, 4, 9, 8)


def block(
    convolution: dict[str, Any] | None = None, norm: dict[str, Any] | None = None, relu: bool = True
) -> mx.sym.Symbol:
    x = mx.sym.Variable("data")
    attrs = {"kernel": (3, 3), "num_filter": 6} | (convolution or {})
    x = mx.sym.Convolution(x, name="convolution", **attrs)
    x = mx.sym.BatchNorm(x, name="norm", **(norm or {}))
    return mx.sym.Activation(x, act_type="relu", name="relu") if relu else x


def bound(symbol: mx.sym.Symbol, dtype: str = "float32", shape: Any = SHAPE) -> Any:
    """Bind a symbol with random values; variances are positive."""
    random = np.random.RandomState(0)
    executor = symbol.simple_bind(mx.cpu(), data=shape, type_dict={"data": dtype})
    for array in executor.arg_dict.values():
        array[:] = random.normal(size=array.shape)
    for name, array in executor.aux_dict.items():
        array[:] = random.uniform(0.5, 2, array.shape) * (1 if name.endswith("var") else 0.3)
    return executor


def steps(executor: Any) -> list[str]:
    """Return the names of the steps that inference takes."""
    return [step.name for step, _ in executor._plan._in_inference]


def both(executor: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return what inference gives without BatchNorm, and what where each step is looked at."""
    with mock.patch.object(get("BatchNorm"), "function", side_effect=AssertionError("it runs")):
        fast = executor.forward(is_train=False)[0].asnumpy()
    executor.set_monitor_callback(lambda name, array: None)
    return fast, executor.forward(is_train=False)[0].asnumpy()


@pytest.mark.parametrize("relu", [True, False])
@pytest.mark.parametrize("norm", [{"fix_gamma": False}, {"fix_gamma": True, "eps": 0.1}], ids=str)
@pytest.mark.parametrize(
    "convolution",
    [{}, {"no_bias": True}, {"num_group": 2, "stride": (2, 1), "pad": (1, 0)}],
    ids=str,
)
def test_the_result_is_that_of_the_steps(
    convolution: dict[str, Any], norm: dict[str, Any], relu: bool
) -> None:
    executor = bound(block(convolution, norm, relu))
    assert len(steps(executor)) == 1
    fast, plain = both(executor)
    assert np.allclose(fast, plain, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-12), ("float16", 2e-2)])
def test_other_dtypes_are_folded_too(dtype: str, tolerance: float) -> None:
    fast, plain = both(bound(block(norm={"fix_gamma": False}), dtype))
    assert fast.dtype == plain.dtype == dtype
    assert np.allclose(fast, plain, rtol=tolerance, atol=tolerance)


def test_one_and_three_dimensions_are_folded_too() -> None:
    for kernel, shape in (((3,), (2, 4, 9)), ((2, 2, 2), (2, 4, 5, 5, 5))):
        executor = bound(block({"kernel": kernel}), shape=shape)
        assert len(steps(executor)) == 1
        fast, plain = both(executor)
        assert np.allclose(fast, plain, rtol=1e-5, atol=1e-5)


def test_weights_may_change_between_two_runs() -> None:
    executor = bound(block())
    before = executor.forward(is_train=False)[0].asnumpy()
    executor.arg_dict["norm_beta"][:] += 1
    executor.aux_dict["norm_moving_var"][:] *= 2
    fast, plain = both(executor)
    assert not np.allclose(fast, before)
    assert np.allclose(fast, plain, rtol=1e-5, atol=1e-5)


def test_training_normalizes_by_the_batch_and_moves_the_states() -> None:
    executor = bound(block(relu=False, norm={"fix_gamma": True}))
    mean = executor.aux_dict["norm_moving_mean"].asnumpy()
    executor.arg_dict["norm_beta"][:] = 0
    out = executor.forward(is_train=True)[0].asnumpy()
    assert np.allclose(out.mean((0, 2, 3)), 0, atol=1e-5)
    assert not np.array_equal(executor.aux_dict["norm_moving_mean"].asnumpy(), mean)


@pytest.mark.parametrize(
    ("seen", "left"),
    [("convolution_output", ["convolution", "norm", "relu"]), ("norm_output", ["norm", "relu"])],
)
def test_what_somebody_else_reads_is_computed(seen: str, left: list[str]) -> None:
    symbol = block()
    inner = symbol.get_internals()[seen]
    executor = bound(mx.sym.Group([inner, symbol]))
    assert steps(executor) == left
    found = executor.forward()[1].asnumpy()
    assert np.allclose(found, bound(symbol).forward()[0].asnumpy(), rtol=1e-5, atol=1e-5)
    assert set(left) < set(steps(bound(inner * 2 + symbol)))


@pytest.mark.parametrize("norm", [{"axis": 2}, {"output_mean_var": True}, {"axis": -1}], ids=str)
def test_other_normalizations_stay(norm: dict[str, Any]) -> None:
    symbol = block(norm=norm, relu=False)
    symbol = mx.sym.Group(list(symbol)) if norm.get("output_mean_var") else symbol
    assert steps(bound(symbol)) == ["convolution", "norm"]


def test_channels_last_stay() -> None:
    symbol = block({"layout": "NHWC"}, {"axis": 3})
    assert len(steps(bound(symbol, shape=(2, 9, 8, 4)))) == 3


def test_an_error_names_the_node_that_is_wrong() -> None:
    executor = bound(block())
    executor.aux_dict["norm_moving_mean"]._data = mx.nd.zeros((5,))._data
    with pytest.raises(mx.MXNetError, match="norm"):
        executor.forward(is_train=False)
