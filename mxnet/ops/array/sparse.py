"""Operators that are defined for sparse storage alone; each refuses dense arrays by name."""

from __future__ import annotations

import torch

from ...base import MXNetError
from ..registry import operator
from ..rules import first_input_type, int64_output


def _refuse(storage: str) -> MXNetError:
    return MXNetError(f"data has storage type 'default', but must have {storage!r}")


@operator("_contrib_getnnz", types=int64_output, dynamic_shape=True)
def getnnz(data: torch.Tensor, *, axis: int | None = None) -> torch.Tensor:
    """Return the number of stored elements of a csr array.

    Parameters
    ----------
    data : CSRNDArray
        A matrix of storage type csr.
    axis : int or None, default None
        None counts all elements, 1 those of each row.

    Raises
    ------
    MXNetError
        For a dense array.
    """
    raise _refuse("csr")


@operator("_contrib_edge_id", types=first_input_type, dynamic_shape=True)
def edge_id(data: torch.Tensor, u: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """Return the stored values of edges of a graph whose adjacency matrix is a csr array.

    Parameters
    ----------
    data : CSRNDArray
        The adjacency matrix, storage type csr.
    u, v : NDArray
        First and second node of each edge, shape ``(n,)``.

    Raises
    ------
    MXNetError
        For a dense array.
    """
    raise _refuse("csr")


@operator("_sparse_retain", types=first_input_type, dynamic_shape=True)
def sparse_retain(data: torch.Tensor, indices: torch.Tensor) -> torch.Tensor:
    """Return a row_sparse array with some of its rows alone.

    Parameters
    ----------
    data : RowSparseNDArray
        Storage type row_sparse.
    indices : NDArray
        The rows to keep, shape ``(n,)``.

    Raises
    ------
    MXNetError
        For a dense array.
    """
    raise _refuse("row_sparse")
