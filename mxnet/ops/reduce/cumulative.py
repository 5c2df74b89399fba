"""Running sums along an axis."""

from __future__ import annotations

import torch

from ...base import MXNetError
from ...dtype import torch_dtype
from ..attributes import DType
from ..registry import Attrs, Backward, DTypes, Shapes, operator
from ..rules import same_shapes

_Sums = DType["float16", "float32", "float64", "int32", "int64", "int8"]


@operator("_np_cumsum", aliases=("cumsum",))
def cumsum(
    a: torch.Tensor,
    *,
    axis: int | None = None,
    dtype: _Sums | None = None,
) -> torch.Tensor:
    """Return the sum of each element and those before it.

    Parameters
    ----------
    a : NDArray or Symbol
        Any shape and dtype.
    axis : int, optional
        The axis to go along, counted from 0; by default over all elements in C order.
    dtype : dtype, optional
        The dtype of sums and result, default that of `a`, but int64 for bool.

    Returns
    -------
    NDArray or Symbol
        The shape of `a`, or (size,) without `axis`.

    Raises
    ------
    MXNetError
        If there is no such axis.

    Examples
    --------
    >>> x = mx.nd.array([[1, 2, 3], [4, 5, 6]])
    >>> mx.nd.cumsum(x, axis=1).asnumpy().tolist()
    [[1.0, 3.0, 6.0], [4.0, 9.0, 15.0]]
    >>> mx.nd.cumsum(x).asnumpy().tolist()
    [1.0, 3.0, 6.0, 10.0, 15.0, 21.0]
    """
    a = a.to(_dtype_of(a.dtype, dtype))  # here: torch's cumsum tapes no conversion to integers
    if axis is None:
        return torch.cumsum(a.reshape(-1), 0, dtype=a.dtype)
    if not 0 <= axis < a.dim():
        raise MXNetError(f"axis is {axis}, but a has axes 0 to {a.dim() - 1}")
    return torch.cumsum(a, axis, dtype=a.dtype)


def _dtype_of(given: torch.dtype, wanted: str | None) -> torch.dtype:
    if wanted is not None:
        return torch_dtype(wanted)
    return torch.int64 if given is torch.bool else given


@cumsum.fast_gradient
def _(b: Backward):
    grad, a = b.grads[0], b.inputs[0]
    axis = b.attrs["axis"] or 0
    return (grad.flip(axis).cumsum(axis).flip(axis).to(a.dtype).reshape(a.shape),)


@cumsum.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    if attrs["axis"] is None:
        return inputs, outputs
    return same_shapes(inputs, outputs, attrs)


@cumsum.type_rule
def _(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    if inputs[0] is None and attrs["dtype"] is None:
        return outputs, outputs
    return inputs, [_dtype_of(inputs[0], attrs["dtype"])]
