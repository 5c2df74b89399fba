"""Graphs as JSON text: the reference's `-symbol.json` format, written byte for byte and read."""

from __future__ import annotations

import json
from json.encoder import encode_basestring_ascii as quote
from typing import Any

from ..base import MXNetError
from ..ops.registry import get
from .compose import stored_key
from .graph import Node, Output, split_variables, topological_order

_VERSION = 10901


def _attrs_text(attrs: dict[str, str]) -> str:
    pairs = [f"{quote(key)}: {quote(attrs[key])}" for key in sorted(attrs)]
    if len(pairs) == 1:
        return "{" + pairs[0] + "}"
    inner = ", \n        ".join(pairs)
    return "{\n        " + inner + "\n      }"


def _list_text(items: list[str]) -> str:
    """Return a JSON list, on one line up to ten items, as the reference breaks it."""
    if len(items) <= 10:
        return "[" + ", ".join(items) + "]"
    return "[\n    " + ", \n    ".join(items) + "\n  ]"


def to_json(outputs: list[Output]) -> str:
    """Return the graph of `outputs` as JSON text."""
    order = topological_order(outputs)
    number = {id(node): index for index, node in enumerate(order)}
    aux = {id(node) for node in split_variables(order)[1]}
    nodes, row = [], [0]
    for node in order:
        lines = [
            f'      "op": {quote(node.op.name if node.op else "null")}',
            f'      "name": {quote(node.name)}',
        ]
        if node.attrs:
            lines.append(f'      "attrs": {_attrs_text(node.attrs)}')
        inputs = [
            f"[{number[id(child)]}, {index}, {1 if id(child) in aux else 0}]"
            for child, index in node.inputs
        ]
        lines.append(f'      "inputs": {_inputs_text(inputs)}')
        if node.subgraphs:
            graphs = [json.dumps(json.loads(to_json(g._outputs))) for g in node.subgraphs]
            lines.append(f'      "subgraphs": [{", ".join(graphs)}]')
        nodes.append("    {\n" + ", \n".join(lines) + "\n    }")
        row.append(row[-1] + node.count_outputs())
    arguments = [str(i) for i, node in enumerate(order) if node.op is None]
    heads = [f"[{number[id(node)]}, {index}, 0]" for node, index in outputs]
    parts = [
        '  "nodes": [\n' + ", \n".join(nodes) + "\n  ]",
        f'  "arg_nodes": {_list_text(arguments)}',
        f'  "node_row_ptr": {_list_text([str(r) for r in row])}',
        f'  "heads": {_list_text(heads)}',
        f'  "attrs": {{"mxnet_version": ["int", {_VERSION}]}}',
    ]
    return "{\n" + ", \n".join(parts) + "\n}"


def _inputs_text(items: list[str]) -> str:
    if len(items) <= 10:
        return "[" + ", ".join(items) + "]"
    return "[\n        " + ", \n        ".join(items) + "\n      ]"


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
    own = {
        key: value
        for key, value in attrs.items()
        if key in operator.attributes or (operator.open_attributes and not key.startswith("__"))
    }
    node = Node(operator, name, attrs, inputs, operator.parse(own))
    wanted = operator.input_names(node.params, len(inputs))
    if len(wanted) > len(inputs):  # graphs of before 2016 leave auxiliary states out
        node.inputs += [
            (Node(None, f"{name}_{label}", {}, []), 0) for label in wanted[len(inputs) :]
        ]
    return node
