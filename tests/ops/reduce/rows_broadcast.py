"""Rows for repeating along axes of length 1."""

from tests.ops.rows import Row, integers, values

FLOATS = ("float16", "float32", "float64")
ONES = (1, 2, 1)

ROWS = [
    *[
        Row("broadcast_axis", [ONES], attrs)
        for attrs in (
            {"axis": 2, "size": 3},
            {"axis": (0, 2), "size": (2, 3)},
            {"axis": (2, 0), "size": (3, 2)},
            {"axis": 0, "size": 1},
            {},
        )
    ],
    Row("broadcast_axes", [ONES], {"axis": (0, 2), "size": (2, 3)}, dtypes=FLOATS),
    Row("broadcast_axis", [ONES], {"axis": 1, "size": 3}, raises=True),
    Row("broadcast_axis", [ONES], {"axis": (0, 0), "size": (2, 3)}, raises=True),
    Row("broadcast_axis", [ONES], {"axis": 0, "size": (2, 3)}, raises=True),
    Row("broadcast_axis", [ONES], {"axis": 3, "size": 3}, raises=True),
    *[
        Row("broadcast_to", [ONES], {"shape": shape})
        for shape in ((0, 2, 3), (0, 0, 3), (3, 0, 0), (1, 2, 1))
    ],
    Row("broadcast_to", [ONES], {"shape": (2, 2, 3)}, dtypes=FLOATS),
    Row("broadcast_to", [integers(0, 2, *ONES)], {"shape": (1, 2, 2)}, ("int32", "bool"), False),
    *[
        Row("broadcast_to", [ONES], {"shape": shape}, raises=True)
        for shape in ((1, 2), (2, 3, 3), (4, 1, 2, 3), (-1, 2, 3))
    ],
    Row("broadcast_like", [ONES, (4, 2, 3)], dtypes=FLOATS),
    Row("broadcast_like", [ONES, (4, 5)], {"lhs_axes": (0, 2), "rhs_axes": (0, 1)}),
    Row("broadcast_like", [ONES, (4, 5)], {"lhs_axes": (0,), "rhs_axes": (-1,)}),
    Row("broadcast_like", [ONES, integers(0, 2, 4, 2, 3, dtype="int32")]),
    Row("broadcast_like", [ONES, (4, 5)], raises=True),
    Row("broadcast_like", [ONES, (4, 5)], {"lhs_axes": (0,)}, raises=True),
    Row("broadcast_like", [ONES, (4, 5, 3)], raises=True),
    Row("broadcast_like", [ONES, (4, 5)], {"lhs_axes": (1,), "rhs_axes": (0,)}, raises=True),
    Row("broadcast_like", [ONES, (4, 5)], {"lhs_axes": (), "rhs_axes": ()}, raises=True),
]
ROWS += [
    Row("broadcast_axis", [(3, 1)], {"axis": 1, "size": 4}),
    Row("broadcast_axis", [values([[float("nan"), 0.0]])], {"axis": 0, "size": 2}, numeric=False),
    Row("broadcast_axis", [(1, 3)], {"axis": -2, "size": 4}, raises=True),
    Row("broadcast_to", [(3, 1)], {"shape": (3, 4)}),
    Row("broadcast_to", [values([[float("nan"), 0.0]])], {"shape": (2, 2)}, numeric=False),
]
ROWS += [
    Row("broadcast_axis", [(1, 3)], {"axis": 0, "size": -1}, raises=True),
    Row("broadcast_axis", [(1, 3)], {"axis": None, "size": None}),
]
