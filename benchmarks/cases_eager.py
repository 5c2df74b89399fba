"""Eager calls on small arrays: what counts is the way to the operator and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.case import MEANS, Goal, benchmark

MEANS["eager"] = 2.5
CALLS = 200


def calls(name: str, prepare: Callable[[Any], Callable[[], Any]]) -> None:
    """Register many calls of what `prepare(mx)` returns."""

    def setup(mx: Any) -> Callable[[], None]:
        call = prepare(mx)

        def run() -> None:
            for _ in range(CALLS):
                call()
            mx.nd.waitall()  # the reference only queues: what it queued counts

        return run

    benchmark(name, Goal(speedup=1.2), CALLS)(setup)


def _array(mx: Any) -> Any:
    return mx.nd.array([[0.1 * (row + column) for column in range(8)] for row in range(8)])


def _arithmetic(mx: Any) -> Callable[[], Any]:
    x, y = _array(mx), _array(mx)
    return lambda: (x + y) * 2 - y


def _fully_connected(mx: Any) -> Callable[[], Any]:
    x, weight, bias = _array(mx), _array(mx), mx.nd.ones((8,))
    return lambda: mx.nd.FullyConnected(x, weight, bias, num_hidden=8)


def _softmax(mx: Any) -> Callable[[], Any]:
    x = _array(mx)
    return lambda: mx.nd.softmax(x)


def _reshape(mx: Any) -> Callable[[], Any]:
    x = _array(mx)
    return lambda: x.reshape((4, 16))


def _get_slice(mx: Any) -> Callable[[], Any]:
    x = _array(mx)
    return lambda: x[2:5]


def _set_slice(mx: Any) -> Callable[[], Any]:
    x = _array(mx)

    def write() -> None:
        x[2:5] = 1

    return write


def _zeros(mx: Any) -> Callable[[], Any]:
    return lambda: mx.nd.zeros((8, 8))


def _asnumpy(mx: Any) -> Callable[[], Any]:
    x = _array(mx)
    return lambda: x.asnumpy()


def _sum(mx: Any) -> Callable[[], Any]:
    x = _array(mx)
    return lambda: x.sum(axis=1)


def _record_and_backward(mx: Any) -> Callable[[], Any]:
    x, weight = _array(mx), _array(mx)
    weight.attach_grad()

    def step() -> None:
        with mx.autograd.record():
            loss = (mx.nd.dot(x, weight) * x).sum()
        loss.backward()

    return step


calls("(x + y) * 2 - y", _arithmetic)
calls("FullyConnected", _fully_connected)
calls("softmax", _softmax)
calls("reshape", _reshape)
calls("x[2:5]", _get_slice)
calls("x[2:5] = 1", _set_slice)
calls("zeros", _zeros)
calls("asnumpy", _asnumpy)
calls("sum", _sum)
calls("record and backward", _record_and_backward)
