"""Automatic differentiation: scopes that record, and backward through what they recorded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from .base import MXNetError
from .ndarray.ndarray import NDArray
from .ndarray.tape import STATE, mark_variable, tape_of


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

    def __enter__(self) -> _Scope:
        self._outer.append((STATE.recording, STATE.training, torch.is_grad_enabled()))
        if self._recording is not None:
            set_recording(self._recording)
        if self._training is not None:
            STATE.training = self._training
        return self

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
    marked = _listed(variables)
    requests = [grad_reqs] * len(marked) if isinstance(grad_reqs, str) else grad_reqs
    for variable, gradient, request in zip(marked, _listed(gradients), requests, strict=True):
        if gradient.shape != variable.shape:
            raise MXNetError(
                f"mark_variables: a gradient has shape {gradient.shape}, but its variable has "
                f"{variable.shape}."
            )
        mark_variable(variable, gradient, request)


def _listed(arrays: NDArray | Sequence[NDArray]) -> list[NDArray]:
    return [arrays] if isinstance(arrays, NDArray) else list(arrays)


def _heads(
    heads: NDArray | Sequence[NDArray], head_grads: Any
) -> tuple[list[torch.Tensor], list[Any]]:
    """Return the taped heads and their gradients, ones where none is given."""
    arrays = _listed(heads)
    if head_grads is None:
        given: list[Any] = [None] * len(arrays)
    else:
        given = [head_grads] if isinstance(head_grads, NDArray) else list(head_grads)
    if len(given) != len(arrays):
        raise MXNetError(f"backward: {len(arrays)} heads, but {len(given)} head gradients.")
    tensors: list[torch.Tensor] = []
    grads: list[Any] = []
    for array, grad in zip(arrays, given, strict=True):
        if array._tape is None:
            raise MXNetError(
                "backward: a head is no part of a recorded graph; compute it from a variable "
                "inside autograd.record()."
            )
        if grad is not None and grad.shape != array.shape:
            raise MXNetError(
                f"backward: a head gradient has shape {grad.shape}, but its head {array.shape}."
            )
        if not array._tape.requires_grad:
            continue  # indices, samples: their gradient is zero
        tensors.append(array._tape)
        grads.append(torch.ones_like(array._data) if grad is None else tape_of(grad))
    return tensors, grads


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
        If a head was not recorded, or its graph is already freed.
    """
    tensors, grads = _heads(heads, head_grads)
    if not tensors:
        return
    with _Scope(False, train_mode):
        try:
            torch.autograd.backward(tensors, grads, retain_graph=retain_graph)
        except RuntimeError as error:
            raise _explain(error) from error


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
    tensors, grads = _heads(heads, head_grads)
    arrays = _listed(variables)
    taped = [array._tape for array in arrays if array._tape is not None]
    if len(taped) < len(arrays):
        raise MXNetError(
            "grad: a variable is no part of the recorded graph; call attach_grad() first."
        )
    keep = create_graph if retain_graph is None else retain_graph
    try:
        found: Any = tensors and torch.autograd.grad(
            tensors,
            taped,
            grads,
            retain_graph=keep or create_graph,
            create_graph=create_graph,
            allow_unused=True,
        )
    except RuntimeError as error:
        raise _explain(error) from error
    results = []
    for array, gradient in zip(arrays, found or [None] * len(arrays), strict=True):
        if gradient is None:
            gradient = torch.zeros_like(array._data)
        result = NDArray(gradient.detach(), ctx=array._ctx)
        result._tape = gradient if gradient.requires_grad else None
        results.append(result)
    return results


def _explain(error: RuntimeError) -> MXNetError:
    text = str(error).split("\n", 1)[0]
    if "second time" in text:
        text = "the graph is already freed; pass retain_graph=True to the first backward"
    elif "modified by an inplace operation" in text:
        text = "an array that the graph needs was written in place after it was recorded"
    return MXNetError(f"backward: {text}.")


def get_symbol(x: NDArray) -> Any:
    """Refuse: the recorded graph is torch's, which keeps no symbols."""
    raise MXNetError(
        "get_symbol: a recorded computation is kept on torch's tape, from which no Symbol can be "
        "read; hybridize the block or write the network with mx.sym instead."
    )


class _UserFunction(torch.autograd.Function):
    """Puts one call of a user's Function onto torch's tape."""

    @staticmethod
    def forward(ctx: Any, function: Function, contexts: Any, *tensors: torch.Tensor) -> Any:
        arrays = [NDArray(t.detach(), ctx=c) for t, c in zip(tensors, contexts, strict=True)]
        with pause(STATE.training):
            result = function.forward(*arrays)
        outputs = (result,) if isinstance(result, NDArray) else tuple(result)
        ctx.function, ctx.contexts = function, [out._ctx for out in outputs]
        return tuple(out._data.view_as(out._data) for out in outputs)

    @staticmethod
    def backward(ctx: Any, *grads: torch.Tensor) -> Any:
        arrays = [NDArray(g, ctx=c) for g, c in zip(grads, ctx.contexts, strict=True)]
        with pause(STATE.training):
            result = ctx.function.backward(*arrays)
        given = (result,) if isinstance(result, NDArray) else tuple(result)
        if len(given) != len(ctx.needs_input_grad) - 2:
            raise MXNetError(
                f"{type(ctx.function).__name__}.backward returned {len(given)} gradients, but "
                f"forward has {len(ctx.needs_input_grad) - 2} inputs."
            )
        return (None, None, *[array._data for array in given])


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
            raise MXNetError(
                f"{type(self).__name__}: each instance can be called once; make a new one."
            )
        self._used = True
        if not STATE.recording:
            return self.forward(*inputs)
        contexts = [array._ctx for array in inputs]
        results = _UserFunction.apply(self, contexts, *[tape_of(array) for array in inputs])
        outputs = []
        for result in results:
            array = NDArray(result.detach(), ctx=contexts[0] if contexts else None)
            array._tape = result if result.requires_grad else None
            outputs.append(array)
        return outputs[0] if len(outputs) == 1 else outputs

    def forward(self, *inputs: NDArray) -> Any:
        """Compute the outputs from the inputs; to be overridden."""
        raise NotImplementedError(f"{type(self).__name__} does not define forward.")

    def backward(self, *output_grads: NDArray) -> Any:
        """Compute the inputs' gradients from the outputs'; to be overridden."""
        raise NotImplementedError(f"{type(self).__name__} does not define backward.")
