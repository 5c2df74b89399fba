"""`mx.operator` besides running a custom operator: defaults, older classes, what is registered."""

from __future__ import annotations

import warnings

import numpy as np

from tests.conformance.case import case, error_of


@case
def assigning(mx, random):
    op, results = mx.operator.CustomOp(), {}
    target = mx.nd.zeros((2,))
    for request in ("null", "write", "inplace", "add"):
        op.assign(target, request, mx.nd.array([1, 2]))
        results[request] = target.asnumpy()
    op.assign(target, "write", 5)
    results["number"] = target.asnumpy()
    op.assign(target, "write", np.array([1.0, 2.0], dtype="float32"))
    return {**results, "numpy": target}


@case
def defaults_of_the_description(mx, random):
    prop, loss = mx.operator.CustomOpProp(), mx.operator.CustomOpProp(need_top_grad=False)
    return {
        "arguments": prop.list_arguments(),
        "outputs": prop.list_outputs(),
        "states": prop.list_auxiliary_states(),
        "shapes": prop.infer_shape([[2, 3], [4]]),
        "types": prop.infer_type([np.float16, np.float32]),
        "storage": prop.infer_storage_type(["default", "default"]),
        "sparse": error_of(lambda: prop.infer_storage_type(["csr"])),
        "backward storage": prop.infer_storage_type_backward(
            ["default"], ["default"] * 2, ["default"], ["undefined"] * 2, []
        ),
        "dependency": prop.declare_backward_dependency([0], [1, 2], [3]),
        "loss": loss.declare_backward_dependency([0], [1, 2], [3]),
        "operator": type(prop.create_operator(None, [], [])).__name__,
    }


@case
def operators_of_before_custom_op(mx, random):
    results = {}
    for base in ("NumpyOp", "NDArrayOp"):

        class Triple(getattr(mx.operator, base)):
            def forward(self, in_data, out_data):
                out_data[0][:] = in_data[0] * 3

            def backward(self, out_grad, in_data, out_data, in_grad):
                in_grad[0][:] = out_grad[0] * 3

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            triple = Triple()
        net = triple(mx.sym.Variable("x"), name="triple")
        executor = net.simple_bind(mx.cpu(), x=(2,))
        executor.forward(is_train=True, x=mx.nd.array([1, 2]))
        executor.backward(mx.nd.array([1, 0.5]))
        results[f"{base} names"] = (net.list_arguments(), net.list_outputs())
        results[f"{base} output"] = executor.outputs[0].asnumpy()
        results[f"{base} gradient"] = executor.grad_arrays[0].asnumpy()
    return results


@case
def arguments_of_operators(mx, random):
    names = ("Activation", "FullyConnected", "Concat", "clip", "Dropout", "Custom")
    found = {name: mx.operator.get_operator_arguments(name) for name in names}
    return {
        "names": {name: (each.narg, each.names) for name, each in found.items()},
        "types": found["Activation"].types,
        "unknown": error_of(lambda: mx.operator.get_operator_arguments("nothing")),
        "listed": {"Convolution", "relu"} <= set(mx.operator.get_all_registered_operators()),
    }
