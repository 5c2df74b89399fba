"""The check of a whole network: node after node, in the order in which they run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch

from ...base import MXNetError
from ...context import Context, current_context
from ...ndarray import NDArray
from ...symbol import Symbol
from ...symbol.step import STEP_ERRORS
from .gradient import GradientCheck, differentiable
from .precision import PrecisionCheck, not_finite
from .results import NetworkCheck, NodeCheck
from .run import NodeRun, first_line, in_type, preserved_random
from .values import network_values

_COARSE = (torch.float32, torch.float16, torch.bfloat16)


def check_network(
    sym: Symbol,
    shapes: Mapping[str, tuple[int, ...]],
    arg_params: Mapping[str, NDArray] | None = None,
    aux_params: Mapping[str, NDArray] | None = None,
    samples: int = 16,
    seed: int = 0,
    ctx: Context | None = None,
    progress: Callable[[int, int, str], None] | None = None,
) -> NetworkCheck:
    """Check every node of a network, and return what was found.

    Each output must be finite; each float32 output and gradient must be that of float64 as far as
    the node's conditioning allows; each gradient must be the derivative that finite differences
    give in float64. Loss layers are held against the loss that they stand for. `mx.random` and
    NumPy's random stream are left as they were.

    Parameters
    ----------
    sym : Symbol
        The network.
    shapes : dict of str to tuple of int
        Shapes of the inputs; those of parameters follow.
    arg_params, aux_params : dict of str to NDArray, optional
        Values of arguments (also inputs, if given) and auxiliary states; others are drawn.
    samples : int, default 16
        How many elements of each input are perturbed.
    seed : int, default 0
        Seed of all draws.
    ctx : Context, optional
        Device, default the current context.
    progress : callable(done, total, node name), optional
        Called before each node.

    Returns
    -------
    NetworkCheck
        One entry per operator.

    Raises
    ------
    MXNetError
        If a name is unknown, shapes do not follow, or an operator refuses its inputs.

    Examples
    --------
    >>> x = mx.sym.Variable("x")
    >>> net = mx.sym.tanh(mx.sym.FullyConnected(x, num_hidden=3, name="fc"), name="act")
    >>> found = mx.test_utils.check_network(net, {"x": (2, 5)})
    >>> found.passed, [node.name for node in found.nodes]
    (True, ['fc', 'act'])
    """
    device = (ctx or current_context()).device
    generator = torch.Generator().manual_seed(seed)
    plan = sym._plan()
    if not plan.steps:
        raise MXNetError("the network has no operator: there is nothing to check.")
    values = network_values(sym, plan, shapes, arg_params or {}, aux_params or {}, generator)
    slots = [v.to(device) if isinstance(v, torch.Tensor) else v for v in values.slots]
    drawn = {id(slots[s]): n for s, n in _named_slots(plan) if n in values.drawn}
    nodes = []
    with preserved_random(device):
        for number, (step, freed) in enumerate(plan.schedule):
            if progress is not None:
                progress(number, len(plan.steps), step.name)
            inputs = step.arguments(slots)
            run = NodeRun(plan, step, inputs, device, slots[step.outputs.start])
            checker = _NodeChecker(run, generator, samples, drawn)
            slots[step.outputs.start : step.outputs.stop] = checker.run_forward()
            nodes.append(checker.check())
            for slot in freed:
                slots[slot] = None
    return NetworkCheck(nodes, sym, values.drawn)


def _named_slots(plan: Any) -> list[tuple[int, str]]:
    names = [node.name for node in (*plan.arguments, *plan.aux)]
    return list(zip((*plan.argument_slots, *plan.aux_slots), names, strict=True))


class _NodeChecker:
    """Checks one node on the values that reach it."""

    def __init__(
        self, run: NodeRun, generator: torch.Generator, samples: int, drawn: Mapping[int, str]
    ) -> None:
        self._run, self._generator, self._samples = run, generator, samples
        self._drawn, self._kind = drawn, torch.float64
        self._outputs: list[Any] = []
        step = run.step
        self._found = NodeCheck(step.name, step.operator.name, list(step.node.input_names()), [])

    def run_forward(self) -> list[Any]:
        """Return the outputs, in float64 unless the operator takes float32 alone."""
        run = self._run
        try:
            outputs = run.outputs(run.inputs, torch.float64)
        except STEP_ERRORS as refusal:
            try:
                outputs = run.outputs(run.inputs, torch.float32)
            except STEP_ERRORS as error:
                tensors = [in_type(tensor, torch.float32) for tensor in run.inputs]
                raise run.step.explain(error, tensors) from error
            self._single(f"because float64 is refused: {first_line(refusal)}")
        else:
            if any(o is not None and o.dtype in _COARSE for o in outputs):
                self._single("which is what the operator returns")
        self._outputs = outputs
        shown = zip(run.output_names, outputs, strict=False)
        self._found.shapes = [tuple(output.shape) for _, output in shown if output is not None]
        return [in_type(output, torch.float64) for output in outputs]

    def _single(self, reason: str) -> None:
        self._kind = torch.float32
        self._found.notes.append(f"checked in float32, {reason}")

    def check(self) -> NodeCheck:
        """Return what is wrong with the node."""
        run, found = self._run, self._found
        if not self._inputs_are_finite():
            return found
        found.deviations, text = not_finite(zip(run.output_names, self._outputs, strict=False))
        if text:
            found.reasons.append(text + self._hint())
            return found
        precision = PrecisionCheck(run, found, self._generator)
        if self._kind is torch.float64:
            precision.check_outputs()
        gradient = GradientCheck(run, found, self._generator, self._samples, self._kind)
        heads = gradient.check()
        if heads is not None and self._kind is torch.float64:
            precision.check_gradients(heads, differentiable(run))
        return found

    def _inputs_are_finite(self) -> bool:
        """Tell whether the inputs can be checked on; parameters that are not finite are wrong."""
        run, found = self._run, self._found
        deviations, text = not_finite(zip(run.input_names, run.inputs, strict=False))
        if not text:
            return True
        label = deviations[0].name
        names = run.step.node.input_names()
        source = run.step.node.inputs[names.index(label)][0]
        if source.op is None:
            found.deviations = deviations
            found.reasons.append(f"its input {source.name} is not finite: {text}")
        else:
            found.unchecked = f"its input {label} from {source.name} is not finite"
        return False

    def _hint(self) -> str:
        """Return a hint if drawn numbers reach the node: they may lie outside its domain."""
        names = [self._drawn[id(x)] for x in self._run.inputs if id(x) in self._drawn]
        if not names:
            return ""
        return f"; {', '.join(names)} was drawn at random, so give values if they must be special"
