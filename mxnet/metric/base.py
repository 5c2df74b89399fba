"""What every metric shares: sums since the last reset, names, and the registry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy

from .. import registry
from ..ndarray import NDArray


def check_label_shapes(
    labels: Any, preds: Any, wrap: bool = False, shape: bool = False
) -> tuple[Any, Any]:
    """Return labels and predictions if they fit each other.

    Parameters
    ----------
    labels, preds : list of NDArray or NDArray
        What to compare.
    wrap : bool, default False
        Whether single arrays come back as lists.
    shape : bool, default False
        Whether shapes must be equal; else lengths.

    Raises
    ------
    ValueError
        If they do not fit.

    Examples
    --------
    >>> mx.metric.check_label_shapes([1, 2], [3, 4])
    ([1, 2], [3, 4])
    """
    of_labels = labels.shape if shape else len(labels)
    of_preds = preds.shape if shape else len(preds)
    if of_labels != of_preds:
        raise ValueError(
            f"Shape of labels {of_labels} does not match shape of predictions {of_preds}"
        )
    return (as_list(labels), as_list(preds)) if wrap else (labels, preds)


class EvalMetric:
    """Base of the metrics: a sum over samples (or batches) and their number.

    There are two sums: a local one, which `reset_local` empties (once per log line, say), and a
    global one, which only `reset` does (once per epoch).

    Parameters
    ----------
    name : str
        Name in logs.
    output_names, label_names : list of str, optional
        The outputs and labels that `update_dict` picks; all of them by default.
    **kwargs
        What `get_config` returns besides.

    Examples
    --------
    >>> class Largest(mx.metric.EvalMetric):
    ...     def update(self, labels, preds):
    ...         self._add(preds[0].max().asscalar(), 1)
    >>> metric = Largest("largest")
    >>> metric.update(None, [mx.nd.array([1, 3])])
    >>> metric.get_name_value()
    [('largest', 3.0)]
    """

    def __init__(
        self,
        name: str,
        output_names: Sequence[str] | None = None,
        label_names: Sequence[str] | None = None,
        **kwargs: Any,
    ) -> None:
        self.name = str(name)
        self._has_global_stats = kwargs.pop("has_global_stats", False)
        self._kwargs = kwargs
        self.output_names, self.label_names = output_names, label_names
        self.reset()

    def __str__(self) -> str:
        return f"EvalMetric: {dict(self.get_name_value())}"

    def get_config(self) -> dict[str, Any]:
        """Return the arguments from which `create` makes an equal metric."""
        return {
            **self._kwargs,
            "metric": type(self).__name__,
            "name": self.name,
            "output_names": self.output_names,
            "label_names": self.label_names,
        }

    def update_dict(self, label: Mapping[str, NDArray], pred: Mapping[str, NDArray]) -> None:
        """Take in one batch, given by name.

        Raises
        ------
        KeyError
            If one of `output_names` or `label_names` is missing.
        """
        self.update(_chosen(label, self.label_names), _chosen(pred, self.output_names))

    def update(self, labels: Any, preds: Any) -> None:
        """Take in one batch: lists of labels and of predictions; subclasses define it."""
        raise NotImplementedError(f"{type(self).__name__} does not define update.")

    def reset(self) -> None:
        """Empty both sums."""
        self.global_num_inst: float = 0
        self.global_sum_metric: float = 0.0
        self.reset_local()

    def reset_local(self) -> None:
        """Empty the local sum."""
        self.num_inst: float = 0
        self.sum_metric: float = 0.0

    def get(self) -> tuple[Any, Any]:
        """Return (name, value) since the last reset of either kind, NaN without samples."""
        return self.name, _ratio(self.sum_metric, self.num_inst)

    def get_global(self) -> tuple[Any, Any]:
        """Return (name, value) since the last `reset`."""
        if not self._has_global_stats:
            return self.get()
        return self.name, _ratio(self.global_sum_metric, self.global_num_inst)

    def get_name_value(self) -> list[tuple[str, float]]:
        """Return `get` as a list of pairs."""
        return _pairs(*self.get())

    def get_global_name_value(self) -> list[tuple[str, float]]:
        """Return `get_global` as a list of pairs."""
        return _pairs(*self.get_global())

    def _add(self, amount: Any, count: float) -> None:
        """Add to both sums."""
        amount = float(amount)
        self.sum_metric += amount
        self.global_sum_metric += amount
        self.num_inst += count
        self.global_num_inst += count


register = registry.get_register_func(EvalMetric, "metric")
alias = registry.get_alias_func(EvalMetric, "metric")
_create = registry.get_create_func(EvalMetric, "metric")


def create(metric: Any, *args: Any, **kwargs: Any) -> EvalMetric:
    """Return a metric given in any of its forms.

    Parameters
    ----------
    metric : str, callable, list, dict or EvalMetric
        A registered name, a function of labels and predictions, a list of such things, what
        `EvalMetric.get_config` returned, or a metric.
    *args, **kwargs
        Arguments of the metric.

    Returns
    -------
    EvalMetric

    Examples
    --------
    >>> mx.metric.create("top_k_accuracy", top_k=3).name
    'top_k_accuracy_3'
    >>> mx.metric.create(["acc", "mse"]).get()[0]
    ['accuracy', 'mse']
    """
    if isinstance(metric, list):
        composite = CompositeEvalMetric()
        for part in metric:
            composite.add(create(part, *args, **kwargs))
        return composite
    if callable(metric) and not isinstance(metric, EvalMetric):
        return _create("custommetric", metric, *args, **kwargs)
    return _create(metric, *args, **kwargs)


@register
@alias("composite")
class CompositeEvalMetric(EvalMetric):
    """Several metrics as one.

    Parameters
    ----------
    metrics : list, optional
        Metrics in any form that `create` takes.
    name : str, default 'composite'
        Its name.
    output_names, label_names : list of str, optional
        The outputs and labels that `update_dict` passes on.

    Examples
    --------
    >>> metric = mx.metric.CompositeEvalMetric(["acc", "mae"])
    >>> metric.update([mx.nd.array([0, 1])], [mx.nd.array([1, 1])])
    >>> metric.get()
    (['accuracy', 'mae'], [0.5, 0.5])
    """

    def __init__(
        self,
        metrics: Sequence[Any] | None = None,
        name: str = "composite",
        output_names: Sequence[str] | None = None,
        label_names: Sequence[str] | None = None,
    ) -> None:
        self.metrics = [create(metric) for metric in metrics or ()]
        super().__init__(name, output_names, label_names, has_global_stats=True)

    def add(self, metric: Any) -> None:
        """Add a metric, in any form that `create` takes."""
        self.metrics.append(create(metric))

    def get_metric(self, index: int) -> EvalMetric:
        """Return metric number `index`."""
        if not 0 <= index < len(self.metrics):
            raise ValueError(f"There is no metric {index}, only 0 to {len(self.metrics) - 1}.")
        return self.metrics[index]

    def update_dict(self, labels: Mapping[str, NDArray], preds: Mapping[str, NDArray]) -> None:  # type: ignore[override]
        """Take in one batch, given by name."""
        if self.label_names is not None:
            labels = {name: labels[name] for name in self.label_names if name in labels}
        if self.output_names is not None:
            preds = {name: preds[name] for name in self.output_names if name in preds}
        for metric in self.metrics:
            metric.update_dict(labels, preds)

    def update(self, labels: Any, preds: Any) -> None:
        """Take in one batch: lists of labels and of predictions."""
        for metric in self.metrics:
            metric.update(labels, preds)

    def reset(self) -> None:
        """Empty both sums of every metric."""
        for metric in self.metrics:
            metric.reset()

    def reset_local(self) -> None:
        """Empty the local sum of every metric."""
        for metric in self.metrics:
            metric.reset_local()

    def get(self) -> tuple[list[str], list[float]]:
        """Return the list of names and the list of values."""
        return _joined(metric.get() for metric in self.metrics)

    def get_global(self) -> tuple[list[str], list[float]]:
        """Return the list of names and the list of values since the last `reset`."""
        return _joined(metric.get_global() for metric in self.metrics)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments from which `create` makes an equal metric."""
        return {**super().get_config(), "metrics": [m.get_config() for m in self.metrics]}


def as_list(arrays: Any) -> list[Any]:
    """Return a list of arrays, of one if a single array came."""
    return list(arrays) if isinstance(arrays, list | tuple) else [arrays]


def as_numpy(array: Any) -> numpy.ndarray:
    """Return an NDArray, or anything like an array, as a NumPy array."""
    return array.asnumpy() if isinstance(array, NDArray) else numpy.asarray(array)


def _chosen(arrays: Mapping[str, NDArray], names: Sequence[str] | None) -> list[NDArray]:
    return list(arrays.values()) if names is None else [arrays[name] for name in names]


def _ratio(total: float, count: float) -> float:
    return total / count if count else float("nan")


def _pairs(names: Any, values: Any) -> list[tuple[str, float]]:
    if not isinstance(names, list):
        return [(names, values)]
    return list(zip(names, values, strict=True))


def _joined(parts: Iterator[tuple[Any, Any]]) -> tuple[list[str], list[float]]:
    names: list[str] = []
    values: list[float] = []
    for name, value in parts:
        names.extend([name] if isinstance(name, str) else name)
        values.extend(value if isinstance(value, list) else [value])
    return names, values
