"""`_sample_*`: draws for each element of the parameters, which are arrays.

Parameters outside their domain are not refused, because that would read their values; they give
numbers without meaning, or NaN.
"""

from __future__ import annotations

from functools import partial

import torch

from ...base import MXNetError
from ..attributes import DType, Shape
from ..registry import operator
from ..rules import zero_gradient
from . import kernels, rules

Floating = DType["float16", "float32", "float64"] | None
Generator = torch.Generator | None

sample = partial(
    operator, shapes=rules.draws_per_parameter, types=rules.dtype_attribute, own_gradient=True
)


def _draw_for_each(
    kernel: kernels.Kernel,
    parameters: dict[str, torch.Tensor],
    shape: tuple[int, ...],
    dtype: str | None,
    generator: Generator,
) -> torch.Tensor:
    """Return `shape` draws for each element of the parameters."""
    (name, first), *others = parameters.items()
    for other, parameter in others:
        if parameter.shape != first.shape:
            raise MXNetError(
                f"{name} has shape {tuple(first.shape)} and {other} {tuple(parameter.shape)}, "
                "but they must be equal"
            )
    ones = (1,) * len(shape)
    columns = [p.reshape(p.shape + ones) for p in parameters.values()]
    return kernels.draw(kernel, columns, first.shape + shape, dtype, first.device, generator)


@sample("_sample_uniform", aliases=("sample_uniform",))
def sample_uniform(
    low: torch.Tensor,
    high: torch.Tensor,
    *,
    shape: Shape = (),
    dtype: Floating = None,
    generator: Generator,
) -> torch.Tensor:
    """Draw uniformly from [low, high) for each pair of bounds.

    Parameters
    ----------
    low, high : NDArray or Symbol
        The bounds, both of one shape and dtype. Their gradient is 0.
    shape : int or tuple of int, default ()
        How many draws for each pair.
    dtype : {'float16', 'float32', 'float64'}, default 'float32'
        Element type of the draws.

    Returns
    -------
    NDArray or Symbol
        Shape ``low.shape + shape``.

    Examples
    --------
    >>> low, high = mx.nd.array([0, 10]), mx.nd.array([1, 20])
    >>> x = mx.nd.sample_uniform(low, high, shape=(50,))
    >>> x.shape, bool((x[1] >= 10).min() == 1)
    ((2, 50), True)
    """
    parameters = {"low": low, "high": high}
    return _draw_for_each(kernels.uniform, parameters, shape, dtype, generator)


@sample("_sample_normal", aliases=("sample_normal",))
def sample_normal(
    mu: torch.Tensor,
    sigma: torch.Tensor,
    *,
    shape: Shape = (),
    dtype: Floating = None,
    generator: Generator,
) -> torch.Tensor:
    """Draw from a normal distribution for each mean `mu` and standard deviation `sigma`.

    Shapes and dtypes are those of :func:`sample_uniform`.
    """
    parameters = {"mu": mu, "sigma": sigma}
    return _draw_for_each(kernels.normal, parameters, shape, dtype, generator)


@sample("_sample_gamma", aliases=("sample_gamma",))
def sample_gamma(
    alpha: torch.Tensor,
    beta: torch.Tensor,
    *,
    shape: Shape = (),
    dtype: Floating = None,
    generator: Generator,
) -> torch.Tensor:
    """Draw from a gamma distribution for each shape `alpha` and scale `beta`.

    Shapes and dtypes are those of :func:`sample_uniform`.
    """
    parameters = {"alpha": alpha, "beta": beta}
    return _draw_for_each(kernels.gamma, parameters, shape, dtype, generator)


@sample("_sample_exponential", aliases=("sample_exponential",))
def sample_exponential(
    lam: torch.Tensor, *, shape: Shape = (), dtype: Floating = None, generator: Generator
) -> torch.Tensor:
    """Draw from an exponential distribution for each rate `lam`, of mean 1 / lam.

    Shapes and dtypes are those of :func:`sample_uniform`.
    """
    return _draw_for_each(kernels.exponential, {"lam": lam}, shape, dtype, generator)


@sample("_sample_poisson", aliases=("sample_poisson",))
def sample_poisson(
    lam: torch.Tensor, *, shape: Shape = (), dtype: Floating = None, generator: Generator
) -> torch.Tensor:
    """Draw counts from a Poisson distribution for each mean `lam`.

    Shapes and dtypes are those of :func:`sample_uniform`.
    """
    return _draw_for_each(kernels.poisson, {"lam": lam}, shape, dtype, generator)


@sample("_sample_negative_binomial", aliases=("sample_negative_binomial",))
def sample_negative_binomial(
    k: torch.Tensor,
    p: torch.Tensor,
    *,
    shape: Shape = (),
    dtype: Floating = None,
    generator: Generator,
) -> torch.Tensor:
    """Draw from a negative binomial distribution for each `k` (successes) and `p` (probability).

    `k` may be any positive number. Shapes and dtypes are those of :func:`sample_uniform`.
    """
    return _draw_for_each(kernels.negative_binomial, {"k": k, "p": p}, shape, dtype, generator)


@sample("_sample_generalized_negative_binomial", aliases=("sample_generalized_negative_binomial",))
def sample_generalized_negative_binomial(
    mu: torch.Tensor,
    alpha: torch.Tensor,
    *,
    shape: Shape = (),
    dtype: Floating = None,
    generator: Generator,
) -> torch.Tensor:
    """Draw from a negative binomial distribution for each mean `mu` and dispersion `alpha`.

    Shapes and dtypes are those of :func:`sample_uniform`.
    """
    kernel, parameters = kernels.generalized_negative_binomial, {"mu": mu, "alpha": alpha}
    return _draw_for_each(kernel, parameters, shape, dtype, generator)


for _operator in (
    sample_uniform,
    sample_normal,
    sample_gamma,
    sample_exponential,
    sample_poisson,
    sample_negative_binomial,
    sample_generalized_negative_binomial,
):
    _operator.gradient(zero_gradient)
