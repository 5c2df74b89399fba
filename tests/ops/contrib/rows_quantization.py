"""Rows for eight-bit codes and their calibration."""

import numpy as np

from tests.ops.rows import Row, integers, normal, uniform, values

LOW, HIGH = values([-1.5], "float32"), values([1.0], "float32")
POSITIVE = (values([0.0], "float32"), values([2.0], "float32"))
HALVES = values([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5])
WIDE = (values([-127], "float32"), values([127], "float32"))
CALIBRATED = {"min_calib_range": -1.0, "max_calib_range": 2.0}
SUMS = values([2**30, 2**29, -(2**29), 2**28, 3, 0, 123456789, -987654321], "int32")
CRASH = "the reference crashes on the CPU"
DATA = normal(3, 50)


def quantize(*inputs, **attrs):
    return Row("contrib.quantize", list(inputs), attrs, numeric=False)


def quantize_v2(data, **attrs):
    return Row("contrib.quantize_v2", [data], attrs, numeric=False)


def dequantize(data, low=LOW, high=HIGH):
    return Row("contrib.dequantize", [data, low, high], numeric=False)


def requantize(data, **attrs):
    return Row("contrib.requantize", [data, LOW, HIGH], attrs, numeric=False)


def histogram(count, spread=1.0, outliers=0):
    """Counts of normal numbers in [-4, 4], and the edges of the bins."""
    numbers = np.random.RandomState(0).normal(0, spread, 3000)
    counts = np.histogram(np.clip(numbers, -4, 4), count, (-4, 4))[0]
    counts[:2] += outliers
    return values(counts.tolist()), values(np.linspace(-4, 4, count + 1).tolist())


def calibrate(*inputs, **attrs):
    return Row("contrib.calibrate_entropy", list(inputs), attrs, gradient=False, rtol=1e-3)


ROWS = [
    quantize(DATA, LOW, HIGH),
    quantize(DATA, LOW, HIGH, out_type="int8"),
    quantize(DATA, *POSITIVE),
    quantize(HALVES, *WIDE, out_type="int8"),
    quantize(values([-300, 300, 200.0]), *WIDE, out_type="int8"),
    Row("contrib.quantize", [DATA, (2,), (2,)], raises=True),
    Row("contrib.quantize", [DATA, LOW, HIGH], {"out_type": "auto"}, raises=True),
    Row("contrib.quantize", [DATA, LOW, HIGH], dtypes=("float64",), raises=True),
    quantize_v2(DATA),
    quantize_v2(DATA, out_type="uint8"),
    quantize_v2(DATA, out_type="auto"),
    quantize_v2(DATA, out_type="auto", min_calib_range=0.0, max_calib_range=2.0),
    quantize_v2(DATA, **CALIBRATED),
    quantize_v2(DATA, out_type="uint8", **CALIBRATED),
    quantize_v2(DATA, min_calib_range=-1.0),
    quantize_v2(HALVES, min_calib_range=-127.0, max_calib_range=127.0),
    quantize_v2(values([-300, 300, 200.0]), min_calib_range=-127.0, max_calib_range=127.0),
    quantize_v2(integers(-128, 128, 7, dtype="int8")),
    quantize_v2(integers(0, 256, 7, dtype="uint8"), out_type="uint8"),
    quantize_v2(integers(-128, 128, 7, dtype="int8"), **CALIBRATED),
    Row("contrib.quantize_v2", [DATA], dtypes=("float64",), raises=True),
    Row("contrib.quantize_v2", [DATA], {"out_type": "int32"}, raises=True),
    Row("contrib.quantize_asym", [DATA], gradient=False, differs=CRASH),
    Row("contrib.quantize_asym", [DATA], CALIBRATED, gradient=False, differs=CRASH),
    Row("contrib.quantize_asym", [integers(0, 9, 4)], dtypes=("int8",), raises=True),
    dequantize(integers(0, 256, 20, dtype="uint8")),
    dequantize(integers(-128, 128, 4, 5, dtype="int8")),
    dequantize(integers(-128, 128, 4, 5, dtype="int8"), *POSITIVE),
    Row("contrib.dequantize", [integers(0, 9, 4), LOW, HIGH], raises=True),
    Row("contrib.dequantize", [integers(0, 9, 4), LOW, HIGH], dtypes=("int32",), raises=True),
    Row("contrib.dequantize", [integers(0, 9, 4, dtype="int8"), (2,), (2,)], raises=True),
    requantize(SUMS),
    requantize(SUMS, out_type="uint8"),
    requantize(SUMS, out_type="auto"),
    requantize(SUMS, **CALIBRATED),
    requantize(SUMS, out_type="uint8", **CALIBRATED),
    requantize(SUMS, out_type="auto", min_calib_range=0.0, max_calib_range=0.5),
    requantize(integers(-5000, 5000, 3, 40, dtype="int32")),
    Row("contrib.requantize", [integers(0, 9, 4), LOW, HIGH], dtypes=("int8",), raises=True),
    Row("contrib.requantize", [SUMS, (2,), (2,)], raises=True),
    calibrate(*histogram(201), num_quantized_bins=63),
    calibrate(*histogram(201, 0.4, outliers=7), num_quantized_bins=31),
    calibrate(*histogram(101, 3.0), num_quantized_bins=25),
    calibrate(*histogram(401)),
    calibrate(*histogram(31), num_quantized_bins=31),
    calibrate(values([[1, 0, 3, 9, 2, 0, 5]]), uniform(0, 1, 8), num_quantized_bins=4),
    Row("contrib.calibrate_entropy", [(9,), (9,)], {"num_quantized_bins": 3}, raises=True),
    Row("contrib.calibrate_entropy", [(9,), (10,)], {"num_quantized_bins": 20}, raises=True),
]

FLOAT32 = "the reference has this operator in float32 alone"
OTHERS = ("float16", "float64")
ROWS += [
    Row("contrib.quantize", [DATA, LOW, HIGH], dtypes=("float16",), raises=True),
    Row("contrib.quantize_v2", [DATA], dtypes=("float16",), raises=True),
    quantize_v2(values([0.0, 0.0, 1.0])),
    Row("contrib.quantize_asym", [(4,)], dtypes=OTHERS, raises=True),
    Row("contrib.quantize_asym", [values([0.0, 0.0, 1.0])], numeric=False, differs=CRASH),
    Row(
        "contrib.dequantize",
        [integers(0, 200, 4, dtype="uint8"), LOW, HIGH],
        {"out_type": "float32"},
        numeric=False,
    ),
    Row("contrib.dequantize", [(4,), LOW, HIGH], dtypes=OTHERS, raises=True),
    Row("contrib.requantize", [(4,), LOW, HIGH], dtypes=OTHERS, raises=True),
    Row(
        "contrib.calibrate_entropy",
        histogram(21),
        {"num_quantized_bins": 5},
        dtypes=OTHERS,
        gradient=False,
        differs=FLOAT32,
    ),
    Row("contrib.calibrate_entropy", histogram(21), {"num_quantized_bins": 7}, numeric=False),
]
