"""Rows for padding."""

from tests.ops.rows import Row, integers, normal, values

FLOATS = ("float16", "float32", "float64")
MODES = ("constant", "edge", "reflect")
IMAGE, VOLUME = [(2, 2, 3, 4)], [(1, 2, 2, 3, 2)]


def border(mode, *widths, value=0):
    """Attributes for a border around the axes after the first two."""
    return {"mode": mode, "pad_width": (0, 0, 0, 0, *widths), "constant_value": value}


ROWS = [
    *[Row("Pad", IMAGE, border(mode, 1, 2, 3, 0, value=7), dtypes=FLOATS) for mode in MODES],
    *[Row("Pad", VOLUME, border(mode, 1, 0, 0, 2, 1, 1)) for mode in MODES],
    *[Row("Pad", IMAGE, border(mode, 0, 0, 0, 0)) for mode in MODES],
    *[Row("pad", [(1, 1, 1, 1)], border(mode, 2, 2, 2, 2)) for mode in MODES[:2]],
    Row("Pad", IMAGE, border("constant", 1, 1, 1, 1, value=float("nan")), numeric=False),
    Row("Pad", IMAGE, border("reflect", 3, 0, 0, 0), raises=True),
    Row("Pad", IMAGE, border("mirror", 1, 1, 1, 1), raises=True),
    Row("Pad", IMAGE, border("constant", 1, 1), raises=True),
    Row("Pad", IMAGE, {"mode": "edge", "pad_width": (0, 0, 1, 0, 1, 1, 1, 1)}, raises=True),
    Row("Pad", [(2, 3)], {"mode": "constant", "pad_width": (0, 0, 1, 1)}, raises=True),
    Row("Pad", [(1, 2, 3)], border("constant", 1, 1), raises=True),
    Row(
        "Pad",
        [integers(0, 9, 1, 1, 2, 2)],
        border("constant", 1, 1, 1, 1),
        dtypes=("int32",),
        differs="the reference pads floating dtypes alone",
    ),
    Row("Pad", [normal(1, 1, 2, 2)], {"mode": "constant"}, raises=True),
]

PIXELS = values([[[[float("nan"), 0.0], [float("inf"), 1.0]]]])
ROWS += [Row("Pad", [PIXELS], border(mode, 1, 1, 1, 1), numeric=False) for mode in MODES]
