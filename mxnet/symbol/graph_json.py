"""Graphs as JSON text: the reference's `-symbol.json` format, written byte for byte and read."""

from __future__ import annotations

import json
from json.encoder import encode_basestring_ascii as quote
from typing import Any

from ..base import MXNetError
from ..ops.registry import Operator, get
from .compose import stored_key
from .graph import HIDDEN_KEYS, Node, Output, split_variables, topological_order
from .subgraph import attach

_VERSION = 10901


def to_json(outputs: list[Output]) -> str:
    """Return the graph of `outputs` as JSON text."""
    version = f'  "attrs": {{"mxnet_version": ["int", {_VERSION}]}}'
    return _graph_text(outputs, "", [version])


def _graph_text(outputs: list[Output], pad: str, rest: list[str]) -> str:
    """Return a graph as text that starts at the margin `pad`; `rest` are its last entries."""
    order = topological_order(outputs)
    number = {id(node): index for index, node in enumerate(order)}
    aux = _states(order)
    nodes, row = [], [0]
    for node in order:
        inputs = [
            f"[{number[id(child)]}, {index}, {int(id(child) in aux)}]"
            for child, index in node.inputs
        ]
        nodes.append(_node_text(node, inputs, pad + "    "))
        row.append(row[-1] + node.count_outputs())
    arguments = [str(i) for i, node in enumerate(order) if node.op is None]
    heads = [f"[{number[id(node)]}, {index}, 0]" for node, index in outputs]
    inner = pad + "  "
    parts = [
        f'{inner}"nodes": [\n' + ", \n".join(nodes) + f"\n{inner}]",
        f'{inner}"arg_nodes": {_list_text(arguments, inner)}',
        f'{inner}"node_row_ptr": {_list_text([str(r) for r in row], inner)}',
        f'{inner}"heads": {_list_text(heads, inner)}',
        *rest,
    ]
    return "{\n" + ", \n".join(parts) + f"\n{pad}}}"


def _states(order: list[Node]) -> set[int]:
    """Return the auxiliary states among the variables, those inside of loops included."""
    found = {id(node) for node in split_variables(order)[1]}
    for node in order:
        names = {name for graph in node.subgraphs for name in graph.state_names()}
        found |= {id(child) for child, _ in node.inputs if child.op is None and child.name in names}
    return found


def _node_text(node: Node, inputs: list[str], pad: str) -> str:
    inner = pad + "  "
    lines = [
        f'{inner}"op": {quote(node.op.name if node.op else "null")}',
        f'{inner}"name": {quote(node.name)}',
    ]
    if node.attrs:
        pairs = [f"{quote(key)}: {quote(node.attrs[key])}" for key in sorted(node.attrs)]
        lines.append(f'{inner}"attrs": {_bracketed(pairs, inner, ("{", "}"), 1)}')
    lines.append(f'{inner}"inputs": {_list_text(inputs, inner)}')
    if node.subgraphs:
        deeper = inner + "  "
        texts = [deeper + _graph_text(graph.outputs, deeper, []) for graph in node.subgraphs]
        lines.append(f'{inner}"subgraphs": [\n' + ", \n".join(texts) + f"\n{inner}]")
    return f"{pad}{{\n" + ", \n".join(lines) + f"\n{pad}}}"


def _list_text(items: list[str], pad: str) -> str:
    """Return a JSON list, on one line up to ten items, as the reference breaks it."""
    return _bracketed(items, pad, ("[", "]"), 10)


def _bracketed(items: list[str], pad: str, brackets: tuple[str, str], limit: int) -> str:
    """Return items in brackets, on one line up to `limit` of them."""
    first, last = brackets
    if len(items) <= limit:
        return first + ", ".join(items) + last
    return f"{first}\n{pad}  " + f", \n{pad}  ".join(items) + f"\n{pad}{last}"


def from_json(text: str) -> list[Output]:
    """Return the outputs of the graph that JSON text describes.

    Raises
    ------
    MXNetError
        If the text is damaged, or names an operator or attribute that does not exist.
    """
    try:
        document = json.loads(text)
    except (ValueError, TypeError) as error:
        raise MXNetError(f"The symbol's JSON text is damaged: {error}.") from None
    return _read_graph(document)


def _read_graph(document: Any) -> list[Output]:
    if not isinstance(document, dict) or not isinstance(document.get("nodes"), list):
        raise MXNetError('The symbol\'s JSON text has no list "nodes".')
    nodes: list[Node] = []
    for record in document["nodes"]:
        nodes.append(_read_node(record, nodes))
    heads = document.get("heads") or [[len(nodes) - 1, 0, 0]]
    return [_read_output(head, nodes, "heads") for head in heads]


def _read_output(entry: Any, nodes: list[Node], where: str) -> Output:
    if (
        not isinstance(entry, list)
        or len(entry) < 2
        or not all(isinstance(i, int) for i in entry[:2])
    ):
        raise MXNetError(f"The symbol's JSON text is damaged: {where} has the entry {entry!r}.")
    number, index = entry[:2]
    if not 0 <= number < len(nodes):
        raise MXNetError(
            f"The symbol's JSON text is damaged: {where} names node {number}, but "
            f"{len(nodes)} nodes come before it."
        )
    if not 0 <= index < nodes[number].count_outputs():
        raise MXNetError(
            f"The symbol's JSON text is damaged: {where} names output {index} of node "
            f"{nodes[number].name}, which has {nodes[number].count_outputs()}."
        )
    return nodes[number], index


def _read_node(record: Any, nodes: list[Node]) -> Node:
    if not isinstance(record, dict) or not isinstance(record.get("op"), str):
        raise MXNetError(f"The symbol's JSON text is damaged: a node is {record!r}.")
    name = record.get("name")
    if not isinstance(name, str):
        raise MXNetError(f"The symbol's JSON text is damaged: a {record['op']} node has no name.")
    # Graphs of before 2017 keep the operator's own attributes in "param", the user's in "attr".
    attrs = {
        **(record.get("param") or {}),
        **(record.get("attr") or {}),
        **(record.get("attrs") or {}),
    }
    attrs = {stored_key(str(key)): str(value) for key, value in attrs.items()}
    inputs = [_read_output(entry, nodes, f"inputs of {name}") for entry in record.get("inputs", [])]
    if record["op"] == "null":
        return Node(None, name, attrs, [])
    try:
        operator = get(record["op"])
    except MXNetError as error:
        raise MXNetError(f"Node {name} can not be read: {error}") from None
    own = {key: value for key, value in attrs.items() if not _is_users(key, operator)}
    try:
        node = Node(operator, name, attrs, inputs, operator.parse(own))
    except MXNetError as error:
        raise MXNetError(f"Node {name} can not be read: {error}") from None
    _complete(node)
    if record.get("subgraphs"):
        attach(node, [_read_graph(graph) for graph in record["subgraphs"]])
    return node


def _is_users(key: str, operator: Operator) -> bool:
    """Tell whether an attribute is the user's own, or counts inputs, and not the operator's."""
    if key in operator.attributes:
        return False
    hidden = any(key == known or key.endswith(f"_{known}") for known in HIDDEN_KEYS)
    return hidden or key.startswith("__") or key == operator.count_attribute


def _complete(node: Node) -> None:
    """Add the auxiliary states that graphs of before 2016 leave out; refuse a wrong input count."""
    wanted = node.input_names()
    count = len(node.inputs)
    operator = node.op
    if operator is None:
        return
    missing = wanted[count:]
    if len(wanted) < count or not set(missing) <= set(operator.aux):
        raise MXNetError(
            f"Node {node.name} can not be read: it has {count} inputs, but {operator.name} has "
            f"{len(wanted)}: {', '.join(wanted)}."
        )
    node.inputs += [(Node(None, f"{node.name}_{label}", {}, []), 0) for label in missing]
