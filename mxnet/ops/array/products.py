"""Products of matrices and of arrays taken as matrices."""

from __future__ import annotations

import math
from functools import reduce
from typing import Literal

import torch

from ...base import MXNetError
from ..registry import Attrs, Backward, Shapes, operator
from ..rules import PartialShape, unify
from .rules import UNKNOWN, product

Storage = Literal["csr", "default", "row_sparse"] | None


def _inner(shape: tuple[int, ...], transposed: bool, left: bool) -> int:
    """Return the axis of an operand of dot that is summed over: last of lhs, first of rhs."""
    first = transposed if left else not transposed
    return 0 if first or len(shape) == 1 else len(shape) - 1


def _dot_shape(lhs: tuple[int, ...], rhs: tuple[int, ...], attrs: Attrs) -> tuple[int, ...]:
    flags = (attrs["transpose_a"], attrs["transpose_b"])
    if len(lhs) == len(rhs) == 1 and any(flags):
        raise MXNetError("lhs and rhs are vectors, which can not be transposed")
    if not lhs or not rhs:
        raise MXNetError(f"lhs has shape {lhs} and rhs {rhs}, but both need a dimension")
    left, right = _inner(lhs, flags[0], True), _inner(rhs, flags[1], False)
    if lhs[left] != rhs[right] and UNKNOWN not in (lhs[left], rhs[right]):
        raise MXNetError(
            f"lhs has shape {lhs} and rhs {rhs}, but axis {left} of lhs must be as long as axis "
            f"{right} of rhs"
        )
    outer = (*lhs[:left], *lhs[left + 1 :], *rhs[:right], *rhs[right + 1 :])
    return outer or (1,)


def _matrices(
    lhs: torch.Tensor, rhs: torch.Tensor, attrs: Attrs
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return both operands of dot as matrices (m, k) and (k, n), which share their memory."""
    if lhs.dim() == rhs.dim() == 2:
        return lhs.mT if attrs["transpose_a"] else lhs, rhs.mT if attrs["transpose_b"] else rhs
    left = _inner(tuple(lhs.shape), attrs["transpose_a"], True)
    right = _inner(tuple(rhs.shape), attrs["transpose_b"], False)
    k = lhs.shape[left]
    rows = math.prod((*lhs.shape[:left], *lhs.shape[left + 1 :]))
    columns = math.prod((*rhs.shape[:right], *rhs.shape[right + 1 :]))
    a = lhs.reshape(k, rows).mT if left == 0 and lhs.dim() > 1 else lhs.reshape(rows, k)
    b = rhs.reshape(columns, k).mT if right > 0 else rhs.reshape(k, columns)
    return a, b


@operator("dot", aliases=("_sparse_dot",))
def dot(
    lhs: torch.Tensor,
    rhs: torch.Tensor,
    *,
    transpose_a: bool = False,
    transpose_b: bool = False,
    forward_stype: Storage = None,
) -> torch.Tensor:
    """Return the sum of products over the last axis of `lhs` and the first of `rhs`.

    For vectors this is the inner product, for matrices the matrix product.

    Parameters
    ----------
    lhs, rhs : NDArray or Symbol
        At least one dimension, floating dtype.
    transpose_a : bool, default False
        Whether to sum over the first axis of `lhs` instead, and keep the others in their order.
    transpose_b : bool, default False
        Whether to sum over the last axis of `rhs` instead, and keep the others in their order.
    forward_stype : {'csr', 'default', 'row_sparse'} or None
        Storage type of the result, for sparse operands.

    Returns
    -------
    NDArray or Symbol
        The other axes of `lhs`, then those of `rhs`; shape ``(1,)`` for two vectors.

    Raises
    ------
    MXNetError
        If the two axes differ in length, or two vectors are to be transposed.

    Examples
    --------
    >>> x, y = mx.nd.array([[1, 2], [3, 4]]), mx.nd.array([[1, 0], [1, 1]])
    >>> mx.nd.dot(x, y).asnumpy().tolist()
    [[3.0, 2.0], [7.0, 4.0]]
    >>> mx.nd.dot(mx.nd.array([1, 2]), mx.nd.array([3, 4])).asnumpy().tolist()
    [11.0]
    """
    if lhs.dim() == rhs.dim() == 2:
        left, right = lhs.mT if transpose_a else lhs, rhs.mT if transpose_b else rhs
        if left.shape[1] == right.shape[0]:
            return torch.mm(left, right)
    attrs = {"transpose_a": transpose_a, "transpose_b": transpose_b}
    target = _dot_shape(tuple(lhs.shape), tuple(rhs.shape), attrs)
    if lhs.dim() == rhs.dim() == 1:
        return torch.dot(lhs, rhs).reshape(1)
    result = torch.mm(*_matrices(lhs, rhs, attrs))
    return result if result.shape == target else result.reshape(target)


@dot.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    lhs, rhs = inputs
    if lhs is None or rhs is None:
        return inputs, outputs
    output = unify(_dot_shape(lhs, rhs, attrs), outputs[0])
    left = _inner(lhs, attrs["transpose_a"], True)
    right = _inner(rhs, attrs["transpose_b"], False)
    inner = max(lhs[left], rhs[right])
    lhs = (*lhs[:left], inner, *lhs[left + 1 :])
    rhs = (*rhs[:right], inner, *rhs[right + 1 :])
    return [lhs, rhs], [output]


@dot.fast_gradient
def _(b: Backward):
    lhs, rhs = b.inputs
    a, c = _matrices(lhs, rhs, b.attrs)
    head = b.grads[0].reshape(a.shape[0], c.shape[1])
    left = right = None
    if b.needs[0]:
        flipped = b.attrs["transpose_a"] and lhs.dim() > 1
        left = (torch.mm(c, head.mT) if flipped else torch.mm(head, c.mT)).reshape(lhs.shape)
    if b.needs[1]:
        flipped = b.attrs["transpose_b"] and rhs.dim() > 1
        right = (torch.mm(head.mT, a) if flipped else torch.mm(a.mT, head)).reshape(rhs.shape)
    return left, right


def _matrix(shape: tuple[int, ...], transposed: bool) -> tuple[int, ...]:
    return (*shape[:-2], shape[-1], shape[-2]) if transposed else shape


def _batch_shapes(
    lhs: tuple[int, ...], rhs: tuple[int, ...], attrs: Attrs
) -> tuple[tuple[int, ...], PartialShape]:
    """Return the batch dimensions and the shape of what batch_dot returns."""
    if len(lhs) != len(rhs) or len(lhs) < 3:
        raise MXNetError(
            f"lhs has shape {lhs} and rhs {rhs}, but both must have the same number of "
            "dimensions, at least 3"
        )
    left, right = _matrix(lhs, attrs["transpose_a"]), _matrix(rhs, attrs["transpose_b"])
    if left[-1] != right[-2] and UNKNOWN not in (left[-1], right[-2]):
        raise MXNetError(
            f"lhs has matrices of {left[-2:]} and rhs of {right[-2:]}, which do not multiply"
        )
    leading = unify(left[:-2], right[:-2]) or ()
    return leading, (*leading, left[-2], right[-1])


@operator("batch_dot")
def batch_dot(
    lhs: torch.Tensor,
    rhs: torch.Tensor,
    *,
    transpose_a: bool = False,
    transpose_b: bool = False,
    forward_stype: Storage = None,
) -> torch.Tensor:
    """Return the matrix products of two batches of matrices.

    Parameters
    ----------
    lhs, rhs : NDArray or Symbol
        Shape ``(..., m, k)`` and ``(..., k, n)``, with the same leading dimensions, at least one.
    transpose_a, transpose_b : bool, default False
        Whether the matrices of `lhs`, of `rhs`, are transposed first.
    forward_stype : {'csr', 'default', 'row_sparse'} or None
        Storage type of the result, for sparse operands.

    Returns
    -------
    NDArray or Symbol
        Shape ``(..., m, n)``.

    Examples
    --------
    >>> x = mx.nd.array([[[1, 2]], [[3, 4]]])
    >>> mx.nd.batch_dot(x, x, transpose_b=True).asnumpy().tolist()
    [[[5.0]], [[25.0]]]
    """
    attrs = {"transpose_a": transpose_a, "transpose_b": transpose_b}
    _batch_shapes(tuple(lhs.shape), tuple(rhs.shape), attrs)
    return torch.matmul(lhs.mT if transpose_a else lhs, rhs.mT if transpose_b else rhs)


@batch_dot.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    lhs, rhs = inputs
    if lhs is None or rhs is None:
        return inputs, outputs
    leading, output = _batch_shapes(lhs, rhs, attrs)
    output = unify(output, outputs[0])
    leading = output[:-2] if output is not None else leading
    return [(*leading, *lhs[-2:]), (*leading, *rhs[-2:])], [output]


def _column_products(first: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
    if first.dim() != 2 or second.dim() != 2 or first.shape[1] != second.shape[1]:
        raise MXNetError(
            f"matrices have shapes {tuple(first.shape)} and {tuple(second.shape)}, but must have "
            "the same number of columns"
        )
    pairs = first.unsqueeze(1) * second.unsqueeze(0)
    return pairs.reshape(first.shape[0] * second.shape[0], first.shape[1])


@operator("khatri_rao")
def khatri_rao(*args: torch.Tensor) -> torch.Tensor:
    """Return the Khatri-Rao product of matrices: the Kronecker products of their columns.

    Parameters
    ----------
    args : NDArrays or Symbols
        At least one; shapes ``(m_i, n)`` with the same number of columns.

    Returns
    -------
    NDArray or Symbol
        Shape ``(product of all m_i, n)``.

    Examples
    --------
    >>> x, y = mx.nd.array([[1, 2], [3, 4]]), mx.nd.array([[5, 6]])
    >>> mx.nd.khatri_rao(x, y).asnumpy().tolist()
    [[5.0, 12.0], [15.0, 24.0]]
    """
    if not args or args[0].dim() != 2:
        raise MXNetError("args must be at least one matrix")
    return reduce(_column_products, args)


@khatri_rao.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    if any(shape is None for shape in inputs):
        return inputs, outputs
    columns: PartialShape = (UNKNOWN,)
    for shape in inputs:
        columns = unify(columns, tuple(shape[1:]))
    output = (product([shape[0] for shape in inputs]), *(columns or ()))
    return [(shape[0], *(columns or ())) for shape in inputs], [unify(output, outputs[0])]
