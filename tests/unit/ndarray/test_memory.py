"""Which arrays share memory, and which writes are refused."""

from __future__ import annotations

import numpy as np
import pytest

import mxnet as mx
from mxnet.base import MXNetError


def _cube():
    return mx.nd.arange(24).reshape((2, 3, 4))


def _shares(part, whole) -> bool:
    """Tell whether what is written into `part` shows in `whole`."""
    before = whole.asnumpy()
    part[:] = -1
    return not np.array_equal(before, whole.asnumpy())


@pytest.mark.parametrize(
    "key",
    [
        0,
        -1,
        slice(None),
        slice(0, 1),
        (1, slice(1, 3)),
        (slice(None),),
        (Ellipsis,),
        (0, 1),
        (None, 1),
    ],
    ids=str,
)
def test_a_contiguous_region_is_a_view(key):
    x = _cube()
    assert _shares(x[key], x)


@pytest.mark.parametrize(
    "key",
    [
        (slice(None), 1),
        (slice(None), slice(0, 2)),
        slice(None, None, -1),
        (Ellipsis, 0),
        [0, 1],
        np.array([0]),
        (0, [0, 1, 2]),
    ],
    ids=str,
)
def test_any_other_region_is_a_copy(key):
    x = _cube()
    assert not _shares(x[key], x)


@pytest.mark.parametrize(
    "reshape",
    [
        lambda x: x.reshape((4, 6)),
        lambda x: x.reshape(-1),
        lambda x: x.reshape((0, -1)),
        lambda x: x.detach(),
        lambda x: x.expand_dims(0, inplace=True),
        lambda x: x.flatten(inplace=True),
        lambda x: x.reshape((1, 24)).squeeze(0, inplace=True),
        lambda x: x.astype("float32", copy=False),
        lambda x: x.as_in_context(mx.cpu(0)),
    ],
)
def test_another_form_of_the_same_array_shares_memory(reshape):
    x = _cube()
    assert _shares(reshape(x), x)


def test_the_same_storage_type_is_a_copy():
    x = _cube()
    assert not _shares(x.tostype("default"), x)


@pytest.mark.parametrize(
    "copy",
    [
        lambda x: x.copy(),
        lambda x: x.copyto(mx.cpu(0)),
        lambda x: x.astype("float32"),
        lambda x: x.expand_dims(0),
        lambda x: x.flatten(),
        lambda x: x.as_in_context(mx.cpu(1)),
        lambda x: mx.nd.array(x),
        lambda x: mx.nd.identity(x),
        lambda x: mx.nd.reshape(x, shape=(24,)),
        lambda x: x.transpose(),
    ],
)
def test_a_copy_has_memory_of_its_own(copy):
    x = _cube()
    assert not _shares(copy(x), x)


def test_arithmetic_in_place_keeps_the_memory():
    x = mx.nd.ones((3,))
    view = x[1:]
    x += 1
    assert view.asnumpy().tolist() == [2, 2]


def test_out_may_be_an_input():
    x = mx.nd.array([1, 4, 9])
    assert mx.nd.sqrt(x, out=x) is x
    assert x.asnumpy().tolist() == [1, 2, 3]


def test_out_may_be_a_view():
    x = mx.nd.zeros((2, 3))
    mx.nd.ones((3,), out=x[1])
    assert x.asnumpy().tolist() == [[0, 0, 0], [1, 1, 1]]


def test_an_array_may_be_set_to_a_part_of_itself_that_overlaps():
    x = mx.nd.arange(5)
    x[1:] = x[:-1]
    assert x.asnumpy().tolist() == [0, 0, 1, 2, 3]


def test_a_read_only_array_can_not_be_set():
    x = mx.nd.NDArray(mx.nd.ones((2,)).handle, writable=False)
    with pytest.raises(ValueError, match="read-only"):
        x[0] = 5
    assert x.asnumpy().tolist() == [1, 1]


# While autograd records.


@pytest.fixture
def variable():
    x = mx.nd.array([1.0, 2.0, 3.0])
    x.attach_grad()
    return x


WRITES = {
    "set": lambda x: x.__setitem__(0, 5),
    "set all": lambda x: x.__setitem__(slice(None), 5),
    "add": lambda x: x.__iadd__(1),
    "multiply": lambda x: x.__imul__(2),
    "out": lambda x: mx.nd.ones((3,), out=x),
    "operator out": lambda x: mx.nd.sqrt(mx.nd.ones((3,)), out=x),
    "copyto": lambda x: mx.nd.ones((3,)).copyto(x),
    "dlpack": lambda x: x.to_dlpack_for_write(),
}


@pytest.mark.parametrize("write", WRITES)
def test_writes_to_an_array_of_the_graph_are_refused(variable, write):
    with mx.autograd.record():
        recorded = variable * 2
        for array in (variable, recorded):
            before = array.asnumpy()
            with pytest.raises(MXNetError, match="while autograd records"):
                WRITES[write](array)
            assert np.array_equal(array.asnumpy(), before)


def test_other_arrays_can_be_written_while_recording(variable):
    with mx.autograd.record():
        other = mx.nd.zeros((3,))
        other[:] = 5
        other += 1
        y = variable * other
    y.backward()
    assert variable.grad.asnumpy().tolist() == [6, 6, 6]


def test_variables_can_be_written_after_recording(variable):
    with mx.autograd.record():
        y = variable * variable
    y.backward()
    variable[:] = variable - 0.5 * variable.grad
    assert variable.asnumpy().tolist() == [0, 0, 0]


def test_a_write_between_recording_and_backward_is_told(variable):
    with mx.autograd.record():
        y = variable * variable
    variable[:] = 7
    with pytest.raises(MXNetError, match="was written in place after it was recorded"):
        y.backward()


def test_a_view_of_a_variable_is_part_of_the_graph(variable):
    with mx.autograd.record():
        y = variable[1:] * 10
    y.backward()
    assert variable.grad.asnumpy().tolist() == [0, 10, 10]


@pytest.mark.parametrize("recorded", [False, True])
@pytest.mark.parametrize(
    "call",
    [
        lambda x: mx.nd.transpose(x),
        lambda x: mx.nd.reshape(x, shape=(3, 2)),
        lambda x: mx.nd.expand_dims(x, axis=0),
        lambda x: mx.nd.slice_axis(x, axis=1, begin=0, end=2),
        lambda x: mx.nd.split(x, num_outputs=3, axis=1)[1],
        lambda x: mx.nd.Dropout(x, p=0.0),
        lambda x: mx.nd.BlockGrad(x),
        lambda x: mx.nd.flatten(x[0:1]),
    ],
)
def test_results_of_operators_have_memory_of_their_own(call, recorded):
    x = mx.nd.array([[1, 2, 3], [4, 5, 6]])
    x.attach_grad()
    with mx.autograd.record() if recorded else mx.autograd.pause():
        result = call(x)
    before = result.asnumpy()
    x[:] = 0
    assert np.array_equal(result.asnumpy(), before)
