"""Automatic differentiation: scopes, gradient requests, heads, custom functions."""

from __future__ import annotations

from tests.conformance.case import case, error_of, raises


def _variable(mx, values, grad_req="write"):
    x = mx.nd.array(values)
    x.attach_grad(grad_req)
    return x


@case
def gradient_of_a_sum(mx, random):
    x = _variable(mx, [1, 2, 3])
    with mx.autograd.record():
        y = (x * x * 2).sum()
    y.backward()
    return {"gradient": x.grad, "value": y}


@case
def heads_default_to_ones(mx, random):
    x = _variable(mx, [1, 2, 3])
    with mx.autograd.record():
        y = mx.nd.exp(x)
    y.backward()
    return {"gradient": x.grad}


@case
def heads_are_weights(mx, random):
    x = _variable(mx, [1, 2, 3])
    with mx.autograd.record():
        y = x * x
    y.backward(mx.nd.array([1, 10, 100]))
    return {"gradient": x.grad}


@case
def several_heads(mx, random):
    x = _variable(mx, [1, 2])
    with mx.autograd.record():
        y, z = x * 2, x * x
    mx.autograd.backward([y, z], [mx.nd.ones((2,)), mx.nd.array([10, 20])])
    return {"gradient": x.grad}


@case
def requests_write_and_add(mx, random):
    found = {}
    for request in ("write", "add"):
        x = _variable(mx, [1, 2], request)
        for _ in range(2):
            with mx.autograd.record():
                y = x * x
            y.backward()
        found[request] = x.grad
    found["null"] = error_of(lambda: _backward_of_null(mx))
    found["unknown"] = raises(lambda: mx.nd.ones((1,)).attach_grad("nothing"))
    return found


def _backward_of_null(mx):
    x = _variable(mx, [1, 2], "null")
    with mx.autograd.record():
        y = x * x
    y.backward()


@case
def scopes_tell_their_state(mx, random):
    def state():
        return mx.autograd.is_recording(), mx.autograd.is_training()

    found = {"outside": state()}
    with mx.autograd.record():
        found["record"] = state()
        with mx.autograd.pause():
            found["pause"] = state()
            with mx.autograd.record(train_mode=False):
                found["record again"] = state()
        with mx.autograd.predict_mode():
            found["predict"] = state()
        with mx.autograd.pause(train_mode=True):
            found["pause training"] = state()
    with mx.autograd.train_mode():
        found["train"] = state()
    found["after"] = state()
    found["previous recording"] = mx.autograd.set_recording(True)
    found["previous training"] = mx.autograd.set_training(True)
    found["set"] = state()
    mx.autograd.set_recording(False)
    mx.autograd.set_training(False)
    return found


@case
def paused_operations_are_constants(mx, random):
    x = _variable(mx, [2])
    with mx.autograd.record():
        y = x * x
        with mx.autograd.pause():
            z = x * 10
        w = y * z
    w.backward()
    return {"gradient": x.grad}


@case
def detached_arrays_are_constants(mx, random):
    x = _variable(mx, [2])
    with mx.autograd.record():
        y = (x * x).detach() * x
        z = mx.nd.BlockGrad(x * 3) * x
    mx.autograd.backward([y, z])
    return {"gradient": x.grad}


@case
def grad_returns_gradients(mx, random):
    x, y = _variable(mx, [1, 2]), _variable(mx, [3, 4])
    with mx.autograd.record():
        z = x * y + mx.nd.exp(x)
    both = mx.autograd.grad(z, [x, y])
    with mx.autograd.record():
        z = x * y
    one = mx.autograd.grad(z, x, head_grads=mx.nd.array([10, 100]))
    return {"x": both[0], "y": both[1], "single": one, "slot is left": x.grad}


@case
def second_derivatives(mx, random):
    found = {}
    for name in ("sin", "cos", "exp", "log", "sigmoid", "tanh", "sqrt", "square", "reciprocal"):
        x = _variable(mx, [0.3, 0.6, 0.9])
        with mx.autograd.record():
            y = getattr(mx.nd, name)(x)
            first = mx.autograd.grad(y, x, create_graph=True, retain_graph=True)[0]
        first.backward()
        found[name] = x.grad
    return found


@case
def retained_graphs_run_again(mx, random):
    x = _variable(mx, [1, 2], "add")
    with mx.autograd.record():
        y = x * x
    y.backward(retain_graph=True)
    y.backward()
    return {"gradient": x.grad, "third time": raises(lambda: y.backward())}


@case
def marked_variables(mx, random):
    x, y = mx.nd.array([1, 2]), mx.nd.array([3, 4])
    slots = [mx.nd.zeros((2,)), mx.nd.ones((2,))]
    mx.autograd.mark_variables([x, y], slots, ["write", "add"])
    with mx.autograd.record():
        z = x * y
    z.backward()
    return {"x": slots[0], "y": slots[1], "value": x.grad}


@case
def attaching_again_forgets(mx, random):
    x = _variable(mx, [1, 2])
    with mx.autograd.record():
        y = x * x
    y.backward()
    x.attach_grad()
    return {"zero": x.grad}


@case
def custom_functions(mx, random):
    class Scaled(mx.autograd.Function):
        def forward(self, x, y):
            self.save_for_backward(x, y)
            return x * y, x + y

        def backward(self, product_grad, sum_grad):
            x, y = self.saved_tensors
            return product_grad * y * 10 + sum_grad, product_grad * x * 100

    x, y = _variable(mx, [1, 2]), _variable(mx, [3, 4])
    scaled = Scaled()
    with mx.autograd.record():
        product, total = scaled(x, y)
        z = product * 2 + total
    z.backward()
    return {"z": z, "x": x.grad, "y": y.grad}


@case
def training_mode_changes_dropout(mx, random):
    x = mx.nd.ones((100,))
    with mx.autograd.record(train_mode=False):
        predicted = mx.nd.Dropout(x, p=0.5)
    with mx.autograd.train_mode():
        trained = mx.nd.Dropout(x, p=0.5)
    return {
        "predicted": predicted,
        "values in training": sorted(set(trained.asnumpy().tolist())),
        "backward in prediction": _dropout_backward(mx),
    }


def _dropout_backward(mx):
    x = _variable(mx, [1, 2, 3])
    with mx.autograd.record(train_mode=False):
        y = mx.nd.Dropout(x, p=0.5) * 2
    y.backward(train_mode=False)
    return x.grad.asnumpy().tolist()


@case
def in_place_writes_while_recording(mx, random):
    x = _variable(mx, [1, 2])

    def write():
        with mx.autograd.record():
            y = x * 2
            y[:] = 0

    def add():
        with mx.autograd.record():
            y = x * 2
            y += 1
            y.backward()

    return {"set": error_of(write), "add": error_of(add)}


@case
def indexing_has_gradients(mx, random):
    x = _variable(mx, [[1, 2, 3], [4, 5, 6]])
    with mx.autograd.record():
        y = x[1] * 2 + x[0, 1:2] * x[0, 2] + x[[0, 0]][:, 0:1].sum()
    y.backward()
    return {"gradient": x.grad, "value": y}


@case
def reshaping_has_gradients(mx, random):
    x = _variable(mx, [[1, 2, 3], [4, 5, 6]])
    weights = mx.nd.arange(6)
    with mx.autograd.record():
        y = x.reshape((6,)) * weights + x.T.reshape((-1,)) * weights * 10
    y.backward()
    return {"gradient": x.grad}


@case
def nothing_recorded_raises(mx, random):
    x = _variable(mx, [1])
    y = x * x
    return {
        "outside": error_of(lambda: y.backward()),
        "no variable": error_of(lambda: _backward_of_constants(mx)),
        "grad of no variable": raises(lambda: mx.autograd.grad(y, mx.nd.ones((1,)))),
    }


def _backward_of_constants(mx):
    with mx.autograd.record():
        y = mx.nd.ones((2,)) * 2
    y.backward()


@case
def gradients_of_a_network(mx, random):
    shapes = {"data": (4, 5), "weight": (3, 5), "bias": (3,)}
    made = {name: _variable(mx, random.normal(size=shape)) for name, shape in shapes.items()}
    label = mx.nd.array([0, 2, 1, 1])
    with mx.autograd.record():
        hidden = mx.nd.FullyConnected(made["data"], made["weight"], made["bias"], num_hidden=3)
        loss = -mx.nd.pick(mx.nd.log_softmax(mx.nd.relu(hidden)), label).mean()
    loss.backward()
    return {"loss": loss, **{name: array.grad for name, array in made.items()}}
