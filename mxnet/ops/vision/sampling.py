"""What operators on regions of interest share: checks, pixel rows and bilinear reading.

Feature maps (N, C, H, W) are read as a table of pixels, one row of channels each, so that one index
fetches all channels. A position-sensitive map holds one group of channels per bin; its table has
one row per pixel and bin.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F

from ...base import MXNetError
from ..elementwise.activation import clamped


def require_regions(data: torch.Tensor, rois: torch.Tensor, columns: int) -> None:
    """Refuse anything but data (N, C, H, W) and rois (R, columns)."""
    if data.dim() != 4:
        raise MXNetError(f"data has shape {tuple(data.shape)}, but must have 4 dimensions (NCHW)")
    if rois.dim() != 2 or rois.shape[1] != columns:
        raise MXNetError(f"rois has shape {tuple(rois.shape)}, but must be (regions, {columns})")


def require_pooled_size(pooled_size: tuple[int, ...]) -> tuple[int, int]:
    """Return height and width of the output, both at least 1."""
    if len(pooled_size) != 2 or min(pooled_size) < 1:
        raise MXNetError(f"pooled_size is {pooled_size}, but must be two sizes of at least 1")
    return pooled_size[0], pooled_size[1]


def require_scale(spatial_scale: float) -> None:
    """Refuse a scale outside of [0, 1]."""
    if not 0 <= spatial_scale <= 1:
        raise MXNetError(f"spatial_scale is {spatial_scale}, but must be from 0 to 1")


def require_group_channels(data: torch.Tensor, output_dim: int, group_size: int) -> None:
    """Refuse data that lacks output_dim channels for each of the group_size x group_size bins."""
    expected = output_dim * group_size**2
    if data.shape[1] != expected:
        raise MXNetError(
            f"data has {data.shape[1]} channels, but {expected} follow from "
            f"output_dim={output_dim} and group_size={group_size}"
        )


def image_of(rois: torch.Tensor, count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return each region's image index and whether there is such an image.

    Padding regions carry the index -1; their output is 0.
    """
    index = rois[:, 0].long()
    return index.clamp(0, max(count - 1, 0)), (index >= 0) & (index < count)


def group_of_bins(pooled_size: int, group_size: int, device: torch.device) -> torch.Tensor:
    """Return which group of channels each bin reads, shape (pooled_size, pooled_size)."""
    along = torch.arange(pooled_size, device=device) * group_size // pooled_size
    return along[:, None] * group_size + along


def round_half_away(value: torch.Tensor) -> torch.Tensor:
    """Round as C does: halves go away from zero, where torch takes the even neighbour."""
    return torch.where(value < 0, torch.ceil(value - 0.5), torch.floor(value + 0.5))


def pixel_rows(data: torch.Tensor, bins: int = 1) -> torch.Tensor:
    """Return `data` (N, C, H, W) as rows (N * H * W * bins, C // bins).

    Channel c of the map belongs to bin ``c % bins``.
    """
    batch, channels, height, width = data.shape
    grouped = data.reshape(batch, channels // bins, bins, height, width)
    return grouped.permute(0, 3, 4, 2, 1).reshape(-1, channels // bins)


def fetch(rows: torch.Tensor, index: torch.Tensor) -> torch.Tensor:
    """Return the rows at `index` (any shape), channels last."""
    return rows.index_select(0, index.reshape(-1)).reshape(*index.shape, rows.shape[1])


def sum_bilinear(
    rows: torch.Tensor,
    index: torch.Tensor,
    y: torch.Tensor,
    x: torch.Tensor,
    seen: torch.Tensor,
    size: tuple[int, int],
    bins: int = 1,
) -> torch.Tensor:
    """Sum bilinear samples of `rows` (of `pixel_rows`) whose places need no gradient.

    Parameters
    ----------
    rows : torch.Tensor
        Pixels of all images.
    index : torch.Tensor
        The row of the first pixel of the image that each sample reads.
    y, x, seen : torch.Tensor
        Row and column of each sample, cut at the image's edge, and whether it counts; the last
        axis is summed over. All broadcast.
    size : tuple of int
        Height and width of an image.
    bins : int
        How many bins the rows tell apart.

    Returns
    -------
    torch.Tensor
        One row of channels per sum.
    """
    index, y, x, seen = torch.broadcast_tensors(
        index, clamped(y, 0, size[0] - 1), clamped(x, 0, size[1] - 1), seen
    )
    top, left = torch.floor(y), torch.floor(x)
    # NaN places read pixel 0; their weights carry the NaN on.
    row, column = (torch.nan_to_num(edge).long() for edge in (top, left))
    below, beside = (row + 1).clamp(max=size[0] - 1), (column + 1).clamp(max=size[1] - 1)
    down, right = y - top, x - left
    up, back = 1 - down, 1 - right
    pixel = torch.stack([row, row, below, below], -1) * size[1]
    pixel = pixel + torch.stack([column, beside, column, beside], -1)
    weight = torch.stack([up * back, up * right, down * back, down * right], -1)
    # A row of zeros more stands for the samples that do not count.
    index = torch.where(seen[..., None], index[..., None] + pixel * bins, len(rows))
    shape = index.shape[:-2]
    total = F.embedding_bag(
        index.reshape(math.prod(shape), -1),
        F.pad(rows, (0, 0, 0, 1)),
        mode="sum",
        per_sample_weights=weight.reshape(math.prod(shape), -1),
    )
    return total.reshape(*shape, rows.shape[1])


def read_bilinear(
    rows: torch.Tensor,
    image: torch.Tensor,
    y: torch.Tensor,
    x: torch.Tensor,
    size: tuple[int, int],
    bins: int = 1,
    bin_index: torch.Tensor | int = 0,
    flat_at_pixels: bool = False,
) -> torch.Tensor:
    """Read `rows` (of `pixel_rows`) at points that lie inside their image.

    Parameters
    ----------
    rows : torch.Tensor
        Pixels of all images.
    image, y, x : torch.Tensor
        Image index, row and column of each point; they broadcast.
    size : tuple of int
        Height and width of an image.
    bins : int
        How many bins the rows tell apart.
    bin_index : torch.Tensor or int
        The bin of each point.
    flat_at_pixels : bool
        Whether the slope at a pixel's centre is 0; else it is that towards the next pixel.

    Returns
    -------
    torch.Tensor
        One row of channels per point, differentiable in rows, y and x.
    """
    start = image * (size[0] * size[1])

    def neighbours(position: torch.Tensor, count: int) -> tuple[torch.Tensor, ...]:
        low = torch.floor(position.detach())
        # NaN positions read pixel 0; their fraction carries the NaN on.
        near = torch.nan_to_num(low).long().clamp(0, count - 1)
        step = (torch.ceil(position) != position.detach()) if flat_at_pixels else 1
        return near, (near + step).clamp(max=count - 1), (position - low)[..., None]

    def pixel(row: torch.Tensor, column: torch.Tensor) -> torch.Tensor:
        return fetch(rows, (start + row * size[1] + column) * bins + bin_index)

    above, below, down = neighbours(y, size[0])
    left, right, across = neighbours(x, size[1])
    top, bottom = pixel(above, left), pixel(below, left)
    top = top + across * (pixel(above, right) - top)
    bottom = bottom + across * (pixel(below, right) - bottom)
    return top + down * (bottom - top)
