"""What an indexing key says, as the functions that the reference shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..base import integer_types
from .eager import get_array_class

_BASIC, _ADVANCED, _EMPTY_TUPLE = 0, 1, 2


def get_indexing_dispatch_code(key: tuple[Any, ...]) -> int:
    """Return how a key with one part for each axis is read.

    Parameters
    ----------
    key : tuple
        As :func:`indexing_key_expand_implicit_axes` returns it.

    Returns
    -------
    int
        0 for integers, slices and None alone, 1 if an array or list is among them, 2 for ``()``
        inside of the key.

    Raises
    ------
    ValueError
        If a part is none of these.

    Examples
    --------
    >>> get_indexing_dispatch_code((0, slice(None))), get_indexing_dispatch_code((0, [1]))
    (0, 1)
    """
    if not isinstance(key, tuple):
        raise AssertionError(f"The key is a {type(key).__name__}, but must be a tuple.")
    code = _BASIC
    for part in key:
        if isinstance(part, (list, tuple, range, np.ndarray, get_array_class())):
            if isinstance(part, tuple) and not part:
                return _EMPTY_TUPLE
            code = _ADVANCED
        elif not (part is None or isinstance(part, (slice, *integer_types))):
            raise ValueError(
                f"An NDArray is not indexed by {part!r} of type {type(part).__name__}."
            )
    return code


def indexing_key_expand_implicit_axes(
    key: Any, shape: Sequence[int]
) -> tuple[tuple[Any, ...], int]:
    """Return a key with one part for each axis of an array, and what its truth values say.

    Parameters
    ----------
    key : Any
        One part, or a tuple of parts.
    shape : tuple of int
        Shape of the array that is indexed.

    Returns
    -------
    tuple
        The parts without Ellipsis, True and False, full slices for the axes not named.
    int
        1 or 0 for the last of True and False among the parts, -1 where there is none.

    Raises
    ------
    IndexError
        If Ellipsis comes twice.
    ValueError
        If a part is an NDArray of dtype bool.

    Examples
    --------
    >>> indexing_key_expand_implicit_axes((Ellipsis, 1), (2, 3, 4))
    ((slice(None, None, None), slice(None, None, None), 1), -1)
    """
    parts: list[Any] = []
    ellipsis, truth, used = None, -1, 0
    for part in key if isinstance(key, tuple) else (key,):
        if isinstance(part, get_array_class()) and part.dtype is np.bool_:
            raise ValueError("A boolean NDArray is an index in mx.np alone, not in mx.nd.")
        if part is Ellipsis:
            if ellipsis is not None:
                raise IndexError("The key has more than one Ellipsis (...).")
            ellipsis = len(parts)
        elif isinstance(part, bool):
            truth = int(part)
        else:
            parts.append(part)
            used += part is not None
    at = len(parts) if ellipsis is None else ellipsis
    parts[at:at] = [slice(None)] * max(len(shape) - used, 0)
    return tuple(parts), truth


def get_oshape_of_gather_nd_op(dshape: Sequence[int], ishape: Sequence[int]) -> tuple[int, ...]:
    """Return the shape of ``gather_nd`` for the shapes of its data and its indices.

    Examples
    --------
    >>> get_oshape_of_gather_nd_op((2, 3, 4), (2, 5))
    (5, 4)
    """
    if not (dshape and ishape):
        raise AssertionError("gather_nd: data and indices must have at least one axis.")
    return (*ishape[1:], *dshape[ishape[0] :])


def check_boolean_array_dimension(
    array_shape: Sequence[int], axis: int, bool_shape: Sequence[int]
) -> None:
    """Refuse a boolean index that does not fit the axes of an array from `axis` on.

    Raises
    ------
    IndexError
        If a length differs, or there are too few axes.
    """
    for at, length in enumerate(bool_shape, start=axis):
        if at >= len(array_shape) or array_shape[at] != length:
            raise IndexError(
                f"A boolean index of shape {tuple(bool_shape)} does not fit axis {at} of an array "
                f"of shape {tuple(array_shape)}."
            )
