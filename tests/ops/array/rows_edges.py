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

NAN, INF = float("nan"), float("inf")
ODD = values([[0.0, NAN, INF], [-INF, -0.0, 1.0]])

ROWS += [
    Row("Embedding", [TWICE, (3, 2)], {"input_dim": 3, "output_dim": 2}, BOTH),
    Row("take", [ODD, values([1, 1])], dtypes=BOTH, numeric=False),
    Row("batch_take", [(2, 3), values([2, 0], "int32")], dtypes=BOTH),
    Row("Concat", [ODD, (2, 3)], {"dim": 0}, numeric=False),
    Row("stack", [ODD, (2, 3)], {"axis": 1}, numeric=False),
    Row("SliceChannel", [ODD], {"num_outputs": 3, "axis": 1, "squeeze_axis": True}, numeric=False),
    Row("dot", [ODD, (3, 2)], dtypes=BOTH, numeric=False),
    Row("batch_dot", [values([[[0.0, INF], [1.0, NAN]]]), (1, 2, 2)], dtypes=BOTH, numeric=False),
    *[
        Row("Pad", [(1, 1, 3, 3)], {"mode": mode, "pad_width": (0, 0, 0, 0, 2, 2, 1, 2)}, BOTH)
        for mode in ("edge", "reflect", "constant")
    ],
    Row("_contrib_index_copy", [(3, 2), values([1, 0], "int64"), (2, 2)], dtypes=BOTH),
    Row("_contrib_boolean_mask", [(3, 2), values([0, 1, 0])], dtypes=BOTH),
    Row("where", [values([0.0, -0.0, NAN, 2.0]), (4,), (4,)], dtypes=BOTH, numeric=False),
    Row("Crop", [(1, 1, 3, 3)], {"num_args": 1, "h_w": (2, 2), "offset": (1, 0)}),
    Row("im2col", [(1, 1, 3, 3)], {"kernel": (2, 2), "pad": (1, 1)}, BOTH),
    Row("col2im", [(1, 4, 4)], {"output_size": (3, 3), "kernel": (2, 2)}, BOTH),
    Row("khatri_rao", [(2, 2), (3, 2)], dtypes=BOTH),
]
