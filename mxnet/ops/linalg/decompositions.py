"""Decompositions of matrices: Cholesky, LQ and the one into eigenvectors."""

from __future__ import annotations

import torch

from ...base import MXNetError
from ..registry import Attrs, Backward, Shapes, operator
from ..rules import unify
from .rules import require_matrices, square_matrices, square_side


@operator("_linalg_potrf", aliases=("linalg_potrf",), shapes=square_matrices, own_gradient=True)
def potrf(A: torch.Tensor) -> torch.Tensor:
    """Return the Cholesky factor L of symmetric, positive definite matrices: ``A = L L^T``.

    Parameters
    ----------
    A : NDArray or Symbol
        Matrices ``(..., n, n)``, of which the lower triangle is read; float32 or float64.

    Returns
    -------
    NDArray or Symbol
        Lower triangular matrices, shape of `A`. The gradient with respect to `A` is symmetric.

    Raises
    ------
    MXNetError
        If a matrix is not positive definite.

    Examples
    --------
    >>> mx.nd.linalg.potrf(mx.nd.array([[4, 2], [2, 10]])).asnumpy().tolist()
    [[2.0, 0.0], [1.0, 3.0]]
    """
    square_side("A", A.shape)
    return torch.linalg.cholesky(A)


@operator("_linalg_potri", aliases=("linalg_potri",), shapes=square_matrices)
def potri(A: torch.Tensor) -> torch.Tensor:
    """Return the inverse of matrices given by their Cholesky factors: ``(A A^T)^-1``.

    Parameters
    ----------
    A : NDArray or Symbol
        Matrices ``(..., n, n)`` as `potrf` returns them, of which the lower triangle is read.

    Returns
    -------
    NDArray or Symbol
        Symmetric matrices, shape of `A`.

    Raises
    ------
    MXNetError
        If a matrix has a zero on its diagonal.

    Examples
    --------
    >>> mx.nd.linalg.potri(mx.nd.array([[1, 0], [1, 1]])).asnumpy().tolist()
    [[2.0, -1.0], [-1.0, 1.0]]
    """
    square_side("A", A.shape)
    return torch.cholesky_inverse(A.tril())


def _lq_shapes(A: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the shapes of Q and L."""
    require_matrices("A", A)
    rows, columns = A[-2:]
    if rows > columns != -1:
        raise MXNetError(f"A has shape {tuple(A)}, but its matrices must not have more rows")
    return tuple(A), (*A[:-2], rows, rows)


@operator("_linalg_gelqf", aliases=("linalg_gelqf",), outputs=2)
def gelqf(A: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return Q and L of the LQ factorization ``A = L Q`` with ``Q Q^T`` the unit matrix.

    The signs of the rows of Q are those that LAPACK's Householder reflections give.

    Parameters
    ----------
    A : NDArray or Symbol
        Matrices ``(..., m, n)`` of full rank with ``m <= n``, float32 or float64.

    Returns
    -------
    Q : NDArray or Symbol
        Matrices ``(..., m, n)`` with orthonormal rows.
    L : NDArray or Symbol
        Lower triangular matrices ``(..., m, m)``.

    Examples
    --------
    >>> Q, L = mx.nd.linalg.gelqf(mx.nd.array([[3, 4]]))
    >>> mx.nd.dot(L, Q).asnumpy().round(4).tolist()
    [[3.0, 4.0]]
    """
    _lq_shapes(tuple(A.shape))
    q, r = torch.linalg.qr(A.mT)
    return q.mT, r.mT


@gelqf.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    A = unify(inputs[0], outputs[0])
    if A is None:
        return inputs, outputs
    Q, L = _lq_shapes(A)
    return [A], [Q, unify(L, outputs[1])]


@operator("_linalg_syevd", outputs=2, own_gradient=True)
def syevd(A: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return eigenvectors and eigenvalues of symmetric matrices: ``A = U^T diag(L) U``.

    Parameters
    ----------
    A : NDArray or Symbol
        Matrices ``(..., n, n)``, of which the lower triangle is read; float32 or float64.

    Returns
    -------
    U : NDArray or Symbol
        Eigenvectors of length 1 as the rows of matrices, shape of `A`. Of each one the element
        of largest magnitude is positive.
    L : NDArray or Symbol
        Eigenvalues in rising order, shape ``(..., n)``.

    Examples
    --------
    >>> U, L = mx.nd.linalg.syevd(mx.nd.array([[3, 0], [0, 2]]))
    >>> U.asnumpy().tolist(), L.asnumpy().tolist()
    ([[0.0, 1.0], [1.0, 0.0]], [2.0, 3.0])
    """
    square_side("A", A.shape)
    values, columns = torch.linalg.eigh(A)
    rows = columns.mT
    leading = rows.gather(-1, rows.abs().argmax(-1, keepdim=True))
    return torch.where(leading < 0, -rows, rows), values


@syevd.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    A = unify(inputs[0], outputs[0])
    if A is None:
        return inputs, outputs
    square_side("A", A)
    return [A], [A, unify(A[:-1], outputs[1])]


@syevd.gradient
def _(b: Backward):
    """The derivative, with gaps between eigenvalues held away from zero.

    Giles, "An extended collection of matrix derivative results for forward and reverse mode
    automatic differentiation" (2008), section 3.1, for rows instead of columns.
    """
    U, L = b.outputs
    smallest = 1e-30 if L.dtype is torch.float32 else 1e-100
    gap = L.unsqueeze(-1) - L.unsqueeze(-2)
    above = torch.ones_like(gap).triu(1) > 0  # there L rises, so that the gap is not positive
    gap = torch.where(above, gap.clamp(max=-smallest), gap.clamp(min=smallest))
    turn = torch.matmul(b.grads[0], U.mT)
    inner = (turn - turn.mT) / (2 * gap)
    inner = inner - torch.diag_embed(inner.diagonal(0, -2, -1)) + torch.diag_embed(b.grads[1])
    return (torch.matmul(torch.matmul(U.mT, inner), U),)
