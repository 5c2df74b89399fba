"""`mx.nd.contrib`: contributed operators, and control flow on NDArrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..base import MXNetError
from ..context import Context, current_context
from ..nested import flatten, read_iterations, regroup
from . import ndarray, op  # noqa: F401 - the first is a name of this path
from .contrib_updates import (  # noqa: F401 - public names
    adamw_update,
    mp_adamw_update,
    multi_adamw_update,
    multi_lamb_update,
    multi_mp_adamw_update,
    multi_mp_lamb_update,
)
from .gen_contrib import *  # noqa: F403
from .ndarray import NDArray, array


def isfinite(data: NDArray) -> NDArray:
    """Return 1 where an element is neither infinite nor NaN, and 0 elsewhere.

    Examples
    --------
    >>> mx.nd.contrib.isfinite(mx.nd.array([1, np.inf, np.nan])).asnumpy().tolist()
    [1.0, 0.0, 0.0]
    """
    if not data._data.is_floating_point():
        return op.ones_like(data)
    return (op.abs(data) != np.inf) * (data == data)


def isinf(data: NDArray) -> NDArray:
    """Return 1 where an element is infinite, and 0 elsewhere."""
    if not data._data.is_floating_point():
        return op.zeros_like(data)
    return op.abs(data) == np.inf


def isnan(data: NDArray) -> NDArray:
    """Return 1 where an element is NaN, and 0 elsewhere."""
    return data != data


def foreach(body: Callable[..., Any], data: Any, init_states: Any) -> tuple[Any, Any]:
    """Run `body` on each slice of `data` along its first axis, handing states on.

    Parameters
    ----------
    body : callable(slice, states) -> (output, states)
        One step; slice, states and output are NDArrays or (nested) lists of them, as `data` and
        `init_states` are.
    data : NDArray or (nested) list of NDArray
        What is run over.
    init_states : NDArray or (nested) list of NDArray
        The states of the first step.

    Returns
    -------
    outputs, states
        The steps' outputs stacked along a new first axis, and the last states.

    Raises
    ------
    MXNetError
        If the data have different lengths, or none.
    AssertionError
        If something else than NDArrays comes.

    Examples
    --------
    >>> total = lambda x, s: (x + s, x + s)
    >>> data = mx.nd.array([[1], [2], [3]])
    >>> outputs, last = mx.nd.contrib.foreach(total, data, mx.nd.zeros((1,)))
    >>> outputs.asnumpy().tolist(), last.asnumpy().tolist()
    ([[1.0], [3.0], [6.0]], [6.0])
    """
    sequences, data_form = flatten(data, NDArray, "foreach: data")
    flatten(init_states, NDArray, "foreach: init_states")
    lengths = sorted({len(sequence) for sequence in sequences})
    if len(lengths) != 1 or lengths[0] == 0:
        raise MXNetError(f"foreach: data have lengths {lengths}, but must have one, at least 1.")
    states, form = init_states, None
    steps: list[list[NDArray]] = []
    for index in range(lengths[0]):
        output, states = body(regroup([each[index] for each in sequences], data_form), states)
        outputs, form = flatten(output, NDArray, "foreach: the output of body")
        steps.append(outputs)
    return regroup(_stacked(steps, len(steps), "foreach: body"), form), states


def _stacked(steps: list[list[NDArray]], length: int, what: str) -> list[NDArray]:
    """Return each output of the steps as one array, with zeros up to `length`."""
    counts = sorted({len(outputs) for outputs in steps})
    if len(counts) != 1:
        raise ValueError(f"{what} returns {counts} outputs, but must return as many at each step.")
    stacked = []
    for column in zip(*steps, strict=True):
        missing = [op.zeros_like(column[0])] * (length - len(steps))
        stacked.append(op.stack(*column, *missing, axis=0))
    return stacked


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
        Whether another step is made: one element.
    func : callable(*loop_vars) -> (output, loop_vars)
        One step.
    loop_vars : NDArray or (nested) list of NDArray
        What both receive.
    max_iterations : int
        The most steps, and the length of the stacked outputs; rows of steps not made are zeros.

    Returns
    -------
    outputs, loop_vars
        The stacked outputs (an empty list if no step was made), and the last loop variables.

    Raises
    ------
    ValueError
        If `max_iterations` is no number, or `func` returns another number of loop variables or
        outputs than before.

    Examples
    --------
    >>> outputs, last = mx.nd.contrib.while_loop(
    ...     lambda i: i < 3, lambda i: (i * i, i + 1), mx.nd.array([1]), max_iterations=4
    ... )
    >>> outputs.asnumpy().tolist(), last.asnumpy().tolist()
    ([[1.0], [4.0], [0.0], [0.0]], [3.0])
    """
    limit = read_iterations(max_iterations)
    variables, form = flatten(loop_vars, NDArray, "while_loop: loop_vars")
    if not variables:
        raise ValueError("while_loop: loop_vars is empty.")
    steps: list[list[NDArray]] = []
    output_form: Any = []
    while len(steps) < limit:
        arguments = variables if form == 0 else regroup(variables, form)
        if not cond(*arguments):
            break
        output, following = func(*arguments)
        outputs, output_form = flatten(
            [] if output is None else output, NDArray, "while_loop: the output of func"
        )
        steps.append(outputs)
        following, _ = flatten(following, NDArray, "while_loop: the loop variables from func")
        if len(following) != len(variables):
            raise ValueError(
                f"while_loop: func returns {len(following)} loop variables, but there are "
                f"{len(variables)}."
            )
        variables = following
    stacked = _stacked(steps, limit, "while_loop: func") if steps else []
    return regroup(stacked, output_form), regroup(variables, form)


def cond(pred: Any, then_func: Callable[[], Any], else_func: Callable[[], Any]) -> Any:
    """Return what `then_func()` returns if `pred` is true, else what `else_func()` returns.

    Examples
    --------
    >>> x = mx.nd.array([2])
    >>> float(mx.nd.contrib.cond(x > 1, lambda: x * 10, lambda: x))
    20.0
    """
    return then_func() if pred else else_func()


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
