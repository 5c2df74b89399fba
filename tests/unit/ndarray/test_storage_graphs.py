"""Walks that the reference draws otherwise, or whose results it leaves undefined."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

import mxnet as mx

CONTRIB = mx.nd.contrib
EVENLY = CONTRIB.dgl_csr_neighbor_uniform_sample
WEIGHTED = CONTRIB.dgl_csr_neighbor_non_uniform_sample
DRAWS = 3000


def _star() -> Any:
    """Vertex 0 has an edge to each of the vertices 1 to 4, number 10 to 13."""
    parts = ([10, 11, 12, 13], [1, 2, 3, 4], [0, 4, 4, 4, 4, 4])
    return mx.nd.sparse.csr_matrix(parts, shape=(5, 5), dtype="int64")


def _vertices(*numbers: int) -> Any:
    return mx.nd.array(numbers, dtype="int64")


def test_neighbours_are_drawn_evenly_without_repeats() -> None:
    mx.random.seed(1)
    walks = [EVENLY(_star(), _vertices(0), num_neighbor=2)[1] for _ in range(DRAWS)]
    drawn = Counter(tuple(walk.indices.asnumpy().tolist()) for walk in walks)
    assert len(drawn) == 6
    # Each pair has the chance 1/6, so that 5 standard deviations are 0.034.
    assert all(count / DRAWS == pytest.approx(1 / 6, abs=0.034) for count in drawn.values())


def test_neighbours_are_drawn_by_weight() -> None:
    mx.random.seed(2)
    weights = mx.nd.array([1, 0.5, 0.3, 0.2, 0])
    walks = [WEIGHTED(_star(), weights, _vertices(0), num_neighbor=1) for _ in range(DRAWS)]
    drawn = Counter(int(walk[1].indices.asscalar()) for walk in walks)
    shares = [drawn[vertex] / DRAWS for vertex in range(5)]
    assert shares == pytest.approx([0, 0.5, 0.3, 0.2, 0], abs=0.046)


def test_vertices_without_weight_are_not_met() -> None:
    weights = mx.nd.array([1, 0, 0.5, 0, 0])
    walk = WEIGHTED(_star(), weights, _vertices(0), num_neighbor=3)
    assert walk[1].data.asnumpy().tolist() == [11]


def test_the_room_of_a_walk_is_filled() -> None:
    weights = mx.nd.array([0.9, 0.8, 0.2, 0.4, 0.1])
    vertices, _, shares, hops = WEIGHTED(
        _star(), weights, _vertices(0), num_neighbor=4, max_num_vertices=7
    )
    assert vertices.asnumpy().tolist() == [0, 1, 2, 3, 4, -1, -1, 5]
    assert hops.asnumpy().tolist() == [0, 1, 1, 1, 1, -1, -1]
    assert shares.asnumpy() == pytest.approx([0.9, 0.8, 0.2, 0.4, 0.1, 0, 0])


def test_a_seed_draws_the_same_walk_again() -> None:
    walks = []
    for _ in range(2):
        mx.random.seed(7)
        walks.append(EVENLY(_star(), _vertices(0), num_neighbor=2)[0].asnumpy().tolist())
    assert walks[0] == walks[1]


def test_compact_graphs_keep_the_old_numbers() -> None:
    vertices, graph, _ = EVENLY(_star(), _vertices(0), num_neighbor=4, max_num_vertices=6)
    made, old = CONTRIB.dgl_graph_compact(graph, vertices, graph_sizes=5, return_mapping=True)
    assert made.asnumpy().tolist()[0] == [0, 0, 1, 2, 3]
    assert old.asnumpy().tolist()[0] == [0, 10, 11, 12, 13]
    assert old.shape == (5, 5)


def _walk(most: int) -> list[Any]:
    return EVENLY(_star(), _vertices(0), num_neighbor=4, max_num_vertices=most)


WRONG = {
    "ascending": lambda: CONTRIB.dgl_subgraph(_star(), _vertices(2, 0), return_mapping=True),
    "of shape": lambda: CONTRIB.dgl_subgraph(_star(), _vertices(0, 7), return_mapping=True),
    "float32, but must be int64": lambda: CONTRIB.dgl_subgraph(
        _star().astype("float32"), _vertices(0), return_mapping=True
    ),
    "at least 2": lambda: CONTRIB.dgl_subgraph(_star(), return_mapping=True),
    "must be 5": lambda: CONTRIB.dgl_subgraph(
        _star(), _vertices(0), num_args=5, return_mapping=True
    ),
    "max_num_vertices=1": lambda: EVENLY(_star(), _vertices(0, 1), max_num_vertices=1),
    "seeds 0 are": lambda: EVENLY(_star(), _vertices(9)),
    "'default'": lambda: EVENLY(mx.nd.ones((2, 2), dtype="int64"), _vertices(0)),
    "probability is": lambda: WEIGHTED(_star(), mx.nd.ones((3,)), _vertices(0)),
    "stands last": lambda: CONTRIB.dgl_graph_compact(
        *_walk(6)[1::-1], graph_sizes=2, return_mapping=True
    ),
    "not sampled": lambda: CONTRIB.dgl_graph_compact(
        *_walk(3)[1::-1], graph_sizes=3, return_mapping=True
    ),
    "one size for each": lambda: CONTRIB.dgl_graph_compact(
        *_walk(6)[1::-1], graph_sizes=(5, 5), return_mapping=True
    ),
    "2 results": lambda: CONTRIB.dgl_subgraph(
        _star(), _vertices(0), return_mapping=True, out=mx.nd.ones((1, 1))
    ),
}


@pytest.mark.parametrize("message", WRONG)
def test_wrong_calls_are_refused_by_name(message: str) -> None:
    with pytest.raises(mx.MXNetError, match=f"^_contrib_dgl_.*{message}"):
        WRONG[message]()


def test_a_symbol_of_a_graph_is_refused_when_it_runs() -> None:
    names = [mx.sym.Variable(name) for name in ("graph", "vertices")]
    symbol = mx.sym.contrib.dgl_subgraph(*names, num_args=2, return_mapping=True)
    assert len(symbol.list_outputs()) == 2
    executor = symbol.bind(mx.cpu(), {"graph": _star(), "vertices": _vertices(0)})
    with pytest.raises(mx.MXNetError, match="^_contrib_dgl_subgraph.*symbols compute on dense"):
        executor.forward()


def test_a_symbol_of_a_graph_needs_its_number_of_arrays() -> None:
    names = [mx.sym.Variable(name) for name in ("graph", "vertices")]
    with pytest.raises(mx.MXNetError, match="num_args is missing"):
        mx.sym.contrib.dgl_subgraph(*names, return_mapping=True).list_outputs()
