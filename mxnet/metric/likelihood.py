"""Metrics of the probabilities that were predicted for the labels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy

from ..base import MXNetError
from .base import EvalMetric, alias, as_numpy, check_label_shapes, register


@register
class Perplexity(EvalMetric):
    """The exponential of the mean negative log likelihood.

    A probability below 1e-10 counts as 1e-10.

    Parameters
    ----------
    ignore_label : int or None
        A label whose samples do not count, such as padding.
    axis : int, default -1
        The axis of the classes.
    name : str, default 'perplexity'
        Name in logs.
    output_names, label_names : list of str, optional
        As for `EvalMetric`.

    Examples
    --------
    >>> metric = mx.metric.Perplexity(ignore_label=None)
    >>> metric.update([mx.nd.array([0, 1])], [mx.nd.array([[0.25, 0.75], [0.75, 0.25]])])
    >>> round(metric.get()[1], 4)
    4.0
    """

    def __init__(
        self,
        ignore_label: int | None,
        axis: int = -1,
        name: str = "perplexity",
        output_names: Sequence[str] | None = None,
        label_names: Sequence[str] | None = None,
    ) -> None:
        super().__init__(
            name, output_names, label_names, ignore_label=ignore_label, has_global_stats=True
        )
        self.ignore_label = ignore_label
        self.axis = axis

    def update(self, labels: Any, preds: Any) -> None:
        """Take in one batch: labels, and probabilities with one axis more."""
        labels, preds = check_label_shapes(labels, preds, wrap=True)
        for label, pred in zip(labels, preds, strict=True):
            probabilities = numpy.moveaxis(as_numpy(pred), self.axis, -1)
            picked, wanted = _picked(label, probabilities.reshape(-1, probabilities.shape[-1]))
            if self.ignore_label is not None:
                picked = picked[wanted != self.ignore_label]
            self._add(-numpy.log(numpy.maximum(picked, 1e-10)).sum(), picked.size)

    def get(self) -> tuple[str, float]:
        """Return (name, perplexity) since the last reset of either kind."""
        name, mean = super().get()
        return name, _exponential(mean)

    def get_global(self) -> tuple[str, float]:
        """Return (name, perplexity) since the last `reset`."""
        name, mean = super().get_global()
        return name, _exponential(mean)


class _LogLikelihood(EvalMetric):
    """Base of the metrics that are the mean of ``-log(probability + eps)``."""

    def __init__(
        self,
        eps: float,
        name: str,
        output_names: Sequence[str] | None,
        label_names: Sequence[str] | None,
    ) -> None:
        super().__init__(name, output_names, label_names, eps=eps, has_global_stats=True)
        self.eps = eps

    def update(self, labels: Any, preds: Any) -> None:
        """Take in one batch: labels, and probabilities (samples, classes)."""
        labels, preds = check_label_shapes(labels, preds, wrap=True)
        for label, pred in zip(labels, preds, strict=True):
            picked, _ = _picked(label, as_numpy(pred))
            self._add(-numpy.log(picked + self.eps).sum(), picked.size)


@register
@alias("ce")
class CrossEntropy(_LogLikelihood):
    """The mean negative log of the probability of the labels.

    Parameters
    ----------
    eps : float, default 1e-12
        Added to a probability.
    name : str, default 'cross-entropy'
        Name in logs.
    output_names, label_names : list of str, optional
        As for `EvalMetric`.

    Examples
    --------
    >>> metric = mx.metric.CrossEntropy()
    >>> metric.update([mx.nd.array([0, 1])], [mx.nd.array([[0.25, 0.75], [0.75, 0.25]])])
    >>> round(metric.get()[1], 4)
    1.3863
    """

    def __init__(
        self,
        eps: float = 1e-12,
        name: str = "cross-entropy",
        output_names: Sequence[str] | None = None,
        label_names: Sequence[str] | None = None,
    ) -> None:
        super().__init__(eps, name, output_names, label_names)


@register
@alias("nll_loss")
class NegativeLogLikelihood(_LogLikelihood):
    """The mean negative log of the probability of the labels, under another name.

    Parameters
    ----------
    eps : float, default 1e-12
        Added to a probability.
    name : str, default 'nll-loss'
        Name in logs.
    output_names, label_names : list of str, optional
        As for `EvalMetric`.
    """

    def __init__(
        self,
        eps: float = 1e-12,
        name: str = "nll-loss",
        output_names: Sequence[str] | None = None,
        label_names: Sequence[str] | None = None,
    ) -> None:
        super().__init__(eps, name, output_names, label_names)


def _exponential(value: float) -> float:
    return math.exp(value) if not value > 700 else math.inf


def _picked(label: Any, probabilities: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Return the probability of each label, in float64, and the labels as flat integers."""
    wanted = as_numpy(label).astype(numpy.int64).ravel()
    if probabilities.ndim != 2 or len(wanted) != len(probabilities):
        raise MXNetError(
            f"There are {len(wanted)} labels, but the probabilities have shape "
            f"{probabilities.shape}: there must be a row for each label."
        )
    columns = numpy.clip(wanted, 0, probabilities.shape[1] - 1)
    return probabilities[numpy.arange(len(wanted)), columns].astype(numpy.float64), wanted
