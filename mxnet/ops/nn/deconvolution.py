"""Deconvolution: the transpose of a convolution, which makes small images large."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Literal

import torch

from ...base import MXNetError
from ..attributes import NonNegativeInt, Shape
from ..registry import Attrs, Backward, Shapes, operator
from .convolution import (
    Sizes,
    Tune,
    Window,
    channels_back,
    channels_second,
    check_groups,
    check_rank,
    parameter_shapes,
    window_of,
)
from .convolution_gradient import bias_gradient
from .rules import (
    UNKNOWN,
    agree,
    as_channels_last,
    check_bias,
    inputs_with_bias,
    refuse_shapes,
    require_floating,
)

_LARGE = 8
"""Size of a window; below that grouped channels are taken faster with the channels last."""


class Transposed:
    """How a deconvolution grows each spatial axis: its padding, the rows added, the result."""

    __slots__ = ("added", "out", "pad", "weight")

    def __init__(self, pad: Sizes, added: Sizes, weight: Sizes, out: Sizes) -> None:
        self.pad, self.added, self.weight, self.out = pad, added, weight, out


@lru_cache(maxsize=4096)
def _transposed(
    data: Sizes, window: Window, adj: Sizes, target: Sizes, filters: int, groups: int
) -> Transposed:
    """Return the padding, and the shapes that follow from a partial shape of the data."""
    check_rank(data, window)
    rank = len(window.kernel)
    for name, sizes in (("adj", adj), ("target_shape", target)):
        if sizes and len(sizes) != rank:
            raise MXNetError(f"{name} is {sizes}, but must have {rank} numbers, one per axis")
    channels, spatial = (data[-1], data[1:-1]) if window.channels_last else (data[1], data[2:])
    check_groups(channels, filters, groups)
    pads: list[int] = []
    added: list[int] = []
    spans: list[int] = []
    for axis, (n, k, s) in enumerate(zip(spatial, window.extent, window.stride, strict=True)):
        whole = UNKNOWN if n == UNKNOWN else s * (n - 1) + k
        if target:
            p, a, size = _fit(whole, target[axis], data)
        else:
            p, a = window.pad[axis], adj[axis] if adj else 0
            size = UNKNOWN if n == UNKNOWN else whole - 2 * p + a
        if not 0 <= a < s or (size < 1 and size != UNKNOWN):
            raise MXNetError(
                f"adj is {a} and the output's size {size} along axis {axis} of data {data}, but "
                f"adj must be less than stride {s}, and the size positive"
            )
        pads.append(p)
        added.append(a)
        spans.append(size)
    if window.channels_last:
        weight, out = (channels, *window.kernel, filters // groups), (data[0], *spans, filters)
    else:
        weight, out = (channels, filters // groups, *window.kernel), (data[0], filters, *spans)
    return Transposed(tuple(pads), tuple(added), weight, out)


def _fit(whole: int, target: int, data: Sizes) -> tuple[int, int, int]:
    """Return (padding, rows added, size) that cut `whole` elements to `target` ones."""
    if whole == UNKNOWN:
        return 0, 0, target
    if not 1 <= target <= whole:
        raise MXNetError(
            f"target_shape holds {target}, but the deconvolution of data {data} has 1 to {whole} "
            "elements along that axis"
        )
    excess = whole - target
    return (excess + 1) // 2, excess % 2, target


def _describe(data: Sizes, attrs: Attrs) -> tuple[Window, Transposed]:
    window = window_of(
        attrs["kernel"], attrs["stride"], attrs["dilate"], attrs["pad"], attrs["layout"]
    )
    return window, _transposed(
        data, window, attrs["adj"], attrs["target_shape"], attrs["num_filter"], attrs["num_group"]
    )


@operator("Deconvolution")
def deconvolution(
    data: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor | None = None,
    *,
    kernel: Shape,
    stride: Shape = (),
    dilate: Shape = (),
    pad: Shape = (),
    adj: Shape = (),
    target_shape: Shape = (),
    num_filter: NonNegativeInt,
    num_group: NonNegativeInt = 1,
    workspace: NonNegativeInt = 512,
    no_bias: bool = True,
    cudnn_tune: Tune | None = None,
    cudnn_off: bool = False,
    layout: Literal["NCDHW", "NCHW", "NCW", "NDHWC", "NHWC"] | None = None,
) -> torch.Tensor:
    """Return the transposed convolution: what the gradient of a convolution does to its output.

    Parameters
    ----------
    data : NDArray or Symbol
        Shape (N, C, W), (N, C, H, W) or (N, C, D, H, W), or with the channels last as `layout`
        says; floating dtype.
    weight : NDArray or Symbol
        Shape (C, num_filter / num_group, *kernel); (C, *kernel, num_filter / num_group) where the
        channels come last.
    bias : NDArray or Symbol, optional
        Shape (num_filter,); absent with `no_bias`, the default.
    kernel : tuple of 1, 2 or 3 int
        Size of the window.
    stride, dilate : tuple of int, default all 1
        Step of the window, and the distance of its elements.
    pad : tuple of int, default all 0
        Elements cut off on both sides of the result.
    adj : tuple of int, default all 0
        Elements added at the end of the result, each less than the stride.
    target_shape : tuple of int, optional
        The result's spatial sizes; `pad` and `adj` then follow from it.
    num_filter : int
        The output's channels.
    num_group : int, default 1
        Groups of channels that are convolved separately.
    no_bias : bool, default True
        Whether there is no bias.
    layout : {None, 'NCW', 'NCHW', 'NCDHW', 'NHWC', 'NDHWC'}, default None
        Order of the axes; None puts the channels second.
    workspace, cudnn_tune, cudnn_off
        Accepted for old programs; torch chooses its own.

    Returns
    -------
    NDArray or Symbol
        Each spatial size n becomes
        ``stride * (n - 1) + dilate * (kernel - 1) + 1 - 2 * pad + adj``.

    Raises
    ------
    MXNetError
        If `target_shape` is larger than the result without padding, `adj` not less than the stride,
        or weight or bias have other shapes than follow.

    Examples
    --------
    >>> x, w = mx.nd.array([[[1, 2]]]), mx.nd.array([[[1, 10]]])
    >>> mx.nd.Deconvolution(x, w, kernel=(2,), num_filter=1).asnumpy().tolist()
    [[[1.0, 12.0, 20.0]]]
    """
    check_bias(bias, no_bias)
    attrs: dict[str, Any] = {
        "kernel": kernel,
        "stride": stride,
        "dilate": dilate,
        "pad": pad,
        "layout": layout,
    }
    attrs |= {"adj": adj, "target_shape": target_shape, "no_bias": no_bias}
    attrs |= {"num_filter": num_filter, "num_group": num_group}
    window, form = _describe((UNKNOWN, *data.shape[1:]), attrs)
    if weight.shape != form.weight or (bias is not None and bias.shape != (num_filter,)):
        refuse_shapes(deconvolution, (data, weight, bias), attrs)
    require_floating(data)
    out = torch.convolution(
        _arranged(channels_second(data, window), window, num_group),
        channels_second(weight, window),
        bias,
        *_torch_arguments(window, form, num_group),
    )
    return channels_back(out, window)


deconvolution.inputs_rule(inputs_with_bias)


def _arranged(images: torch.Tensor, window: Window, groups: int) -> torch.Tensor:
    """Return images in the order in memory that oneDNN is faster in.

    With the channels last it is slow where a large window meets each channel apart.
    """
    large = groups > 1 and max(window.kernel) >= _LARGE
    return images if large or images.dtype is not torch.float32 else as_channels_last(images)


def _torch_arguments(window: Window, form: Transposed, groups: int) -> tuple[Any, ...]:
    """Return what torch's convolution takes after data, weight and bias."""
    return window.stride, form.pad, window.dilate, True, form.added, groups


@deconvolution.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    data = inputs[0]
    if data is None:
        return inputs, outputs
    _, form = _describe(data, attrs)
    out = form.out
    if outputs[0] is not None and outputs[0] != out:
        out = agree("the output", outputs[0], out, data, attrs, "kernel", "num_filter")
        data = (out[0], *data[1:])
    return parameter_shapes(inputs, data, form.weight, attrs), [out]


@deconvolution.fast_gradient
def _(b: Backward):
    window, form = _describe((UNKNOWN, *b.inputs[0].shape[1:]), b.attrs)
    has_bias = len(b.inputs) == 3 and b.inputs[2] is not None
    groups, grad = b.attrs["num_group"], channels_second(b.grads[0], window)
    bias = bias_gradient(grad) if has_bias and b.needs[2] else None
    data, weight, _ = torch.ops.aten.convolution_backward(
        _arranged(grad, window, groups),
        _arranged(channels_second(b.inputs[0], window), window, groups),
        channels_second(b.inputs[1], window),
        None,
        *_torch_arguments(window, form, groups),
        (b.needs[0], b.needs[1], False),
    )
    data = None if data is None else channels_back(data, window)
    weight = None if weight is None else channels_back(weight, window)
    return (data, weight, bias)[: len(b.inputs)]
