"""Composing: how a call of an operator on symbols becomes a node."""

from __future__ import annotations

from typing import Any

from .. import attribute
from .. import name as naming
from ..base import MXNetError, _Null
from ..ops.attributes import format_value
from ..ops.frontend import align_positional, place_named, take_named
from ..ops.registry import Operator
from .graph import HIDDEN_KEYS, Node, Output


def stored_key(key: str) -> str:
    """Return the key under which the graph stores a user's attribute."""
    return f"__{key}__" if key in HIDDEN_KEYS else key


def user_attrs(attr: dict[str, str] | None) -> dict[str, str]:
    """Return the attributes of the scope and of `attr` as the graph stores them.

    Raises
    ------
    ValueError
        If a value is not a string.
    """
    merged = attribute.current().get(attr)
    for key, value in merged.items():
        if not isinstance(value, str):
            raise ValueError(f"Attribute {key} is {value!r}, but attributes are strings.")
    return {stored_key(key): value for key, value in merged.items()}


def _is_symbol(value: Any) -> bool:
    return hasattr(value, "_outputs")


def single_output(symbol: Any, operator: Operator, position: int) -> Output:
    """Return the one output that `symbol` stands for as an input."""
    if not _is_symbol(symbol):
        raise TypeError(
            f"{operator.name}: input {_input_name(operator, position)} is a "
            f"{type(symbol).__name__}, but must be a Symbol."
        )
    if len(symbol._outputs) != 1:
        raise MXNetError(
            f"{operator.name}: input {_input_name(operator, position)} has {len(symbol._outputs)} "
            "outputs, but must have one; choose it by an index."
        )
    return symbol._outputs[0]


def _input_name(operator: Operator, position: int) -> str:
    return f"{operator.inputs[0]}[{position}]" if operator.variadic else operator.inputs[position]


def make_node(
    operator: Operator,
    hint: str,
    inputs: list[Any],
    raw: dict[str, Any],
    name: str | None,
    attr: dict[str, str] | None,
    positional: int = 0,
) -> Node:
    """Return the node of an operator called on symbols; missing inputs become variables.

    Parameters
    ----------
    operator : Operator
        What is called.
    hint : str
        The stem of an automatic name: the called name in lower case.
    inputs : list of Symbol or None
        In the order of the operator's parameters.
    raw : dict
        Attributes as the user gave them; keys of the form ``__key__`` are the user's own.
    name, attr
        As in every symbol function.
    positional : int, default 0
        How many of the inputs came by position.
    """
    given = {key: value for key, value in raw.items() if value is not _Null}
    own = {key: str(given.pop(key)) for key in list(given) if _is_user_key(key)}
    extra = {**user_attrs(attr), **own}
    named = take_named(operator, given, _is_symbol)
    if operator.open_attributes:  # the scope can give attributes too
        given.update((key, value) for key, value in extra.items() if not _is_user_key(key))
    params = operator.parse(given)
    as_text = str if operator.open_attributes else format_value
    attrs = {key: as_text(value) for key, value in given.items()}
    if operator.count_attribute:
        attrs[operator.count_attribute] = str(len(inputs))
    attrs.update(extra)
    full_name = naming.current().get(name, hint)
    node = Node(operator, full_name, attrs, [], params)
    inputs = place_named(operator, inputs, named, params)
    inputs = align_positional(operator, inputs, params, positional)
    node.inputs = _connect(operator, node, inputs)
    return node


def _is_user_key(key: str) -> bool:
    return key.startswith("__") and key.endswith("__") and len(key) > 4


def _connect(operator: Operator, node: Node, inputs: list[Any]) -> list[Output]:
    rule = operator.inputs_for
    if operator.variadic and (rule is None or rule(node.params) is None):
        return [single_output(symbol, operator, i) for i, symbol in enumerate(inputs)]
    wanted = operator.input_names(node.params, len(inputs))
    if operator.variadic and len(inputs) > len(wanted):
        raise MXNetError(
            f"{operator.name} {node.name}: {len(inputs)} inputs came, but there are {len(wanted)}: "
            f"{', '.join(wanted)}."
        )
    position = {label: i for i, label in enumerate(operator.inputs) if not operator.variadic}
    connected: list[Output] = []
    for order, label in enumerate(wanted):
        index = position.get(label, order)
        symbol = inputs[index] if index < len(inputs) else None
        if symbol is None:
            if label in operator.optional_inputs and operator.inputs_for is None:
                continue
            connected.append((_auto_variable(operator, node, label), 0))
        else:
            connected.append(single_output(symbol, operator, index))
    for label, index in position.items():
        if index < len(inputs) and inputs[index] is not None and label not in wanted:
            raise MXNetError(
                f"{operator.name} {node.name}: input {label} does not exist for these attributes."
            )
    return connected


def _auto_variable(operator: Operator, node: Node, label: str) -> Node:
    """Return the variable of an input that was not given: named after the node, with its
    attributes."""
    attrs = dict(node.attrs)
    if label in operator.inits:
        attrs["__init__"] = operator.inits[label]
    return Node(None, f"{node.name}_{label}", attrs, [])
