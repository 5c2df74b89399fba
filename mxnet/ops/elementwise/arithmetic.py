"""Arithmetic of two or more arrays; `scalar.py` has the forms whose one side is a number.

The `elemwise_*` operators ask for equal shapes, the `broadcast_*` operators broadcast like NumPy.
"""

from __future__ import annotations

from functools import reduce

import torch

from ...base import MXNetError
from ..registry import Backward
from ..rules import require_same_shape
from .forms import as_numbers, broadcasting, elementwise, equal_shape_form, on_floats, sum_to


@elementwise("elemwise_add", aliases=("_Plus", "_add", "_plus", "_sparse_elemwise_add"))
def elemwise_add(lhs: torch.Tensor, rhs: torch.Tensor) -> torch.Tensor:
    """Return the sum of two arrays of one shape.

    Parameters
    ----------
    lhs, rhs : NDArray or Symbol
        Two arrays of one shape and dtype.

    Returns
    -------
    NDArray or Symbol
        Same shape and dtype.

    Raises
    ------
    MXNetError
        If the shapes or dtypes differ.

    Examples
    --------
    >>> mx.nd.elemwise_add(mx.nd.array([1, 2]), mx.nd.array([3, 4])).asnumpy().tolist()
    [4.0, 6.0]
    """
    require_same_shape(lhs, rhs)
    return torch.add(lhs, rhs)


@elementwise("_grad_add")
def grad_add(lhs: torch.Tensor, rhs: torch.Tensor) -> torch.Tensor:
    """Return the sum of two gradients of one shape."""
    require_same_shape(lhs, rhs)
    return torch.add(lhs, rhs)


@elementwise("elemwise_sub", aliases=("_Minus", "_minus", "_sub", "_sparse_elemwise_sub"))
def elemwise_sub(lhs: torch.Tensor, rhs: torch.Tensor) -> torch.Tensor:
    """Return the difference of two arrays of one shape.

    Examples
    --------
    >>> mx.nd.elemwise_sub(mx.nd.array([1, 2]), mx.nd.array([3, 5])).asnumpy().tolist()
    [-2.0, -3.0]
    """
    require_same_shape(lhs, rhs)
    return torch.sub(lhs, rhs)


@elementwise("elemwise_mul", aliases=("_Mul", "_mul", "_sparse_elemwise_mul"))
def elemwise_mul(lhs: torch.Tensor, rhs: torch.Tensor) -> torch.Tensor:
    """Return the product of two arrays of one shape, element by element.

    Examples
    --------
    >>> mx.nd.elemwise_mul(mx.nd.array([1, 2]), mx.nd.array([3, 4])).asnumpy().tolist()
    [3.0, 8.0]
    """
    require_same_shape(lhs, rhs)
    return torch.mul(lhs, rhs)


def divide(lhs: torch.Tensor, rhs: torch.Tensor) -> torch.Tensor:
    """Return the quotient; of integers the fraction is cut."""
    if lhs.dtype.is_floating_point:
        return torch.div(lhs, rhs)
    try:
        return torch.div(lhs, rhs, rounding_mode="trunc")
    except RuntimeError as error:
        if "ZeroDivisionError" not in str(error):
            raise
        raise MXNetError("the divisor holds a 0, by which integers can not be divided") from None


@elementwise("elemwise_div", aliases=("_Div", "_div", "_sparse_elemwise_div"))
def elemwise_div(lhs: torch.Tensor, rhs: torch.Tensor) -> torch.Tensor:
    """Return the quotient of two arrays of one shape; of integers the fraction is cut.

    Examples
    --------
    >>> mx.nd.elemwise_div(mx.nd.array([1, 9]), mx.nd.array([4, 3])).asnumpy().tolist()
    [0.25, 3.0]
    """
    require_same_shape(lhs, rhs)
    return divide(lhs, rhs)


@elementwise("_scatter_elemwise_div")
def scatter_elemwise_div(lhs: torch.Tensor, rhs: torch.Tensor) -> torch.Tensor:
    """Return `elemwise_div`; of a sparse `lhs` only for the rows that it stores."""
    require_same_shape(lhs, rhs)
    return divide(lhs, rhs)


@broadcasting(
    "broadcast_add",
    aliases=("broadcast_plus", "_sparse_broadcast_add", "_sparse_broadcast_plus"),
)
def broadcast_add(lhs: torch.Tensor, rhs: torch.Tensor) -> torch.Tensor:
    """Return the sum of two arrays that broadcast.

    Parameters
    ----------
    lhs, rhs : NDArray or Symbol
        Two arrays of one dtype. Shapes are aligned at their last axes; where one array has length 1
        or lacks the axis, it is repeated.

    Returns
    -------
    NDArray or Symbol
        The broadcast shape, and the dtype of the inputs.

    Raises
    ------
    MXNetError
        If the shapes do not broadcast or the dtypes differ.

    Examples
    --------
    >>> mx.nd.broadcast_add(mx.nd.array([[1], [2]]), mx.nd.array([[10, 20]])).asnumpy().tolist()
    [[11.0, 21.0], [12.0, 22.0]]
    """
    return torch.add(lhs, rhs)


@broadcasting(
    "broadcast_sub",
    aliases=("broadcast_minus", "_sparse_broadcast_sub", "_sparse_broadcast_minus"),
)
def broadcast_sub(lhs: torch.Tensor, rhs: torch.Tensor) -> torch.Tensor:
    """Return the difference of two arrays that broadcast.

    Examples
    --------
    >>> mx.nd.broadcast_sub(mx.nd.array([[1], [2]]), mx.nd.array([[10, 20]])).asnumpy().tolist()
    [[-9.0, -19.0], [-8.0, -18.0]]
    """
    return torch.sub(lhs, rhs)


@broadcasting("broadcast_mul", aliases=("_sparse_broadcast_mul",))
def broadcast_mul(lhs: torch.Tensor, rhs: torch.Tensor) -> torch.Tensor:
    """Return the product of two arrays that broadcast, element by element.

    Examples
    --------
    >>> mx.nd.broadcast_mul(mx.nd.array([[1], [2]]), mx.nd.array([[10, 20]])).asnumpy().tolist()
    [[10.0, 20.0], [20.0, 40.0]]
    """
    return torch.mul(lhs, rhs)


@broadcasting("broadcast_div", aliases=("_sparse_broadcast_div",))
def broadcast_div(lhs: torch.Tensor, rhs: torch.Tensor) -> torch.Tensor:
    """Return the quotient of two arrays that broadcast; of integers the fraction is cut.

    Examples
    --------
    >>> mx.nd.broadcast_div(mx.nd.array([[1], [2]]), mx.nd.array([[2, 4]])).asnumpy().tolist()
    [[0.5, 0.25], [1.0, 0.5]]
    """
    return divide(lhs, rhs)


def _add_gradient(b: Backward):
    grad, (lhs, rhs), (left, right) = b.grads[0], b.inputs, b.needs
    return sum_to(grad, lhs) if left else None, sum_to(grad, rhs) if right else None


def _sub_gradient(b: Backward):
    grad, (lhs, rhs), (left, right) = b.grads[0], b.inputs, b.needs
    return sum_to(grad, lhs) if left else None, sum_to(-grad, rhs) if right else None


def _mul_gradient(b: Backward):
    grad, (lhs, rhs), (left, right) = b.grads[0], b.inputs, b.needs
    return sum_to(grad * rhs, lhs) if left else None, sum_to(grad * lhs, rhs) if right else None


def _div_gradient(b: Backward):
    (lhs, rhs), (left, right) = b.inputs, b.needs
    share = b.grads[0] / rhs
    return (
        sum_to(share, lhs) if left else None,
        sum_to(-share * b.outputs[0], rhs) if right else None,
    )


for _rule, _operators in (
    (_add_gradient, (elemwise_add, broadcast_add, grad_add)),
    (_sub_gradient, (elemwise_sub, broadcast_sub)),
    (_mul_gradient, (elemwise_mul, broadcast_mul)),
    (_div_gradient, (elemwise_div, broadcast_div, scatter_elemwise_div)),
):
    for _operator in _operators:
        _operator.fast_gradient(_rule)


@elementwise("add_n", aliases=("ElementWiseSum", "_sparse_ElementWiseSum", "_sparse_add_n"))
def add_n(*args: torch.Tensor) -> torch.Tensor:
    """Return the sum of any number of arrays.

    Parameters
    ----------
    *args : NDArray or Symbol
        At least one array; all of one shape and dtype.

    Returns
    -------
    NDArray or Symbol
        Same shape and dtype.

    Examples
    --------
    >>> mx.nd.add_n(mx.nd.array([1]), mx.nd.array([3]), mx.nd.array([5])).asnumpy().tolist()
    [9.0]
    """
    for other in args[1:]:
        require_same_shape(args[0], other)
    if len(args) < 3:
        return reduce(torch.add, args)
    return reduce(torch.Tensor.add_, args[2:], args[0] + args[1])


@add_n.fast_gradient
def _(b: Backward):
    return [b.grads[0] if need else None for need in b.needs]


@broadcasting("broadcast_mod")
def broadcast_mod(lhs: torch.Tensor, rhs: torch.Tensor) -> torch.Tensor:
    """Return the remainder of two arrays that broadcast; it has the sign of `rhs`.

    Where `rhs` is 0, so is the result. Gradients are 1 for `lhs`, ``-floor(lhs / rhs)`` for `rhs`.

    Examples
    --------
    >>> mx.nd.broadcast_mod(mx.nd.array([[-7], [7]]), mx.nd.array([[3, -3]])).asnumpy().tolist()
    [[2.0, -1.0], [1.0, -2.0]]
    """
    zero = rhs == 0
    if not lhs.dtype.is_floating_point:
        rhs = rhs.masked_fill(zero, 1)  # torch raises where an integer is divided by 0
    return torch.remainder(lhs, rhs).masked_fill(zero, 0)


@broadcast_mod.gradient
def _(b: Backward):
    grad, (lhs, rhs) = b.grads[0], b.inputs
    return sum_to(grad, lhs), sum_to(-grad * torch.floor(lhs / rhs), rhs)


@broadcasting("broadcast_power")
def broadcast_power(lhs: torch.Tensor, rhs: torch.Tensor) -> torch.Tensor:
    """Return `lhs` to the power of `rhs`, which broadcast; NaN for a fraction of a negative number.

    Examples
    --------
    >>> mx.nd.broadcast_power(mx.nd.array([[2], [3]]), mx.nd.array([[2, 3]])).asnumpy().tolist()
    [[4.0, 8.0], [9.0, 27.0]]
    """
    return torch.pow(lhs, rhs)


@broadcasting("broadcast_maximum")
def broadcast_maximum(lhs: torch.Tensor, rhs: torch.Tensor) -> torch.Tensor:
    """Return the greater elements of two arrays that broadcast; NaN where either is NaN.

    At ties the gradient goes to `lhs`, at NaN to neither.

    Examples
    --------
    >>> mx.nd.broadcast_maximum(mx.nd.array([[1], [3]]), mx.nd.array([[2]])).asnumpy().tolist()
    [[2.0], [3.0]]
    """
    return torch.maximum(lhs, rhs)


@broadcast_maximum.gradient
def _(b: Backward):
    grad, (lhs, rhs) = b.grads[0], b.inputs
    left, right = as_numbers(lhs >= rhs, grad.dtype), as_numbers(lhs < rhs, grad.dtype)
    return sum_to(grad * left, lhs), sum_to(grad * right, rhs)


@broadcasting("broadcast_minimum")
def broadcast_minimum(lhs: torch.Tensor, rhs: torch.Tensor) -> torch.Tensor:
    """Return the smaller elements of two arrays that broadcast; NaN where either is NaN.

    At ties the gradient goes to `lhs`, at NaN to neither.

    Examples
    --------
    >>> mx.nd.broadcast_minimum(mx.nd.array([[1], [3]]), mx.nd.array([[2]])).asnumpy().tolist()
    [[1.0], [2.0]]
    """
    return torch.minimum(lhs, rhs)


@broadcast_minimum.gradient
def _(b: Backward):
    grad, (lhs, rhs) = b.grads[0], b.inputs
    left, right = as_numbers(lhs <= rhs, grad.dtype), as_numbers(lhs > rhs, grad.dtype)
    return sum_to(grad * left, lhs), sum_to(grad * right, rhs)


@broadcasting("broadcast_hypot")
def broadcast_hypot(lhs: torch.Tensor, rhs: torch.Tensor) -> torch.Tensor:
    """Return ``sqrt(lhs**2 + rhs**2)`` of two arrays that broadcast, without overflow.

    Examples
    --------
    >>> mx.nd.broadcast_hypot(mx.nd.array([[3], [0]]), mx.nd.array([[4]])).asnumpy().tolist()
    [[5.0], [4.0]]
    """
    return on_floats(torch.hypot, lhs, rhs)


mod = equal_shape_form("_mod", ("_Mod",), broadcast_mod)
power = equal_shape_form("_power", ("_Power",), broadcast_power)
maximum = equal_shape_form("_maximum", ("_Maximum",), broadcast_maximum)
minimum = equal_shape_form("_minimum", ("_Minimum",), broadcast_minimum)
hypot = equal_shape_form("_hypot", ("_Hypot",), broadcast_hypot)
