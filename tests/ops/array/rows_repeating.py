"""Rows for operators that repeat elements or arrays."""

from tests.ops.rows import Row, integers, normal, values

FLOATS = ("float16", "float32", "float64")
LOST_SHAPE = "the reference drops the other axes, although the result is empty along one alone"

ROWS = [
    Row("repeat", [(2, 3)], {"repeats": 2}, dtypes=FLOATS),
    *[Row("repeat", [(2, 3)], {"repeats": 3, "axis": axis}) for axis in (0, 1, -1, -2, "None")],
    Row("repeat", [(2, 3)], {"repeats": 1}),
    Row("repeat", [(2, 3)], {"repeats": 0}, gradient=False),  # the reference leaves it unwritten
    Row("repeat", [(2, 3)], {"repeats": 0, "axis": 0}, differs=LOST_SHAPE),
    Row("repeat", [integers(0, 9, 2, 2)], {"repeats": 2}, dtypes=("int32", "uint8")),
    Row("repeat", [(2, 3)], {"repeats": -1}, raises=True),
    Row("repeat", [(2, 3)], {"repeats": 2, "axis": 2}, raises=True),
    Row("repeat", [normal(0, 3)], {"repeats": 2, "axis": 1}),
    Row("tile", [(2, 3)], {"reps": (2, 2)}, dtypes=FLOATS),
    *[Row("tile", [(2, 3)], {"reps": reps}) for reps in (2, (3, 1), (2, 1, 2), (), (1, 1))],
    Row("tile", [(1, 2, 2)], {"reps": (2,)}),
    Row("tile", [(3,)], {"reps": (2, 2)}),
    Row("tile", [integers(0, 9, 2, 2)], {"reps": (1, 2)}, dtypes=("int32", "uint8")),
    Row("tile", [(2, 3)], {"reps": (-1,)}, raises=True),
    Row("tile", [(2, 3)], {}, raises=True),
]
ROWS += [
    Row("tile", [values([float("nan"), 0.0])], {"reps": (2,)}, numeric=False),
    Row("tile", [(0, 2)], {"reps": (2, 2)}),
]
ROWS += [Row("tile", [(2, 3)], {"reps": None})]
