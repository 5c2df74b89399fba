"""Rows for eight-bit codes that are flattened, joined, or looked up."""

from itertools import product

from tests.ops.rows import Row, integers, values

INT8 = integers(-128, 128, 2, 30, dtype="int8")
UINT8 = integers(0, 256, 2, 25, dtype="uint8")
ALL_INT8 = values([list(range(-128, 128))], "int8")
ALL_UINT8 = values([list(range(256))], "uint8")
RANGES = ((-1.0, 2.0), (-4.0, 1.0), (0.0, 5.0), (-3.0, -1.0), (1.5, 2.5), (0.0, 0.0))
LOW, HIGH = values([-1.0], "float32"), values([2.0], "float32")
TABLE = integers(-128, 128, 5, 3, dtype="int8")
SIZES = {"input_dim": 5, "output_dim": 3}
CRASH = "the reference's oneDNN ends the process for negative axes"
NO_CODES = "the reference's process ends where data are no codes"
NO_UNIT = "an empty range stands for 0 in either dtype; the reference refuses to mix them"


def flatten(data, low=LOW, high=HIGH, **flags):
    return Row("contrib.quantized_flatten", [data, low, high], **flags)


def concat(arrays, ranges, dim=1, **flags):
    bounds = [values([bound], "float32") for pair in ranges for bound in pair]
    attrs = {"num_args": len(arrays), "dim": dim}
    return Row("contrib.quantized_concat", [*arrays, *bounds], attrs, **flags)


def embedding(data, weight=TABLE, low=LOW, high=HIGH, attrs=SIZES, **flags):
    return Row("contrib.quantized_embedding", [data, weight, low, high], attrs, **flags)


ROWS = [
    flatten(integers(-128, 128, 2, 3, 4, dtype="int8")),
    flatten(integers(0, 256, 3, 1, 2, 2, dtype="uint8")),
    flatten(integers(-9, 9, 4, dtype="int8")),
    flatten(INT8),
    flatten(integers(-9, 9, 2, 3, 2, dtype="int32")),
    flatten(INT8, (2,), (2,), raises=True),
    *[
        concat([INT8, other], [first, second])
        for other in (INT8, UINT8)
        for first, second in product(RANGES[:4], RANGES[1:5])
        if first != second or other is INT8
    ],
    concat([ALL_UINT8, integers(-9, 9, 1, 7, dtype="int8")], [(0.0, 1.3), (-2.7, 1.0)]),
    concat([ALL_INT8, ALL_INT8], [(0.0, 1.0), (-2.0, 1.0)]),
    concat([UINT8, UINT8], [(0.0, 5.0), (0.0, 5.0)]),
    concat([UINT8, UINT8], [(0.0, 5.0), (-1.0, 2.0)]),
    concat([INT8], [(-1.0, 2.0)]),
    concat([UINT8, INT8, UINT8], [(0.0, 1.0), (-1.5, 1.0), (0.0, 2.0)]),
    concat([INT8, INT8], RANGES[:2], dim=0),
    concat([integers(-9, 9, 2, 1, 3, dtype="int8")] * 2, RANGES[:2], dim=2),
    concat([INT8, INT8], [RANGES[5], RANGES[5]]),
    concat([INT8, INT8], [RANGES[5], RANGES[0]]),
    concat([INT8, UINT8], [RANGES[5], RANGES[5]], differs=NO_UNIT),
    concat([INT8, INT8], RANGES[:2], dim=-1, differs=CRASH),
    concat([INT8, INT8], RANGES[:2], dim=2, raises=True),
    concat([INT8, integers(-9, 9, 3, 4, dtype="int8")], RANGES[:2], raises=True),
    concat([integers(-9, 9, 2, 3)] * 2, RANGES[:2], raises=True),
    Row("contrib.quantized_concat", [INT8, LOW, HIGH, LOW], {"num_args": 1}, raises=True),
    Row("contrib.quantized_concat", [INT8, LOW, HIGH], {"num_args": 0}, raises=True),
    Row("contrib.quantized_concat", [INT8, (2,), (2,)], {"num_args": 1}, raises=True),
    embedding(values([2, 0, 4, 4])),
    embedding(values([[7, -1, 1.9], [0, 3, 2]])),
    embedding(values([2, 0], "int32"), attrs={**SIZES, "dtype": "int8"}),
    embedding(values([2, 0], "int8")),
    embedding(values([2, 0], "int64"), attrs={**SIZES, "sparse_grad": True}),
    embedding(values([2, 0]), integers(0, 9, 5, 3, dtype="uint8"), raises=True),
    embedding(values([2, 0]), integers(0, 9, 5, 3), raises=True),
    embedding(values([2, 0]), integers(0, 9, 4, 3, dtype="int8"), raises=True),
    embedding(values([2, 0]), low=(2,), raises=True),
]

OTHERS = {"dtypes": ("float16", "float64"), "raises": True}
ROWS += [
    flatten(integers(-9, 9, 2, 3), dtypes=OTHERS["dtypes"], gradient=False, differs=NO_CODES),
    flatten(values([[[0, 0], [1, 1]]], "int8")),
    concat([integers(-9, 9, 2, 3)] * 2, RANGES[:2], **OTHERS),
    embedding(values([2, 0]), integers(0, 9, 5, 3), **OTHERS),
    *[
        embedding(values([2, 0], "int32"), attrs={**SIZES, "dtype": dtype})
        for dtype in ("float16", "float64", "int32", "int64", "uint8")
    ],
]
