"""Rows for sliding windows as columns."""

from tests.ops.rows import Row, integers, values

FLOATS = ("float16", "float32", "float64")
IMAGE = [(2, 2, 4, 5)]
WINDOWS = [
    {"kernel": (2, 2)},
    {"kernel": (2, 3), "stride": (2, 1)},
    {"kernel": (3, 2), "pad": (1, 0)},
    {"kernel": (2, 2), "dilate": (2, 3)},
    {"kernel": (2, 2), "stride": (2, 2), "dilate": (1, 2), "pad": (1, 1)},
]
COLUMNS = [(2, 8, 12), (2, 12, 6), (2, 12, 16), (2, 8, 4), (2, 8, 9)]
ONE_NUMBER = "the reference reads a kernel of one number as if it were two"

ROWS = [
    *[Row("im2col", IMAGE, attrs) for attrs in WINDOWS],
    Row("im2col", [(1, 1, 3, 3)], {"kernel": (2, 2)}, dtypes=FLOATS),
    Row("im2col", [integers(0, 9, 1, 1, 3, 3, dtype="int32")], {"kernel": (2, 2)}, raises=True),
    Row("im2col", [(1, 1, 3, 3)], {"kernel": (4, 4)}, raises=True),
    Row("im2col", [(1, 1, 5)], {"kernel": (2,)}, raises=True),
    Row("im2col", [(1, 1, 3, 3, 3)], {"kernel": (2, 2, 2)}, raises=True),
    Row("im2col", [(1, 1, 3, 3)], {"kernel": (2, 2), "stride": (1,)}, raises=True),
    Row("im2col", [(1, 1, 3, 3)], {"kernel": (2,)}, raises=True, differs=ONE_NUMBER),
    *[
        Row("col2im", [shape], {**attrs, "output_size": (4, 5)})
        for attrs, shape in zip(WINDOWS, COLUMNS, strict=True)
    ],
    Row(
        "col2im",
        [(1, 4, 4)],
        {"kernel": (2, 2), "output_size": (3, 3)},
        dtypes=FLOATS,
    ),
    *[
        Row("col2im", [shape], {"kernel": (2, 2), "output_size": (3, 3)}, raises=True)
        for shape in ((1, 4, 5), (1, 3, 4), (4, 4))
    ],
]

NAN, INF = float("nan"), float("inf")
PIXELS = values([[[[NAN, 0.0, 1.0], [INF, 1.0, 0.0]]]])
ROWS += [
    Row("im2col", [PIXELS], {"kernel": (2, 2), "pad": (1, 1)}, numeric=False),
    Row("im2col", [(0, 1, 3, 3)], {"kernel": (2, 2)}),
    Row(
        "col2im",
        [values([[[NAN, 0.0, 1.0, 2.0]] * 4])],
        {"kernel": (2, 2), "output_size": (3, 3)},
        numeric=False,
    ),
]
