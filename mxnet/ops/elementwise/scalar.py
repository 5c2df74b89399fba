"""Arithmetic of an array and a number: what `x + 2`, `2 - x`, `x ** 2` and their like are made of.

The number is the attribute `scalar`; `is_int` says whether the user wrote an integer. Results keep
the dtype of floats. Integers keep theirs too if `is_int` is true (the number is then cut to an
integer and wrapped into the dtype's range), else they become float64; bool becomes int64 or
float64.
"""

from __future__ import annotations

import torch

from ..registry import Backward
from .activation import clamped
from .arithmetic import divide
from .forms import as_tensor, on_floats, scalar_form, scalar_form_of, scalar_operands


@scalar_form("_plus_scalar", aliases=("_PlusScalar",))
def plus_scalar(data: torch.Tensor, *, scalar: float = 1.0, is_int: bool = True) -> torch.Tensor:
    """Return ``data + scalar``.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape and dtype.
    scalar : float, default 1
        The number.
    is_int : bool, default True
        Whether the number was given as an integer.

    Returns
    -------
    NDArray or Symbol
        Same shape. Same dtype if `data` holds floats, or integers and `is_int` is true; else
        float64, or int64 for bool and an integer.
    """
    if data.dtype.is_floating_point:
        return torch.add(data, scalar)
    return torch.add(*scalar_operands(data, scalar, is_int))


@scalar_form("_scatter_plus_scalar")
def scatter_plus_scalar(
    data: torch.Tensor, *, scalar: float = 1.0, is_int: bool = True
) -> torch.Tensor:
    """Return `_plus_scalar`; of a sparse `data` only for the rows that it stores."""
    return torch.add(*scalar_operands(data, scalar, is_int))


@scalar_form("_minus_scalar", aliases=("_MinusScalar",))
def minus_scalar(data: torch.Tensor, *, scalar: float = 1.0, is_int: bool = True) -> torch.Tensor:
    """Return ``data - scalar``; result as of `_plus_scalar`."""
    if data.dtype.is_floating_point:
        return torch.sub(data, scalar)
    return torch.sub(*scalar_operands(data, scalar, is_int))


@scalar_form("_scatter_minus_scalar")
def scatter_minus_scalar(
    data: torch.Tensor, *, scalar: float = 1.0, is_int: bool = True
) -> torch.Tensor:
    """Return `_minus_scalar`; of a sparse `data` only for the rows that it stores."""
    return torch.sub(*scalar_operands(data, scalar, is_int))


@scalar_form("_rminus_scalar", aliases=("_RMinusScalar",))
def rminus_scalar(data: torch.Tensor, *, scalar: float = 1.0, is_int: bool = True) -> torch.Tensor:
    """Return ``scalar - data``; result as of `_plus_scalar`."""
    if data.dtype.is_floating_point:
        return torch.rsub(data, scalar)
    return torch.rsub(*scalar_operands(data, scalar, is_int))


@scalar_form("_mul_scalar", aliases=("_MulScalar",))
def mul_scalar(data: torch.Tensor, *, scalar: float = 1.0, is_int: bool = True) -> torch.Tensor:
    """Return ``data * scalar``; result as of `_plus_scalar`."""
    if data.dtype.is_floating_point:
        return torch.mul(data, scalar)
    return torch.mul(*scalar_operands(data, scalar, is_int))


@scalar_form("_div_scalar", aliases=("_DivScalar",))
def div_scalar(data: torch.Tensor, *, scalar: float = 1.0, is_int: bool = True) -> torch.Tensor:
    """Return ``data / scalar``; result as of `_plus_scalar`, of integers the fraction is cut."""
    if data.dtype.is_floating_point:
        return torch.div(data, scalar)
    data, number = scalar_operands(data, scalar, is_int)
    return divide(data, as_tensor(number, data))


@scalar_form("_rdiv_scalar", aliases=("_RDivScalar",))
def rdiv_scalar(data: torch.Tensor, *, scalar: float = 1.0, is_int: bool = True) -> torch.Tensor:
    """Return ``scalar / data``; result as of `_plus_scalar`, of integers the fraction is cut."""
    data, number = scalar_operands(data, scalar, is_int)
    return divide(as_tensor(number, data), data)


def _kept(b: Backward):
    return (b.grads[0],)


for _operator in (plus_scalar, scatter_plus_scalar, minus_scalar, scatter_minus_scalar):
    _operator.fast_gradient(_kept)


@rminus_scalar.fast_gradient
def _(b: Backward):
    return (-b.grads[0],)


@mul_scalar.fast_gradient
def _(b: Backward):
    return (b.grads[0] * b.attrs["scalar"],)


@div_scalar.fast_gradient
def _(b: Backward):
    return (b.grads[0] / b.attrs["scalar"],)


@rdiv_scalar.fast_gradient
def _(b: Backward):
    return (-b.grads[0] * b.outputs[0] / b.inputs[0],)


@scalar_form("_power_scalar", aliases=("_PowerScalar",))
def power_scalar(data: torch.Tensor, *, scalar: float = 1.0, is_int: bool = True) -> torch.Tensor:
    """Return ``data ** scalar``; result as of `_plus_scalar`."""
    if data.dtype.is_floating_point:
        return torch.pow(data, scalar)
    data, number = scalar_operands(data, scalar, is_int)
    if data.dtype.is_floating_point or number >= 0:
        return torch.pow(data, number)
    return on_floats(lambda x: torch.pow(x, number), data)  # torch refuses negative powers


@scalar_form("_rpower_scalar", aliases=("_RPowerScalar",))
def rpower_scalar(data: torch.Tensor, *, scalar: float = 1.0, is_int: bool = True) -> torch.Tensor:
    """Return ``scalar ** data``; result as of `_plus_scalar`."""
    data, number = scalar_operands(data, scalar, is_int)
    return torch.pow(as_tensor(number, data), data)


@scalar_form("_mod_scalar", aliases=("_ModScalar",))
def mod_scalar(data: torch.Tensor, *, scalar: float = 1.0, is_int: bool = True) -> torch.Tensor:
    """Return the remainder of ``data / scalar`` with the sign of `scalar`; 0 if that is 0."""
    data, number = scalar_operands(data, scalar, is_int)
    return torch.remainder(data, number) if number else torch.zeros_like(data)


mod_scalar.gradient(_kept)


@scalar_form("_rmod_scalar", aliases=("_RModScalar",))
def rmod_scalar(data: torch.Tensor, *, scalar: float = 1.0, is_int: bool = True) -> torch.Tensor:
    """Return the remainder of ``scalar / data`` with the sign of `data`; 0 where that is 0."""
    data, number = scalar_operands(data, scalar, is_int)
    zero = data == 0
    divisor = data.masked_fill(zero, 1)
    return torch.remainder(as_tensor(number, data), divisor).masked_fill(zero, 0)


@rmod_scalar.gradient
def _(b: Backward):
    return (-b.grads[0] * torch.floor(as_tensor(b.attrs["scalar"], b.inputs[0]) / b.inputs[0]),)


def _hypot(data: torch.Tensor, number: float) -> torch.Tensor:
    return on_floats(torch.hypot, data, as_tensor(number, data))


maximum_scalar = scalar_form_of(
    "_maximum_scalar",
    ("_MaximumScalar",),
    lambda data, scalar: clamped(data, low=scalar),
    "the greater of each element and `scalar`",
)
minimum_scalar = scalar_form_of(
    "_minimum_scalar",
    ("_MinimumScalar",),
    lambda data, scalar: clamped(data, high=scalar),
    "the smaller of each element and `scalar`",
)
hypot_scalar = scalar_form_of(
    "_hypot_scalar", ("_HypotScalar",), _hypot, "``sqrt(data**2 + scalar**2)``"
)
