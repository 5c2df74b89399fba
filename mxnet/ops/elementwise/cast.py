"""Conversions: of dtypes, also as automatic mixed precision needs them, and of storage types."""

from __future__ import annotations

from functools import partial
from typing import Literal

import torch

from ...base import MXNetError
from ...dtype import torch_dtype
from ..attributes import DType
from ..registry import Attrs, Backward, DTypes, Shapes, operator
from ..rules import attribute_type, same_shapes, unify
from .forms import elementwise

AnyType = DType[
    "bfloat16", "bool", "float16", "float32", "float64", "int32", "int64", "int8", "uint8"
]
NumberType = DType["bfloat16", "float16", "float32", "float64", "int32", "int64", "int8", "uint8"]


@partial(operator, shapes=same_shapes, types=attribute_type)("Cast", aliases=("cast",))
def cast(data: torch.Tensor, *, dtype: AnyType) -> torch.Tensor:
    """Return a copy in another dtype; integers get floats without their fraction.

    The gradient is cast back.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape and dtype.
    dtype : str or numpy.dtype
        The dtype of the result.

    Returns
    -------
    NDArray or Symbol
        Same shape as `data`.

    Examples
    --------
    >>> mx.nd.Cast(mx.nd.array([1.7, -1.7]), dtype="int32").asnumpy().tolist()
    [1, -1]
    """
    return data.to(torch_dtype(dtype), copy=True)


@cast.fast_gradient
def _(b: Backward):
    return (b.grads[0].to(b.inputs[0].dtype),)


@elementwise("amp_cast")
def amp_cast(data: torch.Tensor, *, dtype: NumberType) -> torch.Tensor:
    """Return a copy in another dtype if `data` holds floats, else in its own.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape and dtype.
    dtype : str or numpy.dtype
        The dtype that floats get.

    Returns
    -------
    NDArray or Symbol
        Same shape as `data`.

    Examples
    --------
    >>> mx.nd.amp_cast(mx.nd.array([1, 2]), dtype="float16").dtype.__name__
    'float16'
    """
    wanted = torch_dtype(dtype) if data.dtype.is_floating_point else data.dtype
    return data.to(wanted, copy=True)


@amp_cast.type_rule
def _(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    known = inputs[0]
    if known is None:
        return inputs, outputs
    return inputs, [torch_dtype(attrs["dtype"]) if known.is_floating_point else known]


@amp_cast.fast_gradient
def _(b: Backward):
    return (b.grads[0].to(b.inputs[0].dtype),)


_NARROW = (torch.float16, torch.bfloat16)


def _common_type(dtypes: DTypes, narrow: bool) -> torch.dtype | None:
    """Return what float32 and narrower floats among `dtypes` become; None if there are none."""
    small = [dtype for dtype in dtypes if dtype in _NARROW]
    if torch.float32 in dtypes:
        return small[0] if narrow and small else torch.float32
    return small[0] if small else None


def _multicast_types(dtypes: DTypes, narrow: bool) -> DTypes:
    common = _common_type(dtypes, narrow)
    changes = (torch.float32, *_NARROW)
    return [common if dtype in changes else dtype for dtype in dtypes]


@operator("amp_multicast", outputs=lambda attrs: attrs["num_outputs"], count_attribute=None)
def amp_multicast(
    *data: torch.Tensor, num_outputs: int, cast_narrow: bool = False
) -> tuple[torch.Tensor, ...] | torch.Tensor:
    """Return copies of several arrays in one floating dtype: the widest of float16 and float32.

    float64 and integers keep their dtypes.

    Parameters
    ----------
    *data : NDArray or Symbol
        Any shapes and dtypes.
    num_outputs : int
        How many arrays there are.
    cast_narrow : bool, default False
        Whether to take the narrowest dtype instead.

    Returns
    -------
    list of NDArray or Symbol
        One array per input, of the same shape.

    Examples
    --------
    >>> half, single = mx.nd.ones((2,), dtype="float16"), mx.nd.ones((2,))
    >>> [x.dtype.__name__ for x in mx.nd.amp_multicast(half, single, num_outputs=2)]
    ['float32', 'float32']
    """
    if len(data) != num_outputs:
        raise MXNetError(f"there are {len(data)} arrays, but num_outputs is {num_outputs}")
    wanted = _multicast_types([each.dtype for each in data], cast_narrow)
    copies = [each.to(dtype, copy=True) for each, dtype in zip(data, wanted, strict=True)]
    return copies[0] if len(copies) == 1 else tuple(copies)


@amp_multicast.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    shapes = [unify(a, b) for a, b in zip(inputs, outputs, strict=True)]
    return shapes, list(shapes)


@amp_multicast.type_rule
def _(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    narrow = attrs["cast_narrow"]
    if None in inputs and (narrow or torch.float32 not in inputs):
        return inputs, outputs  # an unknown dtype may still change what the others become
    return inputs, _multicast_types(inputs, narrow)


@amp_multicast.fast_gradient
def _(b: Backward):
    return [grad.to(each.dtype) for grad, each in zip(b.grads, b.inputs, strict=True)]


@elementwise("cast_storage", aliases=("_sparse_cast_storage",))
def cast_storage(
    data: torch.Tensor, *, stype: Literal["csr", "default", "row_sparse"]
) -> torch.Tensor:
    """Return a copy in another storage type; the values are the same.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape for 'default' and 'row_sparse', a matrix for 'csr'.
    stype : {'default', 'csr', 'row_sparse'}
        The storage type of the result.

    Returns
    -------
    NDArray or Symbol
        Same shape and dtype as `data`.

    Raises
    ------
    MXNetError
        If 'csr' is asked for and `data` is no matrix.

    Examples
    --------
    >>> mx.nd.cast_storage(mx.nd.array([[0, 1]]), "default").asnumpy().tolist()
    [[0.0, 1.0]]
    """
    if stype == "csr" and data.dim() != 2:
        raise MXNetError(f"data has shape {tuple(data.shape)}, but only a matrix can be csr")
    return data.clone()


@cast_storage.fast_gradient
def _(b: Backward):
    return (b.grads[0],)
