"""The graph behind a Symbol: nodes, and walks over them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..ops.registry import Operator

HIDDEN_KEYS = (
    "ctx_group",
    "force_mirroring",
    "lr_mult",
    "mirror_stage",
    "profiler_scope",
    "wd_mult",
)
"""Attributes that users write without the underscores that the graph stores them with."""


class Node:
    """A variable (`op` is None) or one use of an operator.

    Parameters
    ----------
    op : Operator or None
        The operator, None for a variable.
    name : str
        The node's name.
    attrs : dict of str to str
        The operator's attributes and the user's own, all as strings.
    inputs : list of (Node, int)
        Which output of which node each input is.
    params : dict, optional
        The operator's attributes as Python values.
    """

    __slots__ = ("attrs", "inputs", "name", "op", "params", "subgraphs")

    def __init__(
        self,
        op: Operator | None,
        name: str,
        attrs: dict[str, str],
        inputs: list[tuple[Node, int]],
        params: dict[str, Any] | None = None,
    ) -> None:
        self.op, self.name, self.attrs, self.inputs = op, name, attrs, inputs
        self.params = params if params is not None else {}
        self.subgraphs: list[Any] = []

    def count_visible(self) -> int:
        """Return how many outputs a user sees; a variable has one."""
        return 1 if self.op is None else self.op.count_visible(self.params)

    def count_outputs(self) -> int:
        """Return how many outputs there are, hidden ones included."""
        return 1 if self.op is None else self.op.count_outputs(self.params)

    def output_name(self, index: int) -> str:
        """Return the name of output `index`, for example ``fc_output``."""
        if self.op is None:
            return self.name
        return f"{self.name}_{self.op.name_outputs(self.params)[index]}"

    def input_names(self) -> tuple[str, ...]:
        """Return the names of the node's inputs."""
        if self.op is None:
            return ()
        return self.op.input_names(self.params, len(self.inputs))

    def aux_positions(self) -> tuple[int, ...]:
        """Return which inputs are auxiliary states."""
        states = () if self.op is None else self.op.state_names(self.params)
        if not states:
            return ()
        names = self.input_names()
        return tuple(names.index(name) for name in states if name in names)

    def is_loss(self) -> bool:
        """Return whether the node's gradient needs no head gradient."""
        return self.op is not None and self.op.ignores_head(self.params)

    def __repr__(self) -> str:
        return f"<{self.op.name if self.op else 'variable'} {self.name}>"


Output = tuple[Node, int]


def topological_order(outputs: Iterable[Output]) -> list[Node]:
    """Return every node that the outputs need, each after its inputs, depth first."""
    order: list[Node] = []
    seen: set[int] = set()
    for head, _ in outputs:
        if id(head) in seen:
            continue
        seen.add(id(head))
        stack = [(head, iter(head.inputs))]
        while stack:
            node, rest = stack[-1]
            for child, _index in rest:
                if id(child) not in seen:
                    seen.add(id(child))
                    stack.append((child, iter(child.inputs)))
                    break
            else:
                order.append(node)
                stack.pop()
    return order


def split_variables(order: list[Node]) -> tuple[list[Node], list[Node]]:
    """Return (arguments, auxiliary states) among the nodes of a topological order."""
    aux = {id(node.inputs[p][0]) for node in order for p in node.aux_positions()}
    variables = [node for node in order if node.op is None]
    return [v for v in variables if id(v) not in aux], [v for v in variables if id(v) in aux]


def copy_graph(outputs: list[Output], replace: dict[int, Output] | None = None) -> list[Output]:
    """Return the same outputs of a copied graph, with some variables replaced.

    Parameters
    ----------
    outputs : list of (Node, int)
        What is copied.
    replace : dict of id(Node) to (Node, int), optional
        What takes the place of a variable.
    """
    copies: dict[int, Node] = {}
    swapped = replace or {}

    def target(output: Output) -> Output:
        node, index = output
        return swapped[id(node)] if id(node) in swapped else (copies[id(node)], index)

    for node in topological_order(outputs):
        if id(node) in swapped:
            continue
        inputs = [target(source) for source in node.inputs]
        copy = Node(node.op, node.name, dict(node.attrs), inputs, node.params)
        copy.subgraphs = node.subgraphs
        copies[id(node)] = copy
    return [target(output) for output in outputs]
