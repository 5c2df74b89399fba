"""User Functions: what they return, know, take and refuse."""

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


def _function(mx, forward, backward):
    class Given(mx.autograd.Function):
        def forward(self, *inputs):
            return forward(*inputs)

        def backward(self, *grads):
            return backward(*grads)

    return Given()


def _through(mx, forward, backward, values=(1, 2)):
    return _gradient(mx, lambda x: _function(mx, forward, backward)(x), values)


@case
def functions_return_what_forward_does(mx, random):
    def double(x):
        return x * 2

    forms = {
        "array": double, "tuple of one": lambda x: (double(x),),
        "list": lambda x: [double(x), x * 3], "tuple": lambda x: (double(x), x * 3),
    }  # fmt: skip
    found = {}
    for name, forward in forms.items():
        x = _variable(mx, [1, 2])
        function = _function(mx, forward, lambda *grads: grads[0])
        found[f"{name} outside"] = type(_function(mx, forward, double)(x)).__name__
        with mx.autograd.record():
            found[name] = type(function(x)).__name__
    return found


@case
def functions_know_the_mode(mx, random):
    found = {}
    for recorded in (True, False):
        for trained in (True, False):
            states = []

            def note(x, states=states):
                states.append((mx.autograd.is_recording(), mx.autograd.is_training()))
                return x * 2

            x = _variable(mx, [1, 2])
            with mx.autograd.record(train_mode=recorded):
                y = _function(mx, note, note)(x)
            y.backward(train_mode=trained)
            mx.nd.waitall()
            found[f"{recorded} {trained}"] = states
    return found


@case
def functions_are_refused(mx, random):
    def second():
        x = _variable(mx, [1, 2])
        with mx.autograd.record():
            y = _function(mx, lambda a: a * a, lambda d: d * 5)(x)
            [first] = mx.autograd.grad(y, x, create_graph=True, retain_graph=True)
            z = first * first
        z.backward()

    def twice():
        x, function = _variable(mx, [1, 2]), _function(mx, lambda a: a * 2, lambda d: d)
        function(x)
        function(x)

    return {
        "second order": error_of(second),
        "called twice": error_of(twice),
        "no array": raises(lambda: _through(mx, lambda x: 3.0, lambda d: d)),
        "nothing": raises(lambda: _through(mx, lambda x: None, lambda d: d)),
        "gradient of another shape": error_of(
            lambda: _through(mx, lambda x: x * x, lambda d: mx.nd.ones((3,)))
        ),
        "two gradients for one": error_of(lambda: _through(mx, lambda x: x * x, lambda d: (d, d))),
        "no gradient": error_of(lambda: _through(mx, lambda x: x * x, lambda d: None)),
        "constants alone": error_of(
            lambda: _function(mx, lambda x: x * 2, lambda d: d)(mx.nd.ones((1,))).backward()
        ),
    }


@case
def functions_take_integers(mx, random):
    x, i = _variable(mx, [1, 2]), mx.nd.array([0, 1], dtype="int32")
    function = _function(
        mx,
        lambda a, b: a * b.astype("float32"),
        lambda d: (d * 2, mx.nd.zeros((2,), dtype="int32")),
    )
    with mx.autograd.record():
        y = function(x, i)
    y.backward()
    return {"value": y, "gradient": x.grad}
