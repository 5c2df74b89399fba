"""Rows for running sums."""

from tests.ops.rows import Row, integers, values

NAN, INF = float("nan"), float("inf")

ROWS = [
    *[
        Row("cumsum", [(2, 3, 2)], attrs)
        for attrs in ({}, {"axis": 0}, {"axis": 1}, {"axis": 2}, {"axis": None}, {"axis": "1"})
    ],
    Row("cumsum", [(2, 3)], {"axis": 1}, dtypes=("float16", "float64")),
    Row("cumsum", [values([100, 100, 3])], dtypes=("int8", "uint8", "int32"), gradient=False),
    Row("cumsum", [integers(0, 2, 2, 3)], dtypes=("bool",), gradient=False),
    *[
        Row("cumsum", [integers(-9, 9, 2, 3)], {"axis": 0, "dtype": dtype}, gradient=False)
        for dtype in ("float16", "float64", "int32", "int64", "int8")
    ],
    Row("cumsum", [(2, 3)], {"dtype": "float64"}, numeric=False),
    Row("cumsum", [values([0.5, 1.75, -3.5])], {"dtype": "int32"}, gradient=False),
    Row("cumsum", [values([1.0, INF, -INF, 2.0, NAN, 1.0])], gradient=False),
    Row("cumsum", [(1,)]),
    Row("cumsum", [values([])]),
    Row("cumsum", [(2, 3)], {"axis": 2}, raises=True),
    Row("cumsum", [(2, 3)], {"axis": -1}, raises=True),
    Row("cumsum", [(2, 3)], {"dtype": "uint8"}, raises=True),
]
ROWS += [Row("cumsum", [(3,)], {"dtype": "float32"}, ("float16", "float64"), numeric=False)]
