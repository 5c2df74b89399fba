"""Layers from codes to codes: pooling and batch normalization."""

from __future__ import annotations

from typing import Any, Literal

import torch

from ...base import MXNetError
from ..attributes import Shape
from ..nn.batch_norm import batch_norm
from ..nn.pooling import pooling
from ..registry import Attrs, DTypes, Shapes, operator
from ..rules import zero_gradient
from .codes import (
    CODE_RANGE,
    CODES,
    OUTPUTS,
    bound_types,
    code_types,
    constants,
    cut,
    magnitude,
    require_bounds,
    require_dtype,
    shapes_like,
)

Three = tuple[torch.Tensor, torch.Tensor, torch.Tensor]
Normalized = tuple[torch.Tensor, torch.Tensor, torch.Tensor, None, None]

_BOUNDS = ("min_data", "max_data")
_PARAMETERS = ("gamma", "beta", "moving_mean", "moving_var")


def _pooling_shapes(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    return shapes_like(pooling, 1, _BOUNDS, inputs, outputs, attrs)


def _pooling_types(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    """Data and result hold codes of one dtype."""
    known = inputs[0] if inputs[0] is not None else outputs[0]
    (data,) = code_types(("data",), [known])
    return [data, *bound_types(_BOUNDS, inputs[1:])], [data, torch.float32, torch.float32]


@operator(
    "_contrib_quantized_pooling",
    outputs=3,
    output_names=OUTPUTS,
    own_gradient=True,
    shapes=_pooling_shapes,
    types=_pooling_types,
)
def quantized_pooling(
    data: torch.Tensor,
    min_data: torch.Tensor,
    max_data: torch.Tensor,
    *,
    kernel: Shape = (),
    pool_type: Literal["avg", "lp", "max", "sum"] = "max",
    global_pool: bool = False,
    cudnn_off: bool = False,
    pooling_convention: Literal["full", "same", "valid"] = "valid",
    stride: Shape = (),
    pad: Shape = (),
    p_value: int | None = None,
    count_include_pad: bool | None = None,
    layout: Literal["NCDHW", "NCHW", "NCW", "NDHWC", "NHWC", "NWC"] | None = None,
) -> Three:
    """Compute `Pooling` on codes: the largest or the mean of each window.

    Parameters
    ----------
    data : NDArray or Symbol
        int8 or uint8, shape as for `Pooling`.
    min_data, max_data : NDArray or Symbol
        The codes' range, float32, shape (1,).
    pool_type : {'max', 'avg'}, default 'max'
        What becomes of a window; 'sum' and 'lp' are refused. Means are rounded, halves to the even
        code.
    kernel, global_pool, pooling_convention, stride, pad, count_include_pad, layout
        As for `Pooling`.
    p_value, cudnn_off
        Accepted for the sake of `Pooling`, and without effect.

    Returns
    -------
    tuple of NDArray or Symbol
        Codes of the dtype of `data`, shape as from `Pooling`, and their range as it was.

    Raises
    ------
    MXNetError
        If `pool_type` is neither 'max' nor 'avg', `data` holds no codes, or the window is larger
        than the padded data.

    Examples
    --------
    >>> x, low, high = mx.nd.array([[[[1, 2, 7]]]], dtype="int8"), mx.nd.array([-1]), mx.nd.ones(1)
    >>> codes, _, _ = mx.nd.contrib.quantized_pooling(x, low, high, kernel=(1, 2), pool_type="avg")
    >>> codes.asnumpy().tolist()
    [[[[2, 4]]]]
    """
    if pool_type not in ("max", "avg"):
        raise MXNetError(f"pool_type is {pool_type}, but must be max or avg")
    require_dtype("data", data, *CODES)
    require_bounds(min_data=min_data, max_data=max_data)
    pooled = pooling(
        data.double(),  # in which sums are whole, and no mean close to a half is taken for one
        kernel=kernel,
        pool_type=pool_type,
        global_pool=global_pool,
        pooling_convention=pooling_convention,
        stride=stride,
        pad=pad,
        count_include_pad=count_include_pad,
        layout=layout,
        is_train=False,
    )
    result = pooled[0] if isinstance(pooled, tuple) else pooled
    return cut(torch.round(result), data.dtype), min_data.clone(), max_data.clone()


quantized_pooling.gradient(zero_gradient)


def _norm_shapes(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    return shapes_like(batch_norm, 5, _BOUNDS, inputs, outputs, attrs)


def _norm_types(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    """Data hold int8 or uint8, the result int8; the rest is float32."""
    data = code_types(("data",), inputs[:1])
    rest = bound_types((*_PARAMETERS, *_BOUNDS), inputs[1:])
    return [*data, *rest], [torch.int8, torch.float32, torch.float32]


@operator(
    "_contrib_quantized_batch_norm",
    aux=_PARAMETERS[2:],
    inits={"moving_var": '["one", {}]'},
    outputs=3,
    output_names=OUTPUTS,
    own_gradient=True,
    shapes=_norm_shapes,
    types=_norm_types,
)
def quantized_batch_norm(
    data: torch.Tensor,
    gamma: torch.Tensor,
    beta: torch.Tensor,
    moving_mean: torch.Tensor,
    moving_var: torch.Tensor,
    min_data: torch.Tensor,
    max_data: torch.Tensor,
    *,
    eps: float = 0.0010000000474974513,
    momentum: float = 0.9,
    fix_gamma: bool = True,
    use_global_stats: bool = False,
    output_mean_var: bool = False,
    axis: int = 1,
    cudnn_off: bool = False,
    min_calib_range: float | None = None,
    max_calib_range: float | None = None,
) -> Normalized:
    """Compute `BatchNorm` on codes, with the moving statistics.

    Parameters
    ----------
    data : NDArray or Symbol
        int8 or uint8, at least two axes; uint8 is rounded to int8 codes first.
    gamma, beta : NDArray or Symbol
        Scale and shift, float32, shape (channels,).
    moving_mean, moving_var : NDArray or Symbol
        Auxiliary states, float32, shape (channels,); they stay as they are.
    min_data, max_data : NDArray or Symbol
        The codes' range, float32, shape (1,).
    eps, fix_gamma, axis
        As for `BatchNorm`.
    min_calib_range, max_calib_range : float
        The range of the result; both are needed.
    momentum, use_global_stats, output_mean_var, cudnn_off
        Accepted for the sake of `BatchNorm`, and without effect.

    Returns
    -------
    tuple of NDArray or Symbol
        int8 codes, halves rounded to the even one, and the bounds of their range, shape (1,).

    Raises
    ------
    MXNetError
        If the range of the result is missing, `data` holds no codes, there is no such axis, or a
        parameter has another shape.

    Examples
    --------
    >>> x, one, zero = mx.nd.array([[127], [10]], dtype="int8"), mx.nd.ones(1), mx.nd.zeros(1)
    >>> codes, _, _ = mx.nd.contrib.quantized_batch_norm(
    ...     x, one, zero, zero, one, -one, one, min_calib_range=-2, max_calib_range=2
    ... )
    >>> codes.asnumpy().tolist()
    [[63], [5]]
    """
    require_dtype("data", data, *CODES)
    require_bounds(min_data=min_data, max_data=max_data)
    parameters = (gamma, beta, moving_mean, moving_var)
    for name, value in zip(_PARAMETERS, parameters, strict=True):
        require_dtype(name, value, torch.float32)
    if min_calib_range is None or max_calib_range is None:
        raise MXNetError("min_calib_range and max_calib_range are needed, but one is missing")
    codes = data
    if data.dtype == torch.uint8:
        codes = cut(
            torch.round(data * (CODE_RANGE[torch.int8] / CODE_RANGE[data.dtype])), torch.int8
        )
    # In a unit of which 127.5 make 1: the one division comes last, so that halves are exact.
    whole = CODE_RANGE[torch.int8]
    normal: tuple[Any, ...] = batch_norm(
        codes * magnitude(min_data, max_data).double(),
        gamma.double(),
        beta.double() * whole,
        moving_mean.double() * whole,
        moving_var.double(),
        eps=eps,
        fix_gamma=fix_gamma,
        axis=axis,
        is_train=False,
    )
    low, high = constants(data, min_calib_range, max_calib_range)
    result = torch.round(normal[0] / magnitude(low, high))
    return cut(result, torch.int8), low, high, None, None


quantized_batch_norm.gradient(zero_gradient)
