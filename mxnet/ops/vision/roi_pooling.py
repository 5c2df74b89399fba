"""Pooling the whole pixels of regions of interest into a fixed number of bins."""

from __future__ import annotations

import functools
from typing import NamedTuple

import torch
import torch.nn.functional as F

from ..attributes import Shape
from ..registry import Attrs, Shapes, operator
from .sampling import (
    fetch,
    group_of_bins,
    image_of,
    pixel_rows,
    require_group_channels,
    require_pooled_size,
    require_regions,
    require_scale,
    round_half_away,
)


class Span(NamedTuple):
    """First and last + 1 pixel of each bin of each region along one axis, shape (R, bins)."""

    start: torch.Tensor
    stop: torch.Tensor

    @property
    def length(self) -> torch.Tensor:
        """How many pixels each bin holds; 0 or less where it is empty."""
        return self.stop - self.start


def _bin_edges(bin_size: torch.Tensor, count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return begin and end of each of `count` bins, measured from the region's edge."""
    index = torch.arange(count, device=bin_size.device, dtype=bin_size.dtype)
    return index * bin_size[:, None], (index + 1) * bin_size[:, None]


def _level(length: torch.Tensor) -> torch.Tensor:
    """Return the largest k with 2**k <= length, exactly (frexp, where log2 would round)."""
    return torch.frexp(length.clamp(min=1).double())[1].long() - 1


def _doubled(keys: torch.Tensor, reach: int, axis: int) -> torch.Tensor:
    """Return minima over twice `reach` neighbours from those over `reach`; fewer at the end."""
    made = keys.clone()
    ahead = keys.narrow(axis, reach, keys.shape[axis] - reach)
    target = made.narrow(axis, 0, ahead.shape[axis])
    torch.minimum(target, ahead, out=target)
    return made


def _ends(
    span: Span, region: torch.Tensor, at: torch.Tensor, level: int, size: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return where the two windows of 2**level pixels begin that cover each of these bins."""
    begin, end = span.start[region, at], span.stop[region, at]
    return begin.clamp(max=size - 1), (end - 2**level).clamp(0, size - 1)


def _window_minimum(
    keys: torch.Tensor, image: torch.Tensor, rows: Span, columns: Span
) -> torch.Tensor:
    """Return the smallest key in each bin, shape (R, ph, pw, C), for keys (N, H, W, C).

    Any window is covered by two overlapping windows whose length is a power of two, along each
    axis (a sparse table), so four look-ups serve bins of every size.
    """
    height, width, channels = keys.shape[1:]
    row_level, column_level = _level(rows.length), _level(columns.length)
    found = keys.new_empty((*row_level.shape, columns.length.shape[1], channels))
    start = image[:, None] * height
    for k in range(int(row_level.max()) + 1 if row_level.numel() else 0):
        keys = keys if k == 0 else _doubled(keys, 2 ** (k - 1), 1)
        wide = keys
        for j in range(int(column_level.max()) + 1):
            wide = wide if j == 0 else _doubled(wide, 2 ** (j - 1), 2)
            region, row, column = torch.nonzero(
                (row_level == k)[:, :, None] & (column_level == j)[:, None, :], as_tuple=True
            )
            table = wide.reshape(-1, channels)
            corners = [
                fetch(table, (start[region, 0] + y) * width + x)
                for y in _ends(rows, region, row, k, height)
                for x in _ends(columns, region, column, j, width)
            ]
            found[region, row, column] = functools.reduce(torch.minimum, corners)
    return found


def _keys(data: torch.Tensor) -> torch.Tensor:
    """Return an int64 for each element of data (N, C, H, W), channels last: the greater the
    element and, among equals, the earlier its pixel, the smaller. Its low half is the pixel.
    """
    # MXNet's search starts at the lowest finite number, which neither NaN nor -inf exceeds.
    lowest = torch.finfo(data.dtype).min
    usable = torch.where(data > lowest, data, lowest).permute(0, 2, 3, 1).contiguous()
    if data.dtype is torch.float64:
        order = torch.unique(usable, return_inverse=True)[1]
    else:
        bits = usable.float().add_(0.0).view(torch.int32)  # -0 becomes 0
        order = (bits ^ ((bits >> 31) & 0x7FFFFFFF)).long()  # the bits of negatives run backwards
    pixels = torch.arange(usable[0, ..., 0].numel(), device=data.device)
    return (-order << 32) + pixels.view(1, *usable.shape[1:3], 1)


def _pixel_span(first: torch.Tensor, last: torch.Tensor, bins: int, size: int) -> Span:
    """Divide the pixels from `first` to `last`, inclusive, and cut the bins at the image."""
    low, high = _bin_edges((last - first + 1).clamp(min=1) / bins, bins)
    start = first.long()[:, None]
    return Span(
        (torch.floor(low).long() + start).clamp(0, size),
        (torch.ceil(high).long() + start).clamp(0, size),
    )


@operator("ROIPooling", aliases=("_npx_roi_pooling",), no_gradient=("rois",))
def roi_pooling(
    data: torch.Tensor, rois: torch.Tensor, *, pooled_size: Shape, spatial_scale: float
) -> torch.Tensor:
    """Take the maximum in each bin of a grid laid over each region (Girshick, Fast R-CNN, 2015).

    Corners are rounded to whole pixels. An empty bin gives 0, and so does a region of an image
    that does not exist. `rois` has no gradient; of equal maxima the first gets it.

    Parameters
    ----------
    data : NDArray or Symbol
        Feature maps, shape (batch, channel, height, width).
    rois : NDArray or Symbol
        Rows of image index, left, top, right, bottom, inclusive and in pixels of the image before
        scaling, shape (regions, 5).
    pooled_size : tuple of int
        Height and width of the grid.
    spatial_scale : float
        Size of the feature map over the size of the image, from 0 to 1.

    Returns
    -------
    NDArray or Symbol
        Shape (regions, channel, *pooled_size*).

    Raises
    ------
    MXNetError
        If the shapes or attributes are not as above.

    Examples
    --------
    >>> data = mx.nd.arange(16).reshape((1, 1, 4, 4))
    >>> rois = mx.nd.array([[0, 0, 0, 3, 3]])
    >>> mx.nd.ROIPooling(data, rois, pooled_size=(2, 2), spatial_scale=1).asnumpy().tolist()
    [[[[5.0, 7.0], [13.0, 15.0]]]]
    """
    require_regions(data, rois, 5)
    require_scale(spatial_scale)
    pooled_height, pooled_width = require_pooled_size(pooled_size)
    batch, channels, height, width = data.shape
    image, exists = image_of(rois, batch)
    left, top, right, bottom = round_half_away(rois[:, 1:] * spatial_scale).unbind(1)
    rows = _pixel_span(top, bottom, pooled_height, height)
    columns = _pixel_span(left, right, pooled_width, width)
    filled = (rows.length > 0)[:, :, None] & (columns.length > 0)[:, None, :]
    with torch.no_grad():
        pixel = _window_minimum(_keys(data), image, rows, columns).bitwise_and_(0xFFFFFFFF)
    line = image[:, None] * channels + torch.arange(channels, device=data.device)
    element = line[:, None, None] * (height * width) + pixel
    # The gradient of gather is added up twice as fast as that of an index.
    pooled = data.reshape(-1).gather(0, element.reshape(-1)).view(element.shape)
    lowest = torch.finfo(data.dtype).min
    pooled = torch.where(pooled > lowest, pooled, lowest)
    pooled = pooled.masked_fill(~(filled & exists[:, None, None])[..., None], 0)
    return pooled.permute(0, 3, 1, 2)


@roi_pooling.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    data, rois = inputs
    if data is None or rois is None or len(data) != 4 or len(rois) != 2:
        return inputs, outputs
    return inputs, [(rois[0], data[1], *require_pooled_size(attrs["pooled_size"]))]


def _box_sums(data: torch.Tensor, bins: int) -> torch.Tensor:
    """Return, as pixel rows, the sums over all pixels above and left of each corner of a pixel.

    Sums are float64, so that the difference of two of them is exact to float32.
    """
    return pixel_rows(F.pad(data.double().cumsum(2).cumsum(3), (1, 0, 1, 0)), bins)


def _fractional_span(low: torch.Tensor, high: torch.Tensor, bins: int, size: int) -> Span:
    """Divide the length from `low` to `high` and widen each bin to whole pixels of the image."""
    start, stop = _bin_edges((high - low).clamp(min=0.1) / bins, bins)
    return Span(
        torch.floor(start + low[:, None]).clamp(0, size).long(),
        torch.ceil(stop + low[:, None]).clamp(0, size).long(),
    )


@operator("_contrib_PSROIPooling", no_gradient=("rois",))
def psroi_pooling(
    data: torch.Tensor,
    rois: torch.Tensor,
    *,
    spatial_scale: float,
    output_dim: int,
    pooled_size: int,
    group_size: int = 0,
) -> torch.Tensor:
    """Take the mean in each bin of each region, from channels of that bin's own.

    Position-sensitive pooling of Dai et al., R-FCN, 2016. An empty bin gives 0, and so does a
    region of an image that does not exist. `rois` has no gradient.

    Parameters
    ----------
    data : NDArray or Symbol
        Feature maps, shape (batch, output_dim * group_size ** 2, height, width).
    rois : NDArray or Symbol
        Rows of image index, left, top, right, bottom, inclusive and in pixels of the image before
        scaling, shape (regions, 5).
    spatial_scale : float
        Size of the feature map over the size of the image, from 0 to 1.
    output_dim : int
        Number of output channels.
    pooled_size : int
        Bins along each side of the output.
    group_size : int, optional
        Groups of channels along each side; 0 stands for `pooled_size`.

    Returns
    -------
    NDArray or Symbol
        Shape (regions, output_dim, pooled_size, pooled_size).

    Raises
    ------
    MXNetError
        If the shapes or attributes are not as above.

    Examples
    --------
    >>> data = mx.nd.arange(16).reshape((1, 4, 2, 2))
    >>> rois = mx.nd.array([[0, 0, 0, 1, 1]])
    >>> mx.nd.contrib.PSROIPooling(
    ...     data, rois, spatial_scale=1, output_dim=1, pooled_size=2
    ... ).asnumpy().tolist()
    [[[[0.0, 5.0], [10.0, 15.0]]]]
    """
    require_regions(data, rois, 5)
    require_scale(spatial_scale)
    group_size = group_size or pooled_size
    require_group_channels(data, output_dim, group_size)
    batch, _, height, width = data.shape
    image, exists = image_of(rois, batch)
    corner = round_half_away(rois[:, 1:])
    left, top = corner[:, 0] * spatial_scale, corner[:, 1] * spatial_scale
    right, bottom = (corner[:, 2] + 1) * spatial_scale, (corner[:, 3] + 1) * spatial_scale
    rows = _fractional_span(top, bottom, pooled_size, height)
    columns = _fractional_span(left, right, pooled_size, width)
    group = group_of_bins(pooled_size, group_size, data.device)
    sums = _box_sums(data, group_size**2)
    start = image[:, None, None] * ((height + 1) * (width + 1))

    def until(row: torch.Tensor, column: torch.Tensor) -> torch.Tensor:
        pixel = start + row[:, :, None] * (width + 1) + column[:, None, :]
        return fetch(sums, pixel * group_size**2 + group)

    total = until(rows.stop, columns.stop) - until(rows.stop, columns.start)
    total = total - until(rows.start, columns.stop) + until(rows.start, columns.start)
    area = rows.length[:, :, None] * columns.length[:, None, :]
    filled = (rows.length > 0)[:, :, None] & (columns.length > 0)[:, None, :]
    mean = total / torch.where(filled, area, 1)[..., None]
    mean = torch.where((filled & exists[:, None, None])[..., None], mean, 0)
    return mean.permute(0, 3, 1, 2).to(data.dtype)
