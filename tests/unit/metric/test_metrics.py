"""The values of the metrics: those that MXNet gives, and those that can be worked out by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import mxnet as mx

M = mx.metric
A = mx.nd.array

_random = np.random.RandomState(0)
SCORES = _random.rand(6, 3), _random.rand(4, 3)
CLASSES = np.array([0, 1, 2, 2, 1, 0]), np.array([0, 1, 2, 2])
NUMBERS = [_random.randn(n) for n in (6, 6, 4, 4)]
BINARY_SCORES = [np.array([0.2, 0.7, 0.4, 0.6, 0.9, 0.1]), np.array([0.7, 0.4, 0.8, 0.1])]
BINARY = [np.array([0, 1, 1, 0, 1, 0]), np.array([1, 1, 0, 0])]


def batches(kind: str) -> list[tuple[Any, Any]]:
    if kind == "classes":
        return [(A(c), A(s)) for c, s in zip(CLASSES, SCORES, strict=True)]
    if kind == "binary":
        pairs = zip(BINARY, BINARY_SCORES, strict=True)
        return [(A(label), A(np.stack([1 - p, p], 1))) for label, p in pairs]
    first, second, third, fourth = (A(values) for values in NUMBERS)
    return [(second, first), (fourth.reshape((4, 1)), third.reshape((4, 1)))]


# metric, batches, value after the first batch, and after both, in MXNet
RECORDED = [
    (M.Accuracy(), "classes", 0.3333333, 0.2),
    (M.TopKAccuracy(2), "classes", 0.6666667, 0.5),
    (M.F1(), "binary", 0.6666667, 0.5833333),
    (M.F1(average="micro"), "binary", 0.6666667, 0.6),
    (M.MCC(), "binary", 0.3333333, 0.1666667),
    (M.MCC(average="micro"), "binary", 0.3333333, 0.2),
    (M.PCC(), "classes", 0.0, -0.2154101),
    (M.Perplexity(None), "classes", 2.1707697, 2.3390318),
    (M.Perplexity(1), "classes", 2.5309240, 2.6371532),
    (M.CrossEntropy(), "classes", 0.7750818, 0.8497371),
    (M.NegativeLogLikelihood(), "classes", 0.7750818, 0.8497371),
    (M.MAE(), "numbers", 1.5923930, 1.4711100),
    (M.MSE(), "numbers", 2.8761065, 2.9733050),
    (M.RMSE(), "numbers", 1.6959088, 1.7240970),
    (M.PearsonCorrelation(), "numbers", 0.0312372, -0.4355779),
    (M.PearsonCorrelation(average="micro"), "numbers", 0.0312372, -0.1562670),
    (M.Loss(), "classes", 0.5546071, 0.5811203),
    (M.Torch(), "classes", 0.5546071, 0.5811203),
    (M.Caffe(), "classes", 0.5546071, 0.5811203),
]


@pytest.mark.parametrize(
    ("metric", "kind", "first", "both"), RECORDED, ids=[str(row[0].name) for row in RECORDED]
)
def test_values_are_mxnets(metric: Any, kind: str, first: float, both: float) -> None:
    metric.reset()
    assert math.isnan(metric.get()[1])
    seen = []
    for label, pred in batches(kind):
        metric.update([label], [pred])
        seen.append(metric.get()[1])
    assert seen == [pytest.approx(first, abs=1e-6), pytest.approx(both, abs=1e-6)]


@pytest.mark.parametrize(
    ("metric", "kind", "first", "both"),
    [row for row in RECORDED if getattr(row[0], "average", "") != "micro"],
    ids=[str(row[0].name) for row in RECORDED if getattr(row[0], "average", "") != "micro"],
)
def test_a_local_reset_leaves_the_global_value(
    metric: Any, kind: str, first: float, both: float
) -> None:
    metric.reset()
    one, two = batches(kind)
    metric.update([one[0]], [one[1]])
    metric.reset_local()
    metric.update([two[0]], [two[1]])
    assert metric.get_global()[1] == pytest.approx(both, abs=1e-6)
    assert metric.get()[1] != pytest.approx(both, abs=1e-3)
    metric.reset()
    assert math.isnan(metric.get_global()[1])


def value(metric: Any, labels: Any, preds: Any) -> float:
    metric.update(labels, preds)
    return metric.get()[1]


def test_accuracy_takes_classes_scores_and_single_arrays() -> None:
    assert value(M.Accuracy(), [A([1, 0])], [A([1, 1])]) == 0.5
    assert value(M.Accuracy(), A([1, 0]), A([[0.1, 0.9], [0.3, 0.7]])) == 0.5
    assert value(M.Accuracy(), [A([[1], [0]])], [A([[0.1, 0.9], [0.3, 0.7]])]) == 0.5
    assert value(M.Accuracy(), [np.array([1, 0])], [np.array([1, 1])]) == 0.5


def test_accuracy_of_scores_along_another_axis() -> None:
    scores = A([[[0.1, 0.9], [0.3, 0.7]]])
    assert value(M.Accuracy(axis=1), [A([[1, 0]])], [scores]) == 1.0
    assert value(M.Accuracy(axis=2), [A([[1, 0]])], [scores]) == 0.5


def test_top_k_may_exceed_the_classes() -> None:
    assert value(M.TopKAccuracy(5), [A([1, 0])], [A([[0.1, 0.9], [0.3, 0.7]])]) == 1.0


def test_f1_is_zero_without_positives() -> None:
    assert value(M.F1(), [A([0, 0])], [A([[0.9, 0.1], [0.8, 0.2]])]) == 0.0
    assert value(M.MCC(), [A([0, 0])], [A([[0.9, 0.1], [0.8, 0.2]])]) == 0.0


def test_perplexity_bounds_probabilities_from_below() -> None:
    assert value(M.Perplexity(None), [A([1])], [A([[1.0, 0.0]])]) == pytest.approx(1e10)


def test_perplexity_of_ignored_labels_only_is_nan() -> None:
    assert math.isnan(value(M.Perplexity(-1), [A([-1])], [A([[0.5, 0.5]])]))


def test_perplexity_takes_any_axis_of_classes() -> None:
    first, last = A([[0.25, 0.5], [0.75, 0.5]]), A([[0.25, 0.75], [0.5, 0.5]])
    labels = A([0, 1])
    along_first = value(M.Perplexity(None, axis=0), [labels], [first])
    assert along_first == pytest.approx(value(M.Perplexity(None), [labels], [last]))


def test_errors_of_a_column_of_labels_and_several_predictions_broadcast() -> None:
    assert value(M.MAE(), [A([1, 0])], [A([[0.5, 1.0], [0.5, 0.0]])]) == 0.25


def test_pcc_of_a_single_class_is_nan() -> None:
    assert math.isnan(value(M.PCC(), [A([1, 1])], [A([[0.1, 0.9], [0.3, 0.7]])]))


def test_pcc_meets_classes_that_grow() -> None:
    metric = M.PCC()
    metric.update([A([0, 1])], [A([0, 1])])
    metric.update([A([4, 2])], [A([4, 2])])
    assert metric.get()[1] == 1.0
    assert metric.gcm.shape == (5, 5)


def test_loss_takes_outputs_of_any_shape() -> None:
    assert value(M.Loss(), None, [A([1, 2]), A([[3]])]) == 2.0
    assert value(M.Loss(), None, A([1, 2])) == 1.5


@pytest.mark.parametrize(
    ("metric", "labels", "preds", "error", "message"),
    [
        (M.Accuracy(), [A([1, 0, 1])], [A([[0.1, 0.9]])], ValueError, "labels 3 .* predictions 1"),
        (M.Accuracy(), [A([1]), A([0])], [A([1])], ValueError, "labels 2 .* predictions 1"),
        (M.TopKAccuracy(2), [A([1])], [A([1])], mx.MXNetError, "must have 2 axes"),
        (M.F1(), [A([0, 1, 2])], [A(np.eye(3))], ValueError, "labels hold 3"),
        (M.CrossEntropy(), [A([1, 0, 1])], [A([[0.1, 0.9]])], mx.MXNetError, "3 labels"),
        (M.Perplexity(None), [A([1, 0])], [A([[0.1, 0.9]])], mx.MXNetError, "2 labels"),
        (M.PearsonCorrelation(), [A([1, 0])], [A([[1], [2]])], ValueError, r"\(2,\) .* \(2, 1\)"),
        (M.EvalMetric("x"), [], [], NotImplementedError, "EvalMetric does not define update"),
    ],
)
def test_what_does_not_fit_is_refused(
    metric: Any, labels: Any, preds: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        metric.update(labels, preds)


def test_top_k_and_averages_are_checked() -> None:
    with pytest.raises(mx.MXNetError, match="top_k is 1"):
        M.TopKAccuracy(1)
    with pytest.raises(ValueError, match="average is 'mean'"):
        M.F1(average="mean")
    with pytest.raises(ValueError, match="average is 'mean'"):
        M.PearsonCorrelation(average="mean")
