"""Functions that look like NumPy's: their module, and the options of its ufuncs."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np


def set_module(module: str | None) -> Callable[[Any], Any]:
    """Return a decorator that says in which module a function or class appears to be.

    Parameters
    ----------
    module : str or None
        Its ``__module__``; None leaves it.

    Examples
    --------
    >>> @mx.util.set_module("mxnet.flowers")
    ... def bloom():
    ...     pass
    >>> bloom.__module__
    'mxnet.flowers'
    """

    def decorate(func: Any) -> Any:
        if module is not None:
            func.__module__ = module
        return func

    return decorate


_UFUNC_DEFAULTS: dict[str, Any] = {
    "where": True,
    "casting": "same_kind",
    "order": "K",
    "dtype": None,
    "subok": True,
}
_CASTINGS = ("no", "equiv", "safe", "same_kind", "unsafe")
_UFUNC_TYPES = (np.int8, np.uint8, np.int32, np.int64, np.float16, np.float32, np.float64)
_UFUNC_TYPE_NAMES = tuple(each.__name__ for each in _UFUNC_TYPES)


def np_ufunc_legal_option(key: str, value: Any) -> bool:
    """Return whether a value is one that an option of NumPy's ufuncs may have.

    Parameters
    ----------
    key : str
        ``'where'`` (anything), ``'casting'`` (one of NumPy's words), ``'order'`` (a string),
        ``'dtype'`` (a type of MXNet's, or its name) or ``'subok'`` (a bool).
    value : object
        The value.

    Examples
    --------
    >>> mx.util.np_ufunc_legal_option("casting", "safe")
    True
    >>> mx.util.np_ufunc_legal_option("dtype", "complex64")
    False
    """
    if key == "where":
        return True
    if key == "casting":
        return isinstance(value, str) and value in _CASTINGS
    if key == "order":
        return isinstance(value, str)
    if key == "dtype":
        # A dtype equals its type, but is none of the reference's values.
        return value in _UFUNC_TYPE_NAMES if isinstance(value, str) else _is_ufunc_type(value)
    return key == "subok" and isinstance(value, bool)


def _is_ufunc_type(value: Any) -> bool:
    return any(value is each for each in _UFUNC_TYPES)


def _check_ufunc_options(name: str, options: dict[str, Any]) -> None:
    for key, value in options.items():
        if key not in _UFUNC_DEFAULTS:
            raise TypeError(f"{name}: there is no option {key!r}.")
        default = _UFUNC_DEFAULTS[key]
        if value is default or (key != "where" and value == default):
            continue
        if not np_ufunc_legal_option(key, value):
            raise TypeError(f"{name}: {key} is {value!r}, which NumPy does not know.")
        raise NotImplementedError(f"{name}: {key} is {value!r}, but only {default!r} is supported.")


def wrap_np_unary_func(func: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``func(x, out=None)`` taking the options of NumPy's ufuncs at their defaults.

    Parameters
    ----------
    func : callable(x, out=None)
        What is called, without the options.

    Returns
    -------
    callable
        It raises TypeError for what is no option of NumPy's, NotImplementedError for a value other
        than the default.

    Examples
    --------
    >>> double = mx.util.wrap_np_unary_func(lambda x, out=None: 2 * x)
    >>> double(3, where=True, casting="same_kind")
    6
    """

    @functools.wraps(func)
    def wrapped(x: Any, out: Any = None, **kwargs: Any) -> Any:
        _check_ufunc_options(func.__name__, kwargs)
        return func(x, out=out)

    return wrapped


def wrap_np_binary_func(func: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``func(x1, x2, out=None)`` taking the options of NumPy's ufuncs at their defaults.

    Parameters
    ----------
    func : callable(x1, x2, out=None)
        What is called, without the options.

    Returns
    -------
    callable
        As :func:`wrap_np_unary_func` returns.

    Examples
    --------
    >>> add = mx.util.wrap_np_binary_func(lambda x1, x2, out=None: x1 + x2)
    >>> add(3, 4, order="K")
    7
    """

    @functools.wraps(func)
    def wrapped(x1: Any, x2: Any, out: Any = None, **kwargs: Any) -> Any:
        _check_ufunc_options(func.__name__, kwargs)
        return func(x1, x2, out=out)

    return wrapped
