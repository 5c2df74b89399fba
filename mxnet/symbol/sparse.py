"""`mx.sym.sparse`: operators for sparse storage, as functions of Symbols."""

from __future__ import annotations

from typing import Any

from ..ops.registry import get, names
from .register import make_function


def __getattr__(name: str) -> Any:
    """Give every operator under `mx.sym.sparse`; sparse arrays are read as dense ones."""
    for label in (name, f"_sparse_{name}"):
        if label in names():
            return globals().setdefault(name, make_function(get(label), name, __name__))
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
