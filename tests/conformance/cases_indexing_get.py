"""Getting elements: every kind of key on arrays of one to four axes, and keys that are wrong."""

from __future__ import annotations

import numpy as np

from tests.conformance.case import case, error_of, outcome, raises


def _array(mx, *shape):
    return mx.nd.arange(int(np.prod(shape))).reshape(shape)


def _of_keys(x, keys):
    return {name: outcome(lambda key=key: x[key]) for name, key in keys.items()}


@case
def keys_of_a_vector(mx, random):
    keys = {
        "first": 0, "last": -1, "all": slice(None), "part": slice(1, 4), "negative": slice(-3, -1),
        "step": slice(0, 5, 2), "reversed": slice(None, None, -1), "back": slice(4, 1, -2),
        "beyond": slice(2, 100), "before": slice(-100, 2), "ellipsis": Ellipsis, "new": None,
        "new twice": (None, None), "tuple": (2,), "element and new": (2, None), "list": [0, 2],
        "list of one": [3], "repeated": [1, 1, 1], "negative list": [-1, -5], "nested": [[0, 1]],
        "array": np.array([4, 0]), "matrix": np.array([[0, 1], [2, 3]]),
        "int8 array": np.int8([1, 2]), "bytes": np.uint8([1]), "range": range(1, 3),
        "tuple of list": ([0, 1],), "ellipsis tuple": (Ellipsis, 2),
    }  # fmt: skip
    return _of_keys(_array(mx, 5), keys)


@case
def keys_of_a_matrix(mx, random):
    keys = {
        "row": 1, "element": (1, 2), "column": (slice(None), 1),
        "block": (slice(0, 2), slice(1, 3)), "rows": slice(1, None),
        "every second": slice(None, None, 2),
        "every second column": (slice(None), slice(None, None, 2)),
        "last column": (slice(None), -1), "one row kept": slice(1, 2),
        "reversed rows": slice(None, None, -1),
        "reversed columns": (slice(None), slice(None, None, -1)),
        "both reversed": (slice(None, None, -1), slice(None, None, -1)),
        "ellipsis first": (Ellipsis, 0), "ellipsis last": (0, Ellipsis), "empty tuple": (),
        "ellipsis of nothing": (0, 1, Ellipsis), "new first": (None, 1), "new last": (1, None),
        "new between": (1, None, 2), "many new": (None, 1, None, slice(1, 3), None),
        "list": [2, 0], "list and slice": ([2, 0], slice(1, 3)),
        "slice and list": (slice(1, 3), [3, 0]), "number and list": (1, [0, 2]),
        "list and number": ([0, 2], 1), "two lists": ([0, 1], [2, 3]),
        "column list": (np.array([[0], [2]]), [1, 3]),
        "new and list": (None, [0, 1]), "list, new and list": ([0, 1], None, [0, 1]),
        "negative lists": ([-1, 0], [0, -1]), "list and step": ([1, 2], slice(None, None, -2)),
        "ellipsis and list": (Ellipsis, [0, 2]), "nested": [[0, 1], [1, 2]],
    }  # fmt: skip
    return _of_keys(_array(mx, 3, 4), keys)


@case
def keys_of_a_block(mx, random):
    keys = {
        "matrix": 1, "row": (1, 2), "element": (1, 2, 3), "inner": (slice(None), 1),
        "last": (Ellipsis, 2), "middle": (0, Ellipsis, 1), "contiguous": (1, slice(0, 2)),
        "not contiguous": (slice(None), slice(0, 2)),
        "steps": (slice(None, None, -1), slice(0, 3, 2), slice(3, 0, -1)),
        "new inside": (slice(None), None, 1), "new and ellipsis": (None, Ellipsis, None),
        "lists together": ([0, 1], [1, 2]), "lists at the end": (slice(None), [0, 1], [2, 3]),
        "lists apart": ([0, 1], slice(None), [2, 3]), "all lists": ([0, 1], [1, 0], [2, 3]),
        "number between lists": ([0, 1], 1, [2, 3]),
        "number and list apart": (1, slice(None), [0, 1]),
        "list and number apart": ([0, 1], slice(None), 2), "number, number, list": (0, 1, [0, 3]),
        "matrix key": (np.array([[0, 1], [1, 0]]), slice(1, 3)),
        "broadcast": (np.array([[0], [1]]), [0, 1, 2]), "list after ellipsis": (Ellipsis, [0, 1]),
        "list, ellipsis, list": ([0, 1], Ellipsis, [0, 1]),
        "slice, list, slice": (slice(0, 1), [2, 0], slice(1, 3)),
        "list and reversed": ([1], slice(None, None, -1)), "new, list": (None, [1, 0], 2),
        "list, new, slice, list": ([0, 1], None, slice(None), [0, 1]),
        "list with a step beside": (slice(None, None, -1), [0, 2]),
    }  # fmt: skip
    return _of_keys(_array(mx, 2, 3, 4), keys)


@case
def keys_of_four_axes(mx, random):
    keys = {
        "two in the middle": (slice(None), [0, 1], [1, 0]),
        "first and third": ([0, 1], slice(None), [1, 0]),
        "number first, list third": (1, slice(None), [0, 1]),
        "three": ([0], [1], slice(None), [1]), "slice, number, list": (slice(None), 1, [0, 2]),
        "list, slice, number": ([0, 1], slice(0, 1), 1), "ellipsis": (0, Ellipsis, 1),
        "all slices": (slice(1), slice(1, 2), slice(0, 3, 2), slice(None, None, -1)),
    }  # fmt: skip
    return _of_keys(_array(mx, 2, 2, 3, 2), keys)


@case
def arrays_as_keys(mx, random):
    x, nd = _array(mx, 3, 4), mx.nd
    keys = {
        "float": nd.array([2, 0]), "int32": nd.array([2, 0], dtype="int32"),
        "int64": nd.array([1], dtype="int64"), "uint8": nd.array([1, 2], dtype="uint8"),
        "matrix": nd.array([[0, 1], [2, 0]]), "pair": (nd.array([0, 1]), nd.array([3, 2])),
        "with slice": (nd.array([0, 1]), slice(1, 3)),
        "after slice": (slice(None), nd.array([3, 0])), "with list": (nd.array([0, 1]), [3, 2]),
        "with number": (nd.array([0, 2]), 1), "negative": nd.array([-1, -2]),
        "one": nd.array([2]), "fraction": nd.array([1.7, 0.2]),
        "mixed dtypes": (nd.array([0, 1], dtype="int32"), nd.array([3, 2], dtype="int64")),
    }  # fmt: skip
    return _of_keys(x, keys)


@case
def keys_that_are_wrong(mx, random):
    x = _array(mx, 3, 4)
    keys = {
        "row": 3, "negative row": -4, "column": (0, 4), "negative column": (0, -5),
        "too many": (0, 0, 0), "too many slices": (slice(None),) * 3, "float": 1.5, "text": "a",
        "two ellipses": (Ellipsis, Ellipsis), "dict": {}, "object": object(),
        "float in a tuple": (0, 1.0), "lists do not broadcast": ([0, 1], [0, 1, 2]),
        "numpy float": np.float32(1), "three lists": ([0], [0], [0]), "text in a tuple": (0, "a"),
        "bytes": b"a", "complex": 1j, "list of text": ["a"], "set": {1},
        "zero step": slice(0, 2, 0), "slice of floats": slice(0.0, 2.0),
        "slice of text": slice("a", None), "function": len,
        "row beside an empty part": (9, slice(0, 0)),
        "list beside an empty part": ([9], slice(0, 0)),
    }  # fmt: skip
    return {name: raises(lambda key=key: x[key].asnumpy()) for name, key in keys.items()}


@case
def kinds_of_errors(mx, random):
    x = _array(mx, 3, 4)
    keys = {
        "row": 3, "negative row": -4, "column": (0, 4), "too many": (0, 0, 0),
        "two ellipses": (Ellipsis, Ellipsis), "text": "a", "text in a tuple": (0, "a"),
        "float": 1.5, "float in a tuple": (0, 1.0), "dict": {}, "numpy float": np.float32(1),
        "bytes": b"a", "too many slices": (slice(None),) * 3,
    }  # fmt: skip
    return {name: error_of(lambda key=key: x[key].asnumpy()) for name, key in keys.items()}


@case
def lists_out_of_range(mx, random):
    x = _array(mx, 3, 4)
    keys = {"list": [3], "second": (slice(None), [4]), "pair": ([0], [9])}
    return {name: raises(lambda key=key: x[key].asnumpy()) for name, key in keys.items()}


@case(differs="as in NumPy the new axis stays behind the list; the reference puts it first")
def a_new_axis_behind_a_list(mx, random):
    return {"list and new": _array(mx, 3, 4)[[0, 1], None].shape}


@case(differs="masks choose elements, as in NumPy; the reference takes truth values for 0 and 1")
def truth_values_as_keys(mx, random):
    x = _array(mx, 3, 4)
    keys = {
        "numpy mask": np.array([True, False, True]), "list mask": [True, False, True],
        "numpy matrix mask": np.arange(12).reshape(3, 4) > 5, "true": True, "false": False,
        "mask and slice": (np.array([True, False, True]), slice(0, 2)),
        "true in a tuple": (True, 1), "numpy true": np.True_,
    }  # fmt: skip
    return _of_keys(x, keys)


@case(differs="a boolean NDArray is a mask; the reference refuses it outside of mx.np")
def masks_of_arrays(mx, random):
    x = _array(mx, 3, 4)
    boolean = mx.nd.array([1, 0, 1]).astype("bool")
    return {
        "boolean NDArray": error_of(lambda: x[boolean].asnumpy()),
        "comparison": outcome(lambda: x[x[:, 0] > 3]),
    }


@case(differs="arrays of zero elements are allowed; the reference refuses most of them")
def empty_keys(mx, random):
    x = _array(mx, 3, 4)
    keys = {
        "empty slice": slice(0, 0), "slice beyond": slice(5, 9), "reversed bounds": slice(2, 1),
        "empty column slice": (slice(None), slice(2, 2)), "empty list": [],
        "empty array": np.array([], dtype="int64"),
    }  # fmt: skip
    return {name: outcome(lambda key=key: x[key].shape) for name, key in keys.items()}


@case
def empty_keys_under_np_shape(mx, random):
    x = _array(mx, 3, 4)
    with mx.util.np_shape(True):
        keys = {
            "empty slice": slice(0, 0),
            "element": (1, 2),
        }
        return {name: outcome(lambda key=key: x[key].shape) for name, key in keys.items()}


@case
def dtypes_and_contexts_of_parts(mx, random):
    found = {}
    for dtype in ("float16", "float64", "int8", "int64", "uint8"):
        x = mx.nd.array([[1, 2], [3, 4]], dtype=dtype, ctx=mx.cpu(1))
        for name, key in {
            "row": 0,
            "element": (0, 1),
            "list": [1, 0],
            "column": (slice(None), 0),
        }.items():
            part = x[key]
            found[f"{dtype} {name}"] = part
            found[f"{dtype} {name} context"] = str(part.context)
    return found


@case
def chains_of_views(mx, random):
    x = _array(mx, 2, 3, 4)
    row = x[1][2]
    row[1:3] = -1
    x[0][1][0] = -2
    x[0:1][0][2:3][0] = -3
    x[1].reshape((12,))[0:2] = -4
    x.reshape((6, 4))[1:3].reshape((2, 2, 2))[0, 1] = -5
    return {"x": x, "row": row}


@case
def results_keep_their_values(mx, random):
    x = _array(mx, 3, 4)
    column, picked, row = x[:, 1], x[[0, 1]], x[0]
    x[:] = 0
    return {"column": column, "picked": picked, "row": row}


@case
def gradients_flow_through_keys(mx, random):
    keys = {
        "row": 1, "column": (slice(None), 2), "block": (slice(0, 2), slice(1, 3)),
        "element": (2, 3), "reversed": slice(None, None, -1), "list": [2, 0, 2],
        "lists": ([0, 1, 0], [3, 2, 3]), "list and slice": ([1, 1], slice(0, 4, 2)),
        "new": (None, 1), "ellipsis": (Ellipsis, 0),
    }  # fmt: skip
    found = {}
    for name, key in keys.items():
        x = _array(mx, 3, 4)
        x.attach_grad()
        with mx.autograd.record():
            part = x[key]
            y = part * part
        y.backward(mx.nd.array(random.normal(size=y.shape)))
        found[name] = x.grad
    return found


@case
def take_and_slice_functions(mx, random):
    x = _array(mx, 3, 4)
    return {
        "take": mx.nd.take(x, mx.nd.array([2, 0])),
        "take axis": mx.nd.take(x, mx.nd.array([3, 0]), axis=1),
        "take clipped": mx.nd.take(x, mx.nd.array([9, -9])),
        "take wrapped": mx.nd.take(x, mx.nd.array([4, -1]), mode="wrap"),
        "batch_take": mx.nd.batch_take(x, mx.nd.array([3, 0, 1], dtype="int32")),
        "pick": mx.nd.pick(x, mx.nd.array([3, 0, 1])),
        "pick kept": mx.nd.pick(x, mx.nd.array([3, 0, 1]), keepdims=True),
        "slice": mx.nd.slice(x, begin=(0, 1), end=(2, 4), step=(1, 2)),
        "slice open": mx.nd.slice(x, begin=(None, 1), end=(None, None)),
        "slice negative": mx.nd.slice(x, begin=(2, 3), end=(0, 0), step=(-1, -2)),
        "slice_axis": mx.nd.slice_axis(x, axis=1, begin=-3, end=None),
        "slice_like": mx.nd.slice_like(x, mx.nd.zeros((2, 2))),
        "slice wrong": raises(lambda: mx.nd.slice_axis(x, axis=3, begin=0, end=1).asnumpy()),
        "where": mx.nd.where(x > 5, x, -x),
    }
