"""Layers at realistic sizes: training forward and backward of a bound symbol, and some forwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.case import MEANS, Goal, benchmark
from benchmarks.inputs import values, words

MEANS["layers"] = 1.7
LOSSES = ("SoftmaxOutput",)


def layer(
    name: str,
    operator: str,
    data: tuple[int, ...],
    inputs: dict[str, tuple[tuple[int, ...], str]] | None = None,
    trains: bool = True,
    compares: bool = True,
    **attrs: Any,
) -> None:
    """Register one layer: forward, then backward unless it does not train.

    `inputs` gives shape and kind of values of arguments other than `data` that do not follow from
    it or are not floats drawn as usual; they get no gradient unless they are plain.
    """
    given = {"data": (data, "plain"), **(inputs or {})}

    def setup(mx: Any) -> Callable[[], Any]:
        variables = {key: mx.sym.Variable(key) for key in given}
        symbol = getattr(mx.sym, operator)(**variables, **attrs, name="layer")
        arguments = symbol.list_arguments()
        constant = {key for key, (_, kind) in given.items() if kind not in ("plain", "inside")}
        executor = symbol.simple_bind(
            mx.cpu(),
            grad_req={a: "write" if trains and a not in constant else "null" for a in arguments},
            **{key: shape for key, (shape, _) in given.items()},
        )
        fill(executor, given)
        executor.forward(is_train=trains)
        heads = [mx.nd.array(values(out.shape, "plain", "head")) for out in executor.outputs]
        mx.nd.waitall()

        def run() -> Any:
            executor.forward(is_train=trains)
            if trains:
                executor.backward(None if operator in LOSSES else heads)
            mx.nd.waitall()
            gradients = [executor.grad_dict[a] for a in arguments if a not in constant]
            return [executor.outputs[0], *(gradients if trains else [])] if compares else None

        return run

    benchmark(name, Goal(speedup=1))(setup)


def fill(executor: Any, given: dict[str, tuple[tuple[int, ...], str]]) -> None:
    """Give an executor's arguments their values: weights are small, so that sums stay so."""
    for name, array in executor.arg_dict.items():
        kind = given[name][1] if name in given else "plain"
        scale = 1.0 if name in given else 1 / np.sqrt(max(array.size // array.shape[0], 16))
        array[:] = values(array.shape, kind, name) * np.float32(scale)
    for name, array in executor.aux_dict.items():
        array[:] = 1.0 if name.endswith("var") else 0.0


def convolution(name: str, data: tuple[int, ...], kernel: tuple[int, ...], **attrs: Any) -> None:
    """Register a convolution."""
    layer(f"Convolution {name}", "Convolution", data, kernel=kernel, **attrs)


convolution("3x3", (16, 64, 56, 56), (3, 3), num_filter=64, pad=(1, 1))
convolution("3x3, stride 2", (16, 128, 28, 28), (3, 3), num_filter=128, pad=(1, 1), stride=(2, 2))
convolution("3x3, no bias", (32, 256, 14, 14), (3, 3), num_filter=256, pad=(1, 1), no_bias=True)
convolution("1x1", (16, 64, 56, 56), (1, 1), num_filter=256)
convolution("7x7, 3 channels", (8, 3, 224, 224), (7, 7), num_filter=64, pad=(3, 3), stride=(2, 2))
convolution("5x5, LeNet", (64, 20, 12, 12), (5, 5), num_filter=50)
convolution("depthwise", (16, 144, 56, 56), (3, 3), num_filter=144, pad=(1, 1), num_group=144)
convolution(
    "depthwise, stride 2", (16, 144, 56, 56), (3, 3), num_filter=144, pad=(1, 1), num_group=144,
    stride=(2, 2),
)  # fmt: skip
convolution("32 groups", (16, 128, 28, 28), (3, 3), num_filter=128, pad=(1, 1), num_group=32)
convolution("dilated", (16, 64, 28, 28), (3, 3), num_filter=64, pad=(2, 2), dilate=(2, 2))
convolution("1-dimensional", (32, 64, 500), (5,), num_filter=64, pad=(2,))
convolution("3-dimensional", (2, 16, 16, 56, 56), (3, 3, 3), num_filter=32, pad=(1, 1, 1))
layer(
    "Convolution 3x3, inference", "Convolution", (16, 64, 56, 56), trains=False, kernel=(3, 3),
    num_filter=64, pad=(1, 1),
)  # fmt: skip
layer(
    "Deconvolution 4x4, stride 2", "Deconvolution", (8, 64, 28, 28), kernel=(4, 4), stride=(2, 2),
    pad=(1, 1), num_filter=64,
)  # fmt: skip
layer(
    "Deconvolution 3x3", "Deconvolution", (8, 64, 28, 28), kernel=(3, 3), pad=(1, 1), num_filter=64
)
layer(
    "Deconvolution bilinear, one per channel", "Deconvolution", (8, 64, 28, 28), kernel=(4, 4),
    stride=(2, 2), pad=(1, 1), num_filter=64, num_group=64,
)  # fmt: skip

for _trains in (True, False):
    _when = "" if _trains else ", inference"
    for _kind in ("max", "avg"):
        layer(
            f"Pooling {_kind} 2x2{_when}", "Pooling", (16, 64, 56, 56), trains=_trains,
            kernel=(2, 2), stride=(2, 2), pool_type=_kind,
        )  # fmt: skip
        layer(
            f"Pooling {_kind} 3x3, stride 2{_when}", "Pooling", (16, 64, 112, 112), trains=_trains,
            kernel=(3, 3), stride=(2, 2), pad=(1, 1), pool_type=_kind,
        )  # fmt: skip
layer(
    "Pooling max 3x3, stride 1, 14x14", "Pooling", (16, 480, 14, 14), kernel=(3, 3), stride=(1, 1),
    pad=(1, 1), pool_type="max",
)  # fmt: skip
layer(
    "Pooling max 2x2, 4 channels", "Pooling", (64, 4, 112, 112), kernel=(2, 2), stride=(2, 2),
    pool_type="max",
)  # fmt: skip
layer(
    "Pooling global average", "Pooling", (32, 512, 14, 14), kernel=(1, 1), global_pool=True,
    pool_type="avg",
)  # fmt: skip

layer("BatchNorm", "BatchNorm", (16, 64, 56, 56), fix_gamma=False)
layer("BatchNorm, inference", "BatchNorm", (16, 64, 56, 56), trains=False)
layer("BatchNorm of vectors", "BatchNorm", (256, 1024), fix_gamma=False)
layer("LayerNorm", "LayerNorm", (32, 128, 768))
layer("InstanceNorm", "InstanceNorm", (16, 64, 56, 56))
layer("GroupNorm", "GroupNorm", (16, 64, 56, 56), num_groups=8)
layer("LRN", "LRN", (16, 64, 56, 56), nsize=5)
layer("LRN, inference", "LRN", (16, 64, 56, 56), trains=False, nsize=5)
layer("L2Normalization", "L2Normalization", (1024, 1024))
layer("FullyConnected", "FullyConnected", (128, 1024), num_hidden=1024)
layer("FullyConnected, 10 classes", "FullyConnected", (128, 512), num_hidden=10)
layer("FullyConnected, not flat", "FullyConnected", (16, 64, 512), num_hidden=512, flatten=False)
for _kind in words("relu sigmoid tanh softrelu softsign"):
    layer(f"Activation {_kind}", "Activation", (16, 64, 56, 56), act_type=_kind)
for _kind in words("leaky elu gelu selu prelu"):
    layer(
        f"LeakyReLU {_kind}", "LeakyReLU", (16, 64, 56, 56), act_type=_kind,
        compares=_kind != "selu",  # of which the reference's gradient is wrong
    )  # fmt: skip
layer("Dropout", "Dropout", (16, 64, 56, 56), compares=False, p=0.5)
layer("softmax", "softmax", (128, 10000))
layer("log_softmax", "log_softmax", (128, 10000))
layer(
    "Embedding", "Embedding", (64, 100), {"data": ((64, 100), "below 20000")}, input_dim=20000,
    output_dim=300,
)  # fmt: skip
layer("SoftmaxOutput", "SoftmaxOutput", (128, 10000), {"label": ((128,), "below 10000")})
layer(
    "SoftmaxOutput of pixels", "SoftmaxOutput", (8, 21, 64, 64),
    {"label": ((8, 64, 64), "below 21")}, multi_output=True,
)  # fmt: skip
layer(
    "CTCLoss", "CTCLoss", (100, 32, 80), {"label": ((32, 20), "below 79")}, blank_label="last",
)  # fmt: skip
_boxes = {"rois": ((128, 5), "boxes")}
layer(
    "ROIPooling", "ROIPooling", (2, 256, 38, 50), _boxes, pooled_size=(7, 7), spatial_scale=1 / 16
)


def recurrent(name: str, mode: str, layers: int = 1, **attrs: Any) -> None:
    """Register an RNN of 200 units over 35 steps of 32 sequences."""
    directions = 2 if attrs.get("bidirectional") else 1
    state = ((layers * directions, 32, 200), "inside")
    states = {"state": state, "state_cell": state} if mode == "lstm" else {"state": state}
    layer(
        f"RNN {name}", "RNN", (35, 32, 200), states, mode=mode, state_size=200, num_layers=layers,
        **attrs,
    )  # fmt: skip


recurrent("LSTM", "lstm")
recurrent("LSTM, 2 layers", "lstm", layers=2)
recurrent("LSTM, bidirectional", "lstm", bidirectional=True)
recurrent("LSTM, inference", "lstm", trains=False)
recurrent("GRU", "gru")
recurrent("tanh", "rnn_tanh", compares=False)  # gradients grow to thousands, rounding with them
recurrent("relu", "rnn_relu")
