"""Rows for deconvolution."""

from tests.ops.rows import Row, values

BOTH = ("float32", "float64")
NO_HALF = "the reference has no float16 deconvolution on the CPU"
NO_CHANNELS_LAST = "the reference has channels-last deconvolution on GPUs alone"
DATA, WEIGHT = (2, 4, 5, 4), (4, 3, 3, 2)


def row(data, weight, kernel, filters=None, bias=False, **more):
    """A row with `filters` filters, default those of the weight."""
    filters = filters or weight[1]
    attrs = {"kernel": kernel, "num_filter": filters, **more.pop("attrs", {})}
    if bias:
        attrs["no_bias"] = False
    return Row("Deconvolution", [data, weight, *[(filters,)] * bias], attrs, **more)


def wrong(data=DATA, weight=(4, 3, 3, 3), **attrs):
    """A row that must raise."""
    given = {"kernel": (3, 3), "num_filter": 3, **attrs}
    return Row("Deconvolution", [data, weight], given, raises=True)


ROWS = [
    row(DATA, WEIGHT, (3, 2), dtypes=BOTH),
    row(DATA, WEIGHT, (3, 2), bias=True, dtypes=BOTH),
    row(DATA, WEIGHT, (3, 2), attrs={"stride": (2, 1), "pad": (1, 0)}, dtypes=BOTH),
    row(DATA, WEIGHT, (3, 2), attrs={"stride": (2, 3), "adj": (1, 2), "pad": (1, 1)}, dtypes=BOTH),
    row(DATA, WEIGHT, (3, 2), attrs={"dilate": (2, 1)}, dtypes=BOTH),
    row(DATA, WEIGHT, (3, 2), 6, attrs={"num_group": 2}, dtypes=BOTH),
    row(DATA, WEIGHT, (3, 2), 12, bias=True, attrs={"num_group": 4, "stride": (2, 2)}),
    row(DATA, WEIGHT, (3, 2), attrs={"layout": "NCHW", "workspace": 128, "cudnn_off": True}),
    *[
        row(DATA, WEIGHT, (3, 2), attrs={"cudnn_tune": tune})
        for tune in ("off", "limited_workspace", "fastest")
    ],
    *[
        row(DATA, (4, 2, 3, 3), (3, 3), dtypes=("float64",), attrs={"stride": (2, 2), **target})
        for target in (
            {"target_shape": (11, 9)},
            {"target_shape": (10, 8)},
            {"target_shape": (9, 7)},
            {"target_shape": (6, 5)},
            {"target_shape": (10, 8), "pad": (1, 1), "adj": (1, 1)},
        )
    ],
    row((2, 4, 5), (4, 3, 3), (3,), attrs={"stride": (2,), "pad": (1,), "adj": (1,)}, dtypes=BOTH),
    row((2, 4, 5), (4, 3, 3), (3,), bias=True, attrs={"layout": "NCW"}),
    row((2, 4, 3, 2, 3), (4, 3, 3, 2, 2), (3, 2, 2), attrs={"stride": (1, 2, 1)}),
    row((1, 2, 2, 2, 2), (2, 1, 2, 2, 2), (2, 2, 2), bias=True, attrs={"layout": "NCDHW"}),
    row(DATA, WEIGHT, (3, 2), dtypes=("float16",), differs=NO_HALF),
    row((2, 5, 4, 4), (4, 3, 2, 3), (3, 2), 3, attrs={"layout": "NHWC"}, differs=NO_CHANNELS_LAST),
    row(
        (1, 2, 2, 3, 2),
        (2, 2, 2, 2, 3),
        (2, 2, 2),
        3,
        attrs={"layout": "NDHWC"},
        differs=NO_CHANNELS_LAST,
    ),
    wrong(stride=(2, 2), adj=(2, 0)),
    wrong(stride=(2, 2), adj=(1, 2)),
    wrong(adj=(1, 1)),
    wrong(stride=(2, 2), target_shape=(12, 8)),
    wrong(stride=(2, 2), target_shape=(10,)),
    wrong(weight=(3, 3, 3, 3)),
    wrong(num_filter=2),
    wrong(kernel=(3, 2)),
    wrong(num_group=3),
    wrong(data=(2, 4, 5)),
    wrong(num_filter=0),
]

CROSS = values([[[[0.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]]]])
ROWS += [Row("Deconvolution", [CROSS, (1, 2, 2, 2)], {"kernel": (2, 2), "num_filter": 2})]
ROWS += [row(DATA, WEIGHT, (3, 2), attrs={"target_shape": None})]
