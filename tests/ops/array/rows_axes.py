"""Rows for operators that reorder axes or the elements along them."""

from tests.ops.rows import Row, integers, normal, values

FLOATS = ("float16", "float32", "float64")
X = [(2, 3, 4)]

ROWS = [
    Row("transpose", X, dtypes=FLOATS),
    *[Row("transpose", X, {"axes": axes}) for axes in ((1, 0, 2), (2, 0, 1), (0, 1, 2), ())],
    *[Row("transpose", X, {"axes": axes}, raises=True) for axes in ((0, 1), (0, 1, 3), (-1, 0, 1))],
    Row("transpose", [(5,)]),
    Row("transpose", [integers(0, 9, 2, 3)], dtypes=("int32", "uint8", "int64")),
    Row("transpose", [(2, 1, 3, 2)], {"axes": (3, 0, 2, 1)}),
    Row("transpose", [normal(0, 3)]),
    Row("SwapAxis", X, {"dim1": 0, "dim2": 2}, dtypes=FLOATS),
    Row("swapaxes", X, {"dim1": -1, "dim2": 0}),
    Row("SwapAxis", [(2, 3)]),
    Row("SwapAxis", [(2, 3)], {"dim1": 1, "dim2": 1}),
    Row("SwapAxis", [(2, 3)], {"dim1": 0, "dim2": 2}, raises=True),
    Row("SwapAxis", [(2, 3)], {"dim1": -3}, raises=True),
    Row("reverse", [(2, 3)], {"axis": 0}, dtypes=FLOATS),
    *[Row("reverse", [(2, 3)], {"axis": axis}) for axis in ((0, 1), (1,), (), (1, 1))],
    *[Row("reverse", [(2, 3)], {"axis": axis}, raises=True) for axis in (-1, 2, (0, -1))],
    Row("flip", [(2, 3, 2)], {"axis": (0, 2)}),
    Row("depth_to_space", [(1, 4, 2, 3)], {"block_size": 2}, dtypes=FLOATS),
    Row("depth_to_space", [(2, 8, 1, 2)], {"block_size": 2}),
    Row("depth_to_space", [(1, 9, 1, 1)], {"block_size": 3}),
    Row("depth_to_space", [(1, 3, 2, 3)], {"block_size": 1}),
    Row("depth_to_space", [(1, 3, 2, 3)], {"block_size": 2}, raises=True),
    Row("depth_to_space", [(4, 2, 3)], {"block_size": 2}, raises=True),
    Row("depth_to_space", [(1, 4, 2, 3)], {"block_size": 0}, raises=True),
    Row("depth_to_space", [(1, 4, 2, 3)], {"block_size": -2}, raises=True),
    Row("space_to_depth", [(1, 1, 4, 6)], {"block_size": 2}, dtypes=FLOATS),
    Row("space_to_depth", [(2, 2, 2, 4)], {"block_size": 2}),
    Row("space_to_depth", [(1, 1, 3, 4)], {"block_size": 2}, raises=True),
    Row("space_to_depth", [(1, 4, 4)], {"block_size": 2}, raises=True),
]

NAN, INF = float("nan"), float("inf")
ROWS += [
    Row("depth_to_space", [values([[[[NAN, 0.0]]] * 4])], {"block_size": 2}, numeric=False),
    Row("space_to_depth", [values([[[[NAN, 0.0], [INF, 1.0]]]])], {"block_size": 2}, numeric=False),
]
