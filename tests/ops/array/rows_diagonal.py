"""Rows for diagonals."""

from tests.ops.rows import Row, integers

FLOATS = ("float16", "float32", "float64")

ROWS = [
    Row("diag", [(2, 3)], dtypes=FLOATS),
    *[Row("diag", [(2, 3)], {"k": k}) for k in (1, 2, 3, -1, -2)],
    *[Row("diag", [(2, 3)], {"k": k}, raises=True) for k in (5, -3)],
    *[Row("diag", [(3,)], {"k": k}) for k in (0, 1, -2)],
    Row("diag", [(3,)], {"axis1": 0, "axis2": 5}),
    Row("diag", [(2, 2, 3)]),
    Row("diag", [(2, 2, 3)], {"axis1": 1, "axis2": 2}),
    Row("diag", [(2, 2, 3)], {"axis1": -2, "axis2": -1, "k": 1}),
    Row("diag", [(2, 2, 3)], {"axis1": 2, "axis2": 0}),
    Row("diag", [integers(0, 9, 2, 2)], dtypes=("int32", "uint8")),
    Row("diag", [(2, 2)], {"axis1": 0, "axis2": 0}, raises=True),
    Row("diag", [(2, 2)], {"axis1": 0, "axis2": 2}, raises=True),
]
