"""`mx.engine`: bulk execution, which the reference's engine had and torch does not need.

The size is kept so that code that sets and restores it works; it has no influence.
"""

from __future__ import annotations

import threading
from operator import index
from typing import Any

from .base import MXNetError

_LOCAL = threading.local()


def set_bulk_size(size: int) -> int:
    """Set how many operators are pushed to the engine at once, and return what it was.

    Parameters
    ----------
    size : int
        The number, 0 at first.

    Raises
    ------
    MXNetError
        If it is negative.

    Examples
    --------
    >>> before = mx.engine.set_bulk_size(15)
    >>> mx.engine.set_bulk_size(before)
    15
    """
    previous = getattr(_LOCAL, "size", 0)
    if index(size) < 0:
        raise MXNetError(f"set_bulk_size: size is {size}, but must not be negative.")
    _LOCAL.size = index(size)
    return previous


class _BulkScope:
    """Sets the bulk size inside a `with` block."""

    def __init__(self, size: int) -> None:
        self._size, self._outer = size, 0

    def __enter__(self) -> _BulkScope:
        self._outer = set_bulk_size(self._size)
        return self

    def __exit__(self, ptype: Any, value: Any, trace: Any) -> None:
        set_bulk_size(self._outer)


def bulk(size: int) -> _BulkScope:
    """Return a scope in which `size` operators are pushed to the engine at once.

    Examples
    --------
    >>> with mx.engine.bulk(10):
    ...     x = mx.nd.ones((1,)) + 1
    >>> float(x)
    2.0
    """
    return _BulkScope(size)
