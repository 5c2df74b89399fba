"""Rows for operators that cut an array into several."""

from tests.ops.rows import Row, integers

FLOATS = ("float16", "float32", "float64")
X = [(4, 3)]


def pieces(**attrs):
    """Attributes of SliceChannel."""
    return attrs


CHANNELS = [
    pieces(num_outputs=3),
    pieces(num_outputs=3, squeeze_axis=True),
    pieces(num_outputs=2, axis=0),
    pieces(num_outputs=4, axis=-2, squeeze_axis=True),
    pieces(num_outputs=1),
]
WRONG_CHANNELS = [
    pieces(num_outputs=2),
    pieces(num_outputs=2, axis=0, squeeze_axis=True),
    pieces(num_outputs=2, axis=2),
    pieces(num_outputs=2, axis=-3),
    pieces(num_outputs=0),
]
SECTIONS = [
    {"indices": (0, 2), "axis": 0},
    {"indices": (0, 1, 3), "axis": 0},
    {"indices": (0, 2, 2), "axis": 0},
    {"indices": (0, 1)},
    {"indices": (0, 1, 2), "squeeze_axis": True},
    {"indices": (), "sections": 2, "axis": 0},
    {"indices": (), "sections": 3, "axis": 0},
    {"indices": (), "sections": 3, "axis": -1},
    {"indices": (), "sections": 3, "squeeze_axis": True},
    {"indices": (0,), "axis": 0},
]
WRONG_SECTIONS = [
    {"indices": (1,), "axis": 0},
    {"indices": (0, 5), "axis": 0},
    {"indices": (0, 2, 1), "axis": 0},
    {"indices": (0, 2), "squeeze_axis": True},
    {"indices": (0, 1), "axis": 2},
]

ROWS = [
    *[Row("SliceChannel", X, attrs) for attrs in CHANNELS],
    *[Row("SliceChannel", X, attrs, raises=True) for attrs in WRONG_CHANNELS],
    Row("split", [(2, 4)], {"num_outputs": 2}, dtypes=FLOATS),
    Row("SliceChannel", [(2, 1)], {"num_outputs": 1, "squeeze_axis": True}),
    Row("SliceChannel", [integers(0, 9, 2, 4)], {"num_outputs": 2}, dtypes=("int32", "uint8")),
    *[Row("_split_v2", X, attrs) for attrs in SECTIONS],
    *[Row("_split_v2", X, attrs, raises=True) for attrs in WRONG_SECTIONS],
    Row("_split_v2", [(2, 4, 2)], {"indices": (0, 3), "axis": 1}, dtypes=FLOATS),
]
ROWS += [Row("_split_v2", X, {"indices": None, "sections": 3})]
