"""Does a random generator follow its distribution? Tests of mean, variance and frequencies.

A generator is a function from a number of samples to that many samples.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch

from .mismatch import to_numpy

Generator = Callable[[int], Any]


def _draw(generator: Generator, count: int) -> np.ndarray:
    samples = to_numpy(generator(count)).reshape(-1)
    if not samples.size:
        raise ValueError(f"The generator returned no sample, but {count} were asked for.")
    return samples


def mean_check(generator: Generator, mu: float, sigma: float, nsamples: int = 1000000) -> bool:
    """Return whether the mean of the samples is within three standard errors of `mu`.

    A right generator fails in 0.3 % of the calls.

    Parameters
    ----------
    generator : callable
        From a number of samples to an array of them (NumPy, NDArray or list).
    mu, sigma : float
        Mean and standard deviation of the distribution.
    nsamples : int, default 1000000

    Examples
    --------
    >>> mx.test_utils.mean_check(lambda n: np.random.normal(2, 3, n), mu=2, sigma=3, nsamples=1000)
    True
    """
    samples = _draw(generator, nsamples)
    error = abs(samples.mean(dtype=np.float64) - mu)
    return bool(error < 3 * sigma / np.sqrt(samples.size))


def var_check(generator: Generator, sigma: float, nsamples: int = 1000000) -> bool:
    """Return whether the variance of the samples is within three standard errors of ``sigma**2``.

    The standard error of the variance of n samples is
    ``sigma**2 * sqrt((kurtosis - (n - 3) / (n - 1)) / n)``, where the kurtosis is 3 for a normal
    distribution, 1.8 for a uniform and 9 for an exponential one; it is taken from the samples
    (Casella and Berger, Statistical Inference, exercise 5.8).

    Parameters
    ----------
    generator : callable
        From a number of samples to an array of them (NumPy, NDArray or list).
    sigma : float
        Standard deviation of the distribution.
    nsamples : int, default 1000000
        At least two.

    Examples
    --------
    >>> mx.test_utils.var_check(np.random.standard_exponential, sigma=1, nsamples=10000)
    True
    """
    samples = _draw(generator, nsamples).astype(np.float64)
    count = samples.size
    if count < 2:
        raise ValueError("var_check needs at least two samples.")
    squares = np.square(samples - samples.mean())
    variance = squares.sum() / (count - 1)
    if not variance:
        return False
    kurtosis = np.square(squares).mean() / squares.mean() ** 2
    spread = np.sqrt((kurtosis - (count - 3) / (count - 1)) / count)
    return bool(abs(variance - sigma**2) < 3 * sigma**2 * spread)


def gen_buckets_probs_with_ppf(
    ppf: Callable[[float], float], nbuckets: int
) -> tuple[list[tuple[float, float]], list[float]]:
    """Return intervals of equal probability, and their probabilities.

    Parameters
    ----------
    ppf : callable
        Inverse of the cumulative distribution function, for example ``scipy.stats.norm.ppf``.
    nbuckets : int
        How many intervals, at least one.

    Examples
    --------
    >>> mx.test_utils.gen_buckets_probs_with_ppf(lambda p: 2 * p, 2)
    ([(0.0, 1.0), (1.0, 2.0)], [0.5, 0.5])
    """
    if nbuckets < 1:
        raise AssertionError(f"nbuckets is {nbuckets}, but must be at least 1")
    edges = [ppf(i / nbuckets) for i in range(nbuckets + 1)]
    return list(itertools.pairwise(edges)), [1.0 / nbuckets] * nbuckets


def chi_square_check(
    generator: Generator, buckets: Sequence[Any], probs: Sequence[float], nsamples: int = 1000000
) -> tuple[float, np.ndarray, np.ndarray]:
    """Test with Pearson's chi-square whether samples fall into buckets as often as they should.

    Samples outside all buckets are counted too: their probability is what `probs` leaves to one.

    Parameters
    ----------
    generator : callable
        From a number of samples to an array of them (NumPy, NDArray or list).
    buckets : sequence
        Ascending, disjoint intervals ``(low, high)``, closed below and open above, of a continuous
        distribution, or the values of a discrete one.
    probs : sequence of float
        The probability of each bucket, together at most one.
    nsamples : int, default 1000000

    Returns
    -------
    p : float
        The probability that a right generator deviates as much or more.
    observed : numpy.ndarray of int64
        How many samples fell into each bucket.
    expected : numpy.ndarray of float64
        How many should, on average.

    Raises
    ------
    AssertionError
        If the buckets overlap, are out of order or do not fit `probs`.
    ValueError
        If `probs` are no probabilities, or the generator returns nothing.

    References
    ----------
    Karl Pearson, "On the criterion that a given system of deviations...", Phil. Mag. 50 (1900).

    Examples
    --------
    >>> fair = lambda n: np.arange(n) % 2
    >>> p, observed, expected = mx.test_utils.chi_square_check(fair, [0, 1], [0.5, 0.5], 100)
    >>> p, observed.tolist(), expected.tolist()
    (1.0, [50, 50], [50.0, 50.0])
    """
    edges, chances = _check_buckets(buckets, probs)
    samples = _draw(generator, nsamples)
    observed = _count(samples, edges)
    expected = chances * samples.size
    others = max(0.0, 1.0 - chances.sum())
    outside = samples.size - observed.sum()
    p = _p_value(
        np.append(observed, outside),
        np.append(expected, others * samples.size if others > 1e-6 else 0.0),
    )
    return p, observed, expected


def _check_buckets(buckets: Any, probs: Any) -> tuple[np.ndarray, np.ndarray]:
    edges, chances = np.asarray(buckets, dtype=np.float64), np.asarray(probs, dtype=np.float64)
    if edges.ndim not in (1, 2) or (edges.ndim == 2 and edges.shape[1] != 2) or not edges.size:
        raise AssertionError("buckets must be intervals (low, high) or values, at least one")
    if chances.shape != edges.shape[:1]:
        raise AssertionError(f"There are {len(edges)} buckets, but {chances.size} probs")
    if (chances < 0).any() or chances.sum() > 1 + 1e-6:
        raise ValueError(f"probs are {chances}, but must be at least 0 and at most 1 in all.")
    steps = np.diff(edges.reshape(-1))
    if edges.ndim == 2 and ((steps < 0).any() or (steps[::2] == 0).any()):
        raise AssertionError("buckets must be intervals with low < high, ascending and disjoint")
    if edges.ndim == 1 and np.unique(edges).size != edges.size:
        raise AssertionError("buckets hold the same value twice")
    return edges, chances


def _count(samples: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Return how many samples fall into each bucket."""
    if edges.ndim == 1:
        order = np.argsort(edges)
        place = np.minimum(np.searchsorted(edges[order], samples), len(edges) - 1)
        hits = order[place[edges[order][place] == samples]]
        return np.bincount(hits, minlength=len(edges)).astype(np.int64)
    place = np.searchsorted(edges[:, 0], samples, side="right") - 1
    inside = (place >= 0) & (samples < edges[place, 1])
    return np.bincount(place[inside], minlength=len(edges)).astype(np.int64)


def _p_value(observed: np.ndarray, expected: np.ndarray) -> float:
    possible = expected > 0
    if observed[~possible].any():
        return 0.0  # what can not happen did
    observed, expected = observed[possible], expected[possible]
    statistic = (np.square(observed - expected) / expected).sum()
    freedom = len(expected) - 1
    if not freedom:
        return 1.0
    halves = torch.tensor([freedom / 2, statistic / 2], dtype=torch.float64)
    return float(torch.special.gammaincc(halves[0], halves[1]))


def verify_generator(
    generator: Generator,
    buckets: Sequence[Any],
    probs: Sequence[float],
    nsamples: int = 1000000,
    nrepeat: int = 5,
    success_rate: float = 0.2,
    alpha: float = 0.05,
) -> list[float]:
    """Repeat the chi-square test and raise an AssertionError if it fails too often.

    Parameters
    ----------
    generator, buckets, probs, nsamples
        As `chi_square_check` takes them.
    nrepeat : int, default 5
        How often to test.
    success_rate : float, default 0.2
        The share of the tests that must succeed.
    alpha : float, default 0.05
        A test succeeds if its p is above `alpha`.

    Returns
    -------
    list of float
        The p of each test.

    Examples
    --------
    >>> coin = lambda n: np.random.randint(0, 2, n)
    >>> len(mx.test_utils.verify_generator(coin, [0, 1], [0.5, 0.5], nsamples=1000))
    5
    """
    results = [chi_square_check(generator, buckets, probs, nsamples) for _ in range(nrepeat)]
    p_values = [p for p, _, _ in results]
    if sum(p > alpha for p in p_values) < nrepeat * success_rate:
        raise AssertionError(
            f"Generator test fails, Chi-square p={p_values}, "
            f"obs_freq={[observed for _, observed, _ in results]}, "
            f"expected_freq={[expected for _, _, expected in results]}."
            f"\nbuckets={buckets}, probs={probs}"
        )
    return p_values
