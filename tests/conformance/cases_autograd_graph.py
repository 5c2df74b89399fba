"""Recorded graphs: what belongs to them, what they refuse, what is read from them."""

from __future__ import annotations

import threading

from tests.conformance.case import case, error_of


def _variable(mx, values, grad_req="write", dtype="float32"):
    x = mx.nd.array(values, dtype=dtype)
    x.attach_grad(grad_req)
    return x


def _gradient(mx, function, values=(1.7, 2.2, 3.9), dtype="float32", grad_req="write"):
    """Return the gradient of what a function makes of a variable; 7 stands where none came."""
    x = _variable(mx, values, grad_req, dtype)
    x.grad[:] = 7
    with mx.autograd.record():
        y = function(x)
    y.backward()
    return x.grad.asnumpy().tolist()


# Integers.


@case
def integer_heads_hand_gradients_on(mx, random):
    def of(function):
        return _gradient(mx, lambda x: function(x.astype("int32")))

    return {
        "itself": of(lambda i: i),
        "operator Cast": _gradient(mx, lambda x: mx.nd.cast(x * 2, dtype="int32")),
        "sum": of(lambda i: i + 1),
        "product": of(lambda i: i * i),
        "quotient": of(lambda i: i / 2),
        "total": of(lambda i: i.sum()),
        "largest": of(lambda i: i.max()),
        "other integers": of(lambda i: i.astype("int64") * 5),
        "copy": of(lambda i: i.copy()),
        "reshaped": of(lambda i: i.reshape((3, 1))),
        "part": of(lambda i: i[1:]),
        "joined": of(lambda i: mx.nd.concat(i, i, dim=0)),
        "back to floats": of(lambda i: i.astype("float32") * 2.5),
        "added": _gradient(mx, lambda x: (x * 2).astype("int32"), grad_req="add"),
    }


@case
def integers_on_the_way_pass_whole_gradients(mx, random):
    def scaled(x):
        return (x * 2).astype("int32").astype("float32") * x

    return {
        "times itself": _gradient(mx, scaled, (1.5, 2.5)),
        "squared": _gradient(mx, lambda x: mx.nd.square(x.astype("int32").astype("float32"))),
    }


@case
def integer_variables_have_integer_gradients(mx, random):
    def of(function):
        return _gradient(mx, function, (1, 2), "int32")

    w = _variable(mx, [0.5, 1.5])
    return {
        "sum": of(lambda i: i + 1),
        "product": of(lambda i: i * i),
        "as floats": of(lambda i: i.astype("float32") * 2.5),
        "times floats": of(lambda i: i.astype("float32") * w),
    }


@case
def what_has_no_gradient_writes_zeros(mx, random):
    table = mx.nd.arange(5)
    return {
        "argmax": _gradient(mx, lambda x: mx.nd.argmax(x, axis=0)),
        "comparison": _gradient(mx, lambda x: x > 2),
        "BlockGrad": _gradient(mx, lambda x: mx.nd.BlockGrad(x) * 2),
        "zeros_like": _gradient(mx, lambda x: mx.nd.zeros_like(x)),
        "indices": _gradient(mx, lambda x: mx.nd.one_hot(x, 5)),
        "indices of take": _gradient(mx, lambda x: mx.nd.take(table, mx.nd.argmax(x, axis=0))),
        "added": _gradient(mx, lambda x: mx.nd.argmax(x, axis=0), grad_req="add"),
    }


@case
def unread_variables_keep_their_gradients(mx, random):
    x, w = _variable(mx, [1, 2]), _variable(mx, [3, 4])
    w.grad[:] = 7
    with mx.autograd.record():
        y, _ = x * x, w * 2
    y.backward()
    return {"x": x.grad, "w": w.grad}


# Copies.


@case
def copies_stay_recorded(mx, random):
    def into(target):
        return lambda x: x.copyto(target) * 2

    return {
        "copy": _gradient(mx, lambda x: x.copy() * 2),
        "to a context": _gradient(mx, lambda x: x.copyto(mx.cpu(1)) * 2),
        "as_in_context": _gradient(mx, lambda x: x.as_in_context(mx.cpu(1)) * 2),
        "there and back": _gradient(
            mx, lambda x: (x.as_in_context(mx.cpu(1)) * 3).as_in_context(mx.cpu(0))
        ),
        "other floats": _gradient(mx, lambda x: x.astype("float64") ** 2, (1, 2)),
        "half floats": _gradient(mx, lambda x: x.astype("float16") ** 2, (1, 2)),
        "no copy": _gradient(mx, lambda x: x.astype("float32", copy=False) * 2),
        "into an array": _gradient(mx, into(mx.nd.zeros((3,)))),
        "into another dtype": _gradient(mx, into(mx.nd.zeros((3,), dtype="float64"))),
        "into the graph": error_of(lambda: _gradient(mx, into(_variable(mx, [1, 2, 3])))),
    }


@case
def copies_of_integers_stay_recorded(mx, random):
    def into(shape, dtype, start=lambda x: x):
        def run(x):
            target = mx.nd.zeros(shape, dtype=dtype)
            target[:] = start(x) * 2
            return target * 3

        return run

    def out(x):
        i, target = x.astype("int32"), mx.nd.zeros((3,), dtype="int32")
        mx.nd.broadcast_mul(i, i, out=target)
        return target

    def largest(x):
        target = mx.nd.zeros((1,))
        mx.nd.argmax(x, axis=0, out=target)
        return target

    integers = mx.nd.zeros((3,), dtype="int32")
    return {
        "floats into integers": _gradient(mx, lambda x: x.copyto(integers) * 3),
        "written": _gradient(mx, into((3,), "int32")),
        "broadcast": _gradient(mx, into((2, 3), "int32")),
        "axes of one": _gradient(mx, into((3,), "int32", lambda x: x.reshape((1, 1, 3)))),
        "integers into floats": _gradient(mx, into((3,), "float32"), (1, 2, 3), "int32"),
        "to a context": _gradient(mx, lambda x: x.astype("int32").as_in_context(mx.cpu(1)) * 3),
        "array": _gradient(mx, lambda x: mx.nd.array(x, dtype="int32") * 3),
        "out": _gradient(mx, out),
        "out without gradient": _gradient(mx, largest),
        "another shape": error_of(lambda: _gradient(mx, into((4,), "float32"))),
        "another shape of integers": error_of(lambda: _gradient(mx, into((4,), "int32"))),
    }


@case
def storage_types_stay_recorded(mx, random):
    values = [[1, 0], [0, 3]]

    def of(function):
        return _gradient(mx, function, values)

    target = mx.nd.zeros((2, 2))
    return {
        "row_sparse": of(lambda x: x.tostype("row_sparse") * 2),
        "csr and back": of(lambda x: x.tostype("csr").tostype("default") * x),
        "cast_storage": of(
            lambda x: mx.nd.cast_storage(mx.nd.cast_storage(x, "row_sparse"), "default") * 2
        ),
        "copy": of(lambda x: x.tostype("row_sparse").copy() * 2),
        "other floats": of(lambda x: x.tostype("row_sparse").astype("float64")),
        "into an array": of(lambda x: x.tostype("row_sparse").copyto(target) * 5),
    }


# Writes.


@case
def whole_arrays_take_values_of_the_graph(mx, random):
    found = {}
    for name, shape, key in (
        ("all", (3,), slice(None)), ("ellipsis", (3,), Ellipsis),
        ("broadcast", (2, 3), slice(None)), ("axes of one", (1, 1, 3), slice(None)),
    ):  # fmt: skip
        target = mx.nd.zeros(shape)

        def write(x, target=target, key=key):
            target[key] = x * 3
            return target * target

        found[name], found[f"{name} value"] = _gradient(mx, write), target
    return found


@case
def writes_into_the_graph_raise(mx, random):
    def after(write, start=lambda x: x * 2):
        return error_of(lambda: _gradient(mx, lambda x: write(start(x)), (1, 2)))

    def set_all(y):
        y[:] = 0

    def set_part(y):
        y[0] = 3

    def add(y):
        y += 1

    def multiply(y):
        y *= y

    def out(y):
        mx.nd.square(mx.nd.ones((2,)), out=y)

    writes = {"set": set_all, "part": set_part, "+=": add, "*=": multiply, "out": out}
    found = {name: after(write) for name, write in writes.items()}
    found |= {f"variable {k}": after(write, lambda x: x) for k, write in writes.items()}
    return found


@case
def parts_take_no_values_of_the_graph(mx, random):
    def write(key):
        def run(x):
            target = mx.nd.ones((2, 2))
            target[key] = x * 3
            return target

        return error_of(lambda: _gradient(mx, run, (1, 2)))

    return {"row": write(1), "rows": write(slice(0, 1)), "list": write([0])}


@case
def paused_writes_are_allowed(mx, random):
    def change(x):
        h = x + 2
        with mx.autograd.pause():
            h += 1
        return h * h

    def replace(x):
        with mx.autograd.pause():
            x[:] = 5
        return x * x

    def afterwards():
        x = _variable(mx, [1, 2])
        with mx.autograd.record():
            h = x + 2
        h += 1
        h.backward()
        return x.grad

    return {
        "of a result": _gradient(mx, change, (1, 2)),
        "of a variable": _gradient(mx, replace, (1, 2)),
        "after recording": afterwards(),
    }


@case
def constants_are_changed_while_recording(mx, random):
    def add_number(x):
        target = mx.nd.ones((2,))
        target += 1
        return target * x

    def add_variable(x):
        target = mx.nd.ones((2,))
        target += x
        return target * target

    def draw(x):
        mx.nd.random.uniform(0, 1, out=x)
        return x

    return {
        "number": _gradient(mx, add_number, (1, 2)),
        "variable": error_of(lambda: _gradient(mx, add_variable, (1, 2))),
        "draws over a variable": error_of(lambda: _gradient(mx, draw, (1, 2))),
    }


@case
def out_is_recorded(mx, random):
    def square(x):
        target = mx.nd.zeros((2,))
        mx.nd.square(x, out=target)
        return target * 2

    def halves(x):
        targets = [mx.nd.zeros((1,)), mx.nd.zeros((1,))]
        mx.nd.split(x, num_outputs=2, axis=0, out=targets)
        return targets[1] * 10 + targets[0]

    return {"one": _gradient(mx, square, (1, 2)), "two": _gradient(mx, halves, (1, 2))}


# Freed graphs.


@case
def freed_graphs_are_constants(mx, random):
    x = _variable(mx, [1, 2])
    with mx.autograd.record():
        h = x * 2
        loss, other = h * h, h * 3
    loss.backward()
    found = {"again": error_of(loss.backward), "shared part": error_of(other.backward)}
    with mx.autograd.record():
        h += 1  # no part of a graph any more
        product = h * x
    product.backward()
    return {**found, "gradient": x.grad, "value": h}


@case
def states_run_from_step_to_step(mx, random):
    w = _variable(mx, [[0.5, -0.2], [0.1, 0.3]])
    state = mx.nd.array([[1.0, 2.0]])
    found = {}
    for step in range(4):
        with mx.autograd.record():
            state = mx.nd.tanh(mx.nd.dot(state, w) + 0.1)
            loss = (state * state).sum()
        loss.backward()
        found[f"state {step}"], found[f"gradient {step}"] = state, w.grad.copy()
    return found


@case
def retained_graphs_stay(mx, random):
    x = _variable(mx, [1, 2])
    with mx.autograd.record():
        y = x * x
    y.backward(retain_graph=True)
    first = x.grad.copy()
    y.backward(mx.nd.array([5, 6]))
    return {"first": first, "second": x.grad, "third": error_of(y.backward)}


@case
def recording_in_vain(mx, random):
    x = _variable(mx, [1, 2])
    with mx.autograd.record():
        constant = mx.nd.ones((2,)) * 2
        inner = x * 2
    outer = inner * inner
    return {"constant": error_of(constant.backward), "outside": error_of(outer.backward)}


# Scopes and threads.


@case
def scopes_nest_and_recover(mx, random):
    def state():
        return mx.autograd.is_recording(), mx.autograd.is_training()

    scope = mx.autograd.record()
    found = {}
    for turn in range(2):
        with scope as nothing:
            found[f"turn {turn}"], found["bound"] = state(), nothing
    try:
        with mx.autograd.record(), mx.autograd.predict_mode():
            found["inside"] = state()
            raise KeyError
    except KeyError:
        found["after an error"] = state()
    return found


@case
def threads_have_their_own_scopes(mx, random):
    states = []

    def note():
        states.append((mx.autograd.is_recording(), mx.autograd.is_training()))

    x = _variable(mx, [1, 2])
    with mx.autograd.record():
        thread = threading.Thread(target=note)
        thread.start()
        thread.join()
        y = x * x
    thread = threading.Thread(target=y.backward)
    thread.start()
    thread.join()
    return {"other thread": states, "gradient": x.grad}
