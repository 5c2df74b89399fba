"""Eager calls: one operator run on NDArrays, at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import torch

from ..base import MXNetError
from ..context import Context, context_from_string, current_context
from ..ops.layout import copy_in_order
from ..ops.registry import Attrs, Operator, describe
from ..ops.rules import same_types
from .generators import generator_for
from .tape import (
    STATE,
    Node,
    connect,
    connect_copy,
    copy_call,
    in_graph,
    refuse_write,
    tape_of,
    taped_call,
    write,
)

if TYPE_CHECKING:
    from .ndarray import NDArray

# What torch and Python raise for bad arguments; anything else is a bug and passes through.
CALL_ERRORS = (RuntimeError, ValueError, TypeError, IndexError, NotImplementedError)

_array_class: Any = None  # NDArray, set by ndarray.py: this room lies below it
_run_stored: Any = None  # what runs operators on sparse arrays, set when the first one is made


def set_array_class(array_class: Any) -> None:
    """Tell this room the class of its results."""
    global _array_class
    _array_class = array_class


def set_run_stored(run_stored: Any) -> None:
    """Tell this room how operators run on sparse arrays."""
    global _run_stored
    _run_stored = run_stored


def get_array_class() -> Any:
    """Return the class of results, NDArray."""
    return _array_class


def invoke(
    operator: Operator,
    inputs: Sequence[NDArray | None],
    attrs: Attrs,
    out: NDArray | Sequence[NDArray] | None = None,
) -> Any:
    """Run `operator` and return its visible outputs: one NDArray, or a list of them.

    Parameters
    ----------
    operator : Operator
        What to run.
    inputs : sequence of NDArray or None
        Its tensor inputs in the order of its parameters.
    attrs : mapping
        Parsed attributes, as :meth:`Operator.parse` returns them.
    out : NDArray or sequence of NDArray, optional
        Arrays that receive the outputs.

    Raises
    ------
    MXNetError
        If the operator refuses its inputs.
    """
    if _run_stored is not None:
        for array in inputs:
            if array is not None and array._stype != "default":
                return _run_stored(operator, inputs, attrs, out)
    tensors: list[Any] = []
    dtype, mixed = None, False  # one loop, no helper: the least that a small call can cost
    for array in inputs:
        if array is None:
            tensors.append(None)
            continue
        tensor = array._data
        tensors.append(tensor)
        if tensor.dtype is not dtype:
            mixed = dtype is not None
            dtype = tensor.dtype
    first = inputs[0] if inputs else None
    context = _context(inputs, attrs) if first is None else first._ctx
    keywords = inject(operator, attrs, context, out) if operator.injected else attrs
    recorded = _recorded(operator, inputs, out) if STATE.recording else None
    try:
        if mixed:
            _check_types(operator, tensors, attrs)
        if recorded is not None:
            result = taped_call(operator, keywords, recorded)
        else:
            result = operator.function(*tensors, **keywords)
    except CALL_ERRORS as error:
        raise operator.explain(error, tensors, attrs) from error
    if recorded is None and out is None and type(result) is not tuple:
        return _wrap(result, tensors, context)
    results = _visible(operator, inputs, attrs, result)
    node = None if recorded is None else Node(operator, attrs, inputs)
    if out is not None:
        arrays = _write(operator, attrs, results, out, node)
    else:
        read = tensors if recorded is None else recorded
        arrays = [_wrap(tensor, read, context) for tensor in results]
    if node is not None:
        _record(arrays, node, keywords, inputs)
    if out is not None:
        return out
    return arrays[0] if len(arrays) == 1 else arrays


def _visible(
    operator: Operator, inputs: Sequence[Any], attrs: Attrs, result: Any
) -> tuple[torch.Tensor, ...]:
    """Return the outputs that a user sees, and write the auxiliary states behind them."""
    results = result if isinstance(result, tuple) else (result,)
    if operator.aux:
        results = _update_aux(operator, inputs, results)
    if operator.visible_outputs is None:
        return results
    return results[: operator.count_visible(attrs)]


def _record(arrays: list[NDArray], node: Any, keywords: Attrs, inputs: Any) -> None:
    """Note which recorded call made arrays."""
    for position, array in enumerate(arrays):
        array._node = node
        if array._position != position:
            array._position = position
        if array._tape is None:
            connect(array, node.operator, keywords, inputs)


def inject(operator: Operator, attrs: Attrs, context: Context, out: Any) -> dict[str, Any]:
    """Return the operator's keyword arguments with what its signature asks of the caller."""
    device = context.device
    wants_random = "generator" in operator.injected
    first = out[0] if isinstance(out, (list, tuple)) and out else out
    return operator.call_attrs(
        attrs,
        is_train=STATE.training,
        device=device,
        generator=generator_for(device) if wants_random else None,
        output_shape=getattr(first, "shape", None),
        output_dtype=None,
        written=getattr(first, "_data", None),
        memory={},
    )


def _context(inputs: Sequence[NDArray | None], attrs: Attrs) -> Context:
    for array in inputs:
        if array is not None:
            return array._ctx
    text = attrs.get("ctx")
    return context_from_string(text) if text else current_context()


def _check_types(operator: Operator, tensors: list[Any], attrs: Attrs) -> None:
    """Let the operator's type rule refuse inputs of different dtypes; equal ones are right."""
    known = [None if tensor is None else tensor.dtype for tensor in tensors]
    (operator.types or same_types)(known, [None] * operator.count_outputs(attrs), attrs)


def _recorded(
    operator: Operator, inputs: Sequence[NDArray | None], out: Any
) -> list[torch.Tensor | None] | None:
    """Return the tensors for a taped call, or None where no input is part of the graph.

    Operators that write into their inputs have no gradient, so that they are not taped either.
    """
    if operator.mutates:
        for target in out if isinstance(out, (list, tuple)) else (out,):
            if target is not None:
                refuse_write(target)  # before the operator writes anything
        return None
    for array in inputs:
        if array is not None and in_graph(array):
            return [tape_of(each) for each in inputs]
    return None


def _update_aux(operator: Operator, inputs: Sequence[Any], results: tuple[Any, ...]) -> Any:
    """Write the new auxiliary states while recording, and return the outputs before them.

    The reference writes them in the backward pass, so that a call that is not recorded leaves them.
    """
    count = len(operator.aux)
    if not STATE.recording:
        return results[:-count]
    for name, fresh in zip(operator.aux, results[-count:], strict=True):
        if fresh is not None:
            inputs[operator.inputs.index(name)]._data.copy_(fresh.detach())
    return results[:-count]


def _wrap(tensor: torch.Tensor, inputs: list[Any], context: Context) -> NDArray:
    """Return a tensor as an NDArray of its own memory; `inputs` are what the operator read."""
    base = tensor._base  # None unless it is a view
    for each in inputs:
        if each is tensor:
            break
        if base is not None and each is not None and (each is base or each._base is base):
            break
    else:
        if tensor.requires_grad:
            return as_array(tensor, context)
        return _array_class(tensor, True, context)
    return as_array(copy_in_order(tensor), context)


def as_array(tensor: torch.Tensor, context: Context) -> NDArray:
    """Return a tensor as an NDArray; one on the tape stays there."""
    if not tensor.requires_grad:
        return _array_class(tensor, True, context)
    array = _array_class(tensor.detach(), True, context)
    array._tape = tensor
    return array


def view_of(array: NDArray, tensor: torch.Tensor, operator: Any, attrs: Attrs) -> NDArray:
    """Return a view of a recorded array's tape as an NDArray of the same graph and memory."""
    view = type(array)(tensor.detach(), ctx=array._ctx)
    view._tape, view._node = tensor, Node(operator, attrs, (array,))
    return view


def copied(array: NDArray, context: Context, dtype: torch.dtype | None = None) -> NDArray:
    """Return a copy on `context`, recorded where the array is part of the graph."""
    source = recorded_tensor(array)
    layout = torch.contiguous_format
    kept = dtype or source.dtype
    copy = source.to(context.device, kept, copy=True, memory_format=layout)
    made = as_array(copy, context)
    if made._tape is not None:
        made._node = copy_call(array, made)
    elif STATE.recording and in_graph(array):
        connect_copy(made, array)
    return made


def recorded_tensor(array: NDArray) -> torch.Tensor:
    """Return the array's tensor on the tape while recording, else the one beside it."""
    return array._tape if STATE.recording and in_graph(array) else array._data  # type: ignore[return-value]


def _write(
    operator: Operator, attrs: Attrs, results: tuple[torch.Tensor, ...], out: Any, node: Any
) -> list[NDArray]:
    """Write results into the arrays that the caller gave, if all of them fit; return these."""
    targets = list(out) if isinstance(out, (list, tuple)) else [out]
    if len(targets) != len(results):
        raise MXNetError(
            f"{operator.name}: out holds {len(targets)} arrays, but there are "
            f"{len(results)} outputs."
        )
    for target, result in zip(targets, results, strict=True):
        held = target._data
        same_type = held.dtype is result.dtype or _takes_dtype_of_out(operator, attrs)
        if held.shape != result.shape or not same_type:
            raise MXNetError(
                f"{operator.name}: out is {describe(held)}, but the result is {describe(result)}."
            )
    for position, (target, result) in enumerate(zip(targets, results, strict=True)):
        write(target, result, node, position)
        if target._stype != "default":
            target._store(target._data)
    return targets


def _takes_dtype_of_out(operator: Operator, attrs: Attrs) -> bool:
    """Return whether `out` decides the dtype: copies do so, and draws of no other dtype."""
    draws = "generator" in operator.injected and attrs.get("dtype", "") is None
    return draws or operator.name in ("_copyto", "_set_value")
