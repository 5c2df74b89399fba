"""Descriptions and batches."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

import mxnet as mx


def test_a_description_equals_the_pair_of_name_and_shape() -> None:
    desc = mx.io.DataDesc("data", (2, 3), "float16", "NTC")
    assert desc == ("data", (2, 3))
    assert (desc.dtype, desc.layout) == ("float16", "NTC")
    assert repr(desc) == "DataDesc[data,(2, 3),float16,NTC]"


def test_a_description_keeps_dtype_and_layout_in_a_pickle() -> None:
    desc = pickle.loads(pickle.dumps(mx.io.DataDesc("data", (2, 3), "int32", "TNC")))
    assert (desc, desc.dtype, desc.layout) == (("data", (2, 3)), "int32", "TNC")


@pytest.mark.parametrize(
    ("layout", "axis"), [("NCHW", 0), ("TNC", 1), ("TC", -1), ("", -1), (None, 0)]
)
def test_the_batch_axis_is_where_n_stands(layout: str | None, axis: int) -> None:
    assert mx.io.DataDesc.get_batch_axis(layout) == axis


def test_descriptions_are_made_of_shapes_and_types() -> None:
    (desc,) = mx.io.DataDesc.get_list([("a", (1, 2))], [("a", np.float16)])
    assert (desc.name, desc.shape, desc.dtype) == ("a", (1, 2), np.float16)


def test_a_batch_shows_its_shapes() -> None:
    batch = mx.io.DataBatch([mx.nd.ones((2, 3))], [mx.nd.ones((2,))])
    assert str(batch) == "DataBatch: data shapes: [(2, 3)] label shapes: [(2,)]"
    assert str(mx.io.DataBatch([mx.nd.ones((2,))])).endswith("label shapes: None")


@pytest.mark.parametrize("what", ["data", "label"])
def test_a_batch_holds_lists(what: str) -> None:
    arrays = {"data": [mx.nd.ones((2,))], "label": None, what: mx.nd.ones((2,))}
    with pytest.raises(mx.MXNetError, match=f"{what} is a NDArray, but must be a list"):
        mx.io.DataBatch(**arrays)


def test_the_base_iterator_is_empty() -> None:
    with pytest.raises(StopIteration):
        mx.io.DataIter(4).next()
    assert list(mx.io.DataIter(4)) == []
