"""Symbols that `autograd.get_symbol` reads from recorded graphs."""

from __future__ import annotations

import json

from tests.conformance.case import case, error_of


def _variable(mx, values, grad_req="write", dtype="float32"):
    x = mx.nd.array(values, dtype=dtype)
    x.attach_grad(grad_req)
    return x


def _graph(mx, symbol, attributes=True):
    """Return the graph of a symbol, its names without the numbers that count up."""
    found = []
    for node in json.loads(symbol.tojson())["nodes"]:
        stem = node["name"].rstrip("0123456789")
        attrs = sorted(node.get("attrs", {}).items()) if attributes else []
        found.append((node["op"], stem, attrs, [tuple(i[:2]) for i in node["inputs"]]))
    return found


@case
def symbols_of_recorded_calls(mx, random):
    x, c = _variable(mx, [1, 2]), mx.nd.array([5, 6])
    w = _variable(mx, [[1, 2], [3, 4]])
    target = mx.nd.zeros((2,))
    with mx.autograd.record():
        y = mx.nd.FullyConnected(x.expand_dims(0), w, no_bias=True, num_hidden=2) * 2.5 + c
        z = mx.nd.concat(mx.nd.relu(y), mx.nd.Dropout(y, p=0.25), dim=0).sum(axis=(0,))
        first, second = mx.nd.split(z, num_outputs=2, axis=0)
        product = first * second
        mx.nd.square(x, out=target)
        copy = x.copyto(mx.cpu(1))
    get = mx.autograd.get_symbol
    return {
        "network": _graph(mx, get(product)),
        "second output": _graph(mx, get(second)),
        "heads": json.loads(get(second).tojson())["heads"][0][:2],
        "outputs": get(second).list_outputs()[0].split("_", 2)[2],
        "variable": _graph(mx, get(x)),
        "constant that was read": _graph(mx, get(c)),
        "out": _graph(mx, get(target)),
        "copy": _graph(mx, get(copy)),
    }


def _values(mx, arrays, function):
    """Return what a recorded function makes of arrays, and what its symbol makes of them."""
    with mx.autograd.record():
        y = function(*arrays)
    symbol = mx.autograd.get_symbol(y)
    executor = symbol.bind(mx.cpu(), dict(zip(symbol.list_arguments(), arrays, strict=True)))
    return y, executor.forward()[0]


@case
def symbols_give_the_recorded_values(mx, random):
    x = _variable(mx, random.normal(size=(2, 3, 4)))
    w = _variable(mx, random.normal(size=(5, 12)))
    c = mx.nd.array(random.normal(size=(5,)))
    found = {}
    for name, arrays, function in (
        ("network", [x, w, c], lambda x, w, c: mx.nd.tanh(mx.nd.dot(x.flatten(), w.T) + c)),
        ("row", [x], lambda x: x[1]),
        ("last", [x], lambda x: x[-1] * 2),
        ("element", [x], lambda x: x[1, 2, 3]),
        ("column", [x], lambda x: x[:, 1]),
        ("ellipsis", [x], lambda x: x[..., 1]),
        ("steps", [x], lambda x: x[:, ::2, 1:3]),
        ("backwards", [x], lambda x: x[:, ::-1]),
        ("new axis", [x], lambda x: x[None, 1]),
        ("everything", [x], lambda x: x[:]),
        ("reshaped", [x], lambda x: x.reshape((0, -1)).expand_dims(1)),
        ("scalars", [x], lambda x: 2 - 3 / (x + 5) ** 2),
        ("maximum", [x, w], lambda x, w: mx.nd.maximum(x.reshape((2, 12)), w[0:2])),
    ):
        found[name], found[f"{name} of the symbol"] = _values(mx, arrays, function)
    return found


@case
def symbols_of_index_arrays_have_an_argument(mx, random):
    x = _variable(mx, [[1, 2], [3, 4], [5, 6]])
    with mx.autograd.record():
        y = x[[2, 0]]
    symbol = mx.autograd.get_symbol(y)
    indices = mx.nd.array([[2, 0]])
    executor = symbol.bind(mx.cpu(), [x, indices])
    return {"recorded": y, "symbol": executor.forward()[0], "count": len(symbol.list_arguments())}


@case
def symbols_hold_states_and_gradients(mx, random):
    x = _variable(mx, random.normal(size=(4, 3)))
    gamma, beta = _variable(mx, [1, 2, 3]), _variable(mx, [0, 1, 2])
    mean, variance = mx.nd.zeros((3,)), mx.nd.ones((3,))
    with mx.autograd.record():
        y = mx.nd.BatchNorm(x, gamma, beta, mean, variance, fix_gamma=False) * 2
    symbol = mx.autograd.get_symbol(y)
    arguments = symbol.list_arguments()
    states = symbol.list_auxiliary_states()
    executor = symbol.simple_bind(mx.cpu(), **{arguments[0]: (4, 3)})
    executor.copy_params_from(
        dict(zip(arguments, [x, gamma, beta], strict=True)),
        dict(zip(states, [mean, variance], strict=True)),
    )
    output = executor.forward(is_train=True)[0]
    executor.backward(mx.nd.ones((4, 3)))
    y.backward()
    return {
        "counts": (len(arguments), len(states)), "recorded": y, "symbol": output,
        "recorded gradient": gamma.grad, "gradient": executor.grad_dict[arguments[1]],
    }  # fmt: skip


@case
def symbols_are_of_living_graphs(mx, random):
    x = _variable(mx, [1, 2])
    with mx.autograd.record():
        y = x * 2
    found = {"kept": _graph(mx, mx.autograd.get_symbol(y))}
    y.backward(retain_graph=True)
    found["retained"] = _graph(mx, mx.autograd.get_symbol(y))
    y.backward()
    return {
        **found,
        "freed": error_of(lambda: mx.autograd.get_symbol(y)),
        "constant": error_of(lambda: mx.autograd.get_symbol(mx.nd.ones((1,)))),
        "a list": error_of(lambda: mx.autograd.get_symbol([x])),
        "marked again": _named_again(mx, x),
    }


def _named_again(mx, x):
    first = mx.autograd.get_symbol(x).name
    x.attach_grad()
    return first == mx.autograd.get_symbol(x).name


@case
def symbols_number_what_they_name(mx, random):
    a, b = mx.nd.ones((1,)), _variable(mx, [1])
    with mx.autograd.record():
        c = a * b
        d = c + b
    symbol = mx.autograd.get_symbol(d)
    names = symbol.list_arguments()
    stems = [name.rstrip("0123456789") for name in names]
    numbers = [int(name[len(stem) :]) for name, stem in zip(names, stems, strict=True)]
    calls = [name.split("_")[1] for name in symbol.get_internals().list_outputs() if "node" in name]
    return {
        "stems": stems, "apart": numbers[0] - numbers[1],
        "calls apart": int(calls[1]) - int(calls[0]),
    }  # fmt: skip
