"""Order of elements in memory: fast transposition of large arrays."""

from __future__ import annotations

import math
from functools import lru_cache

import torch

_LARGE = 2**15
"""Elements; below that torch's copy takes no longer."""
_NARROW = 8
"""Rows or columns; below that torch's copy is as fast."""
_CACHED = 2**17
"""Elements of one matrix that lie in a core's cache."""
_VERY_LARGE = 2**19
"""Elements; below that a copy in strips takes longer to begin than it spares."""
_LINE, _SETS, _WAYS = 64, 64, 12
"""Bytes of a line of a core's first cache, its sets, and how many lines each of them holds."""
_SECOND = 2**14
"""Lines that lie in a core's second cache."""
_LEAST = 32
"""Columns of a strip."""


def in_order(tensor: torch.Tensor) -> torch.Tensor:
    """Return a tensor whose last axis varies fastest in memory: itself if it lies so already.

    Matrices that lie transposed in memory, batches of them, and images whose channels change place
    are moved by the kernel of channel_shuffle, which is two to three times as fast as torch's copy:
    to shuffle C * P channels in C groups is to transpose a matrix of C rows.
    """
    if tensor.numel() < _LARGE or tensor.is_contiguous():
        return tensor.contiguous()
    if tensor.dtype is torch.int32:  # the kernel is fast for floats; it does not look at them
        return in_order(tensor.view(torch.float32)).view(torch.int32)
    if tensor.device.type == "cpu":
        matrices = _as_matrices(tuple(tensor.shape), tensor.stride())
        if matrices is not None:
            return _moved(tensor, *matrices)
    return tensor.contiguous()


def _moved(tensor: torch.Tensor, batch: int, rows: int, columns: int) -> torch.Tensor:
    """Return in order a tensor that is a batch of matrices which lie transposed."""
    fits = columns <= rows or rows * columns <= _CACHED
    if tensor.dtype is torch.float32 and fits and torch.get_num_threads() <= 3 * batch:
        lying = tensor.reshape(batch, rows, columns).transpose(1, 2)
        pixels = lying.reshape(batch, 1, 1, rows * columns).permute(0, 3, 1, 2)
        shuffled = torch.channel_shuffle(pixels, columns)
        return shuffled.permute(0, 2, 3, 1).reshape(tensor.shape)
    made = torch.empty_like(tensor, memory_format=torch.contiguous_format)
    copy_to(made, tensor)
    return made


def copy_to(target: torch.Tensor, source: torch.Tensor) -> None:
    """Copy a tensor to another of the same shape.

    Torch writes one row after another. Where the source's matrices lie transposed it reads each
    element of a row from another line of memory, and finds the next row's in the same lines, if
    these are still in the cache. So strips of few columns are copied where they would not be.
    """
    matrices = None
    if source.numel() >= _VERY_LARGE and source.device.type == "cpu" and target.is_contiguous():
        matrices = _as_matrices(tuple(source.shape), source.stride())
    width = 0 if matrices is None else _strip_width(*matrices[1:], source.element_size())
    if matrices is None or width == 0:
        target.copy_(source)
        return
    whole, lying = target.view(matrices), source.reshape(matrices)
    for first in range(0, matrices[2], width):
        strip = slice(first, first + width)
        whole[:, :, strip].copy_(lying[:, :, strip])


def _strip_width(rows: int, columns: int, size: int) -> int:
    """Return how many columns, of elements of `size` bytes, to copy at once; 0 stands for all."""
    # Lines share few sets if their distance is a multiple of a large power of two.
    sharing = max(1, math.gcd(rows * size, _LINE * _SETS) // _LINE)
    width = max(_WAYS * _SETS // sharing, _LEAST)
    return 0 if columns <= (width if sharing > 1 else _SECOND) else width


def copy_in_order(tensor: torch.Tensor) -> torch.Tensor:
    """Return a copy of a tensor whose last axis varies fastest in memory."""
    return tensor.clone() if tensor.is_contiguous() else in_order(tensor)


@lru_cache(maxsize=4096)
def _as_matrices(shape: tuple[int, ...], strides: tuple[int, ...]) -> tuple[int, int, int] | None:
    """Return (batch, rows, columns) if a tensor is a batch of matrices that lie transposed.

    None as well where they are so narrow that torch's copy is as fast.
    """
    axes: list[tuple[int, int]] = []
    for size, stride in zip(shape, strides, strict=True):
        if size == 1:
            continue
        if axes and axes[-1][1] == stride * size:
            axes[-1] = (axes[-1][0] * size, stride)
        else:
            axes.append((size, stride))
    if len(axes) == 2:
        axes.insert(0, (1, axes[0][0] * axes[1][0]))
    if len(axes) != 3:
        return None
    (batch, apart), (rows, between), (columns, along) = axes
    lies = between == 1 and along == rows and apart == rows * columns
    return (batch, rows, columns) if lies and min(rows, columns) >= _NARROW else None


def channels_last(images: torch.Tensor) -> torch.Tensor:
    """Return images of shape (N, C, H, W) with the channels varying fastest in memory."""
    return in_order(images.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
