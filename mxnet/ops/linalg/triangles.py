"""Diagonals and triangles of square matrices, read as vectors or made from them."""

from __future__ import annotations

import math

import torch

from ...base import MXNetError
from ..registry import Attrs, Shapes, operator
from ..rules import unify
from .rules import UNKNOWN, one_number_each, square_side


@operator("_linalg_sumlogdiag", aliases=("linalg_sumlogdiag",), shapes=one_number_each)
def sumlogdiag(A: torch.Tensor) -> torch.Tensor:
    """Return the sum of the logarithms of the diagonal elements of square matrices.

    Parameters
    ----------
    A : NDArray or Symbol
        Matrices ``(..., n, n)``, floating dtype.

    Returns
    -------
    NDArray or Symbol
        The leading dimensions of `A`; shape ``(1,)`` for a single matrix.

    Examples
    --------
    >>> mx.nd.linalg.sumlogdiag(mx.nd.array([[1, 5], [5, 1]])).asnumpy().tolist()
    [0.0]
    """
    square_side("A", A.shape)
    total = torch.log(A.diagonal(0, -2, -1)).sum(-1)
    return total.reshape(A.shape[:-2] or (1,))


def _room(shape: tuple[int, ...], offset: int) -> int:
    """Return the length of the diagonal at `offset` of square matrices."""
    side = square_side("A", shape)
    if side == UNKNOWN:
        return UNKNOWN
    if side <= abs(offset):
        raise MXNetError(f"offset is {offset}, but A has shape {tuple(shape)}")
    return side - abs(offset)


def _vector_rule(size_of):
    """Return the rule: matrices give vectors of ``size_of(length of the diagonal)``."""

    def rule(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
        A = inputs[0]
        if A is None:
            return inputs, outputs
        room = _room(A, attrs["offset"])
        size = UNKNOWN if room == UNKNOWN else size_of(room)
        return inputs, [unify((*A[:-2], size), outputs[0])]

    return rule


def _matrix_rule(room_of):
    """Return the rule: vectors give matrices whose diagonal has ``room_of(size)`` elements."""

    def rule(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
        A = inputs[0]
        if A is None:
            return inputs, outputs
        size = _require_vectors(A)[-1]
        side = UNKNOWN if size == UNKNOWN else room_of(size) + abs(attrs["offset"])
        return inputs, [unify((*A[:-1], side, side), outputs[0])]

    return rule


def _require_vectors(shape: tuple[int, ...]) -> tuple[int, ...]:
    if not shape:
        raise MXNetError("A has no dimension, but must have at least one")
    return shape


def _triangle_size(room: int) -> int:
    return room * (room + 1) // 2


def _triangle_room(size: int) -> int:
    """Return the length of the diagonal of a triangle of `size` elements."""
    room = (math.isqrt(8 * size + 1) - 1) // 2
    if _triangle_size(room) != size:
        raise MXNetError(f"A holds {size} elements along the last axis, which fill no triangle")
    return room


@operator(
    "_linalg_extractdiag", aliases=("linalg_extractdiag",), shapes=_vector_rule(lambda room: room)
)
def extractdiag(A: torch.Tensor, *, offset: int = 0) -> torch.Tensor:
    """Return a diagonal of square matrices.

    Parameters
    ----------
    A : NDArray or Symbol
        Matrices ``(..., n, n)``.
    offset : int, default 0
        Which diagonal: 0 is the main one, positive numbers lie above it, negative ones below.

    Returns
    -------
    NDArray or Symbol
        Vectors ``(..., n - abs(offset))``.

    Examples
    --------
    >>> mx.nd.linalg.extractdiag(mx.nd.array([[1, 2], [3, 4]])).asnumpy().tolist()
    [1.0, 4.0]
    """
    _room(tuple(A.shape), offset)
    return A.diagonal(offset, -2, -1)


@operator("_linalg_makediag", aliases=("linalg_makediag",), shapes=_matrix_rule(lambda size: size))
def makediag(A: torch.Tensor, *, offset: int = 0) -> torch.Tensor:
    """Return square matrices of zeros with vectors as a diagonal.

    Parameters
    ----------
    A : NDArray or Symbol
        Vectors ``(..., n)``.
    offset : int, default 0
        Which diagonal: 0 is the main one, positive numbers lie above it, negative ones below.

    Returns
    -------
    NDArray or Symbol
        Matrices with sides of ``n + abs(offset)``.

    Examples
    --------
    >>> mx.nd.linalg.makediag(mx.nd.array([1, 2])).asnumpy().tolist()
    [[1.0, 0.0], [0.0, 2.0]]
    """
    _require_vectors(tuple(A.shape))
    return torch.diag_embed(A, offset)


def _places(side: int, offset: int, lower: bool, device: torch.device) -> torch.Tensor:
    """Return where the elements of a triangle lie in the flattened matrix, in packed order.

    The lower triangle runs row by row, the upper one column by column.
    """
    below = lower if offset == 0 else offset < 0
    rows, columns = torch.tril_indices(side, side, -abs(offset), device=device)
    return rows * side + columns if below else columns * side + rows


@operator(
    "_linalg_extracttrian",
    aliases=("linalg_extracttrian",),
    shapes=_vector_rule(_triangle_size),
)
def extracttrian(A: torch.Tensor, *, offset: int = 0, lower: bool = True) -> torch.Tensor:
    """Return a triangle of square matrices as vectors.

    Parameters
    ----------
    A : NDArray or Symbol
        Matrices ``(..., n, n)``.
    offset : int, default 0
        Where the triangle begins: at the main diagonal, at one above it (and reaches up) or, if
        negative, at one below it (and reaches down).
    lower : bool, default True
        Which triangle, for an `offset` of 0.

    Returns
    -------
    NDArray or Symbol
        Vectors ``(..., k * (k + 1) / 2)`` with ``k = n - abs(offset)``: the rows of a lower
        triangle, or the columns of an upper one, one after the other.

    Examples
    --------
    >>> mx.nd.linalg.extracttrian(mx.nd.array([[1, 2], [3, 4]])).asnumpy().tolist()
    [1.0, 3.0, 4.0]
    """
    _room(tuple(A.shape), offset)
    side = A.shape[-1]
    flat = A.reshape(*A.shape[:-2], side * side)
    return flat.index_select(-1, _places(side, offset, lower, A.device))


@operator("_linalg_maketrian", aliases=("linalg_maketrian",), shapes=_matrix_rule(_triangle_room))
def maketrian(A: torch.Tensor, *, offset: int = 0, lower: bool = True) -> torch.Tensor:
    """Return square matrices of zeros with vectors as a triangle: the inverse of `extracttrian`.

    Parameters
    ----------
    A : NDArray or Symbol
        Vectors ``(..., k * (k + 1) / 2)``.
    offset, lower : int, bool
        As for `extracttrian`.

    Returns
    -------
    NDArray or Symbol
        Matrices with sides of ``k + abs(offset)``.

    Raises
    ------
    MXNetError
        If the elements fill no triangle.

    Examples
    --------
    >>> mx.nd.linalg.maketrian(mx.nd.array([1, 2, 3])).asnumpy().tolist()
    [[1.0, 0.0], [2.0, 3.0]]
    """
    shape = _require_vectors(tuple(A.shape))
    side = _triangle_room(shape[-1]) + abs(offset)
    places = _places(side, offset, lower, A.device)
    flat = A.new_zeros((*shape[:-1], side * side)).index_copy(-1, places, A)
    return flat.reshape(*shape[:-1], side, side)
