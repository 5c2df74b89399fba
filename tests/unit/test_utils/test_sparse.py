"""Random sparse arrays: how much they store, where, and which values."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import scipy.sparse

import mxnet as mx
from mxnet import test_utils
from mxnet.test_utils import create_sparse_array, rand_sparse_ndarray


@pytest.mark.parametrize("stype", ["default", "row_sparse", "csr"])
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_any_storage_type_and_element_type(stype, dtype):
    array = test_utils.rand_ndarray((4, 3), stype, dtype=dtype, ctx=mx.cpu(1))
    assert (array.stype, array.shape, np.dtype(array.dtype)) == (stype, (4, 3), np.dtype(dtype))
    assert array.context == mx.cpu(1)


def test_a_dense_array_is_drawn_from_the_normal_distribution_of_the_global_seed():
    np.random.seed(3)
    right = np.random.randn(2, 3).astype("float32")
    np.random.seed(3)
    assert test_utils.same(test_utils.rand_ndarray((2, 3)), right)


@pytest.mark.parametrize("stype", ["foo", "default"])
def test_another_storage_type_is_refused(stype):
    with pytest.raises(AssertionError, match="unknown storage type"):
        rand_sparse_ndarray((2, 2), stype)
    with pytest.raises(AssertionError, match=f"Unknown storage type: {stype}"):
        create_sparse_array((2, 2), stype)


class TestRows:
    def test_density_is_the_chance_of_a_row(self):
        _, (values, rows) = rand_sparse_ndarray((1000, 2), "row_sparse", density=0.3)
        assert 200 < len(rows) < 400
        assert values.shape == (len(rows), 2)
        assert 0 <= values.min() < 0.05
        assert 0.95 < values.max() < 1

    @pytest.mark.parametrize(("density", "count"), [(0, 0), (1, 4)])
    def test_none_or_all(self, density, count):
        array, (values, rows) = rand_sparse_ndarray((4, 3), "row_sparse", density=density)
        assert (len(rows), len(array.indices), values.shape) == (count, count, (count, 3))
        assert array.asnumpy().any() == bool(count)

    @pytest.mark.parametrize("indices", [[3, 1], (3, 1), np.array([3, 1]), np.array([3.0, 1.0])])
    def test_rows_can_be_chosen(self, indices):
        array, (values, rows) = rand_sparse_ndarray(
            (4, 2), "row_sparse", density=0, rsp_indices=indices
        )
        assert rows.tolist() == [3, 1]
        assert test_utils.same(array.asnumpy()[[3, 1]], values)
        assert not array.asnumpy()[[0, 2]].any()

    @pytest.mark.parametrize("indices", [[4], [-1]])
    def test_rows_that_are_not_there_are_refused(self, indices):
        with pytest.raises(ValueError, match=r"rsp_indices are \[-?\d\], but must be from 0 to 3"):
            rand_sparse_ndarray((4, 2), "row_sparse", rsp_indices=indices)

    def test_a_row_can_not_be_stored_twice(self):
        with pytest.raises(ValueError, match="no row can be stored twice"):
            rand_sparse_ndarray((4, 2), "row_sparse", rsp_indices=[2, 2])

    def test_values_can_be_given_and_modified(self):
        array = create_sparse_array(
            (3, 2), "row_sparse", data_init=3, rsp_indices=[2, 0], modifier_func=lambda x: 2 * x
        )
        assert array.asnumpy().tolist() == [[6, 6], [0, 0], [6, 6]]

    def test_choosing_rows_leaves_the_callers_array(self):
        indices = np.array([2, 0])
        create_sparse_array((3, 2), "row_sparse", rsp_indices=indices)
        assert indices.tolist() == [2, 0]

    def test_zero_density_means_no_row_but_the_chosen_ones(self):
        make = test_utils.create_sparse_array_zd
        assert not make((4, 2), "row_sparse", 1.0).asnumpy().any()
        chosen = make((4, 2), "row_sparse", 1.0, data_init=1, rsp_indices=[1])
        assert chosen.asnumpy().sum(axis=1).tolist() == [0, 2, 0, 0]
        assert make((4, 2), "csr", 1.0).asnumpy().all()

    def test_a_power_law_is_for_csr(self):
        with pytest.raises(AssertionError, match="powerlaw not supported for row_sparse"):
            rand_sparse_ndarray((4, 2), "row_sparse", distribution="powerlaw")


class TestCsr:
    @pytest.mark.parametrize("density", [0, 0.3, 0.5, 1])
    def test_density_is_the_exact_share(self, density):
        array, (indptr, indices, data) = rand_sparse_ndarray((5, 8), "csr", density=density)
        assert len(data) == len(indices) == int(40 * density)
        assert indptr.asnumpy()[-1] == len(data)
        array.check_format()
        if density == 1:
            assert 0 <= data.asnumpy().min() < data.asnumpy().max() < 1

    @pytest.mark.parametrize("density", [-0.1, 1.1])
    def test_density_is_a_share(self, density):
        with pytest.raises(ValueError, match="but must be from 0 to 1"):
            rand_sparse_ndarray((5, 8), "csr", density=density)

    def test_values_can_be_given(self):
        array, _ = rand_sparse_ndarray((2, 2), "csr", density=1, data_init=3)
        assert array.asnumpy().tolist() == [[3, 3], [3, 3]]

    def test_it_has_two_axes(self):
        with pytest.raises(AssertionError, match=r"shape \(2, 2, 2\) must have two lengths"):
            rand_sparse_ndarray((2, 2, 2), "csr")

    def test_a_power_law_doubles_from_row_to_row_but_leaves_none_empty(self):
        array, _ = rand_sparse_ndarray((6, 40), "csr", density=0.2, distribution="powerlaw")
        stored = array.asnumpy()
        assert (stored != 0).sum(axis=1).tolist() == [2, 4, 8, 16, 17, 1]
        assert stored[1, :4].all()
        assert 1 <= stored[stored != 0].min() <= stored.max() <= 3

    @pytest.mark.parametrize(("density", "what"), [(0.02, "are needed"), (0.5, "too many")])
    def test_a_power_law_must_fit(self, density, what):
        with pytest.raises(ValueError, match=what):
            rand_sparse_ndarray((6, 40), "csr", density=density, distribution="powerlaw")

    def test_another_distribution_is_refused(self):
        with pytest.raises(AssertionError, match="Distribution not supported: poisson"):
            rand_sparse_ndarray((4, 2), "csr", distribution="poisson")

    def test_columns_can_be_out_of_order(self):
        array, (indptr, indices, _) = rand_sparse_ndarray(
            (4, 50), "csr", density=0.8, shuffle_csr_indices=True
        )
        starts, columns = indptr.asnumpy(), indices.asnumpy()
        rows = [columns[a:b] for a, b in itertools.pairwise(starts)]
        assert all(len(np.unique(row)) == len(row) for row in rows)
        assert any((np.diff(row) < 0).any() for row in rows)
        assert (array.asnumpy() != 0).sum() == len(columns)


def test_shuffling_moves_columns_and_keeps_values():
    dense = np.diag(np.arange(1.0, 4)) + np.eye(3, k=1)
    for matrix in (mx.nd.array(dense).tostype("csr"), scipy.sparse.csr_matrix(dense)):
        before = np.array(matrix.data.asnumpy() if hasattr(matrix, "asnumpy") else matrix.data)
        assert test_utils.shuffle_csr_column_indices(matrix) is None
        after = matrix.data.asnumpy() if hasattr(matrix, "asnumpy") else matrix.data
        assert test_utils.same(before, after)
