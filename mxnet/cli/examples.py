"""Networks that come with the package, to check or to train."""

from __future__ import annotations

from collections.abc import Callable

from .. import symbol as sym
from ..symbol import Symbol

Example = tuple[Symbol, dict[str, tuple[int, ...]]]


def mlp() -> Example:
    """Return a multilayer perceptron for 8x8 images of ten classes, and its input shape."""
    net = sym.Variable("data")
    for index, width in enumerate((64, 32)):
        net = sym.FullyConnected(net, num_hidden=width, name=f"fc{index + 1}")
        net = sym.Activation(net, act_type="tanh", name=f"tanh{index + 1}")
    net = sym.FullyConnected(net, num_hidden=10, name="fc3")
    return sym.SoftmaxOutput(net, name="softmax"), {"data": (4, 64)}


def lenet(size: int = 8, classes: int = 10) -> Example:
    """Return LeNet (LeCun et al. 1998) for square images of one channel, and its input shape.

    Parameters
    ----------
    size : int, default 8
        Height and width of an image in pixels; 8 fits scikit-learn's digits.
    classes : int, default 10
        How many classes.
    """
    net = sym.Variable("data")
    for index, filters in enumerate((16, 32)):
        label = index + 1
        net = sym.Convolution(
            net, kernel=(3, 3), pad=(1, 1), num_filter=filters, name=f"conv{label}"
        )
        net = sym.Activation(net, act_type="tanh", name=f"tanh{label}")
        net = sym.Pooling(net, pool_type="max", kernel=(2, 2), stride=(2, 2), name=f"pool{label}")
    net = sym.Flatten(net, name="flatten")
    net = sym.FullyConnected(net, num_hidden=64, name="fc1")
    net = sym.Activation(net, act_type="tanh", name="tanh3")
    net = sym.FullyConnected(net, num_hidden=classes, name="fc2")
    return sym.SoftmaxOutput(net, name="softmax"), {"data": (4, 1, size, size)}


def resnet() -> Example:
    """Return a small residual network (He et al. 2016) with batch norm, and its input shape."""
    net = sym.Convolution(
        sym.Variable("data"), kernel=(3, 3), pad=(1, 1), num_filter=8, no_bias=True, name="stem"
    )
    for index in range(2):
        name = f"block{index + 1}"
        body = sym.BatchNorm(net, fix_gamma=False, name=f"{name}_bn")
        body = sym.Activation(body, act_type="relu", name=f"{name}_relu")
        body = sym.Convolution(
            body, kernel=(3, 3), pad=(1, 1), num_filter=8, no_bias=True, name=f"{name}_conv"
        )
        net = sym.elemwise_add(net, body, name=f"{name}_sum")
    net = sym.Pooling(net, global_pool=True, kernel=(1, 1), pool_type="avg", name="pool")
    net = sym.FullyConnected(sym.Flatten(net, name="flatten"), num_hidden=10, name="fc")
    return sym.SoftmaxOutput(net, name="softmax"), {"data": (4, 3, 8, 8)}


EXAMPLES: dict[str, Callable[[], Example]] = {"mlp": mlp, "lenet": lenet, "resnet": resnet}
"""The examples by name."""
