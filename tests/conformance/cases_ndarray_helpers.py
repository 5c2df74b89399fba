"""Functions about indexing keys, DLPack's structures, and optimizer updates of mx.nd.contrib."""

from __future__ import annotations

import ctypes

import numpy as np

from tests.conformance.case import case, error_of, raises

KEYS = {
    "numbers": (0, 1),
    "slices": (slice(None), None),
    "a list": (0, [1]),
    "a tuple": (1, (0, 1)),
    "an empty tuple": ((),),
    "nothing": (),
    "a range": (range(2),),
    "NumPy": (np.array([1]),),
    "a NumPy number": (np.int64(1),),
    "truth": (True,),
}
REFUSED = {"text": (1, "a"), "ellipsis": (Ellipsis,), "float": (1.5,), "set": (set(),), "list": [0]}


@case
def kinds_of_keys(mx, random):
    code = mx.nd.get_indexing_dispatch_code
    found = {name: code(key) for name, key in KEYS.items()}
    refused = {f"refuses {n}": error_of(lambda k=key: code(k)) for n, key in REFUSED.items()}
    return {**found, **refused, "an NDArray": code((mx.nd.array([1]),))}


@case
def keys_with_every_axis(mx, random):
    expand = mx.nd.indexing_key_expand_implicit_axes
    keys = {
        "number": 0, "two": (0, 1), "ellipsis first": (Ellipsis, 1), "new axis": (None, 1),
        "both": (0, None, Ellipsis, 1), "none": None, "slice": slice(0, 1), "list": [0],
        "full": (0, 0, 0), "too many": (0, 0, 0, 0), "true": True, "true and number": (True, 0),
        "false": (0, False), "several truths": (False, True), "empty": (),
        "ellipsis of nothing": (0, 1, 2, Ellipsis),
    }  # fmt: skip
    boolean = mx.nd.ones((2,)).astype("bool")
    return {
        **{name: expand(key, (2, 3, 4)) for name, key in keys.items()},
        "two ellipses": error_of(lambda: expand((Ellipsis, Ellipsis), (2, 3))),
        "boolean array": error_of(lambda: expand(boolean, (2, 3))),
    }


@case
def shapes_of_gathering_and_masks(mx, random):
    shape = mx.nd.get_oshape_of_gather_nd_op
    check = mx.nd.ndarray.check_boolean_array_dimension
    return {
        "one axis": shape((2, 3, 4), (1, 5)),
        "two axes": shape((2, 3, 4), (2, 5, 6)),
        "all axes": shape((2,), (1,)),
        "no axes": error_of(lambda: shape((), ())),
        "fits": check((2, 3), 1, (3,)),
        "fits both": check((2, 3), 0, (2, 3)),
        "does not fit": error_of(lambda: check((2, 3), 0, (3,))),
        "second does not fit": error_of(lambda: check((2, 3), 0, (2, 4))),
        "too many": error_of(lambda: check((2, 3), 1, (3, 4))),
    }


@case
def structures_of_dlpack(mx, random):
    room = mx.nd.ndarray
    found = {}
    for name in ("DLContext", "DLDataType", "DLTensor", "DLManagedTensor"):
        made = getattr(room, name)
        places = [(field[0], getattr(made, field[0]).offset) for field in made._fields_]
        found[name] = (ctypes.sizeof(made), places)
    return {**found, "types": room.DLDataType.TYPE_MAP}


@case
def arrays_of_the_other_front_end(mx, random):
    x, s = mx.nd.ones((2,)), mx.sym.Variable("x")
    return {"array": x.as_nd_ndarray() is x, "symbol": s.as_nd_ndarray().name}


@case
def words_for_kinds_of_numbers(mx, random):
    return {
        "whole": np.int64(1).__class__ in mx.nd.ndarray.integer_types,
        "no whole": float in mx.nd.ndarray.integer_types,
        "numbers": mx.nd.ndarray.numeric_types is not None and float in mx.nd.random.numeric_types,
        "text": mx.nd.utils.string_types,
        "operators": [hasattr(room.op, "relu") for room in (mx.nd.ndarray, mx.nd.sparse)],
    }


@case
def rooms_of_generated_operators(mx, random):
    names = {
        "gen_op": "relu", "gen__internal": "_copy", "gen_image": "crop", "gen_linalg": "gemm",
        "gen_sparse": "retain", "gen_contrib": "box_nms",
    }  # fmt: skip
    return {
        **{f"nd {room}": hasattr(getattr(mx.nd, room), name) for room, name in names.items()},
        **{f"sym {room}": hasattr(getattr(mx.sym, room), name) for room, name in names.items()},
    }


def _weights(mx, dtype="float32"):
    return [mx.nd.array([1.0, 2.0], dtype=dtype), mx.nd.array([3.0, 4.0], dtype=dtype)]


def _together(arrays):
    return np.stack([array.asnumpy() for array in arrays])


@case
def adamw_updates(mx, random):
    update, nd = mx.nd.contrib.adamw_update, mx.nd
    found = {}
    for name, scale in (("number", 0.5), ("whole", 2), ("array", nd.array([0.5]))):
        states = [nd.array([1.0, 2.0]), nd.array([0.5, -4.0]), nd.zeros((2,)), nd.ones((2,))]
        out = update(*states, scale, 0.1, 1.0, wd=0.25, clip_gradient=1.5, out=states[0])
        found[name], found[f"{name} states"] = out, _together(states[2:])
    w = _weights(mx)
    return {
        **found,
        "not in place": update(w[0], w[0], nd.zeros((2,)), nd.ones((2,)), 1.0, 0.1, 0.5, 0.8, 0.9),
        "unknown": error_of(lambda: update(*w, *_weights(mx), 1.0, 0.1, 1.0, bogus=1)),
        "text": error_of(lambda: update(*w, *_weights(mx), "a", 0.1, 1.0)),
    }


@case(rtol=1e-3, atol=1e-3)
def mixed_adamw_updates(mx, random):
    update, nd = mx.nd.contrib.mp_adamw_update, mx.nd
    low = _weights(mx, "float16")
    states = [nd.zeros((2,)), nd.ones((2,)), nd.array([1.0, 2.0])]
    out = update(low[0], low[1], *states, 1.0, 0.1, 1.0, out=low[0])
    half = nd.array([2.0], dtype="float16")
    wrong = lambda: update(low[0], low[1], *states, half, 0.1, 1.0).asnumpy()  # noqa: E731
    return {
        "weight": out,
        "states": _together(states[:2]),
        "weight32": states[2],
        "dtype": error_of(wrong),
    }


@case(rtol=1e-3, atol=1e-3)
def updates_of_many_weights(mx, random):
    c = mx.nd.contrib
    rates = ([0.1, 0.2], [0, 0.1])
    found = {}
    for name, scale in (("number", 0.5), ("array", mx.nd.array([0.5]))):
        lists = [_weights(mx) for _ in range(4)]
        out = c.multi_adamw_update(*lists, scale, *rates, [1, 0.5], out=lists[0], beta1=0.8)
        found[f"adamw {name}"] = _together(out)
        found[f"adamw {name} states"] = _together([*lists[2], *lists[3]])
    lists = [_weights(mx) for _ in range(4)]
    out = c.multi_lamb_update(*lists, [1, 2], *rates, out=lists[0], beta1=0.8)
    found["lamb"] = _together(out)
    mixed = [_weights(mx, "float16") for _ in range(2)] + [_weights(mx) for _ in range(3)]
    out = c.multi_mp_adamw_update(*mixed, 1.0, *rates, [1, 1], out=mixed[0])
    found["mp adamw"], found["mp adamw weights"] = _together(out), _together(mixed[4])
    mixed = [_weights(mx, "float16") for _ in range(2)] + [_weights(mx) for _ in range(3)]
    out = c.multi_mp_lamb_update(
        *mixed, [1, 1], *rates, out=mixed[0], num_tensors=2, bias_correction=False
    )
    found["mp lamb"], found["mp lamb weights"] = _together(out), _together(mixed[4])
    return found


@case
def wrong_updates_of_many_weights(mx, random):
    c = mx.nd.contrib
    lists = [_weights(mx) for _ in range(4)]
    short = [lists[0], lists[1][:1], *lists[2:]]

    def adamw(lists, lrs, **more):
        return lambda: c.multi_adamw_update(*lists, 1.0, lrs, [0, 0], [1, 1], out=lists[0], **more)

    return {
        "lists of other lengths": raises(adamw(short, [0.1, 0.1])),
        "one rate": error_of(adamw(lists, [0.1])),
        "another size": error_of(adamw(lists, [0.1, 0.1], size=1)),
        "unknown": error_of(adamw(lists, [0.1, 0.1], bogus=1)),
        "weights stay": _together(lists[0]),
    }
