"""Executors: a symbol bound to arrays, which runs forward and backward."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from .base import MXNetError
from .context import Context
from .ndarray import NDArray, array
from .ops.layout import copy_to

if TYPE_CHECKING:
    from .symbol.plan import Plan, Recording
    from .symbol.symbol import Symbol

_LARGE = 2**16
"""Elements of a gradient from which it is worth while to spare a copy."""


class Executor:
    """A symbol with arrays for its arguments, their gradients and its auxiliary states.

    Made by :meth:`Symbol.bind` and :meth:`Symbol.simple_bind`.

    Parameters
    ----------
    handle : Plan
        The symbol's plan.
    symbol : Symbol
        What is run.
    ctx : Context
        The device.
    grad_req : list of str
        For each argument 'write', 'add' or 'null'.
    group2ctx : dict, optional
        Accepted for the reference's sake; one device holds everything.
    """

    def __init__(
        self, handle: Plan, symbol: Symbol, ctx: Context, grad_req: list[str], group2ctx: Any = None
    ) -> None:
        self._plan, self._symbol = handle.with_memory(), symbol
        self._ctx, self._grad_req = ctx, grad_req
        self._group2ctx = group2ctx
        self.arg_arrays: list[NDArray] = []
        self.grad_arrays: list[NDArray | None] = []
        self.aux_arrays: list[NDArray] = []
        self._outputs: list[NDArray] | None = None
        self._recording: Recording | None = None
        self._large: list[int] | None = None  # positions of gradients that are worth it
        self._monitor: Callable[[str, NDArray], None] | None = None
        self._monitor_all = False
        self._names = symbol.list_arguments()
        self._aux_names = symbol.list_auxiliary_states()

    # Dictionaries.

    @property
    def arg_dict(self) -> dict[str, NDArray]:
        """The argument arrays by name."""
        return _named(self._names, self.arg_arrays, "argument")

    @property
    def grad_dict(self) -> dict[str, NDArray | None]:
        """The gradient arrays by argument name, None where there is none."""
        return _named(self._names, self.grad_arrays, "argument")

    @property
    def aux_dict(self) -> dict[str, NDArray]:
        """The auxiliary states by name."""
        return _named(self._aux_names, self.aux_arrays, "auxiliary state")

    @property
    def output_dict(self) -> dict[str, NDArray]:
        """The outputs of the last forward by name."""
        return _named(self._symbol.list_outputs(), self.outputs, "output")

    @property
    def outputs(self) -> list[NDArray]:
        """The outputs of the last forward; before the first one, zeros of the right shapes."""
        if self._outputs is None:
            self._outputs = self._blank_outputs()
        return self._outputs

    def _blank_outputs(self) -> list[NDArray]:
        shapes = {name: a.shape for name, a in zip(self._names, self.arg_arrays, strict=True)}
        types = {name: a.dtype for name, a in zip(self._names, self.arg_arrays, strict=True)}
        _, out_shapes, _ = self._symbol.infer_shape(**shapes)
        _, out_types, _ = self._symbol.infer_type(**types)
        return [
            array(np.zeros(shape), ctx=self._ctx, dtype=dtype)
            for shape, dtype in zip(out_shapes, out_types, strict=True)
        ]

    # Running.

    def forward(self, is_train: bool = False, **kwargs: Any) -> list[NDArray]:
        """Compute the outputs.

        Parameters
        ----------
        is_train : bool, default False
            Whether layers behave as in training, and backward may follow.
        **kwargs : NDArray or numpy.ndarray
            New values for some arguments, which are copied into their arrays.

        Returns
        -------
        list of NDArray
            The outputs.

        Raises
        ------
        MXNetError
            If an operator refuses its inputs.
        """
        if kwargs:
            self._set_arguments(kwargs)
        self._recording = None
        if is_train and any(grad is not None for grad in self.grad_arrays):
            results, self._recording = self._record(is_train)
        else:
            monitor = self._monitor_hook() if self._monitor else None
            device = self._ctx.device
            results, _ = self._plan.predict(self._values(), is_train, device, monitor)
        return self._publish(results)

    def _values(self) -> list[Any]:
        """Return the plan's slots with what is bound."""
        return self._plan.initial(
            [argument._data for argument in self.arg_arrays],
            [state._data for state in self.aux_arrays],
        )

    def _record(self, is_train: bool) -> tuple[list[torch.Tensor], Recording]:
        """Run forward so that backward can follow; return the outputs and what backward needs.

        New auxiliary states are written here alone: the reference writes them in backward.
        """
        wanted = [grad is not None for grad in self.grad_arrays]
        monitor = self._monitor_hook() if self._monitor else None
        results, updates, recording = self._plan.record(
            self._values(), wanted, is_train, self._ctx.device, monitor
        )
        if updates:
            for slot, state in zip(self._plan.aux_slots, self.aux_arrays, strict=True):
                if slot in updates:
                    state._data.copy_(updates[slot])
        return results, recording

    def _publish(self, results: list[torch.Tensor]) -> list[NDArray]:
        """Put results into the output arrays, which stay the same objects."""
        fresh = [r.clone() if self._is_argument_memory(r) else r for r in results]
        if self._outputs is None:
            self._outputs = [NDArray(r, ctx=self._ctx) for r in fresh]
        else:
            for output, r in zip(self._outputs, fresh, strict=True):
                output._data = r
        return self._outputs

    def _is_argument_memory(self, result: torch.Tensor) -> bool:
        """Tell whether a result lies in an argument's memory, as that of an identity does."""
        if not result._is_view() and all(result is not a._data for a in self.arg_arrays):
            return False
        memory = result.untyped_storage().data_ptr()
        return any(a._data.untyped_storage().data_ptr() == memory for a in self.arg_arrays)

    def _set_arguments(self, values: Mapping[str, Any]) -> None:
        arguments = self.arg_dict
        for name, value in values.items():
            if name not in arguments:
                raise TypeError(
                    f"forward: there is no argument {name!r}; there are {', '.join(self._names)}."
                )
            target = arguments[name]
            if tuple(np.shape(value)) != target.shape:
                raise ValueError(
                    f"forward: argument {name} has shape {target.shape}, but its new value has "
                    f"{tuple(np.shape(value))}."
                )
            target[:] = value if isinstance(value, NDArray) else np.asarray(value)

    def backward(self, out_grads: Any = None, is_train: bool = True) -> None:
        """Compute the gradients of the arguments after `forward(is_train=True)`.

        Parameters
        ----------
        out_grads : NDArray, list or dict of str to NDArray, optional
            The gradient of the loss with respect to each output. None only where every output is
            a loss.
        is_train : bool, default True
            Accepted for the reference's sake.

        Raises
        ------
        MXNetError
            If no training forward was made, or a gradient is missing or has a wrong shape.
        """
        if self._recording is None:
            if all(grad is None for grad in self.grad_arrays):
                return
            if self._outputs is None:
                raise MXNetError("backward: call forward before.")
            # After forward(is_train=False), as the reference allows.
            _, self._recording = self._record(is_train=False)
        heads = self._head_gradients(out_grads)
        found = self._recording.backward(heads, self._gradient_memory(heads))
        for target, request, fresh in zip(self.grad_arrays, self._grad_req, found, strict=True):
            if target is None:
                continue
            if request == "add":
                if fresh is not None:
                    target._data.add_(fresh)
            elif fresh is None:
                target._data.zero_()
            elif fresh is not target._data:
                copy_to(target._data, fresh)

    def _gradient_memory(self, heads: list[torch.Tensor | None]) -> dict[int, torch.Tensor]:
        """Return the large gradient arrays that are overwritten whole, by slot of the argument.

        None shares memory with an argument or a head gradient, which gradients are computed from.
        """
        if self._large is None:
            self._large = [
                position
                for position, (target, request) in enumerate(
                    zip(self.grad_arrays, self._grad_req, strict=True)
                )
                if type(target) is NDArray and request == "write" and target.size >= _LARGE
            ]
        if not self._large:
            return {}
        read = [*(argument._data for argument in self.arg_arrays), *heads]
        taken = {each.untyped_storage().data_ptr() for each in read if each is not None}
        found = {}
        for position in self._large:
            tensor = self.grad_arrays[position]._data  # type: ignore[union-attr]
            if tensor.is_contiguous() and tensor.untyped_storage().data_ptr() not in taken:
                found[self._plan.argument_slots[position]] = tensor
        return found

    def _head_gradients(self, out_grads: Any) -> list[torch.Tensor | None]:
        names = self._symbol.list_outputs()
        if out_grads is None:
            given: list[Any] = []
        elif isinstance(out_grads, NDArray):
            given = [out_grads]
        elif isinstance(out_grads, Mapping):
            missing = [name for name in names if name not in out_grads]
            if missing:
                raise MXNetError(f"backward: out_grads lacks {', '.join(missing)}.")
            given = [out_grads[name] for name in names]
        else:
            given = list(out_grads)
        given += [None] * (len(names) - len(given))
        return [
            self._head_gradient(name, output, node, grad)
            for name, output, (node, _), grad in zip(
                names, self.outputs, self._symbol._outputs, given, strict=False
            )
        ]

    def _head_gradient(self, name: str, output: NDArray, node: Any, grad: Any) -> Any:
        if grad is None:
            if node.is_loss():
                return None
            raise MXNetError(
                f"backward: output {name} is no loss, so its head_gradient is required."
            )
        if not isinstance(grad, NDArray):
            raise TypeError(
                f"backward: the gradient of {name} is a {type(grad).__name__}, not an NDArray."
            )
        if grad.shape != output.shape:
            raise MXNetError(
                f"backward: the gradient of {name} has shape {grad.shape}, but the output has "
                f"{output.shape}."
            )
        return grad._data.to(output._data.dtype)

    # Parameters, shapes, watching.

    def copy_params_from(
        self,
        arg_params: Mapping[str, NDArray],
        aux_params: Mapping[str, NDArray] | None = None,
        allow_extra_params: bool = False,
    ) -> None:
        """Copy values into arguments and auxiliary states by name.

        Raises
        ------
        ValueError
            If a name is unknown and `allow_extra_params` is False.
        """
        for given, own, kind in (
            (arg_params, self.arg_dict, "argument"),
            (aux_params or {}, self.aux_dict, "auxiliary state"),
        ):
            for name, value in given.items():
                if name in own:
                    value.astype(own[name].dtype, copy=False).copyto(own[name])
                elif not allow_extra_params:
                    raise ValueError(f"copy_params_from: there is no {kind} named {name!r}.")

    def reshape(
        self, partial_shaping: bool = False, allow_up_sizing: bool = False, **kwargs: Any
    ) -> Executor:
        """Return an executor for other input shapes, which shares arrays that keep their shape.

        Parameters
        ----------
        partial_shaping : bool, default False
            Whether arguments not named in `kwargs` may change their shape.
        allow_up_sizing : bool, default False
            Whether arrays may become larger.
        **kwargs : tuple of int
            New shapes by argument name.
        """
        unknown = set(kwargs) - set(self._names)
        if unknown:
            raise ValueError(f"reshape: there are no arguments named {sorted(unknown)}.")
        arg_shapes, _, aux_shapes = self._symbol.infer_shape(**kwargs)
        if arg_shapes is None:
            raise ValueError("reshape: the shapes given do not determine all shapes.")
        executor = Executor(self._plan, self._symbol, self._ctx, self._grad_req, self._group2ctx)
        for name, shape, old, grad in zip(
            self._names, arg_shapes, self.arg_arrays, self.grad_arrays, strict=True
        ):
            if shape != old.shape:
                self._check_reshape(name, shape, old, kwargs, partial_shaping, allow_up_sizing)
            executor.arg_arrays.append(_resized(old, shape))
            executor.grad_arrays.append(None if grad is None else _resized(grad, shape))
        executor.aux_arrays = [
            _resized(old, shape) for old, shape in zip(self.aux_arrays, aux_shapes, strict=True)
        ]
        return executor

    @staticmethod
    def _check_reshape(
        name: str, shape: Any, old: NDArray, given: Any, partial: bool, up_sizing: bool
    ) -> None:
        if not partial and name not in given:
            raise AssertionError(
                f"reshape: {name} changes from {old.shape} to {shape}, though it was not given; "
                "set partial_shaping=True to allow that."
            )
        if not up_sizing and int(np.prod(shape)) > old.size:
            raise AssertionError(
                f"reshape: {name} grows from {old.shape} to {shape}; set allow_up_sizing=True to "
                "allow that."
            )

    def set_monitor_callback(
        self, callback: Callable[[str, NDArray], None], monitor_all: bool = False
    ) -> None:
        """Have `callback(name, array)` called with every operator's outputs during forward.

        Parameters
        ----------
        callback : callable(str, NDArray)
            What is called.
        monitor_all : bool, default False
            Whether inputs are shown too.
        """
        self._monitor, self._monitor_all = callback, monitor_all

    def _monitor_hook(self) -> Callable[..., None]:
        callback: Any = self._monitor
        ctx = self._ctx

        def watch(step: Any, inputs: Sequence[Any], outputs: Sequence[Any]) -> None:
            if self._monitor_all:
                names = step.node.input_names()
                for label, (node, _), tensor in zip(names, step.node.inputs, inputs, strict=False):
                    if node.op is None:
                        callback(node.name, NDArray(tensor, ctx=ctx))
                    callback(f"{step.name}_{label}", NDArray(tensor, ctx=ctx))
            for index in range(step.node.count_visible()):
                callback(step.node.output_name(index), NDArray(outputs[index], ctx=ctx))

        return watch

    def get_optimized_symbol(self) -> Symbol:
        """Return the symbol that is run."""
        return self._symbol

    def debug_str(self) -> str:
        """Return the graph and its memory in words."""
        held = [*self.arg_arrays, *self.aux_arrays, *[g for g in self.grad_arrays if g is not None]]
        size = sum(a.size * np.dtype(a.dtype).itemsize for a in held)
        return f"{self._symbol.debug_str()}Total {size / 2**20:.3f} MB of arguments and gradients\n"


def _named(names: Sequence[str], arrays: Sequence[Any], kind: str) -> dict[str, Any]:
    found = dict(zip(names, arrays, strict=True))
    if len(found) < len(names):
        twice = sorted({name for name in names if names.count(name) > 1})
        raise ValueError(f"The {kind} names {', '.join(twice)} occur more than once.")
    return found


def _resized(old: NDArray, shape: tuple[int, ...]) -> NDArray:
    """Return the array itself for the same shape, a view for a smaller one, else a new array."""
    if old.shape == tuple(shape):
        return old
    size = int(np.prod(shape))
    if size <= old.size:
        return NDArray(old._data.reshape(-1)[:size].reshape(shape), ctx=old.context)
    return NDArray(
        torch.zeros(shape, dtype=old._data.dtype, device=old._data.device), ctx=old.context
    )
