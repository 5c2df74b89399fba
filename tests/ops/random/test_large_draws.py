"""Large draws, which vectorised algorithms make: distributions with their tails, independence.

Generators have fixed seeds, so that a test never fails by chance.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from scipy import stats

from mxnet.ops.random import kernels
from mxnet.ops.random.streams import BLOCK, Stream
from tests.ops.random.test_distributions import call

DRAWS = 300_000
SMALLEST_P = 1e-4
RARE = 1e-6


def draw(kernel: kernels.Kernel, *parameters: Any, dtype: str = "float32") -> np.ndarray:
    """Return large draws of a kernel, in float64."""
    generator = torch.Generator().manual_seed(5)
    cpu = torch.device("cpu")
    return kernels.draw(kernel, parameters, (DRAWS,), dtype, cpu, generator).double().numpy()


def spread(*numbers: float) -> list[torch.Tensor]:
    """Return parameters as arrays with an element for each draw."""
    return [torch.full((DRAWS,), float(number)) for number in numbers]


def fits(counts: np.ndarray, distribution: Any) -> None:
    """Assert by a chi-square test that counts follow a distribution, far into its tails."""
    low, high = int(distribution.ppf(RARE)), int(distribution.ppf(1 - RARE)) + 1
    assert counts.min() >= 0
    assert (counts == np.floor(counts)).all()
    found = np.bincount(np.clip(counts, low, high).astype(int) - low, minlength=high - low + 1)
    share = distribution.pmf(np.arange(low, high + 1))
    share[0], share[-1] = distribution.cdf(low), distribution.sf(high - 1)
    observed, expected = merged(found, share * counts.size)
    assert len(expected) == 1 or stats.chisquare(observed, expected).pvalue > SMALLEST_P


def merged(found: np.ndarray, wanted: np.ndarray) -> tuple[list[float], list[float]]:
    """Return both with neighbours added up until 10 are expected of each."""
    observed, expected = [0.0], [0.0]
    for number, share in zip(found, wanted, strict=True):
        if expected[-1] >= 10:
            observed.append(0.0)
            expected.append(0.0)
        observed[-1] += number
        expected[-1] += share
    if expected[-1] < 10 and len(expected) > 1:
        last = observed.pop(), expected.pop()
        observed[-1] += last[0]
        expected[-1] += last[1]
    scale = sum(observed) / sum(expected)
    return observed, [share * scale for share in expected]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("alpha", [0.02, 0.3, 0.999, 1.0, 2.5, 40.0, 1e6])
@pytest.mark.parametrize("spread_out", [False, True])
def test_gamma_at_every_shape(alpha: float, dtype: str, spread_out: bool) -> None:
    shape = spread(alpha)[0] if spread_out else alpha
    draws = draw(kernels.gamma, shape, 2.0, dtype=dtype)
    law = stats.gamma(alpha, scale=2.0)
    least = 1e-30  # what would be smaller is raised to the least normal float
    draws, share = draws[draws > least], law.sf(least)
    assert stats.kstest(draws, lambda x: 1 - law.sf(x) / share).pvalue > SMALLEST_P
    for tail in (1e-3, 1 - 1e-3):
        beyond = int((draws > law.isf(tail * share)).sum())
        assert stats.binomtest(beyond, draws.size, tail).pvalue > SMALLEST_P


def test_gamma_of_a_tiny_shape_stays_positive() -> None:
    assert draw(kernels.gamma, 1e-3, 1.0).min() > 0


MEANS = [1e-3, 0.1, 0.7, 4.0, 9.99, 10.0, 11.0, 35.0, 900.0, 3e4, 1e6]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("mean", MEANS)
def test_poisson_of_one_mean(mean: float, dtype: str) -> None:
    fits(draw(kernels.poisson, mean, dtype=dtype), stats.poisson(mean))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("mean", MEANS)
def test_poisson_of_many_means(mean: float, dtype: str) -> None:
    fits(draw(kernels.poisson, *spread(mean), dtype=dtype), stats.poisson(mean))


def test_poisson_of_small_and_large_means_together() -> None:
    means = torch.tensor([0.5, 3.0, 8.0, 12.0, 50.0]).repeat(DRAWS // 5)
    draws = draw(kernels.poisson, means).reshape(-1, 5)
    for column, mean in zip(draws.T, (0.5, 3, 8, 12, 50), strict=True):
        fits(column, stats.poisson(mean))


def test_poisson_of_tiny_means_beside_larger_ones() -> None:
    means = torch.tensor([1e-30, 1e-3, 0.039, 0.041, 0.2, 9.9]).repeat(DRAWS // 6)
    draws = draw(kernels.poisson, means).reshape(-1, 6)
    for column, mean in zip(draws.T, means.tolist(), strict=False):
        fits(column, stats.poisson(mean))


@pytest.mark.parametrize("mean", [0.0, -1.0])
def test_poisson_of_no_mean_is_zero(mean: float) -> None:
    assert set(draw(kernels.poisson, *spread(mean))) == {0.0}


def test_means_that_are_no_number_are_refused_as_few_are() -> None:
    means = torch.tensor([2.0, float("nan")])
    for each in (means, means.repeat(DRAWS // 2)):
        with pytest.raises(RuntimeError, match="non-negative"):
            call("_sample_poisson", each)


def test_gamma_of_a_shape_that_is_no_number_gives_what_few_draws_give() -> None:
    shape = torch.tensor([2.0, float("nan")])
    few = call("_sample_gamma", shape, torch.ones(2))
    draws = draw(kernels.gamma, shape.repeat(DRAWS // 2), 1.0).reshape(-1, 2)
    assert np.isfinite(draws[:, 0]).all()
    assert set(draws[:, 1]) == {float(few[1])}


@pytest.mark.parametrize("spread_out", [False, True])
@pytest.mark.parametrize("p", [1e-3, 0.05, 0.4, 0.99, 1.0])
@pytest.mark.parametrize("k", [0, 1, 3, 200])
def test_negative_binomial(k: int, p: float, spread_out: bool) -> None:
    draws = draw(kernels.negative_binomial, *(spread(k, p) if spread_out else (k, p)))
    if k == 0 or p == 1:
        assert set(draws) == {0.0}
    else:
        fits(draws, stats.nbinom(k, p))


@pytest.mark.parametrize("spread_out", [False, True])
@pytest.mark.parametrize(
    ("mu", "alpha"),
    [(2.0, 0.3), (0.1, 8.0), (50.0, 1e-3), (2.0, 1e-9), (2.0, 1e-18), (3.0, 0.0), (4.0, 4.0)],
)
def test_generalized_negative_binomial(mu: float, alpha: float, spread_out: bool) -> None:
    given = spread(mu, alpha) if spread_out else (mu, alpha)
    draws = draw(kernels.generalized_negative_binomial, *given)
    law = stats.poisson(mu) if alpha < 1e-6 else stats.nbinom(1 / alpha, 1 / (1 + mu * alpha))
    fits(draws, law)


@pytest.mark.parametrize("rows", [1, 40])
@pytest.mark.parametrize("classes", [1, 2, 10, 33, 700])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_classes_follow_their_shares(rows: int, classes: int, dtype: torch.dtype) -> None:
    shares = torch.rand((rows, classes), generator=torch.Generator().manual_seed(2), dtype=dtype)
    shares[:, 1::3] = 0
    shares[:, -1] = 0 if classes > 2 else 1
    drawn = call("_sample_multinomial", shares, shape=(DRAWS // rows,)).numpy()
    for row, share in zip(drawn[:3], shares.double().numpy(), strict=False):
        found = np.bincount(row, minlength=classes)
        assert found[share == 0].sum() == 0
        observed, expected = merged(found, share / share.sum() * row.size)
        assert len(expected) == 1 or stats.chisquare(observed, expected).pvalue > SMALLEST_P


def test_one_class_for_each_of_many_rows() -> None:
    shares = torch.tensor([[0.1, 0.0, 0.6, 0.3, 0.0], [0.0, 0.0, 2.0, 2.0, 0.0]])
    drawn = call("_sample_multinomial", shares.repeat(DRAWS // 2, 1)).reshape(-1, 2).numpy()
    for row, share in zip(drawn.T, ((0.1, 0.6, 0.3), (0.0, 0.5, 0.5)), strict=True):
        found = np.bincount(row, minlength=5)
        assert found[1] == found[4] == 0
        possible = np.array(share) > 0
        expected = np.array(share)[possible] * row.size
        assert stats.chisquare(found[[0, 2, 3]][possible], expected).pvalue > SMALLEST_P


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("share", [1.0, 1e-44, 1e38])
def test_one_class_for_each_row_of_shares_of_any_size(share: float, dtype: torch.dtype) -> None:
    shares = torch.tensor([0.0, share, 2 * share, 0.0], dtype=dtype).expand(DRAWS, 4)
    found = np.bincount(call("_sample_multinomial", shares).numpy(), minlength=4)
    assert found[0] == found[3] == 0
    assert stats.binomtest(int(found[1]), DRAWS, 1 / 3).pvalue > SMALLEST_P


@pytest.mark.parametrize("share", [0.0, float("nan")])
def test_rows_without_shares_give_the_last_class(share: float) -> None:
    assert set(call("_sample_multinomial", torch.full((DRAWS, 3), share)).tolist()) == {2}


@pytest.mark.parametrize(("low", "high"), [(-3, 4), (0, 1), (0, 1000), (-(2**19), 2**19)])
@pytest.mark.parametrize("dtype", ["int32", "int64"])
def test_whole_numbers_are_even(low: int, high: int, dtype: str) -> None:
    draws = call("_random_randint", low=low, high=high, shape=(DRAWS,), dtype=dtype).numpy()
    classes = min(high - low, 1000)
    found = np.bincount((draws - low) * classes // (high - low), minlength=classes)
    assert len(found) == classes
    assert classes == 1 or stats.chisquare(found).pvalue > SMALLEST_P


KERNELS = [
    (kernels.uniform, 0.0, 1.0),
    (kernels.exponential, 1.0),
    (kernels.gamma, 0.5, 1.0),
    (kernels.gamma, 3.0, 1.0),
    (kernels.poisson, 4.0),
    (kernels.poisson, *spread(4.0)),
    (kernels.poisson, *spread(30.0)),
]


@pytest.mark.parametrize("given", KERNELS, ids=lambda given: given[0].__name__)
def test_successive_draws_do_not_correlate(given: tuple) -> None:
    ranks = stats.rankdata(draw(*given))
    for lag in (1, 2, 3, 4, 7, 8, 64, BLOCK // 2, BLOCK - 1, BLOCK, BLOCK + 1, 4 * BLOCK):
        correlation = np.corrcoef(ranks[:-lag], ranks[lag:])[0, 1]
        assert abs(correlation) < 4 / np.sqrt(DRAWS - lag)


@pytest.mark.parametrize("given", KERNELS, ids=lambda given: given[0].__name__)
def test_draws_do_not_depend_on_the_number_of_threads(given: tuple) -> None:
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        alone = draw(*given)
        torch.set_num_threads(3)
        assert np.array_equal(draw(*given), alone)
    finally:
        torch.set_num_threads(before)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("count", [0, 1, 2, 3, BLOCK - 1, BLOCK + 1, 9 * BLOCK])
def test_streams_fill_vectors_of_every_length(count: int, dtype: torch.dtype) -> None:
    stream = Stream(torch.Generator().manual_seed(1))
    for fill in (stream.uniform_, stream.positive_, stream.normal_):
        filled = fill(torch.full((count,), float("nan"), dtype=dtype))
        assert not bool(filled.isnan().any())


@pytest.mark.parametrize("digit", range(64))
def test_every_bit_is_even_and_differs_from_its_neighbours(digit: int) -> None:
    stream = Stream(torch.Generator().manual_seed(3))
    words = torch.cat([stream.bits(BLOCK, torch.int64).clone() for _ in range(8)]).numpy()
    bit = (words >> digit) & 1
    for flips in (bit, bit[1:] ^ bit[:-1], bit ^ ((words >> (digit + 1) % 64) & 1)):
        assert stats.binomtest(int(flips.sum()), flips.size, 0.5).pvalue > SMALLEST_P


def test_two_streams_of_one_generator_differ() -> None:
    generator = torch.Generator().manual_seed(3)
    one, other = (Stream(generator).bits(BLOCK, torch.int64).clone().numpy() for _ in range(2))
    same = np.unpackbits((one ^ other).view(np.uint8))
    assert stats.binomtest(int(same.sum()), same.size, 0.5).pvalue > SMALLEST_P


def test_pairs_fill_the_square() -> None:
    draws = draw(kernels.uniform, 0.0, 1.0)
    cells = np.floor(draws * 32).astype(int)
    found = np.bincount(cells[::2] * 32 + cells[1::2], minlength=1024)
    assert stats.chisquare(found).pvalue > SMALLEST_P
