"""Loops and conditions: on arrays, and on symbols as graphs inside a node."""

from __future__ import annotations

import re

import numpy as np

from tests.conformance.case import case, error_of, raises


def _text(symbol):
    """Return a symbol's JSON text without the running numbers of its graphs' names."""
    return re.sub(
        r'"__subgraph_name__": "[^"]*"', lambda found: re.sub(r"\d", "", found[0]), symbol.tojson()
    )


def _variables(mx, names):
    return [mx.sym.Variable(name) for name in names.split()]


def _run(mx, symbol, values, heads, grad_req="write", start=1):
    """Bind a symbol, run it forward and backward, and return outputs and gradients, which have the
    value `start` before."""
    arrays = {name: mx.nd.array(value) for name, value in values.items()}
    gradients = {name: mx.nd.full(array.shape, start) for name, array in arrays.items()}
    executor = symbol.bind(mx.cpu(), arrays, gradients, grad_req)
    outputs = [output.asnumpy() for output in executor.forward(is_train=True)]
    executor.backward([mx.nd.array(head) for head in heads])
    found = {f"output {i}": output for i, output in enumerate(outputs)}
    return found | {f"gradient of {name}": gradient for name, gradient in gradients.items()}


def _nested(value):
    """Return nested results as nested lists, with 'list' and 'tuple' told apart."""
    if isinstance(value, (list, tuple)):
        return [type(value).__name__, *map(_nested, value)]
    return value.asnumpy().tolist() if hasattr(value, "asnumpy") else value


# Arrays.


@case
def foreach_on_arrays(mx, random):
    loop = mx.nd.contrib.foreach
    x, s = mx.nd.array([[1, 2], [3, 4], [5, 6]]), mx.nd.zeros((2,))
    made = {
        "single": loop(lambda x, s: (x + s, x + s), x, s),
        "two data": loop(lambda x, s: (x[0] + s, x[1] + s), [x, x * 2], s),
        "list of one": loop(lambda x, s: ([x[0] + s[0]], [s[0] + 1]), [x], [s]),
        "tuples": loop(lambda x, s: ((x[0], x[1]), (s[0], s[1] + 1)), (x, x), (s, s)),
        "no output": loop(lambda x, s: ([], s + x), x, s),
        "no states": loop(lambda x, s: (x * 2, []), x, []),
        "vector": loop(lambda x, s: (x * 2, s + x), mx.nd.array([1, 2, 3]), mx.nd.array([0])),
    }
    return {name: _nested(result) for name, result in made.items()}


@case
def while_loop_on_arrays(mx, random):
    loop = mx.nd.contrib.while_loop
    i, s = mx.nd.array([0]), mx.nd.array([1])
    made = {
        "two variables": loop(
            lambda i, s: i <= 5, lambda i, s: ([i + s], [i + 1, s + i]), [i, s], 6
        ),
        "single": loop(lambda i: i < 3, lambda i: (i, i + 1), i, 3),
        "one output": loop(lambda i, s: i < 3, lambda i, s: (i + s, [i + 1, s]), (i, s), 3),
        "more than the limit": loop(lambda i: i < 9, lambda i: ([i], [i + 1]), [i], 3),
        "no output": loop(lambda i: i < 3, lambda i: ([], [i + 1]), [i], 3),
        "none as output": loop(lambda i: i < 3, lambda i: (None, [i + 1]), [i], 3),
        "no step": loop(lambda i: i < 0, lambda i: ([i], [i + 1]), [i], 3),
        "no step, single": loop(lambda i: i < 0, lambda i: (i, i + 1), i, 3),
        "limit 0": loop(lambda i: i < 3, lambda i: ([i], [i + 1]), [i], 0),
        "limit 2.5": loop(lambda i: i < 9, lambda i: ([i], [i + 1]), [i], 2.5),
        "single in, list out": loop(lambda i: i < 2, lambda i: ([i], [i + 1]), i, 2),
        "number as condition": loop(lambda i: 1, lambda i: ([i], [i + 1]), [i], 2),
        "variable that grows": loop(
            lambda i, s: i < 2, lambda i, s: (i, [i + 1, mx.nd.concat(s, s, dim=0)]), [i, s], 2
        ),
    }
    return {name: _nested(result) for name, result in made.items()}


@case
def rows_of_steps_not_made(mx, random):
    outputs, last = mx.nd.contrib.while_loop(
        lambda i: i < 2, lambda i: (i + 1, i + 1), mx.nd.array([0]), max_iterations=5
    )
    return {"shape": outputs.shape, "made": outputs[:2], "last": last}


@case
def cond_on_arrays(mx, random):
    one, two = mx.nd.array([1]), mx.nd.array([2])
    choose = mx.nd.contrib.cond
    made = {
        "then": choose(one < two, lambda: one, lambda: two),
        "else": choose(one > two, lambda: [one], lambda: [two, one]),
        "number": choose(1, lambda: one, lambda: two),
        "nothing": choose(None, lambda: one, lambda: two),
        "anything comes back": choose(one, lambda: (one, None, [3]), lambda: two),
    }
    return {name: _nested(result) for name, result in made.items()}


@case
def gradients_through_loops_on_arrays(mx, random):
    x, s = mx.nd.array(random.normal(size=(4, 3))), mx.nd.array(random.normal(size=(3,)))
    i, t = mx.nd.array([0.5]), mx.nd.array([1.5])
    for array in (x, s, i, t):
        array.attach_grad()
    with mx.autograd.record():
        outputs, state = mx.nd.contrib.foreach(lambda x, s: (x * s, mx.nd.tanh(s + x)), x, s)
        steps, last = mx.nd.contrib.while_loop(
            lambda i, t: i < 3, lambda i, t: (i * t, [i + 1, t * t + i]), [i, t], 3
        )
        chosen = mx.nd.contrib.cond(i < t, lambda: i * t, lambda: i)
        total = outputs.sum() + (state * state).sum() + steps.sum() + last[1].sum() + chosen.sum()
    total.backward()
    return {"x": x.grad, "s": s.grad, "i": i.grad, "t": t.grad}


@case
def errors_on_arrays(mx, random):
    x, s, i = mx.nd.ones((3, 2)), mx.nd.zeros((2,)), mx.nd.array([0])
    loop, repeat = mx.nd.contrib.foreach, mx.nd.contrib.while_loop
    return {
        "data": error_of(lambda: loop(lambda x, s: (x, s), 3, s)),
        "states": error_of(lambda: loop(lambda x, s: (x, s), x, None)),
        "output": error_of(lambda: loop(lambda x, s: (3, s), x, s)),
        "lengths": raises(lambda: loop(lambda x, s: (x[0], s), [x, mx.nd.ones((2, 2))], s)),
        "outputs differ": raises(lambda: loop(lambda x, s: ([x] * int(x[0].asscalar()), s), x, s)),
        "no limit": error_of(lambda: repeat(lambda i: i < 3, lambda i: (i, i), i)),
        "limit": error_of(lambda: repeat(lambda i: i < 3, lambda i: (i, i), i, "many")),
        "no variables": error_of(lambda: repeat(lambda: 1, lambda: ([], []), [], 3)),
        "variables": raises(lambda: repeat(lambda i: 1, lambda i: (i, i), 3, 3)),
        "count": error_of(lambda: repeat(lambda i: i < 3, lambda i: ([i], [i, i]), [i], 3)),
        "vector": error_of(lambda: repeat(lambda i: i < 3, lambda i: ([i], [i]), [s], 3)),
        "step": error_of(lambda: repeat(lambda i: i < 3, lambda i: (1, [i + 1]), [i], 3)),
        "outputs": error_of(
            lambda: repeat(
                lambda i: i < 3, lambda i: ([i] * int(i.asscalar() + 1), [i + 1]), [i], 3
            )
        ),
        "cond of a vector": error_of(lambda: mx.nd.contrib.cond(s, lambda: i, lambda: i)),
    }


@case
def finite_infinite_and_not_a_number(mx, random):
    values = [1, np.inf, -np.inf, np.nan]
    results = {}
    for kind in ("float16", "float32", "float64"):
        x = mx.nd.array(values, dtype=kind)
        for name in ("isfinite", "isinf", "isnan"):
            results[f"{name} of {kind}"] = getattr(mx.nd.contrib, name)(x)
    whole = mx.nd.array([1, 2], dtype="int32")
    return {**results, "isfinite of int32": mx.nd.contrib.isfinite(whole)}


@case
def zipfian_expectations(mx, random):
    classes = mx.nd.array([0, 3, 7])
    drawn, true, sampled = mx.nd.contrib.rand_zipfian(classes, 5, 20)
    symbols = mx.sym.contrib.rand_zipfian(mx.sym.Variable("c"), 5, 20)
    return {
        "true": true,
        "types": [str(a.dtype.__name__) for a in (drawn, true, sampled)],
        "shapes": [a.shape for a in (drawn, true, sampled)],
        "symbols": symbols[1].tojson(),
        "names": [symbol.list_outputs() for symbol in symbols],
    }


# Symbols: what is stored.


@case
def text_of_foreach(mx, random):
    x, y, s, t, w = _variables(mx, "x y s t w")
    loop = mx.sym.contrib.foreach
    simple, last = loop(lambda x, s: (x * w + s, x + s), x, s)
    outputs, states = loop(
        lambda x, s: ([x[0] * w + s[0], x[1]], [x[0] + s[1], s[0]]), [x, y], [s, t], name="lists"
    )
    with mx.AttrScope(ctx_group="g"), mx.name.Prefix("p_"):
        scoped, _ = loop(lambda x, s: (x + s * w, s), x, s)
    return {
        "simple": _text(mx.sym.Group([simple, last])),
        "lists": _text(mx.sym.Group([*outputs, *states])),
        "scoped": _text(scoped),
        "no output": _text(loop(lambda x, s: ([], [s[0] + x]), x, [s])[1][0]),
        "no state": _text(loop(lambda x, s: (x * 2, []), x, [])[0]),
        "identity": _text(loop(lambda x, s: (x, s), x, s)[0]),
        "free output": _text(loop(lambda x, s: (w, s + x), x, s)[0]),
        "data read freely": _text(loop(lambda x_, s: (x_ + s + x, s * 1), x, s)[0]),
    }


@case
def text_of_foreach_with_what_is_outside(mx, random):
    x, s, w = _variables(mx, "x s w")
    loop = mx.sym.contrib.foreach
    v = w * 2
    parts = mx.sym.split(x, num_outputs=3, axis=1, name="parts")
    many = [mx.sym.Variable(f"w{i}") for i in range(12)]
    return {
        "operators": _text(loop(lambda x, s: (x * v + s, s * v + x), x * 3, s + 1)[0]),
        "output": _text(loop(lambda x, s: (v, s + x), x, s)[0]),
        "parts": _text(
            loop(lambda x, s: (x * parts[2] + s * parts[1], s + x), parts[1], parts[0])[0]
        ),
        "many": _text(loop(lambda x, s: (mx.sym.concat(x, *many, dim=0), s + 1), x, s)[0]),
    }


@case
def text_of_foreach_with_layers(mx, random):
    x, s = _variables(mx, "x s")

    def body(x, s):
        y = mx.sym.FullyConnected(x, num_hidden=3, name="fc")
        own = mx.sym.Variable("own", shape=(3,))
        return mx.sym.BatchNorm(y, name="bn"), mx.sym.broadcast_add(s, own)

    outputs, last = mx.sym.contrib.foreach(body, x, s)
    net = mx.sym.Group([outputs, last])
    return {
        "text": _text(net),
        "arguments": net.list_arguments(),
        "states": net.list_auxiliary_states(),
        "outputs": net.list_outputs(),
        "internals": net.get_internals().list_outputs(),
        "children": net.get_children().list_outputs(),
    }


@case
def text_of_nested_loops(mx, random):
    x, s, w = _variables(mx, "x s w")
    loop = mx.sym.contrib.foreach
    inner = lambda x, s: (x * w + s, s + x)  # noqa: E731
    outputs, last = loop(lambda x, s: loop(inner, x, s), x, s)
    net = mx.sym.Group([outputs, last])
    values = {"x": random.normal(size=(2, 3, 2)), "s": [0.5, 1], "w": [1, 2]}
    return {"text": _text(net), **_run(mx, net, values, [np.ones((2, 3, 2)), np.ones(2)])}


@case
def text_of_while_loop(mx, random):
    i, s, d, w = _variables(mx, "i s d w")
    loop = mx.sym.contrib.while_loop
    v = w * 2
    outputs, last = loop(
        lambda i, s: i < w, lambda i, s: (s * 2 + d, (i + 1, s + i)), [i, s], max_iterations=5
    )
    kept, same = loop(lambda i, s: i < 3, lambda i, s: ([i, s], [i + 1, s]), [i, s], 5)
    cut, _ = loop(
        lambda i, s: mx.sym.broadcast_lesser(i, v), lambda i, s: ([i * v], [i + v, s * 1]),
        [i + 0, s], 5,
    )  # fmt: skip
    return {
        "text": _text(mx.sym.Group([outputs, *last])),
        "identities": _text(mx.sym.Group([*kept, *same])),
        "cut off": _text(cut[0]),
        "single": _text(loop(lambda i: i < 3, lambda i: (i * 2, i + 1), i, 5, name="own")[0]),
        "no output": _text(loop(lambda i: i < 3, lambda i: ([], [i + 1]), [i], 5)[1][0]),
        "condition is a variable": _text(loop(lambda i: w, lambda i: (i * 2, i + 1), i, 5)[0]),
        "limit": _text(loop(lambda i: i, lambda i: (i * 2, i + 1), i, 5.0)[0]),
    }


@case
def text_of_cond(mx, random):
    a, b, w = _variables(mx, "a b w")
    v = a * 2
    choose = mx.sym.contrib.cond
    return {
        "operators": _text(choose(a * b < 5, lambda: (a + 5) * (b + w), lambda: a - b)),
        "lists": _text(
            mx.sym.Group(choose(a < 5, lambda: [a, b * 2], lambda: [b, a * 3], name="own"))
        ),
        "outside": _text(choose(v, lambda: v, lambda: v + b)),
        "list of one": _text(choose([a], lambda: [a * 1], lambda: [b])[0]),
    }


@case
def reading_and_composing(mx, random):
    x, s, w = _variables(mx, "x s w")
    outputs, last = mx.sym.contrib.foreach(lambda x, s: (x * w + s, x + s), x, s)
    net = mx.sym.Group([outputs, last])
    again = mx.sym.load_json(net.tojson())
    composed = again(w=mx.sym.Variable("v") * 2)
    values = {"x": random.normal(size=(3, 2)), "s": [0.5, 1], "v": [1, 2]}
    return {
        "same": again.tojson() == net.tojson(),
        "arguments": composed.list_arguments(),
        "text": _text(composed),
        "shapes": composed.infer_shape(x=(3, 2)),
        **_run(mx, composed, values, [np.ones((3, 2)), [1, 2]]),
    }


# Symbols: shapes, values, gradients.


@case
def shapes_and_types_of_foreach(mx, random):
    x, s, w = _variables(mx, "x s w")
    outputs, last = mx.sym.contrib.foreach(lambda x, s: (x * w + s, x + s), x, s)
    net = mx.sym.Group([outputs, last])
    return {
        "whole": net.infer_shape(x=(3, 2), s=(2,)),
        "from the data": net.infer_shape(x=(3, 2)),
        "in part": net.infer_shape_partial(x=(0, 0), s=(2,)),
        "types from the data": net.infer_type(x="float64"),
        "types from within": net.infer_type(w="float16"),
        "states that differ": error_of(lambda: net.infer_shape(x=(3, 2), s=(3,))),
    }


@case
def values_and_gradients_of_foreach(mx, random):
    x, s, w = _variables(mx, "x s w")
    outputs, last = mx.sym.contrib.foreach(
        lambda x, s: (x * s * w, mx.sym.tanh(s + x)), x * 2, s + 1
    )
    net = mx.sym.Group([outputs, last])
    values = {
        name: random.normal(size=shape) for name, shape in (("x", (4, 3)), ("s", 3), ("w", 3))
    }
    heads = [random.normal(size=(4, 3)), random.normal(size=3)]
    written = _run(mx, net, values, heads)
    added = _run(mx, net, values, heads, "add")
    return written | {f"added {name}": value for name, value in added.items()}


@case
def a_recurrent_network(mx, random):
    def step(x, states):
        hidden = mx.sym.FullyConnected(x, num_hidden=3, name="i2h")
        hidden = hidden + mx.sym.FullyConnected(states[0], num_hidden=3, name="h2h", no_bias=True)
        hidden = mx.sym.Activation(hidden, act_type="tanh")
        return hidden, [hidden]

    x, h = _variables(mx, "x h")
    outputs, states = mx.sym.contrib.foreach(step, x, [h])
    net = mx.sym.Group([outputs, states[0]])
    shapes, out_shapes, _ = net.infer_shape(x=(4, 2, 5), h=(2, 3))
    names = net.list_arguments()
    values = {n: random.normal(size=s) * 0.5 for n, s in zip(names, shapes, strict=True)}
    heads = [random.normal(size=shape) for shape in out_shapes]
    return {"names": names, "shapes": shapes, **_run(mx, net, values, heads)}


@case
def values_and_gradients_of_while_loop(mx, random):
    i, s, d = _variables(mx, "i s d")
    outputs, last = mx.sym.contrib.while_loop(
        lambda i, s: i < 3, lambda i, s: (s * s + d, [i + 1, s * d + i]), [i, s], 3
    )
    net = mx.sym.Group([outputs, *last])
    values = {"i": [0], "s": [1.5], "d": [0.5]}
    full = _run(mx, net, values, [np.ones((3, 1)), [1], [2]])
    part = _run(mx, net, values | {"i": [1]}, [np.ones((3, 1)), [1], [2]])
    part["output 0"] = part["output 0"][:2]  # the reference leaves the rest undefined
    return full | {f"one step less, {name}": value for name, value in part.items()}


@case
def values_and_gradients_of_cond(mx, random):
    a, b = _variables(mx, "a b")
    chosen = mx.sym.contrib.cond(mx.sym.sum(a) < 5, lambda: a * b, lambda: a * a)
    results = {}
    for name, value in (("then", [1, 2]), ("else", [3, 4])):
        # The reference leaves gradients alone that the other branch would have had.
        found = _run(mx, chosen, {"a": value, "b": [5, 6]}, [[1, 2]], start=0)
        results |= {f"{name} {label}": each for label, each in found.items()}
    return results


@case
def gradients_that_are_no_derivatives_inside_a_loop(mx, random):
    x, s = _variables(mx, "x s")
    outputs, last = mx.sym.contrib.foreach(
        lambda x, s: (mx.sym.BlockGrad(x) * s, mx.sym.relu(s + x)), x, s
    )
    values = {"x": random.normal(size=(3, 2)), "s": [0, 1]}
    return _run(mx, mx.sym.Group([outputs, last]), values, [np.ones((3, 2)), [1, 1]])


@case
def errors_of_symbols(mx, random):
    x, s, w = _variables(mx, "x s w")
    loop, repeat = mx.sym.contrib.foreach, mx.sym.contrib.while_loop
    choose = mx.sym.contrib.cond
    return {
        "data": error_of(lambda: loop(lambda x, s: (x, s), 1, s)),
        "states": error_of(lambda: loop(lambda x, s: (x, s), x, None)),
        "output": error_of(lambda: loop(lambda x, s: (1, s), x, s)),
        "one result": error_of(lambda: loop(lambda x, s: x, x, s)),
        "states from body": error_of(lambda: loop(lambda x, s: (x, {"a": 1}), x, s)),
        "another form": error_of(lambda: loop(lambda x, s: (x + s[0], []), x, [s])),
        "data unused": error_of(lambda: loop(lambda x, s: (w, s), x, s)),
        "state unused": error_of(lambda: loop(lambda x, s: (x, x + 1), x, s)),
        "same data twice": error_of(lambda: loop(lambda x, s: (x[0] + x[1], s), [x, x], s)),
        "no limit": error_of(lambda: repeat(lambda i: i < 3, lambda i: (i * 2, i + 1), x)),
        "limit": error_of(lambda: repeat(lambda i: i < 3, lambda i: (i * 2, i + 1), x, "a")),
        "limit 0": error_of(lambda: repeat(lambda i: i < 3, lambda i: (i * 2, i + 1), x, 0)),
        "no variables": error_of(lambda: repeat(lambda: w, lambda: (w, []), [], 3)),
        "variables": error_of(lambda: repeat(lambda i: i, lambda i: (i, i), 3, 3)),
        "count": error_of(lambda: repeat(lambda i: i < 3, lambda i: (i * 2, [i, i]), [x], 3)),
        "condition": error_of(lambda: repeat(lambda i: 1, lambda i: (i * 2, [i + 1]), [x], 3)),
        "variable unused": error_of(
            lambda: repeat(lambda i, s: i < 3, lambda i, s: ([i * 2], [i + 1, i * 2]), [x, s], 3)
        ),
        "branches": error_of(lambda: choose(x, lambda: [x, s], lambda: x)),
        "branch": error_of(lambda: choose(x, lambda: 1, lambda: x)),
        "nothing": error_of(lambda: choose(x, lambda: None, lambda: None)),
        "no outputs": error_of(lambda: choose(x, lambda: [], lambda: [])),
        "number": error_of(lambda: choose(1, lambda: [x], lambda: [x])),
    }


@case
def errors_of_runs(mx, random):
    x, s = _variables(mx, "x s")
    outputs, last = mx.sym.contrib.foreach(lambda x, s: (x * s, s + x), x, s)
    looped = mx.sym.Group([outputs, last])
    vector, _ = mx.sym.contrib.while_loop(lambda i: i < 9, lambda i: (i, i * 2), x, 5)
    chosen = mx.sym.contrib.cond(x, lambda: s * 2, lambda: s)
    one, two = mx.nd.ones((2,)), mx.nd.ones((2, 2))

    def run(symbol, **values):
        for output in symbol.bind(mx.cpu(), values).forward():
            output.asnumpy()

    return {
        "shapes": error_of(lambda: run(looped, x=mx.nd.ones((2, 3)), s=one)),
        "condition of a loop": error_of(lambda: run(vector, x=one)),
        "condition": error_of(lambda: run(chosen, x=one, s=two)),
    }
