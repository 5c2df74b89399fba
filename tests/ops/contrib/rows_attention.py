"""Rows for attention over interleaved projections."""

from tests.ops.rows import Row, uniform, values

UNCHECKED = "the reference reads beyond the projection"
FLOAT32 = "the reference computes in float32 alone on the CPU"
SELF_SCORES = "contrib.interleaved_matmul_selfatt_qk"
SELF_VALUES = "contrib.interleaved_matmul_selfatt_valatt"
CROSS_SCORES = "contrib.interleaved_matmul_encdec_qk"
CROSS_VALUES = "contrib.interleaved_matmul_encdec_valatt"
HEADS = {"heads": 2}
WIDE = ("float16", "float64")

ROWS = [
    Row(SELF_SCORES, [(3, 2, 24)], HEADS),
    Row(SELF_SCORES, [(5, 1, 6)], {"heads": 1}),
    Row(SELF_SCORES, [(3, 2, 24)], HEADS, dtypes=WIDE, differs=FLOAT32),
    Row(SELF_SCORES, [(3, 2, 24)], {"heads": 5}, raises=True, differs=UNCHECKED),
    Row(SELF_SCORES, [(3, 24)], HEADS, raises=True),
    Row(SELF_SCORES, [(3, 2, 24)], raises=True),
    Row(SELF_VALUES, [(3, 2, 24), uniform(0, 1, 4, 3, 3)], HEADS),
    Row(SELF_VALUES, [(1, 3, 6), uniform(0, 1, 3, 1, 1)], {"heads": 1}),
    Row(SELF_VALUES, [(3, 2, 24), uniform(0, 1, 4, 3, 3)], HEADS, dtypes=WIDE, differs=FLOAT32),
    Row(SELF_VALUES, [(3, 2, 24), (2, 3, 3)], HEADS, raises=True, differs=UNCHECKED),
    Row(SELF_VALUES, [(3, 24), (4, 3, 3)], HEADS, raises=True),
    Row(CROSS_SCORES, [(4, 2, 8), (3, 2, 16)], HEADS),
    Row(CROSS_SCORES, [(1, 1, 3), (5, 1, 6)], {"heads": 1}),
    Row(CROSS_SCORES, [(4, 2, 8), (3, 2, 16)], HEADS, dtypes=WIDE, differs=FLOAT32),
    Row(CROSS_SCORES, [(4, 2, 4), (3, 2, 16)], HEADS, raises=True),
    Row(CROSS_VALUES, [(3, 2, 16), uniform(0, 1, 4, 5, 3)], HEADS),
    Row(CROSS_VALUES, [(1, 1, 4), uniform(0, 1, 1, 2, 1)], {"heads": 1}),
    Row(CROSS_VALUES, [(3, 2, 16), uniform(0, 1, 4, 5, 3)], HEADS, dtypes=WIDE, differs=FLOAT32),
    Row(CROSS_VALUES, [(3, 2, 16), (4, 5, 2)], HEADS, raises=True),
]

ODD = values([[[0.0] * 6], [[0.0] * 3 + [float("nan")] * 3]])
ZEROS = values([[[0.0] * 4], [[1.0] * 4]])
ROWS += [
    Row(SELF_SCORES, [ODD], HEADS, numeric=False),
    Row(SELF_VALUES, [ODD, values([[[0.0, 1.0], [0.5, 0.5]]] * 2)], HEADS, numeric=False),
    Row(CROSS_SCORES, [values([[[0.0] * 2], [[1.0] * 2]]), ZEROS], HEADS),
    Row(CROSS_VALUES, [ZEROS, values([[[0.0, 1.0], [0.5, 0.5]]] * 2)], HEADS),
]
