"""Rules that hold for all NDArrays: dtypes stay, arrays of zero elements, errors, module faces."""

from __future__ import annotations

import numpy as np

from tests.conformance.case import case, outcome, raises

DTYPES = ("float16", "float32", "float64", "int8", "uint8", "int32", "int64")


def _name(x):
    return np.dtype(x.dtype).name


@case
def dtypes_of_results(mx, random):
    found = {}
    for dtype in DTYPES:
        x = mx.nd.array([[1, 2], [3, 4]], dtype=dtype)
        results = {
            "sum": x.sum(), "mean": outcome(lambda x=x: _name(x.mean())), "max": x.max(),
            "argmax": x.argmax(axis=0), "argsort": x.argsort(), "sort": x.sort(), "topk": x.topk(),
            "greater": x > 1, "equal": x == x, "logical": mx.nd.logical_and(x, x),
            "not": mx.nd.logical_not(x), "negative": -x, "plus": x + 1, "over": x / 2,
            "square": x.square(), "where": mx.nd.where(x > 1, x, x), "one_hot": x[0].one_hot(5),
            "shape": x.shape_array(), "clip": x.clip(0, 2), "concat": mx.nd.concat(x, x),
            "zeros_like": x.zeros_like(), "transposed": x.T, "row": x[0], "element": x[0, 0],
            "take": x.take(mx.nd.array([0])), "norm": outcome(lambda x=x: _name(x.norm())),
            "round": x.round(), "sign": x.sign(), "maximum": mx.nd.maximum(x, 2),
            "prod": x.prod(), "cumsum": mx.nd.cumsum(x), "slice": x[:, :1],
            "embedding": mx.nd.Embedding(x, mx.nd.ones((5, 2)), input_dim=5, output_dim=2),
        }  # fmt: skip
        for name, result in results.items():
            found[f"{dtype} {name}"] = result if isinstance(result, str) else _name(result)
    return found


@case
def dtypes_of_booleans(mx, random):
    x = mx.nd.array([[1, 0], [1, 1]]).astype("bool")
    calls = {
        "cast": lambda: x.astype("float32"),
        "row": lambda: x[0], "reshaped": lambda: x.reshape((4,)), "copy": lambda: x.copy(),
        "plus": lambda: x + 1, "times": lambda: x * 2,
        "take": lambda: x.take(mx.nd.array([1])), "ones": lambda: x.ones_like(),
    }  # fmt: skip
    found = {}
    for name, call in calls.items():
        found[name] = outcome(call)
        found[f"{name} dtype"] = outcome(lambda call=call: _name(call()))
    return found


@case
def inputs_of_different_dtypes(mx, random):
    a, b = mx.nd.ones((2, 2)), mx.nd.ones((2, 2), dtype="float64")
    calls = {
        "dot": lambda: mx.nd.dot(a, b), "concat": lambda: mx.nd.concat(a, b),
        "stack": lambda: mx.nd.stack(a, b), "where": lambda: mx.nd.where(a, a, b),
        "elemwise": lambda: mx.nd.elemwise_mul(a, b), "add_n": lambda: mx.nd.add_n(a, b),
        "maximum": lambda: mx.nd.maximum(a, b), "dense": lambda: mx.nd.FullyConnected(
            a, b, no_bias=True, num_hidden=2
        ),
        "batch_dot": lambda: mx.nd.batch_dot(a.reshape((1, 2, 2)), b.reshape((1, 2, 2))),
        "equal": lambda: mx.nd.equal(a, b), "linalg": lambda: mx.nd.linalg.gemm2(a, b),
    }  # fmt: skip
    return {name: raises(lambda call=call: call().asnumpy()) for name, call in calls.items()}


@case
def inputs_of_any_dtype(mx, random):
    x = mx.nd.arange(6).reshape((2, 3))
    found = {}
    for dtype in DTYPES:
        index = mx.nd.array([1, 0], dtype=dtype)
        found[f"take by {dtype}"] = x.take(index)
        found[f"pick by {dtype}"] = x.pick(index)
        found[f"where by {dtype}"] = mx.nd.where(index, x, -x)
        found[f"key of {dtype}"] = outcome(lambda i=index: x[i])
        found[f"one_hot of {dtype}"] = index.one_hot(2)
    return found


@case
def zero_elements_under_np_shape(mx, random):
    with mx.util.np_shape(True):
        x = mx.nd.zeros((0, 3))
        return {
            "shape": x.shape, "size": x.size, "length": len(x), "numpy": x.asnumpy(),
            "printed": repr(x), "plus": x + 1, "times": x * x, "sum of rows": x.sum(axis=0),
            "rows": x.sum(axis=1), "copy": x.copy(), "cast": x.astype("int32"),
            "transposed": x.T.shape, "concat": mx.nd.concat(x, mx.nd.ones((2, 3)), dim=0),
            "iterated": len(list(x)), "truth": bool(x), "slice": x[0:0].shape,
            "relu": mx.nd.relu(x), "broadcast": (x + mx.nd.ones((1, 3))).shape,
            "scalar": mx.nd.zeros(()).shape, "element": mx.nd.ones((2, 2))[0, 1].shape,
            "elements": [each.shape for each in mx.nd.arange(2)], "full": mx.nd.full((0,), 2),
            "copied to": x.copyto(mx.nd.zeros((0, 3))), "equal": x == x,
        }  # fmt: skip


@case(differs="arrays of zero elements are allowed; the reference refuses them without np_shape")
def zero_elements_without_np_shape(mx, random):
    x = mx.nd.array(np.zeros((0, 3)))
    return {
        "made": outcome(lambda: mx.nd.zeros((0, 3)).shape),
        "converted": x.shape,
        "plus": outcome(lambda: x + 1),
        "sum": outcome(lambda: x.sum()),
    }


@case
def arguments_of_operators(mx, random):
    x = mx.nd.ones((2, 2))
    return {
        "no array": raises(lambda: mx.nd.relu()),
        "list": raises(lambda: mx.nd.relu([1, 2])),
        "numpy": raises(lambda: mx.nd.relu(np.ones(2))),
        "number": raises(lambda: mx.nd.relu(3)),
        "symbol": raises(lambda: mx.nd.relu(mx.sym.Variable("x"))),
        "twice": raises(lambda: mx.nd.relu(x, data=x)),
        "keyword": mx.nd.relu(data=x),
        "name": mx.nd.relu(x, name="layer"),
        "out by position": raises(lambda: mx.nd.relu(x, x, x, x, x)),
        "missing second": raises(lambda: mx.nd.dot(x)),
        "none": raises(lambda: mx.nd.dot(x, None)),
    }


@case
def names_that_mx_nd_shows(mx, random):
    names = (
        "NDArray", "array", "zeros", "ones", "full", "empty",
        "arange", "linspace", "eye", "concat", "concatenate", "stack", "split", "split_v2",
        "moveaxis", "histogram", "imdecode", "onehot_encode", "waitall", "load", "save",
        "load_frombuffer", "from_numpy", "from_dlpack", "to_dlpack_for_read",
        "to_dlpack_for_write", "add", "subtract", "multiply", "divide", "modulo", "power",
        "maximum", "minimum", "equal", "not_equal", "greater", "greater_equal", "lesser",
        "lesser_equal", "logical_and", "logical_or", "logical_xor", "true_divide", "op",
        "_internal", "contrib", "linalg", "image", "random", "sparse", "utils", "register",
        "gen_op", "cumsum",
    )  # fmt: skip
    return {name: hasattr(mx.nd, name) for name in names}


@case
def modules_have_two_names(mx, random):
    import mxnet

    return {
        "nd": mx.nd is mxnet.ndarray,
        "array": mx.nd.array is mxnet.ndarray.utils.array,
        "class": mx.nd.NDArray is mxnet.ndarray.ndarray.NDArray,
        "relu": mx.nd.relu is mx.nd.op.relu,
        "isinstance": isinstance(mx.nd.ones((1,)), mxnet.ndarray.NDArray),
    }


@case
def contexts_as_scopes(mx, random):
    with mx.cpu(1):
        inside = mx.nd.ones((1,))
        with mx.Context("cpu", 3):
            deeper = mx.nd.array([1])
        after = mx.nd.zeros((1,))
    return {
        "inside": str(inside.context), "deeper": str(deeper.context), "after": str(after.context),
        "outside": str(mx.nd.ones((1,)).context), "current": str(mx.context.current_context()),
        "a copy of": mx.Context(mx.cpu(2)), "default id": mx.cpu(),
        "hash": len({mx.cpu(), mx.cpu(0)}), "equal": mx.cpu(1) == mx.Context("cpu", 1),
        "not": mx.cpu(0) == mx.gpu(0), "type": mx.cpu(1).device_type, "id": mx.gpu(4).device_id,
        "no context": mx.cpu() == "cpu(0)",
    }  # fmt: skip


@case
def contexts_given_to_functions(mx, random):
    ctx = mx.cpu(1)
    makers = {
        "array": lambda: mx.nd.array([1], ctx=ctx), "zeros": lambda: mx.nd.zeros((1,), ctx=ctx),
        "ones": lambda: mx.nd.ones((1,), ctx), "full": lambda: mx.nd.full((1,), 2, ctx=ctx),
        "empty": lambda: mx.nd.empty((1,), ctx), "arange": lambda: mx.nd.arange(2, ctx=ctx),
        "linspace": lambda: mx.nd.linspace(0, 1, 2, ctx=ctx), "eye": lambda: mx.nd.eye(2, ctx=ctx),
        "uniform": lambda: mx.nd.random.uniform(ctx=ctx),
        "normal": lambda: mx.nd.random.normal(ctx=ctx),
        "randint": lambda: mx.nd.random.randint(0, 2, ctx=ctx),
    }  # fmt: skip
    found = {name: str(make().context) for name, make in makers.items()}
    return {
        **found,
        "text": outcome(lambda: str(mx.nd.ones((1,), ctx="cpu(1)").context)),
        "number": raises(lambda: mx.nd.ones((1,), ctx=1)),
        "no gpu": raises(lambda: mx.nd.ones((1,), ctx=mx.gpu(0)).asnumpy()),
    }


@case
def recorded_views_and_writes(mx, random):
    x = mx.nd.array([[1, 2], [3, 4]])
    x.attach_grad()
    with mx.autograd.record():
        y = x[0] * x[1] + x.reshape((4,))[0:2] + x.T[0]
    y.backward()
    gradient = x.grad.copy()
    x[0] = 10
    x += 1
    with mx.autograd.record():
        z = (x * x).sum()
    z.backward()
    return {"first": gradient, "x": x, "second": x.grad}
