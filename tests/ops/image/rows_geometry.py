"""Rows for cropping, flipping, resizing and framing images.

The reference's gradient of a flip is not flipped back, so gradients of flips are ours alone.
"""

from tests.ops.rows import Row, integers, normal, values

FLOATS = ("float32", "float64")
TYPES = ("uint8", "float32")
DTYPES = ("uint8", "int32", "float16", "float32", "float64")


def image(*shape):
    return integers(0, 256, *shape)


def resize(data, **attrs):
    return Row("image.resize", [data], attrs, dtypes=TYPES, gradient=False)


def border(data, **attrs):
    sides = {"top": 1, "bot": 2, "left": 3, "right": 1, **attrs}
    return Row("_cvcopyMakeBorder", [data], sides, dtypes=("uint8",), gradient=False)


RECTANGLE = {"x": 1, "y": 0, "width": 2, "height": 3}
SIDES = {"top": 1, "bot": 1, "left": 1, "right": 1}
UNEVEN = "the reference leaves the middle of an odd number of pixels undefined"
COPIED = "the reference's gradient is not flipped back"

ROWS = [
    Row("image.crop", [image(4, 5, 3)], RECTANGLE, dtypes=DTYPES),
    Row("image.crop", [image(2, 4, 5, 1)], RECTANGLE),
    Row("image.crop", [(3, 4, 3)], {"x": 0, "y": 0, "width": 4, "height": 3}),
    Row("image.crop", [(3, 3, 2)], {"x": 1, "y": 0, "width": 3, "height": 1}, raises=True),
    Row("image.crop", [(3, 3, 2)], {"x": 0, "y": 0, "width": 0, "height": 1}, raises=True),
    Row("image.crop", [(3, 3)], RECTANGLE, raises=True),
    Row(
        "image.crop",
        [(3, 3, 2)],
        {"x": -1, "y": 0, "width": 1, "height": 1},
        raises=True,
        differs="the reference reads before the data",
    ),
    Row("image.flip_left_right", [image(3, 4, 3)], dtypes=DTYPES, gradient=False),
    Row("image.flip_left_right", [(3, 4, 3)], differs=COPIED),
    Row("image.flip_left_right", [(2, 3, 1)], gradient=False, differs=UNEVEN),
    Row("image.flip_left_right", [(1, 2, 3, 3)], raises=True),
    Row("image.flip_top_bottom", [image(4, 3, 3)], dtypes=DTYPES, gradient=False),
    Row("image.flip_top_bottom", [(4, 3, 3)], differs=COPIED),
    Row("image.flip_top_bottom", [(3, 3, 1)], gradient=False, differs=UNEVEN),
    Row("image.flip_top_bottom", [(3, 3)], raises=True),
    Row("image.random_flip_left_right", [image(3, 4, 3)], dtypes=TYPES, random=True),
    Row("image.random_flip_left_right", [(3, 4)], raises=True),
    Row("image.random_flip_top_bottom", [image(4, 4, 3)], dtypes=TYPES, random=True),
    Row("image.random_flip_top_bottom", [(3, 4)], raises=True),
    *(resize(image(7, 9, 3), size=(5, 4), interp=interp) for interp in range(6)),
    *(resize(image(5, 4, 1), size=(9, 11), interp=interp) for interp in range(6)),
    *(resize(image(9, 4, 3), size=(7, 5), interp=interp) for interp in (1, 3)),
    *(resize(image(8, 12, 3), size=(6, 4), interp=interp) for interp in (0, 1, 2, 3, 4)),
    resize(image(9, 12, 3), size=(4, 3), interp=3),
    resize(image(6, 6, 3), size=(6, 6), interp=2),
    resize(image(2, 5, 7, 3), size=4),
    resize(image(2, 9, 7, 1), size=4, keep_ratio=True),
    resize(image(5, 8, 4), size=(3,), keep_ratio=True),
    resize(image(5, 8, 3), size=(6, 3), keep_ratio=True),
    Row(
        "image.resize",
        [normal(5, 6, 3)],
        {"size": (4, 3), "interp": 2},
        dtypes=("float64",),
        gradient=False,
    ),
    Row("image.resize", [(4, 5, 3)], {"size": (1, 2, 3)}, raises=True),
    Row("image.resize", [(4, 5, 3)], raises=True),
    Row("image.resize", [(4, 5, 3)], {"size": 0}, raises=True),
    Row("image.resize", [(4, 5)], {"size": 2}, raises=True),
    Row("image.resize", [(4, 5, 3)], {"size": 2, "interp": 7}, raises=True),
    Row("image.resize", [image(4, 5, 3)], {"size": 2}, dtypes=("int32",), raises=True),
    Row("_cvimresize", [image(5, 6, 3)], {"w": 4, "h": 7}, dtypes=TYPES, gradient=False),
    Row(
        "_cvimresize", [image(5, 6, 1)], {"w": 4, "h": 3, "interp": 2}, dtypes=TYPES, gradient=False
    ),
    Row("_cvimresize", [image(5, 6, 3)], {"w": 0, "h": 7}, raises=True),
    Row("_cvimresize", [image(5, 6)], {"w": 2, "h": 7}, raises=True),
    *(border(image(3, 4, 3), type=kind) for kind in range(5)),
    *(border(image(2, 1, 1), type=kind, top=5, bot=6) for kind in (2, 3, 4)),
    border(image(3, 4, 3), value=7.6),
    border(image(3, 4, 3), value=300),
    border(image(3, 4, 3), value=1, values=(7, 8)),
    Row(
        "_cvcopyMakeBorder",
        [image(3, 4, 3)],
        {**SIDES, "value": 0.5},
        dtypes=FLOATS,
        gradient=False,
    ),
    Row("_cvcopyMakeBorder", [image(3, 4, 3)], SIDES, dtypes=("int32",), gradient=False),
    Row(
        "_cvcopyMakeBorder", [image(3, 4, 3)], {**SIDES, "type": 5}, dtypes=("uint8",), raises=True
    ),
    Row(
        "_cvcopyMakeBorder", [image(3, 4, 3)], {**SIDES, "top": -1}, dtypes=("uint8",), raises=True
    ),
    Row("_cvcopyMakeBorder", [image(3, 4)], SIDES, dtypes=("uint8",), raises=True),
]

NO_HALF = "the reference has no images of float16"
HALF = {"dtypes": ("float16",), "gradient": False, "differs": NO_HALF}
DOT = values([[[0.0], [255.0]], [[float("nan")], [1.0]]])
PIXEL = values([[[0.5, 0.0, 0.5]]])  # which no flip moves
SMALL = {"w": 2, "h": 2}
ROWS += [
    Row("_cvcopyMakeBorder", [image(3, 4, 3)], SIDES, **HALF),
    Row("_cvcopyMakeBorder", [image(3, 4, 3)], SIDES),
    Row("_cvcopyMakeBorder", [DOT], SIDES, gradient=False),
    Row("_cvimresize", [image(3, 4, 3)], SMALL, ("float64",), gradient=False),
    Row("_cvimresize", [image(3, 4, 3)], SMALL, **HALF),
    Row("_cvimresize", [image(3, 4, 3)], SMALL),
    Row("_cvimresize", [values([[[0], [255]]])], SMALL, ("uint8",), gradient=False),
    Row("image.resize", [image(4, 4, 3)], {"size": 2}, **HALF),
    Row("image.resize", [image(4, 4, 3)], {"size": 2}),
    Row("image.crop", [DOT], {"x": 0, "y": 0, "width": 2, "height": 1}, numeric=False),
    *[Row(f"image.flip_{way}", [DOT], gradient=False) for way in ("left_right", "top_bottom")],
    *[
        Row(f"image.random_flip_{way}", [PIXEL], dtypes=("float16", *FLOATS), differs=UNEVEN)
        for way in ("left_right", "top_bottom")
    ],
]
ROWS += [
    *[
        Row("image.crop", [normal(*shape)], {"x": 0, "y": 0, "width": 2, "height": 2}, raises=True)
        for shape in ((4, 6, 2), (2, 4, 6, 4))
    ],
    *[
        Row(f"image.{op}", [(4, 6, channels)], raises=True)
        for op in (
            "flip_left_right",
            "flip_top_bottom",
            "random_flip_left_right",
            "random_flip_top_bottom",
        )
        for channels in (2, 4)
    ],
]
