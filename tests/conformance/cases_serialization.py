"""Files of arrays and of networks: the bytes that are written, what is read from every layout."""

from __future__ import annotations

import os
import pickle
import tempfile

import numpy as np

from tests.conformance.case import case, error_of
from tools import array_files as layout

DTYPES = ("float32", "float64", "float16", "uint8", "int8", "int32", "int64", "bool")
CODES = {"float32": 0, "float64": 1, "float16": 2, "uint8": 3, "int32": 4, "int8": 5, "int64": 6}
BFLOAT16 = np.dtype([("bfloat16", np.uint16)])


def _written(mx, data):
    """Return the bytes of the file that save writes, in hexadecimal."""
    mx.nd.waitall()  # the reference writes a sparse array's parts before they are there
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "x.params")
        mx.nd.save(path, data)
        with open(path, "rb") as file:
            return file.read().hex()


def _read(mx, fields):
    """Return what the arrays of a file are."""
    loaded = mx.nd.load_frombuffer(layout.joined(fields))
    if isinstance(loaded, dict):
        return {name: _described(array) for name, array in loaded.items()}
    return [_described(array) for array in loaded]


def _described(array):
    dtype = "bfloat16" if array.dtype == BFLOAT16 else np.dtype(array.dtype).name
    return (
        type(array).__name__,
        array.shape,
        array.stype,
        dtype,
        str(array.context),
        array.asnumpy().tolist(),
    )


def _matrix(mx, dtype, stype):
    values = np.ones((2,) if stype == "csr" else (2, 2), "float32")
    if stype == "csr":
        parts = (values, [2, 0], [0, 1, 2, 2])
        return mx.nd.sparse.csr_matrix(parts, shape=(3, 4), dtype=dtype)
    return mx.nd.sparse.row_sparse_array((values, [1, 3]), shape=(5, 2), dtype=dtype)


@case
def bytes_of_every_dtype(mx, random):
    made = {dtype: mx.nd.array([[0, 1, 1], [1, 0, 3]], dtype=dtype) for dtype in DTYPES}
    made["bfloat16"] = mx.nd.array([[0, 1, 1], [1, 0, 3]]).astype(BFLOAT16)
    return {dtype: _written(mx, [array]) for dtype, array in made.items()}


@case
def bytes_of_special_values(mx, random):
    values = np.array([np.inf, -np.inf, np.nan, -0.0, 1e-40, 3.4e38], "float32")
    integers = mx.nd.array(np.array([2**62, -(2**63)]), dtype="int64")
    return {"floats": _written(mx, mx.nd.array(values)), "integers": _written(mx, integers)}


@case
def bytes_of_shapes_and_views(mx, random):
    x = mx.nd.array(np.arange(12).reshape(3, 4))
    made = {
        "five axes": mx.nd.ones((1, 2, 1, 1, 2)),
        "a row": x[1],
        "rows": x[1:3],
        "transposed": x.T,
        "reshaped": x.reshape((2, 6)),
    }
    return {label: _written(mx, [array]) for label, array in made.items()}


@case
def bytes_of_lists_and_names(mx, random):
    x, y = mx.nd.ones((1,)), mx.nd.zeros((2,))
    return {
        "an array": _written(mx, x),
        "a list": _written(mx, [x, y]),
        "a dict": _written(mx, {"b": x, "a": y}),
        "names": _written(mx, {"": x, "arg:é λ": y, "a" * 100: x}),
        "an empty list": _written(mx, []),
        "an empty dict": _written(mx, {}),
    }


@case
def bytes_of_sparse_arrays(mx, random):
    results = {}
    for stype in ("csr", "row_sparse"):
        for dtype in DTYPES:
            results[f"{stype} {dtype}"] = _written(mx, [_matrix(mx, dtype, stype)])
        results[f"{stype} of zeros"] = _written(mx, [mx.nd.sparse.zeros(stype, (2, 3))])
        results[f"{stype} from dense"] = _written(
            mx, [mx.nd.array([[0, 2], [3, 0]]).tostype(stype)]
        )
    rows = mx.nd.sparse.row_sparse_array((np.ones((1, 2, 1)), [2]), shape=(4, 2, 1))
    return {**results, "three axes": _written(mx, {"a": rows})}


@case
def bytes_of_contexts(mx, random):
    contexts = {"cpu(0)": mx.cpu(0), "cpu(1)": mx.cpu(1), "pinned": mx.cpu_pinned(0)}
    return {name: _written(mx, mx.nd.ones((1,), ctx=ctx)) for name, ctx in contexts.items()}


@case
def bytes_under_np_shape(mx, random):
    results = {}
    with mx.util.np_shape(True):
        for shape in ((), (0,), (2, 0, 3), (2,)):
            array = mx.nd.ones(shape)
            results[str(shape)] = _written(mx, [array])
            results[f"{shape} again"] = mx.nd.load_frombuffer(bytes.fromhex(results[str(shape)]))[0]
        results["named"] = _written(mx, {"a": mx.nd.ones(())})
        for stype in ("csr", "row_sparse"):
            sparse = _matrix(mx, "float32", stype)
            results[stype] = error_of(lambda sparse=sparse: _written(mx, [sparse]))
    return results


@case
def dense_arrays_of_every_layout(mx, random):
    results = {}
    for dtype, code in {**CODES, "bool": 7}.items():
        elements = np.array([[1, 0, 3], [0, 5, 1]]).astype(dtype)
        for version in (0, 1, 2):
            array = layout.dense(version, (2, 3), code, elements.tobytes())
            results[f"{dtype} in layout {version}"] = _read(mx, layout.file([array]))
        with mx.util.np_shape(True):
            array = layout.dense(3, (2, 3), code, elements.tobytes())
            results[f"{dtype} in layout 3"] = _read(mx, layout.file([array]))
    brain = layout.dense(2, (2,), 12, b"\x80\x3f\x40\x40")
    return {**results, "bfloat16": _read(mx, layout.file([brain]))}


@case
def shapes_of_every_layout(mx, random):
    results = {}
    for version in (0, 1, 2):
        for shape in ((4,), (1, 2, 1, 2), (0,), (2, 0), (1,) * 12):
            elements = np.arange(np.prod(shape), dtype="float32").tobytes()
            array = layout.dense(version, shape, 0, elements)
            results[f"{shape} in layout {version}"] = _read(mx, layout.file([array]))
    with mx.util.np_shape(True):
        for shape in ((), (0,), (2, 0), (1, 2)):
            elements = np.ones(shape, "float32").tobytes()
            results[f"{shape} in layout 3"] = _read(
                mx, layout.file([layout.dense(3, shape, 0, elements)])
            )
    return results


@case
def arrays_of_several_layouts_in_one_file(mx, random):
    arrays = [layout.dense(v, (2,), 0, b"\0\0\x80\x3f" * 2) for v in (2, 0, 1)]
    arrays.append(layout.csr((2, 2), 0, b"\0\0\x80\x3f", (0, 0, 1), (1,)))
    names = [b"a", b"b", "ü".encode(), b""]
    return {"list": _read(mx, layout.file(arrays)), "dict": _read(mx, layout.file(arrays, names))}


@case
def contexts_of_files(mx, random):
    contexts = {
        "cpu 7": (1, 7),
        "gpu 0": (2, 0),
        "gpu 3": (2, 3),
        "pinned": (3, 0),
        "shared": (5, 0),
    }
    return {
        name: [
            _read(mx, layout.file([layout.dense(version, (1,), 0, b"\0\0\x80\x3f", context)]))
            for version in (0, 1, 2)
        ]
        for name, context in contexts.items()
    }


@case
def sparse_arrays_of_files(mx, random):
    results = {}
    for dtype, code in CODES.items():
        values = np.array([1, 2, 3, 4]).astype(dtype).tobytes()
        results[f"csr {dtype}"] = _read(
            mx, layout.file([layout.csr((3, 4), code, values, (0, 2, 2, 4), (1, 3, 0, 2))])
        )
        results[f"row_sparse {dtype}"] = _read(
            mx, layout.file([layout.row_sparse((5, 2), code, values, (1, 4))])
        )
    ones = np.ones(3, "float32").tobytes()
    made = {
        "empty csr": layout.csr((2, 3), 0, b"", (0, 0, 0), ()),
        "empty row_sparse": layout.row_sparse((2, 3), 0, b"", ()),
        "one axis": layout.row_sparse((4,), 0, ones, (0, 1, 3)),
        "three axes": layout.row_sparse((2, 3, 1), 0, ones, (1,)),
    }
    return {**results, **{label: _read(mx, layout.file([a])) for label, a in made.items()}}


@case
def sparse_arrays_whose_indices_are_not_in_order(mx, random):
    values = np.arange(1, 5, dtype="float32").tobytes()
    matrix = layout.csr((2, 4), 0, values, (0, 3, 4), (3, 0, 2, 1))
    rows = layout.row_sparse((5, 2), 0, values, (4, 1))
    return {"csr": _read(mx, layout.file([matrix])), "rows": _read(mx, layout.file([rows]))}


@case
def what_a_file_may_hold_besides(mx, random):
    one = layout.dense(2, (1,), 0, b"\0\0\x80\x3f")
    reserved = [layout.number("list magic", "Q", 0x112), layout.number("reserved", "Q", 99)]
    return {
        "bytes after the names": _read(mx, [*layout.file([one]), ("junk", b"junk")]),
        "a reserved word": _read(mx, [*reserved, *layout.file([one])[2:]]),
        "nothing": _read(mx, layout.file([])),
        "a name twice": _read(mx, layout.file([one, one], [b"a", b"a"])),
    }


@case
def damaged_files(mx, random):
    one = layout.dense(2, (1,), 0, b"\0\0\x80\x3f")
    whole = layout.file([one], [b"a"])

    def changed(kind, form, value):
        return [layout.number(kind, form, value) if f[0] == kind else f for f in whole]

    made = {
        "nothing": [],
        "half": whole[: len(whole) // 2],
        "no names": layout.file([one])[:-1],
        "another magic": changed("list magic", "Q", 0x113),
        "an unknown layout": changed("magic", "I", 0xF993FACB),
        "an unknown storage type": changed("storage", "i", 3),
        "an unknown dtype": changed("dtype", "i", 8),
        "a negative length": changed("length", "q", -1),
        "more arrays": changed("count", "Q", 2),
        "fewer arrays": changed("count", "Q", 0),
        "more names": layout.file([one], [b"a", b"b"]),
        "fewer names": layout.file([one, one], [b"a"]),
        "a long name": changed("name length", "Q", 2**40),
        "an array without its list": one,
    }
    return {
        label: error_of(lambda fields=fields: _read(mx, fields)) for label, fields in made.items()
    }


@case(differs="ours reads a file of either semantics of shapes under both")
def files_of_the_other_semantics_of_shapes(mx, random):
    old = layout.file([layout.dense(2, (1,), 0, b"\0\0\x80\x3f")])
    new = layout.file([layout.dense(3, (1,), 0, b"\0\0\x80\x3f")])
    with mx.util.np_shape(True):
        under_np_shape = error_of(lambda: _read(mx, old))
    return {"old": under_np_shape, "new": error_of(lambda: _read(mx, new))}


@case
def what_save_and_load_refuse(mx, random):
    one = mx.nd.ones((1,))
    folder = tempfile.mkdtemp()
    wrong = {
        "a tuple": (one,),
        "None": None,
        "a number": 3,
        "a NumPy array": np.ones(1),
        "a generator": (x for x in [one]),
        "a list of numbers": [one, 3],
        "a list of NumPy arrays": [np.ones(1)],
        "a dict of numbers": {"a": 3},
        "a name that is a number": {1: one},
    }
    errors = {name: error_of(lambda d=data: _written(mx, d)) for name, data in wrong.items()}
    nowhere = os.path.join(folder, "no", "x")
    net = mx.sym.Variable("x")
    return {
        **errors,
        "save: no folder": error_of(lambda: mx.nd.save(nowhere, [one])),
        "save: a folder": error_of(lambda: mx.nd.save(folder, [one])),
        "load: nothing": error_of(lambda: mx.nd.load(nowhere)),
        "load: a folder": error_of(lambda: mx.nd.load(folder)),
        "load: a number": error_of(lambda: mx.nd.load(3)),
        "buffer: a number": error_of(lambda: mx.nd.load_frombuffer(3)),
        "symbol: no folder": error_of(lambda: net.save(nowhere)),
        "symbol: a number": error_of(lambda: net.save(3)),
        "symbol: load nothing": error_of(lambda: mx.sym.load(nowhere)),
        "symbol: load a number": error_of(lambda: mx.sym.load(3)),
        "symbol: json of a number": error_of(lambda: mx.sym.load_json(3)),
    }


@case
def pickles(mx, random):
    made = {
        "dense": mx.nd.array([[1, 2], [3, 4]]),
        "half": mx.nd.array([1, 2], dtype="float16"),
        "bool": mx.nd.array([1, 0], dtype="bool"),
        "another context": mx.nd.ones((1,), ctx=mx.cpu(1)),
        "csr": mx.nd.array([[0, 2], [3, 0]]).tostype("csr"),
        "row_sparse": mx.nd.array([[0, 0], [3, 0]]).tostype("row_sparse"),
    }
    mx.nd.waitall()
    results = {}
    for label, array in made.items():
        for protocol in range(6):
            data = pickle.dumps(array, protocol)
            results[f"{label} {protocol}"] = data.hex()
            results[f"{label} {protocol} again"] = _described(pickle.loads(data))
    variable = mx.nd.ones((2,))
    variable.attach_grad()
    return {**results, "gradient": pickle.loads(pickle.dumps(variable)).grad}


@case
def a_checkpoint(mx, random):
    x = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=2, name="fc")
    net = mx.sym.SoftmaxOutput(mx.sym.BatchNorm(x, name="bn"), name="softmax")
    arguments = {"fc_weight": mx.nd.array([[1, 2], [3, 4]]), "fc_bias": mx.nd.zeros((2,))}
    states = {"bn_moving_mean": mx.nd.ones((2,)), "fc_bias": mx.nd.ones((1,))}
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        prefix = os.path.join(folder, "net")
        mx.model.save_checkpoint(prefix, 7, net, arguments, states)
        mx.model.save_checkpoint(prefix + "b", 12345, None, arguments, {})
        results["files"] = sorted(os.listdir(folder))
        with open(f"{prefix}-0007.params", "rb") as file:
            results["parameters"] = file.read().hex()
        with open(f"{prefix}-symbol.json") as file:
            results["network"] = file.read()
        loaded, found, aux = mx.model.load_checkpoint(prefix, 7)
        results["again"] = loaded.tojson() == net.tojson()
        results["arguments"], results["states"] = found, aux
        results["parameters alone"] = [sorted(part) for part in mx.model.load_params(prefix, 7)]
        results["no such epoch"] = error_of(lambda: mx.model.load_checkpoint(prefix, 8))
        mx.nd.save(f"{prefix}-0009.params", {"w": mx.nd.ones((1,))})
        results["no kind"] = error_of(lambda: mx.model.load_params(prefix, 9))
        mx.nd.save(f"{prefix}-0009.params", {"arg:w:x": mx.nd.ones((1,))})
        results["a colon"] = mx.model.load_params(prefix, 9)
        mx.nd.save(f"{prefix}-0009.params", {})
        results["nothing"] = mx.model.load_params(prefix, 9)
        save = mx.model.save_checkpoint
        results["no states"] = error_of(lambda: save(prefix, 1, net, arguments, None))
    return results
