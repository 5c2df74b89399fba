"""The correlation of patches of two feature maps (Dosovitskiy et al., FlowNet, 2015)."""

from __future__ import annotations

import torch
import torch.nn.functional as F

from ...base import MXNetError
from ..attributes import NonNegativeInt
from ..registry import Attrs, operator
from ..rules import is_known, unify


def _output_shape(data: tuple[int, ...], attrs: Attrs) -> tuple[int, ...]:
    """Return the shape that follows from `data` (N, C, H, W), or refuse the attributes."""
    kernel, displacement = attrs["kernel_size"], attrs["max_displacement"]
    if kernel % 2 == 0:
        raise MXNetError(f"kernel_size is {kernel}, but must be odd")
    if attrs["stride1"] < 1 or attrs["stride2"] < 1:
        raise MXNetError(
            f"stride1 and stride2 are {attrs['stride1']} and {attrs['stride2']}, but must be at "
            "least 1"
        )
    border = 2 * (displacement + kernel // 2)
    height, width = (
        -(-(size + 2 * attrs["pad_size"] - border) // attrs["stride1"]) for size in data[2:]
    )
    if min(height, width) < 1:
        raise MXNetError(
            f"max_displacement={displacement} and kernel_size={kernel} do not fit into data "
            f"{tuple(data)} padded by pad_size={attrs['pad_size']}"
        )
    side = 2 * (displacement // attrs["stride2"]) + 1
    return data[0], side * side, height, width


def _window(data: torch.Tensor, rows: range, columns: range, top: int, left: int) -> torch.Tensor:
    """Return rows and columns of a feature map, counted from a place in it."""
    down = slice(top, top + rows.stop, rows.step)
    return data[:, :, down, left : left + columns.stop : columns.step]


def _distance(first: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
    """Return the absolute difference, with the gradient of first - second at ties, as in MXNet."""
    return torch.where(first >= second, first - second, second - first)


@operator("Correlation")
def correlation(
    data1: torch.Tensor,
    data2: torch.Tensor,
    *,
    kernel_size: NonNegativeInt = 1,
    max_displacement: NonNegativeInt = 1,
    stride1: NonNegativeInt = 1,
    stride2: NonNegativeInt = 1,
    pad_size: NonNegativeInt = 0,
    is_multiply: bool = True,
) -> torch.Tensor:
    """Compare each patch of one feature map with the displaced patches of another.

    Parameters
    ----------
    data1, data2 : NDArray or Symbol
        Feature maps of one shape (batch, channel, height, width).
    kernel_size : int, optional
        Side of a patch, odd.
    max_displacement : int, optional
        The largest displacement in each direction, in pixels.
    stride1 : int, optional
        Step between the patches of `data1`.
    stride2 : int, optional
        Step between displacements.
    pad_size : int, optional
        Zeros added on each side.
    is_multiply : bool, optional
        Whether patches are multiplied; else the absolute differences are taken.

    Returns
    -------
    NDArray or Symbol
        The mean over patch and channels, one channel per displacement (rows first), shape
        (batch, (2 * (max_displacement // stride2) + 1) ** 2, output height, output width).

    Raises
    ------
    MXNetError
        If the shapes differ, or patches and displacements do not fit into the padded maps.

    Examples
    --------
    >>> a = mx.nd.arange(9).reshape((1, 1, 3, 3))
    >>> mx.nd.Correlation(a, a, max_displacement=1)[0, :, 0, 0].asnumpy().tolist()
    [0.0, 4.0, 8.0, 12.0, 16.0, 20.0, 24.0, 28.0, 32.0]
    """
    if data1.dim() != 4 or data1.shape != data2.shape:
        raise MXNetError(
            f"data1 has shape {tuple(data1.shape)} and data2 {tuple(data2.shape)}, but both must "
            "be one shape (batch, channel, height, width)"
        )
    attrs = {
        "kernel_size": kernel_size,
        "max_displacement": max_displacement,
        "stride1": stride1,
        "stride2": stride2,
        "pad_size": pad_size,
    }
    _, _, height, width = _output_shape(tuple(data1.shape), attrs)
    work = torch.promote_types(data1.dtype, torch.float32)
    first, second = (F.pad(data.to(work), (pad_size,) * 4) for data in (data1, data2))
    # Only every stride1-th pixel counts where a patch is one pixel.
    step = stride1 if kernel_size == 1 else 1
    rows = range(0, (height - 1) * stride1 + kernel_size, step)
    columns = range(0, (width - 1) * stride1 + kernel_size, step)
    reach = max_displacement // stride2 * stride2
    begins = range(max_displacement - reach, max_displacement + reach + 1, stride2)
    compare = torch.mul if is_multiply else _distance
    fixed = _window(first, rows, columns, max_displacement, max_displacement)
    compared = [
        compare(fixed, _window(second, rows, columns, top, left)).mean(dim=1)
        for top in begins
        for left in begins
    ]
    result = torch.stack(compared, dim=1)
    if kernel_size > 1:
        result = F.avg_pool2d(result, kernel_size, stride1)
    return result.to(data1.dtype)


@correlation.shape_rule
def _(inputs, outputs, attrs):
    shape = unify(inputs[0], inputs[1])
    if shape is None or not is_known(shape):
        return [shape, shape], outputs
    if len(shape) != 4:
        raise MXNetError(f"data1 has shape {shape}, but must have 4 dimensions (NCHW)")
    return [shape, shape], [_output_shape(shape, attrs)]
