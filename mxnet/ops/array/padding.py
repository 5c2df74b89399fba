"""Padding of images and volumes."""

from __future__ import annotations

from typing import Literal

import torch
from torch.nn import functional

from ...base import MXNetError
from ..attributes import Shape
from ..registry import Attrs, operator
from .rules import UNKNOWN, forward

_MODES = {"constant": "constant", "edge": "replicate", "reflect": "reflect"}


def _padded(shape: tuple[int, ...], attrs: Attrs) -> tuple[int, ...]:
    widths = attrs["pad_width"]
    if len(shape) not in (4, 5):
        raise MXNetError(f"data has shape {shape}, but must have 4 or 5 dimensions")
    if len(widths) != 2 * len(shape):
        raise MXNetError(f"pad_width is {widths}, but must hold two numbers for each axis of data")
    if any(widths[:4]):
        raise MXNetError(f"pad_width is {widths}, but the first two axes can not be padded")
    return tuple(
        UNKNOWN if size == UNKNOWN else size + widths[2 * axis] + widths[2 * axis + 1]
        for axis, size in enumerate(shape)
    )


@operator("Pad", aliases=("pad",), shapes=forward(_padded))
def pad(
    data: torch.Tensor,
    *,
    mode: Literal["constant", "edge", "reflect"],
    pad_width: Shape,
    constant_value: float = 0.0,
) -> torch.Tensor:
    """Return images or volumes with a border.

    Parameters
    ----------
    data : NDArray or Symbol
        Shape ``(batch, channels, height, width)`` or ``(batch, channels, depth, height, width)``,
        floating dtype.
    mode : {'constant', 'edge', 'reflect'}
        What the border holds: `constant_value`; the nearest element; or the elements mirrored at
        the edge, which itself is not repeated and must be further off than the border is wide.
    pad_width : tuple of int
        Elements to add before and after, axis by axis: ``(before_0, after_0, before_1, ...)``.
        The first four must be 0.
    constant_value : float, default 0
        For mode ``'constant'``.

    Examples
    --------
    >>> x = mx.nd.array([[[[1, 2]]]])
    >>> mx.nd.pad(x, mode="edge", pad_width=(0, 0, 0, 0, 0, 0, 1, 2)).asnumpy().tolist()
    [[[[1.0, 1.0, 2.0, 2.0, 2.0]]]]
    """
    _padded(tuple(data.shape), {"pad_width": pad_width})
    pairs = [pad_width[2 * axis : 2 * axis + 2] for axis in range(data.dim())]
    widths = [width for pair in reversed(pairs[2:]) for width in pair]
    value = constant_value if mode == "constant" else None
    return functional.pad(data, widths, _MODES[mode], value)
