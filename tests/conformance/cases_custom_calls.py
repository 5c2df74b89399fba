"""Calls of custom operators: requests, heads, several outputs, dtypes, dependencies."""

from __future__ import annotations

import numpy as np

from tests.conformance.case import case
from tests.conformance.custom_operators import define, define_pair, double, double_back, pair_rules


@case
def requests_of_a_bound_backward(mx, random):
    seen = []
    define_pair(mx, "asked", seen)
    net = mx.sym.Custom(mx.sym.Variable("x"), mx.sym.Variable("y"), op_type="asked")
    results = {}
    for request in ("write", "add", "null"):
        seen.clear()
        grads = {"x": mx.nd.array([10, 20]), "y": mx.nd.array([30, 40])}
        arguments = {"x": mx.nd.array([1, 2]), "y": mx.nd.array([3, 4])}
        executor = net.bind(mx.cpu(), arguments, grads, {"x": request, "y": "write"})
        executor.forward(is_train=True)
        executor.backward([mx.nd.array([1, 2]), mx.nd.array([5, 7])])
        mx.nd.waitall()
        results[request] = request == "add" or list(seen)  # ours adds what is written
        results[f"{request} gradients"] = grads
    return results


@case
def requests_of_a_recorded_backward(mx, random):
    seen = []
    define_pair(mx, "asked_eager", seen)
    results = {}
    for request in ("write", "add", "null"):
        seen.clear()
        x, y = mx.nd.array([1, 2]), mx.nd.array([3, 4])
        x.attach_grad(request)
        y.attach_grad()
        for _ in range(2):
            with mx.autograd.record():
                first, second = mx.nd.Custom(x, y, op_type="asked_eager")
                total = first * 3 + second
            total.backward()
        mx.nd.waitall()
        results[request] = request == "add" or list(seen)
        results[f"{request} gradients"] = (request == "null" or x.grad, y.grad)
    return results


@case
def gradients_that_are_written_without_assign(mx, random):
    def backward(op, req, heads, data, out, grads, aux):
        grads[0][:] = heads[0] * 2

    define(mx, "bold", double, backward)
    net = mx.sym.Custom(mx.sym.Variable("x"), op_type="bold")
    grads = {"x": mx.nd.array([10, 20])}
    executor = net.bind(mx.cpu(), {"x": mx.nd.ones((2,))}, grads, "write")
    executor.forward(is_train=True)
    executor.backward([mx.nd.array([1, 2])])
    x = mx.nd.ones((2,))
    x.attach_grad()
    with mx.autograd.record():
        y = mx.nd.Custom(x, op_type="bold")
    y.backward()
    return {"bound": grads, "recorded": x.grad}


@case
def only_one_output_is_used(mx, random):
    seen = []
    define_pair(mx, "half_used", seen)
    x, y = mx.nd.array([1, 2]), mx.nd.array([3, 4])
    for array in (x, y):
        array.attach_grad()
    results = {}
    for number in (0, 1):
        seen.clear()
        with mx.autograd.record():
            used = mx.nd.Custom(x, y, op_type="half_used")[number]
        used.backward(mx.nd.array([1, 10]))
        mx.nd.waitall()
        results[f"output {number}"] = (list(seen), x.grad.asnumpy(), y.grad.asnumpy())
    return results


@case
def both_outputs_as_heads(mx, random):
    define_pair(mx, "two_heads")
    x, y = mx.nd.array([1, 2]), mx.nd.array([3, 4])
    for array in (x, y):
        array.attach_grad()
    with mx.autograd.record():
        outputs = mx.nd.Custom(x, y, op_type="two_heads")
    mx.autograd.backward(outputs, [mx.nd.array([1, 2]), mx.nd.array([5, 7])])
    return {"gradients": (x.grad.asnumpy(), y.grad), "kind": type(outputs).__name__}


@case
def one_array_as_both_arguments(mx, random):
    define_pair(mx, "twice")
    x = mx.nd.array([1, 2])
    x.attach_grad()
    with mx.autograd.record():
        total = mx.nd.add_n(*mx.nd.Custom(x, x, op_type="twice"))
    total.backward(mx.nd.array([1, 10]))
    net = mx.sym.Custom(mx.sym.Variable("x"), mx.sym.Variable("x"), op_type="twice")
    return {"gradient": x.grad, "inputs": net.list_arguments(), "outputs": net.list_outputs()}


@case
def arrays_given_as_out(mx, random):
    define(mx, "into", double, double_back)
    define_pair(mx, "into_two")
    x, out = mx.nd.array([1, 2]), mx.nd.zeros((2,))
    result = mx.nd.Custom(x, op_type="into", out=out)
    pair = [mx.nd.zeros((2,)), mx.nd.zeros((2,))]
    mx.nd.Custom(x, x, op_type="into_two", out=pair)
    return {"same": result is out, "out": out, "pair": pair}


@case
def arrays_of_whole_numbers(mx, random):
    def types(given):
        return given, [given[0]], []

    define(mx, "whole", double, double_back, infer_type=types)
    results = {}
    for dtype in ("int32", "int64", "uint8", "int8"):
        x = mx.nd.array([1, 2], dtype=dtype)
        y = mx.nd.Custom(x, op_type="whole")
        results[dtype] = (np.dtype(y.dtype).name, y)
    return results


@case
def outputs_of_another_dtype(mx, random):
    def forward(op, req, data, out, aux):
        op.assign(out[0], req[0], data[0].astype("float64") / 3)

    def backward(op, req, heads, data, out, grads, aux):
        op.assign(grads[0], req[0], (heads[0] / 3).astype(grads[0].dtype))

    define(mx, "wider", forward, backward, infer_type=lambda types: (types, [np.float64], []))
    x = mx.nd.array([1, 2])
    x.attach_grad()
    with mx.autograd.record():
        y = mx.nd.Custom(x, op_type="wider")
    y.backward()
    return {"output": y, "gradient": x.grad, "dtype": np.dtype(y.dtype).name}


@case
def outputs_of_another_shape(mx, random):
    def forward(op, req, data, out, aux):
        op.assign(out[0], req[0], data[0].sum(axis=1))

    def backward(op, req, heads, data, out, grads, aux):
        op.assign(grads[0], req[0], heads[0].reshape((-1, 1)).broadcast_to(data[0].shape))

    def shapes(given):
        return given, [given[0][:1]]

    define(mx, "rows", forward, backward, infer_shape=shapes)
    x = mx.nd.array(random.normal(size=(2, 3)))
    x.attach_grad()
    with mx.autograd.record():
        y = mx.nd.Custom(x, op_type="rows")
    y.backward(mx.nd.array([1, 2]))
    net = mx.sym.Custom(mx.sym.Variable("x"), op_type="rows")
    return {"output": y, "gradient": x.grad, "inferred": net.infer_shape(x=(4, 5))}


@case
def what_backward_sees_of_declared_dependencies(mx, random):
    results = {}
    choices = {
        "heads": lambda heads, data, out: heads,
        "heads and data": lambda heads, data, out: [*heads, *data],
        "heads and outputs": lambda heads, data, out: [*heads, *out],
    }
    for label, declare in choices.items():
        seen = []

        def backward(op, req, heads, data, out, grads, aux, seen=seen):
            seen.append((len(heads), len(data), len(out), len(grads), heads[0].asnumpy().tolist()))
            op.assign(grads[0], req[0], heads[0] * 2)

        name = f"declared_{label.replace(' ', '_')}"
        define(mx, name, double, backward, declare_backward_dependency=declare)
        x = mx.nd.array([1, 2])
        x.attach_grad()
        with mx.autograd.record():
            y = mx.nd.Custom(x, op_type=name)
        y.backward(mx.nd.array([3, 4]))
        mx.nd.waitall()
        results[label] = x.grad
        results[f"{label} seen"] = list(seen)
    return results


@case
def what_a_dependency_is_asked_with(mx, random):
    seen = []

    def declare(heads, data, out):
        seen.append((list(heads), list(data), list(out)))
        return [*heads, *data, *out]

    def forward(op, req, data, out, aux):
        op.assign(out[0], req[0], data[0])
        op.assign(out[1], req[1], data[1])

    methods = {**pair_rules(), "declare_backward_dependency": declare}
    define(mx, "numbered", forward, lambda *args: None, **methods)
    x, y = mx.nd.ones((1,)), mx.nd.ones((1,))
    x.attach_grad()
    with mx.autograd.record():
        outputs = mx.nd.Custom(x, y, op_type="numbered")
    outputs[0].backward()
    mx.nd.waitall()
    return {"seen": seen[0]}


@case
def a_loss_in_a_recorded_computation(mx, random):
    seen = []

    def backward(op, req, heads, data, out, grads, aux):
        seen.append(len(heads))
        op.assign(grads[0], req[0], out[0] - 1)

    define(mx, "own_loss", double, backward, top=False)
    x = mx.nd.array([1, 2])
    x.attach_grad()
    with mx.autograd.record():
        y = mx.nd.Custom(x * 1, op_type="own_loss")
    y.backward()
    first = x.grad.asnumpy()
    with mx.autograd.record():
        y = mx.nd.Custom(x * 1, op_type="own_loss") * 5
    y.backward()
    return {"alone": first, "times five": x.grad, "heads": seen}
