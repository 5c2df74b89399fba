"""What a program itself has recorded: tasks, frames, events, counters and markers."""

from __future__ import annotations

from typing import Any

from ..base import MXNetError
from .records import Count, Mark, Span, now, record
from .state import PROFILER

_SCOPES = {"global": "g", "process": "p", "thread": "t", "task": "p", "marker": "p"}


def _text(label: str, value: Any) -> str:
    """Return a name; the error for another type is the reference's."""
    if not isinstance(value, str):
        raise AttributeError(f"{label} is a {type(value).__name__}, but must be a string.")
    return value


class Domain:
    """A group of what a program records.

    Parameters
    ----------
    name : str
        Its name: the heading of a table, and a process of the trace.

    Examples
    --------
    >>> domain = mx.profiler.Domain("input")
    >>> task = domain.new_task("decode")
    >>> print(domain, task)
    input decode
    """

    def __init__(self, name: str) -> None:
        self.name = _text("Domain: name", name)
        if not name:
            raise MXNetError("Domain: name is empty.")

    def __str__(self) -> str:
        return self.name

    def new_task(self, name: str) -> Task:
        """Return a task of this domain."""
        return Task(self, name)

    def new_frame(self, name: str) -> Frame:
        """Return a frame of this domain."""
        return Frame(self, name)

    def new_counter(self, name: str, value: int | None = None) -> Counter:
        """Return a counter of this domain."""
        return Counter(self, name, value)

    def new_marker(self, name: str) -> Marker:
        """Return a marker of this domain."""
        return Marker(self, name)


def _domain_name(label: str, domain: Any) -> str:
    if not isinstance(domain, Domain):
        raise AttributeError(f"{label}: domain is a {type(domain).__name__}, but must be a Domain.")
    return domain.name


class _Timed:
    """Something with a beginning and an end, which may come again and again."""

    _form = "async"

    def __init__(self, category: str, name: str) -> None:
        self.name = _text(f"{type(self).__name__}: name", name)
        self._category = category
        self._start: int | None = None

    def __str__(self) -> str:
        return self.name

    def start(self) -> None:
        """Begin; what began before is forgotten."""
        if PROFILER.is_recording_objects:
            self._start = now()

    def stop(self) -> None:
        """End, and record the time since :meth:`start`; nothing where that was not called."""
        start, self._start = self._start, None
        if start is not None and PROFILER.is_recording_objects:
            record(Span(self._category, self.name, self._form, start, now(), id(self)))


class Task(_Timed):
    """A piece of work, which may overlap others.

    Parameters
    ----------
    domain : Domain
        Its group.
    name : str
        Its name.

    Examples
    --------
    >>> task = mx.profiler.Task(mx.profiler.Domain("input"), "decode")
    >>> task.start()
    >>> task.stop()
    """

    def __init__(self, domain: Domain, name: str) -> None:
        super().__init__(_domain_name("Task", domain), name)


class Frame(_Timed):
    """A step of a loop, such as a batch.

    Parameters
    ----------
    domain : Domain
        Its group; frames have a table of their own.
    name : str
        Its name.

    Examples
    --------
    >>> frame = mx.profiler.Frame(mx.profiler.Domain("training"), "batch")
    >>> frame.start()
    >>> frame.stop()
    """

    def __init__(self, domain: Domain, name: str) -> None:
        super().__init__(f"{_domain_name('Frame', domain)},frame", name)


class Event(_Timed):
    """A piece of work of one thread, without a domain; events of a thread nest.

    Parameters
    ----------
    name : str
        Its name.

    Examples
    --------
    >>> event = mx.profiler.Event("load")
    >>> event.start()
    >>> event.stop()
    """

    _form = "nested"

    def __init__(self, name: str) -> None:
        super().__init__("event", name)


class Counter:
    """A whole number whose changes are recorded.

    Parameters
    ----------
    domain : Domain
        Its group.
    name : str
        Its name.
    value : int, optional
        Its first value; without one it begins at 0, and nothing is recorded yet.

    Examples
    --------
    >>> counter = mx.profiler.Counter(mx.profiler.Domain("input"), "images", 5)
    >>> counter += 3
    >>> counter.decrement(2)
    >>> counter.value
    6
    """

    def __init__(self, domain: Domain, name: str, value: int | None = None) -> None:
        self._category = _domain_name("Counter", domain)
        self.name = _text("Counter: name", name)
        self.value = 0
        if value is not None:
            self.set_value(value)

    def __str__(self) -> str:
        return self.name

    def __iadd__(self, delta: int) -> Counter:
        self.increment(delta)
        return self

    def __isub__(self, delta: int) -> Counter:
        self.decrement(delta)
        return self

    def set_value(self, value: int) -> None:
        """Set the value; a float is cut.

        Raises
        ------
        ValueError
            If it is no number.
        """
        self.value = int(value)
        if PROFILER.is_recording_objects:
            record(Count(self._category, self.name, self.value))

    def increment(self, delta: int = 1) -> None:
        """Add `delta`."""
        self.set_value(self.value + int(delta))

    def decrement(self, delta: int = 1) -> None:
        """Take `delta` away."""
        self.set_value(self.value - int(delta))


class Marker:
    """A point in time.

    Parameters
    ----------
    domain : Domain
        Its group.
    name : str
        Its name.

    Examples
    --------
    >>> marker = mx.profiler.Marker(mx.profiler.Domain("training"), "epoch")
    >>> marker.mark("thread")
    """

    def __init__(self, domain: Domain, name: str) -> None:
        _domain_name("Marker", domain)
        self.domain, self.name = domain, _text("Marker: name", name)

    def mark(self, scope: str = "process") -> None:
        """Record this moment.

        Parameters
        ----------
        scope : {'global', 'process', 'thread', 'task', 'marker'}, default 'process'
            What the moment belongs to; a trace knows the first three, and shows the others as
            the process's.

        Raises
        ------
        MXNetError
            For another word.
        """
        if _text("mark: scope", scope) not in _SCOPES:
            raise MXNetError(
                f"mark: scope is {scope!r}, but must be one of {', '.join(sorted(_SCOPES))}."
            )
        if PROFILER.is_recording_objects:
            category = f"{self.domain.name},instant_marker"
            record(Mark(category, self.name, _SCOPES[scope]))
