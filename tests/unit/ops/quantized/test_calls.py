"""What operators on codes refuse, and do where the reference's values can not be recorded."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import mxnet as mx

CODES = mx.nd.array([[1, -2]], dtype="int8")
BOUND = mx.nd.array([1])
CONTRIB = mx.nd.contrib


def test_joining_refuses_arrays_without_ranges() -> None:
    message = "there are 3 arrays, but num_args=2 needs 6: arg0, arg1, arg0_min, arg0_max"
    with pytest.raises(mx.MXNetError, match=message):
        CONTRIB.quantized_concat(CODES, CODES, BOUND, num_args=2)


def test_a_bias_needs_its_range() -> None:
    bias = mx.nd.array([1], dtype="int8")
    with pytest.raises(mx.MXNetError, match="min_bias is missing"):
        CONTRIB.quantized_fully_connected(CODES, CODES, bias, *[BOUND] * 4, num_hidden=1)


def test_without_bias_tensors_go_by_position() -> None:
    sums = CONTRIB.quantized_fully_connected(CODES, CODES, *[BOUND] * 4, num_hidden=1, no_bias=True)
    assert sums[0].asnumpy().tolist() == [[5]]


@pytest.mark.parametrize("low", [mx.nd.array([1], dtype="float64"), mx.nd.array([[1]])])
def test_a_bound_is_one_float32(low: Any) -> None:
    with pytest.raises(mx.MXNetError, match="_contrib_quantized_flatten: min_data "):
        CONTRIB.quantized_flatten(CODES, low, BOUND)


def test_products_beyond_a_calibrated_range_are_cut_to_its_limits() -> None:
    pair = [mx.nd.array([127, -128, 10], dtype="int8"), mx.nd.array([127, 127, 10], dtype="int8")]
    calibrated = {"min_calib_range": -0.5, "max_calib_range": 0.5}
    codes = CONTRIB.quantized_elemwise_mul(*pair, *[BOUND] * 4, **calibrated)[0]
    assert codes.asnumpy().tolist() == [127, -128, 1]


@pytest.mark.parametrize("bias", [False, True])
def test_convolutions_of_uint8_stand_for_those_of_floats(bias: bool) -> None:
    random = np.random.RandomState(0)
    floats = [
        random.uniform(low, 1, shape)
        for low, shape in ((0, (2, 3, 5, 5)), (-1, (4, 3, 2, 2)), (-1, (4,)))
    ]
    limits = [mx.nd.array([bound]) for bound in (0, 1, -1, 1, -1, 1)]
    pairs = [limits[i : i + 2] for i in (0, 2, 4)]
    count = 3 if bias else 2
    kinds = ("uint8", "int8", "int8")[:count]
    coded = [
        CONTRIB.quantize(mx.nd.array(x), *pair, out_type=kind)[0]
        for x, pair, kind in zip(floats, pairs, kinds, strict=False)
    ]
    window = {"kernel": (2, 2), "num_filter": 4, "no_bias": not bias}
    sums, _, high = CONTRIB.quantized_conv(*coded, *limits[: 2 * count], **window)
    exact = mx.nd.Convolution(*[mx.nd.array(x) for x in floats[:count]], **window)
    values = sums.asnumpy() * (high.asnumpy() / (2**31 - 1))
    assert values == pytest.approx(exact.asnumpy(), abs=0.06)


def test_sums_of_many_products_are_exact() -> None:
    data = mx.nd.array(np.full((1, 70000), 255), dtype="uint8")
    weight = mx.nd.array(np.full((1, 70000), 127), dtype="int8")
    weight[0, 0] = 126
    sums = CONTRIB.quantized_fully_connected(data, weight, *[BOUND] * 4, num_hidden=1, no_bias=True)
    assert sums[0].asnumpy().tolist() == [[2**31 - 1]]  # 2266949745 is beyond int32
    half = CONTRIB.quantized_fully_connected(
        data[:, :60001], weight[:, :60001], *[BOUND] * 4, num_hidden=1, no_bias=True
    )
    assert half[0].asnumpy().tolist() == [[60001 * 255 * 127 - 255]]


def test_a_saved_graph_keeps_its_number_of_arrays() -> None:
    names = [mx.sym.Variable(name) for name in "ab"]
    symbol = mx.sym.contrib.quantized_concat(*names, num_args=2, dim=0, name="joined")
    loaded = mx.sym.load_json(symbol.tojson())
    assert loaded.list_arguments() == symbol.list_arguments()
    executor = loaded.bind(mx.cpu(), [CODES, CODES, -BOUND, BOUND, -2 * BOUND, BOUND])
    assert executor.forward()[0].asnumpy().tolist() == [[0, -1], [1, -2]]
