"""Operators on graphs stored as csr arrays: subgraphs, and walks over sampled neighbours.

Where a vertex has no more neighbours than are chosen, walks are the same everywhere; the room that
they leave is raw memory in the reference, and so is not compared.
"""

from __future__ import annotations

import numpy as np

from tests.conformance.case import case, error_of

EDGES = ((0, 1), (0, 2), (1, 3), (2, 0), (2, 4), (3, 1), (4, 0), (4, 1), (4, 3))
ALL = {"num_hops": 2, "num_neighbor": 5}


def _graph(mx, dtype="int64"):
    numbers = np.zeros((5, 5), dtype)
    for number, (first, second) in enumerate(EDGES):
        numbers[first, second] = number + 10
    return mx.nd.sparse.csr_matrix(numbers, dtype=dtype)


def _vertices(mx, *numbers):
    return mx.nd.array(numbers, dtype="int64")


def _parts(name, graph):
    parts = {"values": graph.data, "columns": graph.indices, "starts": graph.indptr}
    return {
        f"{name} shape": graph.shape,
        f"{name} dtype": np.dtype(graph.dtype).name,
        **{f"{name} {part}": array for part, array in parts.items()},
    }


def _walks(results, walks, weighted=False):
    """Return the facts of walks without the room that they leave."""
    facts = {}
    kinds = 4 if weighted else 3
    for i in range(walks):
        vertices, graph, *rest = (results[kind * walks + i] for kind in range(kinds))
        count = int(vertices.asnumpy()[-1])
        facts[f"vertices {i}"] = vertices.asnumpy()[:count]
        facts[f"shapes {i}"] = [each.shape for each in (vertices, *rest)]
        facts.update(_parts(f"graph {i}", graph))
        for name, each in zip(("hops", "weights"), rest[::-1], strict=False):
            facts[f"{name} {i}"] = each.asnumpy()[:count]
    return facts


@case
def adjacency_is_of_ones(mx, random):
    adjacency = mx.nd.contrib.dgl_adjacency
    return {
        **_parts("adjacency", adjacency(_graph(mx))),
        "of floats": error_of(lambda: adjacency(_graph(mx, "float32")).wait_to_read()),
        "dense": error_of(lambda: adjacency(mx.nd.ones((2, 2))).wait_to_read()),
    }


@case
def subgraphs_of_sets_of_vertices(mx, random):
    sets = [_vertices(mx, 0, 1, 2), _vertices(mx, 2, 4), _vertices(mx, 3)]
    results = mx.nd.contrib.dgl_subgraph(_graph(mx), *sets, return_mapping=True)
    facts = {}
    for i, result in enumerate(results):
        facts.update(_parts(f"result {i}", result))
    return facts


@case
def a_subgraph_without_the_old_numbers(mx, random):
    vertices = _vertices(mx, 0, 2, 3, 4)
    result = mx.nd.contrib.dgl_subgraph(_graph(mx), vertices, return_mapping=False)
    return _parts("result", result)


@case
def subgraphs_refuse_what_is_no_set(mx, random):
    def made(*vertices, graph=None, dtype="int64", **attrs):
        given = mx.nd.array(vertices, dtype=dtype)
        subgraph = mx.nd.contrib.dgl_subgraph
        return error_of(lambda: subgraph(_graph(mx) if graph is None else graph, given, **attrs))

    return {
        "floats": made(0, 1, dtype="float32", return_mapping=True),
        "int32": made(0, 1, dtype="int32", return_mapping=True),
        "two axes": made([0, 1], return_mapping=True),
        "mapping is missing": made(0, 1),
        "dense": made(0, graph=mx.nd.ones((2, 2), dtype="int64"), return_mapping=True),
    }


@case
def walks_over_all_neighbours(mx, random):
    seeds = [_vertices(mx, 0), _vertices(mx, 4, 1)]
    sample = mx.nd.contrib.dgl_csr_neighbor_uniform_sample
    return _walks(sample(_graph(mx), *seeds, max_num_vertices=8, **ALL), 2)


@case
def walks_end_where_the_vertices_do(mx, random):
    sample = mx.nd.contrib.dgl_csr_neighbor_uniform_sample
    facts = {}
    for most in (2, 3, 4):
        walk = sample(_graph(mx), _vertices(mx, 4), max_num_vertices=most, **ALL)
        facts.update({f"{most}: {name}": fact for name, fact in _walks(walk, 1).items()})
    return facts


@case
def walks_of_full_seeds_and_no_hops(mx, random):
    sample = mx.nd.contrib.dgl_csr_neighbor_uniform_sample
    full = sample(_graph(mx), _vertices(mx, 4, 0, 2), max_num_vertices=3, **ALL)
    still = sample(_graph(mx), _vertices(mx, 4, 4), max_num_vertices=3, num_hops=0)
    facts = {f"full {name}": fact for name, fact in _walks(full, 1).items()}
    return {**facts, **{f"still {name}": fact for name, fact in _walks(still, 1).items()}}


@case
def weighted_walks_over_all_neighbours(mx, random):
    weights = mx.nd.array([0.9, 0.8, 0.2, 0.4, 0.1])
    sample = mx.nd.contrib.dgl_csr_neighbor_non_uniform_sample
    seeds = [_vertices(mx, 0), _vertices(mx, 2)]
    walks = sample(_graph(mx), weights, *seeds, max_num_vertices=6, **ALL)
    double = weights.astype("float64")
    return {
        **_walks(walks, 2, weighted=True),
        "float64": error_of(lambda: sample(_graph(mx), double, seeds[0])[0].wait_to_read()),
    }


@case
def walks_without_their_room(mx, random):
    sample, compact = mx.nd.contrib.dgl_csr_neighbor_uniform_sample, mx.nd.contrib.dgl_graph_compact
    seeds = [_vertices(mx, 0), _vertices(mx, 4)]
    first, second, *graphs = sample(
        _graph(mx), *seeds, num_hops=1, num_neighbor=5, max_num_vertices=5
    )[:4]
    sizes = [int(vertices.asnumpy()[-1]) for vertices in (first, second)]
    made = compact(*graphs, first, second, graph_sizes=sizes, return_mapping=False)
    return {**_parts("first", made[0]), **_parts("second", made[1])}


@case
def walks_refuse_dense_graphs(mx, random):
    dense, vertices = mx.nd.ones((5, 5), dtype="int64"), _vertices(mx, 0, 1)
    sample, compact = mx.nd.contrib.dgl_csr_neighbor_uniform_sample, mx.nd.contrib.dgl_graph_compact

    def packed():
        return compact(dense, vertices, graph_sizes=1, return_mapping=False)

    return {
        "sample": error_of(lambda: sample(dense, vertices)[0].wait_to_read()),
        "seeds are missing": error_of(lambda: sample(_graph(mx))[0].wait_to_read()),
        "compact": error_of(lambda: packed().wait_to_read()),
    }
