"""Custom operators: what a user's Python class sees and decides, eager, recorded and bound."""

from __future__ import annotations

import numpy as np

from tests.conformance.case import case, error_of, raises


def _register(mx, name, forward=None, backward=None, need_top_grad=True, **methods):
    """Register an operator; by default it doubles its input. `methods` replace those of the
    CustomOpProp, without `self`."""

    class Op(mx.operator.CustomOp):
        def forward(self, is_train, req, in_data, out_data, aux):
            if forward:
                forward(self, is_train, req, in_data, out_data, aux)
            else:
                self.assign(out_data[0], req[0], in_data[0] * 2)

        def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
            if backward:
                backward(self, req, out_grad, in_data, out_data, in_grad, aux)
            else:
                self.assign(in_grad[0], req[0], out_grad[0] * 2)

    class Prop(mx.operator.CustomOpProp):
        def __init__(self, **attrs):
            super().__init__(need_top_grad=need_top_grad)
            self.attrs = attrs

        def create_operator(self, ctx, in_shapes, in_dtypes):
            return Op()

    def method(function):
        return lambda self, *args: function(*args)

    for label, function in methods.items():
        setattr(Prop, label, method(function))
    return mx.operator.register(name)(Prop)


def _product(mx, name="product"):
    """Register an operator of two arguments, two outputs (product and sum) and a counter."""

    def forward(op, is_train, req, in_data, out_data, aux):
        op.assign(out_data[0], req[0], in_data[0] * in_data[1])
        op.assign(out_data[1], req[1], in_data[0] + in_data[1])
        aux[0][:] = aux[0] + 1

    def backward(op, req, out_grad, in_data, out_data, in_grad, aux):
        op.assign(in_grad[0], req[0], out_grad[0] * in_data[1] + out_grad[1])
        op.assign(in_grad[1], req[1], out_grad[0] * in_data[0] + out_grad[1])
        aux[0][:] = aux[0] + 10

    _register(
        mx,
        name,
        forward,
        backward,
        list_arguments=lambda: ["data", "weight"],
        list_outputs=lambda: ["product", "sum"],
        list_auxiliary_states=lambda: ["count"],
        infer_shape=lambda shapes: ([shapes[0]] * 2, [shapes[0]] * 2, [(1,)]),
    )


def _settled(mx, action):
    """Run an action and wait for it, so that a late error of the reference belongs to it."""
    result = action()
    mx.nd.waitall()
    return result


@case
def eager_values_and_gradients(mx, random):
    _register(mx, "double")
    x = mx.nd.array(random.normal(size=(2, 3)))
    x.attach_grad()
    plain = mx.nd.Custom(x, op_type="double")
    with mx.autograd.record():
        y = mx.nd.Custom(x, op_type="double") * 3
    y.backward()
    return {"plain": plain, "y": y, "gradient": x.grad}


@case
def gradients_add_up(mx, random):
    _register(mx, "double")
    x = mx.nd.array(random.normal(size=(2, 3)))
    x.attach_grad("add")
    for _ in range(2):
        with mx.autograd.record():
            y = mx.nd.Custom(x, op_type="double") + mx.nd.Custom(x * x, op_type="double")
        y.backward()
    return {"gradient": x.grad}


@case
def attributes_arrive_as_strings(mx, random):
    seen = {}

    def list_outputs():
        return ["output"]

    prop = _register(mx, "curious", list_outputs=list_outputs)
    init = prop.__init__

    def remember(self, **attrs):
        seen.update(attrs)
        init(self, **attrs)

    prop.__init__ = remember
    values = {"number": 2.5, "whole": 3, "flag": True, "nothing": None, "pair": (1, 2)}
    mx.nd.Custom(mx.nd.ones((1,)), op_type="curious", items=[1, "a"], text="b", **values)
    return {"seen": seen}


@case
def names_and_text_of_a_symbol(mx, random):
    _product(mx)
    net = mx.sym.Custom(mx.sym.Variable("x"), op_type="product", scale=2.0, flag=True, name="p")
    return {
        "arguments": net.list_arguments(),
        "outputs": net.list_outputs(),
        "states": net.list_auxiliary_states(),
        "attributes": net.attr_dict(),
        "text": net.tojson(),
        "again": mx.sym.load_json(net.tojson()).tojson() == net.tojson(),
        "unnamed": mx.sym.Custom(mx.sym.Variable("x"), op_type="product").name,
        "internals": net.get_internals().list_outputs(),
    }


@case
def inputs_by_name(mx, random):
    _product(mx)
    x, y, n = (mx.sym.Variable(name) for name in "xyn")
    made = {
        "by position": mx.sym.Custom(x, y, n, op_type="product", name="p"),
        "by name": mx.sym.Custom(weight=y, data=x, op_type="product", name="p"),
        "one by name": mx.sym.Custom(weight=y, op_type="product", name="p"),
        "none": mx.sym.Custom(op_type="product", name="p"),
    }
    return {label: net.list_inputs() for label, net in made.items()}


@case
def inferred_shapes(mx, random):
    _product(mx)
    net = mx.sym.Custom(mx.sym.Variable("x"), op_type="product", name="p")
    return {
        "whole": net.infer_shape(x=(2, 3)),
        "in part": net.infer_shape_partial(x=(2, 0)),
        "contradiction": error_of(lambda: net.infer_shape(x=(2, 3), p_weight=(3, 3))),
    }


@case
def inferred_types(mx, random):
    def infer_type(types):
        return types, [np.float64, types[0]], [np.int32]

    _product(mx)
    _register(
        mx,
        "typed",
        list_outputs=lambda: ["wide", "same"],
        list_auxiliary_states=lambda: ["state"],
        infer_shape=lambda shapes: (shapes, shapes * 2, [(1,)]),
        infer_type=infer_type,
    )
    net = mx.sym.Custom(mx.sym.Variable("x"), op_type="product", name="p")
    typed = mx.sym.Custom(mx.sym.Variable("x"), op_type="typed")
    return {
        "both given": net.infer_type(x="float16", p_weight="float16"),
        "one is not enough": net.infer_type(x="float16"),
        "own": typed.infer_type(x="float16"),
    }


@case
def bound_values_gradients_and_states(mx, random):
    _product(mx)
    net = mx.sym.Custom(mx.sym.Variable("x"), op_type="product", name="p")
    results = {}
    for request in ("write", "add", {"x": "write"}):
        executor = net.simple_bind(mx.cpu(), grad_req=request, x=(3,))
        executor.forward(is_train=True, x=mx.nd.array([1, 2, 3]), p_weight=mx.nd.array([4, 5, 6]))
        for _ in range(2):
            executor.backward([mx.nd.array([1, 1, 2]), mx.nd.array([0, 1, 0.5])])
        mx.nd.waitall()
        results[f"outputs {request}"] = [output.asnumpy() for output in executor.outputs]
        results[f"gradients {request}"] = [
            None if gradient is None else gradient.asnumpy() for gradient in executor.grad_arrays
        ]
        results[f"state {request}"] = executor.aux_dict["p_count"]
    return results


@case
def states_are_written_in_every_mode(mx, random):
    _product(mx)
    net = mx.sym.Custom(mx.sym.Variable("x"), op_type="product", name="p")
    executor = net.simple_bind(mx.cpu(), x=(2,))
    counts = []
    for train in (False, False, True):
        executor.forward(is_train=train)
        mx.nd.waitall()
        counts.append(float(executor.aux_arrays[0].asnumpy()[0]))
    x, w, state = mx.nd.ones((2,)), mx.nd.ones((2,)), mx.nd.zeros((1,))
    _settled(mx, lambda: mx.nd.Custom(x, w, state, op_type="product"))
    eager = float(state.asnumpy()[0])
    x.attach_grad()
    with mx.autograd.record():
        y = mx.nd.Custom(x, w, state, op_type="product")[0]
    y.backward()
    mx.nd.waitall()
    return {"bound": counts, "eager": eager, "recorded": float(state.asnumpy()[0])}


@case
def one_of_two_outputs(mx, random):
    _product(mx)
    net = mx.sym.Custom(mx.sym.Variable("x"), op_type="product", name="p")[0] * 2
    executor = net.simple_bind(mx.cpu(), x=(2,))
    executor.forward(is_train=True, x=mx.nd.array([1, 2]), p_weight=mx.nd.array([3, 4]))
    executor.backward(mx.nd.ones((2,)))
    return {"outputs": executor.outputs[0], "gradients": list(executor.grad_arrays)}


@case
def what_forward_and_backward_see(mx, random):
    seen = {}

    def state():
        return mx.autograd.is_recording(), mx.autograd.is_training()

    def forward(op, is_train, req, in_data, out_data, aux):
        seen["forward"] = (bool(is_train), req, len(in_data), len(out_data), aux, state())
        op.assign(out_data[0], req[0], in_data[0])

    def backward(op, req, out_grad, in_data, out_data, in_grad, aux):
        seen["backward"] = (req, len(out_grad), [g.shape for g in in_grad], aux, state()[0])
        op.assign(in_grad[0], req[0], out_grad[0])

    _register(mx, "observer", forward, backward)
    net = mx.sym.Custom(mx.sym.Variable("x"), op_type="observer")
    executor = net.simple_bind(mx.cpu(), x=(2, 3))
    results = {}
    for train in (False, True):
        executor.forward(is_train=train)
        mx.nd.waitall()
        results[f"forward, training {train}"] = dict(seen)
    executor.backward(mx.nd.ones((2, 3)))
    mx.nd.waitall()
    results["backward"] = seen["backward"]
    x = mx.nd.ones((2,))
    x.attach_grad()
    with mx.autograd.record(train_mode=False):
        _settled(mx, lambda: mx.nd.Custom(x, op_type="observer"))
    return {**results, "recorded for prediction": seen["forward"]}


@case
def what_create_operator_sees(mx, random):
    seen = []
    prop = _register(
        mx,
        "created",
        list_auxiliary_states=lambda: ["state"],
        infer_shape=lambda shapes: (shapes, shapes, [(4,)]),
    )
    create = prop.create_operator

    def remember(self, ctx, shapes, types):
        seen.append(([list(map(int, s)) for s in shapes], [int(t) for t in types]))
        return create(self, ctx, shapes, types)

    prop.create_operator = remember
    for kind in ("float32", "float16", "float64"):
        x, state = mx.nd.ones((2, 3), dtype=kind), mx.nd.zeros((4,), dtype=kind)
        _settled(mx, lambda x=x, state=state: mx.nd.Custom(x, state, op_type="created"))
    return {"seen": seen}


@case
def one_operator_per_executor(mx, random):
    def forward(op, is_train, req, in_data, out_data, aux):
        op.runs = getattr(op, "runs", 0) + 1
        op.assign(out_data[0], req[0], in_data[0] * 0 + op.runs)

    _register(mx, "counter", forward)
    net = mx.sym.Custom(mx.sym.Variable("x"), op_type="counter")
    first, second = (net.simple_bind(mx.cpu(), x=(1,)) for _ in range(2))
    shown = [float(e.forward()[0].asnumpy()[0]) for e in (first, first, second, first)]
    x = mx.nd.ones((1,))
    eager = [float(mx.nd.Custom(x, op_type="counter").asnumpy()[0]) for _ in range(2)]
    return {"bound": shown, "eager": eager}


@case
def half_and_double_precision(mx, random):
    _register(mx, "double")
    results = {}
    for kind in ("float16", "float64"):
        x = mx.nd.array(random.normal(size=(2, 3)), dtype=kind)
        x.attach_grad()
        with mx.autograd.record():
            y = mx.nd.Custom(x, op_type="double")
        y.backward()
        results[f"{kind} output"], results[f"{kind} gradient"] = y, x.grad
        net = mx.sym.Custom(mx.sym.Variable("x"), op_type="double")
        executor = net.bind(mx.cpu(), {"x": x}, {"x": mx.nd.zeros((2, 3), dtype=kind)})
        executor.forward(is_train=True)
        executor.backward(mx.nd.ones((2, 3), dtype=kind))
        results[f"{kind} bound"] = executor.grad_arrays[0]
    return results


@case
def a_loss_needs_no_head_gradient(mx, random):
    def softmax(op, is_train, req, in_data, out_data, aux):
        op.assign(out_data[0], req[0], mx.nd.softmax(in_data[0]))

    def cross_entropy(op, req, out_grad, in_data, out_data, in_grad, aux):
        label = mx.nd.one_hot(in_data[1], out_data[0].shape[1])
        op.assign(in_grad[0], req[0], out_data[0] - label)

    rules = {
        "list_arguments": lambda: ["data", "label"],
        "infer_shape": lambda s: ([s[0], [s[0][0]]], [s[0]], []),
    }
    _register(mx, "own_softmax", softmax, cross_entropy, need_top_grad=False, **rules)
    _register(mx, "no_loss", softmax, cross_entropy, need_top_grad=True, **rules)
    values = {"x": mx.nd.array(random.normal(size=(4, 3))), "s_label": mx.nd.array([0, 2, 1, 1])}
    results = {}
    for kind in ("own_softmax", "no_loss"):
        net = mx.sym.Custom(mx.sym.Variable("x"), op_type=kind, name="s")
        executor = net.simple_bind(mx.cpu(), grad_req={"x": "write"}, x=(4, 3))
        executor.forward(is_train=True, **values)
        results[f"{kind} raises"] = raises(lambda e=executor: _settled(mx, e.backward))
        if kind == "own_softmax":
            results["gradient"] = executor.grad_dict["x"]
    return results


@case
def a_dependency_that_is_not_declared(mx, random):
    _register(
        mx,
        "careless",
        backward=lambda op, req, og, i, o, ig, aux: op.assign(ig[0], req[0], 7),
        declare_backward_dependency=lambda out_grad, in_data, out_data: [],
    )
    net = mx.sym.Custom(mx.sym.Variable("x"), op_type="careless")
    executor = net.simple_bind(mx.cpu(), x=(2,))
    executor.forward(is_train=True)
    executor.backward()
    return {"gradient": executor.grad_arrays[0]}


@case
def training_with_a_custom_loss(mx, random):
    def softmax(op, is_train, req, in_data, out_data, aux):
        op.assign(out_data[0], req[0], mx.nd.softmax(in_data[0]))

    def cross_entropy(op, req, out_grad, in_data, out_data, in_grad, aux):
        label = mx.nd.one_hot(in_data[1], out_data[0].shape[1])
        op.assign(in_grad[0], req[0], out_data[0] - label)

    _register(
        mx,
        "trained_softmax",
        softmax,
        cross_entropy,
        need_top_grad=False,
        list_arguments=lambda: ["data", "label"],
        infer_shape=lambda s: ([s[0], [s[0][0]]], [s[0]], []),
    )
    x = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=3, name="fc")
    net = mx.sym.Custom(x, mx.sym.Variable("softmax_label"), op_type="trained_softmax", name="s")
    module = mx.mod.Module(net, context=mx.cpu())
    data, label = random.normal(size=(8, 4)), random.randint(0, 3, 8)
    iterator = mx.io.NDArrayIter(data.astype("float32"), label.astype("float32"), 4)
    module.fit(
        iterator,
        num_epoch=3,
        initializer=mx.init.One(),
        optimizer_params={"learning_rate": 0.1},
        eval_metric="acc",
    )
    return {"weight": module.get_params()[0]["fc_weight"]}


@case
def errors_of_calls(mx, random):
    _product(mx)
    x, y = mx.nd.ones((2,)), mx.sym.Variable("y")
    other, count = mx.nd.ones((3,)), mx.nd.zeros((1,))
    text = mx.sym.Custom(y, op_type="product").tojson()
    return {
        "unknown": error_of(lambda: mx.nd.Custom(x, op_type="nobody")),
        "unknown symbol": error_of(lambda: mx.sym.Custom(y, op_type="nobody")),
        "unknown in a file": error_of(lambda: mx.sym.load_json(text.replace("product", "nobody"))),
        "no type": error_of(lambda: mx.nd.Custom(x)),
        "no type of a symbol": error_of(lambda: mx.sym.Custom(y)),
        "too few": error_of(lambda: mx.nd.Custom(x, op_type="product")),
        "too many": error_of(lambda: mx.nd.Custom(x, x, count, x, op_type="product")),
        "too many symbols": raises(lambda: mx.sym.Custom(y, y, y, y, op_type="product")),
        "no such input": raises(lambda: mx.sym.Custom(wight=y, op_type="product")),
        "wrong shape": error_of(lambda: mx.nd.Custom(x, other, count, op_type="product")),
    }


@case
def errors_of_the_users_code(mx, random):
    def fail(*args):
        raise KeyError("missing")

    _register(mx, "bad_forward", forward=fail)
    _register(mx, "bad_backward", backward=fail)
    _register(mx, "bad_shape", infer_shape=fail)
    _register(mx, "bad_type", infer_type=fail)
    _register(mx, "one_list", infer_shape=lambda shapes: [shapes])
    _register(mx, "four_lists", infer_shape=lambda shapes: [shapes] * 4)
    _register(mx, "two_shapes", infer_shape=lambda shapes: (shapes, shapes * 2, []))
    _register(mx, "no_types", infer_type=lambda types: (types, [], []))
    _register(mx, "wrong_type", infer_type=lambda types: ([np.float64], types, []))

    def run(kind):
        x = mx.nd.ones((2,))
        x.attach_grad()
        with mx.autograd.record():
            y = mx.nd.Custom(x, op_type=kind)
        y.backward()
        return x.grad.asnumpy()

    kinds = [f"bad_{kind}" for kind in ("forward", "backward", "shape", "type")]
    kinds += ["one_list", "four_lists", "two_shapes", "no_types", "wrong_type"]
    return {kind: error_of(lambda kind=kind: run(kind)) for kind in kinds}


@case
def second_derivatives_are_refused(mx, random):
    def square(op, is_train, req, in_data, out_data, aux):
        op.assign(out_data[0], req[0], in_data[0] ** 2)

    def slope(op, req, out_grad, in_data, out_data, in_grad, aux):
        op.assign(in_grad[0], req[0], out_grad[0] * 2 * in_data[0])

    _register(mx, "square", square, slope)
    x = mx.nd.array([1, 2])
    x.attach_grad()

    def twice():
        with mx.autograd.record():
            y = mx.nd.Custom(x, op_type="square")
            first = mx.autograd.grad(y, x, create_graph=True, retain_graph=True)[0]
            total = (first * x).sum()
        total.backward()
        mx.nd.waitall()

    return {"error": error_of(twice)}


@case
def a_later_registration_wins(mx, random):
    _register(mx, "again", list_arguments=lambda: ["first"])
    _register(mx, "again", list_arguments=lambda: ["second"])
    net = mx.sym.Custom(op_type="again", name="c")
    return {"arguments": net.list_arguments()}
