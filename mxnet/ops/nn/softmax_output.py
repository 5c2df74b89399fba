"""SoftmaxOutput, the classic loss layer: softmax, with the gradient of its cross entropy."""

from __future__ import annotations

from typing import Any, Literal

import torch

from ...base import MXNetError
from ..attributes import Fraction
from ..registry import Attrs, Backward, Shapes, operator
from ..rules import PartialShape, is_known, unify
from .rules import agree, product, require_floating
from .softmax import subtract_labels


def _axis(attrs: Attrs, rank: int) -> int | None:
    """Return the axis of the classes, None where everything after the batch axis is one."""
    if attrs["multi_output"]:
        return 1
    return rank - 1 if attrs["preserve_shape"] or rank == 2 else None


@operator("SoftmaxOutput", aliases=("Softmax",), loss=True, no_gradient=("label",))
def softmax_output(
    data: torch.Tensor,
    label: torch.Tensor,
    *,
    grad_scale: float = 1.0,
    ignore_label: float = -1.0,
    multi_output: bool = False,
    use_ignore: bool = False,
    preserve_shape: bool = False,
    normalization: Literal["batch", "null", "valid"] = "null",
    out_grad: bool = False,
    smooth_alpha: Fraction = 0.0,
) -> torch.Tensor:
    """Return the softmax of data; its gradient is that of the cross entropy with the labels.

    The gradient of `data` is ``softmax(data) - onehot(label)`` whatever the gradient of the output
    is, unless `out_grad`. Labels that name no class have no one in their row.

    Parameters
    ----------
    data : NDArray or Symbol
        Scores, shape (N, classes) or more axes, floating dtype.
    label : NDArray or Symbol
        Classes, same dtype as `data`: the shape of `data` without its last axis, or with
        `multi_output` without axis 1 (also flattened after the batch axis). A label of the same
        shape as `data` gives probabilities.
    grad_scale : float, default 1
        What the gradient is multiplied by.
    ignore_label : float, default -1
        With `use_ignore`, the label whose gradient is 0.
    multi_output : bool, default False
        Whether the classes are axis 1, as for (N, classes, height, width); the gradient is then
        divided by the number of places.
    use_ignore : bool, default False
        Whether to ignore `ignore_label`.
    preserve_shape : bool, default False
        Whether the softmax of data of more than two axes is along the last; otherwise everything
        after the batch axis is one row of classes.
    normalization : {'null', 'batch', 'valid'}, default 'null'
        Whether to divide the gradient by nothing, the number of rows, or the number of labels
        other than `ignore_label`.
    out_grad : bool, default False
        Whether to multiply the gradient by that of the output.
    smooth_alpha : float from 0 to 1, default 0
        Label smoothing: the label's class gets 1 - alpha, the others share alpha. Not with
        `multi_output`.

    Returns
    -------
    NDArray or Symbol
        Probabilities, same shape and dtype as `data`.

    Raises
    ------
    MXNetError
        If the label has none of these shapes, or data hold whole numbers.

    Examples
    --------
    >>> x = mx.nd.array([[0, 0]])
    >>> x.attach_grad()
    >>> with mx.autograd.record():
    ...     out = mx.nd.SoftmaxOutput(x, mx.nd.array([1]))
    >>> out.backward()
    >>> out.asnumpy().tolist(), x.grad.asnumpy().tolist()
    ([[0.5, 0.5]], [[0.5, -0.5]])
    """
    require_floating(data)
    attrs = {"multi_output": multi_output, "preserve_shape": preserve_shape}
    _label_shape(tuple(data.shape), tuple(label.shape), attrs)
    axis = _axis(attrs, data.dim())
    if axis is None:
        return torch.softmax(data.flatten(1), 1).reshape(data.shape)
    return torch.softmax(data, axis)


def _label_shape(data: tuple[int, ...], label: PartialShape, attrs: Attrs) -> PartialShape:
    """Return the label's shape, as far as it is known; refuse one that does not fit to data."""
    if len(data) < 2:
        raise MXNetError(f"data has shape {data}, but must have at least two dimensions")
    if label == data:
        return label
    if not attrs["multi_output"]:
        return agree("label", label, data[:-1], data, attrs, "multi_output")
    flat, places = (data[0], product(data[2:])), (data[0], *data[2:])
    if label is None:
        return flat
    if label in (flat, places, (data[0], 1, *data[2:])) or not (is_known(label) and is_known(data)):
        return label
    raise MXNetError(
        f"label has shape {label}, but {flat} or {places} follows from data {data} and "
        "multi_output=True"
    )


@softmax_output.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    data, label = inputs
    if outputs[0] is not None and outputs[0] != data:
        data = unify(outputs[0], data)
    if data is None:
        return inputs, outputs
    if label is not None and data[0] == -1 and label[0] != -1:
        data = (label[0], *data[1:])
    return [data, _label_shape(data, label, attrs)], [data]


@softmax_output.gradient
def _(b: Backward):
    out, label, attrs = b.outputs[0], b.inputs[1], b.attrs
    if label.shape == out.shape:
        grad = (out - label) * attrs["grad_scale"]
    else:
        grad = _class_gradient(out, label, attrs)
    if attrs["out_grad"]:
        grad = grad * b.grads[0]
    return (grad, torch.zeros_like(label) if b.needs[1] else None)


def _class_gradient(out: torch.Tensor, label: torch.Tensor, attrs: Attrs) -> torch.Tensor:
    """Return the gradient for labels that name classes."""
    axis = _axis(attrs, out.dim())
    if attrs["multi_output"]:
        rows, labels = out.reshape(*out.shape[:2], -1), label.reshape(out.shape[0], 1, -1)
    else:
        rows = out.flatten(1) if axis is None else out.flatten(0, -2)
        labels = label.reshape(-1)[: rows.shape[0]].unsqueeze(1)
    alpha = 0.0 if attrs["multi_output"] else attrs["smooth_alpha"]
    share = alpha / (rows.shape[1] - 1) if alpha else 0.0
    grad = subtract_labels(rows - share, labels, 1, 1 - alpha - share)
    if attrs["use_ignore"]:
        grad.masked_fill_(_ignored(labels, attrs), 0)
    return _normalized(grad, labels, attrs).reshape(out.shape)


def _ignored(labels: torch.Tensor, attrs: Attrs) -> torch.Tensor:
    return labels.to(torch.int64) == int(attrs["ignore_label"])


def _normalized(grad: torch.Tensor, labels: torch.Tensor, attrs: Attrs) -> torch.Tensor:
    """Scale a gradient of shape (rows, classes) or (rows, classes, places), in place."""
    scale = attrs["grad_scale"]
    if attrs["normalization"] == "valid":
        valid = (~_ignored(labels, attrs)).sum().clamp_min(1)
        return grad.mul_(scale / valid)
    if grad.dim() == 3:
        scale /= max(grad.shape[2], 1)
    if attrs["normalization"] == "batch":
        scale /= max(grad.shape[0], 1)
    return grad if scale == 1 else grad.mul_(scale)


@softmax_output.implied_loss
def _(inputs: Any, outputs: Any, attrs: Attrs) -> torch.Tensor | None:
    """The cross entropy: the logarithm of the sum of exponentials, less the labels' scores."""
    data, label = inputs
    if attrs["out_grad"]:
        return None
    axis = _axis(attrs, data.dim())
    if label.shape == data.shape:
        rows = (data.flatten(1), label.flatten(1)) if axis is None else (data, label)
        total = torch.logsumexp(rows[0], axis or 1).sum() - (rows[0] * rows[1]).sum()
        return total * attrs["grad_scale"]
    if attrs["multi_output"]:
        scores = data.reshape(*data.shape[:2], -1)
        labels, alpha, count = label.reshape(len(data), 1, -1), 0.0, scores.shape[2]
    else:
        scores = (data.flatten(1) if axis is None else data.flatten(0, -2)).unsqueeze(2)
        labels, alpha, count = label.reshape(-1, 1, 1)[: len(scores)], attrs["smooth_alpha"], 1
    others = alpha / max(scores.shape[1] - 1, 1)
    classes = torch.arange(scores.shape[1], device=data.device).reshape(1, -1, 1)
    weights = torch.where(classes == labels.to(torch.int64), 1 - alpha, others)
    losses = torch.logsumexp(scores, 1) - (weights * scores).sum(1)
    ignored = _ignored(labels.squeeze(1), attrs)
    if attrs["use_ignore"]:
        losses = losses.masked_fill(ignored, 0)
    if attrs["normalization"] == "valid":
        count = int((~ignored).sum().clamp_min(1))
    elif attrs["normalization"] == "batch":
        count *= len(scores)
    return losses.sum() * attrs["grad_scale"] / max(count, 1)
