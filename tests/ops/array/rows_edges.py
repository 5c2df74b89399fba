"""Rows for gradients of elements taken twice, not at all, or out of range."""

from tests.ops.rows import Row, values

BOTH = ("float32", "float64")
FAR = values([[-4, -1], [1, 7]])
TWICE = values([[1, 1], [0, 1]])

ROWS = [
    *[
        Row("take", [(3, 2), index], {"axis": axis, "mode": mode}, BOTH)
        for axis in (0, 1, -1)
        for mode in ("clip", "wrap")
        for index in (FAR, TWICE)
    ],
    *[
        Row("pick", [(2, 3), index], {"axis": 1, "mode": mode}, BOTH)
        for mode in ("clip", "wrap")
        for index in (values([-4, 7]), values([2, -1]))
    ],
    *[
        Row("pick", [(2, 3), values([0.9, 1.9])], {"axis": 1, "keepdims": True}, numeric=False),
        Row("take", [(3, 2), values([0.9, 1.9])], numeric=False),
    ],
    Row("gather_nd", [(2, 3), values([[0, 0, 1], [2, 2, 0]])], dtypes=BOTH),
    Row("scatter_nd", [(3,), values([[0, 1, 1], [2, 0, 2]])], {"shape": (2, 3)}, BOTH),
    Row("slice", [(3, 4)], {"begin": (2, 3), "end": (None, 0), "step": (-1, -2)}, BOTH),
    Row("tile", [(2, 1)], {"reps": (2, 1, 3)}, BOTH),
    Row("repeat", [(2, 2)], {"repeats": 3, "axis": 1}, BOTH),
    Row("reverse", [(2, 3)], {"axis": (0, 1)}, BOTH),
    Row("dot", [(2, 3), (3, 2)], {"transpose_a": True, "transpose_b": True}, BOTH),
]
