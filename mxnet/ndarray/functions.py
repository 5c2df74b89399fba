"""Arithmetic and comparison as functions: both operands may be an array or a number."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import arithmetic
from .arithmetic import Binary


def _apply(name: str, binary: Binary, lhs: Any, rhs: Any, numbers: Any) -> Any:
    """Apply `binary` to arrays and numbers, `numbers` to two numbers."""
    if hasattr(lhs, "_data"):
        result = binary(lhs, rhs)
    elif hasattr(rhs, "_data"):
        result = binary.swapped(rhs, lhs)
    elif isinstance(lhs, (float, int, np.generic)) and isinstance(rhs, (float, int, np.generic)):
        return numbers(lhs, rhs)
    else:
        result = NotImplemented
    if result is NotImplemented:
        raise TypeError(
            f"{name}: operands are {type(lhs).__name__} and {type(rhs).__name__}, "
            "but must be NDArrays or numbers."
        )
    return result


def add(lhs: Any, rhs: Any) -> Any:
    """Return lhs + rhs with broadcasting."""
    return _apply("add", arithmetic.ADD, lhs, rhs, lambda a, b: a + b)


def subtract(lhs: Any, rhs: Any) -> Any:
    """Return lhs - rhs with broadcasting."""
    return _apply("subtract", arithmetic.SUBTRACT, lhs, rhs, lambda a, b: a - b)


def multiply(lhs: Any, rhs: Any) -> Any:
    """Return lhs * rhs with broadcasting."""
    return _apply("multiply", arithmetic.MULTIPLY, lhs, rhs, lambda a, b: a * b)


def divide(lhs: Any, rhs: Any) -> Any:
    """Return lhs / rhs with broadcasting."""
    return _apply("divide", arithmetic.DIVIDE, lhs, rhs, lambda a, b: a / b)


true_divide = divide


def modulo(lhs: Any, rhs: Any) -> Any:
    """Return the remainder of lhs / rhs with broadcasting."""
    return _apply("modulo", arithmetic.MODULO, lhs, rhs, lambda a, b: a % b)


def power(base: Any, exp: Any) -> Any:
    """Return base to the power of exp with broadcasting."""
    return _apply("power", arithmetic.POWER, base, exp, lambda a, b: a**b)


def maximum(lhs: Any, rhs: Any) -> Any:
    """Return the larger of both, element by element, with broadcasting."""
    return _apply("maximum", arithmetic.MAXIMUM, lhs, rhs, lambda a, b: a if a > b else b)


def minimum(lhs: Any, rhs: Any) -> Any:
    """Return the smaller of both, element by element, with broadcasting."""
    return _apply("minimum", arithmetic.MINIMUM, lhs, rhs, lambda a, b: a if a < b else b)


def equal(lhs: Any, rhs: Any) -> Any:
    """Return 1 where lhs == rhs and 0 elsewhere, with broadcasting."""
    return _apply("equal", arithmetic.EQUAL, lhs, rhs, lambda a, b: int(a == b))


def not_equal(lhs: Any, rhs: Any) -> Any:
    """Return 1 where lhs != rhs and 0 elsewhere, with broadcasting."""
    return _apply("not_equal", arithmetic.NOT_EQUAL, lhs, rhs, lambda a, b: int(a != b))


def greater(lhs: Any, rhs: Any) -> Any:
    """Return 1 where lhs > rhs and 0 elsewhere, with broadcasting."""
    return _apply("greater", arithmetic.GREATER, lhs, rhs, lambda a, b: int(a > b))


def greater_equal(lhs: Any, rhs: Any) -> Any:
    """Return 1 where lhs >= rhs and 0 elsewhere, with broadcasting."""
    return _apply("greater_equal", arithmetic.GREATER_EQUAL, lhs, rhs, lambda a, b: int(a >= b))


def lesser(lhs: Any, rhs: Any) -> Any:
    """Return 1 where lhs < rhs and 0 elsewhere, with broadcasting."""
    return _apply("lesser", arithmetic.LESSER, lhs, rhs, lambda a, b: int(a < b))


def lesser_equal(lhs: Any, rhs: Any) -> Any:
    """Return 1 where lhs <= rhs and 0 elsewhere, with broadcasting."""
    return _apply("lesser_equal", arithmetic.LESSER_EQUAL, lhs, rhs, lambda a, b: int(a <= b))


def logical_and(lhs: Any, rhs: Any) -> Any:
    """Return 1 where both are non-zero and 0 elsewhere, with broadcasting."""
    return _apply("logical_and", arithmetic.LOGICAL_AND, lhs, rhs, lambda a, b: int(bool(a and b)))


def logical_or(lhs: Any, rhs: Any) -> Any:
    """Return 1 where either is non-zero and 0 elsewhere, with broadcasting."""
    return _apply("logical_or", arithmetic.LOGICAL_OR, lhs, rhs, lambda a, b: int(bool(a or b)))


def logical_xor(lhs: Any, rhs: Any) -> Any:
    """Return 1 where exactly one is non-zero and 0 elsewhere, with broadcasting."""
    return _apply(
        "logical_xor", arithmetic.LOGICAL_XOR, lhs, rhs, lambda a, b: int(bool(a) ^ bool(b))
    )
