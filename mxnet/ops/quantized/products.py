"""Layers that sum products of codes: fully connected and convolution."""

from __future__ import annotations

from typing import Any, Literal

import torch

from ..attributes import NonNegativeInt, PositiveInt, Shape
from ..nn.convolution import Tune, convolution
from ..nn.fully_connected import fully_connected
from ..nn.rules import check_bias
from ..registry import Attrs, DTypes, Operator, Shapes, operator
from ..rules import zero_gradient
from .codes import (
    CODE_RANGE,
    CODES,
    INT32_MAX,
    LARGEST_CODE,
    OUTPUTS,
    bound_types,
    code_types,
    cut,
    magnitude,
    require_bounds,
    require_dtype,
    shapes_like,
)

Three = tuple[torch.Tensor, torch.Tensor, torch.Tensor]
Range = tuple[Any, Any]  # the bounds of a range; None for those of a bias that is not there

_TENSORS = ("data", "weight", "bias")
_BOUNDS = ("min_data", "max_data", "min_weight", "max_weight", "min_bias", "max_bias")


def _count(attrs: Attrs) -> int:
    return 2 if attrs["no_bias"] else 3


def _names(attrs: Attrs) -> tuple[str, ...]:
    """Return the inputs: no bias and no range of it under `no_bias`."""
    count = _count(attrs)
    return (*_TENSORS[:count], *_BOUNDS[: 2 * count])


def _present(values: list[Any], attrs: Attrs) -> list[Any]:
    """Return what belongs to inputs that exist; a call on arrays gives None for the others."""
    every, names = (*_TENSORS, *_BOUNDS), _names(attrs)
    if len(values) == len(names):
        return values
    return [value for name, value in zip(every, values, strict=True) if name in names]


def _shapes_of(layer: Operator) -> Any:
    def shapes(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
        count = _count(attrs)
        return shapes_like(layer, count, _BOUNDS[: 2 * count], inputs, outputs, attrs)

    return shapes


def _types(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    """Data hold int8 or uint8, weight and bias int8; sums are int32."""
    count, inputs = _count(attrs), _present(inputs, attrs)
    data = code_types(_TENSORS[:1], inputs[:1])
    rest = code_types(_TENSORS[1:count], inputs[1:count], (torch.int8,), torch.int8)
    bounds = bound_types(_BOUNDS[: 2 * count], inputs[count:])
    return [*data, *rest, *bounds], [torch.int32, torch.float32, torch.float32]


def _check(
    data: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None, ranges: list[Range]
) -> None:
    """Refuse what holds no codes, and bounds that are none."""
    require_dtype("data", data, *CODES)
    require_dtype("weight", weight, torch.int8)
    if bias is not None:
        require_dtype("bias", bias, torch.int8)
    bounds = [bound for pair in ranges[: 2 if bias is None else 3] for bound in pair]
    require_bounds(**dict(zip(_BOUNDS, bounds, strict=False)))


def _sums(
    layer: Operator,
    data: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor | None,
    ranges: list[Range],
    **attrs: Any,
) -> Three:
    """Return a layer's sums as int32, and what the smallest and the largest int32 stand for.

    In float64 sums of products of codes are whole, in whatever order and way torch adds them.
    """
    _check(data, weight, bias, ranges)
    first, second = magnitude(*ranges[0]), magnitude(*ranges[1])
    scaled = None
    if bias is not None:
        own = magnitude(*ranges[2]).double() * CODE_RANGE[data.dtype]
        # Exact up to the division, so that cutting does not lose a whole number.
        steps = bias * own / (first.double() * second.double())
        scaled = cut(torch.trunc(steps), torch.int32).double()
    sums = layer(data.double(), weight.double(), scaled, no_bias=bias is None, **attrs)
    largest = first / LARGEST_CODE[data.dtype] * (second / LARGEST_CODE[torch.int8]) * INT32_MAX
    return cut(torch.round(sums), torch.int32), -largest, largest


@operator(
    "_contrib_quantized_fully_connected",
    outputs=3,
    output_names=OUTPUTS,
    own_gradient=True,
    shapes=_shapes_of(fully_connected),
    types=_types,
)
def quantized_fully_connected(
    data: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor | None,
    min_data: torch.Tensor,
    max_data: torch.Tensor,
    min_weight: torch.Tensor,
    max_weight: torch.Tensor,
    min_bias: torch.Tensor | None = None,
    max_bias: torch.Tensor | None = None,
    *,
    num_hidden: PositiveInt,
    no_bias: bool = False,
    flatten: bool = True,
) -> Three:
    """Compute `FullyConnected` on codes, with exact sums of 32 bits.

    Parameters
    ----------
    data : NDArray or Symbol
        int8 or uint8, shape (N, ...).
    weight : NDArray or Symbol
        int8, shape (num_hidden, features).
    bias : NDArray or Symbol, optional
        int8, shape (num_hidden,); absent with `no_bias`. It is brought into the unit of the sums
        and cut off toward 0.
    min_data, max_data, min_weight, max_weight, min_bias, max_bias : NDArray or Symbol
        Their ranges, float32, shape (1,); none for the bias with `no_bias`.
    num_hidden : int
        Outputs of the map.
    no_bias : bool, default False
        Whether there is no bias.
    flatten : bool, default True
        Whether to flatten data to two dimensions; if False the map acts on the last axis alone.

    Returns
    -------
    tuple of NDArray or Symbol
        int32 sums, and what the smallest and the largest int32 stand for, shape (1,).

    Raises
    ------
    MXNetError
        If an array holds no codes, or has another shape than follows from `data`.

    Examples
    --------
    >>> x, w = mx.nd.array([[1, 2]], dtype="int8"), mx.nd.array([[3, 4]], dtype="int8")
    >>> low, high = mx.nd.array([-1]), mx.nd.array([1])
    >>> sums, _, _ = mx.nd.contrib.quantized_fully_connected(
    ...     x, w, low, high, low, high, num_hidden=1, no_bias=True
    ... )
    >>> sums.asnumpy().tolist()
    [[11]]
    """
    check_bias(bias, no_bias)
    ranges = [(min_data, max_data), (min_weight, max_weight), (min_bias, max_bias)]
    return _sums(
        fully_connected, data, weight, bias, ranges, num_hidden=num_hidden, flatten=flatten
    )


quantized_fully_connected.inputs_rule(_names)
quantized_fully_connected.gradient(zero_gradient)


@operator(
    "_contrib_quantized_conv",
    outputs=3,
    output_names=OUTPUTS,
    own_gradient=True,
    shapes=_shapes_of(convolution),
    types=_types,
)
def quantized_conv(
    data: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor | None,
    min_data: torch.Tensor,
    max_data: torch.Tensor,
    min_weight: torch.Tensor,
    max_weight: torch.Tensor,
    min_bias: torch.Tensor | None = None,
    max_bias: torch.Tensor | None = None,
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
) -> Three:
    """Compute `Convolution` on codes, with exact sums of 32 bits.

    Parameters
    ----------
    data : NDArray or Symbol
        int8 or uint8, shape as for `Convolution`.
    weight : NDArray or Symbol
        int8, shape as for `Convolution`.
    bias : NDArray or Symbol, optional
        int8, shape (num_filter,); absent with `no_bias`. It is brought into the unit of the sums
        and cut off toward 0.
    min_data, max_data, min_weight, max_weight, min_bias, max_bias : NDArray or Symbol
        Their ranges, float32, shape (1,); none for the bias with `no_bias`.
    kernel, stride, dilate, pad, num_filter, num_group, no_bias, layout
        As for `Convolution`.
    workspace, cudnn_tune, cudnn_off
        Accepted for old programs.

    Returns
    -------
    tuple of NDArray or Symbol
        int32 sums, and what the smallest and the largest int32 stand for, shape (1,).

    Raises
    ------
    MXNetError
        If an array holds no codes, has another shape than follows from `data`, or the window is
        larger than the padded data.

    Examples
    --------
    >>> x = mx.nd.array([[[[1, 2, 3]]]], dtype="uint8")
    >>> w = mx.nd.array([[[[1, 10]]]], dtype="int8")
    >>> low, high = mx.nd.array([0]), mx.nd.array([1])
    >>> sums, _, _ = mx.nd.contrib.quantized_conv(
    ...     x, w, low, high, low, high, kernel=(1, 2), num_filter=1, no_bias=True
    ... )
    >>> sums.asnumpy().tolist()
    [[[[21, 32]]]]
    """
    check_bias(bias, no_bias)
    ranges = [(min_data, max_data), (min_weight, max_weight), (min_bias, max_bias)]
    return _sums(
        convolution,
        data,
        weight,
        bias,
        ranges,
        kernel=kernel,
        stride=stride,
        dilate=dilate,
        pad=pad,
        num_filter=num_filter,
        num_group=num_group,
        layout=layout,
    )


quantized_conv.inputs_rule(_names)
quantized_conv.gradient(zero_gradient)
