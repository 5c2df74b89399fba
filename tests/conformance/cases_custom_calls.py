"""Custom operators in use: requests, dependencies, several outputs, threads, older forms."""

from __future__ import annotations

import threading

import numpy as np

from tests.conformance.case import case, error_of, raises


def _define(mx, name, forward, backward=None, top=True, **methods):
    """Register an operator whose forward and backward are functions of the op and of the arrays.

    ``forward(op, req, data, out, aux)``, ``backward(op, req, heads, data, out, grads, aux)``;
    `methods` replace those of the CustomOpProp, without `self`.
    """

    class Op(mx.operator.CustomOp):
        def forward(self, is_train, req, in_data, out_data, aux):
            forward(self, req, in_data, out_data, aux)

        def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
            backward(self, req, out_grad, in_data, out_data, in_grad, aux)

    def made(self, **attrs):
        mx.operator.CustomOpProp.__init__(self, need_top_grad=top)
        self.attrs = attrs

    body = {label: _method(function) for label, function in methods.items()}
    body = {"create_operator": lambda self, ctx, shapes, types: Op(), **body, "__init__": made}
    return mx.operator.register(name)(type("Prop", (mx.operator.CustomOpProp,), body))


def _method(function):
    return lambda self, *args: function(*args)


def _double(op, req, data, out, aux):
    op.assign(out[0], req[0], data[0] * 2)


def _double_back(op, req, heads, data, out, grads, aux):
    op.assign(grads[0], req[0], heads[0] * 2)


def _settled(mx, action):
    """Run an action and wait for it, so that a late error of the reference belongs to it."""
    result = action()
    mx.nd.waitall()
    return result


def _pair_rules():
    """Return what an operator of two arguments and two outputs says of itself."""
    return {
        "list_arguments": lambda: ["x", "y"],
        "list_outputs": lambda: ["sum", "difference"],
        "infer_shape": lambda shapes: (shapes, [shapes[0]] * 2, []),
    }


def _define_pair(mx, name, seen=None):
    """Register an operator of two arguments whose outputs are their sum and difference."""

    def forward(op, req, data, out, aux):
        op.assign(out[0], req[0], data[0] + data[1])
        op.assign(out[1], req[1], data[0] - data[1])

    def backward(op, req, heads, data, out, grads, aux):
        if seen is not None:
            seen.append((list(req), [head.asnumpy().tolist() for head in heads]))
        op.assign(grads[0], req[0], heads[0] + heads[1])
        op.assign(grads[1], req[1], heads[0] - heads[1])

    _define(mx, name, forward, backward, **_pair_rules())


@case
def requests_of_a_bound_backward(mx, random):
    seen = []
    _define_pair(mx, "asked", seen)
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
    _define_pair(mx, "asked_eager", seen)
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

    _define(mx, "bold", _double, backward)
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
    _define_pair(mx, "half_used", seen)
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
    _define_pair(mx, "two_heads")
    x, y = mx.nd.array([1, 2]), mx.nd.array([3, 4])
    for array in (x, y):
        array.attach_grad()
    with mx.autograd.record():
        outputs = mx.nd.Custom(x, y, op_type="two_heads")
    mx.autograd.backward(outputs, [mx.nd.array([1, 2]), mx.nd.array([5, 7])])
    return {"gradients": (x.grad.asnumpy(), y.grad), "kind": type(outputs).__name__}


@case
def one_array_as_both_arguments(mx, random):
    _define_pair(mx, "twice")
    x = mx.nd.array([1, 2])
    x.attach_grad()
    with mx.autograd.record():
        total = mx.nd.add_n(*mx.nd.Custom(x, x, op_type="twice"))
    total.backward(mx.nd.array([1, 10]))
    net = mx.sym.Custom(mx.sym.Variable("x"), mx.sym.Variable("x"), op_type="twice")
    return {"gradient": x.grad, "inputs": net.list_arguments(), "outputs": net.list_outputs()}


@case
def arrays_given_as_out(mx, random):
    _define(mx, "into", _double, _double_back)
    _define_pair(mx, "into_two")
    x, out = mx.nd.array([1, 2]), mx.nd.zeros((2,))
    result = mx.nd.Custom(x, op_type="into", out=out)
    pair = [mx.nd.zeros((2,)), mx.nd.zeros((2,))]
    mx.nd.Custom(x, x, op_type="into_two", out=pair)
    return {"same": result is out, "out": out, "pair": pair}


@case
def arrays_of_whole_numbers(mx, random):
    def types(given):
        return given, [given[0]], []

    _define(mx, "whole", _double, _double_back, infer_type=types)
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

    _define(mx, "wider", forward, backward, infer_type=lambda types: (types, [np.float64], []))
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

    _define(mx, "rows", forward, backward, infer_shape=shapes)
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
        _define(mx, name, _double, backward, declare_backward_dependency=declare)
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

    methods = {**_pair_rules(), "declare_backward_dependency": declare}
    _define(mx, "numbered", forward, lambda *args: None, **methods)
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

    _define(mx, "own_loss", _double, backward, top=False)
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


@case
def a_state_in_the_middle_of_a_network(mx, random):
    def forward(op, req, data, out, aux):
        aux[0][:] = 0.5 * aux[0] + 0.5 * data[0].mean(axis=0)
        op.assign(out[0], req[0], data[0] - aux[0])

    def backward(op, req, heads, data, out, grads, aux):
        op.assign(grads[0], req[0], heads[0] * aux[0])

    _define(
        mx,
        "centered",
        forward,
        backward,
        list_auxiliary_states=lambda: ["mean"],
        infer_shape=lambda shapes: (shapes, shapes, [shapes[0][1:]]),
    )
    net = mx.sym.Custom(mx.sym.Variable("x") * 2, op_type="centered", name="c") * 3
    executor = net.simple_bind(mx.cpu(), x=(4, 2))
    results = {"arguments": net.list_arguments(), "states": net.list_auxiliary_states()}
    x = mx.nd.array(random.normal(size=(4, 2)))
    for number in range(2):
        executor.forward(is_train=True, x=x)
        executor.backward([mx.nd.ones((4, 2))])
        results[f"output {number}"] = executor.outputs[0].asnumpy()
        results[f"state {number}"] = executor.aux_dict["c_mean"].asnumpy()
        results[f"gradient {number}"] = executor.grad_dict["x"].asnumpy()
    return {**results, "inferred": net.infer_shape(x=(4, 2))}


@case
def several_operators_in_one_network(mx, random):
    _define(mx, "chained", _double, _double_back)
    _define_pair(mx, "chained_pair")
    x = mx.sym.Variable("x")
    first = mx.sym.Custom(x, op_type="chained", name="first")
    pair = mx.sym.Custom(first, x, op_type="chained_pair", name="pair")
    net = mx.sym.Group([pair[0] * pair[1], mx.sym.Custom(pair[1], op_type="chained", name="last")])
    again = mx.sym.load_json(net.tojson())
    executor = again.simple_bind(mx.cpu(), x=(3,))
    executor.forward(is_train=True, x=mx.nd.array([1, 2, 3]))
    executor.backward([mx.nd.array([1, 0, 2]), mx.nd.array([0, 1, 1])])
    return {
        "outputs": [output.asnumpy() for output in executor.outputs],
        "gradient": executor.grad_dict["x"],
        "names": (again.list_outputs(), again.get_internals().list_outputs()),
        "text": net.tojson(),
    }


@case
def a_saved_network_reads_its_attributes_again(mx, random):
    def forward(op, req, data, out, aux):
        op.assign(out[0], req[0], data[0])

    seen = []
    prop = _define(mx, "remembered", forward)
    init = prop.__init__

    def remember(self, **attrs):
        seen.append(dict(sorted(attrs.items())))
        init(self, **attrs)

    prop.__init__ = remember
    attrs = {"factor": 2.5, "flag": False, "names": ("a", "b"), "text": "x y"}
    net = mx.sym.Custom(mx.sym.Variable("x"), op_type="remembered", name="r", **attrs)
    seen.clear()
    again = mx.sym.load_json(net.tojson())
    again.simple_bind(mx.cpu(), x=(2,)).forward()
    mx.nd.waitall()
    return {"attributes": seen[-1], "saved": again.attr_dict()}


@case
def attributes_of_the_node(mx, random):
    _define(mx, "decorated", _double, _double_back)
    with mx.AttrScope(ctx_group="stage1"):
        net = mx.sym.Custom(
            mx.sym.Variable("x", lr_mult=2.0), op_type="decorated", name="d", attr={"mood": "good"}
        )
    return {"attributes": net.attr_dict(), "own": net.attr("mood"), "listed": net.list_attr()}


@case
def values_that_inference_may_return(mx, random):
    returned = {
        "tuples": lambda shapes: (tuple(shapes), (tuple(shapes[0]),), ()),
        "NumPy numbers": lambda shapes: (shapes, [np.array(shapes[0])], []),
        "no states": lambda shapes: (shapes, [shapes[0]]),
    }
    types = {"types": lambda given: (given, [np.float32]), "codes": lambda given: (given, [0], [])}
    results = {}
    for label, function in returned.items():
        name = f"shapes_{label}"
        _define(mx, name, _double, infer_shape=function)
        results[f"shapes as {label}"] = error_of(
            lambda name=name: _settled(mx, lambda: mx.nd.Custom(mx.nd.ones((2, 3)), op_type=name))
        )
    for label, function in types.items():
        name = f"types_{label}"
        _define(mx, name, _double, infer_type=function)
        results[f"types as {label}"] = error_of(
            lambda name=name: _settled(mx, lambda: mx.nd.Custom(mx.nd.ones((2, 3)), op_type=name))
        )
    return results


@case
def shapes_that_are_filled_in(mx, random):
    def shapes(given):
        return [given[0], [given[0][1], 4], [4]], [[given[0][0], 4]], []

    def forward(op, req, data, out, aux):
        op.assign(out[0], req[0], mx.nd.dot(data[0], data[1]) + data[2])

    methods = {"list_arguments": lambda: ["data", "weight", "bias"], "infer_shape": shapes}
    _define(mx, "affine", forward, lambda *args: None, **methods)
    net = mx.sym.Custom(mx.sym.Variable("x"), op_type="affine", name="a")
    executor = net.simple_bind(mx.cpu(), x=(2, 3))
    return {
        "inferred": net.infer_shape(x=(2, 3)),
        "bound": [array.shape for array in executor.arg_arrays],
        "arguments": net.list_arguments(),
        "next": (mx.sym.FullyConnected(net, num_hidden=5, name="fc")).infer_shape(x=(2, 3)),
        "unknown": error_of(lambda: net.infer_shape(a_weight=(3, 4))),
    }


@case
def code_of_the_user_that_uses_operators_and_autograd(mx, random):
    def forward(op, req, data, out, aux):
        inner = mx.nd.Custom(data[0], op_type="inner")
        op.assign(out[0], req[0], inner + float(data[0].asnumpy()[0]))

    def backward(op, req, heads, data, out, grads, aux):
        x = data[0].copy()
        x.attach_grad()
        with mx.autograd.record():
            y = x * x * x
        y.backward(heads[0])
        op.assign(grads[0], req[0], x.grad)

    _define(mx, "inner", _double, _double_back)
    _define(mx, "outer", forward, backward)
    x = mx.nd.array([1, 2])
    x.attach_grad()
    with mx.autograd.record():
        y = mx.nd.Custom(x, op_type="outer") * 2
    y.backward()
    return {"output": y, "gradient": x.grad, "recording": mx.autograd.is_recording()}


@case
def operators_that_keep_something_between_forward_and_backward(mx, random):
    def forward(op, req, data, out, aux):
        op.mask = data[0] > 1
        op.assign(out[0], req[0], data[0] * op.mask)

    def backward(op, req, heads, data, out, grads, aux):
        op.assign(grads[0], req[0], heads[0] * op.mask)

    _define(mx, "keeping", forward, backward)
    x, z = mx.nd.array([1, 2]), mx.nd.array([5, 0])
    for array in (x, z):
        array.attach_grad()
    with mx.autograd.record():
        y = mx.nd.Custom(x, op_type="keeping") + 10 * mx.nd.Custom(z, op_type="keeping")
    y.backward()
    return {"first": x.grad, "second": z.grad}


@case
def threads_that_call_operators(mx, random):
    _define(mx, "threaded", _double, _double_back)
    found = [None] * 4

    def work(number):
        x = mx.nd.ones((3,)) * number
        x.attach_grad()
        for _ in range(5):
            with mx.autograd.record():
                y = mx.nd.Custom(x, op_type="threaded") * x
            y.backward()
        found[number] = (y.asnumpy().tolist(), x.grad.asnumpy().tolist())

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"found": found}


@case
def errors_leave_the_arrays_and_the_next_call_alone(mx, random):
    mood = {"bad": True}

    def forward(op, req, data, out, aux):
        if mood["bad"]:
            raise ValueError("bad mood")
        _double(op, req, data, out, aux)

    _define(mx, "moody", forward, _double_back)
    x = mx.nd.array([1, 2])
    failed = error_of(lambda: mx.nd.Custom(x, op_type="moody").asnumpy())
    mood["bad"] = False
    return {"failed": failed, "then": mx.nd.Custom(x, op_type="moody"), "input": x}


@case
def errors_of_a_users_backward(mx, random):
    def fail(*args):
        raise ZeroDivisionError("slope")

    _define(mx, "steep", _double, fail)
    x = mx.nd.array([1, 2])
    x.attach_grad()

    def run():
        with mx.autograd.record():
            y = mx.nd.Custom(x, op_type="steep")
        y.backward()
        x.grad.asnumpy()

    net = mx.sym.Custom(mx.sym.Variable("x"), op_type="steep")
    executor = net.simple_bind(mx.cpu(), x=(2,))

    def bound():
        executor.forward(is_train=True)
        executor.backward([mx.nd.ones((2,))])
        executor.grad_dict["x"].asnumpy()

    return {"recorded": raises(run), "bound": raises(bound)}


@case
def writing_what_does_not_fit(mx, random):
    wrong = {
        "another shape": lambda op, req, data, out, aux: op.assign(
            out[0], req[0], mx.nd.ones((3,))
        ),
        "a number": lambda op, req, data, out, aux: op.assign(out[0], req[0], 7),
        "a NumPy array": lambda op, req, data, out, aux: op.assign(
            out[0], req[0], np.array([4.0, 5.0])
        ),
        "a list": lambda op, req, data, out, aux: op.assign(out[0], req[0], [4.0, 5.0]),
        "one for all": lambda op, req, data, out, aux: op.assign(out[0], req[0], mx.nd.ones((1,))),
        "another dtype": lambda op, req, data, out, aux: op.assign(
            out[0], req[0], mx.nd.array([1, 2], dtype="int32")
        ),
    }
    results = {}
    for label, forward in wrong.items():
        name = f"writing_{label}"
        _define(mx, name, forward)

        def run(name=name):
            return mx.nd.Custom(mx.nd.zeros((2,)), op_type=name).asnumpy().tolist()

        failed = error_of(run)
        results[label] = run() if failed == "nothing" else failed
    return results


@case(differs="sparse arrays are computed as dense ones, by custom operators too")
def sparse_arguments_are_refused(mx, random):
    _define(mx, "dense_only", _double, _double_back)
    x = mx.nd.array([[0, 1], [2, 0]])
    return {
        stype: raises(
            lambda stype=stype: _settled(
                mx, lambda: mx.nd.Custom(x.tostype(stype), op_type="dense_only")
            )
        )
        for stype in ("csr", "row_sparse")
    }


@case
def a_loss_of_before_custom_op(mx, random):
    class Softmax(mx.operator.NumpyOp):
        def __init__(self):
            super().__init__(False)

        def list_arguments(self):
            return ["data", "label"]

        def list_outputs(self):
            return ["output"]

        def infer_shape(self, in_shape):
            return [in_shape[0], (in_shape[0][0],)], [in_shape[0]]

        def forward(self, in_data, out_data):
            y = np.exp(in_data[0] - in_data[0].max(axis=1, keepdims=True))
            out_data[0][:] = y / y.sum(axis=1, keepdims=True)

        def backward(self, out_grad, in_data, out_data, in_grad):
            in_grad[0][:] = out_data[0]
            in_grad[0][np.arange(3), in_data[1].astype(int)] -= 1

    op = Softmax()
    net = op(data=mx.sym.Variable("x"), name="s")
    executor = net.simple_bind(mx.cpu(), grad_req={"x": "write"}, x=(3, 4), s_label=(3,))
    x = mx.nd.array(random.normal(size=(3, 4)))
    executor.forward(is_train=True, x=x, s_label=mx.nd.array([0, 3, 1]))
    executor.backward()
    return {
        "names": (net.list_arguments(), net.list_outputs()),
        "output": executor.outputs[0],
        "gradient": executor.grad_dict["x"],
        "shapes": net.infer_shape(x=(3, 4), s_label=(3,)),
        "need_top_grad": op.need_top_grad(),
    }


@case
def several_outputs_of_before_custom_op(mx, random):
    results = {}
    for base in ("NumpyOp", "NDArrayOp"):

        class Both(getattr(mx.operator, base)):
            def list_arguments(self):
                return ["a", "b"]

            def list_outputs(self):
                return ["sum", "product"]

            def infer_shape(self, in_shape):
                return in_shape, [in_shape[0], in_shape[0]]

            def forward(self, in_data, out_data):
                out_data[0][:] = in_data[0] + in_data[1]
                out_data[1][:] = in_data[0] * in_data[1]

            def backward(self, out_grad, in_data, out_data, in_grad):
                in_grad[0][:] = out_grad[0] + out_grad[1] * in_data[1]
                in_grad[1][:] = out_grad[0] + out_grad[1] * in_data[0]

        both = Both()
        net = both.get_symbol(mx.sym.Variable("x"), mx.sym.Variable("y"), name="both")
        executor = net.simple_bind(mx.cpu(), x=(2,), y=(2,))
        executor.forward(is_train=True, x=mx.nd.array([1, 2]), y=mx.nd.array([3, 4]))
        executor.backward([mx.nd.array([1, 1]), mx.nd.array([1, 10])])
        results[f"{base} outputs"] = [output.asnumpy() for output in executor.outputs]
        results[f"{base} gradients"] = [gradient.asnumpy() for gradient in executor.grad_arrays]
        results[f"{base} names"] = (net.list_arguments(), net.list_outputs())
    return results
