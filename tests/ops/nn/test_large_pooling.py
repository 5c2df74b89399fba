"""Pooling of large images, which has ways of its own: the same results as one window at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

import mxnet as mx

IMAGES = (2, 16, 46, 50)


def drawn(shape: tuple[int, ...], seed: int) -> np.ndarray:
    return np.random.RandomState(seed).uniform(-1, 1, shape).astype(np.float32)


def window_counts(
    size: int, kernel: int, stride: int, pad: int, windows: int, include_pad: bool
) -> list[tuple[slice, int]]:
    """Return which elements each window along one axis holds, and how many it counts."""
    found = []
    for start in range(-pad, windows * stride - pad, stride):
        last = min(start + kernel, size + pad)
        within = slice(max(start, 0), min(last, size))
        found.append((within, last - start if include_pad else within.stop - within.start))
    return found


def mean_windows(shape: tuple[int, ...], **attrs: Any) -> list[tuple[Any, Any, int]]:
    """Return (place of the window, its elements, how many it counts) for each window."""
    include_pad = attrs.get("count_include_pad", True)
    up = mx.sym.Pooling(mx.sym.Variable("x"), **attrs).infer_shape(x=shape)[1][0][2:]
    rows, columns = (
        window_counts(
            size, attrs["kernel"][i], attrs["stride"][i], attrs["pad"][i], up[i], include_pad
        )
        for i, size in enumerate(shape[2:])
    )
    return [
        ((..., i, j), (..., down, across), many * more)
        for i, (down, many) in enumerate(rows)
        for j, (across, more) in enumerate(columns)
    ]


def bind(data: np.ndarray, pool_type: str = "avg", **attrs: Any) -> Any:
    symbol = mx.sym.Pooling(mx.sym.Variable("x"), pool_type=pool_type, **attrs)
    executor = symbol.simple_bind(mx.cpu(), x=data.shape)
    executor.arg_dict["x"][:] = data
    return executor


WINDOWS: list[dict[str, Any]] = [
    {"kernel": (2, 2), "stride": (2, 2), "pad": (0, 0)},
    {"kernel": (3, 3), "stride": (2, 2), "pad": (0, 0)},
    {"kernel": (3, 3), "stride": (2, 2), "pad": (1, 1)},
    {"kernel": (3, 3), "stride": (2, 2), "pad": (1, 1), "count_include_pad": False},
    {"kernel": (3, 3), "stride": (2, 2), "pad": (0, 1), "pooling_convention": "full"},
    {"kernel": (2, 3), "stride": (1, 2), "pad": (1, 1)},
    {"kernel": (4, 2), "stride": (3, 2), "pad": (1, 0)},
    {"kernel": (3, 3), "stride": (3, 3), "pad": (1, 1)},
    {"kernel": (5, 5), "stride": (1, 1), "pad": (2, 2)},
]


@pytest.mark.parametrize("attrs", WINDOWS, ids=str)
def test_a_mean_is_that_of_its_window_in_every_call(attrs: dict[str, Any]) -> None:
    data = drawn(IMAGES, 0)
    executor = bind(data, **attrs)
    expected = np.zeros(executor.forward()[0].shape)
    for at, held, count in mean_windows(IMAGES, **attrs):
        expected[at] = data[held].sum((-2, -1), dtype=np.float64) / count
    for _ in range(6):  # a form that comes often is compiled
        assert np.allclose(executor.forward(is_train=False)[0].asnumpy(), expected, atol=1e-6)


@pytest.mark.parametrize("attrs", WINDOWS, ids=str)
def test_a_gradient_is_shared_among_the_elements_of_its_window(attrs: dict[str, Any]) -> None:
    executor = bind(drawn(IMAGES, 0), **attrs)
    head = drawn(executor.forward(is_train=True)[0].shape, 1)
    expected = np.zeros(IMAGES)
    for at, held, count in mean_windows(IMAGES, **attrs):
        expected[held] += head[at][..., None, None] / count
    executor.backward(mx.nd.array(head))
    assert np.allclose(executor.grad_dict["x"].asnumpy(), expected, atol=1e-6)


def test_a_gradient_of_many_planes_is_that_of_each() -> None:
    """More planes than are worked on at a time, the last part being smaller."""
    attrs = {"kernel": (3, 3), "stride": (2, 2), "pad": (1, 1)}
    data = drawn((13, 50, 60, 64), 0)
    executor = bind(data, **attrs)
    head = drawn(executor.forward(is_train=True)[0].shape, 1)
    executor.backward(mx.nd.array(head))
    found = executor.grad_dict["x"].asnumpy()
    for plane in (0, 5, 12):
        alone = bind(data[plane : plane + 1], **attrs)
        alone.forward(is_train=True)
        alone.backward(mx.nd.array(head[plane : plane + 1]))
        assert np.array_equal(found[plane], alone.grad_dict["x"].asnumpy()[0])


@pytest.mark.parametrize(
    "shape", [(2, 32, 40, 44), (3, 5, 60, 64), (64, 4, 24, 24), (9, 64, 64, 66)]
)
@pytest.mark.parametrize("attrs", WINDOWS[:5], ids=str)
def test_a_maximum_and_its_gradient_are_those_of_the_first_largest(
    shape: tuple[int, ...], attrs: dict[str, Any]
) -> None:
    """Data of few values, so that many windows have several that are largest."""
    attrs = {key: value for key, value in attrs.items() if key != "count_include_pad"}
    data = np.random.RandomState(2).randint(-3, 3, shape).astype(np.float32)
    executor = bind(data, "max", **attrs)
    found = executor.forward(is_train=True)[0].asnumpy()
    head = np.random.RandomState(3).randint(-9, 9, found.shape).astype(np.float32)
    executor.backward(mx.nd.array(head))
    expected, gradient = np.zeros_like(found), np.zeros_like(data)
    images, channels = np.indices(shape[:2])
    for at, held, _ in mean_windows(shape, **attrs):
        window = data[held].reshape(*shape[:2], -1)
        expected[at] = window.max(-1)
        row, column = np.divmod(window.argmax(-1), data[held].shape[3])
        top, left = (held[axis].start for axis in (1, 2))
        np.add.at(gradient, (images, channels, row + top, column + left), head[at])
    assert np.array_equal(found, expected)
    assert np.array_equal(executor.grad_dict["x"].asnumpy(), gradient)


def test_infinities_and_nan_stay_in_their_windows() -> None:
    data = drawn(IMAGES, 0)
    data[0, 0, 4, 4], data[0, 1, 8, 8], data[1, 2, 2, 2] = np.nan, np.inf, -np.inf
    executor = bind(data, kernel=(2, 2), stride=(2, 2))
    for _ in range(6):
        found = executor.forward(is_train=False)[0].asnumpy()
        assert np.argwhere(np.isnan(found)).tolist() == [[0, 0, 2, 2]]
        assert np.argwhere(np.isinf(found)).tolist() == [[0, 1, 4, 4], [1, 2, 1, 1]]


def test_the_switch_of_torchscript_stays_as_it_was() -> None:
    for wanted in (True, False):
        torch.jit.enable_onednn_fusion(wanted)
        executor = bind(drawn((1, 33, 48, 50 + 2 * wanted), 0), kernel=(2, 2), stride=(2, 2))
        for _ in range(6):
            executor.forward()
        assert torch.jit.onednn_fusion_enabled() is wanted
