"""Files of arrays (`.params`): the reference's binary format, written and read.

All numbers are little-endian. A file is the list magic 0x112 and a reserved word, then the arrays,
then their names. An array is its magic (which tells the version of the layout), its storage type,
its shape, its context, its dtype code, the parts of a sparse array, and its elements.
"""

from __future__ import annotations

import os
import struct
from typing import Any

import numpy as np
import torch

from .base import MXNetError
from .context import Context
from .dtype import CODE_OF_TORCH, NUMPY_OF_TORCH, TORCH_OF_CODE

_LIST_MAGIC = 0x112
_V1, _V2, _V3 = 0xF993FAC8, 0xF993FAC9, 0xF993FACA  # int64 shapes; storage types; np shapes
_DENSE, _ROW_SPARSE, _CSR = 0, 1, 2
_INT64 = CODE_OF_TORCH[torch.int64]
_MAX_NDIM = 32


class _Reader:
    """Reads numbers and blocks from bytes, and refuses to read past their end."""

    def __init__(self, data: bytes | bytearray | memoryview) -> None:
        self._view = memoryview(data)
        self._position = 0

    def block(self, size: int, what: str) -> memoryview:
        end = self._position + size
        if size < 0 or end > len(self._view):
            raise MXNetError(
                f"The array file is damaged: {what} needs {size} bytes at {self._position}, but "
                f"the file ends at {len(self._view)}."
            )
        block = self._view[self._position : end]
        self._position = end
        return block

    def number(self, form: str, what: str) -> int:
        return struct.unpack("<" + form, self.block(struct.calcsize(form), what))[0]

    def numbers(self, form: str, count: int, what: str) -> tuple[int, ...]:
        return struct.unpack(f"<{count}{form}", self.block(count * struct.calcsize(form), what))

    @property
    def left(self) -> int:
        return len(self._view) - self._position


def _read_shape(reader: _Reader, form: str = "q") -> tuple[int, ...] | None:
    ndim = reader.number("i", "a number of axes")
    if ndim == -1:
        return None
    if not 0 <= ndim <= _MAX_NDIM:
        raise MXNetError(f"The array file is damaged: an array has {ndim} axes.")
    shape = reader.numbers(form, ndim, "a shape")
    if any(length < 0 for length in shape):
        raise MXNetError(f"The array file is damaged: an array has shape {shape}.")
    return shape


def _read_elements(reader: _Reader, shape: tuple[int, ...], code: int) -> torch.Tensor:
    if code not in TORCH_OF_CODE:
        raise MXNetError(f"The array file is damaged: dtype code {code} is unknown.")
    dtype = TORCH_OF_CODE[code]
    count = 1
    for length in shape:
        count *= length
    block = reader.block(count * dtype.itemsize, f"an array of shape {shape}")
    if dtype is torch.bfloat16:
        bits = np.frombuffer(block, np.uint16).copy().reshape(shape)
        return torch.from_numpy(bits).view(torch.bfloat16)
    return torch.from_numpy(np.frombuffer(block, NUMPY_OF_TORCH[dtype]).copy().reshape(shape))


def _read_context(reader: _Reader) -> Context:
    kind, number = reader.number("i", "a device type"), reader.number("i", "a device number")
    if kind not in Context.devtype2str:
        raise MXNetError(f"The array file is damaged: device type {kind} is unknown.")
    # What was saved on a GPU is read onto the CPU; the user moves it.
    return Context("cpu", 0 if kind == 2 else number)


def _read_array(reader: _Reader) -> Any:
    from .ndarray.ndarray import NDArray

    magic = reader.number("I", "an array")
    if magic in (_V2, _V3):
        return _read_typed_array(reader, magic)
    if magic == _V1:
        shape = _read_shape(reader)
    else:  # the oldest layout begins with the number of axes, and has 32-bit lengths
        if magic > _MAX_NDIM:
            raise MXNetError(f"The array file is damaged: an array begins with {magic:#x}.")
        shape = reader.numbers("I", magic, "a shape")
    if not shape:
        return NDArray(torch.zeros(0))
    context = _read_context(reader)
    code = reader.number("i", "a dtype code")
    return NDArray(_read_elements(reader, shape, code), ctx=context)


def _read_typed_array(reader: _Reader, magic: int) -> Any:
    from .ndarray.ndarray import NDArray

    storage = reader.number("i", "a storage type")
    if storage not in (_DENSE, _ROW_SPARSE, _CSR):
        raise MXNetError(f"The array file is damaged: storage type {storage} is unknown.")
    stored_shape = _read_shape(reader) if storage != _DENSE else None
    shape = _read_shape(reader)
    if shape is None or (not shape and magic == _V2):
        return NDArray(torch.zeros(0))
    context = _read_context(reader)
    code = reader.number("i", "a dtype code")
    if storage == _DENSE:
        return NDArray(_read_elements(reader, shape, code), ctx=context)
    return _read_sparse(reader, storage, stored_shape or (), shape, code, context)


def _read_sparse(
    reader: _Reader,
    storage: int,
    stored_shape: tuple[int, ...],
    shape: tuple[int, ...],
    code: int,
    context: Context,
) -> Any:
    from .ndarray.sparse import CSRNDArray, RowSparseNDArray

    headers = []
    for _ in range(1 if storage == _ROW_SPARSE else 2):
        part_code = reader.number("i", "an index dtype code")
        headers.append((part_code, _read_shape(reader) or (0,)))
    values = _read_elements(reader, stored_shape, code)
    parts = tuple(_read_elements(reader, s, c).to(torch.int64) for c, s in headers)
    made = (RowSparseNDArray if storage == _ROW_SPARSE else CSRNDArray)(
        values, parts, shape, context
    )
    made.check_format()
    return made


def load_frombuffer(buf: bytes) -> Any:
    """Return the arrays in the bytes of an array file; see `load`.

    Raises
    ------
    MXNetError
        If the bytes are no array file, or a damaged one.
    """
    if not isinstance(buf, (bytes, bytearray, memoryview)):
        raise TypeError(
            f"load_frombuffer: the buffer is a {type(buf).__name__}, but must be bytes."
        )
    reader = _Reader(buf)
    magic = reader.number("Q", "the file's magic number")
    if magic != _LIST_MAGIC:
        raise MXNetError(f"This is no array file: it begins with {magic:#x}, not {_LIST_MAGIC:#x}.")
    reader.number("Q", "the reserved word")
    count = reader.number("Q", "the number of arrays")
    if count > reader.left:
        raise MXNetError(f"The array file is damaged: {count} arrays in {reader.left} bytes.")
    arrays = [_read_array(reader) for _ in range(count)]
    named = reader.number("Q", "the number of names")
    if named not in (0, count):
        raise MXNetError(f"The array file is damaged: {named} names for {count} arrays.")
    if not named:
        return arrays
    names = []
    for _ in range(named):
        size = reader.number("Q", "the length of a name")
        try:
            names.append(bytes(reader.block(size, "a name")).decode("utf-8"))
        except UnicodeDecodeError:
            raise MXNetError("The array file is damaged: a name is no UTF-8 text.") from None
    return dict(zip(names, arrays, strict=True))


def load(fname: str) -> Any:
    """Return the arrays of a file: a dict if they were saved with names, else a list.

    Raises
    ------
    MXNetError
        If the file is no array file, or a damaged one.
    """
    if not isinstance(fname, (str, os.PathLike)):
        raise TypeError(f"load: the file name is a {type(fname).__name__}, but must be a string.")
    try:
        with open(fname, "rb") as file:
            data = file.read()
    except OSError as error:
        raise MXNetError(f"load: {fname} can not be read: {error.strerror}.") from error
    return load_frombuffer(data)


def _bytes_of(tensor: torch.Tensor) -> bytes:
    tensor = tensor.detach().cpu().contiguous()
    if tensor.dtype is torch.bfloat16:
        tensor = tensor.view(torch.uint16)
    return tensor.numpy().tobytes()


def _pack_shape(shape: tuple[int, ...]) -> bytes:
    return struct.pack(f"<i{len(shape)}q", len(shape), *shape)


def _pack_array(array: Any) -> bytes:
    storage = {"default": _DENSE, "row_sparse": _ROW_SPARSE, "csr": _CSR}[array.stype]
    values = array._data if storage == _DENSE else array._values
    parts = () if storage == _DENSE else array._parts
    out = [struct.pack("<Ii", _V2, storage)]
    if storage != _DENSE:
        out.append(_pack_shape(tuple(values.shape)))
    out.append(_pack_shape(array.shape))
    out.append(struct.pack("<iii", array.context.device_typeid, array.context.device_id,
                           CODE_OF_TORCH[values.dtype]))  # fmt: skip
    out += [struct.pack("<i", _INT64) + _pack_shape(tuple(part.shape)) for part in parts]
    out.append(_bytes_of(values))
    out += [_bytes_of(part) for part in parts]
    return b"".join(out)


def array_to_bytes(array: Any) -> bytes:
    """Return one array in the layout of the files, as pickles hold it."""
    packed = _pack_array(array)
    # Before numpy shapes came no shape meant no array.
    return packed if array.shape else struct.pack("<I", _V3) + packed[4:]


def array_from_bytes(data: bytes | bytearray) -> Any:
    """Return the array that `array_to_bytes` wrote."""
    return _read_array(_Reader(data))


def save(fname: str, data: Any) -> None:
    """Write arrays to a file, byte for byte as the reference does.

    The file is written beside and then put in place, so that a failure leaves the old one whole.

    Parameters
    ----------
    fname : str
        Path of the file.
    data : NDArray, list of NDArray or dict of str to NDArray
        The arrays; a dict keeps their names.

    Raises
    ------
    TypeError
        If `data` holds something else.

    Examples
    --------
    >>> import os, tempfile
    >>> path = os.path.join(tempfile.mkdtemp(), "x.params")
    >>> mx.nd.save(path, {"x": mx.nd.ones((2,))})
    >>> mx.nd.load(path)["x"].asnumpy().tolist()
    [1.0, 1.0]
    """
    from .ndarray.ndarray import NDArray

    if isinstance(data, NDArray):
        data = [data]
    names = list(data) if isinstance(data, dict) else []
    arrays = list(data.values()) if isinstance(data, dict) else list(data)
    if not all(isinstance(name, str) for name in names):
        raise TypeError("save: the names of arrays must be strings.")
    for array in arrays:
        if not isinstance(array, NDArray):
            raise TypeError(f"save: {type(array).__name__} is not an NDArray.")
    out = [struct.pack("<QQQ", _LIST_MAGIC, 0, len(arrays))]
    out += [_pack_array(array) for array in arrays]
    out.append(struct.pack("<Q", len(names)))
    for name in names:
        encoded = name.encode("utf-8")
        out.append(struct.pack("<Q", len(encoded)) + encoded)
    write_whole(fname, b"".join(out))


def write_whole(fname: str | os.PathLike[str], data: bytes) -> None:
    """Write a file so that it is never seen half written."""
    temporary = f"{os.fspath(fname)}.{os.getpid()}.part"
    try:
        with open(temporary, "wb") as file:
            file.write(data)
        os.replace(temporary, fname)
    except OSError:
        if os.path.exists(temporary):
            os.remove(temporary)
        raise
