"""Operators that read how a sparse array is stored; every other one reads its dense form.

A kernel returns None where its inputs are dense, so that the operator itself runs or refuses them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch

from ..base import MXNetError
from .ndarray import NDArray
from .sparse import CSRNDArray, RowSparseNDArray, retain
from .storage_graphs import GRAPH_KERNELS

Inputs = Sequence[NDArray | None]
Attrs = Mapping[str, Any]


def _count_stored(inputs: Inputs, attrs: Attrs) -> NDArray | None:
    """Return how many elements a csr array stores, or how many each of its rows does."""
    data = inputs[0]
    if not isinstance(data, CSRNDArray):
        return None
    if attrs["axis"] not in (None, 1):
        raise MXNetError(f"_contrib_getnnz: axis is {attrs['axis']}, but must be None or 1.")
    starts = data.indptr._data
    counts = starts[-1:].clone() if attrs["axis"] is None else starts.diff()
    return NDArray(counts, ctx=data._ctx)


def _edges(inputs: Inputs, attrs: Attrs) -> NDArray | None:
    """Return the stored value of each edge, -1 where there is none."""
    graph, u, v = inputs
    if not isinstance(graph, CSRNDArray) or u is None or v is None:
        return None
    if u.ndim != 1 or u.shape != v.shape:
        raise MXNetError(
            f"_contrib_edge_id: u has shape {u.shape} and v {v.shape}, but must have one axis and "
            "the same length."
        )
    first, second = u._data.to(torch.int64), v._data.to(torch.int64)
    rows, columns = graph.shape
    if bool(((first < 0) | (first >= rows) | (second < 0) | (second >= columns)).any()):
        raise MXNetError(
            f"_contrib_edge_id: a node is outside of the graph of shape {graph.shape}."
        )
    places = torch.repeat_interleave(torch.arange(rows), graph.indptr._data.diff().cpu())
    keys = places.to(first.device) * columns + graph.indices._data
    values = torch.full_like(first, -1, dtype=graph.data._data.dtype)
    wanted = first * columns + second
    found = torch.isin(wanted, keys)
    order = keys.argsort()
    place = torch.searchsorted(keys[order], wanted[found])
    values[found] = graph.data._data[order[place]]
    return NDArray(values, ctx=graph._ctx)


def _cast(inputs: Inputs, attrs: Attrs) -> NDArray | None:
    """Return an array in another storage type, between dense and sparse."""
    data, stype = inputs[0], attrs["stype"]
    if data is None or data.stype == stype == "default":
        return None
    if stype == data.stype:
        return data.copy()
    if stype == "csr" and data.ndim != 2:
        raise MXNetError(
            f"cast_storage: data has shape {data.shape}, but csr is for matrices alone."
        )
    if "default" not in (stype, data.stype):
        raise MXNetError(f"cast_storage: data is {data.stype}, which can not become {stype}.")
    made: NDArray = data.tostype(stype)
    return made


def _retain(inputs: Inputs, attrs: Attrs) -> NDArray | None:
    data, indices = inputs
    if not isinstance(data, RowSparseNDArray) or indices is None:
        return None
    return retain(data, indices)


KERNELS: dict[str, Callable[[Inputs, Attrs], NDArray | list[NDArray] | None]] = {
    "_contrib_getnnz": _count_stored,
    "_contrib_edge_id": _edges,
    "cast_storage": _cast,
    "_sparse_retain": _retain,
    **GRAPH_KERNELS,
}
"""What runs instead of an operator whose input is stored sparsely."""
