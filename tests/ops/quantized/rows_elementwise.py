"""Rows for rectified values, sums and products of eight-bit codes."""

from itertools import product

from tests.ops.rows import Row, integers, values

ACTIVATIONS = ("relu", "sigmoid", "softrelu", "softsign", "tanh")
CODES = {
    "int8": integers(-128, 128, 3, 20, dtype="int8"),
    "uint8": integers(0, 256, 3, 20, dtype="uint8"),
}
ENDS = values([[-128, -127, -1, 0, 1, 127]], "int8")
ENDS_BESIDE = values([[127, -128, -1, 1, 0, 127]], "int8")
LEFT = (values([-1.0], "float32"), values([2.0], "float32"))
RIGHT = (values([-4.0], "float32"), values([1.0], "float32"))
NOTHING = (values([0.0], "float32"), values([0.0], "float32"))
CALIBRATED = {"min_calib_range": -3.0, "max_calib_range": 2.0}
POSITIVE = {"min_calib_range": 0.0, "max_calib_range": 4.0}
WIDER = "uint8 codes stay uint8; the reference makes int8 of them, and 200 becomes -56"
MIXED = "the reference rounds the uint8 array, and cuts it to int8, before it adds"
EMPTY = "the sum of two empty ranges is 0; the reference divides by it"
GRAPHS = "the reference has this operator in graphs alone"


def act(data, bounds=LEFT, act_type="relu", **flags):
    flags = {"gradient": False, **flags}
    return Row("contrib.quantized_act", [data, *bounds], {"act_type": act_type}, **flags)


def add(lhs, rhs, left=LEFT, right=RIGHT, attrs=(), **flags):
    # Codes of 32 bits are only as exact as float32, in which the reference adds.
    flags = {"gradient": False, "rtol": None if attrs else 1e-6, **flags}
    row = [lhs, rhs, *left, *right]
    return Row("contrib.quantized_elemwise_add", row, dict(attrs), **flags)


def mul(lhs, rhs, left=LEFT, right=RIGHT, **attrs):
    row = [lhs, rhs, *left, *right]
    return Row("contrib.quantized_elemwise_mul", row, attrs, gradient=False, differs=GRAPHS)


def mul_raises(lhs, rhs, *bounds):
    return Row("contrib.quantized_elemwise_mul", [lhs, rhs, *bounds], raises=True)


ROWS = [
    act(CODES["int8"]),
    act(ENDS),
    act(integers(-128, 128, 2, 3, 4, 5, dtype="int8"), NOTHING),
    act(CODES["uint8"], differs=WIDER),
    *[act(CODES["int8"], act_type=word, raises=True) for word in ACTIVATIONS[1:]],
    act(CODES["int8"], act_type="gelu", raises=True),
    act(integers(-9, 9, 4), raises=True),
    act(integers(-9, 9, 4, dtype="int32"), raises=True),
    act(CODES["int8"], ((2,), (2,)), raises=True),
    act(CODES["int8"], (values([[1.0]], "float32"), LEFT[1]), raises=True),
    act(CODES["int8"], (values([1.0], "float64"), LEFT[1]), raises=True),
    *[add(codes, codes, attrs=attrs) for codes, attrs in product(CODES.values(), ({}, CALIBRATED))],
    # Of a shape of their own: the reference may take the scales of a call like one before.
    add(
        integers(-128, 128, 7, 3, dtype="int8"), integers(-9, 9, 7, 3, dtype="int8"), attrs=POSITIVE
    ),
    add(integers(0, 256, 3, 7, dtype="uint8"), integers(0, 9, 3, 7, dtype="uint8"), attrs=POSITIVE),
    add(ENDS, ENDS_BESIDE),
    add(ENDS, ENDS, attrs=CALIBRATED),
    add(ENDS, ENDS_BESIDE, attrs={"min_calib_range": -0.1, "max_calib_range": 0.1}),
    add(ENDS, ENDS_BESIDE, attrs={"min_calib_range": -3.0}, rtol=1e-6),
    add(integers(-128, 128, 5, dtype="int8"), integers(-128, 128, 5, dtype="int8")),
    add(integers(-128, 128, 2, 1, 3, 2, dtype="int8"), integers(-9, 9, 2, 1, 3, 2, dtype="int8")),
    add(CODES["int8"], CODES["int8"], NOTHING),
    add(CODES["int8"], CODES["int8"], NOTHING, NOTHING, CALIBRATED),
    add(CODES["int8"], CODES["int8"], NOTHING, NOTHING, differs=EMPTY),
    add(CODES["int8"], CODES["uint8"], differs=MIXED),
    add(CODES["uint8"], CODES["int8"], attrs=CALIBRATED, differs=MIXED),
    add(CODES["int8"], integers(-9, 9, 20, dtype="int8"), raises=True),
    add(integers(-9, 9, 3, 20), integers(-9, 9, 3, 20), raises=True),
    add(CODES["int8"], integers(-9, 9, 3, 20, dtype="int32"), raises=True),
    add(CODES["int8"], CODES["int8"], ((2,), (2,)), raises=True),
    mul(CODES["int8"], CODES["int8"]),
    mul(ENDS, ENDS_BESIDE, **CALIBRATED),
    mul(ENDS, ENDS_BESIDE, enable_float_output=True),
    mul_raises(CODES["int8"], integers(-9, 9, 20, dtype="int8"), *LEFT, *RIGHT),
    mul_raises(CODES["uint8"], CODES["uint8"], *LEFT, *RIGHT),
    mul_raises(CODES["int8"], CODES["int8"], (2,), (2,), *RIGHT),
]

OTHERS = {"dtypes": ("float16", "float64"), "raises": True}
ROWS += [
    act(integers(-9, 9, 4), **OTHERS),
    add(integers(-9, 9, 4), integers(-9, 9, 4), **OTHERS),
    Row("contrib.quantized_elemwise_mul", [(4,), (4,), *LEFT, *RIGHT], **OTHERS),
]
