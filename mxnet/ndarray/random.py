"""`mx.nd.random`: draws from distributions, with numbers or NDArrays as parameters."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..base import MXNetError, _Null, integer_types, numeric_types
from ..context import Context, current_context
from . import _internal, op
from .ndarray import NDArray


def _draw(
    name: str,
    parameters: dict[str, Any],
    shape: Any,
    dtype: Any,
    ctx: Context | None,
    out: NDArray | None,
    kwargs: dict[str, Any],
) -> Any:
    """Draw `shape` numbers for given numbers, or `shape` numbers for each element of NDArrays."""
    keywords = {"out": out, **kwargs}
    if dtype is not _Null and dtype is not None:
        keywords["dtype"] = _dtype_name(name, dtype)
    given = list(parameters.values())
    arrays = [isinstance(value, NDArray) for value in given]
    if all(arrays):
        if shape is not _Null:
            keywords["shape"] = shape
        return getattr(op, f"sample_{name}")(*given, **keywords)
    if any(arrays) or not all(isinstance(value, numeric_types) for value in given):
        raise _mixed(name, parameters, any(arrays))
    if out is None:
        keywords["shape"] = (1,) if shape is _Null or shape is None else shape
    else:
        keywords["shape"] = _shape_of(name, out, shape)
        keywords.setdefault("dtype", out.dtype)
    keywords["ctx"] = str(ctx or (out.context if out is not None else current_context()))
    return getattr(op, f"random_{name}")(**parameters, **keywords)


def _dtype_name(name: str, dtype: Any) -> str:
    try:
        return np.dtype(dtype).name
    except TypeError:
        raise TypeError(f"{name}: dtype is {dtype!r}, which NumPy does not know.") from None


def _mixed(name: str, parameters: dict[str, Any], has_arrays: bool) -> Exception:
    """Return the error for parameters that are neither all numbers nor all NDArrays."""
    kinds = ", ".join(f"{key} is a {type(value).__name__}" for key, value in parameters.items())
    text = f"{name}: parameters must all be numbers or all NDArrays, but {kinds}."
    return AssertionError(text) if has_arrays else ValueError(text)  # as in the reference


def _shape_of(name: str, out: NDArray, shape: Any) -> tuple[int, ...]:
    """Return the shape of `out`, which a given shape must equal."""
    if shape is _Null or shape is None:
        return out.shape
    given = (shape,) if isinstance(shape, integer_types) else tuple(shape)
    if given and given != out.shape:
        raise MXNetError(f"{name}: out has shape {out.shape}, but shape is {given}.")
    return out.shape


def uniform(
    low: Any = 0,
    high: Any = 1,
    shape: Any = _Null,
    dtype: Any = _Null,
    ctx: Context | None = None,
    out: NDArray | None = None,
    **kwargs: Any,
) -> NDArray:
    """Draw uniformly from [low, high).

    Parameters
    ----------
    low, high : float or NDArray, default 0 and 1
        The bounds. NDArrays give `shape` draws for each of their elements.
    shape : int or tuple of int, default (1,)
        How many draws.
    dtype : {'float16', 'float32', 'float64'}, default float32
        Element type.
    ctx : Context, optional
        Device, default the current context.
    out : NDArray, optional
        Array that receives the draws.

    Examples
    --------
    >>> x = mx.nd.random.uniform(2, 3, shape=(100,))
    >>> bool((x >= 2).min() == 1), bool((x < 3).min() == 1)
    (True, True)
    """
    return _draw("uniform", {"low": low, "high": high}, shape, dtype, ctx, out, kwargs)


def normal(
    loc: Any = 0,
    scale: Any = 1,
    shape: Any = _Null,
    dtype: Any = _Null,
    ctx: Context | None = None,
    out: NDArray | None = None,
    **kwargs: Any,
) -> NDArray:
    """Draw from the normal distribution of mean `loc` and standard deviation `scale`."""
    return _draw("normal", {"loc": loc, "scale": scale}, shape, dtype, ctx, out, kwargs)


def randn(*shape: int, **kwargs: Any) -> NDArray:
    """Draw from a normal distribution; `loc`, `scale`, `dtype`, `ctx`, `out` by name."""
    loc, scale = kwargs.pop("loc", 0), kwargs.pop("scale", 1)
    return normal(loc, scale, shape=shape, **kwargs)


def poisson(
    lam: Any = 1,
    shape: Any = _Null,
    dtype: Any = _Null,
    ctx: Context | None = None,
    out: NDArray | None = None,
    **kwargs: Any,
) -> NDArray:
    """Draw from the Poisson distribution of mean `lam`."""
    return _draw("poisson", {"lam": lam}, shape, dtype, ctx, out, kwargs)


def exponential(
    scale: Any = 1,
    shape: Any = _Null,
    dtype: Any = _Null,
    ctx: Context | None = None,
    out: NDArray | None = None,
    **kwargs: Any,
) -> NDArray:
    """Draw from the exponential distribution of mean `scale`."""
    return _draw("exponential", {"lam": 1.0 / scale}, shape, dtype, ctx, out, kwargs)


def gamma(
    alpha: Any = 1,
    beta: Any = 1,
    shape: Any = _Null,
    dtype: Any = _Null,
    ctx: Context | None = None,
    out: NDArray | None = None,
    **kwargs: Any,
) -> NDArray:
    """Draw from the gamma distribution of shape `alpha` and scale `beta`."""
    return _draw("gamma", {"alpha": alpha, "beta": beta}, shape, dtype, ctx, out, kwargs)


def negative_binomial(
    k: Any = 1,
    p: Any = 1,
    shape: Any = _Null,
    dtype: Any = _Null,
    ctx: Context | None = None,
    out: NDArray | None = None,
    **kwargs: Any,
) -> NDArray:
    """Draw how many failures come before success `k`, each trial succeeding with `p`."""
    return _draw("negative_binomial", {"k": k, "p": p}, shape, dtype, ctx, out, kwargs)


def generalized_negative_binomial(
    mu: Any = 1,
    alpha: Any = 1,
    shape: Any = _Null,
    dtype: Any = _Null,
    ctx: Context | None = None,
    out: NDArray | None = None,
    **kwargs: Any,
) -> NDArray:
    """Draw from the negative binomial distribution of mean `mu` and dispersion `alpha`."""
    parameters = {"mu": mu, "alpha": alpha}
    return _draw("generalized_negative_binomial", parameters, shape, dtype, ctx, out, kwargs)


def randint(
    low: int,
    high: int,
    shape: Any = _Null,
    dtype: Any = _Null,
    ctx: Context | None = None,
    out: NDArray | None = None,
    **kwargs: Any,
) -> NDArray:
    """Draw whole numbers from [low, high).

    Parameters
    ----------
    low, high : int
        The bounds.
    shape, ctx, out
        As in `uniform`.
    dtype : {'int32', 'int64'}, default int32
        Element type, which must hold the bounds.

    Raises
    ------
    TypeError
        If the bounds are NDArrays.
    MXNetError
        If there is no number between the bounds, or they are not whole.

    Examples
    --------
    >>> sorted(set(mx.nd.random.randint(5, 8, shape=(100,)).asnumpy().tolist()))
    [5, 6, 7]
    """
    if isinstance(low, NDArray) and isinstance(high, NDArray):
        raise TypeError("randint: low and high are NDArrays, but must be numbers.")
    return _draw("randint", {"low": low, "high": high}, shape, dtype, ctx, out, kwargs)


def multinomial(
    data: NDArray,
    shape: Any = _Null,
    get_prob: bool = False,
    out: NDArray | None = None,
    dtype: Any = "int32",
    **kwargs: Any,
) -> Any:
    """Draw classes with the probabilities in the last axis of `data`.

    Parameters
    ----------
    data : NDArray
        Probabilities, shape (classes,) or (n, classes), each row summing to 1.
    shape : int or tuple of int, default one draw
        How many draws for each row.
    get_prob : bool, default False
        Whether the log-probabilities of the draws come as a second result.
    """
    return _internal._sample_multinomial(
        data, shape=shape, get_prob=get_prob, out=out, dtype=dtype, **kwargs
    )


def shuffle(data: NDArray, **kwargs: Any) -> NDArray:
    """Return `data` with its rows (first axis) in random order."""
    return _internal._shuffle(data, **kwargs)


exponential_like = _internal._random_exponential_like
gamma_like = _internal._random_gamma_like
generalized_negative_binomial_like = _internal._random_generalized_negative_binomial_like
negative_binomial_like = _internal._random_negative_binomial_like
normal_like = _internal._random_normal_like
poisson_like = _internal._random_poisson_like
uniform_like = _internal._random_uniform_like
