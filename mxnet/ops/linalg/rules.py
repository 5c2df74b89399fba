"""Checks and shape rules that the operators of linear algebra share."""

from __future__ import annotations

from collections.abc import Sequence

from ...base import MXNetError
from ..registry import Attrs, Shapes
from ..rules import same_shapes, unify

UNKNOWN = -1


def require_matrices(name: str, shape: Sequence[int]) -> None:
    """Refuse an argument with fewer than two dimensions."""
    if len(shape) < 2:
        raise MXNetError(f"{name} has shape {tuple(shape)}, but must have at least 2 dimensions")


def square_side(name: str, shape: Sequence[int]) -> int:
    """Return the side of square matrices, as far as it is known.

    Raises
    ------
    MXNetError
        If the last two dimensions differ.
    """
    require_matrices(name, shape)
    rows, columns = shape[-2:]
    if rows != columns and UNKNOWN not in (rows, columns):
        raise MXNetError(f"{name} has shape {tuple(shape)}, but its matrices must be square")
    return max(rows, columns)


def square_matrices(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    """Input and outputs are square matrices of one shape."""
    inputs, outputs = same_shapes(inputs, outputs, attrs)
    if inputs[0] is not None:
        square_side("A", inputs[0])
    return inputs, outputs


def one_number_each(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    """Square matrices give one number each, in shape (1,) for a single matrix."""
    shape = inputs[0]
    if shape is None:
        return inputs, outputs
    square_side("A", shape)
    return inputs, [unify(tuple(shape[:-2]) or (1,), known) for known in outputs]


def unify_leading(name: str, first: Sequence[int], second: Sequence[int]) -> tuple[int, ...]:
    """Return the leading dimensions that A and the argument `name` must share.

    Raises
    ------
    MXNetError
        If they differ.
    """
    try:
        return unify(tuple(first), tuple(second)) or ()
    except MXNetError:
        raise MXNetError(
            f"A has the leading dimensions {tuple(first)}, but {name} has {tuple(second)}"
        ) from None
