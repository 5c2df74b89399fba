"""One element of each of many rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import mxnet as mx


@pytest.mark.parametrize("shape", [(50000, 3), (100, 70, 9), (1, 5), (3, 1)])
@pytest.mark.parametrize("dtype", ["float32", "int32", "float64"])
def test_each_row_gives_the_element_that_its_index_names(shape: Any, dtype: str) -> None:
    random = np.random.RandomState(5)
    values = random.randint(0, 100, shape).astype(dtype)
    index = random.randint(-2, shape[-1] + 2, shape[:-1])
    taken = mx.nd.batch_take(mx.nd.array(values, dtype=dtype), mx.nd.array(index, dtype="int32"))
    bounded = index.clip(0, shape[-1] - 1)[..., None]
    assert np.array_equal(taken.asnumpy(), np.take_along_axis(values, bounded, -1)[..., 0])


def test_rows_may_lie_transposed_in_memory() -> None:
    values = np.arange(60, dtype="float32").reshape(3, 20)
    index = mx.nd.array(np.arange(20) % 3, dtype="int32")
    taken = mx.nd.batch_take(mx.nd.array(values).T, index).asnumpy()
    assert np.array_equal(taken, values[np.arange(20) % 3, np.arange(20)])


def test_the_gradient_goes_to_the_elements_that_were_taken() -> None:
    array, index = mx.nd.zeros((4, 3)), mx.nd.array([2, 0, 1, 9], dtype="int32")
    array.attach_grad()
    with mx.autograd.record():
        taken = mx.nd.batch_take(array, index)
    taken.backward()
    assert array.grad.asnumpy().tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1]]
