"""Rows for greatest and smallest elements and their positions: ties, NaN, infinities."""

from tests.ops.rows import Row, distinct, values

FLOATS = ("float16", "float32", "float64")
NAN, INF = float("nan"), float("inf")
TIES = values([[1.0, 3.0, 3.0], [0.0, 0.0, -1.0]])
ODD = values([[1, NAN, 3], [NAN, NAN, -1], [2, 3, NAN], [NAN, 1, 2], [-INF] * 3, [INF, INF, 1]])
WHOLE = values([[1, 3, 3], [0, 0, 1]])

ROWS = [
    *[
        Row(name, [TIES], {"axis": axis}, numeric=False)
        for name in ("max", "min")
        for axis in (None, 0, 1, (0, 1))
    ],
    *[Row(name, [ODD], {"axis": 1}, numeric=False) for name in ("max", "min")],
    *[
        Row(name, [distinct(-1, 1, 2, 3, 4)], attrs, numeric=False)
        for name in ("argmax", "argmin")
        for attrs in (
            {},
            {"axis": 0},
            {"axis": -1},
            {"axis": 1, "keepdims": True},
            {"keepdims": True},
            {"axis": "None"},
        )
    ],
    *[Row(name, [TIES], {"axis": 1}, FLOATS, numeric=False) for name in ("argmax", "argmin")],
    *[Row(name, [ODD], {"axis": 1}, numeric=False) for name in ("argmax", "argmin")],
    *[
        Row(name, [WHOLE], {"axis": 1}, ("int32", "uint8", "int64"), gradient=False)
        for name in ("argmax", "argmin")
    ],
    *[Row(name, [(3,)], numeric=False) for name in ("argmax", "argmin")],
    *[Row(name, [(2, 3)], {"axis": 2}, raises=True) for name in ("argmax", "argmin")],
    *[Row(name, [(2, 3)], {"axis": (0, 1)}, raises=True) for name in ("argmax", "argmin")],
    Row("argmax_channel", [TIES], dtypes=FLOATS, gradient=False),
    Row("argmax_channel", [(2, 3, 4)], gradient=False),
    Row("argmax_channel", [WHOLE], dtypes=("int32",), gradient=False),
    Row("argmax_channel", [(3,)], raises=True),
]
ROWS += [Row("argmax_channel", [(3, 2)])]
