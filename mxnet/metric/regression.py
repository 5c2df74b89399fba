"""Metrics of predicted numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy

from .base import EvalMetric, alias, as_numpy, check_label_shapes, register


class _ErrorMetric(EvalMetric):
    """Base of the metrics that are a mean over batches of an error of each batch."""

    def __init__(
        self,
        name: str,
        output_names: Sequence[str] | None,
        label_names: Sequence[str] | None,
    ) -> None:
        super().__init__(name, output_names, label_names, has_global_stats=True)

    def update(self, labels: Any, preds: Any) -> None:
        """Take in one batch: labels and predictions of one shape, or that broadcast to one."""
        labels, preds = check_label_shapes(labels, preds, wrap=True)
        for label, pred in zip(labels, preds, strict=True):
            self._add(self._error(_column(label) - _column(pred)), 1)

    def _error(self, difference: numpy.ndarray) -> Any:
        raise NotImplementedError


@register
class MAE(_ErrorMetric):
    """The mean absolute error.

    Parameters
    ----------
    name : str, default 'mae'
        Name in logs.
    output_names, label_names : list of str, optional
        As for `EvalMetric`.

    Examples
    --------
    >>> metric = mx.metric.MAE()
    >>> metric.update([mx.nd.array([3, -0.5, 2])], [mx.nd.array([2.5, 0, 4])])
    >>> metric.get()
    ('mae', 1.0)
    """

    def __init__(
        self,
        name: str = "mae",
        output_names: Sequence[str] | None = None,
        label_names: Sequence[str] | None = None,
    ) -> None:
        super().__init__(name, output_names, label_names)

    def _error(self, difference: numpy.ndarray) -> Any:
        return numpy.abs(difference).mean()


@register
class MSE(_ErrorMetric):
    """The mean squared error.

    Parameters
    ----------
    name : str, default 'mse'
        Name in logs.
    output_names, label_names : list of str, optional
        As for `EvalMetric`.

    Examples
    --------
    >>> metric = mx.metric.MSE()
    >>> metric.update([mx.nd.array([3, -0.5, 2])], [mx.nd.array([2.5, 0, 4])])
    >>> metric.get()
    ('mse', 1.5)
    """

    def __init__(
        self,
        name: str = "mse",
        output_names: Sequence[str] | None = None,
        label_names: Sequence[str] | None = None,
    ) -> None:
        super().__init__(name, output_names, label_names)

    def _error(self, difference: numpy.ndarray) -> Any:
        return numpy.square(difference).mean()


@register
class RMSE(_ErrorMetric):
    """The mean over batches of the root of the mean squared error.

    Parameters
    ----------
    name : str, default 'rmse'
        Name in logs.
    output_names, label_names : list of str, optional
        As for `EvalMetric`.

    Examples
    --------
    >>> metric = mx.metric.RMSE()
    >>> metric.update([mx.nd.array([3, 1])], [mx.nd.array([1, 3])])
    >>> metric.get()
    ('rmse', 2.0)
    """

    def __init__(
        self,
        name: str = "rmse",
        output_names: Sequence[str] | None = None,
        label_names: Sequence[str] | None = None,
    ) -> None:
        super().__init__(name, output_names, label_names)

    def _error(self, difference: numpy.ndarray) -> Any:
        return numpy.sqrt(numpy.square(difference).mean())


@register
@alias("pearsonr")
class PearsonCorrelation(EvalMetric):
    """Pearson's correlation of labels and predictions.

    Parameters
    ----------
    name : str, default 'pearsonr'
        Name in logs.
    output_names, label_names : list of str, optional
        As for `EvalMetric`.
    average : str, default 'macro'
        ``'macro'`` is the mean over batches, ``'micro'`` the value for all samples, gathered
        without keeping them (Chan, Golub and LeVeque, 1983).

    Examples
    --------
    >>> metric = mx.metric.PearsonCorrelation()
    >>> metric.update([mx.nd.array([[1, 0], [0, 1]])], [mx.nd.array([[4, 2], [1, 5]])])
    >>> round(metric.get()[1], 4)
    0.9487
    """

    def __init__(
        self,
        name: str = "pearsonr",
        output_names: Sequence[str] | None = None,
        label_names: Sequence[str] | None = None,
        average: str = "macro",
    ) -> None:
        if average not in ("macro", "micro"):
            raise ValueError(f"average is {average!r}, but must be 'macro' or 'micro'.")
        self.average = average
        super().__init__(name, output_names, label_names, has_global_stats=True)

    def reset(self) -> None:
        """Empty both sums."""
        self.reset_micro()
        super().reset()

    def reset_micro(self) -> None:
        """Empty what ``average='micro'`` gathers: counts, means, sums of squares and products."""
        self._labels: tuple[float, float, float] = (0, 0.0, 0.0)
        self._preds: tuple[float, float, float] = (0, 0.0, 0.0)
        self._products = 0.0

    def update_variance(self, new_values: Any, *aggregate: float) -> tuple[float, float, float]:
        """Return count, mean and sum of squared deviations with further values taken in.

        Parameters
        ----------
        new_values : numpy.ndarray
            The values.
        *aggregate
            Count, mean and sum of squared deviations so far.

        Examples
        --------
        >>> metric = mx.metric.PearsonCorrelation(average="micro")
        >>> count, mean, squares = metric.update_variance(np.array([1.0, 3.0]), 0, 0.0, 0.0)
        >>> count, float(mean), float(squares)
        (2, 2.0, 2.0)
        """
        count, mean, squares = aggregate
        total = count + new_values.size
        shift = new_values.mean() - mean
        within = numpy.square(new_values - new_values.mean()).sum()
        return (
            total,
            mean + shift * new_values.size / total,
            squares + within + shift**2 * count * new_values.size / total,
        )

    def update_cov(self, label: numpy.ndarray, pred: numpy.ndarray) -> None:
        """Take a batch into the sum of products; call it before the means take the batch in."""
        count, mean_label, _ = self._labels
        mean_pred = self._preds[1]
        within = ((label - label.mean()) * (pred - pred.mean())).sum()
        shifts = (label.mean() - mean_label) * (pred.mean() - mean_pred)
        self._products += within + shifts * count * label.size / (count + label.size)

    def update(self, labels: Any, preds: Any) -> None:
        """Take in one batch: labels and predictions of equal shapes."""
        labels, preds = check_label_shapes(labels, preds, wrap=True)
        for label, pred in zip(labels, preds, strict=True):
            check_label_shapes(label, pred, shape=True)
            wanted = as_numpy(label).astype(numpy.float64).ravel()
            given = as_numpy(pred).astype(numpy.float64).ravel()
            if self.average == "macro":
                self._add(numpy.corrcoef(wanted, given)[0, 1], 1)
                continue
            self.update_cov(wanted, given)
            self._labels = self.update_variance(wanted, *self._labels)
            self._preds = self.update_variance(given, *self._preds)
            self._add(0.0, 1)

    def get(self) -> tuple[str, float]:
        """Return (name, correlation), NaN without samples."""
        if self.average == "macro":
            return super().get()
        if not self.num_inst:
            return self.name, float("nan")
        spread = float(numpy.sqrt(self._labels[2] * self._preds[2]))
        return self.name, float(self._products) / spread if spread else float("nan")

    def get_global(self) -> tuple[str, float]:
        """Return (name, correlation) since the last `reset`."""
        return super().get_global() if self.average == "macro" else self.get()


def _column(array: Any) -> numpy.ndarray:
    values = as_numpy(array)
    return values.reshape(-1, 1) if values.ndim == 1 else values
