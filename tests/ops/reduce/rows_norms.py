"""Rows for norms, moments and division by a norm."""

from tests.ops.rows import Row, integers, values

FLOATS = ("float16", "float32", "float64")
NAN = float("nan")

ROWS = [
    *[
        Row("norm", [(2, 3, 4)], {"ord": order, **attrs}, numeric=order == 2)
        for order in (1, 2)
        for attrs in (
            {},
            {"axis": None},
            {"axis": ()},
            {"axis": 1},
            {"axis": -1},
            {"axis": (0, 2)},
            {"axis": (0, 1, 2)},
            {"axis": 1, "keepdims": True},
            {"keepdims": True},
        )
    ],
    *[Row("norm", [(3, 4)], {"ord": order, "axis": 1}, dtypes=FLOATS) for order in (1, 2)],
    *[Row("norm", [(3,)], {"out_dtype": name}, (name,)) for name in FLOATS],
    Row("norm", [values([[0.0, 3.0], [-4.0, 0.0]])], {"ord": 1, "axis": 1}, numeric=False),
    Row("norm", [values([[NAN, 1.0], [1.0, 2.0]])], {"axis": 1}, numeric=False),
    Row(
        "norm",
        [values([[0.0, 0.0], [1.5, 0.0]])],
        {"axis": 1},
        numeric=False,
        differs="the gradient at a zero vector is 0, not NaN",
    ),
    Row(
        "norm",
        [(2, 3)],
        {"axis": 1, "out_dtype": "float64"},
        differs="the reference fails unless out_dtype is the dtype of data",
    ),
    Row(
        "norm",
        [values([[3, -4, 0], [1, 2, -2]])],
        {"axis": 1},
        ("int32",),
        gradient=False,
        differs="the reference rounds after every element: norm of (3, -4) is 4",
    ),
    Row("norm", [integers(-5, 5, 2, 3)], {"axis": 1, "ord": 1}, ("int32", "int64"), gradient=False),
    *[Row("norm", [(2, 3)], {"ord": order}, raises=True) for order in (0, 3)],
    Row("norm", [(2, 3)], {"axis": 2}, raises=True),
    *[
        Row("moments", [(2, 3, 4)], attrs)
        for attrs in (
            {"axes": 0},
            {"axes": (0, 2)},
            {"axes": (0, 1, 2)},
            {"axes": -1},
            {"axes": 1, "keepdims": True},
        )
    ],
    Row("moments", [(3, 4)], {"axes": 1}, dtypes=FLOATS),
    Row("moments", [(3, 4)], raises=True),
    Row("moments", [(3, 4)], {"axes": 2}, raises=True),
    *[
        Row("L2Normalization", [shape], {"mode": mode})
        for mode in ("instance", "channel", "spatial")
        for shape in ((2, 3, 4), (2, 3, 2, 2))
    ],
    *[
        Row("L2Normalization", [(2, 3, 4)], {"mode": mode, "eps": 1.5}, dtypes=FLOATS)
        for mode in ("instance", "channel", "spatial")
    ],
    Row("L2Normalization", [(3, 4)]),
    Row("L2Normalization", [values([3.0, -4.0])], numeric=False),
    Row("L2Normalization", [values([[0.0, 0.0], [3.0, 4.0]])], {"eps": 1e-4}, numeric=False),
    *[Row("L2Normalization", [(3, 4)], {"mode": m}, raises=True) for m in ("channel", "spatial")],
    Row("L2Normalization", [(3, 4)], {"mode": "batch"}, raises=True),
    Row("L2Normalization", [integers(0, 4, 2, 3)], dtypes=("int32",), raises=True),
]
ROWS += [
    Row("norm", [integers(-5, 5, 2, 3)], {"axis": 1, "ord": 1, "out_dtype": to}, (to,), False)
    for to in ("int8", "int32", "int64")
]
