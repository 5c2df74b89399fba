"""Loss layers for regression and for support vector machines."""

from __future__ import annotations

from functools import partial
from typing import Any

import torch
from torch.nn import functional

from ...base import MXNetError
from ..registry import Attrs, Backward, Shapes, operator
from ..rules import is_known, unify
from .rules import agree, require_floating


def _refuse_label(data: tuple[int, ...], label: tuple[int, ...]) -> None:
    """Refuse a label of another shape than data, but for a last axis of size 1."""
    if label not in (data, (*data, 1)) and data != (*label, 1):
        raise MXNetError(f"label has shape {label}, but {data} follows from data {data}")


def _label_like_data(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    """The label is shaped like data; data of one column (N, 1) have labels (N,)."""
    data, label = inputs
    if outputs[0] is not None:
        data = unify(outputs[0], data)
    if data is None or not is_known(data):
        return [data, label], [data]
    if label is None or not is_known(label):
        label = data[:1] if len(data) == 2 and data[1] == 1 else data
    _refuse_label(data, label)
    return [data, label], [data]


regression = partial(operator, shapes=_label_like_data, loss=True, no_gradient=("label",))


def _check(data: torch.Tensor, label: torch.Tensor) -> None:
    require_floating(data)
    if data.shape != label.shape:
        _refuse_label(tuple(data.shape), tuple(label.shape))


def _scale(label: torch.Tensor, attrs: Attrs) -> float:
    """Return grad_scale divided by the number of outputs of one example."""
    return attrs["grad_scale"] * max(label.shape[0], 1) / max(label.numel(), 1)


def _scaled(b: Backward, error: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor | None]:
    """Return the error times its scale, and a gradient for the label if one is asked for."""
    label = b.inputs[1]
    scale = _scale(label, b.attrs)
    return (error if scale == 1 else error * scale), torch.zeros_like(label) if b.needs[1] else None


def _fit(label: torch.Tensor, out: torch.Tensor) -> torch.Tensor:
    return label if label.shape == out.shape else label.reshape(out.shape)


@regression("LinearRegressionOutput", aliases=("_sparse_LinearRegressionOutput",))
def linear_regression_output(
    data: torch.Tensor, label: torch.Tensor, *, grad_scale: float = 1.0
) -> torch.Tensor:
    """Return data; its gradient is that of half the squared distance to the label.

    Parameters
    ----------
    data : NDArray or Symbol
        Shape (N, ...), floating dtype.
    label : NDArray or Symbol
        Same shape and dtype, (N,) for data of shape (N, 1).
    grad_scale : float, default 1
        The gradient is ``grad_scale * (data - label)``, divided by the number of outputs of one
        example, whatever the gradient of the output is.

    Returns
    -------
    NDArray or Symbol
        The same as `data`.

    Raises
    ------
    MXNetError
        If data and label differ in shape, or data hold whole numbers.

    Examples
    --------
    >>> x = mx.nd.array([[1], [5]])
    >>> x.attach_grad()
    >>> with mx.autograd.record():
    ...     out = mx.nd.LinearRegressionOutput(x, mx.nd.array([2, 2]))
    >>> out.backward()
    >>> x.grad.asnumpy().tolist()
    [[-1.0], [3.0]]
    """
    _check(data, label)
    return data


@linear_regression_output.gradient
def _(b: Backward):
    out = b.outputs[0]
    return _scaled(b, out - _fit(b.inputs[1], out))


@linear_regression_output.implied_loss
def _(inputs: Any, outputs: Any, attrs: Attrs) -> torch.Tensor:
    """Half the squared distance."""
    data, label = inputs
    return _scale(label, attrs) * 0.5 * (data - _fit(label, data)).square().sum()


@regression("MAERegressionOutput", aliases=("_sparse_MAERegressionOutput",))
def mae_regression_output(
    data: torch.Tensor, label: torch.Tensor, *, grad_scale: float = 1.0
) -> torch.Tensor:
    """Return data; its gradient is that of the absolute distance to the label: 1, or -1 up to it.

    Shapes, `grad_scale` and the division as for `LinearRegressionOutput`.

    Examples
    --------
    >>> mx.nd.MAERegressionOutput(mx.nd.array([1, 5]), mx.nd.array([2, 2])).asnumpy().tolist()
    [1.0, 5.0]
    """
    _check(data, label)
    return data


@mae_regression_output.gradient
def _(b: Backward):
    out = b.outputs[0]
    is_above = out > _fit(b.inputs[1], out)
    return _scaled(b, torch.where(is_above, 1.0, -1.0).to(out.dtype))


@mae_regression_output.implied_loss
def _(inputs: Any, outputs: Any, attrs: Attrs) -> torch.Tensor:
    """The absolute distance."""
    data, label = inputs
    return _scale(label, attrs) * (data - _fit(label, data)).abs().sum()


@regression("LogisticRegressionOutput", aliases=("_sparse_LogisticRegressionOutput",))
def logistic_regression_output(
    data: torch.Tensor, label: torch.Tensor, *, grad_scale: float = 1.0
) -> torch.Tensor:
    """Return the sigmoid of data; its gradient is that of the cross entropy with the label.

    The gradient of `data` is ``sigmoid(data) - label``; shapes, `grad_scale` and the division as
    for `LinearRegressionOutput`.

    Examples
    --------
    >>> mx.nd.LogisticRegressionOutput(mx.nd.array([0]), mx.nd.array([1])).asnumpy().tolist()
    [0.5]
    """
    _check(data, label)
    return torch.sigmoid(data)


@logistic_regression_output.gradient
def _(b: Backward):
    out = b.outputs[0]
    return _scaled(b, out - _fit(b.inputs[1], out))


@logistic_regression_output.implied_loss
def _(inputs: Any, outputs: Any, attrs: Attrs) -> torch.Tensor:
    """The cross entropy of the sigmoid: log(1 + exp(x)) - label * x."""
    data, label = inputs
    return _scale(label, attrs) * (functional.softplus(data) - _fit(label, data) * data).sum()


def _svm_shapes(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    data, label = inputs
    if outputs[0] is not None:
        data = unify(outputs[0], data)
    if data is None:
        return inputs, outputs
    if len(data) < 2:
        raise MXNetError(f"data has shape {data}, but must have at least two dimensions")
    return [data, agree("label", label, data[:-1], data, attrs)], [data]


@operator("SVMOutput", shapes=_svm_shapes, loss=True, no_gradient=("label",))
def svm_output(
    data: torch.Tensor,
    label: torch.Tensor,
    *,
    margin: float = 1.0,
    regularization_coefficient: float = 1.0,
    use_linear: bool = False,
) -> torch.Tensor:
    """Return data; its gradient is that of the hinge loss, one class against the rest.

    With y = 1 for the label's class and -1 for the others, the loss of a score x is
    ``max(0, margin - y * x)``, squared unless `use_linear`, times the coefficient.

    Parameters
    ----------
    data : NDArray or Symbol
        Scores, shape (..., classes), floating dtype.
    label : NDArray or Symbol
        Classes, the shape of `data` without its last axis, same dtype.
    margin : float, default 1
        The distance from 0 from which on a score costs nothing.
    regularization_coefficient : float, default 1
        What the gradient is multiplied by.
    use_linear : bool, default False
        Whether the hinge is not squared.

    Returns
    -------
    NDArray or Symbol
        The same as `data`; the gradient of the output is ignored.

    Raises
    ------
    MXNetError
        If the label has another shape, or data hold whole numbers.

    Examples
    --------
    >>> x = mx.nd.array([[0.5, 0.25]])
    >>> x.attach_grad()
    >>> with mx.autograd.record():
    ...     out = mx.nd.SVMOutput(x, mx.nd.array([0]), use_linear=True)
    >>> out.backward()
    >>> x.grad.asnumpy().tolist()
    [[-1.0, 1.0]]
    """
    require_floating(data)
    _svm_shapes([tuple(data.shape), tuple(label.shape)], [None], {})
    return data


@svm_output.gradient
def _(b: Backward):
    data, label = b.inputs
    attrs = b.attrs
    classes = torch.arange(data.shape[-1], device=data.device)
    chosen = classes == label.to(torch.int64).unsqueeze(-1)
    side = torch.where(chosen, -1.0, 1.0).to(data.dtype)
    distance = attrs["margin"] + side * data
    linear = attrs["use_linear"]
    slope = (distance > 0).to(data.dtype) if linear else 2 * distance.clamp_min(0)
    grad = attrs["regularization_coefficient"] * side * slope
    return grad, torch.zeros_like(label) if b.needs[1] else None


@svm_output.implied_loss
def _(inputs: Any, outputs: Any, attrs: Attrs) -> torch.Tensor:
    """The hinge of each score, one class against the rest."""
    data, label = inputs
    side = -torch.ones_like(data)
    classes = torch.arange(data.shape[-1], device=data.device)
    side[classes == label.to(torch.int64).unsqueeze(-1)] = 1.0
    hinge = (attrs["margin"] - side * data).clamp_min(0)
    losses = hinge if attrs["use_linear"] else hinge.square()
    return attrs["regularization_coefficient"] * losses.sum()
