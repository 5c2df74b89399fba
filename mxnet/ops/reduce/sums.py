"""Sums, means and products over axes.

`axis`, `keepdims` and `exclude` mean the same everywhere; `sum` documents them. Results keep the
dtype of `data`.
"""

from __future__ import annotations

from math import prod as product

import torch

from ..attributes import Shape
from ..registry import Attrs, Backward, DTypes, Shapes, operator
from ..rules import require_count, same_types, zero_gradient
from .axes import in_float32, reduce_with, reduction, with_reduced_axes


def _sum(data: torch.Tensor, axes: tuple[int, ...], keepdims: bool) -> torch.Tensor:
    if data.dtype.is_floating_point:  # torch takes a number faster than a tuple of one
        return torch.sum(data, axes[0] if len(axes) == 1 else axes, keepdims)
    return torch.sum(data, axes, keepdims, dtype=data.dtype)


@reduction("sum", aliases=("sum_axis", "_sparse_sum"))
def sum_(
    data: torch.Tensor,
    *,
    axis: Shape | None = None,
    keepdims: bool = False,
    exclude: bool = False,
) -> torch.Tensor:
    """Return sums over axes.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape and dtype; integers wrap around.
    axis : int, tuple of int or None, default None
        The axes to sum over, negative ones counted from the end; None and () mean all.
    keepdims : bool, default False
        Whether reduced axes stay with length 1.
    exclude : bool, default False
        Whether to reduce the axes that `axis` does not name.

    Returns
    -------
    NDArray or Symbol
        The shape without the reduced axes, (1,) if none is left; the dtype of `data`.

    Raises
    ------
    MXNetError
        If an axis does not exist or comes twice.

    Examples
    --------
    >>> x = mx.nd.array([[1, 2], [3, 4]])
    >>> mx.nd.sum(x, axis=1).asnumpy().tolist(), mx.nd.sum(x).asnumpy().tolist()
    ([3.0, 7.0], [10.0])
    """
    return reduce_with(_sum, data, axis, keepdims, exclude)


@sum_.fast_gradient
def _(b: Backward):
    data = b.inputs[0]
    return (with_reduced_axes(b.grads[0], data, b.attrs).expand(data.shape),)


def _mean(data: torch.Tensor, axes: tuple[int, ...], keepdims: bool) -> torch.Tensor:
    if data.dtype.is_floating_point:
        return torch.mean(data, axes[0] if len(axes) == 1 else axes, keepdims)
    count = product(data.shape[axis] for axis in axes)
    total = torch.sum(data, axes, keepdims, dtype=torch.int64)
    return torch.div(total, count, rounding_mode="trunc").to(data.dtype)


@reduction("mean", aliases=("_sparse_mean",))
def mean(
    data: torch.Tensor,
    *,
    axis: Shape | None = None,
    keepdims: bool = False,
    exclude: bool = False,
) -> torch.Tensor:
    """Return means over axes; attributes as of `sum`, of integers the fraction is cut.

    Examples
    --------
    >>> mx.nd.mean(mx.nd.array([[1, 2], [3, 4]]), axis=0).asnumpy().tolist()
    [2.0, 3.0]
    """
    return reduce_with(_mean, data, axis, keepdims, exclude)


@mean.fast_gradient
def _(b: Backward):
    data, grad = b.inputs[0], b.grads[0]
    share = with_reduced_axes(grad, data, b.attrs) / max(data.numel() // max(grad.numel(), 1), 1)
    return (share.expand(data.shape),)


def _nansum(data: torch.Tensor, axes: tuple[int, ...], keepdims: bool) -> torch.Tensor:
    return torch.nansum(data, axes, keepdims, dtype=data.dtype)


@reduction("nansum")
def nansum(
    data: torch.Tensor,
    *,
    axis: Shape | None = None,
    keepdims: bool = False,
    exclude: bool = False,
) -> torch.Tensor:
    """Return sums over axes that take NaN for 0; attributes as of `sum`.

    Examples
    --------
    >>> mx.nd.nansum(mx.nd.array([[1, np.nan], [3, 4]]), axis=0).asnumpy().tolist()
    [4.0, 4.0]
    """
    return reduce_with(_nansum, data, axis, keepdims, exclude)


def _prod(data: torch.Tensor, axes: tuple[int, ...], keepdims: bool) -> torch.Tensor:
    """Return products; torch multiplies one axis at a time."""
    for axis in reversed(axes):
        data = torch.prod(data, axis, keepdims, dtype=data.dtype)
    return data


@reduction("prod")
def prod(
    data: torch.Tensor,
    *,
    axis: Shape | None = None,
    keepdims: bool = False,
    exclude: bool = False,
) -> torch.Tensor:
    """Return products over axes; attributes as of `sum`.

    Examples
    --------
    >>> mx.nd.prod(mx.nd.array([[1, 2], [3, 4]]), axis=0).asnumpy().tolist()
    [3.0, 8.0]
    """
    return reduce_with(_prod, data, axis, keepdims, exclude)


def _nanprod(data: torch.Tensor, axes: tuple[int, ...], keepdims: bool) -> torch.Tensor:
    return _prod(torch.where(torch.isnan(data), 1, data), axes, keepdims)


@reduction("nanprod")
def nanprod(
    data: torch.Tensor,
    *,
    axis: Shape | None = None,
    keepdims: bool = False,
    exclude: bool = False,
) -> torch.Tensor:
    """Return products over axes that take NaN for 1; attributes as of `sum`.

    Examples
    --------
    >>> mx.nd.nanprod(mx.nd.array([[2, np.nan], [3, 4]]), axis=0).asnumpy().tolist()
    [6.0, 4.0]
    """
    return reduce_with(_nanprod, data, axis, keepdims, exclude)


@in_float32
def _sum_of_squares(data: torch.Tensor, axes: tuple[int, ...], keepdims: bool) -> torch.Tensor:
    return torch.sum(data.square(), axes, keepdims)


@reduction("_square_sum")
def square_sum(
    data: torch.Tensor,
    *,
    axis: Shape | None = None,
    keepdims: bool = False,
    exclude: bool = False,
) -> torch.Tensor:
    """Return sums of squares over axes; attributes as of `sum`."""
    return reduce_with(_sum_of_squares, data, axis, keepdims, exclude)


def _total_square(data: torch.Tensor) -> torch.Tensor:
    wide = data if data.dtype is torch.float64 else data.float()
    return wide.square().sum().float()


@operator("multi_sum_sq", count_attribute=None, own_gradient=True)
def multi_sum_sq(*data: torch.Tensor, num_arrays: int) -> torch.Tensor:
    """Return the sum of squares of each of several arrays.

    Parameters
    ----------
    *data : NDArray or Symbol
        Any shapes, one dtype.
    num_arrays : int
        How many there are.

    Returns
    -------
    NDArray or Symbol
        Shape (num_arrays,), float32.

    Examples
    --------
    >>> x, y = mx.nd.array([3, 4]), mx.nd.array([1])
    >>> mx.nd.multi_sum_sq(x, y, num_arrays=2).asnumpy().tolist()
    [25.0, 1.0]
    """
    require_count(data, num_arrays)
    return torch.stack([_total_square(each) for each in data])


@multi_sum_sq.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    return inputs, [(len(inputs),)]


@multi_sum_sq.type_rule
def _(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    return same_types(inputs, [], attrs)[0], [torch.float32]


multi_sum_sq.gradient(zero_gradient)
