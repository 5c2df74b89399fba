"""Rows for comparisons and logic: ties, NaN, dtypes of results, fractions against integers."""

from tests.ops.elementwise.siblings import INF, NAN
from tests.ops.rows import Row, integers, normal, values

STEMS = [
    "equal",
    "not_equal",
    "greater",
    "greater_equal",
    "lesser",
    "lesser_equal",
    "logical_and",
    "logical_or",
    "logical_xor",
]
NUMBERS = ("float16", "float32", "float64", "int32", "uint8")
LEFT = values([0.0, 1.0, 2.0, 0.0, -1.0, NAN, 1.0, NAN, INF, 0.0, NAN])
RIGHT = values([0.0, 1.0, 1.0, 3.0, 0.0, 1.0, NAN, NAN, INF, NAN, 0.0])
WHOLE = values([0, 1, 2, 3])


def comparison_rows(stem):
    """Rows of one comparison in its three forms."""
    broadcast, equal, scalar = f"broadcast_{stem}", f"_{stem}", f"_{stem}_scalar"
    return [
        Row(broadcast, [integers(0, 3, 3, 4), integers(0, 3, 3, 4)], dtypes=NUMBERS, numeric=False),
        Row(broadcast, [integers(0, 3, 2, 1, 3), integers(0, 3, 4, 1)], numeric=False),
        Row(broadcast, [LEFT, RIGHT], numeric=False),
        Row(broadcast, [(2, 3), (3, 2)], raises=True),
        Row(broadcast, [normal(2), normal(2, dtype="float64")], raises=True),
        Row(equal, [integers(0, 3, 3, 4), integers(0, 3, 3, 4)], dtypes=NUMBERS, numeric=False),
        Row(equal, [(2, 3), (1, 3)], raises=True),
        Row(scalar, [LEFT], {"scalar": 1}, numeric=False),
        Row(scalar, [LEFT], {"scalar": 0}, numeric=False),
        Row(scalar, [LEFT], {"scalar": NAN}, numeric=False),
        Row(scalar, [WHOLE], {"scalar": 2}, dtypes=NUMBERS, gradient=False),
        Row(scalar, [WHOLE], {"scalar": 0.5}, dtypes=("int32", "uint8", "float16"), gradient=False),
        Row(scalar, [WHOLE], {"scalar": 2.5, "is_int": False}, dtypes=("int32",), gradient=False),
        Row(scalar, [values([True, False])], {"scalar": 1}, dtypes=("bool",), gradient=False),
        Row(scalar, [(2,)], {"scalar": "one"}, raises=True),
    ]


ROWS = [
    *[row for stem in STEMS for row in comparison_rows(stem)],
    Row("logical_not", [LEFT], numeric=False),
    Row("logical_not", [WHOLE], dtypes=NUMBERS, gradient=False),
    Row("logical_not", [(2,), (2,)], raises=True),
]
ROWS += [
    *[
        Row(op, shapes, numeric=False)
        for op in (
            *("_equal", "_not_equal", "_greater", "_greater_equal", "_lesser", "_lesser_equal"),
            *("_logical_and", "_logical_or", "_logical_xor"),
        )
        for shapes in ([(4,), (4,)], [normal(0, 2), normal(0, 2)])
    ],
]
