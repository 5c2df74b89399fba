"""Operators that tests register for a while: wrong, imprecise or picky ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from mxnet.ops import registry
from mxnet.ops.registry import Operator, operator
from mxnet.symbol import Symbol
from mxnet.symbol.graph import Node


@contextmanager
def registered(
    function: Callable[..., Any],
    gradient: Callable[..., Any] | None = None,
    implied_loss: Callable[..., Any] | None = None,
    **facts: Any,
) -> Iterator[Operator]:
    """Register `function` as the operator ``test_<its name>`` until the block ends."""
    name = f"test_{function.__name__}"
    made = operator(name, **facts)(function)
    if gradient is not None:
        made.gradient(gradient)
    if implied_loss is not None:
        made.implied_loss(implied_loss)
    try:
        yield made
    finally:
        del registry._REGISTRY[name]


def apply(operator: Operator, name: str, *inputs: Symbol, **attrs: str) -> Symbol:
    """Return a symbol of one use of an operator that `mx.sym` does not know."""
    node = Node(operator, name, attrs, [x._outputs[0] for x in inputs], operator.parse(attrs))
    return Symbol([(node, index) for index in range(node.count_visible())])


def square(data):
    """x²."""
    return data * data


def half_of_the_gradient(backward):
    """The gradient of x² without its factor 2."""
    return (backward.grads[0] * backward.inputs[0],)
