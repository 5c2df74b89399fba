"""How each distribution is drawn, for numbers or tensors as parameters.

Every kernel takes an empty tensor of the wanted shape, parameters that broadcast to it, and a
generator; it returns the draws, in the given tensor's memory where torch can fill it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch

from ...dtype import torch_dtype
from . import counts, streams, tables, uniforms
from . import gamma as gammas

Parameter = float | torch.Tensor
Kernel = Callable[..., torch.Tensor]

_LARGEST_MEAN = 1e15  # torch.poisson counts in int64, so that larger means overflow


def draw(
    kernel: Kernel,
    parameters: Sequence[Parameter],
    shape: Sequence[int],
    dtype: str | torch.dtype | None,
    device: torch.device,
    generator: torch.Generator | None,
) -> torch.Tensor:
    """Return draws of `kernel`; 16-bit types are drawn as float32, no dtype means float32."""
    target = torch_dtype(dtype or "float32")
    working = torch.float32 if target.itemsize == 2 else target
    fitting = [p.to(working) if isinstance(p, torch.Tensor) else p for p in parameters]
    empty = torch.empty(tuple(shape), dtype=working, device=device)
    return kernel(empty, *fitting, generator).to(target)


def _tensor(parameter: Parameter, empty: torch.Tensor) -> torch.Tensor:
    return torch.as_tensor(parameter, dtype=empty.dtype, device=empty.device)


def uniform(empty: torch.Tensor, low: Parameter, high: Parameter, generator: Any) -> torch.Tensor:
    """Uniform on [low, high)."""
    if isinstance(low, torch.Tensor) or isinstance(high, torch.Tensor):
        return uniforms.fill(empty, generator).mul_(high - low).add_(low)
    return uniforms.fill(empty, generator, low, high - low)


def normal(empty: torch.Tensor, loc: Parameter, scale: Parameter, generator: Any) -> torch.Tensor:
    """Normal of mean `loc` and standard deviation `scale`."""
    return empty.normal_(generator=generator).mul_(scale).add_(loc)


def exponential(empty: torch.Tensor, lam: Parameter, generator: Any) -> torch.Tensor:
    """Exponential of rate `lam`, by inversion: five times as fast as torch's exponential_."""
    return uniforms.fill(empty, generator).neg_().log1p_().neg_().div_(lam)


def gamma(empty: torch.Tensor, alpha: Parameter, beta: Parameter, generator: Any) -> torch.Tensor:
    """Gamma of shape `alpha` and scale `beta`."""
    return _standard_gamma(empty, alpha, generator).mul_(beta)


def _standard_gamma(empty: torch.Tensor, alpha: Parameter, generator: Any) -> torch.Tensor:
    if streams.applies(empty, gammas.FEW) and _lie_between(alpha, 0, gammas.LARGEST):
        shape = _flat(alpha, empty) if isinstance(alpha, torch.Tensor) else float(alpha)
        gammas.fill(empty.view(-1), shape, streams.Stream(generator))
        return empty
    return torch._standard_gamma(_tensor(alpha, empty).expand(empty.shape), generator=generator)


def _lie_between(parameter: Parameter, low: float, high: float) -> bool:
    """Return whether all are above `low` and at most `high`, and none is NaN."""
    if not isinstance(parameter, torch.Tensor):
        return low < parameter <= high
    least, most = (float(end) for end in parameter.detach().aminmax())
    return low < least and most <= high


def _flat(parameter: torch.Tensor, empty: torch.Tensor) -> torch.Tensor:
    return parameter.detach().expand(empty.shape).reshape(-1)


def poisson(empty: torch.Tensor, lam: Parameter, generator: Any) -> torch.Tensor:
    """Poisson of mean `lam`; a negative mean counts as 0."""
    if streams.applies(empty, tables.FEW) and not isinstance(lam, torch.Tensor):
        weights = tables.poisson_weights(lam, empty.numel())
        if weights is not None:
            return _by_table(empty, weights, generator)
    return _poisson(empty, _tensor(lam, empty).clamp(0, _LARGEST_MEAN), generator)


def _poisson(empty: torch.Tensor, means: torch.Tensor, generator: Any) -> torch.Tensor:
    """Poisson of means from 0 to `_LARGEST_MEAN`, or NaN."""
    if streams.applies(empty) and _lie_between(means, -1, _LARGEST_MEAN):
        counts.fill(empty.view(-1), _flat(means, empty), streams.Stream(generator))
        return empty
    return torch.poisson(means.expand(empty.shape), generator=generator)


def _by_table(empty: torch.Tensor, weights: torch.Tensor, generator: Any) -> torch.Tensor:
    tables.fill(empty.view(-1), weights, streams.Stream(generator))
    return empty


def negative_binomial(
    empty: torch.Tensor, k: Parameter, p: Parameter, generator: Any
) -> torch.Tensor:
    """Failures before success `k`, each trial succeeding with `p`: a gamma mixture of Poissons."""
    if streams.applies(empty, tables.FEW) and not (
        isinstance(k, torch.Tensor) or isinstance(p, torch.Tensor)
    ):
        weights = tables.negative_binomial_weights(k, p, 1 - p, empty.numel())
        if weights is not None:
            return _by_table(empty, weights, generator)
    success = _tensor(p, empty)
    odds = ((1 - success) / success).clamp(0, _LARGEST_MEAN)
    means = gamma(torch.empty_like(empty), k, odds, generator)
    return _poisson(empty, means, generator).masked_fill_(success <= 0, float("inf"))


def generalized_negative_binomial(
    empty: torch.Tensor, mu: Parameter, alpha: Parameter, generator: Any
) -> torch.Tensor:
    """Negative binomial of mean `mu` and dispersion `alpha`; Poisson where `alpha` is 0."""
    if streams.applies(empty, tables.FEW) and not (
        isinstance(mu, torch.Tensor) or isinstance(alpha, torch.Tensor)
    ):
        if alpha == 0:
            return poisson(empty, mu, generator)
        odds = mu * alpha
        weights = tables.negative_binomial_weights(
            1 / alpha, 1 / (1 + odds), odds / (1 + odds), empty.numel()
        )
        if weights is not None:
            return _by_table(empty, weights, generator)
    mean, dispersion = _tensor(mu, empty).clamp(min=0), _tensor(alpha, empty)
    rates = gamma(torch.empty_like(empty), 1 / dispersion, mean * dispersion, generator)
    rates = torch.where(dispersion > 0, rates, mean).clamp_(max=_LARGEST_MEAN)
    return _poisson(empty, rates, generator)
