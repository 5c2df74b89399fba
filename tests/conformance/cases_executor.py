"""Executors: binding, running forward and backward, gradient requests, reshaping, monitors."""

from __future__ import annotations

import numpy as np

from tests.conformance.case import case, error_of, raises


def _dense(mx):
    return mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=4, name="dense")


def _values(mx, random):
    shapes = {"data": (2, 3), "dense_weight": (4, 3), "dense_bias": (4,)}
    return {name: mx.nd.array(random.normal(size=shape)) for name, shape in shapes.items()}


def _shapes(arrays):
    return [None if array is None else array.shape for array in arrays]


@case
def bind_with_lists(mx, random):
    values = list(_values(mx, random).values())
    slots = [mx.nd.zeros(each.shape) for each in values]
    executor = _dense(mx).bind(mx.cpu(), values, args_grad=slots)
    output = executor.forward(is_train=True)[0]
    executor.backward(mx.nd.ones((2, 4)))
    return {
        "output": output,
        "data": slots[0],
        "weight": slots[1],
        "bias": slots[2],
        "outputs": len(executor.outputs),
        "same arrays": all(a is b for a, b in zip(executor.arg_arrays, values, strict=True)),
    }


@case
def bind_with_dictionaries(mx, random):
    values = _values(mx, random)
    slots = {"dense_weight": mx.nd.zeros((4, 3))}
    executor = _dense(mx).bind(mx.cpu(), values, args_grad=slots)
    executor.forward(is_train=True)
    executor.backward([mx.nd.ones((2, 4))])
    return {
        "weight": slots["dense_weight"],
        "gradients": _shapes(executor.grad_arrays),
        "keys of arg_dict": sorted(executor.arg_dict),
        "keys of grad_dict": sorted(k for k, v in executor.grad_dict.items() if v is not None),
        "keys of output_dict": list(executor.output_dict),
        "keys of aux_dict": list(executor.aux_dict),
    }


@case
def simple_bind_allocates(mx, random):
    executor = _dense(mx).simple_bind(mx.cpu(), data=(2, 3))
    return {
        "arguments": _shapes(executor.arg_arrays),
        "gradients": _shapes(executor.grad_arrays),
        "outputs": _shapes(executor.outputs),
        "states": _shapes(executor.aux_arrays),
        "zero": executor.arg_dict["dense_weight"],
        "types": [each.dtype for each in executor.arg_arrays],
    }


@case
def simple_bind_with_types(mx, random):
    executor = _dense(mx).simple_bind(
        mx.cpu(), grad_req="null", type_dict={"data": "float64"}, data=(2, 3)
    )
    return {
        "types": [each.dtype for each in executor.arg_arrays],
        "gradients": _shapes(executor.grad_arrays),
        "output": executor.forward()[0],
    }


@case
def gradients_are_written_added_or_left(mx, random):
    values = _values(mx, random)
    slots = {name: mx.nd.ones(each.shape) for name, each in values.items()}
    requests = {"data": "write", "dense_weight": "add", "dense_bias": "null"}
    executor = _dense(mx).bind(mx.cpu(), values, args_grad=slots, grad_req=requests)
    for _ in range(2):
        executor.forward(is_train=True)
        executor.backward(mx.nd.ones((2, 4)))
    return slots


@case
def gradient_requests_as_text_and_list(mx, random):
    found = {}
    for label, request in {"add": "add", "list": ["write", "add", "null"]}.items():
        values = list(_values(mx, random).values())
        slots = [mx.nd.ones(each.shape) for each in values]
        executor = _dense(mx).bind(mx.cpu(), values, slots, grad_req=request)
        executor.forward(is_train=True)
        executor.backward(mx.nd.ones((2, 4)))
        found.update({f"{label} {i}": slot for i, slot in enumerate(slots)})
    return found


@case
def forward_takes_new_values(mx, random):
    values = _values(mx, random)
    executor = _dense(mx).bind(mx.cpu(), values)
    first = executor.forward()[0].asnumpy()
    second = executor.forward(data=mx.nd.ones((2, 3)))[0]
    return {
        "first": first,
        "second": second,
        "data now": executor.arg_dict["data"],
        "unknown name": error_of(lambda: executor.forward(nothing=mx.nd.ones((2, 3)))),
        "wrong shape": error_of(lambda: executor.forward(data=mx.nd.ones((3, 3)))),
    }


@case
def changed_arrays_count_at_the_next_forward(mx, random):
    values = _values(mx, random)
    executor = _dense(mx).bind(mx.cpu(), values)
    executor.forward()
    values["data"][:] = 2
    executor.arg_dict["dense_bias"][1] = 5
    return {"output": executor.forward()[0]}


@case
def losses_need_no_head_gradient(mx, random):
    net = mx.sym.SoftmaxOutput(_dense(mx), name="softmax")
    executor = net.simple_bind(mx.cpu(), data=(2, 3))
    for name, value in _values(mx, random).items():
        executor.arg_dict[name][:] = value
    executor.arg_dict["softmax_label"][:] = mx.nd.array([1, 3])
    output = executor.forward(is_train=True)[0].asnumpy()
    executor.backward()
    return {"output": output, "weight": executor.grad_dict["dense_weight"]}


@case
def heads_of_several_outputs(mx, random):
    x = mx.sym.Variable("x")
    net = mx.sym.Group([x * x, mx.sym.BlockGrad(x * 3), mx.sym.exp(x)])
    slot = mx.nd.zeros((3,))
    executor = net.bind(mx.cpu(), {"x": mx.nd.array([1, 2, 3])}, {"x": slot})
    outputs = [each.asnumpy() for each in executor.forward(is_train=True)]
    executor.backward([mx.nd.ones((3,)), mx.nd.ones((3,)), mx.nd.array([1, 0, 2])])
    return {"first": outputs[0], "second": outputs[1], "third": outputs[2], "gradient": slot}


@case
def an_output_used_twice_gets_both_gradients(mx, random):
    x = mx.sym.Variable("x")
    y = mx.sym.tanh(x)
    slot = mx.nd.zeros((3,))
    executor = (y * y + y).bind(mx.cpu(), {"x": mx.nd.array([0.1, -0.5, 2])}, {"x": slot})
    executor.forward(is_train=True)
    executor.backward(mx.nd.array([1, 2, 3]))
    return {"output": executor.outputs[0], "gradient": slot}


@case
def training_and_prediction_differ(mx, random):
    net = mx.sym.BatchNorm(mx.sym.Variable("data"), name="norm", fix_gamma=False, momentum=0.5)
    executor = net.simple_bind(mx.cpu(), data=(4, 3))
    executor.arg_dict["norm_gamma"][:] = 2
    executor.aux_dict["norm_moving_var"][:] = 1
    executor.arg_dict["data"][:] = mx.nd.array(random.normal(1, 2, size=(4, 3)))
    predicted = executor.forward(is_train=False)[0].asnumpy()
    trained = executor.forward(is_train=True)[0].asnumpy()
    executor.backward(mx.nd.array(random.normal(size=(4, 3))))
    return {
        "predicted": predicted,
        "trained": trained,
        "mean": executor.aux_dict["norm_moving_mean"],
        "variance": executor.aux_dict["norm_moving_var"],
        "data": executor.grad_dict["data"],
        "gamma": executor.grad_dict["norm_gamma"],
        "later": executor.forward(is_train=False)[0],
    }


@case
def copying_parameters(mx, random):
    executor = _dense(mx).simple_bind(mx.cpu(), data=(2, 3))
    values = _values(mx, random)
    extra = {**values, "more": mx.nd.zeros((1,))}
    executor.copy_params_from(values)
    return {
        "weight": executor.arg_dict["dense_weight"],
        "extra": error_of(lambda: executor.copy_params_from(extra)),
        "extra allowed": error_of(
            lambda: executor.copy_params_from(extra, allow_extra_params=True)
        ),
    }


@case
def reshaping_keeps_parameters(mx, random):
    executor = _dense(mx).simple_bind(mx.cpu(), data=(2, 3))
    executor.copy_params_from(_values(mx, random))
    larger = executor.reshape(data=(5, 3), allow_up_sizing=True)
    larger.arg_dict["data"][:] = 1
    smaller = executor.reshape(data=(1, 3))
    return {
        "output": larger.forward()[0],
        "shapes": _shapes(larger.arg_arrays),
        "gradients": _shapes(larger.grad_arrays),
        "smaller": _shapes(smaller.arg_arrays),
        "shared": np.array_equal(
            larger.arg_dict["dense_weight"].asnumpy(), executor.arg_dict["dense_weight"].asnumpy()
        ),
        "original": _shapes(executor.arg_arrays),
    }


@case
def monitors_see_outputs(mx, random):
    seen, note = _notes()
    net = mx.sym.Activation(_dense(mx), act_type="relu", name="active")
    executor = net.simple_bind(mx.cpu(), data=(2, 3))
    executor.set_monitor_callback(note)
    executor.forward(is_train=False)
    return {"names": seen}


@case
def monitors_see_inputs(mx, random):
    seen, note = _notes()
    executor = _dense(mx).simple_bind(mx.cpu(), data=(2, 3))
    executor.set_monitor_callback(note, monitor_all=True)
    executor.forward(is_train=True)
    return {"names": seen}


def _notes():
    """Return a list and a callback that fills it; the reference gives names as bytes."""
    seen = []

    def note(name, array):
        seen.append(name.decode() if isinstance(name, bytes) else name)

    return seen, note


@case
def eval_binds_and_runs(mx, random):
    a, b = mx.sym.Variable("a"), mx.sym.Variable("b")
    values = {"a": mx.nd.array([1, 2]), "b": mx.nd.array([3, 4])}
    result = mx.sym.Group([a + b, a * b]).eval(ctx=mx.cpu(), **values)
    return {"sum": result[0], "product": result[1], "missing": error_of(lambda: (a + b).eval())}


@case
def binding_a_part_of_a_network(mx, random):
    net = mx.sym.SoftmaxOutput(_dense(mx), name="softmax")
    values = _values(mx, random)
    part = net.get_internals()["dense_output"]
    return {"output": part.bind(mx.cpu(), values).forward()[0], "whole": net.list_arguments()}


@case
def outputs_are_kept_between_runs(mx, random):
    executor = _dense(mx).bind(mx.cpu(), _values(mx, random))
    first = executor.forward()[0]
    before = first.asnumpy()
    executor.forward(data=mx.nd.zeros((2, 3)))
    return {
        "same memory": not np.array_equal(first.asnumpy(), before),
        "by name": executor.output_dict["dense_output"],
    }


@case
def wrong_bindings_raise(mx, random):
    net, values = _dense(mx), _values(mx, random)
    short = {name: each for name, each in values.items() if name != "dense_bias"}
    badly_shaped = {**values, "dense_bias": mx.nd.zeros((5,))}
    heads = net.bind(mx.cpu(), values, {"data": mx.nd.zeros((2, 3))})
    heads.forward(is_train=True)
    return {
        "argument missing": error_of(lambda: net.bind(mx.cpu(), short)),
        "list too short": error_of(lambda: net.bind(mx.cpu(), list(short.values()))),
        "wrong shape": error_of(lambda: net.bind(mx.cpu(), badly_shaped).forward()[0].asnumpy()),
        "shape missing": raises(lambda: net.simple_bind(mx.cpu())),
        "unknown request": error_of(lambda: net.bind(mx.cpu(), values, grad_req="nothing")),
        "head missing": error_of(lambda: heads.backward()),
        "head of wrong shape": error_of(lambda: heads.backward(mx.nd.ones((3, 3)))),
    }


@case
def heads_may_be_reused(mx, random):
    x = mx.sym.Variable("x")
    slot = mx.nd.zeros((2, 2))
    head = mx.nd.array([[1, 2], [3, 4]])
    executor = mx.sym.elemwise_add(x, x).bind(mx.cpu(), {"x": mx.nd.ones((2, 2))}, {"x": slot})
    executor.forward(is_train=True)
    executor.backward(head)
    slot[:] *= 10
    return {"head": head, "gradient": slot}


@case
def debug_text_and_attributes(mx, random):
    executor = _dense(mx).simple_bind(mx.cpu(), data=(2, 3))
    return {
        "has text": isinstance(executor.debug_str(), str),
        "arguments": sorted(executor.arg_dict),
        "outputs before forward": executor.outputs[0].shape,
    }
