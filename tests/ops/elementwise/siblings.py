"""Rows that siblings have in common."""

from __future__ import annotations

from typing import Any

from tests.ops.rows import Row, integers, uniform, values

FLOATS = ("float16", "float32", "float64")
INTEGERS = ("int32", "uint8")
NAN, INF = float("nan"), float("inf")
EDGES = [0.0, -0.0, 1.0, -1.0, NAN, INF, -INF]


def unary_rows(
    name: str, low: float, high: float, edges: Any = EDGES, numeric: bool = True
) -> list[Row]:
    """Rows of a function of one array: typical, integers, wrong, and `edges` with gradients."""
    whole = integers(max(0, int(low)), int(high) + 2, 6)
    return [
        Row(name, [uniform(low, high, 3, 4)], dtypes=FLOATS, numeric=numeric),
        Row(name, [uniform(low, high, 2, 1, 3)], numeric=numeric),
        Row(name, [values(edges)], numeric=False),
        Row(name, [whole], dtypes=INTEGERS, gradient=False),
        Row(name, [values([True, False])], dtypes=("bool",), raises=True),
        Row(name, [(2, 3), (2, 3)], raises=True),
    ]


def without_gradient(name: str, edges: Any) -> Row:
    """A row at points where only the values are compared."""
    return Row(name, [values(edges)], gradient=False)
