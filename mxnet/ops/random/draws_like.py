"""`_random_*_like`: draws of an array's shape, dtype and device, with numbers as parameters."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch

from ...base import MXNetError
from ...dtype import NAME_OF_TORCH
from ..registry import operator
from ..rules import same_shapes, zero_gradient
from . import domains, kernels

Generator = torch.Generator | None

like = partial(operator, shapes=same_shapes)


def _draw_like(
    data: torch.Tensor,
    check: Callable[..., None],
    kernel: kernels.Kernel,
    parameters: tuple[float, ...],
    generator: Generator,
) -> torch.Tensor:
    check(*parameters)
    if not data.is_floating_point():
        raise MXNetError(f"data is {NAME_OF_TORCH[data.dtype]}, but must have a floating dtype")
    return kernels.draw(kernel, parameters, data.shape, data.dtype, data.device, generator)


@like("_random_uniform_like")
def random_uniform_like(
    data: torch.Tensor, *, low: float = 0.0, high: float = 1.0, generator: Generator
) -> torch.Tensor:
    """Draw uniformly from [low, high), with the shape, dtype and device of `data`.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape, floating dtype; its values do not matter and its gradient is 0.
    low, high : float, default 0 and 1
        The bounds.

    Examples
    --------
    >>> mx.nd.random.uniform_like(mx.nd.zeros((2, 3), dtype="float16")).shape
    (2, 3)
    """
    return _draw_like(data, domains.uniform, kernels.uniform, (low, high), generator)


@like("_random_normal_like")
def random_normal_like(
    data: torch.Tensor, *, loc: float = 0.0, scale: float = 1.0, generator: Generator
) -> torch.Tensor:
    """Draw as :func:`random_normal`, with the shape, dtype and device of `data`."""
    return _draw_like(data, domains.normal, kernels.normal, (loc, scale), generator)


@like("_random_gamma_like")
def random_gamma_like(
    data: torch.Tensor, *, alpha: float = 1.0, beta: float = 1.0, generator: Generator
) -> torch.Tensor:
    """Draw as :func:`random_gamma`, with the shape, dtype and device of `data`."""
    return _draw_like(data, domains.gamma, kernels.gamma, (alpha, beta), generator)


@like("_random_exponential_like")
def random_exponential_like(
    data: torch.Tensor, *, lam: float = 1.0, generator: Generator
) -> torch.Tensor:
    """Draw as :func:`random_exponential`, with the shape, dtype and device of `data`."""
    return _draw_like(data, domains.exponential, kernels.exponential, (lam,), generator)


@like("_random_poisson_like")
def random_poisson_like(
    data: torch.Tensor, *, lam: float = 1.0, generator: Generator
) -> torch.Tensor:
    """Draw as :func:`random_poisson`, with the shape, dtype and device of `data`."""
    return _draw_like(data, domains.poisson, kernels.poisson, (lam,), generator)


@like("_random_negative_binomial_like")
def random_negative_binomial_like(
    data: torch.Tensor, *, k: int = 1, p: float = 1.0, generator: Generator
) -> torch.Tensor:
    """Draw as :func:`random_negative_binomial`, with the shape, dtype and device of `data`."""
    return _draw_like(data, domains.negative_binomial, kernels.negative_binomial, (k, p), generator)


@like("_random_generalized_negative_binomial_like")
def random_generalized_negative_binomial_like(
    data: torch.Tensor, *, mu: float = 1.0, alpha: float = 1.0, generator: Generator
) -> torch.Tensor:
    """Draw as :func:`random_generalized_negative_binomial`, with the shape, dtype and device of
    `data`.
    """
    kernel = kernels.generalized_negative_binomial
    return _draw_like(data, domains.generalized_negative_binomial, kernel, (mu, alpha), generator)


for _operator in (
    random_uniform_like,
    random_normal_like,
    random_gamma_like,
    random_exponential_like,
    random_poisson_like,
    random_negative_binomial_like,
    random_generalized_negative_binomial_like,
):
    _operator.gradient(zero_gradient)
