"""Arithmetic and comparison of NDArrays: which operator stands behind which sign."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..base import MXNetError
from ..dtype import NAME_OF_TORCH
from ..ops.registry import Operator, get
from .eager import invoke
from .tape import STATE, refuse_write


def _is_scalar(value: Any) -> bool:
    return isinstance(value, (float, int, np.generic))


def _decline(value: Any) -> Any:
    """Leave the operation to the other operand, unless it is a sequence.

    NumPy would convert the NDArray, and a list repeat itself.
    """
    if isinstance(value, (np.ndarray, list, tuple, str, bytes)):
        raise TypeError(
            f"An NDArray does not mix with a {type(value).__name__}; make an NDArray of it "
            "with mx.nd.array."
        )
    return NotImplemented


def _scalar_attrs(value: Any) -> dict[str, Any]:
    return {"scalar": float(value), "is_int": True}  # integer arrays cut the number, as in MXNet


class Binary:
    """A binary function of arrays and numbers, made of up to three operators.

    Parameters
    ----------
    broadcast : str
        Operator for two arrays.
    scalar : str
        Operator for an array and a number.
    reflected : str, optional
        Operator for a number and an array, by default `scalar`.
    """

    def __init__(self, broadcast: str, scalar: str, reflected: str | None = None) -> None:
        self.broadcast: Operator = get(broadcast)
        self.scalar: Operator = get(scalar)
        self.reflected: Operator = get(reflected or scalar)

    def arrays(self, lhs: Any, rhs: Any) -> Any:
        """Return the function of two arrays."""
        a, b = lhs._data, rhs._data
        if STATE.recording or a.dtype is not b.dtype:
            return invoke(self.broadcast, (lhs, rhs), {})
        try:
            kind = lhs._dense_class or type(lhs)
            return kind(self.broadcast.function(a, b), ctx=lhs._ctx)
        except RuntimeError as error:
            raise self.broadcast.explain(error, (a, b), {}) from error

    def __call__(self, lhs: Any, rhs: Any) -> Any:
        """Return the function of an array and an array or a number."""
        if hasattr(rhs, "_data"):
            return self.arrays(lhs, rhs)
        if _is_scalar(rhs):
            return invoke(self.scalar, (lhs,), _scalar_attrs(rhs))
        return _decline(rhs)

    def swapped(self, rhs: Any, lhs: Any) -> Any:
        """Return the function of a number and an array."""
        if _is_scalar(lhs):
            return invoke(self.reflected, (rhs,), _scalar_attrs(lhs))
        return _decline(lhs)

    def update(self, lhs: Any, rhs: Any) -> Any:
        """Write the function of both into `lhs`."""
        refuse_write(lhs, rhs)
        result = self(lhs, rhs)
        if result is NotImplemented:
            return result
        if result._data.dtype is not lhs._data.dtype:
            raise MXNetError(
                f"{self.broadcast.name}: the result is {NAME_OF_TORCH[result._data.dtype]}, which "
                f"is not written into an array of {NAME_OF_TORCH[lhs._data.dtype]}."
            )
        lhs._data.copy_(result._data)
        return lhs


ADD = Binary("broadcast_add", "_plus_scalar")
SUBTRACT = Binary("broadcast_sub", "_minus_scalar", "_rminus_scalar")
MULTIPLY = Binary("broadcast_mul", "_mul_scalar")
DIVIDE = Binary("broadcast_div", "_div_scalar", "_rdiv_scalar")
MODULO = Binary("broadcast_mod", "_mod_scalar", "_rmod_scalar")
POWER = Binary("broadcast_power", "_power_scalar", "_rpower_scalar")
MAXIMUM = Binary("broadcast_maximum", "_maximum_scalar")
MINIMUM = Binary("broadcast_minimum", "_minimum_scalar")
EQUAL = Binary("broadcast_equal", "_equal_scalar")
NOT_EQUAL = Binary("broadcast_not_equal", "_not_equal_scalar")
GREATER = Binary("broadcast_greater", "_greater_scalar", "_lesser_scalar")
GREATER_EQUAL = Binary("broadcast_greater_equal", "_greater_equal_scalar", "_lesser_equal_scalar")
LESSER = Binary("broadcast_lesser", "_lesser_scalar", "_greater_scalar")
LESSER_EQUAL = Binary("broadcast_lesser_equal", "_lesser_equal_scalar", "_greater_equal_scalar")
LOGICAL_AND = Binary("broadcast_logical_and", "_logical_and_scalar")
LOGICAL_OR = Binary("broadcast_logical_or", "_logical_or_scalar")
LOGICAL_XOR = Binary("broadcast_logical_xor", "_logical_xor_scalar")


class Arithmetic:
    """The signs that NDArray understands; each is one of the functions above."""

    _dense_class: Any = None  # the class of results, where it is not that of the operand

    def __add__(self, other: Any) -> Any:
        return ADD(self, other)

    def __radd__(self, other: Any) -> Any:
        return ADD.swapped(self, other)

    def __iadd__(self, other: Any) -> Any:
        return ADD.update(self, other)

    def __sub__(self, other: Any) -> Any:
        return SUBTRACT(self, other)

    def __rsub__(self, other: Any) -> Any:
        return SUBTRACT.swapped(self, other)

    def __isub__(self, other: Any) -> Any:
        return SUBTRACT.update(self, other)

    def __mul__(self, other: Any) -> Any:
        return MULTIPLY(self, other)

    def __rmul__(self, other: Any) -> Any:
        return MULTIPLY.swapped(self, other)

    def __imul__(self, other: Any) -> Any:
        return MULTIPLY.update(self, other)

    def __truediv__(self, other: Any) -> Any:
        return DIVIDE(self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return DIVIDE.swapped(self, other)

    def __itruediv__(self, other: Any) -> Any:
        return DIVIDE.update(self, other)

    __div__, __rdiv__, __idiv__ = __truediv__, __rtruediv__, __itruediv__

    def __mod__(self, other: Any) -> Any:
        return MODULO(self, other)

    def __rmod__(self, other: Any) -> Any:
        return MODULO.swapped(self, other)

    def __imod__(self, other: Any) -> Any:
        return MODULO.update(self, other)

    def __pow__(self, other: Any) -> Any:
        return POWER(self, other)

    def __rpow__(self, other: Any) -> Any:
        return POWER.swapped(self, other)

    def __neg__(self) -> Any:
        return MULTIPLY(self, -1)

    def __abs__(self: Any) -> Any:
        return invoke(get("abs"), (self,), {})

    # What both operands decline compares identities: x == None is False.

    def __eq__(self, other: object) -> Any:
        return EQUAL(self, other)

    def __ne__(self, other: object) -> Any:
        return NOT_EQUAL(self, other)

    def __gt__(self, other: Any) -> Any:
        return GREATER(self, other)

    def __ge__(self, other: Any) -> Any:
        return GREATER_EQUAL(self, other)

    def __lt__(self, other: Any) -> Any:
        return LESSER(self, other)

    def __le__(self, other: Any) -> Any:
        return LESSER_EQUAL(self, other)

    __hash__: Any = object.__hash__
