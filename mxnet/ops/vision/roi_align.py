"""Bilinear pooling of regions of interest, without rounding (He et al., Mask R-CNN, 2017)."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
import torch.nn.functional as F

from ...base import MXNetError
from ..attributes import Shape
from ..registry import operator
from ..rules import first_order
from .sampling import (
    image_of,
    pixel_rows,
    require_pooled_size,
    require_regions,
    require_scale,
    sum_bilinear,
)


class Axis(NamedTuple):
    """The sampling of each region along one axis: `samples` points in each of `bins` bins."""

    start: torch.Tensor
    bin_size: torch.Tensor
    bins: int
    samples: torch.Tensor | int

    @property
    def spacing(self) -> torch.Tensor:
        """The distance between two points of a bin."""
        return self.bin_size / self.samples

    @property
    def first(self) -> torch.Tensor:
        """The first point of each bin, shape (regions, bins)."""
        index = torch.arange(self.bins, dtype=self.start.dtype, device=self.start.device)
        origin = self.start + self.spacing / 2
        return origin[:, None] + index * self.bin_size[:, None]

    def points(self, count: int) -> torch.Tensor:
        """Return `count` points of each bin, shape (regions, bins, count)."""
        sample = torch.arange(count, dtype=self.start.dtype, device=self.start.device)
        return self.first[..., None] + sample * self.spacing[:, None, None]


def _touches(position: torch.Tensor, size: int) -> torch.Tensor:
    """Whether a point lies in the image or at most one pixel outside; NaN does, to be seen."""
    return ~((position < -1) | (position > size))


def _hat_weights(axis: Axis, size: int) -> torch.Tensor:
    """Return the mean weight that each bin gives each pixel, shape (regions, bins, size).

    A point weighs its two neighbours by their distance. How many points lie between two
    pixels, and how far they are on average, follows from the even spacing; so a number of
    samples that differs by region needs no loop over samples.
    """
    spacing = axis.spacing[:, None, None]
    count = torch.as_tensor(axis.samples)[:, None, None]
    first = axis.first[:, :, None]
    pixel = torch.arange(size, dtype=first.dtype, device=first.device)

    def below(edge: torch.Tensor | float) -> torch.Tensor:  # points before the edge
        return torch.minimum(torch.ceil((edge - first) / spacing).clamp(min=0), count)

    low, high = below(pixel[:-1]), below(pixel[1:])
    between = high - low
    distance = first + spacing * (low + high - 1) / 2 - pixel[:-1]
    far = between * distance
    last_inside = torch.floor((size - first) / spacing) + 1
    outer = torch.minimum(last_inside.clamp(min=0), count) - below(pixel[-1:])
    before = below(pixel[:1]) - below(-1.0)
    zero = torch.zeros_like(before)
    near = torch.cat([between - far, outer], dim=2) + torch.cat([zero, far], dim=2)
    weights = near + torch.cat([before, zero.expand(*zero.shape[:2], size - 1)], dim=2)
    return weights / count


def _adaptive(
    data: torch.Tensor, image: torch.Tensor, y: Axis, x: Axis, by_position: bool
) -> torch.Tensor:
    """Pool with as many samples as each region's bins have pixels, shape (R, ph, pw, C)."""
    batch, channels, height, width = data.shape
    rows, columns = (_hat_weights(y, height), _hat_weights(x, width))
    among = F.one_hot(image, batch).to(rows.dtype)
    rows = torch.einsum("rph,rn->rpnh", rows, among).flatten(2)
    pixels = data.permute(0, 2, 3, 1).reshape(batch * height, width, channels)
    if by_position:
        pixels = pixels.reshape(batch * height, width, -1, y.bins, x.bins)
        partial = torch.einsum("rpm,mwcpq->rpwcq", rows, pixels)
        return torch.einsum("rqw,rpwcq->rpqc", columns, partial)
    partial = torch.einsum("rpm,mwc->rpwc", rows, pixels)
    return torch.einsum("rqw,rpwc->rpqc", columns, partial)


def _fixed(
    data: torch.Tensor, image: torch.Tensor, y: Axis, x: Axis, by_position: bool
) -> torch.Tensor:
    """Pool with one number of samples for all bins, shape (R, ph, pw, C)."""
    height, width = data.shape[2:]
    bins = y.bins * x.bins if by_position else 1
    index = (image * (height * width * bins))[:, None, None]
    if by_position:
        index = index + torch.arange(bins, device=data.device).reshape(y.bins, x.bins)
    row = y.points(int(y.samples))[:, :, None, :, None]
    column = x.points(int(x.samples))[:, None, :, None, :]
    row, column = (place.flatten(3) for place in torch.broadcast_tensors(row, column))
    seen = _touches(row, height) & _touches(column, width)
    rows = pixel_rows(data, bins)
    total = sum_bilinear(rows, index[..., None], row, column, seen, (height, width), bins)
    return total / row.shape[3]


def _axis(start: torch.Tensor, length: torch.Tensor, bins: int, samples: int) -> Axis:
    bin_size = length / bins
    if samples > 0:
        return Axis(start, bin_size, bins, samples)
    return Axis(start, bin_size, bins, torch.ceil(bin_size).clamp(min=1))


@operator("_contrib_ROIAlign", no_gradient=("rois",))
def roi_align(
    data: torch.Tensor,
    rois: torch.Tensor,
    *,
    pooled_size: Shape,
    spatial_scale: float,
    sample_ratio: int = -1,
    position_sensitive: bool = False,
    aligned: bool = False,
) -> torch.Tensor:
    """Average bilinear samples in each bin of a grid laid over each region.

    Samples more than a pixel outside count as 0, and so does a region of an image that does not
    exist. `rois` has no gradient.

    Parameters
    ----------
    data : NDArray or Symbol
        Feature maps, shape (batch, channel, height, width).
    rois : NDArray or Symbol
        Rows of image index, left, top, right, bottom in pixels of the image before scaling, shape
        (regions, 5).
    pooled_size : tuple of int
        Height and width of the grid.
    spatial_scale : float
        Size of the feature map over the size of the image, from 0 to 1.
    sample_ratio : int, optional
        Samples along each side of a bin; 0 or less takes one per pixel of the bin, rounded up.
    position_sensitive : bool, optional
        Whether each bin reads channels of its own; `data` then has channel * height * width of
        the grid channels.
    aligned : bool, optional
        Whether corners are shifted by half a pixel, so that pixel centres are at whole numbers;
        else regions are at least one pixel wide and high.

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
    >>> rois = mx.nd.array([[0, 0, 0, 2, 2]])
    >>> mx.nd.contrib.ROIAlign(data, rois, pooled_size=(2, 2), spatial_scale=1).asnumpy().tolist()
    [[[[2.5, 3.5], [6.5, 7.5]]]]
    """
    require_regions(data, rois, 5)
    require_scale(spatial_scale)
    height, width = require_pooled_size(pooled_size)
    if position_sensitive and data.shape[1] % (height * width):
        raise MXNetError(
            f"data has {data.shape[1]} channels, but position_sensitive needs a multiple of "
            f"{height * width}, the bins of pooled_size={pooled_size}"
        )
    work = torch.promote_types(data.dtype, torch.float32)
    image, exists = image_of(rois, data.shape[0])
    edges = rois[:, 1:].detach().to(work) * spatial_scale - (0.5 if aligned else 0)
    left, top, right, bottom = edges.unbind(1)
    smallest = 0 if aligned else 1
    y = _axis(top, (bottom - top).clamp(min=smallest), height, sample_ratio)
    x = _axis(left, (right - left).clamp(min=smallest), width, sample_ratio)
    pool = _fixed if sample_ratio > 0 else _adaptive
    data = first_order(data, "ROIAlign") if pool is _fixed else data
    pooled = pool(data.to(work), image, y, x, position_sensitive)
    pooled = pooled.masked_fill(~exists[:, None, None, None], 0)
    return pooled.permute(0, 3, 1, 2).to(data.dtype)


def _most(samples: torch.Tensor | int) -> int:
    """Return the largest number of samples of any region.

    A rotated bin does not divide into rows and columns of pixels, so the number of samples must
    be read from the regions. Shapes do not depend on it, so the meta device may take 1.
    """
    if isinstance(samples, int):
        return samples
    return int(samples.max()) if samples.numel() and not samples.is_meta else 1


def _rotated_samples(y: Axis, x: Axis) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return rows and columns of all samples, and which of them the region has.

    All have the shape (regions, bins, bins, samples).
    """
    tall, wide = _most(y.samples), _most(x.samples)
    row, column = y.points(tall)[:, :, None, :, None], x.points(wide)[:, None, :, None, :]
    row, column = (place.flatten(3) for place in torch.broadcast_tensors(row, column))
    sample = torch.arange(tall * wide, device=row.device)
    count_y, count_x = (
        torch.as_tensor(axis.samples, device=row.device).reshape(-1, 1) for axis in (y, x)
    )
    used = (sample // wide < count_y) & (sample % wide < count_x)
    return row, column, used[:, None, None, :]


@operator("_contrib_RROIAlign", no_gradient=("rois",))
def rotated_roi_align(
    data: torch.Tensor,
    rois: torch.Tensor,
    *,
    pooled_size: Shape,
    spatial_scale: float,
    sampling_ratio: int = -1,
) -> torch.Tensor:
    """Average bilinear samples in each bin of a grid laid over each rotated region.

    Ma et al., Arbitrary-Oriented Scene Text Detection, 2017. Samples more than a pixel outside
    count as 0, and so does a region of an image that does not exist. `rois` has no gradient.

    Parameters
    ----------
    data : NDArray or Symbol
        Feature maps, shape (batch, channel, height, width).
    rois : NDArray or Symbol
        Rows of image index, x and y of the centre, width, height (in pixels of the image before
        scaling) and angle in degrees, shape (regions, 6).
    pooled_size : tuple of int
        Height and width of the grid.
    spatial_scale : float
        Size of the feature map over the size of the image, from 0 to 1.
    sampling_ratio : int, optional
        Samples along each side of a bin; 0 or less takes one per pixel of the bin, rounded up.

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
    >>> rois = mx.nd.array([[0, 1, 1, 2, 2, 0]])
    >>> mx.nd.contrib.RROIAlign(data, rois, pooled_size=(2, 2), spatial_scale=1).asnumpy().tolist()
    [[[[2.5, 3.5], [6.5, 7.5]]]]
    """
    require_regions(data, rois, 6)
    require_scale(spatial_scale)
    pooled_height, pooled_width = require_pooled_size(pooled_size)
    height, width = data.shape[2:]
    work = torch.promote_types(data.dtype, torch.float32)
    image, exists = image_of(rois, data.shape[0])
    regions = rois.detach().to(work)
    centre_x, centre_y, across, down = (regions[:, 1:5] * spatial_scale).unbind(1)
    across, down = across.clamp(min=1), down.clamp(min=1)
    y = _axis(-down / 2, down, pooled_height, sampling_ratio)
    x = _axis(-across / 2, across, pooled_width, sampling_ratio)
    angle = regions[:, 5] * (math.pi / 180)
    cosine, sine, centre_x, centre_y = (
        value[:, None, None, None]
        for value in (torch.cos(angle), torch.sin(angle), centre_x, centre_y)
    )
    row, column, used = _rotated_samples(y, x)
    along_x = column * cosine + row * sine + centre_x
    along_y = row * cosine - column * sine + centre_y
    seen = _touches(along_y, height) & _touches(along_x, width) & used
    rows = pixel_rows(first_order(data, "RROIAlign").to(work))
    index = (image * (height * width))[:, None, None, None]
    total = sum_bilinear(rows, index, along_y, along_x, seen, (height, width))
    count = torch.as_tensor(y.samples * x.samples, dtype=work, device=data.device)
    pooled = total / count.reshape(-1, 1, 1, 1)
    pooled = pooled.masked_fill(~exists[:, None, None, None], 0)
    return pooled.permute(0, 3, 1, 2).to(data.dtype)
