"""Rows for operators that read or write elements which other arrays index."""

from tests.ops.rows import Row, integers, normal, uniform, values

FLOATS = ("float16", "float32", "float64")
NAN = float("nan")
X = (3, 4)


def index(given, dtype="float32"):
    """Indices with exactly these values."""
    return values(given, dtype)


INDEX_TYPES = ("float16", "float32", "float64", "int32", "int64", "uint8", "int8")
MODES = ("clip", "wrap")

TAKE = [
    Row("take", [X, integers(0, 3, 5, dtype="int32")], dtypes=FLOATS),
    *[Row("take", [X, integers(0, 3, 2, 2, dtype="int32")], {"axis": a}) for a in (0, 1, -1, -2)],
    *[Row("take", [X, index([0, 2, 0], t)]) for t in INDEX_TYPES],
    *[Row("take", [X, index([5, -7, 0.9, -0.5])], {"mode": m}, numeric=False) for m in MODES],
    *[Row("take", [X, index([5, -1, -7, 2], "int32")], {"mode": m}) for m in MODES],
    *[Row("take", [X, index([[5, -1], [-9, 3]], "int32")], {"mode": m, "axis": 1}) for m in MODES],
    Row("take", [X, index([0, 2, 1], "int64")], {"mode": "raise"}),
    *[
        Row("take", [X, index(i)], {"mode": "raise"}, raises=True)
        for i in ([0, 3], [-1, 1], [-4, 0])
    ],
    Row("take", [X, index([NAN, 1])]),
    Row("take", [integers(0, 9, 2, 2), index([1, 0, 1])], dtypes=("int32", "uint8")),
    Row("take", [(2, 3, 2), index([[0, 2]], "int32")], {"axis": 1}),
    Row("take", [X, uniform(0, 1, 0)]),
    Row("take", [X, index([0])], {"axis": 2}, raises=True),
    Row("take", [X, index([0])], {"mode": "bounce"}, raises=True),
]

PAST_THE_END = "the reference reads past the end of the array"
BATCH_TAKE = [
    Row("batch_take", [X, integers(0, 4, 3, dtype="int32")], dtypes=FLOATS, gradient=False),
    Row("batch_take", [X, index([-1, 2, 9], "int32")], gradient=False),
    Row("batch_take", [X, index([[0], [1], [1]], "int32")], gradient=False),
    Row("batch_take", [X, index([0, 1], "int32")], raises=True),
    Row("batch_take", [X, index([0, 1, 1])], raises=True),
    Row(
        "batch_take",
        [(2, 2, 2), index([[0, 1], [1, 0]], "int32")],
        gradient=False,
        differs=PAST_THE_END,
    ),
]

PICK = [
    Row("pick", [X, integers(0, 4, 3, dtype="float32")], dtypes=FLOATS),
    Row("pick", [X, integers(0, 3, 4, dtype="float32")], {"axis": 0}),
    Row("pick", [X, integers(0, 4, 3, dtype="int32")], {"axis": 1, "keepdims": True}),
    Row("pick", [X, integers(0, 4, 3, 1, dtype="float32")]),
    Row("pick", [X, integers(0, 4, 3, 1, dtype="float32")], {"keepdims": True}),
    Row("pick", [X, integers(0, 3, 4, dtype="float32")], {"axis": -2}),
    *[Row("pick", [X, index([0, 9, -1])], {"mode": m}) for m in MODES],
    *[Row("pick", [X, index([-5, 4, 1.7])], {"mode": m}, numeric=False) for m in MODES],
    Row("pick", [X, index([NAN, 1, 1])]),
    Row("pick", [(2, 3, 2), integers(0, 3, 2, 2, dtype="float32")], {"axis": 1}),
    Row(
        "pick",
        [(2, 3, 2), integers(0, 3, 2, 1, 2, dtype="float32")],
        {"axis": 1, "keepdims": True},
    ),
    Row("pick", [(3,), index([1])], {"axis": 0}),
    Row("pick", [(3,), index([1])], {"axis": 0, "keepdims": True}),
    Row("pick", [integers(0, 9, 2, 2), index([1, 0])], dtypes=("int32", "uint8")),
    Row("choose_element_0index", [X, index([0, 1, 2])]),
    Row("pick", [X, index([0, 1])], raises=True),
    Row("pick", [X, index([[0, 1, 2]])], raises=True),
    Row("pick", [X, index([0, 1, 2])], {"axis": 2}, raises=True),
    Row("pick", [X, index([1])], {"axis": None}, raises=True),
    Row("pick", [X, index([0, 1, 2])], {"mode": "raise"}, raises=True),
]

GATHER_ND = [
    Row("gather_nd", [X, index([[0, 1, 0], [1, 2, 1]])], dtypes=FLOATS),
    *[Row("gather_nd", [X, index([[0, 2], [3, 0]], t)]) for t in INDEX_TYPES],
    Row("gather_nd", [X, index([[0, 1, 0]])]),
    Row("gather_nd", [(2, 3, 2), index([[0, 1], [2, 2]])]),
    Row("gather_nd", [X, index([[[0, 1], [2, 0]], [[1, 1], [0, 3]]])]),
    Row("gather_nd", [X, index([[-1, -3], [-1, 0]])], gradient=False),
    Row("gather_nd", [X, index([[0.9, 1.2]])]),
    Row("gather_nd", [integers(0, 9, 2, 2), index([[0], [1]])], dtypes=("int32", "uint8")),
    Row("gather_nd", [X, index([[0, 7]])], raises=True),
    Row("gather_nd", [X, index([[-4, 0]])], raises=True),
    Row("gather_nd", [X, index([[0], [1], [2]])], raises=True),
    Row("gather_nd", [X, index([0, 1])], raises=True),
]

IN_PLACE = "the reference only writes in place, into the array given as out"
SCATTER_ND = [
    Row("scatter_nd", [(3,), index([[0, 1, 0], [1, 2, 0]])], {"shape": (2, 3)}, dtypes=FLOATS),
    Row("scatter_nd", [(3,), index([[0, 1, 0], [1, 2, 1]])], {"shape": (2, 3)}, numeric=False),
    Row("scatter_nd", [(2, 3), index([[0, 2]])], {"shape": (4, 3)}),
    Row("scatter_nd", [(2, 2), index([[0, 1], [1, 0]], "int64")], {"shape": (2, 2, 2)}),
    Row("scatter_nd", [(3,), index([[0, 1], [1, 2]])], {"shape": (2, 3)}, raises=True),
    Row("scatter_nd", [(2, 2), index([[0, 1], [1, 0]])], {"shape": (2, 2)}, raises=True),
    Row("scatter_nd", [(2,), index([[0, 1]])], {}, raises=True),
    Row(
        "_scatter_set_nd",
        [(2, 3), (2,), index([[0, 1], [1, 2]])],
        {"shape": (2, 3)},
        differs=IN_PLACE,
    ),
    Row("_scatter_set_nd", [(2, 3), (3,), index([[0, 1]])], {"shape": (2, 3)}, raises=True),
]

ROWS_COPIED = [
    Row(
        "_contrib_index_copy",
        [(4, 2), index([0, 2], t), (2, 2)],
        dtypes=("float32", "float64"),
    )
    for t in ("int64", "int32", "float32")
]
INDEX_COPY = [
    *ROWS_COPIED,
    Row("_contrib_index_copy", [(4,), index([3], "int64"), (1,)]),
    Row("_contrib_index_copy", [(3, 2, 2), index([1], "int64"), (1, 2, 2)]),
    Row("_contrib_index_copy", [(4, 2), index([1, 1], "int64"), (2, 2)], numeric=False),
    Row("_contrib_index_copy", [(4, 2), index([0, 2], "int64"), (3, 2)], raises=True),
    Row("_contrib_index_copy", [(4, 2), index([0, 2], "int64"), (2, 3)], raises=True),
]

BOOLEAN_MASK = [
    Row("_contrib_boolean_mask", [(3, 2), index([0, 1, 1])], dtypes=("float32", "float64")),
    *[Row("_contrib_boolean_mask", [(3, 2), index([0, 1, 1], t)]) for t in ("int32", "int8")],
    Row("_contrib_boolean_mask", [(3, 2), index([0, 2, -1])]),
    Row("_contrib_boolean_mask", [(3, 2), index([0, 0, 0])]),
    Row("_contrib_boolean_mask", [(3,), index([0.5, 1, 0])], numeric=False),
    Row("_contrib_boolean_mask", [(3, 2), index([0, 1])], raises=True),
    Row("_contrib_boolean_mask", [(3, 2), index([0, 1])], {"axis": 1}, raises=True),
    Row("_contrib_boolean_mask", [(3, 2), index([[0, 1], [1, 1], [0, 0]])], raises=True),
    Row("gather_nd", [normal(0, 2), uniform(0, 1, 1, 0)]),
]

ROWS = [*TAKE, *BATCH_TAKE, *PICK, *GATHER_ND, *SCATTER_ND, *INDEX_COPY, *BOOLEAN_MASK]

WRITTEN = {"out": ("in0",), "gradient": False}
ROWS += [
    Row(
        "_scatter_set_nd",
        [(2, 3), (2,), index([[0, 1], [1, 2]])],
        {"shape": (2, 3)},
        dtypes=FLOATS,
        **WRITTEN,
    ),
    Row("_scatter_set_nd", [(3,), (2,), index([[0, 2]])], {"shape": (3,)}, **WRITTEN),
    Row("batch_take", [(2, 5), index([4, 0], "int32")]),
    Row("_contrib_index_copy", [(3,), index([2, 0], "int64"), (2,)], dtypes=("float16",)),
    Row("_contrib_boolean_mask", [(2, 4), index([0, 1])], {"axis": 0}, dtypes=("float16",)),
]
