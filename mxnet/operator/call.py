"""One use of a custom operator: the user's Python code between torch's tensors and NDArrays."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from operator import index
from typing import Any

import torch

from ..autograd import pause
from ..base import MXNetError
from ..dtype import CODE_OF_TORCH, TYPE_OF_TORCH, dtype_name, torch_dtype
from ..ndarray import NDArray
from ..ops.rules import is_known, refuse_second_order, unify

_UNKNOWN = -1


@contextmanager
def _user_code(op_type: str, what: str) -> Iterator[None]:
    """Turn whatever the user's code raises into an MXNetError that says where and what it was."""
    try:
        yield
    except Exception as error:
        raise MXNetError(
            f"{what} of the custom operator {op_type!r} raised {type(error).__name__}: {error}"
        ) from error


def make_user_operator(op_type: str, make: Callable[..., Any], attrs: dict[str, str]) -> CustomCall:
    """Return one use of the operator that `make` describes.

    Parameters
    ----------
    op_type : str
        Its registered name.
    make : callable(**attrs) -> CustomOpProp
        The class that was registered.
    attrs : dict of str to str
        The attributes; those in double underscores are of the graph, not of the operator.
    """
    own = {key: value for key, value in attrs.items() if not key.startswith("__")}
    with _user_code(op_type, "__init__"):
        prop = make(**own)
    return CustomCall(op_type, prop)


class CustomCall:
    """One use of a custom operator; see :class:`mxnet.ops.custom.UserOperator`.

    Parameters
    ----------
    op_type : str
        Its registered name.
    prop : CustomOpProp
        Its description.
    """

    # Keeps it out of caches: nothing says that the user's code is pure.
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, op_type: str, prop: Any) -> None:
        self.op_type, self._prop = op_type, prop
        self.arguments = self._names("list_arguments")
        self.outputs = self._names("list_outputs")
        self.states = self._names("list_auxiliary_states")
        self.needs_head = self._reads_head()

    def _names(self, method: str) -> tuple[str, ...]:
        with _user_code(self.op_type, method):
            names = tuple(getattr(self._prop, method)() or ())
        wrong = [name for name in names if not isinstance(name, str)]
        if wrong:
            raise MXNetError(
                f"{method} of the custom operator {self.op_type!r} holds {wrong[0]!r}, but names "
                "are strings"
            )
        return names

    def _reads_head(self) -> bool:
        """Return whether backward reads the gradient of some output."""
        counts = (len(self.outputs), len(self.arguments), len(self.outputs))
        starts = (0, counts[0], counts[0] + counts[1])
        numbers = [list(range(s, s + n)) for s, n in zip(starts, counts, strict=True)]
        with _user_code(self.op_type, "declare_backward_dependency"):
            read = set(self._prop.declare_backward_dependency(*numbers))
        return not read.isdisjoint(numbers[0])

    # Inference.

    def infer_shapes(self, known: list[Any]) -> tuple[list[Any], list[Any], list[Any]]:
        """Return the shapes of arguments, outputs and states; None and -1 where unknown."""
        given = [[] if shape is None else list(shape) for shape in known]
        found = self._three("infer_shape", given)
        with _user_code(self.op_type, "infer_shape"):
            arguments, outputs, states = ([_shape(s) for s in shapes] for shapes in found)
        for position, (name, old) in enumerate(zip(self.arguments, known, strict=True)):
            try:
                arguments[position] = unify(old, arguments[position])
            except MXNetError:
                raise MXNetError(
                    f"input {name} has shape {old}, but infer_shape of the custom operator "
                    f"{self.op_type!r} gives {arguments[position]}"
                ) from None
        return arguments, outputs, states

    def infer_types(self, known: list[Any]) -> tuple[list[Any], list[Any], list[Any]]:
        """Return the dtypes of arguments, outputs and states, None where unknown."""
        given = [None if dtype is None else TYPE_OF_TORCH[dtype] for dtype in known]
        found = self._three("infer_type", given)
        with _user_code(self.op_type, "infer_type"):
            arguments, outputs, states = (
                [None if dtype is None else torch_dtype(dtype) for dtype in dtypes]
                for dtypes in found
            )
        for position, (name, old) in enumerate(zip(self.arguments, known, strict=True)):
            new = arguments[position]
            if old is not None and new is not None and new is not old:
                raise MXNetError(
                    f"input {name} is {dtype_name(old)}, but infer_type of the custom operator "
                    f"{self.op_type!r} gives {dtype_name(new)}"
                )
            arguments[position] = new if old is None else old
        return arguments, outputs, states

    def _three(self, method: str, given: list[Any]) -> list[list[Any]]:
        """Return what an inference method returns as three lists of the right lengths."""
        with _user_code(self.op_type, method):
            lists = [list(part) for part in getattr(self._prop, method)(given)]
        if len(lists) not in (2, 3):
            raise MXNetError(
                f"{method} of the custom operator {self.op_type!r} returns {len(lists)} lists, "
                "but must return 2 or 3"
            )
        lists += [[] for _ in range(3 - len(lists))]
        wanted = (("arguments", self.arguments), ("outputs", self.outputs), ("states", self.states))
        for (what, names), entries in zip(wanted, lists, strict=True):
            if len(entries) != len(names):
                raise MXNetError(
                    f"{method} of the custom operator {self.op_type!r} returns {len(entries)} "
                    f"entries for its {what}, but there are {len(names)}"
                )
        return lists

    # Running.

    def call(
        self, tensors: Sequence[Any], is_train: bool, memory: dict[Any, Any]
    ) -> tuple[torch.Tensor, ...]:
        """Return the outputs, on torch's tape where it is on, and write the states.

        Parameters
        ----------
        tensors : sequence of torch.Tensor
            Arguments and states.
        is_train : bool
            Whether the caller trains.
        memory : dict
            Where the user's operator stays for the next run.
        """
        self._check(tensors)
        blanks = self._blanks(tensors)
        if tensors and tensors[0].device.type == "meta":
            return tuple(blanks)
        user = self._user_operator(tensors, memory)
        count = len(self.arguments)
        data, states = tensors[:count], tensors[count:]
        if torch.is_grad_enabled() and any(tensor.requires_grad for tensor in data):
            return _TapedCall.apply(self, user, is_train, blanks, states, *data)
        return self.forward(user, is_train, blanks, states, data)

    def _check(self, tensors: Sequence[Any]) -> None:
        names = (*self.arguments, *self.states)
        if len(tensors) != len(names):
            raise MXNetError(
                f"{len(tensors)} inputs came, but the custom operator {self.op_type!r} has "
                f"{len(names)}: {', '.join(names)}"
            )
        for name, tensor in zip(names, tensors, strict=True):
            if tensor is None:
                raise MXNetError(f"input {name} is missing")
            if torch._C._functorch.is_functorch_wrapped_tensor(tensor):
                raise MXNetError(f"the custom operator {self.op_type!r} can not run under vmap")

    def _blanks(self, tensors: Sequence[torch.Tensor]) -> list[torch.Tensor]:
        """Return tensors of zeros for the outputs, after checking the states."""
        count = len(self.arguments)
        known = [tuple(tensor.shape) for tensor in tensors[:count]]
        _, shapes, state_shapes = self.infer_shapes(known)
        _, dtypes, _ = self.infer_types([tensor.dtype for tensor in tensors[:count]])
        for name, tensor, shape in zip(self.states, tensors[count:], state_shapes, strict=True):
            if is_known(shape) and tuple(tensor.shape) != shape:
                raise MXNetError(
                    f"auxiliary state {name} has shape {tuple(tensor.shape)}, but infer_shape of "
                    f"the custom operator {self.op_type!r} gives {shape}"
                )
        device = tensors[0].device if tensors else torch.device("cpu")
        blanks = []
        for name, shape, dtype in zip(self.outputs, shapes, dtypes, strict=True):
            if shape is None or not is_known(shape) or dtype is None:
                raise MXNetError(
                    f"infer_shape and infer_type of the custom operator {self.op_type!r} leave "
                    f"output {name} unknown"
                )
            blanks.append(torch.zeros(shape, dtype=dtype, device=device))
        return blanks

    def _user_operator(self, tensors: Sequence[torch.Tensor], memory: dict[Any, Any]) -> Any:
        """Return the user's CustomOp for these shapes, made at their first use."""
        shapes = [list(tensor.shape) for tensor in tensors]
        codes = [CODE_OF_TORCH[tensor.dtype] for tensor in tensors]
        device = tensors[0].device if tensors else torch.device("cpu")
        key = (device, tuple(map(tuple, shapes)), tuple(codes))
        if key not in memory:
            context = NDArray(tensors[0].detach() if tensors else torch.zeros(())).context
            with _user_code(self.op_type, "create_operator"):
                memory[key] = self._prop.create_operator(context, shapes, codes)
        return memory[key]

    def forward(
        self,
        user: Any,
        is_train: bool,
        blanks: list[torch.Tensor],
        states: Sequence[torch.Tensor],
        data: Sequence[torch.Tensor],
    ) -> tuple[torch.Tensor, ...]:
        """Return what the user's forward writes into `blanks`."""
        outputs = _arrays(blanks)
        with pause(is_train), _user_code(self.op_type, "forward"):
            user.forward(
                is_train=is_train,
                req=["write"] * len(outputs),
                in_data=_arrays(data),
                out_data=outputs,
                aux=_arrays(states),
            )
        return tuple(array._data for array in outputs)

    def backward(
        self,
        user: Any,
        grads: Sequence[torch.Tensor],
        data: Sequence[torch.Tensor],
        outputs: Sequence[torch.Tensor],
        states: Sequence[torch.Tensor],
        needs: Sequence[bool],
    ) -> list[torch.Tensor | None]:
        """Return what the user's backward writes, None for arguments that need no gradient."""
        wanted = _arrays([torch.zeros_like(tensor) for tensor in data])
        with pause(train_mode=True), _user_code(self.op_type, "backward"):
            user.backward(
                req=["write" if need else "null" for need in needs],
                out_grad=_arrays(grads),
                in_data=_arrays(data),
                out_data=_arrays(outputs),
                in_grad=wanted,
                aux=_arrays(states),
            )
        return [array._data if need else None for array, need in zip(wanted, needs, strict=True)]


class _TapedCall(torch.autograd.Function):
    """Puts one call onto torch's tape; states are kept aside, since backward may write them."""

    @staticmethod
    def forward(
        ctx: Any,
        call: CustomCall,
        user: Any,
        is_train: bool,
        blanks: list[torch.Tensor],
        states: Sequence[torch.Tensor],
        *data: torch.Tensor,
    ) -> tuple[torch.Tensor, ...]:
        """Run the user's forward."""
        outputs = call.forward(user, is_train, blanks, states, data)
        ctx.call, ctx.user, ctx.states, ctx.count = call, user, states, len(data)
        ctx.save_for_backward(*data, *outputs)
        ctx.mark_non_differentiable(*[out for out in outputs if not out.is_floating_point()])
        return outputs

    @staticmethod
    def backward(ctx: Any, *grads: torch.Tensor) -> tuple[Any, ...]:
        """Run the user's backward."""
        saved = ctx.saved_tensors
        data, outputs = saved[: ctx.count], saved[ctx.count :]
        needs = ctx.needs_input_grad[5:]
        found = ctx.call.backward(ctx.user, grads, data, outputs, ctx.states, needs)
        if torch.is_grad_enabled():
            name, sources = f"the custom operator {ctx.call.op_type!r}", (*grads, *data)
            found = [g if g is None else refuse_second_order(g, name, sources) for g in found]
        return (None,) * 5 + tuple(found)


def _arrays(tensors: Sequence[torch.Tensor]) -> list[NDArray]:
    return [NDArray(tensor.detach()) for tensor in tensors]


def _shape(lengths: Any) -> tuple[int, ...] | None:
    """Return a shape as the user gives it, None for an empty one, which stands for unknown."""
    shape = tuple(index(length) for length in lengths)
    return tuple(_UNKNOWN if length < 0 else length for length in shape) or None
