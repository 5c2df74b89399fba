"""Rounding to whole numbers, signs and magnitudes.

Gradients of rounding and of `sign` are 0, except of the straight-through forms, whose gradient is
that of the identity (Bengio, Leonard and Courville 2013, arXiv:1308.3432).
"""

from __future__ import annotations

import torch

from ..registry import Backward
from ..rules import zero_gradient
from .forms import elementwise, refuse_bool


@elementwise("abs", aliases=("_sparse_abs",))
def absolute(data: torch.Tensor) -> torch.Tensor:
    """Return the magnitude of each element; the gradient at 0 is 0.

    Examples
    --------
    >>> mx.nd.abs(mx.nd.array([-2, 3])).asnumpy().tolist()
    [2.0, 3.0]
    """
    refuse_bool(data)
    return torch.abs(data)


@absolute.fast_gradient
def _(b: Backward):
    return (b.grads[0] * torch.sign(b.inputs[0]),)


@elementwise("negative", aliases=("_sparse_negative",))
def negative(data: torch.Tensor) -> torch.Tensor:
    """Return each element with the other sign.

    Examples
    --------
    >>> mx.nd.negative(mx.nd.array([-2, 3])).asnumpy().tolist()
    [2.0, -3.0]
    """
    refuse_bool(data)
    return torch.neg(data)


@negative.fast_gradient
def _(b: Backward):
    return (-b.grads[0],)


@elementwise("sign", aliases=("_sparse_sign",))
def sign(data: torch.Tensor) -> torch.Tensor:
    """Return -1, 0 or 1 by the sign of each element; 0 for NaN.

    Examples
    --------
    >>> mx.nd.sign(mx.nd.array([-2, 0, 3])).asnumpy().tolist()
    [-1.0, 0.0, 1.0]
    """
    refuse_bool(data)
    return torch.sign(data)


@elementwise("ceil", aliases=("_sparse_ceil",))
def ceil(data: torch.Tensor) -> torch.Tensor:
    """Return the smallest whole number that is not below each element.

    Examples
    --------
    >>> mx.nd.ceil(mx.nd.array([-1.5, 1.2])).asnumpy().tolist()
    [-1.0, 2.0]
    """
    refuse_bool(data)
    return torch.ceil(data)


@elementwise("floor", aliases=("_sparse_floor",))
def floor(data: torch.Tensor) -> torch.Tensor:
    """Return the greatest whole number that is not above each element.

    Examples
    --------
    >>> mx.nd.floor(mx.nd.array([-1.5, 1.2])).asnumpy().tolist()
    [-2.0, 1.0]
    """
    refuse_bool(data)
    return torch.floor(data)


def _without_fraction(data: torch.Tensor) -> torch.Tensor:
    refuse_bool(data)
    return torch.trunc(data)


@elementwise("trunc", aliases=("_sparse_trunc",))
def trunc(data: torch.Tensor) -> torch.Tensor:
    """Return each element without its fraction, rounded towards 0.

    Examples
    --------
    >>> mx.nd.trunc(mx.nd.array([-1.7, 1.7])).asnumpy().tolist()
    [-1.0, 1.0]
    """
    return _without_fraction(data)


@elementwise("fix", aliases=("_sparse_fix",))
def fix(data: torch.Tensor) -> torch.Tensor:
    """Return each element rounded towards 0, as `trunc` does.

    Examples
    --------
    >>> mx.nd.fix(mx.nd.array([-1.7, 1.7])).asnumpy().tolist()
    [-1.0, 1.0]
    """
    return _without_fraction(data)


@elementwise("rint", aliases=("_sparse_rint",))
def rint(data: torch.Tensor) -> torch.Tensor:
    """Return the nearest whole number; halves go down, towards minus infinity.

    Examples
    --------
    >>> mx.nd.rint(mx.nd.array([-1.5, 0.5, 1.5, 1.6])).asnumpy().tolist()
    [-2.0, 0.0, 1.0, 2.0]
    """
    refuse_bool(data)
    below = torch.floor(data)
    return (data - below).gt_(torch.ceil(data) - data).add_(below)


def round_half_away(data: torch.Tensor) -> torch.Tensor:
    """Return the nearest whole number; halves go away from 0 (torch rounds them to even)."""
    if not data.dtype.is_floating_point:
        return _without_fraction(data)
    # The number below one half: with one half itself the sum could round up to a whole number.
    nearly_half = torch.scalar_tensor(0.5 - torch.finfo(data.dtype).eps / 4, dtype=data.dtype)
    shift = torch.copysign(nearly_half.to(data.device), data)
    return torch.trunc(data + shift)


@elementwise("round", aliases=("_sparse_round",))
def round_(data: torch.Tensor) -> torch.Tensor:
    """Return the nearest whole number; halves go away from 0.

    Examples
    --------
    >>> mx.nd.round(mx.nd.array([-1.5, 0.5, 1.4])).asnumpy().tolist()
    [-2.0, 1.0, 1.0]
    """
    return round_half_away(data)


for _operator in (sign, ceil, floor, trunc, fix, rint, round_):
    _operator.fast_gradient(zero_gradient)


def _straight_through(b: Backward):
    return (b.grads[0],)


@elementwise("_contrib_round_ste", aliases=("_sparse__contrib_round_ste",), own_gradient=True)
def round_ste(data: torch.Tensor) -> torch.Tensor:
    """Return what `round` does, with the gradient of the identity.

    Examples
    --------
    >>> mx.nd.contrib.round_ste(mx.nd.array([-1.5, 0.4])).asnumpy().tolist()
    [-2.0, 0.0]
    """
    return round_half_away(data)


@elementwise("_contrib_sign_ste", aliases=("_sparse__contrib_sign_ste",), own_gradient=True)
def sign_ste(data: torch.Tensor) -> torch.Tensor:
    """Return what `sign` does, with the gradient of the identity.

    Examples
    --------
    >>> mx.nd.contrib.sign_ste(mx.nd.array([-1.5, 0.4])).asnumpy().tolist()
    [-1.0, 1.0]
    """
    refuse_bool(data)
    return torch.sign(data)


round_ste.gradient(_straight_through)
sign_ste.gradient(_straight_through)
