"""DLPack's structures describe the memory that a capsule hands on."""

from __future__ import annotations

import ctypes

import mxnet as mx
from mxnet.ndarray.ndarray import DLDataType, DLManagedTensor


def _described(capsule):
    pointer = ctypes.pythonapi.PyCapsule_GetPointer
    pointer.restype, pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    address = pointer(capsule, b"dltensor")
    return ctypes.cast(address, ctypes.POINTER(DLManagedTensor)).contents.dl_tensor


def test_a_capsule_of_an_array_is_read_through_them():
    x = mx.nd.array([[1, 2, 3], [4, 5, 6]], dtype="int32")
    capsule = x.to_dlpack_for_read()
    tensor = _described(capsule)
    assert (tensor.ctx.device_type, tensor.ctx.device_id) == (1, 0)
    assert tensor.shape[: tensor.ndim] == [2, 3]
    kind = (tensor.dtype.type_code, tensor.dtype.bits, tensor.dtype.lanes)
    assert kind == DLDataType.TYPE_MAP["int32"]
    values = (ctypes.c_int32 * 6).from_address(tensor.data + tensor.byte_offset)
    assert list(values) == [1, 2, 3, 4, 5, 6]
