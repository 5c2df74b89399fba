"""NDArrayIter: every sample, in batches."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import mxnet as mx


def epoch(iterator: Any) -> list[list[float]]:
    """Return the first data array of each batch, and begin the next epoch."""
    batches = [batch.data[0].asnumpy().tolist() for batch in iterator]
    iterator.reset()
    return batches


def test_the_last_batch_is_filled_from_the_beginning() -> None:
    iterator = mx.io.NDArrayIter(np.arange(5), np.arange(5) * 10, batch_size=2)
    last = list(iterator)[-1]
    assert last.data[0].asnumpy().tolist() == [4, 0]
    assert last.label[0].asnumpy().tolist() == [40, 0]
    assert (last.pad, last.index) == (1, None)


def test_a_batch_larger_than_the_data_wraps_around_again() -> None:
    batch = mx.io.NDArrayIter(np.arange(2), batch_size=5).next()
    assert (batch.data[0].asnumpy().tolist(), batch.pad) == ([0, 1, 0, 1, 0], 3)


def test_discard_leaves_the_rest_out() -> None:
    iterator = mx.io.NDArrayIter(np.arange(5), batch_size=2, last_batch_handle="discard")
    assert [epoch(iterator), epoch(iterator)] == [[[0, 1], [2, 3]]] * 2


def test_roll_over_puts_the_rest_in_front_of_the_next_epoch() -> None:
    iterator = mx.io.NDArrayIter(np.arange(5), batch_size=2, last_batch_handle="roll_over")
    assert epoch(iterator) == [[0, 1], [2, 3]]
    assert iterator.next().pad == 1
    assert epoch(iterator) == [[1, 2], [3, 4]]
    assert epoch(iterator) == [[0, 1], [2, 3]]


def test_roll_over_drops_the_rest_at_a_hard_reset() -> None:
    iterator = mx.io.NDArrayIter(np.arange(5), batch_size=2, last_batch_handle="roll_over")
    list(iterator)
    iterator.hard_reset()
    assert epoch(iterator) == [[0, 1], [2, 3]]


def test_roll_over_begins_anew_when_reset_in_the_middle() -> None:
    iterator = mx.io.NDArrayIter(np.arange(5), batch_size=2, last_batch_handle="roll_over")
    iterator.next()
    iterator.reset()
    assert epoch(iterator) == [[0, 1], [2, 3]]


def test_shuffling_gives_mxnets_batches_for_a_seed() -> None:
    np.random.seed(0)
    iterator = mx.io.NDArrayIter(np.arange(7), np.arange(7), batch_size=3, shuffle=True)
    assert epoch(iterator) == [[6, 2, 1], [3, 0, 5], [4, 6, 2]]
    assert epoch(iterator) == [[1, 4, 0], [3, 6, 2], [5, 1, 4]]
    assert epoch(iterator) == [[2, 3, 4], [5, 6, 1], [0, 2, 3]]


def test_shuffling_keeps_data_and_labels_together() -> None:
    iterator = mx.io.NDArrayIter(np.arange(7), -np.arange(7), batch_size=2, shuffle=True)
    for batch in iterator:
        assert (batch.data[0] + batch.label[0]).asnumpy().tolist() == [0, 0]


def test_names_come_from_dictionaries_in_sorted_order() -> None:
    iterator = mx.io.NDArrayIter({"b": np.zeros(2), "a": np.ones(2)}, {"l": np.zeros(2)})
    assert [desc.name for desc in iterator.provide_data] == ["a", "b"]
    assert [desc.name for desc in iterator.provide_label] == ["l"]
    assert [array.asscalar() for array in iterator.next().data] == [1, 0]


def test_several_arrays_without_names_are_numbered() -> None:
    iterator = mx.io.NDArrayIter([np.zeros(2), np.ones(2)], data_name="x")
    assert [desc.name for desc in iterator.provide_data] == ["_0_x", "_1_x"]
    assert iterator.provide_label == []


def test_numpy_arrays_become_float32_and_ndarrays_stay() -> None:
    data = mx.nd.arange(4, dtype="float16")
    iterator = mx.io.NDArrayIter(data, np.arange(4, dtype="int64"), batch_size=2)
    assert iterator.provide_data[0].dtype is np.float16
    assert iterator.next().label[0].dtype is np.float32


def test_the_layout_says_which_axis_is_cut() -> None:
    data = np.arange(12).reshape(2, 6)
    iterator = mx.io.NDArrayIter(data, np.arange(6), batch_size=4, layout="TN")
    assert iterator.provide_data[0].shape == (2, 4)
    batches = list(iterator)
    assert batches[1].data[0].asnumpy().tolist() == [[4, 5, 0, 1], [10, 11, 6, 7]]
    assert batches[1].label[0].asnumpy().tolist() == [4, 5, 0, 1]


def test_changing_a_batch_leaves_the_data_alone() -> None:
    data = mx.nd.arange(4)
    mx.io.NDArrayIter(data, batch_size=2).next().data[0][:] = 9
    assert data.asnumpy().tolist() == [0, 1, 2, 3]


def test_the_iterator_can_be_driven_by_hand() -> None:
    iterator = mx.io.NDArrayIter(np.arange(3), np.arange(3), batch_size=3)
    assert iterator.iter_next()
    assert iterator.getdata()[0].asnumpy().tolist() == [0, 1, 2]
    assert iterator.getlabel()[0].asnumpy().tolist() == [0, 1, 2]
    assert (iterator.getpad(), iterator.getindex(), iterator.iter_next()) == (0, None, False)
    with pytest.raises(StopIteration):
        iterator.next()


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"data": None}, mx.MXNetError, "data holds no array"),
        ({"data": "text"}, TypeError, "data is a str"),
        ({"data": np.zeros(3), "label": np.zeros(2)}, mx.MXNetError, "softmax_label has 2 samples"),
        ({"data": np.zeros(3), "last_batch_handle": "drop"}, mx.MXNetError, "is 'drop'"),
    ],
)
def test_wrong_arguments_are_refused(
    arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        mx.io.NDArrayIter(**arguments)


def test_sparse_data_can_be_iterated_in_order_only() -> None:
    data = mx.nd.array(np.eye(4)).tostype("csr")
    batches = list(mx.io.NDArrayIter(data, batch_size=2, last_batch_handle="discard"))
    assert [batch.data[0].stype for batch in batches] == ["csr", "csr"]
    assert batches[1].data[0].asnumpy().tolist() == [[0, 0, 1, 0], [0, 0, 0, 1]]
    with pytest.raises(NotImplementedError, match="discard"):
        mx.io.NDArrayIter(data, batch_size=2)
