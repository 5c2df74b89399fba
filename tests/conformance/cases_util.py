"""`mx.util`: NumPy semantics of shapes, options of ufuncs, names, the environment."""

from __future__ import annotations

import os
import threading

import numpy as np

from tests.conformance.case import case, error_of, outcome, plain


@case
def switching_shape_semantics(mx, random):
    util = mx.util
    found = {
        "at first": util.is_np_shape(),
        "on": (util.set_np_shape(True), util.is_np_shape()),
        "off": (util.set_np_shape(False), util.is_np_shape()),
        "1": (util.set_np_shape(1), util.set_np_shape(2), util.set_np_shape(0)),
        "text": error_of(lambda: util.set_np_shape("yes")),
        "nothing": error_of(lambda: util.set_np_shape(None)),
        "float": error_of(lambda: util.set_np_shape(1.0)),
    }
    with util.np_shape() as entered:
        found["within"] = entered, util.is_np_shape()
        with util.np_shape(False):
            found["deeper"] = util.is_np_shape()
        found["back"] = util.is_np_shape()
        seen = []
        thread = threading.Thread(target=lambda: seen.append(util.is_np_shape()))
        thread.start()
        thread.join()
        found["another thread"] = seen
    try:
        with util.np_shape():
            raise ValueError
    except ValueError:
        found["after an error"] = util.is_np_shape()
    found["no decorator"] = error_of(lambda: util.np_shape()(print))
    return found


@case
def functions_under_shape_semantics(mx, random):
    util = mx.util

    @util.use_np_shape
    def function(a, b=2, *, c=3):
        """Words."""
        return util.is_np_shape(), a, b, c

    return {
        "result": function(1, c=5),
        "name": (function.__name__, function.__doc__),
        "after": util.is_np_shape(),
        "number": error_of(lambda: util.use_np_shape(3)),
        "module": util.set_module("mxnet.flowers")(lambda: None).__module__,
        "class": util.set_module("mxnet.flowers")(type("A", (), {})).__module__,
        "no module": util.set_module(None)(type("A", (), {"__module__": "a"})).__module__,
    }


@case
def classes_under_shape_semantics(mx, random):
    active = mx.util.is_np_shape

    class Flower:
        """A flower."""

        petals = 5

        def __init__(self):
            self.made = active()

        def method(self):
            return active()

        @staticmethod
        def static():
            return active()

        @classmethod
        def of_the_class(cls):
            return active(), cls.__name__

        @property
        def value(self):
            return active()

        def __len__(self):
            return int(active())

    decorated = mx.util.use_np_shape(Flower)
    flower = decorated()
    return {
        "same class": decorated is Flower,
        "doc": decorated.__doc__,
        "made": flower.made,
        "results": (flower.method(), decorated.static(), decorated.of_the_class(), flower.value),
        "length": len(flower),
        "attribute": flower.petals,
        "after": active(),
    }


def _set_all(array):
    """Set all elements by number, NumPy array and NDArray, and return what they were."""
    found = []
    for value in (3, np.array(4.0), array + 5):
        array[:] = value
        found.append(float(array.asnumpy()))
    return found


@case
def legacy_arrays_under_shape_semantics(mx, random):
    nd = mx.nd
    with mx.util.np_shape():
        scalar, empty, x = nd.zeros(()), nd.ones((0, 2)), nd.array([[1, 2, 3], [4, 5, 6]])
        return {
            "scalar": (scalar.shape, scalar.size, scalar.ndim, (scalar + 1).shape),
            "value": float((scalar + 3).asnumpy()),
            "array": nd.array(3).shape,
            "array of NumPy": nd.array(np.zeros(())).shape,
            "empty": (empty.shape, empty.size, (empty * 2).shape, empty.asnumpy().shape),
            "with scalar": (x + scalar).shape,
            "sum": nd.sum(x).shape,
            "max": nd.max(x, axis=(0, 1)).shape,
            "mean": nd.mean(x, axis=0).shape,
            "element": x[0, 1].shape,
            "row": x[0].shape,
            "element of a row": x[0][1].shape,
            "concat": nd.concat(empty, empty, dim=0).shape,
            "concat to full": nd.concat(empty, nd.ones((1, 2)), dim=0),
            "reshape": nd.reshape(x, (3, -1)).shape,
            "transposed": empty.T.shape,
            "expand": nd.expand_dims(scalar, 0).shape,
            "slice": x[2:].shape,
            "sums of a scalar": [
                f(scalar).shape for f in (nd.sum, nd.max, nd.mean, nd.prod, nd.norm, nd.nansum)
            ],
            "kept axes": nd.sum(scalar, keepdims=True).shape,
            "scalar of one": nd.ones((1, 1)).reshape(()).shape,
            "one of a scalar": (scalar.reshape((1,)).shape, scalar.reshape((-1, 1)).shape),
            "empty again": nd.reshape(nd.ones((0, 3)), shape=(0,)).shape,
            "copied zero": nd.reshape(nd.ones((2, 0, 3)), shape=(5, 0)).shape,
            "all of a scalar": scalar[:].shape,
            "all of it set": _set_all(scalar),
            "relu": nd.relu(empty).shape,
            "broadcast": nd.broadcast_add(empty, nd.ones((1, 2))).shape,
        }


@case
def shapes_of_symbols_under_shape_semantics(mx, random):
    sym = mx.sym
    a, b, x = sym.Variable("a"), sym.Variable("b"), sym.Variable("x")
    dense = sym.FullyConnected(x, num_hidden=3, name="fc")
    declared = sym.Variable("d", shape=(0, 2)) + a

    def shapes():
        return {
            "scalars": outcome(lambda: (a + b).infer_shape(a=(), b=())),
            "empty": outcome(lambda: (a + b).infer_shape(a=(0, 2), b=(0, 2))),
            "of one": outcome(lambda: (a + b).infer_shape_partial(a=(3, 2))),
            "dense": outcome(lambda: dense.infer_shape(x=(2, 4))),
            "unknown": outcome(lambda: dense.infer_shape_partial()),
            "minus one": outcome(lambda: dense.infer_shape_partial(x=(-1, 4))),
            "zero": outcome(lambda: dense.infer_shape_partial(x=(0, 4))),
            "broadcast": outcome(lambda: sym.broadcast_add(a, b).infer_shape(a=(2, 1), b=(1, 0))),
            "sum": outcome(lambda: sym.sum(x).infer_shape(x=(2, 3))),
            "declared": outcome(lambda: declared.infer_shape_partial(a=(5, 2))),
            "zeros": outcome(lambda: sym.zeros((0, 2)).infer_shape()),
            "one zero": outcome(lambda: sym.zeros(()).infer_shape()),
            "full": outcome(lambda: (sym.full((0, 2), 3) + a).infer_shape_partial(a=(5, 2))),
            "random": outcome(lambda: sym.random.uniform(shape=(0, 2)).infer_shape()),
            "minus one of zeros": outcome(lambda: (sym.zeros((-1, 2)) + a).infer_shape(a=(5, 2))),
        }

    with mx.util.np_shape():
        found = {f"NumPy: {name}": value for name, value in shapes().items()}
    return {**found, **{f"MXNet: {name}": value for name, value in shapes().items()}}


@case
def executors_under_shape_semantics(mx, random):
    with mx.util.np_shape():
        a, b = mx.sym.Variable("a"), mx.sym.Variable("b")
        executor = (a * b).simple_bind(mx.cpu(), a=(), b=())
        executor.arg_dict["a"][:] = 3
        executor.arg_dict["b"][:] = 5
        out = executor.forward(is_train=True)[0]
        executor.backward(mx.nd.ones(()))
        grad = executor.grad_dict["a"]
        empty = (a * b).simple_bind(mx.cpu(), a=(0, 2), b=(0, 2)).forward()[0]
        made = [
            symbol.bind(mx.cpu(), {}).forward()[0].shape
            for symbol in (mx.sym.zeros((0, 2)), mx.sym.ones(()), mx.sym.random.normal(shape=()))
        ]
        return {"out": out, "grad": grad, "shapes": (out.shape, grad.shape, empty.shape, made)}


@case
def gradients_under_shape_semantics(mx, random):
    with mx.util.np_shape():
        x, empty = mx.nd.full((), 3), mx.nd.zeros((0, 2))
        x.attach_grad()
        empty.attach_grad()
        with mx.autograd.record():
            y = x * x
            z = empty * 2
        y.backward()
        z.backward()
        return {"gradient": x.grad, "shapes": (y.shape, x.grad.shape, empty.grad.shape)}


@case
def setting_both_semantics(mx, random):
    util = mx.util
    found = {
        "shapes alone": (util.set_np(shape=True, array=False), util.is_np_shape()),
        "arrays": util.is_np_array(),
        "reset": (util.reset_np(), util.is_np_shape(), util.is_np_array()),
        "neither": (util.set_np(False, False), util.is_np_shape()),
        "arrays without shapes": error_of(lambda: util.set_np(shape=False, array=True)),
        "text": error_of(lambda: util.set_np("yes", False)),
        "use_np of a number": error_of(lambda: util.use_np(3)),
        "use_np_array of a number": error_of(lambda: util.use_np_array(3)),
    }
    with util.np_array(False):
        found["no arrays"] = util.is_np_array()
    util.reset_np()
    return found


@case(differs="mx.np is not there yet")
def semantics_of_arrays(mx, random):
    util = mx.util
    return {
        "set_np": error_of(util.set_np),
        "reset": util.reset_np(),
        "np_array": error_of(lambda: util.np_array().__enter__()),
        "use_np": error_of(lambda: util.use_np(lambda: None)),
        "use_np_array": error_of(lambda: util.use_np_array(lambda: None)),
    }


@case
def legal_options_of_ufuncs(mx, random):
    legal = mx.util.np_ufunc_legal_option
    options = {
        "where": [True, False, None, np.array([True])],
        "casting": ["no", "equiv", "safe", "same_kind", "unsafe", "bad", None, 3],
        "order": ["C", "F", "A", "K", "c", "X", None, 3],
        "dtype": [
            "float16", "float32", "float64", "int8", "uint8", "int32", "int64", "int16", "bool",
            "complex64", "bad", None, float, int, bool, np.float16, np.float32, np.float64, np.int8,
            np.uint8, np.int16, np.int32, np.int64, np.dtype("float32"),
        ],
        "subok": [True, False, 1, None],
        "out": [None], "signature": [None], "extobj": [None], "colour": ["red"], 3: [3],
    }  # fmt: skip
    return {str(key): [legal(key, value) for value in values] for key, values in options.items()}


def _wrapped_calls(call):
    """Return what comes of a wrapped function for each of many options."""
    found = {}
    for options in (
        {}, {"out": 3}, {"where": True}, {"where": False}, {"where": None}, {"where": "x"},
        {"casting": "same_kind"}, {"casting": "no"}, {"casting": "bad"}, {"order": "K"},
        {"order": "C"}, {"order": "Z"}, {"order": 3}, {"dtype": None}, {"dtype": "float32"},
        {"dtype": "bad"}, {"subok": True}, {"subok": False}, {"subok": "x"}, {"colour": 1},
        {"where": True, "casting": "same_kind", "order": "K", "dtype": None, "subok": True},
        {"order": "K", "casting": "no"},
    ):  # fmt: skip
        try:
            found[str(options)] = plain(call(**options))
        except Exception as error:
            found[str(options)] = type(error).__name__
    return found


@case
def wrapped_unary_functions(mx, random):
    def negate(x, out=None, **kwargs):
        """Words."""
        return -x, out, kwargs

    wrapped = mx.util.wrap_np_unary_func(negate)
    return {
        **_wrapped_calls(lambda **options: wrapped(2, **options)),
        "by position": wrapped(2, 5),
        "too many": error_of(lambda: wrapped(2, 5, 6)),
        "name": (wrapped.__name__, wrapped.__doc__),
    }


@case
def wrapped_binary_functions(mx, random):
    def add(x1, x2, out=None, **kwargs):
        """Words."""
        return x1 + x2, out, kwargs

    wrapped = mx.util.wrap_np_binary_func(add)
    return {
        **_wrapped_calls(lambda **options: wrapped(2, 3, **options)),
        "by position": wrapped(2, 3, 5),
        "by name": wrapped(x1=2, x2=3),
        "too few": error_of(lambda: wrapped(2)),
        "name": (wrapped.__name__, wrapped.__doc__),
    }


@case
def environment_variables(mx, random):
    util, name = mx.util, "MXNET_CONFORMANCE_VARIABLE"
    os.environ["MXNET_CONFORMANCE_OTHER"] = "5"
    found = {
        "missing": util.getenv(name),
        "set": (util.setenv(name, "1"), util.getenv(name)),
        "empty": (util.setenv(name, ""), util.getenv(name)),
        "removed": (util.setenv(name, None), util.getenv(name)),
        "set by Python": util.getenv("MXNET_CONFORMANCE_OTHER"),
        "number": error_of(lambda: util.setenv(name, 3)),
        "numbered": error_of(lambda: util.getenv(3)),
        "named None": error_of(lambda: util.setenv(None, "1")),
    }
    del os.environ["MXNET_CONFORMANCE_OTHER"]
    return found


@case
def gpus_that_are_not_there(mx, random):
    util = mx.util
    return {
        "count": util.get_gpu_count(),
        "memory": error_of(lambda: util.get_gpu_memory(0)),
        "capability": error_of(lambda: util.get_cuda_compute_capability(mx.gpu(0))),
        "of the CPU": error_of(lambda: util.get_cuda_compute_capability(mx.cpu())),
        "of a text": error_of(lambda: util.get_cuda_compute_capability("gpu(0)")),
    }
