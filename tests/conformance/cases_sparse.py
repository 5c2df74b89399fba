"""Sparse arrays: making them, their parts, how results are stored, setting, and wrong calls."""

from __future__ import annotations

import numpy as np

from tests.conformance.case import case, outcome, raises

STYPES = ("csr", "row_sparse")
KEEPING = (
    "abs arcsin arcsinh arctan arctanh cbrt ceil degrees expm1 fix floor log1p negative radians "
    "relu rint round sign sin sinh sqrt square tan tanh trunc BlockGrad make_loss zeros_like"
)
LOSING = (
    "cos cosh exp gamma log rsqrt sigmoid softsign erf transpose logical_not softmax norm sum mean "
    "max argmax sort ones_like"
)


def _dense(mx):
    return mx.nd.array([[0, 0.5, 0], [0, 0, 0], [0.25, 0, -0.75]])


def _stored(x):
    """Return the storage type and the parts of a sparse array, or 'default'."""
    if x.stype == "default":
        return "default"
    parts = [x.data.asnumpy().round(4).tolist(), x.indices.asnumpy().tolist()]
    return (x.stype, x.shape, *parts, *([x.indptr.asnumpy().tolist()] if x.stype == "csr" else []))


@case
def parts_of_sparse_arrays(mx, random):
    found = {}
    for stype in STYPES:
        x = _dense(mx).tostype(stype)
        found[stype] = _stored(x)
        found[f"{stype} facts"] = (x.shape, x.ndim, x.stype, str(x.context), len(x))
        found[f"{stype} dtypes"] = [np.dtype(a.dtype).name for a in (x, x.data, x.indices)]
        found[f"{stype} dense"] = x
    return found


@case
def csr_matrices_from_sources(mx, random):
    make = mx.nd.sparse.csr_matrix
    values, columns, starts = [1, 2, 3], [0, 2, 1], [0, 2, 2, 3]
    return {
        "parts": _stored(make((values, columns, starts), shape=(3, 4))),
        "parts without shape": make((values, columns, starts)).shape,
        "coordinates": _stored(make((values, ([0, 2, 0], [1, 0, 0])), shape=(3, 3))),
        "dense list": _stored(make([[0, 1], [2, 0]])),
        "NumPy": _stored(make(np.array([[0, 1.5], [0, 0]]))),
        "shape": _stored(make((2, 3))),
        "csr": _stored(make(_dense(mx).tostype("csr"))),
        "dtype": np.dtype(make((values, columns, starts), shape=(3, 4), dtype="int32").dtype).name,
        "context": str(make((2, 3), ctx=mx.cpu(1)).context),
        "default dtype": np.dtype(make(np.array([[0, 1]], dtype="float64")).dtype).name,
    }


@case
def row_sparse_arrays_from_sources(mx, random):
    make = mx.nd.sparse.row_sparse_array
    return {
        "parts": _stored(make(([[1, 2], [3, 4]], [0, 3]), shape=(5, 2))),
        "parts without shape": make(([[1, 2], [3, 4]], [0, 3])).shape,
        "dense list": _stored(make([[0, 0], [1, 2], [0, 0]])),
        "shape": _stored(make((3, 2))),
        "three axes": _stored(make((np.ones((1, 2, 2)), [1]), shape=(3, 2, 2))),
        "row_sparse": _stored(make(_dense(mx).tostype("row_sparse"))),
        "dtype": np.dtype(make((3, 2), dtype="float64").dtype).name,
        "context": str(make((3, 2), ctx=mx.cpu(1)).context),
    }


@case
def sources_that_are_wrong(mx, random):
    csr, rows, sparse = mx.nd.sparse.csr_matrix, mx.nd.sparse.row_sparse_array, mx.nd.sparse
    return {
        "csr of a vector": raises(lambda: csr([1, 2, 3]).asnumpy()),
        "csr of text": raises(lambda: csr("abc")),
        "csr of three axes": raises(lambda: csr((2, 3, 4)).asnumpy()),
        "array of a list": raises(lambda: sparse.array([[1, 2]])),
        "array of a dense one": raises(lambda: sparse.array(mx.nd.ones((2, 2)))),
        "zeros of a wrong kind": raises(lambda: sparse.zeros("coo", (2, 2))),
        "rows of text": raises(lambda: rows("abc")),
        "tostype": raises(lambda: _dense(mx).tostype("coo")),
    }


@case
def zeros_and_empty(mx, random):
    found = {}
    for stype in STYPES:
        found[stype] = _stored(mx.nd.sparse.zeros(stype, (2, 3)))
        found[f"{stype} by nd"] = _stored(mx.nd.zeros((2, 3), stype=stype))
        found[f"{stype} dtype"] = np.dtype(
            mx.nd.zeros((1, 1), stype=stype, dtype="int8").dtype
        ).name
        found[f"{stype} empty"] = mx.nd.sparse.empty(stype, (2, 3)).shape
    return {**found, "default": mx.nd.sparse.zeros("default", (2,)).stype}


@case
def operators_that_keep_the_storage(mx, random):
    found = {}
    for stype in STYPES:
        x = _dense(mx).tostype(stype)
        for name in KEEPING.split():
            y = getattr(mx.nd, name)(x)
            found[f"{name} {stype}"], found[f"{name} {stype} dense"] = _stored(y), y
    return found


@case
def operators_that_make_dense(mx, random):
    found = {}
    for stype in STYPES:
        x = _dense(mx).tostype(stype)
        for name in LOSING.split():
            y = getattr(mx.nd, name)(x)
            found[f"{name} {stype}"], found[f"{name} {stype} dense"] = y.stype, y
    return found


@case
def numbers_and_storage(mx, random):
    names = (
        "_plus_scalar", "_minus_scalar", "_rminus_scalar", "_mul_scalar", "_power_scalar",
        "_maximum_scalar", "_greater_scalar", "_greater_equal_scalar", "_lesser_scalar",
        "_lesser_equal_scalar", "_equal_scalar", "_not_equal_scalar",
    )  # fmt: skip
    found = {}
    for stype in STYPES:
        x = _dense(mx).tostype(stype)
        for name in names:
            for number in (0.0, 2.0, -2.0):
                y = getattr(mx.nd._internal, name)(x, scalar=number)
                found[f"{name} {number} {stype}"] = y.stype
                found[f"{name} {number} {stype} dense"] = y
    return found


@case
def signs_and_storage(mx, random):
    dense, one = _dense(mx), mx.nd.ones((3, 3))
    found = {}
    for stype in STYPES:
        x = dense.tostype(stype)
        results = {
            "plus": x + x, "minus": x - x, "times": x * x, "plus dense": x + one,
            "dense plus": one + x, "times dense": x * one, "dense times": one * x, "double": x * 2,
            "half": x / 2, "twice": 2 * x, "plus 1": x + 1, "negative": -x, "absolute": abs(x),
            "greater": x > 0, "equal": x == 0, "power": x**2, "modulo": x % 2,
        }  # fmt: skip
        for name, result in results.items():
            found[f"{name} {stype}"], found[f"{name} {stype} dense"] = result.stype, result
    return found


@case
def operators_of_two_arrays(mx, random):
    nd, one = mx.nd, mx.nd.ones((3, 3))
    row, column = nd.array([[1, 2, 3]]), nd.array([[1], [2], [3]])
    found = {}
    for stype in STYPES:
        x = _dense(mx).tostype(stype)
        results = {
            "add": nd.elemwise_add(x, x), "sub": nd.elemwise_sub(x, x),
            "mul": nd.elemwise_mul(x, x), "mul dense": nd.elemwise_mul(x, one),
            "dense mul": nd.elemwise_mul(one, x), "div": nd.elemwise_div(x, one),
            "broadcast mul": nd.broadcast_mul(x, row), "by columns": nd.broadcast_mul(x, column),
            "broadcast div": nd.broadcast_div(x, row), "broadcast add": nd.broadcast_add(x, row),
            "add_n": nd.add_n(x, x, x), "add_n dense": nd.add_n(x, one),
            "rows joined": nd.concat(x, x, dim=0), "columns joined": nd.concat(x, x, dim=1),
            "dot": nd.dot(x, one), "dot of rows": nd.dot(one, x), "where": nd.where(x, one, -one),
        }  # fmt: skip
        for name, result in results.items():
            found[f"{name} {stype}"], found[f"{name} {stype} dense"] = result.stype, result
    x = _dense(mx).tostype("csr")
    transposed = nd.dot(x, one, transpose_a=True)
    return {**found, "transposed dot": transposed.stype, "transposed dot dense": transposed}


@case
def reductions_and_parts(mx, random):
    x, rows = _dense(mx).tostype("csr"), _dense(mx).tostype("row_sparse")
    nd = mx.nd
    return {
        "sum": x.sum(axis=0), "sum of rows": rows.sum(axis=1), "mean": x.mean(axis=0),
        "norm": x.norm(), "one row": _stored(x[2]), "last row": _stored(x[-1]),
        "slice": _stored(x[1:3]), "slice to the end": _stored(x[1:]), "all": x[:].stype,
        "by operator": _stored(nd.slice(x, begin=(1, 0), end=(3, 2))),
        "take": nd.take(x, nd.array([2, 0])).asnumpy(),
        "retain": _stored(nd.sparse.retain(rows, nd.array([2]))),
        "wrong row": raises(lambda: x[5].asnumpy()),
        "column": raises(lambda: x[:, 1].asnumpy()),
        "part of rows": raises(lambda: rows[0].asnumpy()),
        "reshape": raises(lambda: x.reshape((9,))),
        "clip": _stored(nd.clip(x, -0.5, 0.5)),
    }  # fmt: skip


@case
def setting_sparse_arrays(mx, random):
    found = {}
    for stype in STYPES:
        x = mx.nd.sparse.zeros(stype, (3, 3))
        x[:] = _dense(mx)
        found[f"{stype} from dense"] = _stored(x)
        x[:] = _dense(mx).tostype(stype) * 2
        found[f"{stype} from sparse"] = _stored(x)
        x[:] = np.eye(3)
        found[f"{stype} from NumPy"] = _stored(x)
        found[f"{stype} element"] = raises(lambda x=x: x.__setitem__((0, 0), 1))
        found[f"{stype} row"] = raises(lambda x=x: x.__setitem__(0, 1))
        found[f"{stype} text"] = raises(lambda x=x: x.__setitem__(slice(None), "a"))
    rows = mx.nd.sparse.zeros("row_sparse", (2, 2))
    rows[:] = 3
    csr = mx.nd.sparse.zeros("csr", (2, 2))
    return {
        **found,
        "rows from a number": _stored(rows),
        "csr from a number": raises(lambda: csr.__setitem__(slice(None), 3)),
    }


@case
def copying_sparse_arrays(mx, random):
    found = {}
    for stype in STYPES:
        x = _dense(mx).tostype(stype)
        y = x.copy()
        y[:] = _dense(mx) * 0
        target = mx.nd.sparse.zeros(stype, (3, 3))
        dense = mx.nd.zeros((3, 3))
        returned = x.copyto(target)
        x.copyto(dense)
        found[f"{stype} kept"] = _stored(x)
        found[f"{stype} target"], found[f"{stype} same"] = _stored(target), returned is target
        found[f"{stype} into dense"] = dense
        found[f"{stype} from dense"] = _stored(_dense(mx).copyto(mx.nd.sparse.zeros(stype, (3, 3))))
        found[f"{stype} to context"] = str(x.copyto(mx.cpu(1)).context)
        found[f"{stype} as context"] = x.as_in_context(mx.cpu(0)) is x
        found[f"{stype} wrong shape"] = raises(
            lambda x=x, s=stype: x.copyto(mx.nd.sparse.zeros(s, (2, 2))).asnumpy()
        )
        found[f"{stype} cast"] = (x.astype("float64").stype, np.dtype(x.astype("int32").dtype).name)
        found[f"{stype} detached"] = x.detach().stype
        found[f"{stype} array"] = _stored(mx.nd.array(x))
        found[f"{stype} sparse array"] = _stored(mx.nd.sparse.array(x))
    return found


@case
def out_of_operators_on_sparse_arrays(mx, random):
    found = {}
    for stype in STYPES:
        x = _dense(mx).tostype(stype)
        target = mx.nd.sparse.zeros(stype, (3, 3))
        mx.nd.square(x, out=target)
        dense = mx.nd.zeros((3, 3))
        mx.nd.square(x, out=dense)
        into = mx.nd.sparse.zeros(stype, (3, 3))
        mx.nd.square(_dense(mx), out=into)
        found[stype], found[f"{stype} dense"], found[f"{stype} into"] = _stored(target), dense, into
    return found


@case
def gradients_of_sparse_arrays(mx, random):
    x = mx.nd.array([0, 2])
    weight = mx.nd.array(random.normal(size=(4, 2)))
    weight.attach_grad(stype="row_sparse")
    with mx.autograd.record():
        y = mx.nd.Embedding(x, weight, input_dim=4, output_dim=2, sparse_grad=True)
    y.backward(mx.nd.ones((2, 2)))
    data = _dense(mx).tostype("csr")
    dense = mx.nd.array(random.normal(size=(3, 2)))
    dense.attach_grad()
    with mx.autograd.record():
        z = mx.nd.dot(data, dense)
    z.backward()
    return {
        "embedding": weight.grad, "stored as": weight.grad.stype,
        "rows": outcome(lambda: weight.grad.indices), "dot": dense.grad,
    }  # fmt: skip


@case
def formats_are_checked(mx, random):
    x, rows = _dense(mx).tostype("csr"), _dense(mx).tostype("row_sparse")
    csr = mx.nd.sparse.csr_matrix
    return {
        "csr": x.check_format(),
        "rows": rows.check_format(),
        "shallow": x.check_format(full_check=False),
        "column": raises(lambda: csr(([1.0], [7], [0, 1]), shape=(1, 3)).check_format()),
        "pointer": raises(lambda: csr(([1.0], [0], [0, 2]), shape=(1, 3)).check_format()),
    }


@case
def scipy_round_trip(mx, random):
    from scipy import sparse

    matrix = sparse.csr_matrix(np.array([[0, 1.0], [2.0, 0]]))
    x = mx.nd.sparse.array(matrix)
    back = x.asscipy()
    return {
        "from": _stored(x), "by nd": mx.nd.array(matrix).stype,
        "by csr_matrix": _stored(mx.nd.sparse.csr_matrix(matrix)), "back": back.toarray(),
        "dtype": back.dtype.name,
    }  # fmt: skip


@case
def functions_of_the_sparse_module(mx, random):
    one, sparse = mx.nd.ones((3, 3)), mx.nd.sparse
    found = {}
    for stype in STYPES:
        x = _dense(mx).tostype(stype)
        for name in ("add", "subtract", "multiply", "divide"):
            function = getattr(sparse, name)
            for kind, other in (("sparse", x), ("dense", one), ("number", 2)):
                if name == "divide" and kind == "sparse":
                    continue  # 0 / 0
                found[f"{name} {kind} {stype}"] = outcome(lambda f=function, x=x, o=other: f(x, o))
        found[f"text {stype}"] = raises(lambda x=x: sparse.add(x, "a"))
    return {**found, "numbers": sparse.add(1, 2)}
