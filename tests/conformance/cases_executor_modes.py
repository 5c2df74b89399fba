"""Gradients of executors in training and in prediction: layers that know the difference."""

from __future__ import annotations

from tests.conformance.case import case


def _bound(mx, random, symbol, grad_req="write", fixed=None, **shapes):
    """Bind a symbol to random arrays of inferred shapes; `fixed` are given."""
    fixed = fixed or {}
    shapes.update({name: array.shape for name, array in fixed.items()})
    executor = symbol.simple_bind(mx.cpu(), grad_req=grad_req, **shapes)
    for name, array in executor.arg_dict.items():
        array[:] = fixed.get(name, mx.nd.array(random.normal(size=array.shape)))
    for array in executor.aux_dict.values():
        array[:] = mx.nd.array(random.uniform(0.5, 2, size=array.shape))
    for array in executor.grad_dict.values():
        if array is not None:
            array[:] = 1
    return executor


def _facts(executor, what):
    arrays = {f"out {i}": array for i, array in enumerate(executor.outputs)}
    arrays.update({f"grad {n}": a for n, a in executor.grad_dict.items() if a is not None})
    arrays.update({f"aux {name}": array for name, array in executor.aux_dict.items()})
    return {f"{what} {name}": array.copy() for name, array in arrays.items()}


def _trained(mx, random, executor, what):
    """Run forward and backward in training with random heads."""
    executor.forward(is_train=True)
    heads = [mx.nd.array(random.normal(size=out.shape)) for out in executor.outputs]
    executor.backward(heads)
    return _facts(executor, what)


@case
def batch_norm_trains_and_predicts(mx, random):
    found = {}
    ways = (
        {},
        {"fix_gamma": False},
        {"use_global_stats": True, "fix_gamma": False},
        {"fix_gamma": False, "eps": 0.1, "momentum": 0.5},
        {"fix_gamma": False, "axis": 2},
    )
    for way in ways:
        # The reference writes the zeros of a fixed gamma also where they are to be added.
        for request in ("write", "add") if "fix_gamma" in way else ("write",):
            data = mx.sym.Variable("data")
            symbol = mx.sym.BatchNorm(data, name="bn", **way)
            executor = _bound(mx, random, symbol, request, data=(2, 3, 4))
            label = f"{sorted(way.items())} {request}"
            found.update(_trained(mx, random, executor, f"{label} once"))
            found.update(_trained(mx, random, executor, f"{label} twice"))
            executor.forward(is_train=False)
            found.update(_facts(executor, f"{label} predicted"))
    return found


@case
def batch_norm_without_variance(mx, random):
    data = mx.nd.array([[[1, 1], [0, 2]], [[1, 1], [0, 2]]])
    symbol = mx.sym.BatchNorm(mx.sym.Variable("data"), name="bn", fix_gamma=False)
    executor = _bound(mx, random, symbol, fixed={"data": data})
    return _trained(mx, random, executor, "even")


@case
def batch_norm_fixed_by_requests(mx, random):
    symbol = mx.sym.BatchNorm(mx.sym.Variable("data"), name="bn", fix_gamma=False)
    requests = {"data": "write", "bn_gamma": "null", "bn_beta": "add"}
    executor = _bound(mx, random, symbol, requests, data=(2, 3, 4))
    return _trained(mx, random, executor, "some")


@case
def dropout_trains_and_predicts(mx, random):
    symbol = mx.sym.Dropout(mx.sym.Variable("data"), p=0.5)
    executor = _bound(mx, random, symbol, data=(40, 40))
    x = executor.arg_dict["data"]
    executor.forward(is_train=False)
    same = bool((executor.outputs[0].asnumpy() == x.asnumpy()).all())
    [out] = executor.forward(is_train=True)
    head = mx.nd.array(random.normal(size=x.shape))
    executor.backward([head])
    mask = (out / x).asnumpy().round(3)
    gradient = executor.grad_dict["data"].asnumpy()
    return {
        "predicted as it was": same,
        "factors": sorted({float(factor) for factor in mask.reshape(-1)}),
        "half are kept": bool(0.4 < (mask > 0).mean() < 0.6),
        "gradient is masked": bool(abs(gradient - mask * head.asnumpy()).max() < 1e-3),
    }


@case
def dropout_that_always_drops(mx, random):
    symbol = mx.sym.Dropout(mx.sym.Variable("data"), p=0.5, mode="always")
    executor = _bound(mx, random, symbol, data=(40, 40))
    [out] = executor.forward(is_train=False)
    return {"zeros": bool(0.4 < (out.asnumpy() == 0).mean() < 0.6)}


@case
def dropout_of_nothing(mx, random):
    found = {}
    for request in ("write", "add"):
        symbol = mx.sym.Dropout(mx.sym.Variable("data"), p=0)
        executor = _bound(mx, random, symbol, request, data=(3, 4))
        found.update(_trained(mx, random, executor, request))
    return found


def _recurrent(mx, mode, **attrs):
    data, parameters, state = (mx.sym.Variable(n) for n in ("data", "parameters", "state"))
    cell = {"state_cell": mx.sym.Variable("cell")} if mode == "lstm" else {}
    return mx.sym.RNN(
        data, parameters, state, mode=mode, state_size=2, num_layers=1, name="rnn", **cell, **attrs
    )


@case
def recurrent_layers_train_and_predict(mx, random):
    found = {}
    for mode in ("rnn_relu", "rnn_tanh", "lstm", "gru"):
        for request in ("write", "add"):
            symbol = _recurrent(mx, mode, state_outputs=True)
            executor = _bound(mx, random, symbol, request, data=(3, 2, 4))
            label = f"{mode} {request}"
            found.update(_trained(mx, random, executor, f"{label} once"))
            found.update(_trained(mx, random, executor, f"{label} twice"))
            executor.forward(is_train=False)
            found.update(_facts(executor, f"{label} predicted"))
    return found


@case
def recurrent_layers_of_two_ways(mx, random):
    found = {}
    for mode in ("lstm", "gru"):
        symbol = _recurrent(mx, mode, bidirectional=True)
        executor = _bound(mx, random, symbol, data=(3, 2, 4))
        found.update(_trained(mx, random, executor, mode))
    return found


@case
def ctc_trains_and_predicts(mx, random):
    labels = mx.nd.array([[1, 2], [2, 0]])
    found = {}
    for request in ("write", "add"):
        names = ("data", "label")
        symbol = mx.sym.CTCLoss(*[mx.sym.Variable(name) for name in names])
        requests = {"data": request, "label": "null"}
        shape = (4, 2, 3)
        executor = _bound(mx, random, symbol, requests, {"label": labels}, data=shape)
        found.update(_trained(mx, random, executor, f"{request} once"))
        found.update(_trained(mx, random, executor, f"{request} twice"))
        executor.forward(is_train=False)
        found.update(_facts(executor, f"{request} predicted"))
    return found


@case
def ctc_of_lengths(mx, random):
    names = ("data", "label", "data_lengths", "label_lengths")
    symbol = mx.sym.CTCLoss(
        *[mx.sym.Variable(name) for name in names],
        use_data_lengths=True,
        use_label_lengths=True,
        blank_label="last",
    )
    fixed = {
        "label": mx.nd.array([[0, 1], [1, 0]]),
        "data_lengths": mx.nd.array([4, 3]),
        "label_lengths": mx.nd.array([2, 1]),
    }
    requests = {"data": "write", **dict.fromkeys(fixed, "null")}
    executor = _bound(mx, random, symbol, requests, fixed, data=(4, 2, 3))
    return _trained(mx, random, executor, "lengths")


@case
def a_network_of_all_of_them(mx, random):
    data = mx.sym.Variable("data")
    hidden = mx.sym.BatchNorm(data, name="bn", fix_gamma=False)
    hidden = mx.sym.Dropout(mx.sym.transpose(hidden, axes=(2, 0, 1)), p=0)
    hidden = mx.sym.RNN(
        hidden,
        mx.sym.Variable("parameters"),
        mx.sym.Variable("state"),
        mode="rnn_tanh",
        state_size=3,
        num_layers=1,
    )
    symbol = mx.sym.MakeLoss(mx.sym.CTCLoss(hidden, mx.sym.Variable("label")))
    labels = mx.nd.array([[1, 2], [2, 0]])
    requests = {n: "null" if n == "label" else "write" for n in symbol.list_arguments()}
    executor = _bound(mx, random, symbol, requests, {"label": labels}, data=(2, 3, 4))
    found = _trained(mx, random, executor, "trained")
    executor.forward(is_train=False)
    return {**found, **_facts(executor, "predicted")}
