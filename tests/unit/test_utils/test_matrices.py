"""Matrices with known properties."""

from __future__ import annotations

import numpy as np
import pytest

from mxnet import test_utils


@pytest.mark.parametrize("dtype", ["int64", "float32"])
def test_counting_tensors(dtype):
    matrix = test_utils.create_2d_tensor(3, 2, dtype)
    assert matrix.asnumpy().tolist() == [[0, 0], [1, 1], [2, 2]]
    assert np.dtype(matrix.dtype) == dtype
    assert test_utils.create_vector(3, dtype).asnumpy().tolist() == [0, 1, 2]


def test_identity_matrices():
    assert test_utils.get_identity_mat(3).asnumpy().tolist() == np.eye(3).tolist()
    assert test_utils.get_identity_mat_batch(2).asnumpy().tolist() == [np.eye(2).tolist()] * 2


@pytest.mark.parametrize("n", [1, 2, 5, 12])
def test_eigenvalues_are_real_and_apart(n):
    values = np.linalg.eigvals(test_utils.new_matrix_with_real_eigvals_2d(n))
    assert np.isrealobj(values)
    assert np.abs(values).max() <= 10 + 1e-6
    assert n == 1 or np.diff(np.sort(values)).min() > 0.3 * 20 / n


@pytest.mark.parametrize("n", [1, 4])
def test_symmetric_matrices_are_symmetric(n):
    matrix = test_utils.new_sym_matrix_with_real_eigvals_2d(n)
    assert (matrix == matrix.T).all()


def test_orthonormal_matrices_keep_lengths():
    q = test_utils.new_orthonormal_matrix_2d(4)
    assert np.allclose(q.T @ q, np.eye(4))


@pytest.mark.parametrize(
    "make",
    [test_utils.new_matrix_with_real_eigvals_nd, test_utils.new_sym_matrix_with_real_eigvals_nd],
)
def test_batches_hold_different_matrices(make):
    batch = make((2, 3, 4, 4))
    assert batch.shape == (2, 3, 4, 4)
    assert len(np.unique(batch.reshape(6, -1)[:, 0])) == 6
    assert make((0, 2, 2)).shape == (0, 2, 2)
    with pytest.raises(ValueError, match=r"shape is \(3, 2\), but must end with two equal lengths"):
        make((3, 2))
