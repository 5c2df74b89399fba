"""Rows for operators that change the shape alone."""

from tests.ops.rows import Row, integers, normal, values

FLOATS = ("float16", "float32", "float64")
X = [(2, 3, 4)]

SHAPES = [
    (4, 0, 2),
    (-1, 0),
    (0, 0, -1),
    (-2,),
    (2, -2),
    (-2, 1, 1),
    (-3, 4),
    (0, -3),
    (-3, -2),
    (-4, 1, 2, -2),
    (2, -4, -1, 3, -2),
    (0, -4, 3, -1, 0),
    (0, -2, 1),
    (24,),
    24,
    "(6,-1)",
    [6, 4],
]
RAISING_SHAPES = [
    (-1, -1),
    (-4, 2),
    (-5,),
    (0, 0, 0, 0),
    (-3, -3),
    (-4, -1, -1, 3, 4),
    (-4, 5, 2, -2),
    "(2,x)",
]
LEGACY = [
    {"target_shape": (0, 12)},
    {"target_shape": (2, 0)},
    {"target_shape": (2, 0, 4), "keep_highest": True},
    {"target_shape": (0, 0), "keep_highest": True},
]
WRONG_SIZE = "the reference returns an array whose elements are not those of data, and may crash"

RESHAPE = [
    Row("Reshape", [(2, 3, 4)], {"shape": (0, -1)}, dtypes=FLOATS),
    Row("Reshape", [integers(0, 9, 2, 3, 4)], {"shape": (0, -1)}, dtypes=("int32", "uint8")),
    Row("Reshape", [(2, 3, 4, 5)], {"shape": (-3, -3)}),
    Row("Reshape", [(10, 5, 4)], {"shape": (-1, 0), "reverse": True}),
    Row("Reshape", [(8, 3, 3, 3, 4, 4)], {"shape": (0, -1, -3), "reverse": True}),
    Row("Reshape", [(8, 3, 3, 3, 4, 4)], {"shape": (-3, -2), "reverse": True}, raises=True),
    Row("Reshape", [(8, 3, 3, 3, 4, 4)], {"shape": (0, -4, -1, 3, -2)}),
    Row("Reshape", [normal(0, 3)], {"shape": (0, 3, 1)}),
    Row("reshape", [(3, 2)], {"shape": (2, 3)}),
    Row("Reshape", [(2, 3, 4)], {"shape": (5, -1)}, raises=True, differs=WRONG_SIZE),
    Row("Reshape", [(2, 3, 4)], {"shape": (6, 5)}, raises=True, differs=WRONG_SIZE),
    Row("Reshape", [(2, 3, 4)], {"shape": (-2, -1)}, differs=WRONG_SIZE),
    Row("Reshape", [(2, 3)], {}, raises=True, differs="the reference returns an array of shape ()"),
    *[Row("Reshape", X, {"shape": shape}) for shape in SHAPES],
    *[Row("Reshape", X, {"shape": shape}, raises=True) for shape in RAISING_SHAPES],
    *[Row("Reshape", X, attrs) for attrs in LEGACY],
]

FLATTEN = [
    Row("Flatten", [(2, 3, 4)], dtypes=FLOATS),
    Row("Flatten", [(2, 3)]),
    Row("flatten", [(3,)]),
    Row("Flatten", [integers(0, 9, 2, 2, 2)], dtypes=("int32",)),
    Row("Flatten", [normal(0, 3, 2)]),
    Row("Flatten", [(2, 3), (2, 3)], raises=True),
]

EXPAND_DIMS = [
    *[Row("expand_dims", [(2, 3)], {"axis": axis}) for axis in (0, 1, 2, -1, -2, -3)],
    *[Row("expand_dims", [(2, 3)], {"axis": axis}, raises=True) for axis in (3, -4)],
    Row("expand_dims", [(2, 3)], {"axis": 1}, dtypes=("float16", "float64")),
    Row("expand_dims", [normal(0, 3)], {"axis": 1}),
    Row("expand_dims", [(2, 3)], {}, raises=True),
]

SQUEEZE = [
    Row("squeeze", [(1, 2, 1, 3)], dtypes=FLOATS),
    *[Row("squeeze", [(1, 2, 1, 3)], {"axis": axis}) for axis in (0, (0, 2), -2, "None", ())],
    *[Row("squeeze", [(1, 2)], {"axis": axis}, raises=True) for axis in (1, 5, (0, 0), (0, -2))],
    Row("squeeze", [(1, 1)]),
    Row("squeeze", [(1, 1)], {"axis": (0, 1)}),
    Row("squeeze", [(2, 3)]),
    Row("squeeze", [normal(1, 0)]),
]

RESHAPE_LIKE = [
    Row("reshape_like", [(2, 6), (4, 3)], dtypes=FLOATS),
    Row("reshape_like", [(2, 6), integers(0, 5, 4, 3, dtype="int32")]),
    Row("reshape_like", [(2, 3, 4), (6,)], {"lhs_end": 2}),
    Row("reshape_like", [(4, 7), (2, 2, 4)], {"lhs_end": 1, "rhs_end": 2}),
    Row("reshape_like", [(3, 6), (4, 2, 3)], {"lhs_begin": -1, "rhs_begin": 1}),
    Row("reshape_like", [(2, 3), (3, 2, 1)], {"lhs_begin": 1, "rhs_begin": 0, "rhs_end": 1}),
    Row("reshape_like", [(2, 3), (3, 2)], {"lhs_begin": None, "rhs_end": "None"}),
    Row("reshape_like", [(2, 3), (5,)], raises=True),
    Row("reshape_like", [(2, 3), (3,)], {"lhs_end": 5}, raises=True),
    Row("reshape_like", [(2, 3), (3,)], {"lhs_begin": 2, "lhs_end": 1}, raises=True),
]

ROWS = [
    *RESHAPE,
    *FLATTEN,
    *EXPAND_DIMS,
    *SQUEEZE,
    *RESHAPE_LIKE,
    Row("Reshape", [values([1.0, float("nan"), -0.0, float("inf")])], {"shape": (2, 2)}),
]
