"""Getting and setting elements of NDArrays."""

from __future__ import annotations

import numpy as np

from tests.conformance.case import case, error_of, raises


def _cube(mx):
    return mx.nd.arange(24).reshape((2, 3, 4))


BASIC = {
    "one row": 1,
    "last row": -1,
    "element": (1, 2, 3),
    "negative element": (-1, -2, -3),
    "slice": slice(0, 1),
    "open slice": slice(None),
    "inner slice": (slice(None), slice(1, 3)),
    "step": (0, slice(None), slice(0, 4, 2)),
    "reversed": (0, slice(None, None, -1)),
    "backward step": (0, 0, slice(3, None, -2)),
    "ellipsis": (Ellipsis, 1),
    "ellipsis in the middle": (1, Ellipsis, 0),
    "new axis": (None, 1),
    "new axis in the middle": (slice(None), None, 1),
    "beyond the end": (slice(1, 100),),
    "numpy number": np.int64(1),
}

ADVANCED = {
    "list": [1, 0, 1],
    "list on the second axis": (slice(None), [2, 0]),
    "two lists": ([0, 1], [2, 0]),
    "list and number": ([0, 1], 1),
    "list and slice": ([1, 0], slice(0, 2)),
    "numpy array": np.array([1, 1]),
    "numpy matrix": np.array([[0, 1], [1, 0]]),
    "broadcast lists": (np.array([[0], [1]]), [0, 2]),
    "separated": ([0, 1], slice(None), [3, 0]),
    "list of one": [1],
}

# Setting elements by a list of negative numbers writes outside of the array in the reference.
SETTABLE = {**BASIC, **ADVANCED}


@case
def basic_indexing(mx, random):
    x = _cube(mx)
    return {name: x[key] for name, key in BASIC.items()}


@case
def advanced_indexing(mx, random):
    x = _cube(mx)
    found = {name: x[key] for name, key in ADVANCED.items()}
    return {
        **found,
        "array": x[mx.nd.array([1, 0])],
        "int array": x[mx.nd.array([1], dtype="int32")],
    }


@case
def indices_out_of_range(mx, random):
    x = _cube(mx)
    return {
        "row": error_of(lambda: x[2].asnumpy()),
        "negative row": error_of(lambda: x[-3].asnumpy()),
        "element": error_of(lambda: x[0, 3].asnumpy()),
        "too many": error_of(lambda: x[0, 0, 0, 0].asnumpy()),
        "text": raises(lambda: x["a"]),
        "assigned": error_of(lambda: x.__setitem__(2, 0)),
    }


@case
def setting_numbers(mx, random):
    found = {}
    for name, key in SETTABLE.items():
        x = _cube(mx)
        x[key] = -1
        found[name] = x
    return found


@case
def setting_arrays(mx, random):
    found = {}
    for name, key in SETTABLE.items():
        x = _cube(mx)
        x[key] = x[key] * 10 + 1
        found[name] = x
    return found


@case
def setting_numpy_and_lists(mx, random):
    x, y, z = _cube(mx), _cube(mx), _cube(mx)
    x[0] = np.ones((3, 4), dtype="float64")
    y[1, 1] = [9, 8, 7, 6]
    z[:, 0, 1] = np.array([-1, -2])
    return {"numpy": x, "list": y, "column": z}


@case
def set_values_broadcast(mx, random):
    x, y, z = _cube(mx), _cube(mx), _cube(mx)
    x[:] = mx.nd.array([1, 2, 3, 4])
    y[0] = mx.nd.array([[5], [6], [7]])
    z[:, 1:3] = np.array([1, 2, 3, 4])
    wrong = lambda: x.__setitem__(0, mx.nd.ones((5,)))  # noqa: E731
    return {"whole": x, "row": y, "slices": z, "impossible": error_of(wrong)}


@case
def set_values_are_cast(mx, random):
    x = mx.nd.zeros((3,), dtype="int32")
    x[:] = mx.nd.array([1.7, -1.7, 2.5])
    y = mx.nd.zeros((2,), dtype="float16")
    y[0] = 1.00048828125
    return {"int": x, "half": y}


@case
def basic_indices_share_memory(mx, random):
    x = _cube(mx)
    row, part = x[1], x[0:1]
    row[:] = 0
    part[0, 0, 0] = 100
    x[1, 1, 1] = 7
    return {"x": x, "row": row, "part": part}


@case
def advanced_indices_copy(mx, random):
    x = _cube(mx)
    picked = x[[0]]
    picked[:] = 0
    inner = x[:, 1]
    inner[:] = 0
    return {"x": x}


@case
def slices_in_place_arithmetic(mx, random):
    x = _cube(mx)
    x[0] += 100
    x[1, 1:3] *= 2
    x[:, :, 0] -= 1
    return {"x": x}


@case
def iterating(mx, random):
    rows = list(mx.nd.array([[1, 2], [3, 4]]))
    return {"count": len(rows), "first": rows[0], "shape": rows[0].shape}


@case
def shapes_of_single_elements(mx, random):
    x = _cube(mx)
    return {"element": x[0, 0, 0].shape, "of a vector": mx.nd.array([1, 2])[0].shape}


@case
def masks(mx, random):
    x = mx.nd.array([[1, 2], [3, 4], [5, 6]])
    mask = mx.nd.array([1, 0, 1])
    return {
        "boolean_mask": mx.nd.contrib.boolean_mask(x, mask),
        "comparison by where": mx.nd.where(x > 2, x, mx.nd.zeros_like(x)),
    }


@case
def slice_assign_operators(mx, random):
    x = mx.nd.zeros((3, 4))
    filled = mx.nd._internal._slice_assign_scalar(x, scalar=5, begin=(0, 1), end=(2, 3))
    return {"filled": filled, "x": x}


@case
def scatter_and_gather(mx, random):
    x = mx.nd.array([[1, 2], [3, 4]])
    index = mx.nd.array([[0, 1], [1, 0]])
    return {
        "gather": mx.nd.gather_nd(x, index),
        "scatter": mx.nd.scatter_nd(mx.nd.array([7, 8]), index, shape=(2, 2)),
        "repeated": mx.nd.gather_nd(x, mx.nd.array([[1, 1, 1], [0, 1, 0]])),
    }


@case
def sequences_of_indices(mx, random):
    x = mx.nd.arange(10)
    return {
        "odd": x[1::2],
        "tail": x[-3:],
        "head": x[:-7],
        "reversed": x[::-1],
        "reversed part": x[8:2:-3],
        "empty begin": x[:0].shape if not raises_on(lambda: x[:0]) else "raises",
        "tuple of lists": mx.nd.ones((2, 2))[([0, 1], [1, 0])],
    }


def raises_on(action):
    """Empty slices have no shape in the reference without np semantics."""
    return error_of(lambda: action().asnumpy()) != "nothing"
