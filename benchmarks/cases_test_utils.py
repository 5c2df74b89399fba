"""The three checks of `mx.test_utils`, as a user's test suite calls them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.case import Goal, benchmark


def _sum_of_two(mx: Any) -> tuple[Any, list[np.ndarray]]:
    """The example of the documentation of `check_symbolic_forward` and `_backward`."""
    symbol = mx.symbol.elemwise_add(mx.symbol.Variable("lhs"), mx.symbol.Variable("rhs"))
    return symbol, [np.array([[1, 2], [3, 4]]), np.array([[5, 6], [7, 8]])]


@benchmark("check_symbolic_backward, 2x2 sum", Goal(speedup=4))
def check_symbolic_backward(mx: Any) -> Callable[[], Any]:
    symbol, matrices = _sum_of_two(mx)
    ones = mx.nd.ones((2, 2))
    expected = ones.asnumpy()

    def check() -> None:
        mx.test_utils.check_symbolic_backward(symbol, matrices, [ones], [expected, expected])

    return check


@benchmark("check_symbolic_forward, 2x2 sum", Goal(speedup=4))
def check_symbolic_forward(mx: Any) -> Callable[[], Any]:
    symbol, matrices = _sum_of_two(mx)
    expected = matrices[0] + matrices[1]

    def check() -> None:
        mx.test_utils.check_symbolic_forward(symbol, matrices, [expected])

    return check


@benchmark("check_numeric_gradient, FullyConnected 4x8 to 16", Goal(speedup=20))
def check_numeric_gradient_dense(mx: Any) -> Callable[[], Any]:
    random = np.random.RandomState(0)
    symbol = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=16, name="dense")
    location = [random.normal(size=shape) for shape in ((4, 8), (16, 8), (16,))]

    def check() -> None:
        mx.test_utils.check_numeric_gradient(
            symbol, location, numeric_eps=1e-2, rtol=1e-2, atol=1e-2
        )

    return check


@benchmark("check_numeric_gradient, Convolution 3x3", Goal(speedup=20))
def check_numeric_gradient_convolution(mx: Any) -> Callable[[], Any]:
    random = np.random.RandomState(0)
    symbol = mx.sym.Convolution(
        mx.sym.Variable("data"), kernel=(3, 3), num_filter=4, pad=(1, 1), name="convolution"
    )
    location = [random.normal(size=shape) for shape in ((2, 3, 6, 6), (4, 3, 3, 3), (4,))]

    def check() -> None:
        mx.test_utils.check_numeric_gradient(
            symbol, location, numeric_eps=1e-2, rtol=5e-2, atol=5e-2
        )

    return check
