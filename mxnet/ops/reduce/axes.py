"""Which axes a reduction removes, and what shape is left.

MXNet's legacy operators know no 0-d arrays: a reduction of all axes gives shape (1,).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

import torch

from ...base import MXNetError
from ..registry import Attrs, Shapes, operator
from ..rules import unify


@lru_cache(maxsize=4096)
def reduced_axes(axis: tuple[int, ...] | None, rank: int, exclude: bool = False) -> tuple[int, ...]:
    """Return the axes to reduce, sorted and counted from 0.

    Parameters
    ----------
    axis : tuple of int or None
        The attribute; None and () mean all axes, whatever `exclude` says.
    rank : int
        The number of dimensions.
    exclude : bool, default False
        Whether `axis` names the axes to keep.

    Raises
    ------
    MXNetError
        If an axis does not exist or comes twice.
    """
    if not axis:
        return tuple(range(rank))
    axes = sorted(normalized(each, rank) for each in axis)
    if len(set(axes)) < len(axes):
        raise MXNetError(f"attribute axis is {axis}, but must name each axis once")
    return tuple(i for i in range(rank) if i not in axes) if exclude else tuple(axes)


def normalized(axis: int, rank: int) -> int:
    """Return `axis` counted from 0.

    Raises
    ------
    MXNetError
        If there is no such axis.
    """
    if not -rank <= axis < rank:
        raise MXNetError(
            f"attribute axis is {axis}, but must be from {-rank} to {rank - 1} for data of {rank} "
            "dimensions"
        )
    return axis % rank


def reduced_shape(shape: Any, axes: tuple[int, ...], keepdims: bool) -> tuple[int, ...]:
    """Return the shape after the reduction of `axes`."""
    if keepdims:
        return tuple([1 if i in axes else n for i, n in enumerate(shape)])
    return tuple([n for i, n in enumerate(shape) if i not in axes]) or (1,)


def reduce_shapes(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    """The shape rule of reductions with the attributes `axis`, `keepdims` and perhaps `exclude`."""
    if inputs[0] is None:
        return inputs, outputs
    axes = reduced_axes(attrs["axis"], len(inputs[0]), attrs.get("exclude", False))
    shape = reduced_shape(inputs[0], axes, attrs["keepdims"])
    return inputs, [unify(shape, known) for known in outputs]


reduction = partial(operator, shapes=reduce_shapes)

Kernel = Callable[[torch.Tensor, tuple[int, ...], bool], torch.Tensor]


def reduce_with(
    kernel: Kernel,
    data: torch.Tensor,
    axis: tuple[int, ...] | None,
    keepdims: bool,
    exclude: bool = False,
) -> torch.Tensor:
    """Return ``kernel(data, axes, keepdims)`` over the axes that the attributes name."""
    axes = reduced_axes(axis, data.dim(), exclude)
    result = kernel(data, axes, keepdims) if axes else data.clone()  # torch takes none for all
    return result if result.dim() or keepdims else result.reshape(1)


def with_reduced_axes(tensor: torch.Tensor, data: torch.Tensor, attrs: Attrs) -> torch.Tensor:
    """Return a result, or its gradient, with the reduced axes of `data` back, of length 1."""
    axes = reduced_axes(attrs["axis"], data.dim(), attrs.get("exclude", False))
    return tensor.reshape(reduced_shape(data.shape, axes, True))


def in_float32(kernel: Kernel) -> Kernel:
    """Return a kernel that computes float16 and bfloat16 in float32, and integers in float64."""

    def computed(data: torch.Tensor, axes: tuple[int, ...], keepdims: bool) -> torch.Tensor:
        dtype = data.dtype
        if dtype in (torch.float32, torch.float64):
            return kernel(data, axes, keepdims)
        wide = data.float() if dtype.is_floating_point else data.double()
        return kernel(wide, axes, keepdims).to(dtype)

    return computed
