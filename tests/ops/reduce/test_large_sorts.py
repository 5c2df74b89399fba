"""Sorts of many elements along an axis that is not the last: the axis is moved and sorted there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import mxnet as mx

SHAPES = {
    "a matrix": ((200, 300), 0),
    "an axis from behind": ((200, 300), -2),
    "the middle of three": ((20, 50, 40), 1),
    "few long rows": ((2, 40000), 0),
}


def _with_ties(shape: tuple[int, ...], dtype: str) -> np.ndarray:
    return np.random.RandomState(3).randint(-20, 20, shape).astype(dtype)


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16", "int32", "int64", "int8"])
@pytest.mark.parametrize(("shape", "axis"), SHAPES.values(), ids=SHAPES)
def test_sort_and_argsort_are_numpys_stable_ones(shape: Any, axis: int, dtype: str) -> None:
    values = _with_ties(shape, dtype)
    array = mx.nd.array(values, dtype=dtype)
    order = np.argsort(values, axis, kind="stable")
    assert np.array_equal(mx.nd.sort(array, axis=axis).asnumpy(), np.sort(values, axis))
    assert np.array_equal(mx.nd.argsort(array, axis=axis, dtype="int64").asnumpy(), order)


def test_descending_sorts_keep_the_order_of_equal_elements() -> None:
    values = _with_ties((200, 300), "float32")
    order = np.argsort(-values, 0, kind="stable")
    found = mx.nd.argsort(mx.nd.array(values), axis=0, is_ascend=False)
    assert np.array_equal(found.asnumpy(), order)


def test_nan_sorts_as_greatest_along_the_first_axis() -> None:
    values = _with_ties((200, 300), "float32")
    values[7, ::2], values[9, 0], values[11, 0] = np.nan, np.inf, -np.inf
    sorted_values = mx.nd.sort(mx.nd.array(values), axis=0).asnumpy()
    assert np.array_equal(sorted_values, np.sort(values, 0), equal_nan=True)


def test_an_array_that_lies_transposed_is_sorted_and_left_unchanged() -> None:
    values = _with_ties((300, 200), "float32")
    array = mx.nd.array(values).T
    assert np.array_equal(mx.nd.sort(array, axis=0).asnumpy(), np.sort(values.T, 0))
    assert np.array_equal(array.asnumpy(), values.T)


def test_topk_of_all_sorts_along_the_first_axis() -> None:
    values = np.random.RandomState(3).permutation(60000).reshape(200, 300).astype("float32")
    found, order = mx.nd.topk(mx.nd.array(values), axis=0, k=0, ret_typ="both", is_ascend=True)
    assert np.array_equal(found.asnumpy(), np.sort(values, 0))
    assert np.array_equal(order.asnumpy(), np.argsort(values, 0))


def test_the_gradient_goes_where_the_elements_came_from() -> None:
    values = np.random.RandomState(3).permutation(60000).reshape(200, 300).astype("float32")
    array, factors = mx.nd.array(values), mx.nd.array(_with_ties((200, 300), "float32"))
    array.attach_grad()
    with mx.autograd.record():
        total = (mx.nd.sort(array, axis=0) * factors).sum()
    total.backward()
    expected = np.zeros_like(values)
    np.put_along_axis(expected, np.argsort(values, 0), factors.asnumpy(), 0)
    assert np.array_equal(array.grad.asnumpy(), expected)
