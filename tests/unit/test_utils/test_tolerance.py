"""Default tolerances by element type, and which one counts for a pair of arrays."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch

import mxnet as mx
from mxnet import test_utils
from mxnet.dtype import bfloat16


@pytest.mark.parametrize(
    ("dtype", "rtol", "atol"),
    [("float16", 1e-2, 1e-1), ("float32", 1e-4, 1e-3), ("float64", 1e-5, 1e-20), ("int32", 0, 0)],
)
def test_the_defaults_are_those_of_mxnet(dtype, rtol, atol):
    assert test_utils.default_rtols()[np.dtype(dtype)] == rtol
    assert test_utils.default_atols()[np.dtype(dtype)] == atol


@pytest.mark.parametrize("dtype", ["int16", "uint16", "complex64", "longdouble", bfloat16])
def test_types_without_a_default_in_mxnet_have_one(dtype):
    array = np.zeros(2, dtype=dtype)
    rtol, atol = test_utils.get_tols(array, array, None, None)
    assert 0 <= rtol < 0.1
    assert 0 <= atol <= 0.1


def test_a_table_that_a_caller_changes_is_the_callers():
    test_utils.default_rtols()[np.dtype("float32")] = 1.0
    assert test_utils.default_rtols()[np.dtype("float32")] == 1e-4


def test_finite_differences_are_wider_for_less_precise_types():
    eps = test_utils.default_numeric_eps()
    assert [eps[np.dtype(t)] for t in ("float16", "float32", "float64")] == [2**-6, 2**-9, 2**-14]


@pytest.mark.parametrize(
    ("value", "dtype"),
    [
        (np.zeros(2, "float16"), "float16"),
        (np.float32(1), "float32"),
        (mx.nd.ones((2,), dtype="int32"), "int32"),
        ([1.5, 2.5], "float64"),
        (3, "int64"),
    ],
)
def test_the_effective_type_is_that_of_the_values(value, dtype):
    assert test_utils.effective_dtype(value) == np.dtype(dtype)


def test_float32_on_a_gpu_that_rounds_products_counts_as_float16(monkeypatch):
    monkeypatch.setattr(torch.backends.cudnn, "allow_tf32", True)
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda: (8, 0))
    on_gpu = SimpleNamespace(dtype=np.float32, context=mx.gpu(0))
    assert test_utils.effective_dtype(on_gpu) == np.float16
    wide = SimpleNamespace(dtype=np.float64, context=mx.gpu(0))
    assert test_utils.effective_dtype(wide) == np.dtype("float64")


def test_the_looser_of_two_types_counts():
    pair = np.zeros(2, "float16"), np.zeros(2, "float64")
    assert test_utils.get_tols(*pair, None, None) == (1e-2, 1e-1)
    assert test_utils.get_tols(*pair, None, 0.5) == (1e-2, 0.5)


@pytest.mark.parametrize("key", [np.dtype("float32"), np.float32, "float32"])
def test_a_tolerance_by_type_may_be_keyed_by_any_spelling(key):
    array = np.zeros(2, "float32")
    assert test_utils.get_tolerance(array, {key: 0.25}, test_utils.default_rtols()) == 0.25
    assert test_utils.get_tolerance(array, {np.float64: 1}, test_utils.default_rtols()) == 1e-4


def test_a_type_without_tolerance_is_refused_by_name():
    with pytest.raises(TypeError, match="no default tolerance for elements of type <U3"):
        test_utils.get_tols(np.array(["one"]), np.array(["two"]), None, None)


def test_single_tolerances_default_to_float64():
    assert (test_utils.get_rtol(), test_utils.get_atol(), test_utils.get_etol()) == (1e-5, 1e-20, 0)
    assert test_utils.get_rtol(0.5) == test_utils.get_atol(0.5) == test_utils.get_etol(0.5) == 0.5
    assert test_utils.get_rtol(dtype=np.float16) == 1e-2
