"""Rows for layers that sum products of eight-bit codes."""

from tests.ops.rows import Row, integers, values

NAMES = ("data", "weight", "bias")
PAIRS = {
    "data": (values([-1.0], "float32"), values([2.0], "float32")),
    "weight": (values([-4.0], "float32"), values([1.0], "float32")),
    "bias": (values([-3.0], "float32"), values([0.5], "float32")),
}
EMPTY = (values([0.0], "float32"), values([0.0], "float32"))
TINY = (values([-1e-4], "float32"), values([1e-4], "float32"))
OVERFLOW = "a bias too large for int32 becomes its limit; in the reference the lowest number"
UNSCALED = "the reference adds the bias as it is, and takes uint8 codes for int8 in the range"
INT8_DATA = "the reference's CPU build convolves uint8 data alone"
UNBUILT = "the reference's CPU build has neither one axis, nor groups, nor channels last"


def int8(*shape):
    return integers(-128, 128, *shape, dtype="int8")


def uint8(*shape):
    return integers(0, 256, *shape, dtype="uint8")


def arrays(data, weight, bias=None, pairs=PAIRS):
    given = {"data": data, "weight": weight}
    if bias is not None:
        given["bias"] = bias
    for name in NAMES[: len(given)]:
        given[f"min_{name}"], given[f"max_{name}"] = pairs[name]
    return given


def fc(data, weight, bias=None, pairs=PAIRS, attrs=(), **flags):
    given = arrays(data, weight, bias, pairs)
    hidden = {"num_hidden": 4, "no_bias": bias is None, **dict(attrs)}
    return Row("contrib.quantized_fully_connected", given, hidden, **flags)


def conv(data, weight, bias=None, pairs=PAIRS, attrs=(), **flags):
    given = arrays(data, weight, bias, pairs)
    window = {"kernel": (2, 3), "num_filter": 4, "no_bias": bias is None, **dict(attrs)}
    return Row("contrib.quantized_conv", given, window, **flags)


def with_range(name, pair):
    return {**PAIRS, name: pair}


def bias_of(bound):
    return with_range("bias", (values([-bound], "float32"), values([bound / 2], "float32")))


EVERY = values([-128, -127, -1, 0, 1, 2, 63, 127], "int8")
NONE = values([[0, 0, 0]], "int8")
ZEROS = values([[0, 0, 0]] * 8, "int8")
IMAGES, FILTERS = uint8(2, 3, 5, 6), int8(4, 3, 2, 3)
STEPS = {"stride": (2, 1), "pad": (1, 2), "dilate": (1, 2)}

ROWS = [
    fc(int8(5, 6), int8(4, 6)),
    fc(int8(5, 6), int8(4, 6), int8(4)),
    fc(uint8(5, 6), int8(4, 6)),
    fc(uint8(5, 6), int8(4, 6), int8(4)),
    fc(int8(2, 3, 2), int8(4, 6), int8(4)),
    fc(int8(2, 3, 6), int8(4, 6), int8(4), attrs={"flatten": False}),
    fc(uint8(2, 3, 6), int8(4, 6), attrs={"flatten": False}),
    fc(int8(3), int8(4, 1), int8(4)),
    fc(values([[-128] * 300], "int8"), values([[-128] * 300] * 4, "int8"), int8(4)),
    fc(values([[255] * 301], "uint8"), values([[127] * 301] * 4, "int8")),
    *[fc(NONE, ZEROS, EVERY, bias_of(b), {"num_hidden": 8}) for b in (0.031, 3.0, 7.71, 300.0)],
    fc(values([[0, 0, 0]], "uint8"), ZEROS, EVERY, bias_of(5.0), {"num_hidden": 8}),
    fc(int8(5, 6), int8(4, 6), int8(4), with_range("bias", EMPTY)),
    fc(int8(5, 6), int8(4, 6), pairs=with_range("weight", EMPTY)),
    fc(int8(5, 6), int8(4, 6), int8(4), {**PAIRS, "data": TINY, "weight": TINY}, differs=OVERFLOW),
    fc(int8(5, 6), int8(4, 6), int8(4), with_range("data", EMPTY), differs=OVERFLOW),
    fc(integers(-9, 9, 5, 6), int8(4, 6), raises=True),
    fc(int8(5, 6), uint8(4, 6), raises=True),
    fc(int8(5, 6), int8(4, 6), uint8(4), raises=True),
    fc(int8(5, 6), int8(4, 6), integers(0, 9, 4, dtype="int32"), raises=True),
    fc(int8(5, 6), int8(4, 5), raises=True),
    fc(int8(5, 6), int8(4, 6), int8(3), raises=True),
    fc(int8(5, 6), int8(4, 6), pairs=with_range("weight", ((2,), (2,))), raises=True),
    conv(IMAGES, FILTERS, int8(4), differs=UNSCALED),
    conv(IMAGES, FILTERS, differs=UNSCALED),
    conv(IMAGES, FILTERS, int8(4), attrs=STEPS, differs=UNSCALED),
    conv(uint8(1, 2, 3, 4, 3), int8(4, 2, 2, 1, 2), attrs={"kernel": (2, 1, 2)}, differs=UNSCALED),
    conv(int8(2, 3, 5, 6), FILTERS, int8(4), differs=INT8_DATA),
    conv(uint8(2, 3, 7), int8(4, 3, 2), attrs={"kernel": (2,)}, differs=UNBUILT),
    conv(uint8(2, 4, 5, 6), int8(4, 2, 2, 3), attrs={"num_group": 2}, differs=UNBUILT),
    conv(uint8(2, 5, 6, 3), int8(4, 2, 3, 3), attrs={"layout": "NHWC"}, differs=UNBUILT),
    conv(IMAGES, FILTERS, attrs={"layout": "NCHW", "cudnn_tune": "off"}, differs=UNSCALED),
    conv(integers(0, 9, 2, 3, 5, 6), FILTERS, raises=True),
    conv(IMAGES, uint8(4, 3, 2, 3), raises=True),
    conv(IMAGES, int8(4, 2, 2, 3), raises=True),
    conv(IMAGES, FILTERS, integers(0, 9, 4, dtype="int32"), raises=True),
    conv(IMAGES, FILTERS, attrs={"kernel": (2, 9)}, raises=True),
    conv(IMAGES, FILTERS, attrs={"cudnn_tune": "slow"}, raises=True),
    conv(IMAGES, FILTERS, pairs=with_range("data", ((2,), (2,))), raises=True),
]

OTHERS = {"dtypes": ("float16", "float64"), "raises": True}
ROWS += [
    fc(integers(-9, 9, 5, 6), int8(4, 6), **OTHERS),
    conv(integers(0, 9, 2, 3, 5, 6), FILTERS, **OTHERS),
    conv(IMAGES, FILTERS, attrs={"layout": "NCW"}, raises=True),
    conv(
        uint8(1, 2, 3, 4, 3),
        int8(4, 2, 2, 1, 2),
        attrs={"kernel": (2, 1, 2), "layout": "NCDHW"},
        differs=UNSCALED,
    ),
    conv(
        uint8(1, 3, 4, 3, 2),
        int8(4, 2, 1, 2, 2),
        attrs={"kernel": (2, 1, 2), "layout": "NDHWC"},
        differs=UNBUILT,
    ),
]
