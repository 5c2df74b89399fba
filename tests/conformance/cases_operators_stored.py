"""Operators that the reference runs as symbols alone, or on row_sparse arrays alone."""

from __future__ import annotations

import numpy as np

from tests.conformance.case import case, error_of


def _bound(mx, symbol, values, is_train=True, head=None, grad_req="write"):
    """Return outputs, gradients and changed states of a symbol, run once forward and back."""
    states = symbol.list_auxiliary_states()
    arguments = {name: mx.nd.array(values[name]) for name in symbol.list_arguments()}
    gradients = {name: mx.nd.ones(array.shape) for name, array in arguments.items()}
    executor = symbol.bind(
        mx.cpu(),
        arguments,
        args_grad=gradients,
        grad_req=grad_req,
        aux_states={name: mx.nd.array(values[name]) for name in states},
    )
    outputs = executor.forward(is_train=is_train)
    made = {f"out {i}": output.asnumpy() for i, output in enumerate(outputs)}
    if is_train:
        executor.backward(
            [mx.nd.array(np.ones(o.shape) if head is None else head) for o in outputs]
        )
        made.update({f"gradient of {name}": array.asnumpy() for name, array in gradients.items()})
    made.update({f"state {name}": executor.aux_dict[name].asnumpy() for name in states})
    return made


def _named(prefix, facts):
    return {f"{prefix}: {name}": fact for name, fact in facts.items()}


@case
def batch_normalization_of_old(mx, random):
    made = {}
    for name, attrs in (
        ("free", {"fix_gamma": False}),
        ("other constants", {"fix_gamma": False, "eps": 0.1, "momentum": 0.5}),
        ("global", {"fix_gamma": False, "use_global_stats": True}),
    ):
        for shape in ((4, 3), (2, 3, 2, 2)):
            symbol = mx.sym.BatchNorm_v1(mx.sym.Variable("data"), name="n", **attrs)
            values = {
                "data": random.normal(size=shape),
                "n_gamma": random.normal(1, 0.1, 3),
                "n_beta": random.normal(size=3),
                "n_moving_mean": random.normal(size=3),
                "n_moving_var": random.uniform(0.5, 2, 3),
            }
            head = random.normal(size=shape)
            made.update(_named(f"{name} {shape}", _bound(mx, symbol, values, head=head)))
            facts = _bound(mx, symbol, values, is_train=False)
            made.update(_named(f"{name} {shape} predicting", facts))
    return made


@case
def sparseness_of_activations(mx, random):
    made = {}
    for name, attrs in (
        ("default", {}),
        ("other", {"sparseness_target": 0.3, "penalty": 0.1, "momentum": 0.5}),
    ):
        for shape in ((4, 3), (1, 5)):
            for grad_req in ("write", "add"):
                symbol = mx.sym.IdentityAttachKLSparseReg(
                    mx.sym.Variable("data"), name="k", **attrs
                )
                values = {
                    "data": random.uniform(0.1, 0.9, shape),
                    "k_moving_avg": random.uniform(0.1, 0.9, shape[1]),
                }
                head = random.normal(size=shape)
                facts = _bound(mx, symbol, values, head=head, grad_req=grad_req)
                made.update(_named(f"{name} {shape} {grad_req}", facts))
    return made


@case
def squares_of_stored_rows_are_summed(mx, random):
    rows = mx.nd.array([[1, 2, 0], [0, 0, 0], [3, -4, 5]]).tostype("row_sparse")
    total = mx.nd._internal._square_sum
    return {
        "along rows": total(rows, axis=1).asnumpy(),
        "along rows, kept": total(rows, axis=1, keepdims=True).asnumpy(),
        "along columns": total(rows, axis=0).asnumpy(),
        "along columns, kept": total(rows, axis=0, keepdims=True).asnumpy(),
        "beyond": error_of(lambda: total(rows, axis=2).asnumpy()),
    }


UPDATES = {"lr": 0.1, "rescale_grad": 2, "clip_gradient": 1.5, "epsilon": 0.3}


@case
def adagrad_moves_the_rows_of_the_gradient(mx, random):
    made = {}
    for name, update, shape in (
        ("adagrad", mx.nd.sparse.adagrad_update, (4, 3)),
        ("group adagrad", mx.nd.contrib.group_adagrad_update, (4, 1)),
    ):
        for kind, attrs in (("defaults", {"lr": 0.1}), ("all", UPDATES)):
            grad = random.normal(size=(4, 3)) * np.array([[1], [0], [1], [0]])
            weight = mx.nd.array(random.normal(size=(4, 3)))
            history = mx.nd.array(random.uniform(0.1, 1, shape))
            weight, history = weight.tostype("row_sparse"), history.tostype("row_sparse")
            if name == "group adagrad":
                weight, history = weight.tostype("default"), history.tostype("default")
            update(weight, mx.nd.array(grad).tostype("row_sparse"), history, out=weight, **attrs)
            made[f"{name} {kind} weight"] = weight.asnumpy()
            made[f"{name} {kind} history"] = history.asnumpy()
    return made


@case
def the_second_phase_of_lamb_in_16_bits(mx, random):
    made = {}
    for name, attrs in (
        ("plain", {}),
        ("bounds", {"lower_bound": 1, "upper_bound": 2}),
        ("low", {"lower_bound": 2}),
    ):
        for ratio in (1.5, 0.0):
            weight32 = mx.nd.array(random.normal(size=(3, 2)))
            result = mx.nd.mp_lamb_update_phase2(
                weight32.astype("float16"),
                mx.nd.array(random.normal(size=(3, 2))),
                mx.nd.array([ratio]),
                mx.nd.array([0.5]),
                weight32,
                lr=0.1,
                **attrs,
            )
            made[f"{name} {ratio}"] = result.astype("float32").asnumpy()
    return made
