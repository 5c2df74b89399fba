"""Custom operators in use: networks, saved ones, inference, threads, errors, older forms."""

from __future__ import annotations

import threading

import numpy as np

from tests.conformance.case import case, error_of, raises
from tests.conformance.custom_operators import define, define_pair, double, double_back, settled


@case
def a_state_in_the_middle_of_a_network(mx, random):
    def forward(op, req, data, out, aux):
        aux[0][:] = 0.5 * aux[0] + 0.5 * data[0].mean(axis=0)
        op.assign(out[0], req[0], data[0] - aux[0])

    def backward(op, req, heads, data, out, grads, aux):
        op.assign(grads[0], req[0], heads[0] * aux[0])

    define(
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
    define(mx, "chained", double, double_back)
    define_pair(mx, "chained_pair")
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
    prop = define(mx, "remembered", forward)
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
    define(mx, "decorated", double, double_back)
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
        define(mx, name, double, infer_shape=function)
        results[f"shapes as {label}"] = error_of(
            lambda name=name: settled(mx, lambda: mx.nd.Custom(mx.nd.ones((2, 3)), op_type=name))
        )
    for label, function in types.items():
        name = f"types_{label}"
        define(mx, name, double, infer_type=function)
        results[f"types as {label}"] = error_of(
            lambda name=name: settled(mx, lambda: mx.nd.Custom(mx.nd.ones((2, 3)), op_type=name))
        )
    return results


@case
def shapes_that_are_filled_in(mx, random):
    def shapes(given):
        return [given[0], [given[0][1], 4], [4]], [[given[0][0], 4]], []

    def forward(op, req, data, out, aux):
        op.assign(out[0], req[0], mx.nd.dot(data[0], data[1]) + data[2])

    methods = {"list_arguments": lambda: ["data", "weight", "bias"], "infer_shape": shapes}
    define(mx, "affine", forward, lambda *args: None, **methods)
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

    define(mx, "inner", double, double_back)
    define(mx, "outer", forward, backward)
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

    define(mx, "keeping", forward, backward)
    x, z = mx.nd.array([1, 2]), mx.nd.array([5, 0])
    for array in (x, z):
        array.attach_grad()
    with mx.autograd.record():
        y = mx.nd.Custom(x, op_type="keeping") + 10 * mx.nd.Custom(z, op_type="keeping")
    y.backward()
    return {"first": x.grad, "second": z.grad}


@case
def threads_that_call_operators(mx, random):
    define(mx, "threaded", double, double_back)
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
        double(op, req, data, out, aux)

    define(mx, "moody", forward, double_back)
    x = mx.nd.array([1, 2])
    failed = error_of(lambda: mx.nd.Custom(x, op_type="moody").asnumpy())
    mood["bad"] = False
    return {"failed": failed, "then": mx.nd.Custom(x, op_type="moody"), "input": x}


@case
def errors_of_a_users_backward(mx, random):
    def fail(*args):
        raise ZeroDivisionError("slope")

    define(mx, "steep", double, fail)
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
        define(mx, name, forward)

        def run(name=name):
            return mx.nd.Custom(mx.nd.zeros((2,)), op_type=name).asnumpy().tolist()

        failed = error_of(run)
        results[label] = run() if failed == "nothing" else failed
    return results


@case(differs="sparse arrays are computed as dense ones, by custom operators too")
def sparse_arguments_are_refused(mx, random):
    define(mx, "dense_only", double, double_back)
    x = mx.nd.array([[0, 1], [2, 0]])
    return {
        stype: raises(
            lambda stype=stype: settled(
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
