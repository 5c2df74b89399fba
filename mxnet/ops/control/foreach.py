"""`_foreach`: a graph run on each slice of its data."""

from __future__ import annotations

from typing import Any

import torch

from ...base import MXNetError
from ..registry import Attrs, DTypes, Shapes, operator
from ..rules import unify
from .graphs import (
    Places,
    Values,
    agreed,
    graphs_of,
    infer_at,
    names_of,
    stack_of,
    step_of,
    unified,
)


def _places(attrs: Attrs) -> list[int]:
    """Return which input of the node each input of the graph is.

    The node's inputs are slices, states and the rest in this order; the attributes name places
    among the graph's inputs.
    """
    inner = [*attrs["in_data_locs"], *attrs["in_state_locs"], *attrs["remain_locs"]]
    return sorted(range(len(inner)), key=inner.__getitem__)


@operator("_foreach", outputs=lambda attrs: attrs["num_outputs"])
def foreach(
    *data: torch.Tensor,
    num_outputs: int,
    num_out_data: int,
    in_state_locs: Places,
    in_data_locs: Places,
    remain_locs: Places,
    subgraphs: Any = None,
    is_train: bool,
) -> tuple[torch.Tensor, ...]:
    """Run a graph on each slice of the data along their first axis, handing states on.

    Parameters
    ----------
    *data
        The data that are sliced, the first states, and what every step reads.
    num_outputs
        How many outputs the graph has, states included.
    num_out_data
        How many of them are stacked along a new first axis; the others are the next states.
    in_data_locs, in_state_locs, remain_locs
        Which inputs of the graph are slices, states, and what every step reads.
    """
    (body,) = graphs_of("foreach", subgraphs)
    locs = {"in_data_locs": in_data_locs, "in_state_locs": in_state_locs}
    places = _places({**locs, "remain_locs": remain_locs})
    first, last = len(in_data_locs), len(in_data_locs) + len(in_state_locs)
    lengths = sorted({sequence.shape[0] for sequence in data[:first]})
    if len(lengths) != 1 or lengths[0] == 0:
        raise MXNetError(f"data have lengths {lengths}, but must have one, of at least 1")
    values = Values(data, [(body, places)])
    steps = []
    for slices in zip(*(sequence.unbind() for sequence in data[:first]), strict=True):
        values.current[:first] = slices
        results = values.run(body, places, is_train)
        steps.append(results[:num_out_data])
        values.current[first:last] = results[num_out_data:]
    values.write_states()
    stacked = [torch.stack(column) for column in zip(*steps, strict=True)]
    return (*stacked, *values.current[first:last])


@foreach.inputs_rule
def _(attrs: Attrs) -> tuple[str, ...] | None:
    return names_of(attrs.get("subgraphs"), [_places(attrs)])


@foreach.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    (body,) = graphs_of("foreach", attrs.get("subgraphs"))
    first, stacked = len(attrs["in_data_locs"]), attrs["num_out_data"]
    last = first + len(attrs["in_state_locs"])
    length = _length([*inputs[:first], *outputs[:stacked]])
    states = unified(inputs[first:last], outputs[stacked:])
    slices = [step_of(shape) for shape in inputs[:first]]
    results = [step_of(shape) for shape in outputs[:stacked]]
    found, results = infer_at(
        body.infer_shapes, _places(attrs), [*slices, *states, *inputs[last:]], [*results, *states]
    )
    states = _kept(found[first:last], results[stacked:])
    data = [stack_of(length, shape) for shape in found[:first]]
    given = [stack_of(length, shape) for shape in results[:stacked]]
    return [*data, *states, *found[last:]], [*given, *states]


def _length(shapes: Shapes) -> int:
    """Return the common length of the first axis, -1 where it is unknown."""
    length: Any = (-1,)
    for shape in shapes:
        if shape is not None:
            length = unify(length, shape[:1])
    return length[0]


def _kept(first: Shapes, second: Shapes) -> Shapes:
    try:
        return unified(first, second)
    except MXNetError as error:
        raise MXNetError(f"a state changes its shape from step to step: {error}") from None


@foreach.type_rule
def _(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    (body,) = graphs_of("foreach", attrs.get("subgraphs"))
    first, stacked = len(attrs["in_data_locs"]), attrs["num_out_data"]
    last = first + len(attrs["in_state_locs"])
    states = agreed(inputs[first:last], outputs[stacked:])
    found, results = infer_at(
        body.infer_types,
        _places(attrs),
        [*inputs[:first], *states, *inputs[last:]],
        [*outputs[:stacked], *states],
    )
    states = agreed(found[first:last], results[stacked:])
    return [*found[:first], *states, *found[last:]], [*results[:stacked], *states]
