"""The bulk size is kept and restored, and nothing else."""

from __future__ import annotations

import pytest

import mxnet as mx


def test_set_bulk_size_returns_what_it_was():
    before = mx.engine.set_bulk_size(7)
    assert mx.engine.set_bulk_size(3) == 7
    assert mx.engine.set_bulk_size(before) == 3


def test_bulk_restores_the_size_when_the_block_raises():
    before = mx.engine.set_bulk_size(7)
    with pytest.raises(KeyError), mx.engine.bulk(10):
        raise KeyError
    assert mx.engine.set_bulk_size(before) == 7


def test_a_size_that_is_no_number_is_refused():
    with pytest.raises(TypeError):
        mx.engine.set_bulk_size("many")
