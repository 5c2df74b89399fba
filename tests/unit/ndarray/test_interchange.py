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
    x = _variable([1.0, 2.0])
    with mx.autograd.record():
        y = x * 2
        with mx.autograd.pause():
            assert not y.as_torch().requires_grad
    assert not y.as_torch().requires_grad
    x.as_torch()[0] = 5
    assert x.asnumpy().tolist() == [5, 2]


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


def test_a_recorded_operator_within_a_torch_graph_hands_the_gradient_on():
    weight = torch.tensor([2.0, 3.0], requires_grad=True)
    with mx.autograd.record():
        y = mx.nd.square(mx.nd.from_torch(weight * 2)).as_torch()
    (torch.exp(weight) + y).sum().backward()
    assert weight.grad.tolist() == pytest.approx((torch.exp(weight) + 8 * weight).tolist())


def test_an_operator_with_a_gradient_of_its_own_keeps_it_in_a_torch_graph():
    logits = torch.zeros((2, 4), requires_grad=True)
    with mx.autograd.record():
        out = mx.nd.SoftmaxOutput(mx.nd.from_torch(logits), mx.nd.array([0, 3])).as_torch()
    out.sum().backward()
    assert logits.grad[0].tolist() == [-0.75, 0.25, 0.25, 0.25]


def test_gradients_cross_the_border_several_times_and_add_up():
    x = _variable([0.5])
    factor = torch.nn.Parameter(torch.tensor([3.0]))
    with mx.autograd.record():
        y = mx.nd.from_torch(x.as_torch() * factor)
        z = mx.nd.from_torch((y * y).as_torch() * factor) + y
    z.backward()  # z = 27 x^2 + 3 x
    assert x.grad.asnumpy().tolist() == [30]
    assert factor.grad.tolist() == [0.5**2 * 3 * 9 + 0.5]


def test_a_gradient_is_asked_of_a_torch_tensor_by_mx_autograd_grad():
    weight = torch.tensor([2.0], requires_grad=True)
    with mx.autograd.record():
        w = mx.nd.from_torch(weight)
        [found] = mx.autograd.grad(w * w * w, [w], create_graph=True, retain_graph=True)
    found.backward()
    assert found.asnumpy().tolist() == [12]
    assert weight.grad.tolist() == [12]


def test_grad_req_add_gathers_the_gradients_of_torch_losses():
    x = mx.nd.array([1.0])
    x.attach_grad("add")
    for _ in range(3):
        with mx.autograd.record():
            loss = (x * 2).as_torch().sum()
        loss.backward()
    assert x.grad.asnumpy().tolist() == [6]


def test_an_optimizer_of_torch_moves_an_array():
    x = mx.nd.array([1.0, 2.0])
    parameter = torch.nn.Parameter(x.as_torch())
    optimizer = torch.optim.SGD([parameter], lr=0.5)
    parameter.sum().backward()
    optimizer.step()
    assert x.asnumpy().tolist() == [0.5, 1.5]


def test_an_optimizer_of_mxnet_moves_a_torch_parameter():
    parameter = torch.nn.Parameter(torch.tensor([1.0, 2.0]))
    parameter.sum().backward()
    update = mx.optimizer.get_updater(mx.optimizer.SGD(learning_rate=0.5))
    update(0, mx.nd.from_torch(parameter.grad), mx.nd.from_torch(parameter.detach()))
    assert parameter.tolist() == [0.5, 1.5]


def test_bfloat16_crosses_both_ways():
    tensor = torch.tensor([1.5, -2.0], dtype=torch.bfloat16)
    x = mx.nd.from_torch(tensor)
    x[0] = 3
    assert x.dtype == mx.dtype.bfloat16
    assert tensor.tolist() == [3, -2]
    assert mx.nd.from_dlpack(x.to_dlpack_for_read()).as_torch().dtype is torch.bfloat16


def test_elements_that_share_memory_can_be_read_only():
    x = mx.nd.from_torch(torch.ones(1).expand(3))
    assert (x + 1).asnumpy().tolist() == [2, 2, 2]
    with pytest.raises(ValueError, match="read-only"):
        x[:] = 0


def test_a_transposed_tensor_shares_memory():
    tensor = torch.arange(6.0).reshape(2, 3)
    x = mx.nd.from_torch(tensor.T)
    x[2, 1] = 9
    assert tensor.tolist() == [[0, 1, 2], [3, 4, 9]]
    assert mx.nd.dot(x, mx.nd.ones((2,))).asnumpy().tolist() == [3, 5, 11]


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        ([1.0], TypeError, "a list is no torch.Tensor"),
        (torch.ones(2, device="meta"), MXNetError, "meta is no device of MXNet"),
        (torch.ones(2, dtype=torch.int16), MXNetError, "torch.int16 is not an element type"),
        (torch.eye(2).to_sparse(), MXNetError, "neither a csr matrix nor"),
        (torch.eye(2).to_sparse(1).requires_grad_(), MXNetError, "detach it first"),
    ],
    ids=str,
)
def test_from_torch_refuses_what_has_no_form_here(value, error, message):
    with pytest.raises(error, match=message):
        mx.nd.from_torch(value)


@pytest.mark.parametrize("stype", ["csr", "row_sparse"])
def test_sparse_arrays_cross_both_ways_and_share_their_values(stype):
    x = mx.nd.array([[0, 1, 2], [0, 0, 0], [3, 0, 0]]).tostype(stype)
    tensor = x.as_torch()
    assert tensor.to_dense().tolist() == x.asnumpy().tolist()
    again = mx.nd.from_torch(tensor)
    again.check_format()
    assert (again.stype, again.shape) == (stype, (3, 3))
    tensor.values().mul_(2)
    assert x.data.asnumpy().sum() == again.data.asnumpy().sum() == 12


def test_rows_of_a_sparse_tensor_that_come_twice_are_added():
    rows, values = torch.tensor([[2, 0, 2]]), torch.tensor([[1.0], [2.0], [3.0]])
    x = mx.nd.from_torch(torch.sparse_coo_tensor(rows, values, (4, 1)))
    assert x.indices.asnumpy().tolist() == [0, 2]
    assert x.asnumpy().tolist() == [[2], [0], [4], [0]]


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


def test_a_capsule_serves_once():
    capsule = mx.nd.ones((2,)).to_dlpack_for_read()
    mx.nd.from_dlpack(capsule)
    with pytest.raises(AssertionError, match="a DLPack capsule that has not served yet"):
        mx.nd.from_dlpack(capsule)


@pytest.mark.parametrize(
    "source", [np.arange(3, dtype="uint16"), np.ones(2, "complex64"), np.empty(1, "O")], ids=str
)
def test_from_dlpack_refuses_a_dtype_that_mxnet_does_not_know(source):
    with pytest.raises(MXNetError, match="from_dlpack|is not an element type of MXNet"):
        mx.nd.from_dlpack(source)


def test_from_dlpack_refuses_a_read_only_array():
    source = np.zeros(2)
    source.flags.writeable = False
    with pytest.raises(MXNetError, match="from_dlpack: the NumPy array is read-only"):
        mx.nd.from_dlpack(source)


def test_a_sparse_array_shows_the_values_that_it_stores():
    x = mx.nd.array([[0, 5], [6, 0]]).tostype("csr")
    assert mx.nd.from_dlpack(x.to_dlpack_for_read()).asnumpy().tolist() == [5, 6]
    assert torch.from_dlpack(x).tolist() == [5, 6]


def test_an_array_of_the_graph_is_not_handed_out_to_be_written():
    x = _variable([1.0])
    with mx.autograd.record(), pytest.raises(MXNetError, match="In-place writes"):
        (x * 2).to_dlpack_for_write()


# NumPy.


def test_numpy_reads_an_array():
    x = mx.nd.array([[1, 2], [3, 4]])
    assert np.asarray(x).dtype == np.float32
    assert np.asarray(x, dtype="int64").tolist() == [[1, 2], [3, 4]]


def test_numpy_gets_a_copy_unless_it_asks_for_none():
    x = mx.nd.zeros((2,))
    copied, shared = np.asarray(x), x.__array__(copy=False)
    x[:] = 5
    assert copied.tolist() == [0, 0]
    assert shared.tolist() == [5, 5]


@pytest.mark.skipif(np.__version__ < "2", reason="before, copy=False meant: if it can be avoided")
def test_numpy_2_asks_for_no_copy():
    x = mx.nd.zeros((2,))
    shared = np.array(x, copy=False)
    x[:] = 5
    assert shared.tolist() == [5, 5]
    with pytest.raises(ValueError, match="needs a copy"):
        np.array(x, dtype="float64", copy=False)


@pytest.mark.parametrize("stype", ["default", "csr", "row_sparse"])
def test_no_copy_where_one_is_needed_is_refused(stype):
    x = mx.nd.zeros((2, 2)).tostype(stype)
    with pytest.raises(ValueError, match="needs a copy"):
        x.__array__(dtype="float64", copy=False)


def test_bfloat16_is_read_as_its_bits_or_as_numbers():
    x = mx.nd.array([1, -2], dtype=mx.dtype.bfloat16)
    assert np.asarray(x).dtype == mx.dtype.bfloat16
    assert np.asarray(x, dtype="float64").tolist() == [1, -2]
    x.__array__(copy=False)["bfloat16"][0] = 0x4040
    assert x.astype("float32").asnumpy().tolist() == [3, -2]


@pytest.mark.parametrize("dtype", mx.dtype.NAMES)
def test_item_is_a_python_number(dtype):
    x = mx.nd.array([[1]], dtype=dtype)
    assert x.item() == 1
    assert type(x.item()) is (bool if dtype == "bool" else float if "float" in dtype else int)


def test_item_at_an_index():
    x = mx.nd.array([[1, 2], [3, 4]])
    assert (x.item(1, 0), x.item((0, 1)), x.item(3)) == (3, 2, 4)
    with pytest.raises(ValueError, match=r"item: the array has shape \(2, 2\)"):
        x.item()


def test_ufuncs_and_functions_of_numpy_read_an_array():
    x, y = mx.nd.array([[1, 2], [3, 4]]), np.ones((2, 2))
    assert np.add(x, y).tolist() == [[2, 3], [4, 5]]
    assert np.concatenate([x, x]).shape == (4, 2)
    assert isinstance(np.exp(x), np.ndarray)
    out = np.zeros((2, 2))
    np.add(x, x, out=out)
    assert out.tolist() == [[2, 4], [6, 8]]


def test_the_operators_of_a_numpy_array_leave_the_answer_to_an_ndarray():
    x, y = mx.nd.ones((2,)), np.ones(2)
    for operation in (lambda: y + x, lambda: x + y, lambda: y == x, lambda: y**x):
        with pytest.raises(TypeError, match="does not mix with a ndarray"):
            operation()
    assert isinstance(np.float64(2) * x, mx.nd.NDArray)


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


def test_from_numpy_takes_an_array_that_is_locked_already(recwarn):
    source = np.zeros(3)
    x, y = mx.nd.from_numpy(source), mx.nd.from_numpy(source)
    x[1] = 2
    assert y.asnumpy().tolist() == [0, 2, 0]
    assert not recwarn


@pytest.mark.parametrize("zero_copy", [True, False])
@pytest.mark.parametrize("dtype", ["uint16", "complex64", "S3", "object", "datetime64[s]"])
def test_from_numpy_refuses_a_dtype_that_mxnet_does_not_know(dtype, zero_copy):
    with pytest.raises(ValueError, match="is not an element type of MXNet"):
        mx.nd.from_numpy(np.zeros(2, dtype), zero_copy=zero_copy)


def test_from_numpy_copies_what_it_can_not_share():
    swapped = np.arange(6).reshape(2, 3).astype(">f4").T
    x = mx.nd.from_numpy(swapped, zero_copy=False)
    assert (x.dtype, x.asnumpy().tolist()) == (np.float32, [[0, 3], [1, 4], [2, 5]])


def test_from_numpy_takes_bfloat16():
    x = mx.nd.from_numpy(np.array([(0x3F80,), (0x4040,)], mx.dtype.bfloat16))
    assert x.astype("float32").asnumpy().tolist() == [1, 3]


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
