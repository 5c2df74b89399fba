"""Each member of NDArray that is no operator's method: what it returns, and wrong calls."""

from __future__ import annotations

import pickle

import numpy as np

from tests.conformance.case import case, error_of, outcome, raises

DTYPES = ("float16", "float32", "float64", "int8", "uint8", "int32", "int64", "bool")


@case
def dtypes_are_numpy_types(mx, random):
    found = {name: np.dtype(mx.nd.zeros((1,)).astype(name).dtype).name for name in DTYPES}
    x = mx.nd.ones((2,))
    return {
        **found,
        "is the class": x.dtype is np.float32,
        "equals the name": x.dtype == "float32",
        "as NumPy's": np.dtype(x.dtype).name,
    }


@case
def asnumpy_copies(mx, random):
    x = mx.nd.array([[1, 2], [3, 4]])
    taken = x.asnumpy()
    taken[0, 0] = 9
    found = {name: x.astype(name).asnumpy() for name in DTYPES}
    return {
        **found,
        "x": x,
        "type": type(taken).__name__,
        "flags": (taken.flags.writeable, taken.flags.c_contiguous, taken.flags.owndata),
        "of a transposed": x.T.asnumpy().flags.c_contiguous,
        "of a column": x[:, 1].asnumpy(),
    }


@case
def asscalar_takes_one_element(mx, random):
    found = {name: mx.nd.array([3]).astype(name).asscalar() for name in DTYPES}
    return {
        **{name: (value.item(), value.dtype.name) for name, value in found.items()},
        "of two axes": mx.nd.array([[2.5]]).asscalar().item(),
        "of two": error_of(lambda: mx.nd.ones((2,)).asscalar()),
        "of a row": error_of(lambda: mx.nd.ones((1, 2)).asscalar()),
    }


@case
def truth_of_arrays(mx, random):
    return {
        "one": bool(mx.nd.array([2])),
        "zero": bool(mx.nd.array([0])),
        "nan": bool(mx.nd.array([float("nan")])),
        "matrix of one": bool(mx.nd.array([[0.5]])),
        "bool": bool(mx.nd.array([1]).astype("bool")),
        "int": bool(mx.nd.array([7], dtype="int8")),
        "comparison": bool(mx.nd.array([1]) > 0),
        "several": error_of(lambda: bool(mx.nd.ones((2,)))),
        "several compared": error_of(lambda: bool(mx.nd.ones((2,)) == mx.nd.ones((2,)))),
        "nonzero": mx.nd.array([2]).__nonzero__(),
        "not": not mx.nd.array([0]),
        "and": float((mx.nd.array([1]) and mx.nd.array([5])).asscalar()),
    }


@case(differs="int(x) and float(x) of one element work; the reference has asscalar() alone")
def numbers_from_arrays(mx, random):
    x, several = mx.nd.array([3.7]), mx.nd.ones((2,))
    whole = mx.nd.array([2], dtype="int64")
    return {
        "int": outcome(lambda: int(x)),
        "negative": outcome(lambda: int(mx.nd.array([-3.7]))),
        "wide": outcome(lambda: int(whole * 0 + 2**53 + 1)),
        "float": outcome(lambda: float(whole)),
        "index": outcome(lambda: [1, 2, 3][whole]),
        "index of a float": error_of(lambda: [1, 2, 3][x]),
        "int of several": error_of(lambda: int(several)),
        "float of several": error_of(lambda: float(several)),
        "complex": error_of(lambda: complex(several)),
    }


@case
def hashes_and_identity(mx, random):
    x, y = mx.nd.array([1, 2]), mx.nd.array([1, 2])
    return {
        "as keys": len({x: 1, y: 2}),
        "found again": {x: 1}[x],
        "set": len({x, x, y}),
        "stable": hash(x) == hash(x),
        "not by value": hash(x) == hash(y),
    }


@case
def containment(mx, random):
    x = mx.nd.array([1, 2, 3])
    one, y = mx.nd.array([1]), mx.nd.array([1])
    return {
        "number": outcome(lambda: 2 in x),
        "missing number": outcome(lambda: 7 in x),
        "row": outcome(lambda: mx.nd.array([1, 2]) in mx.nd.array([[1, 2], [3, 4]])),
        "number in matrix": error_of(lambda: 2 in mx.nd.array([[1, 2], [3, 4]])),
        "in a list, itself": one in [one],
        "in a list, equal": y in [one],
        "in a list, unequal": mx.nd.array([5]) in [one],
        "several in a list": error_of(lambda: mx.nd.array([1, 2]) in [mx.nd.array([1, 3])]),
        "index": [mx.nd.array([5]), one].index(y),
    }


@case(differs="comparing with None raises a TypeError in the reference; here x == None is False")
def comparison_with_none(mx, random):
    x = mx.nd.array([1, 2])
    return {
        "equal": error_of(lambda: x == None),  # noqa: E711
        "not equal": error_of(lambda: x != None),  # noqa: E711
    }


@case
def comparison_with_other_things(mx, random):
    x = mx.nd.array([1, 2])
    return {
        "less than None": error_of(lambda: x < None),
        "greater than text": error_of(lambda: x > "a"),
        "is None": x is None,
        "true": x == True,  # noqa: E712
        "nan": x == float("nan"),
    }


@case
def iteration(mx, random):
    x = mx.nd.arange(6).reshape((3, 2))
    first, *rest = x
    for row in x:
        row += 10
    a, b = mx.nd.array([7, 8])
    return {
        "rows": list(x),
        "first": first,
        "rest": len(rest),
        "x": x,
        "unpacked": [a, b],
        "shape of an element": a.shape,
        "reversed": list(reversed(x)),
        "enumerated": [(i, float(row.sum().asscalar())) for i, row in enumerate(x)],
        "list": [float(v.asscalar()) for v in mx.nd.array([1, 2, 3])],
        "zip": [float((p + q).asscalar()) for p, q in zip(a, b)],  # noqa: B905
        "sum": sum(mx.nd.array([1, 2, 3])),
        "max": max(mx.nd.array([1, 3, 2])),
        "sorted": [float(v.asscalar()) for v in sorted(mx.nd.array([3, 1, 2]))],
    }


@case
def copies(mx, random):
    x = mx.nd.array([1, 2, 3])
    y, z = x.copy(), x.copyto(mx.cpu(1))
    y[:] = 0
    target = mx.nd.zeros((3,), dtype="int32")
    returned = mx.nd.array([1.7, -1.7, 3]).copyto(target)
    import copy

    return {
        "x": x, "y": y, "z": z, "context": str(z.context),
        "target": target, "returned": returned is target,
        "to itself": error_of(lambda: x.copyto(x)),
        "x afterwards": x,
        "wrong shape": error_of(lambda: x.copyto(mx.nd.zeros((4,)))),
        "same size, other shape": error_of(lambda: x.copyto(mx.nd.zeros((3, 1)))),
        "to a number": error_of(lambda: x.copyto(3)),
        "to NumPy": error_of(lambda: x.copyto(np.zeros(3))),
        "to None": error_of(lambda: x.copyto(None)),
        "shallow": copy.copy(x),
        "deep": copy.deepcopy(x),
        "deep has own memory": _own_memory(copy.deepcopy(x), x),
        "of a view": _view_copied(x),
    }  # fmt: skip


def _own_memory(y, x):
    y[:] = -1
    return x


def _view_copied(x):
    whole = mx_like(x)
    part = whole[0:2].copy()
    part[:] = 9
    return whole


def mx_like(x):
    return x.copy()


@case
def copying_to_another_context(mx, random):
    x = mx.nd.array([1, 2])
    there = mx.nd.zeros((2,), ctx=mx.cpu(1))
    x.copyto(there)
    moved = x.as_in_context(mx.cpu(1))
    back = moved.as_in_context(mx.cpu(0))
    back[:] = 5
    return {
        "there": there,
        "contexts": [str(a.context) for a in (x, there, moved, back)],
        "same": x.as_in_context(mx.cpu(0)) is x,
        "moved is new": moved is x,
        "x": x,
        "sum of two contexts": error_of(lambda: (x + moved).asnumpy()),
        "text": error_of(lambda: x.as_in_context("cpu")),
        "none": error_of(lambda: x.as_in_context(None)),
    }


@case
def contexts_of_results(mx, random):
    x = mx.nd.ones((2, 2), ctx=mx.cpu(1))
    with mx.Context("cpu", 2):
        made, ranged, copied = mx.nd.zeros((1,)), mx.nd.arange(3), mx.nd.array(x)
    arrays = {
        "sum": x.sum(), "row": x[0], "reshaped": x.reshape((4,)), "plus": x + 1,
        "cast": x.astype("int32"), "copy": x.copy(), "compared": x > 0, "detached": x.detach(),
        "made": made, "ranged": ranged, "from array": copied, "like": mx.nd.zeros_like(x),
        "transposed": x.T, "picked": x[[0]], "split": x.split(2)[0],
        "random": mx.nd.random.uniform(shape=(1,), ctx=mx.cpu(1)),
    }  # fmt: skip
    return {name: str(array.context) for name, array in arrays.items()}


@case
def casts(mx, random):
    x = mx.nd.array([[1.5, -2.5], [0, 300]])
    found = {}
    for source in ("float32", "float64", "int32"):
        for target in ("float16", "float32", "float64", "int32", "int64", "bool"):
            found[f"{source} to {target}"] = x.astype(source).astype(target)
    same, view = x.astype("float32", copy=False), x.astype("float32")
    return {
        **found,
        "class": x.astype(np.int32).dtype,
        "numpy dtype": x.astype(np.dtype("int64")).dtype,
        "python types": [np.dtype(x.astype(kind).dtype).name for kind in (int, float, bool)],
        "same": same is x,
        "copied": view is x,
        "wrong": raises(lambda: x.astype("float31")),
        "complex": raises(lambda: x.astype("complex64")),
        "wide unsigned": raises(lambda: x.astype("uint32")),
        "small integers": mx.nd.array([-1, 2, 3], dtype="int32").astype("uint8"),
    }


@case
def casting_odd_floats_to_bool(mx, random):
    return {"bool": mx.nd.array([0.0, -0.0, 0.5, float("nan"), float("inf")]).astype("bool")}


@case
def storage_types(mx, random):
    x = mx.nd.array([[0, 1], [0, 0], [2, 0]])
    csr, rows = x.tostype("csr"), x.tostype("row_sparse")
    return {
        "csr": (csr.stype, type(csr).__name__, csr.shape),
        "rows": (rows.stype, type(rows).__name__, rows.shape),
        "dense": x.tostype("default"),
        "dense is new": x.tostype("default") is x,
        "back": csr.tostype("default"),
        "from rows": rows.tostype("default"),
        "wrong": raises(lambda: x.tostype("coo")),
        "csr of a vector": raises(lambda: mx.nd.ones((3,)).tostype("csr").asnumpy()),
    }


@case
def gradients_of_arrays(mx, random):
    x = mx.nd.array([1, 2])
    before = x.grad
    x.attach_grad()
    attached = x.grad
    with mx.autograd.record():
        y = x * x
    y.backward(mx.nd.array([1, 10]))
    z = y.detach()
    x.attach_grad("add")
    return {
        "before": before, "attached": attached, "detached": z, "no gradient": z.grad,
        "after attaching again": x.grad,
        "wrong request": raises(lambda: x.attach_grad("sometimes")),
        "not recorded": error_of(lambda: mx.nd.ones((1,)).backward()),
        "set": error_of(lambda: setattr(x, "grad", x)),
    }  # fmt: skip


@case
def pickles(mx, random):
    found = {}
    for name in DTYPES:
        x = mx.nd.array([[0, 1], [2, 3]]).astype(name)
        y = pickle.loads(pickle.dumps(x))
        found[name], found[f"{name} dtype"] = y, np.dtype(y.dtype).name
    x = pickle.loads(pickle.dumps(mx.nd.ones((2,), ctx=mx.cpu(1))))
    view = pickle.loads(pickle.dumps(mx.nd.arange(6).reshape((2, 3))[1]))
    return {**found, "context": str(x.context), "view": view}


@case
def waiting(mx, random):
    x = mx.nd.ones((2,))
    return {
        "read": x.wait_to_read(),
        "all": mx.nd.waitall(),
        "module": mx.nd.waitall.__name__,
    }


@case
def members_that_do_not_exist(mx, random):
    x = mx.nd.ones((2,))
    names = ("foo", "tolist", "data", "strides", "astypes", "numpy", "dim", "view", "std")
    return {
        **{name: hasattr(x, name) for name in names},
        "error": error_of(lambda: x.foo),
    }


@case
def arrays_for_numpy(mx, random):
    x = mx.nd.array([[1, 2], [3, 4]])
    return {
        "asarray": np.asarray(x.asnumpy()),
        "mean": outcome(lambda: float(np.mean(x.asnumpy()))),
        "priority": x.__array_priority__,
    }
