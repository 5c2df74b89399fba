"""Comparisons and logic: results are 1 for true and 0 for false, in the dtype of the inputs.

A number is true unless it is 0 (NaN is true); a comparison with NaN is false, except `not_equal`.
Gradients are 0.
"""

from __future__ import annotations

from collections.abc import Callable

import torch

from ..registry import Operator
from ..rules import zero_gradient
from .forms import (
    Number,
    as_numbers,
    broadcasting,
    elementwise,
    equal_shape_form,
    refuse_bool,
    scalar_form_of,
)


@elementwise("logical_not")
def logical_not(data: torch.Tensor) -> torch.Tensor:
    """Return 1 where an element is 0, else 0.

    Examples
    --------
    >>> mx.nd.logical_not(mx.nd.array([0, 2, np.nan])).asnumpy().tolist()
    [1.0, 0.0, 0.0]
    """
    refuse_bool(data)
    return data.clone().eq_(0)


@broadcasting("broadcast_equal")
def broadcast_equal(lhs: torch.Tensor, rhs: torch.Tensor) -> torch.Tensor:
    """Return 1 where two arrays that broadcast are equal, else 0.

    Parameters
    ----------
    lhs, rhs : NDArray or Symbol
        Two arrays of one dtype whose shapes broadcast.

    Returns
    -------
    NDArray or Symbol
        The broadcast shape, and the dtype of the inputs.

    Examples
    --------
    >>> mx.nd.broadcast_equal(mx.nd.array([[1], [2]]), mx.nd.array([[1, 2]])).asnumpy().tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    return as_numbers(torch.eq(lhs, rhs), lhs.dtype)


@broadcasting("broadcast_not_equal")
def broadcast_not_equal(lhs: torch.Tensor, rhs: torch.Tensor) -> torch.Tensor:
    """Return 1 where two arrays that broadcast differ, else 0.

    Examples
    --------
    >>> mx.nd.broadcast_not_equal(mx.nd.array([[1], [2]]), mx.nd.array([[1]])).asnumpy().tolist()
    [[0.0], [1.0]]
    """
    return as_numbers(torch.ne(lhs, rhs), lhs.dtype)


@broadcasting("broadcast_greater")
def broadcast_greater(lhs: torch.Tensor, rhs: torch.Tensor) -> torch.Tensor:
    """Return 1 where `lhs` is greater than `rhs`, which broadcast, else 0.

    Examples
    --------
    >>> mx.nd.broadcast_greater(mx.nd.array([[1], [2]]), mx.nd.array([[1]])).asnumpy().tolist()
    [[0.0], [1.0]]
    """
    return as_numbers(torch.gt(lhs, rhs), lhs.dtype)


@broadcasting("broadcast_greater_equal")
def broadcast_greater_equal(lhs: torch.Tensor, rhs: torch.Tensor) -> torch.Tensor:
    """Return 1 where `lhs` is at least `rhs`, which broadcast, else 0.

    Examples
    --------
    >>> mx.nd.broadcast_greater_equal(mx.nd.array([[0, 1]]), mx.nd.array([[1]])).asnumpy().tolist()
    [[0.0, 1.0]]
    """
    return as_numbers(torch.ge(lhs, rhs), lhs.dtype)


@broadcasting("broadcast_lesser")
def broadcast_lesser(lhs: torch.Tensor, rhs: torch.Tensor) -> torch.Tensor:
    """Return 1 where `lhs` is less than `rhs`, which broadcast, else 0.

    Examples
    --------
    >>> mx.nd.broadcast_lesser(mx.nd.array([[0], [1]]), mx.nd.array([[1]])).asnumpy().tolist()
    [[1.0], [0.0]]
    """
    return as_numbers(torch.lt(lhs, rhs), lhs.dtype)


@broadcasting("broadcast_lesser_equal")
def broadcast_lesser_equal(lhs: torch.Tensor, rhs: torch.Tensor) -> torch.Tensor:
    """Return 1 where `lhs` is at most `rhs`, which broadcast, else 0.

    Examples
    --------
    >>> mx.nd.broadcast_lesser_equal(mx.nd.array([[1], [2]]), mx.nd.array([[1]])).asnumpy().tolist()
    [[1.0], [0.0]]
    """
    return as_numbers(torch.le(lhs, rhs), lhs.dtype)


def _truth(data: torch.Tensor) -> torch.Tensor:
    """Return 1 for true and 0 for false elements, in the dtype of `data`."""
    return data.clone().ne_(0)


@broadcasting("broadcast_logical_and")
def broadcast_logical_and(lhs: torch.Tensor, rhs: torch.Tensor) -> torch.Tensor:
    """Return 1 where two arrays that broadcast are both true (not 0), else 0.

    Examples
    --------
    >>> mx.nd.broadcast_logical_and(mx.nd.array([[0], [2]]), mx.nd.array([[3]])).asnumpy().tolist()
    [[0.0], [1.0]]
    """
    return _truth(lhs) * _truth(rhs)


@broadcasting("broadcast_logical_or")
def broadcast_logical_or(lhs: torch.Tensor, rhs: torch.Tensor) -> torch.Tensor:
    """Return 1 where at least one of two arrays that broadcast is true (not 0), else 0.

    Examples
    --------
    >>> mx.nd.broadcast_logical_or(mx.nd.array([[0], [2]]), mx.nd.array([[0]])).asnumpy().tolist()
    [[0.0], [1.0]]
    """
    return torch.maximum(_truth(lhs), _truth(rhs))


@broadcasting("broadcast_logical_xor")
def broadcast_logical_xor(lhs: torch.Tensor, rhs: torch.Tensor) -> torch.Tensor:
    """Return 1 where exactly one of two arrays that broadcast is true (not 0), else 0.

    Examples
    --------
    >>> mx.nd.broadcast_logical_xor(mx.nd.array([[0], [2]]), mx.nd.array([[3]])).asnumpy().tolist()
    [[1.0], [0.0]]
    """
    left, right = _truth(lhs), _truth(rhs)
    return as_numbers(torch.ne(left, right), lhs.dtype)


Compare = Callable[[torch.Tensor, Number], torch.Tensor]


def _and(copy: torch.Tensor, number: Number) -> torch.Tensor:
    return copy.ne_(0) if number else copy.zero_()


def _or(copy: torch.Tensor, number: Number) -> torch.Tensor:
    return copy.fill_(1) if number else copy.ne_(0)


def _xor(copy: torch.Tensor, number: Number) -> torch.Tensor:
    return copy.eq_(0) if number else copy.ne_(0)


def _on_a_copy(compare: Compare) -> Compare:
    """Return the comparison written into a copy: much faster in torch than a mask made numbers."""

    def compared(data: torch.Tensor, number: Number) -> torch.Tensor:
        return compare(data.clone(), number)

    return compared


# The stem of the names, its spelling in MXNet 0.x, the comparison with a number.
_FORMS: tuple[tuple[str, str, Operator, Compare], ...] = (
    ("equal", "Equal", broadcast_equal, torch.Tensor.eq_),
    ("not_equal", "Not_Equal", broadcast_not_equal, torch.Tensor.ne_),
    ("greater", "Greater", broadcast_greater, torch.Tensor.gt_),
    ("greater_equal", "Greater_Equal", broadcast_greater_equal, torch.Tensor.ge_),
    ("lesser", "Lesser", broadcast_lesser, torch.Tensor.lt_),
    ("lesser_equal", "Lesser_Equal", broadcast_lesser_equal, torch.Tensor.le_),
    ("logical_and", "Logical_And", broadcast_logical_and, _and),
    ("logical_or", "Logical_Or", broadcast_logical_or, _or),
    ("logical_xor", "Logical_Xor", broadcast_logical_xor, _xor),
)

logical_not.gradient(zero_gradient)
for _stem, _old, _broadcasts, _compare in _FORMS:
    _broadcasts.gradient(zero_gradient)
    equal_shape_form(f"_{_stem}", (f"_{_old}",), _broadcasts)
    scalar_form_of(
        f"_{_stem}_scalar",
        (f"_{_old.replace('_', '')}Scalar",),
        _on_a_copy(_compare),
        f"`{_broadcasts.name}` of `data` and a number",
    ).gradient(zero_gradient)
