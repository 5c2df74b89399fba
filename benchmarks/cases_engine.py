"""Eager calls, graphs and training steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.case import Goal, benchmark

ADDITIONS = 500
DEPTH, WIDTH, BATCH = 100, 64, 32


@benchmark("a + b, 2x2 NDArrays", Goal(speedup=2.5), calls=ADDITIONS)
def addition(mx: Any) -> Callable[[], Any]:
    a, b = mx.nd.array([[1, 2], [3, 4]]), mx.nd.array([[5, 6], [7, 8]])

    def add() -> Any:
        for _ in range(ADDITIONS):
            total = a + b
        mx.nd.waitall()  # the reference only queues: what it queued counts
        return total.asnumpy()

    return add


def _perceptron(mx: Any) -> Any:
    """A hundred layers of 64 units with relu, then a softmax over ten classes."""
    x = mx.sym.Variable("data")
    for layer in range(DEPTH):
        x = mx.sym.FullyConnected(x, num_hidden=WIDTH, name=f"dense{layer}")
        x = mx.sym.Activation(x, act_type="relu", name=f"relu{layer}")
    x = mx.sym.FullyConnected(x, num_hidden=10, name="classes")
    return mx.sym.SoftmaxOutput(x, name="softmax")


@benchmark("100-layer MLP: build", Goal(speedup=1))
def build(mx: Any) -> Callable[[], Any]:
    return lambda: len(_perceptron(mx).list_arguments())


@benchmark("100-layer MLP: JSON round trip", Goal(speedup=1))
def json_round_trip(mx: Any) -> Callable[[], Any]:
    symbol = _perceptron(mx)
    return lambda: len(mx.sym.load_json(symbol.tojson()).list_arguments())


@benchmark("100-layer MLP: simple_bind", Goal(speedup=1))
def simple_bind(mx: Any) -> Callable[[], Any]:
    symbol = _perceptron(mx)

    def bind() -> int:
        executor = symbol.simple_bind(mx.cpu(), data=(BATCH, WIDTH))
        return len(executor.grad_arrays)

    return bind


@benchmark("100-layer MLP: infer_shape", Goal(seconds=2e-3))
def infer_shape(mx: Any) -> Callable[[], Any]:
    symbol = _perceptron(mx)
    return lambda: symbol.infer_shape(data=(BATCH, WIDTH))[1][0]


def _fill(executor: Any, scale: float) -> None:
    """Give an executor's arguments fixed random values; labels become classes."""
    random = np.random.RandomState(0)
    for name, array in executor.arg_dict.items():
        values = random.normal(0, scale, array.shape)
        if name == "data":
            values = random.uniform(0, 1, array.shape)
        if name.endswith("label"):
            values = random.randint(0, 10, array.shape)
        array[:] = values.astype(np.float32)


@benchmark("100-layer MLP: forward and backward", Goal(speedup=1 / 1.4))
def perceptron_step(mx: Any) -> Callable[[], Any]:
    executor = _perceptron(mx).simple_bind(mx.cpu(), data=(BATCH, WIDTH))
    _fill(executor, np.sqrt(2 / WIDTH))

    def step() -> Any:
        executor.forward(is_train=True)
        executor.backward()
        mx.nd.waitall()
        return executor.grad_dict["classes_bias"].asnumpy()

    return step


def _lenet(mx: Any) -> Any:
    x = mx.sym.Variable("data")
    for layer, filters in enumerate((20, 50)):
        x = mx.sym.Convolution(x, kernel=(5, 5), num_filter=filters, name=f"convolution{layer}")
        x = mx.sym.Activation(x, act_type="tanh")
        x = mx.sym.Pooling(x, pool_type="max", kernel=(2, 2), stride=(2, 2))
    x = mx.sym.FullyConnected(mx.sym.Flatten(x), num_hidden=500, name="dense")
    x = mx.sym.Activation(x, act_type="tanh")
    x = mx.sym.FullyConnected(x, num_hidden=10, name="classes")
    return mx.sym.SoftmaxOutput(x, name="softmax")


@benchmark("LeNet: training step, batch 64", Goal(speedup=1))
def lenet_step(mx: Any) -> Callable[[], Any]:
    executor = _lenet(mx).simple_bind(mx.cpu(), data=(64, 1, 28, 28))
    _fill(executor, 0.05)
    fixed = ("data", "softmax_label")
    pairs = [(executor.arg_dict[n], g) for n, g in executor.grad_dict.items() if n not in fixed]

    def step() -> None:
        executor.forward(is_train=True)
        executor.backward()
        for weight, gradient in pairs:
            mx.nd.sgd_update(weight, gradient, lr=1e-4, out=weight)
        mx.nd.waitall()

    return step


def _normalized(mx: Any, x: Any, active: bool = True, **attrs: Any) -> Any:
    x = mx.sym.Convolution(x, num_filter=64, no_bias=True, **attrs)
    x = mx.sym.BatchNorm(x, fix_gamma=False)
    return mx.sym.Activation(x, act_type="relu") if active else x


def _residual(mx: Any) -> Any:
    """The stem and the first two blocks of ResNet-18 (He et al. 2016), then ten classes."""
    x = _normalized(mx, mx.sym.Variable("data"), kernel=(7, 7), stride=(2, 2), pad=(3, 3))
    x = mx.sym.Pooling(x, pool_type="max", kernel=(3, 3), stride=(2, 2), pad=(1, 1))
    for _ in range(2):
        within = _normalized(mx, x, kernel=(3, 3), pad=(1, 1))
        within = _normalized(mx, within, active=False, kernel=(3, 3), pad=(1, 1))
        x = mx.sym.Activation(x + within, act_type="relu")
    x = mx.sym.Pooling(x, pool_type="avg", global_pool=True, kernel=(1, 1))
    x = mx.sym.FullyConnected(mx.sym.Flatten(x), num_hidden=10, name="classes")
    return mx.sym.SoftmaxOutput(x, name="softmax")


def residual(trains: bool) -> Callable[[Any], Callable[[], Any]]:
    """Return the setup of that network on eight photographs; `trains` adds the backward pass."""

    def setup(mx: Any) -> Callable[[], Any]:
        executor = _residual(mx).simple_bind(
            mx.cpu(), grad_req="write" if trains else "null", data=(8, 3, 224, 224)
        )
        _fill(executor, 0.05)

        def step() -> Any:
            executor.forward(is_train=trains)
            if trains:
                executor.backward()
            mx.nd.waitall()
            return None if trains else executor.outputs[0].asnumpy()

        return step

    return setup


benchmark("ResNet stem and two blocks: forward and backward", Goal(speedup=1))(residual(True))
benchmark("ResNet stem and two blocks: inference", Goal(speedup=1))(residual(False))
