"""Choice among arrays by the values of another, and replacement of single elements."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from ...base import MXNetError
from ..registry import Attrs, Backward, DTypes, Shapes, operator
from ..rules import is_known, same_types, unify, zero_gradient

_BITS = {1: torch.int8, 2: torch.int16, 4: torch.int32, 8: torch.int64}
_SMALL = 4096  # elements; below it one slow kernel beats several fast ones


def _choose(condition: torch.Tensor, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Return `torch.where(condition != 0, x, y)`, several times faster on the CPU if arrays are
    large.

    torch's kernel is not vectorised there; bits that differ between x and y, kept where the
    condition holds, are. Bits have no gradient, so that a taped call takes torch's way.
    """
    if x.numel() < _SMALL or x.is_cuda or x.requires_grad or y.requires_grad:
        return torch.where(condition != 0, x, y)
    bits = _BITS[x.element_size()]
    others = y.view(bits)
    changes = torch.bitwise_xor(x.view(bits), others)
    if x.dtype is condition.dtype is torch.float32:
        size = condition.abs().expand(x.shape)
        changes = torch.ops.aten.threshold_backward(changes.view(x.dtype), size, 0).view(bits)
    else:
        changes &= (condition != 0).view(torch.int8).to(bits).neg_()
    return changes.bitwise_xor_(others).view(x.dtype)


def _require_choice(condition: Sequence[int], chosen: Sequence[int]) -> None:
    """Refuse a condition with neither the shape of the arrays nor one element per row of them."""
    if condition != chosen and not (len(condition) == 1 and condition[0] == chosen[0]):
        raise MXNetError(
            f"argument condition has shape {tuple(condition)}, but x has {tuple(chosen)}: it must "
            f"have the same shape, or one dimension of length {chosen[0]}"
        )


def _aligned(condition: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Return the condition in a shape that broadcasts to that of `x`."""
    if condition.shape == x.shape:
        return condition
    return condition.reshape(-1, *[1] * (x.dim() - 1))


@operator("where", aliases=("_sparse_where",), no_gradient=("condition",))
def where(condition: torch.Tensor, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Return elements of `x` where `condition` is not 0, elsewhere elements of `y`.

    Parameters
    ----------
    condition : NDArray or Symbol
        The shape of `x`, or one dimension that chooses whole rows; any dtype.
    x, y : NDArray or Symbol
        Two arrays of one shape and dtype.

    Returns
    -------
    NDArray or Symbol
        Shape and dtype of `x`.

    Raises
    ------
    MXNetError
        If shapes do not fit; nothing broadcasts.

    Examples
    --------
    >>> x, y = mx.nd.array([[1, 2], [3, 4]]), mx.nd.array([[5, 6], [7, 8]])
    >>> mx.nd.where(mx.nd.array([[0, 1], [1, 0]]), x, y).asnumpy().tolist()
    [[5.0, 2.0], [3.0, 8.0]]
    >>> mx.nd.where(mx.nd.array([0, 1]), x, y).asnumpy().tolist()
    [[5.0, 6.0], [3.0, 4.0]]
    """
    if x.shape != y.shape:
        raise MXNetError(
            f"argument x has shape {tuple(x.shape)} and y {tuple(y.shape)}, but they must be equal"
        )
    if condition.shape != x.shape:
        _require_choice(condition.shape, x.shape)
    return _choose(_aligned(condition, x), x, y)


@where.fast_gradient
def _(b: Backward):
    grad, (condition, x, _), needs = b.grads[0], b.inputs, b.needs
    aligned, zeros = _aligned(condition, x), torch.zeros_like(grad)
    return (
        torch.zeros_like(condition) if needs[0] else None,
        _choose(aligned, grad, zeros) if needs[1] else None,
        _choose(aligned, zeros, grad) if needs[2] else None,
    )


@where.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    condition, x, y = inputs
    chosen = unify(unify(x, y), outputs[0])
    if chosen is not None and is_known(chosen) and is_known(condition):
        _require_choice(condition, chosen)
    return [condition, chosen, chosen], [chosen]


@where.type_rule
def _(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    chosen, outputs = same_types(inputs[1:], outputs, attrs)
    return [inputs[0], *chosen], outputs


@operator("fill_element_0index", own_gradient=True)
def fill_element_0index(lhs: torch.Tensor, mhs: torch.Tensor, rhs: torch.Tensor) -> torch.Tensor:
    """Return a copy of a matrix with one new element in each row.

    Parameters
    ----------
    lhs : NDArray or Symbol
        A matrix of shape (n, m).
    mhs : NDArray or Symbol
        The n new elements.
    rhs : NDArray or Symbol
        The n columns to write to; nothing is written where one does not exist.

    Returns
    -------
    NDArray or Symbol
        Shape and dtype of `lhs`.

    Examples
    --------
    >>> ones, values, columns = mx.nd.ones((2, 2)), mx.nd.array([8, 9]), mx.nd.array([1, 0])
    >>> mx.nd.fill_element_0index(ones, values, columns).asnumpy().tolist()
    [[1.0, 8.0], [9.0, 1.0]]
    """
    if lhs.dim() != 2 or mhs.shape != lhs.shape[:1] or rhs.shape != lhs.shape[:1]:
        raise MXNetError(
            f"arguments lhs, mhs and rhs have shapes {tuple(lhs.shape)}, {tuple(mhs.shape)} and "
            f"{tuple(rhs.shape)}, but must have (n, m), (n,) and (n,)"
        )
    columns = torch.arange(lhs.shape[1], device=lhs.device)
    return torch.where(columns == rhs.long().unsqueeze(1), mhs.unsqueeze(1), lhs)


fill_element_0index.gradient(zero_gradient)
