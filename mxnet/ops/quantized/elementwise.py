"""Rectified values, sums and products of codes, element by element."""

from __future__ import annotations

from typing import Literal

import torch

from ...base import MXNetError
from ..registry import Attrs, DTypes, Shapes, operator
from ..rules import require_same_shape, unify
from .codes import (
    CODE_RANGE,
    CODES,
    INT32_MAX,
    LARGEST_CODE,
    OUTPUTS,
    bound_shapes,
    bound_types,
    code_types,
    constants,
    cut,
    is_calibrated,
    joint_types,
    magnitude,
    refuse_gradient,
    require_bounds,
    require_dtype,
)

Three = tuple[torch.Tensor, torch.Tensor, torch.Tensor]

_PAIR = ("lhs", "rhs")
_BOUNDS_OF_PAIR = ("lhs_min", "lhs_max", "rhs_min", "rhs_max")


def _act_shapes(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    shape = unify(inputs[0], outputs[0])
    return [shape, *bound_shapes(("min_data", "max_data"), inputs[1:])], [shape, (1,), (1,)]


def _act_types(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    (data,) = code_types(("data",), inputs[:1])
    bounds = bound_types(("min_data", "max_data"), inputs[1:])
    return [data, *bounds], [data, torch.float32, torch.float32]


@operator(
    "_contrib_quantized_act",
    outputs=3,
    output_names=OUTPUTS,
    own_gradient=True,
    shapes=_act_shapes,
    types=_act_types,
)
def quantized_act(
    data: torch.Tensor,
    min_data: torch.Tensor,
    max_data: torch.Tensor,
    *,
    act_type: Literal["relu", "sigmoid", "softrelu", "softsign", "tanh"],
) -> Three:
    """Apply an activation to codes: as in MXNet, 'relu' alone.

    Parameters
    ----------
    data : NDArray or Symbol
        int8 or uint8, any shape.
    min_data, max_data : NDArray or Symbol
        The codes' range, float32, shape (1,).
    act_type : {'relu'}
        The activation; the other choices of `Activation` are refused.

    Returns
    -------
    tuple of NDArray or Symbol
        Codes of the same unit, negative ones made 0, and the range as it was. They keep their
        dtype.

    Raises
    ------
    MXNetError
        If `act_type` is not 'relu', `data` holds no codes, or a bound is not of shape (1,). There
        is no gradient.

    Examples
    --------
    >>> data, low, high = mx.nd.array([-3, 5], dtype="int8"), mx.nd.array([-1]), mx.nd.array([1])
    >>> codes, _, _ = mx.nd.contrib.quantized_act(data, low, high, act_type="relu")
    >>> codes.asnumpy().tolist()
    [0, 5]
    """
    if act_type != "relu":
        raise MXNetError(f"act_type is {act_type}, but must be relu")
    require_dtype("data", data, *CODES)
    require_bounds(min_data=min_data, max_data=max_data)
    return data.clamp_min(0), min_data.clone(), max_data.clone()


quantized_act.gradient(refuse_gradient)


def _pair_shapes(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    """Both arrays and the result have one shape."""
    shape = unify(unify(inputs[0], inputs[1]), outputs[0])
    bounds = bound_shapes(_BOUNDS_OF_PAIR, inputs[2:])
    return [shape, shape, *bounds], [shape, (1,), (1,)][: len(outputs)]


def _add_types(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    """Sums are int32; calibrated ones int8, or uint8 where both arrays are."""
    pair, result = joint_types(_PAIR, inputs[:2])
    bounds = bound_types(_BOUNDS_OF_PAIR, inputs[2:])
    dtype = result if is_calibrated(attrs) else torch.int32
    return [*pair, *bounds], [dtype, torch.float32, torch.float32]


def _scaled(
    codes: torch.Tensor, low: torch.Tensor, high: torch.Tensor, largest: float
) -> torch.Tensor:
    """Return what codes stand for, float64, in a unit of which `largest` make 1.

    The one division by the result's magnitude comes last, so that halves are exactly that.
    """
    return codes * (magnitude(low, high).double() * (largest / CODE_RANGE[codes.dtype]))


@operator(
    "_contrib_quantized_elemwise_add",
    outputs=3,
    output_names=OUTPUTS,
    own_gradient=True,
    shapes=_pair_shapes,
    types=_add_types,
)
def quantized_elemwise_add(
    lhs: torch.Tensor,
    rhs: torch.Tensor,
    lhs_min: torch.Tensor,
    lhs_max: torch.Tensor,
    rhs_min: torch.Tensor,
    rhs_max: torch.Tensor,
    *,
    min_calib_range: float | None = None,
    max_calib_range: float | None = None,
) -> Three:
    """Add what two arrays of codes stand for.

    Parameters
    ----------
    lhs, rhs : NDArray or Symbol
        int8 or uint8, of one shape.
    lhs_min, lhs_max, rhs_min, rhs_max : NDArray or Symbol
        Their ranges, float32, shape (1,).
    min_calib_range, max_calib_range : float, optional
        The range of the result; if not both are given, it is the sum of both magnitudes.

    Returns
    -------
    tuple of NDArray or Symbol
        int32 codes; int8 if the range is calibrated, or uint8 where both arrays are. Halves are
        rounded to the even code. Then the bounds of their range, shape (1,).

    Raises
    ------
    MXNetError
        If shapes differ, an array holds no codes, or a bound is not of shape (1,). There is no
        gradient.

    Examples
    --------
    >>> lhs, rhs = mx.nd.array([100, -7], dtype="int8"), mx.nd.array([2, 4], dtype="int8")
    >>> low, high = mx.nd.array([-1]), mx.nd.array([1])
    >>> codes, _, _ = mx.nd.contrib.quantized_elemwise_add(
    ...     lhs, rhs, low, high, low, high, min_calib_range=-2, max_calib_range=2
    ... )
    >>> codes.asnumpy().tolist()
    [51, -2]
    """
    require_dtype("lhs", lhs, *CODES)
    require_dtype("rhs", rhs, *CODES)
    require_same_shape(lhs, rhs)
    require_bounds(lhs_min=lhs_min, lhs_max=lhs_max, rhs_min=rhs_min, rhs_max=rhs_max)
    if min_calib_range is None or max_calib_range is None:
        dtype, largest = torch.int32, float(INT32_MAX)
        high = magnitude(lhs_min, lhs_max) + magnitude(rhs_min, rhs_max)
        low = -high
    else:
        dtype = torch.int8 if torch.int8 in (lhs.dtype, rhs.dtype) else torch.uint8
        largest = CODE_RANGE[dtype]
        low, high = constants(lhs, min_calib_range, max_calib_range)
    total = _scaled(lhs, lhs_min, lhs_max, largest) + _scaled(rhs, rhs_min, rhs_max, largest)
    return cut(torch.round(total / magnitude(low, high)), dtype), low, high


quantized_elemwise_add.gradient(refuse_gradient)


def _count(attrs: Attrs) -> int:
    return 1 if attrs["enable_float_output"] else 3


def _mul_types(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    """Products are int32, int8 if calibrated, or floats."""
    pair = code_types(_PAIR, inputs[:2], (torch.int8,), torch.int8)
    bounds = bound_types(_BOUNDS_OF_PAIR, inputs[2:])
    if attrs["enable_float_output"]:
        return [*pair, *bounds], [torch.float32]
    result = torch.int8 if is_calibrated(attrs) else torch.int32
    return [*pair, *bounds], [result, torch.float32, torch.float32]


@operator(
    "_contrib_quantized_elemwise_mul",
    outputs=_count,
    output_names=lambda attrs: OUTPUTS[: _count(attrs)],
    own_gradient=True,
    shapes=_pair_shapes,
    types=_mul_types,
)
def quantized_elemwise_mul(
    lhs: torch.Tensor,
    rhs: torch.Tensor,
    lhs_min: torch.Tensor,
    lhs_max: torch.Tensor,
    rhs_min: torch.Tensor,
    rhs_max: torch.Tensor,
    *,
    min_calib_range: float | None = None,
    max_calib_range: float | None = None,
    enable_float_output: bool = False,
) -> torch.Tensor | Three:
    """Multiply what two arrays of codes stand for.

    Parameters
    ----------
    lhs, rhs : NDArray or Symbol
        int8, of one shape.
    lhs_min, lhs_max, rhs_min, rhs_max : NDArray or Symbol
        Their ranges, float32, shape (1,).
    min_calib_range, max_calib_range : float, optional
        The range of the result; if not both are given, the codes are multiplied as they are.
    enable_float_output : bool, default False
        Whether to return the products themselves.

    Returns
    -------
    tuple of NDArray or Symbol, or one of them
        int32 codes; int8 if the range is calibrated, cut off toward 0. Then the bounds of their
        range, shape (1,). With `enable_float_output` the products alone, float32.

    Raises
    ------
    MXNetError
        If shapes differ, an array is not int8, or a bound is not of shape (1,). There is no
        gradient.

    Examples
    --------
    >>> lhs, rhs = mx.nd.array([100, -7], dtype="int8"), mx.nd.array([2, 4], dtype="int8")
    >>> low, high = mx.nd.array([-1]), mx.nd.array([1])
    >>> codes, _, _ = mx.nd.contrib.quantized_elemwise_mul(lhs, rhs, low, high, low, high)
    >>> codes.asnumpy().tolist()
    [200, -28]
    """
    require_dtype("lhs", lhs, torch.int8)
    require_dtype("rhs", rhs, torch.int8)
    require_same_shape(lhs, rhs)
    require_bounds(lhs_min=lhs_min, lhs_max=lhs_max, rhs_min=rhs_min, rhs_max=rhs_max)
    products = lhs.int() * rhs.int()
    high = magnitude(lhs_min, lhs_max) * magnitude(rhs_min, rhs_max)
    if enable_float_output:
        return products * (high / CODE_RANGE[torch.int8] ** 2)
    if min_calib_range is None or max_calib_range is None:
        high = high * (INT32_MAX / LARGEST_CODE[torch.int8] ** 2)
        return products, -high, high
    low, top = constants(lhs, min_calib_range, max_calib_range)
    step = magnitude(low, top).double() * CODE_RANGE[torch.int8]
    return cut(torch.trunc(products * high.double() / step), torch.int8), low, top


quantized_elemwise_mul.gradient(refuse_gradient)
