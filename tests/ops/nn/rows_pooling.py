"""Rows for pooling."""

from tests.ops.rows import Row, distinct, normal, uniform, values

FLOATS = ("float16", "float32", "float64")
BOTH = ("float32", "float64")
TYPES = ("max", "avg", "sum")
WINDOW = {"kernel": (3, 2), "stride": (2, 2), "pad": (1, 1)}
SPARSE = {"kernel": (2, 2), "stride": (3, 2), "pad": (1, 1)}
NAN, INF = float("nan"), float("inf")
ONE_FOR_ALL = "the reference reads the stride of an axis that one-dimensional data do not have"


def image(*shape):
    """Data without ties, so that the largest element is one."""
    return distinct(-2, 2, *shape)


def conventions(op, kind, dtypes):
    """Rows of one type of pooling with both conventions and different windows."""
    data = image(2, 2, 7, 8)
    rows = []
    for how in ("valid", "full"):
        for window in (WINDOW, SPARSE, {"kernel": (2, 3)}, {"kernel": (3, 3), "stride": (2, 2)}):
            attrs = {**window, "pool_type": kind, "pooling_convention": how}
            # Some of these windows have no elements: their largest is out of all bounds.
            empty = kind == "max" and how == "full" and window is SPARSE
            rows.append(Row(op, [data], attrs, dtypes=dtypes, numeric=not empty))
    return rows


def norm(p, *shape, **more):
    """A row of the p-norm."""
    attrs = {"kernel": (2, 2), "pool_type": "lp", "p_value": p, **more}
    return Row("Pooling", [uniform(0.1, 2, *shape)], attrs, dtypes=BOTH)


WRONG = [
    {"kernel": (9, 2)},
    {"kernel": (9, 2), "pooling_convention": "full"},
    {"kernel": (2, 2), "pool_type": "lp"},
    {"kernel": (2, 2), "pool_type": "lp", "p_value": 4},
    {"kernel": (2,)},
    {"kernel": (2, 2, 2)},
    {"kernel": (2, 2), "stride": (2,)},
    {"kernel": (2, 2), "stride": (0, 1)},
    {"kernel": (2, 2), "layout": "NCW"},
    {"kernel": (2, 2), "pool_type": "min"},
    {"kernel": (2, 2), "pooling_convention": "same"},
    {},
]

ROWS = [
    *[row for kind in TYPES for row in conventions("Pooling", kind, FLOATS)],
    *[row for kind in TYPES for row in conventions("Pooling_v1", kind, BOTH)],
    *[
        Row(
            "Pooling",
            [image(2, 2, 6, 6)],
            {"kernel": (3, 3), "pool_type": "avg", "count_include_pad": count, **more},
            dtypes=FLOATS,
        )
        for count in (True, False)
        for more in (
            {"pad": (1, 1), "stride": (2, 2), "pooling_convention": "full"},
            {"pad": (1, 1)},
            {"stride": (4, 4), "pad": (1, 1), "pooling_convention": "full"},
        )
    ],
    *[norm(p, 1, 2, 4, 5) for p in (1, 2, 3)],
    *[norm(2, 1, 2, 4, 5, **more) for more in (SPARSE, {"pooling_convention": "full", **WINDOW})],
    Row(
        "Pooling",
        [values([[[[-1, 2, 3], [0, 0, -2]]]])],
        {"kernel": (2, 2), "pool_type": "lp", "p_value": 3},
    ),
    Row(
        "Pooling",
        [values([[[[0, 0, 1], [0, 0, 1]]]])],
        {"kernel": (2, 2), "pool_type": "lp", "p_value": 2},
        numeric=False,
    ),
    # Channels of eight or more take another way through torch.
    *[
        Row("Pooling", [image(2, 9, 5, 5)], {"kernel": (2, 2), "pool_type": kind, **more})
        for kind in TYPES
        for more in ({}, {"pooling_convention": "full", "stride": (2, 2)}, SPARSE)
    ],
    *[
        Row("Pooling", [image(*shape)], {"global_pool": True, "pool_type": kind, **more})
        for kind in (*TYPES, "lp")
        for shape in ((2, 3, 5), (2, 3, 4, 5), (2, 2, 2, 3, 2))
        for more in [{"p_value": 2} if kind == "lp" else {}]
    ],
    Row("Pooling", [image(2, 3, 4, 5)], {"global_pool": True, **WINDOW}, dtypes=FLOATS),
    Row(
        "Pooling",
        [image(2, 3, 4, 5)],
        {"global_pool": True, "pool_type": "avg", "layout": "NHWC"},
        dtypes=FLOATS,
    ),
    *[
        Row("Pooling", [image(*shape)], {"kernel": kernel, "pool_type": kind, "layout": layout})
        for kind in TYPES
        for shape, kernel, layout in (
            ((2, 5, 3), (2,), "NCW"),
            ((2, 5, 3), (2,), "NWC"),
            ((2, 3, 5, 4), (2, 3), "NCHW"),
            ((2, 3, 5, 4), (2, 3), "NHWC"),
            ((1, 3, 3, 4, 2), (2, 2, 2), "NCDHW"),
            ((1, 3, 3, 4, 2), (2, 2, 1), "NDHWC"),
        )
    ],
    *[
        Row("Pooling", [image(1, 2, 4, 3, 5)], {"pool_type": kind, **more}, dtypes=FLOATS)
        for kind in TYPES
        for more in (
            {"kernel": (3, 2, 2), "stride": (2, 1, 2), "pad": (1, 0, 1)},
            {"kernel": (2, 2, 2), "stride": (2, 2, 2), "pooling_convention": "full"},
        )
    ],
    Row(
        "Pooling",
        [image(2, 2, 7, 8)],
        {"kernel": (3, 3), "stride": (2, 3), "pool_type": "avg", "pooling_convention": "full"},
        differs="the reference's float32 gradient divides by the whole kernel, unlike its output",
    ),
    *[
        Row("Pooling", [image(2, 2, 6)], {"kernel": (2,), "pool_type": kind, **more}, dtypes=FLOATS)
        for kind in TYPES
        for more in ({"stride": (2,)}, {"pad": (1,), "pooling_convention": "full", "stride": (2,)})
    ],
    *[
        Row(
            "Pooling",
            [image(1, 2, 7)],
            {"kernel": (k,), "stride": (s,), "pooling_convention": "same"},
            differs=ONE_FOR_ALL,
        )
        for k, s in ((1, 2), (2, 2), (3, 1), (4, 3))
    ],
    Row(
        "Pooling",
        [image(1, 1, 3, 3)],
        {"kernel": (2, 2), "pad": (2, 2)},
        dtypes=("float64",),
        numeric=False,
    ),
    Row("Pooling", [normal(2, 2, 3, 3)], {"kernel": (2, 2), "cudnn_off": True}),
    Row(
        "Pooling",
        [values([[[[1, 1, 1], [1, 1, 1], [0, 1, 1]]]])],
        {"kernel": (2, 2)},
        numeric=False,
    ),
    Row(
        "Pooling_v1",
        [values([[[[1, 1, 1], [1, 1, 1], [0, 1, 1]]]])],
        {"kernel": (2, 2)},
        numeric=False,
    ),
    Row(
        "Pooling",
        [values([[[NAN, 1, 2, -INF, -INF, INF]]])],
        {"kernel": (2,)},
        numeric=False,
        differs="the reference skips NaN, and makes -inf the lowest finite number",
    ),
    *[Row("Pooling", [(2, 3, 7, 8)], attrs, raises=True) for attrs in WRONG],
    Row(
        "Pooling",
        [(2, 3, 7)],
        {"kernel": (2,), "pooling_convention": "same", "pad": (1,)},
        raises=True,
    ),
    Row("Pooling", [(3, 7)], {"kernel": (2,)}, raises=True),
    Row("Pooling_v1", [image(1, 2, 3, 3)], {"global_pool": True, "pool_type": "avg"}),
    Row("Pooling_v1", [image(1, 2, 3, 3)], {"global_pool": True}),
    Row("Pooling_v1", [(2, 3, 7, 8)], {"kernel": (9, 2)}, raises=True),
    Row("Pooling_v1", [(2, 3, 7)], {"kernel": (2, 2)}, raises=True),
    *[
        Row("_contrib_AdaptiveAvgPooling2D", [(1, 2, 4, 5)], {"output_size": size}, dtypes=FLOATS)
        for size in (1, (2, 3), (3, 2), (4, 5), (6, 7), (2,))
    ],
    Row("_contrib_AdaptiveAvgPooling2D", [(1, 2, 4, 5)]),
    Row("_contrib_AdaptiveAvgPooling2D", [(2, 4, 5)], {"output_size": 2}, raises=True),
]

PIXELS = values([[[[NAN, 0.0, 1.0], [1.0, INF, 2.0]]]])
ROWS += [
    Row("Pooling_v1", [image(1, 2, 4, 4)], {"kernel": (2, 2)}, dtypes=("float16",)),
    Row("_contrib_AdaptiveAvgPooling2D", [PIXELS], {"output_size": 2}, numeric=False),
    Row("_contrib_AdaptiveAvgPooling2D", [(2, 1, 3, 3)], {"output_size": (2, 2)}),
]
ROWS += [Row("_contrib_AdaptiveAvgPooling2D", [(1, 1, 3, 3)], {"output_size": None})]
