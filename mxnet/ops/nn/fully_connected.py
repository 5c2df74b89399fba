"""The fully connected layer."""

from __future__ import annotations

from typing import Any

import torch
from torch.nn.functional import linear

from ..attributes import PositiveInt
from ..registry import Attrs, Backward, Shapes, operator
from .rules import agree, check_bias, inputs_with_bias, product, refuse_shapes, require_floating


@operator("FullyConnected", aliases=("_sparse_FullyConnected",))
def fully_connected(
    data: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor | None = None,
    *,
    num_hidden: PositiveInt,
    no_bias: bool = False,
    flatten: bool = True,
) -> torch.Tensor:
    """Return ``data @ weight.T + bias``: an affine map of each example, or of the last axis.

    Parameters
    ----------
    data : NDArray or Symbol
        Shape (N, ...), floating dtype. With `flatten` everything after the batch axis is one
        vector; one-dimensional data are N examples of one feature.
    weight : NDArray or Symbol
        Shape (num_hidden, features).
    bias : NDArray or Symbol, optional
        Shape (num_hidden,); absent with `no_bias`.
    num_hidden : int
        Outputs of the map, at least 1.
    no_bias : bool, default False
        Whether there is no bias.
    flatten : bool, default True
        Whether to flatten data to two dimensions; if False the map acts on the last axis alone.

    Returns
    -------
    NDArray or Symbol
        Shape (N, num_hidden), or with ``flatten=False`` the shape of `data` with num_hidden last.

    Raises
    ------
    MXNetError
        If weight or bias do not have the shape that follows from data and `num_hidden`.

    Examples
    --------
    >>> x, w = mx.nd.array([[1, 2]]), mx.nd.array([[1, 1], [0, 3]])
    >>> mx.nd.FullyConnected(x, w, mx.nd.array([10, 20]), num_hidden=2).asnumpy().tolist()
    [[13.0, 26.0]]
    """
    if (bias is None) != no_bias:
        check_bias(bias, no_bias)
    x = _rows(data) if flatten and data.dim() != 2 else data
    if weight.shape[0] != num_hidden or (bias is not None and bias.shape != (num_hidden,)):
        _refuse(data, weight, bias, num_hidden, no_bias, flatten)
    if not data.dtype.is_floating_point:
        require_floating(data)
    try:
        return linear(x, weight, bias)
    except RuntimeError:
        _refuse(data, weight, bias, num_hidden, no_bias, flatten)
        raise


def _refuse(
    data: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None, *attributes: Any
) -> None:
    attrs = dict(zip(("num_hidden", "no_bias", "flatten"), attributes, strict=True))
    refuse_shapes(fully_connected, (data, weight, bias), attrs)


fully_connected.inputs_rule(inputs_with_bias)


def _rows(data: torch.Tensor) -> torch.Tensor:
    """Return data as one row of features per example."""
    if data.dim() == 2:
        return data
    return data.flatten(1) if data.dim() > 1 else data.unsqueeze(1)


@fully_connected.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    data, hidden, out = inputs[0], attrs["num_hidden"], outputs[0]
    if data is None:
        return inputs, outputs
    if not attrs["flatten"]:
        features, result = data[-1], (*data[:-1], hidden)
    else:
        features, result = product(data[1:]), (data[0], hidden)
    if out is not None and out != result:
        result = agree("the output", out, result, data, attrs, "num_hidden")
        known = len(result) - 1  # the axes that data and output have in common
        inputs[0] = data = (*result[:known], *data[known:])
    weight: tuple[int, ...] = (hidden, features)
    if inputs[1] != weight:
        weight = agree("weight", inputs[1], weight, data, attrs, "num_hidden")
    filled = [data, weight]
    if len(inputs) == 3:
        bias: tuple[int, ...] = (hidden,)
        if inputs[2] != bias and not (attrs["no_bias"] and inputs[2] is None):
            bias = agree("bias", inputs[2], bias, data, attrs, "num_hidden")
        filled.append(bias)
    return filled, [result]


@fully_connected.fast_gradient
def _(b: Backward):
    data, weight = b.inputs[0], b.inputs[1]
    grad = b.grads[0]
    if grad.dim() != 2:
        grad = grad.reshape(-1, grad.shape[-1])
    found: list[Any] = [None] * len(b.inputs)
    if b.needs[0]:
        found[0] = grad.mm(weight)
        if data.dim() != 2:
            found[0] = found[0].reshape(data.shape)
    if b.needs[1]:
        rows = _rows(data) if b.attrs["flatten"] else data.reshape(-1, data.shape[-1])
        found[1] = torch.mm(grad.t(), rows, out=b.memory_for(1))
    if len(found) == 3 and b.needs[2]:
        found[2] = grad.sum(0)
    return found
