"""Resizing images, value for value as OpenCV 3.4 does it, which MXNet resizes with.

Every method is separable: each output row or column is a weighted sum of a few input rows or
columns. Bytes are summed in fixed point, other dtypes in floating point with float32 weights.
"""

from __future__ import annotations

import functools
import math
from typing import NamedTuple

import torch

from ...base import MXNetError

METHODS = ("nearest", "linear", "cubic", "area", "lanczos", "linear_exact")
"""The methods by OpenCV's numbers."""

FRACTION_BITS = {"linear": 11, "cubic": 11, "lanczos": 11, "linear_exact": 8}
"""Binary places of the weights that bytes are multiplied with."""


class Taps(NamedTuple):
    """For each output position along one axis the input positions that it reads, and weights."""

    position: torch.Tensor
    weight: torch.Tensor


def resize(data: torch.Tensor, height: int, width: int, interp: int) -> torch.Tensor:
    """Resize images (..., height, width, channel).

    Parameters
    ----------
    data : torch.Tensor
        uint8 or floating dtype.
    height, width : int
        The new size.
    interp : int
        0 nearest, 1 linear, 2 cubic, 3 area, 4 Lanczos over 8 pixels, 5 linear, bit-exact.

    Raises
    ------
    MXNetError
        For another `interp` or dtype.
    """
    if not 0 <= interp < len(METHODS):
        raise MXNetError(f"interp is {interp}, but must be from 0 to {len(METHODS) - 1}")
    if not (data.is_floating_point() or data.dtype == torch.uint8):
        raise MXNetError(f"data is {data.dtype}, but must be uint8 or floating")
    work = torch.promote_types(data.dtype, torch.float32)
    source = data if data.dtype == torch.uint8 else data.to(work)
    method = METHODS[interp]
    scales = (data.shape[-3] / height, data.shape[-2] / width)
    if method == "linear" and scales == (2, 2):
        method = "area"  # halving both sides averages four pixels either way
    if method == "area" and min(scales) >= 1:
        return _shrink(source, height, width, scales).to(data.dtype)
    if method == "nearest":
        chosen = data.index_select(-3, _nearest(data.shape[-3], height, data.device))
        return chosen.index_select(-2, _nearest(data.shape[-2], width, data.device))
    rows = _taps(method, data.shape[-3], height, data.device)
    columns = _taps(method, data.shape[-2], width, data.device, across=True)
    if data.dtype == torch.uint8:
        return _sum_bytes(data, rows, columns, method)
    return _weigh(_weigh(source, columns, -2), rows, -3).to(data.dtype)


def _nearest(size: int, target: int, device: torch.device) -> torch.Tensor:
    position = torch.arange(target, dtype=torch.float64, device=device) * (1 / (target / size))
    return torch.floor(position).long().clamp(max=size - 1)


def _taps(method: str, size: int, target: int, device: torch.device, across: bool = False) -> Taps:
    """Return the taps of a method that interpolates between neighbours."""
    output = torch.arange(target, dtype=torch.float64, device=device)
    scale = 1 / (target / size)
    if method == "area":
        # Where an axis grows, area is linear, except that a pixel keeps its value all over.
        left = torch.floor(output * scale)
        place = (output + 1) - (left + 1) * (target / size)
        fraction = torch.where(place <= 0, 0, place - torch.floor(place)).float()
    else:
        place = ((output + 0.5) * scale - 0.5).float()
        left = torch.floor(place)
        fraction = place - left
    left = left.long()
    if method == "cubic":
        return _clipped(left, _cubic_weights(fraction), size)
    if method == "lanczos":
        return _clipped(left, _lanczos_weights(fraction), size)
    if across:  # columns beyond the edge count once, rows twice: it shows in fixed point
        fraction = torch.where((left < 0) | (left >= size - 1), 0, fraction)
    return _clipped(left, torch.stack([1 - fraction, fraction], 1), size)


def _clipped(left: torch.Tensor, weight: torch.Tensor, size: int) -> Taps:
    """Return the taps around `left`; beyond the edge the outermost pixel is repeated."""
    count = weight.shape[1]
    offset = torch.arange(count, device=left.device) - (count // 2 - 1)
    return Taps((left[:, None] + offset).clamp(0, size - 1), weight)


def _cubic_weights(x: torch.Tensor) -> torch.Tensor:
    """Return the weights of four pixels (Keys, 1981, with a = -0.75)."""
    a = -0.75

    def near(t: torch.Tensor) -> torch.Tensor:
        return ((a + 2) * t - (a + 3)) * t * t + 1

    outer = ((a * (x + 1) - 5 * a) * (x + 1) + 8 * a) * (x + 1) - 4 * a
    inner, beside = near(x), near(1 - x)
    return torch.stack([outer, inner, beside, 1 - outer - inner - beside], dim=1)


def _lanczos_weights(x: torch.Tensor) -> torch.Tensor:
    """Return the weights of eight pixels, sinc(t) * sinc(t / 4), made to sum to 1."""
    pixel = torch.arange(8, dtype=torch.float64, device=x.device)
    distance = x[:, None].double() + 3 - pixel
    weight = torch.sinc(distance) * torch.sinc(distance / 4)
    return (weight / weight.sum(dim=1, keepdim=True)).float()


def _weigh(data: torch.Tensor, taps: Taps, axis: int) -> torch.Tensor:
    """Return the weighted sums along an axis, in floating point."""
    shape = [1] * data.dim()
    shape[axis] = -1
    parts = (
        data.index_select(axis, position) * weight.to(data.dtype).reshape(shape)
        for position, weight in zip(taps.position.unbind(1), taps.weight.unbind(1), strict=True)
    )
    return functools.reduce(torch.add, parts)


def _sum_bytes(data: torch.Tensor, rows: Taps, columns: Taps, method: str) -> torch.Tensor:
    """Return the weighted sums of bytes, in fixed point, rounded as OpenCV rounds."""
    bits = FRACTION_BITS.get(method, 11)

    def fixed(taps: Taps) -> Taps:
        return Taps(taps.position, torch.round(taps.weight * (1 << bits)).int())

    across = _weigh(data.int(), fixed(columns), -2)
    down = fixed(rows)
    if method in ("linear", "area"):
        # The vertical sum drops bits before and after each product.
        above, below = (
            (across.index_select(-3, index) >> 4) * weight.reshape(-1, 1, 1) >> 16
            for index, weight in zip(down.position.unbind(1), down.weight.unbind(1), strict=True)
        )
        return ((above + below + 2) >> 2).clamp(0, 255).to(torch.uint8)
    total = _weigh(across, down, -3)
    return ((total + (1 << (2 * bits - 1))) >> (2 * bits)).clamp(0, 255).to(torch.uint8)


def _shrink(
    data: torch.Tensor, height: int, width: int, scales: tuple[float, float]
) -> torch.Tensor:
    """Return the mean over the area of each output pixel; bytes are rounded."""
    whole = all(scale == int(scale) for scale in scales)
    source = data.float() if data.dtype == torch.uint8 else data
    if whole:
        tall, wide = (int(scale) for scale in scales)
        blocks = source.unflatten(-3, (height, tall)).unflatten(-2, (width, wide))
        mean = blocks.sum(dim=(-4, -2)) * (1 / (tall * wide))
        if data.dtype == torch.uint8 and tall == wide == 2:
            return torch.floor(mean + 0.5)  # the case of four pixels rounds halves up
    else:
        rows = _area_weights(data.shape[-3], height, scales[0], source)
        columns = _area_weights(data.shape[-2], width, scales[1], source)
        mean = torch.einsum("ow,...hwc->...hoc", columns, source)
        mean = torch.einsum("oh,...hwc->...owc", rows, mean)
    return torch.round(mean).clamp(0, 255) if data.dtype == torch.uint8 else mean


def _area_weights(size: int, target: int, scale: float, like: torch.Tensor) -> torch.Tensor:
    """Return which part of each output pixel's area each input pixel covers, (target, size)."""
    begin = torch.arange(target, dtype=torch.float64, device=like.device)[:, None] * scale
    pixel = torch.arange(size, dtype=torch.float64, device=like.device)
    shared = torch.minimum(begin + scale, pixel + 1) - torch.maximum(begin, pixel)
    # OpenCV leaves out a thousandth of a pixel and less.
    shared = torch.where(shared > 1e-3, shared, 0)
    return (shared / (size - begin).clamp(max=scale)).to(torch.float32).to(like.dtype)


def kept_ratio_size(height: int, width: int, shorter: int) -> tuple[int, int]:
    """Return height and width such that the shorter side becomes `shorter`."""
    if height > width:
        return math.floor(height * shorter / width), shorter
    return shorter, math.floor(width * shorter / height)
