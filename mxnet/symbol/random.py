"""`mx.sym.random`: draws from distributions, with numbers or Symbols as parameters."""

from __future__ import annotations

from typing import Any

from ..base import _Null, numeric_types
from . import _internal
from .symbol import Symbol


def _draw(name: str, parameters: dict[str, Any], shape: Any, dtype: Any, kwargs: Any) -> Symbol:
    """Draw `shape` numbers for given numbers, or `shape` numbers for each element of Symbols."""
    keywords = {"shape": shape, "dtype": dtype, **kwargs}
    if all(isinstance(value, Symbol) for value in parameters.values()):
        return getattr(_internal, f"_sample_{name}")(*parameters.values(), **keywords)
    if not all(isinstance(value, numeric_types) for value in parameters.values()):
        text = f"{name}: parameters must all be numbers or all Symbols."
        mixed = any(isinstance(value, Symbol) for value in parameters.values())
        raise AssertionError(text) if mixed else ValueError(text)  # as in the reference
    return getattr(_internal, f"_random_{name}")(**parameters, **keywords)


def uniform(
    low: Any = 0, high: Any = 1, shape: Any = _Null, dtype: Any = _Null, **kwargs: Any
) -> Symbol:
    """Draw uniformly from [low, high); see :func:`mxnet.nd.random.uniform`."""
    return _draw("uniform", {"low": low, "high": high}, shape, dtype, kwargs)


def normal(
    loc: Any = 0, scale: Any = 1, shape: Any = _Null, dtype: Any = _Null, **kwargs: Any
) -> Symbol:
    """Draw from a normal distribution; see :func:`mxnet.nd.random.normal`."""
    return _draw("normal", {"loc": loc, "scale": scale}, shape, dtype, kwargs)


def randn(*shape: int, **kwargs: Any) -> Symbol:
    """Draw from a normal distribution; `loc`, `scale`, `dtype` by name."""
    loc, scale = kwargs.pop("loc", 0), kwargs.pop("scale", 1)
    return normal(loc, scale, shape=shape, **kwargs)


def poisson(lam: Any = 1, shape: Any = _Null, dtype: Any = _Null, **kwargs: Any) -> Symbol:
    """Draw from the Poisson distribution of mean `lam`."""
    return _draw("poisson", {"lam": lam}, shape, dtype, kwargs)


def exponential(scale: Any = 1, shape: Any = _Null, dtype: Any = _Null, **kwargs: Any) -> Symbol:
    """Draw from the exponential distribution of mean `scale`."""
    return _draw("exponential", {"lam": 1.0 / scale}, shape, dtype, kwargs)


def gamma(
    alpha: Any = 1, beta: Any = 1, shape: Any = _Null, dtype: Any = _Null, **kwargs: Any
) -> Symbol:
    """Draw from the gamma distribution of shape `alpha` and scale `beta`."""
    return _draw("gamma", {"alpha": alpha, "beta": beta}, shape, dtype, kwargs)


def negative_binomial(
    k: Any = 1, p: Any = 1, shape: Any = _Null, dtype: Any = _Null, **kwargs: Any
) -> Symbol:
    """Draw how many failures come before success `k`, each trial succeeding with `p`."""
    return _draw("negative_binomial", {"k": k, "p": p}, shape, dtype, kwargs)


def generalized_negative_binomial(
    mu: Any = 1, alpha: Any = 1, shape: Any = _Null, dtype: Any = _Null, **kwargs: Any
) -> Symbol:
    """Draw from the negative binomial distribution of mean `mu` and dispersion `alpha`."""
    parameters = {"mu": mu, "alpha": alpha}
    return _draw("generalized_negative_binomial", parameters, shape, dtype, kwargs)


def randint(low: int, high: int, shape: Any = _Null, dtype: Any = _Null, **kwargs: Any) -> Symbol:
    """Draw whole numbers from [low, high)."""
    return _draw("randint", {"low": low, "high": high}, shape, dtype, kwargs)


def multinomial(
    data: Symbol, shape: Any = _Null, get_prob: bool = True, dtype: Any = "int32", **kwargs: Any
) -> Symbol:
    """Draw classes with the probabilities in the last axis of `data`."""
    return _internal._sample_multinomial(
        data, shape=shape, get_prob=get_prob, dtype=dtype, **kwargs
    )


def shuffle(data: Symbol, **kwargs: Any) -> Symbol:
    """Return `data` with its rows (first axis) in random order."""
    return _internal._shuffle(data, **kwargs)


uniform_like = _internal._random_uniform_like
normal_like = _internal._random_normal_like
poisson_like = _internal._random_poisson_like
exponential_like = _internal._random_exponential_like
gamma_like = _internal._random_gamma_like
negative_binomial_like = _internal._random_negative_binomial_like
generalized_negative_binomial_like = _internal._random_generalized_negative_binomial_like
