"""Products with matrices: general, triangular and symmetric ones, and triangular systems."""

from __future__ import annotations

import torch

from ...base import MXNetError
from ..registry import Attrs, Shapes, operator
from ..rules import same_shapes, unify
from .rules import UNKNOWN, require_matrices, square_side, unify_leading


def _row_axis(axis: int, rank: int) -> int:
    """Return the axis of the matrices' rows, counted from the front."""
    row = axis + rank if axis < 0 else axis
    if not 0 <= row < rank - 1:
        raise MXNetError(f"axis is {axis}, which is no row axis of {rank} dimensions")
    return row


def _rows_to_end(shape: tuple[int, ...], axis: int) -> tuple[int, ...]:
    return (*shape[:axis], *shape[axis + 1 : -1], shape[axis], shape[-1])


def _rows_back(shape: tuple[int, ...], axis: int) -> tuple[int, ...]:
    return (*shape[:axis], shape[-2], *shape[axis:-2], shape[-1])


def _product_shape(A: tuple[int, ...], B: tuple[int, ...], attrs: Attrs) -> tuple[int, ...]:
    """Return the shape of op(A) op(B), which the leading dimensions of both must allow."""
    require_matrices("A", A)
    if len(A) != len(B):
        raise MXNetError(f"A has shape {A} and B {B}, which differ in their number of dimensions")
    axis = _row_axis(attrs["axis"], len(A))
    left, right = _rows_to_end(A, axis), _rows_to_end(B, axis)
    rows, inner = left[-2:][::-1] if attrs["transpose_a"] else left[-2:]
    other, columns = right[-2:][::-1] if attrs["transpose_b"] else right[-2:]
    if inner != other and UNKNOWN not in (inner, other):
        raise MXNetError(f"A has shape {A} and B {B}, whose matrices do not multiply")
    leading = unify_leading("B", left[:-2], right[:-2])
    return _rows_back((*leading, rows, columns), axis)


def _product(
    A: torch.Tensor, B: torch.Tensor, transpose_a: bool, transpose_b: bool, alpha: float, axis: int
) -> torch.Tensor:
    """Return alpha op(A) op(B) for matrices whose rows lie along `axis`."""
    attrs = {"axis": axis, "transpose_a": transpose_a, "transpose_b": transpose_b}
    _product_shape(tuple(A.shape), tuple(B.shape), attrs)
    row = _row_axis(axis, A.dim())
    left, right = A.movedim(row, -2), B.movedim(row, -2)
    result = torch.matmul(left.mT if transpose_a else left, right.mT if transpose_b else right)
    return (result if alpha == 1 else result * alpha).movedim(-2, row)


@operator("_linalg_gemm", aliases=("linalg_gemm",))
def gemm(
    A: torch.Tensor,
    B: torch.Tensor,
    C: torch.Tensor,
    *,
    transpose_a: bool = False,
    transpose_b: bool = False,
    alpha: float = 1.0,
    beta: float = 1.0,
    axis: int = -2,
) -> torch.Tensor:
    """Return ``alpha * op(A) op(B) + beta * C``, where op may transpose.

    Parameters
    ----------
    A, B : NDArray or Symbol
        Matrices ``(..., m, k)`` and ``(..., k, n)`` after transposing, floating dtype, with the
        same leading dimensions.
    C : NDArray or Symbol
        Shape of the product, ``(..., m, n)``.
    transpose_a, transpose_b : bool, default False
        Whether the matrices of `A`, of `B`, are transposed.
    alpha, beta : float, default 1
    axis : int, default -2
        The axis of the matrices' rows; their columns lie along the last axis.

    Examples
    --------
    >>> A, B, C = mx.nd.array([[1, 2]]), mx.nd.array([[3], [4]]), mx.nd.array([[1]])
    >>> mx.nd.linalg.gemm(A, B, C, alpha=2, beta=10).asnumpy().tolist()
    [[32.0]]
    """
    result = _product(A, B, transpose_a, transpose_b, alpha, axis)
    if C.shape != result.shape:
        raise MXNetError(
            f"C has shape {tuple(C.shape)}, but {tuple(result.shape)} follows from A and B"
        )
    return result + (C if beta == 1 else C * beta)


@gemm.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    A, B, C = inputs
    C = unify(C, outputs[0])
    if A is not None and B is not None:
        C = unify(_product_shape(A, B, attrs), C)
    return [A, B, C], [C]


@operator("_linalg_gemm2", aliases=("linalg_gemm2",))
def gemm2(
    A: torch.Tensor,
    B: torch.Tensor,
    *,
    transpose_a: bool = False,
    transpose_b: bool = False,
    alpha: float = 1.0,
    axis: int = -2,
) -> torch.Tensor:
    """Return ``alpha * op(A) op(B)``, where op may transpose.

    Parameters
    ----------
    A, B, transpose_a, transpose_b, alpha, axis
        As for `gemm`.

    Examples
    --------
    >>> A, B = mx.nd.array([[1, 2]]), mx.nd.array([[3], [4]])
    >>> mx.nd.linalg.gemm2(A, B, alpha=2).asnumpy().tolist()
    [[22.0]]
    """
    return _product(A, B, transpose_a, transpose_b, alpha, axis)


@gemm2.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    A, B = inputs
    if A is None or B is None:
        return inputs, outputs
    return inputs, [unify(_product_shape(A, B, attrs), outputs[0])]


def _beside(A: tuple[int, ...], B: tuple[int, ...], rightside: bool) -> tuple[int, ...]:
    """Return the leading dimensions of square matrices A and of B, which they multiply."""
    require_matrices("B", B)
    side = square_side("A", A)
    facing = B[-1] if rightside else B[-2]
    if side != facing and UNKNOWN not in (side, facing):
        raise MXNetError(f"A has shape {A} and B {B}, whose matrices do not multiply")
    return unify_leading("B", A[:-2], B[:-2])


def _triangular_shapes(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    """B and the output have one shape; the square matrices A follow from it."""
    A, B = inputs
    _, (B,) = same_shapes([B], outputs, attrs)
    if B is not None:
        require_matrices("B", B)
        side = B[-1] if attrs["rightside"] else B[-2]
        leading = B[:-2] if A is None else _beside(A, B, attrs["rightside"])
        A, B = unify(A, (*leading, side, side)), (*leading, *B[-2:])
    return [A, B], [B]


def _triangle(A: torch.Tensor, lower: bool, transpose: bool) -> torch.Tensor:
    triangle = A.tril() if lower else A.triu()
    return triangle.mT if transpose else triangle


@operator("_linalg_trmm", aliases=("linalg_trmm",), shapes=_triangular_shapes)
def trmm(
    A: torch.Tensor,
    B: torch.Tensor,
    *,
    transpose: bool = False,
    rightside: bool = False,
    lower: bool = True,
    alpha: float = 1.0,
) -> torch.Tensor:
    """Return ``alpha * op(A) B``, or ``alpha * B op(A)``, for triangular matrices A.

    Parameters
    ----------
    A : NDArray or Symbol
        Square matrices ``(..., m, m)``, of which one triangle is read; the rest counts as zero.
    B : NDArray or Symbol
        Matrices ``(..., m, n)``, or ``(..., n, m)`` where `rightside`.
    transpose : bool, default False
        Whether the matrices of `A` are transposed.
    rightside : bool, default False
        Whether `A` stands on the right of `B`.
    lower : bool, default True
        Whether the lower triangle of `A` is read, or the upper one.
    alpha : float, default 1

    Returns
    -------
    NDArray or Symbol
        Shape of `B`.

    Examples
    --------
    >>> A, B = mx.nd.array([[1, 9], [2, 3]]), mx.nd.array([[1], [1]])
    >>> mx.nd.linalg.trmm(A, B).asnumpy().tolist()
    [[1.0], [5.0]]
    """
    _beside(tuple(A.shape), tuple(B.shape), rightside)
    triangle = _triangle(A, lower, transpose)
    result = torch.matmul(B, triangle) if rightside else torch.matmul(triangle, B)
    return result if alpha == 1 else result * alpha


@operator("_linalg_trsm", aliases=("linalg_trsm",), shapes=_triangular_shapes)
def trsm(
    A: torch.Tensor,
    B: torch.Tensor,
    *,
    transpose: bool = False,
    rightside: bool = False,
    lower: bool = True,
    alpha: float = 1.0,
) -> torch.Tensor:
    """Return X that solves ``op(A) X = alpha * B``, or ``X op(A) = alpha * B``, A triangular.

    Parameters
    ----------
    A, B, transpose, rightside, lower, alpha
        As for `trmm`, whose inverse this is.

    Returns
    -------
    NDArray or Symbol
        Shape of `B`.

    Examples
    --------
    >>> A, B = mx.nd.array([[1, 9], [2, 4]]), mx.nd.array([[1], [6]])
    >>> mx.nd.linalg.trsm(A, B).asnumpy().tolist()
    [[1.0], [1.0]]
    """
    _beside(tuple(A.shape), tuple(B.shape), rightside)
    matrix = _triangle(A, lower, transpose)
    right = B if alpha == 1 else B * alpha
    return torch.linalg.solve_triangular(
        matrix, right, upper=lower == transpose, left=not rightside
    )


@operator("_linalg_syrk", aliases=("linalg_syrk",))
def syrk(A: torch.Tensor, *, transpose: bool = False, alpha: float = 1.0) -> torch.Tensor:
    """Return ``alpha * A A^T``, or ``alpha * A^T A``.

    Parameters
    ----------
    A : NDArray or Symbol
        Matrices ``(..., m, n)``, floating dtype.
    transpose : bool, default False
        Whether the transposed matrix stands on the left.
    alpha : float, default 1

    Returns
    -------
    NDArray or Symbol
        Symmetric matrices ``(..., m, m)``, or ``(..., n, n)`` where `transpose`.

    Examples
    --------
    >>> mx.nd.linalg.syrk(mx.nd.array([[1, 2], [3, 4]])).asnumpy().tolist()
    [[5.0, 11.0], [11.0, 25.0]]
    """
    require_matrices("A", tuple(A.shape))
    result = torch.matmul(A.mT, A) if transpose else torch.matmul(A, A.mT)
    return result if alpha == 1 else result * alpha


@syrk.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    A = inputs[0]
    if A is None:
        return inputs, outputs
    require_matrices("A", A)
    side = A[-1] if attrs["transpose"] else A[-2]
    return inputs, [unify((*A[:-2], side, side), outputs[0])]
