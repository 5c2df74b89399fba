"""Iterators over files: CSV, LibSVM and MNIST's own format."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from .. import ndarray as nd
from ..base import MXNetError
from ..dtype import dtype_name
from ..ndarray import NDArray
from .batch import DataBatch, DataDesc, DataIter


@dataclass
class _Rows:
    """One batch as a source gives it."""

    data: NDArray
    label: NDArray
    pad: int
    index: np.ndarray


class _Source(Protocol):
    """What an `MXDataIter` reads: passes over batches."""

    def batches(self) -> Iterator[_Rows]:
        """Return one pass over the batches."""


class MXDataIter(DataIter):
    """An iterator over a source of batches with one data array and one label array.

    `CSVIter`, `LibSVMIter` and `MNISTIter` make it.

    Parameters
    ----------
    handle : object
        The source.
    data_name, label_name : str, default 'data' and 'softmax_label'
        Names in `provide_data` and `provide_label`.
    """

    def __init__(
        self,
        handle: _Source,
        data_name: str = "data",
        label_name: str = "softmax_label",
        **_: Any,
    ) -> None:
        self.handle = handle
        self._current: _Rows | None = None
        self._pass = handle.batches()
        self._ahead = next(self._pass, None)
        if self._ahead is None:
            raise MXNetError("The file holds too few samples for one batch.")
        data, label = self._ahead.data, self._ahead.label
        super().__init__(data.shape[0])
        self.provide_data = [DataDesc(data_name, data.shape, data.dtype)]
        self.provide_label = [DataDesc(label_name, label.shape, label.dtype)]
        self._skips_loading = False

    def debug_skip_load(self) -> None:
        """Give the same batch for ever, to time everything but the loading."""
        self._skips_loading = True

    def reset(self) -> None:
        """Begin the next pass."""
        if self._skips_loading:
            return
        self._current = None
        self._pass = self.handle.batches()
        self._ahead = next(self._pass, None)

    def iter_next(self) -> bool:
        """Move on to the next batch and return whether there is one."""
        if self._skips_loading and self._current is not None:
            return True
        if self._ahead is None:
            return False
        self._current = self._ahead
        self._ahead = next(self._pass, None)
        return True

    def next(self) -> DataBatch:
        """Return the next batch; StopIteration is raised at the end of the pass."""
        if not self.iter_next():
            raise StopIteration
        return DataBatch([self.getdata()], [self.getlabel()], self.getpad(), self.getindex())

    def getdata(self) -> NDArray:
        """Return the data of the current batch."""
        return self._rows().data

    def getlabel(self) -> NDArray:
        """Return the labels of the current batch."""
        return self._rows().label

    def getindex(self) -> np.ndarray:
        """Return the positions of the current batch's samples in the file."""
        return self._rows().index

    def getpad(self) -> int:
        """Return how many samples at the end of the current batch only fill it up."""
        return self._rows().pad

    def _rows(self) -> _Rows:
        if self._current is None:
            raise MXNetError("There is no current batch: call next first.")
        return self._current


def CSVIter(
    data_csv: str,
    data_shape: Sequence[int],
    label_csv: str = "NULL",
    label_shape: Sequence[int] = (1,),
    batch_size: int = 0,
    round_batch: bool = True,
    dtype: str | None = None,
    **kwargs: Any,
) -> MXDataIter:
    """Iterate over the lines of CSV files.

    Parameters
    ----------
    data_csv : str
        Path of a file, or of a directory of which every file is read.
    data_shape : tuple of int
        Shape that each line is brought to.
    label_csv : str, default 'NULL'
        Path of the labels, a line for each line of data; without it labels are 0.
    label_shape : tuple of int, default (1,)
        Shape of a label; ``(1,)`` gives labels of shape (batch_size,).
    batch_size : int
        Samples per batch.
    round_batch : bool, default True
        Whether the last batch is filled from the beginning, and the next pass goes on after
        those samples; else it is filled with what was left of the batch before.
    dtype : str, optional
        ``'float32'`` (default), ``'int32'`` or ``'int64'``.
    **kwargs
        `data_name` and `label_name`; `ctx` and `prefetch_buffer` are accepted and have no effect.

    Returns
    -------
    MXDataIter

    Raises
    ------
    MXNetError
        If a file is missing, or a line does not fit the shape.
    """
    element_type = np.dtype(dtype_name(dtype or "float32"))
    data = _read_csv(data_csv, tuple(data_shape), element_type)
    if label_csv == "NULL":
        label = np.zeros((len(data), *label_shape), element_type)
    else:
        label = _read_csv(label_csv, tuple(label_shape), element_type)
    source = _TableSource(data, _flat_labels(label), _positive(batch_size), round_batch)
    return MXDataIter(source, **kwargs)


def LibSVMIter(
    data_libsvm: str,
    data_shape: Sequence[int],
    label_libsvm: str = "NULL",
    label_shape: Sequence[int] = (1,),
    num_parts: int = 1,
    part_index: int = 0,
    batch_size: int = 0,
    round_batch: bool = True,
    dtype: str | None = None,
    **kwargs: Any,
) -> MXDataIter:
    """Iterate over files of ``label position:value position:value`` lines as csr arrays.

    Parameters
    ----------
    data_libsvm : str
        Path of a file, or of a directory of which every file is read; positions begin at 0.
    data_shape : tuple of int
        ``(columns,)``.
    label_libsvm : str, default 'NULL'
        Path of labels in the same format; without it each line's first number is its label.
    label_shape : tuple of int, default (1,)
        Shape of a label.
    num_parts, part_index : int, default 1 and 0
        Read only part `part_index` of `num_parts` equal parts.
    batch_size : int
        Samples per batch.
    round_batch : bool, default True
        Whether the last batch is filled from the beginning.
    dtype : str, optional
        Type of data and labels, by default ``'float32'``.
    **kwargs
        `data_name` and `label_name`; `ctx` and `prefetch_buffer` are accepted and have no effect.

    Returns
    -------
    MXDataIter

    Raises
    ------
    MXNetError
        If a file is missing or malformed.
    """
    element_type = np.dtype(dtype_name(dtype or "float32"))
    data, label = _read_libsvm(data_libsvm, int(data_shape[0]), element_type)
    if label_libsvm != "NULL":
        label, _ = _read_libsvm(label_libsvm, int(label_shape[0]), element_type)
    part = _part(len(data), num_parts, part_index)
    source = _TableSource(
        data[part], _flat_labels(label[part]), _positive(batch_size), round_batch, sparse=True
    )
    return MXDataIter(source, **kwargs)


def MNISTIter(
    image: str = "./train-images-idx3-ubyte",
    label: str = "./train-labels-idx1-ubyte",
    batch_size: int = 128,
    shuffle: bool = True,
    flat: bool = False,
    seed: int = 0,
    num_parts: int = 1,
    part_index: int = 0,
    dtype: str | None = None,
    **kwargs: Any,
) -> MXDataIter:
    """Iterate over the files of the MNIST digits, pixels divided by 256.

    Samples that do not fill a last batch are left out. Every pass has the same order.

    Parameters
    ----------
    image, label : str
        Paths of the two files, not compressed.
    batch_size : int, default 128
        Samples per batch.
    shuffle : bool, default True
        Whether samples are put in a random order once, with `seed`.
    flat : bool, default False
        Whether an image has shape (height * width,) instead of (1, height, width).
    seed : int, default 0
        Seed of the order.
    num_parts, part_index : int, default 1 and 0
        Read only part `part_index` of `num_parts` equal parts.
    dtype : str, optional
        Type of the images, by default ``'float32'``.
    **kwargs
        `data_name` and `label_name`; `silent`, `ctx` and `prefetch_buffer` have no effect.

    Returns
    -------
    MXDataIter

    Raises
    ------
    MXNetError
        If a file is missing or is no MNIST file.
    """
    pixels, digits = _read_idx(image, 3), _read_idx(label, 1)
    if len(pixels) != len(digits):
        raise MXNetError(
            f"{image} holds {len(pixels)} images, but {label} holds {len(digits)} labels."
        )
    part = _part(len(pixels), num_parts, part_index)
    pixels, digits = pixels[part], digits[part]
    if shuffle:
        order = np.random.RandomState(seed).permutation(len(pixels))
        pixels, digits = pixels[order], digits[order]
    count, height, width = pixels.shape
    shape = (count, height * width) if flat else (count, 1, height, width)
    data = (pixels.astype(np.float32) / 256).reshape(shape)
    source = _WholeBatchSource(
        data.astype(dtype_name(dtype or "float32")), digits.astype(np.float32), batch_size
    )
    return MXDataIter(source, **kwargs)


class _TableSource:
    """Batches of the rows of a table; the last one is filled up."""

    def __init__(
        self,
        data: np.ndarray,
        label: np.ndarray,
        batch_size: int,
        round_batch: bool,
        sparse: bool = False,
    ) -> None:
        if len(data) != len(label):
            raise MXNetError(f"There are {len(data)} lines of data, but {len(label)} of labels.")
        self.data, self.label = data, label
        self.batch_size, self.round_batch, self.sparse = batch_size, round_batch, sparse
        self.first = 0  # where the next pass begins: behind the rows that filled the last batch

    def batches(self) -> Iterator[_Rows]:
        count, begin = len(self.data), self.first
        self.first = 0
        previous = np.arange(self.batch_size) % max(count, 1)
        while begin < count:
            end = begin + self.batch_size
            pad = max(0, end - count)
            positions = np.arange(begin, end) % count
            if pad and self.round_batch:
                self.first = pad % count
            elif pad:
                positions[self.batch_size - pad :] = previous[self.batch_size - pad :]
            yield self._rows(positions, pad)
            previous, begin = positions, end

    def _rows(self, positions: np.ndarray, pad: int) -> _Rows:
        rows, label = self.data[positions], self.label[positions]
        data = nd.array(rows, dtype=rows.dtype)
        if self.sparse:
            data = data.tostype("csr")
        return _Rows(data, nd.array(label, dtype=label.dtype), pad, positions.astype(np.uint64))


class _WholeBatchSource:
    """Batches of the rows of a table, without the rows that fill no batch."""

    def __init__(self, data: np.ndarray, label: np.ndarray, batch_size: int) -> None:
        self.data, self.label, self.batch_size = data, label, _positive(batch_size)

    def batches(self) -> Iterator[_Rows]:
        index = np.zeros(self.batch_size, np.uint64)
        for begin in range(0, len(self.data) - self.batch_size + 1, self.batch_size):
            rows = slice(begin, begin + self.batch_size)
            data, label = self.data[rows], self.label[rows]
            yield _Rows(nd.array(data, dtype=data.dtype), nd.array(label), 0, index)


def _positive(batch_size: int) -> int:
    if batch_size < 1:
        raise MXNetError(f"batch_size is {batch_size}, but must be 1 or more.")
    return batch_size


def _part(count: int, num_parts: int, part_index: int) -> slice:
    if not 0 <= part_index < num_parts:
        raise MXNetError(f"part_index is {part_index}, but must be from 0 to {num_parts - 1}.")
    return slice(count * part_index // num_parts, count * (part_index + 1) // num_parts)


def _flat_labels(label: np.ndarray) -> np.ndarray:
    return label.reshape(-1) if label.shape[1:] == (1,) else label


def _read_lines(path: str) -> list[str]:
    place = Path(path)
    if not place.exists():
        raise MXNetError(f"There is no file {path}.")
    files = sorted(p for p in place.iterdir() if p.is_file()) if place.is_dir() else [place]
    lines = (line.strip() for file in files for line in file.read_text().splitlines())
    return [line for line in lines if line]


def _read_csv(path: str, shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    size, rows = int(np.prod(shape)), []
    for number, line in enumerate(_read_lines(path), 1):
        values = line.split(",")
        if len(values) != size:
            raise MXNetError(
                f"{path}: row {number} has {len(values)} values, but shape {shape} needs {size}."
            )
        try:
            rows.append(np.array(values, dtype=np.float64))
        except ValueError:
            raise MXNetError(f"{path}: row {number} holds something else than numbers.") from None
    return np.array(rows).astype(dtype).reshape(len(rows), *shape)


def _read_libsvm(path: str, columns: int, dtype: np.dtype) -> tuple[np.ndarray, np.ndarray]:
    lines = _read_lines(path)
    data, label = np.zeros((len(lines), columns), dtype), np.zeros((len(lines), 1), dtype)
    for row, line in enumerate(lines):
        try:
            fields = line.split()
            if ":" not in fields[0]:
                label[row] = float(fields.pop(0))
            for field in fields:
                position, _, value = field.partition(":")
                data[row, int(position)] = float(value)
        except (ValueError, IndexError):
            raise MXNetError(
                f"{path}: line {row + 1} is {line!r}, but must hold a label and then "
                f"position:value with positions from 0 to {columns - 1}."
            ) from None
    return data, label


def _read_idx(path: str, axes: int) -> np.ndarray:
    """Read a file of unsigned bytes in the format of http://yann.lecun.com/exdb/mnist."""
    if not Path(path).is_file():
        raise MXNetError(f"There is no file {path}.")
    content = Path(path).read_bytes()
    header = struct.Struct(f">{axes + 1}I")
    magic, *shape = header.unpack_from(content) if len(content) >= header.size else (0,)
    if magic != 0x800 + axes or len(content) != header.size + int(np.prod(shape)):
        raise MXNetError(f"{path} is not a file of unsigned bytes with {axes} axes as MNIST's.")
    return np.frombuffer(content, np.uint8, offset=header.size).reshape(shape)
