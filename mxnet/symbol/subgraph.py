"""Graphs inside a node: the body of a loop, the branches of a condition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from ..ops.rules import same_types, unify
from .graph import Node, Output, topological_order
from .inference import Inference
from .plan import Plan, device_of_values


class Subgraph:
    """A graph that an operator runs; see :class:`mxnet.ops.control.graphs.Graph`.

    Parameters
    ----------
    outputs : list of (Node, int)
        What it computes. Its inputs are its variables, depth first.
    """

    # Keeps it out of caches, which compare by value.
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, outputs: list[Output]) -> None:
        self.outputs = outputs
        self._order = topological_order(outputs)
        self.inputs = [node for node in self._order if node.op is None]
        self.input_names = tuple(node.name for node in self.inputs)
        self.plan = Plan(outputs)
        places = {id(node): place for place, node in enumerate(self.inputs)}
        self._arguments = [places[id(node)] for node in self.plan.arguments]
        self.states = tuple(places[id(node)] for node in self.plan.aux)

    def is_random(self) -> bool:
        """Tell whether some operator draws random numbers."""
        return any(step.is_random() for step in self.plan.steps)

    def has_own_gradient(self) -> bool:
        """Tell whether the gradient of some operator is by design no derivative."""
        return any(step.operator.has_own_gradient(step.attrs) for step in self.plan.steps)

    def state_names(self) -> set[str]:
        """Return the names of the inputs that are auxiliary states, here or further inside."""
        inner = (graph.state_names() for node in self._order for graph in node.subgraphs)
        return {self.input_names[place] for place in self.states}.union(*inner)

    def run(
        self, tensors: Sequence[torch.Tensor], is_train: bool
    ) -> tuple[list[torch.Tensor], dict[int, torch.Tensor]]:
        """Return the outputs, and new auxiliary states by the place of the input.

        Parameters
        ----------
        tensors : sequence of torch.Tensor
            The inputs.
        is_train : bool
            Whether layers behave as in training.
        """
        plan = self.plan
        states = [tensors[place] for place in self.states]
        values = plan.initial([tensors[place] for place in self._arguments], states)
        fresh = plan.run_steps(values, is_train, device_of_values(tensors))
        places = dict(zip(plan.aux_slots, self.states, strict=True))
        outputs = [values[slot] for slot in plan.output_slots]
        return outputs, {places[slot]: state for slot, state in fresh.items()}

    def infer_shapes(
        self, inputs: Sequence[Any], outputs: Sequence[Any]
    ) -> tuple[list[Any], list[Any]]:
        """Return the shapes of inputs and outputs with what follows filled in."""
        inference = Inference(self._order)
        for node, shape in zip(self.inputs, inputs, strict=True):
            inference.set(node, shape)
        for output, shape in zip(self.outputs, outputs, strict=True):
            slot = inference.slot(*output)
            inference.values[slot] = unify(inference.values[slot], shape)
        inference.run_shapes([])
        return self._found(inference)

    def infer_types(
        self, inputs: Sequence[Any], outputs: Sequence[Any]
    ) -> tuple[list[Any], list[Any]]:
        """Return the dtypes of inputs and outputs with what follows filled in."""
        inference = Inference(self._order)
        for node, dtype in zip(self.inputs, inputs, strict=True):
            inference.set(node, dtype)
        for output, dtype in zip(self.outputs, outputs, strict=True):
            slot = inference.slot(*output)
            [inference.values[slot]], _ = same_types([inference.values[slot]], [dtype], {})
        inference.run_types()
        return self._found(inference)

    def _found(self, inference: Inference) -> tuple[list[Any], list[Any]]:
        inputs = [inference.values[inference.slot(node)] for node in self.inputs]
        return inputs, [inference.values[inference.slot(*output)] for output in self.outputs]


def attach(node: Node, graphs: Sequence[list[Output]]) -> None:
    """Make graphs those of a control flow node."""
    node.subgraphs = [Subgraph(outputs) for outputs in graphs]
    node.params = {**node.params, "subgraphs": tuple(node.subgraphs)}
