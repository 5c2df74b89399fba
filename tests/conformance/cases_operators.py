"""Operators that no row can state: they write what is given, read sparse storage, or read files."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from tests.conformance.case import case, error_of, raises

GRAPH = [[0, 1, 0], [2, 0, 3], [0, 0, 0]]
TYPES = ("float16", "float32", "float64", "int32")
NAN = float("nan")


def _stored(mx, stype, dtype="float32", values=GRAPH):
    return mx.nd.array(values, dtype=dtype).tostype(stype)


def _parts(array):
    """Return what an array stores, and how."""
    found = {"type": type(array).__name__, "dtype": array.dtype, "values": array.asnumpy()}
    if array.stype != "default":
        found.update(data=array.data, indices=array.indices)
    return found


@case
def set_value_fills_what_is_given(mx, random):
    fill = mx.nd._internal._set_value
    made = {
        f"{dtype} {shape}": fill(src=2.5, out=mx.nd.ones(shape, dtype=dtype))
        for dtype in TYPES
        for shape in ((2,), (2, 3))
    }
    return {
        **made,
        "not a number": fill(src=NAN, out=mx.nd.ones((2,))),
        "zero": fill(src=0, out=mx.nd.ones((2,))),
        "no number": error_of(lambda: fill(src="x", out=mx.nd.ones((2,)))),
    }


@case
def copyto_writes_what_is_given(mx, random):
    copyto = mx.nd._internal._copyto
    made = {
        dtype: copyto(mx.nd.array([1.5, -2.0], dtype=dtype), out=mx.nd.zeros((2,), dtype=dtype))
        for dtype in ("float16", "float32", "float64")
    }
    return {
        **made,
        "matrix": copyto(mx.nd.ones((2, 3)), out=mx.nd.zeros((2, 3))),
        "edges": copyto(mx.nd.array([NAN, -0.0, np.inf]), out=mx.nd.zeros((3,))),
        "another shape": raises(lambda: copyto(mx.nd.ones((2,)), out=mx.nd.zeros((3,)))),
    }


@case
def zeros_take_the_dtype_of_what_they_meet(mx, random):
    zeros = mx.sym._internal._zeros_without_dtype
    y = mx.sym.Variable("y")

    def met(dtype, shape=(2, 3)):
        values = mx.nd.ones(shape, dtype=dtype)
        return (zeros(shape=shape) + y).bind(mx.cpu(), {"y": values}).forward()[0]

    return {
        **{dtype: met(dtype) for dtype in ("float16", "float32", "float64")},
        "one axis": met("float32", (4,)),
        "alone": zeros(shape=(2, 3)).infer_shape(),
        "no dtype": zeros(shape=(2, 3)).infer_type(),
        "unknown length": (zeros(shape=(0, 3)) + y).infer_shape(y=(2, 3)),
        "contradiction": error_of(lambda: (zeros(shape=(2, 3)) + y).infer_shape(y=(2, 4))),
    }


@case
def reset_arrays_zeroes_what_is_given(mx, random):
    def reset(*arrays, count=None):
        mx.nd.reset_arrays(*arrays, num_arrays=len(arrays) if count is None else count)
        return [array.asnumpy() for array in arrays]

    made = {
        dtype: reset(mx.nd.ones((2, 3), dtype=dtype), mx.nd.ones((4,), dtype=dtype))
        for dtype in ("float16", "float32", "float64")
    }
    return {
        **made,
        "edges": reset(mx.nd.array([NAN, np.inf])),
        "too many": error_of(lambda: reset(mx.nd.ones((2,)), mx.nd.ones((2,)), count=1)),
        "too few": error_of(lambda: reset(mx.nd.ones((2,)), count=2)),
    }


@case
def stored_elements_are_counted(mx, random):
    count = mx.nd.contrib.getnnz
    made = {}
    for dtype in TYPES:
        graph = _stored(mx, "csr", dtype)
        made[dtype], made[f"{dtype} by row"] = count(graph), count(graph, axis=1)
    return {
        **made,
        "nothing": count(mx.nd.sparse.zeros("csr", (2, 3))),
        "nothing by row": count(mx.nd.sparse.zeros("csr", (2, 3)), axis=1),
        "by column": error_of(lambda: count(_stored(mx, "csr"), axis=0).wait_to_read()),
        "from the last": error_of(lambda: count(_stored(mx, "csr"), axis=-1).wait_to_read()),
        "dense": error_of(lambda: count(mx.nd.ones((2, 3))).wait_to_read()),
        "row_sparse": error_of(lambda: count(_stored(mx, "row_sparse")).wait_to_read()),
    }


@case
def edges_have_stored_values(mx, random):
    edge = mx.nd.contrib.edge_id

    def ends(*nodes, dtype="float32"):
        return mx.nd.array(nodes, dtype=dtype)

    made = {
        f"{dtype} {index}": edge(
            _stored(mx, "csr", dtype), ends(0, 1, 1, 2, dtype=index), ends(1, 0, 1, 2, dtype=index)
        )
        for dtype in TYPES
        for index in ("float32", "int64")
    }
    graph = _stored(mx, "csr")
    return {
        **made,
        "twice": edge(graph, ends(1, 1), ends(2, 2)),
        "lengths": error_of(lambda: edge(graph, ends(0, 1), ends(1)).wait_to_read()),
        "axes": raises(lambda: edge(graph, ends([0, 1]), ends([1, 1])).wait_to_read()),
        "dense": error_of(lambda: edge(mx.nd.ones((2, 2)), ends(0), ends(1)).wait_to_read()),
    }


@case
def rows_are_retained(mx, random):
    retain = mx.nd.sparse.retain
    rows = [[0, 1, 0], [0, 0, 0], [2, 0, 3], [1, 1, 1]]
    made = {}
    for dtype in TYPES:
        kept = retain(_stored(mx, "row_sparse", dtype, rows), mx.nd.array([0, 2]))
        made.update({f"{dtype} {name}": value for name, value in _parts(kept).items()})
    for places in ([2, 0], [1, 1], [3, 1, 0], [2.7]):
        kept = retain(_stored(mx, "row_sparse", values=rows), mx.nd.array(places))
        made.update({f"{places} {name}": value for name, value in _parts(kept).items()})
    csr = _stored(mx, "csr")
    made["csr"] = error_of(lambda: retain(csr, mx.nd.array([0])).wait_to_read())
    return made


@case
def retained_rows_have_gradients(mx, random):
    x = _stored(mx, "row_sparse", values=[[0, 1], [2, 3], [4, 0]])
    x.attach_grad()
    with mx.autograd.record():
        y = mx.nd.sparse.retain(x, mx.nd.array([0, 2])) * 2
    y.backward()
    return {"gradient": x.grad.asnumpy(), "type": type(x.grad).__name__}


@case
def storage_is_cast(mx, random):
    made = {}
    for source in ("default", "csr", "row_sparse"):
        for target in ("default", "csr", "row_sparse"):
            name = f"{source} to {target}"
            if source != target and "default" not in (source, target):
                data = _stored(mx, source)
                made[name] = error_of(lambda d=data, t=target: mx.nd.cast_storage(d, t))
                continue
            for dtype in ("float16", "float32", "float64"):
                array = mx.nd.cast_storage(_stored(mx, source, dtype), target)
                made.update({f"{name} {dtype} {n}": v for n, v in _parts(array).items()})
    deep = mx.nd.cast_storage(mx.nd.ones((2, 1, 2)), "row_sparse")
    return {**made, **{f"three axes {name}": value for name, value in _parts(deep).items()}}


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000030000000208020000001216f14d000000194944415408d7636060f8"
    "0f860ccc22464f451edc38c3a00c00404b06e75cbd22850000000049454e44ae426082"
)


@case
def images_are_read_from_files(mx, random):
    read = mx.nd._internal._cvimread
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "image.png")
        Path(path).write_bytes(PNG)
        return {
            "default": read(filename=path),
            "blue first": read(filename=path, to_rgb=False),
            "red first": read(filename=path, to_rgb=True),
            "grey": read(filename=path, flag=0),
            "missing": raises(lambda: read(filename=path + ".none").wait_to_read()),
        }


LIKE = ("normal", "uniform", "gamma", "exponential", "poisson", "negative_binomial")
SAMPLED = {"exponential": 1, "gamma": 2, "generalized_negative_binomial": 2, "normal": 2}


@case
def draws_have_gradients_of_zeros(mx, random):
    made = {}
    for name in LIKE:
        x = mx.nd.ones((2, 3))
        x.attach_grad()
        with mx.autograd.record():
            y = getattr(mx.nd.random, f"{name}_like")(x)
        y.backward()
        made[f"{name} like an array"] = x.grad
    for name, count in SAMPLED.items():
        parameters = [mx.nd.array([0.5, 0.7]) for _ in range(count)]
        for parameter in parameters:
            parameter.attach_grad()
        with mx.autograd.record():
            y = getattr(mx.nd, f"sample_{name}")(*parameters, shape=3)
        y.backward()
        made.update({f"{name} {i}": parameter.grad for i, parameter in enumerate(parameters)})
    return made


def _gradient_of(mx, function, *arrays):
    """Return what a function of arrays gives, and the gradient of its first output."""
    for array in arrays:
        array.attach_grad()
    with mx.autograd.record():
        y = function(*arrays)
    y.backward()
    return [y.asnumpy(), *(array.grad.asnumpy() for array in arrays)]


@case
def control_flow_in_every_precision(mx, random):
    contrib = mx.nd.contrib
    made = {}
    for dtype in ("float16", "float32", "float64"):
        for values in ([[1.0, 2.0], [3.0, 0.5], [0.0, -1.0]], [[NAN], [np.inf]]):
            x, s = mx.nd.array(values, dtype=dtype), mx.nd.ones((len(values[0]),), dtype=dtype)
            name = f"{dtype} {len(values)}"
            made[f"foreach {name}"] = _gradient_of(
                mx, lambda x, s: contrib.foreach(lambda a, b: (a * b, a + b), x, s)[0], x, s
            )
            made[f"while {name}"] = _gradient_of(
                mx,
                lambda s: contrib.while_loop(
                    lambda i, v: i < 2, lambda i, v: (v * 2, [i + 1, v * v]), [mx.nd.zeros(1), s], 4
                )[1][1],
                s,
            )
            made[f"cond {name}"] = _gradient_of(
                mx, lambda s: contrib.cond(s.sum() > 0, lambda: s * 2, lambda: s * s), s
            )
    return {name: repr([part.tolist() for part in parts]) for name, parts in made.items()}


@case
def custom_operators_meet_edges(mx, random):
    class Half(mx.operator.CustomOp):
        def forward(self, is_train, req, in_data, out_data, aux):
            self.assign(out_data[0], req[0], in_data[0] / 2)

        def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
            self.assign(in_grad[0], req[0], out_grad[0] / 2)

    @mx.operator.register("half_of_edges")
    class HalfProp(mx.operator.CustomOpProp):
        def create_operator(self, ctx, in_shapes, in_dtypes):
            return Half()

    made = {}
    for name, values in (("edges", [0.0, NAN, np.inf]), ("one", [3.0]), ("axes", [[1.0], [2.0]])):
        made[name] = repr(
            [
                part.tolist()
                for part in _gradient_of(
                    mx, lambda x: mx.nd.Custom(x, op_type="half_of_edges"), mx.nd.array(values)
                )
            ]
        )
    return made


@case
def bfloat16_results(mx, random):
    half = np.dtype([("bfloat16", np.uint16)])
    made, internal = {}, mx.nd._internal
    exact, whole = mx.nd.array([1.0, 0.5, -2.75, 1000.0]), mx.nd.array([0, 1])
    results = {
        "Cast": mx.nd.Cast(exact, dtype=half),
        "amp_cast": mx.nd.amp_cast(mx.nd.array([1.0, 0.3, -2.7]), dtype=half),
        "_zeros": internal._zeros(shape=(2,), dtype=half),
        "_ones": internal._ones(shape=(2,), dtype=half),
        "_full": internal._full(shape=(2,), value=0.75, dtype=half),
        "_arange": internal._arange(start=0, stop=3, dtype=half),
        "_linspace": internal._linspace(start=0, stop=3, num=3, dtype=half),
        "one_hot": mx.nd.one_hot(whole, depth=3, dtype=half, on_value=0.75),
        "Embedding": mx.nd.Embedding(
            whole,
            mx.nd.Cast(mx.nd.array([[0.5, 1], [2, 3]]), dtype=half),
            input_dim=2,
            output_dim=2,
            dtype=half,
        ),
    }
    for name, array in results.items():
        made[name] = mx.nd.Cast(array, dtype="float32")
        made[f"{name} dtype"] = str(array.dtype)
    return made


@case
def updates_of_many_weights_write_out(mx, random):
    def lists(dtype="float32"):
        made = [[mx.nd.array(random.uniform(size=(2, 3))) for _ in range(2)] for _ in range(4)]
        return [[each.astype(dtype) for each in group] for group in made]

    found = {}
    for name, given in (
        ("adamw", {"rescale_grad": 1.0, "lrs": [0.1, 0.2], "wds": [0.0, 0.1], "etas": [1, 1]}),
        ("lamb", {"step_count": [1, 2], "lrs": [0.1, 0.2], "wds": [0.0, 0.1]}),
    ):
        weights, grads, means, variances = lists()
        getattr(mx.nd.contrib, f"multi_{name}_update")(
            weights, grads, means, variances, out=weights, **given
        )
        found[name] = mx.nd.concat(*weights, dim=0)
        weights, grads, means, variances = lists("float16")
        copies = [each.astype("float32") for each in weights]
        getattr(mx.nd.contrib, f"multi_mp_{name}_update")(
            weights, grads, [m.astype("float32") for m in means],
            [v.astype("float32") for v in variances], copies, out=weights, **given,
        )  # fmt: skip
        found[f"{name} in 16 bits"] = mx.nd.concat(*weights, dim=0)
        found[f"{name}, its copies"] = mx.nd.concat(*copies, dim=0)
    return found
