"""Rows for diagonals and triangles of square matrices."""

from itertools import product

from tests.ops.rows import Row, uniform, values

WIDE = ("float32", "float64")
HALVES = [
    {"offset": offset, "lower": lower}
    for offset, lower in product((0, 1, -1, 2, -2), (True, False))
]

ROWS = [
    Row("linalg.sumlogdiag", [uniform(0.5, 3, 3, 3)], dtypes=WIDE),
    Row("linalg.sumlogdiag", [uniform(0.5, 3, 2, 2, 2)], dtypes=WIDE),
    Row("linalg.sumlogdiag", [values([[-4.0, 1.0], [1.0, 3.0]])], numeric=False),
    Row("linalg.sumlogdiag", [values([[0.0, 1.0], [1.0, 3.0]])], numeric=False),
    Row("linalg.sumlogdiag", [(2, 3)], raises=True),
    Row("linalg.extractdiag", [(3, 3)], dtypes=WIDE),
    *[Row("linalg.extractdiag", [(3, 3)], {"offset": offset}) for offset in (1, -2)],
    Row("linalg.extractdiag", [(2, 2, 3, 3)], {"offset": -1}),
    *[Row("linalg.extractdiag", [(3, 3)], {"offset": k}, raises=True) for k in (3, -3)],
    Row("linalg.extractdiag", [(2, 3)], raises=True),
    Row("linalg.makediag", [(3,)], dtypes=WIDE),
    *[Row("linalg.makediag", [(2,)], {"offset": offset}) for offset in (1, -2)],
    Row("linalg.makediag", [(2, 2, 3)], {"offset": 1}),
    *[Row("linalg.extracttrian", [(4, 4)], attrs) for attrs in HALVES],
    Row("linalg.extracttrian", [(2, 1, 3, 3)], dtypes=WIDE),
    *[Row("linalg.extracttrian", [(3, 3)], {"offset": k}, raises=True) for k in (3, -3)],
    Row("linalg.extracttrian", [(2, 3)], raises=True),
    *[Row("linalg.maketrian", [(6,)], attrs) for attrs in HALVES],
    Row("linalg.maketrian", [(1,)]),
    Row("linalg.maketrian", [(2, 1, 3)], dtypes=WIDE),
    Row("linalg.maketrian", [(4,)], raises=True),
]

NAN, INF = float("nan"), float("inf")
ODD = values([[0.0, NAN], [INF, 1.0]])
TRIANGLES = ("extractdiag", "extracttrian", "sumlogdiag")
NO_HALF = "the reference has this operator in float32 and float64 alone"
HALF = {"dtypes": ("float16",), "differs": NO_HALF}
ROWS += [
    *[Row(f"linalg.{op}", [uniform(0.5, 3, 2, 2)], **HALF) for op in TRIANGLES],
    *[Row(f"linalg.make{what}", [(3,)], **HALF) for what in ("diag", "trian")],
    *[Row(f"linalg.{op}", [ODD], numeric=False) for op in TRIANGLES[:2]],
    *[Row(f"linalg.make{x}", [values([0.0, NAN, INF])], numeric=False) for x in ("diag", "trian")],
    Row("linalg.makediag", [(2,), (2,)], raises=True),
]
