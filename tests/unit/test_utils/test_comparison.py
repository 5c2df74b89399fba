"""assert_almost_equal and its siblings: what passes, what fails, and what a failure says."""

from __future__ import annotations

import numpy as np
import pytest

import mxnet as mx
from mxnet import test_utils
from mxnet.dtype import bfloat16
from mxnet.test_utils import assert_almost_equal


def failure(function, *args, **kwargs) -> str:
    with pytest.raises(AssertionError) as caught:
        function(*args, **kwargs)
    return str(caught.value)


def test_a_failure_names_error_share_position_and_both_arrays():
    actual = np.array([[1, 2], [3, 4]], dtype="float32")
    desired = np.array([[1, 2.5], [3, 5]], dtype="float32")
    assert failure(assert_almost_equal, actual, desired, names=("x", "y")) == (
        "Items are not equal:\n"
        "Error 666.666667 exceeds tolerance rtol=1.000000e-04, atol=1.000000e-03"
        " (mismatch 50.000000%).\n"
        "Location of maximum error: (1, 1), x=4.00000000, y=5.00000000\n"
        " ACTUAL: array([[1., 2.],\n       [3., 4.]], dtype=float32)\n"
        " DESIRED: array([[1. , 2.5],\n       [3. , 5. ]], dtype=float32)\n"
        "Largest errors of 4 elements:\n"
        "  1: Error 666.666667 at (1, 1), x=4.00000000, y=5.00000000\n"
        "  2: Error 400.000000 at (0, 1), x=2.00000000, y=2.50000000"
    )


def test_a_failure_lists_as_many_elements_as_asked_for():
    text = failure(assert_almost_equal, np.zeros(9), np.ones(9), mismatches=(3, 3))
    assert text.count(": Error") == 3
    assert "mismatch 100.000000%" in text


def test_numpy_prints_as_before_after_a_failure():
    before = np.get_printoptions()
    failure(assert_almost_equal, np.zeros(100), np.ones(100))
    assert np.get_printoptions() == before


def test_nothing_is_printed(capsys):
    failure(assert_almost_equal, np.zeros(100), np.ones(100))
    assert capsys.readouterr() == ("", "")


def test_the_tolerance_is_relative_to_the_second_array():
    assert_almost_equal(np.array([89.5]), np.array([100.0]), rtol=0.11, atol=0)
    failure(assert_almost_equal, np.array([100.0]), np.array([89.5]), rtol=0.11, atol=0)


@pytest.mark.parametrize("make", [np.array, mx.nd.array, list, tuple])
def test_arrays_of_any_kind_are_compared(make):
    assert_almost_equal(make([1.0, 2.0]), [1.0, 2.0])
    assert "(1,), a=2.0" in failure(assert_almost_equal, make([1.0, 2.0]), np.array([1.0, 3.0]))


def test_sparse_arrays_are_compared_through_their_dense_form():
    sparse = mx.nd.array([[0, 1], [0, 0]]).tostype("csr")
    assert_almost_equal(sparse, np.array([[0, 1], [0, 0]]))
    failure(assert_almost_equal, sparse, np.zeros((2, 2)))


def test_bfloat16_is_compared_by_value():
    assert_almost_equal(mx.nd.array([1.5, 3.0]).astype(bfloat16), np.array([1.5, 3.0]))
    failure(assert_almost_equal, mx.nd.array([1.5, 3.0]).astype(bfloat16), np.array([1.5, 4.0]))


def test_shapes_broadcast_unless_they_must_not():
    assert_almost_equal(np.ones((2, 3)), np.ones(3))
    text = failure(assert_almost_equal, np.ones((2, 3)), np.ones(3), use_broadcast=False)
    assert text == "Items are not equal: a.shape = (2, 3) and b.shape = (3,) are not equal"


def test_shapes_that_do_not_broadcast_are_a_failure_not_a_crash():
    text = failure(assert_almost_equal, np.ones((2, 3)), np.ones(2))
    assert text == "Items are not equal: a.shape = (2, 3) and b.shape = (2,) do not broadcast"
    assert not test_utils.almost_equal(np.ones((2, 3)), np.ones(2))


def test_empty_arrays_are_equal():
    assert_almost_equal(np.ones((0, 3)), np.ones((0, 3)))


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_a_nan_equals_a_nan_only_on_request(dtype):
    both = np.array([np.nan, 1], dtype=dtype)
    assert "Error nan" in failure(assert_almost_equal, both, both)
    assert_almost_equal(both, both, equal_nan=True)


def test_with_equal_nan_the_largest_error_is_a_real_one():
    text = failure(
        assert_almost_equal, np.array([np.nan, 1.0]), np.array([np.nan, 2.0]), equal_nan=True
    )
    assert "Error 50000.000000" in text
    assert "mismatch 50.000000%" in text


def test_a_nan_never_equals_a_number():
    failure(assert_almost_equal, np.array([np.nan]), np.array([1.0]), equal_nan=True)


@pytest.mark.parametrize("pair", [(np.inf, 1), (1, np.inf), (-np.inf, np.inf), (1, -np.inf)])
def test_an_infinity_equals_only_itself(pair):
    text = failure(assert_almost_equal, np.array([pair[0]]), np.array([pair[1]]), rtol=0.5)
    assert "Error" in text
    assert_almost_equal(np.array([pair[0]]), np.array([pair[0]]))


@pytest.mark.parametrize("dtype", ["uint8", "int8", "int64", "bool"])
def test_whole_numbers_are_compared_exactly(dtype):
    few, many = np.array([0, 1], dtype=dtype), np.array([1, 1], dtype=dtype)
    assert_almost_equal(few, few)
    assert "mismatch 50.000000%" in failure(assert_almost_equal, few, many)


def test_large_integers_that_are_one_float_differ():
    failure(assert_almost_equal, np.array([2**60]), np.array([2**60 + 1]))


def test_unsigned_numbers_do_not_wrap_around():
    assert_almost_equal(np.array([3], "uint8"), np.array([5], "uint8"), atol=2)
    failure(assert_almost_equal, np.array([3], "uint8"), np.array([5], "uint8"), atol=1)
    assert_almost_equal(np.array([1], "int8"), np.array([-128], "int8"), rtol=1.1, atol=0)


def test_float16_differences_do_not_overflow():
    wide = np.array([60000], "float16")
    assert_almost_equal(wide, -wide, rtol=3, atol=0)


def test_a_share_of_wrong_elements_may_be_allowed():
    actual, desired = np.zeros(4), np.array([0, 0, 0, 1.0])
    test_utils.assert_almost_equal_with_err(actual, desired, etol=0.25)
    text = failure(
        test_utils.assert_almost_equal_with_err, actual, desired, etol=0.2, names=("x", "y")
    )
    assert "x=0.00000000, y=1.00000000" in text
    text = failure(test_utils.assert_almost_equal_with_err, actual, desired, names=("x", "y"))
    assert "x=0.00000000, y=1.00000000" in text


def test_nan_elements_of_either_array_can_be_ignored():
    ignore = test_utils.assert_almost_equal_ignore_nan
    ignore(np.array([np.nan, 1, 2]), np.array([5, np.nan, 2]))
    assert "(2,), a=2.0" in failure(ignore, np.array([np.nan, 1, 2]), np.array([5, 1, 3.0]))


def test_allclose_is_strict_and_takes_nan_for_nan():
    test_utils.assert_allclose([1.0, np.nan], [1.0, np.nan])
    failure(test_utils.assert_allclose, np.array([1.0]), np.array([1.000001]))


def test_almost_equal_uses_the_tolerance_of_the_types():
    assert test_utils.almost_equal(np.float32([1]), np.float32([1.0005]))
    assert not test_utils.almost_equal(np.float64([1]), np.float64([1.0005]))


def test_same_looks_at_shape_and_values_not_at_types():
    assert test_utils.same(np.ones(2, "float32"), mx.nd.ones((2,), dtype="int32"))
    assert not test_utils.same(np.ones(2), np.ones((1, 2)))
    assert not test_utils.same(np.array([np.nan]), np.array([np.nan]))


def test_check_shapes_names_both():
    test_utils.checkShapes(mx.nd.ones((2,)), np.ones(2))
    text = failure(test_utils.checkShapes, np.ones(2), mx.nd.ones((3,)))
    assert text.endswith("a.shape = (2,) and b.shape = (3,) are not equal")


def test_location_error_takes_ndarrays():
    pair = mx.nd.array([1, 2]), np.array([1, 3])
    assert (
        test_utils.locationError(*pair, (1,), ("x", "y"), maxError=True)
        == "Location of maximum error: (1,), x=2.00000000, y=3.00000000"
    )


class TestTuples:
    def test_nested_tuples_are_compared(self):
        x, y = mx.nd.array([1]), mx.nd.array([2])
        test_utils.compare_ndarray_tuple((x, (y, None)), (x, (y, None)))
        failure(test_utils.compare_ndarray_tuple, (x, (y, None)), (x, (x, None)))

    def test_nothing_is_compared_with_none(self):
        test_utils.compare_ndarray_tuple(None, mx.nd.array([1]))

    def test_tuples_of_different_length_differ(self):
        x = mx.nd.array([1])
        text = failure(test_utils.compare_ndarray_tuple, (x,), (x, x))
        assert text == "The tuples hold 1 and 2 arrays, not equally many"


class TestSameArray:
    @pytest.mark.parametrize("value", [1.0, 2.0**25, np.nan])
    def test_any_values_may_be_in_it(self, value):
        x = mx.nd.array([value])
        assert test_utils.same_array(x, x[:])
        assert not test_utils.same_array(x, x.copy())

    def test_it_is_not_changed(self):
        x = mx.nd.array([0.1])
        test_utils.same_array(x, x.copy())
        assert x.asnumpy()[0] == np.float32(0.1)


class TestException:
    def test_the_right_exception_passes(self):
        test_utils.assert_exception(int, ValueError, "x", base=10)

    def test_another_exception_passes_through(self):
        with pytest.raises(TypeError):
            test_utils.assert_exception(int, ValueError, [])

    @pytest.mark.parametrize("expected", [ValueError, AssertionError])
    def test_no_exception_is_a_failure(self, expected):
        text = failure(test_utils.assert_exception, int, expected, "7")
        assert text == f"int did not raise {expected.__name__}"


class TestSymbolStructure:
    def test_names_and_attributes_do_not_matter(self):
        a, b = mx.sym.var("a"), mx.sym.var("b")
        assert test_utils.same_symbol_structure(a + 1, b + 2)

    def test_operators_matter(self):
        a = mx.sym.var("a")
        assert not test_utils.same_symbol_structure(a + 1, a * 1)

    def test_a_longer_graph_that_begins_the_same_differs(self):
        a = mx.sym.var("a")
        assert not test_utils.same_symbol_structure(a + 1, (a + 1) * 2)

    def test_connections_matter(self):
        a, b = mx.sym.var("a"), mx.sym.var("b")
        assert not test_utils.same_symbol_structure((a + b) * a, (a + b) * b)
