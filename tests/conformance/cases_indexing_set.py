"""Setting elements: every kind of key and value, casts, broadcasting, and what is refused."""

from __future__ import annotations

import numpy as np

from tests.conformance.case import case, error_of, raises

KEYS = {
    "row": 1, "last row": -1, "element": (1, 2), "all": slice(None), "ellipsis": Ellipsis,
    "empty tuple": (), "column": (slice(None), 1), "block": (slice(0, 2), slice(1, 3)),
    "step": (slice(None), slice(0, 4, 2)), "reversed": slice(None, None, -1),
    "reversed columns": (slice(None), slice(3, 0, -1)), "new first": None,
    "new": (slice(None), None, 1), "list": [2, 0], "lists": ([0, 1], [2, 3]),
    "list and slice": ([2, 0], slice(1, 3)), "slice and list": (slice(1, 3), [3, 0]),
    "list and number": ([0, 2], 1), "array": np.array([0, 2]),
    "matrix": np.array([[0, 1], [1, 2]]), "broadcast lists": (np.array([[0], [2]]), [1, 3]),
    "list and reversed": ([1, 2], slice(None, None, -1)), "ellipsis and list": (Ellipsis, [0, 2]),
    "list of one": [1], "range": range(2), "numpy number": np.int64(1),
}  # fmt: skip


def _matrix(mx, dtype="float32"):
    return mx.nd.arange(12, dtype=dtype).reshape((3, 4))


def _set(x, key, value):
    x[key] = value
    return x


@case
def a_number_at_every_key(mx, random):
    return {name: _set(_matrix(mx), key, -1.5) for name, key in KEYS.items()}


@case
def an_array_at_every_key(mx, random):
    found = {}
    for name, key in KEYS.items():
        x = _matrix(mx)
        shape = x[key].shape
        found[name] = _set(x, key, mx.nd.array(random.normal(size=shape)))
    return found


@case
def numpy_at_every_key(mx, random):
    found = {}
    for name, key in KEYS.items():
        x = _matrix(mx)
        found[name] = _set(x, key, random.normal(size=x[key].shape))
    return found


@case
def lists_at_some_keys(mx, random):
    return {
        "row": _set(_matrix(mx), 1, [9, 8, 7, 6]),
        "tuple": _set(_matrix(mx), 1, (9, 8, 7, 6)),
        "column": _set(_matrix(mx), (slice(None), 0), [9, 8, 7]),
        "nested": _set(_matrix(mx), slice(0, 2), [[1] * 4, [2] * 4]),
        "broadcast": _set(_matrix(mx), slice(None), [1, 2, 3, 4]),
        "one": _set(_matrix(mx), (0, 0), [5]),
        "list key": _set(_matrix(mx), [0, 2], [[1] * 4, [2] * 4]),
    }


@case
def keys_that_are_ndarrays(mx, random):
    nd = mx.nd
    keys = {
        "float": nd.array([2, 0]), "int": nd.array([2, 0], dtype="int32"),
        "pair": (nd.array([0, 1]), nd.array([3, 2])), "with slice": (nd.array([0, 1]), slice(1, 3)),
    }  # fmt: skip
    return {name: _set(_matrix(mx), key, -1) for name, key in keys.items()}


@case
def values_that_broadcast(mx, random):
    values = {
        "one": np.ones(1), "row": np.arange(4.0), "column": np.arange(3.0).reshape(3, 1),
        "leading ones": np.arange(4.0).reshape(1, 1, 4), "same": np.ones((3, 4)),
        "scalar": np.array(7.0),
    }  # fmt: skip
    found = {}
    for name, value in values.items():
        found[f"{name} numpy"] = _set(_matrix(mx), slice(None), value)
        if value.ndim:
            found[f"{name} array"] = _set(_matrix(mx), slice(None), mx.nd.array(value))
    return {
        **found,
        "into a block": _set(_matrix(mx), (slice(0, 2), slice(1, 3)), mx.nd.array([5, 6])),
        "into lists": _set(_matrix(mx), ([0, 2], slice(0, 2)), mx.nd.array([[5], [6]])),
        "one into an element": _set(_matrix(mx), (0, 0), mx.nd.array([5])),
    }


@case
def values_that_do_not_fit(mx, random):
    found = {}
    for name, shape in {
        "longer": (5,),
        "matrix": (2, 4),
        "more axes": (2, 3, 4),
        "column": (4, 1),
    }.items():
        for key_name, key in {"all": slice(None), "row": 1, "list": [0, 2]}.items():
            x = _matrix(mx)
            label = f"{name} at {key_name}"
            found[label] = raises(lambda x=x, k=key, s=shape: _set(x, k, mx.nd.ones(s)).asnumpy())
            found[f"{label} numpy"] = raises(
                lambda x=x, k=key, s=shape: _set(x, k, np.ones(s)).asnumpy()
            )
    return found


@case
def values_of_every_dtype(mx, random):
    found = {}
    for dtype in ("float16", "float32", "float64", "int8", "uint8", "int32", "int64"):
        for source in ("float32", "float64", "int32", "int64"):
            x = _matrix(mx, dtype)
            x[1] = mx.nd.array([1.7, 2.2, 3.5, 100], dtype=source)
            x[2] = np.array([1.7, 2.2, 3.5, 100]).astype(source)
            found[f"{dtype} from {source}"] = x
    return found


@case
def numbers_of_every_kind(mx, random):
    numbers = {
        "int": 3, "float": 2.75, "true": True, "numpy int": np.int8(4),
        "numpy float": np.float64(1.5), "numpy bool": np.bool_(True), "inf": float("inf"),
        "nan": float("nan"), "large": 1e10,
    }  # fmt: skip
    found = {name: _set(_matrix(mx), (0, slice(0, 2)), number) for name, number in numbers.items()}
    whole = {k: v for k, v in numbers.items() if k not in ("inf", "nan", "large")}
    for name, number in whole.items():
        found[f"{name} into integers"] = _set(_matrix(mx, "int32"), (0, slice(0, 2)), number)
    return found


@case
def values_that_are_refused(mx, random):
    x = _matrix(mx)
    values = {
        "text": "a", "dict": {}, "object": object(), "texts": ["a"], "set": {1},
        "complex": 1j,
    }  # fmt: skip
    return {
        **{name: raises(lambda v=value: _set(x, 1, v)) for name, value in values.items()},
        "x": x,
    }


@case
def keys_that_are_refused(mx, random):
    x = _matrix(mx)
    keys = {
        "row": 3, "negative row": -4, "column": (0, 4), "too many": (0, 0, 0), "text": "a",
        "two ellipses": (Ellipsis, Ellipsis), "float": 1.5, "dict": {}, "text in a tuple": (0, "a"),
        "lists do not broadcast": ([0, 1], [0, 1, 2]),
    }  # fmt: skip
    named = ("row", "column", "too many")
    return {
        **{name: raises(lambda k=key: _set(x, k, 0).asnumpy()) for name, key in keys.items()},
        **{f"{n} error": error_of(lambda k=keys[n]: _set(x, k, 0)) for n in named},
        "x": x,
    }  # fmt: skip


@case(differs="True is 1, also for setting; the reference sets every element")
def truth_values_as_keys_of_values(mx, random):
    return {
        "numpy mask": raises(
            lambda: _set(_matrix(mx), np.array([True, False, True]), -1).asnumpy()
        ),
        "true": _set(_matrix(mx), True, -1),
    }


@case
def overlapping_values(mx, random):
    x, y, z = _matrix(mx), _matrix(mx), mx.nd.arange(6)
    x[1] = x[0]
    y[:] = y[:, ::-1]
    z[:] = z[::-1]
    return {"row": x, "reversed columns": y, "reversed": z}


@case
def arithmetic_in_place_through_keys(mx, random):
    x = _matrix(mx)
    x[0] += 100
    x[:, 1] *= 2
    x[[0, 2]] -= 1
    x[1, 2:] /= 2
    x[2, 3] += mx.nd.array([0.5])
    x[::2] %= 50
    return {"x": x}


@case
def sets_of_repeated_elements(mx, random):
    x, y = _matrix(mx), _matrix(mx)
    x[[1, 1]] = -1
    y[[0, 0], [1, 1]] += 5
    return {"number": x, "added once": y}


@case
def sets_in_views(mx, random):
    x = _matrix(mx)
    view = x[1:3]
    view[0] = -1
    view[:, 3] = mx.nd.array([7, 8])
    view[1][0:2] = [5, 6]
    return {"x": x, "view": view}


@case
def sets_that_leave_dtype_and_context(mx, random):
    x = mx.nd.zeros((2, 2), dtype="int8", ctx=mx.cpu(1))
    x[0] = mx.nd.array([1.9, -1.9])
    x[1] = np.array([3.9, 4.1])
    return {"x": x, "dtype": np.dtype(x.dtype).name, "context": str(x.context)}


@case
def sets_of_three_axes(mx, random):
    keys = {
        "matrix": 1, "middle": (slice(None), 1), "last": (Ellipsis, 2),
        "inner block": (slice(None), slice(0, 2), slice(1, 3)),
        "lists apart": ([0, 1], slice(None), [2, 3]), "list last": (Ellipsis, [0, 3]),
        "number between": ([0, 1], 1, [2, 3]), "new": (None, 1),
        "reversed": (slice(None, None, -1), 0),
    }  # fmt: skip
    found = {}
    for name, key in keys.items():
        x = mx.nd.arange(24).reshape((2, 3, 4))
        found[f"{name} number"] = _set(x.copy(), key, -1)
        found[f"{name} array"] = _set(x.copy(), key, mx.nd.array(random.normal(size=x[key].shape)))
    return found


@case
def sets_while_recording(mx, random):
    x, constant = _matrix(mx), mx.nd.zeros((4,))
    x.attach_grad()

    def into_the_graph():
        with mx.autograd.record():
            y = x * 2
            y[0] = 1
            return y.asnumpy()

    with mx.autograd.record():
        constant[1] = 5
        z = (x * constant).sum()
    z.backward()
    return {"into the graph": error_of(into_the_graph), "gradient": x.grad}


@case
def scatter_functions(mx, random):
    x = _matrix(mx)
    index = mx.nd.array([[0, 2], [1, 3]])
    return {
        "scatter_nd": mx.nd.scatter_nd(mx.nd.array([7, 8]), index, shape=(3, 4)),
        "set": mx.nd._internal._scatter_set_nd(
            lhs=x, rhs=mx.nd.array([7, 8]), indices=index, shape=(3, 4), out=x
        ),
        "gather_nd": mx.nd.gather_nd(x, index),
    }
