"""What the elementwise families share: how integers are computed, and the forms of one operator.

A binary function comes in up to three forms: it broadcasts (``broadcast_mod``), it asks for equal
shapes (``_mod``), or one side is a number (``_mod_scalar``, ``_rmod_scalar``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

import torch

from ...base import MXNetError
from ...dtype import dtype_name
from ..registry import Attrs, DTypes, Operator, operator
from ..rules import broadcast_shapes, require_same_shape, same_shapes

elementwise = partial(operator, shapes=same_shapes)
broadcasting = partial(operator, shapes=broadcast_shapes)

Number = float | int

_LARGE = 2**14
"""Elements from which a second call costs less than what it saves."""


def refuse_bool(data: torch.Tensor) -> None:
    """Refuse a tensor of truth values, for operators that count."""
    if data.dtype is torch.bool:
        raise MXNetError("argument data is bool, but must hold numbers (Cast it first)")


def require_floats(data: torch.Tensor) -> None:
    """Refuse integers, for operators that MXNet defines for floats alone."""
    if not data.dtype.is_floating_point:
        raise MXNetError(f"argument data is {dtype_name(data.dtype)}, but must hold floats")


def on_floats(function: Callable[..., torch.Tensor], *inputs: torch.Tensor) -> torch.Tensor:
    """Return `function(*inputs)`; integers are computed in float64 and cut, as in MXNet."""
    dtype = inputs[0].dtype
    if dtype.is_floating_point:
        return function(*inputs)
    refuse_bool(inputs[0])
    return function(*[each.double() for each in inputs]).to(dtype)


def as_numbers(mask: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    """Return a mask as 1 and 0; torch converts bytes to floats much faster than bools."""
    return mask.view(torch.uint8).to(dtype)


def compared(
    compare: Callable[..., torch.Tensor], lhs: torch.Tensor, rhs: torch.Tensor | Number
) -> torch.Tensor:
    """Return 1 where a comparison of torch holds and 0 elsewhere, in the dtype of `lhs`.

    For large arrays on the CPU torch writes numbers several times as fast as truth values.
    """
    is_large = lhs.numel() >= _LARGE and lhs.device.type == "cpu"
    if is_large and lhs.dtype.is_floating_point:
        shape = (
            lhs.shape if isinstance(rhs, Number) else torch.broadcast_shapes(lhs.shape, rhs.shape)
        )
        try:
            return compare(lhs, rhs, out=lhs.new_empty(shape))
        except RuntimeError:  # on a tape and inside torch.func.vmap there is no out=
            pass
    return as_numbers(compare(lhs, rhs), lhs.dtype)


def sum_to(grad: torch.Tensor, like: torch.Tensor) -> torch.Tensor:
    """Return the gradient of an input that was broadcast: `grad` summed to the shape of `like`."""
    return grad if grad.shape == like.shape else grad.sum_to_size(like.shape)


def scalar_types(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    """Floats keep their dtype; integers become float64 if the number is no integer, bool int64."""
    dtype = inputs[0]
    if dtype is None:
        known = outputs[0]
        kept = known is not None and (
            known.is_floating_point or (attrs["is_int"] and known is not torch.bool)
        )
        return [known if kept else None], outputs
    if not dtype.is_floating_point:
        if not attrs["is_int"]:
            dtype = torch.float64
        elif dtype is torch.bool:
            dtype = torch.int64
    return inputs, [dtype]


scalar_form = partial(operator, shapes=same_shapes, types=scalar_types)


def wrap(number: Number, dtype: torch.dtype) -> int:
    """Return a number as an element of an integer dtype: cut, then wrapped into its range.

    What no machine integer holds (of 32 bits, or 64 for int64) becomes the lowest, as x86 has it.
    """
    machine = torch.iinfo(torch.int64 if dtype is torch.int64 else torch.int32)
    whole = int(number) if machine.min <= number <= machine.max else machine.min
    limits = torch.iinfo(dtype)
    return (whole - limits.min) % (limits.max - limits.min + 1) + limits.min


def scalar_operands(data: torch.Tensor, scalar: float, is_int: bool) -> tuple[torch.Tensor, Number]:
    """Return both operands as MXNet computes them; see :func:`scalar_types`."""
    if data.dtype.is_floating_point:
        return data, scalar
    if not is_int:
        return data.double(), scalar
    if data.dtype is torch.bool:
        data = data.long()
    return data, wrap(scalar, data.dtype)


def as_tensor(number: Number, like: torch.Tensor) -> torch.Tensor:
    """Return a number as a 0-d tensor on the CPU, which torch mixes with tensors of any device."""
    return torch.scalar_tensor(number, dtype=like.dtype)


def equal_shape_form(name: str, aliases: Iterable[str], broadcasts: Operator) -> Operator:
    """Register the form of a broadcasting operator that asks for equal shapes."""
    compute = broadcasts.function

    def body(lhs: torch.Tensor, rhs: torch.Tensor) -> torch.Tensor:
        require_same_shape(lhs, rhs)
        return compute(lhs, rhs)

    body.__name__ = name
    body.__doc__ = f"Return what `{broadcasts.name}` does of two arrays, which must have one shape."
    made = elementwise(name, aliases=aliases)(body)
    made.backward, made.backward_is_derivative = (
        broadcasts.backward,
        broadcasts.backward_is_derivative,
    )
    return made


def scalar_form_of(
    name: str, aliases: Iterable[str], function: Callable[..., torch.Tensor], meaning: str
) -> Operator:
    """Register the form of `function` whose right side is a number."""

    def body(data: torch.Tensor, *, scalar: float = 1.0, is_int: bool = True) -> torch.Tensor:
        data, number = scalar_operands(data, scalar, is_int)
        return function(data, number)

    body.__name__ = name
    body.__doc__ = f"Return {meaning}, for a number `scalar`; result as of `_plus_scalar`."
    return scalar_form(name, aliases=aliases)(body)
