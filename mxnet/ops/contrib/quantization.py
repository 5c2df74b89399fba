"""Coding numbers in eight bits, and decoding them."""

from __future__ import annotations

from typing import Any, Literal

import torch

from ...dtype import torch_dtype
from ..quantized.codes import (
    CODE_RANGE,
    INT32_MAX,
    LARGEST_CODE,
    bound_shapes,
    constants,
    cut,
    is_calibrated,
    magnitude,
    require_bounds,
    require_dtype,
)
from ..registry import operator
from ..rules import unify, zero_gradient


def _round_half_away(value: torch.Tensor) -> torch.Tensor:
    return torch.sign(value) * torch.floor(value.abs() + 0.5)


def _code_range(
    low: torch.Tensor, high: torch.Tensor, dtype: torch.dtype
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the range that is reported for codes: symmetric for int8."""
    if dtype == torch.uint8:
        return low.clone(), high.clone()
    largest = magnitude(low, high)
    return -largest, largest


def _automatic(attrs: Any) -> torch.dtype:
    """Return the dtype that `out_type` names: 'auto' is uint8 for a range without negatives."""
    if attrs["out_type"] != "auto":
        return torch_dtype(attrs["out_type"])
    return torch.uint8 if is_calibrated(attrs) and attrs["min_calib_range"] >= 0 else torch.int8


def _ranged_shapes(inputs: Any, outputs: Any, attrs: Any) -> tuple[Any, Any]:
    """Codes have the shape of the data, each bound of a range the shape (1,)."""
    shape = unify(inputs[0], outputs[0])
    bounds = bound_shapes(("min_range", "max_range")[: len(inputs) - 1], inputs[1:])
    return [shape, *bounds], [shape, *[(1,)] * (len(outputs) - 1)]


@operator("_contrib_quantize", outputs=3, shapes=_ranged_shapes)
def quantize(
    data: torch.Tensor,
    min_range: torch.Tensor,
    max_range: torch.Tensor,
    *,
    out_type: Literal["int8", "uint8"] = "uint8",
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Code floats in eight bits, for a given range. Halves are rounded to the even code.

    Parameters
    ----------
    data : NDArray or Symbol
        float32, any shape.
    min_range, max_range : NDArray or Symbol
        The range, float32, shape (1,); what lies outside is cut.
    out_type : {'int8', 'uint8'}, optional
        The codes' dtype; with uint8 negative numbers become 0.

    Returns
    -------
    tuple of NDArray or Symbol
        The codes, and the smallest and largest number of their range, shape (1,).

    Raises
    ------
    MXNetError
        If `data` is not float32, or a bound not of shape (1,).

    Examples
    --------
    >>> codes, low, high = mx.nd.contrib.quantize(
    ...     mx.nd.array([-1, 0.5, 1]), mx.nd.array([-1]), mx.nd.array([1]), out_type="int8"
    ... )
    >>> codes.asnumpy().tolist()
    [-127, 64, 127]
    """
    require_dtype("data", data, torch.float32)
    require_bounds(min_range=min_range, max_range=max_range)
    dtype = torch_dtype(out_type)
    codes = torch.round(data * (LARGEST_CODE[dtype] / magnitude(min_range, max_range)))
    return cut(codes, dtype), *_code_range(min_range, max_range, dtype)


quantize.gradient(zero_gradient)


@quantize.type_rule
def _(inputs, outputs, attrs):
    return [torch.float32] * 3, [torch_dtype(attrs["out_type"]), torch.float32, torch.float32]


@operator("_contrib_quantize_v2", outputs=3, shapes=_ranged_shapes)
def quantize_v2(
    data: torch.Tensor,
    *,
    out_type: Literal["auto", "int8", "uint8"] = "int8",
    min_calib_range: float | None = None,
    max_calib_range: float | None = None,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Code floats in eight bits, for the range of the data or a calibrated one.

    Halves are rounded away from 0. Codes come out as they came in.

    Parameters
    ----------
    data : NDArray or Symbol
        float32, uint8 or int8, any shape.
    out_type : {'auto', 'int8', 'uint8'}, optional
        The codes' dtype; 'auto' is uint8 if `min_calib_range` is 0 or more, else int8.
    min_calib_range, max_calib_range : float, optional
        The range; if not both are given, it is that of `data`.

    Returns
    -------
    tuple of NDArray or Symbol
        The codes, and the smallest and largest number of their range, shape (1,).

    Raises
    ------
    MXNetError
        If `data` has another dtype.

    Examples
    --------
    >>> codes, low, high = mx.nd.contrib.quantize_v2(mx.nd.array([-1, 0.5, 2]))
    >>> codes.asnumpy().tolist(), low.asnumpy().tolist(), high.asnumpy().tolist()
    ([-64, 32, 127], [-2.0], [2.0])
    """
    require_dtype("data", data, torch.float32, torch.uint8, torch.int8)
    attrs = {
        "out_type": out_type,
        "min_calib_range": min_calib_range,
        "max_calib_range": max_calib_range,
    }
    dtype = _automatic(attrs)

    if data.dtype != torch.float32:
        width = CODE_RANGE[data.dtype]
        smallest = 0.0 if data.dtype == torch.uint8 else -width
        given = (min_calib_range, max_calib_range) if is_calibrated(attrs) else (smallest, width)
        return data.to(dtype, copy=True), *constants(data, *given)
    if is_calibrated(attrs):
        low, high = constants(data, min_calib_range, max_calib_range)
    else:
        low, high = data.min().reshape(1), data.max().reshape(1)
    # In float64, so that the end of the range is exactly half a code beyond the last one.
    scaled = data.double() * (CODE_RANGE[dtype] / magnitude(low, high).double())
    codes = _round_half_away(scaled.float())
    return cut(codes, dtype), *_code_range(low, high, dtype)


quantize_v2.gradient(zero_gradient)


@quantize_v2.type_rule
def _(inputs, outputs, attrs):
    return inputs, [_automatic(attrs), torch.float32, torch.float32]


@operator(
    "_contrib_quantize_asym",
    outputs=3,
    output_names=("output", "scale", "shift"),
    own_gradient=True,
    shapes=_ranged_shapes,
)
def quantize_asym(
    data: torch.Tensor,
    *,
    min_calib_range: float | None = None,
    max_calib_range: float | None = None,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Code floats as uint8 such that the whole range from smallest to largest is used.

    Parameters
    ----------
    data : NDArray or Symbol
        float32, any shape.
    min_calib_range, max_calib_range : float, optional
        The range; if not both are given, it is that of `data`.

    Returns
    -------
    tuple of NDArray or Symbol
        The codes ``data * scale + shift``, rounded, and scale and shift, float32, shape (1,).

    Raises
    ------
    MXNetError
        If `data` is not float32.

    Examples
    --------
    >>> codes, scale, shift = mx.nd.contrib.quantize_asym(mx.nd.array([-1, 0, 1.55]))
    >>> codes.asnumpy().tolist(), scale.asnumpy().round(2).tolist()
    ([0, 100, 255], [100.0])
    """
    require_dtype("data", data, torch.float32)
    if min_calib_range is not None and max_calib_range is not None:
        low = data.new_tensor([min_calib_range])
        high = data.new_tensor([max_calib_range])
    else:
        low, high = data.min().reshape(1), data.max().reshape(1)
    scale = 255 / (high - low)
    shift = 255 - high * scale
    return cut(torch.floor(data * scale + shift + 0.5), torch.uint8), scale, shift


quantize_asym.gradient(zero_gradient)


@quantize_asym.type_rule
def _(inputs, outputs, attrs):
    return [torch.float32], [torch.uint8, torch.float32, torch.float32]


@operator("_contrib_dequantize", shapes=_ranged_shapes)
def dequantize(
    data: torch.Tensor,
    min_range: torch.Tensor,
    max_range: torch.Tensor,
    *,
    out_type: Literal["float32"] = "float32",
) -> torch.Tensor:
    """Turn codes back into floats.

    As in MXNet a code stands for a whole interval, so that the largest code stands for a little
    less than the range's magnitude.

    Parameters
    ----------
    data : NDArray or Symbol
        uint8 or int8, any shape.
    min_range, max_range : NDArray or Symbol
        The codes' range, float32, shape (1,).
    out_type : {'float32'}, optional
        The result's dtype.

    Returns
    -------
    NDArray or Symbol
        float32, the shape of `data`.

    Raises
    ------
    MXNetError
        If `data` has another dtype, or a bound not the shape (1,).

    Examples
    --------
    >>> data = mx.nd.array([-127, 0, 127], dtype="int8")
    >>> low, high = mx.nd.array([-1]), mx.nd.array([1])
    >>> mx.nd.contrib.dequantize(data, low, high).asnumpy().round(4).tolist()
    [-0.9961, 0.0, 0.9961]
    """
    require_dtype("data", data, torch.uint8, torch.int8)
    require_bounds(min_range=min_range, max_range=max_range)
    return data.float() * (magnitude(min_range, max_range) / CODE_RANGE[data.dtype])


dequantize.gradient(zero_gradient)


@dequantize.type_rule
def _(inputs, outputs, attrs):
    return [inputs[0], torch.float32, torch.float32], [torch.float32]


@operator("_contrib_requantize", outputs=3, shapes=_ranged_shapes)
def requantize(
    data: torch.Tensor,
    min_range: torch.Tensor,
    max_range: torch.Tensor,
    *,
    out_type: Literal["auto", "int8", "uint8"] = "int8",
    min_calib_range: float | None = None,
    max_calib_range: float | None = None,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Turn codes of 32 bits, such as sums of products, into codes of eight bits.

    Parameters
    ----------
    data : NDArray or Symbol
        int32, any shape.
    min_range, max_range : NDArray or Symbol
        The range that the int32 codes stand for, float32, shape (1,).
    out_type : {'auto', 'int8', 'uint8'}, optional
        The codes' dtype; 'auto' is uint8 if `min_calib_range` is 0 or more, else int8.
    min_calib_range, max_calib_range : float, optional
        The range of the result; if not both are given, it is that of `data`.

    Returns
    -------
    tuple of NDArray or Symbol
        The codes, and the smallest and largest number of their range, shape (1,): from 0 for
        uint8, symmetric for int8.

    Raises
    ------
    MXNetError
        If `data` is not int32, or a bound not of shape (1,).

    Examples
    --------
    >>> codes, low, high = mx.nd.contrib.requantize(
    ...     mx.nd.array([0, 2**30], dtype="int32"), mx.nd.array([-4]), mx.nd.array([4]),
    ...     min_calib_range=-2, max_calib_range=2,
    ... )
    >>> codes.asnumpy().tolist(), high.asnumpy().tolist()
    ([0, 127], [2.0])
    """
    require_dtype("data", data, torch.int32)
    require_bounds(min_range=min_range, max_range=max_range)
    attrs = {
        "out_type": out_type,
        "min_calib_range": min_calib_range,
        "max_calib_range": max_calib_range,
    }
    dtype = _automatic(attrs)
    unit = magnitude(min_range, max_range) / INT32_MAX
    if min_calib_range is not None and max_calib_range is not None:
        largest = unit.new_tensor([max(abs(min_calib_range), abs(max_calib_range))])
    else:
        largest = magnitude(data.min().float(), data.max().float()) * unit
    codes = cut(torch.round(data.float() * (unit * (LARGEST_CODE[dtype] / largest))), dtype)
    smallest = torch.zeros_like(largest) if dtype == torch.uint8 else -largest
    return codes, smallest, largest


requantize.gradient(zero_gradient)


@requantize.type_rule
def _(inputs, outputs, attrs):
    return (
        [torch.int32, torch.float32, torch.float32],
        [_automatic(attrs), torch.float32, torch.float32],
    )
