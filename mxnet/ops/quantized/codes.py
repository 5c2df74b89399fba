"""What operators on numbers in eight bits share: units, ranges, checks and rules.

int8 codes are symmetric: 127 stands for the largest magnitude of the range. uint8 codes start at
0, and 255 stands for that magnitude.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from ...base import MXNetError
from ...dtype import NAME_OF_TORCH
from ..registry import Attrs, Backward, DTypes, Operator, Shapes
from ..rules import PartialShape, unify

INT32_MAX = 2**31 - 1

# What the largest magnitude of a range is coded as: rounded to nearest in `quantize`, and in the
# ranges of products. Elsewhere a code stands for an interval, half a code wider on the outside.
LARGEST_CODE = {torch.int8: 127.0, torch.uint8: 255.0}
CODE_RANGE = {torch.int8: 127.5, torch.uint8: 255.5}

CODES = (torch.int8, torch.uint8)
OUTPUTS = ("output", "min_output", "max_output")


def require_dtype(name: str, value: torch.Tensor, *allowed: torch.dtype) -> None:
    """Refuse an input of another dtype."""
    if value.dtype not in allowed:
        names = " or ".join(NAME_OF_TORCH[dtype] for dtype in allowed)
        raise MXNetError(f"{name} is {NAME_OF_TORCH[value.dtype]}, but must be {names}")


def require_bounds(**bounds: torch.Tensor | None) -> None:
    """Refuse bounds of ranges that are not float32 of shape (1,)."""
    for name, bound in bounds.items():
        if bound is None:
            raise MXNetError(f"{name} is missing")
        require_dtype(name, bound, torch.float32)
        if tuple(bound.shape) != (1,):
            raise MXNetError(f"{name} has shape {tuple(bound.shape)}, but must be (1,)")


def magnitude(low: torch.Tensor, high: torch.Tensor) -> torch.Tensor:
    """Return the largest magnitude of a range."""
    return torch.maximum(low.abs(), high.abs())


def cut(codes: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    """Return codes in `dtype`, cut to its limits; NaN, from an empty range, gives 0.

    Codes of 32 bits come as float64, which holds their limits.
    """
    limits = torch.iinfo(dtype)
    return torch.nan_to_num(codes, nan=0.0).clamp(limits.min, limits.max).to(dtype)


def is_calibrated(attrs: Attrs) -> bool:
    """Return whether the attributes give both bounds of the result's range."""
    return attrs["min_calib_range"] is not None and attrs["max_calib_range"] is not None


def constants(
    like: torch.Tensor, low: float | None, high: float | None
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the bounds of a range as float32 tensors of shape (1,) on the device of `like`."""
    made = torch.tensor([[low], [high]], dtype=torch.float32, device=like.device)
    return made[0], made[1]


def bound_shapes(names: Sequence[str], given: Sequence[PartialShape]) -> list[PartialShape]:
    """Return the shape (1,) for each bound of a range, and refuse another one."""
    for name, shape in zip(names, given, strict=True):
        try:
            unify(shape, (1,))
        except MXNetError:
            raise MXNetError(f"{name} has shape {shape}, but must be (1,)") from None
    return [(1,)] * len(given)


def shapes_like(
    layer: Operator,
    count: int,
    bounds: Sequence[str],
    inputs: Shapes,
    outputs: Shapes,
    attrs: Attrs,
) -> tuple[Shapes, Shapes]:
    """Infer the first `count` inputs and the first output as `layer` does; the rest are bounds."""
    rule: Any = layer.shapes
    known, result = rule(list(inputs[:count]), list(outputs[:1]), attrs)
    return [*known, *bound_shapes(bounds, inputs[count:])], [result[0], (1,), (1,)]


def code_types(
    names: Sequence[str],
    known: DTypes,
    allowed: Sequence[torch.dtype] = CODES,
    default: torch.dtype | None = None,
) -> DTypes:
    """Return the dtypes of inputs that hold codes: what is known, checked, else the default."""
    for name, dtype in zip(names, known, strict=True):
        if dtype is not None and dtype not in allowed:
            words = " or ".join(NAME_OF_TORCH[each] for each in allowed)
            raise MXNetError(f"{name} is {NAME_OF_TORCH[dtype]}, but must be {words}")
    return [default if dtype is None else dtype for dtype in known]


def joint_types(names: Sequence[str], known: DTypes) -> tuple[DTypes, torch.dtype]:
    """Return the dtypes of arrays that meet, and the result's: int8 if one of them is.

    Those that are not known are uint8, as in MXNet.
    """
    dtypes = code_types(names, known, default=torch.uint8)
    return dtypes, torch.int8 if torch.int8 in dtypes else torch.uint8


def bound_types(names: Sequence[str], known: DTypes) -> DTypes:
    """Return float32 for each bound of a range, and refuse another dtype."""
    return code_types(names, known, (torch.float32,), torch.float32)


def refuse_gradient(backward: Backward) -> list[Any]:
    """Refuse to train through codes, where the reference does not either."""
    raise MXNetError("a quantized operator is for prediction alone: it has no gradient")
