"""Sliding windows of images, as columns of a matrix and back."""

from __future__ import annotations

import math

import torch
from torch.nn import functional

from ...base import MXNetError
from ...dtype import NAME_OF_TORCH
from ..attributes import Shape
from ..registry import Attrs, operator
from .rules import UNKNOWN, forward, product, require_rank


def _pairs(attrs: Attrs) -> dict[str, tuple[int, ...]]:
    """Return kernel, dilation, stride and padding in torch's names, with their defaults."""
    pairs = {
        "kernel_size": attrs["kernel"],
        "dilation": attrs["dilate"] or (1, 1),
        "stride": attrs["stride"] or (1, 1),
        "padding": attrs["pad"] or (0, 0),
    }
    for name, pair in pairs.items():
        if len(pair) != 2:
            raise MXNetError(f"{name} is {pair}, but must be two numbers, for height and width")
    return pairs


def _positions(size: tuple[int, ...], pairs: dict[str, tuple[int, ...]]) -> int:
    """Return how many windows an image of `size` pixels has."""
    if UNKNOWN in size:
        return UNKNOWN
    counts = []
    for pixels, kernel, dilation, stride, padding in zip(size, *pairs.values(), strict=True):
        room = pixels + 2 * padding - (dilation * (kernel - 1) + 1)
        if room < 0 or stride < 1:
            raise MXNetError(
                f"kernel {pairs['kernel_size']} with dilate {pairs['dilation']}, stride "
                f"{pairs['stride']} and pad {pairs['padding']} does not fit an image of {size}"
            )
        counts.append(room // stride + 1)
    return math.prod(counts)


def _columns(shape: tuple[int, ...], attrs: Attrs) -> tuple[int, ...]:
    require_rank("data", shape, 4)
    pairs = _pairs(attrs)
    depth = product((shape[1], *attrs["kernel"]))
    return (shape[0], depth, _positions(tuple(shape[2:]), pairs))


@operator("im2col", shapes=forward(_columns))
def im2col(
    data: torch.Tensor,
    *,
    kernel: Shape,
    stride: Shape = (),
    dilate: Shape = (),
    pad: Shape = (),
) -> torch.Tensor:
    """Return the sliding windows of images as columns.

    Parameters
    ----------
    data : NDArray or Symbol
        Shape ``(batch, channels, height, width)``, floating dtype.
    kernel : tuple of two int
        Height and width of a window in pixels.
    stride, dilate, pad : tuple of two int
        Step between windows, distance of pixels within one (both 1 by default) and zeros added
        on each side (0 by default).

    Returns
    -------
    NDArray or Symbol
        Shape ``(batch, channels * kernel height * kernel width, number of windows)``.

    Examples
    --------
    >>> mx.nd.im2col(mx.nd.zeros((1, 3, 8, 8)), kernel=(2, 2), stride=(2, 2)).shape
    (1, 12, 16)
    """
    attrs = {"kernel": kernel, "stride": stride, "dilate": dilate, "pad": pad}
    target = _columns(tuple(data.shape), attrs)
    if not data.is_floating_point():
        raise MXNetError(f"data is {NAME_OF_TORCH[data.dtype]}, but must have a floating dtype")
    pairs = _pairs(attrs)
    top, left = pairs["padding"]
    windows = functional.pad(data, (left, left, top, top))
    for axis in (0, 1):  # torch's unfold copies pixel by pixel; views of these windows are free
        extent = pairs["dilation"][axis] * (attrs["kernel"][axis] - 1) + 1
        windows = windows.unfold(2 + axis, extent, pairs["stride"][axis])
    windows = windows[..., :: pairs["dilation"][0], :: pairs["dilation"][1]]
    return windows.permute(0, 1, 4, 5, 2, 3).reshape(target)


def _image(columns: tuple[int, ...], attrs: Attrs) -> tuple[int, ...]:
    require_rank("data", columns, 3)
    pairs = _pairs(attrs)
    if len(attrs["output_size"]) != 2:
        raise MXNetError(f"output_size is {attrs['output_size']}, but must be height and width")
    windows = _positions(attrs["output_size"], pairs)
    if UNKNOWN not in (windows, columns[2]) and windows != columns[2]:
        raise MXNetError(
            f"data has {columns[2]} columns, but images of {attrs['output_size']} have "
            f"{windows} windows"
        )
    area = math.prod(attrs["kernel"])
    if columns[1] != UNKNOWN and columns[1] % area:
        raise MXNetError(f"data has shape {columns}, but axis 1 must be a multiple of {area}")
    depth = UNKNOWN if columns[1] == UNKNOWN else columns[1] // area
    return (columns[0], depth, *attrs["output_size"])


@operator("col2im", shapes=forward(_image))
def col2im(
    data: torch.Tensor,
    *,
    output_size: Shape,
    kernel: Shape,
    stride: Shape = (),
    dilate: Shape = (),
    pad: Shape = (),
) -> torch.Tensor:
    """Return images that are the sums of their windows: the transposed map of `im2col`.

    Parameters
    ----------
    data : NDArray or Symbol
        Windows as columns, shape ``(batch, channels * kernel height * kernel width, windows)``.
    output_size : tuple of two int
        Height and width of the images in pixels.
    kernel, stride, dilate, pad : tuple of two int
        As for `im2col`.

    Returns
    -------
    NDArray or Symbol
        Shape ``(batch, channels, height, width)``.

    Examples
    --------
    >>> mx.nd.col2im(mx.nd.ones((1, 2, 2)), output_size=(1, 3), kernel=(1, 2)).asnumpy().tolist()
    [[[[1.0, 2.0, 1.0]]]]
    """
    attrs = {
        "output_size": output_size,
        "kernel": kernel,
        "stride": stride,
        "dilate": dilate,
        "pad": pad,
    }
    _image(tuple(data.shape), attrs)
    return functional.fold(data, output_size, **_pairs(attrs))
