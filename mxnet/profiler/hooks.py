"""Where a running profiler listens: operators, their gradients, executors, calls, arrays.

While it runs, functions that are looked up at every call (an operator's, a method of a class) are
replaced by ones that measure; when it stops they are put back. So it costs nothing when off.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import torch

from .. import autograd, ndarray
from ..executor import Executor
from ..ndarray import NDArray
from ..ndarray.tape import STATE, RuledCall
from ..ops import registry
from ..symbol import Symbol
from ..symbol.plan import Recording
from ..symbol.step import Saved, Step
from .backward import BackwardCall, backward_name
from .memory import Memory, is_computed, place_of
from .records import Span, now, record

API = "MXNET_C_API"
OPERATOR = "operator"

# Calls that stand for one function of the reference's C library each.
_API_CALLS: tuple[tuple[Any, str, str], ...] = (
    (Symbol, "bind", "MXExecutorBindEX"),
    (Symbol, "simple_bind", "_SimpleBindImpl"),
    (NDArray, "asnumpy", "MXNDArraySyncCopyToCPU"),
    (NDArray, "wait_to_read", "MXNDArrayWaitToRead"),
    (ndarray, "waitall", "MXNDArrayWaitAll"),
    (autograd, "backward", "MXAutogradBackwardEx"),
)
_EXECUTOR_CALLS = (("forward", "MXExecutorForward"), ("backward", "MXExecutorBackwardEx"))

# Functions that make arrays without an operator, and the reference's operator for them.
_CREATIONS = (("zeros", "_zeros"), ("ones", "_ones"), ("full", "_full"))


@dataclass(frozen=True)
class Kinds:
    """What is recorded: operators of executors and others, memory, calls."""

    symbolic: bool = True
    imperative: bool = False
    memory: bool = True
    api: bool = True


class _Place(threading.local):
    """Where this thread is: within an executor, an operator, or an operator's gradient."""

    executor = False
    operator = False
    gradient = False


_PLACE = _Place()


class Hooks:
    """The replaced functions."""

    def __init__(self) -> None:
        self.kinds = Kinds()
        self.memory = Memory()
        self._kept: list[tuple[Any, str, Any]] = []
        self._operators: list[registry.Operator] = []

    def install(self, kinds: Kinds) -> None:
        """Begin to listen for `kinds`."""
        self.remove()
        self.kinds, self.memory.is_recording = kinds, kinds.memory
        self._operators = list({id(o): o for o in map(registry.get, registry.names())}.values())
        for operator in self._operators:
            operator.function = self._measured(operator)
        self._replace(Recording, "pull", self._pull)
        self._replace(RuledCall, "backward", self._apply_rule)
        for name, api in _EXECUTOR_CALLS:
            self._replace(Executor, name, functools.partial(self._run_executor, api))
        if kinds.imperative:
            for name, operator_name in _CREATIONS:
                self._replace(ndarray, name, functools.partial(self._create, operator_name))
        if kinds.api:
            for owner, name, api in _API_CALLS:
                self._replace(owner, name, functools.partial(_call, api))
        if kinds.memory:
            self._replace(NDArray, "__init__", self._make_array)

    def remove(self) -> None:
        """Put everything back."""
        for owner, name, kept in reversed(self._kept):
            if kept is None:
                delattr(owner, name)  # which shows the inherited one again
            else:
                setattr(owner, name, kept)
        self._kept.clear()
        for operator in self._operators:
            operator.function = operator.__wrapped__
        self._operators.clear()
        self.memory.is_recording = False

    def is_listening(self) -> bool:
        """Return whether anything is replaced."""
        return bool(self._operators)

    def _replace(self, owner: Any, name: str, around: Callable[..., Any]) -> None:
        """Have ``around(function, *args, **kwargs)`` called instead of a function."""
        function = getattr(owner, name)
        kept = vars(owner).get(name)

        @functools.wraps(function)
        def replaced(*args: Any, **kwargs: Any) -> Any:
            return around(function, *args, **kwargs)

        self._kept.append((owner, name, kept))
        setattr(owner, name, staticmethod(replaced) if isinstance(kept, staticmethod) else replaced)

    def _measured(self, operator: registry.Operator) -> Callable[..., Any]:
        """Return an operator's function, measured where it is called from outside of another."""
        function, name = operator.__wrapped__, operator.name

        @functools.wraps(function)
        def measured(*tensors: Any, **keywords: Any) -> Any:
            place = _PLACE
            wanted = self.kinds.symbolic if place.executor else self.kinds.imperative
            if place.operator or not wanted or "subgraphs" in keywords:  # whose steps are shown
                return function(*tensors, **keywords)
            place.operator = name != "Custom"  # which may call operators of its own
            try:
                with _range(name):
                    start = now()
                    result = function(*tensors, **keywords)
                    outputs = result if isinstance(result, tuple) else (result,)
                    end = _finished(outputs)
            finally:
                place.operator = False
            if end is not None:
                self._note(name, start, end, tensors, outputs)
            return result

        return measured

    def _note(self, name: str, start: int, end: int, inputs: Any, outputs: Any) -> None:
        """Record one call of an operator."""
        shown = [each for each in outputs if isinstance(each, torch.Tensor)]
        record(Span(OPERATOR, name, OPERATOR, start, end, place_of(shown[0]) if shown else "cpu/0"))
        if self.kinds.memory:
            for tensor in shown:
                self.memory.track(tensor)
        if _PLACE.executor or _PLACE.gradient:
            return
        if self.kinds.api:
            record(Span(API, "MXImperativeInvokeEx", "async", start, end, threading.get_ident()))
        if STATE.recording:
            BackwardCall.watch(name, inputs, shown, self.is_listening)

    def _create(self, name: str, function: Any, *args: Any, **kwargs: Any) -> Any:
        start = now()
        made = function(*args, **kwargs)
        end = _finished((made._data,))
        if end is not None:
            record(Span(OPERATOR, name, OPERATOR, start, end, place_of(made._data)))
        return made

    def _make_array(
        self, function: Any, array: NDArray, handle: Any, *args: Any, **kwargs: Any
    ) -> None:
        function(array, handle, *args, **kwargs)
        if is_computed(handle):
            self.memory.track(handle)

    def _run_executor(self, api: str, function: Any, *args: Any, **kwargs: Any) -> Any:
        outer, _PLACE.executor = _PLACE.executor, True
        try:
            return (
                _call(api, function, *args, **kwargs)
                if self.kinds.api
                else function(*args, **kwargs)
            )
        finally:
            _PLACE.executor = outer

    def _pull(
        self, function: Any, recording: Recording, step: Step, saved: Saved, grads: Any
    ) -> Any:
        """Measure the gradient of one step of a plan."""
        outer, _PLACE.gradient = _PLACE.gradient, True
        try:
            return self._measure_gradient(step.operator, function, recording, step, saved, grads)
        finally:
            _PLACE.gradient = outer

    def _apply_rule(self, function: Any, call: Any, *grads: Any) -> Any:
        """Measure the gradient of a recorded call by the operator's rule."""
        if _PLACE.gradient:  # of a graph that a step runs
            return function(call, *grads)
        return self._measure_gradient(call.operator, function, call, *grads)

    def _measure_gradient(self, operator: registry.Operator, function: Any, *args: Any) -> Any:
        if not (self.kinds.symbolic if _PLACE.executor else self.kinds.imperative):
            return function(*args)
        name = backward_name(operator.name)
        with _range(name):
            start = now()
            found = function(*args)
            end = _finished(found)
        if end is not None:
            shown = [grad for grad in found if isinstance(grad, torch.Tensor)]
            place = place_of(shown[0]) if shown else "cpu/0"
            record(Span(OPERATOR, name, OPERATOR, start, end, place))
        return found


def _call(api: str, function: Any, *args: Any, **kwargs: Any) -> Any:
    """Measure a call that stands for a function of the reference's C library."""
    start = now()
    result = function(*args, **kwargs)
    record(Span(API, api, "async", start, now(), threading.get_ident()))
    return result


def _range(name: str) -> AbstractContextManager[Any]:
    """Return a scope that shows an operator to torch's own profiler, if that runs."""
    if torch.autograd._profiler_enabled():
        return torch.autograd.profiler.record_function(name)
    return nullcontext()


def _finished(outputs: Any) -> int | None:
    """Return the time once outputs are computed; None where torch only follows the call."""
    for tensor in outputs:
        if isinstance(tensor, torch.Tensor):
            if not is_computed(tensor):
                return None
            if tensor.is_cuda:
                torch.cuda.synchronize(tensor.device)
            break
    return now()
