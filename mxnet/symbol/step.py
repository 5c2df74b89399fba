"""Steps of a plan: one operator each, with the slots of the values that it reads and writes."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

import torch

from ..base import MXNetError
from ..ops.registry import Operator
from .graph import Node

STEP_ERRORS = (RuntimeError, ValueError, TypeError, IndexError, NotImplementedError)


class Step:
    """One operator of a plan: which slots it reads and writes, and its keyword arguments."""

    __slots__ = (
        "attrs",
        "aux_slots",
        "device_attr",
        "inputs",
        "is_plain",
        "name",
        "node",
        "operator",
        "output_count",
        "outputs",
        "parameters",
        "positions",
    )

    def __init__(self, node: Node, inputs: list[int], first_output: int) -> None:
        operator = node.op
        if operator is None:
            raise TypeError(f"A plan has no step for the variable {node.name}.")
        self.node, self.operator, self.name = node, operator, node.name
        self.inputs = inputs
        self.output_count = node.count_outputs()
        self.outputs = range(first_output, first_output + self.output_count)
        self.attrs = node.params
        # Where each input stands among the function's parameters; None: in order, all present.
        self.positions: tuple[int, ...] | None = None
        if not operator.variadic:
            order = {label: i for i, label in enumerate(operator.inputs)}
            places = tuple(order[label] for label in node.input_names()[: len(inputs)])
            if places != tuple(range(len(places))):
                self.positions = places
        # The slot behind each of the function's parameters.
        self.parameters: list[int | None] = list(inputs)
        if self.positions is not None:
            self.parameters = [None] * len(operator.inputs)
            for place, slot in zip(self.positions, inputs, strict=True):
                self.parameters[place] = slot
        self.aux_slots = tuple(inputs[p] for p in node.aux_positions())
        self.device_attr = "device" in operator.injected
        self.is_plain = not operator.injected

    def replaced(self, operator: Operator, inputs: list[int]) -> Step:
        """Return a step that makes the same first output by an operator without attributes."""
        step = copy.copy(self)
        step.operator, step.inputs, step.attrs = operator, inputs, {}
        step.outputs, step.output_count = self.outputs[:1], 1
        step.positions, step.parameters, step.aux_slots = None, list(inputs), ()
        step.device_attr, step.is_plain = False, True
        return step

    def is_random(self) -> bool:
        """Tell whether the step draws random numbers, itself or in a graph that it runs."""
        graphs = self.attrs.get("subgraphs") or ()
        return "generator" in self.operator.injected or any(g.is_random() for g in graphs)

    def arguments(self, values: list[Any]) -> list[Any]:
        """Return the tensors of this step's function, None for absent optional inputs."""
        if self.positions is None:
            return [values[slot] for slot in self.inputs]
        return [None if slot is None else values[slot] for slot in self.parameters]

    def explain(self, error: Exception, tensors: Sequence[Any]) -> MXNetError:
        """Return an error of this step with the names of its operator and node."""
        return self.operator.explain(error, tensors, self.attrs, self.name)

    def call(
        self, tensors: list[Any], keywords: Mapping[str, Any], needed: bool, needs: list[bool]
    ) -> tuple[Any, Saved | None]:
        """Run the step, on a tape of its own where its operator has no gradient rule.

        The caller has switched torch's grad mode off.

        Returns
        -------
        result : torch.Tensor or tuple
            What the operator's function returns, off the tape.
        saved : Saved or None
            What backward needs; None if no gradient is `needed`.
        """
        operator = self.operator
        if needed and operator.arranged is not None:
            tensors = operator.arranged(tensors, self.attrs)
        if not needed or operator.backward is not None:
            result = operator.function(*tensors, **keywords)
            if not needed:
                return result, None
            outputs = result[: self.output_count] if type(result) is tuple else (result,)
            return result, Saved(tensors, keywords, outputs)
        leaves = [
            tensor.detach().requires_grad_()
            if slot is not None and needs[slot] and tensor.is_floating_point()
            else tensor
            for tensor, slot in zip(tensors, self.parameters, strict=True)
        ]
        with torch.enable_grad():
            taped = operator.function(*leaves, **keywords)
        if type(taped) is tuple:
            result = tuple(None if t is None else t.detach() for t in taped)
            return result, Saved(tensors, keywords, result, leaves, taped[: self.output_count])
        result = taped.detach()
        return result, Saved(tensors, keywords, (result,), leaves, (taped,))


class Saved:
    """What a recorded forward keeps of a step for backward."""

    __slots__ = ("inputs", "keywords", "leaves", "outputs", "taped")

    def __init__(
        self, inputs: Any, keywords: Any, outputs: Any, leaves: Any = None, taped: Any = None
    ) -> None:
        self.inputs, self.keywords, self.outputs = inputs, keywords, outputs
        self.leaves, self.taped = leaves, taped
