"""Arithmetic of sparse arrays: which results stay sparse.

The numbers are those of the dense forms. A sum stays sparse where both operands are sparse alike, a
product where one is and the other is dense, a number or sparse alike.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from .arithmetic import ADD, DIVIDE, MULTIPLY, SUBTRACT, Binary
from .tape import STATE


def _stype(value: Any) -> str:
    return getattr(value, "stype", "number")


def _of_sum(lhs: str, rhs: str) -> str:
    return lhs if lhs == rhs else "default"


def _of_product(lhs: str, rhs: str) -> str:
    sparse = {lhs, rhs} - {"default", "number"}
    return sparse.pop() if len(sparse) == 1 else "default"


def _of_quotient(lhs: str, rhs: str) -> str:
    return lhs if rhs == "number" else "default"


def _combine(
    binary: Binary,
    numbers: Callable[[Any, Any], Any],
    rule: Callable[[str, str], str],
    lhs: Any,
    rhs: Any,
) -> Any:
    """Return a function of two arrays or numbers with the storage type that `rule` gives."""
    if _stype(lhs) == _stype(rhs) == "number":
        return numbers(lhs, rhs)
    result = binary.swapped(rhs, lhs) if _stype(lhs) == "number" else binary(lhs, rhs)
    stype = rule(_stype(lhs), _stype(rhs))
    if result is NotImplemented or STATE.recording or stype in ("default", "number"):
        return result
    return result.tostype(stype)


def add(lhs: Any, rhs: Any) -> Any:
    """Return lhs + rhs, sparse if both are sparse alike; each an array or a number.

    Examples
    --------
    >>> x = mx.nd.array([[0, 2]]).tostype("csr")
    >>> mx.nd.sparse.add(x, x).stype, mx.nd.sparse.add(x, 1).stype
    ('csr', 'default')
    """
    return _combine(ADD, operator.add, _of_sum, lhs, rhs)


def subtract(lhs: Any, rhs: Any) -> Any:
    """Return lhs - rhs, sparse if both are sparse alike; each an array or a number."""
    return _combine(SUBTRACT, operator.sub, _of_sum, lhs, rhs)


def multiply(lhs: Any, rhs: Any) -> Any:
    """Return lhs * rhs, sparse if one is, and the other dense, a number or sparse alike."""
    return _combine(MULTIPLY, operator.mul, _of_product, lhs, rhs)


def divide(lhs: Any, rhs: Any) -> Any:
    """Return lhs / rhs, sparse if `lhs` is sparse and `rhs` a number."""
    return _combine(DIVIDE, operator.truediv, _of_quotient, lhs, rhs)


class SparseArithmetic:
    """The signs that sparse arrays read in their own way."""

    def __add__(self, other: Any) -> Any:
        return add(self, other)

    def __sub__(self, other: Any) -> Any:
        return subtract(self, other)

    def __mul__(self, other: Any) -> Any:
        return multiply(self, other)

    def __rmul__(self, other: Any) -> Any:
        if _stype(other) != "number":
            return NotImplemented  # Python asks here first; a dense left side gives a dense product
        return multiply(other, self)

    def __neg__(self) -> Any:
        return multiply(self, -1)

    def __truediv__(self, other: Any) -> Any:
        return divide(self, other)

    __div__ = __truediv__
