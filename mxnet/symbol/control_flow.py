"""`foreach`, `while_loop` and `cond` on Symbols."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..nested import flatten, read_iterations, regroup
from .symbol import Symbol
from .tracing import make_symbols, trace, union


def foreach(
    body: Callable[..., Any], data: Any, init_states: Any, name: str = "foreach"
) -> tuple[Any, Any]:
    """Run `body` on each slice of `data` along its first axis, handing states on.

    Parameters
    ----------
    body : callable(slice, states) -> (output, states)
        One step, called once to make its graph; slice, states and output are Symbols or (nested)
        lists of Symbols, as `data` and `init_states` are. It must use every slice and state.
    data : Symbol or (nested) list of Symbol
        What is run over.
    init_states : Symbol or (nested) list of Symbol
        The states of the first step.
    name : str, default 'foreach'
        The stem of the graph's name.

    Returns
    -------
    outputs, states
        The steps' outputs stacked along a new first axis, and the last states.

    Raises
    ------
    AssertionError
        If something else than Symbols comes, states change their form, or one is not used.

    Examples
    --------
    >>> total = lambda x, s: (x + s, x + s)
    >>> data, start = mx.sym.Variable("data"), mx.sym.Variable("start")
    >>> outputs, last = mx.sym.contrib.foreach(total, data, start)
    >>> values = {"data": mx.nd.array([[1], [2], [3]]), "start": mx.nd.zeros((1,))}
    >>> outputs.eval(**values)[0].asnumpy().tolist()
    [[1.0], [3.0], [6.0]]
    """
    sequences, data_form = flatten(data, Symbol, "foreach: data")
    states, state_form = flatten(init_states, Symbol, "foreach: init_states")
    given, count = [*sequences, *states], len(sequences)
    forms: list[Any] = []

    def step(received: list[Symbol]) -> list[Symbol]:
        slices, current = (
            regroup(received[:count], data_form),
            regroup(received[count:], state_form),
        )
        result, following = body(slices, current)
        outputs, form = flatten(
            [] if result is None else result, Symbol, "foreach: the output of body"
        )
        following, following_form = flatten(following, Symbol, "foreach: the states from body")
        if following_form != state_form:
            raise AssertionError("foreach: body returns states of another form than it receives.")
        forms.append(form)
        return [*outputs, *following]

    graph = trace(name, step, given)
    places = graph.places()
    unused = [given[k].name for k in range(len(given)) if k not in places]
    if unused:
        raise AssertionError(f"foreach: body does not use {', '.join(map(str, unused))}.")
    used = [places[k] for k in range(len(given))]
    rest = [at for at in range(len(graph.inputs)) if at not in used]
    stacked = len(graph.outputs) - len(states)
    attrs = {
        "num_outputs": len(graph.outputs),
        "num_out_data": stacked,
        "in_data_locs": used[:count],
        "in_state_locs": used[count:],
        "remain_locs": rest,
    }
    inputs = [graph.source(graph.inputs[at], given) for at in (*used, *rest)]
    results = make_symbols("_foreach", attrs, inputs, [graph])
    return regroup(results[:stacked], forms[0]), regroup(results[stacked:], state_form)


def while_loop(
    cond: Callable[..., Any],
    func: Callable[..., Any],
    loop_vars: Any,
    max_iterations: int | None = None,
    name: str = "while_loop",
) -> tuple[Any, Any]:
    """Run `func` while `cond` holds, at most `max_iterations` times.

    Parameters
    ----------
    cond : callable(*loop_vars) -> Symbol
        Whether another step is made: one element.
    func : callable(*loop_vars) -> (output, loop_vars)
        One step. It must use every loop variable.
    loop_vars : Symbol or (nested) list of Symbol
        What both receive.
    max_iterations : int
        The most steps, and the length of the stacked outputs; rows of steps not made are zeros.
    name : str, default 'while_loop'
        The stem of the graphs' names.

    Returns
    -------
    outputs, loop_vars
        The stacked outputs, and the last loop variables.

    Raises
    ------
    ValueError, AssertionError
        If `max_iterations` is no number, or functions do not return what they must.

    Examples
    --------
    >>> i, total = mx.sym.Variable("i"), mx.sym.Variable("total")
    >>> outputs, last = mx.sym.contrib.while_loop(
    ...     lambda i, total: i < 3, lambda i, total: (total, [i + 1, total + i]), [i, total], 4
    ... )
    >>> outputs.eval(i=mx.nd.array([1]), total=mx.nd.array([10]))[0].asnumpy().tolist()
    [[10.0], [11.0], [0.0], [0.0]]
    """
    limit = read_iterations(max_iterations)
    given, form = flatten(loop_vars, Symbol, "while_loop: loop_vars")
    if not given:
        raise ValueError("while_loop: loop_vars is empty.")
    forms: list[Any] = []

    def arguments(received: list[Symbol]) -> Any:
        return received if form == 0 else regroup(received, form)

    def condition(received: list[Symbol]) -> list[Symbol]:
        holds = cond(*arguments(received))
        if not isinstance(holds, Symbol):
            raise ValueError(f"while_loop: cond returns {holds!r}, but must return a Symbol.")
        return [holds]

    def step(received: list[Symbol]) -> list[Symbol]:
        result, following = func(*arguments(received))
        outputs, output_form = flatten(
            [] if result is None else result, Symbol, "while_loop: the output"
        )
        following, _ = flatten(following, Symbol, "while_loop: the loop variables from func")
        if len(following) != len(given):
            raise ValueError(
                f"while_loop: func returns {len(following)} loop variables, but there are "
                f"{len(given)}."
            )
        forms.append(output_form)
        return [*outputs, *following]

    graphs = [trace(f"{name}_cond", condition, given), trace(f"{name}_func", step, given)]
    places = graphs[1].places()
    for number, symbol in enumerate(given):
        if number not in places:
            raise ValueError(f"while_loop: func does not use loop variable {symbol.name}.")
    inputs, (of_condition, of_step) = union(graphs, given)
    stacked = len(graphs[1].outputs) - len(given)
    attrs = {
        "num_outputs": len(graphs[1].outputs),
        "num_out_data": stacked,
        "max_iterations": limit,
        "cond_input_locs": of_condition,
        "func_input_locs": of_step,
        "func_var_locs": [places[number] for number in range(len(given))],
    }
    results = make_symbols("_while_loop", attrs, inputs, graphs)
    return regroup(results[:stacked], forms[0]), regroup(results[stacked:], form)


def cond(
    pred: Any, then_func: Callable[[], Any], else_func: Callable[[], Any], name: str = "cond"
) -> Any:
    """Return what `then_func()` returns where `pred` is true, else what `else_func()` returns.

    Both functions are called once to make their graphs; only one graph runs.

    Parameters
    ----------
    pred : Symbol
        One element.
    then_func, else_func : callable() -> Symbol or (nested) list of Symbol
        The branches, which return equally many Symbols.
    name : str, default 'cond'
        The stem of the graphs' names.

    Raises
    ------
    AssertionError, ValueError, TypeError
        If something else than Symbols comes, or the branches return unequally many or none.

    Examples
    --------
    >>> x = mx.sym.Variable("x")
    >>> y = mx.sym.contrib.cond(x > 1, lambda: x * 10, lambda: x)
    >>> [float(y.eval(x=mx.nd.array([v]))[0]) for v in (1, 2)]
    [1.0, 20.0]
    """
    forms: list[Any] = []

    def branch(function: Callable[[], Any]) -> Callable[[list[Symbol]], list[Symbol]]:
        def make(_: list[Symbol]) -> list[Symbol]:
            results, form = flatten(function(), Symbol, "cond: what a branch returns")
            forms.append(form)
            return results

        return make

    [holds], _ = flatten(pred, Symbol, "cond: pred")
    graphs = [
        trace(f"{name}_pred", lambda _: [holds], []),
        trace(f"{name}_then", branch(then_func), []),
        trace(f"{name}_else", branch(else_func), []),
    ]
    counts = [len(graph.outputs) for graph in graphs[1:]]
    if counts[0] != counts[1]:
        raise ValueError(f"cond: the branches return {counts[0]} and {counts[1]} Symbols.")
    if not counts[0]:
        raise TypeError("cond: the branches return no Symbols.")
    inputs, (of_condition, of_then, of_else) = union(graphs, [])
    attrs = {
        "num_outputs": counts[0],
        "cond_input_locs": of_condition,
        "then_input_locs": of_then,
        "else_input_locs": of_else,
    }
    return regroup(make_symbols("_cond", attrs, inputs, graphs), forms[0])
