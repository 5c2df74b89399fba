"""What a call of ours takes beyond torch's for the same work, on small arrays and on large ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.case import Goal, benchmark
from benchmarks.inputs import values

SMALL, LARGE = 8, 2000
"""Sides of the matrices."""
CALLS = 200
"""Calls of one run on small arrays, so that a loop's own cost does not count."""


def against_torch(
    name: str, ours: Callable[..., Any], theirs: Callable[..., Any], large: bool = True
) -> None:
    """Register `ours(nd, x, y)` on NDArrays and `theirs(torch, x, y)` on tensors."""

    def setup_for(side: int, calls: int) -> Callable[[Any], Any]:
        def setup(mx: Any) -> tuple[Callable[[], Any], Callable[[], Any]]:
            import torch

            pair = [values((side, side), "plain", each) for each in ("x", "y")]
            arrays = [mx.nd.array(each) for each in pair]
            tensors = [torch.tensor(each) for each in pair]

            def run_ours() -> Any:
                for _ in range(calls):
                    result = ours(mx.nd, *arrays)
                return result

            def run_theirs() -> Any:
                for _ in range(calls):
                    result = theirs(torch, *tensors)
                return result.numpy()

            return run_ours, run_theirs

        return setup

    benchmark(f"{name}, small", Goal(extra=4e-6), CALLS, "torch")(setup_for(SMALL, CALLS))
    if large:
        benchmark(f"{name}, large", Goal(speedup=1 / 1.05), 1, "torch")(setup_for(LARGE, 1))


against_torch("x + y", lambda nd, x, y: x + y, lambda torch, x, y: x + y)
against_torch("x * 2", lambda nd, x, y: x * 2, lambda torch, x, y: x * 2)
against_torch("exp", lambda nd, x, y: nd.exp(x), lambda torch, x, y: torch.exp(x))
against_torch("relu", lambda nd, x, y: nd.relu(x), lambda torch, x, y: torch.relu(x))
against_torch("sigmoid", lambda nd, x, y: nd.sigmoid(x), lambda torch, x, y: torch.sigmoid(x))
against_torch("maximum", lambda nd, x, y: nd.maximum(x, y), lambda torch, x, y: torch.maximum(x, y))
against_torch("sum axis=1", lambda nd, x, y: nd.sum(x, axis=1), lambda torch, x, y: torch.sum(x, 1))
against_torch("dot", lambda nd, x, y: nd.dot(x, y), lambda torch, x, y: torch.mm(x, y))
against_torch(
    "FullyConnected",
    lambda nd, x, y: nd.FullyConnected(x, y, num_hidden=y.shape[0], no_bias=True),
    lambda torch, x, y: torch.nn.functional.linear(x, y),
)
against_torch("softmax", lambda nd, x, y: nd.softmax(x), lambda torch, x, y: torch.softmax(x, -1))
against_torch(
    "concat", lambda nd, x, y: nd.concat(x, y, dim=0), lambda torch, x, y: torch.cat([x, y])
)
against_torch("transpose", lambda nd, x, y: nd.transpose(x), lambda torch, x, y: x.t().contiguous())
against_torch("copy", lambda nd, x, y: x.copy(), lambda torch, x, y: x.clone())
against_torch(
    "reshape", lambda nd, x, y: x.reshape((-1,)), lambda torch, x, y: x.reshape((-1,)), large=False
)
against_torch("x[2:5]", lambda nd, x, y: x[2:5], lambda torch, x, y: x[2:5], large=False)
