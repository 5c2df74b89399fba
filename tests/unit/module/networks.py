"""The network, its first parameters and the samples that the module tests share."""

from __future__ import annotations

from typing import Any

import numpy as np

import mxnet as mx


def network() -> Any:
    """Return five inputs, four hidden units with batch normalization, three classes."""
    hidden = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=4, name="fc1")
    hidden = mx.sym.BatchNorm(hidden, fix_gamma=False, name="bn")
    hidden = mx.sym.Activation(hidden, act_type="tanh", name="act")
    scores = mx.sym.FullyConnected(hidden, num_hidden=3, name="fc2")
    return mx.sym.SoftmaxOutput(scores, name="softmax")


def first_params() -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the same parameters and auxiliary states every time."""
    draw = np.random.RandomState(7).uniform
    arg_params = {
        "fc1_weight": draw(-1, 1, (4, 5)),
        "fc1_bias": draw(-1, 1, 4),
        "bn_gamma": draw(0.5, 1.5, 4),
        "bn_beta": draw(-1, 1, 4),
        "fc2_weight": draw(-1, 1, (3, 4)),
        "fc2_bias": draw(-1, 1, 3),
    }
    aux_params = {"bn_moving_mean": mx.nd.zeros(4), "bn_moving_var": mx.nd.ones(4)}
    return {name: mx.nd.array(values) for name, values in arg_params.items()}, aux_params


def samples() -> mx.io.NDArrayIter:
    """Return 22 samples of three classes in batches of 8, the last of them padded."""
    data = np.random.RandomState(8).uniform(-1, 1, (22, 5))
    label = 1.0 * (data.sum(1) > 0) + 1.0 * (data[:, 0] > 0)
    return mx.io.NDArrayIter(data, label, batch_size=8)


def bound(**options: Any) -> mx.mod.Module:
    """Return a module bound to batches of 8, with the first parameters."""
    module = mx.mod.Module(network(), **options)
    data = samples()
    module.bind(data.provide_data, data.provide_label)
    module.init_params(None, *first_params())
    return module
