"""Metrics of predicted classes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy

from ..base import MXNetError
from .base import EvalMetric, alias, as_numpy, check_label_shapes, register


@register
@alias("acc")
class Accuracy(EvalMetric):
    """The share of samples whose class was predicted.

    Parameters
    ----------
    axis : int, default 1
        The axis of the scores of the classes; predictions of the labels' shape are classes.
    name : str, default 'accuracy'
        Name in logs.
    output_names, label_names : list of str, optional
        As for `EvalMetric`.

    Examples
    --------
    >>> metric = mx.metric.Accuracy()
    >>> metric.update([mx.nd.array([0, 1, 1])], [mx.nd.array([[0.9, 0.1], [0.2, 0.8], [0.7, 0.3]])])
    >>> metric.get()
    ('accuracy', 0.6666666666666666)
    """

    def __init__(
        self,
        axis: int = 1,
        name: str = "accuracy",
        output_names: Sequence[str] | None = None,
        label_names: Sequence[str] | None = None,
    ) -> None:
        super().__init__(name, output_names, label_names, axis=axis, has_global_stats=True)
        self.axis = axis

    def update(self, labels: Any, preds: Any) -> None:
        """Take in one batch: labels, and predicted scores or classes."""
        for label, predicted in _classes(labels, preds, self.axis):
            self._add((label == predicted).sum(), label.size)


@register
@alias("top_k_accuracy", "top_k_acc")
class TopKAccuracy(EvalMetric):
    """The share of samples whose class is among the `top_k` with the highest scores.

    Parameters
    ----------
    top_k : int, default 1
        How many, 2 or more; `Accuracy` is for 1.
    name : str, default 'top_k_accuracy'
        Name in logs, followed by ``_`` and `top_k`.
    output_names, label_names : list of str, optional
        As for `EvalMetric`.

    Examples
    --------
    >>> metric = mx.metric.TopKAccuracy(top_k=2)
    >>> metric.update([mx.nd.array([2, 1])], [mx.nd.array([[0.5, 0.1, 0.4], [0.5, 0.1, 0.4]])])
    >>> metric.get()
    ('top_k_accuracy_2', 0.5)
    """

    def __init__(
        self,
        top_k: int = 1,
        name: str = "top_k_accuracy",
        output_names: Sequence[str] | None = None,
        label_names: Sequence[str] | None = None,
    ) -> None:
        super().__init__(name, output_names, label_names, top_k=top_k, has_global_stats=True)
        if top_k <= 1:
            raise MXNetError(f"top_k is {top_k}, but must be 2 or more; use Accuracy for 1.")
        self.top_k = top_k
        if not self.name.endswith(f"_{top_k}"):
            self.name += f"_{top_k}"

    def update(self, labels: Any, preds: Any) -> None:
        """Take in one batch: labels (samples,) and scores (samples, classes)."""
        labels, preds = check_label_shapes(labels, preds, wrap=True)
        for label, pred in zip(labels, preds, strict=True):
            scores, wanted = as_numpy(pred), as_numpy(label).astype(numpy.int64).reshape(-1)
            if scores.ndim != 2:
                raise MXNetError(
                    f"Predictions of {self.name} have shape {scores.shape}, but must have 2 axes, "
                    "samples and classes."
                )
            check_label_shapes(wanted, scores)
            best = numpy.argsort(scores, axis=1, kind="stable")[:, -self.top_k :]
            self._add((best == wanted[:, None]).sum(), len(wanted))


class _BinaryCounts:
    """How often each label (0 or 1) met each prediction."""

    def __init__(self) -> None:
        self.true_positives = self.false_positives = 0
        self.true_negatives = self.false_negatives = 0

    def add(self, label: numpy.ndarray, positive: numpy.ndarray) -> None:
        wanted = label == 1
        self.true_positives += int((wanted & positive).sum())
        self.false_positives += int((~wanted & positive).sum())
        self.false_negatives += int((wanted & ~positive).sum())
        self.true_negatives += int((~wanted & ~positive).sum())

    @property
    def total(self) -> int:
        positives = self.true_positives + self.false_positives
        return positives + self.true_negatives + self.false_negatives

    @property
    def f1(self) -> float:
        wrong = self.false_positives + self.false_negatives
        return 2 * self.true_positives / (2 * self.true_positives + wrong or 1)

    @property
    def correlation(self) -> float:
        tp, fp = self.true_positives, self.false_positives
        tn, fn = self.true_negatives, self.false_negatives
        spread = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)
        return (tp * tn - fp * fn) / math.sqrt(spread) if spread else 0.0


class _BinaryMetric(EvalMetric):
    """Base of the metrics of two classes, the mean over batches or over all samples."""

    def __init__(
        self,
        name: str,
        output_names: Sequence[str] | None,
        label_names: Sequence[str] | None,
        average: str,
    ) -> None:
        if average not in ("macro", "micro"):
            raise ValueError(f"average is {average!r}, but must be 'macro' or 'micro'.")
        self.average = average
        super().__init__(name, output_names, label_names, has_global_stats=True)

    def reset(self) -> None:
        """Empty both sums."""
        self._global_counts = _BinaryCounts()
        super().reset()

    def reset_local(self) -> None:
        """Empty the local sum."""
        self._counts = _BinaryCounts()
        super().reset_local()

    def update(self, labels: Any, preds: Any) -> None:
        """Take in one batch: labels 0 or 1, and scores (samples, 2)."""
        if self.average == "macro":
            self._counts = _BinaryCounts()
        for label, predicted in _classes(labels, preds, 1, always_scores=True):
            if len(numpy.unique(label)) > 2:
                raise ValueError(
                    f"{type(self).__name__} measures two classes, but the labels hold "
                    f"{len(numpy.unique(label))}."
                )
            self._counts.add(label, predicted == 1)
            self._global_counts.add(label, predicted == 1)
        if self.average == "macro":
            self._add(self._value(self._counts), 1)
            return
        self.num_inst, self.global_num_inst = self._counts.total, self._global_counts.total
        self.sum_metric = self._value(self._counts) * self.num_inst
        self.global_sum_metric = self._value(self._global_counts) * self.global_num_inst

    def _value(self, counts: _BinaryCounts) -> float:
        raise NotImplementedError


@register
class F1(_BinaryMetric):
    """The harmonic mean of precision and recall of class 1.

    Parameters
    ----------
    name : str, default 'f1'
        Name in logs.
    output_names, label_names : list of str, optional
        As for `EvalMetric`.
    average : str, default 'macro'
        ``'macro'`` is the mean over batches, ``'micro'`` the value for all samples.

    Examples
    --------
    >>> metric = mx.metric.F1()
    >>> metric.update([mx.nd.array([0, 1, 1])], [mx.nd.array([[0.3, 0.7], [0, 1], [0.4, 0.6]])])
    >>> metric.get()
    ('f1', 0.8)
    """

    def __init__(
        self,
        name: str = "f1",
        output_names: Sequence[str] | None = None,
        label_names: Sequence[str] | None = None,
        average: str = "macro",
    ) -> None:
        super().__init__(name, output_names, label_names, average)

    def _value(self, counts: _BinaryCounts) -> float:
        return counts.f1


@register
class MCC(_BinaryMetric):
    """Matthews' correlation of two classes, from -1 to 1, 0 for guessing.

    Parameters
    ----------
    name : str, default 'mcc'
        Name in logs.
    output_names, label_names : list of str, optional
        As for `EvalMetric`.
    average : str, default 'macro'
        ``'macro'`` is the mean over batches, ``'micro'`` the value for all samples.

    Examples
    --------
    >>> metric = mx.metric.MCC()
    >>> metric.update([mx.nd.array([0, 1, 1])], [mx.nd.array([[0.3, 0.7], [0, 1], [0.4, 0.6]])])
    >>> metric.get()
    ('mcc', 0.0)
    """

    def __init__(
        self,
        name: str = "mcc",
        output_names: Sequence[str] | None = None,
        label_names: Sequence[str] | None = None,
        average: str = "macro",
    ) -> None:
        super().__init__(name, output_names, label_names, average)

    def _value(self, counts: _BinaryCounts) -> float:
        return counts.correlation


@register
class PCC(EvalMetric):
    """Pearson's correlation of classes, Matthews' for any number of them (Gorodkin, 2004).

    It is NaN while labels or predictions are all of one class.

    Parameters
    ----------
    name : str, default 'pcc'
        Name in logs.
    output_names, label_names : list of str, optional
        As for `EvalMetric`.
    has_global_stats : bool, default True
        Whether `get_global` differs from `get`.

    Examples
    --------
    >>> metric = mx.metric.PCC()
    >>> metric.update([mx.nd.array([0, 1, 2])], [mx.nd.eye(3)])
    >>> metric.get()
    ('pcc', 1.0)
    """

    def __init__(
        self,
        name: str = "pcc",
        output_names: Sequence[str] | None = None,
        label_names: Sequence[str] | None = None,
        has_global_stats: bool = True,
    ) -> None:
        super().__init__(name, output_names, label_names, has_global_stats=has_global_stats)

    def reset(self) -> None:
        """Empty both sums."""
        self.global_num_inst = 0.0
        self.gcm = numpy.zeros((2, 2))
        self.reset_local()

    def reset_local(self) -> None:
        """Empty the local sum."""
        self.num_inst = 0.0
        self.lcm = numpy.zeros((2, 2))

    @property
    def sum_metric(self) -> float:  # type: ignore[override]
        """The correlation times the number of batches since the last reset of either kind."""
        return _correlation(self.lcm) * self.num_inst

    @property
    def global_sum_metric(self) -> float:  # type: ignore[override]
        """The correlation times the number of batches since the last `reset`."""
        return _correlation(self.gcm) * self.global_num_inst

    def update(self, labels: Any, preds: Any) -> None:
        """Take in one batch: labels, and scores (samples, classes) or classes."""
        for label, predicted in _classes(labels, preds, 1):
            size = max(len(self.gcm), int(max(label.max(), predicted.max())) + 1)
            counts = numpy.zeros((size, size))
            numpy.add.at(counts, (predicted, label), 1)
            self.lcm = _grown(self.lcm, size) + counts
            self.gcm = _grown(self.gcm, size) + counts
            self.num_inst += 1
            self.global_num_inst += 1


def _classes(
    labels: Any, preds: Any, axis: int, always_scores: bool = False
) -> Iterator[tuple[numpy.ndarray, numpy.ndarray]]:
    """Yield labels and predicted classes, flat integers, of each output."""
    labels, preds = check_label_shapes(labels, preds, wrap=True)
    for label, pred in zip(labels, preds, strict=True):
        predicted = as_numpy(pred)
        if always_scores or predicted.shape != label.shape:
            predicted = predicted.argmax(axis=axis)
        flat = as_numpy(label).astype(numpy.int64).reshape(-1)
        yield check_label_shapes(flat, predicted.astype(numpy.int64).reshape(-1))


def _grown(counts: numpy.ndarray, size: int) -> numpy.ndarray:
    return numpy.pad(counts, (0, size - len(counts)))


def _correlation(counts: numpy.ndarray) -> float:
    total, predicted, wanted = counts.sum(), counts.sum(axis=1), counts.sum(axis=0)
    spread = (predicted * (total - predicted)).sum() * (wanted * (total - wanted)).sum()
    if not spread:
        return float("nan")
    together = (counts.diagonal() * total - predicted * wanted).sum()
    return float(together / numpy.sqrt(spread))
