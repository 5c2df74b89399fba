"""`_cond`: one of two graphs, as a third one says."""

from __future__ import annotations

from typing import Any

import torch

from ..registry import Attrs, DTypes, Shapes, operator
from ..rules import unify
from .graphs import Places, Values, agreed, graphs_of, infer_at, names_of, truth


@operator("_cond", outputs=lambda attrs: attrs["num_outputs"], dynamic_shape=True)
def cond(
    *data: torch.Tensor,
    num_outputs: int,
    cond_input_locs: Places,
    then_input_locs: Places,
    else_input_locs: Places,
    subgraphs: Any = None,
    is_train: bool,
) -> tuple[torch.Tensor, ...]:
    """Run one of two graphs, the first where a third one gives true.

    Parameters
    ----------
    *data
        What the graphs read.
    num_outputs
        How many outputs each branch has.
    cond_input_locs, then_input_locs, else_input_locs
        Which inputs of the node the condition and the branches read.
    """
    condition, then_branch, else_branch = graphs_of("cond", subgraphs)
    branches = [(then_branch, then_input_locs), (else_branch, else_input_locs)]
    values = Values(data, [(condition, cond_input_locs), *branches])
    [holds] = values.run(condition, cond_input_locs, is_train)
    chosen, places = branches[0 if truth(holds, "the condition") else 1]
    results = values.run(chosen, places, is_train)
    values.write_states()
    return tuple(results)


_BRANCHES = ("then_input_locs", "else_input_locs")


@cond.inputs_rule
def _(attrs: Attrs) -> tuple[str, ...] | None:
    places = [attrs["cond_input_locs"], *(attrs[locs] for locs in _BRANCHES)]
    return names_of(attrs.get("subgraphs"), places)


@cond.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    condition, *branches = graphs_of("cond", attrs.get("subgraphs"))
    inputs, _ = infer_at(condition.infer_shapes, attrs["cond_input_locs"], inputs, [None])
    unknown: Shapes = [None] * attrs["num_outputs"]
    results = []
    for branch, places in zip(branches, _BRANCHES, strict=True):
        inputs, found = infer_at(branch.infer_shapes, attrs[places], inputs, unknown)
        results.append(found)
    # Where the branches differ, which one runs decides.
    same = [a if a == b else None for a, b in zip(*results, strict=True)]
    return inputs, [unify(known, shape) for known, shape in zip(outputs, same, strict=True)]


@cond.type_rule
def _(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    condition, *branches = graphs_of("cond", attrs.get("subgraphs"))
    inputs, _ = infer_at(condition.infer_types, attrs["cond_input_locs"], inputs, [None])
    for branch, places in zip(branches, _BRANCHES, strict=True):
        inputs, found = infer_at(branch.infer_types, attrs[places], inputs, outputs)
        outputs = agreed(outputs, found)
    return inputs, outputs
