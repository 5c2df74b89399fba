"""Inference of shapes and types through a graph, in both directions, as far as they are known."""

from __future__ import annotations

from typing import Any

import torch

from ..base import MXNetError
from ..context import context_from_string
from ..ops.registry import Attrs, Operator
from ..ops.rules import is_known, same_types, unify
from .graph import Node

NODE_ERRORS = (MXNetError, RuntimeError, ValueError, TypeError, IndexError)
PartialShape = tuple[int, ...] | None

# What a run on torch's meta device gave before: (operator, shapes, dtypes, attributes) -> results.
_META_CACHE: dict[Any, list[tuple[tuple[int, ...], torch.dtype]]] = {}
_META_CACHE_LIMIT = 8192
_META = torch.device("meta")


def run_on_meta(
    operator: Operator, shapes: list[Any], dtypes: list[Any], attrs: Attrs
) -> list[tuple[tuple[int, ...], torch.dtype]]:
    """Return (shape, dtype) of each output by running the operator on tensors without memory.

    Parameters
    ----------
    operator : Operator
        What to run.
    shapes : list of tuple
        Known shapes of the inputs.
    dtypes : list of torch.dtype or None
        Their dtypes; float32 stands for unknown ones.
    attrs : mapping
        Parsed attributes.
    """
    known = [dtype or torch.float32 for dtype in dtypes]
    key: Any = (operator.name, tuple(shapes), tuple(known), tuple(attrs.items()))
    try:
        cached = _META_CACHE.get(key)
    except TypeError:  # an attribute that can not be a key, as a subgraph
        key, cached = None, None
    if cached is not None:
        return cached
    tensors = [
        torch.empty(shape, dtype=dtype, device=_META)
        for shape, dtype in zip(shapes, known, strict=True)
    ]
    keywords = operator.call_attrs(
        attrs,
        is_train=True,
        generator=None,
        device=_META,
        output_shape=None,
        output_dtype=None,
        written=None,
        memory={},
    )
    with torch.no_grad():
        result = operator.function(*tensors, **keywords)
    results = result if isinstance(result, tuple) else (result,)
    described = [
        (tuple(r.shape), r.dtype) for r in results[: operator.count_outputs(attrs)] if r is not None
    ]
    if key is not None:
        if len(_META_CACHE) >= _META_CACHE_LIMIT:
            _META_CACHE.clear()
        _META_CACHE[key] = described
    return described


def _agreed(operator: Operator, shapes: list[Any], dtypes: list[Any], attrs: Attrs) -> list[Any]:
    """Return the output shapes on which runs with two made-up batch sizes agree, None elsewhere.

    The sizes are far apart, so that no limit in between counts as known.
    """
    runs = []
    for size in (1, 24):
        filled = [(size, *shape[1:]) if shape and shape[0] == -1 else shape for shape in shapes]
        try:
            runs.append(run_on_meta(operator, filled, dtypes, attrs))
        except NODE_ERRORS:
            return []  # a made-up size need not fit; what is wrong shows when the size is known
    first, second = ([shape for shape, _ in run] for run in runs)
    return [
        tuple(a if a == b else -1 for a, b in zip(one, other, strict=True))
        if len(one) == len(other)
        else None
        for one, other in zip(first, second, strict=True)
    ]


def _lacks_batch_size(shapes: list[PartialShape]) -> bool:
    """Whether first dimensions are all that is unknown of the inputs."""
    return all(shape is not None and -1 not in shape[1:] for shape in shapes)


def _runs_others(node: Node) -> bool:
    """Whether a node runs a user's operator or graphs, which must not see made-up data."""
    return node.op is not None and (node.op.open_attributes or "subgraphs" in node.params)


def infer_node_shapes(
    node: Node, inputs: list[PartialShape], outputs: list[PartialShape], dtypes: list[Any]
) -> tuple[list[PartialShape], list[PartialShape]]:
    """Return the shapes of a node's inputs and outputs with what follows filled in."""
    operator = node.op
    if operator is None:
        return inputs, outputs
    try:
        if operator.shapes is not None:
            inputs, outputs = operator.shapes(list(inputs), list(outputs), node.params)
            for shape in outputs:
                if shape is None or -1 in shape:
                    break
            else:
                return inputs, outputs
            if not inputs:
                return inputs, outputs  # zeros((0, 3)): what uses it tells its batch size
        if operator.dynamic_shape:
            return inputs, outputs
        found: list[Any] = []
        if all(is_known(shape) for shape in inputs):
            found = [shape for shape, _ in run_on_meta(operator, inputs, dtypes, node.params)]
        elif None in outputs and _lacks_batch_size(inputs) and not _runs_others(node):
            found = _agreed(operator, inputs, dtypes, node.params)
        found += [None] * (len(outputs) - len(found))
        return inputs, [unify(old, new) for old, new in zip(outputs, found, strict=False)]
    except NODE_ERRORS as error:
        raise _explain(operator, node, error, inputs) from error


def infer_node_types(
    node: Node, inputs: list[Any], outputs: list[Any]
) -> tuple[list[Any], list[Any]]:
    """Return the dtypes of a node's inputs and outputs with what follows filled in."""
    operator = node.op
    if operator is None:
        return inputs, outputs
    try:
        rule = operator.types or same_types
        return rule(list(inputs), list(outputs), node.params)
    except MXNetError as error:
        raise operator.explain(error, inputs, node.params, node.name) from error


def _explain(operator: Operator, node: Node, error: Exception, shapes: list[Any]) -> MXNetError:
    text = str(error).strip().split("\n", 1)[0]
    given = ", ".join(
        f"{name} {shape if shape is not None else 'unknown'}"
        for name, shape in zip(node.input_names(), shapes, strict=False)
    )
    return MXNetError(f"{operator.name} {node.name}: {text} (input shapes: {given})")


class Inference:
    """Shapes or types of every output in a graph, filled in until nothing more follows.

    Parameters
    ----------
    order : list of Node
        The graph in topological order.
    """

    def __init__(self, order: list[Node]) -> None:
        self._order = order
        self._first: dict[int, int] = {}
        slot = 0
        for node in order:
            self._first[id(node)] = slot
            slot += node.count_outputs()
        self.values: list[Any] = [None] * slot
        self._steps = [
            (
                node,
                [self._first[id(child)] + index for child, index in node.inputs],
                self._first[id(node)],
                node.count_outputs(),
            )
            for node in order
            if node.op is not None
        ]

    def slot(self, node: Node, index: int = 0) -> int:
        """Return the position of an output in `values`."""
        return self._first[id(node)] + index

    def set(self, node: Node, value: Any) -> None:
        """Say what is known of a variable."""
        self.values[self._first[id(node)]] = value

    def run_shapes(self, dtypes: list[Any]) -> None:
        """Fill in shapes: forward over the graph, then back, until nothing changes."""
        steps = self._steps
        changed = self._sweep_shapes(steps, dtypes)
        for _ in range(len(steps) + 2):
            if all(is_known(shape) for shape in self.values):
                return
            if not changed:
                return
            changed = self._sweep_shapes(steps[::-1], dtypes)
            changed = self._sweep_shapes(steps, dtypes) or changed

    def _sweep_shapes(self, steps: list[Any], dtypes: list[Any]) -> bool:
        values, changed = self.values, False
        for node, sources, first, count in steps:
            before = [values[s] for s in sources]
            outs = values[first : first + count]
            types = [dtypes[s] for s in sources] if dtypes else [None] * len(sources)
            inputs, outputs = infer_node_shapes(node, before, outs, types)
            if inputs != before:
                changed = True
                try:
                    for s, shape in zip(sources, inputs, strict=True):
                        values[s] = unify(values[s], shape)
                except MXNetError as error:
                    raise _explain(node.op, node, error, before) from error
            if outputs != outs:
                changed = True
                values[first : first + count] = outputs
        return changed

    def run_types(self) -> None:
        """Fill in types: forward over the graph, then back, until nothing changes."""
        for _ in range(len(self._steps) + 2):
            changed = self._sweep_types(self._steps)
            if all(dtype is not None for dtype in self.values):
                return
            if not (self._sweep_types(self._steps[::-1]) or changed):
                return

    def _sweep_types(self, steps: list[Any]) -> bool:
        values, changed = self.values, False
        for node, sources, first, count in steps:
            before = [values[s] for s in sources]
            outs = values[first : first + count]
            inputs, outputs = infer_node_types(node, before, outs)
            for s, old, new in zip(sources, before, inputs, strict=True):
                if new is not old:
                    values[s], changed = new, True
            if outputs != outs:
                values[first : first + count], changed = outputs, True
        return changed


def device_of(attrs: Attrs, default: torch.device) -> torch.device:
    """Return the device that the attribute `ctx` names, or the default."""
    text = attrs.get("ctx")
    return context_from_string(text).device if text else default
