"""Rows for circular and hyperbolic functions."""

from tests.ops.elementwise.siblings import unary_rows

ROWS = [
    *unary_rows("sin", -3, 3),
    *unary_rows("cos", -3, 3),
    *unary_rows("tan", -1.2, 1.2),
    *unary_rows("arcsin", -0.9, 0.9),
    *unary_rows("arccos", -0.9, 0.9),
    *unary_rows("arctan", -3, 3),
    *unary_rows("sinh", -2, 2),
    *unary_rows("cosh", -2, 2),
    *unary_rows("tanh", -2, 2),
    *unary_rows("arcsinh", -3, 3),
    *unary_rows("arccosh", 1.2, 3),
    *unary_rows("arctanh", -0.9, 0.9),
    *unary_rows("degrees", -3, 3),
    *unary_rows("radians", -180, 180),
]
