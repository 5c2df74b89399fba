"""Checks of whole arrays: whether values are finite, and whether two arrays are close."""

from __future__ import annotations

from typing import Any

import torch

from ..registry import Attrs, DTypes, Shapes, operator
from ..rules import (
    float32_output,
    require_count,
    require_same_shape,
    same_types,
    unify,
    zero_gradient,
)
from .forms import require_floats


def _one_number(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    return inputs, [(1,)]


def _one_type(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    return same_types(inputs, [], attrs)[0], [torch.float32]


def _is_finite(data: torch.Tensor) -> torch.Tensor:
    require_floats(data)
    return data.mul(0).sum().eq(0)  # NaN if anything is infinite or NaN; isfinite is slower


def _and_before(finite: torch.Tensor, init_output: bool, written: Any) -> torch.Tensor:
    """Return a verdict as an array of one number; without `init_output` the one before counts."""
    result = finite.float().reshape(1)
    return result if init_output or written is None else result * (written != 0)


@operator("all_finite", shapes=_one_number, types=float32_output)
def all_finite(
    data: torch.Tensor, *, init_output: bool = True, written: torch.Tensor | None
) -> torch.Tensor:
    """Return 1 if every element is finite, 0 if there is an infinity or a NaN.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape, floating dtype.
    init_output : bool, default True
        Whether the result starts from 1. With False a 0 in the array given as `out` stays 0, so
        that one array gathers what several calls find.

    Returns
    -------
    NDArray or Symbol
        Shape (1,), float32.

    Examples
    --------
    >>> mx.nd.all_finite(mx.nd.array([1, np.inf])).asnumpy().tolist()
    [0.0]
    """
    return _and_before(_is_finite(data), init_output, written)


@operator("multi_all_finite", count_attribute=None, shapes=_one_number, types=_one_type)
def multi_all_finite(
    *data: torch.Tensor,
    num_arrays: int = 1,
    init_output: bool = True,
    written: torch.Tensor | None,
) -> torch.Tensor:
    """Return 1 if every element of several arrays is finite, else 0.

    Parameters
    ----------
    *data : NDArray or Symbol
        Any shapes, one floating dtype.
    num_arrays : int, default 1
        How many there are.
    init_output : bool, default True
        As of `all_finite`.

    Returns
    -------
    NDArray or Symbol
        Shape (1,), float32.

    Examples
    --------
    >>> mx.nd.multi_all_finite(mx.nd.ones((2,)), mx.nd.ones((3,)), num_arrays=2).asnumpy().tolist()
    [1.0]
    """
    require_count(data, num_arrays)
    return _and_before(torch.stack([_is_finite(each) for each in data]).all(), init_output, written)


@operator("_contrib_allclose")
def allclose(
    a: torch.Tensor,
    b: torch.Tensor,
    *,
    rtol: float = 1e-05,
    atol: float = 1e-08,
    equal_nan: bool = True,
) -> torch.Tensor:
    """Return 1 if ``abs(a - b) <= atol + rtol * abs(b)`` for all elements, else 0.

    Parameters
    ----------
    a, b : NDArray or Symbol
        Two arrays of one shape and dtype.
    rtol : float, default 1e-5
        The relative tolerance.
    atol : float, default 1e-8
        The absolute tolerance.
    equal_nan : bool, default True
        Whether NaN is close to NaN.

    Returns
    -------
    NDArray or Symbol
        Shape (), uint8.

    Examples
    --------
    >>> int(mx.nd.contrib.allclose(mx.nd.ones((2,)), mx.nd.ones((2,)) + 1e-6).asnumpy())
    1
    """
    require_same_shape(a, b)
    return torch.isclose(a, b, rtol, atol, equal_nan).all().to(torch.uint8)


@allclose.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    shape = unify(inputs[0], inputs[1])
    return [shape, shape], [()]


@allclose.type_rule
def _(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    return same_types(inputs, [], attrs)[0], [torch.uint8]


for _operator in (all_finite, multi_all_finite, allclose):
    _operator.gradient(zero_gradient)
