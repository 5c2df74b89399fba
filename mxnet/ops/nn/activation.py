"""Activations that are layers of their own: Activation and LeakyReLU with their variants."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import torch
from torch.nn import functional

from ...base import MXNetError
from ..elementwise.activation import softsign_gradient, softsign_of
from ..registry import Attrs, Backward, Shapes, operator
from ..rules import same_shapes, unify
from .rules import UNKNOWN, require_floating

aten = torch.ops.aten

# From here on softplus is its argument, even in float64.
_STEEP = 40.0


def _softrelu(data: torch.Tensor) -> torch.Tensor:
    return functional.softplus(data, threshold=_STEEP)


_ACTIVATIONS: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "relu": torch.relu,
    "sigmoid": torch.sigmoid,
    "softrelu": _softrelu,
    "softsign": softsign_of,
    "tanh": torch.tanh,
}

# Alpha and scale of selu (Klambauer et al. 2017).
_SELU = (1.6732632423543772, 1.0507009873554805)

# Kernel and arguments of the gradient, for (head gradient, data, output).
_GRADIENTS: dict[str, Callable[..., tuple[Any, ...]]] = {
    "relu": lambda grad, data, out: (aten.threshold_backward, grad, out, 0),
    "sigmoid": lambda grad, data, out: (aten.sigmoid_backward, grad, out),
    "softrelu": lambda grad, data, out: (aten.softplus_backward, grad, data, 1, _STEEP),
    "tanh": lambda grad, data, out: (aten.tanh_backward, grad, out),
}


@operator("Activation", shapes=same_shapes)
def activation(
    data: torch.Tensor, *, act_type: Literal["relu", "sigmoid", "softrelu", "softsign", "tanh"]
) -> torch.Tensor:
    """Return an activation function of each element.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape, floating dtype.
    act_type : {'relu', 'sigmoid', 'softrelu', 'softsign', 'tanh'}
        ``max(x, 0)``, ``1 / (1 + exp(-x))``, ``log(1 + exp(x))``, ``x / (1 + abs(x))`` or
        ``tanh(x)``. The gradient of relu at 0 is 0.

    Returns
    -------
    NDArray or Symbol
        Same shape and dtype as `data`.

    Raises
    ------
    MXNetError
        If `data` holds whole numbers.

    Examples
    --------
    >>> mx.nd.Activation(mx.nd.array([-1, 2]), act_type="relu").asnumpy().tolist()
    [0.0, 2.0]
    """
    require_floating(data)
    return _ACTIVATIONS[act_type](data)


@activation.fast_gradient
def _(b: Backward):
    grad, data, kind = b.grads[0], b.inputs[0], b.attrs["act_type"]
    if kind == "softsign":
        return (softsign_gradient(grad, data),)
    return (_computed(b, *_GRADIENTS[kind](grad, data, b.outputs[0])),)


def _computed(b: Backward, kernel: Any, grad: torch.Tensor, *rest: Any) -> torch.Tensor:
    """Return what one of torch's gradient kernels gives, written to where the caller keeps it."""
    target = b.memory_for(0)
    if target is None or not grad.is_contiguous():
        return kernel(grad, *rest)
    return kernel.grad_input(grad, *rest, grad_input=target)


def _aligned(gamma: torch.Tensor, data: torch.Tensor) -> torch.Tensor:
    """Return prelu's slopes in a shape that broadcasts to `data`: one per channel, or as given."""
    if gamma.dim() != 1 or gamma.shape[0] == 1 or data.dim() == 1:
        return gamma
    if gamma.shape[0] != data.shape[1]:
        raise MXNetError(
            f"gamma has shape {tuple(gamma.shape)}, but data {tuple(data.shape)} need one slope, "
            "one for each channel (axis 1), or a shape that broadcasts"
        )
    return gamma.reshape(-1, *[1] * (data.dim() - 2))


def _prelu(data: torch.Tensor, gamma: torch.Tensor) -> torch.Tensor:
    slopes = _aligned(gamma, data)
    return aten._prelu_kernel(data.expand(torch.broadcast_shapes(data.shape, slopes.shape)), slopes)


@operator(
    "LeakyReLU",
    inits={"gamma": '["Constant", {"value": 0.25}]'},
    outputs=lambda attrs: 2 if attrs["act_type"] == "rrelu" else 1,
    output_names=lambda attrs: ("output", "mask") if attrs["act_type"] == "rrelu" else ("output",),
)
def leaky_relu(
    data: torch.Tensor,
    gamma: torch.Tensor | None = None,
    *,
    act_type: Literal["elu", "gelu", "leaky", "prelu", "rrelu", "selu"] = "leaky",
    slope: float = 0.25,
    lower_bound: float = 0.125,
    upper_bound: float = 0.334,
    is_train: bool,
    generator: torch.Generator | None,
) -> torch.Tensor | tuple[torch.Tensor, torch.Tensor]:
    """Return an activation function that lets some of the negative elements through.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape, floating dtype.
    gamma : NDArray or Symbol, optional
        For 'prelu' alone: the learned slopes. One, one per channel (axis 1), or a shape that
        broadcasts to `data`.
    act_type : {'elu', 'gelu', 'leaky', 'prelu', 'rrelu', 'selu'}, default 'leaky'
        For negative x: 'leaky' ``slope * x``; 'elu' ``slope * (exp(x) - 1)`` (Clevert et al. 2016);
        'prelu' ``gamma * x`` (He et al. 2015); 'rrelu' ``r * x`` (Xu et al. 2015) with r drawn
        evenly between the bounds in training, their mean otherwise; 'selu' (Klambauer et al. 2017)
        scales elu; 'gelu' (Hendrycks and Gimpel 2016) is ``x * Phi(x)`` with the exact normal
        distribution function, on both sides of 0.
    slope : float, default 0.25
        For 'leaky' and 'elu'.
    lower_bound, upper_bound : float, default 0.125 and 0.334
        For 'rrelu'.

    Returns
    -------
    NDArray or Symbol
        Same shape and dtype as `data`; for 'rrelu' also the slopes that were used.

    Raises
    ------
    MXNetError
        If `data` holds whole numbers, or `gamma` does not fit to it.

    Examples
    --------
    >>> mx.nd.LeakyReLU(mx.nd.array([-1, 2]), act_type="leaky", slope=0.5).asnumpy().tolist()
    [-0.5, 2.0]
    """
    require_floating(data)
    if (gamma is not None) != (act_type == "prelu"):
        given = "missing" if gamma is None else "given"
        raise MXNetError(f"gamma is {given}, but act_type is {act_type!r}")
    if gamma is not None:
        return _prelu(data, gamma)
    if act_type == "rrelu":
        slopes = torch.empty_like(data).fill_((lower_bound + upper_bound) / 2)
        if is_train:
            slopes.uniform_(lower_bound, upper_bound, generator=generator)
        return torch.where(data > 0, data, data * slopes), slopes
    if act_type == "leaky":
        return functional.leaky_relu(data, slope)
    if act_type == "elu":
        return functional.elu(data, slope)
    return functional.gelu(data) if act_type == "gelu" else functional.selu(data)


@leaky_relu.fast_gradient
def _(b: Backward):
    grad, data, kind = b.grads[0], b.inputs[0], b.attrs["act_type"]
    if kind == "prelu":
        return _prelu_gradient(grad, data, b.inputs[1])
    slope = b.attrs["slope"]
    if kind == "leaky":
        found = _computed(b, aten.leaky_relu_backward, grad, data, slope, False)
    elif kind == "elu":
        found = _computed(b, aten.elu_backward, grad, slope, 1, 1, False, data)
    elif kind == "selu":
        found = _computed(b, aten.elu_backward, grad, *_SELU, 1, False, data)
    elif kind == "gelu":
        found = _computed(b, aten.gelu_backward, grad, data)
    else:
        found = torch.where(data > 0, grad, grad * b.outputs[1])
    return (found, None)[: len(b.inputs)]


def _prelu_gradient(
    grad: torch.Tensor, data: torch.Tensor, gamma: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    slopes = _aligned(gamma, data)
    to_data, to_slopes = aten._prelu_kernel_backward(grad, data.expand(grad.shape), slopes)
    return to_data.sum_to_size(data.shape), to_slopes.sum_to_size(slopes.shape).view(gamma.shape)


@leaky_relu.inputs_rule
def _(attrs: Attrs) -> tuple[str, ...]:
    return ("data", "gamma") if attrs["act_type"] == "prelu" else ("data",)


@leaky_relu.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    shape = inputs[0]
    for known in outputs:
        shape = unify(shape, known)
    filled = [shape, *inputs[1:]]
    if attrs["act_type"] == "prelu" and shape is not None:
        gamma = inputs[1]
        if gamma in (None, (UNKNOWN,)) and len(shape) > 1:
            filled[1] = (shape[1],)
    return filled, [shape] * len(outputs)
