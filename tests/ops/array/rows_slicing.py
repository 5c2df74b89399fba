"""Rows for operators that read or replace a rectangular part."""

from tests.ops.rows import Row, integers, normal, values

FLOATS = ("float16", "float32", "float64")
N = None
X = [(3, 4)]


def part(begin, end, step=()):
    """Attributes of a slice."""
    return {"begin": begin, "end": end, **({"step": step} if step else {})}


PARTS = [
    part((1,), (3,)),
    part((N, 1), (N, 3)),
    part((0, 0), (-1, -1)),
    part((-2,), (N,)),
    part((N, N), (N, N), (-1, 2)),
    part((2, 3), (0, 0), (-1, -2)),
    part((0,), (10,)),
    part((5,), (10,)),
    part((2,), (1,)),
    part((1,), (1,)),
    part((0,), (-10,)),
    part((0, 0), (1, 2), (N, 1)),
    part((), ()),
    part((3,), (N,), (-1,)),
    part((-1,), (-10,), (-1,)),
    part((10,), (N,), (-1,)),
    part((0, 1), (3, 4), (2, 2)),
    {"begin": "(0, None)", "end": "(2, None)"},
    {"begin": 1, "end": 2},
]
WRONG_PARTS = [
    part((0,), (2,), (0,)),
    part((0, 1, 2), (1, 2, 3)),
    part((0,), (1, 2)),
    part((0, 0), (1, 2), (1,)),
    {"begin": (0,)},
]
NAN, INF = float("nan"), float("inf")
FLOAT32 = "the reference has this operator in float32 alone"
CUT = "the reference refuses an index before the axis with a message of its backend"
ASSIGNED = [
    (part((1,), (3,)), (2, 4)),
    (part((N, 1), (N, 3)), (3, 2)),
    (part((N, N), (N, N), (-1, 2)), (3, 2)),
    (part((2, 3), (0, 0), (-1, -2)), (2, 2)),
]

SLICE = [
    *[Row("slice", X, attrs) for attrs in PARTS],
    *[Row("slice", X, attrs, raises=True) for attrs in WRONG_PARTS],
    Row("slice", X, part((-10,), (2,)), differs=CUT),
    Row("slice", [(2, 3, 2)], part((0, 1, 0), (2, 3, 1)), dtypes=FLOATS),
    Row("slice", [integers(0, 9, 3, 4)], part((1,), (3,)), dtypes=("int32", "uint8")),
    Row("crop", [(2, 3)], part((0, 1), (1, 3))),
    Row("slice", [(2, 3, 2)], part((1,), (N,))),
]

AXIS = [(0, 1, 2), (1, 0, N), (-1, -3, -1), (1, -1, N), (0, 0, 3), (1, 1, "None")]
WRONG_AXIS = [
    (1, 2, 2),
    (1, 2, 9),
    (1, -9, 2),
    (2, 0, 2),
    (1, 3, 1),
    (1, 9, N),
    (-3, 0, 1),
    (1, 0, 0),
]
SLICE_AXIS = [
    *[Row("slice_axis", X, {"axis": a, "begin": b, "end": e}) for a, b, e in AXIS],
    *[
        Row("slice_axis", X, {"axis": a, "begin": b, "end": e}, raises=True)
        for a, b, e in WRONG_AXIS
    ],
    Row("slice_axis", [(2, 3, 2)], {"axis": 1, "begin": 1, "end": 3}, dtypes=FLOATS),
]

SLICE_LIKE = [
    Row("slice_like", [(3, 4), (2, 3)], dtypes=FLOATS),
    *[Row("slice_like", [(3, 4), (2, 3)], {"axes": axes}) for axes in ((0,), (-1,), (0, -2), 1)],
    Row("slice_like", [(3, 4), (2, 9)], {"axes": (0,)}),
    Row("slice_like", [(3, 4), (2,)], {"axes": (0,)}),
    Row("slice_like", [(3, 4), (2, 3, 4)], {"axes": (0, 1)}),
    Row("slice_like", [(3, 4), integers(0, 3, 2, 3, dtype="int32")]),
    Row("slice_like", [(3, 4), (2, 9)], raises=True),
    Row("slice_like", [(3, 4), (2,)], raises=True),
    Row("slice_like", [(3, 4), (2, 3)], {"axes": (2,)}, raises=True),
]

IMAGE = (2, 2, 4, 5)
CROP = [
    Row("Crop", [IMAGE], {"h_w": (2, 3), "num_args": 1}),
    Row("Crop", [IMAGE], {"h_w": (2, 3), "offset": (1, 2), "num_args": 1}),
    Row("Crop", [IMAGE], {"h_w": (2, 3), "center_crop": True, "num_args": 1}),
    Row("Crop", [IMAGE, (1, 3, 2, 2)], {"num_args": 2}),
    Row("Crop", [IMAGE, (1, 3, 2, 2)], {"num_args": 2, "center_crop": True}),
    Row("Crop", [IMAGE, (1, 3, 2, 2)], {"num_args": 2, "offset": (2, 3)}),
    Row("Crop", [IMAGE, (1, 3, 2, 2)], {"num_args": 2, "offset": (3, 3)}, raises=True),
    Row("Crop", [IMAGE], {"h_w": (5, 3), "num_args": 1}, raises=True),
    Row("Crop", [IMAGE], {"num_args": 1}, raises=True),
    Row("Crop", [(4, 5)], {"h_w": (2, 2), "num_args": 1}, raises=True),
    Row("Crop", [IMAGE] * 3, {"num_args": 3}, raises=True),
]

ASSIGN = [
    *[Row("_slice_assign", [(3, 4), s], attrs, gradient=False) for attrs, s in ASSIGNED],
    Row("_slice_assign", [(4, 2), (2, 2)], ASSIGNED[0][0], dtypes=FLOATS, gradient=False),
    Row("_slice_assign", [(3, 4), (1, 4)], part((1,), (3,)), raises=True),
    Row("_slice_assign", [(3, 4), (2, 3)], part((1,), (3,)), raises=True),
    *[
        Row("_slice_assign_scalar", X, {**attrs, "scalar": 9.5}, gradient=False)
        for attrs, _ in ASSIGNED
    ],
    Row("_slice_assign_scalar", X, part((1,), (2,)), gradient=False),
    Row(
        "_slice_assign_scalar",
        [integers(0, 5, 2, 2)],
        {**part((0,), (1,)), "scalar": 2.7},
        dtypes=("int32", "int64", "uint8"),
    ),
    Row("_slice_assign_scalar", X, {**part((2,), (2,)), "scalar": 9}, gradient=False),
    Row("_slice_assign_scalar", X, part((0, 0, 0), (1, 1, 1)), raises=True),
    Row("slice", [normal(0, 4)], part((0,), (N,))),
]

ROWS = [*SLICE, *SLICE_AXIS, *SLICE_LIKE, *CROP, *ASSIGN]
ODD, PIXELS = values([[0.0, NAN, INF, -1.0]]), values([[[[NAN, 0.0], [INF, 1.0]]]])
ROWS += [
    Row("_slice_assign", [(3, 4), normal(2, 4)], part((1,), (3,))),
    Row("_slice_assign", [(3, 4), ODD], part((-1,), (3,)), gradient=False),
    Row("_slice_assign_scalar", [(3,)], {**part((1,), (3,)), "scalar": 2.5}, dtypes=FLOATS),
    Row("_slice_assign_scalar", [(2, 3)], {**part((-1,), (2,)), "scalar": NAN}, gradient=False),
    Row("_slice_assign_scalar", [normal(0, 3)], {**part((0,), (N,)), "scalar": 1}, gradient=False),
    Row("Crop", [IMAGE], {"h_w": (3, 2), "num_args": 1}, ("float16", "float64"), differs=FLOAT32),
    Row("Crop", [PIXELS], {"h_w": (1, 2), "num_args": 1}, numeric=False),
    Row("Crop", [IMAGE, (1, 3, 2, 2)], {"num_args": 1}, raises=True),
]
ROWS += [
    Row("Crop", [IMAGE, normal(1, 3, 2, 2, dtype="float64")], {"num_args": 2}, raises=True),
]
