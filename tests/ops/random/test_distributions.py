"""Draws follow the distributions that they name: moments, Kolmogorov-Smirnov and chi-square tests.

The bodies are called with generators of fixed seeds, so that a test never fails by chance.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from scipy import stats

import mxnet.ops  # noqa: F401  registers the operators
from mxnet.ops import registry

SMALLEST_P = 1e-3
DRAWS = 20_000

# family, parameters in the operator's order, scipy's distribution of these parameters
CONTINUOUS = [
    ("uniform", {"low": -2.0, "high": 3.0}, stats.uniform(-2, 5)),
    ("normal", {"loc": 1.5, "scale": 0.5}, stats.norm(1.5, 0.5)),
    ("gamma", {"alpha": 0.4, "beta": 2.0}, stats.gamma(0.4, scale=2)),
    ("gamma", {"alpha": 7.5, "beta": 0.3}, stats.gamma(7.5, scale=0.3)),
    ("exponential", {"lam": 4.0}, stats.expon(scale=0.25)),
]
DISCRETE = [
    ("poisson", {"lam": 0.7}, stats.poisson(0.7)),
    ("poisson", {"lam": 30.0}, stats.poisson(30)),
    ("negative_binomial", {"k": 3, "p": 0.4}, stats.nbinom(3, 0.4)),
    ("generalized_negative_binomial", {"mu": 2.0, "alpha": 0.3}, stats.nbinom(1 / 0.3, 1 / 1.6)),
    ("generalized_negative_binomial", {"mu": 2.0, "alpha": 0.0}, stats.poisson(2)),
]
FAMILIES = [*CONTINUOUS, *DISCRETE]
# what sample_* call the parameters of random_*
ARRAY_NAMES = {"loc": "mu", "scale": "sigma"}


def call(name: str, *inputs: torch.Tensor, seed: int = 1, **attrs: Any) -> Any:
    """Run an operator's function with a generator of that seed."""
    operator = registry.get(name)
    keywords = operator.call_attrs(
        operator.parse(attrs),
        is_train=True,
        generator=torch.Generator().manual_seed(seed),
        device=torch.device("cpu"),
        output_shape=None,
    )
    return operator.function(*inputs, **keywords)


def fits(draws: torch.Tensor, distribution: Any) -> None:
    """Assert that draws have the distribution's mean and variance, and its shape."""
    values = draws.double().flatten().numpy()
    mean, variance, kurtosis = (float(m) for m in distribution.stats("mvk"))
    assert abs(values.mean() - mean) < 4 * math.sqrt(variance / values.size)
    spread = math.sqrt((kurtosis + 2) / values.size)  # of the sample variance, relative
    assert abs(values.var() / variance - 1) < 4 * spread
    if hasattr(distribution, "pmf"):
        assert chi_square(values, distribution) > SMALLEST_P
    else:
        assert stats.kstest(values, distribution.cdf).pvalue > SMALLEST_P


def chi_square(values: np.ndarray, distribution: Any) -> float:
    """Return how likely counts as far off as these are; rare values count together."""
    low, high = (int(distribution.ppf(q)) for q in (0.002, 0.998))
    edges = np.arange(low, high)
    shares = [distribution.cdf(low), *distribution.pmf(edges[1:]), distribution.sf(high - 1)]
    counts = [
        (values <= low).sum(),
        *((values == e).sum() for e in edges[1:]),
        (values >= high).sum(),
    ]
    return float(stats.chisquare(counts, np.array(shares) * values.size).pvalue)


def name_of(case: Any) -> str:
    """Return a readable test id."""
    return case if isinstance(case, str) else ""


@pytest.mark.parametrize(("family", "parameters", "distribution"), FAMILIES, ids=name_of)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_draws_with_numbers(family: str, parameters: dict, distribution: Any, dtype: str) -> None:
    draws = call(f"_random_{family}", **parameters, shape=(100, DRAWS // 100), dtype=dtype)
    assert draws.shape == (100, DRAWS // 100)
    fits(draws, distribution)


@pytest.mark.parametrize(("family", "parameters", "distribution"), FAMILIES, ids=name_of)
def test_draws_like_an_array(family: str, parameters: dict, distribution: Any) -> None:
    draws = call(f"_random_{family}_like", torch.zeros(DRAWS, dtype=torch.float64), **parameters)
    assert draws.dtype is torch.float64
    fits(draws, distribution)


@pytest.mark.parametrize(("family", "parameters", "distribution"), FAMILIES, ids=name_of)
@pytest.mark.parametrize("shape", [(1,), (2, 2)], ids=str)
def test_each_parameter_has_its_own_draws(
    family: str, parameters: dict, distribution: Any, shape: tuple[int, ...]
) -> None:
    arrays = [torch.full(shape, float(value)) for value in parameters.values()]
    draws = call(f"_sample_{family}", *arrays, shape=(DRAWS,))
    assert draws.shape == (*shape, DRAWS)
    for row in draws.reshape(-1, DRAWS):
        fits(row, distribution)
    rows = draws.reshape(-1, DRAWS)
    assert len({tuple(row[:50].tolist()) for row in rows}) == len(rows)


def test_different_parameters_give_different_distributions() -> None:
    alpha, beta = torch.tensor([[0.5, 2.0], [9.0, 3.0]]), torch.tensor([[1.0, 2.0], [0.1, 5.0]])
    draws = call("_sample_gamma", alpha, beta, shape=(2, DRAWS // 2))
    for place in ((0, 0), (0, 1), (1, 0), (1, 1)):
        shape, scale = float(alpha[place]), float(beta[place])
        fits(draws[place], stats.gamma(shape, scale=scale))


def test_half_precision_draws_have_the_moments() -> None:
    draws = call("_random_normal", loc=1.0, scale=2.0, shape=(DRAWS,), dtype="float16")
    assert draws.dtype is torch.float16
    assert abs(float(draws.double().mean()) - 1) < 4 * 2 / math.sqrt(DRAWS)
    assert abs(float(draws.double().std()) - 2) < 0.05


@pytest.mark.parametrize("dtype", ["int32", "int64"])
def test_randint_is_even(dtype: str) -> None:
    draws = call("_random_randint", low=-3, high=4, shape=(DRAWS,), dtype=dtype).numpy()
    assert stats.chisquare(np.bincount(draws + 3, minlength=7)).pvalue > SMALLEST_P


def test_randint_reaches_far_apart_bounds() -> None:
    draws = call("_random_randint", low=-(2**62), high=2**62, shape=(DRAWS,), dtype="int64")
    scaled = draws.double().numpy() / 2**62
    assert stats.kstest(scaled, stats.uniform(-1, 2).cdf).pvalue > SMALLEST_P


def test_uniform_stays_between_its_bounds() -> None:
    draws = call("_random_uniform", low=5.0, high=6.0, shape=(200_000,))
    assert float(draws.min()) >= 5
    assert float(draws.max()) <= 6


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_multinomial_follows_each_row(dtype: torch.dtype) -> None:
    shares = torch.tensor([[0.1, 0.2, 0.3, 0.4], [0.7, 0.0, 0.0, 0.3]], dtype=dtype)
    drawn = call("_sample_multinomial", shares, shape=(DRAWS,))
    for row, share in zip(drawn.numpy(), shares.double().numpy(), strict=True):
        counts, possible = np.bincount(row, minlength=4), share > 0
        assert counts[~possible].sum() == 0
        expected = share[possible] / share.sum() * DRAWS
        assert stats.chisquare(counts[possible], expected).pvalue > SMALLEST_P


def test_multinomial_divides_by_the_sum() -> None:
    drawn = call("_sample_multinomial", torch.tensor([2.0, 6.0]), shape=(DRAWS,)).numpy()
    assert stats.binomtest(int(drawn.sum()), DRAWS, 0.75).pvalue > SMALLEST_P


def test_multinomial_probabilities_are_those_of_the_draws() -> None:
    shares = torch.tensor([[0.1, 0.9], [0.5, 0.5]], requires_grad=True)
    drawn, logarithms = call("_sample_multinomial", shares, shape=(5,), get_prob=True)
    expected = shares.detach().gather(1, drawn.long())
    torch.testing.assert_close(logarithms.exp(), expected)
    logarithms.sum().backward()
    counts = torch.stack([(drawn == c).sum(1) for c in range(2)], 1)
    torch.testing.assert_close(shares.grad, counts / shares.detach())


def test_shuffle_makes_every_order() -> None:
    orders = [tuple(call("_shuffle", torch.arange(3), seed=s).tolist()) for s in range(3000)]
    kinds, counts = np.unique(orders, axis=0, return_counts=True)
    assert len(kinds) == 6
    assert stats.chisquare(counts).pvalue > SMALLEST_P


def test_shuffle_moves_whole_rows() -> None:
    data = torch.arange(40).reshape(20, 2)
    shuffled = call("_shuffle", data)
    assert not torch.equal(shuffled, data)
    assert torch.equal(shuffled[shuffled[:, 0].argsort()], data)


def zipfian(range_max: int) -> np.ndarray:
    """Return the probability of each class."""
    k = np.arange(range_max)
    return np.log((k + 2) / (k + 1)) / math.log(range_max + 1)


def test_first_zipfian_class_follows_the_law() -> None:
    classes, tries = call("_sample_unique_zipfian", range_max=6, shape=(DRAWS, 1))
    counts = np.bincount(classes.flatten().numpy(), minlength=6)
    assert stats.chisquare(counts, zipfian(6) * DRAWS).pvalue > SMALLEST_P
    assert set(tries.tolist()) == {1}


def test_second_zipfian_class_differs_from_the_first() -> None:
    classes, tries = call("_sample_unique_zipfian", range_max=4, shape=(DRAWS, 2))
    share = zipfian(4)
    second = classes[:, 1].numpy()
    expected = [
        sum(share[i] * share[j] / (1 - share[i]) for i in range(4) if i != j) for j in range(4)
    ]
    counts = np.bincount(second, minlength=4)
    assert stats.chisquare(counts, np.array(expected) * DRAWS).pvalue > SMALLEST_P
    mean_tries = 1 + sum(p / (1 - p) for p in share)
    assert abs(float(tries.double().mean()) - mean_tries) < 0.05


def test_zipfian_rows_hold_different_classes() -> None:
    classes, tries = call("_sample_unique_zipfian", range_max=300, shape=(4, 300))
    assert all(sorted(row) == list(range(300)) for row in classes.tolist())
    assert int(tries.min()) > 300


def test_unknown_lengths_are_those_that_inference_finds() -> None:
    function = registry.get("_random_uniform").function
    device, generator = torch.device("cpu"), torch.Generator()
    draws = function(shape=(0, 3), device=device, generator=generator, output_shape=(2, 3))
    assert draws.shape == (2, 3)


def test_same_seed_gives_same_draws() -> None:
    first, again, other = (
        call("_random_gamma", alpha=2.0, shape=(9,), seed=seed) for seed in (3, 3, 4)
    )
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


@pytest.mark.parametrize("family", sorted({family for family, _, _ in FAMILIES}))
def test_large_batches_are_drawn_by_torch(family: str) -> None:
    """No Python loop over elements: a million draws take well below a second."""
    assert call(f"_random_{family}", shape=(1000, 1000)).shape == (1000, 1000)
