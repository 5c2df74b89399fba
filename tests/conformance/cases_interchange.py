"""NDArrays and other libraries: NumPy's memory, DLPack capsules, NumPy's functions, copies."""

from __future__ import annotations

import copy

import numpy as np

from tests.conformance.case import case, error_of, raises

DTYPES = ("float32", "float64", "float16", "uint8", "int8", "int32", "int64", "bool")
FOREIGN = ("uint16", "int16", "complex64", "S3", ">f4", "object", "datetime64[s]")


@case
def from_numpy_shares_memory(mx, random):
    source = np.arange(6.0).reshape(2, 3)
    x = mx.nd.from_numpy(source)
    results = {"writable": source.flags.writeable, "dtype": x.dtype, "values": x}
    x[0] = 9
    mx.nd.waitall()
    results["source"] = source.copy()
    again = mx.nd.from_numpy(source)
    again[1, 1] = 7
    mx.nd.waitall()
    return {**results, "again": x, "owner": source.flags.owndata}


@case
def from_numpy_with_a_copy(mx, random):
    source = np.arange(6).reshape(2, 3)
    x = mx.nd.from_numpy(source, zero_copy=False)
    x[0] = 9
    return {
        "writable": source.flags.writeable,
        "source": source,
        "dtype": x.dtype,
        "transposed": mx.nd.from_numpy(source.T, zero_copy=False),
        "swapped": mx.nd.from_numpy(source.astype(">f4"), zero_copy=False),
    }


@case
def from_numpy_of_every_dtype(mx, random):
    made = {dtype: np.array([0, 1, 1]).astype(dtype) for dtype in DTYPES}
    results = {f"{d} shared": mx.nd.from_numpy(a) for d, a in made.items() if d != "int8"}
    results |= {f"{d} copied": mx.nd.from_numpy(a, zero_copy=False) for d, a in made.items()}
    for dtype in FOREIGN:
        results[dtype] = error_of(lambda dtype=dtype: mx.nd.from_numpy(np.zeros(2, dtype)))
    return results


@case
def from_numpy_of_shapes(mx, random):
    return {
        "no axes": mx.nd.from_numpy(np.array(3.0)).shape,
        "no elements": mx.nd.from_numpy(np.zeros((0, 2))).shape,
        "not contiguous": error_of(lambda: mx.nd.from_numpy(np.zeros((2, 3)).T)),
        "Fortran": error_of(lambda: mx.nd.from_numpy(np.zeros((2, 3), order="F"))),
        "a list": raises(lambda: mx.nd.from_numpy([1.0, 2.0])),
        "a class": type(mx.nd.from_numpy(np.ones(2), array_cls=mx.nd.NDArray)).__name__,
    }


@case
def capsules_share_memory(mx, random):
    results = {}
    for name in ("to_dlpack_for_read", "to_dlpack_for_write"):
        x = mx.nd.array([[1, 2], [3, 4]])
        capsule = getattr(mx.nd, name)(x)
        results[f"{name} fresh"] = str(capsule).split(" at ")[0]
        y = mx.nd.from_dlpack(capsule)
        results[f"{name} used"] = str(capsule).split(" at ")[0]
        y[0] = 9
        mx.nd.waitall()
        results[name] = x
        results[f"{name} method"] = mx.nd.from_dlpack(getattr(x, name)())
        results[f"{name} twice"] = error_of(lambda capsule=capsule: mx.nd.from_dlpack(capsule))
    return {**results, "a number": error_of(lambda: mx.nd.from_dlpack(3))}


@case
def capsules_of_dtypes_views_and_sparse_arrays(mx, random):
    def crossed(array):
        return mx.nd.from_dlpack(mx.nd.to_dlpack_for_read(array))

    results = {dtype: crossed(mx.nd.array([0, 1, 1], dtype=dtype)) for dtype in DTYPES}
    x = mx.nd.array(np.arange(6).reshape(2, 3))
    dense = mx.nd.array([[1, 0], [0, 4]])
    return {
        **results,
        "row": crossed(x[1]),
        "transposed": crossed(x.T),
        "csr": crossed(dense.tostype("csr")),
        "row_sparse": crossed(mx.nd.array([[0, 0], [5, 6]]).tostype("row_sparse")),
    }


@case
def a_capsule_outlives_its_array(mx, random):
    capsule = mx.nd.to_dlpack_for_read(mx.nd.ones((50,)) * 3)
    return {"values": mx.nd.from_dlpack(capsule)}


@case
def numbers_of_one_element(mx, random):
    results = {}
    for dtype in DTYPES:
        value = mx.nd.array([1], dtype=dtype).asscalar()
        results[dtype] = (type(value).__name__.rstrip("_"), value)
    return {
        **results,
        "two": error_of(lambda: mx.nd.ones((2,)).asscalar()),
        "truth": bool(mx.nd.array([0])),
        "truth of two": error_of(lambda: bool(mx.nd.ones((2,)))),
    }


@case(differs="one element is a scalar on any number of axes, the reference's is an array on two")
def numbers_of_one_element_on_two_axes(mx, random):
    return {"kind": type(mx.nd.array([[1]]).asscalar()).__name__}


@case
def functions_of_numpy_that_call_methods(mx, random):
    x = mx.nd.array([[1, 5], [4, 2]])
    calls = {
        "sum": lambda: np.sum(x),
        "max": lambda: np.max(x),
        "argmax": lambda: np.argmax(x),
        "clip": lambda: np.clip(x, 2, 3),
        "repeat": lambda: np.repeat(x, 2),
        "times a NumPy number": lambda: np.float64(2) * x,
        "a NumPy number times": lambda: x * np.float32(2),
    }
    found = {name: call() for name, call in calls.items()}
    return {**found, **{f"{name} type": type(value).__name__ for name, value in found.items()}}


@case
def operators_between_numpy_arrays_and_ndarrays(mx, random):
    x, y = mx.nd.ones((2,)), np.ones(2)
    operations = {
        "add": lambda: y + x,
        "added": lambda: x + y,
        "multiply": lambda: y * x,
        "equal": lambda: y == x,
        "less": lambda: y < x,
        "matmul": lambda: y @ x,
        "list": lambda: [1, 2] + x,
    }
    return {name: error_of(operation) for name, operation in operations.items()}


@case
def shallow_and_deep_copies(mx, random):
    x = mx.nd.array([1, 2])
    x.attach_grad()
    results = {}
    for duplicate in (copy.copy, copy.deepcopy):
        other = duplicate(x)
        other[:] = 9
        results[f"{duplicate.__name__} leaves"] = x.asnumpy()
        results[f"{duplicate.__name__} gradient"] = other.grad
        for stype in ("csr", "row_sparse"):
            sparse = mx.nd.array([[0, 2], [3, 0]]).tostype(stype)
            mx.nd.waitall()
            twin = duplicate(sparse)
            results[f"{duplicate.__name__} {stype}"] = (
                type(twin).__name__,
                twin.asnumpy(),
                twin.indices,
            )
    first, second = copy.deepcopy([x, x])
    return {**results, "one": first is second}


@case
def numpys_round_calls_the_method(mx, random):
    rounded = np.round(mx.nd.array([1.4, 2.5, -0.5]))
    return {"type": type(rounded).__name__, "rounded": rounded}
