"""Running one node again and again: in float64 or float32, always with the same random numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch

from ...dtype import NAME_OF_TORCH, torch_dtype
from ...ndarray.generators import generator_for
from ...symbol.plan import Plan, Recording
from ...symbol.step import Step

_SEED = 1  # of the random numbers that a node draws at every run


@contextmanager
def preserved_random(device: torch.device) -> Iterator[None]:
    """Put the random streams of `mx.random` and NumPy back where they were."""
    generator = generator_for(device)
    state, numpy_state = generator.get_state(), np.random.get_state()
    try:
        yield
    finally:
        generator.set_state(state)
        np.random.set_state(numpy_state)


def in_type(tensor: Any, kind: torch.dtype) -> Any:
    """Return a tensor of floating numbers as `kind`, anything else as it is."""
    if tensor is None or not tensor.is_floating_point():
        return tensor
    return tensor.to(kind)


def first_line(error: Exception) -> str:
    """Return an error's message without the stack traces that torch adds."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


class NodeRun:
    """One step of a plan on the values that reach it.

    Parameters
    ----------
    plan : Plan
    step : Step
    inputs : list of torch.Tensor or None
        The values of the function's parameters; floating numbers are float64.
    device : torch.device
    found : (tuple of int, torch.dtype or None) or None
        The first output's shape and dtype, for operators that ask for them.
    """

    def __init__(
        self, plan: Plan, step: Step, inputs: list[Any], device: torch.device, found: Any
    ) -> None:
        self._plan, self._device = plan, device
        self.step, self.operator, self.inputs = step, step.operator, inputs
        self._keywords = plan.keywords(step, True, device, found)
        self._needs = [False] * plan.slot_count
        for slot in step.inputs:
            self._needs[slot] = True
        self.input_names = (
            list(step.node.input_names())
            if step.positions is None
            else [str(name) for name in self.operator.inputs]
        )
        count = step.node.count_visible()
        self.output_names = list(self.operator.name_outputs(step.attrs)[:count])

    def _prepared(self, inputs: Sequence[Any], kind: torch.dtype) -> tuple[list[Any], Any]:
        """Return inputs and keywords in `kind`, with the random streams at their start."""
        generator_for(self._device).manual_seed(_SEED)
        np.random.seed(_SEED)
        tensors = [in_type(tensor, kind) for tensor in inputs]
        if self.operator.mutates or self.step.aux_slots:
            tensors = [None if tensor is None else tensor.clone() for tensor in tensors]
        return tensors, _retyped(self.operator, self._keywords, kind)

    def outputs(self, inputs: Sequence[Any], kind: torch.dtype = torch.float64) -> list[Any]:
        """Return the outputs for some inputs, hidden ones included."""
        tensors, keywords = self._prepared(inputs, kind)
        with torch.no_grad():
            result = self.operator.function(*tensors, **keywords)
        results = result if isinstance(result, tuple) else (result,)
        return list(results[: self.step.output_count])

    def gradients(
        self, inputs: Sequence[Any], heads: Sequence[Any], kind: torch.dtype = torch.float64
    ) -> list[Any]:
        """Return the gradients that an executor would compute, None where there is none.

        Parameters
        ----------
        inputs : sequence of torch.Tensor or None
        heads : sequence of torch.Tensor or None
            The gradient of each output, hidden ones included.
        kind : torch.dtype
        """
        tensors, keywords = self._prepared(inputs, kind)
        given = [None if head is None else head.to(kind) for head in heads]
        with torch.no_grad():
            _, saved = self.step.call(tensors, keywords, True, self._needs)
            if saved is None:
                return [None] * len(tensors)
            recording = Recording(self._plan, [], self._needs, [])
            return list(recording.pull(self.step, saved, given))

    def loss(self, inputs: Sequence[Any], outputs: Sequence[Any]) -> torch.Tensor | None:
        """Return the loss that the operator stands for, None if it stands for none."""
        rule = self.operator.loss_rule
        if rule is None:
            return None
        with torch.no_grad():
            return rule(inputs, outputs, self.step.attrs)


def _retyped(operator: Any, keywords: Mapping[str, Any], kind: torch.dtype) -> Mapping[str, Any]:
    """Return keywords in which every attribute that names a floating type names `kind`.

    A cast to float16 in the middle of a network would otherwise be all that float64 shows.
    """
    changed = {
        name: NAME_OF_TORCH[kind]
        for name, attribute in operator.attributes.items()
        if attribute.kind.name.startswith("dtype")
        and isinstance(keywords.get(name), str)
        and torch_dtype(keywords[name]).is_floating_point
    }
    return {**keywords, **changed} if changed else keywords
