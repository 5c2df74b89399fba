"""Errors and the small vocabulary that every other module of the package shares."""

from __future__ import annotations

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
