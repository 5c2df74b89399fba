"""Names for symbols and blocks that the user did not name."""

from __future__ import annotations

import threading
from typing import Any

_LOCAL = threading.local()


class NameManager:
    """Give unnamed symbols the names ``convolution0``, ``convolution1``, ... per operator.

    Examples
    --------
    >>> with mx.name.NameManager():
    ...     mx.sym.relu(mx.sym.Variable("x")).name
    'relu0'
    """

    def __init__(self) -> None:
        self._counter: dict[str, int] = {}
        self._outer: NameManager | None = None

    def get(self, name: str | None, hint: str) -> str:
        """Return `name`, or a new name made of `hint` and a running number."""
        if name:
            return name
        count = self._counter.get(hint, 0)
        self._counter[hint] = count + 1
        return f"{hint}{count}"

    def __enter__(self) -> NameManager:
        self._outer = current()
        _LOCAL.manager = self
        return self

    def __exit__(self, ptype: Any, value: Any, trace: Any) -> None:
        _LOCAL.manager = self._outer


class Prefix(NameManager):
    """Put `prefix` before the name of every symbol created inside the `with` block.

    Examples
    --------
    >>> with mx.name.Prefix("stage1_"):
    ...     mx.sym.relu(mx.sym.Variable("x"), name="act").name
    'stage1_act'
    """

    def __init__(self, prefix: str) -> None:
        super().__init__()
        self._prefix = prefix

    def get(self, name: str | None, hint: str) -> str:
        """Return the prefixed `name`, or a prefixed new one."""
        return self._prefix + super().get(name, hint)


def current() -> NameManager:
    """Return the innermost NameManager of this thread."""
    manager = getattr(_LOCAL, "manager", None)
    if manager is None:
        manager = _LOCAL.manager = NameManager()
    return manager
