"""Random shapes and coordinates, from NumPy's global generator."""

from __future__ import annotations

import numpy as np


def _lengths(limits: tuple[int, ...], allow_zero_size: bool) -> tuple[int, ...]:
    lowest = 0 if allow_zero_size else 1
    return tuple(int(np.random.randint(lowest, limit + 1)) for limit in limits)


def rand_shape_2d(dim0: int = 10, dim1: int = 10, allow_zero_size: bool = False) -> tuple[int, ...]:
    """Return a random shape of two axes, each from 1 (or 0) up to and including its limit.

    Examples
    --------
    >>> mx.test_utils.rand_shape_2d(1, 1)
    (1, 1)
    """
    return _lengths((dim0, dim1), allow_zero_size)


def rand_shape_3d(
    dim0: int = 10, dim1: int = 10, dim2: int = 10, allow_zero_size: bool = False
) -> tuple[int, ...]:
    """Return a random shape of three axes, each from 1 (or 0) up to and including its limit."""
    return _lengths((dim0, dim1, dim2), allow_zero_size)


def rand_shape_nd(num_dim: int, dim: int = 10, allow_zero_size: bool = False) -> tuple[int, ...]:
    """Return a random shape of `num_dim` axes, each from 1 (or 0) up to and including `dim`.

    Examples
    --------
    >>> mx.test_utils.rand_shape_nd(4, dim=1)
    (1, 1, 1, 1)
    """
    return _lengths((dim,) * num_dim, allow_zero_size)


def rand_coord_2d(x_low: int, x_high: int, y_low: int, y_high: int) -> tuple[int, int]:
    """Return a random pair of integers with ``x_low <= x < x_high`` and ``y_low <= y < y_high``.

    Examples
    --------
    >>> mx.test_utils.rand_coord_2d(3, 4, 5, 6)
    (3, 5)
    """
    return int(np.random.randint(x_low, x_high)), int(np.random.randint(y_low, y_high))
