"""NDArrays and other libraries: torch with gradients across, DLPack both ways, NumPy, pickles."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
import torch

import mxnet as mx
from mxnet.base import MXNetError


def _variable(values):
    x = mx.nd.array(values)
    x.attach_grad()
    return x


# torch.


def test_as_torch_shares_memory():
    x = mx.nd.zeros((2,))
    x.as_torch()[0] = 5
    x[1] = 7
    assert x.as_torch().tolist() == [5, 7]


def test_outside_of_recording_as_torch_needs_no_gradient():
    assert not mx.nd.ones((2,)).as_torch().requires_grad


def test_from_torch_shares_memory():
    tensor = torch.zeros(2)
    x = mx.nd.from_torch(tensor)
    x[0] = 5
    tensor[1] = 7
    assert x.asnumpy().tolist() == tensor.tolist() == [5, 7]


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "uint8", "int32", "bool"])
def test_from_torch_keeps_the_dtype(dtype):
    x = mx.nd.from_torch(torch.ones(2, dtype=getattr(torch, dtype)))
    assert np.dtype(x.dtype).name == dtype


def test_from_torch_refuses_a_dtype_that_mxnet_does_not_know():
    with pytest.raises(MXNetError, match=r"from_torch: torch.complex64 is not an element type"):
        mx.nd.from_torch(torch.ones(2, dtype=torch.complex64))


def test_a_gradient_flows_through_torch_code_between_recorded_operators():
    x = _variable([1.0, 2.0])
    with mx.autograd.record():
        y = mx.nd.from_torch(torch.exp((x * 2).as_torch())) * 3
    y.backward()
    assert x.grad.asnumpy() == pytest.approx(6 * np.exp([2.0, 4.0]), rel=1e-6)


def test_a_torch_loss_reaches_a_variable():
    x = _variable([1.0, -2.0])
    with mx.autograd.record():
        loss = mx.nd.square(x).as_torch().sum()
    loss.backward()
    assert x.grad.asnumpy().tolist() == [2, -4]


def test_a_torch_parameter_gets_its_gradient_through_recorded_operators():
    weight = torch.nn.Parameter(torch.tensor([2.0, 3.0]))
    with mx.autograd.record():
        y = mx.nd.square(mx.nd.from_torch(weight))
    y.backward()
    assert weight.grad.tolist() == [4, 6]


def test_a_torch_module_trains_within_a_recorded_network():
    torch.manual_seed(0)
    layer, x = torch.nn.Linear(3, 1), _variable([[1.0, 2.0, 3.0]])
    with mx.autograd.record():
        out = mx.nd.from_torch(layer((x * 2).as_torch()))
        loss = mx.nd.square(out)
    loss.backward()
    slope = 2 * float(out) * layer.weight.detach().numpy()
    assert x.grad.asnumpy() == pytest.approx(2 * slope, rel=1e-5)
    assert layer.bias.grad.item() == pytest.approx(2 * float(out), rel=1e-6)


def test_what_is_not_recorded_is_no_part_of_torchs_graph():
    x = _variable([1.0, 2.0])
    assert not mx.nd.square(x).as_torch().requires_grad


# DLPack.


@pytest.mark.parametrize("export", ["to_dlpack_for_read", "to_dlpack_for_write"])
def test_capsules_share_memory(export):
    x = mx.nd.zeros((2, 3))
    y = mx.nd.from_dlpack(getattr(x, export)())
    y[0, 0] = 5
    assert x[0, 0].asscalar() == 5


@pytest.mark.parametrize("export", ["to_dlpack_for_read", "to_dlpack_for_write"])
def test_the_functions_do_what_the_methods_do(export):
    x = mx.nd.array([1, 2, 3])
    y = mx.nd.from_dlpack(getattr(mx.nd, export)(x))
    assert y.asnumpy().tolist() == [1, 2, 3]


def test_libraries_that_speak_dlpack_read_an_array():
    x = mx.nd.array([1, 2, 3])
    shared = torch.from_dlpack(x)
    shared[0] = 9
    assert np.from_dlpack(x).tolist() == [9, 2, 3]
    assert x.__dlpack_device__() == (1, 0)


def test_an_array_is_made_of_any_object_that_speaks_dlpack():
    for source in (torch.arange(3.0), np.arange(3.0, dtype="float32"), mx.nd.arange(3)):
        assert mx.nd.from_dlpack(source).asnumpy().tolist() == [0, 1, 2]


def test_a_capsule_keeps_the_memory_alive():
    y = mx.nd.from_dlpack(mx.nd.full((1000,), 3).to_dlpack_for_read())
    assert set(y.asnumpy().tolist()) == {3}


# NumPy.


def test_numpy_reads_an_array():
    x = mx.nd.array([[1, 2], [3, 4]])
    assert np.asarray(x).dtype == np.float32
    assert np.asarray(x, dtype="int64").tolist() == [[1, 2], [3, 4]]


def test_numpy_gets_a_copy_unless_it_asks_for_none():
    x = mx.nd.zeros((2,))
    copied, shared = np.asarray(x), np.array(x, copy=False)
    x[:] = 5
    assert copied.tolist() == [0, 0]
    assert shared.tolist() == [5, 5]


def test_no_copy_where_one_is_needed_is_refused():
    with pytest.raises(ValueError, match="needs a copy"):
        np.array(mx.nd.zeros((2,)), dtype="float64", copy=False)
    with pytest.raises(ValueError, match="without a copy"):
        np.array(mx.nd.zeros((2,), dtype=mx.dtype.bfloat16), copy=False)


def test_asnumpy_is_a_copy():
    x = mx.nd.zeros((2,))
    x.asnumpy()[:] = 5
    assert x.asnumpy().tolist() == [0, 0]


def test_from_numpy_shares_memory_and_locks_the_source():
    source = np.zeros(3, dtype="float32")
    x = mx.nd.from_numpy(source)
    x[0] = 5
    assert source.tolist() == [5, 0, 0]
    with pytest.raises(ValueError, match="read-only"):
        source[0] = 1


def test_from_numpy_with_a_copy_leaves_the_source_alone():
    source = np.zeros(3)
    x = mx.nd.from_numpy(source, zero_copy=False)
    x[0] = 5
    source[1] = 7
    assert x.asnumpy().tolist() == [5, 0, 0]


def test_from_numpy_refuses_what_it_can_not_share():
    with pytest.raises(ValueError, match="only a C-contiguous array"):
        mx.nd.from_numpy(np.zeros((2, 3)).T)


# Pickles and copies.


@pytest.mark.parametrize("dtype", mx.dtype.NAMES)
def test_a_pickle_keeps_values_and_dtype(dtype):
    x = mx.nd.array([0, 1, 1], dtype=dtype)
    again = pickle.loads(pickle.dumps(x))
    assert again.dtype == x.dtype
    assert again.astype("float32").asnumpy().tolist() == [0, 1, 1]


def test_a_pickle_comes_back_on_the_cpu():
    x = mx.nd.ones((2,), ctx=mx.cpu(3))
    assert pickle.loads(pickle.dumps(x)).context == mx.cpu(0)


@pytest.mark.parametrize("stype", ["csr", "row_sparse"])
@pytest.mark.parametrize("dtype", mx.dtype.NAMES)
def test_a_pickle_of_a_sparse_array_stays_sparse(dtype, stype):
    x = mx.nd.array([[0, 1], [0, 0]], dtype=dtype).tostype(stype)
    again = pickle.loads(pickle.dumps(x))
    assert (again.stype, again.dtype, again.shape) == (stype, x.dtype, (2, 2))
    assert again.indices.asnumpy().tolist() == x.indices.asnumpy().tolist()
    assert (again.asnumpy() == x.asnumpy()).all()


@pytest.mark.parametrize("shape", [(), (0,), (2, 0), (1, 1)])
def test_a_pickle_keeps_every_shape(shape):
    x = mx.nd.from_numpy(np.ones(shape))
    assert pickle.loads(pickle.dumps(x)).shape == shape


def test_a_pickle_of_an_array_of_another_storage_type_is_refused():
    x = mx.nd.ones((2, 2))
    with pytest.raises(MXNetError, match="pickled NDArray is damaged: it holds a CSRNDArray"):
        x.__setstate__(x.tostype("csr").__getstate__())


def test_an_array_of_nothing_has_a_pickle():
    assert pickle.loads(pickle.dumps(mx.nd.NDArray(None)))._data is None


def test_a_pickle_of_a_view_holds_the_view_alone():
    x = mx.nd.zeros((1000, 10))
    assert len(pickle.dumps(x[0])) < 1000


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy])
def test_copies_have_memory_of_their_own(duplicate):
    x = mx.nd.zeros((2,))
    other = duplicate(x)
    other[:] = 5
    assert x.asnumpy().tolist() == [0, 0]


@pytest.mark.parametrize("stype", ["default", "csr", "row_sparse"])
@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy])
def test_copies_keep_context_and_storage_type(duplicate, stype):
    x = mx.nd.zeros((2, 2), ctx=mx.cpu(3)).tostype(stype)
    assert (duplicate(x).context, duplicate(x).stype) == (mx.cpu(3), stype)


def test_a_copy_is_no_part_of_the_recorded_graph():
    x = _variable([1.0, 2.0])
    with mx.autograd.record():
        other = copy.deepcopy(x * 2)
    with pytest.raises(MXNetError, match="no part of a recorded graph"):
        other.backward()


def test_a_deep_copy_holds_an_array_once():
    x = mx.nd.zeros((2,))
    first, second = copy.deepcopy([x, x])
    assert first is second
