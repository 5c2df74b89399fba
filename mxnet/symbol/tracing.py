"""Graphs made by Python functions: what a loop's body does is recorded as a graph inside a node.

While a user's function makes its symbols, a scope marks them with the name of the graph to be. What
the function uses from outside is then cut off: a variable of the outside is a variable of the graph
too, the output of an operator of the outside becomes a new variable of the graph.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from .. import attribute
from .. import name as naming
from ..ops.registry import get
from . import op
from .compose import user_attrs
from .graph import Node, Output, topological_order
from .subgraph import attach
from .symbol import Symbol

_MARK = "__subgraph_name__"
_COUNTS: Counter[str] = Counter()
_LOCK = threading.Lock()


class TracedGraph:
    """A graph that a user's function made.

    Parameters
    ----------
    outputs : list of (Node, int)
        What the function returned, cut off from the operators outside.
    received : list of Symbol
        The variables that the function received.
    cut : dict of id(Node) to (Node, int)
        What variables stand for that took the place of an operator outside.
    """

    def __init__(
        self, outputs: list[Output], received: Sequence[Symbol], cut: dict[int, Output]
    ) -> None:
        self.outputs = outputs
        self.inputs = [node for node in topological_order(outputs) if node.op is None]
        self._received = {id(symbol._outputs[0][0]): k for k, symbol in enumerate(received)}
        self._cut = cut
        names = [node.name for node in self.inputs]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise AssertionError(
                f"The graph has several inputs named {', '.join(twice)}; give each a name of its "
                "own, for example by mx.sym.identity."
            )

    def key(self, node: Node) -> tuple[str, Any]:
        """Return what an input stands for: something that the function received, something cut
        off, or a free variable."""
        if id(node) in self._received:
            return "received", self._received[id(node)]
        return ("cut", id(node)) if id(node) in self._cut else ("free", node.name)

    def source(self, node: Node, given: Sequence[Symbol]) -> Output:
        """Return what an input stands for, where the function received `given`."""
        number = self._received.get(id(node))
        return self._cut.get(id(node), (node, 0)) if number is None else given[number]._outputs[0]

    def places(self) -> dict[int, int]:
        """Return where among the inputs the variables are that the function received."""
        found = {self._received.get(id(node), -1): at for at, node in enumerate(self.inputs)}
        found.pop(-1, None)
        return found


@contextmanager
def _scope(name: str) -> Iterator[str]:
    """Mark the symbols made inside as those of a new graph, whose name is given."""
    outer = attribute.current().get(None).get(_MARK)
    stem = f"{outer}${name}" if outer else name
    with _LOCK:
        label = f"{stem}{_COUNTS[stem]}"
        _COUNTS[stem] += 1
    with attribute.AttrScope(**{_MARK: label}):
        yield label


def _stand_ins(symbols: Sequence[Symbol]) -> list[Symbol]:
    """Return a new variable for each symbol, as what the user's function receives."""
    nodes = [
        Node(None, f"{node.name}-{index}", user_attrs(None), [])
        for node, index in (symbol._outputs[0] for symbol in symbols)
    ]
    return [Symbol([(node, 0)]) for node in nodes]


def _own(symbols: Sequence[Symbol], label: str) -> list[Output]:
    """Return the outputs of a graph: each of a node of the graph, and no node twice."""
    seen: set[str] = set()
    outputs = []
    for symbol in symbols:
        node = symbol._outputs[0][0]
        if node.op is None or node.attrs.get(_MARK) != label or node.name in seen:
            symbol = op.identity(symbol)
        seen.add(node.name)
        outputs.append(symbol._outputs[0])
    return outputs


def trace(
    name: str, function: Callable[..., Sequence[Symbol]], given: Sequence[Symbol]
) -> TracedGraph:
    """Return the graph that a user's function makes.

    Parameters
    ----------
    name : str
        The stem of its mark.
    function : callable(list of Symbol) -> list of Symbol
        What makes it.
    given : list of Symbol
        What the function's arguments stand for.
    """
    with _scope(name) as label:
        received = _stand_ins(given)
        outputs = _own(function(received), label)
    copies: dict[Output, Output] = {}
    cut: dict[int, Output] = {}

    def target(output: Output) -> Output:
        node, index = output
        if node.op is None:
            return output
        if output not in copies:
            variable = Node(None, node.output_name(index), {}, [])
            cut[id(variable)] = output
            copies[output] = (variable, 0)
        return copies[output]

    for node in topological_order(outputs):
        if node.op is not None and node.attrs.get(_MARK) == label:
            inputs = [target(source) for source in node.inputs]
            copy = Node(node.op, node.name, node.attrs, inputs, node.params)
            copy.subgraphs = node.subgraphs
            copies.update(((node, i), (copy, i)) for i in range(node.count_outputs()))
    return TracedGraph([target(output) for output in outputs], received, cut)


def make_symbols(
    name: str, attrs: dict[str, Any], inputs: list[Output], graphs: Sequence[TracedGraph]
) -> list[Symbol]:
    """Return the outputs of a control flow node, each as a symbol."""
    operator = get(name)
    params = operator.parse(attrs)
    texts = {key: str(value) for key, value in attrs.items()}
    texts["num_args"] = str(len(inputs) + len(graphs))
    full_name = naming.current().get(None, name)
    node = Node(operator, full_name, {**texts, **user_attrs(None)}, inputs, params)
    attach(node, [graph.outputs for graph in graphs])
    return [Symbol([(node, index)]) for index in range(node.count_outputs())]


def union(
    graphs: Sequence[TracedGraph], given: Sequence[Symbol]
) -> tuple[list[Output], list[list[int]]]:
    """Return the inputs of a node that runs several graphs, and which of them each graph has."""
    inputs: list[Output] = []
    known: dict[Any, int] = {}
    places = []
    for graph in graphs:
        for node in graph.inputs:
            if graph.key(node) not in known:
                known[graph.key(node)] = len(inputs)
                inputs.append(graph.source(node, given))
        places.append([known[graph.key(node)] for node in graph.inputs])
    return inputs, places
