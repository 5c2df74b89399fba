"""Operators without inputs: constants, ranges and unit matrices."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch

from ...base import MXNetError
from ...dtype import TORCH_OF_CODE, torch_dtype
from ...util import is_np_shape
from ..attributes import DType, NonNegativeInt, PositiveInt, Shape
from ..registry import Attrs, DTypes, Shapes, operator
from ..rules import attribute_type, unify
from .rules import UNKNOWN

NUMBERS = DType["bfloat16", "float16", "float32", "float64", "int32", "int64", "int8", "uint8"]
NUMBERS_BUT_BFLOAT16 = DType["float16", "float32", "float64", "int32", "int64", "int8", "uint8"]
NUMBERS_AND_BOOL = DType[
    "bfloat16", "bool", "float16", "float32", "float64", "int32", "int64", "int8", "uint8"
]


def _named_shape(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    """The output has the shape of the attribute; in it -1 stands for an unknown dimension, and so
    does 0, except under NumPy semantics of shapes."""
    sizes, least = attrs["shape"], 0 if is_np_shape() else 1
    if sizes is None or len(sizes) < least:
        return inputs, outputs
    named = tuple(size if size >= least else UNKNOWN for size in sizes)
    return inputs, [unify(named, outputs[0])]


def _filled(
    shape: tuple[int, ...] | None,
    inferred: tuple[int, ...] | None,
    value: float,
    dtype: torch.dtype,
    device: torch.device,
) -> torch.Tensor:
    if inferred is not None:
        shape = inferred
    elif not shape:
        raise MXNetError("shape is empty, but must name at least one dimension")
    if min(shape, default=0) < 0:
        raise MXNetError(f"shape is {shape}, but its dimensions must not be negative")
    return torch.full(shape, number_of(value, dtype), dtype=dtype, device=device)


def number_of(value: float, dtype: torch.dtype) -> float:
    """Return `value` as an array of `dtype` holds it: cut to a whole number, wrapped around."""
    if dtype.is_floating_point:
        return value
    if dtype is torch.bool:
        return bool(value)
    limits = torch.iinfo(dtype)
    return (int(value) - limits.min) % (limits.max - limits.min + 1) + limits.min


@operator("_zeros", shapes=_named_shape, types=attribute_type)
def zeros(
    *,
    shape: Shape = (),
    device: torch.device,
    dtype: NUMBERS_AND_BOOL = "float32",
    output_shape: tuple[int, ...] | None,
) -> torch.Tensor:
    """Return an array of zeros.

    Parameters
    ----------
    shape : int or tuple of int
        In a graph, a dimension of 0 is found by shape inference.
    ctx : str
        Where the array lies, for example ``'cpu(0)'``.
    dtype : str, default 'float32'

    Examples
    --------
    >>> mx.nd.zeros((1, 2)).asnumpy().tolist()
    [[0.0, 0.0]]
    """
    return _filled(shape, output_shape, 0, torch_dtype(dtype), device)


@operator("_ones", shapes=_named_shape, types=attribute_type)
def ones(
    *,
    shape: Shape = (),
    device: torch.device,
    dtype: NUMBERS_AND_BOOL = "float32",
    output_shape: tuple[int, ...] | None,
) -> torch.Tensor:
    """Return an array of ones.

    Parameters
    ----------
    shape : int or tuple of int
        In a graph, a dimension of 0 is found by shape inference.
    ctx : str
        Where the array lies, for example ``'cpu(0)'``.
    dtype : str, default 'float32'

    Examples
    --------
    >>> mx.nd.ones((1, 2)).asnumpy().tolist()
    [[1.0, 1.0]]
    """
    return _filled(shape, output_shape, 1, torch_dtype(dtype), device)


@operator("_full", shapes=_named_shape, types=attribute_type)
def full(
    *,
    shape: Shape | None = None,
    device: torch.device,
    dtype: NUMBERS_AND_BOOL = "float32",
    value: float,
    output_shape: tuple[int, ...] | None,
) -> torch.Tensor:
    """Return an array whose elements all are one number.

    Parameters
    ----------
    shape : int or tuple of int
        In a graph, a dimension of 0 is found by shape inference.
    ctx : str
        Where the array lies, for example ``'cpu(0)'``.
    dtype : str, default 'float32'
    value : float
        Integer arrays receive its whole part.

    Examples
    --------
    >>> mx.nd.full((1, 2), 3).asnumpy().tolist()
    [[3.0, 3.0]]
    """
    return _filled(shape, output_shape, value, torch_dtype(dtype), device)


@operator("_zeros_without_dtype", shapes=_named_shape)
def zeros_without_dtype(
    *,
    shape: Shape | None = None,
    device: torch.device,
    dtype: int = -1,
    output_shape: tuple[int, ...] | None,
    output_dtype: torch.dtype | None,
) -> torch.Tensor:
    """Return an array of zeros whose dtype the graph may decide.

    Parameters
    ----------
    shape : int or tuple of int
        In a graph, a dimension of 0 is found by shape inference.
    ctx : str
        Where the array lies, for example ``'cpu(0)'``.
    dtype : int, default -1
        The dtype's code in files; -1 leaves it to type inference, else float32.
    """
    wanted = _dtype_of_code(dtype) or output_dtype or torch.float32
    return _filled(shape, output_shape, 0, wanted, device)


def _dtype_of_code(code: int) -> torch.dtype | None:
    if code != -1 and code not in TORCH_OF_CODE:
        raise MXNetError(f"dtype is {code}, but the codes are -1 and {sorted(TORCH_OF_CODE)}")
    return TORCH_OF_CODE.get(code)


@zeros_without_dtype.type_rule
def _(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    return inputs, [_dtype_of_code(attrs["dtype"]) or outputs[0]]


@operator("_set_value")
def set_value(
    *, src: float = 0.0, output_shape: tuple[int, ...] | None, device: torch.device
) -> torch.Tensor:
    """Return an array filled with one number, of the shape of `out` or of shape ``(1,)``.

    Parameters
    ----------
    src : float, default 0
        The number.
    """
    return torch.full(output_shape or (1,), src, device=device)


@set_value.type_rule
def _(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    return inputs, [torch.float32]


def _unit_shape(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    return inputs, [unify(_sides(attrs["N"], attrs["M"]), outputs[0])]


def _sides(rows: int, columns: int) -> tuple[int, int]:
    return rows, columns if columns > 0 else rows


@operator("_eye", shapes=_unit_shape, types=attribute_type)
def eye(
    *,
    N: NonNegativeInt,
    M: int = 0,
    k: int = 0,
    device: torch.device,
    dtype: NUMBERS_BUT_BFLOAT16 = "float32",
) -> torch.Tensor:
    """Return a matrix with ones on one diagonal and zeros elsewhere.

    Parameters
    ----------
    N : int
        Number of rows.
    M : int, default 0
        Number of columns; 0 stands for `N`.
    k : int, default 0
        Which diagonal: 0 is the main one, positive numbers lie above it, negative ones below.
    ctx : str
        Where the array lies, for example ``'cpu(0)'``.
    dtype : str, default 'float32'

    Examples
    --------
    >>> mx.nd.eye(2, 3, k=1).asnumpy().tolist()
    [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    """
    rows, columns = _sides(N, M)
    matrix = torch.zeros(rows, columns, dtype=torch_dtype(dtype), device=device)
    if -rows < k < columns:
        matrix.diagonal(k).fill_(1)
    return matrix


def _range_ends(start: float, stop: float | None) -> tuple[float, float]:
    """Return first number and end of a range; a single number is the end."""
    return (0.0, start) if stop is None else (start, stop)


def _range_size(attrs: Attrs) -> int:
    """Return how many elements _arange makes, or -1 where the graph decides."""
    start, stop, step = attrs["start"], attrs["stop"], attrs["step"]
    if step == 0:
        raise MXNetError("step is 0, but must not be 0")
    if attrs["infer_range"] and stop is None:
        return UNKNOWN
    start, stop = _range_ends(start, stop)
    count = math.ceil((stop - start) / step)
    if count <= 0:
        raise MXNetError(f"no number lies in the range from {start} to {stop} by steps of {step}")
    return count * attrs["repeat"]


def _size_rule(size_of: Callable[[Attrs], int]):
    def rule(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
        return inputs, [unify((size_of(attrs),), outputs[0])]

    return rule


@operator("_arange", shapes=_size_rule(_range_size), types=attribute_type)
def arange(
    *,
    start: float,
    stop: float | None = None,
    step: float = 1.0,
    repeat: PositiveInt = 1,
    infer_range: bool = False,
    device: torch.device,
    dtype: NUMBERS = "float32",
    output_shape: tuple[int, ...] | None,
) -> torch.Tensor:
    """Return evenly spaced numbers.

    Parameters
    ----------
    start, stop : float
        First number, and the end, which is not reached; without `stop`, `start` is the end and
        the range begins at 0.
    step : float, default 1
        Distance of two numbers; it may be negative.
    repeat : int, default 1
        How often each number stands in the result.
    infer_range : bool, default False
        In a graph: whether, without `stop`, shape inference finds the number of elements.
    ctx : str
        Where the array lies, for example ``'cpu(0)'``.
    dtype : str, default 'float32'
        Integer dtypes use the whole parts of `start` and `step`.

    Examples
    --------
    >>> mx.nd.arange(2, 6, step=2, repeat=2).asnumpy().tolist()
    [2.0, 2.0, 4.0, 4.0]
    """
    attrs = {
        "start": start,
        "stop": stop,
        "step": step,
        "repeat": repeat,
        "infer_range": infer_range,
    }
    size = _range_size(attrs)
    if size == UNKNOWN:
        if output_shape is None:
            raise MXNetError("stop is None with infer_range, but no shape tells where to end")
        return evenly_spaced(output_shape[0], start, step, repeat, torch_dtype(dtype), device)
    first = _range_ends(start, stop)[0]
    return evenly_spaced(size, first, step, repeat, torch_dtype(dtype), device)


def evenly_spaced(
    size: int, start: float, step: float, repeat: int, dtype: torch.dtype, device: torch.device
) -> torch.Tensor:
    """Return `size` elements: start, start + step, ..., each `repeat` times."""
    number = torch.arange(size, device=device)
    if repeat > 1:
        number = number.div(repeat, rounding_mode="floor")
    if not dtype.is_floating_point:
        return (number * int(step) + int(start)).to(dtype)
    wide = dtype if dtype in (torch.float32, torch.float64) else torch.float32
    return number.to(wide).mul_(step).add_(start).to(dtype)


@operator("_linspace", shapes=_size_rule(lambda attrs: attrs["num"]), types=attribute_type)
def linspace(
    *,
    start: float,
    stop: float,
    num: NonNegativeInt,
    endpoint: bool = True,
    device: torch.device,
    dtype: NUMBERS = "float32",
) -> torch.Tensor:
    """Return a given number of evenly spaced numbers.

    Parameters
    ----------
    start, stop : float
        The ends of the interval.
    num : int
        How many numbers.
    endpoint : bool, default True
        Whether `stop` is the last of them; otherwise it would be the next.
    ctx : str
        Where the array lies, for example ``'cpu(0)'``.
    dtype : str, default 'float32'

    Examples
    --------
    >>> mx.nd.linspace(0, 1, 3).asnumpy().tolist()
    [0.0, 0.5, 1.0]
    """
    intervals = num - 1 if endpoint else num
    step = (stop - start) / intervals if intervals > 0 else 0.0
    number = torch.arange(num, device=device, dtype=torch.float64)
    return (number * step + start).to(torch_dtype(dtype))
