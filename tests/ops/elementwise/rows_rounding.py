"""Rows for rounding, signs and magnitudes: halves, whole numbers, zeros and NaN."""

from tests.ops.elementwise.siblings import EDGES, unary_rows
from tests.ops.rows import Row, uniform, values

HALVES = [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 0.49999997, -0.49999997, 8388609.0, -1.2, 1.7]
NAMES = ["ceil", "fix", "floor", "rint", "round", "trunc", "sign", "abs", "negative"]
STRAIGHT = ["_contrib_round_ste", "_contrib_sign_ste"]

ROWS = [
    *[row for name in NAMES for row in unary_rows(name, -3, 3, EDGES + HALVES)],
    *[row for name in STRAIGHT for row in unary_rows(name, -3, 3, EDGES + HALVES, numeric=False)],
    Row("abs", [values([-7, 7, -128])], dtypes=("int8", "int32"), gradient=False),
    Row("negative", [uniform(1, 9, 4)], dtypes=("int8", "uint8"), gradient=False),
]
