"""Special functions: the error function and the gamma function."""

from __future__ import annotations

import torch

from .forms import elementwise, on_floats


@elementwise("erf")
def erf(data: torch.Tensor) -> torch.Tensor:
    """Return the error function of each element: 2/sqrt(pi) times the integral of exp(-t^2) from 0.

    Examples
    --------
    >>> print(mx.nd.erf(mx.nd.array([0, 1])).asnumpy().round(4))
    [0.     0.8427]
    """
    return on_floats(torch.erf, data)


@elementwise("erfinv")
def erfinv(data: torch.Tensor) -> torch.Tensor:
    """Return the number whose error function is each element; NaN outside [-1, 1].

    Examples
    --------
    >>> print(mx.nd.erfinv(mx.nd.array([0, 0.5])).asnumpy().round(4))
    [0.     0.4769]
    """
    return on_floats(torch.erfinv, data)


def _gamma_sign(x: torch.Tensor) -> torch.Tensor:
    """Return the sign of the gamma function: alternating below 0, NaN at its poles."""
    below, whole = x < 0, torch.floor(x)
    sign = torch.where(below & (torch.remainder(whole, 2) != 0), -1.0, 1.0)
    sign = torch.where(x == 0, torch.copysign(torch.ones_like(x), x), sign)
    return torch.where(below & (x == whole), torch.nan, sign)


def _gamma(data: torch.Tensor) -> torch.Tensor:
    """Return the gamma function in float64: exp(lgamma) loses digits of float32."""
    x = data.double()
    return torch.exp(torch.lgamma(x)) * _gamma_sign(x.detach())


@elementwise("gamma", aliases=("_sparse_gamma",))
def gamma(data: torch.Tensor) -> torch.Tensor:
    """Return the gamma function of each element, (x - 1)! for whole numbers; NaN at -1, -2, ...

    Examples
    --------
    >>> print(mx.nd.gamma(mx.nd.array([1, 5, -0.5])).asnumpy().round(4))
    [ 1.     24.     -3.5449]
    """
    return on_floats(_gamma, data).to(data.dtype)


@elementwise("gammaln", aliases=("_sparse_gammaln",))
def gammaln(data: torch.Tensor) -> torch.Tensor:
    """Return the natural logarithm of the absolute value of the gamma function of each element.

    Examples
    --------
    >>> print(mx.nd.gammaln(mx.nd.array([1, 5])).asnumpy().round(4))
    [0.     3.1781]
    """
    return on_floats(torch.lgamma, data)
