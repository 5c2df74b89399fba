"""The state of the profiler: whether it runs, what it has recorded, where that is written."""

from __future__ import annotations

import atexit
import threading
from typing import Any

from ..base import MXNetError
from .hooks import Hooks, Kinds
from .records import Record, take
from .statistics import Statistics
from .trace import TraceFile


class Profiler:
    """The process's one profiler.

    It listens between `start` and `stop`, except between `pause` and `resume`. What it hears is
    summed up in `statistics` if that is asked for, and kept until it is written to a trace file.
    """

    def __init__(self) -> None:
        self.hooks = Hooks()
        self.statistics = Statistics()
        self.kinds = Kinds()
        self.aggregates = False
        self.is_configured = self.is_running = self.is_paused = False
        self.server: Any = None
        self._trace = TraceFile("profile.json")
        self._unwritten: list[Record] = []
        self._has_run = False
        self._period: float | None = None
        self._lock = threading.RLock()
        self._writer: _Writer | None = None

    @property
    def is_recording_objects(self) -> bool:
        """Whether tasks, counters and their like are recorded."""
        return self.is_configured and not self.is_paused

    def configure(
        self, kinds: Kinds, filename: str, aggregates: bool, period: float | None
    ) -> None:
        """Choose what is recorded and where it is written; the old file is left as it is."""
        with self._lock:
            self._collect()
            self.kinds, self.aggregates, self._period = kinds, aggregates, period
            self._trace = TraceFile(filename)
            self.is_configured = True
            self._listen()

    def _collect(self) -> None:
        records = take()
        self._unwritten += records
        if self.aggregates:
            self.statistics.add(records)

    def _listen(self) -> None:
        """Bring hooks and the writing thread to what the state asks for."""
        if self.is_running and not self.is_paused:
            self.hooks.install(self.kinds)
        else:
            self.hooks.remove()
        if self._writer is not None:
            self._writer.stop()
            self._writer = None
        if self.is_running and self._period is not None:
            self._writer = _Writer(self, self._period)

    def start(self) -> None:
        """Begin to record."""
        with self._lock:
            self.is_configured = self.is_running = self._has_run = True
            self.is_paused = False
            self._listen()

    def stop(self) -> None:
        """Stop recording."""
        with self._lock:
            self.is_running, self.is_paused = False, True
            self._listen()
            self._collect()

    def pause(self, paused: bool) -> None:
        """Leave out what follows, or record again."""
        with self._lock:
            self.is_paused = paused
            self._listen()

    def write(self) -> None:
        """Write what has been recorded since the last time behind what the file holds."""
        with self._lock:
            self._collect()
            self._trace.append(self._unwritten)
            self._unwritten = []

    def dump(self, finished: bool) -> None:
        """Write the trace file, and stop if this was all.

        Raises
        ------
        MXNetError
            If the profiler has not run since it was finished, or the file can not be written.
        """
        with self._lock:
            if not self._has_run:
                raise MXNetError("dump: the profiler has not run; call set_state('run') before.")
            if finished:
                self.stop()
            self.write()
            self._has_run = not finished

    def at_exit(self) -> None:
        """Write what nobody has written."""
        if self._has_run:
            self.dump(True)

    def summary(self, reset: bool, style: str, sort_by: str, ascending: bool) -> str:
        """Return the aggregate table, empty where no statistics are asked for."""
        with self._lock:
            self._collect()
            if not self.aggregates:
                return ""
            make = self.statistics.table if style == "table" else self.statistics.json
            text = make(sort_by, ascending)
            if reset:
                self.statistics.clear()
            return text


class _Writer(threading.Thread):
    """Writes the trace file every `period` seconds."""

    def __init__(self, profiler: Profiler, period: float) -> None:
        super().__init__(name="mxnet-profiler", daemon=True)
        self._profiler, self._period = profiler, period
        self._stopped = threading.Event()
        self.start()

    def run(self) -> None:
        while not self._stopped.wait(self._period):
            self._profiler.write()

    def stop(self) -> None:
        """Have the thread end; it may be waiting for the caller's lock, so nobody waits for it."""
        self._stopped.set()


PROFILER = Profiler()
atexit.register(PROFILER.at_exit)
