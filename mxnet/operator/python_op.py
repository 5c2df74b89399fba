"""PythonOp, NumpyOp and NDArrayOp: how operators were written before CustomOp.

An instance of theirs is the operator, so a symbol that uses it can be run but not read from a file
in another process.
"""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Sequence
from functools import partial
from typing import Any

from ..base import MXNetError
from ..ops.custom import MAKERS
from .call import make_user_operator
from .custom_op import CustomOp, CustomOpProp

_NUMBERS = itertools.count()


class PythonOp:
    """What NumpyOp and NDArrayOp share; use CustomOp instead.

    Parameters
    ----------
    need_top_grad : bool, default True
        Whether backward needs the gradients of the outputs; False for a loss.
    """

    def __init__(self, need_top_grad: bool = True) -> None:
        warnings.warn(
            f"{type(self).__name__} is deprecated: derive from CustomOp instead.", stacklevel=2
        )
        self.need_top_grad_ = need_top_grad

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.get_symbol(*args, **kwargs)

    def get_symbol(self, *args: Any, **kwargs: Any) -> Any:
        """Return the symbol of the operator called on symbols; derived classes do it."""
        raise NotImplementedError(f"{type(self).__name__} does not define get_symbol.")

    def forward(self, in_data: Sequence[Any], out_data: Sequence[Any]) -> None:
        """Write the outputs into `out_data`; by default the inputs are the outputs."""
        out_data[0][:] = in_data[0]

    def backward(
        self,
        out_grad: Sequence[Any],
        in_data: Sequence[Any],
        out_data: Sequence[Any],
        in_grad: Sequence[Any],
    ) -> None:
        """Write the gradients of the inputs into `in_grad`; by default 1."""
        in_grad[0][:] = 1.0

    def infer_shape(self, in_shape: Any) -> tuple[Any, Any]:
        """Return the shapes of inputs and outputs; by default those of the first input."""
        return in_shape, [in_shape[0]]

    def list_outputs(self) -> list[str]:
        """Return the names of the outputs."""
        return ["output"]

    def list_arguments(self) -> list[str]:
        """Return the names of the inputs."""
        return ["data"]

    def need_top_grad(self) -> bool:
        """Return whether backward needs the gradients of the outputs."""
        return self.need_top_grad_


class NDArrayOp(PythonOp):
    """An operator whose `forward` and `backward` receive NDArrays; use CustomOp instead."""

    def get_symbol(self, *args: Any, **kwargs: Any) -> Any:
        """Return the symbol of the operator called on symbols."""
        return _symbol(self, _NDArrayRun, args, kwargs)

    def declare_backward_dependency(
        self, out_grad: Sequence[int], in_data: Sequence[int], out_data: Sequence[int]
    ) -> list[int]:
        """Return which arrays backward reads, of the numbers given."""
        heads = list(out_grad) if self.need_top_grad() else []
        return [*heads, *in_data, *out_data]


class NumpyOp(PythonOp):
    """An operator whose `forward` and `backward` receive NumPy arrays; use CustomOp instead."""

    def get_symbol(self, *args: Any, **kwargs: Any) -> Any:
        """Return the symbol of the operator called on symbols."""
        return _symbol(self, _NumpyRun, args, kwargs)


class _NDArrayRun(CustomOp):
    """Runs a PythonOp on NDArrays."""

    def __init__(self, python_op: PythonOp) -> None:
        super().__init__()
        self._op = python_op

    def forward(self, is_train: Any, req: Any, in_data: Any, out_data: Any, aux: Any) -> None:
        self._op.forward(in_data=in_data, out_data=out_data)

    def backward(
        self, req: Any, out_grad: Any, in_data: Any, out_data: Any, in_grad: Any, aux: Any
    ) -> None:
        self._op.backward(out_grad=out_grad, in_data=in_data, out_data=out_data, in_grad=in_grad)


class _NumpyRun(_NDArrayRun):
    """Runs a PythonOp on NumPy arrays."""

    def forward(self, is_train: Any, req: Any, in_data: Any, out_data: Any, aux: Any) -> None:
        results = _numbers(out_data)
        self._op.forward(in_data=_numbers(in_data), out_data=results)
        _write(out_data, results)

    def backward(
        self, req: Any, out_grad: Any, in_data: Any, out_data: Any, in_grad: Any, aux: Any
    ) -> None:
        results = _numbers(in_grad)
        self._op.backward(
            out_grad=_numbers(out_grad),
            in_data=_numbers(in_data),
            out_data=_numbers(out_data),
            in_grad=results,
        )
        _write(in_grad, results)


def _numbers(arrays: Sequence[Any]) -> list[Any]:
    return [array.asnumpy() for array in arrays]


def _write(arrays: Sequence[Any], values: Sequence[Any]) -> None:
    for array, value in zip(arrays, values, strict=True):
        array[:] = value


class _PythonOpProp(CustomOpProp):
    """Describes a PythonOp as a custom operator."""

    def __init__(self, python_op: PythonOp, run: type[_NDArrayRun], **attrs: str) -> None:
        super().__init__(python_op.need_top_grad())
        if attrs:
            raise MXNetError(f"{type(python_op).__name__} has no attribute {', '.join(attrs)}.")
        self._op, self._run = python_op, run
        self.list_arguments = python_op.list_arguments  # type: ignore[method-assign]
        self.list_outputs = python_op.list_outputs  # type: ignore[method-assign]
        self.infer_shape = python_op.infer_shape  # type: ignore[method-assign]

    def create_operator(self, ctx: Any, in_shapes: Any, in_dtypes: Any) -> CustomOp:
        return self._run(self._op)


def _symbol(
    python_op: PythonOp, run: type[_NDArrayRun], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    from ..symbol.op import Custom  # symbols lie above this room

    key = f"_{type(python_op).__name__.lower()}_{next(_NUMBERS)}"
    MAKERS[key] = partial(make_user_operator, key, partial(_PythonOpProp, python_op, run))
    return Custom(*args, op_type=key, **kwargs)
