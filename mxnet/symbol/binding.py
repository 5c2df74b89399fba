"""Binding: arrays for a symbol's arguments, gradients and auxiliary states become an Executor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from ..base import MXNetError
from ..context import Context
from ..dtype import torch_dtype
from ..executor import Executor
from ..ndarray import NDArray, array
from .graph import split_variables
from .inference import Inference

if TYPE_CHECKING:
    from .symbol import Symbol

_REQUESTS = ("write", "add", "null")


def grad_requests(grad_req: Any, names: Sequence[str]) -> list[str]:
    """Return 'write', 'add' or 'null' for each argument.

    Raises
    ------
    ValueError, TypeError
        If `grad_req` is none of these, of the wrong length, or no string, list or dict.
    """
    if isinstance(grad_req, str):
        requests = [grad_req] * len(names)
    elif isinstance(grad_req, Mapping):
        requests = [grad_req.get(name, "null") for name in names]
    elif isinstance(grad_req, (list, tuple)):
        if len(grad_req) != len(names):
            raise ValueError(
                f"grad_req has {len(grad_req)} entries, but there are {len(names)} arguments."
            )
        requests = list(grad_req)
    else:
        raise TypeError(
            f"grad_req is a {type(grad_req).__name__}, but must be a str, list or dict."
        )
    for name, request in zip(names, requests, strict=True):
        if request not in _REQUESTS:
            raise ValueError(f"grad_req of {name} is {request!r}, but must be write, add or null.")
    return requests


def _arrays(given: Any, names: Sequence[str], what: str, ctx: Context, optional: bool) -> list[Any]:
    """Return one array for each name from a list or a dict."""
    if given is None:
        given = []
        if names and not optional:
            raise ValueError(f"bind: {what} are missing: {', '.join(names)}.")
    if isinstance(given, Mapping):
        missing = [name for name in names if name not in given]
        if missing and not optional:
            raise ValueError(f"bind: {what} lack {', '.join(missing)}.")
        found = [given.get(name) for name in names]
    elif isinstance(given, (list, tuple)):
        if len(given) != len(names) and not (optional and not given):
            raise ValueError(
                f"bind: {len(given)} {what} came, but there are {len(names)}: {names}."
            )
        found = list(given) or [None] * len(names)
    else:
        raise TypeError(f"bind: {what} are a {type(given).__name__}, but must be a list or a dict.")
    return [
        _array(value, name, what, ctx, optional) for value, name in zip(found, names, strict=True)
    ]


def _array(value: Any, name: str, what: str, ctx: Context, optional: bool) -> NDArray | None:
    if isinstance(value, NDArray) or (value is None and optional):
        return value
    if isinstance(value, np.ndarray):
        return array(value, ctx=ctx)
    raise TypeError(f"bind: {name} in {what} is a {type(value).__name__}, but must be an NDArray.")


def bind_arrays(
    symbol: Symbol,
    ctx: Context,
    args: Any,
    args_grad: Any,
    grad_req: Any,
    aux_states: Any,
    group2ctx: Any,
) -> Executor:
    """Return an executor over the given arrays; see :meth:`Symbol.bind`."""
    if not isinstance(ctx, Context):
        raise TypeError(f"bind: ctx is a {type(ctx).__name__}, but must be a Context.")
    names, aux_names = symbol.list_arguments(), symbol.list_auxiliary_states()
    arguments = _arrays(args, names, "args", ctx, optional=False)
    states = _arrays(aux_states, aux_names, "aux_states", ctx, optional=False)
    gradients = _arrays(args_grad, names, "args_grad", ctx, optional=True)
    requests = grad_requests(grad_req, names)
    _check(symbol, arguments, states)
    for name, argument, gradient in zip(names, arguments, gradients, strict=True):
        if gradient is not None and gradient.shape != argument.shape:
            raise MXNetError(
                f"bind: the gradient of {name} has shape {gradient.shape}, but the argument has "
                f"{argument.shape}."
            )
    executor = Executor(symbol._plan(), symbol, ctx, requests, group2ctx)
    executor.arg_arrays, executor.aux_arrays = arguments, states
    executor.grad_arrays = [
        None if request == "null" else gradient
        for gradient, request in zip(gradients, requests, strict=True)
    ]
    return executor


def _check(symbol: Symbol, arguments: list[Any], states: list[Any]) -> None:
    """Raise an MXNetError if shapes or dtypes contradict each other."""
    order = symbol._order()
    variables = [node for group in split_variables(order) for node in group]
    tensors = [array._data for array in (*arguments, *states)]
    types, shapes = Inference(order), Inference(order)
    for node, tensor in zip(variables, tensors, strict=True):
        types.set(node, tensor.dtype)
        shapes.set(node, tuple(tensor.shape))
    types.run_types()
    shapes.run_shapes(types.values)


def simple_bind_arrays(
    symbol: Symbol,
    ctx: Context,
    grad_req: Any,
    type_dict: Mapping[str, Any] | None,
    stype_dict: Mapping[str, str] | None,
    group2ctx: Any,
    shared_arg_names: Sequence[str] | None,
    shared_exec: Executor | None,
    shared_buffer: dict[str, NDArray] | None,
    shapes: Mapping[str, Any],
) -> Executor:
    """Return an executor over new arrays; see :meth:`Symbol.simple_bind`."""
    for name, stype in (stype_dict or {}).items():
        if stype not in (None, "default"):
            raise MXNetError(f"simple_bind: {name} of storage type {stype!r} is not there yet.")
    known = set(symbol.list_inputs())
    wanted = {name: shape for name, shape in shapes.items() if name in known}
    try:
        arg_shapes, _, aux_shapes = symbol.infer_shape(**wanted)
    except MXNetError as error:
        raise SimpleBindError(error, shapes) from error
    if arg_shapes is None:
        raise SimpleBindError(MXNetError("the shapes given do not determine all shapes"), shapes)
    names, aux_names = symbol.list_arguments(), symbol.list_auxiliary_states()
    types = {n: t for n, t in (type_dict or {}).items() if n in known}
    arg_types, _, aux_types = symbol.infer_type_partial(**types)
    requests = grad_requests(grad_req, names)
    executor = Executor(symbol._plan(), symbol, ctx, requests, group2ctx)
    shared = _Shared(shared_arg_names, shared_exec, shared_buffer)
    for name, shape, dtype, request in zip(names, arg_shapes, arg_types, requests, strict=True):
        executor.arg_arrays.append(shared.argument(name, shape, dtype, ctx))
        executor.grad_arrays.append(
            None if request == "null" else shared.gradient(name, shape, dtype, ctx)
        )
    executor.aux_arrays = [
        shared.state(name, shape, dtype, ctx)
        for name, shape, dtype in zip(aux_names, aux_shapes, aux_types, strict=True)
    ]
    return executor


class SimpleBindError(MXNetError):
    """An error of simple_bind, which names the shapes that were given."""

    def __init__(self, error: MXNetError, shapes: Mapping[str, Any]) -> None:
        given = ", ".join(f"{name}: {shape}" for name, shape in shapes.items())
        super().__init__(f"simple_bind: {error} (given: {given or 'nothing'})")


def _zeros(shape: tuple[int, ...], dtype: Any, ctx: Context) -> NDArray:
    target = torch.float32 if dtype is None else torch_dtype(dtype)
    return NDArray(torch.zeros(shape, dtype=target, device=ctx.device), ctx=ctx)


class _Shared:
    """Where simple_bind takes arrays from that another executor holds already."""

    def __init__(self, names: Any, executor: Executor | None, buffer: Any) -> None:
        self._names = set(names or ())
        self._buffer = buffer
        self._arguments = executor.arg_dict if executor is not None else {}
        self._gradients = executor.grad_dict if executor is not None else {}
        self._states = executor.aux_dict if executor is not None else {}

    @staticmethod
    def _fits(found: NDArray | None, shape: Any, dtype: Any) -> bool:
        return found is not None and found.shape == shape and dtype in (None, found.dtype)

    def argument(self, name: str, shape: Any, dtype: Any, ctx: Context) -> NDArray:
        """Return the shared array of an argument, or a new one."""
        if name in self._names and self._fits(self._arguments.get(name), shape, dtype):
            return self._arguments[name]
        if self._buffer is None or name in self._names:
            return _zeros(shape, dtype, ctx)
        found = self._buffer.get(name)
        if not self._fits(found, shape, dtype):
            found = self._buffer[name] = _zeros(shape, dtype, ctx)
        return found

    def gradient(self, name: str, shape: Any, dtype: Any, ctx: Context) -> NDArray:
        """Return the shared gradient array of an argument, or a new one."""
        found = self._gradients.get(name) if name in self._names else None
        if found is not None and self._fits(found, shape, dtype):
            return found
        return _zeros(shape, dtype, ctx)

    def state(self, name: str, shape: Any, dtype: Any, ctx: Context) -> NDArray:
        """Return the shared array of an auxiliary state, or a new one."""
        found = self._states.get(name)
        if found is not None and self._fits(found, shape, dtype):
            return found
        return _zeros(shape, dtype, ctx)
