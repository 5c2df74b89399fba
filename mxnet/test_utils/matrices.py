"""Matrices with known properties, for tests of linear algebra and of large tensors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .. import ndarray as nd
from ..ndarray import NDArray


def create_2d_tensor(rows: int, columns: int, dtype: Any = np.int64) -> NDArray:
    """Return an NDArray of which each element is the number of its row.

    Examples
    --------
    >>> mx.test_utils.create_2d_tensor(2, 3).asnumpy().tolist()
    [[0, 0, 0], [1, 1, 1]]
    """
    return nd.array(np.arange(rows).reshape(rows, 1).repeat(columns, axis=1), dtype=dtype)


def create_vector(size: int, dtype: Any = np.int64) -> NDArray:
    """Return the NDArray 0, 1, ..., size - 1.

    Examples
    --------
    >>> mx.test_utils.create_vector(3).asnumpy().tolist()
    [0, 1, 2]
    """
    return nd.array(np.arange(size), dtype=dtype)


def get_identity_mat(size: int) -> NDArray:
    """Return the float32 identity matrix of `size` rows."""
    return nd.array(np.eye(size), dtype=np.float32)


def get_identity_mat_batch(size: int) -> NDArray:
    """Return two float32 identity matrices as an NDArray of shape (2, size, size)."""
    return nd.array(np.stack([np.eye(size)] * 2), dtype=np.float32)


def new_orthonormal_matrix_2d(n: int) -> np.ndarray:
    """Return a random orthonormal matrix of shape (n, n).

    Examples
    --------
    >>> q = mx.test_utils.new_orthonormal_matrix_2d(3)
    >>> bool(np.allclose(q @ q.T, np.eye(3)))
    True
    """
    return np.linalg.qr(np.random.randn(n, n))[0]


def _eigenvalues(n: int) -> np.ndarray:
    """Return random numbers from -10 to 10 that keep a distance, so that none doubles."""
    width = 20 / n
    return -10 + width * (np.random.permutation(n) + np.random.uniform(0.2, 0.8, n))


def new_matrix_with_real_eigvals_2d(n: int) -> np.ndarray:
    """Return a random matrix of shape (n, n) with different real eigenvalues.

    Examples
    --------
    >>> eigenvalues = np.linalg.eigvals(mx.test_utils.new_matrix_with_real_eigvals_2d(4))
    >>> bool(np.isrealobj(eigenvalues))
    True
    """
    values = _eigenvalues(n)
    # A triangular matrix has its eigenvalues on the diagonal, and a rotation keeps them.
    triangular = np.diag(values) + np.triu(np.random.uniform(-1, 1, (n, n)), 1)
    rotation = new_orthonormal_matrix_2d(n)
    return rotation @ triangular @ rotation.T


def new_sym_matrix_with_real_eigvals_2d(n: int) -> np.ndarray:
    """Return a random symmetric matrix of shape (n, n) with different eigenvalues.

    Examples
    --------
    >>> a = mx.test_utils.new_sym_matrix_with_real_eigvals_2d(3)
    >>> bool((a == a.T).all())
    True
    """
    rotation = new_orthonormal_matrix_2d(n)
    full = (rotation * _eigenvalues(n)) @ rotation.T
    return (full + full.T) / 2


def _stack(shape: tuple[int, ...], make: Callable[[int], np.ndarray]) -> np.ndarray:
    if len(shape) < 2 or shape[-1] != shape[-2]:
        raise ValueError(f"shape is {tuple(shape)}, but must end with two equal lengths.")
    count = int(np.prod(shape[:-2], dtype=np.int64))
    matrices = [make(shape[-1]) for _ in range(count)]
    return np.array(matrices).reshape(shape)


def new_matrix_with_real_eigvals_nd(shape: tuple[int, ...]) -> np.ndarray:
    """Return an array of the given shape (..., n, n) of matrices with real eigenvalues."""
    return _stack(shape, new_matrix_with_real_eigvals_2d)


def new_sym_matrix_with_real_eigvals_nd(shape: tuple[int, ...]) -> np.ndarray:
    """Return an array of the given shape (..., n, n) of symmetric matrices."""
    return _stack(shape, new_sym_matrix_with_real_eigvals_2d)
