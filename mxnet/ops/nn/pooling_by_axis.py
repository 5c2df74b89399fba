"""Pooling along one axis after the other, for images whose rows lie in order in memory.

Torch's two-dimensional kernels are fast where the channels vary fastest in memory. Elsewhere it
takes several times less to pool along the height, then along the width, than to bring the channels
last.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from .pooling_window import Places, lie_in_rows

aten = torch.ops.aten

_FEWEST = 2**12
"""Elements below which one call counts for more than the work."""


def pools_by_axis(data: torch.Tensor, places: Places) -> bool:
    """Tell whether these images are pooled axis by axis.

    Windows must overlap in one row at most, and none may lie with its element 0 beyond the data,
    when counted from where padding ends.
    """
    return (
        lie_in_rows(data, _FEWEST)
        and places.border is None
        and not places.whole
        and all(
            k <= s + 1 and (windows - 1) * s < size
            for k, s, windows, size in zip(
                places.kernel, places.stride, places.outputs, data.shape[2:], strict=True
            )
        )
    )


def largest_by_axis(data: torch.Tensor, places: Places) -> torch.Tensor:
    """Return the largest element of each window."""
    kernel, stride, pad = places.kernel[1], places.stride[1], places.pad[1]
    rows = _combined(torch.maximum, data, places, 0)
    flat = rows.reshape(1, -1, data.shape[3])
    result = torch.max_pool1d(flat, kernel, stride, pad, 1, places.ceil)
    return result.view(*data.shape[:2], *places.outputs)


def sums_by_axis(data: torch.Tensor, places: Places) -> torch.Tensor:
    """Return the sum of each window, with zeros beyond the data."""
    found = aten.avg_pool2d(_rows_as_channels(data), *_upright(places), True, 1)
    rows = found.permute(0, 2, 3, 1).reshape(*data.shape[:2], -1, data.shape[3])
    return _combined(torch.add, rows, places, 1)


def spread_by_axis(grad: torch.Tensor, images: torch.Tensor, places: Places) -> torch.Tensor:
    """Write to `images` the gradient of `sums_by_axis`: the sum of the windows an element is in."""
    rows = grad.new_zeros((*grad.shape[:3], images.shape[3]))
    for taken, at in _offsets(images.shape[3], places, 1):
        rows[..., taken].add_(grad[..., at])
    columns = _rows_as_channels(images)
    aten.avg_pool2d_backward.grad_input(
        _rows_as_channels(rows), columns, *_upright(places), True, 1, grad_input=columns
    )
    return images


def _rows_as_channels(data: torch.Tensor) -> torch.Tensor:
    """Return a view of shape (N * C, W, H, 1): the width takes the place of channels last."""
    batch, channels, height, width = data.shape
    return data.view(batch * channels, height, 1, width).permute(0, 3, 1, 2)


def _upright(places: Places, *gaps: tuple[int, int]) -> tuple[Any, ...]:
    """Return the windows along the height alone, as torch's pooling takes them."""
    height = (places.kernel[0], 1), (places.stride[0], 1), (places.pad[0], 0)
    return *height, *gaps, places.ceil


def _combined(
    combine: Callable[..., torch.Tensor], data: torch.Tensor, places: Places, axis: int
) -> torch.Tensor:
    """Return the elements of each window along one spatial axis, combined two at a time."""
    before = (slice(None),) * (axis + 2)
    (taken, at), *others = _offsets(data.shape[axis + 2], places, axis)
    result, is_fresh = data[before + (taken,)], False
    for taken, part in others:
        more = data[before + (taken,)]
        if part == at and not is_fresh:
            result = combine(result, more)
        else:
            result = result if is_fresh else result.clone()
            target = result[before + (part,)]
            combine(target, more, out=target)
        is_fresh = True
    return result


def _offsets(length: int, places: Places, axis: int) -> list[tuple[slice, slice]]:
    """Return for each offset in the kernel which elements it takes, and of which windows.

    Those that lie within the data for most windows come first.
    """
    kernel, stride, pad = places.kernel[axis], places.stride[axis], places.pad[axis]
    windows = places.outputs[axis]
    pairs = []
    for offset in range(-pad, kernel - pad):
        first = max(0, -(offset // stride))
        last = min(windows, (length - 1 - offset) // stride + 1)
        if first < last:
            begin = offset + stride * first
            taken = slice(begin, begin + stride * (last - first - 1) + 1, stride)
            pairs.append((taken, slice(first, last)))
    return sorted(pairs, key=lambda pair: pair[1].start - pair[1].stop)
