"""Random programs of recorded operators, copies, writes and pauses: their gradients."""

from __future__ import annotations

from tests.conformance.case import case

SHAPE = (2, 3)


def _written(mx, x, y):
    target = mx.nd.zeros(SHAPE)
    target[:] = x
    return target * y


def _out(mx, x, y):
    target = mx.nd.zeros(SHAPE)
    mx.nd.broadcast_mul(x, y, out=target)
    return target


def _paused(mx, x, y):
    with mx.autograd.pause():
        z = x * y
    return z + x


def _split(mx, x, y):
    first, second, third = mx.nd.split(x, num_outputs=3, axis=1)
    return mx.nd.concat(third, first * second, y[:, 0:1], dim=1)


def _steps(mx):
    """Return functions that make an array of SHAPE of two of them."""
    return [
        lambda x, y: x + y,
        lambda x, y: x * y,
        lambda x, y: x - y.sum(axis=0, keepdims=True),
        lambda x, y: mx.nd.tanh(x) / (2 + mx.nd.square(y)),
        lambda x, y: mx.nd.maximum(x, y) - 0.5 * mx.nd.relu(y),
        lambda x, y: mx.nd.where(x > y, x * 2, y),
        lambda x, y: mx.nd.dot(mx.nd.dot(x, y.T), x) * 0.1,
        lambda x, y: mx.nd.concat(x[1:], y[0].expand_dims(0), dim=0),
        lambda x, y: x[:, ::-1] + y[[1, 0]],
        lambda x, y: x.reshape((3, 2)).T + y.reshape((-1,))[0:6].reshape(SHAPE),
        lambda x, y: x.copyto(mx.cpu(1)).as_in_context(mx.cpu(0)) * y.copy(),
        lambda x, y: (x.astype("float64") * y.astype("float64")).astype("float32"),
        lambda x, y: x.detach() * y + mx.nd.BlockGrad(y) * x,
        lambda x, y: mx.nd.softmax(x, axis=1) + y.mean(axis=1, keepdims=True),
        lambda x, y: mx.nd.take(x, mx.nd.argmax(y, axis=0)[0:2]) + y,
        lambda x, y: mx.nd.clip(x, -1, 1) + mx.nd.pick(y, mx.nd.array([0, 2])).expand_dims(1),
        lambda x, y: x.tostype("row_sparse").tostype("default") + y,
        lambda x, y: _written(mx, x, y),
        lambda x, y: _out(mx, x, y),
        lambda x, y: _paused(mx, x, y),
        lambda x, y: _split(mx, x, y),
    ]


def _program(random):
    """Return the steps of a program: (number of the step, its two operands)."""
    return [
        (random.randint(1000), random.randint(3 + i), random.randint(3 + i))
        for i in range(random.randint(3, 9))
    ]


def _run(mx, program, arrays):
    """Return all that a program makes, the arrays that it starts from first."""
    made, steps = list(arrays), _steps(mx)
    for number, first, second in program:
        made.append(steps[number % len(steps)](made[first], made[second]))
    return made


@case(rtol=1e-3, atol=1e-4)
def gradients_of_programs(mx, random):
    found = {}
    for number in range(80):
        program = _program(random)
        request = ("write", "add")[number % 2]
        arrays = [mx.nd.array(random.normal(size=SHAPE)) for _ in range(3)]
        for x in arrays[:2]:
            x.attach_grad(request)
            x.grad[:] = 7
        with mx.autograd.record():
            made = _run(mx, program, [*arrays[:2], arrays[0] * arrays[1] + arrays[2]])
            loss = (made[-1] * mx.nd.array(random.normal(size=SHAPE))).sum() + made[2].mean()
        loss.backward()
        found[f"{number}"] = loss
        found |= {f"{number} gradient {i}": x.grad for i, x in enumerate(arrays[:2])}
    return found


@case(rtol=1e-3, atol=1e-4)
def gradients_that_add_up_over_programs(mx, random):
    arrays = [mx.nd.array(random.normal(size=SHAPE)) for _ in range(3)]
    for x in arrays:
        x.attach_grad("add")
    state = mx.nd.array(random.normal(size=SHAPE))
    for _ in range(12):
        program = _program(random)
        with mx.autograd.record():
            state = mx.nd.tanh(_run(mx, program, [arrays[0], arrays[1] * arrays[2], state])[-1])
            loss = (state * arrays[0]).sum()
        loss.backward()
    return {"state": state, **{f"gradient {i}": x.grad for i, x in enumerate(arrays)}}
