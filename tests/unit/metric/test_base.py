"""Names, configurations, composites and custom metrics."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

import mxnet as mx

M = mx.metric
A = mx.nd.array
SCORES = A([[0.1, 0.9], [0.3, 0.7]])


@pytest.mark.parametrize(
    ("name", "kind"),
    [("acc", "Accuracy"), ("accuracy", "Accuracy"), ("ce", "CrossEntropy"), ("f1", "F1"),
     ("nll_loss", "NegativeLogLikelihood"), ("pearsonr", "PearsonCorrelation"), ("RMSE", "RMSE"),
     ("pcc", "PCC"), ("mcc", "MCC"), ("loss", "Loss"), ("composite", "CompositeEvalMetric")],
)  # fmt: skip
def test_metrics_are_created_by_name(name: str, kind: str) -> None:
    assert type(M.create(name)).__name__ == kind


def test_metrics_are_created_with_arguments_lists_and_functions() -> None:
    assert M.create("top_k_acc", 3).top_k == 3
    assert M.create("top_k_accuracy", top_k=4).name == "top_k_accuracy_4"
    assert M.create(["acc", "mse"]).get()[0] == ["accuracy", "mse"]
    assert M.create(lambda label, pred: 1.0).name == "custom(<lambda>)"
    metric = M.MSE()
    assert M.create(metric) is metric


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(mx.MXNetError, match="'nope' is not a registered metric"):
        M.create("nope")


@pytest.mark.parametrize(
    "metric",
    [M.TopKAccuracy(3), M.Accuracy(axis=2, name="mine"), M.Perplexity(0), M.CrossEntropy(1e-5),
     M.CompositeEvalMetric(["acc", M.TopKAccuracy(2)])],
)  # fmt: skip
def test_a_configuration_makes_an_equal_metric(metric: Any) -> None:
    config = metric.get_config()
    assert M.create(config).get_config() == config
    assert M.create(json.dumps(config)).get_config() == config


def test_a_configuration_names_what_mxnets_does() -> None:
    assert M.Accuracy().get_config() == {
        "axis": 1, "metric": "Accuracy", "name": "accuracy", "output_names": None,
        "label_names": None,
    }  # fmt: skip


def test_a_metric_shows_its_value() -> None:
    metric = M.Accuracy()
    metric.update([A([1, 0])], [SCORES])
    assert str(metric) == "EvalMetric: {'accuracy': 0.5}"
    assert metric.get_name_value() == metric.get_global_name_value() == [("accuracy", 0.5)]


def test_outputs_and_labels_are_chosen_by_name() -> None:
    labels = {"first": A([1, 1]), "second": A([0, 1])}
    outputs = {"one": A([0, 1]), "two": A([9, 9])}
    metric = M.Accuracy(output_names=["one"], label_names=["second"])
    metric.update_dict(labels, outputs)
    assert metric.get() == ("accuracy", 1.0)
    with pytest.raises(KeyError):
        M.Accuracy(output_names=["three"]).update_dict(labels, outputs)


def test_a_composite_passes_everything_on() -> None:
    both = M.CompositeEvalMetric([M.Accuracy(), "mae"])
    both.update([A([1, 0])], [A([1, 1])])
    assert both.get_name_value() == [("accuracy", 0.5), ("mae", 0.5)]
    both.reset_local()
    assert all(math.isnan(value) for value in both.get()[1])
    assert both.get_global()[1] == [0.5, 0.5]
    both.reset()
    assert all(math.isnan(value) for value in both.get_global()[1])


def test_a_composites_parts_choose_their_own_outputs() -> None:
    parts = [
        M.Accuracy(output_names=[f"o{i}"], label_names=[f"l{i}"], name=f"a{i}") for i in (1, 2)
    ]
    both = M.CompositeEvalMetric(parts)
    both.update_dict({"l1": A([1, 1]), "l2": A([0, 1])}, {"o1": A([0, 1]), "o2": A([9, 9])})
    assert both.get() == (["a1", "a2"], [0.5, 0.0])


def test_a_composite_gives_out_its_parts() -> None:
    accuracy = M.Accuracy()
    both = M.CompositeEvalMetric([accuracy])
    assert both.get_metric(0) is accuracy
    with pytest.raises(ValueError, match="There is no metric 9"):
        both.get_metric(9)


def test_a_custom_metric_gets_numpy_arrays() -> None:
    seen: list[Any] = []
    metric = M.CustomMetric(lambda label, pred: seen.append((label, pred)) or 1.0, name="mine")
    metric.update(A([1, 2]), A([3, 4]))
    assert [type(array) for array in seen[0]] == [np.ndarray, np.ndarray]
    assert metric.get() == ("mine", 1.0)


def test_a_custom_metric_may_count_for_itself() -> None:
    metric = M.np(lambda label, pred: (5.0, 4))
    metric.update([A([1])], [A([1])])
    assert metric.get()[1] == 1.25


def test_a_function_gives_the_metric_its_name() -> None:
    def offset(label: np.ndarray, pred: np.ndarray) -> float:
        return 0.0

    assert M.np(offset).name == M.CustomMetric(offset).name == "offset"
    assert M.np(offset, name="x").name == "x"


def test_further_outputs_must_be_allowed() -> None:
    outputs = [A([1]), A([2])]
    with pytest.raises(ValueError, match="labels 1 does not match shape of predictions 2"):
        M.CustomMetric(lambda label, pred: 1.0).update([A([1])], outputs)
    metric = M.CustomMetric(lambda label, pred: float(pred[0]), allow_extra_outputs=True)
    metric.update([A([1])], outputs)
    assert metric.get()[1] == 1.0


def test_a_custom_metric_can_not_be_written_down() -> None:
    with pytest.raises(NotImplementedError, match="CustomMetric"):
        M.np(lambda label, pred: 1.0).get_config()
