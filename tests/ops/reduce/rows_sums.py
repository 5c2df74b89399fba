"""Rows for sums, means and products: every way to name axes, NaN, zeros, integers."""

from tests.ops.rows import Row, distinct, integers, uniform, values

FLOATS = ("float16", "float32", "float64")
NAN, INF = float("nan"), float("inf")
NAMES = ("sum", "mean", "nansum", "prod", "nanprod", "max", "min")
WITH_NAN = values([[1.0, NAN, NAN, 2.0], [2.0, 2.0, NAN, INF]])
SMALL = values([[3, 5, 1], [3, 2, 2]])
AXES = [
    {},
    {"axis": None},
    {"axis": ()},
    {"axis": 1},
    {"axis": -1},
    {"axis": (0, 2)},
    {"axis": (2, 0)},
    {"axis": (0, 1, 2)},
    {"axis": "(0, -1)"},
    {"axis": 1, "keepdims": True},
    {"keepdims": True},
    {"axis": 1, "exclude": True},
    {"axis": (0, 1, 2), "exclude": True},
    {"axis": (), "exclude": True},
    {"exclude": True},
    {"axis": (0, -1), "exclude": True, "keepdims": True},
]
WRONG = [{"axis": 3}, {"axis": -4}, {"axis": (0, 0)}, {"axis": (1, -2)}, {"axis": "x"}]


def axis_rows(name):
    """Rows of one reduction that every reduction has."""
    data = distinct(0.5, 2, 2, 3, 2)
    return [
        *[Row(name, [data], attrs) for attrs in AXES],
        *[Row(name, [data], attrs, raises=True) for attrs in WRONG],
        Row(name, [distinct(0.5, 2, 3, 4)], {"axis": 0}, dtypes=FLOATS),
        Row(name, [uniform(0.5, 2, 4)]),
        Row(name, [SMALL], {"axis": 0}, dtypes=("int32", "uint8", "int8", "int64"), gradient=False),
        Row(name, [WITH_NAN], {"axis": 0}, gradient=name == "nansum", numeric=False),
    ]


ROWS = [
    *[row for name in NAMES for row in axis_rows(name)],
    Row("sum", [values([[100, 100], [3, 100]])], {"axis": 0}, dtypes=("int8",), gradient=False),
    Row("sum", [values([[True, True], [False, False]])], {"axis": 1}, ("bool",), gradient=False),
    Row("mean", [values([[-3, 4], [-4, 5]])], {"axis": 0}, dtypes=("int32",), gradient=False),
    Row("nanprod", [values([[1.0, NAN, NAN], [2.0, 2.0, NAN]])], {"axis": 0}, numeric=False),
    Row("prod", [values([[0.0, 2.0], [0.0, 0.0]])], {"axis": 1}, gradient=False),
    Row(
        "prod",
        [values([[0.0, 2.5]])],
        {"axis": 1},
        differs="gradients of products with a zero are products of the others, not NaN",
    ),
    Row("sum_axis", [(2, 3)], {"axis": 1}),
    Row("max_axis", [distinct(0, 1, 2, 3)], {"axis": 1}),
    Row("min_axis", [distinct(0, 1, 2, 3)], {"axis": 1}),
    *[
        Row(
            "_square_sum",
            [(2, 3)],
            attrs,
            differs="the reference computes this for row_sparse arrays alone",
        )
        for attrs in ({}, {"axis": 1}, {"axis": 0, "keepdims": True})
    ],
    Row("multi_sum_sq", [(2, 3), (4,)], {"num_arrays": 2}, dtypes=FLOATS, gradient=False),
    Row("multi_sum_sq", [(2, 3)], {"num_arrays": 1}, gradient=False),
    Row("multi_sum_sq", [(2,), integers(0, 3, 2, dtype="float16")], {"num_arrays": 2}, raises=True),
]

SPARSE_ALONE = "the reference computes this for row_sparse arrays alone"
ROWS += [
    Row("_square_sum", [(3, 4)], {"axis": 0, "exclude": True}, dtypes=FLOATS, differs=SPARSE_ALONE),
    Row("_square_sum", [WITH_NAN], {"axis": 0}, gradient=False, differs=SPARSE_ALONE),
    Row("_square_sum", [(3, 4)], {"axis": 5}, raises=True),
    Row("multi_sum_sq", [values([0.0, NAN]), (3,)], {"num_arrays": 2}, gradient=False),
    Row("multi_sum_sq", [(2,), (3,)], {"num_arrays": 2}),
    *[Row("multi_sum_sq", [(2,), (2,)], {"num_arrays": count}, raises=True) for count in (1, 3)],
    Row("multi_sum_sq", [(2,), (2,)], raises=True),
]
