"""Errors and the small vocabulary that every other module of the package shares."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Sequence
from typing import Any

import numpy as np


class MXNetError(RuntimeError):
    """Raised for every request that an operator, a graph or a file can not satisfy.

    The message is one sentence that names the operator and node, the argument, what came and
    what was expected.
    """


class NotImplementedForSymbol(MXNetError):
    """Raised where a method of NDArray has no meaning for a Symbol, which holds no values."""

    def __init__(self, function: Any, alias: str | None, *args: Any) -> None:
        name = function if isinstance(function, str) else function.__name__
        instead = f" (use {alias} instead)" if alias else ""
        super().__init__(f"{name} is not defined for a Symbol, which holds no values{instead}.")


class NotSupportedForSparseNDArray(MXNetError):
    """Raised where a method of NDArray is not defined for a sparse storage type."""

    def __init__(self, function: Any, alias: str | None, *args: Any) -> None:
        name = function if isinstance(function, str) else function.__name__
        instead = f" (use {alias} instead)" if alias else ""
        super().__init__(f"{name} is not defined for a sparse NDArray{instead}.")


class _NullType:
    """The type of `_Null`, which stands for "not given" where None is a value of its own."""

    def __repr__(self) -> str:
        return "_Null"

    def __bool__(self) -> bool:
        return False


_Null = _NullType()

integer_types = (int, np.int32, np.int64)
numeric_types = (float, int, np.generic)
string_types = (str,)

error_types: dict[str, type[BaseException]] = {"NotImplementedForSymbol": NotImplementedForSymbol}
"""Classes of errors by the names they are registered with."""


def register_error(func_name: Any = None, cls: Any = None) -> Any:
    """Register a class of errors, by its own name or another; also a decorator.

    Parameters
    ----------
    func_name : str or class
        The name, or the class itself.
    cls : class, optional
        The class where a name is given; without it a decorator is returned.

    Examples
    --------
    >>> @mx.error.register
    ... class TooManyPetals(mx.MXNetError):
    ...     pass
    >>> mx.base.error_types["TooManyPetals"] is TooManyPetals
    True
    """
    if callable(func_name):
        func_name, cls = func_name.__name__, func_name

    def register(given: Any) -> Any:
        name = func_name if isinstance(func_name, str) else given.__name__
        error_types[name] = given
        return given

    return register if cls is None else register(cls)


class classproperty:  # noqa: N801 - the reference's name
    """A property of a class, read from the class or from an object of it.

    Parameters
    ----------
    func : callable(cls)
        What returns the value.

    Examples
    --------
    >>> class Flower:
    ...     @mx.base.classproperty
    ...     def name(cls):
    ...         return cls.__name__.lower()
    >>> Flower.name, Flower().name
    ('flower', 'flower')
    """

    def __init__(self, func: Any) -> None:
        self._get = func.__func__ if isinstance(func, (classmethod, staticmethod)) else func
        self._set: Any = None

    def setter(self, func: Any) -> classproperty:
        """Have ``func(cls, value)`` called where an object's property is set."""
        self._set = func
        return self

    def __get__(self, obj: Any, owner: Any = None) -> Any:
        return self._get(type(obj) if owner is None else owner)

    def __set__(self, obj: Any, value: Any) -> None:
        if self._set is None:
            raise AttributeError("This property of a class can not be set.")
        self._set(type(obj), value)


def with_metaclass(meta: type, *bases: type) -> Any:
    """Return a base that gives a class the metaclass `meta` and `bases`, and vanishes itself.

    Examples
    --------
    >>> class Upper(type):
    ...     pass
    >>> class Letters(mx.base.with_metaclass(Upper, dict)):
    ...     pass
    >>> type(Letters).__name__, Letters.__bases__
    ('Upper', (<class 'dict'>,))
    """

    class _Once(type):
        def __new__(cls, name: str, _: Any, namespace: dict[str, Any]) -> Any:
            return meta(name, bases, namespace)

    return type.__new__(_Once, "temporary", (), {})


def data_dir_default() -> str:
    """Return where MXNet keeps downloaded files, if nothing else is said: ``~/.mxnet``."""
    return os.path.join(os.path.expanduser("~"), ".mxnet")


def data_dir() -> str:
    """Return where MXNet keeps downloaded files: the environment variable MXNET_HOME, or the
    default."""
    return os.environ.get("MXNET_HOME", data_dir_default())


def build_param_doc(
    arg_names: Sequence[str],
    arg_types: Sequence[str],
    arg_descs: Sequence[str],
    remove_dup: bool = True,
) -> str:
    """Return the section "Parameters" of a docstring.

    Parameters
    ----------
    arg_names, arg_types, arg_descs : list of str
        Each parameter's name, type and description.
    remove_dup : bool, default True
        Whether a name that came before is left out.

    Examples
    --------
    >>> print(mx.base.build_param_doc(["a"], ["int"], ["A number."]).rstrip())
    Parameters
    ----------
    a : int
        A number.
    """
    lines, seen = ["Parameters", "----------"], set()
    for name, kind, text in zip(arg_names, arg_types, arg_descs, strict=True):
        if name in seen and remove_dup:
            continue
        seen.add(name)
        lines.append(f"{name} : {kind}")
        if text:
            lines.append(f"    {text}")
    return "\n".join(lines) + "\n"


# Helpers of code that calls C functions through ctypes. This package has no C library of its own.


def check_call(ret: int) -> None:
    """Raise an MXNetError unless a C function returned 0."""
    if ret != 0:
        raise MXNetError(f"A C function returned {ret}, but 0 stands for success.")


def py_str(x: bytes) -> str:
    """Return the text of a C string."""
    return x.decode("utf-8")


def c_str(string: str) -> ctypes.c_char_p:
    """Return a text as a C string."""
    return ctypes.c_char_p(string.encode("utf-8"))


def c_str_array(strings: Sequence[str]) -> Any:
    """Return texts as a C array of C strings."""
    return (ctypes.c_char_p * len(strings))(*[text.encode("utf-8") for text in strings])


def c_array(ctype: Any, values: Sequence[Any]) -> Any:
    """Return values as a C array of a ctypes type."""
    return (ctype * len(values))(*values)


def c_array_buf(ctype: Any, buf: Any) -> Any:
    """Return the memory of a buffer, such as an ``array.array``, as a C array."""
    return (ctype * len(buf)).from_buffer(buf)


def ctypes2buffer(cptr: Any, length: int) -> bytearray:
    """Return a copy of the first `length` bytes behind a ctypes pointer."""
    return bytearray(ctypes.string_at(cptr, length))
