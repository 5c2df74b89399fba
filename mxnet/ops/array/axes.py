"""Operators that reorder the axes of an array, or the elements along them."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

import torch

from ...base import MXNetError
from ..attributes import Shape
from ..registry import Attrs, Backward, operator
from ..rules import same_shapes
from .rules import UNKNOWN, axis_index, both_ways, forward, product, require_rank


@lru_cache(maxsize=4096)
def _order(axes: tuple[int, ...], rank: int) -> tuple[int, ...]:
    """Return the permutation that the attribute axes asks for."""
    if not axes:
        return tuple(range(rank))[::-1]
    if sorted(axes) != list(range(rank)):
        raise MXNetError(f"axes is {axes}, but must be a permutation of {tuple(range(rank))}")
    return axes


def _inverse(order: tuple[int, ...]) -> list[int]:
    return sorted(range(len(order)), key=order.__getitem__)


@operator(
    "transpose",
    shapes=both_ways(
        lambda shape, attrs: tuple(shape[axis] for axis in _order(attrs["axes"], len(shape))),
        lambda shape, attrs: tuple(
            shape[axis] for axis in _inverse(_order(attrs["axes"], len(shape)))
        ),
    ),
)
def transpose(data: torch.Tensor, *, axes: Shape = ()) -> torch.Tensor:
    """Return an array with its axes in another order.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape and dtype.
    axes : tuple of int
        ``axes[i]`` is the axis of `data` that becomes axis `i`, counted from 0; the default, an
        empty tuple, reverses all axes.

    Returns
    -------
    NDArray or Symbol
        Same dtype as `data`.

    Examples
    --------
    >>> x = mx.nd.zeros((2, 3, 4))
    >>> mx.nd.transpose(x).shape, mx.nd.transpose(x, axes=(1, 0, 2)).shape
    ((4, 3, 2), (3, 2, 4))
    """
    return torch.permute(data, _order(axes, data.dim()))  # the method takes a tuple more slowly


@transpose.fast_gradient
def _(b: Backward):
    return (b.grads[0].permute(_inverse(_order(b.attrs["axes"], b.inputs[0].dim()))),)


def _swapped(shape: tuple[int, ...], attrs: Attrs) -> tuple[int, ...]:
    first = axis_index(attrs["dim1"], len(shape), "dim1")
    second = axis_index(attrs["dim2"], len(shape), "dim2")
    sizes = list(shape)
    sizes[first], sizes[second] = shape[second], shape[first]
    return tuple(sizes)


@operator("SwapAxis", aliases=("swapaxes",), shapes=both_ways(_swapped, _swapped))
def swap_axis(data: torch.Tensor, *, dim1: int = 0, dim2: int = 0) -> torch.Tensor:
    """Return an array with two of its axes exchanged.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape and dtype.
    dim1, dim2 : int, default 0
        The two axes; a negative one counts from the last.

    Examples
    --------
    >>> mx.nd.swapaxes(mx.nd.zeros((2, 3, 4)), 0, 2).shape
    (4, 3, 2)
    """
    rank = data.dim()
    return data.transpose(axis_index(dim1, rank, "dim1"), axis_index(dim2, rank, "dim2"))


@operator("reverse", aliases=("flip",), shapes=same_shapes)
def reverse(data: torch.Tensor, *, axis: Shape) -> torch.Tensor:
    """Return an array with its elements in the opposite order along some axes.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape and dtype.
    axis : int or tuple of int
        The axes, counted from 0; one that is named twice is reversed twice.

    Examples
    --------
    >>> mx.nd.flip(mx.nd.array([[1, 2], [3, 4]]), axis=1).asnumpy().tolist()
    [[2.0, 1.0], [4.0, 3.0]]
    """
    if not all(0 <= one < data.dim() for one in axis):
        raise MXNetError(f"axis is {axis}, but data has the axes {tuple(range(data.dim()))}")
    return data.flip([one for one, times in Counter(axis).items() if times % 2])


def _blocks(shape: tuple[int, ...], size: int, divisors: tuple[int, int, int]) -> None:
    """Refuse a shape whose axes 1, 2 and 3 are no multiples of `divisors`."""
    require_rank("data", shape, 4)
    if size < 1:
        raise MXNetError(f"block_size is {size}, but must be at least 1")
    for axis, divisor in enumerate(divisors, 1):
        if shape[axis] != UNKNOWN and shape[axis] % divisor:
            raise MXNetError(
                f"data has shape {shape}, but axis {axis} must be a multiple of {divisor} "
                f"for block_size={size}"
            )


def _divide(dimension: int, divisor: int) -> int:
    return UNKNOWN if dimension == UNKNOWN else dimension // divisor


def _spread(shape: tuple[int, ...], attrs: Attrs) -> tuple[int, ...]:
    size = attrs["block_size"]
    _blocks(shape, size, (size * size, 1, 1))
    batch, depth, height, width = shape
    return (
        batch,
        _divide(depth, size * size),
        product((height, size)),
        product((width, size)),
    )


def _gathered(shape: tuple[int, ...], attrs: Attrs) -> tuple[int, ...]:
    size = attrs["block_size"]
    _blocks(shape, size, (1, size, size))
    batch, depth, height, width = shape
    return (
        batch,
        product((depth, size, size)),
        _divide(height, size),
        _divide(width, size),
    )


@operator("depth_to_space", shapes=forward(_spread))
def depth_to_space(data: torch.Tensor, *, block_size: int) -> torch.Tensor:
    """Return an image whose blocks of pixels come from the channels of `data`.

    Parameters
    ----------
    data : NDArray or Symbol
        Shape ``(batch, channels, height, width)``; `block_size` squared divides the channels.
        Channel ``(i * block_size + j) * k + c`` becomes row `i` and column `j` of the blocks of
        channel `c`, with `k` channels in the result.
    block_size : int
        Height and width of a block in pixels, at least 1.

    Returns
    -------
    NDArray or Symbol
        Shape ``(batch, k, height * block_size, width * block_size)``.

    Examples
    --------
    >>> x = mx.nd.arange(4).reshape((1, 4, 1, 1))
    >>> mx.nd.depth_to_space(x, block_size=2).asnumpy().tolist()
    [[[[0.0, 1.0], [2.0, 3.0]]]]
    """
    target = _spread(tuple(data.shape), {"block_size": block_size})
    batch, _, height, width = data.shape
    split = data.reshape(batch, block_size, block_size, target[1], height, width)
    return split.permute(0, 3, 4, 1, 5, 2).reshape(target)


@operator("space_to_depth", shapes=forward(_gathered))
def space_to_depth(data: torch.Tensor, *, block_size: int) -> torch.Tensor:
    """Return an image whose channels come from the blocks of pixels of `data`.

    The inverse of `depth_to_space`.

    Parameters
    ----------
    data : NDArray or Symbol
        Shape ``(batch, channels, height, width)``; `block_size` divides height and width.
    block_size : int
        Height and width of a block in pixels, at least 1.

    Returns
    -------
    NDArray or Symbol
        Shape ``(batch, channels * block_size ** 2, height / block_size, width / block_size)``.

    Examples
    --------
    >>> x = mx.nd.arange(4).reshape((1, 1, 2, 2))
    >>> mx.nd.space_to_depth(x, block_size=2).shape
    (1, 4, 1, 1)
    """
    target = _gathered(tuple(data.shape), {"block_size": block_size})
    batch, depth = data.shape[:2]
    split = data.reshape(batch, depth, target[2], block_size, target[3], block_size)
    return split.permute(0, 3, 5, 1, 2, 4).reshape(target)
