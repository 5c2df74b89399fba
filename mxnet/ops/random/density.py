"""`_random_pdf_*`: densities and probabilities of samples, differentiable in the parameters.

Samples of continuous distributions get a gradient too, counts do not. The parameters' shape is the
first part of the samples' shape: each distribution has its own block of samples.
"""

from __future__ import annotations

import math
from functools import partial

import torch

from ...base import MXNetError
from ..registry import operator
from .rules import align, parameters_share_shape

density = partial(operator, shapes=parameters_share_shape)


def _finish(logarithm: torch.Tensor, is_log: bool) -> torch.Tensor:
    return logarithm if is_log else logarithm.exp()


@density("_random_pdf_uniform", aliases=("random_pdf_uniform",))
def random_pdf_uniform(
    sample: torch.Tensor, low: torch.Tensor, high: torch.Tensor, *, is_log: bool = False
) -> torch.Tensor:
    """Return the density of uniform distributions at samples from them.

    Parameters
    ----------
    sample : NDArray or Symbol
        Samples, shape ``low.shape + (...)``. They are taken to lie between the bounds.
    low, high : NDArray or Symbol
        The bounds, both of one shape; same dtype as `sample`.
    is_log : bool, default False
        Whether to return logarithms.

    Returns
    -------
    NDArray or Symbol
        Same shape and dtype as `sample`.

    Examples
    --------
    >>> low, high = mx.nd.array([0]), mx.nd.array([4])
    >>> mx.nd.random_pdf_uniform(mx.nd.array([[1, 3]]), low, high).asnumpy().tolist()
    [[0.25, 0.25]]
    """
    low, high = align(sample, {"low": low, "high": high})
    width = high - low
    return (-width.log() if is_log else 1 / width).expand(sample.shape).contiguous()


@density("_random_pdf_normal", aliases=("random_pdf_normal",))
def random_pdf_normal(
    sample: torch.Tensor, mu: torch.Tensor, sigma: torch.Tensor, *, is_log: bool = False
) -> torch.Tensor:
    """Return the density of normal distributions of mean `mu` and standard deviation `sigma`.

    Shapes are those of :func:`random_pdf_uniform`.

    Examples
    --------
    >>> mu, sigma = mx.nd.array([1]), mx.nd.array([2])
    >>> mx.nd.random_pdf_normal(mx.nd.array([[1, 3]]), mu, sigma).asnumpy().round(4).tolist()
    [[0.1995, 0.121]]
    """
    mu, sigma = align(sample, {"mu": mu, "sigma": sigma})
    logarithm = -0.5 * ((sample - mu) / sigma) ** 2 - sigma.log() - 0.5 * math.log(2 * math.pi)
    return _finish(logarithm, is_log)


@density("_random_pdf_gamma", aliases=("random_pdf_gamma",))
def random_pdf_gamma(
    sample: torch.Tensor, alpha: torch.Tensor, beta: torch.Tensor, *, is_log: bool = False
) -> torch.Tensor:
    """Return the density of gamma distributions of shape `alpha` and rate `beta`.

    Mind that :func:`sample_gamma` takes the scale, which is 1 / rate. Shapes are those of
    :func:`random_pdf_uniform`.
    """
    alpha, beta = align(sample, {"alpha": alpha, "beta": beta})
    logarithm = alpha * beta.log() + (alpha - 1) * sample.log() - beta * sample - alpha.lgamma()
    return _finish(logarithm, is_log)


@density("_random_pdf_exponential", aliases=("random_pdf_exponential",))
def random_pdf_exponential(
    sample: torch.Tensor, lam: torch.Tensor, *, is_log: bool = False
) -> torch.Tensor:
    """Return the density of exponential distributions of rate `lam`.

    Shapes are those of :func:`random_pdf_uniform`.
    """
    (lam,) = align(sample, {"lam": lam})
    return _finish(lam.log() - lam * sample, is_log)


@density("_random_pdf_poisson", aliases=("random_pdf_poisson",), no_gradient=("sample",))
def random_pdf_poisson(
    sample: torch.Tensor, lam: torch.Tensor, *, is_log: bool = False
) -> torch.Tensor:
    """Return the probabilities of counts under Poisson distributions of mean `lam`.

    Counts are whole numbers, so that `sample` gets no gradient. Shapes are those of
    :func:`random_pdf_uniform`.
    """
    (lam,) = align(sample, {"lam": lam})
    counts = sample.detach()
    return _finish(counts * lam.log() - lam - (counts + 1).lgamma(), is_log)


def _negative_binomial(
    sample: torch.Tensor, k: torch.Tensor, success: torch.Tensor, failure: torch.Tensor
) -> torch.Tensor:
    counts = sample.detach()
    ways = (counts + k).lgamma() - (counts + 1).lgamma() - k.lgamma()
    return ways + k * success.log() + counts * failure.log()


@density(
    "_random_pdf_negative_binomial",
    aliases=("random_pdf_negative_binomial",),
    no_gradient=("sample",),
)
def random_pdf_negative_binomial(
    sample: torch.Tensor, k: torch.Tensor, p: torch.Tensor, *, is_log: bool = False
) -> torch.Tensor:
    """Return the probabilities of counts of failures before success `k`, each with `p`.

    `k` may be any positive number. Shapes are those of :func:`random_pdf_uniform`.
    """
    k, p = align(sample, {"k": k, "p": p})
    return _finish(_negative_binomial(sample, k, p, 1 - p), is_log)


@density(
    "_random_pdf_generalized_negative_binomial",
    aliases=("random_pdf_generalized_negative_binomial",),
    no_gradient=("sample",),
)
def random_pdf_generalized_negative_binomial(
    sample: torch.Tensor, mu: torch.Tensor, alpha: torch.Tensor, *, is_log: bool = False
) -> torch.Tensor:
    """Return the probabilities of counts under negative binomials of mean `mu`, dispersion `alpha`.

    Shapes are those of :func:`random_pdf_uniform`.
    """
    mu, alpha = align(sample, {"mu": mu, "alpha": alpha})
    spread = 1 + mu * alpha
    return _finish(_negative_binomial(sample, 1 / alpha, 1 / spread, mu * alpha / spread), is_log)


@operator("_random_pdf_dirichlet", aliases=("random_pdf_dirichlet",))
def random_pdf_dirichlet(
    sample: torch.Tensor, alpha: torch.Tensor, *, is_log: bool = False
) -> torch.Tensor:
    """Return the density of Dirichlet distributions of concentrations `alpha`.

    Parameters
    ----------
    sample : NDArray or Symbol
        Samples, shape ``alpha.shape[:-1] + (...) + (k,)``.
    alpha : NDArray or Symbol
        Concentrations, the last axis of length k.
    is_log : bool, default False
        Whether to return logarithms.

    Returns
    -------
    NDArray or Symbol
        Shape of `sample` without its last axis.

    Examples
    --------
    >>> alpha = mx.nd.array([2, 2])
    >>> mx.nd.random_pdf_dirichlet(mx.nd.array([[0.5, 0.5]]), alpha).asnumpy().round(4).tolist()
    [1.5]
    """
    lead, classes = alpha.shape[:-1], alpha.shape[-1]
    if sample.shape[: len(lead)] != lead or sample.shape[-1] != classes:
        raise MXNetError(
            f"sample has shape {tuple(sample.shape)}, but its first axes and its last must be "
            f"those of alpha {tuple(alpha.shape)}"
        )
    alpha = alpha.reshape(lead + (1,) * (sample.ndim - alpha.ndim) + (classes,))
    logarithm = ((alpha - 1) * sample.log()).sum(-1)
    logarithm = logarithm + alpha.sum(-1).lgamma() - alpha.lgamma().sum(-1)
    return _finish(logarithm, is_log)
