"""Shared rules for shapes and types, and shared gradient rules.

A partial shape is None where the number of dimensions is unknown, else a tuple in which -1 stands
for an unknown dimension.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from ..base import MXNetError
from ..dtype import NAME_OF_TORCH, torch_dtype
from .registry import Attrs, Backward, DTypes, Shapes

PartialShape = tuple[int, ...] | None


def is_known(shape: PartialShape) -> bool:
    """Return whether every dimension of `shape` is known."""
    return shape is not None and -1 not in shape


def unify(first: PartialShape, second: PartialShape) -> PartialShape:
    """Return what both partial shapes together say of one shape.

    Raises
    ------
    MXNetError
        If they contradict each other.
    """
    if first is None or first == second:
        return second
    if second is None:
        return first
    if len(first) != len(second):
        raise MXNetError(f"shapes {first} and {second} differ, but must be equal")
    merged = []
    for a, b in zip(first, second, strict=True):
        if a != b and -1 not in (a, b):
            raise MXNetError(f"shapes {first} and {second} differ, but must be equal")
        merged.append(b if a == -1 else a)
    return tuple(merged)


def same_shapes(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    """All inputs and outputs have one shape; what any of them knows, all of them get."""
    first = inputs[0] if inputs else None
    if first is not None and -1 not in first:  # the common case: one known input decides
        for other in inputs:
            if other != first:
                break
        else:
            for other in outputs:
                if other is not None:
                    unify(first, other)
            return inputs, [first] * len(outputs)
    shape: PartialShape = None
    for known in (*inputs, *outputs):
        shape = unify(shape, known)
    return [shape] * len(inputs), [shape] * len(outputs)


def broadcast(first: PartialShape, second: PartialShape) -> PartialShape:
    """Return the shape that two shapes broadcast to, as far as it is known."""
    if first is None or second is None:
        return None
    rank = max(len(first), len(second))
    merged = []
    for a, b in zip(
        (1,) * (rank - len(first)) + first, (1,) * (rank - len(second)) + second, strict=True
    ):
        if a == b or b == 1:
            merged.append(a)
        elif a == 1:
            merged.append(b)
        elif -1 in (a, b):
            merged.append(max(a, b))  # the known one; the other is 1 or the same
        else:
            raise MXNetError(f"shapes {first} and {second} do not broadcast")
    return tuple(merged)


def broadcast_shapes(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    """The output's shape is what the inputs broadcast to; nothing flows back to the inputs."""
    shape = inputs[0]
    for other in inputs[1:]:
        shape = broadcast(shape, other)
    return inputs, [unify(shape, known) for known in outputs]


def same_types(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    """All inputs and outputs have one dtype; this is the rule of operators that name no other."""
    dtype = None
    for known in (*inputs, *outputs):
        if known is None or known is dtype:
            continue
        if dtype is not None:
            raise MXNetError(
                f"inputs are {NAME_OF_TORCH[dtype]} and {NAME_OF_TORCH[known]}, "
                "but must have one dtype"
            )
        dtype = known
    return [dtype] * len(inputs), [dtype] * len(outputs)


def attribute_type(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    """The outputs have the dtype that the attribute `dtype` names (float32 for None)."""
    dtype = torch_dtype(attrs["dtype"] or "float32")
    return inputs, [dtype] * len(outputs)


def float32_output(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    """The outputs are float32 whatever the inputs are."""
    return inputs, [torch.float32] * len(outputs)


def int64_output(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    """The outputs are int64 whatever the inputs are."""
    return inputs, [torch.int64] * len(outputs)


def first_input_type(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    """The outputs have the first input's dtype; the others (indices, lengths) may have any."""
    known = (
        inputs[0] if inputs[0] is not None else next((o for o in outputs if o is not None), None)
    )
    return [known, *inputs[1:]], [known] * len(outputs)


def zero_gradient(backward: Backward) -> list[Any]:
    """The gradient of a function that MXNet holds to be flat: zeros."""
    return [
        torch.zeros_like(value) if need else None
        for value, need in zip(backward.inputs, backward.needs, strict=True)
    ]


def require_count(data: Sequence[Any], num_arrays: int) -> None:
    """Refuse another number of arrays than an operator was told."""
    if len(data) != num_arrays:
        raise MXNetError(f"there are {len(data)} arrays, but num_arrays is {num_arrays}")


class _Refusing(torch.autograd.Function):
    """The identity of a gradient that has itself none."""

    generate_vmap_rule = True

    @staticmethod
    def forward(grad: torch.Tensor, whose: str, *sources: torch.Tensor) -> torch.Tensor:
        return grad.view_as(grad)

    @staticmethod
    def setup_context(ctx: Any, inputs: Any, output: Any) -> None:
        ctx.whose = inputs[1]

    @staticmethod
    def backward(ctx: Any, *grads: torch.Tensor) -> Any:
        raise MXNetError(f"the gradient of {ctx.whose} can not be differentiated again.")


def refuse_second_order(
    grad: torch.Tensor, whose: str, sources: Sequence[torch.Tensor] = ()
) -> torch.Tensor:
    """Return a gradient that says whose it is where somebody differentiates it again.

    `sources` are the tensors that it was made from outside torch's tape.
    """
    return _Refusing.apply(grad, whose, *sources)


class _FirstOrder(torch.autograd.Function):
    """The identity of an input whose gradient torch can not differentiate again."""

    generate_vmap_rule = True

    @staticmethod
    def forward(tensor: torch.Tensor, whose: str) -> torch.Tensor:
        return tensor.view_as(tensor)

    @staticmethod
    def setup_context(ctx: Any, inputs: Any, output: Any) -> None:
        ctx.whose = inputs[1]

    @staticmethod
    def backward(ctx: Any, grad: torch.Tensor) -> Any:
        again = torch.is_grad_enabled() and grad.requires_grad
        return refuse_second_order(grad, ctx.whose) if again else grad, None


def first_order(tensor: torch.Tensor, whose: str) -> torch.Tensor:
    """Return an input of an operator whose kernel has no second derivative, so that it says so."""
    return _FirstOrder.apply(tensor, whose) if tensor.requires_grad else tensor


def require_same_shape(lhs: torch.Tensor, rhs: torch.Tensor) -> None:
    """Refuse two tensors of different shape, for operators that do not broadcast."""
    if lhs.shape != rhs.shape:
        raise MXNetError(
            f"lhs has shape {tuple(lhs.shape)} and rhs {tuple(rhs.shape)}, but they must be equal "
            "(broadcast_* operators broadcast)"
        )
