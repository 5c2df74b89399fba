"""What recording keeps alive: graphs go with backward, or with the last array of theirs."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import pytest

import mxnet as mx
from mxnet.ndarray.tape import Node, nodes_behind

autograd = mx.autograd


@pytest.fixture
def no_collector() -> Any:
    """Keep Python's collector of cycles away: what must go, goes by itself."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def nodes_alive() -> int:
    """Return how many recorded calls, variables and constants exist."""
    return sum(issubclass(type(each), Node) for each in gc.get_objects())


def trained(steps: int, backward: bool = True) -> list[Any]:
    """Return the parameters of a small network after some recorded steps."""
    data = mx.nd.ones((4, 8))
    weight, bias = mx.nd.ones((8, 8)) * 0.01, mx.nd.zeros((8,))
    for parameter in (weight, bias):
        parameter.attach_grad()
    for _ in range(steps):
        with autograd.record():
            hidden = mx.nd.FullyConnected(data, weight, bias, num_hidden=8).reshape((2, -1))
            loss = mx.nd.square(mx.nd.relu(hidden)[0]).sum()
        if backward:
            loss.backward()
            weight -= 0.01 * weight.grad
    return [weight, bias]


@pytest.mark.parametrize("backward", [True, False])
def test_a_thousand_steps_leave_no_graphs(no_collector, backward):
    before = nodes_alive()
    kept = trained(1000, backward)
    assert nodes_alive() - before <= len(kept)


def test_variables_go_without_the_collector(no_collector):
    gone = []
    for _ in range(10):
        x = mx.nd.ones((4,))
        x.attach_grad()
        with autograd.record():
            y = (x * x).sum()
        y.backward()
        gone += [weakref.ref(x), weakref.ref(y), weakref.ref(x._tape), weakref.ref(x.grad)]
        del x, y
    assert [each() for each in gone] == [None] * len(gone)


def test_calls_of_functions_go_without_the_collector(no_collector):
    class Doubled(autograd.Function):
        def forward(self, x: Any) -> Any:
            self.save_for_backward(x)
            return x * 2

        def backward(self, dy: Any) -> Any:
            return dy * 2 + self.saved_tensors[0] * 0

    x = mx.nd.ones((4,))
    x.attach_grad()
    function = Doubled()
    with autograd.record():
        y = function(x)
    y.backward()
    gone = [weakref.ref(function), weakref.ref(y)]
    del function, y
    assert [each() for each in gone] == [None, None]


def test_a_state_that_runs_on_keeps_one_step():
    weight, state = mx.nd.ones((2,)) * 0.5, mx.nd.ones((2,))
    weight.attach_grad()
    for _ in range(50):
        with autograd.record():
            state = mx.nd.tanh(state * weight)
            loss = state.sum()
        loss.backward()
        assert len(nodes_behind([state])) == 1  # itself: what it came from is freed
    with autograd.record():
        state = mx.nd.tanh(state * weight)
    assert len(nodes_behind([state])) == 4  # tanh, the product, the weight, the old state


def test_a_state_that_is_detached_keeps_one_step(no_collector):
    weight, state = mx.nd.ones((2,)) * 0.5, mx.nd.ones((2,))
    weight.attach_grad()
    before = nodes_alive()
    for _ in range(50):
        with autograd.record():
            state = mx.nd.tanh(state.detach() * weight)
    assert nodes_alive() - before <= 4


def test_retained_graphs_go_with_their_heads(no_collector):
    x = mx.nd.ones((4,))
    x.attach_grad()
    before = nodes_alive()
    for _ in range(50):
        with autograd.record():
            y = mx.nd.exp(x) * x
        y.backward(retain_graph=True)
    del y
    assert nodes_alive() == before


def test_a_very_deep_graph_goes_without_overflow():
    x = mx.nd.ones((1,))
    x.attach_grad()
    with autograd.record():
        y = x
        for _ in range(20_000):
            y = y + 1
    y.backward()
    assert x.grad.asscalar() == 1
    with autograd.record():
        y = x
        for _ in range(20_000):
            y = y + 1
    del y  # never differentiated
    assert nodes_behind([x]) == [x._node]
