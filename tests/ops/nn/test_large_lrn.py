"""LRN works on a few images after the other: the formula holds for each."""

from __future__ import annotations

import numpy as np
import pytest

import mxnet as mx


@pytest.mark.parametrize("shape", [(3, 7, 12, 5), (7, 20, 50, 52)])  # one part, and a smaller last
@pytest.mark.parametrize("nsize", [1, 3, 5, 9])
@pytest.mark.parametrize("beta", [0.75, 0.6])
def test_each_element_is_divided_by_its_neighbours(
    shape: tuple[int, ...], nsize: int, beta: float
) -> None:
    values = np.random.RandomState(3).uniform(-3, 3, shape).astype(np.float32)
    reach = nsize // 2
    expected = np.empty(shape)
    for c in range(shape[1]):
        near = values[:, max(c - reach, 0) : c + reach + 1].astype(np.float64)
        total = np.square(near).sum(1)
        expected[:, c] = values[:, c] / (1.5 + 0.3 / nsize * total) ** beta
    given = {"nsize": nsize, "alpha": 0.3, "beta": beta, "knorm": 1.5}
    lying = mx.nd.array(values.transpose(0, 2, 3, 1)).transpose((0, 3, 1, 2))
    for data in (mx.nd.array(values), lying):
        assert np.allclose(mx.nd.LRN(data, **given).asnumpy(), expected, rtol=2e-6)


def test_no_images_give_none() -> None:
    assert mx.nd.LRN(mx.nd.zeros((0, 3, 2, 2)), nsize=3).shape == (0, 3, 2, 2)
