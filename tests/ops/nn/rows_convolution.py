"""Rows for convolution in one, two and three dimensions."""

from tests.ops.rows import Row, values

BOTH = ("float32", "float64")
NO_HALF = "the reference has no float16 convolution on the CPU"
NO_CHANNELS_LAST = "the reference has channels-last convolution on GPUs alone"


def row(op, data, weight, kernel, bias=True, **more):
    """A row with the kernel's number of filters."""
    attrs = {"kernel": kernel, "num_filter": weight[0], **more.pop("attrs", {})}
    if not bias:
        attrs["no_bias"] = True
    return Row(op, [data, weight, *[(weight[0],)] * bias], attrs, **more)


def wrong(op, data, weight, **attrs):
    """A row that must raise."""
    given = {"num_filter": weight[0], "no_bias": True, **attrs}
    return Row(op, [data, weight], given, raises=True)


def images(op, **more):
    """Rows of two-dimensional convolutions, which both versions have."""
    data = (2, 4, 7, 6)
    full = {"stride": (2, 1), "pad": (1, 0), "dilate": (1, 2)}
    return [
        row(op, data, (3, 4, 3, 2), (3, 2), **more),
        row(op, data, (3, 4, 3, 2), (3, 2), attrs=full, **more),
        row(op, data, (3, 4, 3, 3), (3, 3), bias=False, attrs={"pad": (2, 2)}, **more),
        row(op, data, (4, 2, 3, 2), (3, 2), attrs={"num_group": 2}, **more),
        row(op, data, (8, 1, 3, 3), (3, 3), attrs={"num_group": 4}, **more),
        row(op, data, (3, 4, 7, 6), (7, 6), **more),
        row(op, data, (3, 4, 1, 1), (1, 1), attrs={"layout": "NCHW"}, **more),
        row(op, (1, 1, 5, 5), (1, 1, 3, 3), (3, 3), attrs={"stride": (2, 2)}, **more),
        row(op, (2, 9, 5, 5), (8, 9, 3, 3), (3, 3), attrs={"pad": (1, 1)}, **more),
    ]


HINTS = {"workspace": 256, "cudnn_off": True}

ROWS = [
    *images("Convolution", dtypes=BOTH),
    *images("Convolution_v1"),
    *[
        row("Convolution", (1, 2, 4, 4), (2, 2, 3, 3), (3, 3), attrs={"cudnn_tune": tune, **HINTS})
        for tune in ("off", "limited_workspace", "fastest", None)
    ],
    row("Convolution", (2, 4, 7), (3, 4, 3), (3,), dtypes=BOTH),
    row("Convolution", (2, 4, 7), (3, 4, 3), (3,), attrs={"layout": "NCW", "stride": (2,)}),
    row("Convolution", (2, 4, 7), (4, 2, 2), (2,), attrs={"num_group": 2, "dilate": (3,)}),
    row("Convolution", (2, 4, 4, 3, 5), (3, 4, 2, 2, 1), (2, 2, 1), dtypes=BOTH),
    row(
        "Convolution",
        (1, 4, 4, 3, 5),
        (4, 2, 2, 2, 3),
        (2, 2, 3),
        attrs={"num_group": 2, "pad": (1, 0, 1), "stride": (1, 1, 2), "layout": "NCDHW"},
    ),
    row("Convolution", (2, 4, 5, 5), (3, 4, 3, 3), (3, 3), dtypes=("float16",), differs=NO_HALF),
    row("Convolution", (2, 4, 5), (3, 4, 3), (3,), dtypes=("float16",), differs=NO_HALF),
    *[
        row("Convolution", data, weight, kernel, attrs=attrs, differs=NO_CHANNELS_LAST)
        for data, weight, kernel, attrs in (
            ((2, 7, 6, 4), (3, 3, 2, 4), (3, 2), {"layout": "NHWC"}),
            ((2, 7, 6, 4), (4, 3, 2, 2), (3, 2), {"layout": "NHWC", "num_group": 2}),
            ((1, 3, 4, 5, 2), (3, 2, 3, 2, 2), (2, 3, 2), {"layout": "NDHWC"}),
        )
    ],
    *[
        wrong(op, data, weight, **attrs)
        for op in ("Convolution", "Convolution_v1")
        for data, weight, attrs in (
            ((2, 4, 7, 6), (4, 4, 8, 2), {"kernel": (8, 2)}),
            ((2, 4, 7, 6), (4, 4, 3, 3), {"kernel": (3, 2)}),
            ((2, 4, 7, 6), (4, 4, 3, 3), {"kernel": (3, 3), "num_filter": 3}),
            ((2, 4, 7, 6), (4, 4, 3, 3), {"kernel": (3, 3), "num_group": 2}),
            ((2, 5, 7, 6), (4, 2, 2, 2), {"kernel": (2, 2), "num_group": 2}),
            ((2, 4, 7), (4, 4, 3, 3), {"kernel": (3, 3)}),
            ((2, 4, 7, 6), (4, 4, 3, 3), {"kernel": (3, 3), "stride": (0, 1)}),
            ((2, 4, 7, 6), (4, 4, 3, 3), {"kernel": (3, 3), "layout": "NCDHW"}),
            ((2, 4, 7, 6), (4, 4, 3, 3), {"kernel": (3, 3), "layout": "CHWN"}),
        )
    ],
    wrong("Convolution", (2, 4, 7, 6), (5, 2, 2, 2), kernel=(2, 2), num_group=2),
    wrong("Convolution", (2, 4, 7, 6), (4, 4, 3, 3), kernel=3),
    wrong("Convolution", (2, 4, 7, 6), (4, 4, 3, 3), kernel=(3, 3), stride=2),
    wrong("Convolution", (2, 4, 7, 6), (4, 4, 3, 3), kernel=()),
    Row(
        "Convolution",
        [(2, 4, 7, 6), (4, 4, 3, 3), (3,)],
        {"kernel": (3, 3), "num_filter": 4},
        raises=True,
    ),
]

CROSS = values([[[[0.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]]]])
ONE = {"kernel": (2, 2), "num_filter": 2}
ROWS += [
    *[
        Row(op, [CROSS, (2, 1, 2, 2), values([0.0, 0.0])], ONE)
        for op in ("Convolution", "Convolution_v1")
    ],
    Row(
        "Convolution",
        [values([[[[float("nan"), 0.0], [1.0, 2.0]]]]), (2, 1, 2, 2), (2,)],
        ONE,
        numeric=False,
    ),
    row("Convolution_v1", (2, 4, 5, 5), (3, 4, 3, 3), (3, 3), dtypes=("float64",)),
    row("Convolution_v1", (2, 4, 5, 5), (3, 4, 3, 3), (3, 3), dtypes=("float16",), differs=NO_HALF),
    *[
        row("Convolution_v1", data, weight, kernel, attrs=attrs, differs=NO_CHANNELS_LAST)
        for data, weight, kernel, attrs in (
            ((2, 7, 6, 4), (3, 3, 2, 4), (3, 2), {"layout": "NHWC"}),
            ((1, 3, 4, 5, 2), (3, 2, 3, 2, 2), (2, 3, 2), {"layout": "NDHWC"}),
        )
    ],
]
