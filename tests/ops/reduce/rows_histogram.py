"""Rows for histograms: edges, elements outside, NaN, integers."""

from tests.ops.rows import Row, uniform, values

NAN, INF = float("nan"), float("inf")
DATA = values([[1.0, 2.0, 3.0, 0.5], [9.0, 10.0, 0.0, -1.0]])
EVEN = {"bin_cnt": 5, "range": (0, 10)}

ROWS = [
    Row("_histogram", [DATA], EVEN, dtypes=("float16", "float32", "float64"), gradient=False),
    Row("_histogram", [uniform(-1, 2, 40)], {"bin_cnt": 7, "range": (-0.5, 1.7)}, gradient=False),
    Row("_histogram", [values([1, 2, 3, 9, 10, 0])], EVEN, ("int32", "uint8"), gradient=False),
    Row("_histogram", [DATA, values([0.0, 1.0, 2.0, 5.0, 10.0])], gradient=False),
    Row("_histogram", [values([NAN, INF, -INF, 1.0])], EVEN, gradient=False),
    Row("_histogram", [DATA], {"bin_cnt": 5, "range": (10, 0)}, raises=True),
    Row("_histogram", [DATA], {"bin_cnt": 5}, raises=True),
]
ROWS += [Row("_histogram", [(5,)], {"bin_cnt": 5, "range": (0, 1)})]
