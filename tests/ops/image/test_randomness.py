"""Random changes of images follow their laws: even factors, normal light, flips in half of cases.

The real MXNet's draws passed the same tests (but those of `random_saturation`: see
docs/differences.md). Seeds are fixed, so that a test never fails by chance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from scipy import stats

import mxnet as mx

DRAWS = 600
SMALLEST_P = 1e-3
IMAGE = np.random.RandomState(1).uniform(50, 200, (4, 6, 3)).astype("float32")
GREY = (IMAGE * [0.299, 0.587, 0.114]).sum(-1, keepdims=True)
BOUNDS = (0.4, 1.3)


@pytest.fixture(autouse=True)
def seeded() -> None:
    mx.random.seed(7)


def results(change: Callable[..., Any], *attrs: Any, **named: Any) -> Iterator[np.ndarray]:
    """Yield what random calls make of the image."""
    data = mx.nd.array(IMAGE)
    for _ in range(DRAWS):
        yield change(data, *attrs, **named).asnumpy()


def factors(changed: Iterator[np.ndarray], still: Any) -> np.ndarray:
    """Return how far each result lies between `still` (0) and the image (1)."""
    way = IMAGE - still
    return np.array([((image - still) * way).sum() / (way * way).sum() for image in changed])


def is_even(numbers: np.ndarray, low: float, high: float) -> bool:
    """Whether numbers are spread evenly from low to high."""
    inside = numbers.min() > low - 1e-3 and numbers.max() < high + 1e-3
    even = stats.kstest(numbers, stats.uniform(low, high - low).cdf).pvalue > SMALLEST_P
    return bool(inside and even)


STILL = [
    ("random_brightness", 0.0),
    ("random_contrast", GREY.mean()),
    ("random_saturation", GREY),
]


@pytest.mark.parametrize(("name", "still"), STILL, ids=[name for name, _ in STILL])
def test_factors_are_even_between_their_bounds(name: str, still: Any) -> None:
    change = getattr(mx.nd.image, name)
    assert is_even(factors(results(change, *BOUNDS), still), *BOUNDS)


@pytest.mark.parametrize(("place", "still"), [(0, 0.0), (1, GREY.mean()), (2, GREY)])
def test_jitter_draws_factors_around_1(place: int, still: Any) -> None:
    amounts = [0.0, 0.0, 0.0, 0.0]
    amounts[place] = 0.3
    found = factors(results(mx.nd.image.random_color_jitter, *amounts), still)
    assert is_even(found, 0.7, 1.3)


def test_hues_are_turned_evenly() -> None:
    told = np.linspace(*BOUNDS, 91)
    data = mx.nd.array(IMAGE)
    table = [mx.nd.image.random_hue(data, factor, factor).asnumpy() for factor in told]
    distances = [
        [((image - each) ** 2).sum() for each in table]
        for image in results(mx.nd.image.random_hue, *BOUNDS)
    ]
    nearest = told[np.argmin(distances, axis=1)]
    counts = np.histogram(nearest, 9, BOUNDS)[0]
    assert stats.chisquare(counts).pvalue > SMALLEST_P


def test_light_is_normal_along_the_principal_components() -> None:
    data = mx.nd.array(IMAGE)
    axes = np.array(
        [
            (mx.nd.image.adjust_lighting(data, alpha=alpha).asnumpy() - IMAGE).mean((0, 1))
            for alpha in ((1, 0, 0), (0, 1, 0), (0, 0, 1))
        ]
    )
    added = np.array(
        [
            (image - IMAGE).mean((0, 1))
            for image in results(mx.nd.image.random_lighting, alpha_std=0.5)
        ]
    )
    for alpha in np.linalg.solve(axes.T, added.T):
        assert stats.kstest(alpha, stats.norm(0, 0.5).cdf).pvalue > SMALLEST_P


@pytest.mark.parametrize(
    ("name", "axis"), [("random_flip_left_right", 1), ("random_flip_top_bottom", 0)]
)
def test_half_of_the_images_are_flipped(name: str, axis: int) -> None:
    flipped = np.flip(IMAGE, axis)
    changed = 0
    for image in results(getattr(mx.nd.image, name)):
        assert (image == IMAGE).all() or (image == flipped).all()
        changed += bool((image == flipped).all())
    assert stats.binomtest(changed, DRAWS, 0.5).pvalue > SMALLEST_P
