"""Rows for the error function and the gamma function."""

from tests.ops.elementwise.siblings import NAN, unary_rows, without_gradient
from tests.ops.rows import Row, normal, uniform, values

INF = float("inf")

ROWS = [
    *unary_rows("erf", -2, 2),
    *unary_rows("erfinv", -0.9, 0.9),
    *unary_rows("gamma", 0.5, 4, [1.0, 5.0, NAN, INF, -1.0, -2.0, -0.5, -1.5, 12.5]),
    *unary_rows("gammaln", 0.5, 4, [1.0, 5.0, NAN, INF, -0.5, -1.5, 100.0]),
    Row("gamma", [uniform(-3.9, -3.1, 5)], dtypes=("float32", "float64")),
    Row("erfinv", [values([0.999, -0.999, 1e-3])], dtypes=("float32", "float64"), numeric=False),
    without_gradient("gamma", [0.0, -0.0, 40.0, -INF]),
    without_gradient("gammaln", [0.0, -1.0, -2.0, -INF]),
    Row("gammaln", [normal(4, mean=5.0)]),
]
