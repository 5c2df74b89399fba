"""Automatic differentiation: scopes that record, and backward through what they recorded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import torch

from .base import MXNetError, string_types
from .context import current_context
from .ndarray.eager import as_array
from .ndarray.ndarray import NDArray
from .ndarray.tape import (
    STATE,
    Node,
    Variable,
    free,
    in_graph,
    mark_variable,
    nodes_behind,
    tape_of,
)
from .ops.rules import refuse_second_order

if TYPE_CHECKING:
    from .symbol.symbol import Symbol


def is_recording() -> bool:
    """Return whether this thread records operators for backward."""
    return STATE.recording


def is_training() -> bool:
    """Return whether layers behave as in training (dropout drops, batch norm uses the batch)."""
    return STATE.training


def set_recording(is_recording: bool) -> bool:
    """Switch recording on or off for this thread, and return what it was."""
    previous, STATE.recording = STATE.recording, bool(is_recording)
    if is_recording:
        torch.set_grad_enabled(True)
    return previous


def set_training(train_mode: bool) -> bool:
    """Switch training mode on or off for this thread, and return what it was."""
    previous, STATE.training = STATE.training, bool(train_mode)
    return previous


class _Scope:
    """Sets recording and training inside a `with` block; None leaves either as it is."""

    def __init__(self, recording: bool | None, training: bool | None) -> None:
        self._recording, self._training = recording, training
        self._outer: list[tuple[bool, bool, bool]] = []

    def __enter__(self) -> None:
        self._outer.append((STATE.recording, STATE.training, torch.is_grad_enabled()))
        if self._recording is not None:
            set_recording(self._recording)
        if self._training is not None:
            STATE.training = self._training

    def __exit__(self, ptype: Any, value: Any, trace: Any) -> None:
        STATE.recording, STATE.training, grad_enabled = self._outer.pop()
        torch.set_grad_enabled(grad_enabled)


def record(train_mode: bool = True) -> _Scope:
    """Return a scope in which operators are recorded for backward.

    Parameters
    ----------
    train_mode : bool, default True
        Whether layers behave as in training inside the scope.

    Examples
    --------
    >>> x = mx.nd.array([1, 2, 3])
    >>> x.attach_grad()
    >>> with mx.autograd.record():
    ...     y = (x * x).sum()
    >>> y.backward()
    >>> x.grad.asnumpy().tolist()
    [2.0, 4.0, 6.0]
    """
    return _Scope(True, train_mode)


def pause(train_mode: bool = False) -> _Scope:
    """Return a scope in which nothing is recorded."""
    return _Scope(False, train_mode)


def train_mode() -> _Scope:
    """Return a scope in which layers behave as in training, recorded or not."""
    return _Scope(None, True)


def predict_mode() -> _Scope:
    """Return a scope in which layers behave as in prediction, recorded or not."""
    return _Scope(None, False)


def mark_variables(
    variables: NDArray | Sequence[NDArray],
    gradients: NDArray | Sequence[NDArray],
    grad_reqs: str | Sequence[str] = "write",
) -> None:
    """Make arrays variables whose gradients `backward` writes into the given arrays.

    Parameters
    ----------
    variables, gradients : NDArray or list of NDArray
        The variables, and one array for each of the same shape.
    grad_reqs : {'write', 'add', 'null'} or list of them
        How each gradient is written.
    """
    marked, slots = _listed(variables), _listed(gradients)
    requests = [grad_reqs] * len(marked) if isinstance(grad_reqs, string_types) else list(grad_reqs)
    if not len(marked) == len(slots) == len(requests):
        raise MXNetError(
            f"mark_variables: {len(marked)} variables, {len(slots)} gradients and "
            f"{len(requests)} grad_reqs, but there must be one for each variable."
        )
    for variable, gradient, request in zip(marked, slots, requests, strict=True):
        if gradient.shape != variable.shape:
            raise MXNetError(
                f"mark_variables: a gradient has shape {gradient.shape}, but its variable has "
                f"{variable.shape}."
            )
        if gradient.dtype is not variable.dtype:
            raise MXNetError(
                f"mark_variables: a gradient is {gradient.dtype.__name__}, but its variable "
                f"{variable.dtype.__name__}."
            )
        mark_variable(variable, gradient, request)


def _listed(arrays: NDArray | Sequence[NDArray]) -> list[NDArray]:
    return [arrays] if isinstance(arrays, NDArray) else list(arrays)


def _heads(heads: Any, head_grads: Any) -> tuple[list[NDArray], list[torch.Tensor], list[Any]]:
    """Return the heads, and for torch their tensors with a gradient each, ones if none is given."""
    arrays = _listed(heads)
    if not arrays:
        raise MXNetError("backward: there are no heads.")
    given: Any = [None] * len(arrays) if head_grads is None else _listed(head_grads)
    if len(given) != len(arrays):
        raise AssertionError(f"backward: {len(arrays)} heads, but {len(given)} head gradients.")
    tensors: list[torch.Tensor] = []
    grads: list[Any] = []
    for array, grad in zip(arrays, given, strict=True):
        _check_head(array, grad)
        tape: Any = array._tape if array._shadow is None else array._shadow
        if tape.requires_grad:  # else the gradient of all that it came from is zero
            tensors.append(tape)
            grads.append(torch.ones_like(tape) if grad is None else tape_of(grad))
    return arrays, tensors, grads


def _check_head(array: Any, grad: Any) -> None:
    if not isinstance(array, NDArray) or not isinstance(grad, (NDArray, type(None))):
        raise TypeError(
            f"backward: a head is a {type(array).__name__} and its gradient a "
            f"{type(grad).__name__}, but both must be NDArrays."
        )
    if not in_graph(array):
        raise MXNetError(
            "backward: a head is no part of a recorded graph (or of one that a backward without "
            "retain_graph=True has freed); compute it from a variable inside autograd.record()."
        )
    if grad is not None and grad.shape != array.shape:
        raise MXNetError(
            f"backward: a head gradient has shape {grad.shape}, but its head {array.shape}."
        )


def backward(
    heads: NDArray | Sequence[NDArray],
    head_grads: Any = None,
    retain_graph: bool = False,
    train_mode: bool = True,
) -> None:
    """Compute the gradients of heads with respect to the variables that they came from.

    Parameters
    ----------
    heads : NDArray or list of NDArray
        Results of recorded operators.
    head_grads : NDArray or list of NDArray, optional
        Gradients of the loss with respect to each head, default ones.
    retain_graph : bool, default False
        Whether the graph is kept for another backward.
    train_mode : bool, default True
        Accepted for the reference's sake: the mode in which the graph was recorded decides.

    Raises
    ------
    MXNetError
        If a head was not recorded, or its graph is already freed, or no variable is behind it.
    """
    arrays, tensors, grads = _heads(heads, head_grads)
    nodes = _kept_nodes(arrays)
    counts = {node: node.count for node in nodes if isinstance(node, Variable)}
    if not tensors and not any(node.request != "null" for node in counts):
        raise MXNetError("backward: no head depends on a variable that takes a gradient.")
    outer = STATE.recording, STATE.training
    STATE.recording, STATE.training = False, train_mode
    try:
        if tensors:
            torch.autograd.backward(tensors, grads, retain_graph=retain_graph)
    except RuntimeError as error:
        raise _explain(error) from error
    finally:
        STATE.recording, STATE.training = outer
    for variable, count in counts.items():
        if variable.count == count:
            variable.clear()
    if not retain_graph:
        free(nodes)


def _kept_nodes(heads: list[NDArray]) -> list[Node]:
    """Return the recorded calls behind the heads, none of which a backward may have freed."""
    nodes = nodes_behind(heads)
    for node in nodes:
        if node.freed:
            raise MXNetError(
                "backward: a part of the graph is already freed; pass retain_graph=True to the "
                "backward before."
            )
    return nodes


def grad(
    heads: NDArray | Sequence[NDArray],
    variables: NDArray | Sequence[NDArray],
    head_grads: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    train_mode: bool = True,
) -> list[NDArray]:
    """Return the gradients of heads with respect to `variables`, leaving `x.grad` alone.

    Parameters
    ----------
    heads, head_grads, retain_graph, train_mode
        As in `backward`.
    variables : NDArray or list of NDArray
        What to differentiate by: variables, or results on the way.
    create_graph : bool, default False
        Whether the gradients themselves are recorded, so that they can be differentiated again.

    Returns
    -------
    list of NDArray
        One gradient for each variable, also where there is only one.

    Examples
    --------
    >>> x = mx.nd.array([2.0])
    >>> x.attach_grad()
    >>> with mx.autograd.record():
    ...     [first] = mx.autograd.grad(x * x * x, x, create_graph=True, retain_graph=True)
    >>> first.backward()
    >>> float(first), float(x.grad)
    (12.0, 12.0)
    """
    keep = create_graph or bool(retain_graph)
    arrays = _listed(variables)
    if not arrays:
        raise AssertionError("grad: there are no variables.")
    if not all(in_graph(array) for array in arrays):
        raise MXNetError(
            "grad: a variable is no part of the recorded graph; call attach_grad() first."
        )
    outputs, tensors, grads = _heads(heads, head_grads)
    nodes = _kept_nodes(outputs)
    if not {array._node for array in arrays}.issubset(nodes):
        raise MXNetError("grad: the heads do not depend on a variable.")
    if any(isinstance(a._node, Variable) and a._node.request == "null" for a in arrays):
        raise MXNetError("grad: a variable has grad_req 'null', so that it has no gradient.")
    taped: Any = [array._tape if array._shadow is None else array._shadow for array in arrays]
    wanted = [tape for tape in taped if tape.requires_grad]
    found: Any = ()
    try:
        if tensors and wanted:
            found = torch.autograd.grad(
                tensors, wanted, grads, keep, create_graph, allow_unused=True
            )
    except RuntimeError as error:
        raise _explain(error) from error
    if not keep:
        free(nodes)
    gradient_of = {id(tape): each for tape, each in zip(wanted, found, strict=False)}
    results = []
    for array, tape in zip(arrays, taped, strict=True):
        gradient = gradient_of.get(id(tape))
        if gradient is None:  # no gradient goes through the operators between
            gradient = torch.zeros_like(array._data)
        result = as_array(gradient.to(array._data.dtype), array._ctx)
        if create_graph:
            result._node = Node("a gradient of autograd.grad", {}, outputs)
            result._tape = result._data if result._tape is None else result._tape
        results.append(result)
    return results


def _explain(error: RuntimeError) -> MXNetError:
    if isinstance(error, MXNetError):
        return MXNetError(str(error))
    text = str(error).split("\n", 1)[0].rstrip(".")
    if "second time" in text:
        text = "the graph is already freed; pass retain_graph=True to the first backward"
    elif "modified by an inplace operation" in text:
        text = "an array that the graph needs was written in place after it was recorded"
    return MXNetError(f"backward: {text}.")


def get_symbol(x: NDArray) -> Symbol:
    """Return the recorded computation of `x` as a Symbol.

    Variables become arguments named ``var<n>``, constants ``null<n>``, calls ``node_<n>``, where n
    counts up through the life of the process. Arguments stand in the order of a walk from `x`
    that takes inputs first. What indexes an array by arrays is an argument too, ``..._indices``, as
    `mx.sym.gather_nd` expects it.

    Parameters
    ----------
    x : NDArray
        A variable, a result of recorded operators, or a constant that one of them has read.

    Returns
    -------
    Symbol
        It has one output, and holds no values.

    Raises
    ------
    AssertionError
        If `x` is no NDArray.
    MXNetError
        If `x` is no part of a recorded graph, or this is freed; or if a user's Function or a
        gradient of `grad` is part of the computation: no operator stands for these.

    Examples
    --------
    >>> x = mx.nd.array([1.0, 2.0])
    >>> x.attach_grad()
    >>> with mx.autograd.record():
    ...     y = mx.nd.exp(x) * 3
    >>> symbol = mx.autograd.get_symbol(y)
    >>> [node.split('"')[1] for node in symbol.tojson().split('"op": ')[1:]]
    ['null', 'exp', '_mul_scalar']
    >>> executor = symbol.bind(mx.cpu(), [x])
    >>> bool((executor.forward()[0] == y).min() == 1)
    True
    """
    from .symbol.taped import symbol_of  # symbols stand a floor above

    if not isinstance(x, NDArray):
        raise AssertionError(f"get_symbol: x is a {type(x).__name__}, but must be an NDArray.")
    node = x._node
    if node is None or node.freed:
        raise MXNetError(
            "get_symbol: x is no part of a recorded graph (or of one that a backward has freed); "
            "compute it inside autograd.record()."
        )
    return symbol_of(node, x._position)


class _UserFunction(torch.autograd.Function):
    """Puts one call of a user's Function onto torch's tape."""

    @staticmethod
    def forward(ctx: Any, function: Function, contexts: Any, *tensors: torch.Tensor) -> Any:
        arrays = [NDArray(t.detach(), ctx=c) for t, c in zip(tensors, contexts, strict=True)]
        with pause(STATE.training):
            result = function.forward(*arrays)
        function._kind = type(result)
        outputs = (result,) if isinstance(result, NDArray) else tuple(result)
        ctx.function, ctx.contexts = function, [out._ctx for out in outputs]
        ctx.shapes = [tuple(tensor.shape) for tensor in tensors]
        ctx.save_for_backward(*tensors)
        return tuple(out._data.view_as(out._data) for out in outputs)

    @staticmethod
    def backward(ctx: Any, *grads: torch.Tensor) -> Any:
        arrays = [NDArray(g, ctx=c) for g, c in zip(grads, ctx.contexts, strict=True)]
        with pause(STATE.training):
            result = ctx.function.backward(*arrays)
        given = result if isinstance(result, (list, tuple)) else (result,)
        name = type(ctx.function).__name__
        if len(given) != len(ctx.shapes):
            raise MXNetError(
                f"{name}.backward returned {len(given)} gradients, but forward has "
                f"{len(ctx.shapes)} inputs."
            )
        for position, (grad, shape) in enumerate(zip(given, ctx.shapes, strict=True)):
            if not isinstance(grad, NDArray) or grad.shape != shape:
                what = f"of shape {grad.shape}" if isinstance(grad, NDArray) else repr(grad)
                raise MXNetError(
                    f"{name}.backward: gradient {position} is {what}, but must be an NDArray of "
                    f"shape {shape}."
                )
        found = [array._data for array in given]
        if torch.is_grad_enabled():  # under create_graph
            saved = ctx.saved_tensors
            found = [refuse_second_order(g, name, (*grads, *saved)) for g in found]
        return (None, None, *found)


class Function:
    """A differentiable function whose forward and backward the user writes with NDArrays.

    Examples
    --------
    >>> class Double(mx.autograd.Function):
    ...     def forward(self, x):
    ...         return x * 2
    ...     def backward(self, dy):
    ...         return dy * 2
    >>> x = mx.nd.array([3.0])
    >>> x.attach_grad()
    >>> with mx.autograd.record():
    ...     y = Double()(x)
    >>> y.backward()
    >>> float(y), float(x.grad)
    (6.0, 2.0)
    """

    def __init__(self) -> None:
        self._used = False
        self._saved: tuple[Any, ...] = ()
        self._kind: type = NDArray  # what forward returned: an array, a list or a tuple

    @property
    def saved_tensors(self) -> tuple[Any, ...]:
        """What `save_for_backward` kept."""
        return self._saved

    def save_for_backward(self, *args: Any) -> None:
        """Keep arrays for `backward`."""
        self._saved = args

    def __call__(self, *inputs: NDArray) -> Any:
        """Run forward, and record it if this thread records."""
        if self._used:
            raise AssertionError(
                f"{type(self).__name__}: each instance can be called once; make a new one."
            )
        self._used = True
        if not STATE.recording:
            return self.forward(*inputs)
        for array in inputs:
            if not isinstance(array, NDArray):
                raise TypeError(
                    f"{type(self).__name__}: an input is a {type(array).__name__}, but must be an "
                    "NDArray."
                )
        recorded = any(in_graph(array) for array in inputs)
        contexts = [array._ctx for array in inputs]
        tapes = [tape_of(array) for array in inputs]
        node = Node(f"the Function {type(self).__name__}", {}, inputs)
        outputs: list[NDArray] = []
        for result in _UserFunction.apply(self, contexts, *tapes):
            output = as_array(result, contexts[0] if contexts else current_context())
            if recorded:
                output._node, output._position = node, len(outputs)
                if output._tape is None:
                    output._tape = output._data
            outputs.append(output)
        return outputs[0] if self._kind is NDArray else self._kind(outputs)

    def forward(self, *inputs: NDArray) -> Any:
        """Compute the outputs from the inputs; to be overridden."""
        raise NotImplementedError(f"{type(self).__name__} does not define forward.")

    def backward(self, *output_grads: NDArray) -> Any:
        """Compute the inputs' gradients from the outputs'; to be overridden."""
        raise NotImplementedError(f"{type(self).__name__} does not define backward.")
