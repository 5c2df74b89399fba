"""Small utilities: NumPy semantics of shapes, options of ufuncs, the environment, GPU facts."""

from __future__ import annotations

import functools
import inspect
import os
import threading
from collections.abc import Callable
from operator import index
from typing import Any

import numpy as np
import torch

from .base import MXNetError
from .context import Context, gpu, num_gpus


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


# Functions that look like NumPy's.


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


# The environment and the devices.


def _text(function: str, argument: str, value: Any) -> str:
    if not isinstance(value, str):  # the type of the error is the reference's
        raise AttributeError(
            f"{function}: {argument} is a {type(value).__name__}, but must be a string."
        )
    return value


def getenv(name: str) -> str | None:
    """Return an environment variable, None where it is not set.

    Examples
    --------
    >>> mx.util.setenv("A_VARIABLE", "1")
    >>> mx.util.getenv("A_VARIABLE")
    '1'
    >>> mx.util.setenv("A_VARIABLE", None)
    """
    return os.environ.get(_text("getenv", "name", name))


def setenv(name: str, value: str | None) -> None:
    """Set an environment variable, also for C libraries; None removes it.

    Examples
    --------
    >>> mx.util.setenv("A_VARIABLE", None)
    """
    key = _text("setenv", "name", name)
    if value is None:
        os.environ.pop(key, None)
    else:
        os.environ[key] = _text("setenv", "value", value)


def get_gpu_count() -> int:
    """Return how many CUDA devices torch sees.

    Examples
    --------
    >>> mx.util.get_gpu_count() == mx.context.num_gpus()
    True
    """
    return num_gpus()


def get_gpu_memory(gpu_dev_id: int) -> tuple[int, int]:
    """Return the free and the total memory of a CUDA device in bytes.

    Raises
    ------
    MXNetError
        If torch does not have it.

    Examples
    --------
    >>> mx.util.get_gpu_memory(10**6)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    mxnet.base.MXNetError: gpu(1000000) does not exist: torch ... sees ... CUDA devices.
    """
    return torch.cuda.mem_get_info(gpu(gpu_dev_id).device)


def get_cuda_compute_capability(ctx: Context) -> int | None:
    """Return a GPU's compute capability as a number (9.0 is 90).

    Raises
    ------
    ValueError
        If `ctx` is no GPU.
    OSError
        If there is no CUDA.
    MXNetError
        If torch does not have this GPU.

    Examples
    --------
    >>> mx.util.get_cuda_compute_capability(mx.cpu())
    Traceback (most recent call last):
        ...
    ValueError: get_cuda_compute_capability: ctx is cpu(0), but must be a GPU.
    """
    if ctx.device_type != "gpu":
        raise ValueError(f"get_cuda_compute_capability: ctx is {ctx}, but must be a GPU.")
    if not torch.cuda.is_available():
        raise OSError("get_cuda_compute_capability: torch sees no CUDA device.")
    major, minor = torch.cuda.get_device_capability(ctx.device)
    return major * 10 + minor
