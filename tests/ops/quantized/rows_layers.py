"""Rows for layers from eight-bit codes to eight-bit codes."""

from tests.ops.rows import Row, integers, normal, uniform, values

BOUNDS = (values([-1.0], "float32"), values([2.0], "float32"))
EMPTY = (values([0.0], "float32"), values([0.0], "float32"))
HALVES = values([[[[1, 2, 3, 4], [1, 1, 1, 1], [-1, -2, -3, -4], [-1, -1, -1, 6]]]], "int8")
LARGE_HALVES = values([[[[1, 2, 3, 4], [255, 254, 253, 252]]]], "uint8")
LOWEST = values([[[[-128, -128], [-128, -128]]]], "int8")
CALIBRATED = {"min_calib_range": -3.0, "max_calib_range": 2.0}
NARROW = {"min_calib_range": -0.5, "max_calib_range": 0.25}
STRIDED = {"kernel": (3, 3), "stride": (2, 2)}
WHOLE = "means are of the elements there are, as in Pooling; the reference divides by the kernel"
TWO_AXES = "the reference pools 4 or 5 axes alone, channels second"
KERNEL = "the reference wants a kernel, which global_pool does not use"
TWICE = "eps counts once; the reference also divides by sqrt(1 + eps)"
GAMMA = "gamma counts as 1 under fix_gamma, as in BatchNorm; the reference takes it as it is"
AXIS = "the channels are at axis; the reference takes axis 1 for them"


def int8(*shape):
    return integers(-128, 128, *shape, dtype="int8")


def uint8(*shape):
    return integers(0, 256, *shape, dtype="uint8")


def pool(data, bounds=BOUNDS, differs="", raises=False, **attrs):
    # In training the reference does not pool codes for their largest.
    flags = {"is_train": False, "differs": differs, "raises": raises}
    return Row("contrib.quantized_pooling", [data, *bounds], attrs, **flags)


def norm(data, channels=3, gamma=None, bounds=BOUNDS, differs="", raises=False, **attrs):
    given = {
        "data": data,
        "gamma": gamma or uniform(0.5, 1.5, channels, dtype="float32"),
        "beta": normal(channels, dtype="float32"),
        "moving_mean": normal(channels, dtype="float32"),
        "moving_var": uniform(0.5, 2.0, channels, dtype="float32"),
        "min_data": bounds[0],
        "max_data": bounds[1],
    }
    attrs = {"fix_gamma": False, "eps": 1e-5, **attrs}
    return Row("contrib.quantized_batch_norm", given, attrs, differs=differs, raises=raises)


ONES = values([1.0, 1.0, 1.0], "float32")

ROWS = [
    *[
        pool(codes, kernel=(2, 3), pool_type=kind, **window)
        for codes in (int8(2, 3, 5, 6), uint8(2, 3, 5, 6))
        for kind in ("max", "avg")
        for window in ({}, {"stride": (2, 2), "pad": (1, 1)})
    ],
    pool(HALVES, kernel=(1, 2), pool_type="avg"),
    pool(LARGE_HALVES, kernel=(1, 2), pool_type="avg"),
    pool(HALVES, kernel=(2, 2), pad=(1, 1), stride=(2, 2), pool_type="avg"),
    *[
        pool(HALVES, kernel=(2, 2), pad=(1, 1), pool_type="avg", count_include_pad=counted)
        for counted in (True, False)
    ],
    pool(LOWEST, kernel=(2, 2), pad=(1, 1)),
    *[pool(int8(2, 1, 4, 4), pool_type=kind, **STRIDED) for kind in ("max", "avg")],
    pool(int8(2, 1, 4, 4), pooling_convention="full", **STRIDED),
    pool(int8(2, 1, 4, 4), pooling_convention="full", pool_type="avg", differs=WHOLE, **STRIDED),
    *[pool(int8(1, 2, 3, 4, 3), kernel=(2, 2, 2), pool_type=kind) for kind in ("max", "avg")],
    *[
        pool(codes, kernel=(2, 2), global_pool=True, pool_type=kind)
        for codes in (int8(2, 3, 3, 4), uint8(2, 3, 3, 4))
        for kind in ("max", "avg")
    ],
    pool(int8(2, 3, 3, 4), EMPTY, kernel=(2, 2), layout="NCHW", cudnn_off=True),
    pool(int8(2, 3, 3, 4), global_pool=True, differs=KERNEL),
    pool(int8(2, 3, 7), kernel=(2,), differs=TWO_AXES),
    pool(int8(2, 5, 6, 3), kernel=(2, 2), layout="NHWC", differs=TWO_AXES),
    *[
        pool(int8(2, 3, 3, 4), kernel=(2, 2), pool_type=kind, p_value=2, raises=True)
        for kind in ("sum", "lp", "median")
    ],
    pool(int8(2, 3, 3, 4), kernel=(2, 2), pooling_convention="same", raises=True),
    pool(int8(2, 3, 3, 4), kernel=(5, 5), raises=True),
    pool(int8(2, 3, 3, 4), kernel=(2,), raises=True),
    pool(int8(3, 4), kernel=(2, 2), raises=True),
    pool(integers(0, 9, 2, 3, 3, 4), kernel=(2, 2), raises=True),
    pool(integers(0, 9, 2, 3, 3, 4, dtype="int32"), kernel=(2, 2), raises=True),
    pool(int8(2, 3, 3, 4), ((2,), (2,)), kernel=(2, 2), raises=True),
    norm(int8(2, 3, 2, 4), **CALIBRATED),
    norm(uint8(2, 3, 2, 4), **CALIBRATED),
    norm(int8(2, 3, 2, 4), gamma=ONES, fix_gamma=True, **CALIBRATED),
    norm(int8(2, 3, 2, 4), use_global_stats=True, momentum=0.1, **CALIBRATED),
    norm(int8(2, 3, 2, 4), eps=0.5, differs=TWICE, **CALIBRATED),
    norm(int8(2, 3, 2, 4), min_calib_range=0.0, max_calib_range=4.0, output_mean_var=True),
    norm(int8(2, 3, 2, 4), **NARROW),
    norm(int8(4, 3), **CALIBRATED),
    norm(int8(2, 3, 5), cudnn_off=True, **CALIBRATED),
    norm(int8(2, 3, 2, 1, 2), **CALIBRATED),
    norm(int8(2, 3, 2, 4), bounds=EMPTY, **CALIBRATED),
    norm(int8(2, 3, 2, 4), fix_gamma=True, differs=GAMMA, **CALIBRATED),
    norm(int8(2, 3, 2, 4), 4, axis=3, differs=AXIS, **CALIBRATED),
    norm(int8(2, 3, 2, 4), 4, axis=-1, differs=AXIS, **CALIBRATED),
    norm(int8(2, 3, 2, 4), raises=True),
    norm(int8(2, 3, 2, 4), min_calib_range=-3.0, raises=True),
    norm(int8(2, 3, 2, 4), 4, raises=True, **CALIBRATED),
    norm(integers(0, 9, 2, 3, 2, 4), raises=True, **CALIBRATED),
    norm(int8(2, 3, 2, 4), bounds=((2,), (2,)), raises=True, **CALIBRATED),
    norm(int8(2, 3, 2, 4), gamma=uniform(0, 1, 3, dtype="float64"), raises=True, **CALIBRATED),
]

OTHERS = {"dtypes": ("float16", "float64"), "raises": True}
ROWS += [
    Row("contrib.quantized_pooling", [(2, 3, 3, 4), *BOUNDS], {"kernel": (2, 2)}, **OTHERS),
    pool(int8(2, 3, 3, 4), kernel=(2, 2), p_value=2),
    pool(int8(2, 3, 3, 4), kernel=(2, 2), layout="NCW", raises=True),
    pool(int8(2, 7, 3), kernel=(2,), layout="NWC", differs=TWO_AXES),
    pool(int8(1, 2, 3, 4, 3), kernel=(2, 2, 2), layout="NCDHW"),
    pool(int8(1, 3, 4, 3, 2), kernel=(2, 2, 2), layout="NDHWC", differs=TWO_AXES),
    Row(
        "contrib.quantized_batch_norm",
        {
            "data": (2, 3, 2),
            **dict.fromkeys(("gamma", "beta", "moving_mean", "moving_var"), ONES),
            "min_data": BOUNDS[0],
            "max_data": BOUNDS[1],
        },
        {"fix_gamma": False, **CALIBRATED},
        **OTHERS,
    ),
]
