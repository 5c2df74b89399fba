"""Shape rules that the operators of this area share."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from ...base import MXNetError
from ..registry import Attrs, Shapes
from ..rules import PartialShape, is_known, unify

UNKNOWN = -1

ShapeRule = Callable[[Shapes, Shapes, Attrs], tuple[Shapes, Shapes]]


def axis_index(axis: int, rank: int, name: str = "axis") -> int:
    """Return `axis` counted from the front.

    Raises
    ------
    MXNetError
        If an array of `rank` dimensions has no such axis.
    """
    if not -rank <= axis < rank:
        raise MXNetError(f"{name} is {axis}, but the array has {rank} dimensions")
    return axis % rank


def require_rank(name: str, shape: Sequence[int], rank: int) -> None:
    """Refuse an argument that has not exactly `rank` dimensions."""
    if len(shape) != rank:
        raise MXNetError(
            f"{name} has shape {tuple(shape)}, but must have {rank} dimension{'s' * (rank > 1)}"
        )


def product(dimensions: Sequence[int]) -> int:
    """Return the product of `dimensions`, or -1 if one of them is unknown."""
    return UNKNOWN if UNKNOWN in dimensions else math.prod(dimensions)


def forward(shape_of: Callable[[tuple[int, ...], Attrs], PartialShape]) -> ShapeRule:
    """Return the rule of an operator of one input: its output has ``shape_of(data, attrs)``.

    Nothing flows back to the input.
    """

    def rule(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
        if inputs[0] is None:
            return inputs, outputs
        return inputs, [unify(shape_of(inputs[0], attrs), outputs[0])]

    return rule


def both_ways(
    shape_of: Callable[[tuple[int, ...], Attrs], PartialShape],
    inverse: Callable[[tuple[int, ...], Attrs], PartialShape],
) -> ShapeRule:
    """Return the rule of an operator of one input that also knows its input's shape.

    Parameters
    ----------
    shape_of : callable(data, attrs) -> shape
        The output's shape.
    inverse : callable(output, attrs) -> shape
        The input's shape; it is asked only while the input is not wholly known.
    """

    def rule(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
        data, output = inputs[0], outputs[0]
        if data is not None:
            output = unify(shape_of(data, attrs), output)
        if output is not None and not is_known(data):
            data = unify(data, inverse(output, attrs))
            if data is not None:
                output = unify(shape_of(data, attrs), output)
        return [data], [output]

    return rule


def first_shape(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    """The output has the first input's shape; the other inputs have shapes of their own."""
    shape = unify(inputs[0], outputs[0])
    return [shape, *inputs[1:]], [shape]


def fill_one(shape: Sequence[int], size: int) -> tuple[int, ...]:
    """Return `shape` with its only unknown dimension set so that it has `size` elements.

    It comes back unchanged if several dimensions are unknown or none is.
    """
    known = [dimension for dimension in shape if dimension != UNKNOWN]
    rest = math.prod(known)
    if len(known) != len(shape) - 1 or rest == 0 or size == UNKNOWN:
        return tuple(shape)
    if size % rest:
        raise MXNetError(f"shape {tuple(shape)} can not hold {size} elements")
    return tuple(size // rest if d == UNKNOWN else d for d in shape)
