"""Symbols of recorded computations: what `autograd.get_symbol` reads from the tape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..base import MXNetError
from ..ndarray import tape
from ..ops.attributes import format_value
from ..ops.registry import HELD, Attrs, Operator, get
from .graph import Node, Output
from .symbol import Symbol


def symbol_of(node: tape.Node, position: int) -> Symbol:
    """Return output `position` of a recorded call, variable or constant as a Symbol.

    Raises
    ------
    MXNetError
        If something behind it was computed by no operator.
    """
    made: dict[tape.Node, Output] = {}
    for recorded in _in_order(node):
        sources = [
            None if source is None else _output(made[source[0]], source[1])
            for source in recorded.inputs
        ]
        made[recorded] = _translate(recorded, sources)
    return Symbol([_output(made[node], position)])


def _in_order(head: tape.Node) -> list[tape.Node]:
    """Return all that the head was computed from, each after its inputs; graphs may be deep."""
    order: list[tape.Node] = []
    seen = {head}
    stack = [(head, iter(head.inputs))]
    while stack:
        node, rest = stack[-1]
        for source in rest:
            if source is not None and source[0] not in seen:
                seen.add(source[0])
                stack.append((source[0], iter(source[0].inputs)))
                break
        else:
            order.append(node)
            stack.pop()
    return order


def _output(made: Output, position: int) -> Output:
    return (made[0], position) if position else made


def _translate(recorded: tape.Node, sources: Sequence[Output | None]) -> Output:
    """Return the output that stands for output 0 of a recorded node."""
    operator, name = recorded.operator, f"node_{recorded.number}"
    if operator is None:
        return Node(None, f"{recorded.attrs['stem']}{recorded.number}", {}, []), 0
    if operator is tape.INDEXED:
        return _indexed(name, sources[0], recorded.attrs)
    if isinstance(operator, str):
        raise MXNetError(
            f"get_symbol: the recorded graph holds {operator}, for which there is no operator."
        )
    return _call(operator, name, sources, recorded.attrs)


def _call(operator: Operator, name: str, sources: Sequence[Output | None], attrs: Attrs) -> Output:
    """Return a node that calls the operator; attributes that are as by default stay unwritten."""
    as_text = str if operator.open_attributes else format_value
    usual = {key: as_text(value) for key, value in operator.defaults.items()}
    texts = {key: as_text(value) for key, value in attrs.items() if key not in HELD}
    texts = {key: text for key, text in texts.items() if usual.get(key) != text}
    params = operator.parse(texts)
    inputs = [source for source in sources if source is not None]
    if operator.count_attribute:
        texts[operator.count_attribute] = str(len(inputs))
    if not operator.variadic:
        wanted = operator.input_names(params, len(inputs))
        pairs = zip(operator.inputs, sources, strict=False)
        inputs = [source for label, source in pairs if source is not None and label in wanted]
    return Node(operator, name, texts, inputs, params), 0


def _indexed(name: str, source: Output | None, attrs: Attrs) -> Output:
    """Return the nodes of ``x[key]``: slice and Reshape, or gather_nd by a variable."""
    key, shape, target = attrs["key"], attrs["from"], attrs["to"]
    parts = key if isinstance(key, tuple) else (key,)
    if not all(_is_basic(part) for part in parts):
        indices = Node(None, f"{name}_indices", {}, [])
        return _call(get("gather_nd"), name, [source, (indices, 0)], {})
    bounds = _bounds(parts, shape)
    lengths = tuple(len(range(length)[cut]) for length, cut in zip(shape, bounds, strict=True))
    output: Any = source
    while bounds and bounds[-1] == slice(None):
        bounds.pop()
    if bounds:
        cuts = {
            "begin": tuple(cut.start for cut in bounds),
            "end": tuple(cut.stop for cut in bounds),
            "step": tuple(cut.step for cut in bounds),
        }
        output = _call(get("slice"), name, [output], cuts)
    if lengths != tuple(target):
        output = _call(get("Reshape"), f"{name}_shape", [output], {"shape": tuple(target)})
    return output


def _is_basic(part: Any) -> bool:
    return part is None or part is Ellipsis or isinstance(part, (slice, int, np.integer))


def _bounds(parts: Sequence[Any], shape: tuple[int, ...]) -> list[slice]:
    """Return a basic key as one slice for each axis of the array."""
    given = [part for part in parts if part is not None]
    spare = len(shape) - sum(part is not Ellipsis for part in given)
    if Ellipsis not in given:
        given.append(Ellipsis)
    found: list[slice] = []
    for part in given:
        if part is Ellipsis:
            found += [slice(None)] * spare
        elif isinstance(part, slice):
            found.append(part)
        else:
            place = int(part) % shape[len(found)]
            found.append(slice(place, place + 1))
    return found
