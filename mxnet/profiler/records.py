"""What a running profiler writes down: spans of time, counts and marks, in the order they end."""

from __future__ import annotations

import threading
import time
from collections import deque

_EPOCH_NS = time.time_ns() - time.perf_counter_ns()


def now() -> int:
    """Return the time in nanoseconds since 1970, from a clock that never steps back."""
    return _EPOCH_NS + time.perf_counter_ns()


class Span:
    """Something that took time.

    Parameters
    ----------
    category, name : str
        The group of the table it is in, and its row there.
    form : {'operator', 'async', 'nested'}
        How a trace shows it: an operator on its device; or between two ends that may overlap
        others, or that nest within its thread.
    start, end : int
        Nanoseconds since 1970.
    place : str or int
        An operator's device, for example ``'cpu/0'``; what tells overlapping spans apart.
    """

    __slots__ = ("category", "end", "form", "name", "place", "start", "thread")

    def __init__(
        self, category: str, name: str, form: str, start: int, end: int, place: str | int = 0
    ) -> None:
        self.category, self.name, self.form = category, name, form
        self.start, self.end, self.place = start, end, place
        self.thread = threading.get_native_id()


class Count:
    """The value that a counter took; in bytes where `is_memory`."""

    __slots__ = ("category", "is_memory", "name", "start", "thread", "value")

    def __init__(self, category: str, name: str, value: int, is_memory: bool = False) -> None:
        self.category, self.name, self.value, self.is_memory = category, name, value, is_memory
        self.start = now()
        self.thread = threading.get_native_id()


class Mark:
    """A point in time; `scope` is 'g' (global), 'p' (the process) or 't' (the thread)."""

    __slots__ = ("category", "name", "scope", "start", "thread")

    def __init__(self, category: str, name: str, scope: str) -> None:
        self.category, self.name, self.scope = category, name, scope
        self.start = now()
        self.thread = threading.get_native_id()


Record = Span | Count | Mark

_RECORDS: deque[Record] = deque()

record = _RECORDS.append  # any thread may call it


def take() -> list[Record]:
    """Return what has been recorded since the last call."""
    return [_RECORDS.popleft() for _ in range(len(_RECORDS))]
