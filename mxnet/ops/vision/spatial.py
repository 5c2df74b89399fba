"""Sampling an image at the points of a grid (Jaderberg et al., Spatial Transformer Networks, 2015).

Grids hold x and y in [-1, 1], from the centre of the first pixel to the centre of the last.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

import torch
import torch.nn.functional as F

from ...base import MXNetError
from ..attributes import Shape
from ..registry import operator
from ..rules import first_order


def _require_target(target_shape: tuple[int, ...]) -> tuple[int, int]:
    if len(target_shape) != 2 or min(target_shape) < 1:
        raise MXNetError(f"target_shape is {target_shape}, but must be two sizes of at least 1")
    return target_shape[0], target_shape[1]


def _require_affine(data: torch.Tensor, name: str) -> None:
    if data.dim() != 2 or data.shape[1] != 6:
        raise MXNetError(
            f"{name} has shape {tuple(data.shape)}, but transform_type='affine' needs (batch, 6)"
        )


def _steps(size: int, like: torch.Tensor) -> torch.Tensor:
    """Return `size` evenly spaced points from -1 to 1; a single one is NaN, as in MXNet."""
    index = torch.arange(size, dtype=like.dtype, device=like.device)
    return index * 2 / torch.full_like(index, size - 1) - 1


def _affine_grid(theta: torch.Tensor, height: int, width: int) -> torch.Tensor:
    """Return the grid (batch, 2, height, width) of the affine maps `theta` (batch, 6)."""
    y, x = torch.meshgrid(_steps(height, theta), _steps(width, theta), indexing="ij")
    points = torch.stack([x, y, torch.ones_like(x)]).reshape(3, height * width)
    return (theta.reshape(-1, 2, 3) @ points).reshape(-1, 2, height, width)


@cache
def _is_differentiated_twice() -> bool:
    """Tell whether torch's kernel has a second derivative, as it has in newer versions."""
    point = torch.zeros((1, 1, 1, 2), requires_grad=True)
    with torch.enable_grad():
        sampled = F.grid_sample(torch.ones((1, 1, 2, 2)), point, align_corners=True)
        (first,) = torch.autograd.grad(sampled.sum(), point, create_graph=True)
        try:
            torch.autograd.grad(first.sum(), point)
        except RuntimeError as error:
            return "not implemented" not in str(error)
    return True


def _sample(data: torch.Tensor, grid: torch.Tensor, whose: str) -> torch.Tensor:
    """Read `data` (N, C, H, W) at `grid` (N, 2, h, w), bilinearly, zero outside."""
    if (data.requires_grad or grid.requires_grad) and not _is_differentiated_twice():
        data, grid = first_order(data, whose), first_order(grid, whose)
    work = torch.promote_types(data.dtype, torch.float32)
    points = grid.permute(0, 2, 3, 1).to(work)
    # A NaN that reached torch's kernel would count as -1; MXNet hands it on.
    sampled = F.grid_sample(data.to(work), points, padding_mode="zeros", align_corners=True)
    undefined = ~torch.isfinite(points).all(dim=-1)
    return sampled.masked_fill(undefined[:, None], float("nan")).to(data.dtype)


@operator("GridGenerator")
def grid_generator(
    data: torch.Tensor,
    *,
    transform_type: Literal["affine", "warp"],
    target_shape: Shape = (0, 0),
) -> torch.Tensor:
    """Make the grid that `BilinearSampler` reads from an affine map or a field of displacements.

    Parameters
    ----------
    data : NDArray or Symbol
        For ``'affine'`` the rows of a 2 x 3 matrix, shape (batch, 6); for ``'warp'`` the
        displacement of each pixel in pixels, x first, shape (batch, 2, height, width).
    transform_type : {'affine', 'warp'}
        What `data` holds.
    target_shape : tuple of int, optional
        Height and width of the grid, for ``'affine'``.

    Returns
    -------
    NDArray or Symbol
        x and y in [-1, 1] for each output pixel, shape (batch, 2, height, width).

    Raises
    ------
    MXNetError
        If `data` or `target_shape` does not fit `transform_type`.

    Examples
    --------
    >>> identity = mx.nd.array([[1, 0, 0, 0, 1, 0]])
    >>> grid = mx.nd.GridGenerator(identity, transform_type="affine", target_shape=(2, 3))
    >>> grid.asnumpy()[0, 0].tolist()
    [[-1.0, 0.0, 1.0], [-1.0, 0.0, 1.0]]
    """
    if transform_type == "affine":
        _require_affine(data, "data")
        return _affine_grid(data, *_require_target(target_shape))
    if data.dim() != 4 or data.shape[1] != 2:
        raise MXNetError(
            f"data has shape {tuple(data.shape)}, but transform_type='warp' needs "
            "(batch, 2, height, width)"
        )
    height, width = data.shape[2:]
    x = torch.arange(width, dtype=data.dtype, device=data.device).expand(height, width)
    y = torch.arange(height, dtype=data.dtype, device=data.device)[:, None].expand(height, width)
    half = torch.tensor([width - 1, height - 1], dtype=data.dtype, device=data.device) / 2
    return (data + torch.stack([x, y])) / half[:, None, None] - 1


@operator("BilinearSampler")
def bilinear_sampler(
    data: torch.Tensor, grid: torch.Tensor, *, cudnn_off: bool | None = None
) -> torch.Tensor:
    """Read an image at the points of a grid, interpolating linearly between four pixels.

    Points outside the image read zeros. Both inputs have gradients.

    Parameters
    ----------
    data : NDArray or Symbol
        Images, shape (batch, channel, height, width).
    grid : NDArray or Symbol
        x and y in [-1, 1], shape (batch, 2, output height, output width).
    cudnn_off : bool, optional
        Accepted and ignored.

    Returns
    -------
    NDArray or Symbol
        Shape (batch, channel, output height, output width), the dtype of `data`.

    Raises
    ------
    MXNetError
        If the shapes do not fit together.

    Examples
    --------
    >>> data = mx.nd.arange(4).reshape((1, 1, 2, 2))
    >>> mx.nd.BilinearSampler(data, mx.nd.zeros((1, 2, 1, 1))).asnumpy().tolist()
    [[[[1.5]]]]
    """
    if data.dim() != 4:
        raise MXNetError(f"data has shape {tuple(data.shape)}, but must have 4 dimensions (NCHW)")
    if grid.dim() != 4 or grid.shape[1] != 2 or grid.shape[0] != data.shape[0]:
        raise MXNetError(
            f"grid has shape {tuple(grid.shape)}, but ({data.shape[0]}, 2, height, width) follows "
            f"from data {tuple(data.shape)}"
        )
    return _sample(data, grid, "BilinearSampler")


@operator("SpatialTransformer")
def spatial_transformer(
    data: torch.Tensor,
    loc: torch.Tensor,
    *,
    target_shape: Shape = (0, 0),
    transform_type: Literal["affine"],
    sampler_type: Literal["bilinear"],
    cudnn_off: bool | None = None,
) -> torch.Tensor:
    """Warp each image by an affine map that a network predicts.

    The same as `GridGenerator` followed by `BilinearSampler`; both inputs have gradients.

    Parameters
    ----------
    data : NDArray or Symbol
        Images, shape (batch, channel, height, width).
    loc : NDArray or Symbol
        The rows of a 2 x 3 matrix from output to input coordinates, shape (batch, 6).
    target_shape : tuple of int
        Height and width of the output.
    transform_type : {'affine'}
        The kind of map.
    sampler_type : {'bilinear'}
        The kind of interpolation.
    cudnn_off : bool, optional
        Accepted and ignored.

    Returns
    -------
    NDArray or Symbol
        Shape (batch, channel, *target_shape*).

    Raises
    ------
    MXNetError
        If the shapes do not fit together.

    Examples
    --------
    >>> data = mx.nd.arange(9).reshape((1, 1, 3, 3))
    >>> mx.nd.SpatialTransformer(
    ...     data, mx.nd.array([[1, 0, 0, 0, 1, 0]]), target_shape=(2, 2),
    ...     transform_type="affine", sampler_type="bilinear",
    ... ).asnumpy().tolist()
    [[[[0.0, 2.0], [6.0, 8.0]]]]
    """
    if data.dim() != 4:
        raise MXNetError(f"data has shape {tuple(data.shape)}, but must have 4 dimensions (NCHW)")
    _require_affine(loc, "loc")
    if loc.shape[0] != data.shape[0]:
        raise MXNetError(
            f"loc has shape {tuple(loc.shape)}, but ({data.shape[0]}, 6) follows from data "
            f"{tuple(data.shape)}"
        )
    work = torch.promote_types(loc.dtype, torch.float32)
    grid = _affine_grid(loc.to(work), *_require_target(target_shape))
    return _sample(data, grid, "SpatialTransformer")
