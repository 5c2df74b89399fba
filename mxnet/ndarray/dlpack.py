"""The C structures that a DLPack capsule holds, as https://dmlc.github.io/dlpack states them."""

from __future__ import annotations

import ctypes
from typing import ClassVar

_LENGTHS = ctypes.POINTER(ctypes.c_int64)


class DLContext(ctypes.Structure):
    """The device of a tensor: 1 for the CPU, 2 for CUDA, and which one."""

    _fields_ = (("device_type", ctypes.c_int), ("device_id", ctypes.c_int))


class DLDataType(ctypes.Structure):
    """The element type of a tensor: its kind, its bits, and how many numbers an element holds."""

    _fields_ = (
        ("type_code", ctypes.c_uint8),
        ("bits", ctypes.c_uint8),
        ("lanes", ctypes.c_uint16),
    )

    # Kind 0 is a signed integer, 1 an unsigned one, 2 a float; MXNet has a bool as an unsigned bit.
    TYPE_MAP: ClassVar[dict[str, tuple[int, int, int]]] = {
        **{f"int{bits}": (0, bits, 1) for bits in (32, 64)},
        "bool": (1, 1, 1),
        **{f"uint{bits}": (1, bits, 1) for bits in (8, 32, 64)},
        **{f"float{bits}": (2, bits, 1) for bits in (16, 32, 64)},
    }


class DLTensor(ctypes.Structure):
    """A tensor: where its memory is, and how to read it."""

    _fields_ = (
        *(("data", ctypes.c_void_p), ("ctx", DLContext), ("ndim", ctypes.c_int)),
        *(("dtype", DLDataType), ("shape", _LENGTHS), ("strides", _LENGTHS)),
        ("byte_offset", ctypes.c_uint64),
    )


class DLManagedTensor(ctypes.Structure):
    """A tensor with the function that frees it."""


# The deleter takes the structure itself, so that its fields follow the class.
DLManagedTensor._fields_ = (
    ("dl_tensor", DLTensor),
    ("manager_ctx", ctypes.c_void_p),
    ("deleter", ctypes.CFUNCTYPE(None, ctypes.POINTER(DLManagedTensor))),
)
