"""Functions of mx.nd that make, join and split arrays: results, defaults, argument checks."""

from __future__ import annotations

import numpy as np

from tests.conformance.case import case, error_of, outcome, raises

DTYPES = ("float16", "float32", "float64", "int8", "uint8", "int32", "int64")


def _facts(x):
    return x.asnumpy(), np.dtype(x.dtype).name, str(x.context)


@case
def arrays_from_sources(mx, random):
    sources = {
        "list": [1, 2], "nested": [[1, 2], [3, 4]], "tuple": (1, 2.5), "number": [3],
        "bools": [True, False], "mixed": [1, True, 2.5], "range": range(3),
        "numpy f8": np.array([1.5, 2]), "numpy i8": np.array([1, 2]), "numpy f2": np.float16([1]),
        "numpy u1": np.uint8([1]), "numpy bool": np.array([True]), "numpy i2": np.int16([1, 2]),
        "big endian": np.array([1.0, 2.0], dtype=">f4"),
        "fortran": np.asfortranarray([[1, 2], [3, 4]]),
        "reversed": np.arange(4.0)[::-1], "numpy 1d": np.float32([7]),
    }  # fmt: skip
    found = {}
    for name, source in sources.items():
        x = mx.nd.array(source)
        found[name], found[f"{name} dtype"] = x, np.dtype(x.dtype).name
    return found


@case
def arrays_from_odd_sources(mx, random):
    return {
        "number": outcome(lambda: mx.nd.array(3).shape),
        "numpy number": outcome(lambda: mx.nd.array(np.float32(3)).shape),
        "text": error_of(lambda: mx.nd.array("abc")),
        "texts": error_of(lambda: mx.nd.array(["a", "b"])),
        "None": raises(lambda: mx.nd.array(None)),
        "dict": error_of(lambda: mx.nd.array({"a": 1})),
        "set": error_of(lambda: mx.nd.array({1, 2})),
        "ragged": raises(lambda: mx.nd.array([[1, 2], [3]])),
        "object": error_of(lambda: mx.nd.array(object())),
        "nothing": error_of(lambda: mx.nd.array()),
        "numbers as text": outcome(lambda: mx.nd.array(["1", "2"])),
    }


@case
def arrays_of_a_dtype(mx, random):
    found = {}
    for dtype in (*DTYPES, "bool"):
        x = mx.nd.array([0, 1, 2], dtype=dtype)
        found[dtype], found[f"{dtype} name"] = x, np.dtype(x.dtype).name
    x = mx.nd.array([1, 2], dtype="int32")
    return {
        **found,
        "from NDArray": np.dtype(mx.nd.array(x).dtype).name,
        "from NDArray to": np.dtype(mx.nd.array(x, dtype="float64").dtype).name,
        "python type": np.dtype(mx.nd.array([1], dtype=int).dtype).name,
        "numpy type": np.dtype(mx.nd.array([1], dtype=np.int8).dtype).name,
        "none": np.dtype(mx.nd.array([1], dtype=None).dtype).name,
        "unknown": raises(lambda: mx.nd.array([1], dtype="float31")),
        "unsigned": raises(lambda: mx.nd.array([1], dtype="uint16")),
        "complex": raises(lambda: mx.nd.array([1], dtype="complex64")),
        "cut": mx.nd.array([1.9, -1.9], dtype="int32"),
        "wrapped": mx.nd.array(np.array([300, -1]), dtype="uint8"),
        "context": str(mx.nd.array([1], ctx=mx.cpu(1)).context),
        "is a copy": _is_a_copy(mx),
    }


def _is_a_copy(mx):
    source = np.zeros(2, dtype="float32")
    x = mx.nd.array(source)
    source[:] = 5
    y = mx.nd.array(x)
    y[:] = 7
    return x


@case
def filled_arrays(mx, random):
    found = {}
    for name, make in (("zeros", mx.nd.zeros), ("ones", mx.nd.ones)):
        for dtype in DTYPES:
            found[f"{name} {dtype}"] = make((2,), dtype=dtype)
        found[f"{name} number"] = make(3)
        found[f"{name} list"] = outcome(lambda make=make: make([2, 3]))
        found[f"{name} numpy number"] = outcome(lambda make=make: make(np.int64(3)).shape)
        found[f"{name} context"] = str(make((1,), ctx=mx.cpu(2)).context)
        found[f"{name} by position"] = str(make((1,), mx.cpu(1), "int8").context)
        found[f"{name} none"] = np.dtype(make((1,), dtype=None).dtype).name
        found[f"{name} bool"] = outcome(lambda make=make: make((1,), dtype="bool"))
    return found


@case
def fills_that_are_wrong(mx, random):
    found = {}
    for name, make in (("zeros", mx.nd.zeros), ("ones", mx.nd.ones), ("empty", mx.nd.empty)):
        found[f"{name} negative"] = raises(lambda make=make: make((-2,)).asnumpy())
        found[f"{name} text"] = raises(lambda make=make: make("a"))
        found[f"{name} none"] = raises(lambda make=make: make(None).asnumpy())
        found[f"{name} dtype"] = raises(lambda make=make: make((1,), dtype="float31"))
        found[f"{name} nothing"] = error_of(lambda make=make: make())
        found[f"{name} unknown"] = raises(lambda make=make: make((1,), foo=1))
    return found


@case
def filled_with_out(mx, random):
    target = mx.nd.ones((2,))
    returned = mx.nd.zeros((2,), out=target)
    full = mx.nd.zeros((2,))
    mx.nd.full((2,), 3, out=full)
    return {"target": target, "same": returned is target, "full": full}


@case
def full_of_a_value(mx, random):
    return {
        "float": _facts(mx.nd.full((2,), 1.5)),
        "int": _facts(mx.nd.full((2,), 3)),
        "dtype": _facts(mx.nd.full((2,), 3.7, dtype="int32")),
        "number": mx.nd.full(2, 7),
        "context": _facts(mx.nd.full((1,), 1, ctx=mx.cpu(1))),
        "array": mx.nd.full((2, 2), mx.nd.array([1, 2])),
        "none": _facts(mx.nd.full((1,), 2, dtype=None)),
        "keyword": mx.nd.full(shape=(1,), val=4),
        "text": raises(lambda: mx.nd.full((2,), "a")),
        "nothing": error_of(lambda: mx.nd.full((2,))),
        "inf": mx.nd.full((1,), float("inf")),
    }


@case
def empty_arrays_have_shape_and_dtype(mx, random):
    return {
        "shape": mx.nd.empty((2, 3)).shape,
        "number": mx.nd.empty(4).shape,
        "dtype": np.dtype(mx.nd.empty((1,), dtype="int8").dtype).name,
        "default": np.dtype(mx.nd.empty((1,)).dtype).name,
        "context": str(mx.nd.empty((1,), mx.cpu(1)).context),
        "sparse": mx.nd.empty((2, 2), stype="csr").stype,
        "writable": _written(mx.nd.empty((2,))),
    }


def _written(x):
    x[:] = 3
    return x.asnumpy()


@case
def ranges(mx, random):
    return {
        "stop": mx.nd.arange(4),
        "start and stop": mx.nd.arange(1, 4),
        "step": mx.nd.arange(0, 5, 2),
        "fraction": mx.nd.arange(0, 1, 0.25),
        "down": mx.nd.arange(5, 0, -2),
        "negative": mx.nd.arange(-3, 0),
        "repeat": mx.nd.arange(0, 3, 1, 2),
        "none": mx.nd.arange(3, None),
        "keywords": mx.nd.arange(start=2, stop=6, step=2),
        "context": str(mx.nd.arange(2, ctx=mx.cpu(1)).context),
        **{dtype: mx.nd.arange(3, dtype=dtype) for dtype in DTYPES},
        "numpy numbers": mx.nd.arange(np.int64(1), np.float32(4)),
        "wide": mx.nd.arange(2**24, 2**24 + 2, dtype="float64"),
        "zero step": raises(lambda: mx.nd.arange(0, 3, 0).asnumpy()),
        "empty": raises(lambda: mx.nd.arange(3, 3).asnumpy()),
        "wrong way": raises(lambda: mx.nd.arange(0, 3, -1).asnumpy()),
        "zero": raises(lambda: mx.nd.arange(0).asnumpy()),
        "text": raises(lambda: mx.nd.arange("a")),
        "nothing": error_of(lambda: mx.nd.arange()),
        "wrong dtype": raises(lambda: mx.nd.arange(3, dtype="float31")),
        "infer_range": outcome(lambda: mx.nd.arange(3, infer_range=False)),
    }


@case
def evenly_spaced(mx, random):
    return {
        "closed": mx.nd.linspace(0, 1, 5),
        "open": mx.nd.linspace(0, 1, 5, endpoint=False),
        "down": mx.nd.linspace(3, -3, 4),
        "one": mx.nd.linspace(2, 3, 1),
        "dtype": _facts(mx.nd.linspace(0, 10, 5, dtype="int32")),
        "context": str(mx.nd.linspace(0, 1, 2, ctx=mx.cpu(1)).context),
        "same": mx.nd.linspace(1, 1, 3),
        "float64": _facts(mx.nd.linspace(0, 1, 3, dtype="float64")),
        "no number": error_of(lambda: mx.nd.linspace(0, 1)),
        "negative": raises(lambda: mx.nd.linspace(0, 1, -1).asnumpy()),
    }


@case
def identity_matrices(mx, random):
    return {
        "square": mx.nd.eye(3), "wide": mx.nd.eye(2, 3), "tall": mx.nd.eye(3, 2),
        "above": mx.nd.eye(3, k=1), "below": mx.nd.eye(3, 4, -1), "beyond": mx.nd.eye(2, k=5),
        "zero columns": mx.nd.eye(2, 0), "dtype": _facts(mx.nd.eye(2, dtype="int64")),
        "context": str(mx.nd.eye(2, ctx=mx.cpu(1)).context),
        "nothing": error_of(lambda: mx.nd.eye()),
        "negative": raises(lambda: mx.nd.eye(-1).asnumpy()),
    }  # fmt: skip


@case
def alike_arrays(mx, random):
    x = mx.nd.array([[1, 2]], dtype="int32")
    found = {}
    for name in ("zeros_like", "ones_like"):
        y = getattr(mx.nd, name)(x)
        found[name], found[f"{name} dtype"] = y, np.dtype(y.dtype).name
        found[f"{name} method"] = getattr(x, name)()
        found[f"{name} list"] = raises(lambda name=name: getattr(mx.nd, name)([1, 2]))
    return {**found, "shape": x.shape_array(), "size": x.size_array()}


@case
def concatenation(mx, random):
    a, b = mx.nd.ones((2, 3)), mx.nd.zeros((1, 3))
    whole = mx.nd.ones((2, 3), dtype="int32")
    one = [a]
    return {
        "rows": mx.nd.concatenate([a, b]),
        "columns": mx.nd.concatenate([a, a], axis=1),
        "one": mx.nd.concatenate(one) is a,
        "one without copy": mx.nd.concatenate(one, always_copy=False) is a,
        "integers": mx.nd.concatenate([whole, whole]).dtype,
        "mixed dtypes": raises(lambda: mx.nd.concatenate([a, whole]).asnumpy()),
        "shapes": raises(lambda: mx.nd.concatenate([a, mx.nd.ones((2, 2))]).asnumpy()),
        "empty": raises(lambda: mx.nd.concatenate([])),
        "numpy": raises(lambda: mx.nd.concatenate([np.ones(2), np.ones(2)])),
        "wrong axis": raises(lambda: mx.nd.concatenate([a, a], axis=2).asnumpy()),
        "three axes": mx.nd.concatenate([mx.nd.ones((1, 2, 2))] * 3, axis=2).shape,
    }


@case
def joining(mx, random):
    a, b = mx.nd.array([[1, 2]]), mx.nd.array([[3, 4]])
    return {
        "concat": mx.nd.concat(a, b),
        "concat rows": mx.nd.concat(a, b, dim=0),
        "concat list": mx.nd.concat(*[a, b], dim=1),
        "concat negative": mx.nd.concat(a, b, dim=-1),
        "concat one": mx.nd.concat(a),
        "Concat": mx.nd.Concat(a, b, dim=0),
        "stack": mx.nd.stack(a, b),
        "stack last": mx.nd.stack(a, b, axis=-1),
        "concat shapes": raises(lambda: mx.nd.concat(a, mx.nd.ones((2, 3)), dim=1).asnumpy()),
        "concat number": raises(lambda: mx.nd.concat(a, 1)),
        "add_n": mx.nd.add_n(a, b, a),
        "ElementWiseSum": mx.nd.ElementWiseSum(a, b),
    }


@case
def moving_axes(mx, random):
    x = mx.nd.zeros((2, 3, 4, 5))
    move = mx.nd.moveaxis
    return {
        "first to last": move(x, 0, -1).shape,
        "last to first": move(x, -1, 0).shape,
        "several": move(x, (0, 1), (2, 3)).shape,
        "crossed": move(x, [0, 1], [-1, -2]).shape,
        "all": move(x, (0, 1, 2, 3), (3, 2, 1, 0)).shape,
        "still": move(x, 1, 1).shape,
        "values": move(mx.nd.arange(6).reshape((1, 2, 3)), 2, 0),
        "lengths": error_of(lambda: move(x, (0, 1), (2,))),
        "source": raises(lambda: move(x, 4, 0)),
        "destination": raises(lambda: move(x, 0, 9)),
        "repeated": raises(lambda: move(x, (0, 0), (1, 2))),
        "repeated destination": raises(lambda: move(x, (0, 1), (2, 2))),
    }


@case
def splitting(mx, random):
    x = mx.nd.arange(12).reshape((2, 6))
    split = mx.nd.split_v2
    return {
        "sections": split(x, 3, axis=1),
        "indices": split(x, (1, 4), axis=1),
        "rows": [part.shape for part in split(x, 2)],
        "squeezed": [part.shape for part in split(x, 2, squeeze_axis=True)],
        "one": type(split(x, 1)).__name__,
        "negative axis": [part.shape for part in split(x, 2, axis=-1)],
        "method": [part.shape for part in x.split_v2(2, axis=1)],
        "not even": error_of(lambda: split(x, 4, axis=1)),
        "text": error_of(lambda: split(x, "a")),
        "float": error_of(lambda: split(x, 2.0)),
        "none": error_of(lambda: split(x, None)),
        "zero": raises(lambda: split(x, 0)),
        "split": mx.nd.split(x, num_outputs=2, axis=0),
        "split squeezed": [p.shape for p in mx.nd.split(x, 2, axis=0, squeeze_axis=True)],
        "split one": type(mx.nd.split(x, 1)).__name__,
        "split not even": raises(lambda: mx.nd.split(x, 4, axis=1)[0].asnumpy()),
        "SliceChannel": [p.shape for p in mx.nd.SliceChannel(x, num_outputs=3)],
    }


@case
def histograms(mx, random):
    x = mx.nd.array([0.5, 1.5, 1.5, 2.5, 9.0])
    counts, edges = mx.nd.histogram(x, 3)
    ranged, ranged_edges = mx.nd.histogram(x, 4, range=(0, 4))
    given, given_edges = mx.nd.histogram(x, mx.nd.array([0.0, 1.0, 3.0]))
    return {
        "counts": counts, "edges": edges, "ranged": ranged, "ranged edges": ranged_edges,
        "given": given, "given edges": given_edges,
        "dtypes": [np.dtype(a.dtype).name for a in (counts, edges, ranged, ranged_edges, given)],
        "default": [a.shape for a in mx.nd.histogram(x)],
        "text": error_of(lambda: mx.nd.histogram(x, "auto")),
        "list": error_of(lambda: mx.nd.histogram(x, [0, 1])),
        "numpy": error_of(lambda: mx.nd.histogram(np.ones(3), 2)),
    }  # fmt: skip


@case
def one_hot_rows(mx, random):
    out = mx.nd.ones((3, 4))
    returned = mx.nd.onehot_encode(mx.nd.array([1, 3, 0]), out)
    x = mx.nd.array([0, 2])
    return {
        "out": out,
        "same": returned is out,
        "one_hot": mx.nd.one_hot(x, 3),
        "method": x.one_hot(3, on_value=5, off_value=-1, dtype="int32"),
        "outside": mx.nd.one_hot(mx.nd.array([5, -1]), 3),
    }


@case
def obsolete_decoder(mx, random):
    return {"imdecode": raises(lambda: mx.nd.imdecode(b"no image"))}


@case
def from_numpy_shares(mx, random):
    source = np.arange(4.0, dtype="float32")
    shared = mx.nd.from_numpy(source)
    copied = mx.nd.from_numpy(np.arange(2.0), zero_copy=False)
    return {
        "values": shared,
        "frozen": source.flags.writeable,
        "copied": copied,
        "copied dtype": np.dtype(copied.dtype).name,
        "not contiguous": error_of(lambda: mx.nd.from_numpy(np.ones((2, 2)).T[:1])),
        "ints": mx.nd.from_numpy(np.arange(3)),
    }


@case
def dlpack_round_trips(mx, random):
    x = mx.nd.array([[1, 2], [3, 4]])
    read = mx.nd.from_dlpack(x.to_dlpack_for_read())
    written = mx.nd.from_dlpack(mx.nd.to_dlpack_for_write(x))
    written += 1
    written.wait_to_read()
    return {
        "read": read, "x": x, "type": type(x.to_dlpack_for_read()).__name__,
        "function": mx.nd.from_dlpack(mx.nd.to_dlpack_for_read(x)),
        "wrong": raises(lambda: mx.nd.from_dlpack(3)),
    }  # fmt: skip


@case
def conversions_by_nd_functions(mx, random):
    x = mx.nd.array([1.7, -1.2])
    return {
        "cast": mx.nd.cast(x, dtype="int32"),
        "Cast": mx.nd.Cast(x, dtype="float64"),
        "wrong": raises(lambda: mx.nd.cast(x, dtype="float31")),
        "no dtype": raises(lambda: mx.nd.cast(x)),
    }
