"""`_while_loop`: a graph run on loop variables while another one holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from ...base import MXNetError
from ..attributes import PositiveInt
from ..registry import Attrs, DTypes, Shapes, operator
from ..rules import is_known, unify
from .graphs import (
    Graph,
    Places,
    Values,
    agreed,
    graphs_of,
    infer_at,
    names_of,
    stack_of,
    step_of,
    truth,
)


@operator("_while_loop", outputs=lambda attrs: attrs["num_outputs"], dynamic_shape=True)
def while_loop(
    *data: torch.Tensor,
    num_outputs: int,
    num_out_data: int,
    max_iterations: PositiveInt,
    cond_input_locs: Places,
    func_input_locs: Places,
    func_var_locs: Places,
    subgraphs: Any = None,
    is_train: bool,
) -> tuple[torch.Tensor, ...]:
    """Run a graph on loop variables while another one holds, at most `max_iterations` times.

    Parameters
    ----------
    *data
        The loop variables, and what both graphs read besides.
    num_outputs
        How many outputs a step has, loop variables included.
    num_out_data
        How many of them are stacked; rows of steps not made are zeros.
    max_iterations
        The most steps, and the length of the stacked outputs.
    cond_input_locs, func_input_locs
        Which inputs of the node the condition and the step read.
    func_var_locs
        Which inputs of the step are the loop variables.
    """
    condition, step = graphs_of("while_loop", subgraphs)
    variables = [func_input_locs[place] for place in func_var_locs]
    values = Values(data, [(condition, cond_input_locs), (step, func_input_locs)])
    steps: list[list[torch.Tensor]] = []
    while len(steps) < max_iterations:
        [holds] = values.run(condition, cond_input_locs, is_train)
        if not truth(holds, "the condition"):
            break
        results = values.run(step, func_input_locs, is_train)
        steps.append(results[:num_out_data])
        for place, value in zip(variables, results[num_out_data:], strict=True):
            values.current[place] = value
    values.write_states()
    last = [values.current[place] for place in variables]
    if not steps:
        given = [data[place] for place in func_input_locs]
        return (*_no_steps(step, given, num_outputs, num_out_data, max_iterations), *last)
    stacked = [_padded(list(column), max_iterations) for column in zip(*steps, strict=True)]
    return (*stacked, *last)


def _padded(column: list[torch.Tensor], length: int) -> torch.Tensor:
    """Return the steps' outputs stacked, with zeros for steps that were not made."""
    missing = torch.zeros_like(column[0]).detach()
    return torch.stack(column + [missing] * (length - len(column)))


def _no_steps(
    step: Graph, given: Sequence[torch.Tensor], outputs: int, stacked: int, length: int
) -> list[torch.Tensor]:
    """Return the stacked outputs where no step was made: zeros of the shapes that follow."""
    unknown = [None] * outputs
    _, shapes = step.infer_shapes([tuple(tensor.shape) for tensor in given], unknown)
    _, dtypes = step.infer_types([tensor.dtype for tensor in given], unknown)
    if not all(is_known(shape) for shape in shapes[:stacked]) or None in dtypes[:stacked]:
        raise MXNetError("no step was made, and the shapes of its outputs do not follow")
    return [
        torch.zeros((length, *shape), dtype=dtype, device=given[0].device)
        for shape, dtype in zip(shapes[:stacked], dtypes[:stacked], strict=True)
    ]


@while_loop.inputs_rule
def _(attrs: Attrs) -> tuple[str, ...] | None:
    places = [attrs["cond_input_locs"], attrs["func_input_locs"]]
    return names_of(attrs.get("subgraphs"), places)


@while_loop.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    condition, step = graphs_of("while_loop", attrs.get("subgraphs"))
    stacked, length = attrs["num_out_data"], attrs["max_iterations"]
    inputs, _ = infer_at(condition.infer_shapes, attrs["cond_input_locs"], inputs, [None])
    unknown = [None] * (attrs["num_outputs"] - stacked)
    results = [step_of(shape) for shape in outputs[:stacked]]
    places = attrs["func_input_locs"]
    inputs, results = infer_at(step.infer_shapes, places, inputs, [*results, *unknown])
    variables = [inputs[places[place]] for place in attrs["func_var_locs"]]
    same = results[stacked:] == variables  # one that changes its shape makes all shapes uncertain
    if not same:
        return inputs, outputs
    given = [stack_of(length, shape) for shape in results[:stacked]]
    return inputs, [unify(a, b) for a, b in zip(outputs, [*given, *variables], strict=True)]


@while_loop.type_rule
def _(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    condition, step = graphs_of("while_loop", attrs.get("subgraphs"))
    inputs, _ = infer_at(condition.infer_types, attrs["cond_input_locs"], inputs, [None])
    places, stacked = attrs["func_input_locs"], attrs["num_out_data"]
    inputs, results = infer_at(step.infer_types, places, inputs, outputs)
    variables = [places[place] for place in attrs["func_var_locs"]]
    kept = agreed([inputs[place] for place in variables], results[stacked:])
    for place, dtype in zip(variables, kept, strict=True):
        inputs[place] = dtype
    return inputs, [*results[:stacked], *kept]
