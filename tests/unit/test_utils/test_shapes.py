"""Random shapes and coordinates stay within their limits and reach them."""

from __future__ import annotations

import pytest

from mxnet import test_utils


@pytest.mark.parametrize(
    "make",
    [
        lambda zero: test_utils.rand_shape_2d(2, 2, zero),
        lambda zero: test_utils.rand_shape_3d(2, 2, 2, zero),
        lambda zero: test_utils.rand_shape_nd(4, 2, zero),
    ],
)
@pytest.mark.parametrize("zero", [False, True])
def test_lengths_reach_both_limits(make, zero):
    lengths = {length for _ in range(100) for length in make(zero)}
    assert lengths == ({0, 1, 2} if zero else {1, 2})


def test_every_axis_has_a_limit_of_its_own():
    shapes = [test_utils.rand_shape_3d(1, 2, 3) for _ in range(100)]
    assert [max(lengths) for lengths in zip(*shapes, strict=True)] == [1, 2, 3]


def test_a_shape_of_no_axes_is_empty():
    assert test_utils.rand_shape_nd(0) == ()


def test_coordinates_exclude_their_upper_limit():
    pairs = [test_utils.rand_coord_2d(0, 2, 5, 7) for _ in range(100)]
    assert {x for x, _ in pairs} == {0, 1}
    assert {y for _, y in pairs} == {5, 6}
