"""Convolution in one, two and three dimensions."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Literal, NamedTuple

import torch

from ...base import MXNetError
from ..attributes import NonNegativeInt, Shape
from ..registry import Attrs, Backward, Shapes, operator
from .convolution_gradient import FEW, convolution_gradients
from .rules import (
    UNKNOWN,
    agree,
    as_channels_last,
    check_bias,
    inputs_with_bias,
    refuse_shapes,
    require_floating,
)

Sizes = tuple[int, ...]
Tune = Literal["fastest", "limited_workspace", "off"]
_LAYOUTS = {1: ("NCW",), 2: ("NCHW", "NHWC"), 3: ("NCDHW", "NDHWC")}


class Window(NamedTuple):
    """The window that a convolution slides: one number per spatial axis, and the layout."""

    kernel: Sizes
    stride: Sizes
    dilate: Sizes
    pad: Sizes
    channels_last: bool

    @property
    def extent(self) -> Sizes:
        """How many elements the window spans with its gaps."""
        return tuple([d * (k - 1) + 1 for k, d in zip(self.kernel, self.dilate, strict=True)])


@lru_cache(maxsize=4096)
def window_of(
    kernel: Sizes, stride: Sizes, dilate: Sizes, pad: Sizes, layout: str | None
) -> Window:
    """Return the window that these attributes describe, with what they leave out filled in.

    Raises
    ------
    MXNetError
        If a tuple has the wrong length or a number that makes no sense.
    """
    rank = len(kernel)
    if rank not in _LAYOUTS:
        raise MXNetError(f"kernel is {kernel}, but must have 1, 2 or 3 numbers")
    full = []
    for name, given, default, least in (
        ("kernel", kernel, 1, 1),
        ("stride", stride, 1, 1),
        ("dilate", dilate, 1, 1),
        ("pad", pad, 0, 0),
    ):
        sizes = given or (default,) * rank
        if len(sizes) != rank or min(sizes) < least:
            raise MXNetError(
                f"{name} is {given}, but must hold one number of at least {least} for each of the "
                f"{rank} spatial axes of kernel {kernel}"
            )
        full.append(sizes)
    if layout is not None and layout not in _LAYOUTS[rank]:
        raise MXNetError(
            f"layout is {layout}, but must be {' or '.join(_LAYOUTS[rank])} as kernel is {kernel}"
        )
    return Window(full[0], full[1], full[2], full[3], layout is not None and layout[-1] == "C")


def channels_second(tensor: torch.Tensor, window: Window) -> torch.Tensor:
    """Return a view with the channels at axis 1, where torch has them."""
    return tensor.movedim(-1, 1) if window.channels_last else tensor


def channels_back(tensor: torch.Tensor, window: Window) -> torch.Tensor:
    """Undo `channels_second`."""
    return tensor.movedim(1, -1) if window.channels_last else tensor


def check_rank(data: Sizes, window: Window) -> None:
    """Refuse data that do not have a batch axis, a channel axis and those of the window."""
    if len(data) != len(window.kernel) + 2:
        raise MXNetError(
            f"data has shape {data}, but must have {len(window.kernel) + 2} dimensions as kernel "
            f"is {window.kernel}"
        )


def check_groups(channels: int, filters: int, groups: int) -> None:
    """Refuse numbers of channels and filters that groups do not divide."""
    if groups < 1 or filters < 1:
        raise MXNetError(
            f"num_group is {groups} and num_filter {filters}, but both must be positive"
        )
    if (channels != UNKNOWN and channels % groups) or filters % groups:
        raise MXNetError(
            f"data has {channels} channels and num_filter is {filters}, but num_group={groups} "
            "must divide both"
        )


@lru_cache(maxsize=4096)
def _follow(data: Sizes, window: Window, filters: int, groups: int) -> tuple[Sizes, Sizes]:
    """Return the shapes of weight and output that follow from a partial shape of the data."""
    check_rank(data, window)
    channels, spatial = (data[-1], data[1:-1]) if window.channels_last else (data[1], data[2:])
    check_groups(channels, filters, groups)
    sizes = []
    for n, k, s, p in zip(spatial, window.extent, window.stride, window.pad, strict=True):
        if n != UNKNOWN and n + 2 * p < k:
            raise MXNetError(
                f"kernel={window.kernel} with dilate={window.dilate} spans {window.extent} "
                f"elements, which data {data} with pad={window.pad} do not have"
            )
        sizes.append(UNKNOWN if n == UNKNOWN else (n + 2 * p - k) // s + 1)
    inner = UNKNOWN if channels == UNKNOWN else channels // groups
    if window.channels_last:
        return (filters, *window.kernel, inner), (data[0], *sizes, filters)
    return (filters, inner, *window.kernel), (data[0], filters, *sizes)


def _sizes_before(data: Sizes, out: Sizes, window: Window) -> Sizes:
    """Return `data` with the batch of `out`, and with its sizes where the stride is 1."""
    first = 1 if window.channels_last else 2
    sizes = list(data)
    sizes[0] = out[0]
    for i, (k, s, p) in enumerate(zip(window.extent, window.stride, window.pad, strict=True)):
        if sizes[first + i] == UNKNOWN and out[first + i] != UNKNOWN and s == 1:
            sizes[first + i] = out[first + i] + k - 1 - 2 * p
    return tuple(sizes)


def convolution_shapes(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    """Weight, bias and output follow from data; the batch flows back from the output."""
    data = inputs[0]
    window = window_of(
        attrs["kernel"], attrs["stride"], attrs["dilate"], attrs["pad"], attrs["layout"]
    )
    if data is None:
        return inputs, outputs
    weight, out = _follow(data, window, attrs["num_filter"], attrs["num_group"])
    if outputs[0] is not None and outputs[0] != out:
        result = agree("the output", outputs[0], out, data, attrs, "kernel", "num_filter")
        data = _sizes_before(data, result, window)
        weight, out = _follow(data, window, attrs["num_filter"], attrs["num_group"])
    return parameter_shapes(inputs, data, weight, attrs), [out]


def parameter_shapes(inputs: Shapes, data: Sizes, weight: Sizes, attrs: Attrs) -> Shapes:
    """Return the shapes of data, weight and bias, checked against those that are given."""
    if inputs[1] != weight:
        weight = agree(
            "weight", inputs[1], weight, data, attrs, "num_filter", "kernel", "num_group"
        )
    if len(inputs) == 2 or (attrs["no_bias"] and inputs[2] is None):
        return [data, weight, *inputs[2:]]
    return [
        data,
        weight,
        agree("bias", inputs[2], (attrs["num_filter"],), data, attrs, "num_filter"),
    ]


@operator("Convolution", shapes=convolution_shapes)
def convolution(
    data: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor | None = None,
    *,
    kernel: Shape,
    stride: Shape = (),
    dilate: Shape = (),
    pad: Shape = (),
    num_filter: NonNegativeInt,
    num_group: NonNegativeInt = 1,
    workspace: NonNegativeInt = 1024,
    no_bias: bool = False,
    cudnn_tune: Tune | None = None,
    cudnn_off: bool = False,
    layout: Literal["NCDHW", "NCHW", "NCW", "NDHWC", "NHWC"] | None = None,
) -> torch.Tensor:
    """Return the convolution (in the sense of deep learning: a correlation) of data with filters.

    Parameters
    ----------
    data : NDArray or Symbol
        Shape (N, C, W), (N, C, H, W) or (N, C, D, H, W), or with the channels last as `layout`
        says; floating dtype.
    weight : NDArray or Symbol
        Shape (num_filter, C / num_group, *kernel); (num_filter, *kernel, C / num_group) where the
        channels come last.
    bias : NDArray or Symbol, optional
        Shape (num_filter,); absent with `no_bias`.
    kernel : tuple of 1, 2 or 3 int
        Size of the window.
    stride, dilate : tuple of int, default all 1
        Step of the window, and the distance of its elements.
    pad : tuple of int, default all 0
        Zeros added on both sides of each spatial axis.
    num_filter : int
        Number of filters, the output's channels.
    num_group : int, default 1
        Groups of channels that are convolved separately.
    no_bias : bool, default False
        Whether there is no bias.
    layout : {None, 'NCW', 'NCHW', 'NCDHW', 'NHWC', 'NDHWC'}, default None
        Order of the axes; None puts the channels second.
    workspace, cudnn_tune, cudnn_off
        Accepted for old programs; torch chooses its own.

    Returns
    -------
    NDArray or Symbol
        Each spatial size n becomes ``(n + 2 * pad - dilate * (kernel - 1) - 1) // stride + 1``.

    Raises
    ------
    MXNetError
        If the window is larger than the padded data, groups do not divide channels and filters, or
        weight or bias have other shapes than follow.

    Examples
    --------
    >>> x, w = mx.nd.array([[[1, 2, 3]]]), mx.nd.array([[[1, 10]]])
    >>> mx.nd.Convolution(x, w, kernel=(2,), num_filter=1, no_bias=True).asnumpy().tolist()
    [[[21.0, 32.0]]]
    """
    check_bias(bias, no_bias)
    window = window_of(kernel, stride, dilate, pad, layout)
    attrs: dict[str, Any] = {
        "kernel": kernel,
        "stride": stride,
        "dilate": dilate,
        "pad": pad,
        "layout": layout,
    }
    attrs |= {"num_filter": num_filter, "num_group": num_group, "no_bias": no_bias}
    x, filters = channels_second(data, window), channels_second(weight, window)
    inner = x.shape[1] // max(num_group, 1) if x.dim() > 1 else 0
    wrong_bias = bias is not None and bias.shape != (num_filter,)
    if filters.shape != (num_filter, inner, *kernel) or wrong_bias:
        refuse_shapes(convolution, (data, weight, bias), attrs)
    require_floating(data)
    try:
        out = torch.convolution(
            as_channels_last(x), filters, bias, *_torch_arguments(window, num_group)
        )
    except RuntimeError:
        refuse_shapes(convolution, (data, weight, bias), attrs)
        raise
    return channels_back(out, window)


convolution.inputs_rule(inputs_with_bias)


@convolution.arrangement
def _(inputs: list[Any], attrs: Attrs) -> list[Any]:
    data = inputs[0]
    if attrs["layout"] not in (None, "NCHW") or data.dim() != 4 or data.shape[1] <= FEW:
        return inputs
    return [as_channels_last(data), *inputs[1:]]


def _torch_arguments(window: Window, groups: int) -> tuple[Any, ...]:
    """Return what torch's convolution takes after data, weight and bias."""
    return window.stride, window.pad, window.dilate, False, (0,) * len(window.kernel), groups


@convolution.fast_gradient
def _(b: Backward):
    attrs = b.attrs
    window = window_of(
        attrs["kernel"], attrs["stride"], attrs["dilate"], attrs["pad"], attrs["layout"]
    )
    has_bias = len(b.inputs) == 3 and b.inputs[2] is not None
    grad, x, filters = (
        channels_second(tensor, window) for tensor in (b.grads[0], b.inputs[0], b.inputs[1])
    )
    data, weight, bias = convolution_gradients(
        grad,
        x,
        filters,
        window,
        _torch_arguments(window, attrs["num_group"]),
        (b.needs[0], b.needs[1], has_bias and b.needs[2]),
    )
    data = None if data is None else channels_back(data, window)
    weight = None if weight is None else channels_back(weight, window)
    return (data, weight, bias)[: len(b.inputs)]


@operator("Convolution_v1", shapes=convolution_shapes)
def convolution_v1(
    data: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor | None = None,
    *,
    kernel: Shape,
    stride: Shape = (),
    dilate: Shape = (),
    pad: Shape = (),
    num_filter: NonNegativeInt,
    num_group: NonNegativeInt = 1,
    workspace: NonNegativeInt = 1024,
    no_bias: bool = False,
    cudnn_tune: Tune | None = None,
    cudnn_off: bool = False,
    layout: Literal["NCDHW", "NCHW", "NDHWC", "NHWC"] | None = None,
) -> torch.Tensor:
    """Return the same as `Convolution`, under the name that graphs of MXNet before 0.9 hold.

    Examples
    --------
    >>> x, w = mx.nd.ones((1, 1, 2, 2)), mx.nd.ones((1, 1, 2, 2))
    >>> out = mx.nd.Convolution_v1(x, w, kernel=(2, 2), num_filter=1, no_bias=True)
    >>> out.asnumpy().tolist()
    [[[[4.0]]]]
    """
    return convolution(
        data,
        weight,
        bias,
        kernel=kernel,
        stride=stride,
        dilate=dilate,
        pad=pad,
        num_filter=num_filter,
        num_group=num_group,
        no_bias=no_bias,
        layout=layout,
    )


convolution_v1.inputs_rule(inputs_with_bias)
