"""Large uniform draws: where they lie, that they are uniform, and neighbours independent."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import stats

from mxnet.ops.random import uniforms
from tests.ops.random.test_distributions import call

COUNTS = [uniforms.FEW, uniforms.FEW + 1, uniforms.FEW_WHOLE, 3 * 32768 + 5]
DRAWS = 400_000


DIGITS = {"float32": 24, "float64": 53}


def draw(count: int, *bounds: float, seed: int = 3, dtype: str = "float32") -> np.ndarray:
    """Return uniform draws of [low, low + width)."""
    generator = torch.Generator().manual_seed(seed)
    empty = torch.empty(count, dtype=getattr(torch, dtype))
    return uniforms.fill(empty, generator, *bounds).numpy()


@pytest.mark.parametrize("dtype", DIGITS)
@pytest.mark.parametrize(("low", "width"), [(0.0, 1.0), (-2.0, 5.0), (100.0, 0.5)])
def test_draws_are_uniform_between_their_bounds(low: float, width: float, dtype: str) -> None:
    draws = draw(DRAWS, low, width, dtype=dtype).astype(np.float64)
    assert draws.min() >= low
    assert draws.max() <= low + width
    assert stats.kstest((draws - low) / width, "uniform").pvalue > 1e-3


def test_one_is_never_drawn() -> None:
    assert draw(4_000_000).max() < 1


@pytest.mark.parametrize("dtype", DIGITS)
def test_draws_have_all_digits_of_their_dtype(dtype: str) -> None:
    whole = draw(DRAWS, dtype=dtype) * 2 ** DIGITS[dtype]
    assert (whole == np.floor(whole)).all()
    assert len(np.unique(whole)) > 0.97 * DRAWS
    for digit in range(DIGITS[dtype]):
        ones = int(((whole.astype(np.int64) >> digit) & 1).sum())
        assert stats.binomtest(ones, DRAWS).pvalue > 1e-4


def test_neighbours_do_not_correlate() -> None:
    draws = draw(DRAWS).astype(np.float64) - 0.5
    for lag in (1, 2, 3, 32768):
        correlation = (draws[lag:] * draws[:-lag]).mean() * 12
        assert abs(correlation) < 4 / np.sqrt(DRAWS)


@pytest.mark.parametrize("dtype", DIGITS)
@pytest.mark.parametrize("count", COUNTS)
def test_a_seed_decides_the_draws(count: int, dtype: str) -> None:
    assert np.array_equal(draw(count, dtype=dtype), draw(count, dtype=dtype))
    assert not np.array_equal(draw(count, dtype=dtype), draw(count, seed=4, dtype=dtype))


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


def draw_whole(low: int, high: int, dtype: str, count: int = DRAWS) -> np.ndarray:
    """Return uniform whole numbers of [low, high)."""
    generator = torch.Generator().manual_seed(3)
    cpu = torch.device("cpu")
    return uniforms.whole(low, high, (count,), getattr(torch, dtype), cpu, generator).numpy()


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("dtype", ["int32", "int64"])
def test_whole_numbers_may_take_the_range_of_their_dtype(dtype: str, count: int) -> None:
    limits = np.iinfo(dtype)
    draws = draw_whole(limits.min, limits.max, dtype, count)
    assert draws.dtype == dtype
    assert stats.kstest(draws / 2.0**limits.bits + 0.5, "uniform").pvalue > 1e-3


def test_a_seed_decides_the_whole_numbers() -> None:
    assert np.array_equal(draw_whole(-5, 70, "int32"), draw_whole(-5, 70, "int32"))


@pytest.mark.parametrize("count", COUNTS)
def test_whole_numbers_beyond_their_dtype_are_refused(count: int) -> None:
    with pytest.raises(RuntimeError, match="out of bounds"):
        call("_random_randint", low=0, high=2**40, shape=(count,), dtype="int32")
