"""Every method of NDArray that is an operator: as a method, as a function, by keywords, wrong."""

from __future__ import annotations

import numpy as np

from tests.conformance.case import case, error_of, outcome, raises

UNARY = (
    "abs", "arccosh", "arcsinh", "arctan", "argmax_channel", "cbrt", "ceil", "cos", "cosh",
    "degrees", "exp", "expm1", "fix", "floor", "log", "log10", "log1p", "log2", "log_softmax",
    "radians", "rcbrt", "reciprocal", "relu", "rint", "round", "rsqrt", "sigmoid", "sign", "sin",
    "sinh", "softmax", "softmin", "sqrt", "square", "tan", "tanh", "trunc", "ones_like",
    "zeros_like", "shape_array", "size_array",
)  # fmt: skip
SMALL = ("arccos", "arcsin", "arctanh")
REDUCTIONS = ("sum", "mean", "prod", "nansum", "nanprod", "max", "min", "norm")


@case(rtol=1e-3)
def functions_of_each_element(mx, random):
    x = mx.nd.array(random.uniform(1.1, 3, size=(2, 3)))
    found = {}
    for name in UNARY:
        found[name] = outcome(lambda name=name: getattr(x, name)())
    for name in SMALL:
        found[name] = outcome(lambda name=name: getattr(x / 4, name)())
    return found


@case(rtol=1e-2, atol=1e-2)
def functions_of_half_floats(mx, random):
    x = mx.nd.array(random.uniform(1.1, 3, size=(2, 3)), dtype="float16")
    return {name: outcome(lambda name=name: getattr(x, name)()) for name in UNARY}


@case
def functions_of_whole_numbers(mx, random):
    x = mx.nd.array([[1, -2, 3]], dtype="int32")
    names = (
        "abs", "ceil", "floor", "fix", "rint", "round", "sign", "square", "trunc", "ones_like",
        "zeros_like", "shape_array", "size_array",
    )  # fmt: skip
    return {name: outcome(lambda name=name: getattr(x, name)()) for name in names}


@case
def methods_are_the_functions(mx, random):
    x = mx.nd.array(random.uniform(1.1, 3, size=(2, 3)))
    same = {}
    for name in (*UNARY, *REDUCTIONS, "sort", "argsort", "topk", "flip"):
        more = {"axis": 1} if name == "flip" else {}
        method = getattr(x, name)(**more).asnumpy()
        function = getattr(mx.nd, name)(x, **more).asnumpy()
        same[name] = bool((method == function).all())
    return same


@case
def methods_leave_the_array(mx, random):
    x = mx.nd.array([[1, -2], [3, 4]])
    for name in (*UNARY, "sort", "flatten", "transpose"):
        getattr(x, name)()
    x.clip(0, 1), x.flip(axis=0), x.repeat(2), x.swapaxes(0, 1), x.astype("int32")
    return {"x": x}


@case
def methods_with_out(mx, random):
    x, target = mx.nd.array([1, 4, 9]), mx.nd.zeros((3,))
    returned = x.sqrt(out=target)
    one = mx.nd.zeros((1,))
    x.sum(out=one)
    return {
        "target": target,
        "same": returned is target,
        "sum": one,
        "wrong": error_of(lambda: x.sqrt(out=mx.nd.zeros((2,)))),
        "named": x.sqrt(name="root"),
    }


@case(rtol=1e-3)
def reductions(mx, random):
    x = mx.nd.array(random.uniform(0.5, 2, size=(2, 3, 2)))
    found = {}
    for name in REDUCTIONS:
        method = getattr(x, name)
        found[name] = method()
        found[f"{name} axis"] = method(axis=1)
        found[f"{name} kept"] = method(axis=0, keepdims=True)
        found[f"{name} axes"] = method(axis=(0, 2))
        found[f"{name} negative"] = method(axis=-1)
        found[f"{name} wrong"] = raises(lambda method=method: method(axis=3).asnumpy())
    return {**found, "norm of rows": x.norm(ord=1, axis=1), "sum by position": x.sum(1, True)}


@case
def positions_of_extremes(mx, random):
    x = mx.nd.array(random.permutation(12).reshape(3, 4))
    return {
        "argmax": x.argmax(), "argmax axis": x.argmax(axis=1), "argmin": x.argmin(axis=0),
        "argmax kept": x.argmax(axis=1, keepdims=True), "channel": x.argmax_channel(),
        "sort": x.sort(), "sort down": x.sort(is_ascend=False), "sort all": x.sort(axis=None),
        "argsort": x.argsort(), "argsort int": x.argsort(axis=0, dtype="int32"),
        "topk": x.topk(), "topk 2": x.topk(k=2), "topk values": x.topk(k=2, ret_typ="value"),
        "topk both": x.topk(k=1, ret_typ="both"), "topk mask": x.topk(k=2, ret_typ="mask"),
        "topk lowest": x.topk(k=1, is_ascend=True), "topk axis": x.topk(axis=0, k=1),
        "topk too many": raises(lambda: x.topk(k=9).asnumpy()),
        "wrong axis": raises(lambda: x.argmax(axis=2).asnumpy()),
    }  # fmt: skip


@case
def parts_of_arrays(mx, random):
    x = mx.nd.arange(12).reshape((3, 4))
    return {
        "slice": x.slice((0, 1), (2, 3)),
        "slice keywords": x.slice(begin=(0, 0), end=(3, 4), step=(2, 2)),
        "slice none": x.slice(begin=(None, 1), end=(2, None)),
        "slice_axis": x.slice_axis(axis=1, begin=1, end=3),
        "slice_axis to the end": x.slice_axis(0, 1, None),
        "slice_like": x.slice_like(mx.nd.zeros((2, 2))),
        "slice_like axes": x.slice_like(mx.nd.zeros((2, 2)), axes=(0,)),
        "take": x.take(mx.nd.array([0, 2])),
        "take axis": x.take(mx.nd.array([[0, 2]]), axis=1),
        "take mode": x.take(mx.nd.array([5]), mode="wrap"),
        "pick": x.pick(mx.nd.array([0, 1, 2]), axis=1),
        "split": x.split(num_outputs=2, axis=1),
        "split by position": x.split(4, 1),
        "split_v2": x.split_v2((1, 2), axis=0),
        "diag": x.diag(), "diag above": x.diag(1), "diag made": mx.nd.array([1, 2]).diag(),
        "wrong slice": raises(lambda: x.slice((0, 0, 0), (1, 1, 1)).asnumpy()),
        "wrong split": raises(lambda: x.split(5, 1)[0].asnumpy()),
        "wrong pick": raises(lambda: x.pick(mx.nd.array([0, 1]), axis=1).asnumpy()),
    }  # fmt: skip


@case
def repeated_and_padded(mx, random):
    x = mx.nd.arange(4).reshape((2, 2))
    block = mx.nd.arange(16).reshape((1, 4, 2, 2))
    return {
        "tile": x.tile((1, 2)), "tile more": x.tile((2, 1, 1)),
        "tile number": outcome(lambda: x.tile(2)),
        "repeat": x.repeat(2), "repeat axis": x.repeat(repeats=2, axis=1),
        "flip": x.flip(axis=1), "flip axes": x.flip(axis=(0, 1)),
        "pad": block.pad(mode="constant", pad_width=(0, 0, 0, 0, 1, 0, 0, 1), constant_value=-1),
        "depth_to_space": block.depth_to_space(2),
        "space_to_depth": block.space_to_depth(2),
        "expand": x.broadcast_axes(axis=(), size=()),
        "one_hot": mx.nd.array([1, 0]).one_hot(depth=3),
        "like": x.reshape_like(mx.nd.zeros((4, 1))),
        "clip": x.clip(1, 2), "clip keywords": x.clip(a_min=0.5, a_max=1.5),
        "clip wrong": raises(lambda: x.clip()),
        "flip wrong": raises(lambda: x.flip(axis=2).asnumpy()),
        "tile wrong": raises(lambda: x.tile("a")),
        "swap wrong": raises(lambda: x.swapaxes(0, 2).asnumpy()),
    }  # fmt: skip


@case
def methods_called_wrongly(mx, random):
    x = mx.nd.ones((2, 2))
    return {
        "unknown keyword": error_of(lambda: x.sum(axes=1)),
        "text for a number": error_of(lambda: x.sum(axis="a")),
        "too many": raises(lambda: x.sqrt(1, 2, 3, 4)),
        "text for a flag": error_of(lambda: x.sum(keepdims="maybe")),
        "missing": raises(lambda: x.one_hot()),
        "array for a number": raises(lambda: x.expand_dims(mx.nd.ones((1,)))),
        "no enum": error_of(lambda: x.topk(ret_typ="all")),
        "number as text": x.sum(axis="1"),
        "flag as text": x.sum(axis=0, keepdims="True"),
        "flag as number": x.sum(axis=0, keepdims=1),
        "no method": error_of(lambda: x.sum.foo),
        "without array": error_of(lambda: mx.nd.NDArray.sum()),
        "by the class": mx.nd.NDArray.sum(x),
    }


@case(rtol=1e-3)
def softmax_methods(mx, random):
    x = mx.nd.array(random.normal(size=(2, 3)))
    return {
        "softmax": x.softmax(), "axis": x.softmax(axis=0),
        "temperature": x.softmax(temperature=2.0), "log": x.log_softmax(axis=-1),
        "min": x.softmin(), "sum": x.softmax().sum(axis=1),
        "dtype": np.dtype(x.softmax(dtype="float64").dtype).name,
    }  # fmt: skip


@case(rtol=1e-3)
def gradients_of_methods(mx, random):
    calls = {
        "sum": lambda x: x.sum(axis=1), "mean": lambda x: x.mean(), "square": lambda x: x.square(),
        "T": lambda x: x.T, "reshape": lambda x: x.reshape((3, 2)),
        "flatten": lambda x: x.flatten(),
        "expand": lambda x: x.expand_dims(1), "inplace": lambda x: x.expand_dims(0, inplace=True),
        "squeeze": lambda x: x.reshape((1, 2, 3)).squeeze(axis=0),
        "split": lambda x: x.split(3, 1)[1],
        "clip": lambda x: x.clip(0, 1), "take": lambda x: x.take(mx.nd.array([1, 1])),
        "slice": lambda x: x.slice((0, 1), (2, 3)), "flip": lambda x: x.flip(axis=1),
        "astype": lambda x: x.astype("float64"), "copy": lambda x: x.copy(),
        "broadcast": lambda x: x.broadcast_to((2, 2, 3)), "tile": lambda x: x.tile((2, 1)),
        "negative": lambda x: -x, "absolute": abs, "power": lambda x: x**3, "root": lambda x: 2**x,
        "reflected": lambda x: 3 - x, "divided": lambda x: 1 / (x + 5),
        "modulo": lambda x: x % 2,
        "context": lambda x: x.as_in_context(mx.cpu(1)).as_in_context(mx.cpu(0)),
        "max": lambda x: x.max(axis=0), "sort": lambda x: x.sort(axis=1),
        "norm": lambda x: x.norm(),
        "detach": lambda x: x * x.detach(), "compare": lambda x: x * (x > 0),
    }  # fmt: skip
    found = {}
    for name, call in calls.items():
        x = mx.nd.array(random.normal(size=(2, 3)))
        x.attach_grad()
        with mx.autograd.record():
            y = call(x)
        y.backward(mx.nd.array(random.normal(size=y.shape), dtype=y.dtype))
        found[name] = x.grad
    return found
