"""Iterators around other iterators: another epoch length, loading ahead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from ..base import MXNetError
from .batch import DataBatch, DataDesc, DataIter


class _CurrentBatchIter(DataIter):
    """An iterator that keeps its current batch."""

    current_batch: DataBatch | None = None

    def getdata(self) -> Any:
        """Return the data of the current batch."""
        return self._current().data

    def getlabel(self) -> Any:
        """Return the labels of the current batch."""
        return self._current().label

    def getindex(self) -> Any:
        """Return the positions of the current batch's samples in the data set, or None."""
        return self._current().index

    def getpad(self) -> Any:
        """Return how many samples at the end of the current batch only fill it up."""
        return self._current().pad

    def _current(self) -> DataBatch:
        if self.current_batch is None:
            raise MXNetError("There is no current batch: call next first.")
        return self.current_batch


class ResizeIter(_CurrentBatchIter):
    """Give an iterator's epochs another number of batches.

    Parameters
    ----------
    data_iter : DataIter
        Where the batches come from; at its end it begins anew.
    size : int
        Batches per epoch.
    reset_internal : bool, default True
        Whether `reset` also resets `data_iter`; else an epoch goes on where the last one ended.

    Examples
    --------
    >>> data = mx.io.ResizeIter(mx.io.NDArrayIter(np.arange(4), batch_size=2), size=3)
    >>> [batch.data[0].asnumpy().tolist() for batch in data]
    [[0.0, 1.0], [2.0, 3.0], [0.0, 1.0]]
    """

    def __init__(self, data_iter: DataIter, size: int, reset_internal: bool = True) -> None:
        super().__init__(data_iter.batch_size)
        self.data_iter, self.reset_internal = data_iter, reset_internal
        self.cur, self.size = 0, size
        self.provide_data = data_iter.provide_data
        self.provide_label = data_iter.provide_label
        if hasattr(data_iter, "default_bucket_key"):
            self.default_bucket_key = data_iter.default_bucket_key

    def reset(self) -> None:
        """Begin the next epoch."""
        self.cur = 0
        if self.reset_internal:
            self.data_iter.reset()

    def iter_next(self) -> bool:
        """Move on to the next batch and return whether there is one."""
        if self.cur >= self.size:
            return False
        self.cur += 1
        self.current_batch = _next_or_none(self.data_iter)
        if self.current_batch is None:
            self.data_iter.reset()
            self.current_batch = self.data_iter.next()
        return True


class PrefetchingIter(_CurrentBatchIter):
    """Load the next batch of one or several iterators in the background, joined into one.

    Parameters
    ----------
    iters : DataIter or list of DataIter
        Where the batches come from; they must have equally many.
    rename_data, rename_label : list of dict, optional
        For each iterator, new names of its data and labels.

    Raises
    ------
    MXNetError
        If there is no iterator; later, if one ends before another.

    Examples
    --------
    >>> data = mx.io.PrefetchingIter(mx.io.NDArrayIter(np.arange(4), batch_size=2))
    >>> [batch.data[0].asnumpy().tolist() for batch in data]
    [[0.0, 1.0], [2.0, 3.0]]
    """

    def __init__(
        self,
        iters: DataIter | list[DataIter],
        rename_data: Sequence[Mapping[str, str]] | None = None,
        rename_label: Sequence[Mapping[str, str]] | None = None,
    ) -> None:
        self.iters = list(iters) if isinstance(iters, list | tuple) else [iters]
        if not self.iters:
            raise MXNetError("PrefetchingIter needs at least one iterator.")
        self.n_iter = len(self.iters)
        self.rename_data = rename_data
        self.rename_label = rename_label
        super().__init__(self.provide_data[0][1][0])
        self._pool = ThreadPoolExecutor(self.n_iter, thread_name_prefix="PrefetchingIter")
        self._fetch()

    def __del__(self) -> None:
        pool = getattr(self, "_pool", None)
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)

    @property
    def provide_data(self) -> list[DataDesc]:
        """Descriptions of the data of all iterators."""
        return _renamed([it.provide_data for it in self.iters], self.rename_data)

    @property
    def provide_label(self) -> list[DataDesc]:
        """Descriptions of the labels of all iterators."""
        return _renamed([it.provide_label for it in self.iters], self.rename_label)

    def reset(self) -> None:
        """Begin the next epoch, dropping what was loaded ahead."""
        for future in self._futures:
            future.result()
        for it in self.iters:
            it.reset()
        self._fetch()

    def iter_next(self) -> bool:
        """Move on to the next batch and return whether there is one."""
        batches = [future.result() for future in self._futures]
        ended = [batch is None for batch in batches]
        if all(ended):
            return False
        if any(ended):
            raise MXNetError(
                f"Iterator {ended.index(True)} ended before iterator {ended.index(False)}: "
                "prefetched iterators must have equally many batches."
            )
        if len({batch.pad for batch in batches}) > 1:
            raise MXNetError(
                f"The batches of the iterators are padded by {[b.pad for b in batches]} samples, "
                "but must be padded alike."
            )
        self._fetch()
        self.current_batch = DataBatch(
            [array for batch in batches for array in batch.data],
            [array for batch in batches for array in batch.label or ()],
            batches[0].pad,
            batches[0].index,
            bucket_key=batches[0].bucket_key,
            provide_data=self.provide_data,
            provide_label=self.provide_label,
        )
        return True

    def next(self) -> DataBatch:
        """Return the next batch; StopIteration is raised at the end of the epoch."""
        if not self.iter_next():
            raise StopIteration
        return self._current()

    def _fetch(self) -> None:
        self._futures: list[Future] = [self._pool.submit(_next_or_none, it) for it in self.iters]


def _next_or_none(iterator: DataIter) -> DataBatch | None:
    try:
        return iterator.next()
    except StopIteration:
        return None


def _renamed(
    provided: Sequence[Sequence[Any]], renames: Sequence[Mapping[str, str]] | None
) -> list[DataDesc]:
    renames = renames or [{}] * len(provided)
    result = []
    for descs, names in zip(provided, renames, strict=True):
        for desc in descs:
            desc = desc if isinstance(desc, DataDesc) else DataDesc(*desc)
            name = names.get(desc.name, desc.name)
            result.append(DataDesc(name, desc.shape, desc.dtype, desc.layout))
    return result
