"""`mx.nd.contrib`: contributed operators, and control flow on NDArrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..base import MXNetError
from ..context import Context, current_context
from . import op
from .gen_contrib import *  # noqa: F403
from .ndarray import NDArray, array


def isfinite(data: NDArray) -> NDArray:
    """Return 1 where an element is neither infinite nor NaN, and 0 elsewhere.

    Examples
    --------
    >>> mx.nd.contrib.isfinite(mx.nd.array([1, np.inf, np.nan])).asnumpy().tolist()
    [1.0, 0.0, 0.0]
    """
    return (abs(data) != np.inf) * (data == data)


def isinf(data: NDArray) -> NDArray:
    """Return 1 where an element is infinite, and 0 elsewhere."""
    return abs(data) == np.inf


def isnan(data: NDArray) -> NDArray:
    """Return 1 where an element is NaN, and 0 elsewhere."""
    return data != data


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def foreach(body: Callable[..., Any], data: Any, init_states: Any) -> tuple[Any, Any]:
    """Run `body` on each slice of `data` along its first axis, handing states on.

    Parameters
    ----------
    body : callable(slice, states) -> (output, states)
        One step; slice, output and states are an NDArray or a list of them.
    data : NDArray or list of NDArray
        What is run over.
    init_states : NDArray or list of NDArray
        The states of the first step.

    Returns
    -------
    outputs, states
        The steps' outputs stacked along a new first axis, and the last states.

    Examples
    --------
    >>> total = lambda x, s: (x + s, x + s)
    >>> data = mx.nd.array([[1], [2], [3]])
    >>> outputs, last = mx.nd.contrib.foreach(total, data, mx.nd.zeros((1,)))
    >>> outputs.asnumpy().tolist(), last.asnumpy().tolist()
    ([[1.0], [3.0], [6.0]], [6.0])
    """
    single = isinstance(data, NDArray)
    sequences = _as_list(data)
    lengths = {len(sequence) for sequence in sequences}
    if len(lengths) != 1:
        raise MXNetError(f"foreach: data have lengths {sorted(lengths)}, but must have one.")
    states = init_states
    steps: list[list[Any]] = []
    for index in range(lengths.pop()):
        slices = [sequence[index] for sequence in sequences]
        output, states = body(slices[0] if single else slices, states)
        one_output = not isinstance(output, (list, tuple))
        steps.append(_as_list(output))
    if not steps:
        raise MXNetError("foreach: data have length 0, so the outputs' shapes are unknown.")
    stacked = [op.stack(*column, axis=0) for column in zip(*steps, strict=True)]
    return (stacked[0] if one_output else stacked), states


def while_loop(
    cond: Callable[..., Any],
    func: Callable[..., Any],
    loop_vars: Any,
    max_iterations: int | None = None,
) -> tuple[Any, Any]:
    """Run `func` while `cond` holds, at most `max_iterations` times.

    Parameters
    ----------
    cond : callable(*loop_vars) -> NDArray
        Whether another step is made.
    func : callable(*loop_vars) -> (step_output, loop_vars)
        One step.
    loop_vars : NDArray or list of NDArray
        What both receive.
    max_iterations : int
        The most steps, and the length of the stacked outputs; rows of steps not made are zeros.

    Returns
    -------
    outputs, loop_vars
        The stacked outputs, and the last loop variables.
    """
    if max_iterations is None:
        raise ValueError("while_loop: max_iterations is missing.")
    variables = _as_list(loop_vars)
    if not variables:
        raise ValueError("while_loop: loop_vars is empty.")
    steps: list[list[Any]] = []
    single = False
    while len(steps) < max_iterations and bool(cond(*variables)):
        output, fresh = func(*variables)
        single = isinstance(output, NDArray)
        steps.append(_as_list(output) if output is not None else [])
        fresh = _as_list(fresh)
        if len(fresh) != len(variables):
            raise ValueError(
                f"while_loop: func returned {len(fresh)} loop variables, not {len(variables)}."
            )
        variables = fresh
    outputs: list[Any] = []
    for column in zip(*steps, strict=True):
        missing = [op.zeros_like(column[0])] * (max_iterations - len(steps))
        outputs.append(op.stack(*column, *missing, axis=0))
    result = outputs[0] if single else outputs
    return result, (variables[0] if isinstance(loop_vars, NDArray) else variables)


def cond(pred: NDArray, then_func: Callable[[], Any], else_func: Callable[[], Any]) -> Any:
    """Return what `then_func()` returns if `pred` is true, else what `else_func()` returns.

    Examples
    --------
    >>> x = mx.nd.array([2])
    >>> float(mx.nd.contrib.cond(x > 1, lambda: x * 10, lambda: x))
    20.0
    """
    return then_func() if bool(pred) else else_func()


def rand_zipfian(
    true_classes: NDArray, num_sampled: int, range_max: int, ctx: Context | None = None
) -> tuple[NDArray, NDArray, NDArray]:
    """Draw classes from an approximate Zipf (log-uniform) distribution.

    P(class) = (log(class + 2) - log(class + 1)) / log(range_max + 1).

    Returns
    -------
    samples, expected_count_true, expected_count_sampled : NDArray
        The drawn classes, and how often the true and the drawn classes are expected.
    """
    context = ctx or current_context()
    log_range = float(np.log(range_max + 1))
    draws = op.random_uniform(
        low=0, high=log_range, shape=(num_sampled,), dtype="float64", ctx=str(context)
    )
    samples = (op.exp(draws) - 1).astype("int64") % range_max

    def expected(classes: NDArray) -> NDArray:
        wide = classes.astype("float64")
        return op.log((wide + 2.0) / (wide + 1.0)) / log_range * num_sampled

    true = array(true_classes, ctx=context, dtype=true_classes.dtype)
    return samples, expected(true), expected(samples)
