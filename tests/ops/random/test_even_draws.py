"""Large even draws: where they lie, that they are even, and that neighbours are independent."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import stats

from mxnet.ops.random import uniforms

COUNTS = [uniforms.FEW, uniforms.FEW + 1, 3 * 32768 + 5]
DRAWS = 400_000


def draw(count: int, *bounds: float, seed: int = 3) -> np.ndarray:
    """Return even draws of [low, low + width)."""
    generator = torch.Generator().manual_seed(seed)
    return uniforms.fill(torch.empty(count), generator, *bounds).numpy()


@pytest.mark.parametrize(("low", "width"), [(0.0, 1.0), (-2.0, 5.0), (100.0, 0.5)])
def test_draws_are_even_between_their_bounds(low: float, width: float) -> None:
    draws = draw(DRAWS, low, width).astype(np.float64)
    assert draws.min() >= low
    assert draws.max() <= low + width
    assert stats.kstest((draws - low) / width, "uniform").pvalue > 1e-3


def test_one_is_never_drawn() -> None:
    assert draw(4_000_000).max() < 1


def test_draws_have_24_bits() -> None:
    whole = draw(DRAWS) * 2**24
    assert (whole == np.floor(whole)).all()
    assert len(np.unique(whole)) > 0.97 * DRAWS
    for digit in range(24):
        ones = int(((whole.astype(np.int64) >> digit) & 1).sum())
        assert stats.binomtest(ones, DRAWS).pvalue > 1e-4


def test_neighbours_do_not_correlate() -> None:
    draws = draw(DRAWS).astype(np.float64) - 0.5
    for lag in (1, 2, 3, 32768):
        correlation = (draws[lag:] * draws[:-lag]).mean() * 12
        assert abs(correlation) < 4 / np.sqrt(DRAWS)


@pytest.mark.parametrize("count", COUNTS)
def test_a_seed_decides_the_draws(count: int) -> None:
    assert np.array_equal(draw(count), draw(count))
    assert not np.array_equal(draw(count), draw(count, seed=4))


def test_a_generator_goes_on_after_a_large_draw() -> None:
    generator = torch.Generator().manual_seed(3)
    first = uniforms.fill(torch.empty(DRAWS), generator)
    second = uniforms.fill(torch.empty(DRAWS), generator)
    assert float((first == second).float().mean()) < 1e-4


@pytest.mark.parametrize("dtype", [torch.float16, torch.float32, torch.float64])
@pytest.mark.parametrize("count", [0, 1, 5])
def test_few_draws_and_every_dtype_are_filled(count: int, dtype: torch.dtype) -> None:
    draws = uniforms.fill(torch.full((count,), 9.0, dtype=dtype), None, 2.0, 1.0)
    assert draws.dtype is dtype
    assert bool(((draws >= 2) & (draws <= 3)).all())
