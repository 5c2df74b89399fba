"""Recording: whether this thread tapes, and how a call of an operator goes onto torch's tape.

An NDArray's `_data` never requires a gradient, so nothing is taped outside `autograd.record`,
whatever torch's own grad mode is. An array that takes part in a recorded computation holds a second
tensor, `_tape`: the same memory, attached to torch's graph.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from ..base import MXNetError
from ..ops.registry import Attrs, Backward, Operator, filled, get

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
        heads = filled(grads, outputs)
        if ctx.operator.is_loss and torch.is_grad_enabled():
            # The rule's own derivative needs that of the outputs, which is not the rule.
            again = ctx.operator.function(*inputs, **ctx.attrs)
            outputs = again if isinstance(again, tuple) else (again,)
        needs = ctx.needs_input_grad[2:]
        given = ctx.operator.backward(Backward(heads, inputs, outputs, ctx.attrs, needs))
        return (None, None, *given)


def taped_call(operator: Operator, attrs: Attrs, tensors: list[Any]) -> Any:
    """Run `operator` so that torch's tape holds the call."""
    if operator.backward is not None and not operator.backward_is_derivative:
        return RuledCall.apply(operator, attrs, *tensors)
    return operator.function(*tensors, **attrs)


class Node:
    """One recorded call, or (`operator` is None) a variable or constant that calls read.

    Torch does not tell whether it has freed a graph. The reference does: what belonged to a freed
    graph is a constant from then on, so that a state may run from one recording into the next.
    `autograd.get_symbol` reads what was called, with what.

    Parameters
    ----------
    operator : Operator or str or None
        What was called; a text says what no operator stands for, such as a user's Function.
    attrs : mapping
        Its parsed attributes.
    inputs : iterable of NDArray or None
        What it was called with.
    """

    __slots__ = ("attrs", "freed", "inputs", "number", "operator")

    def __init__(
        self, operator: Operator | str | None, attrs: Attrs, inputs: Iterable[Any]
    ) -> None:
        self.operator, self.attrs = operator, attrs
        self.inputs = [
            None if a is None else (a._node or _constant(a), a._position) for a in inputs
        ]
        self.number = next(_NUMBERS if operator is None else _CALL_NUMBERS)
        self.freed = False


INDEXED = "an index"  # the operator of x[key]: several, found when a symbol is asked for
_NUMBERS = itertools.count()
_CALL_NUMBERS = itertools.count()


def _constant(array: NDArray) -> Node:
    """Give an array that is no result of a recorded call a node of its own, and return it."""
    array._node = Node(None, _CONSTANT, ())
    return array._node


_CONSTANT: Attrs = {"stem": "null"}
_VARIABLE: Attrs = {"stem": "var"}  # the reference's names


def nodes_behind(arrays: Iterable[NDArray]) -> list[Node]:
    """Return every recorded call, variable and constant that the arrays come from."""
    found = list(dict.fromkeys(array._node for array in arrays if array._node is not None))
    seen = set(found)
    for node in found:
        for source in node.inputs:
            if source is not None and source[0] not in seen:
                seen.add(source[0])
                found.append(source[0])
    return found


def free(nodes: Iterable[Node]) -> None:
    """Note that a backward has freed the graph of these calls; variables stay what they are."""
    for node in nodes:
        if node.operator is not None:
            node.freed, node.inputs = True, []


def in_graph(array: NDArray) -> bool:
    """Return whether the array is a variable or part of a recorded graph that is not freed."""
    if array._tape is None:
        return False
    if array._node is not None and array._node.freed:
        array._tape, array._node, array._position, array._shadow = None, None, 0, None
        return False
    return True


def tape_of(array: NDArray | None) -> torch.Tensor | None:
    """Return the tensor that a recorded operator reads for `array`."""
    if array is None:
        return None
    return array._tape if in_graph(array) else array._data


def keep_in_graph(copy: Any, source: NDArray) -> Any:
    """Return a copy in another storage type, recorded where its source is part of the graph."""
    if STATE.recording and in_graph(source):
        copy._tape, copy._node, copy._position = source._tape, source._node, source._position
        if copy.dtype is not source.dtype:
            copy._tape = source._tape.to(copy._values.dtype)  # type: ignore[union-attr]
            copy._node, copy._position = copy_call(source, copy), 0
    return copy


class Straight(torch.autograd.Function):
    """Hands a tensor's gradient on to another, which stands for the same numbers.

    The gradient of integers is made of integers.
    """

    @staticmethod
    def forward(ctx: Any, result: Any, stand_in: torch.Tensor, whole: bool) -> torch.Tensor:
        """Return the result itself."""
        ctx.dtype, ctx.whole = stand_in.dtype, whole
        return result

    @staticmethod
    def backward(ctx: Any, grad: torch.Tensor) -> Any:
        """Hand the gradient on."""
        return None, (grad.trunc() if ctx.whole else grad).to(ctx.dtype), None


def connect(array: NDArray, operator: Operator, attrs: Attrs, inputs: Sequence[Any]) -> None:
    """Make a result that torch did not tape part of the graph all the same, as the reference does.

    Torch tapes floats only, the reference integers too, with the gradients of the same call on
    floats. So an integer array of the graph has a shadow: its numbers as float64 on torch's tape.
    """
    array._tape = array._data
    if operator.name in _CONVERSIONS:
        _follow(array, _shadow_of(inputs[0]))
        return
    if all(each is None or each._shadow is None for each in inputs):
        return
    try:
        found = operator.function(*[_shadow_of(each) for each in inputs], **attrs)
    except (MXNetError, RuntimeError, TypeError):  # whole numbers only: a constant
        return
    if isinstance(found, torch.Tensor) and found.shape == array._data.shape:
        _follow(array, found)


_CONVERSIONS = ("Cast", "_copy", "_copyto")


def connect_copy(array: NDArray, source: NDArray) -> None:
    """Make a copy that torch did not tape, of integers or to them, part of the source's graph."""
    array._tape, array._node, array._position = array._data, copy_call(source, array), 0
    shadow: Any = _shadow_of(source)
    _follow(array, shadow[(0,) * max(shadow.ndim - array.ndim, 0)].expand(array.shape))


def _shadow_of(array: NDArray | None) -> Any:
    if array is None or array._shadow is not None:
        return None if array is None else array._shadow
    return tape_of(array).double()  # type: ignore[union-attr]


def _follow(array: NDArray, stand_in: torch.Tensor) -> None:
    """Give an array the gradient of floats that stand for its numbers, if they have one."""
    if not stand_in.requires_grad:
        return
    if array._data.is_floating_point():
        array._tape = Straight.apply(array._data, stand_in, False)
    else:
        array._shadow = Straight.apply(array._data.double(), stand_in, True)


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


def write(array: NDArray, source: torch.Tensor, node: Node | None, position: int = 0) -> None:
    """Write a tensor, broadcast, into an array; if it is on the tape, the array is from then on.

    `node` is the recorded call that made the tensor, as output `position`.
    """
    refuse_write(array)
    if node is not None and source.requires_grad and array._data.is_floating_point():
        tape = array._data.detach()
        tape.copy_(source.expand(tape.shape))
        array._tape, array._node, array._position = tape, node, position
    else:
        array._data.copy_(source.detach() if source.requires_grad else source)


def write_copy(array: NDArray, source: NDArray) -> None:
    """Copy an array of the graph, broadcast, into another, which is part of the graph from then on.

    Leading axes of length 1 that are too many do not count.

    Raises
    ------
    ValueError
        If the shapes do not fit.
    """
    refuse_write(array)
    tensor: Any = tape_of(source)
    try:
        fitting = tensor.reshape(tensor.shape[max(tensor.ndim - array.ndim, 0) :])
        fitting = fitting.expand(array.shape)
    except RuntimeError:
        raise ValueError(
            f"A value of shape {source.shape} does not fit an array of shape {array.shape}."
        ) from None
    if tensor.requires_grad and array._data.is_floating_point():
        write(array, fitting, copy_call(source, array))
    else:
        array._data.copy_(fitting.detach())
        connect_copy(array, source)


def copy_call(source: NDArray, target: NDArray) -> Node:
    """Return the recorded calls that copy an array into one of another shape or dtype."""
    node = Node(get("_copyto"), {}, (source,))
    if source.shape != target.shape:
        spare = target.ndim - source.ndim
        if spare:
            aligned = (1,) * spare + source.shape[max(-spare, 0) :]
            node = _then(node, "Reshape", shape=aligned)
        node = _then(node, "broadcast_to", shape=target.shape)
    if source.dtype is not target.dtype:
        node = _then(node, "Cast", dtype=np.dtype(target.dtype).name)
    return node


def _then(node: Node, name: str, **attrs: Any) -> Node:
    following = Node(get(name), get(name).parse(attrs), ())
    following.inputs.append((node, 0))
    return following


def mark_variable(array: NDArray, grad: NDArray | None, grad_req: str) -> None:
    """Make `array` a leaf of the tape whose gradient goes to `grad` as `grad_req` says."""
    if grad_req not in ("write", "add", "null"):
        raise KeyError(f"attach_grad: grad_req is {grad_req!r}, but must be write, add or null.")
    array._grad, array._grad_req = grad, grad_req
    array._node, array._position, array._shadow = Variable(grad, grad_req), 0, None
    array._tape = array._data  # in the graph, even where no gradient is asked for
    if grad_req == "null":
        return
    if array._data.is_floating_point():
        leaf = array._tape = array._data.detach().requires_grad_()
    else:
        leaf = array._shadow = array._data.double().requires_grad_()
    leaf.register_post_accumulate_grad_hook(array._node.receive)


class Variable(Node):
    """A variable: where its gradient goes.

    It does not know its array: array, tape, hook and this would keep each other alive.
    """

    __slots__ = ("count", "request", "slot")

    def __init__(self, slot: NDArray | None, request: str) -> None:
        super().__init__(None, _VARIABLE, ())
        self.slot, self.request = slot, request
        self.count = 0  # how many gradients came

    def receive(self, leaf: torch.Tensor) -> None:
        """Move a leaf's fresh gradient into the slot."""
        fresh, leaf.grad = leaf.grad, None
        if fresh is not None and self.slot is not None:
            self.count += 1
            self.slot._receive(fresh, self.request)

    def clear(self) -> None:
        """Take a gradient of zero, which torch does not compute."""
        if self.request == "write" and self.slot is not None:
            zeros = torch.zeros(self.slot.shape, dtype=self.slot._data.dtype)
            self.slot._receive(zeros.to(self.slot._data.device), self.request)
