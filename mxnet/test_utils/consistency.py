"""Does a symbol give the same on several devices and types, and how long does it take?"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..context import Context
from ..executor import Executor
from ..ndarray import NDArray, array
from ..symbol import Symbol
from .binding import check_known, fail_together, independent_random
from .comparison import compare
from .surroundings import default_context


def check_consistency(
    sym: Symbol | Sequence[Symbol],
    ctx_list: Sequence[Mapping[str, Any]],
    scale: float = 1.0,
    grad_req: Any = "write",
    arg_params: Mapping[str, Any] | None = None,
    aux_params: Mapping[str, Any] | None = None,
    rtol: Any = None,
    atol: Any = None,
    raise_on_err: bool = True,
    ground_truth: Mapping[str, Any] | None = None,
    equal_nan: bool = False,
    use_uniform: bool = False,
    rand_type: Any = np.float64,
) -> dict[str, NDArray | None]:
    """Raise an AssertionError unless symbols give the same on several devices and in several types.

    Outputs are compared in prediction and in training, gradients for random head gradients.

    Parameters
    ----------
    sym : Symbol or list of Symbol
        One symbol, or one per entry of `ctx_list` with the same names of arguments and outputs.
    ctx_list : list of dict
        At least two times what `Symbol.simple_bind` takes: ``ctx``, input shapes by name and
        optionally ``type_dict``.
    scale : float, default 1.0
        Standard deviation of the random arguments.
    grad_req : str or dict, default 'write'
        As `Symbol.simple_bind` takes it; with 'null' only outputs are compared.
    arg_params, aux_params : dict of str to array-like, optional
        Values of arguments and auxiliary states. Other arguments are random, other states 0.
    rtol, atol : number or dict, optional
        As in `assert_almost_equal`.
    raise_on_err : bool, default True
        Whether a difference raises; otherwise it is written to standard error.
    ground_truth : dict of str to array-like, optional
        The right outputs and gradients by name, with which every entry is compared. Without it the
        first entry of the most precise output type is what the others are compared with.
    equal_nan : bool, default False
        Whether a NaN equals a NaN.
    use_uniform : bool, default False
        Whether random arguments are drawn evenly from -0.92 to 0.92 times `scale`, instead of from
        a normal distribution.
    rand_type : dtype, default np.float64
        The type that random arguments are rounded to.

    Returns
    -------
    dict of str to NDArray or None
        Outputs and gradients of the entry that the others are compared with.

    Examples
    --------
    >>> x = mx.sym.var("x")
    >>> entries = [{"ctx": mx.cpu(), "x": (2, 3), "type_dict": {"x": t}} for t in ("f4", "f8")]
    >>> sorted(mx.test_utils.check_consistency(mx.sym.exp(x, name="e"), entries))
    ['e_output', 'x']
    """
    executors = _bind_all(sym, ctx_list, grad_req)
    random = independent_random()
    values = _draw_arguments(executors[0], arg_params, scale, use_uniform, rand_type, random)
    states = dict.fromkeys(executors[0].aux_dict, 0) | dict(aux_params or {})
    check_known(list(executors[0].aux_dict), states, "aux_params")
    for executor in executors:
        for name, value in values.items():
            _write(executor.arg_dict[name], value)
        for name, value in states.items():
            _write(executor.aux_dict[name], value)
    first = _most_precise(executors)
    tolerance = {"rtol": rtol, "atol": atol, "equal_nan": equal_nan, "use_broadcast": False}
    trains = grad_req != "null"
    reports = []
    for label, train in (("Predict", False), ("Train", True))[: 1 + trains]:
        results = _run_all(executors, train, random)
        truth = results[first] | dict(ground_truth or {})
        for index, found in enumerate(results):
            if index == first and ground_truth is None:
                continue
            other = "ground truth" if ground_truth else _describe(first, executors[first])
            title = f"{label} Err: {_describe(index, executors[index])} vs {other} at "
            reports += _differences(title, found, truth, tolerance)
    if raise_on_err:
        fail_together(reports, "arrays")
    for _, text in reports:
        print(text, file=sys.stderr)
    return results[first]


def _bind_all(sym: Any, ctx_list: Sequence[Mapping[str, Any]], grad_req: Any) -> list[Executor]:
    if len(ctx_list) < 2:
        raise AssertionError(f"ctx_list has {len(ctx_list)} entries, but must have at least two")
    symbols = list(sym) if isinstance(sym, list | tuple) else [sym] * len(ctx_list)
    if len(symbols) != len(ctx_list):
        raise AssertionError(f"There are {len(symbols)} symbols, but {len(ctx_list)} contexts")
    for other in symbols[1:]:
        for what in ("list_arguments", "list_outputs"):
            pair = [getattr(s, what)() for s in (symbols[0], other)]
            if pair[0] != pair[1]:
                raise AssertionError(f"The symbols differ in {what}(): {pair[0]} and {pair[1]}")
    return [
        symbol.simple_bind(grad_req=grad_req, **entry)
        for symbol, entry in zip(symbols, ctx_list, strict=True)
    ]


def _draw_arguments(
    executor: Executor,
    given: Mapping[str, Any] | None,
    scale: float,
    use_uniform: bool,
    rand_type: Any,
    random: np.random.Generator,
) -> dict[str, Any]:
    """Return a value for each argument, the given ones among them."""
    arguments = executor.arg_dict
    values = dict(given or {})
    check_known(list(arguments), values, "arg_params")
    for name in sorted(arguments):
        if name in values:
            continue
        shape = arguments[name].shape
        if use_uniform:
            drawn = random.uniform(-0.92 * scale, 0.92 * scale, size=shape)
        else:
            drawn = random.normal(size=shape, scale=scale)
        values[name] = np.asarray(drawn).astype(rand_type)
    return values


def _write(target: NDArray, value: Any) -> None:
    if isinstance(value, NDArray):
        value = value.asnumpy()
    target[:] = np.asarray(value).astype(target.dtype) if np.ndim(value) else value


def _most_precise(executors: Sequence[Executor]) -> int:
    """Return the first entry whose first output has the largest type."""
    sizes = [np.dtype(e.outputs[0].dtype).itemsize for e in executors]
    return sizes.index(max(sizes))


def _run_all(
    executors: Sequence[Executor], train: bool, random: np.random.Generator
) -> list[dict[str, NDArray | None]]:
    """Return the outputs of every entry, and in training its gradients too, by name."""
    heads = [random.normal(size=output.shape) for output in executors[0].outputs]
    results = []
    for executor in executors:
        outputs = executor.forward(is_train=train)
        found: dict[str, NDArray | None] = {
            name: output.copy() for name, output in executor.output_dict.items()
        }
        if train:
            executor.backward(
                [
                    array(head, ctx=output.context, dtype=output.dtype)
                    for head, output in zip(heads, outputs, strict=True)
                ]
            )
            found |= executor.grad_dict
        results.append(found)
    return results


def _describe(index: int, executor: Executor) -> str:
    return f"ctx {index} ({np.dtype(executor.outputs[0].dtype)} {executor._ctx})"


def _differences(
    title: str, found: Mapping[str, Any], truth: Mapping[str, Any], tolerance: dict[str, Any]
) -> list[tuple[str, str]]:
    """Return (name, text) for each array that differs from the truth."""
    reports = []
    for name, value in found.items():
        if value is None or truth.get(name) is None:
            continue
        mismatch = compare(value, truth[name], **tolerance)
        if mismatch is not None:
            reports.append((name, f"{title}{name}\n{mismatch.report((name, f'{name}_expected'))}"))
    return reports


def check_speed(
    sym: Symbol,
    location: Mapping[str, Any] | None = None,
    ctx: Context | None = None,
    N: int = 20,
    grad_req: str | None = None,
    typ: str = "whole",
    **kwargs: Any,
) -> float:
    """Return how many seconds one run of a symbol takes, on average after a first one.

    Parameters
    ----------
    sym : Symbol
    location : dict of str to array-like, optional
        The arguments; by default random ones of the shapes in `kwargs`.
    ctx : Context, optional
        The device, default the current context.
    N : int, default 20
        How many runs to time.
    grad_req : str, default 'write'
        How gradients are written.
    typ : {'whole', 'forward'}
        Whether a run is forward and backward, with the outputs as head gradients, or forward alone.
    **kwargs : tuple of int
        Shapes by argument name, where there is no `location`.

    Examples
    --------
    >>> mx.test_utils.check_speed(mx.sym.exp(mx.sym.var("x")), N=2, x=(2, 3)) > 0
    True
    """
    if typ not in ("whole", "forward"):
        raise ValueError('typ can only be "whole" or "forward".')
    if location is not None and not isinstance(location, Mapping):
        raise AssertionError(f"location is a {type(location).__name__}, but must be a dict")
    shapes = kwargs if location is None else {n: np.shape(v) for n, v in location.items()}
    executor = sym.simple_bind(grad_req=grad_req or "write", ctx=ctx or default_context(), **shapes)
    random = independent_random()
    for name, argument in executor.arg_dict.items():
        given = random.normal(size=argument.shape) if location is None else location[name]
        _write(argument, given)
    _run_once(executor, typ == "whole")
    start = time.perf_counter()
    for _ in range(N):
        _run_once(executor, typ == "whole")
    return (time.perf_counter() - start) / N


def _run_once(executor: Executor, whole: bool) -> None:
    outputs = executor.forward(is_train=whole)
    if whole:
        executor.backward(outputs)
    for value in (*outputs, *(g for g in executor.grad_arrays if whole and g is not None)):
        value.wait_to_read()
