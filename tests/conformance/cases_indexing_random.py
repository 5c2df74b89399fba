"""Random keys on random arrays: what NumPy gives is what the reference and ours give.

Each case draws its shapes and keys from the seed, so that both read the same ones. Keys that the
reference reads otherwise than NumPy (masks, empty parts, negative lists when setting, a new axis
beside lists) are not drawn.
"""

from __future__ import annotations

import numpy as np

from tests.conformance.case import case

COUNT = 60


def _shape(random, axes):
    return tuple(int(length) for length in random.randint(1, 5, size=axes))


def _slice(random, length):
    """Return a slice that holds at least one position."""
    while True:
        step = int(random.choice([1, 1, 1, 2, -1, -2]))
        start, stop = (
            None if random.rand() < 0.3 else int(random.randint(0, length)) for _ in "ab"
        )
        part = slice(start, stop, step if random.rand() < 0.7 else None)
        if len(range(length)[part]):
            return part


def _basic_key(random, shape):
    """Return integers, slices, None and perhaps one Ellipsis."""
    used = int(random.randint(0, len(shape) + 1))
    parts = []
    for length in shape[:used]:
        if random.rand() < 0.2:
            parts.append(None)
        if random.rand() < 0.4:
            parts.append(int(random.randint(-length, length)))
        else:
            parts.append(_slice(random, length))
    if random.rand() < 0.3:
        parts.append(Ellipsis)
    return tuple(parts)


def _advanced_key(random, shape):
    """Return a key with at least one list or array; lists broadcast against each other."""
    kinds = [str(random.choice(["list", "array", "number", "slice"])) for _ in shape]
    kinds[int(random.randint(len(shape)))] = "list"
    count, parts = int(random.randint(1, 4)), []
    for kind, length in zip(kinds, shape, strict=True):
        if kind == "slice":
            parts.append(_slice(random, length))
        elif kind == "number":
            parts.append(int(random.randint(length)))
        else:
            places = random.randint(0, length, size=count)
            parts.append(places.tolist() if kind == "list" else places)
    return tuple(parts)


def _arrays(mx, random, axes):
    shape = _shape(random, int(random.randint(1, axes + 1)))
    values = random.normal(size=shape).astype("float32")
    return values, mx.nd.array(values)


def _as_legacy(values):
    return values if values.ndim else values.reshape(1)


def _got(mx, random, make_key):
    """Return what NumPy and the array give for drawn keys, and how many pairs agree."""
    agree = 0
    found = {}
    for index in range(COUNT):
        values, x = _arrays(mx, random, 4)
        key = make_key(random, values.shape)
        got, expected = x[key].asnumpy(), _as_legacy(values[key])
        agree += got.shape == expected.shape and bool((got == expected).all())
        found[str(index)] = got
    return {**found, "as NumPy": agree}


def _set(mx, random, make_key, as_value):
    agree = 0
    found = {}
    for index in range(COUNT):
        values, x = _arrays(mx, random, 4)
        key = make_key(random, values.shape)
        value = random.normal(size=values[key].shape).astype("float32")
        if _repeats(values, key):
            continue  # which of several values stays is left open
        values[key] = value
        x[key] = as_value(mx, value)
        agree += bool((x.asnumpy() == values).all())
        found[str(index)] = x
    return {**found, "as NumPy": agree}


def _repeats(values, key):
    places = np.arange(values.size).reshape(values.shape)[key]
    return np.unique(places).size < places.size


@case
def getting_by_basic_keys(mx, random):
    return _got(mx, random, _basic_key)


@case
def getting_by_advanced_keys(mx, random):
    return _got(mx, random, _advanced_key)


@case
def setting_numpy_by_basic_keys(mx, random):
    return _set(mx, random, _basic_key, lambda mx, value: value)


@case
def setting_arrays_by_basic_keys(mx, random):
    return _set(mx, random, _basic_key, lambda mx, value: mx.nd.array(_as_legacy(value)))


@case
def setting_numpy_by_advanced_keys(mx, random):
    return _set(mx, random, _advanced_key, lambda mx, value: value)


@case
def setting_arrays_by_advanced_keys(mx, random):
    return _set(mx, random, _advanced_key, lambda mx, value: mx.nd.array(_as_legacy(value)))


@case
def setting_numbers(mx, random):
    agree = 0
    for make_key in (_basic_key, _advanced_key):
        for _ in range(COUNT):
            values, x = _arrays(mx, random, 4)
            key, number = make_key(random, values.shape), float(np.float32(random.normal()))
            values[key] = number
            x[key] = number
            agree += bool((x.asnumpy() == values).all())
    return {"as NumPy": agree}


@case
def writing_through_views(mx, random):
    """A view writes into its array exactly where the region is contiguous in memory."""
    found = []
    for _ in range(COUNT):
        values, x = _arrays(mx, random, 3)
        key = _basic_key(random, values.shape)
        x[key][:] = 100
        found.append(bool((x.asnumpy() != values).any()))
    return {"writes through": found}
