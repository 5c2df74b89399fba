"""Comparisons and logic: results are 1 for true and 0 for false, in the dtype of the inputs.

A number is true unless it is 0 (NaN is true); a comparison with NaN is false, except `not_equal`.
Gradients are 0.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch

from ..registry import Operator
from ..rules import zero_gradient
from .forms import (
    Number,
    broadcasting,
    compared,
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
    return compared(torch.eq, data, 0)


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
    return compared(torch.eq, lhs, rhs)


@broadcasting("broadcast_not_equal")
def broadcast_not_equal(lhs: torch.Tensor, rhs: torch.Tensor) -> torch.Tensor:
    """Return 1 where two arrays that broadcast differ, else 0.

    Examples
    --------
    >>> mx.nd.broadcast_not_equal(mx.nd.array([[1], [2]]), mx.nd.array([[1]])).asnumpy().tolist()
    [[0.0], [1.0]]
    """
    return compared(torch.ne, lhs, rhs)


@broadcasting("broadcast_greater")
def broadcast_greater(lhs: torch.Tensor, rhs: torch.Tensor) -> torch.Tensor:
    """Return 1 where `lhs` is greater than `rhs`, which broadcast, else 0.

    Examples
    --------
    >>> mx.nd.broadcast_greater(mx.nd.array([[1], [2]]), mx.nd.array([[1]])).asnumpy().tolist()
    [[0.0], [1.0]]
    """
    return compared(torch.gt, lhs, rhs)


@broadcasting("broadcast_greater_equal")
def broadcast_greater_equal(lhs: torch.Tensor, rhs: torch.Tensor) -> torch.Tensor:
    """Return 1 where `lhs` is at least `rhs`, which broadcast, else 0.

    Examples
    --------
    >>> mx.nd.broadcast_greater_equal(mx.nd.array([[0, 1]]), mx.nd.array([[1]])).asnumpy().tolist()
    [[0.0, 1.0]]
    """
    return compared(torch.ge, lhs, rhs)


@broadcasting("broadcast_lesser")
def broadcast_lesser(lhs: torch.Tensor, rhs: torch.Tensor) -> torch.Tensor:
    """Return 1 where `lhs` is less than `rhs`, which broadcast, else 0.

    Examples
    --------
    >>> mx.nd.broadcast_lesser(mx.nd.array([[0], [1]]), mx.nd.array([[1]])).asnumpy().tolist()
    [[1.0], [0.0]]
    """
    return compared(torch.lt, lhs, rhs)


@broadcasting("broadcast_lesser_equal")
def broadcast_lesser_equal(lhs: torch.Tensor, rhs: torch.Tensor) -> torch.Tensor:
    """Return 1 where `lhs` is at most `rhs`, which broadcast, else 0.

    Examples
    --------
    >>> mx.nd.broadcast_lesser_equal(mx.nd.array([[1], [2]]), mx.nd.array([[1]])).asnumpy().tolist()
    [[1.0], [0.0]]
    """
    return compared(torch.le, lhs, rhs)


def _truth(data: torch.Tensor) -> torch.Tensor:
    """Return 1 for true and 0 for false elements, in the dtype of `data`."""
    return compared(torch.ne, data, 0)


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
    return compared(torch.ne, _truth(lhs), _truth(rhs))


Compare = Callable[[torch.Tensor, Number], torch.Tensor]


def _and(data: torch.Tensor, number: Number) -> torch.Tensor:
    return _truth(data) if number else torch.zeros_like(data)


def _or(data: torch.Tensor, number: Number) -> torch.Tensor:
    return torch.ones_like(data) if number else _truth(data)


def _xor(data: torch.Tensor, number: Number) -> torch.Tensor:
    return compared(torch.eq, data, 0) if number else _truth(data)


# The stem of the names, its spelling in MXNet 0.x, the comparison with a number.
_FORMS: tuple[tuple[str, str, Operator, Compare], ...] = (
    ("equal", "Equal", broadcast_equal, partial(compared, torch.eq)),
    ("not_equal", "Not_Equal", broadcast_not_equal, partial(compared, torch.ne)),
    ("greater", "Greater", broadcast_greater, partial(compared, torch.gt)),
    ("greater_equal", "Greater_Equal", broadcast_greater_equal, partial(compared, torch.ge)),
    ("lesser", "Lesser", broadcast_lesser, partial(compared, torch.lt)),
    ("lesser_equal", "Lesser_Equal", broadcast_lesser_equal, partial(compared, torch.le)),
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
        _compare,
        f"`{_broadcasts.name}` of `data` and a number",
    ).gradient(zero_gradient)
