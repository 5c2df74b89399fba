"""Array files built field by field, in every layout that MXNet ever wrote.

The layouts as they are published: docs/differences.md tells what is read, mxnet/serialization.py
reads and writes them; this file shares nothing with that one, so that each can be held against the
other. A field is what it is called and its bytes, so that a fuzzer knows what it breaks.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

Field = tuple[str, bytes]

V1, V2, V3 = 0xF993FAC8, 0xF993FAC9, 0xF993FACA
CPU = (1, 0)
DENSE, ROW_SPARSE, CSR = 0, 1, 2
INT64 = 6


def number(name: str, form: str, value: int) -> Field:
    """Return a field of one little-endian number; `form` is that of `struct`."""
    return name, struct.pack("<" + form, value)


def shape(lengths: Sequence[int], form: str = "q") -> list[Field]:
    """Return a number of axes and their lengths."""
    count = number("axes", "I" if form == "I" else "i", len(lengths))
    return [count, *(number("length", form, length) for length in lengths)]


def _tail(context: tuple[int, int], code: int) -> list[Field]:
    return [("context", struct.pack("<ii", *context)), number("dtype", "i", code)]


def dense(
    version: int,
    lengths: Sequence[int],
    code: int,
    elements: bytes,
    context: tuple[int, int] = CPU,
) -> list[Field]:
    """Return a dense array in layout 0, 1, 2 or 3; `code` is that of its dtype."""
    end = [*_tail(context, code), ("elements", elements)]
    if version == 0:
        return [*shape(lengths, "I"), *end]
    if version == 1:
        return [number("magic", "I", V1), *shape(lengths), *end]
    magic = number("magic", "I", V2 if version == 2 else V3)
    return [magic, number("storage", "i", DENSE), *shape(lengths), *end]


def nothing(version: int) -> list[Field]:
    """Return an array that holds nothing, as layouts 2 and 3 have it."""
    magic = number("magic", "I", V2 if version == 2 else V3)
    count = 0 if version == 2 else -1
    return [magic, number("storage", "i", DENSE), number("axes", "i", count)]


def sparse(
    storage: int,
    stored: Sequence[int],
    lengths: Sequence[int],
    code: int,
    elements: bytes,
    *parts: tuple[int, Sequence[int], bytes],
) -> list[Field]:
    """Return a sparse array of layout 2; a part of indices is its dtype code, shape and bytes."""
    fields = [number("magic", "I", V2), number("storage", "i", storage)]
    fields += [*shape(stored), *shape(lengths), *_tail(CPU, code)]
    for part_code, part_shape, _ in parts:
        fields += [number("dtype", "i", part_code), *shape(part_shape)]
    return [*fields, ("elements", elements), *(("indices", data) for *_, data in parts)]


def csr(
    lengths: Sequence[int],
    code: int,
    elements: bytes,
    indptr: Sequence[int],
    indices: Sequence[int],
    index: tuple[int, str] = (INT64, "q"),
) -> list[Field]:
    """Return a csr matrix; `index` is the dtype code and the form of its indices."""
    parts = [
        (index[0], (len(part),), struct.pack(f"<{len(part)}{index[1]}", *part))
        for part in (indptr, indices)
    ]
    return sparse(CSR, (len(indices),), lengths, code, elements, *parts)


def row_sparse(
    lengths: Sequence[int],
    code: int,
    elements: bytes,
    indices: Sequence[int],
    index: tuple[int, str] = (INT64, "q"),
) -> list[Field]:
    """Return a row_sparse array; `index` is the dtype code and the form of its indices."""
    part = (index[0], (len(indices),), struct.pack(f"<{len(indices)}{index[1]}", *indices))
    return sparse(ROW_SPARSE, (len(indices), *lengths[1:]), lengths, code, elements, part)


def file(arrays: Sequence[list[Field]], names: Iterable[bytes] = ()) -> list[Field]:
    """Return the fields of a file of arrays, with names or without."""
    fields = [number("list magic", "Q", 0x112), number("reserved", "Q", 0)]
    fields.append(number("count", "Q", len(arrays)))
    for array in arrays:
        fields += array
    names = list(names)
    fields.append(number("name count", "Q", len(names)))
    for name in names:
        fields += [number("name length", "Q", len(name)), ("name", name)]
    return fields


def joined(fields: Iterable[Field]) -> bytes:
    """Return the bytes of all fields."""
    return b"".join(data for _, data in fields)
