"""Batches, the descriptions of their arrays, and the base of all iterators over them."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from ..base import MXNetError
from ..ndarray import NDArray


class DataDesc(namedtuple("DataDesc", ["name", "shape"])):
    """Name, shape, dtype and layout of one array of a batch.

    Equal to the pair ``(name, shape)``, which may be given wherever a description is expected.

    Parameters
    ----------
    name : str
        Name of the network's input.
    shape : tuple of int
        Its shape, batch axis included.
    dtype : dtype, default numpy.float32
        Type of its elements.
    layout : str, default 'NCHW'
        A letter per axis; where ``N`` stands is the batch axis.

    Examples
    --------
    >>> desc = mx.io.DataDesc("data", (32, 10), layout="NC")
    >>> desc.name, desc.shape, desc.layout
    ('data', (32, 10), 'NC')
    """

    dtype: Any
    layout: str

    def __new__(
        cls,
        name: str,
        shape: Sequence[int],
        dtype: Any = np.float32,
        layout: str = "NCHW",
    ) -> DataDesc:
        desc = super().__new__(cls, name, shape)
        desc.dtype = dtype
        desc.layout = layout
        return desc

    def __repr__(self) -> str:
        return f"DataDesc[{self.name},{self.shape},{self.dtype},{self.layout}]"

    @staticmethod
    def get_batch_axis(layout: str | None) -> int:
        """Return where ``N`` stands in `layout`: -1 if nowhere, 0 if there is no layout."""
        return 0 if layout is None else layout.find("N")

    @staticmethod
    def get_list(
        shapes: Iterable[tuple[str, Sequence[int]]],
        types: Iterable[tuple[str, Any]] | None,
    ) -> list[DataDesc]:
        """Return descriptions for pairs (name, shape) and, optionally, pairs (name, dtype)."""
        dtypes = dict(types or ())
        return [DataDesc(name, shape, dtypes.get(name, np.float32)) for name, shape in shapes]


class DataBatch:
    """One batch of data and labels.

    Parameters
    ----------
    data : list of NDArray
        The inputs, in the order of the iterator's `provide_data`.
    label : list of NDArray, optional
        The labels, in the order of `provide_label`.
    pad : int, optional
        How many samples at the end only fill the batch up; predictions leave them out.
    index : numpy.ndarray, optional
        Positions of the samples in the data set.
    bucket_key : optional
        Which network of a `BucketingModule` this batch is for.
    provide_data, provide_label : list of DataDesc, optional
        Descriptions of the arrays, where they differ from batch to batch.

    Examples
    --------
    >>> batch = mx.io.DataBatch([mx.nd.ones((4, 2))], [mx.nd.zeros((4,))], pad=1)
    >>> print(batch, batch.pad)
    DataBatch: data shapes: [(4, 2)] label shapes: [(4,)] 1
    """

    def __init__(
        self,
        data: Sequence[NDArray],
        label: Sequence[NDArray] | None = None,
        pad: int | None = None,
        index: Any = None,
        bucket_key: Any = None,
        provide_data: Sequence[DataDesc] | None = None,
        provide_label: Sequence[DataDesc] | None = None,
    ) -> None:
        for what, arrays in (("data", data), ("label", label)):
            if arrays is not None and not isinstance(arrays, list | tuple):
                raise MXNetError(
                    f"DataBatch: {what} is a {type(arrays).__name__}, but must be a list of "
                    "NDArrays."
                )
        self.data, self.provide_data = data, provide_data
        self.label, self.provide_label = label, provide_label
        self.pad, self.index, self.bucket_key = pad, index, bucket_key

    def __str__(self) -> str:
        data_shapes = [array.shape for array in self.data]
        label_shapes = [array.shape for array in self.label] if self.label else None
        return f"DataBatch: data shapes: {data_shapes} label shapes: {label_shapes}"


class DataIter:
    """Base of the iterators over batches.

    A subclass defines `provide_data` and `provide_label` (lists of `DataDesc`), `reset`, and
    either `next` or all of `iter_next`, `getdata`, `getlabel` and `getpad`.

    Parameters
    ----------
    batch_size : int, default 0
        Samples per batch.

    Examples
    --------
    >>> class Twice(mx.io.DataIter):
    ...     count = 0
    ...     def next(self):
    ...         self.count += 1
    ...         if self.count > 2:
    ...             raise StopIteration
    ...         return mx.io.DataBatch([mx.nd.array([self.count])])
    >>> [batch.data[0].asnumpy().tolist() for batch in Twice(1)]
    [[1.0], [2.0]]
    """

    provide_data: Any
    provide_label: Any

    def __init__(self, batch_size: int = 0) -> None:
        self.batch_size = batch_size

    def __iter__(self) -> DataIter:
        return self

    def __next__(self) -> DataBatch:
        return self.next()

    def reset(self) -> None:
        """Return to the beginning of the data."""

    def next(self) -> DataBatch:
        """Return the next batch.

        Raises
        ------
        StopIteration
            At the end of the data.
        """
        if not self.iter_next():
            raise StopIteration
        return DataBatch(self.getdata(), self.getlabel(), self.getpad(), self.getindex())

    def iter_next(self) -> bool:
        """Move on to the next batch and return whether there is one."""
        return False

    def getdata(self) -> Any:
        """Return the data of the current batch."""

    def getlabel(self) -> Any:
        """Return the labels of the current batch."""

    def getindex(self) -> Any:
        """Return the positions of the current batch's samples in the data set, or None."""
        return None

    def getpad(self) -> Any:
        """Return how many samples at the end of the current batch only fill it up."""
