"""Norms, moments, and division by a norm."""

from __future__ import annotations

from typing import Literal

import torch

from ...base import MXNetError
from ...dtype import torch_dtype
from ..attributes import DType, Shape
from ..elementwise.forms import require_floats
from ..registry import Attrs, DTypes, Shapes, operator
from ..rules import same_shapes, unify
from .axes import in_float32, reduce_with, reduced_axes, reduced_shape, reduction

NormType = DType["float16", "float32", "float64", "int32", "int64", "int8"]


@in_float32
def _norm_1(data: torch.Tensor, axes: tuple[int, ...], keepdims: bool) -> torch.Tensor:
    return torch.linalg.vector_norm(data, 1, axes, keepdims)


@in_float32
def _norm_2(data: torch.Tensor, axes: tuple[int, ...], keepdims: bool) -> torch.Tensor:
    return torch.linalg.vector_norm(data, 2, axes, keepdims)


@reduction("norm", aliases=("_sparse_norm",))
def norm(
    data: torch.Tensor,
    *,
    ord: int = 2,
    axis: Shape | None = None,
    out_dtype: NormType | None = None,
    keepdims: bool = False,
) -> torch.Tensor:
    """Return vector norms over axes.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape and dtype.
    ord : {1, 2}, default 2
        The sum of magnitudes, or the square root of the sum of squares.
    axis : int, tuple of int or None, default None
        The axes that make up a vector; None and () mean all.
    out_dtype : str or numpy.dtype, optional
        The dtype of the result, default that of `data`.
    keepdims : bool, default False
        Whether reduced axes stay with length 1.

    Returns
    -------
    NDArray or Symbol
        The shape without the reduced axes, (1,) if none is left. The gradient at 0 is 0.

    Raises
    ------
    MXNetError
        If `ord` is neither 1 nor 2, or an axis does not exist.

    Examples
    --------
    >>> mx.nd.norm(mx.nd.array([[3, 4], [0, 2]]), axis=1).asnumpy().tolist()
    [5.0, 2.0]
    """
    if ord not in (1, 2):
        raise MXNetError(f"attribute ord is {ord}, but must be 1 or 2")
    result = reduce_with(_norm_1 if ord == 1 else _norm_2, data, axis, keepdims)
    return result if out_dtype is None else result.to(torch_dtype(out_dtype))


@norm.type_rule
def _(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    if attrs["out_dtype"] is not None:
        return inputs, [torch_dtype(attrs["out_dtype"])]
    known = inputs[0] if inputs[0] is not None else outputs[0]
    return [known], [known]


@in_float32
def _mean(data: torch.Tensor, axes: tuple[int, ...], keepdims: bool) -> torch.Tensor:
    return torch.mean(data, axes, keepdims)


@in_float32
def _variance(data: torch.Tensor, axes: tuple[int, ...], keepdims: bool) -> torch.Tensor:
    return torch.var(data, axes, correction=0, keepdim=keepdims)


def _require_axes(axes: Shape | None) -> None:
    if not axes:
        raise MXNetError("attribute axes is empty, but must name the axes (all of them for global)")


@operator("moments", outputs=2)
def moments(
    data: torch.Tensor, *, axes: Shape | None = None, keepdims: bool = False
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return means and variances (divided by the number of elements) over axes.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape.
    axes : int or tuple of int
        The axes to reduce, negative ones counted from the end.
    keepdims : bool, default False
        Whether reduced axes stay with length 1.

    Returns
    -------
    list of NDArray or Symbol
        Means and variances: the shape without the reduced axes, (1,) if none is left.

    Raises
    ------
    MXNetError
        If no axis is given or one does not exist.

    Examples
    --------
    >>> mean, variance = mx.nd.moments(mx.nd.array([[1, 3], [2, 6]]), axes=1)
    >>> mean.asnumpy().tolist(), variance.asnumpy().tolist()
    ([2.0, 4.0], [1.0, 4.0])
    """
    _require_axes(axes)
    return (
        reduce_with(_mean, data, axes, keepdims),
        reduce_with(_variance, data, axes, keepdims),
    )


@moments.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    _require_axes(attrs["axes"])
    if inputs[0] is None:
        return inputs, outputs
    axes = reduced_axes(attrs["axes"], len(inputs[0]))
    shape = reduced_shape(inputs[0], axes, attrs["keepdims"])
    return inputs, [unify(shape, known) for known in outputs]


def _axes_of_mode(mode: str, rank: int) -> tuple[int, ...]:
    """Return the axes that one norm is taken over."""
    if mode == "instance":
        return tuple(range(1, rank))
    if rank < 3:
        raise MXNetError(f"argument data has {rank} dimensions, but mode {mode!r} needs 3 or more")
    return (1,) if mode == "channel" else tuple(range(2, rank))


@operator("L2Normalization", shapes=same_shapes)
def l2_normalization(
    data: torch.Tensor,
    *,
    eps: float = 1e-10,
    mode: Literal["channel", "instance", "spatial"] = "instance",
) -> torch.Tensor:
    """Return `data` over ``sqrt(s + eps)``, with s the sum of squares over some of its axes.

    Parameters
    ----------
    data : NDArray or Symbol
        Shape (batch, channel, ...), floating dtype.
    eps : float, default 1e-10
        Keeps the divisor from 0.
    mode : {'instance', 'channel', 'spatial'}, default 'instance'
        Sum over all axes but the first, over axis 1, or over axis 2 and those after it.

    Returns
    -------
    NDArray or Symbol
        Same shape and dtype as `data`.

    Raises
    ------
    MXNetError
        If `data` holds integers, or has less than 3 dimensions and the mode is not 'instance'.

    Examples
    --------
    >>> print(mx.nd.L2Normalization(mx.nd.array([[3, 4]])).asnumpy().round(4))
    [[0.6 0.8]]
    """
    require_floats(data)
    axes = _axes_of_mode(mode, data.dim())
    wide = data if data.dtype is torch.float64 else data.float()
    squares = wide.square()
    total = torch.sum(squares, axes, keepdim=True) if axes else squares
    return (wide * torch.rsqrt(total + eps)).to(data.dtype)
