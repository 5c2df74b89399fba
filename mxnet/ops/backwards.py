"""Gradients that the reference also shows as operators, by the rule of the operator itself."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from .array.indexing import index_copy
from .contrib.hawkes import hawkes_log_likelihood, infer_hawkes
from .elementwise.activation import quadratic
from .elementwise.forms import scalar_form
from .registry import Attrs, Backward, Operator, get, operator

Tensors = tuple[torch.Tensor, ...]


def _gradients(
    of: Operator, heads: Sequence[torch.Tensor], inputs: Sequence[torch.Tensor], attrs: Attrs
) -> Tensors:
    """Return the gradient of each input of an operator, zeros where none flows."""
    if of.backward is not None:
        needs = (True,) * len(inputs)
        found: Sequence[torch.Tensor | None] = of.backward(
            Backward(tuple(heads), tuple(inputs), (), attrs, needs)
        )
    else:
        found = _by_tape(of, heads, inputs, attrs)
    return tuple(
        torch.zeros_like(each) if grad is None else grad
        for each, grad in zip(inputs, found, strict=True)
    )


def _by_tape(
    of: Operator, heads: Sequence[torch.Tensor], inputs: Sequence[torch.Tensor], attrs: Attrs
) -> list[torch.Tensor | None]:
    pairs = zip(of.inputs, inputs, strict=True)
    tried = [x.is_floating_point() and name not in of.no_gradient for name, x in pairs]
    with torch.enable_grad():
        taped = [x.detach().requires_grad_(t) for x, t in zip(inputs, tried, strict=True)]
        result = of.function(*taped, **attrs)
    outputs = result if isinstance(result, tuple) else (result,)
    leaves = [x for x in taped if x.requires_grad]
    given = iter(torch.autograd.grad(outputs, leaves, tuple(heads), allow_unused=True))
    return [next(given) if x.requires_grad else None for x in taped]


@scalar_form("_contrib_backward_gradientmultiplier")
def backward_gradientmultiplier(
    data: torch.Tensor, *, scalar: float = 1.0, is_int: bool = True
) -> torch.Tensor:
    """Return the gradient of `gradientmultiplier` for its head gradient `data`.

    Examples
    --------
    >>> mx.nd.contrib.backward_gradientmultiplier(mx.nd.array([1, 2]), 3).asnumpy().tolist()
    [3.0, 6.0]
    """
    return get("_mul_scalar").function(data, scalar=scalar, is_int=is_int)


@operator("_contrib_backward_quadratic")
def backward_quadratic(
    ograd: torch.Tensor, data: torch.Tensor, *, a: float = 0.0, b: float = 0.0, c: float = 0.0
) -> torch.Tensor:
    """Return the gradient of `quadratic` at `data` for the head gradient `ograd`.

    Examples
    --------
    >>> one, x = mx.nd.ones((2,)), mx.nd.array([1, 2])
    >>> mx.nd.contrib.backward_quadratic(one, x, a=1, b=2).asnumpy().tolist()
    [4.0, 6.0]
    """
    [grad] = _gradients(quadratic, [ograd], [data], {"a": a, "b": b, "c": c})
    return grad


@operator("_contrib_backward_index_copy", outputs=3)
def backward_index_copy(
    ograd: torch.Tensor,
    old_tensor: torch.Tensor,
    index_vector: torch.Tensor,
    new_tensor: torch.Tensor,
) -> Tensors:
    """Return the gradients of the three inputs of `index_copy` for the head gradient `ograd`.

    Examples
    --------
    >>> one, old, new = mx.nd.ones((3, 1)), mx.nd.zeros((3, 1)), mx.nd.zeros((1, 1))
    >>> grads = mx.nd.contrib.backward_index_copy(one, old, mx.nd.array([2]), new)
    >>> grads[0].asnumpy().tolist(), grads[2].asnumpy().tolist()
    ([[1.0], [1.0], [0.0]], [[1.0]])
    """
    return _gradients(index_copy, [ograd], [old_tensor, index_vector, new_tensor], {})


@backward_index_copy.type_rule
def _(inputs, outputs, attrs):
    return inputs, inputs[1:]


@operator("_contrib_backward_hawkesll", outputs=8)
def backward_hawkesll(
    ograd: torch.Tensor,
    ograd_state: torch.Tensor,
    lda: torch.Tensor,
    alpha: torch.Tensor,
    beta: torch.Tensor,
    state: torch.Tensor,
    lags: torch.Tensor,
    marks: torch.Tensor,
    valid_length: torch.Tensor,
    max_time: torch.Tensor,
) -> Tensors:
    """Return the gradients of the eight inputs of `hawkesll`, zeros for `marks`, for the head
    gradients of the likelihoods and of the states."""
    inputs = [lda, alpha, beta, state, lags, marks, valid_length, max_time]
    return _gradients(hawkes_log_likelihood, [ograd, ograd_state], inputs, {})


@backward_hawkesll.type_rule
def _(inputs, outputs, attrs):
    return inputs, inputs[2:]


@backward_hawkesll.shape_rule
def _(inputs, outputs, attrs):
    found, heads = infer_hawkes(inputs[2:])
    return [*heads, *found], found
