"""Second derivatives of what rows can not hold against finite differences, behind other functions.

Matrices must be symmetric, dropped elements the same twice, control flow needs a body.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import mxnet as mx

STEP = 1e-5
SHAPE = (3, 4)
REGIONS = [[0, 0, 0, 3, 2], [0, 1, 0, 2, 2]]


def definite(x: Any) -> Any:
    """Return a symmetric positive definite matrix that depends on x."""
    return mx.nd.dot(x, x, transpose_b=True) + mx.nd.array(
        [[4, 0, 0], [0, 5, 0], [0, 0, 6]], dtype="float64"
    )


def regions_of(name: str, channels: int = 1, **attrs: Any) -> Callable[[Any], Any]:
    """Return a pooling of regions of an image that holds x."""

    def pool(x: Any) -> Any:
        image = mx.nd.concat(
            *[(x * (i + 1)).reshape((1, 1, *SHAPE)) for i in range(channels)], dim=1
        )
        rois = mx.nd.array(REGIONS, dtype="float64")
        function = getattr(mx.nd, name, None) or getattr(mx.nd.contrib, name)
        return function(image, rois, spatial_scale=1.0, **attrs)

    return pool


def loop(x: Any) -> Any:
    """Return the outputs of a loop over the rows of x."""
    start = mx.nd.ones((4,), dtype="float64")
    return mx.nd.contrib.foreach(
        lambda row, state: (mx.nd.sin(row * state), state + row), x, start
    )[0]


WAYS: dict[str, Callable[[Any], Any]] = {
    "potrf": lambda x: mx.nd.linalg.potrf(definite(x)),
    "eigenvalues": lambda x: mx.nd.linalg.syevd(definite(x))[1],
    "eigenvectors": lambda x: mx.nd.linalg.syevd(definite(x))[0],
    "ROIPooling": regions_of("ROIPooling", pooled_size=(2, 2)),
    "PSROIPooling": regions_of("PSROIPooling", 4, output_dim=1, pooled_size=2),
    "DeformablePSROIPooling": regions_of(
        "DeformablePSROIPooling", 4, output_dim=1, group_size=2, pooled_size=2, no_trans=True
    ),
    "ROIAlign": regions_of("ROIAlign", pooled_size=(2, 2)),
    "Dropout": lambda x: mx.nd.Dropout(x, p=0.5),
    "rrelu": lambda x: mx.nd.LeakyReLU(x, act_type="rrelu")[0],
    "shuffle": mx.nd.shuffle,
    "an index": lambda x: x[1] * x[0:2].sum() * x[[0, 2, 2]].sum() ** 2,
    "foreach": loop,
    "cond": lambda x: mx.nd.contrib.cond(mx.nd.ones((1,)), lambda: x**3, lambda: x),
}


@pytest.mark.parametrize("way", WAYS)
def test_second_derivative_is_that_of_the_first(way: str) -> None:
    """The second derivative along a random direction is the finite difference of the first."""
    random = np.random.RandomState(len(way))
    start, direction, weights = (random.normal(size=SHAPE) for _ in range(3))

    def first(values: np.ndarray) -> tuple[Any, Any]:
        x = mx.nd.array(values, dtype="float64")
        x.attach_grad()
        mx.random.seed(7)
        with mx.autograd.record():
            y = mx.nd.sin(WAYS[way](x))
            head = mx.nd.array(np.cos(np.arange(y.size)).reshape(y.shape), dtype="float64")
            [gradient] = mx.autograd.grad(y, x, head, create_graph=True, retain_graph=True)
        return x, gradient

    x, gradient = first(start)
    gradient.backward(mx.nd.array(weights, dtype="float64"))
    ends = [
        float((first(start + s * direction)[1].asnumpy() * weights).sum()) for s in (STEP, -STEP)
    ]
    slope = float((x.grad.asnumpy() * direction).sum())
    assert slope == pytest.approx((ends[0] - ends[1]) / (2 * STEP), rel=1e-4, abs=1e-6)
    assert slope != 0
