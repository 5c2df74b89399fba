"""Files of arrays (`.params`): the reference's binary format, written and read.

All numbers are little-endian. A file is the list magic 0x112 and a reserved word, then the arrays,
then their names. An array is its magic (which tells the version of the layout), its storage type,
its shape, its context, its dtype code, the parts of a sparse array, and its elements.
"""

from __future__ import annotations

import io
import math
import os
import shutil
import stat
import struct
import threading
from typing import Any, BinaryIO

import numpy as np
import torch

from .base import MXNetError
from .context import Context
from .dtype import CODE_OF_TORCH, TORCH_OF_CODE
from .util import is_np_shape

_LIST_MAGIC = 0x112
_V1, _V2, _V3 = 0xF993FAC8, 0xF993FAC9, 0xF993FACA  # int64 shapes; storage types; np shapes
_DENSE, _ROW_SPARSE, _CSR = 0, 1, 2
_INT64 = CODE_OF_TORCH[torch.int64]
_INDEX_DTYPES = (torch.uint8, torch.int8, torch.int32, torch.int64)
_CPU = Context("cpu", 0)
_MAX_NDIM = 32
_MAX_SIZE = 2**63 - 1
_MIN_SIZE = 12  # bytes of the shortest array: magic number, storage type, number of axes


class _Reader:
    """Reads numbers and elements of a file of known size, and refuses to read past its end."""

    def __init__(self, source: BinaryIO, size: int) -> None:
        self._source, self._size, self._position = source, size, 0

    @classmethod
    def of(cls, data: Any) -> _Reader:
        """Return a reader of bytes."""
        source = io.BytesIO(data)
        return cls(source, source.getbuffer().nbytes)

    @property
    def left(self) -> int:
        """How many bytes are not read yet."""
        return self._size - self._position

    def _advance(self, size: int, what: str) -> None:
        if size > self._size - self._position:
            raise _damaged(
                f"{what} needs {size} bytes at {self._position}, but the file ends at {self._size}"
            )
        self._position += size

    def block(self, size: int, what: str) -> bytes:
        """Return the next bytes."""
        self._advance(size, what)
        data = self._source.read(size)
        if len(data) != size:
            raise _damaged(f"it was cut off at {what} while it was read")
        return data

    def unpack(self, form: str, what: str) -> tuple[Any, ...]:
        """Return the next numbers, little-endian; `form` is that of `struct`."""
        form = "<" + form
        return struct.unpack(form, self.block(struct.calcsize(form), what))

    def number(self, form: str, what: str) -> int:
        """Return the next number."""
        return self.unpack(form, what)[0]

    def elements(self, shape: tuple[int, ...], dtype: torch.dtype) -> torch.Tensor:
        """Return the next elements as a tensor."""
        size = _size_of(shape, dtype)
        self._advance(size, f"an array of shape {shape}")
        tensor = torch.empty(shape, dtype=dtype)
        if not size:
            return tensor
        block = tensor.reshape(-1).view(torch.uint8)
        if self._source.readinto(block.numpy()) != size:  # type: ignore[attr-defined]
            raise _damaged("it was cut off at an array while it was read")
        # A byte other than 0 and 1 is no bool of torch's.
        return block.ne(0).reshape(shape) if dtype is torch.bool else tensor


def _damaged(what: str) -> MXNetError:
    return MXNetError(f"The array file is damaged: {what}.")


def _read_shape(reader: _Reader) -> tuple[int, ...] | None:
    ndim = reader.number("i", "a number of axes")
    if ndim == -1:
        return None
    if not 0 <= ndim <= _MAX_NDIM:
        raise _damaged(f"an array has {ndim} axes")
    shape = reader.unpack(f"{ndim}q", "a shape")
    if shape and min(shape) < 0:
        raise _damaged(f"an array has shape {shape}")
    return shape


def _size_of(shape: tuple[int, ...], dtype: torch.dtype) -> int:
    """Return how many bytes the elements take, refusing a shape that torch can not count."""
    size = math.prod(length for length in shape if length) * dtype.itemsize
    if size > _MAX_SIZE:
        raise _damaged(f"an array of shape {shape} has more elements than can be")
    return 0 if 0 in shape else size


def _dtype_of(code: int, what: str) -> torch.dtype:
    if code not in TORCH_OF_CODE:
        raise _damaged(f"dtype code {code} of {what} is unknown")
    return TORCH_OF_CODE[code]


def _read_array(reader: _Reader) -> Any:
    from .ndarray.ndarray import NDArray

    magic = reader.number("I", "an array")
    storage, stored_shape = _DENSE, None
    if magic in (_V2, _V3):
        storage = reader.number("i", "a storage type")
        if storage not in (_DENSE, _ROW_SPARSE, _CSR):
            raise _damaged(f"storage type {storage} is unknown")
        stored_shape = _read_shape(reader) if storage != _DENSE else None
        shape = _read_shape(reader)
        if shape is None or (not shape and magic == _V2):
            return NDArray(torch.zeros(0), ctx=_CPU)
    elif magic == _V1:
        shape = _read_shape(reader)
    else:  # the oldest layout begins with the number of axes, and has 32-bit lengths
        if magic > _MAX_NDIM:
            raise _damaged(f"an array begins with {magic:#x}")
        shape = reader.unpack(f"{magic}I", "a shape")
    if shape is None or (not shape and magic != _V3):
        raise _damaged("an array of a layout without scalars has no axes")
    # The context is where the array was; it is read onto the CPU, and the user moves it.
    *_, code = reader.unpack("iii", "a context and a dtype code")
    dtype = _dtype_of(code, "an array")
    if storage != _DENSE:
        return _read_sparse(reader, storage, stored_shape or (), shape, dtype)
    return NDArray(reader.elements(shape, dtype), ctx=_CPU)


def _read_sparse(
    reader: _Reader,
    storage: int,
    stored_shape: tuple[int, ...],
    shape: tuple[int, ...],
    dtype: torch.dtype,
) -> Any:
    from .ndarray.sparse import CSRNDArray, RowSparseNDArray

    headers = []
    for _ in range(1 if storage == _ROW_SPARSE else 2):
        part_dtype = _dtype_of(reader.number("i", "a dtype code of indices"), "indices")
        headers.append((part_dtype, _read_shape(reader) or (0,)))
    _check_layout(storage, stored_shape, shape, headers)
    _size_of(shape, dtype)
    values = reader.elements(stored_shape, dtype)
    parts = [reader.elements(s, d).to(torch.int64) for d, s in headers]
    values, parts = _ordered(values, parts, shape)
    made_class = RowSparseNDArray if storage == _ROW_SPARSE else CSRNDArray
    made = made_class(values, tuple(parts), shape, _CPU)
    made.check_format()
    return made


def _check_layout(
    storage: int, stored: tuple[int, ...], shape: tuple[int, ...], headers: list[Any]
) -> None:
    """Refuse parts whose shapes are not those of a sparse array of this shape."""
    if any(dtype not in _INDEX_DTYPES for dtype, _ in headers):
        raise _damaged("the indices of a sparse array are no integers")
    shapes = [header[1] for header in headers]
    if storage == _CSR:
        fits = len(shape) == 2 and len(stored) == 1 and shapes == [(shape[0] + 1,), stored]
    else:
        fits = len(shape) > 0 and stored[1:] == shape[1:] and shapes == [stored[:1]]
    if not fits:
        raise _damaged(
            f"a sparse array of shape {shape} has values of shape {stored} and indices of shapes "
            f"{', '.join(map(str, shapes))}"
        )


def _ordered(
    values: torch.Tensor, parts: list[torch.Tensor], shape: tuple[int, ...]
) -> tuple[torch.Tensor, list[torch.Tensor]]:
    """Return what a sparse array stores with its indices in order, as ours always are.

    The reference writes indices as its user gave them. Bounds come first: what follows computes
    with the numbers of the file.
    """
    *starts, indices = parts
    limit = shape[1] if starts else shape[0]
    _check_bounds(indices, limit - 1)
    keys = [indices.numpy()]
    if starts:
        _check_bounds(starts[0], len(indices))
        counts = starts[0].diff()
        if bool((counts < 0).any()) or int(counts.sum()) != len(indices):
            raise _damaged("the rows of a csr array do not follow each other")
        keys.append(torch.repeat_interleave(counts).numpy())
    order = torch.from_numpy(np.lexsort(keys))
    if bool((order.diff() == 1).all()):
        return values, parts
    return values[order], [*starts, indices[order]]


def _check_bounds(indices: torch.Tensor, last: int) -> None:
    if len(indices) and not 0 <= int(indices.min()) <= int(indices.max()) <= last:
        raise _damaged(f"an index of a sparse array is not from 0 to {last}")


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
    return _read_list(_Reader.of(buf))


def _read_list(reader: _Reader) -> Any:
    magic = reader.number("Q", "the file's magic number")
    if magic != _LIST_MAGIC:
        raise MXNetError(f"This is no array file: it begins with {magic:#x}, not {_LIST_MAGIC:#x}.")
    reader.number("Q", "the reserved word")
    count = reader.number("Q", "the number of arrays")
    if count > reader.left // _MIN_SIZE:
        raise _damaged(f"{count} arrays in {reader.left} bytes")
    arrays = [_read_array(reader) for _ in range(count)]
    named = reader.number("Q", "the number of names")
    if named not in (0, count):
        raise _damaged(f"{named} names for {count} arrays")
    if not named:
        return arrays
    names = []
    for _ in range(named):
        size = reader.number("Q", "the length of a name")
        try:
            names.append(reader.block(size, "a name").decode("utf-8"))
        except UnicodeDecodeError:
            raise _damaged("a name is no UTF-8 text") from None
    return dict(zip(names, arrays, strict=True))


def load(fname: str) -> Any:
    """Return the arrays of a file, on the CPU: a dict if they have names, else a list.

    Every layout that MXNet wrote is read, under either semantics of shapes: that of its first
    versions (32-bit lengths), the two that followed, and that of arrays saved under
    :func:`mxnet.util.np_shape`. What was saved on a GPU comes back on the CPU.

    Parameters
    ----------
    fname : str or path
        The file.

    Returns
    -------
    list of NDArray or dict of str to NDArray

    Raises
    ------
    MXNetError
        If the file is no array file, or a damaged one.
    """
    if not isinstance(fname, (str, os.PathLike)):
        raise TypeError(f"load: the file name is a {type(fname).__name__}, but must be a string.")
    try:
        with open(fname, "rb") as file:
            status = os.fstat(file.fileno())
            if stat.S_ISREG(status.st_mode):
                return _read_list(_Reader(file, status.st_size))
            return _read_list(_Reader.of(file.read()))
    except OSError as error:
        raise MXNetError(f"load: {fname} can not be read: {error.strerror}.") from error


def _elements_of(tensor: torch.Tensor) -> np.ndarray:
    """Return the elements as a buffer of bytes."""
    tensor = tensor.detach().cpu().contiguous()
    if tensor.dtype is torch.bfloat16:
        tensor = tensor.view(torch.uint16)
    return tensor.numpy().reshape(-1).view(np.uint8)


def _pack_shape(shape: tuple[int, ...]) -> bytes:
    return struct.pack(f"<i{len(shape)}q", len(shape), *shape)


def _pack_array(array: Any) -> list[Any]:
    """Return an array in the layout of the files, in pieces."""
    storage = {"default": _DENSE, "row_sparse": _ROW_SPARSE, "csr": _CSR}[array.stype]
    if storage != _DENSE and is_np_shape():
        raise MXNetError(
            f"save: under np_shape a file holds dense arrays only, but an array is {array.stype}."
        )
    values = array._data if storage == _DENSE else array._values
    parts = () if storage == _DENSE else array._parts
    # Without NumPy's semantics no axes mean no array, so that a scalar needs the newest layout.
    shape, context = array.shape, array.context
    magic = _V3 if is_np_shape() or not shape else _V2
    code = CODE_OF_TORCH[values.dtype]
    tail = (len(shape), *shape, context.device_typeid, context.device_id, code)
    form = f"i{len(shape)}qiii"
    if storage == _DENSE:
        return [struct.pack("<Ii" + form, magic, storage, *tail), _elements_of(values)]
    out: list[Any] = [struct.pack("<Ii", magic, storage), _pack_shape(tuple(values.shape))]
    out.append(struct.pack("<" + form, *tail))
    out += [struct.pack("<i", _INT64) + _pack_shape(tuple(part.shape)) for part in parts]
    return out + [_elements_of(part) for part in (values, *parts)]


def array_to_bytes(array: Any) -> bytes:
    """Return one array in the layout of the files, as pickles hold it."""
    return b"".join(_pack_array(array))


def array_from_bytes(data: bytes | bytearray) -> Any:
    """Return the array that `array_to_bytes` wrote, here or in the reference."""
    return _read_array(_Reader.of(data))


def _named(data: Any) -> tuple[list[str], list[Any]]:
    """Return the names, if there are any, and the arrays of what is to be saved."""
    from .ndarray.ndarray import NDArray

    if isinstance(data, NDArray):
        data = [data]
    if not isinstance(data, (list, dict)):
        raise ValueError(
            f"save: data is a {type(data).__name__}, but must be an NDArray, a list of NDArrays or "
            "a dict of them by name."
        )
    names = list(data) if isinstance(data, dict) else []
    arrays = list(data.values()) if isinstance(data, dict) else data
    for name in names:
        if not isinstance(name, str):
            raise TypeError(f"save: a name is {name!r}, but names of arrays must be strings.")
    for array in arrays:
        if not isinstance(array, NDArray):
            raise TypeError(f"save: {type(array).__name__} is not an NDArray.")
    return names, arrays


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
    ValueError
        If `data` is of another type.
    TypeError
        If `data` holds something else.
    MXNetError
        If the file can not be written, or an array is sparse under `np_shape`.

    Examples
    --------
    >>> import os, tempfile
    >>> path = os.path.join(tempfile.mkdtemp(), "x.params")
    >>> mx.nd.save(path, {"x": mx.nd.ones((2,))})
    >>> mx.nd.load(path)["x"].asnumpy().tolist()
    [1.0, 1.0]
    """
    names, arrays = _named(data)
    try:
        encoded = [name.encode("utf-8") for name in names]
    except UnicodeEncodeError as error:
        raise MXNetError(f"save: the name {error.object!r} is no text.") from None
    out: list[Any] = [struct.pack("<QQQ", _LIST_MAGIC, 0, len(arrays))]
    for array in arrays:
        out += _pack_array(array)
    out.append(struct.pack("<Q", len(names)))
    for name in encoded:
        out += [struct.pack("<Q", len(name)), name]
    write_whole(fname, *out)


def write_whole(fname: str | os.PathLike[str], *pieces: Any) -> None:
    """Write a file so that it is never seen half written.

    Parameters
    ----------
    fname : str or path
        The file; a link to one stays a link.
    *pieces : bytes-like
        What to write, one after the other.

    Raises
    ------
    MXNetError
        If the file can not be written; an old one is then as it was.
    """
    if not isinstance(fname, (str, os.PathLike)):
        raise TypeError(f"save: the file name is a {type(fname).__name__}, but must be a string.")
    target = os.path.realpath(fname)
    # A device or a pipe is written to, never replaced.
    whole = os.path.isfile(target) or not os.path.exists(target)
    path = f"{target}.{os.getpid()}-{threading.get_ident()}.part" if whole else target
    try:
        with open(path, "wb") as file:
            file.writelines(pieces)
        if whole:
            if os.path.exists(target):
                shutil.copymode(target, path)
            os.replace(path, target)
    except BaseException as error:
        if whole and os.path.exists(path):
            os.remove(path)
        if isinstance(error, OSError):
            raise MXNetError(f"save: {fname} can not be written: {error.strerror}.") from error
        raise
