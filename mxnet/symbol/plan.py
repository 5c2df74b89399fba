"""Plans: a graph flattened once into steps, which run forward and backward on torch tensors.

A plan holds no values. `run` is a pure function of tensors; `forward` also keeps what `backward`
needs. Backward walks the steps in reverse: a step whose operator has a gradient rule calls it, any
other step was run on a tape of its own.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch

from ..base import MXNetError
from ..ndarray.generators import generator_for
from ..ndarray.tape import taped_call
from ..ops.registry import Backward, filled
from .folding import folded
from .graph import Output, split_variables, topological_order
from .inference import Inference, device_of
from .step import STEP_ERRORS, Saved, Step

Schedule = list[tuple[Step, tuple[int, ...]]]
"""Steps in their order, each with the slots that nothing reads after it."""

Monitor = Callable[[Step, Sequence[Any], Sequence[Any]], None]
"""What looks at each step: (step, inputs, outputs)."""


class Plan:
    """The steps that compute a graph's outputs.

    Parameters
    ----------
    outputs : list of (Node, int)
        What is computed.
    """

    def __init__(self, outputs: list[Output]) -> None:
        order = topological_order(outputs)
        self.arguments, self.aux = split_variables(order)
        first: dict[int, int] = {}
        self.steps: list[Step] = []
        slot = 0
        for node in order:
            first[id(node)] = slot
            if node.op is not None:
                sources = [first[id(child)] + index for child, index in node.inputs]
                self.steps.append(Step(node, sources, slot))
            slot += node.count_outputs()
        self.slot_count = slot
        self.argument_slots = [first[id(node)] for node in self.arguments]
        self.aux_slots = [first[id(node)] for node in self.aux]
        self.output_slots = [first[id(node)] + index for node, index in outputs]
        self.reads = Counter(slot for step in self.steps for slot in step.inputs)
        self.schedule = self._schedule(self.steps)
        fewer = folded(self.steps, self.reads, self.output_slots)
        folds = len(fewer) < len(self.steps)
        self._in_inference = self._schedule(fewer) if folds else self.schedule
        self._order = order
        self._shaped = [s for s in self.steps if "output_shape" in s.operator.injected]
        self._shapes: dict[Any, list[Any]] = {}
        self._memories: dict[int, dict[Any, Any]] = {}
        self._writes_states = any(s.operator.states_for for s in self.steps)

    def _schedule(self, steps: Sequence[Step]) -> Schedule:
        """Return each step with the slots that nothing reads after it."""
        last: dict[int, int] = {}
        for index, step in enumerate(steps):
            for slot in (*step.inputs, *step.outputs):
                last[slot] = index
        kept = set(self.output_slots)
        freed: list[list[int]] = [[] for _ in steps]
        for slot, index in last.items():
            if slot not in kept:
                freed[index].append(slot)
        return [(step, tuple(slots)) for step, slots in zip(steps, freed, strict=True)]

    # Running.

    def keywords(
        self,
        step: Step,
        is_train: bool,
        device: torch.device,
        found: tuple[Any, Any] | None = None,
    ) -> Mapping[str, Any]:
        """Return the keyword arguments of a step's function.

        `found` is its output's (shape, dtype), None where the operator does not ask for them.
        """
        operator = step.operator
        if step.is_plain:
            return step.attrs
        shape, dtype = found or (None, None)
        if step.device_attr:
            device = device_of(step.attrs, device)
        return operator.call_attrs(
            step.attrs,
            is_train=is_train,
            device=device,
            generator=generator_for(device) if "generator" in operator.injected else None,
            output_shape=shape,
            output_dtype=dtype,
            written=None,
            memory=self._memories.get(id(step), {}),
        )

    def with_memory(self) -> Plan:
        """Return a plan for one executor, whose steps keep what they remember from run to run.

        It is the plan itself where no step remembers anything.
        """
        steps = [step for step in self.steps if "memory" in step.operator.injected]
        if not steps:
            return self
        plan = copy.copy(self)
        plan._memories = {id(step): {} for step in steps}
        return plan

    def initial(self, arguments: Sequence[Any], aux: Sequence[Any]) -> list[Any]:
        """Return the slots with the values of arguments and auxiliary states."""
        values: list[Any] = [None] * self.slot_count
        for slot, tensor in zip(self.argument_slots, arguments, strict=True):
            values[slot] = tensor
        for slot, tensor in zip(self.aux_slots, aux, strict=True):
            values[slot] = tensor
        if self._shaped:
            self._place_shapes(values)
        return values

    def _place_shapes(self, values: list[Any]) -> None:
        """Put the inferred shape and dtype into the slot of each step whose operator asks."""
        given = [values[slot] for slot in (*self.argument_slots, *self.aux_slots)]
        key = tuple((tuple(tensor.shape), tensor.dtype) for tensor in given)
        found = self._shapes.get(key)
        if found is None:
            shapes, types = Inference(self._order), Inference(self._order)
            for node, (shape, dtype) in zip((*self.arguments, *self.aux), key, strict=True):
                shapes.set(node, shape)
                types.set(node, dtype)
            shapes.run_shapes([])
            if any("output_dtype" in step.operator.injected for step in self._shaped):
                types.run_types()
            places = [step.outputs.start for step in self._shaped]
            found = [(shapes.values[place], types.values[place]) for place in places]
            self._shapes[key] = found
        for step, pair in zip(self._shaped, found, strict=True):
            values[step.outputs.start] = pair

    def run(self, values: Mapping[str, torch.Tensor], is_train: bool = False) -> list[torch.Tensor]:
        """Return the outputs for named arguments and auxiliary states: a pure function.

        Parameters
        ----------
        values : mapping of str to torch.Tensor
            Every argument and auxiliary state by name.
        is_train : bool, default False
            Whether layers behave as in training; new auxiliary states are dropped.
        """
        arguments = [values[node.name] for node in self.arguments]
        states = [values[node.name] for node in self.aux]
        if self._writes_states:
            states = [state.clone() for state in states]
        slots = self.initial(arguments, states)
        self._forward(slots, is_train, device_of_values(slots), None, None)
        return [slots[slot] for slot in self.output_slots]

    def run_steps(
        self, values: list[Any], is_train: bool, device: torch.device
    ) -> dict[int, torch.Tensor]:
        """Run every step on slots that `initial` returned, and return new states by slot."""
        updates: dict[int, torch.Tensor] = {}
        self._forward(values, is_train, device, updates, None)
        return updates

    def _forward(
        self,
        values: list[Any],
        is_train: bool,
        device: torch.device,
        updates: dict[int, torch.Tensor] | None,
        monitor: Monitor | None,
    ) -> None:
        folds = self._in_inference is not self.schedule
        if folds and not (is_train or monitor or torch.is_grad_enabled()):
            given = list(values)
            try:
                return self._run(self._in_inference, values, False, device, updates, None)
            except (MXNetError, *STEP_ERRORS):  # below it is told which of the steps is wrong
                values[:] = given
        self._run(self.schedule, values, is_train, device, updates, monitor)

    def _run(
        self,
        schedule: Schedule,
        values: list[Any],
        is_train: bool,
        device: torch.device,
        updates: dict[int, torch.Tensor] | None,
        monitor: Monitor | None,
    ) -> None:
        taped = torch.is_grad_enabled()  # of a loop's body, or of the caller's own torch code
        for step, freed in schedule:
            tensors = step.arguments(values)
            try:
                keywords = self.keywords(step, is_train, device, values[step.outputs.start])
                if taped:
                    result = taped_call(step.operator, keywords, tensors)
                else:
                    result = step.operator.function(*tensors, **keywords)
            except STEP_ERRORS as error:
                raise step.explain(error, tensors) from error
            results = self._store(step, values, result, updates)
            if monitor is not None:
                monitor(step, tensors, results)
            for slot in freed:
                values[slot] = None

    def _store(
        self, step: Step, values: list[Any], result: Any, updates: dict[int, torch.Tensor] | None
    ) -> Sequence[Any]:
        """Put a step's results into its slots, and its new auxiliary states into `updates`."""
        if type(result) is not tuple:
            values[step.outputs.start] = result
            return (result,)
        count = step.output_count
        values[step.outputs.start : step.outputs.stop] = result[:count]
        if updates is not None:
            for slot, fresh in zip(step.aux_slots, result[count:], strict=False):
                if fresh is not None:
                    updates[slot] = fresh
        return result[:count]

    def predict(
        self, values: list[Any], is_train: bool, device: torch.device, monitor: Any = None
    ) -> tuple[list[Any], dict[int, torch.Tensor]]:
        """Run forward without keeping anything for backward.

        Returns
        -------
        outputs : list of torch.Tensor
            The graph's outputs.
        updates : dict of int to torch.Tensor
            New auxiliary states by slot.
        """
        updates: dict[int, torch.Tensor] = {}
        with torch.no_grad():
            self._forward(values, is_train, device, updates, monitor)
        return [values[slot] for slot in self.output_slots], updates

    def record(
        self,
        values: list[Any],
        wanted: Sequence[bool],
        is_train: bool,
        device: torch.device,
        monitor: Any = None,
    ) -> tuple[list[Any], dict[int, torch.Tensor], Recording]:
        """Run forward, and keep what backward needs.

        Parameters
        ----------
        values : list
            The slots, as `initial` returns them; overwritten.
        wanted : sequence of bool
            For each argument, whether its gradient is wanted.
        is_train : bool
            Whether layers behave as in training.
        device : torch.device
            Where operators without inputs make their outputs.
        """
        needs = [False] * self.slot_count
        for slot, want in zip(self.argument_slots, wanted, strict=True):
            needs[slot] = want
        updates: dict[int, torch.Tensor] = {}
        kept: list[Saved | None] = []
        with torch.no_grad():
            for step in self.steps:
                keywords: Mapping[str, Any] = step.attrs
                if not step.is_plain:
                    keywords = self.keywords(step, is_train, device, values[step.outputs.start])
                kept.append(self._record_step(step, values, keywords, needs, updates, monitor))
        outputs = [values[slot] for slot in self.output_slots]
        return outputs, updates, Recording(self, kept, needs, outputs)

    def _record_step(
        self,
        step: Step,
        values: list[Any],
        keywords: Mapping[str, Any],
        needs: list[bool],
        updates: dict[int, torch.Tensor],
        monitor: Any,
    ) -> Saved | None:
        """Run one step, keep what its backward needs, and mark outputs that need a gradient."""
        tensors = step.arguments(values)
        needed = False
        for slot in step.inputs:
            if needs[slot]:
                needed = True
                break
        try:
            result, saved = step.call(tensors, keywords, needed, needs)
        except STEP_ERRORS as error:
            raise step.explain(error, tensors) from error
        results = self._store(step, values, result, updates)
        if needed:
            for slot in step.outputs:
                needs[slot] = True
        if monitor is not None:
            monitor(step, tensors, results)
        return saved


class Recording:
    """One recorded forward of a plan, from which gradients can be computed."""

    def __init__(
        self, plan: Plan, kept: list[Saved | None], needs: list[bool], outputs: list[Any]
    ) -> None:
        self._plan, self._kept, self._needs = plan, kept, needs
        self._outputs = outputs
        self._targets: dict[Any, torch.Tensor] = {}

    def backward(
        self,
        head_grads: Sequence[torch.Tensor | None],
        targets: Mapping[int, torch.Tensor] | None = None,
    ) -> list[torch.Tensor | None]:
        """Return the gradient of each argument, None where it is zero or not wanted.

        Parameters
        ----------
        head_grads : sequence of torch.Tensor or None
            The gradient of the loss with respect to each output; None for a loss output.
        targets : mapping of int to torch.Tensor, optional
            By slot of an argument, memory that its gradient may be written to, and is returned in
            then. It must be no memory that gradients are computed from.
        """
        plan = self._plan
        # A gradient of several parts is written by none of them.
        self._targets = {s: target for s, target in (targets or {}).items() if plan.reads[s] == 1}
        grads: list[Any] = [None] * plan.slot_count
        for slot, output, grad in zip(plan.output_slots, self._outputs, head_grads, strict=True):
            given = torch.ones_like(output) if grad is None else grad
            grads[slot] = given if grads[slot] is None else grads[slot] + given
        with torch.no_grad():
            for step, saved in zip(reversed(plan.steps), reversed(self._kept), strict=True):
                if saved is not None:
                    self._backward_step(step, saved, grads)
        return [grads[slot] for slot in plan.argument_slots]

    def _backward_step(self, step: Step, saved: Saved, grads: list[Any]) -> None:
        """Hand the gradients of a step's outputs on to its inputs."""
        outputs = step.outputs
        found = grads[outputs.start : outputs.stop]
        if all(grad is None for grad in found):
            return
        try:
            given = self.pull(step, saved, found)
        except STEP_ERRORS as error:
            raise step.explain(error, saved.inputs) from error
        needs = self._needs
        for slot, grad in zip(step.parameters, given, strict=True):
            if grad is not None and slot is not None and needs[slot]:
                old = grads[slot]
                grads[slot] = grad if old is None else old + grad
        for slot in outputs:
            grads[slot] = None

    def pull(self, step: Step, saved: Saved, grads: Sequence[Any]) -> Sequence[Any]:
        """Return the gradients of a step's inputs from those of its outputs."""
        rule = step.operator.backward
        if saved.taped is None and rule is not None:
            if len(grads) > 1:  # of one output there is a gradient, or this step was skipped
                grads = filled(grads, saved.outputs)
            needs = [slot is not None and self._needs[slot] for slot in step.parameters]
            targets = None
            if self._targets:
                targets = [self._targets.get(slot) for slot in step.parameters]
            call = Backward(grads, saved.inputs, saved.outputs, saved.keywords, needs, targets)
            return rule(call)
        pairs = [
            (out, grad)
            for out, grad in zip(saved.taped, grads, strict=True)
            if grad is not None and out is not None and out.requires_grad
        ]
        asked = [i for i, t in enumerate(saved.leaves) if t is not None and t.requires_grad]
        result: list[Any] = [None] * len(saved.leaves)
        if pairs and asked:
            outs, heads = zip(*pairs, strict=True)
            leaves = [saved.leaves[i] for i in asked]
            found = torch.autograd.grad(outs, leaves, heads, allow_unused=True, retain_graph=True)
            for i, grad in zip(asked, found, strict=True):
                result[i] = grad
        return result


def device_of_values(values: Sequence[Any]) -> torch.device:
    """Return the device of the first tensor, the CPU where there is none."""
    for value in values:
        if value is not None:
            return value.device
    return torch.device("cpu")
