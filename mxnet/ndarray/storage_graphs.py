"""Operators on graphs: subgraphs, and walks over randomly chosen neighbours."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import torch

from ..base import MXNetError
from .generators import generator_for
from .ndarray import NDArray
from .sparse import CSRNDArray

Inputs = Sequence[NDArray | None]
Attrs = Mapping[str, Any]
Results = NDArray | list[NDArray]

NONE = -1
"""What fills the room that a walk leaves."""


def _graph(value: Any) -> CSRNDArray:
    if not isinstance(value, CSRNDArray):
        stored = getattr(value, "stype", "nothing")
        raise MXNetError(f"the graph has storage type {stored!r}, but must have 'csr'")
    if value._values.dtype is not torch.int64:
        raise MXNetError(f"the graph is {value.dtype.__name__}, but must be int64")
    return value


def _vertices(value: NDArray | None, name: str) -> torch.Tensor:
    if value is None or value.ndim != 1 or value._data.dtype is not torch.int64:
        given = "missing" if value is None else f"{value.shape} {value.dtype.__name__}"
        raise MXNetError(f"{name} is {given}, but must be int64 with one axis")
    return value._data


def _counted(inputs: Inputs, attrs: Attrs, least: int) -> None:
    """Refuse too few arrays, and another number than `num_args` says."""
    if len(inputs) < least or attrs["num_args"] not in (None, len(inputs)):
        told = attrs["num_args"] if len(inputs) >= least else f"at least {least}"
        raise MXNetError(f"there are {len(inputs)} arrays, but must be {told}")


def _rows_of(graph: CSRNDArray) -> torch.Tensor:
    """Return the row of each stored element."""
    starts = graph._parts[0]
    rows = torch.arange(len(starts) - 1, device=starts.device)
    return torch.repeat_interleave(rows, starts.diff())


def _made(
    values: torch.Tensor, rows: torch.Tensor, columns: torch.Tensor, shape: Any, like: CSRNDArray
) -> CSRNDArray:
    """Return the csr array of elements that lie row by row."""
    counts = torch.bincount(rows, minlength=shape[0])
    starts = torch.cat([counts.new_zeros(1), counts.cumsum(0)])
    return CSRNDArray(values, (starts, columns), shape, like._ctx)


def _renumbered(made: list[CSRNDArray], mapping: bool) -> Results:
    """Return graphs with edges numbered from 0, and, if asked for, those with the old numbers."""
    fresh: list[NDArray] = [
        CSRNDArray(torch.arange(len(g._values), device=g._values.device), g._parts, g.shape, g._ctx)
        for g in made
    ]
    results = [*fresh, *made] if mapping else fresh
    return results if len(results) > 1 else results[0]


def _adjacency(inputs: Inputs, attrs: Attrs) -> Results:
    graph = _graph(inputs[0])
    ones = torch.ones_like(graph._values, dtype=torch.float32)
    return CSRNDArray(ones, graph._parts, graph.shape, graph._ctx)


def _subgraphs(inputs: Inputs, attrs: Attrs) -> Results:
    _counted(inputs, attrs, 2)
    graph = _graph(inputs[0])
    rows, columns = _rows_of(graph), graph._parts[1]
    made = []
    for i, value in enumerate(inputs[1:]):
        vertices = _vertices(value, f"data[{i + 1}]")
        inside = (vertices >= 0) & (vertices < min(graph.shape))
        if not bool(inside.all()) or bool((vertices.diff() <= 0).any()):
            raise MXNetError(
                f"data[{i + 1}] is {vertices.tolist()}, but must be ascending vertices of the "
                f"graph of shape {graph.shape}"
            )
        kept = torch.isin(rows, vertices) & torch.isin(columns, vertices)
        begins, ends = (torch.searchsorted(vertices, each[kept]) for each in (rows, columns))
        shape = (len(vertices), len(vertices))
        made.append(_made(graph._values[kept], begins, ends, shape, graph))
    return _renumbered(made, attrs["return_mapping"])


def _compact(inputs: Inputs, attrs: Attrs) -> Results:
    _counted(inputs, attrs, 2)
    count, sizes = len(inputs) // 2, attrs["graph_sizes"]
    if len(inputs) != 2 * count or len(sizes) != count:
        raise MXNetError(
            f"there are {len(inputs)} arrays and {len(sizes)} graph_sizes, but must be two arrays "
            "and one size for each graph"
        )
    made = []
    for i, size in enumerate(sizes):
        graph, vertices = (
            _graph(inputs[i]),
            _vertices(inputs[count + i], f"graph_data[{count + i}]"),
        )
        if not 0 < size <= graph.shape[0] or len(vertices) <= size or int(vertices[-1]) != size:
            raise MXNetError(
                f"graph_sizes[{i}] is {size}, but must be the number of its vertices, which stands "
                f"last in {vertices.tolist()}"
            )
        stop = int(graph._parts[0][size])
        columns = graph._parts[1][:stop]
        if not bool(torch.isin(columns, vertices[:size]).all()):
            raise MXNetError(f"graph_data[{i}] has an edge to a vertex that was not sampled")
        places = torch.searchsorted(vertices[:size], columns)
        rows = _rows_of(graph)[:stop]
        made.append(_made(graph._values[:stop], rows, places, (size, size), graph))
    return _renumbered(made, attrs["return_mapping"])


class Walk(NamedTuple):
    """What a walk met: how far each vertex is away, and which edges were chosen at each."""

    hops: dict[int, int]
    edges: dict[int, torch.Tensor]


def _walk(graph: CSRNDArray, seeds: list[int], attrs: Attrs, weights: torch.Tensor | None) -> Walk:
    """Visit vertices in the order in which they are met."""
    starts, columns = graph._parts
    most = attrs["max_num_vertices"]
    walk = Walk(dict.fromkeys(seeds, 0), {})
    queue = list(walk.hops)
    for vertex in queue:  # which grows while it is read
        if len(queue) >= most:
            break
        if walk.hops[vertex] >= attrs["num_hops"]:
            continue
        first, stop = int(starts[vertex]), int(starts[vertex + 1])
        chosen = first + _choose(columns[first:stop], attrs["num_neighbor"], weights)
        walk.edges[vertex] = chosen
        for neighbour in columns[chosen].tolist():
            if neighbour not in walk.hops and len(queue) < most:
                walk.hops[neighbour] = walk.hops[vertex] + 1
                queue.append(neighbour)
    return walk


def _choose(columns: torch.Tensor, most: int, weights: torch.Tensor | None) -> torch.Tensor:
    """Return the places of at most `most` neighbours, ascending."""
    if len(columns) <= most:
        return torch.arange(len(columns), device=columns.device)
    chances = torch.ones(len(columns), device=columns.device)
    if weights is not None:
        chances = weights[columns]
    count = min(most, int((chances > 0).sum()))
    if count == 0:
        return columns.new_empty(0)
    generator = generator_for(columns.device)
    return torch.multinomial(chances, count, generator=generator).sort().values


def _told(walk: Walk, graph: CSRNDArray, most: int) -> tuple[NDArray, NDArray, NDArray]:
    """Return the vertices of a walk, the graph of its edges, and the hops."""
    met = sorted(walk.hops)
    empty = graph._parts[1].new_empty(0)
    chosen = [walk.edges.get(vertex, empty) for vertex in met]
    edges = torch.cat(chosen)
    device = edges.device
    rows = torch.repeat_interleave(torch.tensor([len(each) for each in chosen], device=device))
    made = _made(graph._values[edges], rows, graph._parts[1][edges], (most, graph.shape[1]), graph)
    room = [NONE] * (most - len(met))
    vertices = torch.tensor([*met, *room, len(met)], device=device)
    hops = torch.tensor([*[walk.hops[vertex] for vertex in met], *room], device=device)
    return NDArray(vertices, ctx=graph._ctx), made, NDArray(hops, ctx=graph._ctx)


def _sample(
    graph: CSRNDArray, seed_arrays: Inputs, attrs: Attrs, weights: torch.Tensor | None
) -> Results:
    most = attrs["max_num_vertices"]
    told = []
    for i, value in enumerate(seed_arrays):
        seeds = _vertices(value, f"seeds {i}").tolist()
        if len(set(seeds)) > most or not all(0 <= seed < min(graph.shape) for seed in seeds):
            raise MXNetError(
                f"seeds {i} are {seeds}, but must be at most max_num_vertices={most} vertices of "
                f"the graph of shape {graph.shape}"
            )
        told.append(_told(_walk(graph, seeds, attrs, weights), graph, most))
    vertices, graphs, hops = (list(each) for each in zip(*told, strict=True))
    if weights is None:
        return [*vertices, *graphs, *hops]
    shares = [
        NDArray(torch.where(v._data[:-1] < 0, 0, weights[v._data[:-1]]), ctx=v._ctx)
        for v in vertices
    ]
    return [*vertices, *graphs, *shares, *hops]


def _sample_evenly(inputs: Inputs, attrs: Attrs) -> Results:
    _counted(inputs, attrs, 2)
    return _sample(_graph(inputs[0]), inputs[1:], attrs, None)


def _sample_weighted(inputs: Inputs, attrs: Attrs) -> Results:
    _counted(inputs, attrs, 3)
    graph, weights = _graph(inputs[0]), inputs[1]
    if weights is None or weights.shape != graph.shape[1:] or weights.dtype.__name__ != "float32":
        given = "missing" if weights is None else f"{weights.shape} {weights.dtype.__name__}"
        raise MXNetError(f"probability is {given}, but must be {graph.shape[1:]} float32")
    return _sample(graph, inputs[2:], attrs, weights._data)


GRAPH_KERNELS: dict[str, Callable[[Inputs, Attrs], Results]] = {
    "_contrib_dgl_adjacency": _adjacency,
    "_contrib_dgl_subgraph": _subgraphs,
    "_contrib_dgl_graph_compact": _compact,
    "_contrib_dgl_csr_neighbor_uniform_sample": _sample_evenly,
    "_contrib_dgl_csr_neighbor_non_uniform_sample": _sample_weighted,
}
"""What runs for the operators on graphs."""
