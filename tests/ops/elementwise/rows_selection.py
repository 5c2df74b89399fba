"""Rows for choice among arrays and writing of single elements."""

from tests.ops.elementwise.siblings import FLOATS, NAN
from tests.ops.rows import Row, integers, normal, values

CHOICE = integers(0, 2, 3, 4)

ROWS = [
    Row("where", [CHOICE, (3, 4), (3, 4)], dtypes=FLOATS),
    Row("where", [integers(0, 2, 64, 64), integers(0, 9, 64, 64), integers(0, 9, 64, 64)]),
    Row("where", [values([1.0, 0.0, -1.0, NAN, 0.3]), (5,), (5,)], numeric=False),
    Row("where", [values([1, 0, 1]), (3, 4), (3, 4)]),
    Row("where", [values([1, 0]), (2, 3, 2), (2, 3, 2)]),
    Row("where", [integers(0, 2, 3, 4, dtype="int32"), (3, 4), (3, 4)], dtypes=FLOATS),
    Row("where", [CHOICE, integers(0, 9, 3, 4), integers(0, 9, 3, 4)], dtypes=("int32", "uint8")),
    Row("where", [values([1, 0, 1]), (2, 2), (2, 2)], raises=True),
    Row("where", [values([[1], [0]]), (2, 2), (2, 2)], raises=True),
    Row("where", [values([1, 0]), (2, 2), (1, 2)], raises=True),
    Row("where", [values([1, 0]), (2,), normal(2, dtype="float64")], raises=True),
    Row("fill_element_0index", [(2, 3), (2,), values([2, 0])], gradient=False),
    Row("fill_element_0index", [(3, 2), (3,), values([1.7, -1, 5])], gradient=False),
]

FLOAT32 = "the reference has this operator in float32 alone"
ROWS += [
    Row(
        "fill_element_0index",
        [(2, 3), (2,), values([2, 0])],
        dtypes=("float16", "float64"),
        gradient=False,
        differs=FLOAT32,
    ),
    Row("fill_element_0index", [(3, 2), (3,), values([1, 0, 1])], numeric=False),
    Row("fill_element_0index", [(2, 3), (3,), values([2, 0])], raises=True),
    Row("fill_element_0index", [(2, 3), (2,), values([2, 0, 1])], raises=True),
]
