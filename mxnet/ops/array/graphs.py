"""Operators on graphs, whose adjacency matrices are csr arrays of edge numbers.

They run on arrays that are stored as csr alone (`mxnet.ndarray.storage_graphs`); on dense ones,
such as symbols compute with, each is refused by name.
"""

from __future__ import annotations

from typing import Annotated

import torch

from ...base import MXNetError
from ..attributes import Kind, NonNegativeInt, PositiveInt, Shape, kind_of
from ..registry import Attrs, operator

Longs = Annotated[tuple[int, ...], Kind("tuple of <long>", kind_of(Shape).parse)]


def _refuse() -> MXNetError:
    return MXNetError(
        "the graph must have storage type 'csr' in a call on arrays; symbols compute on dense ones"
    )


def _count(attrs: Attrs) -> int:
    if attrs["num_args"] is None:
        raise MXNetError("num_args is missing, which tells a symbol how many results there are")
    return int(attrs["num_args"])


@operator("_contrib_dgl_adjacency", dynamic_shape=True)
def dgl_adjacency(data: torch.Tensor) -> torch.Tensor:
    """Return the adjacency matrix of a graph with 1 for each edge.

    Parameters
    ----------
    data : CSRNDArray
        The numbers of the edges, int64.

    Returns
    -------
    CSRNDArray
        float32, the same shape.

    Raises
    ------
    MXNetError
        If `data` is not an int64 csr array.

    Examples
    --------
    >>> graph = mx.nd.sparse.csr_matrix(([7, 8], [1, 0], [0, 1, 2]), shape=(2, 2), dtype="int64")
    >>> mx.nd.contrib.dgl_adjacency(graph).asnumpy().tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    raise _refuse()


@operator(
    "_contrib_dgl_subgraph",
    count_attribute=None,
    dynamic_shape=True,
    outputs=lambda attrs: (_count(attrs) - 1) * (2 if attrs["return_mapping"] else 1),
)
def dgl_subgraph(
    *data: torch.Tensor, num_args: int | None = None, return_mapping: bool
) -> torch.Tensor:
    """Return the graphs that sets of vertices, and the edges between them, make.

    Parameters
    ----------
    data : CSRNDArray, and NDArrays
        The graph, the numbers of its edges, int64; then each set of vertices, int64, shape (n,), in
        ascending order.
    num_args : int, optional
        How many arrays there are; needed for symbols.
    return_mapping : bool
        Whether to return the numbers that the edges have in the graph.

    Returns
    -------
    CSRNDArray or list of CSRNDArray
        For each set the graph of shape (n, n) whose edges are numbered anew from 0; then, with
        `return_mapping`, for each set the same with the old numbers.

    Raises
    ------
    MXNetError
        If the graph is not an int64 csr array, or the vertices are not ascending or not its own.

    Examples
    --------
    >>> parts = ([10, 11, 12], [1, 2, 0], [0, 2, 2, 3])
    >>> graph = mx.nd.sparse.csr_matrix(parts, shape=(3, 3), dtype="int64")
    >>> vertices = mx.nd.array([0, 2], dtype="int64")
    >>> _, old = mx.nd.contrib.dgl_subgraph(graph, vertices, return_mapping=True)
    >>> old.asnumpy().tolist()
    [[0, 11], [12, 0]]
    """
    raise _refuse()


@operator(
    "_contrib_dgl_graph_compact",
    count_attribute=None,
    dynamic_shape=True,
    outputs=lambda attrs: _count(attrs) // 2 * (2 if attrs["return_mapping"] else 1),
)
def dgl_graph_compact(
    *graph_data: torch.Tensor,
    num_args: int | None = None,
    return_mapping: bool,
    graph_sizes: Longs,
) -> torch.Tensor:
    """Return sampled graphs without the room that sampling left in them.

    Parameters
    ----------
    graph_data : CSRNDArrays, and NDArrays
        The graphs as a sampling operator gave them; then the vertices of each, as it gave them.
    num_args : int, optional
        How many arrays there are; needed for symbols.
    return_mapping : bool
        Whether to return the numbers that the edges have in the graphs.
    graph_sizes : tuple of int
        How many vertices each graph has.

    Returns
    -------
    CSRNDArray or list of CSRNDArray
        For each graph that of its n vertices, shape (n, n), whose edges are numbered anew from 0;
        then, with `return_mapping`, for each graph the same with the old numbers.

    Raises
    ------
    MXNetError
        If a graph is not an int64 csr array, there are not as many vertices and sizes as graphs, or
        an edge leads to a vertex that was not sampled.
    """
    raise _refuse()


@operator(
    "_contrib_dgl_csr_neighbor_uniform_sample",
    count_attribute=None,
    dynamic_shape=True,
    outputs=lambda attrs: 3 * (_count(attrs) - 1),
)
def dgl_csr_neighbor_uniform_sample(
    *seed_arrays: torch.Tensor,
    num_args: int | None = None,
    num_hops: NonNegativeInt = 1,
    num_neighbor: NonNegativeInt = 2,
    max_num_vertices: PositiveInt = 100,
) -> torch.Tensor:
    """Walk from seeds over randomly chosen neighbours, and return what was met.

    Vertices are visited in the order in which they are met, the seeds first, until
    `max_num_vertices` are met.

    Parameters
    ----------
    seed_arrays : CSRNDArray, and NDArrays
        The graph, the numbers of its edges, int64; then the seeds of each walk, int64, shape (n,).
    num_args : int, optional
        How many arrays there are; needed for symbols.
    num_hops : int, default 1
        How many edges a vertex may be away from a seed.
    num_neighbor : int, default 2
        How many neighbours of a vertex are chosen, each at most once.
    max_num_vertices : int, default 100
        How many vertices there may be.

    Returns
    -------
    list of NDArray and CSRNDArray
        For each walk its vertices, ascending, int64, shape (max_num_vertices + 1,), the last
        element of which is their number. Then for each the graph of the chosen edges, shape
        (max_num_vertices, vertices of the graph), with a row for each vertex of the walk. Then for
        each how many hops its vertices are away, shape (max_num_vertices,). Room that is left is
        filled with -1.

    Raises
    ------
    MXNetError
        If the graph is not an int64 csr array, seeds are not vertices of it, or too many.
    """
    raise _refuse()


@operator(
    "_contrib_dgl_csr_neighbor_non_uniform_sample",
    count_attribute=None,
    dynamic_shape=True,
    outputs=lambda attrs: 4 * (_count(attrs) - 2),
)
def dgl_csr_neighbor_non_uniform_sample(
    *seed_arrays: torch.Tensor,
    num_args: int | None = None,
    num_hops: NonNegativeInt = 1,
    num_neighbor: NonNegativeInt = 2,
    max_num_vertices: PositiveInt = 100,
) -> torch.Tensor:
    """Walk from seeds over neighbours chosen with given weights, and return what was met.

    Parameters
    ----------
    seed_arrays : CSRNDArray, and NDArrays
        The graph, the numbers of its edges, int64; the weight of each vertex, float32; then the
        seeds of each walk, int64, shape (n,).
    num_args, num_hops, num_neighbor, max_num_vertices
        As for `dgl_csr_neighbor_uniform_sample`. A vertex of weight 0 is met only where no more
        neighbours than `num_neighbor` are there.

    Returns
    -------
    list of NDArray and CSRNDArray
        As from `dgl_csr_neighbor_uniform_sample`, but for each walk the weights of its vertices,
        shape (max_num_vertices,), before the hops.

    Raises
    ------
    MXNetError
        If the graph is not an int64 csr array, there is not a weight for each of its vertices, or
        seeds are not vertices of it, or too many.
    """
    raise _refuse()
