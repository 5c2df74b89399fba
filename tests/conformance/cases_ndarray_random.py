"""Random programs: arrays of random dtypes go through random steps; views and copies are watched.

A step that raises leaves the arrays as they are, and the name of the exception is recorded.
"""

from __future__ import annotations

import numpy as np

from tests.conformance.case import case

PROGRAMS, LENGTH = 60, 8
DTYPES = ("float32", "float64", "int32", "int64", "float16", "uint8", "int8")


def _arithmetic():
    return {
        "plus": lambda x, r: x + r.randint(1, 4), "minus": lambda x, r: r.randint(1, 4) - x,
        "times": lambda x, r: x * 2, "halves": lambda x, r: x / 2,
        "double": lambda x, r: x + x,
        "negative": lambda x, r: -x, "absolute": lambda x, r: abs(x), "modulo": lambda x, r: x % 3,
        "greater": lambda x, r: x > 1, "equal": lambda x, r: x == 2,
        "square": lambda x, r: x.square(),
        "clip": lambda x, r: x.clip(-2, 3), "sign": lambda x, r: x.sign(),
        "largest": lambda x, r: x.max(axis=0), "sums": lambda x, r: x.sum(axis=x.ndim - 1),
        "total": lambda x, r: x.sum(), "kept": lambda x, r: x.sum(axis=0, keepdims=True),
        "rounded": lambda x, r: (x / 2).round(), "position": lambda x, r: x.argmax(axis=0),
    }  # fmt: skip


def _shapes():
    return {
        "flat": lambda x, r: x.reshape((-1,)), "column": lambda x, r: x.reshape((-1, 1)),
        "keep": lambda x, r: x.reshape((0, -1)), "T": lambda x, r: x.T,
        "expanded": lambda x, r: x.expand_dims(0), "squeezed": lambda x, r: x.squeeze(),
        "flipped": lambda x, r: x.flip(axis=0), "tiled": lambda x, r: x.tile((2,)),
        "repeated": lambda x, r: x.repeat(2, axis=0), "first": lambda x, r: x[0],
        "last": lambda x, r: x[-1], "head": lambda x, r: x[:2], "second": lambda x, r: x[::2],
        "reversed": lambda x, r: x[::-1], "inner": lambda x, r: x[..., 0],
        "new": lambda x, r: x[None],
        "picked": lambda x, r: x[[0, 0]], "cast": lambda x, r: x.astype(r.choice(DTYPES)),
        "copy": lambda x, r: x.copy(),
        "swapped": lambda x, r: x.swapaxes(0, x.ndim - 1),
        "slice": lambda x, r: x.slice_axis(0, 0, 1),
        "broadcast": lambda x, r: x.broadcast_to((2, *x.shape)),
        "flatten": lambda x, r: x.flatten(),
        "taken": lambda x, r: x.take(x.zeros_like()), "split": lambda x, r: x.split(1, axis=0),
    }  # fmt: skip


def _write(x, r):
    ways = [
        lambda: x.__setitem__(0, 7), lambda: x.__setitem__(slice(None), 1),
        lambda: x.__setitem__(-1, x[0]), lambda: x.__setitem__([0], 5),
        lambda: x.__setitem__(slice(None, None, -1), x.copy()), lambda: x.__iadd__(1),
        lambda: x.__imul__(2), lambda: x.__setitem__(Ellipsis, np.full(x.shape[-1:], 3.0)),
        lambda: x[0].__iadd__(1), lambda: x.__setitem__((Ellipsis, 0), 4),
    ]  # fmt: skip
    ways[r.randint(len(ways))]()
    return x


def _start(mx, r):
    shape = tuple(int(n) for n in r.randint(1, 4, size=r.randint(1, 4)))
    values = r.randint(0, 6, size=shape)
    return mx.nd.array(values, dtype=DTYPES[r.randint(len(DTYPES))])


def _run(mx, r, tables, writes):
    first = current = _start(mx, r)
    trail = []
    for _ in range(LENGTH):
        if r.rand() < writes:
            name, step = "write", _write
        else:
            table = tables[r.randint(len(tables))]
            name = sorted(table)[r.randint(len(table))]
            step = table[name]
        try:
            made = step(current, r)
            made.wait_to_read()
            trail.append((name, made.shape, np.dtype(made.dtype).name))
            current = made if made.size <= 200 else current
        except Exception as error:
            trail.append((name, type(error).__name__))
    return trail, current, first


def _programs(mx, random, tables, writes=0.0):
    found = {}
    for index in range(PROGRAMS):
        seed = int(random.randint(2**31 - 1))
        trail, last, first = _run(mx, np.random.RandomState(seed), tables, writes)
        found[f"{index} trail"], found[f"{index} last"] = trail, last
        found[f"{index} first"] = first
    return found


@case(rtol=1e-3)
def programs_of_arithmetic(mx, random):
    return _programs(mx, random, [_arithmetic()])


@case(rtol=1e-3)
def programs_of_shapes(mx, random):
    return _programs(mx, random, [_shapes()])


@case(rtol=1e-3)
def programs_of_both(mx, random):
    return _programs(mx, random, [_arithmetic(), _shapes()])


@case(rtol=1e-3)
def programs_that_write(mx, random):
    return _programs(mx, random, [_shapes()], writes=0.5)


@case(rtol=1e-3)
def programs_of_everything(mx, random):
    return _programs(mx, random, [_arithmetic(), _shapes()], writes=0.3)
