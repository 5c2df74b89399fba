"""Arithmetic and comparison of Symbols: which operator stands behind which sign."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ops.registry import get
from .register import call_operator

_Number = (float, int, np.generic)


class Binary:
    """A binary function of symbols and numbers.

    Parameters
    ----------
    symbols : str
        Operator for two symbols; its lower case is the stem of automatic names.
    scalar : str
        Operator for a symbol and a number.
    reflected : str, optional
        Operator for a number and a symbol, by default `scalar`.
    """

    def __init__(self, symbols: str, scalar: str, reflected: str | None = None) -> None:
        self.symbols, self.scalar, self.reflected = symbols, scalar, reflected or scalar

    def __call__(self, lhs: Any, rhs: Any) -> Any:
        """Return the function of a symbol and a symbol or a number."""
        if hasattr(rhs, "_outputs"):
            return call_operator(get(self.symbols), self.symbols, [lhs, rhs], {})
        if isinstance(rhs, _Number):
            return call_operator(get(self.scalar), self.scalar, [lhs], {"scalar": rhs})
        return NotImplemented

    def swapped(self, rhs: Any, lhs: Any) -> Any:
        """Return the function of a number and a symbol."""
        if isinstance(lhs, _Number):
            return call_operator(get(self.reflected), self.reflected, [rhs], {"scalar": lhs})
        return NotImplemented


ADD = Binary("_Plus", "_PlusScalar")
SUBTRACT = Binary("_Minus", "_MinusScalar", "_RMinusScalar")
MULTIPLY = Binary("_Mul", "_MulScalar")
DIVIDE = Binary("_Div", "_DivScalar", "_RDivScalar")
MODULO = Binary("_Mod", "_ModScalar", "_RModScalar")
POWER = Binary("_Power", "_PowerScalar", "_RPowerScalar")
MAXIMUM = Binary("_Maximum", "_MaximumScalar")
MINIMUM = Binary("_Minimum", "_MinimumScalar")
HYPOT = Binary("_Hypot", "_HypotScalar")
EQUAL = Binary("_equal", "_equal_scalar")
NOT_EQUAL = Binary("_not_equal", "_not_equal_scalar")
GREATER = Binary("_greater", "_greater_scalar", "_lesser_scalar")
GREATER_EQUAL = Binary("_greater_equal", "_greater_equal_scalar", "_lesser_equal_scalar")
LESSER = Binary("_lesser", "_lesser_scalar", "_greater_scalar")
LESSER_EQUAL = Binary("_lesser_equal", "_lesser_equal_scalar", "_greater_equal_scalar")


class Arithmetic:
    """The signs that Symbol understands; each is one of the functions above."""

    def __add__(self, other: Any) -> Any:
        return ADD(self, other)

    def __radd__(self, other: Any) -> Any:
        return ADD.swapped(self, other)

    def __sub__(self, other: Any) -> Any:
        return SUBTRACT(self, other)

    def __rsub__(self, other: Any) -> Any:
        return SUBTRACT.swapped(self, other)

    def __mul__(self, other: Any) -> Any:
        return MULTIPLY(self, other)

    def __rmul__(self, other: Any) -> Any:
        return MULTIPLY.swapped(self, other)

    def __truediv__(self, other: Any) -> Any:
        return DIVIDE(self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return DIVIDE.swapped(self, other)

    __div__, __rdiv__ = __truediv__, __rtruediv__

    def __mod__(self, other: Any) -> Any:
        return MODULO(self, other)

    def __rmod__(self, other: Any) -> Any:
        return MODULO.swapped(self, other)

    def __pow__(self, other: Any) -> Any:
        return POWER(self, other)

    def __rpow__(self, other: Any) -> Any:
        return POWER.swapped(self, other)

    def __neg__(self) -> Any:
        return MULTIPLY(self, -1.0)

    def __abs__(self) -> Any:
        return call_operator(get("abs"), "abs", [self], {})

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

    def _refuse_in_place(self, other: Any) -> Any:
        from ..base import NotImplementedForSymbol

        raise NotImplementedForSymbol("in-place arithmetic", "x = x + y")

    __iadd__ = __isub__ = __imul__ = __itruediv__ = __idiv__ = __imod__ = _refuse_in_place
