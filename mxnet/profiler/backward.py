"""The time that gradients take on torch's tape, by the operator that was recorded."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import torch
from torch.autograd.graph import get_gradient_edge

from .memory import place_of
from .records import Span, now, record

# Where the reference's name is not made from the operator's.
_NAMES = {
    "Cast": "_backward_cast",
    "Flatten": "_backward_copy",
    "LinearRegressionOutput": "_backward_linear_reg_out",
    "LogisticRegressionOutput": "_backward_logistic_reg_out",
    "MAERegressionOutput": "_backward_mae_reg_out",
    "Reshape": "_backward_reshape",
}


def backward_name(operator: str) -> str:
    """Return the name that the reference has for an operator's gradient, as far as it has one."""
    plain = operator.removeprefix("_").removeprefix("elemwise_")
    return _NAMES.get(operator, f"_backward_{plain}")


class BackwardCall:
    """The gradient of one recorded call: a span from its first node on the tape to its last."""

    def __init__(self, name: str, is_listening: Callable[[], bool]) -> None:
        self._name, self._is_listening = name, is_listening
        self._start = 0
        self._span: Span | None = None
        self._seen: set[int] = set()

    @classmethod
    def watch(
        cls,
        operator: str,
        inputs: Iterable[Any],
        outputs: Sequence[torch.Tensor],
        is_listening: Callable[[], bool],
    ) -> None:
        """Measure the nodes between the outputs of a call and its inputs whenever they run."""
        behind = {
            get_gradient_edge(x).node
            for x in inputs
            if isinstance(x, torch.Tensor) and x.requires_grad
        }
        call = cls(backward_name(operator), is_listening)
        open_nodes = [out.grad_fn for out in outputs if out.grad_fn is not None]
        while open_nodes:
            node = open_nodes.pop()
            if node in behind:
                continue
            behind.add(node)
            node.register_prehook(functools.partial(call.enter, len(behind)))
            node.register_hook(functools.partial(call.leave))
            open_nodes += [each for each, _ in node.next_functions if each is not None]

    def _begin(self, start: int) -> None:
        self._start, self._span, self._seen = start, None, set()

    def enter(self, number: int, grads: Sequence[Any]) -> None:
        """Note that a node begins; one that ran already belongs to another backward."""
        if not self._seen or number in self._seen:
            self._begin(_time_of(grads))
        self._seen.add(number)

    def leave(self, given: Sequence[Any], grads: Sequence[Any]) -> None:
        """Note that a node has ended."""
        if not self._is_listening():
            return
        end = _time_of(given)
        if self._span is None:
            place = next((place_of(grad) for grad in grads if grad is not None), "cpu/0")
            self._span = Span("operator", self._name, "operator", self._start, end, place)
            record(self._span)
        self._span.end = end


def _time_of(grads: Sequence[Any]) -> int:
    """Return the time once gradients are computed."""
    for grad in grads:
        if grad is not None and grad.is_cuda:
            torch.cuda.synchronize(grad.device)
            break
    return now()
