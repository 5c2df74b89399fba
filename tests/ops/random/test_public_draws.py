"""Draws through `mx.nd` and `mx.sym`: every function has its distribution, by `mx.test_utils`.

The seed is fixed, so that a test never fails by chance.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats

import mxnet as mx
from mxnet.test_utils import (
    chi_square_check,
    gen_buckets_probs_with_ppf,
    mean_check,
    var_check,
)

DRAWS = 50_000
SMALLEST_P = 1e-3

# function, its parameters, the operator's parameters in order, scipy's distribution
DISTRIBUTIONS = {
    "uniform": ({"low": -2.0, "high": 3.0}, (-2.0, 3.0), stats.uniform(-2, 5)),
    "normal": ({"loc": 1.5, "scale": 0.5}, (1.5, 0.5), stats.norm(1.5, 0.5)),
    "exponential": ({"scale": 0.25}, (4.0,), stats.expon(scale=0.25)),
    "gamma": ({"alpha": 2.5, "beta": 2.0}, (2.5, 2.0), stats.gamma(2.5, scale=2)),
    "poisson": ({"lam": 3.0}, (3.0,), stats.poisson(3)),
    "negative_binomial": ({"k": 3, "p": 0.4}, (3, 0.4), stats.nbinom(3, 0.4)),
    "generalized_negative_binomial": (
        {"mu": 2.0, "alpha": 0.3},
        (2.0, 0.3),
        stats.nbinom(1 / 0.3, 1 / 1.6),
    ),
}


@pytest.fixture(autouse=True)
def _seeded():
    mx.random.seed(20)


def follows(draw: Callable[[int], Any], distribution: Any) -> None:
    """Assert that `draw(count)` has a distribution's mean, variance and shape."""
    mean, variance = (float(each) for each in distribution.stats("mv"))
    assert mean_check(draw, mean, variance**0.5, DRAWS)
    assert var_check(draw, variance**0.5, DRAWS)
    if hasattr(distribution, "pmf"):
        buckets: Any = [int(value) for value in range(int(distribution.ppf(0.99)))]
        probabilities = [float(distribution.pmf(value)) for value in buckets]
    else:
        buckets, probabilities = gen_buckets_probs_with_ppf(distribution.ppf, 10)
    likely, _, _ = chi_square_check(draw, buckets, probabilities, DRAWS)
    assert likely > SMALLEST_P


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_draws_with_numbers(name):
    given, _, distribution = DISTRIBUTIONS[name]
    follows(lambda n: getattr(mx.nd.random, name)(**given, shape=(n,)), distribution)


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_draws_of_operators(name):
    _, parameters, distribution = DISTRIBUTIONS[name]
    operator = getattr(mx.nd, f"random_{name}")
    follows(lambda n: operator(*parameters, shape=(n,)), distribution)


@pytest.mark.parametrize("name", DISTRIBUTIONS)
@pytest.mark.parametrize("function", ["random", "operator"])
def test_draws_for_each_parameter(name, function):
    given, parameters, distribution = DISTRIBUTIONS[name]
    draw = getattr(mx.nd.random, name)
    values = list(given.values())
    if function == "operator":
        draw, values = getattr(mx.nd, f"sample_{name}"), list(parameters)
    # The second row of parameters must leave the first alone.
    arrays = [mx.nd.array([value, value * 0.5 + 0.3]) for value in values]
    follows(lambda n: draw(*arrays, shape=n)[0], distribution)


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_draws_like_an_array(name):
    _, parameters, distribution = DISTRIBUTIONS[name]
    like = getattr(mx.nd.random, f"{name}_like")
    follows(lambda n: like(mx.nd.zeros((n,)), *parameters), distribution)


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_draws_of_symbols(name):
    given, _, distribution = DISTRIBUTIONS[name]

    def draw(count: int) -> Any:
        symbol = getattr(mx.sym.random, name)(**given, shape=(count,))
        return symbol.bind(mx.cpu(), {}).forward()[0]

    follows(draw, distribution)


def test_randn_draws():
    follows(lambda n: mx.nd.random.randn(n, loc=1.5, scale=0.5), stats.norm(1.5, 0.5))


@pytest.mark.parametrize("dtype", ["int32", "int64"])
def test_whole_numbers(dtype):
    follows(lambda n: mx.nd.random.randint(-3, 7, shape=(n,), dtype=dtype), stats.randint(-3, 7))


def test_classes():
    probabilities = [0.1, 0.2, 0.3, 0.4]
    draw = mx.nd.random.multinomial
    p = mx.nd.array([probabilities, probabilities[::-1]])
    for row, expected in enumerate((probabilities, probabilities[::-1])):
        likely, _, _ = chi_square_check(
            lambda n, row=row: draw(p, shape=n)[row], range(4), expected, DRAWS
        )
        assert likely > SMALLEST_P


def test_orders():
    x = mx.nd.arange(4)

    def first_places(count: int) -> list[int]:
        return [int(mx.nd.random.shuffle(x)[2].asscalar()) for _ in range(count)]

    likely, _, _ = chi_square_check(first_places, range(4), [0.25] * 4, 4000)
    assert likely > SMALLEST_P


# Densities, with scipy's names for their parameters. The scale of gamma is a rate here.
X = np.array([0.3, 1.2, 2.5])
COUNTS = np.array([0.0, 1.0, 4.0])
DENSITIES = {
    "uniform": (X, (0.0, 4.0), stats.uniform(0, 4).pdf),
    "normal": (X, (1.5, 0.5), stats.norm(1.5, 0.5).pdf),
    "gamma": (X, (2.5, 2.0), stats.gamma(2.5, scale=0.5).pdf),
    "exponential": (X, (4.0,), stats.expon(scale=0.25).pdf),
    "poisson": (COUNTS, (3.0,), stats.poisson(3).pmf),
    "negative_binomial": (COUNTS, (3.0, 0.4), stats.nbinom(3, 0.4).pmf),
    "generalized_negative_binomial": (COUNTS, (2.0, 0.3), stats.nbinom(1 / 0.3, 1 / 1.6).pmf),
}


@pytest.mark.parametrize("name", DENSITIES)
@pytest.mark.parametrize("is_log", [False, True])
def test_densities(name, is_log):
    samples, parameters, density = DENSITIES[name]
    arrays = [mx.nd.array([value], dtype="float64") for value in parameters]
    found = getattr(mx.nd, f"random_pdf_{name}")(
        mx.nd.array([samples], dtype="float64"), *arrays, is_log=is_log
    )
    expected = np.log(density(samples)) if is_log else density(samples)
    np.testing.assert_allclose(found.asnumpy()[0], expected, rtol=1e-6)


def test_density_of_probabilities():
    sample, alpha = np.array([0.2, 0.3, 0.5]), np.array([1.0, 2.5, 0.7])
    found = mx.nd.random_pdf_dirichlet(
        mx.nd.array([[sample]], dtype="float64"), mx.nd.array([alpha], dtype="float64")
    )
    expected = stats.dirichlet(alpha).pdf(sample)
    np.testing.assert_allclose(found.asnumpy(), [[expected]], rtol=1e-6)


def test_every_public_function_is_tested_here():
    tested = {*DISTRIBUTIONS, *(f"{name}_like" for name in DISTRIBUTIONS)}
    tested |= {"randn", "randint", "multinomial", "shuffle"}
    found = inspect.getmembers(mx.nd.random, inspect.isfunction)
    functions = {name for name, _ in found if not name.startswith("_")}
    assert functions - {"current_context"} == tested
    operators = {name for name in vars(mx.nd) if name.startswith(("random_", "sample_"))}
    tested = {f"random_{name}" for name in (*DISTRIBUTIONS, "randint")}
    tested |= {f"sample_{name}" for name in (*DISTRIBUTIONS, "multinomial")}
    tested |= {f"random_pdf_{name}" for name in (*DENSITIES, "dirichlet")}
    assert operators == tested
