"""Metrics: values, names, local and global counts, composites, custom functions."""

from __future__ import annotations

import numpy as np

from tests.conformance.case import case, error_of, raises


def _classes(mx):
    predictions = [
        mx.nd.array([[0.3, 0.7], [0.0, 1.0], [0.4, 0.6]]),
        mx.nd.array([[0.9, 0.1], [0.2, 0.8], [0.5, 0.5]]),
    ]
    labels = [mx.nd.array([0, 1, 1]), mx.nd.array([0, 0, 1])]
    return labels, predictions


def _numbers(mx):
    random = np.random.RandomState(3)
    shape = (2, 5)
    return [mx.nd.array(random.normal(size=shape))], [mx.nd.array(random.normal(size=shape))]


def _value(metric, labels, predictions):
    metric.update(labels, predictions)
    name, value = metric.get()
    return {"name": name, "value": np.asarray(value, dtype="float64")}


@case
def accuracy(mx, random):
    return _value(mx.metric.Accuracy(), *_classes(mx))


@case
def accuracy_along_an_axis(mx, random):
    scores = mx.nd.array(random.normal(size=(2, 3, 4)))
    label = mx.nd.array(random.randint(0, 3, size=(2, 4)))
    return _value(mx.metric.Accuracy(axis=1), [label], [scores])


@case
def accuracy_of_given_classes(mx, random):
    return _value(mx.metric.Accuracy(), [mx.nd.array([1, 0, 2])], [mx.nd.array([1, 1, 2])])


@case
def accuracy_among_the_best(mx, random):
    scores = mx.nd.array(random.uniform(size=(8, 6)))
    label = mx.nd.array(random.randint(0, 6, size=8))
    found = {}
    for top_k in (2, 3, 5):
        result = _value(mx.metric.TopKAccuracy(top_k=top_k), [label], [scores])
        found.update({f"{key} {top_k}": value for key, value in result.items()})
    return found


@case
def f1_and_mcc(mx, random):
    found = {}
    for average in ("macro", "micro"):
        for name in ("F1", "MCC"):
            metric = getattr(mx.metric, name)(average=average)
            result = _value(metric, *_classes(mx))
            found.update({f"{name} {average} {key}": value for key, value in result.items()})
    return found


@case
def regression_metrics(mx, random):
    found = {}
    for name in ("MAE", "MSE", "RMSE", "PearsonCorrelation"):
        result = _value(getattr(mx.metric, name)(), *_numbers(mx))
        found.update({f"{name} {key}": value for key, value in result.items()})
    return found


@case
def likelihood_metrics(mx, random):
    found = {}
    for name in ("CrossEntropy", "NegativeLogLikelihood"):
        result = _value(getattr(mx.metric, name)(), *_classes(mx))
        found.update({f"{name} {key}": value for key, value in result.items()})
    return found


@case
def perplexity(mx, random):
    labels, predictions = _classes(mx)
    found = {}
    for ignored in (None, 0):
        metric = mx.metric.Perplexity(ignore_label=ignored)
        result = _value(metric, labels, predictions)
        found.update({f"{key} {ignored}": value for key, value in result.items()})
    return found


@case
def loss_is_a_mean(mx, random):
    return _value(mx.metric.Loss(), None, [mx.nd.array([1, 2, 6])])


@case
def metrics_add_up_and_reset(mx, random):
    metric = mx.metric.Accuracy()
    labels, predictions = _classes(mx)
    empty = metric.get()
    metric.update(labels[:1], predictions[:1])
    first = metric.get()
    metric.update(labels[1:], predictions[1:])
    both = metric.get()
    metric.reset()
    return {
        "empty": str(empty[1]),
        "values": np.array([first[1], both[1]], dtype="float64"),
        "after reset": str(metric.get()[1]),
        "pairs": metric.get_name_value()[0][0],
        "text": str(mx.metric.Accuracy()),
    }


@case
def local_and_global_values(mx, random):
    metric = mx.metric.Accuracy()
    labels, predictions = _classes(mx)
    metric.update(labels[:1], predictions[:1])
    metric.reset_local()
    metric.update(labels[1:], predictions[1:])
    return {"values": np.array([metric.get()[1], metric.get_global()[1]], dtype="float64")}


@case
def metrics_by_name(mx, random):
    made = {
        name: mx.metric.create(name).name
        for name in ("acc", "accuracy", "ce", "f1", "mae", "mse", "rmse", "loss", "nll_loss", "mcc")
    }
    several = mx.metric.create(["acc", "mae"])
    return {
        **made,
        "top": mx.metric.create("top_k_accuracy", top_k=2).name,
        "several": type(several).__name__,
        "several names": several.get()[0],
        "unknown": raises(lambda: mx.metric.create("nothing")),
        "a metric": mx.metric.create(mx.metric.MAE()).name,
    }


@case
def composites(mx, random):
    metric = mx.metric.CompositeEvalMetric([mx.metric.Accuracy(), mx.metric.CrossEntropy()])
    metric.add("f1")
    metric.update(*_classes(mx))
    names, values = metric.get()
    return {
        "names": names,
        "values": np.array(values, dtype="float64"),
        "pairs": [name for name, _ in metric.get_name_value()],
        "second": metric.get_metric(1).name,
    }


@case
def functions_as_metrics(mx, random):
    def largest_error(label, prediction):
        return np.abs(label - prediction).max()

    custom = mx.metric.np(largest_error)
    named = mx.metric.CustomMetric(lambda label, prediction: (6.0, 3), name="fixed")
    labels, predictions = _numbers(mx)
    custom.update(labels, predictions)
    named.update(labels, predictions)
    return {
        "name": custom.get()[0],
        "value": float(custom.get()[1]),
        "sum and count": float(named.get()[1]),
        "name given": named.get()[0],
    }


@case
def metrics_pick_outputs_by_name(mx, random):
    metric = mx.metric.Accuracy(output_names=["right"], label_names=["truth"])
    labels, predictions = _classes(mx)
    metric.update_dict(
        {"truth": labels[0], "other": labels[1]}, {"wrong": predictions[1], "right": predictions[0]}
    )
    return {"value": float(metric.get()[1]), "config": sorted(metric.get_config())}


@case
def wrong_shapes_raise(mx, random):
    metric = mx.metric.Accuracy()
    one, two = mx.nd.ones((2,)), mx.nd.ones((3, 2))
    return {
        "rows differ": error_of(lambda: metric.update([one], [two])),
        "lists differ": error_of(lambda: metric.update([one], [two, two])),
    }
