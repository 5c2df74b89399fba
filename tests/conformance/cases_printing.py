"""repr and str of NDArrays of every dtype, size, context and storage type, and of contexts."""

from __future__ import annotations

import numpy as np

from tests.conformance.case import case, error_of

DTYPES = ("float16", "float32", "float64", "int8", "uint8", "int32", "int64", "bool")


@case
def every_dtype(mx, random):
    return {name: repr(mx.nd.array([0, 1, 2]).astype(name)) for name in DTYPES}


@case
def str_of_every_dtype(mx, random):
    return {name: str(mx.nd.array([[1, 0], [5, 7]]).astype(name)) for name in DTYPES}


@case
def odd_numbers(mx, random):
    inf, nan = float("inf"), float("nan")
    return {
        "not finite": repr(mx.nd.array([inf, -inf, nan])),
        "tiny": repr(mx.nd.array([1e-20, 1.0])),
        "huge": repr(mx.nd.array([1e20, -1.0])),
        "fractions": repr(mx.nd.array([1 / 3, 2 / 3])),
        "doubles": repr(mx.nd.array([1 / 3, 1e-9], dtype="float64")),
        "halves": repr(mx.nd.array([1 / 3, 65504], dtype="float16")),
        "negative zero": repr(mx.nd.array([-0.0])),
        "wide": repr(mx.nd.array([2**40, -(2**40)], dtype="int64")),
    }


@case
def shapes_of_every_kind(mx, random):
    shapes = [(1,), (5,), (1, 1), (2, 3), (1, 2, 3), (2, 1, 1, 2), (1, 1, 1, 1, 2)]
    return {str(shape): repr(mx.nd.ones(shape)) for shape in shapes}


@case
def large_arrays_are_cut(mx, random):
    return {
        "vector": repr(mx.nd.arange(2000)),
        "matrix": repr(mx.nd.arange(4000).reshape((40, 100))),
        "at the limit": repr(mx.nd.zeros((1000,)))[-40:],
        "beyond": repr(mx.nd.zeros((1001,))),
        "int": repr(mx.nd.arange(1500, dtype="int32")),
    }


@case
def contexts_show(mx, random):
    return {
        "cpu 1": repr(mx.nd.ones((1,), ctx=mx.cpu(1))),
        "pinned": str(mx.cpu_pinned(0)),
        "shared": str(mx.Context("cpu_shared", 1)),
        "cpu": repr(mx.cpu()),
        "gpu": repr(mx.gpu(3)),
        "in a list": repr([mx.cpu(0), mx.gpu(1)]),
    }


@case
def sparse_arrays_show_what_they_are(mx, random):
    dense = mx.nd.array([[0, 1], [0, 0], [2, 0]])
    return {
        "csr": repr(dense.tostype("csr")),
        "row sparse": repr(dense.tostype("row_sparse")),
        "csr str": str(dense.tostype("csr")),
        "empty csr": repr(mx.nd.sparse.zeros("csr", (2, 3))),
        "empty rows": repr(mx.nd.sparse.zeros("row_sparse", (2, 3))),
        "parts": repr(dense.tostype("csr").indices),
    }


@case
def arrays_in_containers(mx, random):
    x = mx.nd.array([1, 2])
    return {
        "list": repr([x]),
        "dict": repr({"x": x}),
        "format": f"{x}",
        "percent": "%s" % x,  # noqa: UP031
        "format spec": error_of(lambda: format(x, ".2f")),
    }


@case
def numpy_settings_hold(mx, random):
    x = mx.nd.array([1 / 3, 2 / 3, 1000])
    with np.printoptions(precision=2, suppress=True):
        return {"precision": repr(x)}


@case
def views_and_results_print_alike(mx, random):
    x = mx.nd.arange(6).reshape((2, 3))
    return {
        "row": repr(x[1]),
        "element": repr(x[1, 2]),
        "column": repr(x[:, 1]),
        "transposed": repr(x.T),
        "sum": repr(x.sum()),
        "comparison": repr(x > 2),
        "gradient": _gradient(mx),
    }


def _gradient(mx):
    x = mx.nd.array([1, 2])
    x.attach_grad()
    with mx.autograd.record():
        y = (x * x).sum()
    y.backward()
    return repr(x.grad)


@case
def representations_of_other_things(mx, random):
    return {
        "context equality": mx.cpu(0) == mx.cpu(),
        "type": type(mx.nd.ones((1,))).__name__,
        "module": type(mx.nd.ones((1,))).__module__,
        "class": repr(mx.nd.NDArray),
    }
