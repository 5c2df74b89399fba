"""Rows for exponentials, logarithms, roots and powers."""

from tests.ops.elementwise.siblings import INF, NAN, unary_rows, without_gradient
from tests.ops.rows import Row, normal, values

ROWS = [
    *unary_rows("exp", -2, 2),
    *unary_rows("expm1", -2, 2),
    *unary_rows("log", 0.1, 3),
    *unary_rows("log10", 0.1, 3),
    *unary_rows("log1p", -0.5, 3),
    *unary_rows("log2", 0.1, 3),
    *unary_rows("sqrt", 0.1, 3),
    *unary_rows("rsqrt", 0.5, 3, [0.0, 1.0, -1.0, NAN, INF, 16.0]),
    *unary_rows("cbrt", 0.1, 3),
    *unary_rows("rcbrt", 0.5, 3),
    *unary_rows("square", -2, 2),
    *unary_rows("reciprocal", 0.5, 3),
    Row("cbrt", [normal(2, 3)], dtypes=("float32", "float64")),
    Row("cbrt", [values([1e30, -1e-30, 1e-6])], numeric=False),
    without_gradient("rsqrt", [-0.0, -INF]),
]
