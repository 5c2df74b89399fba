"""Iterators around iterators."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import mxnet as mx


def batches(iterator: Any) -> list[list[float]]:
    return [batch.data[0].asnumpy().tolist() for batch in iterator]


def numbers(count: int, **names: str) -> mx.io.NDArrayIter:
    return mx.io.NDArrayIter(np.arange(count), np.arange(count), batch_size=2, **names)


def test_resize_begins_anew_where_the_data_end() -> None:
    resized = mx.io.ResizeIter(numbers(4), 3)
    assert batches(resized) == [[0, 1], [2, 3], [0, 1]]
    resized.reset()
    assert batches(resized) == [[0, 1], [2, 3], [0, 1]]


def test_resize_can_go_on_where_the_last_epoch_ended() -> None:
    resized = mx.io.ResizeIter(numbers(6), 2, reset_internal=False)
    assert batches(resized) == [[0, 1], [2, 3]]
    resized.reset()
    assert batches(resized) == [[4, 5], [0, 1]]


def test_a_current_batch_is_there_after_the_first_next() -> None:
    resized = mx.io.ResizeIter(numbers(3), 2)
    with pytest.raises(mx.MXNetError, match="no current batch"):
        resized.getdata()
    list(resized)
    assert resized.getpad() == 1


def test_prefetching_gives_the_same_batches() -> None:
    prefetched = mx.io.PrefetchingIter(numbers(5))
    assert batches(prefetched) == [[0, 1], [2, 3], [4, 0]]
    prefetched.reset()
    assert batches(prefetched) == [[0, 1], [2, 3], [4, 0]]


def test_prefetching_can_be_reset_in_the_middle() -> None:
    prefetched = mx.io.PrefetchingIter(numbers(5))
    prefetched.next()
    prefetched.reset()
    assert batches(prefetched) == [[0, 1], [2, 3], [4, 0]]


def test_prefetching_joins_and_renames_iterators() -> None:
    prefetched = mx.io.PrefetchingIter(
        [numbers(4), numbers(4)],
        rename_data=[{"data": "x"}, {"data": "y"}],
        rename_label=[{}, {"softmax_label": "l"}],
    )
    assert [desc.name for desc in prefetched.provide_data] == ["x", "y"]
    assert [desc.name for desc in prefetched.provide_label] == ["softmax_label", "l"]
    batch = prefetched.next()
    assert (len(batch.data), len(batch.label), batch.pad) == (2, 2, 0)


def test_prefetched_iterators_must_have_equally_many_batches() -> None:
    prefetched = mx.io.PrefetchingIter([numbers(2), numbers(4)])
    prefetched.next()
    with pytest.raises(mx.MXNetError, match="Iterator 0 ended before iterator 1"):
        prefetched.next()


def test_an_error_in_the_background_comes_to_the_front() -> None:
    class Failing(mx.io.DataIter):
        provide_data = [mx.io.DataDesc("data", (2,))]
        provide_label: list[Any] = []

        def next(self) -> mx.io.DataBatch:
            raise OSError("the disk is gone")

    with pytest.raises(OSError, match="disk"):
        mx.io.PrefetchingIter(Failing(2)).next()


def test_prefetching_needs_an_iterator() -> None:
    with pytest.raises(mx.MXNetError, match="at least one"):
        mx.io.PrefetchingIter([])
