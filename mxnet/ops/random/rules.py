"""Shapes and dtypes of random operators, and how parameters line up with their draws."""

from __future__ import annotations

from typing import Any

import torch

from ...base import MXNetError
from ...dtype import torch_dtype
from ...util import is_np_shape
from ..registry import Attrs, DTypes, Shapes
from ..rules import same_types, unify


def shape_attribute(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    """The output has the shape that the attribute names, in which -1 stands for unknown, and so
    does 0, except under NumPy semantics of shapes."""
    lengths, least = attrs["shape"], 0 if is_np_shape() else 1
    if len(lengths) < least:
        return inputs, outputs
    named = tuple(length if length >= least else -1 for length in lengths)
    return inputs, [unify(outputs[0], named)]


def dtype_attribute(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    """The inputs have one dtype; the output has the one named, float32 where none is."""
    known, _ = same_types(inputs, [], attrs)
    return known, [torch_dtype(attrs["dtype"] or "float32")]


def draws_per_parameter(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    """The parameters have one shape, and the output that shape followed by the attribute's."""
    whole, drawn = outputs[0], tuple(attrs["shape"])
    shape = None if whole is None else tuple(whole[: max(len(whole) - len(drawn), 0)])
    for known in inputs:
        shape = unify(shape, known)
    return [shape] * len(inputs), [whole if shape is None else unify(whole, (*shape, *drawn))]


def drawn_shape(
    shape: tuple[int, ...] | None, output_shape: tuple[int, ...] | None
) -> tuple[int, ...]:
    """Return the shape of the attribute, or where it is not fully known the inferred one."""
    if shape and min(shape) > 0:
        return shape
    known = shape if output_shape is None else output_shape
    if (not known and output_shape is None) or min(known or (), default=0) < 0:
        raise MXNetError(f"shape is {shape}, but must say how many numbers to draw")
    return known or ()


def align(sample: torch.Tensor, parameters: dict[str, torch.Tensor]) -> list[torch.Tensor]:
    """Return parameters with axes of length 1 added, so that each faces its own samples.

    Raises
    ------
    MXNetError
        If a parameter's shape does not begin the shape of `sample`.
    """
    aligned = []
    for name, parameter in parameters.items():
        rank = parameter.ndim
        if sample.shape[:rank] != parameter.shape:
            raise MXNetError(
                f"sample has shape {tuple(sample.shape)}, but its first axes must be those of "
                f"{name} {tuple(parameter.shape)}"
            )
        aligned.append(parameter.reshape(parameter.shape + (1,) * (sample.ndim - rank)))
    return aligned


def parameters_share_shape(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    """The output has the first input's shape; the other inputs share one shape."""
    shape: Any = None
    for known in inputs[1:]:
        shape = unify(shape, known)
    whole = unify(inputs[0], outputs[0])
    return [whole, *[shape] * (len(inputs) - 1)], [whole]
