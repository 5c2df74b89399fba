"""Rows for gradients at ties, of zeros, infinities and NaN."""

from tests.ops.rows import Row, values

NAN, INF = float("nan"), float("inf")
BOTH = ("float32", "float64")
TIES = values([[1.0, 3.0, 3.0, 1.0], [0.0, -0.0, 0.0, -0.0], [INF, 1.0, INF, -INF]])
ODD = values([[1.0, NAN, 3.0, INF], [-INF, -INF, 0.0, 2.0], [0.0, 0.0, 0.0, -0.0]])
COMPENSATED = "the reference's compensated sum makes NaN of infinities"
NAMES = ("sum", "mean", "max", "min")

ROWS = [
    *[
        Row(name, [data], {"axis": axis}, BOTH, numeric=False)
        for name in NAMES
        for axis in (None, 0, 1)
        for data in (TIES, ODD)
    ],
    *[
        Row(name, [TIES], {"axis": 1, "keepdims": True, "exclude": True}, numeric=False)
        for name in NAMES
    ],
    *[
        Row("sort", [TIES], {"axis": axis, "is_ascend": rising}, BOTH, numeric=False)
        for axis in (0, 1)
        for rising in (True, False)
    ],
    *[
        Row(
            "topk",
            [values([[1.0, 2.0, 4.0, 3.0], [0.5, INF, -INF, 0.0]])],
            {"axis": 1, "k": k, "ret_typ": kind, "is_ascend": rising},
            numeric=False,
        )
        for k in (1, 4)
        for kind in ("value", "both")
        for rising in (True, False)
    ],
    *[
        Row(
            "norm",
            [values([[3.0, -4.0], [-0.5, 0.0]])],
            {"ord": order, "axis": 1},
            BOTH,
            numeric=False,
        )
        for order in (1, 2)
    ],
    *[
        Row(
            "norm",
            [values([[2.0, 1.0], [NAN, 1.0]])],
            {"ord": order, "axis": 1},
            BOTH,
            numeric=False,
        )
        for order in (1, 2)
    ],
    *[
        Row(
            "L2Normalization",
            [values([[[0.0, 0.0]], [[1.0, INF]]])],
            {"mode": mode},
            BOTH,
            numeric=False,
        )
        for mode in ("instance", "channel", "spatial")
    ],
    Row("nansum", [ODD], {"axis": 1}, differs=COMPENSATED, numeric=False),
    Row("nansum", [values([[1.0, NAN, -0.0, 3.0]])], {"axis": 1}, BOTH, numeric=False),
    Row("norm", [values([INF, 1.0])], {"ord": 1}, differs=COMPENSATED, numeric=False),
    Row("moments", [TIES], {"axes": 1}, numeric=False),
    Row("nanprod", [values([[1.0, NAN, 3.0], [2.0, INF, 0.5]])], {"axis": 1}, BOTH, numeric=False),
    Row("prod", [values([[1.0, NAN, 3.0], [2.0, INF, 0.5]])], {"axis": 1}, BOTH, numeric=False),
    Row("cumsum", [ODD], {"axis": 1}, BOTH, numeric=False),
    *[
        Row("broadcast_to", [values([[0.0], [NAN]])], {"shape": (2, 3)}, numeric=False),
        Row("broadcast_like", [values([[INF]]), (2, 3)], numeric=False),
    ],
]

ROWS += [
    *[
        Row("sort", [values([3.0, 1.0, 2.0, INF, -INF])], {"is_ascend": rising}, BOTH)
        for rising in (True, False)
    ],
    *[
        Row(name, [values([[0.0, 0.0], [0.0, 0.0]])], {"axis": axis, "keepdims": True}, BOTH, True)
        for name in ("sum", "mean", "max", "min")
        for axis in ((0, 1), 1)
    ],
    Row("prod", [values([[2.0, -0.5], [1.5, 4.0]])], {"axis": (0, 1)}, BOTH),
    Row("broadcast_axis", [values([[0.0], [NAN]])], {"axis": 1, "size": 3}, numeric=False),
    Row("moments", [values([[1.0, 1.0], [0.0, 2.0]])], {"axes": (0, 1)}, BOTH),
]
