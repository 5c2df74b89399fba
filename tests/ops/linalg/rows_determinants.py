"""Rows for inverses and determinants."""

from tests.ops.rows import Row, values

WIDE = ("float32", "float64")
SINGULAR = values([[1.0, 2.0], [2.0, 4.0]])
REGULAR = values([[4.2, 1.0, -2.0], [1.0, 3.1, 0.5], [0.3, -1.0, 2.0]])
BATCH = values([[[4.5, 1.0], [1.0, 3.0]], [[0.5, 2.0], [2.0, 5.0]], [[1.0, 2.0], [2.0, 4.0]]])
REGULAR_BATCH = values([[[[4.5, 1.0], [1.0, 3.0]]], [[[0.5, 2.0], [2.0, 5.0]]]])

ROWS = [
    Row("linalg.inverse", [REGULAR], dtypes=WIDE),
    Row("linalg.inverse", [REGULAR_BATCH], dtypes=WIDE),
    Row("linalg_inverse", {"A": values([[0.5]])}),
    Row("linalg.inverse", [SINGULAR], raises=True),
    Row("linalg.inverse", [(2, 3)], raises=True),
    Row("linalg.det", [REGULAR], dtypes=WIDE),
    Row("linalg.det", [REGULAR_BATCH], dtypes=WIDE),
    Row("linalg.det", [values([[5.5]])]),
    Row("linalg.det", [SINGULAR], numeric=False),
    Row("linalg.det", [BATCH], dtypes=WIDE, numeric=False),
    Row("linalg.det", [values([[0.0, 0.0], [0.0, 0.0]])], numeric=False),
    Row("linalg.det", [(2, 3)], raises=True),
    Row("linalg.slogdet", [REGULAR], dtypes=WIDE),
    Row("linalg.slogdet", [REGULAR_BATCH], dtypes=WIDE),
    Row("linalg.slogdet", [values([[0.0, 1.5], [1.5, 0.0]])]),
    Row("linalg.slogdet", [SINGULAR], numeric=False),
    Row("linalg.slogdet", [BATCH], dtypes=WIDE, numeric=False),
    Row("linalg.slogdet", [(2, 3)], raises=True),
]
ROWS += [
    Row(f"linalg.{op}", [REGULAR], dtypes=("float16",), raises=True)
    for op in ("inverse", "det", "slogdet")
]
