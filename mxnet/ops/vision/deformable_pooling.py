"""Position-sensitive pooling at learnt places (Dai et al., Deformable Networks, 2017)."""

from __future__ import annotations

import torch

from ...base import MXNetError
from ..elementwise.activation import clamped
from ..registry import operator
from .sampling import (
    group_of_bins,
    image_of,
    pixel_rows,
    read_bilinear,
    require_group_channels,
    require_regions,
    require_scale,
    round_half_away,
)


def _require_trans(trans: torch.Tensor, regions: int, part_size: int, output_dim: int) -> int:
    """Return how many classes have displacements of their own."""
    shape = tuple(trans.shape)
    fits = len(shape) == 4 and shape[0] == regions and shape[2:] == (part_size, part_size)
    if not fits or shape[1] % 2 or not shape[1] or output_dim % (shape[1] // 2):
        raise MXNetError(
            f"trans has shape {shape}, but must be ({regions}, 2 * classes, {part_size}, "
            f"{part_size}) with a number of classes that divides output_dim={output_dim}"
        )
    return shape[1] // 2


def _bins(rois: torch.Tensor, scale: float, bins: int) -> tuple[torch.Tensor, ...]:
    """Return top of each row and left of each column of bins, and height and width of regions.

    All broadcast to (regions, classes, bins, bins).
    """
    edges = round_half_away(rois[:, 1:])
    low = edges[:, :2] * scale - 0.5
    extent = ((edges[:, 2:] + 1) * scale - 0.5 - low).clamp(min=0.1)
    left, top, across, down = (
        value[:, None, None, None] for value in (*low.unbind(1), *extent.unbind(1))
    )
    index = torch.arange(bins, dtype=rois.dtype, device=rois.device)
    return top + index[:, None] * (down / bins), left + index * (across / bins), down, across


def _displacement(
    trans: torch.Tensor, pooled_size: int, part_size: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return horizontal and vertical displacement, each (regions, classes, bins, bins)."""
    part = torch.arange(pooled_size, device=trans.device) * part_size // pooled_size
    per_bin = trans.index_select(2, part).index_select(3, part)
    return per_bin[:, 0::2], per_bin[:, 1::2]


def _mean_of_samples(
    maps: torch.Tensor,
    image: torch.Tensor,
    y: tuple[torch.Tensor, torch.Tensor],
    x: tuple[torch.Tensor, torch.Tensor],
    samples: int,
    groups: tuple[int, torch.Tensor],
) -> torch.Tensor:
    """Average the samples of each bin that lie in the image.

    Parameters
    ----------
    maps, image : torch.Tensor
        Feature maps, and the index of the one that each bin reads.
    y, x : tuple of torch.Tensor
        Begin of each bin and distance of its samples along each axis.
    samples : int
        Samples along each axis.
    groups : tuple
        How many groups of channels there are, and the group of each bin.

    Returns
    -------
    torch.Tensor
        One row of channels per bin; 0 for a bin without samples.
    """
    height, width = maps.shape[2:]
    rows = pixel_rows(maps, groups[0])
    shape = torch.broadcast_shapes(image.shape, y[0].shape, x[0].shape)
    total = maps.new_zeros((*shape, rows.shape[1]))
    count = maps.new_zeros((*shape, 1))
    for down in range(samples):
        for right in range(samples):
            row, column = y[0] + down * y[1], x[0] + right * x[1]
            seen = (row >= -0.5) & (row <= height - 0.5)
            seen = (seen & (column >= -0.5) & (column <= width - 0.5))[..., None]
            part = read_bilinear(
                rows,
                image,
                clamped(row, 0, height - 1),
                clamped(column, 0, width - 1),
                (height, width),
                *groups,
                flat_at_pixels=True,
            )
            total, count = total + part.masked_fill(~seen, 0), count + seen
    return total / count.clamp(min=1)


@operator("_contrib_DeformablePSROIPooling", no_gradient=("rois",))
def deformable_psroi_pooling(
    data: torch.Tensor,
    rois: torch.Tensor,
    trans: torch.Tensor | None = None,
    *,
    spatial_scale: float,
    output_dim: int,
    group_size: int,
    pooled_size: int,
    part_size: int = 0,
    sample_per_part: int = 1,
    trans_std: float = 0.0,
    no_trans: bool = False,
) -> torch.Tensor:
    """Average bilinear samples of each bin, from channels of its own, displaced by `trans`.

    Samples more than half a pixel outside of the image are left out; a bin without samples gives
    0. `rois` has no gradient.

    Parameters
    ----------
    data : NDArray or Symbol
        Feature maps, shape (batch, output_dim * group_size ** 2, height, width).
    rois : NDArray or Symbol
        Rows of image index, left, top, right, bottom, inclusive and in pixels of the image before
        scaling, shape (regions, 5).
    trans : NDArray or Symbol, optional
        Horizontal and vertical displacement for each class and part, shape
        (regions, 2 * classes, part_size, part_size).
    spatial_scale : float
        Size of the feature map over the size of the image, from 0 to 1.
    output_dim : int
        Number of output channels.
    group_size : int
        Groups of channels along each side.
    pooled_size : int
        Bins along each side of the output.
    part_size : int, optional
        Parts along each side; 0 stands for `pooled_size`.
    sample_per_part : int, optional
        Samples along each side of a bin.
    trans_std : float, optional
        What `trans` is multiplied by, relative to the region's size, from 0 to 1.
    no_trans : bool, optional
        Whether there is no `trans`.

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
    >>> mx.nd.contrib.DeformablePSROIPooling(
    ...     data, rois, spatial_scale=1, output_dim=1, group_size=2, pooled_size=2,
    ...     sample_per_part=2, no_trans=True,
    ... ).asnumpy().tolist()
    [[[[0.0, 4.75], [9.5, 14.25]]]]
    """
    require_regions(data, rois, 5)
    require_scale(spatial_scale)
    require_group_channels(data, output_dim, group_size)
    if not 0 <= trans_std <= 1:
        raise MXNetError(f"trans_std is {trans_std}, but must be from 0 to 1")
    if no_trans == (trans is not None):
        raise MXNetError(f"trans is {'given' if no_trans else 'missing'}, but no_trans={no_trans}")
    batch, _, height, width = data.shape
    image, exists = image_of(rois, batch)
    work = torch.promote_types(data.dtype, torch.float32)
    y, x, down, across = _bins(rois.detach().to(work), spatial_scale, pooled_size)
    classes = 1
    if trans is not None:
        part_size = part_size or pooled_size
        classes = _require_trans(trans, rois.shape[0], part_size, output_dim)
        shift_x, shift_y = _displacement(trans.to(work) * trans_std, pooled_size, part_size)
        x, y = x + shift_x * across, y + shift_y * down
    samples = pooled_size * max(sample_per_part, 1)
    mean = _mean_of_samples(
        data.to(work).reshape(batch * classes, -1, height, width),
        image[:, None, None, None] * classes
        + torch.arange(classes, device=data.device)[:, None, None],
        (y, down / samples),
        (x, across / samples),
        sample_per_part,
        (group_size**2, group_of_bins(pooled_size, group_size, data.device)),
    )
    mean = mean.masked_fill(~exists[:, None, None, None, None], 0).permute(0, 1, 4, 2, 3)
    return mean.reshape(len(rois), output_dim, pooled_size, pooled_size).to(data.dtype)


@deformable_psroi_pooling.inputs_rule
def _(attrs):
    return ("data", "rois") if attrs["no_trans"] else ("data", "rois", "trans")
