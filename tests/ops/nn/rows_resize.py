"""Rows for UpSampling and BilinearResize2D."""

from tests.ops.rows import Row, normal, values

FLOATS = ("float16", "float32", "float64")
NEAREST = {"scale": 2, "sample_type": "nearest"}


def bilinear(scale, channels=2, **more):
    """A row whose second input is the weight that fits to `scale`."""
    size = 2 * scale - scale % 2
    attrs = {"scale": scale, "sample_type": "bilinear", "num_args": 2, "num_filter": channels}
    return Row("UpSampling", [(2, channels, 3, 4), (channels, 1, size, size)], attrs, **more)


def resize(data=(1, 2, 3, 4), like=None, **more):
    """A row of BilinearResize2D."""
    flags = {key: more.pop(key) for key in ("dtypes", "raises", "rtol", "atol") if key in more}
    inputs = [normal(*data), normal(*like)] if like else [normal(*data)]
    return Row("_contrib_BilinearResize2D", inputs, more, **flags)


SCALES = {"scale_height": 2.0, "scale_width": 1.5}

ROWS = [
    Row("UpSampling", [(2, 3, 2, 4)], {**NEAREST, "num_args": 1}, dtypes=FLOATS),
    Row("UpSampling", [(2, 3, 2, 4)], {"scale": 1, "sample_type": "nearest", "num_args": 1}),
    Row("UpSampling", [(2, 3, 2, 4)], NEAREST),
    *[
        Row("UpSampling", inputs, {**NEAREST, "num_args": len(inputs), **more})
        for inputs, more in (
            ([(1, 2, 2, 3), (1, 1, 4, 6)], {"scale": 4}),
            ([(1, 2, 4, 6), (1, 1, 2, 3)], {}),
            ([(1, 2, 2, 3), (1, 2, 4, 6)], {"scale": 4, "multi_input_mode": "sum"}),
            ([(1, 2, 2, 3)] * 3, {"scale": 3, "multi_input_mode": "sum"}),
            ([(1, 2, 2, 3), (1, 3, 2, 3)], {"multi_input_mode": "concat", "workspace": 128}),
        )
    ],
    *[bilinear(scale) for scale in (1, 2, 3, 4)],
    bilinear(2, 1),
    Row(
        "UpSampling",
        [(1, 2, 2, 3), (1, 3, 4, 6)],
        {**NEAREST, "scale": 4, "multi_input_mode": "sum", "num_args": 2},
        raises=True,
    ),
    Row(
        "UpSampling",
        [(1, 1, 2, 2), (1, 1, 3, 3)],
        {**NEAREST, "scale": 4, "num_args": 2},
        raises=True,
    ),
    Row("UpSampling", [(1, 2, 2)], {**NEAREST, "num_args": 1}, raises=True),
    Row(
        "UpSampling",
        [(1, 1, 2, 2)],
        {"scale": 0, "sample_type": "nearest", "num_args": 1},
        raises=True,
    ),
    Row(
        "UpSampling",
        [(1, 1, 2, 2)],
        {"scale": 2, "sample_type": "cubic", "num_args": 1},
        raises=True,
    ),
    Row("UpSampling", [(1, 1, 2, 2)], {"sample_type": "nearest", "num_args": 1}, raises=True),
    Row(
        "UpSampling",
        [(1, 1, 2, 2), (1, 1, 6, 6)],
        {"scale": 3, "sample_type": "bilinear", "num_args": 2, "num_filter": 1},
        raises=True,
    ),
    *[
        resize(**size, align_corners=corners, dtypes=dtypes, rtol=rtol, atol=rtol)
        for dtypes, rtol in ((("float16", "float32"), None), (("float64",), 1e-5))
        for corners in (True, False)
        for size in (
            {"height": 5, "width": 6},
            {"height": 1, "width": 2},
            {"height": 2, "width": 3},
            SCALES,
            {"scale_height": 0.5, "scale_width": 0.7},
        )
    ],
    resize(),
    *[
        resize(data=data, mode=mode)
        for data in ((1, 2, 3, 4), (1, 1, 5, 2))
        for mode in ("to_even_down", "to_even_up", "to_odd_down", "to_odd_up")
    ],
    *[resize(data=data, mode="odd_scale", **SCALES) for data in ((1, 2, 3, 4), (1, 1, 5, 2))],
    resize(like=(1, 1, 4, 5), mode="like"),
    resize(like=(2, 3, 4, 5), mode="like", align_corners=False),
    resize(data=(2, 3, 4), height=2, width=2, raises=True),
    resize(height=2, width=0, raises=True),
    resize(scale_height=2.0, raises=True),
    resize(like=(1, 2, 3, 4), height=2, width=2, raises=True),
    resize(mode="half", raises=True),
]

PIXELS = values([[[[float("nan"), 0.0, 1.0], [1.0, float("inf"), 2.0]]]])
ROWS += [
    Row("UpSampling", [PIXELS], {**NEAREST, "num_args": 1}, numeric=False),
    Row("UpSampling", [(1, 1, 2, 2)], {**NEAREST, "num_args": 2}, raises=True),
    Row("_contrib_BilinearResize2D", [PIXELS], {"height": 3, "width": 2}, numeric=False),
]
ROWS += [
    Row("_contrib_BilinearResize2D", [(1, 2, 3, 4), normal(1, 1, 2, 3, dtype=d)], {"mode": "like"})
    for d in ("float16", "float64", "int32")
]
ROWS += [
    Row(
        "_contrib_BilinearResize2D",
        [normal(1, 2, 3, 4, dtype="float64"), (1, 1, 2, 3)],
        {"mode": "like"},
        rtol=1e-5,
    )
]
