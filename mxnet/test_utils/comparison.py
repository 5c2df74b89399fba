"""Assertions that arrays, tuples of arrays, exceptions and graphs are what they should be."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..symbol import Symbol
from .mismatch import Mismatch, find_mismatch, to_numpy
from .tolerance import get_etol, get_tols


def same(a: Any, b: Any) -> bool:
    """Return whether two arrays have the same shape and exactly the same values.

    The element types may differ. A NaN equals nothing.

    Examples
    --------
    >>> mx.test_utils.same(mx.nd.ones((2,)), np.ones(2))
    True
    """
    return bool(np.array_equal(to_numpy(a), to_numpy(b)))


def checkShapes(a: Any, b: Any) -> None:
    """Raise an AssertionError unless `a` and `b` have the same shape."""
    shapes = tuple(np.shape(a)), tuple(np.shape(b))
    if shapes[0] != shapes[1]:
        raise AssertionError(
            f"Items are not equal: a.shape = {shapes[0]} and b.shape = {shapes[1]} are not equal"
        )


def compare(
    a: Any,
    b: Any,
    rtol: Any,
    atol: Any,
    equal_nan: bool = False,
    use_broadcast: bool = True,
) -> Mismatch | None:
    """Return where two arrays differ by more than the tolerance, or None.

    Parameters are those of `assert_almost_equal`.

    Raises
    ------
    AssertionError
        If the shapes can not be compared.
    """
    rtol, atol = get_tols(a, b, rtol, atol)
    actual, desired = to_numpy(a), to_numpy(b)
    if actual.shape != desired.shape:
        if not use_broadcast:
            checkShapes(actual, desired)
        actual, desired = _broadcast(actual, desired)
    return find_mismatch(actual, desired, rtol, atol, equal_nan)


def _broadcast(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    try:
        shape = np.broadcast_shapes(a.shape, b.shape)
    except ValueError:
        raise AssertionError(
            f"Items are not equal: a.shape = {a.shape} and b.shape = {b.shape} do not broadcast"
        ) from None
    return np.broadcast_to(a, shape), np.broadcast_to(b, shape)


def almost_equal(
    a: Any,
    b: Any,
    rtol: Any = None,
    atol: Any = None,
    equal_nan: bool = False,
    use_broadcast: bool = True,
) -> bool:
    """Return whether two arrays are equal within the tolerance.

    Parameters are those of `assert_almost_equal`; shapes that do not broadcast are not equal.

    Examples
    --------
    >>> mx.test_utils.almost_equal(np.array([1.0]), np.array([1.000001]))
    True
    """
    if not use_broadcast:
        checkShapes(a, b)
    try:
        return compare(a, b, rtol, atol, equal_nan) is None
    except AssertionError:
        return False


def assert_almost_equal(
    a: Any,
    b: Any,
    rtol: Any = None,
    atol: Any = None,
    names: Sequence[str] = ("a", "b"),
    equal_nan: bool = False,
    use_broadcast: bool = True,
    mismatches: tuple[int, int] = (10, 10),
) -> None:
    """Raise an AssertionError unless ``|a - b| <= atol + rtol * |b|`` for every element.

    Parameters
    ----------
    a, b : NDArray, numpy.ndarray, number or nested list
        The computed and the desired values.
    rtol, atol : number or dict, optional
        Relative and absolute tolerance, or a dict from element type to tolerance. By default they
        follow from the less precise of both element types: ``default_rtols()``,
        ``default_atols()``.
    names : pair of str
        What the message calls `a` and `b`.
    equal_nan : bool, default False
        Whether a NaN equals a NaN.
    use_broadcast : bool, default True
        Whether shapes may broadcast; otherwise they must be equal.
    mismatches : pair of int
        How many of the worst elements the message lists. The second number is accepted and not
        needed: all elements are always counted.

    Raises
    ------
    AssertionError
        With the largest error in units of the tolerance, its position and both values.

    Examples
    --------
    >>> mx.test_utils.assert_almost_equal(mx.nd.array([1.0]), np.array([1.5]), names=("x", "y"))
    Traceback (most recent call last):
    ...
    AssertionError: Items are not equal:
    Error 434.782609 exceeds tolerance rtol=1.000000e-04, atol=1.000000e-03 (mismatch 100.000000%).
    Location of maximum error: (0,), x=1.00000000, y=1.50000000
     ACTUAL: array([1.], dtype=float32)
     DESIRED: array([1.5])
    """
    found = compare(a, b, rtol, atol, equal_nan, use_broadcast)
    if found is not None:
        raise AssertionError(found.report(names, mismatches[0]))


def assert_almost_equal_with_err(
    a: Any,
    b: Any,
    rtol: Any = None,
    atol: Any = None,
    etol: float | None = None,
    names: Sequence[str] = ("a", "b"),
    equal_nan: bool = False,
    mismatches: tuple[int, int] = (10, 10),
) -> None:
    """Raise an AssertionError if more than a share `etol` of the elements is not almost equal.

    Parameters
    ----------
    etol : float, default 0
        The share of elements, from 0 to 1, that may be wrong.

    The other parameters are those of `assert_almost_equal`.

    Examples
    --------
    >>> mx.test_utils.assert_almost_equal_with_err(np.zeros(4), np.eye(4)[0], etol=0.25)
    """
    found = compare(a, b, rtol, atol, equal_nan)
    if found is not None and found.share > get_etol(etol):
        raise AssertionError(found.report(names, mismatches[0]))


def assert_almost_equal_ignore_nan(
    a: Any, b: Any, rtol: Any = None, atol: Any = None, names: Sequence[str] = ("a", "b")
) -> None:
    """Raise an AssertionError unless `a` and `b` are almost equal wherever neither is NaN."""
    actual, desired = _broadcast(to_numpy(a), to_numpy(b))
    unknown = np.isnan(actual) | np.isnan(desired)
    rtol, atol = get_tols(a, b, rtol, atol)
    assert_almost_equal(
        np.where(unknown, 0, actual), np.where(unknown, 0, desired), rtol, atol, names
    )


def assert_allclose(
    a: Any, b: Any, rtol: float = 1e-07, atol: float = 0, equal_nan: bool = True
) -> None:
    """Raise an AssertionError unless `a` and `b` are equal within tight tolerances.

    As `assert_almost_equal`, but with the defaults of ``numpy.testing.assert_allclose``.
    """
    assert_almost_equal(a, b, rtol=rtol, atol=atol, equal_nan=equal_nan)


def locationError(
    a: Any, b: Any, index: tuple[int, ...], names: Sequence[str], maxError: bool = False
) -> str:
    """Return the values of `a` and `b` at `index` in words.

    Examples
    --------
    >>> mx.test_utils.locationError(np.ones(2), np.zeros(2), (1,), ("x", "y"))
    'Location of error: (1,), x=1.00000000, y=0.00000000'
    """
    kind = "maximum error" if maxError else "error"
    pair = Mismatch(to_numpy(a), to_numpy(b), np.empty(0), np.empty(0), 0.0, 0.0)
    return f"Location of {kind}: {pair.place(index, names)}"


def compare_ndarray_tuple(t1: Any, t2: Any, rtol: Any = None, atol: Any = None) -> None:
    """Raise an AssertionError unless two nested tuples hold almost equal arrays.

    Where either is None, as the state of an optimizer without momentum is, nothing is compared.

    Examples
    --------
    >>> x = mx.nd.ones((2,))
    >>> mx.test_utils.compare_ndarray_tuple((x, (x, None)), (x, (x, None)))
    """
    if t1 is None or t2 is None:
        return
    if not isinstance(t1, (tuple, list)):
        assert_almost_equal(t1, t2, rtol=rtol, atol=atol)
        return
    if len(t1) != len(t2):
        raise AssertionError(f"The tuples hold {len(t1)} and {len(t2)} arrays, not equally many")
    for first, second in zip(t1, t2, strict=True):
        compare_ndarray_tuple(first, second, rtol, atol)


def same_array(array1: Any, array2: Any) -> bool:
    """Return whether two NDArrays are the same elements in memory; neither is changed.

    Examples
    --------
    >>> x = mx.nd.ones((2, 3))
    >>> mx.test_utils.same_array(x, x.reshape((2, 3))), mx.test_utils.same_array(x, x.copy())
    (True, False)
    """
    first, second = array1._data, array2._data
    return (
        first.dtype is second.dtype
        and first.shape == second.shape
        and first.stride() == second.stride()
        and first.data_ptr() == second.data_ptr()
    )


def assert_exception(
    f: Callable[..., Any], exception_type: type[BaseException], *args: Any, **kwargs: Any
) -> None:
    """Raise an AssertionError unless ``f(*args, **kwargs)`` raises `exception_type`.

    Any other exception passes through.

    Examples
    --------
    >>> mx.test_utils.assert_exception(int, ValueError, "seven")
    """
    try:
        f(*args, **kwargs)
    except exception_type:
        return
    name = getattr(f, "__name__", repr(f))
    raise AssertionError(f"{name} did not raise {exception_type.__name__}")


def same_symbol_structure(sym1: Symbol, sym2: Symbol) -> bool:
    """Return whether two graphs have the same operators, connected in the same way.

    Names and attributes may differ.

    Examples
    --------
    >>> x, y = mx.sym.var("x"), mx.sym.var("y")
    >>> mx.test_utils.same_symbol_structure(x + 1, y + 2)
    True
    """
    return _structure(sym1) == _structure(sym2)


def _structure(symbol: Symbol) -> list[tuple[str, list[list[int]]]]:
    nodes = json.loads(symbol.tojson())["nodes"]
    return [(node["op"], [source[:2] for source in node["inputs"]]) for node in nodes]
