"""Rows for sorting: axes, ties, dtypes of indices, every form of topk."""

from tests.ops.rows import Row, distinct, values

FLOATS = ("float16", "float32", "float64")
DISTINCT = distinct(-2, 2, 3, 4)
TIES = values([[3.0, -4.0, 3.0, 0.0], [1.0, 2.0, -2.0, 1.0]])
MANY = distinct(-2, 2, 25, 30)
WHOLE = values([[3, 4, 1, 1]])
TYPES = ("float16", "float32", "float64", "int32", "int64", "uint8")
FORMS = ("value", "indices", "mask", "both")
NO_FLOAT16 = "the reference sorts no float16"
NO_DEFAULT_AXIS = "the reference's backward fails where axis is not given"


def topk_rows(form):
    """Rows of topk with one kind of result."""
    return [
        *[
            Row("topk", [DISTINCT], {"ret_typ": form, **attrs}, numeric=form in ("value", "both"))
            for attrs in (
                {},
                {"k": 2},
                {"k": 2, "axis": 0},
                {"k": 1, "axis": -2},
                {"k": 3, "axis": None},
                {"k": 2, "is_ascend": True},
                {"k": 0},
                {"k": -1},
                {"k": 4},
            )
        ],
        Row("topk", [TIES], {"ret_typ": form, "k": 3}, numeric=False),
        Row("topk", [TIES], {"ret_typ": form, "k": 3, "is_ascend": True}, numeric=False),
        *[
            Row("topk", [MANY], {"ret_typ": form, "k": 3, **attrs}, ("float32", "float64"))
            for attrs in ({}, {"is_ascend": True}, {"axis": None}, {"axis": 0})
        ],
        Row("topk", [DISTINCT], {"ret_typ": form, "k": 5}, raises=True),
        Row("topk", [DISTINCT], {"ret_typ": form, "axis": 2}, raises=True),
    ]


ROWS = [
    *[
        Row("sort", [DISTINCT], {"axis": axis, "is_ascend": ascend})
        for axis in (0, 1, -1, -2, None)
        for ascend in (True, False)
    ],
    Row("sort", [DISTINCT], gradient=False),
    Row("sort", [DISTINCT], {"is_ascend": False}, differs=NO_DEFAULT_AXIS),
    Row("sort", [TIES], {"axis": -1}, dtypes=FLOATS[1:], numeric=False),
    Row("sort", [TIES], {"axis": -1}, ("float16",), numeric=False, differs=NO_FLOAT16),
    Row("sort", [TIES], {"axis": -1, "is_ascend": False}, numeric=False),
    Row("sort", [WHOLE], dtypes=("int32", "uint8", "int64", "int8"), gradient=False),
    Row("sort", [DISTINCT], {"axis": 2}, raises=True),
    *[
        Row("argsort", [DISTINCT], {"axis": axis, "is_ascend": ascend}, numeric=False)
        for axis in (0, 1, -1, -2, None)
        for ascend in (True, False)
    ],
    Row("argsort", [TIES], numeric=False),
    Row("argsort", [TIES], {"is_ascend": False}, numeric=False),
    *[Row("argsort", [WHOLE], {"dtype": name}, numeric=False) for name in TYPES],
    Row("argsort", [WHOLE], {}, ("float64", "int32", "int64", "uint8", "int8"), gradient=False),
    Row("argsort", [DISTINCT], {"dtype": "int8"}, raises=True),
    Row("argsort", [DISTINCT], {"axis": 2}, raises=True),
    *[row for form in FORMS for row in topk_rows(form)],
    *[Row("topk", [WHOLE], {"k": 2, "dtype": name}, numeric=False) for name in TYPES],
    *[
        Row("topk", [DISTINCT], {"k": 2, "dtype": name, "ret_typ": "both"}, numeric=False)
        for name in TYPES
        if name != "float16"
    ],
    *[
        Row("topk", [WHOLE], {"k": 2, "ret_typ": form}, types, gradient=False)
        for form in ("value", "mask", "both")
        for types in [("float16", "float64", "int32", "uint8", "int8")]
    ],
    Row("topk", [DISTINCT], {"ret_typ": "values"}, raises=True),
]
