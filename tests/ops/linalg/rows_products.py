"""Rows for products with matrices and triangular systems."""

from itertools import product

from tests.ops.rows import Row, normal, values

WIDE = ("float32", "float64")
A, B, AB = {"transpose_a": True}, {"transpose_b": True}, {"transpose_a": True, "transpose_b": True}

PRODUCTS = [
    ((2, 3), (3, 4), (2, 4), {}),
    ((3, 2), (3, 4), (2, 4), A),
    ((2, 3), (4, 3), (2, 4), B),
    ((3, 2), (4, 3), (2, 4), {**AB, "alpha": 2}),
    ((2, 2, 3), (2, 3, 4), (2, 2, 4), {"alpha": -0.5}),
    ((2, 5, 3), (3, 5, 4), (2, 5, 4), {"axis": 0}),
    ((2, 5, 3), (3, 5, 4), (2, 5, 4), {"axis": -3}),
    ((3, 5, 2), (4, 5, 3), (2, 5, 4), {"axis": 0, **AB}),
    ((2, 1, 2, 3), (2, 1, 3, 2), (2, 1, 2, 2), {"axis": 2}),
    ((1, 2, 4, 3), (1, 3, 4, 2), (1, 2, 4, 2), {"axis": 1}),
]
WRONG = [
    ((2, 3), (2, 4), (2, 4), {}),
    ((2, 3), (3, 4), (2, 4), {"axis": -1}),
    ((2, 3), (3, 4), (2, 4), {"axis": 1}),
    ((2, 2, 3), (1, 3, 4), (2, 2, 4), {}),
    ((3,), (3,), (1,), {}),
    ((2, 3), (1, 3, 4), (2, 4), {}),
]
TRIANGULAR = [
    {"transpose": transpose, "rightside": rightside, "lower": lower, "alpha": alpha}
    for (transpose, rightside, lower), alpha in zip(
        product((False, True), repeat=3), (1, 2, -1, 0.5, 1, 3, 1, 2), strict=True
    )
]


def well_conditioned(*shape):
    """Matrices whose triangles can be inverted: no element is near zero."""
    return normal(*shape, mean=3, scale=0.3)


def triangular(op):
    """Rows that trmm and trsm share."""
    return [
        *[Row(op, [well_conditioned(3, 3), (3, 3)], attrs, dtypes=WIDE) for attrs in TRIANGULAR],
        Row(op, [well_conditioned(2, 3, 3), (2, 3, 2)], dtypes=WIDE),
        Row(op, [well_conditioned(2, 2, 2), (2, 1, 2)], {"rightside": True}),
        Row(op, [well_conditioned(3, 3), (2, 3)], raises=True),
        Row(op, [well_conditioned(2, 3), (3, 3)], raises=True),
        Row(op, [well_conditioned(3, 3), (1, 3, 3)], raises=True),
        Row(op, [well_conditioned(2, 3, 3), (1, 3, 3)], raises=True),
    ]


ROWS = [
    *[Row("linalg.gemm2", [a, b], attrs, dtypes=WIDE) for a, b, _, attrs in PRODUCTS],
    *[
        Row("linalg.gemm", [a, b, c], {**attrs, "beta": 3}, dtypes=WIDE)
        for a, b, c, attrs in PRODUCTS
    ],
    Row("linalg.gemm", [(2, 3), (3, 4), (2, 4)]),
    Row("linalg_gemm", {"A": (2, 3), "B": (3, 4), "C": (2, 4)}, {"beta": 0}),
    *[Row("linalg.gemm2", [a, b], attrs, raises=True) for a, b, _, attrs in WRONG],
    *[Row("linalg.gemm", [a, b, c], attrs, raises=True) for a, b, c, attrs in WRONG],
    Row("linalg.gemm", [(2, 3), (3, 4), (1, 4)], raises=True),
    *triangular("linalg.trmm"),
    *triangular("linalg.trsm"),
    Row("linalg.syrk", [(2, 3)], dtypes=WIDE),
    Row("linalg.syrk", [(2, 3)], {"transpose": True, "alpha": 2}, dtypes=WIDE),
    Row("linalg.syrk", [(2, 3, 2)], {"alpha": -1}),
    Row("linalg.syrk", [(3,)], raises=True),
]

NO_HALF = "the reference has this operator in float32 and float64 alone"
HALF = {"dtypes": ("float16",), "differs": NO_HALF}
ODD = values([[0.0, float("nan")], [1.0, float("inf")]])
LOWER = values([[2.0, 0.0], [1.0, 1.0]])
ROWS += [
    Row("linalg.gemm2", [(2, 3), (3, 4)], **HALF),
    Row("linalg.gemm", [(2, 3), (3, 4), (2, 4)], **HALF),
    Row("linalg.trmm", [LOWER, (2, 2)], **HALF),
    Row("linalg.trsm", [LOWER, (2, 2)], dtypes=("float16",), raises=True),
    Row("linalg.syrk", [(2, 3)], **HALF),
    Row("linalg.gemm2", [ODD, (2, 2)], numeric=False),
    *[Row(f"linalg.{op}", [LOWER, values([[0.0, 0.0], [1.0, 1.0]])]) for op in ("trmm", "trsm")],
    Row("linalg.syrk", [ODD], numeric=False),
]
