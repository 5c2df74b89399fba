"""Operators on eight-bit codes: in graphs, in chains from floats to floats, and without gradient.

Values of single calls are in tests/ops/quantized. The reference runs products of codes in graphs
alone; of its convolution the codes can be compared, but not what it says of their range.
"""

from __future__ import annotations

import numpy as np

from tests.conformance.case import case, error_of

LEFT, RIGHT = (-1.0, 2.0), (-4.0, 1.0)
CALIBRATED = {"min_calib_range": -9.0, "max_calib_range": 9.0}
CALLS = {
    "quantized_act": {"act_type": "relu"},
    "quantized_flatten": {},
    "quantized_pooling": {"kernel": (2, 2)},
    "quantized_batch_norm": {},
    "quantized_conv": {"kernel": (2, 2), "num_filter": 1},
    "quantized_fully_connected": {"num_hidden": 1, "no_bias": True},
    "quantized_elemwise_add": {},
    "quantized_elemwise_mul": {},
    "quantized_embedding": {"input_dim": 2, "output_dim": 2},
}


def _int8(mx, random, *shape, low=-128):
    return mx.nd.array(random.randint(low, 128, shape), dtype="int8")


def _bounds(mx, *ranges):
    return [mx.nd.array([bound]) for pair in ranges for bound in pair]


def _multiply(mx, arrays, **attrs):
    names = [f"in{i}" for i in range(len(arrays))]
    variables = [mx.sym.Variable(name) for name in names]
    symbol = mx.sym.contrib.quantized_elemwise_mul(*variables, name="product", **attrs)
    executor = symbol.bind(mx.cpu(), dict(zip(names, arrays, strict=True)))
    results = zip(symbol.list_outputs(), executor.forward(), strict=True)
    return dict(results)


@case
def products_in_a_graph(mx, random):
    pair = [_int8(mx, random, 3, 20), _int8(mx, random, 3, 20)]
    return _multiply(mx, pair + _bounds(mx, LEFT, RIGHT))


@case
def calibrated_products_are_cut_off(mx, random):
    pair = [_int8(mx, random, 3, 20), _int8(mx, random, 3, 20)]
    return _multiply(mx, pair + _bounds(mx, LEFT, RIGHT), **CALIBRATED)


@case
def products_as_floats(mx, random):
    pair = [_int8(mx, random, 3, 20), _int8(mx, random, 3, 20)]
    return _multiply(mx, pair + _bounds(mx, LEFT, RIGHT), enable_float_output=True)


@case
def products_of_an_empty_range(mx, random):
    pair = [_int8(mx, random, 3, 20), _int8(mx, random, 3, 20)]
    return _multiply(mx, pair + _bounds(mx, (0.0, 0.0), RIGHT), **CALIBRATED)


@case
def codes_of_convolutions(mx, random):
    facts = {}
    windows = {
        "plain": {},
        "strided": {"stride": (2, 1), "pad": (1, 2), "dilate": (1, 2)},
        "one dilated": {"dilate": (2, 1), "pad": (2, 0)},
    }
    for name, window in windows.items():
        data = mx.nd.array(random.randint(0, 256, (2, 3, 6, 7)), dtype="uint8")
        low, high, least, most = _bounds(mx, LEFT, RIGHT)
        inputs = {"min_data": low, "max_data": high, "min_weight": least, "max_weight": most}
        sums = mx.nd.contrib.quantized_conv(
            data=data,
            weight=_int8(mx, random, 4, 3, 2, 3),
            kernel=(2, 3),
            num_filter=4,
            no_bias=True,
            **inputs,
            **window,
        )
        facts[name] = sums[0]
    return facts


@case
def codes_of_a_convolution_of_volumes(mx, random):
    data = mx.nd.array(random.randint(0, 256, (1, 2, 3, 4, 3)), dtype="uint8")
    low, high, least, most = _bounds(mx, LEFT, RIGHT)
    sums = mx.nd.contrib.quantized_conv(
        data=data,
        weight=_int8(mx, random, 3, 2, 2, 1, 2),
        min_data=low,
        max_data=high,
        min_weight=least,
        max_weight=most,
        kernel=(2, 1, 2),
        num_filter=3,
        no_bias=True,
    )
    return {"sums": sums[0]}


@case
def a_layer_from_floats_to_floats(mx, random):
    contrib = mx.nd.contrib
    drawn = [random.uniform(-1, 1, shape) for shape in ((5, 8), (4, 8), (4,))]
    coded = [
        contrib.quantize(mx.nd.array(x), mx.nd.array([-1]), mx.nd.array([1]), out_type="int8")
        for x in drawn
    ]
    tensors = [each[0] for each in coded]
    bounds = [bound for each in coded for bound in each[1:]]
    sums = contrib.quantized_fully_connected(*tensors, *bounds, num_hidden=4)
    codes = contrib.requantize(*sums, min_calib_range=-4.0, max_calib_range=4.0)
    floats = contrib.dequantize(*contrib.quantized_act(*codes, act_type="relu"))
    exact = np.maximum(drawn[0] @ drawn[1].T + drawn[2], 0)
    error = np.abs(floats.asnumpy() - exact).max()
    return {"sums": sums[0], "floats": floats, "error is small": bool(error < 0.05)}


@case
def names_in_graphs(mx, random):
    facts = {}
    for name, attrs in CALLS.items():
        function = getattr(mx.sym.contrib, name)
        symbol = function(mx.sym.Variable("data"), name="node", **attrs)
        facts[f"{name} arguments"] = symbol.list_arguments()
        facts[f"{name} states"] = symbol.list_auxiliary_states()
        facts[f"{name} outputs"] = symbol.list_outputs()
    pair = [mx.sym.Variable("a"), mx.sym.Variable("b")]
    joined = mx.sym.contrib.quantized_concat(*pair, num_args=2, name="node")
    facts["quantized_concat arguments"] = joined.list_arguments()
    facts["quantized_concat outputs"] = joined.list_outputs()
    return facts


def _backward_of(mx, random, name, count):
    codes, bounds = _int8(mx, random, 2, 3), _bounds(mx, *[LEFT] * count)
    for bound in bounds:
        bound.attach_grad()
    with mx.autograd.record():
        results = getattr(mx.nd.contrib, name)(*[codes] * count, *bounds, **CALLS[name])
    return error_of(lambda: mx.autograd.backward(results[1:]))


@case
def activations_and_sums_have_no_gradient(mx, random):
    return {
        "activation": _backward_of(mx, random, "quantized_act", 1),
        "sum": _backward_of(mx, random, "quantized_elemwise_add", 2),
    }
