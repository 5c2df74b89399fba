"""Sorting along an axis. NaN sorts as greatest; in full sorts equal elements keep their order."""

from __future__ import annotations

from typing import Literal

import torch

from ...base import MXNetError
from ...dtype import torch_dtype
from ..attributes import DType
from ..layout import in_order
from ..registry import Attrs, Backward, DTypes, Shapes, operator
from ..rules import attribute_type, unify, zero_gradient
from .axes import normalized

IndexType = DType["float16", "float32", "float64", "int32", "int64", "uint8"]

_MANY = 2**10
"""Elements; below that it is not worth it to make the axis to sort along contiguous first."""


def _sorted(
    data: torch.Tensor, axis: int | None, is_ascend: bool
) -> tuple[torch.Tensor, torch.Tensor, int]:
    """Return sorted values, their indices, and the axis they lie along (of the flattened array).

    Both may lie in memory in another order of axes.
    """
    if axis is None:
        data, axis = data.reshape(-1), 0
    axis = normalized(axis, data.dim())
    is_last = axis == data.dim() - 1
    if is_last or data.numel() < _MANY or data.device.type != "cpu":
        values, indices = torch.sort(data, dim=axis, descending=not is_ascend, stable=True)
        return values, indices, axis
    rows = in_order(data.movedim(axis, -1))
    values, indices = torch.sort(rows, dim=-1, descending=not is_ascend, stable=True)
    return values.movedim(-1, axis), indices.movedim(-1, axis), axis


def _sorted_shapes(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    shape = inputs[0]
    if shape is None:
        return inputs, outputs
    if attrs["axis"] is not None:
        normalized(attrs["axis"], len(shape))
    elif -1 in shape:
        return inputs, outputs
    else:
        size = 1
        for length in shape:
            size *= length
        shape = (size,)
    return inputs, [unify(shape, outputs[0])]


@operator("sort", shapes=_sorted_shapes, output_names=("output0",))
def sort(data: torch.Tensor, *, axis: int | None = -1, is_ascend: bool = True) -> torch.Tensor:
    """Return the elements sorted along an axis.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape.
    axis : int or None, default -1
        The axis to sort along; None sorts the flattened array.
    is_ascend : bool, default True
        Whether the smallest come first.

    Returns
    -------
    NDArray or Symbol
        Same dtype as `data`; same shape, or one dimension if `axis` is None.

    Raises
    ------
    MXNetError
        If the axis does not exist.

    Examples
    --------
    >>> mx.nd.sort(mx.nd.array([[3, 1], [2, 4]])).asnumpy().tolist()
    [[1.0, 3.0], [2.0, 4.0]]
    """
    return in_order(_sorted(data, axis, is_ascend)[0])


@operator("argsort", shapes=_sorted_shapes, types=attribute_type)
def argsort(
    data: torch.Tensor,
    *,
    axis: int | None = -1,
    is_ascend: bool = True,
    dtype: IndexType = "float32",
) -> torch.Tensor:
    """Return the indices that sort an array along an axis; the gradient is 0.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape.
    axis : int or None, default -1
        The axis to sort along; None sorts the flattened array.
    is_ascend : bool, default True
        Whether the smallest come first.
    dtype : str or numpy.dtype, default 'float32'
        The dtype of the indices.

    Returns
    -------
    NDArray or Symbol
        Same shape, or one dimension if `axis` is None.

    Examples
    --------
    >>> mx.nd.argsort(mx.nd.array([[3, 1], [2, 4]]), dtype="int32").asnumpy().tolist()
    [[1, 0], [0, 1]]
    """
    return in_order(_sorted(data, axis, is_ascend)[1].to(torch_dtype(dtype)))


argsort.gradient(zero_gradient)


def _select(
    data: torch.Tensor, axis: int | None, k: int, is_ascend: bool
) -> tuple[torch.Tensor, torch.Tensor, int]:
    """Return the first `k` sorted values, their indices and the axis; all of them for k below 1."""
    if axis is None:
        data, axis = data.reshape(-1), 0
    axis = normalized(axis, data.dim())
    size = data.shape[axis]
    if k > size:
        raise MXNetError(f"attribute k is {k}, but there are {size} elements along the axis")
    if k == 1 and not is_ascend and data.is_floating_point():
        return *torch.max(data, axis, keepdim=True), axis
    if 0 < k * 8 <= size:  # much faster than sorting; of equal elements it takes any, as MXNet does
        return *torch.topk(data, k, axis, largest=not is_ascend), axis
    values, indices, axis = _sorted(data, axis, is_ascend)
    count = k if k > 0 else size
    return in_order(values.narrow(axis, 0, count)), in_order(indices.narrow(axis, 0, count)), axis


def _scatter(
    data: torch.Tensor, indices: torch.Tensor, axis: int, source: torch.Tensor | float
) -> torch.Tensor:
    """Return zeros like `data` with `source` at the selected places."""
    flat = data.dim() != indices.dim()
    zeros = torch.zeros_like(data.reshape(-1) if flat else data)
    return torch.scatter(zeros, axis, indices, source).reshape(data.shape)


@operator("topk", outputs=lambda attrs: 2 if attrs["ret_typ"] == "both" else 1)
def topk(
    data: torch.Tensor,
    *,
    axis: int | None = -1,
    k: int = 1,
    ret_typ: Literal["both", "indices", "mask", "value"] = "indices",
    is_ascend: bool = False,
    dtype: IndexType = "float32",
) -> torch.Tensor | tuple[torch.Tensor, torch.Tensor]:
    """Return the greatest (or smallest) elements along an axis, where they are, or both.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape.
    axis : int or None, default -1
        The axis to look along; None means the flattened array.
    k : int, default 1
        How many; 0 or less means all.
    ret_typ : {'indices', 'value', 'mask', 'both'}, default 'indices'
        What to return: indices, values, an array like `data` that is 1 at the elements and else 0,
        or values and indices.
    is_ascend : bool, default False
        Whether to take the smallest.
    dtype : str or numpy.dtype, default 'float32'
        The dtype of indices.

    Returns
    -------
    NDArray or Symbol, or list of two
        The shape of `data` with length `k` along the axis, (k,) if `axis` is None; that of `data`
        for a mask. Values and masks have the dtype of `data`.

    Raises
    ------
    MXNetError
        If the axis does not exist or is shorter than `k`.

    Examples
    --------
    >>> x = mx.nd.array([[3, 1, 2], [4, 6, 5]])
    >>> mx.nd.topk(x, k=2).asnumpy().tolist()
    [[0.0, 2.0], [1.0, 2.0]]
    >>> values, indices = mx.nd.topk(x, ret_typ="both", dtype="int32")
    >>> values.asnumpy().tolist(), indices.asnumpy().tolist()
    ([[3.0], [6.0]], [[0], [1]])
    """
    values, indices, axis = _select(data, axis, k, is_ascend)
    if ret_typ == "value":
        return values
    if ret_typ == "mask":
        return _scatter(data, indices, axis, 1)
    if ret_typ == "indices":
        return indices.to(torch_dtype(dtype))
    return values, indices.to(torch_dtype(dtype))


@topk.type_rule
def _(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    index_type, kind = torch_dtype(attrs["dtype"]), attrs["ret_typ"]
    if kind == "indices":
        return inputs, [index_type]
    known = inputs[0] if inputs[0] is not None else outputs[0]
    return [known], [known, index_type] if kind == "both" else [known]


@topk.gradient
def _(b: Backward):
    data, attrs = b.inputs[0], b.attrs
    if attrs["ret_typ"] in ("indices", "mask"):
        return zero_gradient(b)
    _, indices, axis = _select(data.detach(), attrs["axis"], attrs["k"], attrs["is_ascend"])
    return (_scatter(data, indices, axis, b.grads[0]),)
