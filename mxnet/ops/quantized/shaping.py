"""Codes in another shape: flattened, joined, or looked up in a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from ...base import MXNetError
from ..array.joining import concat
from ..array.reshape import flatten
from ..attributes import PositiveInt
from ..nn.embedding import Element, embedding
from ..registry import Attrs, DTypes, Shapes, operator
from ..rules import zero_gradient
from .codes import (
    CODE_RANGE,
    CODES,
    OUTPUTS,
    bound_types,
    code_types,
    cut,
    joint_types,
    magnitude,
    require_bounds,
    require_dtype,
    shapes_like,
)

Three = tuple[torch.Tensor, torch.Tensor, torch.Tensor]

_BOUNDS = ("min_data", "max_data")
_TABLE_BOUNDS = ("min_weight", "max_weight")


def _flat_shapes(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    return shapes_like(flatten, 1, _BOUNDS, inputs, outputs, attrs)


def _flat_types(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    data = inputs[0] if inputs[0] is not None else outputs[0]
    bounds = bound_types(_BOUNDS, inputs[1:])
    return [data, *bounds], [data, torch.float32, torch.float32]


@operator(
    "_contrib_quantized_flatten",
    outputs=3,
    output_names=OUTPUTS,
    own_gradient=True,
    shapes=_flat_shapes,
    types=_flat_types,
)
def quantized_flatten(data: torch.Tensor, min_data: torch.Tensor, max_data: torch.Tensor) -> Three:
    """Make one row of codes per example.

    Parameters
    ----------
    data : NDArray or Symbol
        Shape (N, ...), any dtype.
    min_data, max_data : NDArray or Symbol
        The codes' range, float32, shape (1,).

    Returns
    -------
    tuple of NDArray or Symbol
        The codes, shape (N, everything else), and their range as it was.

    Raises
    ------
    MXNetError
        If a bound is not of shape (1,).

    Examples
    --------
    >>> data, low, high = mx.nd.ones((2, 3, 4), dtype="int8"), mx.nd.array([-1]), mx.nd.array([1])
    >>> mx.nd.contrib.quantized_flatten(data, low, high)[0].shape
    (2, 12)
    """
    require_bounds(min_data=min_data, max_data=max_data)
    return flatten(data).clone(), min_data.clone(), max_data.clone()


quantized_flatten.gradient(zero_gradient)


def _concat_names(attrs: Attrs) -> tuple[str, ...]:
    count = attrs["num_args"]
    bounds = [f"arg{i}_{end}" for i in range(count) for end in ("min", "max")]
    return (*[f"arg{i}" for i in range(count)], *bounds)


def _split(values: Sequence[Any], attrs: Attrs) -> tuple[list[Any], list[Any]]:
    """Return what belongs to the arrays, and what to their ranges."""
    count, names = attrs["num_args"], _concat_names(attrs)
    if len(values) != len(names):
        raise MXNetError(
            f"there are {len(values)} arrays, but num_args={count} needs {len(names)}: "
            f"{', '.join(names)}"
        )
    return list(values[:count]), list(values[count:])


def _concat_shapes(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    count = attrs["num_args"]
    return shapes_like(concat, count, _concat_names(attrs)[count:], inputs, outputs, attrs)


def _concat_types(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    """The result is int8 if one of the arrays is, else uint8."""
    count, names = attrs["num_args"], _concat_names(attrs)
    codes, ranges = _split(inputs, attrs)
    parts, result = joint_types(names[:count], codes)
    bounds = bound_types(names[count:], ranges)
    return [*parts, *bounds], [result, torch.float32, torch.float32]


@operator(
    "_contrib_quantized_concat",
    outputs=3,
    output_names=OUTPUTS,
    own_gradient=True,
    count_attribute=None,
    shapes=_concat_shapes,
    types=_concat_types,
)
def quantized_concat(*data: torch.Tensor, num_args: PositiveInt, dim: int = 1) -> Three:
    """Join arrays of codes along an axis, all in the unit of the largest range.

    Parameters
    ----------
    data : NDArrays or Symbols
        The arrays, int8 or uint8, whose shapes may differ along `dim` alone; then the smallest and
        largest number of the first one's range, of the second one's, and so on, each float32 of
        shape (1,).
    num_args : int
        How many arrays there are, without their ranges.
    dim : int, default 1
        The axis; a negative one counts from the last.

    Returns
    -------
    tuple of NDArray or Symbol
        int8 codes if one of the arrays is int8, else uint8; halves are rounded to the even code.
        Then the bounds of the range that covers 0 and all ranges, shape (1,).

    Raises
    ------
    MXNetError
        If there is not one range for each array, the shapes differ along another axis, or an array
        holds no codes.

    Examples
    --------
    >>> x, y = mx.nd.array([[127, -9]], dtype="int8"), mx.nd.array([[4, 8]], dtype="int8")
    >>> ranges = [mx.nd.array([bound]) for bound in (-1, 1, -2, 2)]
    >>> codes, low, high = mx.nd.contrib.quantized_concat(x, y, *ranges, num_args=2)
    >>> codes.asnumpy().tolist(), low.asnumpy().tolist(), high.asnumpy().tolist()
    ([[64, -4, 4, 8]], [-2.0], [2.0])
    """
    attrs = {"num_args": num_args}
    names, (parts, bounds) = _concat_names(attrs), _split(data, attrs)
    for name, part in zip(names[:num_args], parts, strict=True):
        require_dtype(name, part, *CODES)
    require_bounds(**dict(zip(names[num_args:], bounds, strict=True)))
    low = torch.cat(bounds[::2]).min().clamp_max(0).reshape(1)
    high = torch.cat(bounds[1::2]).max().clamp_min(0).reshape(1)
    dtype = torch.int8 if any(part.dtype == torch.int8 for part in parts) else torch.uint8
    largest = magnitude(low, high).double()
    recoded = []
    for part, ends in zip(parts, zip(bounds[::2], bounds[1::2], strict=True), strict=True):
        factor, own = CODE_RANGE[dtype] / CODE_RANGE[part.dtype], magnitude(*ends).double()
        # Without a division where the range is the same: it may be empty.
        codes = torch.where(own == largest, part * factor, part * (own * factor) / largest)
        recoded.append(cut(torch.round(codes), dtype))
    return concat(*recoded, dim=dim), low, high


quantized_concat.inputs_rule(_concat_names)
quantized_concat.gradient(zero_gradient)


def _table_shapes(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    return shapes_like(embedding, 2, _TABLE_BOUNDS, inputs, outputs, attrs)


def _table_types(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    """The indices may have any dtype; the table and the result are int8."""
    weight = code_types(("weight",), inputs[1:2], (torch.int8,), torch.int8)
    bounds = bound_types(_TABLE_BOUNDS, inputs[2:])
    return [inputs[0], *weight, *bounds], [*weight, torch.float32, torch.float32]


@operator(
    "_contrib_quantized_embedding",
    outputs=3,
    output_names=OUTPUTS,
    own_gradient=True,
    shapes=_table_shapes,
    types=_table_types,
)
def quantized_embedding(
    data: torch.Tensor,
    weight: torch.Tensor,
    min_weight: torch.Tensor,
    max_weight: torch.Tensor,
    *,
    input_dim: PositiveInt,
    output_dim: PositiveInt,
    dtype: Element = "float32",
    sparse_grad: bool = False,
) -> Three:
    """Return the rows of a table of codes that indices name.

    Parameters
    ----------
    data : NDArray or Symbol
        Indices, any shape and dtype, read as by `Embedding`.
    weight : NDArray or Symbol
        The table, int8, shape (input_dim, output_dim).
    min_weight, max_weight : NDArray or Symbol
        The table's range, float32, shape (1,).
    input_dim, output_dim : int
        Rows of the table, and elements of a row.
    dtype, sparse_grad
        Accepted for the sake of `Embedding`, and without effect.

    Returns
    -------
    tuple of NDArray or Symbol
        The codes, the shape of `data` with output_dim added, and their range as it was.

    Raises
    ------
    MXNetError
        If `weight` is not int8 or has another shape, or a bound is not of shape (1,).

    Examples
    --------
    >>> table = mx.nd.array([[0, 1], [2, 3]], dtype="int8")
    >>> low, high = mx.nd.array([-1]), mx.nd.array([1])
    >>> rows, _, _ = mx.nd.contrib.quantized_embedding(
    ...     mx.nd.array([1]), table, low, high, input_dim=2, output_dim=2
    ... )
    >>> rows.asnumpy().tolist()
    [[2, 3]]
    """
    require_dtype("weight", weight, torch.int8)
    require_bounds(min_weight=min_weight, max_weight=max_weight)
    rows = embedding(data, weight, input_dim=input_dim, output_dim=output_dim)
    return rows, min_weight.clone(), max_weight.clone()


quantized_embedding.gradient(zero_gradient)
