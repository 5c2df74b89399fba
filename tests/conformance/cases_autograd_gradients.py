"""`autograd.grad`, head gradients, and the arrays that gradients are written into."""

from __future__ import annotations

from tests.conformance.case import case, error_of, raises


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


@case
def grad_refuses(mx, random):
    x, c = _variable(mx, [1, 2]), _variable(mx, [1, 2])

    def of(variables, heads=None, **options):
        with mx.autograd.record():
            y, _ = x * x, c * c
        return error_of(
            lambda: mx.autograd.grad(y if heads is None else heads, variables, **options)
        )

    two = [mx.nd.ones((2,)), mx.nd.ones((2,))]
    null = _variable(mx, [1, 2], "null")
    with mx.autograd.record():
        of_null = null * x
    return {
        "constant": of(mx.nd.ones((2,))),
        "unrelated": of(c),
        "unrelated beside": of([x, c]),
        "no variables": of([]),
        "no heads": raises(lambda: mx.autograd.grad([], x)),
        "too many head gradients": of(x, head_grads=two),
        "no array": raises(lambda: mx.autograd.grad(x * x, 3)),
        "grad_req null": of(null, of_null),
    }


@case
def grad_leaves_slots_alone(mx, random):
    x, w = _variable(mx, [1, 2]), _variable(mx, [3, 4])
    x.grad[:], w.grad[:] = 7, 8
    with mx.autograd.record():
        y = x * w
        found = mx.autograd.grad(y, x, create_graph=True, retain_graph=True)
        state = mx.autograd.is_recording(), mx.autograd.is_training()
    kinds = [type(mx.autograd.grad(y, v, retain_graph=True)).__name__ for v in (x, [x], (x,))]
    return {"found": found[0], "x": x.grad, "w": w.grad, "state": state, "kinds": kinds}


@case
def gradients_of_gradients(mx, random):
    x = _variable(mx, [1.0, 2.0])
    with mx.autograd.record():
        [first] = mx.autograd.grad(mx.nd.log(x), x, create_graph=True, retain_graph=True)
        penalty = mx.nd.square(first).sum() + x.sum()
    penalty.backward()
    return {"first": first, "x": x.grad}


@case
def grad_of_a_head_without_gradient_is_zero(mx, random):
    def of(function):
        x = _variable(mx, [1.5, 2.5])
        with mx.autograd.record():
            y = function(x)
        return mx.autograd.grad(y, x)[0]

    return {
        "argmax": of(lambda x: mx.nd.argmax(x, axis=0)),
        "integers": of(lambda x: (x * x).astype("int32")),
    }


@case
def head_gradients(mx, random):
    def of(heads, grads):
        x = _variable(mx, [1, 2])
        with mx.autograd.record():
            made = heads(x)
            given = grads(x)
        mx.autograd.backward(made, given)
        return x.grad.asnumpy().tolist()

    ones = mx.nd.ones((2,))
    return {
        "none beside one": of(lambda x: [x * x, x * 3], lambda x: [None, mx.nd.array([10, 20])]),
        "list for one": of(lambda x: x * x, lambda x: [ones * 5]),
        "tuple": of(lambda x: (x * x,), lambda x: None),
        "of the graph": of(lambda x: x * x, lambda x: x * 2),
        "variable": of(lambda x: x, lambda x: mx.nd.array([5, 6])),
        "sparse": _gradient(mx, lambda x: (x * x).tostype("row_sparse"), [[1, 0], [0, 3]]),
        "one for two": error_of(lambda: of(lambda x: [x * x, x * 3], lambda x: ones)),
        "no heads": raises(lambda: mx.autograd.backward([])),
        "numbers": raises(lambda: mx.autograd.backward([3])),
    }


# Slots.


@case
def sparse_slots(mx, random):
    found = {}
    for kind in ("dense", "row_sparse"):
        x = mx.nd.array([[1, 2], [3, 4], [5, 6]])
        x.attach_grad(stype="row_sparse")
        with mx.autograd.record():
            y = x * 2
            if kind == "row_sparse":
                index = mx.nd.array([0, 2])
                y = mx.nd.Embedding(index, x, input_dim=3, output_dim=2, sparse_grad=True)
        y.backward()
        found[kind], found[f"{kind} rows"] = x.grad, x.grad.indices
        found[f"{kind} type"] = x.grad.stype
    x = mx.nd.array([[1, 2], [0, 0]]).tostype("row_sparse")
    x.attach_grad()
    found["of a sparse variable"] = x.grad.stype
    return found


@case
def slots_that_were_marked(mx, random):
    x, y = mx.nd.ones((1,)), mx.nd.ones((1,))
    written, kept = mx.nd.zeros((1,)), mx.nd.ones((1,))
    mx.autograd.mark_variables([x, y], [written, kept], ["write", "null"])
    shared = mx.nd.zeros((1,))
    u, v = mx.nd.ones((1,)), mx.nd.ones((1,))
    mx.autograd.mark_variables([u, v], [shared, shared], "add")
    single, slot = mx.nd.ones((1,)), mx.nd.zeros((1,))
    mx.autograd.mark_variables(single, slot)
    with mx.autograd.record():
        z = x * 3 + y * 4 + u * 5 + v * 6 + single * 7
    z.backward()

    def mark(gradient):
        x = mx.nd.ones((1,))
        mx.autograd.mark_variables([x], [gradient])
        with mx.autograd.record():
            z = x * 3.7
        z.backward()
        gradient.asnumpy()

    return {
        "written": written, "kept": kept, "shared": shared, "single": slot,
        "another shape": raises(lambda: mark(mx.nd.ones((2,)))),
        "another dtype": error_of(lambda: mark(mx.nd.ones((1,), dtype="int32"))),
        "numbers": raises(lambda: mx.autograd.mark_variables(3, 4)),
        "unknown request": error_of(lambda: mx.autograd.mark_variables([x], [slot], "nothing")),
    }  # fmt: skip


@case
def marking_again_starts_anew(mx, random):
    x = _variable(mx, [1, 2])
    old = x.grad
    with mx.autograd.record():
        y = x * x
    x.attach_grad()
    y.backward()
    w = _variable(mx, [1, 2])
    with mx.autograd.record():
        inner = w * w
        inner.attach_grad()
        z = inner * 3
    z.backward()
    return {"old slot": old, "new slot": x.grad, "before": w.grad, "after": inner.grad}
