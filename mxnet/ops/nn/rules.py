"""Rules and small helpers that several layers share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch

from ...base import MXNetError
from ...dtype import NAME_OF_TORCH
from ..layout import channels_last, in_order
from ..registry import Attrs, DTypes, Operator, Shapes
from ..rules import PartialShape, unify

UNKNOWN = -1


def product(sizes: Sequence[int]) -> int:
    """Return the product of sizes, UNKNOWN if one of them is."""
    total = 1
    for size in sizes:
        if size == UNKNOWN:
            return UNKNOWN
        total *= size
    return total


def agree(
    name: str,
    given: PartialShape,
    wanted: tuple[int, ...],
    data: PartialShape,
    attrs: Attrs,
    *because: str,
) -> tuple[int, ...]:
    """Return what is known of an input's shape that follows from the data's shape.

    Parameters
    ----------
    name : str
        The input.
    given : tuple of int or None
        What is known of its shape.
    wanted : tuple of int
        What follows.
    data : tuple of int or None
        The shape that it follows from.
    attrs : mapping
        The operator's attributes.
    *because : str
        Those attributes that matter here.

    Raises
    ------
    MXNetError
        If both contradict each other.
    """
    if given is None or given == wanted:
        return wanted
    try:
        return unify(given, wanted) or wanted
    except MXNetError:
        reasons = "".join(f" and {attribute}={attrs[attribute]}" for attribute in because)
        raise MXNetError(
            f"{name} has shape {_plain(given)}, but {_plain(wanted)} follows from data "
            f"{_plain(data)}{reasons}"
        ) from None


def _plain(shape: PartialShape) -> PartialShape:
    return None if shape is None else tuple(shape)


def refuse_shapes(operator: Operator, tensors: Sequence[torch.Tensor | None], attrs: Attrs) -> None:
    """Raise what the operator's shape rule says of these tensors; return if it finds no fault."""
    shapes: Shapes = [None if tensor is None else tuple(tensor.shape) for tensor in tensors]
    if operator.shapes is not None:
        operator.shapes(shapes, [None] * operator.count_outputs(attrs), attrs)


def require_floating(data: torch.Tensor) -> None:
    """Refuse data of whole numbers, for layers that are defined on floats alone."""
    if not data.dtype.is_floating_point:
        raise MXNetError(f"data is {NAME_OF_TORCH[data.dtype]}, but must be of a floating dtype")


def check_bias(bias: torch.Tensor | None, no_bias: bool) -> None:
    """Refuse a bias under `no_bias`, and none without."""
    if (bias is None) != no_bias:
        given = "missing" if bias is None else "given"
        raise MXNetError(f"bias is {given}, but no_bias is {no_bias}")


def inputs_with_bias(attrs: Attrs) -> tuple[str, ...]:
    """Return the inputs of a layer with weight and bias: no bias under `no_bias`."""
    return ("data", "weight") if attrs["no_bias"] else ("data", "weight", "bias")


def first_of(known: DTypes) -> Any:
    """Return the first dtype that is known, or None."""
    return next((dtype for dtype in known if dtype is not None), None)


def one_type(dtype: Any, inputs: DTypes, names: Sequence[str]) -> list[Any]:
    """Return `dtype` for every input, and refuse inputs that are known to have another.

    Raises
    ------
    MXNetError
        If one of them has another dtype.
    """
    for name, known in zip(names, inputs, strict=False):
        if known is not None and dtype is not None and known is not dtype:
            raise MXNetError(
                f"{name} is {NAME_OF_TORCH[known]}, but must be {NAME_OF_TORCH[dtype]}"
            )
    return [dtype if known is None else known for known in inputs]


def as_channels_last(data: torch.Tensor, fewest: int = 1) -> torch.Tensor:
    """Return images of at least `fewest` channels on a CPU in channels-last memory.

    Torch's CPU kernels for convolution and pooling are up to 4 times as fast on that memory format,
    which they pass on, so that a network pays for the conversion once. Shapes stay (N, C, H, W).
    """
    if data.dim() != 4 or data.shape[1] < fewest or data.device.type != "cpu":
        return data
    if data.shape[1] == 1:  # both formats at once; these strides make torch choose channels last
        batch, _, height, width = data.shape
        return data.reshape(batch, height, width, 1).permute(0, 3, 1, 2)
    try:
        if data.is_contiguous(memory_format=torch.channels_last):
            return data
        return channels_last(data)
    except RuntimeError:  # inside torch.func.vmap, which knows no memory formats
        return data


def in_format_of(tensor: torch.Tensor, like: torch.Tensor) -> torch.Tensor:
    """Return `tensor` in the memory format of `like`: torch is slow where gradients differ."""
    if like.dim() != 4 or not like.is_contiguous(memory_format=torch.channels_last):
        return in_order(tensor)
    if tensor.is_contiguous(memory_format=torch.channels_last):
        return tensor
    return channels_last(tensor)


def by_tape(
    function: Callable[..., Any], leaves: Sequence[torch.Tensor], grad: torch.Tensor
) -> tuple[torch.Tensor, ...]:
    """Return the derivatives of `function` at `leaves` through torch's tape, for rare cases.

    They can be differentiated themselves where torch tapes what a gradient does.
    """
    again = torch.is_grad_enabled() and any(each.requires_grad for each in (*leaves, grad))
    fresh = [
        leaf if again and leaf.requires_grad else leaf.detach().requires_grad_() for leaf in leaves
    ]
    with torch.enable_grad():
        result = function(*fresh)
    return torch.autograd.grad(result, fresh, grad, create_graph=again)
