"""Operators that repeat elements or whole arrays."""

from __future__ import annotations

import torch

from ...base import MXNetError
from ..attributes import NonNegativeInt, Shape
from ..registry import Attrs, operator
from .rules import axis_index, forward, product


def _repeated(shape: tuple[int, ...], attrs: Attrs) -> tuple[int, ...]:
    repeats = attrs["repeats"]
    if attrs["axis"] is None:
        return (product((*shape, repeats)),)
    axis = axis_index(attrs["axis"], len(shape))
    return (*shape[:axis], product((shape[axis], repeats)), *shape[axis + 1 :])


@operator("repeat", shapes=forward(_repeated))
def repeat(data: torch.Tensor, *, repeats: NonNegativeInt, axis: int | None = None) -> torch.Tensor:
    """Return an array with each element repeated in place.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape and dtype.
    repeats : int
        How often each element stands in the result, at least 0.
    axis : int or None, default None
        The axis along which to repeat; None repeats the elements of the flattened array.

    Examples
    --------
    >>> x = mx.nd.array([[1, 2], [3, 4]])
    >>> mx.nd.repeat(x, repeats=2).asnumpy().tolist()
    [1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 4.0, 4.0]
    >>> mx.nd.repeat(x, repeats=2, axis=0).asnumpy().tolist()
    [[1.0, 2.0], [1.0, 2.0], [3.0, 4.0], [3.0, 4.0]]
    """
    if axis is None:
        return data.reshape(data.numel()).repeat_interleave(repeats)
    return data.repeat_interleave(repeats, axis_index(axis, data.dim()))


def _tiled(shape: tuple[int, ...], attrs: Attrs) -> tuple[int, ...]:
    reps = attrs["reps"]
    rank = max(len(shape), len(reps))
    sizes = (1,) * (rank - len(shape)) + shape
    times = (1,) * (rank - len(reps)) + reps
    return tuple(product(pair) for pair in zip(sizes, times, strict=True))


@operator("tile", shapes=forward(_tiled))
def tile(data: torch.Tensor, *, reps: Shape) -> torch.Tensor:
    """Return an array made of copies of another.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape and dtype.
    reps : int or tuple of int
        How many copies stand side by side along each axis; where `reps` or the shape of `data`
        is shorter, ones are put before it.

    Examples
    --------
    >>> mx.nd.tile(mx.nd.array([[1, 2]]), reps=(2, 2)).asnumpy().tolist()
    [[1.0, 2.0, 1.0, 2.0], [1.0, 2.0, 1.0, 2.0]]
    """
    if any(times < 0 for times in reps):
        raise MXNetError(f"reps is {reps}, but must not hold negative numbers")
    return data.tile(reps)
