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
