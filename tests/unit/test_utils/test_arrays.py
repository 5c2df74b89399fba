"""Random NumPy arrays, reductions over several axes, element-wise maps."""

from __future__ import annotations

import numpy as np
import pytest

import mxnet as mx
from mxnet import test_utils

X = np.arange(6.0).reshape(2, 3)


def test_one_random_array_comes_bare_and_several_in_a_list():
    assert test_utils.random_arrays((2, 3)).shape == (2, 3)
    several = test_utils.random_arrays((2,), ())
    assert [a.shape for a in several] == [(2,), ()]
    assert {a.dtype.name for a in several} == {"float32"}
    assert test_utils.random_arrays() == []


def test_random_arrays_follow_the_global_seed():
    np.random.seed(5)
    first = test_utils.random_arrays((3,))
    np.random.seed(5)
    assert test_utils.same(first, test_utils.random_arrays((3,)))


def test_uniform_arrays_fill_their_interval():
    (array,) = test_utils.random_uniform_arrays((1000,), low=2, high=4, dtype="float64")
    assert array.dtype == np.float64
    assert 2 <= array.min() < 2.1
    assert 3.9 < array.max() < 4
    with pytest.raises(TypeError, match="random_uniform_arrays has no argument size"):
        test_utils.random_uniform_arrays((2,), size=3)


def test_a_sample_holds_no_member_twice_and_leaves_the_population():
    population = list(range(5))
    assert len(set(test_utils.random_sample(population, 3))) == 3
    assert population == list(range(5))
    assert sorted(test_utils.random_sample(range(3), 3)) == [0, 1, 2]
    with pytest.raises(AssertionError, match="k is 6, but must be from 0 to 5"):
        test_utils.random_sample(population, 6)


@pytest.mark.parametrize("axis", [None, 0, 1, -1, (0, 1), (-1, -2), [0]])
@pytest.mark.parametrize("keepdims", [False, True])
def test_np_reduce_reduces_like_numpy(axis, keepdims):
    numpy_axis = tuple(axis) if isinstance(axis, list) else axis
    right = np.max(X, axis=numpy_axis, keepdims=keepdims)
    assert test_utils.same(test_utils.np_reduce(X, axis, keepdims, np.max), right)


@pytest.mark.parametrize("shape", [(3,), (1, 3), (2, 1), (), (2, 3), (1, 1)])
@pytest.mark.parametrize("make", [np.asarray, mx.nd.array])
def test_collapsing_undoes_broadcasting(shape, make):
    if make is mx.nd.array and shape == ():
        shape = (1,)  # MXNet knows no arrays without axes
    collapsed = test_utils.collapse_sum_like(make(X), shape)
    times = X.size // int(np.prod(shape))
    assert tuple(collapsed.shape) == shape
    assert float(collapsed.sum()) == X.sum()
    assert float(test_utils.collapse_sum_like(make(np.ones_like(X)), shape).max()) == times


@pytest.mark.parametrize("shape", [(2, 2), (1, 2, 3), (2,)])
def test_a_shape_that_does_not_broadcast_is_refused(shape):
    with pytest.raises(AssertionError, match="does not broadcast to"):
        test_utils.collapse_sum_like(X, shape)


def test_assign_each_maps_elements():
    assert test_utils.assign_each(X, lambda x: x + 0.5).tolist() == (X + 0.5).tolist()
    assert test_utils.assign_each(np.arange(3), lambda x: x / 2).tolist() == [0, 0.5, 1]
    assert test_utils.assign_each(mx.nd.array(X), lambda x: 2 * x).tolist() == (2 * X).tolist()
    assert test_utils.assign_each(np.zeros((0, 2)), lambda x: x).shape == (0, 2)


def test_assign_each_without_a_function_copies():
    copy = test_utils.assign_each(X, None)
    assert test_utils.same(copy, X)
    assert not np.shares_memory(copy, X)


def test_assign_each2_maps_pairs_of_equal_shapes():
    assert test_utils.assign_each2(X, X, lambda x, y: x * y).tolist() == (X * X).tolist()
    with pytest.raises(AssertionError, match=r"input1 has shape \(2, 3\), but input2 has \(3,\)"):
        test_utils.assign_each2(X, X[0], lambda x, y: x)
