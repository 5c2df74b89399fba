"""NDArrays: making, arithmetic, dtypes, reshaping, copying, printing."""

from __future__ import annotations

import numpy as np

from tests.conformance.case import case, error_of, raises


@case
def making_arrays(mx, random):
    nd = mx.nd
    return {
        "from lists": nd.array([[1, 2], [3, 4]]),
        "from float64": nd.array(np.arange(3.0)).dtype,
        "from int64": nd.array(np.arange(3)).dtype,
        "from bytes": nd.array(np.arange(3, dtype="uint8")).dtype,
        "from half": nd.array(np.arange(3, dtype="float16")).dtype,
        "from NDArray": nd.array(nd.array([1, 2], dtype="int32")).dtype,
        "dtype given": nd.array([1.7, -1.7], dtype="int32"),
        "zeros": nd.zeros((2, 3)),
        "zeros of one number": nd.zeros(3),
        "ones": nd.ones((2,), dtype="int8"),
        "full": nd.full((2, 2), 7),
        "full dtype": nd.full((2, 2), 7, dtype="int64"),
        "empty": nd.empty((2, 3)).shape,
        "arange": nd.arange(2, 8, 2),
        "arange to": nd.arange(4),
        "repeated": nd.arange(0, 3, repeat=2, dtype="int32"),
        "linspace": nd.linspace(0, 1, 5),
        "linspace open": nd.linspace(0, 1, 5, endpoint=False),
        "eye": nd.eye(3, 4, 1),
        "zeros like": nd.zeros_like(nd.array([1, 2], dtype="float64")),
        "ragged": raises(lambda: nd.array([[1, 2], [3]])),
    }


@case
def what_an_array_tells(mx, random):
    x = mx.nd.ones((2, 3, 4), dtype="float16")
    return {
        "shape": x.shape,
        "size": x.size,
        "ndim": x.ndim,
        "dtype": x.dtype,
        "stype": x.stype,
        "context": str(x.context),
        "length": len(x),
        "reversed": x.T.shape,
        "no gradient": x.grad,
        "rows": [row.shape for row in x],
    }


@case
def arithmetic_of_arrays(mx, random):
    a = mx.nd.array([[1, -2], [3, 4]])
    b = mx.nd.array([[2, 2], [-3, 0.5]])
    return {
        "add": a + b, "subtract": a - b, "multiply": a * b, "divide": a / b,
        "modulo": a % b, "power": mx.nd.abs(a) ** b, "negative": -a, "absolute": abs(a),
        "equal": a == b, "not equal": a != b, "less": a < b, "less equal": a <= b,
        "greater": a > b, "greater equal": a >= b,
        "maximum": mx.nd.maximum(a, b), "minimum": mx.nd.minimum(a, 1),
    }  # fmt: skip


@case
def arithmetic_with_numbers(mx, random):
    a = mx.nd.array([1, -2, 3.5])
    return {
        "add": a + 1, "add to": 1 + a, "subtract": a - 1, "subtract from": 1 - a,
        "multiply": 2 * a, "divide": a / 2, "divide by": 2 / a, "modulo": a % 2,
        "modulo of": 5 % a, "power": a**2, "power of": 2**a,
        "equal": a == 1, "less": a < 1, "greater": 1 > a,  # noqa: SIM300
        "numpy number": a + np.float64(0.5), "number dtype": (a + np.float64(0.5)).dtype,
        "true": a + True, "string": error_of(lambda: a + "1"),
    }  # fmt: skip


@case
def arithmetic_broadcasts(mx, random):
    a = mx.nd.array(random.normal(size=(2, 1, 3)))
    b = mx.nd.array(random.normal(size=(4, 1)))
    return {
        "add": a + b,
        "compare": a > b,
        "shape": (a * mx.nd.ones((1,))).shape,
        "impossible": error_of(lambda: (a + mx.nd.ones((2,))).asnumpy()),
        "strict": error_of(lambda: mx.nd.elemwise_add(a, b).asnumpy()),
    }


@case
def arithmetic_of_dtypes(mx, random):
    found = {}
    for dtype in ("float16", "float64", "int32", "int64", "uint8", "int8"):
        x = mx.nd.array([5, 7, 3], dtype=dtype)
        found[f"{dtype} sum"] = x + x
        found[f"{dtype} plus 1"] = x + 1
        found[f"{dtype} halves"] = x / 2
        found[f"{dtype} compare"] = x > 4
        found[f"{dtype} modulo"] = x % 4
    mixed = lambda: (mx.nd.ones((2,)) + mx.nd.ones((2,), dtype="float64")).asnumpy()  # noqa: E731
    return {**found, "mixed": error_of(mixed)}


@case
def arithmetic_in_place(mx, random):
    a = mx.nd.array([1, 2, 3])
    b = a
    a += 1
    a *= mx.nd.array([2, 2, 2])
    a -= 1
    a /= 3
    a %= 2
    c = mx.nd.ones((2, 3))
    c += mx.nd.array([1, 2, 3])
    return {"value": a, "same object": b is a, "broadcast": c}


@case
def casting(mx, random):
    x = mx.nd.array([1.5, -2.7, 300])
    same = x.astype("float32", copy=False)
    return {
        "int32": x.astype("int32"), "float16": x.astype(np.float16), "bool": x.astype("bool"),
        "uint8": x[:1].astype("uint8"), "int64": x.astype("int64").dtype,
        "copied": x.astype("float32") is x,
        "not copied": same is x, "by operator": mx.nd.cast(x, dtype="int8")[:2],
        "amp": mx.nd.amp_cast(x, dtype="float16"),
    }  # fmt: skip


@case
def reshaping(mx, random):
    x = mx.nd.arange(24).reshape((2, 3, 4))
    return {
        "by numbers": x.reshape(4, 6).shape,
        "rest": x.reshape((-1, 4)).shape,
        "keep": x.reshape((0, -1)).shape,
        "copy the rest": x.reshape((0, -2)).shape,
        "merge": x.reshape((-3, 4)).shape,
        "split": x.reshape((-4, 1, 2, 0, 0)).shape,
        "reversed": x.reshape((-1, 0), reverse=True).shape,
        "keyword": x.reshape(shape=(6, 4)).shape,
        "shares memory": _writes_through(x),
        "wrong size": error_of(lambda: x.reshape((5, 5)).asnumpy()),
        "like": x.reshape_like(mx.nd.ones((4, 6))).shape,
        "flat": x.flatten().shape,
        "expanded": x.expand_dims(axis=1).shape,
        "squeezed": x.expand_dims(0).squeeze(axis=0).shape,
        "swapped": x.swapaxes(0, 2),
        "transposed": x.transpose((1, 0, 2)),
    }


def _writes_through(x):
    copy = x.copy()
    copy.reshape((24,))[0] = 100
    return float(copy[0, 0, 0].asscalar())


@case
def copying(mx, random):
    x = mx.nd.array([1, 2, 3])
    y = x.copy()
    y[0] = 9
    z = mx.nd.zeros((3,))
    returned = x.copyto(z)
    other = x.copyto(mx.cpu(0))
    other[1] = 7
    return {
        "x": x,
        "y": y,
        "z": z,
        "returned": returned is z,
        "to a context": other,
        "as in context": x.as_in_context(mx.cpu()) is x,
        "broadcast": x.broadcast_to((2, 3)),
        "wrong shape": error_of(lambda: x.copyto(mx.nd.zeros((4,)))),
        "to dtype": x.copyto(mx.nd.zeros((3,), dtype="int32")),
    }


@case
def single_elements_as_numbers(mx, random):
    x = mx.nd.array([3.5])
    return {
        "scalar": float(x.asscalar()),
        "truth": bool(x),
        "false": bool(mx.nd.zeros((1,))),
        "several": error_of(lambda: mx.nd.ones((2,)).asscalar()),
        "several truth": error_of(lambda: bool(mx.nd.ones((2,)))),
        "no length": len(x),
    }


@case
def printing(mx, random):
    return {
        "vector": repr(mx.nd.array([1, 2.5, 3])),
        "matrix": repr(mx.nd.array([[1, 2], [3, 4]], dtype="int32")),
        "string": str(mx.nd.array([1, 2])),
        "half": repr(mx.nd.ones((1,), dtype="float16")),
        "three axes": repr(mx.nd.zeros((1, 2, 2))),
    }


@case
def reductions_as_methods(mx, random):
    x = mx.nd.array(random.normal(size=(3, 4)))
    return {
        "sum": x.sum(), "sum rows": x.sum(axis=1), "kept": x.sum(axis=0, keepdims=True),
        "mean": x.mean(), "max": x.max(axis=1), "min": x.min(), "prod": x.prod(axis=0),
        "norm": x.norm(), "argmax": x.argmax(axis=1), "argmin": x.argmin(axis=0),
        "excluded": x.sum(axis=0, exclude=True), "shape of a full sum": x.sum().shape,
    }  # fmt: skip


@case
def elementwise_methods(mx, random):
    x = mx.nd.array(random.uniform(0.1, 0.9, size=(2, 3)))
    names = (
        "abs", "sign", "round", "ceil", "floor", "sqrt", "square", "exp", "log", "log1p", "expm1",
        "sin", "cos", "tan", "arcsin", "tanh", "sigmoid", "relu", "softmax", "log_softmax", "rsqrt",
        "cbrt", "reciprocal", "zeros_like", "ones_like", "degrees", "radians", "fix", "rint",
    )  # fmt: skip
    return {name: getattr(x, name)() for name in names}


@case
def methods_that_select(mx, random):
    x = mx.nd.array([[3, 1, 2], [6, 5, 4]])
    index = mx.nd.array([1, 0])
    return {
        "take": x.take(index), "pick": x.pick(index, axis=1), "sort": x.sort(axis=1),
        "argsort": x.argsort(axis=1), "topk": x.topk(k=2), "clip": x.clip(2, 5),
        "slice": x.slice((0, 1), (2, 3)), "slice axis": x.slice_axis(1, 0, 2),
        "one hot": index.one_hot(3), "tile": x.tile((1, 2)), "repeat": x.repeat(2, axis=0),
        "flip": x.flip(axis=1), "split": x.split(num_outputs=3, axis=1), "diag": x.diag(),
        "pad": x.reshape((1, 1, 2, 3)).pad(mode="edge", pad_width=(0, 0, 0, 0, 1, 1, 1, 1)),
    }  # fmt: skip


@case
def out_receives_the_result(mx, random):
    x = mx.nd.array([1, 4, 9])
    target = mx.nd.zeros((3,))
    returned = mx.nd.sqrt(x, out=target)
    return {
        "target": target,
        "returned": returned is target,
        "into itself": mx.nd.square(x, out=x),
        "wrong shape": error_of(lambda: mx.nd.sqrt(x, out=mx.nd.zeros((2,)))),
    }


@case
def joining_and_splitting(mx, random):
    a, b = mx.nd.ones((2, 3)), mx.nd.zeros((2, 3))
    return {
        "concat": mx.nd.concat(a, b, dim=1),
        "concatenate": mx.nd.concatenate([a, b], axis=0),
        "stack": mx.nd.stack(a, b, axis=1),
        "add all": mx.nd.add_n(a, a, b),
        "split": mx.nd.split(mx.nd.arange(6), num_outputs=3, axis=0),
        "split at": mx.nd.split_v2(mx.nd.arange(6), (2, 3), axis=0),
        "where": mx.nd.where(mx.nd.array([[1, 0, 1], [0, 1, 0]]), a, b),
        "dot": mx.nd.dot(a, b.T + 2),
    }


@case
def saving_and_loading(mx, random):
    import tempfile
    from pathlib import Path

    x = mx.nd.array(random.normal(size=(2, 3)))
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "arrays.params")
        mx.nd.save(path, {"x": x, "y": x.astype("int32")})
        named = mx.nd.load(path)
        mx.nd.save(path, [x, x + 1])
        listed = mx.nd.load(path)
        mx.nd.save(path, x)
        bytes_written = Path(path).read_bytes()
        single = mx.nd.load(path)
        return {
            "x": named["x"],
            "y": named["y"],
            "second": listed[1],
            "one array": [each.shape for each in single],
            "bytes": np.frombuffer(bytes_written, np.uint8),
        }


@case
def numpy_functions_see_arrays(mx, random):
    x = mx.nd.array([[1, 2], [3, 4]])
    return {
        "asarray": np.asarray(x.asnumpy()),
        "copy": _changes_nothing(x),
        "waits": x.wait_to_read(),
        "context list": str(mx.nd.ones((1,), ctx=mx.cpu(1)).context),
        "equal contexts": mx.cpu(0) == mx.cpu(1),
    }


def _changes_nothing(x):
    taken = x.asnumpy()
    taken[:] = 0
    return x.asnumpy()
