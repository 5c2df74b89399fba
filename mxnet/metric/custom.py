"""Metrics that are a network's own loss, or a function of the user's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy

from .base import EvalMetric, as_list, as_numpy, check_label_shapes, register


@register
class Loss(EvalMetric):
    """The mean of the outputs themselves; labels do not matter.

    Parameters
    ----------
    name : str, default 'loss'
        Name in logs.
    output_names, label_names : list of str, optional
        As for `EvalMetric`.

    Examples
    --------
    >>> metric = mx.metric.Loss()
    >>> metric.update(None, [mx.nd.array([1, 2])])
    >>> metric.get()
    ('loss', 1.5)
    """

    def __init__(
        self,
        name: str = "loss",
        output_names: Sequence[str] | None = None,
        label_names: Sequence[str] | None = None,
    ) -> None:
        super().__init__(name, output_names, label_names, has_global_stats=True)

    def update(self, _: Any, preds: Any) -> None:
        """Take in one batch of outputs."""
        for pred in as_list(preds):
            self._add(as_numpy(pred).sum(dtype=numpy.float64), pred.size)


@register
class Torch(Loss):
    """Another name of `Loss`.

    Parameters
    ----------
    name : str, default 'torch'
        Name in logs.
    output_names, label_names : list of str, optional
        As for `EvalMetric`.
    """

    def __init__(
        self,
        name: str = "torch",
        output_names: Sequence[str] | None = None,
        label_names: Sequence[str] | None = None,
    ) -> None:
        super().__init__(name, output_names, label_names)


@register
class Caffe(Loss):
    """Another name of `Loss`.

    Parameters
    ----------
    name : str, default 'caffe'
        Name in logs.
    output_names, label_names : list of str, optional
        As for `EvalMetric`.
    """

    def __init__(
        self,
        name: str = "caffe",
        output_names: Sequence[str] | None = None,
        label_names: Sequence[str] | None = None,
    ) -> None:
        super().__init__(name, output_names, label_names)


@register
class CustomMetric(EvalMetric):
    """The mean of a function of labels and predictions.

    Parameters
    ----------
    feval : callable
        Called with a label and a prediction as NumPy arrays; returns the value for the batch, or
        a pair (sum, number of samples).
    name : str, optional
        Name in logs, by default the function's.
    allow_extra_outputs : bool, default False
        Whether there may be more outputs than labels; the first ones are measured.
    output_names, label_names : list of str, optional
        As for `EvalMetric`.

    Examples
    --------
    >>> metric = mx.metric.CustomMetric(lambda label, pred: abs(label - pred).max(), name="worst")
    >>> metric.update([mx.nd.array([1, 2])], [mx.nd.array([1, 5])])
    >>> metric.get()
    ('worst', 3.0)
    """

    def __init__(
        self,
        feval: Callable[[numpy.ndarray, numpy.ndarray], Any],
        name: str | None = None,
        allow_extra_outputs: bool = False,
        output_names: Sequence[str] | None = None,
        label_names: Sequence[str] | None = None,
    ) -> None:
        if name is None:
            own = getattr(feval, "__name__", type(feval).__name__)
            name = f"custom({own})" if "<" in own else own
        super().__init__(
            name,
            output_names,
            label_names,
            feval=feval,
            allow_extra_outputs=allow_extra_outputs,
            has_global_stats=True,
        )
        self._feval = feval
        self._allow_extra_outputs = allow_extra_outputs

    def update(self, labels: Any, preds: Any) -> None:
        """Take in one batch."""
        labels, preds = as_list(labels), as_list(preds)
        if not self._allow_extra_outputs:
            check_label_shapes(labels, preds)
        for label, pred in zip(labels, preds, strict=False):
            value = self._feval(as_numpy(label), as_numpy(pred))
            self._add(*(value if isinstance(value, tuple) else (value, 1)))

    def get_config(self) -> dict[str, Any]:
        """Raise NotImplementedError: a function can not be written down."""
        raise NotImplementedError("A CustomMetric can not be saved: its function can not.")


def np(
    numpy_feval: Callable[[numpy.ndarray, numpy.ndarray], Any],
    name: str | None = None,
    allow_extra_outputs: bool = False,
) -> CustomMetric:
    """Return a `CustomMetric` of a function of NumPy arrays.

    Parameters
    ----------
    numpy_feval : callable
        Called with a label and a prediction; returns a value or a pair (sum, number of samples).
    name : str, optional
        Name in logs, by default the function's.
    allow_extra_outputs : bool, default False
        Whether there may be more outputs than labels.

    Examples
    --------
    >>> def offset(label, pred):
    ...     return (pred - label).mean()
    >>> metric = mx.metric.np(offset)
    >>> metric.update([mx.nd.array([1, 2])], [mx.nd.array([2, 4])])
    >>> metric.get()
    ('offset', 1.5)
    """
    return CustomMetric(numpy_feval, name, allow_extra_outputs)
