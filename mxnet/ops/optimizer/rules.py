"""What all updates share: checks of their arrays, dtypes in mixed precision, the gradient's use."""

from __future__ import annotations

from functools import partial
from typing import Any

import torch

from ...base import MXNetError
from ...dtype import NAME_OF_TORCH
from ..registry import Attrs, DTypes, Shapes, operator
from ..rules import same_shapes, same_types

Number = float | torch.Tensor
"""A hyperparameter: an attribute, or a tensor of one element that a step before computed."""

update = partial(operator, shapes=same_shapes)
"""Registers an update whose arrays all have the weight's shape."""


def check(weight: torch.Tensor, **others: torch.Tensor) -> None:
    """Refuse a weight that is not floating, and arrays of another shape than the weight's."""
    if not weight.is_floating_point():
        name = NAME_OF_TORCH[weight.dtype]
        raise MXNetError(f"weight is {name}, but must have a floating dtype")
    for name, array in others.items():
        if array.shape != weight.shape:
            raise MXNetError(
                f"{name} has shape {tuple(array.shape)}, but must have the weight's, "
                f"{tuple(weight.shape)}"
            )


def check_single(**numbers: torch.Tensor) -> None:
    """Refuse arrays that do not hold one number."""
    for name, array in numbers.items():
        if array.numel() != 1:
            raise MXNetError(f"{name} has shape {tuple(array.shape)}, but must hold one number")


def clipped(array: torch.Tensor, bound: float) -> torch.Tensor:
    """Return `array` within [-bound, bound]; a negative bound clips nothing."""
    return array.clamp(-bound, bound) if bound >= 0 else array


def scaled(grad: torch.Tensor, rescale_grad: Number, clip_gradient: float) -> torch.Tensor:
    """Return the gradient times `rescale_grad`, clipped."""
    if isinstance(rescale_grad, torch.Tensor) or rescale_grad != 1:
        grad = grad * rescale_grad
    return clipped(grad, clip_gradient)


def decayed(
    weight: torch.Tensor, grad: torch.Tensor, wd: float, rescale_grad: float, clip_gradient: float
) -> torch.Tensor:
    """Return the scaled gradient plus `wd` times the weight, clipped after the sum."""
    grad = scaled(grad, rescale_grad, -1)
    return clipped(grad.add(weight, alpha=wd) if wd else grad, clip_gradient)


def subtract(target: torch.Tensor, array: torch.Tensor, factor: Number) -> torch.Tensor:
    """Take `factor` times `array` off `target` in place, and return it."""
    if isinstance(factor, torch.Tensor):
        return target.addcmul_(array, factor.to(target.dtype), value=-1)
    return target.sub_(array, alpha=factor)


def in_full_precision(step: Any, weight32: torch.Tensor, grad: torch.Tensor, *rest: Any) -> Any:
    """Run a step on the float32 copy of a weight, and return the weight in its own dtype."""
    weight32.copy_(step(weight32, grad.to(weight32.dtype), *rest))
    return weight32.to(grad.dtype)


def _leading(count: int, inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    low, results = same_types(inputs[:count], outputs, attrs)
    full, _ = same_types([torch.float32, *inputs[count:]], [], attrs)
    return [*low, *full[1:]], results


low_precision_weight = partial(_leading, 2)
"""Weight, gradient and output have one dtype; every other input is float32."""


def float32_last(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    """The last input is float32; the others and the output have one dtype."""
    return _leading(len(inputs) - 1, inputs, outputs, attrs)


def numbers_last(count: int) -> Any:
    """Return a shape rule: the last `count` inputs have shape (1,), the rest share one shape."""

    def rule(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
        arrays, results = same_shapes(inputs[:-count], outputs, attrs)
        return [*arrays, *(shape or (1,) for shape in inputs[-count:])], results

    return rule
