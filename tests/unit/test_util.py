import threading

import pytest
import torch

import mxnet as mx
from mxnet.base import MXNetError


@pytest.mark.parametrize(
    ("action", "name"),
    [
        (mx.util.set_np, "set_np"),
        (mx.util.np_array, "np_array"),
        (lambda: mx.util.use_np(print), "use_np"),
        (lambda: mx.util.use_np_array(print), "use_np_array"),
    ],
)
def test_arrays_with_numpy_semantics_are_refused(action, name):
    message = f"^{name}: NumPy arrays need mx.np, which is not there yet"
    with pytest.raises(MXNetError, match=message):
        action()
    assert not mx.util.is_np_shape()


def test_a_property_is_read_written_and_deleted_under_shape_semantics():
    seen = []

    @mx.util.use_np_shape
    class Flower:
        @property
        def petals(self):
            """How many."""
            seen.append(mx.util.is_np_shape())

        @petals.setter
        def petals(self, value):
            seen.append((mx.util.is_np_shape(), value))

        @petals.deleter
        def petals(self):
            seen.append(mx.util.is_np_shape())

    flower = Flower()
    _ = flower.petals
    flower.petals = 3
    del flower.petals
    assert seen == [True, (True, 3), True]
    assert Flower.petals.__doc__ == "How many."


def test_messages_of_ufunc_options():
    wrapped = mx.util.wrap_np_unary_func(abs)
    with pytest.raises(TypeError, match="^abs: there is no option 'colour'"):
        wrapped(1, colour=2)
    with pytest.raises(TypeError, match="^abs: casting is 'bad', which NumPy does not know"):
        wrapped(1, casting="bad")
    with pytest.raises(NotImplementedError, match="^abs: order is 'C', but only 'K' is supported"):
        wrapped(1, order="C")


def test_messages_of_environment_variables():
    with pytest.raises(AttributeError, match="^getenv: name is a int, but must be a string"):
        mx.util.getenv(3)
    with pytest.raises(AttributeError, match="^setenv: value is a int, but must be a string"):
        mx.util.setenv("MXNET_UNIT_TEST", 3)
    assert mx.util.getenv("MXNET_UNIT_TEST") is None


def test_messages_of_decorators():
    with pytest.raises(TypeError, match="^use_np_shape: a int was given, but it decorates funct"):
        mx.util.use_np_shape(3)
    with pytest.raises(ValueError, match="^set_np: array=True needs shape=True"):
        mx.util.set_np(shape=False)


def test_a_gpus_memory_and_capability_are_what_torch_says(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (device.index, 80))
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: (9, device.index))
    assert (mx.util.get_gpu_count(), mx.context.num_gpus()) == (2, 2)
    assert mx.util.get_gpu_memory(1) == mx.context.gpu_memory_info(1) == (1, 80)
    assert mx.util.get_cuda_compute_capability(mx.gpu(1)) == 91
    with pytest.raises(MXNetError, match=r"^gpu\(2\) does not exist: torch .* sees 2 CUDA dev"):
        mx.context.gpu_memory_info(2)
    with pytest.raises(MXNetError, match=r"^gpu\(-1\) does not exist"):
        mx.context.gpu_memory_info(-1)
    with pytest.raises(ValueError, match=r"^get_cuda_compute_capability: ctx is cpu\(0\), but mus"):
        mx.util.get_cuda_compute_capability(mx.cpu())


def test_without_cuda_there_is_no_capability(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(OSError, match="^get_cuda_compute_capability: torch sees no CUDA device"):
        mx.util.get_cuda_compute_capability(mx.gpu())


def test_threads_may_enter_one_context_at_a_time():
    context, ready, done = mx.cpu(5), threading.Event(), threading.Event()
    seen = []

    def other():
        with mx.cpu(6), context:
            ready.set()
            done.wait(10)
        seen.append(mx.current_context())

    thread = threading.Thread(target=other)
    thread.start()
    ready.wait(10)
    with context:
        done.set()
        thread.join()
    assert (seen, mx.current_context()) == ([mx.cpu(0)], mx.cpu(0))


def test_a_context_may_be_entered_twice():
    context = mx.cpu(5)
    with context, context:
        pass
    assert mx.current_context() == mx.cpu(0)


def test_a_negative_bulk_size_is_refused():
    before = mx.engine.set_bulk_size(3)
    with pytest.raises(MXNetError, match="^set_bulk_size: size is -1, but must not be negative"):
        mx.engine.set_bulk_size(-1)
    assert mx.engine.set_bulk_size(before) == 3
