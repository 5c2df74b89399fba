"""Gradients of convolutions at sizes where kernels of their own compute them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

import mxnet as mx

Arrays = dict[str, np.ndarray]


def gradients(operator: str, shape: tuple[int, ...], **attrs: Any) -> tuple[Arrays, Arrays]:
    """Return inputs and head gradient by name, and what an executor's backward gives for them."""
    symbol = getattr(mx.sym, operator)(data=mx.sym.Variable("data"), name="layer", **attrs)
    executor = symbol.simple_bind(mx.cpu(), data=shape)
    state = np.random.RandomState(7)
    inputs = {}
    for name, array in executor.arg_dict.items():
        inputs[name] = state.uniform(-1, 1, array.shape).astype(np.float32)
        array[:] = inputs[name]
    [output] = executor.forward(is_train=True)
    inputs["head"] = state.uniform(-1, 1, output.shape).astype(np.float32)
    return inputs, backward(executor, inputs["head"])


def backward(executor: mx.executor.Executor, head: np.ndarray) -> Arrays:
    executor.backward(mx.nd.array(head))
    return {name: array.asnumpy() for name, array in executor.grad_dict.items()}


def expected(inputs: Arrays, transposed: bool = False, **call: Any) -> Arrays:
    """Return what torch's tape gives in float64."""
    names = [name for name in inputs if name != "head"]
    tensors = [torch.tensor(inputs[name], dtype=torch.float64).requires_grad_() for name in names]
    function = torch.nn.functional.conv_transpose2d if transposed else torch.nn.functional.conv2d
    head = torch.tensor(inputs["head"], dtype=torch.float64)
    found = torch.autograd.grad(function(*tensors, **call), tensors, head)
    return {name: grad.numpy() for name, grad in zip(names, found, strict=True)}


def check(found: Arrays, wanted: Arrays) -> None:
    assert found.keys() == wanted.keys()
    for name, values in wanted.items():
        scale = max(1.0, float(np.abs(values).max()))
        assert np.allclose(found[name], values, rtol=1e-4, atol=2e-5 * scale), name


PHASES = {
    "7x7 in steps of 2": ((2, 3, 112, 112), 64, 7, 2, 3),
    "an even image, whose last pixels no window reaches": ((2, 3, 111, 110), 64, 8, 3, 0),
    "11x11 in steps of 4": ((4, 3, 160, 163), 48, 11, 4, 2),
    "an oblong window": ((2, 4, 128, 128), 64, (7, 5), 2, (3, 1)),
}
FEW = {
    "no stride": ((4, 3, 64, 64), 32, 3, 1, 1),
    "one channel": ((4, 1, 28, 28), 8, 5, 1, 0),
    "four channels": ((2, 4, 33, 33), 8, 3, 2, 1),
}


@pytest.mark.parametrize("case", [*PHASES.values(), *FEW.values()], ids=[*PHASES, *FEW])
def test_gradients_of_images_of_few_channels(case: Any) -> None:
    shape, filters, kernel, stride, pad = case
    kernel, pad = (each if isinstance(each, tuple) else (each, each) for each in (kernel, pad))
    inputs, found = gradients(
        "Convolution", shape, num_filter=filters, kernel=kernel, stride=(stride, stride), pad=pad
    )
    check(found, expected(inputs, stride=stride, padding=pad))


@pytest.mark.parametrize("value", [np.inf, np.nan])
@pytest.mark.parametrize("no_bias", [False, True])
def test_an_infinite_gradient_reaches_the_pixels_of_its_window_alone(
    value: float, no_bias: bool
) -> None:
    x = mx.sym.Variable("data")
    symbol = mx.sym.Convolution(
        x, num_filter=64, kernel=(7, 7), stride=(2, 2), pad=(3, 3), no_bias=no_bias
    )
    executor = symbol.simple_bind(mx.cpu(), data=(2, 3, 112, 112))
    for array in executor.arg_dict.values():
        array[:] = 1.0
    executor.forward(is_train=True)
    head = np.ones((2, 64, 56, 56), np.float32)
    head[1, 5, 20, 30] = value
    grad = backward(executor, head)["data"]
    marked = ~np.isfinite(grad)
    wanted = np.zeros_like(marked)
    wanted[1, :, 37:44, 57:64] = True  # 2 * 20 - 3 and 2 * 30 - 3 onwards
    assert np.array_equal(marked, wanted)


@pytest.mark.parametrize("layer", ["Convolution", "Deconvolution"])
@pytest.mark.parametrize("groups", [1, 4, 16])
def test_gradients_with_a_bias(layer: str, groups: int) -> None:
    inputs, found = gradients(
        layer,
        (2, 16, 12, 10),
        num_filter=16,
        kernel=(4, 3),
        stride=(2, 1),
        pad=(1, 1),
        num_group=groups,
        no_bias=False,
    )
    call = {"stride": (2, 1), "padding": 1, "groups": groups}
    check(found, expected(inputs, layer == "Deconvolution", **call))


def test_the_gradient_of_a_one_dimensional_bias_is_the_sum() -> None:
    inputs, found = gradients("Convolution", (3, 8, 40), num_filter=5, kernel=(3,))
    assert np.allclose(found["layer_bias"], inputs["head"].sum((0, 2)), rtol=1e-5, atol=1e-5)


def test_a_gradient_in_channels_last_memory_is_taken_as_it_lies() -> None:
    x = mx.sym.Variable("data")
    attrs = {"num_filter": 64, "kernel": (3, 3), "pad": (1, 1)}
    first = mx.sym.Convolution(x, name="first", **attrs)
    symbol = mx.sym.Convolution(first, name="second", **attrs)
    executor = symbol.simple_bind(mx.cpu(), data=(4, 3, 32, 32))
    for name, array in executor.arg_dict.items():
        array[:] = np.random.RandomState(len(name)).uniform(-0.1, 0.1, array.shape)
    inputs = {name: array.asnumpy() for name, array in executor.arg_dict.items()}
    [output] = executor.forward(is_train=True)
    found = backward(executor, np.ones(output.shape, np.float32))
    tensors = {n: torch.tensor(v, dtype=torch.float64).requires_grad_() for n, v in inputs.items()}
    conv = torch.nn.functional.conv2d
    hidden = conv(tensors["data"], tensors["first_weight"], tensors["first_bias"], padding=1)
    result = conv(hidden, tensors["second_weight"], tensors["second_bias"], padding=1)
    wanted = torch.autograd.grad(result.sum(), list(tensors.values()))
    check(found, {n: grad.numpy() for n, grad in zip(tensors, wanted, strict=True)})
