"""Recording: whether this thread tapes, and how a call of an operator goes onto torch's tape.

An NDArray's `_data` never requires a gradient, so nothing is taped outside `autograd.record`,
whatever torch's own grad mode is. An array that takes part in a recorded computation holds a second
tensor, `_tape`: the same memory, attached to torch's graph.
"""

from __future__ import annotations

import threading
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


def tape_of(array: NDArray | None) -> torch.Tensor | None:
    """Return the tensor that a recorded operator reads for `array`."""
    if array is None:
        return None
    return array._data if array._tape is None else array._tape


def refuse_write(array: NDArray) -> None:
    """Refuse to write into an array that the recorded graph needs.

    Raises
    ------
    MXNetError
        If this thread records and the array is part of the graph.
    """
    if STATE.recording and array._tape is not None:
        raise MXNetError(
            "In-place writes (+=, -=, x[:]=, out=, ...) to an array of the graph are not supported "
            "while autograd records."
        )


def mark_variable(array: NDArray, grad: NDArray | None, grad_req: str) -> None:
    """Make `array` a leaf of the tape whose gradient goes to `grad` as `grad_req` says."""
    if grad_req not in ("write", "add", "null"):
        raise MXNetError(f"attach_grad: grad_req is {grad_req!r}, but must be write, add or null.")
    array._grad, array._grad_req = grad, grad_req
    if grad_req == "null" or not array._data.is_floating_point():
        array._tape = None
        return
    leaf = array._data.detach().requires_grad_()
    leaf.register_post_accumulate_grad_hook(_writer(array))
    array._tape = leaf


def _writer(array: NDArray) -> Any:
    """Return the hook that moves a leaf's fresh gradient into `array.grad`."""

    def write(leaf: torch.Tensor) -> None:
        fresh, leaf.grad = leaf.grad, None
        if leaf is not array._tape or fresh is None or array._grad is None:
            return  # the array was marked again since this graph was recorded
        if array._grad_req == "add":
            array._grad._data.add_(fresh)
        else:
            array._grad._data.copy_(fresh)

    return write
