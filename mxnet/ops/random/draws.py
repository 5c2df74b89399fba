"""`_random_*`: draws of a given shape, with numbers as parameters."""

from __future__ import annotations

from functools import partial

import torch

from ...dtype import torch_dtype
from ..attributes import DType, Shape
from ..registry import operator
from . import domains, kernels, uniforms
from .rules import drawn_shape, dtype_attribute, shape_attribute

Floating = DType["float16", "float32", "float64"] | None
Whole = DType["int32", "int64"] | None
Generator = torch.Generator | None
KnownShape = tuple[int, ...] | None

source = partial(operator, shapes=shape_attribute, types=dtype_attribute)


@source("_random_uniform", aliases=("random_uniform", "uniform"))
def random_uniform(
    *,
    low: float = 0.0,
    high: float = 1.0,
    shape: Shape | None = None,
    device: torch.device,
    dtype: Floating = None,
    generator: Generator,
    output_shape: KnownShape,
) -> torch.Tensor:
    """Draw uniformly from [low, high).

    Parameters
    ----------
    low, high : float, default 0 and 1
        The bounds; equal ones give that number.
    shape : int or tuple of int
        How many draws. Without it they fill `out`, or take the shape that a graph needs.
    ctx : str, default the current context
        Device, for example ``'cpu(0)'``.
    dtype : {'float16', 'float32', 'float64'}, default 'float32'
        Element type.

    Returns
    -------
    NDArray or Symbol
        The draws, of shape `shape`.

    Raises
    ------
    MXNetError
        If `high` is less than `low`.

    Examples
    --------
    >>> x = mx.nd.random_uniform(low=2, high=3, shape=(100,)).asnumpy()
    >>> bool((x >= 2).all() and (x < 3).all())
    True
    """
    domains.uniform(low, high)
    return kernels.draw(
        kernels.uniform, (low, high), drawn_shape(shape, output_shape), dtype, device, generator
    )


@source("_random_normal", aliases=("random_normal", "normal"))
def random_normal(
    *,
    loc: float = 0.0,
    scale: float = 1.0,
    shape: Shape | None = None,
    device: torch.device,
    dtype: Floating = None,
    generator: Generator,
    output_shape: KnownShape,
) -> torch.Tensor:
    """Draw from the normal distribution of mean `loc` and standard deviation `scale` > 0.

    `shape`, `ctx` and `dtype` are those of :func:`random_uniform`.

    Examples
    --------
    >>> x = mx.nd.random_normal(loc=5, scale=2, shape=(10000,)).asnumpy()
    >>> bool(abs(x.mean() - 5) < 0.1 and abs(x.std() - 2) < 0.1)
    True
    """
    domains.normal(loc, scale)
    return kernels.draw(
        kernels.normal, (loc, scale), drawn_shape(shape, output_shape), dtype, device, generator
    )


@source("_random_gamma", aliases=("random_gamma",))
def random_gamma(
    *,
    alpha: float = 1.0,
    beta: float = 1.0,
    shape: Shape | None = None,
    device: torch.device,
    dtype: Floating = None,
    generator: Generator,
    output_shape: KnownShape,
) -> torch.Tensor:
    """Draw from the gamma distribution of shape `alpha` > 0 and scale `beta` > 0.

    The mean is alpha * beta, the variance alpha * beta**2. `shape`, `ctx` and `dtype` are those of
    :func:`random_uniform`.

    Examples
    --------
    >>> x = mx.nd.random_gamma(alpha=9, beta=0.5, shape=(10000,)).asnumpy()
    >>> bool(abs(x.mean() - 4.5) < 0.1)
    True
    """
    domains.gamma(alpha, beta)
    return kernels.draw(
        kernels.gamma, (alpha, beta), drawn_shape(shape, output_shape), dtype, device, generator
    )


@source("_random_exponential", aliases=("random_exponential",))
def random_exponential(
    *,
    lam: float = 1.0,
    shape: Shape | None = None,
    device: torch.device,
    dtype: Floating = None,
    generator: Generator,
    output_shape: KnownShape,
) -> torch.Tensor:
    """Draw from the exponential distribution of rate `lam` > 0, whose mean is 1 / lam.

    `shape`, `ctx` and `dtype` are those of :func:`random_uniform`.

    Examples
    --------
    >>> x = mx.nd.random_exponential(lam=4, shape=(10000,)).asnumpy()
    >>> bool(abs(x.mean() - 0.25) < 0.02)
    True
    """
    domains.exponential(lam)
    return kernels.draw(
        kernels.exponential, (lam,), drawn_shape(shape, output_shape), dtype, device, generator
    )


@source("_random_poisson", aliases=("random_poisson",))
def random_poisson(
    *,
    lam: float = 1.0,
    shape: Shape | None = None,
    device: torch.device,
    dtype: Floating = None,
    generator: Generator,
    output_shape: KnownShape,
) -> torch.Tensor:
    """Draw counts from the Poisson distribution of mean `lam` >= 0, as floats.

    `shape`, `ctx` and `dtype` are those of :func:`random_uniform`.

    Examples
    --------
    >>> x = mx.nd.random_poisson(lam=4, shape=(10000,)).asnumpy()
    >>> bool(abs(x.mean() - 4) < 0.1)
    True
    """
    domains.poisson(lam)
    return kernels.draw(
        kernels.poisson, (lam,), drawn_shape(shape, output_shape), dtype, device, generator
    )


@source("_random_negative_binomial", aliases=("random_negative_binomial",))
def random_negative_binomial(
    *,
    k: int = 1,
    p: float = 1.0,
    shape: Shape | None = None,
    device: torch.device,
    dtype: Floating = None,
    generator: Generator,
    output_shape: KnownShape,
) -> torch.Tensor:
    """Draw how many failures come before success `k`, each trial succeeding with `p`.

    The mean is k * (1 - p) / p. `shape`, `ctx` and `dtype` are those of :func:`random_uniform`.

    Examples
    --------
    >>> x = mx.nd.random_negative_binomial(k=3, p=0.5, shape=(10000,)).asnumpy()
    >>> bool(abs(x.mean() - 3) < 0.1)
    True
    """
    domains.negative_binomial(k, p)
    return kernels.draw(
        kernels.negative_binomial,
        (k, p),
        drawn_shape(shape, output_shape),
        dtype,
        device,
        generator,
    )


@source("_random_generalized_negative_binomial", aliases=("random_generalized_negative_binomial",))
def random_generalized_negative_binomial(
    *,
    mu: float = 1.0,
    alpha: float = 1.0,
    shape: Shape | None = None,
    device: torch.device,
    dtype: Floating = None,
    generator: Generator,
    output_shape: KnownShape,
) -> torch.Tensor:
    """Draw from the negative binomial distribution of mean `mu` and dispersion `alpha`.

    The variance is mu + alpha * mu**2, so that alpha = 0 is the Poisson distribution. `shape`,
    `ctx` and `dtype` are those of :func:`random_uniform`.

    Examples
    --------
    >>> x = mx.nd.random_generalized_negative_binomial(mu=2, alpha=0.3, shape=(10000,)).asnumpy()
    >>> bool(abs(x.mean() - 2) < 0.1)
    True
    """
    domains.generalized_negative_binomial(mu, alpha)
    kernel = kernels.generalized_negative_binomial
    return kernels.draw(
        kernel, (mu, alpha), drawn_shape(shape, output_shape), dtype, device, generator
    )


@operator("_random_randint", aliases=("random_randint",), shapes=shape_attribute)
def random_randint(
    *,
    low: int,
    high: int,
    shape: Shape | None = None,
    device: torch.device,
    dtype: Whole = None,
    generator: Generator,
    output_shape: KnownShape,
) -> torch.Tensor:
    """Draw whole numbers uniformly from [low, high).

    Parameters
    ----------
    low, high : int
        The bounds; `high` is not drawn.
    shape : int or tuple of int
        How many draws.
    ctx : str, default the current context
        Device, for example ``'cpu(0)'``.
    dtype : {'int32', 'int64'}, default 'int32'
        Element type.

    Raises
    ------
    MXNetError
        If the range is empty.

    Examples
    --------
    >>> sorted(set(mx.nd.random_randint(low=-1, high=2, shape=(100,)).asnumpy().tolist()))
    [-1, 0, 1]
    """
    domains.randint(low, high)
    kind = torch_dtype(dtype or "int32")
    return uniforms.whole(low, high, drawn_shape(shape, output_shape), kind, device, generator)


@random_randint.type_rule
def _(inputs, outputs, attrs):
    return inputs, [torch_dtype(attrs["dtype"] or "int32")]
