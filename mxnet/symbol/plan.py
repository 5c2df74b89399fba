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
from .graph import Node, Output, split_variables, topological_order
from .inference import Inference, device_of

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
        self._last_use = self._find_last_uses()
        self.reads = Counter(slot for step in self.steps for slot in step.inputs)
        self._order = order
        self._shaped = [s for s in self.steps if "output_shape" in s.operator.injected]
        self._shapes: dict[Any, list[Any]] = {}
        self._memories: dict[int, dict[Any, Any]] = {}
        self._writes_states = any(s.operator.states_for for s in self.steps)

    def _find_last_uses(self) -> list[tuple[int, ...]]:
        """Return, for each step, the slots that nothing reads after it."""
        last: dict[int, int] = {}
        for index, step in enumerate(self.steps):
            for slot in (*step.inputs, *step.outputs):
                last[slot] = index
        kept = set(self.output_slots)
        freed: list[list[int]] = [[] for _ in self.steps]
        for slot, index in last.items():
            if slot not in kept:
                freed[index].append(slot)
        return [tuple(slots) for slots in freed]

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
        monitor: Callable[[Step, Sequence[Any], Sequence[Any]], None] | None,
    ) -> None:
        taped = torch.is_grad_enabled()  # of a loop's body, or of the caller's own torch code
        for index, step in enumerate(self.steps):
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
            for slot in self._last_use[index]:
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
