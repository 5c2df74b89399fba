"""Recording: whether this thread tapes, and how a call of an operator goes onto torch's tape.

An NDArray's `_data` never requires a gradient, so nothing is taped outside `autograd.record`,
whatever torch's own grad mode is. An array that takes part in a recorded computation holds a second
tensor, `_tape`: the same memory, attached to torch's graph.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import torch

from ..base import MXNetError
from ..ops.registry import Attrs, Backward, Operator

if TYPE_CHECKING:
    from .ndarray import NDArray


class State(threading.local):
    """What this thread does: `recording` operators onto the tape, `training` layers."""

    recording = False
    training = False


STATE = State()


class RuledCall(torch.autograd.Function):
    """One call of an operator whose gradient is its rule, not the derivative of its function."""

    @staticmethod
    def forward(ctx: Any, operator: Operator, attrs: Attrs, *inputs: Any) -> Any:
        """Run the operator and keep what its rule may ask for."""
        result = operator.function(*inputs, **attrs)
        outputs = result if isinstance(result, tuple) else (result,)
        outputs = tuple(
            out.view_as(out) if any(out is x for x in inputs) else out for out in outputs
        )
        ctx.operator, ctx.attrs, ctx.input_count = operator, attrs, len(inputs)
        # The caller writes new auxiliary states in place, which saved tensors must not notice.
        states = {operator.inputs.index(name) for name in operator.aux}
        kept = [x.clone() if i in states else x for i, x in enumerate(inputs)]
        ctx.save_for_backward(*kept, *outputs)
        ctx.mark_non_differentiable(
            *[out for out in outputs if out is not None and not out.is_floating_point()]
        )
        return outputs if isinstance(result, tuple) else outputs[0]

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> Any:
        """Apply the operator's gradient rule."""
        saved = ctx.saved_tensors
        inputs, outputs = saved[: ctx.input_count], saved[ctx.input_count :]
        filled = tuple(
            torch.zeros_like(out) if grad is None and out is not None else grad
            for grad, out in zip(grads, outputs, strict=True)
        )
        needs = ctx.needs_input_grad[2:]
        given = ctx.operator.backward(Backward(filled, inputs, outputs, ctx.attrs, needs))
        return (None, None, *given)


def taped_call(operator: Operator, attrs: Attrs, tensors: list[Any]) -> Any:
    """Run `operator` so that torch's tape holds the call."""
    if operator.backward is not None and not operator.backward_is_derivative:
        return RuledCall.apply(operator, attrs, *tensors)
    return operator.function(*tensors, **attrs)


class Node:
    """One recorded call: which calls it builds on, and whether a backward has freed it.

    Torch does not tell whether it has freed a graph. The reference does: what belonged to a freed
    graph is a constant from then on, so that a state may run from one recording into the next.
    """

    __slots__ = ("freed", "parents")

    def __init__(self, inputs: Iterable[Any]) -> None:
        self.parents = [a._node for a in inputs if a is not None and a._node is not None]
        self.freed = False


def nodes_behind(arrays: Iterable[NDArray]) -> list[Node]:
    """Return every call that the arrays come from."""
    found = [array._node for array in arrays if array._node is not None]
    seen = set(found)
    for node in found:
        for parent in node.parents:
            if parent not in seen:
                seen.add(parent)
                found.append(parent)
    return found


def free(nodes: Iterable[Node]) -> None:
    """Note that a backward has freed the graph of these calls."""
    for node in nodes:
        node.freed, node.parents = True, []


def in_graph(array: NDArray) -> bool:
    """Return whether the array is a variable or part of a recorded graph that is not freed."""
    if array._tape is None:
        return False
    if array._node is not None and array._node.freed:
        array._tape, array._node, array._sources = None, None, ()
        return False
    return True


def tape_of(array: NDArray | None) -> torch.Tensor | None:
    """Return the tensor that a recorded operator reads for `array`."""
    if array is None:
        return None
    return array._tape if in_graph(array) else array._data


class Disconnected(torch.autograd.Function):
    """Keeps a result that torch can not differentiate in the graph, with gradients of zero."""

    @staticmethod
    def forward(ctx: Any, result: torch.Tensor, *sources: torch.Tensor) -> torch.Tensor:
        """Return the result itself."""
        ctx.sources = [(source.shape, source.dtype, source.device) for source in sources]
        return result

    @staticmethod
    def backward(ctx: Any, grad: torch.Tensor) -> Any:
        """Return zeros."""
        zeros = [torch.zeros(s, dtype=t, device=d) for s, t, d in ctx.sources]
        return (None, *zeros)


def connect(array: NDArray, inputs: Iterable[Any], recorded: list[Any]) -> None:
    """Make a result that has no gradient part of the graph all the same, as the reference does.

    Torch tapes floats only: an integer result remembers what it came from for `backward`.
    """
    sources = [tensor for tensor in recorded if tensor is not None and tensor.requires_grad]
    for each in inputs:
        sources += () if each is None else each._sources
    if array._data.is_floating_point() and sources:
        array._tape = Disconnected.apply(array._data, *sources)
    else:
        array._tape, array._sources = array._data, tuple(sources)


def refuse_write(array: NDArray, value: Any = None) -> None:
    """Refuse to write into an array that the recorded graph needs, or to lose a value's gradient.

    Raises
    ------
    MXNetError
        If this thread records and the array, or the value, is part of the graph.
    """
    if STATE.recording and (in_graph(array) or (hasattr(value, "_tape") and in_graph(value))):
        raise MXNetError(
            "In-place writes (+=, -=, x[:]=, out=, ...) to an array of the graph are not supported "
            "while autograd records."
        )


def write(array: NDArray, source: torch.Tensor, inputs: Iterable[Any]) -> None:
    """Write a tensor, broadcast, into an array; if it is on the tape, the array is from then on.

    `inputs` are the arrays that the tensor was made from.
    """
    refuse_write(array)
    if source.requires_grad and array._data.is_floating_point():
        tape = array._data.detach()
        tape.copy_(source.expand(tape.shape))
        array._tape, array._node = tape, Node(inputs)
    else:
        array._data.copy_(source.detach())


def mark_variable(array: NDArray, grad: NDArray | None, grad_req: str) -> None:
    """Make `array` a leaf of the tape whose gradient goes to `grad` as `grad_req` says."""
    if grad_req not in ("write", "add", "null"):
        raise MXNetError(f"attach_grad: grad_req is {grad_req!r}, but must be write, add or null.")
    array._grad, array._grad_req = grad, grad_req
    array._node, array._sources = None, ()
    if grad_req == "null":
        array._tape = array._data  # in the graph, but its gradient stays as it is
    elif array._data.is_floating_point():
        array._tape = array._data.detach().requires_grad_()
        array._tape.register_post_accumulate_grad_hook(_writer(array))
    else:
        array._tape = None


def _writer(array: NDArray) -> Any:
    """Return the hook that moves a leaf's fresh gradient into `array.grad`."""

    def move(leaf: torch.Tensor) -> None:
        fresh, leaf.grad = leaf.grad, None
        if leaf is not array._tape or fresh is None or array._grad is None:
            return  # the array was marked again since this graph was recorded
        array._grad._receive(fresh, array._grad_req)

    return move
