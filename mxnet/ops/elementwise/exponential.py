"""Exponentials, logarithms, roots and powers of one array.

All of them take any shape and keep it; integers are computed in float64 and cut.
"""

from __future__ import annotations

import torch

from ..registry import Backward
from .forms import elementwise, on_floats, refuse_bool


@elementwise("exp", aliases=("_sparse_exp",))
def exp(data: torch.Tensor) -> torch.Tensor:
    """Return e to the power of each element.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape and dtype; of integers the result is cut to an integer.

    Returns
    -------
    NDArray or Symbol
        Same shape and dtype as `data`.

    Examples
    --------
    >>> print(mx.nd.exp(mx.nd.array([0, 1])).asnumpy().round(4))
    [1.     2.7183]
    """
    return on_floats(torch.exp, data)


@exp.fast_gradient
def _(b: Backward):
    return (b.grads[0] * b.outputs[0],)


@elementwise("expm1", aliases=("_sparse_expm1",))
def expm1(data: torch.Tensor) -> torch.Tensor:
    """Return e to the power of each element less 1, exact also near 0.

    Examples
    --------
    >>> print(mx.nd.expm1(mx.nd.array([0, 1])).asnumpy().round(4))
    [0.     1.7183]
    """
    return on_floats(torch.expm1, data)


@elementwise("log", aliases=("_sparse_log",))
def log(data: torch.Tensor) -> torch.Tensor:
    """Return the natural logarithm of each element; NaN below 0.

    Examples
    --------
    >>> print(mx.nd.log(mx.nd.array([1, 10])).asnumpy().round(4))
    [0.     2.3026]
    """
    return on_floats(torch.log, data)


@log.fast_gradient
def _(b: Backward):
    return (b.grads[0] / b.inputs[0],)


@elementwise("log10", aliases=("_sparse_log10",))
def log10(data: torch.Tensor) -> torch.Tensor:
    """Return the logarithm to base 10 of each element.

    Examples
    --------
    >>> mx.nd.log10(mx.nd.array([1, 100])).asnumpy().tolist()
    [0.0, 2.0]
    """
    return on_floats(torch.log10, data)


@elementwise("log1p", aliases=("_sparse_log1p",))
def log1p(data: torch.Tensor) -> torch.Tensor:
    """Return the natural logarithm of 1 plus each element, exact also near 0.

    Examples
    --------
    >>> print(mx.nd.log1p(mx.nd.array([0, 1])).asnumpy().round(4))
    [0.     0.6931]
    """
    return on_floats(torch.log1p, data)


@elementwise("log2", aliases=("_sparse_log2",))
def log2(data: torch.Tensor) -> torch.Tensor:
    """Return the logarithm to base 2 of each element.

    Examples
    --------
    >>> mx.nd.log2(mx.nd.array([1, 8])).asnumpy().tolist()
    [0.0, 3.0]
    """
    return on_floats(torch.log2, data)


@elementwise("sqrt", aliases=("_sparse_sqrt",))
def sqrt(data: torch.Tensor) -> torch.Tensor:
    """Return the square root of each element; NaN below 0.

    Examples
    --------
    >>> mx.nd.sqrt(mx.nd.array([4, 9])).asnumpy().tolist()
    [2.0, 3.0]
    """
    return on_floats(torch.sqrt, data)


@sqrt.fast_gradient
def _(b: Backward):
    return (b.grads[0] / (2 * b.outputs[0]),)


@elementwise("rsqrt", aliases=("_sparse_rsqrt",))
def rsqrt(data: torch.Tensor) -> torch.Tensor:
    """Return 1 over the square root of each element.

    Examples
    --------
    >>> mx.nd.rsqrt(mx.nd.array([4, 16])).asnumpy().tolist()
    [0.5, 0.25]
    """
    return on_floats(torch.rsqrt, data)


@rsqrt.gradient
def _(b: Backward):
    return (b.grads[0] * b.outputs[0].abs().pow(3) * -0.5,)


def _cube_root(data: torch.Tensor) -> torch.Tensor:
    """Return ``x * r`` with ``r = abs(x)**(-2/3)``.

    The exponent is too coarse in float32, so that a step of Newton's method for
    ``abs(x)**2 * r**3 = 1`` follows: ``r * (4 - abs(x)**2 * r**3) / 3``.
    """
    x = data if data.dtype is torch.float64 else data.float()
    limits = torch.finfo(x.dtype)
    size = x.abs().clamp(limits.smallest_normal * limits.eps, limits.max)
    root = size.log2().mul(-2 / 3).exp2()
    error = (size * root).square() * root
    return x * (root * (4 - error) / 3)


@elementwise("cbrt", aliases=("_sparse_cbrt",))
def cbrt(data: torch.Tensor) -> torch.Tensor:
    """Return the real cube root of each element, negative for negative ones.

    Examples
    --------
    >>> print(mx.nd.cbrt(mx.nd.array([-8, 27])).asnumpy().round(4))
    [-2.  3.]
    """
    return on_floats(_cube_root, data).to(data.dtype)


@cbrt.gradient
def _(b: Backward):
    return (b.grads[0] * b.outputs[0].pow(-2) / 3,)


@elementwise("rcbrt")
def rcbrt(data: torch.Tensor) -> torch.Tensor:
    """Return 1 over the real cube root of each element.

    Examples
    --------
    >>> print(mx.nd.rcbrt(mx.nd.array([-8, 27])).asnumpy().round(4))
    [-0.5     0.3333]
    """
    return on_floats(lambda x: _cube_root(x).reciprocal(), data).to(data.dtype)


@rcbrt.gradient
def _(b: Backward):
    return (b.grads[0] * b.outputs[0].square().square() / -3,)


@elementwise("square", aliases=("_sparse_square",))
def square(data: torch.Tensor) -> torch.Tensor:
    """Return the square of each element.

    Examples
    --------
    >>> mx.nd.square(mx.nd.array([-3, 4])).asnumpy().tolist()
    [9.0, 16.0]
    """
    refuse_bool(data)
    return torch.square(data)


@square.fast_gradient
def _(b: Backward):
    return (b.grads[0] * b.inputs[0] * 2,)


@elementwise("reciprocal")
def reciprocal(data: torch.Tensor) -> torch.Tensor:
    """Return 1 over each element.

    Examples
    --------
    >>> mx.nd.reciprocal(mx.nd.array([2, -4])).asnumpy().tolist()
    [0.5, -0.25]
    """
    return on_floats(torch.reciprocal, data)
