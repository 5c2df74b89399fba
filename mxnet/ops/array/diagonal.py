"""The diagonal of an array, read or made."""

from __future__ import annotations

import torch

from ...base import MXNetError
from ..registry import Attrs, operator
from .rules import UNKNOWN, axis_index, forward


def diagonal_size(rows: int, columns: int, offset: int) -> int:
    """Return how many elements the diagonal has that lies `offset` above the main one.

    Raises
    ------
    MXNetError
        If it lies outside of the matrix by more than one step.
    """
    if UNKNOWN in (rows, columns):
        return UNKNOWN
    size = min(rows, columns - offset) if offset > 0 else min(rows + offset, columns)
    if size < 0:
        raise MXNetError(f"k is {offset}, but a matrix of {(rows, columns)} has no such diagonal")
    return size


def _diagonal(shape: tuple[int, ...], attrs: Attrs) -> tuple[int, ...]:
    k = attrs["k"]
    if len(shape) == 1:
        side = UNKNOWN if shape[0] == UNKNOWN else shape[0] + abs(k)
        return (side, side)
    first = axis_index(attrs["axis1"], len(shape), "axis1")
    second = axis_index(attrs["axis2"], len(shape), "axis2")
    if first == second:
        raise MXNetError(f"axis1 and axis2 both are axis {first}, but must differ")
    others = [size for axis, size in enumerate(shape) if axis not in (first, second)]
    return (*others, diagonal_size(shape[first], shape[second], k))


@operator("diag", shapes=forward(_diagonal))
def diag(data: torch.Tensor, *, k: int = 0, axis1: int = 0, axis2: int = 1) -> torch.Tensor:
    """Return the diagonal of an array, or a matrix with the given diagonal.

    Parameters
    ----------
    data : NDArray or Symbol
        One dimension: the diagonal of a square matrix of zeros. More: the array to read from.
    k : int, default 0
        Which diagonal: 0 is the main one, positive numbers lie above it, negative ones below.
    axis1, axis2 : int, default 0 and 1
        Axes of the matrices whose diagonals are read.

    Returns
    -------
    NDArray or Symbol
        The matrix, or the remaining axes of `data` followed by the diagonal.

    Examples
    --------
    >>> mx.nd.diag(mx.nd.array([[1, 2, 3], [4, 5, 6]]), k=1).asnumpy().tolist()
    [2.0, 6.0]
    >>> mx.nd.diag(mx.nd.array([1, 2])).asnumpy().tolist()
    [[1.0, 0.0], [0.0, 2.0]]
    """
    _diagonal(tuple(data.shape), {"k": k, "axis1": axis1, "axis2": axis2})
    if data.dim() == 1:
        return torch.diag_embed(data, k)
    return torch.diagonal(data, k, axis1, axis2)
