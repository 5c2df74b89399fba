"""Numbers in eight bits and the ranges that they stand for.

int8 codes are symmetric: 127 stands for the largest magnitude of the range. uint8 codes start at
0, and 255 stands for that magnitude.
"""

from __future__ import annotations

from typing import Any, Literal

import torch

from ...base import MXNetError
from ...dtype import NAME_OF_TORCH, torch_dtype
from ..registry import operator
from ..rules import unify, zero_gradient

INT32_MAX = 2**31 - 1

# What the largest magnitude of a range is coded as: rounded to nearest in `quantize`, but in
# `quantize_v2`, and for decoding, a code stands for an interval, half a code wider on the outside.
LARGEST_CODE = {torch.int8: 127.0, torch.uint8: 255.0}
CODE_RANGE = {torch.int8: 127.5, torch.uint8: 255.5}


def _require_dtype(data: torch.Tensor, *allowed: torch.dtype) -> None:
    if data.dtype not in allowed:
        names = " or ".join(NAME_OF_TORCH[dtype] for dtype in allowed)
        raise MXNetError(f"data is {NAME_OF_TORCH[data.dtype]}, but must be {names}")


def _require_ranges(low: torch.Tensor, high: torch.Tensor) -> None:
    for name, bound in (("min_range", low), ("max_range", high)):
        if tuple(bound.shape) != (1,):
            raise MXNetError(f"{name} has shape {tuple(bound.shape)}, but must be (1,)")


def _magnitude(low: torch.Tensor, high: torch.Tensor) -> torch.Tensor:
    return torch.maximum(low.abs(), high.abs())


def _cut(codes: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    """Return codes in `dtype`, at most its largest; an empty range gives 0."""
    limits = torch.iinfo(dtype)
    return torch.nan_to_num(codes, nan=0.0).clamp(limits.min, limits.max).to(dtype)


def _round_half_away(value: torch.Tensor) -> torch.Tensor:
    return torch.sign(value) * torch.floor(value.abs() + 0.5)


def _code_range(
    low: torch.Tensor, high: torch.Tensor, dtype: torch.dtype
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the range that is reported for codes: symmetric for int8."""
    if dtype == torch.uint8:
        return low.clone(), high.clone()
    magnitude = _magnitude(low, high)
    return -magnitude, magnitude


def _calibrated(attrs: Any) -> bool:
    return attrs["min_calib_range"] is not None and attrs["max_calib_range"] is not None


def _automatic(attrs: Any) -> torch.dtype:
    """Return the dtype that `out_type` names: 'auto' is uint8 for a range without negatives."""
    if attrs["out_type"] != "auto":
        return torch_dtype(attrs["out_type"])
    return torch.uint8 if _calibrated(attrs) and attrs["min_calib_range"] >= 0 else torch.int8


def _ranged_shapes(inputs: Any, outputs: Any, attrs: Any) -> tuple[Any, Any]:
    """Codes have the shape of the data, each bound of a range the shape (1,)."""
    shape = unify(inputs[0], outputs[0])
    bounds = []
    for name, given in zip(("min_range", "max_range"), inputs[1:], strict=False):
        if given is not None and len(given) == 1 and given[0] in (1, -1):
            given = (1,)
        elif given is not None:
            raise MXNetError(f"{name} has shape {given}, but must be (1,)")
        bounds.append((1,))
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
    _require_dtype(data, torch.float32)
    _require_ranges(min_range, max_range)
    dtype = torch_dtype(out_type)
    codes = torch.round(data * (LARGEST_CODE[dtype] / _magnitude(min_range, max_range)))
    return _cut(codes, dtype), *_code_range(min_range, max_range, dtype)


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
    _require_dtype(data, torch.float32, torch.uint8, torch.int8)
    attrs = {
        "out_type": out_type,
        "min_calib_range": min_calib_range,
        "max_calib_range": max_calib_range,
    }
    dtype = _automatic(attrs)

    def bounds(low: float | None, high: float | None) -> tuple[torch.Tensor, torch.Tensor]:
        made = torch.tensor([[low], [high]], dtype=torch.float32, device=data.device)
        return made[0], made[1]

    if data.dtype != torch.float32:
        width = CODE_RANGE[data.dtype]
        smallest = 0.0 if data.dtype == torch.uint8 else -width
        given = (min_calib_range, max_calib_range) if _calibrated(attrs) else (smallest, width)
        return data.to(dtype, copy=True), *bounds(*given)
    if _calibrated(attrs):
        low, high = bounds(min_calib_range, max_calib_range)
    else:
        low, high = data.min().reshape(1), data.max().reshape(1)
    # In float64, so that the end of the range is exactly half a code beyond the last one.
    scaled = data.double() * (CODE_RANGE[dtype] / _magnitude(low, high).double())
    codes = _round_half_away(scaled.float())
    return _cut(codes, dtype), *_code_range(low, high, dtype)


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
    _require_dtype(data, torch.float32)
    if min_calib_range is not None and max_calib_range is not None:
        low = data.new_tensor([min_calib_range])
        high = data.new_tensor([max_calib_range])
    else:
        low, high = data.min().reshape(1), data.max().reshape(1)
    scale = 255 / (high - low)
    shift = 255 - high * scale
    return _cut(torch.floor(data * scale + shift + 0.5), torch.uint8), scale, shift


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
    _require_dtype(data, torch.uint8, torch.int8)
    _require_ranges(min_range, max_range)
    return data.float() * (_magnitude(min_range, max_range) / CODE_RANGE[data.dtype])


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
    _require_dtype(data, torch.int32)
    _require_ranges(min_range, max_range)
    attrs = {
        "out_type": out_type,
        "min_calib_range": min_calib_range,
        "max_calib_range": max_calib_range,
    }
    dtype = _automatic(attrs)
    unit = _magnitude(min_range, max_range) / INT32_MAX
    if min_calib_range is not None and max_calib_range is not None:
        magnitude = unit.new_tensor([max(abs(min_calib_range), abs(max_calib_range))])
    else:
        magnitude = _magnitude(data.min().float(), data.max().float()) * unit
    codes = _cut(torch.round(data.float() * (unit * (LARGEST_CODE[dtype] / magnitude))), dtype)
    smallest = torch.zeros_like(magnitude) if dtype == torch.uint8 else -magnitude
    return codes, smallest, magnitude


requantize.gradient(zero_gradient)


@requantize.type_rule
def _(inputs, outputs, attrs):
    return (
        [torch.int32, torch.float32, torch.float32],
        [_automatic(attrs), torch.float32, torch.float32],
    )
