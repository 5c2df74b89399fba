"""Pooling in one, two and three dimensions."""

from __future__ import annotations

import math
from typing import Any, Literal

import torch
from torch.nn import functional

from ...base import MXNetError
from ..attributes import Shape
from ..registry import Attrs, Backward, DTypes, Shapes, operator
from ..rules import PartialShape
from .pooling_by_axis import largest_by_axis, pools_by_axis, spread_by_axis, sums_by_axis
from .pooling_fused import fused_means
from .pooling_in_pairs import spread_in_pairs, spreads_in_pairs
from .pooling_window import Places, places_of
from .rules import (
    UNKNOWN,
    agree,
    as_channels_last,
    by_tape,
    first_of,
    in_format_of,
    require_floating,
)

aten = torch.ops.aten
Sizes = tuple[int, ...]

# With fewer channels torch's pooling is no faster in channels-last memory than otherwise.
_MANY = 8

# Elements below which torch's kernel takes no longer on images in rows.
_FEWEST = 2**15

# Planes whose pixels fill two lines of memory side by side, and elements of the parts of a batch.
_TOGETHER, _PART = 32, 2**21

_MAX = {2: aten.max_pool2d_with_indices, 3: aten.max_pool3d_with_indices}
_MAX_BACK = {2: aten.max_pool2d_with_indices_backward, 3: aten.max_pool3d_with_indices_backward}
_AVG = {2: aten.avg_pool2d, 3: aten.avg_pool3d}
_AVG_BACK = {2: aten.avg_pool2d_backward, 3: aten.avg_pool3d_backward}
_LAYOUTS = {
    3: ("NCW", "NWC"),
    4: ("NCHW", "NHWC"),
    5: ("NCDHW", "NDHWC"),
}


def _to_torch(data: torch.Tensor, layout: str | None) -> torch.Tensor:
    """Return a view with channels at axis 1 and at least two spatial axes."""
    moved = data.movedim(-1, 1) if layout and layout[-1] == "C" else data
    return moved.unsqueeze(2) if data.dim() == 3 else moved


def _from_torch(result: torch.Tensor, rank: int, layout: str | None) -> torch.Tensor:
    """Undo `_to_torch` for data of `rank` axes."""
    flat = result.squeeze(2) if rank == 3 else result
    return flat.movedim(1, -1) if layout and layout[-1] == "C" else flat


def _spatial(shape: Sizes, layout: str | None) -> Sizes:
    return shape[1:-1] if layout and layout[-1] == "C" else shape[2:]


def _places(shape: Sizes, attrs: Attrs) -> Places:
    """Return where the windows lie for data of this shape."""
    layout = attrs["layout"]
    if layout is not None and layout not in _LAYOUTS.get(len(shape), ()):
        raise MXNetError(f"layout is {layout}, which data {shape} do not have")
    if not 3 <= len(shape) <= 5:
        raise MXNetError(f"data has shape {shape}, but must have 3, 4 or 5 dimensions")
    if attrs["pooling_convention"] == "same" and (attrs["pool_type"], len(shape)) != ("max", 3):
        raise MXNetError(
            f"pooling_convention is same, which is for max pooling of 3 dimensions, but pool_type "
            f"is {attrs['pool_type']} and data has shape {shape}"
        )
    return places_of(
        _spatial(shape, layout),
        attrs["kernel"],
        attrs["stride"],
        attrs["pad"],
        attrs["pooling_convention"],
        attrs["global_pool"],
    )


def largest_of(
    data: torch.Tensor, places: Places, of_nothing: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the largest element of each window, and its position in the (padded) data.

    Both have their channels last in memory only if the data have.
    """
    if not data.is_contiguous():
        return _largest_in(as_channels_last(data, _MANY), places, of_nothing)
    if data.dim() != 4 or data.numel() < _FEWEST or data.device.type != "cpu":
        return _largest_in(data, places, of_nothing)
    # Planes need not be taken by images: so many as go through the cache side by side are.
    planes = data.shape[0] * data.shape[1]
    together = math.gcd(planes, _TOGETHER)
    groups = data.view(-1, together if together >= _MANY else planes, *data.shape[2:])
    windows = places.outputs
    largest = data.new_empty((*groups.shape[:2], *windows))
    positions = largest.new_empty(largest.shape, dtype=torch.int64)
    step = max(1, _PART // groups[:1].numel())
    for first in range(0, len(groups), step):
        part = as_channels_last(groups[first : first + step], _MANY)
        found = _largest_in(part, places, of_nothing)
        largest[first : first + step], positions[first : first + step] = found
    shape = (*data.shape[:2], *windows)
    return largest.view(shape), positions.view(shape)


def _largest_in(
    data: torch.Tensor, places: Places, of_nothing: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return what :func:`largest_of` does, by one call of torch's kernel."""
    padded = data
    if places.border is not None:
        padded = functional.pad(data, places.border, value=of_nothing)
    return _MAX[places.rank](padded, *_max_call(places))


def _max_call(places: Places) -> tuple[Any, ...]:
    """Return what torch's max pooling takes after data: pads and gaps, rounding up or not."""
    pad = places.pad if places.border is None else (0,) * places.rank
    return places.kernel, places.stride, pad, (1,) * places.rank, places.ceil


def sums_of(data: torch.Tensor, places: Places) -> torch.Tensor:
    """Return the sum of each window, with zeros beyond the data."""
    if pools_by_axis(data, places):
        return sums_by_axis(data, places)
    x = as_channels_last(data, _MANY)
    pad = places.pad
    if places.border is not None:
        x, pad = functional.pad(x, places.border), (0,) * places.rank
    call = (places.kernel, places.stride, pad, places.ceil, True, 1)
    if places.rank == 3 and x.dtype.itemsize == 2:  # no 16-bit kernel in torch
        return _AVG[3](x.float(), *call).to(x.dtype)
    return _AVG[places.rank](x, *call)


def _average_call(places: Places, include_pad: bool) -> tuple[Any, ...]:
    return places.kernel, places.stride, places.pad, places.ceil, include_pad, None


def _average(data: torch.Tensor, places: Places, include_pad: bool) -> torch.Tensor:
    """Return the mean of each window; elements beyond the padding never count."""
    if places.whole:
        return data.mean(tuple(range(2, data.dim())), keepdim=True)
    fused = fused_means(data, places, include_pad)
    if fused is not None:
        return fused
    if pools_by_axis(data, places):
        return sums_by_axis(data, places).div_(places.counts(include_pad, data))
    if places.border is None and not (places.rank == 3 and data.dtype.itemsize == 2):
        return _AVG[places.rank](as_channels_last(data, _MANY), *_average_call(places, include_pad))
    return sums_of(data, places) / places.counts(include_pad, data)


def _power(data: torch.Tensor, places: Places, p: int | None) -> torch.Tensor:
    """Return the p-th root of the sum of p-th powers, whose gradient at 0 is 0."""
    if p not in (1, 2, 3):
        raise MXNetError(f"p_value is {p}, but must be 1, 2 or 3 for pool_type lp")
    if p == 1:
        return sums_of(data, places)
    total = sums_of(data**p, places)
    is_zero = total == 0
    return total.masked_fill(is_zero, 1).pow(1 / p).masked_fill(is_zero, 0)


def _types(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    """Output and data have one dtype; positions are int64."""
    known = first_of([inputs[0], outputs[0]])
    return [known], [known, torch.int64][: len(outputs)]


@operator(
    "Pooling",
    outputs=lambda attrs: 2 if attrs["pool_type"] == "max" else 1,
    visible_outputs=1,
    output_names=lambda attrs: ("output", "positions")[: 2 if attrs["pool_type"] == "max" else 1],
    types=_types,
)
def pooling(
    data: torch.Tensor,
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
    is_train: bool,
) -> torch.Tensor | tuple[torch.Tensor, torch.Tensor | None]:
    """Return the largest element, the mean, the sum or the norm of each window.

    Parameters
    ----------
    data : NDArray or Symbol
        Shape (N, C, W), (N, C, H, W) or (N, C, D, H, W), or with the channels last as `layout`
        says; floating dtype.
    kernel : tuple of 1, 2 or 3 int
        Size of the window; not needed with `global_pool`.
    pool_type : {'max', 'avg', 'sum', 'lp'}, default 'max'
        What becomes of a window. 'lp' is the p-th root of the sum of p-th powers.
    global_pool : bool, default False
        Whether one window covers all spatial axes.
    pooling_convention : {'valid', 'full', 'same'}, default 'valid'
        How many windows there are: those that fit ('valid': rounded down), also the last one that
        begins inside ('full': rounded up), or one per stride ('same': one-dimensional max alone).
    stride, pad : tuple of int, default all 1 and all 0
        Step of the window; border on both sides of each spatial axis: zeros for 'avg', 'sum' and
        'lp', nothing for 'max'.
    p_value : int, optional
        1, 2 or 3, needed for 'lp'.
    count_include_pad : bool, default True
        Whether 'avg' divides by a window's size with its zeros from `pad`.
    layout : {None, 'NCW', 'NCHW', 'NCDHW', 'NWC', 'NHWC', 'NDHWC'}, default None
        Order of the axes; None puts the channels second.
    cudnn_off
        Accepted for old programs.

    Returns
    -------
    NDArray or Symbol
        Each spatial size n becomes ``(n + 2 * pad - kernel) / stride + 1``, rounded as the
        convention says. A window without elements gives the lowest finite number for 'max', else 0.
        Ties of 'max' give the gradient to the first.

    Raises
    ------
    MXNetError
        If the window is larger than the padded data, or an attribute does not fit to data.

    Examples
    --------
    >>> x = mx.nd.array([[[1, 5, 2, 3]]])
    >>> mx.nd.Pooling(x, kernel=(2,), stride=(2,), pool_type="max").asnumpy().tolist()
    [[[5.0, 3.0]]]
    >>> mx.nd.Pooling(x, kernel=(2,), stride=(2,), pool_type="avg").asnumpy().tolist()
    [[[3.0, 2.5]]]
    """
    require_floating(data)
    attrs = {"kernel": kernel, "stride": stride, "pad": pad, "global_pool": global_pool}
    attrs |= {"pool_type": pool_type, "pooling_convention": pooling_convention, "layout": layout}
    places = _places((UNKNOWN, *data.shape[1:]), attrs)
    x = _to_torch(data, layout)
    if pool_type == "max":
        if not is_train and pools_by_axis(x, places):
            return largest_by_axis(x, places), None  # positions are for the gradient
        largest, positions = largest_of(x, places, torch.finfo(x.dtype).min)
        rank = data.dim()
        return _from_torch(largest, rank, layout), _from_torch(positions, rank, layout)
    if pool_type == "avg":
        result = _average(x, places, count_include_pad is not False)
    else:
        result = sums_of(x, places) if pool_type == "sum" else _power(x, places, p_value)
    return _from_torch(result, data.dim(), layout)


@pooling.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    data: PartialShape = inputs[0]
    if attrs["pool_type"] == "lp" and attrs["p_value"] is None:
        raise MXNetError("p_value is missing, which pool_type lp needs")
    if data is None:
        return inputs, outputs
    sizes = _places(data, attrs).outputs
    layout = attrs["layout"]
    last = layout is not None and layout[-1] == "C"
    out = (data[0], *sizes, data[-1]) if last else (*data[:2], *sizes)
    if outputs[0] is not None and outputs[0] != out:
        out = agree("the output", outputs[0], out, data, attrs, "kernel")
        data = (out[0], *data[1:])
    return [data], [out] * len(outputs)


@pooling.fast_gradient
def _(b: Backward):
    data, attrs = b.inputs[0], b.attrs
    layout, kind = attrs["layout"], attrs["pool_type"]
    places = _places((UNKNOWN, *data.shape[1:]), attrs)
    x, grad = _to_torch(data, layout), _to_torch(b.grads[0], layout)
    target = b.memory_for(0) if x is data else None
    if kind == "max":
        positions = b.outputs[1]
        if positions is None:
            _, positions = largest_of(x, places, torch.finfo(x.dtype).min)
        found = _max_gradient(x, grad, _to_torch(positions, layout), places, target)
    elif kind == "avg":
        include_pad = attrs["count_include_pad"] is not False
        found = _average_gradient(x, grad, places, include_pad, target)
    elif kind == "sum":
        (found,) = by_tape(lambda leaf: sums_of(leaf, places), (x,), grad)
    else:
        (found,) = by_tape(lambda leaf: _power(leaf, places, attrs["p_value"]), (x,), grad)
    return (_from_torch(found, data.dim(), layout),)


def _max_gradient(
    x: torch.Tensor,
    grad: torch.Tensor,
    positions: torch.Tensor,
    places: Places,
    target: torch.Tensor | None,
) -> torch.Tensor:
    """Return the head gradient at the position of each window's largest element."""
    if positions.is_contiguous():  # torch's kernel takes twice as long
        shape = (*x.shape[:2], *places.padded)
        found = grad.new_empty(shape) if target is None or places.border is not None else target
        planes, at, values = (each.flatten(2).flatten(0, 1) for each in (found, positions, grad))
        planes.zero_().scatter_add_(1, at, values)
    else:
        # The kernel looks at the shape and the memory format of its input, not at its values.
        like = _blank(x) if places.border is None else functional.pad(_blank(x), places.border)
        grad, positions = in_format_of(grad, like), in_format_of(positions, like)
        found = _MAX_BACK[places.rank](grad, like, *_max_call(places), positions)
    if places.border is None:
        return found
    return functional.pad(found, tuple([-size for size in places.border]))


def _blank(x: torch.Tensor) -> torch.Tensor:
    """Return memory shaped like `x`, channels last where torch's pooling is faster on that."""
    if x.dim() != 4 or x.shape[1] < _MANY or x.device.type != "cpu":
        return torch.empty_like(x)
    return torch.empty_like(x, memory_format=torch.channels_last)


def _average_gradient(
    x: torch.Tensor,
    grad: torch.Tensor,
    places: Places,
    include_pad: bool,
    target: torch.Tensor | None,
) -> torch.Tensor:
    """Return the head gradient of each window, shared among its elements."""
    if places.whole:
        return (grad / (x[0, 0].numel() or 1)).expand(x.shape)
    if pools_by_axis(x, places):
        counts = places.counts(include_pad, x)
        found = torch.empty_like(x) if target is None else target
        if spreads_in_pairs(found, places):
            return spread_in_pairs(grad, counts, places, found)
        return spread_by_axis(grad / counts, found, places)
    if places.border is None and not (places.rank == 3 and x.dtype.itemsize == 2):
        like = _blank(x)
        grad = in_format_of(grad, like)
        return _AVG_BACK[places.rank](grad, like, *_average_call(places, include_pad))
    (found,) = by_tape(lambda leaf: _average(leaf, places, include_pad), (x,), grad)
    return found


@operator("_contrib_AdaptiveAvgPooling2D")
def adaptive_avg_pooling_2d(data: torch.Tensor, *, output_size: Shape = ()) -> torch.Tensor:
    """Return the means of windows that divide an image into a given number of rows and columns.

    Parameters
    ----------
    data : NDArray or Symbol
        Shape (N, C, H, W), floating dtype.
    output_size : int or tuple of 1 or 2 int, default 1
        Rows and columns of the result; one number stands for both.

    Returns
    -------
    NDArray or Symbol
        Shape (N, C, rows, columns). Row i is the mean of rows ``floor(i * H / rows)`` up to
        ``ceil((i + 1) * H / rows)``; windows may overlap.

    Raises
    ------
    MXNetError
        If data does not have 4 dimensions.

    Examples
    --------
    >>> x = mx.nd.array([[[[1, 2, 3, 4]]]])
    >>> mx.nd.contrib.AdaptiveAvgPooling2D(x, output_size=(1, 2)).asnumpy().tolist()
    [[[[1.5, 3.5]]]]
    """
    if data.dim() != 4 or len(output_size) > 2:
        raise MXNetError(
            f"data has shape {tuple(data.shape)} and output_size is {output_size}, but must have 4 "
            "dimensions and at most 2 numbers"
        )
    require_floating(data)
    return functional.adaptive_avg_pool2d(data, _rows_and_columns(output_size))


def _rows_and_columns(output_size: Sizes) -> tuple[int, int]:
    rows, *rest = output_size or (1,)
    return rows, rest[0] if rest else rows


@adaptive_avg_pooling_2d.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    data = inputs[0]
    if data is None or len(data) != 4 or len(attrs["output_size"]) > 2:
        return inputs, outputs
    return inputs, [(*data[:2], *_rows_and_columns(attrs["output_size"]))]
