"""The iterator over arrays in memory."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import ndarray as nd
from ..base import MXNetError
from ..ndarray import NDArray
from .batch import DataBatch, DataDesc, DataIter
from .utils import named_arrays


class NDArrayIter(DataIter):
    """Iterate over NDArrays or NumPy arrays in batches.

    Parameters
    ----------
    data : NDArray, numpy.ndarray, list or dict of them
        The inputs. NumPy arrays become float32; a dictionary's keys name the inputs.
    label : like `data`, optional
        The labels.
    batch_size : int, default 1
        Samples per batch.
    shuffle : bool, default False
        Whether each epoch takes the samples in a new random order (NumPy's global generator).
    last_batch_handle : str, default 'pad'
        What happens when the samples do not fill the last batch: ``'pad'`` fills it from the
        beginning, ``'discard'`` leaves it out, ``'roll_over'`` puts its samples in front of the
        next epoch.
    data_name, label_name : str, default 'data' and 'softmax_label'
        Names for arrays that came without one.
    layout : str, default 'NCHW'
        Where its ``N`` stands is the batch axis of the data; an array with fewer axes than that
        (the labels, usually) is cut along its first.

    Raises
    ------
    MXNetError
        If there is no data, the arrays differ in their number of samples, or `last_batch_handle`
        is unknown.

    Examples
    --------
    >>> data = mx.io.NDArrayIter(np.arange(5), np.arange(5) * 10, batch_size=2)
    >>> [(batch.data[0].asnumpy().tolist(), batch.pad) for batch in data]
    [([0.0, 1.0], 0), ([2.0, 3.0], 0), ([4.0, 0.0], 1)]
    >>> data.provide_label
    [DataDesc[softmax_label,(2,),<class 'numpy.float32'>,NCHW]]
    """

    def __init__(
        self,
        data: Any,
        label: Any = None,
        batch_size: int = 1,
        shuffle: bool = False,
        last_batch_handle: str = "pad",
        data_name: str = "data",
        label_name: str = "softmax_label",
        layout: str = "NCHW",
    ) -> None:
        super().__init__(batch_size)
        if last_batch_handle not in ("pad", "discard", "roll_over"):
            raise MXNetError(
                f"last_batch_handle is {last_batch_handle!r}, but must be 'pad', 'discard' or "
                "'roll_over'."
            )
        self.data = named_arrays(data, data_name, allow_empty=False)
        self.label = named_arrays(label, label_name, allow_empty=True)
        self.layout = layout
        self.shuffle = shuffle
        self.last_batch_handle = last_batch_handle
        self.num_data = self._count_samples()
        self._refuse_unsupported_sparse()
        self.idx = np.arange(self.num_data)
        self._positions = np.arange(self.num_data)
        self.hard_reset()

    @property
    def data_list(self) -> list[NDArray]:
        """All arrays, data before labels."""
        return [array for _, array in self.data + self.label]

    @property
    def num_source(self) -> int:
        """The number of arrays, labels included."""
        return len(self.data) + len(self.label)

    @property
    def provide_data(self) -> list[DataDesc]:
        """Descriptions of a batch's data."""
        return [self._describe(name, array) for name, array in self.data]

    @property
    def provide_label(self) -> list[DataDesc]:
        """Descriptions of a batch's labels."""
        return [self._describe(name, array) for name, array in self.label]

    def hard_reset(self) -> None:
        """Begin anew, dropping samples that were to roll over."""
        self._begin(np.arange(0))

    def reset(self) -> None:
        """Begin the next epoch."""
        at_rest = self.num_data - self.batch_size < self.cursor < self.num_data
        rolls = self.last_batch_handle == "roll_over" and at_rest
        self._begin(self._order[self._rolled + self.cursor :] if rolls else np.arange(0))

    def iter_next(self) -> bool:
        """Move on to the next batch and return whether there is one."""
        self.cursor += self.batch_size
        if self.last_batch_handle == "pad":
            return self.cursor < self.num_data
        return self.cursor + self.batch_size <= self.num_data

    def next(self) -> DataBatch:
        """Return the next batch; StopIteration is raised at the end of the epoch."""
        if not self.iter_next():
            raise StopIteration
        return DataBatch(self.getdata(), self.getlabel(), self.getpad(), None)

    def getdata(self) -> list[NDArray]:
        """Return the data of the current batch."""
        return [self._cut(array) for _, array in self.data]

    def getlabel(self) -> list[NDArray]:
        """Return the labels of the current batch."""
        return [self._cut(array) for _, array in self.label]

    def getpad(self) -> int:
        """Return how many samples of the current batch are not of this epoch."""
        if self.last_batch_handle == "pad":
            return max(0, self.cursor + self.batch_size - self.num_data)
        return max(0, -self.cursor)

    def _begin(self, rolled: np.ndarray) -> None:
        if self.shuffle:  # applied to the last epoch's order: a seed gives MXNet's batches
            np.random.shuffle(self.idx)
            self._positions = self._positions[self.idx]
        self._rolled = len(rolled)
        self._order = np.concatenate([rolled, self._positions])
        self.cursor = -self._rolled - self.batch_size

    def _axis(self, array: NDArray) -> int:
        axis = DataDesc.get_batch_axis(self.layout)
        return axis if 0 <= axis < array.ndim else 0

    def _count_samples(self) -> int:
        counts = {name: arr.shape[self._axis(arr)] for name, arr in self.data + self.label}
        first, count = next(iter(counts.items()))
        for name, other in counts.items():
            if other != count:
                raise MXNetError(
                    f"{name} has {other} samples, but {first} has {count}: the arrays of an "
                    "iterator must agree."
                )
        return count

    def _refuse_unsupported_sparse(self) -> None:
        if all(array.stype == "default" for array in self.data_list):
            return
        if self.shuffle or self.last_batch_handle != "discard":
            raise NotImplementedError(
                "Sparse arrays can only be iterated in order and with last_batch_handle='discard'."
            )

    def _describe(self, name: str, array: NDArray) -> DataDesc:
        axis = self._axis(array)
        shape = array.shape[:axis] + (self.batch_size,) + array.shape[axis + 1 :]
        same_axis = axis == DataDesc.get_batch_axis(self.layout)
        return DataDesc(name, shape, array.dtype, self.layout if same_axis else "N")

    def _cut(self, array: NDArray) -> NDArray:
        begin = self.cursor + self._rolled
        end, axis = begin + self.batch_size, self._axis(array)
        if array.stype != "default":
            return array[begin:end]
        if end <= len(self._order) and not self.shuffle and not self._rolled:
            return nd.slice_axis(array, axis=axis, begin=begin, end=end)
        positions = np.take(self._order, np.arange(begin, end), mode="wrap")
        indices = nd.array(positions, ctx=array.context, dtype="int64")
        return nd.take(array, indices, axis=axis)
