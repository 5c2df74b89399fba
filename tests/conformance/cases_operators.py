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
