"""Operators that hand their input on: copies, constants of a shape, and gradients of their own."""

from __future__ import annotations

from typing import Any, Literal

import torch

from ...base import MXNetError
from ..registry import Attrs, Backward, Shapes, operator
from ..rules import require_same_shape, unify, zero_gradient
from .forms import elementwise


@elementwise("_copy", aliases=("identity",))
def copy(data: torch.Tensor) -> torch.Tensor:
    """Return a copy.

    Examples
    --------
    >>> mx.nd.identity(mx.nd.array([1, 2])).asnumpy().tolist()
    [1.0, 2.0]
    """
    return data.clone()


@copy.fast_gradient
def _(b: Backward):
    return (b.grads[0],)


@elementwise("_identity_with_attr_like_rhs")
def identity_with_attr_like_rhs(lhs: torch.Tensor, rhs: torch.Tensor) -> torch.Tensor:
    """Return a copy of `lhs`, whose shape and dtype are those of `rhs`."""
    require_same_shape(lhs, rhs)
    return lhs.clone()


@identity_with_attr_like_rhs.fast_gradient
def _(b: Backward):
    return b.grads[0], torch.zeros_like(b.inputs[1]) if b.needs[1] else None


@elementwise("zeros_like", aliases=("_sparse_zeros_like",))
def zeros_like(data: torch.Tensor) -> torch.Tensor:
    """Return zeros of the shape and dtype of `data`.

    Examples
    --------
    >>> mx.nd.zeros_like(mx.nd.array([[1, 2]])).asnumpy().tolist()
    [[0.0, 0.0]]
    """
    return torch.zeros_like(data)


@elementwise("ones_like")
def ones_like(data: torch.Tensor) -> torch.Tensor:
    """Return ones of the shape and dtype of `data`.

    Examples
    --------
    >>> mx.nd.ones_like(mx.nd.array([[3, 2]])).asnumpy().tolist()
    [[1.0, 1.0]]
    """
    return torch.ones_like(data)


@elementwise("BlockGrad", aliases=("stop_gradient", "_sparse_stop_gradient"), own_gradient=True)
def block_grad(data: torch.Tensor) -> torch.Tensor:
    """Return a copy through which no gradient flows back.

    Examples
    --------
    >>> x = mx.nd.array([2, 3])
    >>> x.attach_grad()
    >>> with mx.autograd.record():
    ...     y = x * mx.nd.BlockGrad(x)
    >>> y.backward()
    >>> x.grad.asnumpy().tolist()
    [2.0, 3.0]
    """
    return data.clone()


for _operator in (zeros_like, ones_like, block_grad):
    _operator.gradient(zero_gradient)


@elementwise("make_loss", aliases=("_sparse_make_loss",), loss=True)
def make_loss(data: torch.Tensor) -> torch.Tensor:
    """Return a copy that is a loss: its gradient is 1, whatever comes back from above.

    Examples
    --------
    >>> mx.nd.make_loss(mx.nd.array([2, 3])).asnumpy().tolist()
    [2.0, 3.0]
    """
    return data.clone()


@make_loss.gradient
def _(b: Backward):
    return (torch.ones_like(b.inputs[0]),)


@make_loss.implied_loss
def _(inputs: Any, outputs: Any, attrs: Attrs) -> torch.Tensor:
    """The sum of the output."""
    return outputs[0].sum()


@elementwise("MakeLoss", loss=True)
def make_scaled_loss(
    data: torch.Tensor,
    *,
    grad_scale: float = 1.0,
    valid_thresh: float = 0.0,
    normalization: Literal["batch", "null", "valid"] = "null",
) -> torch.Tensor:
    """Return a copy that is a loss: its gradient is a constant, whatever comes back from above.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape.
    grad_scale : float, default 1
        The gradient, before normalization.
    valid_thresh : float, default 0
        With normalization by 'valid', elements above it are valid.
    normalization : {'null', 'batch', 'valid'}, default 'null'
        What divides the gradient: nothing, the number of examples (that of elements without the
        last axis), or the number of valid elements (at least 1).

    Returns
    -------
    NDArray or Symbol
        Same shape and dtype as `data`.

    Examples
    --------
    >>> x = mx.nd.array([2, 3])
    >>> x.attach_grad()
    >>> with mx.autograd.record():
    ...     loss = mx.nd.MakeLoss(x * x, grad_scale=0.5)
    >>> loss.backward()
    >>> x.grad.asnumpy().tolist()
    [2.0, 3.0]
    """
    return data.clone()


def _batch_size(data: torch.Tensor) -> int:
    """Return how many examples there are: all axes but the last count them."""
    return data.shape[:-1].numel()


@make_scaled_loss.gradient
def _(b: Backward):
    data, normalization = b.inputs[0], b.attrs["normalization"]
    scale = b.attrs["grad_scale"]
    if normalization == "batch":
        scale /= _batch_size(data)
    grad = torch.full_like(data, scale)
    if normalization == "valid":
        grad = grad / (data > b.attrs["valid_thresh"]).sum().clamp(min=1)
    return (grad,)


@make_scaled_loss.implied_loss
def _(inputs: Any, outputs: Any, attrs: Attrs) -> torch.Tensor:
    """The output's sum, or its mean over the examples or over the valid elements."""
    loss = attrs["grad_scale"] * outputs[0].sum()
    if attrs["normalization"] == "batch":
        return loss / _batch_size(outputs[0])
    if attrs["normalization"] == "valid":
        return loss / (outputs[0] > attrs["valid_thresh"]).sum().clamp(min=1)
    return loss


class _AddToGradient(torch.autograd.Function):
    """The identity of `data`, whose gradient has `pull` added to it."""

    generate_vmap_rule = True

    @staticmethod
    def forward(data: torch.Tensor, pull: torch.Tensor) -> torch.Tensor:
        return data.clone()

    @staticmethod
    def setup_context(ctx: Any, inputs: Any, output: Any) -> None:
        ctx.save_for_backward(inputs[1])

    @staticmethod
    def backward(ctx: Any, grad: torch.Tensor) -> tuple[torch.Tensor, None]:
        return grad + ctx.saved_tensors[0], None


@operator(
    "IdentityAttachKLSparseReg",
    aux=("moving_avg",),
    unlisted=("moving_avg",),
    own_gradient=True,
)
def identity_attach_kl_sparse_reg(
    data: torch.Tensor,
    moving_avg: torch.Tensor,
    *,
    sparseness_target: float = 0.1,
    penalty: float = 0.001,
    momentum: float = 0.9,
    is_train: bool,
) -> tuple[torch.Tensor, torch.Tensor | None]:
    """Return a copy whose gradient also pulls mean activations towards a sparseness target.

    It adds to the gradient ``penalty * ((1 - target) / (1 - a) - target / a)``, the derivative of
    the Kullback-Leibler divergence between the target and the moving average a of each column.

    Parameters
    ----------
    data : NDArray or Symbol
        Shape (batch, units), activations between 0 and 1.
    moving_avg : NDArray or Symbol
        Auxiliary state of shape (units,): the moving average, updated while training; by name.
    sparseness_target : float, default 0.1
        The mean activation aimed at, between 0 and 1.
    penalty : float, default 0.001
        The weight of the divergence.
    momentum : float, default 0.9
        How much of the moving average a step keeps.

    Returns
    -------
    NDArray or Symbol
        Same shape and dtype as `data`.
    """
    if data.dim() != 2:
        raise MXNetError(f"argument data has shape {tuple(data.shape)}, but must have 2 dimensions")
    average = momentum * moving_avg + (1 - momentum) * data.mean(0)
    pull = penalty * ((1 - sparseness_target) / (1 - average) - sparseness_target / average)
    return _AddToGradient.apply(data, pull), average if is_train else None


@identity_attach_kl_sparse_reg.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    data = unify(inputs[0], outputs[0])
    units = None if data is None else data[1:]
    units = unify(units, inputs[1])
    return [data, units], [data]
