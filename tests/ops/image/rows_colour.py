"""Rows for changing colours.

With equal bounds a random factor is no more random, and results can be compared. The reference's
gradients are copies of the head gradient, so there are none here but of `adjust_lighting`.
"""

from tests.ops.rows import Row, integers, uniform, values

TYPES = ("uint8", "float32")
BOUNDS = {"min_factor": 0.4, "max_factor": 1.3}
JITTER = {"brightness": 0.2, "contrast": 0.3, "saturation": 0.1, "hue": 0.4}
OVERWRITTEN = "the reference's grey is that of the last channel alone"
UNWRITTEN = "the reference leaves the result undefined"


def image(*shape):
    return integers(0, 256, *shape)


def told(name, factor, *shape, **more):
    attrs = {"min_factor": factor, "max_factor": factor}
    return Row(f"image.{name}", [image(*shape)], attrs, gradient=False, **more)


ROWS = [
    *(told("random_brightness", factor, 3, 4, 3, dtypes=TYPES) for factor in (0, 0.5, 1, 2.7)),
    told("random_brightness", 0.5, 3, 4, 1, dtypes=("uint8", "int32", "float16", "float64")),
    *(told("random_contrast", factor, 3, 4, 3, dtypes=TYPES) for factor in (0, 0.5, 1, 2.7)),
    told("random_contrast", 0.5, 3, 4, 1, dtypes=("int32", "float16", "float64")),
    told("random_saturation", 1, 3, 4, 3, dtypes=TYPES),
    told("random_saturation", 0.5, 3, 4, 1, dtypes=TYPES),
    told("random_saturation", 0.5, 3, 4, 3, dtypes=TYPES, differs=OVERWRITTEN),
    *(told("random_hue", factor, 3, 4, 3, atol=2e-3) for factor in (0, 0.2, 0.5, 1.7)),
    told("random_hue", 0.3, 3, 4, 3, dtypes=("uint8",), atol=1.1),
    told("random_hue", 0.3, 3, 4, 1, differs=UNWRITTEN),
    *(
        Row(f"image.random_{name}", [image(3, 4, 3)], BOUNDS, dtypes=TYPES, random=True)
        for name in ("brightness", "contrast", "saturation", "hue")
    ),
    *(
        Row(f"image.random_{name}", [(3, 4)], BOUNDS, raises=True)
        for name in ("brightness", "contrast", "saturation", "hue")
    ),
    *(
        Row(f"image.random_{name}", [(3, 4, 4)], BOUNDS, raises=True)
        for name in ("brightness", "contrast", "saturation", "hue")
    ),
    *(
        Row(f"image.random_{name}", [(3, 4, 3)], {**BOUNDS, "min_factor": -0.5}, raises=True)
        for name in ("brightness", "contrast", "saturation", "hue")
    ),
    Row("image.random_color_jitter", [image(3, 4, 3)], JITTER, dtypes=TYPES, random=True),
    Row("image.random_color_jitter", [image(3, 4, 1)], JITTER, random=True),
    Row("image.random_color_jitter", [(3, 4, 2)], JITTER, raises=True),
    Row("image.random_color_jitter", [(3, 4, 3)], {"brightness": 1}, raises=True),
    Row(
        "image.random_color_jitter",
        [image(3, 4, 3)],
        dict.fromkeys(JITTER, 0),
        dtypes=("uint8",),
        differs=UNWRITTEN,
    ),
    Row("image.adjust_lighting", [image(3, 4, 3)], {"alpha": (0.1, 0.2, 0.3)}, dtypes=TYPES),
    Row(
        "image.adjust_lighting",
        [uniform(0, 1, 3, 4, 3)],
        {"alpha": (1, -2, 3)},
        dtypes=("float16", "float64"),
    ),
    Row("image.adjust_lighting", [image(3, 4, 3)], {"alpha": (-3, 3, 3)}, dtypes=("uint8",)),
    Row("image.adjust_lighting", [image(3, 4, 3)], {"alpha": (1, 2)}, raises=True),
    Row("image.adjust_lighting", [image(3, 4, 2)], {"alpha": (1, 2, 3)}, raises=True),
    Row("image.adjust_lighting", [image(1, 3, 4, 3)], {"alpha": (1, 2, 3)}, raises=True),
    Row("image.random_lighting", [image(3, 4, 3)], dtypes=TYPES, random=True),
    Row("image.random_lighting", [image(3, 4, 3)], {"alpha_std": 0}, dtypes=TYPES, gradient=False),
    Row("image.random_lighting", [(3, 4)], raises=True),
]

COPIED = "the reference's gradient is the head gradient"
FACTOR = {"min_factor": 0.5, "max_factor": 0.5}
BLACK = values([[[0.0, 0.0, 0.0], [0.0, 255.0, 0.0]]])
NONE = dict.fromkeys(JITTER, 0)
HALF, WIDE = ("float16", "float64"), ("float16", "float32", "float64")
SOME = uniform(0, 1, 2, 2, 3)
ROWS += [
    Row("image.random_brightness", [SOME], FACTOR, differs=COPIED),
    Row("image.random_contrast", [SOME], FACTOR, differs=COPIED),
    Row("image.random_hue", [SOME], FACTOR, differs=COPIED),
    Row("image.random_saturation", [SOME], FACTOR, differs=OVERWRITTEN),
    Row("image.random_hue", [image(2, 2, 3)], FACTOR, HALF, gradient=False, atol=0.5),
    Row("image.random_saturation", [SOME], FACTOR, HALF, gradient=False, differs=OVERWRITTEN),
    *[
        Row(f"image.random_{name}", [BLACK], FACTOR, gradient=False, atol=2e-3)
        for name in ("brightness", "contrast", "hue")
    ],
    Row("image.random_saturation", [BLACK], FACTOR, gradient=False, differs=OVERWRITTEN),
    Row("image.random_color_jitter", [SOME], NONE, WIDE, differs=UNWRITTEN),
    Row("image.random_color_jitter", [BLACK], NONE, gradient=False, differs=UNWRITTEN),
    Row("image.adjust_lighting", [BLACK], {"alpha": (0, 0, 0)}),
    Row("image.random_lighting", [image(2, 2, 3)], {"alpha_std": 0}, HALF),
    Row("image.random_lighting", [BLACK], {"alpha_std": 0}),
]
