"""NumPy semantics of shapes, and of arrays, which ask for `mx.np`."""

from __future__ import annotations

import functools
import inspect
import threading
from operator import index
from typing import Any

from ..base import MXNetError


class _Semantics(threading.local):
    shape = False


_STATE = _Semantics()

# NumPy semantics of shapes.


def is_np_shape() -> bool:
    """Return whether this thread reads shapes as NumPy does: () is a scalar, 0 an empty axis.

    Examples
    --------
    >>> mx.util.is_np_shape()
    False
    """
    return _STATE.shape


def set_np_shape(active: bool) -> bool:
    """Switch NumPy semantics of shapes on or off in this thread, and return what it was.

    Parameters
    ----------
    active : bool
        Whether unknown lengths are -1 and unknown shapes None, so that 0 and () mean themselves.

    Examples
    --------
    >>> before = mx.util.set_np_shape(True)
    >>> mx.util.set_np_shape(before)
    True
    """
    previous, _STATE.shape = _STATE.shape, bool(index(active))
    return previous


class _NumpyShape:
    """A `with` block under which shapes have NumPy semantics, or have not."""

    def __init__(self, active: bool) -> None:
        self._active, self._outer = active, False

    def __enter__(self) -> None:
        self._outer = set_np_shape(self._active)

    def __exit__(self, ptype: Any, value: Any, trace: Any) -> None:
        set_np_shape(self._outer)


def np_shape(active: bool = True) -> _NumpyShape:
    """Return a scope in which shapes are read as NumPy does.

    Parameters
    ----------
    active : bool, default True
        Whether they are; False restores MXNet's own reading within such a scope.

    Examples
    --------
    >>> sum_of_two = mx.sym.Variable("a") + mx.sym.Variable("b")
    >>> with mx.util.np_shape():
    ...     sum_of_two.infer_shape(a=(), b=())
    ([(), ()], [()], [])
    """
    return _NumpyShape(active)


def use_np_shape(func: Any) -> Any:
    """Return a function, or a class, that runs under NumPy semantics of shapes; a decorator.

    Parameters
    ----------
    func : callable or class
        A class gets every method and property of its own wrapped, and is returned itself.

    Raises
    ------
    TypeError
        If it is neither.

    Examples
    --------
    >>> @mx.util.use_np_shape
    ... def scalar():
    ...     return mx.nd.zeros(()).shape
    >>> scalar()
    ()
    """
    if inspect.isclass(func):
        for name, member in list(vars(func).items()):
            wrapped = _member_under_np_shape(member)
            if wrapped is not None:
                setattr(func, name, wrapped)
        return func
    if not callable(func):
        raise TypeError(
            f"use_np_shape: a {type(func).__name__} was given, but it decorates functions and "
            "classes."
        )

    @functools.wraps(func)
    def wrapped_function(*args: Any, **kwargs: Any) -> Any:
        with np_shape(True):
            return func(*args, **kwargs)

    return wrapped_function


def _member_under_np_shape(member: Any) -> Any:
    """Return a member of a class wrapped, None where it is no code."""
    if isinstance(member, (staticmethod, classmethod)):
        return type(member)(use_np_shape(member.__func__))
    if isinstance(member, property):
        parts = (member.fget, member.fset, member.fdel)
        getter, setter, deleter = (part and use_np_shape(part) for part in parts)
        return property(getter, setter, deleter, member.__doc__)
    return use_np_shape(member) if inspect.isfunction(member) else None


# NumPy semantics of arrays, which ask for `mx.np`.


def is_np_array() -> bool:
    """Return whether Gluon blocks receive `mx.np` arrays: False, as long as there is no `mx.np`.

    Examples
    --------
    >>> mx.util.is_np_array()
    False
    """
    return False


def _refuse_np_array(name: str) -> MXNetError:
    return MXNetError(f"{name}: NumPy arrays need mx.np, which is not there yet.")


class _NumpyArray:
    """A `with` block without NumPy semantics of arrays."""

    def __enter__(self) -> _NumpyArray:
        return self

    def __exit__(self, ptype: Any, value: Any, trace: Any) -> None:
        pass


def np_array(active: bool = True) -> _NumpyArray:
    """Return a scope in which Gluon blocks receive `mx.np` arrays, or do not.

    Raises
    ------
    MXNetError
        If `active` is true: there is no `mx.np` yet.

    Examples
    --------
    >>> with mx.util.np_array(False):
    ...     mx.util.is_np_array()
    False
    """
    if index(active):
        raise _refuse_np_array("np_array")
    return _NumpyArray()


def use_np_array(func: Any) -> Any:
    """Refuse: what it decorates would receive `mx.np` arrays, which are not there yet.

    Raises
    ------
    MXNetError
        For a function or class.
    TypeError
        For anything else.

    Examples
    --------
    >>> mx.util.use_np_array(print)
    Traceback (most recent call last):
        ...
    mxnet.base.MXNetError: use_np_array: NumPy arrays need mx.np, which is not there yet.
    """
    return _refuse_decorator("use_np_array", func)


def use_np(func: Any) -> Any:
    """Refuse: what it decorates would receive `mx.np` arrays, which are not there yet.

    Raises
    ------
    MXNetError
        For a function or class.
    TypeError
        For anything else.

    Examples
    --------
    >>> mx.util.use_np(print)
    Traceback (most recent call last):
        ...
    mxnet.base.MXNetError: use_np: NumPy arrays need mx.np, which is not there yet.
    """
    return _refuse_decorator("use_np", func)


def _refuse_decorator(name: str, func: Any) -> Any:
    if not callable(func):
        raise TypeError(
            f"{name}: a {type(func).__name__} was given, but it decorates functions and classes."
        )
    raise _refuse_np_array(name)


def set_np(shape: bool = True, array: bool = True) -> None:
    """Switch NumPy semantics of shapes and arrays on or off in this thread.

    Parameters
    ----------
    shape, array : bool, default True
        Which; arrays need shapes.

    Raises
    ------
    ValueError
        If `array` is asked for without `shape`.
    MXNetError
        If `array` is asked for: there is no `mx.np` yet.

    Examples
    --------
    >>> mx.util.set_np(array=False)
    >>> mx.util.is_np_shape()
    True
    >>> mx.util.reset_np()
    """
    wants_shape, wants_array = bool(index(shape)), bool(index(array))
    if wants_array and not wants_shape:
        raise ValueError("set_np: array=True needs shape=True.")
    if wants_array:
        raise _refuse_np_array("set_np")
    set_np_shape(wants_shape)


def reset_np() -> None:
    """Switch NumPy semantics of shapes and arrays off in this thread.

    Examples
    --------
    >>> mx.util.reset_np()
    >>> mx.util.is_np_shape()
    False
    """
    set_np(shape=False, array=False)
