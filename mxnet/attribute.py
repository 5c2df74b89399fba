"""AttrScope: attributes that every symbol made inside a `with` block receives."""

from __future__ import annotations

import threading
from typing import Any

_LOCAL = threading.local()


class AttrScope:
    """Give the attributes in `kwargs` to every symbol created inside the `with` block.

    Parameters
    ----------
    **kwargs : str
        Attribute names and values; both are strings.

    Raises
    ------
    ValueError
        If a value is not a string.

    Examples
    --------
    >>> with mx.AttrScope(__lr_mult__="0.1"):
    ...     weight = mx.sym.Variable("weight")
    >>> weight.attr("__lr_mult__")
    '0.1'
    """

    def __init__(self, **kwargs: str) -> None:
        for key, value in kwargs.items():
            if not isinstance(value, str):
                raise ValueError(f"Attribute {key} is {value!r}, but attributes are strings.")
        self._attr = kwargs
        self._outer: AttrScope | None = None
        self._merged = kwargs

    def get(self, attr: dict[str, str] | None) -> dict[str, str]:
        """Return the scope's attributes, overridden by those in `attr`."""
        return {**self._merged, **attr} if attr else dict(self._merged)

    def __enter__(self) -> AttrScope:
        self._outer = current()
        self._merged = {**self._outer._merged, **self._attr}
        _LOCAL.scope = self
        return self

    def __exit__(self, ptype: Any, value: Any, trace: Any) -> None:
        _LOCAL.scope = self._outer


_ROOT = AttrScope()


def current() -> AttrScope:
    """Return the innermost AttrScope of this thread."""
    return getattr(_LOCAL, "scope", _ROOT)
