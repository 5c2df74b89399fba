"""Trace files in the Trace Event Format, which chrome://tracing and Perfetto show.

The format is described in "Trace Event Format", Google, 2016. A file is valid JSON after every
call of `append`: what comes later is written over its end.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from typing import Any

import torch

from ..base import MXNetError
from .records import Count, Mark, Record, Span

_HEAD = '{\n    "traceEvents": [\n'
_TAIL = '\n    ],\n    "displayTimeUnit": "ms"\n}\n'
_FIRST_CATEGORY = 1000  # process numbers below are devices


class TraceFile:
    """A trace file that grows.

    Parameters
    ----------
    path : str
        Where; a file of that name is replaced at the first `append`.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._end: int | None = None  # where the tail begins
        devices = ["cpu/0", *(f"gpu/{i}" for i in range(torch.cuda.device_count()))]
        self._processes = {name: number for number, name in enumerate(devices)}

    def append(self, records: Iterable[Record]) -> None:
        """Write records behind those of earlier calls.

        Raises
        ------
        MXNetError
            If the file can not be written.
        """
        is_new = self._end is None or not os.path.exists(self.path)
        known = {} if is_new else dict(self._processes)
        events = [event for _, event in sorted(self._events(records), key=lambda pair: pair[0])]
        processes = [_process(n, i) for n, i in self._processes.items() if n not in known]
        text = ",\n".join(json.dumps(event) for event in [*processes, *events])
        try:
            self._write(text, is_new)
        except OSError as error:
            raise MXNetError(f"profiler: {self.path} can not be written: {error}.") from error

    def _write(self, text: str, is_new: bool) -> None:
        if is_new:
            whole = (_HEAD + text).encode()
            with open(self.path, "wb") as file:
                file.write(whole + _TAIL.encode())
            self._end = len(whole)
        elif text:
            added = (",\n" + text).encode()
            with open(self.path, "r+b") as file:
                file.seek(self._end or 0)
                file.write(added + _TAIL.encode())
                file.truncate()
            self._end = (self._end or 0) + len(added)

    def _process_of(self, name: str) -> int:
        numbers = self._processes
        return numbers.setdefault(name, _FIRST_CATEGORY + len(numbers))

    def _events(self, records: Iterable[Record]) -> Iterator[tuple[tuple[int, bool], Any]]:
        """Yield each event with what orders it: at the same time, ends come before beginnings."""
        for each in records:
            common: dict[str, Any] = {"name": each.name, "cat": each.category, "tid": each.thread}
            process = self._process_of(each.category)
            if isinstance(each, Span):
                if each.form == "operator":
                    device = self._process_of(str(each.place))
                    yield from _ends(each, {**common, "pid": device}, "BE")
                common["pid"] = process
                if each.form == "nested":
                    yield from _ends(each, common, "BE")
                else:
                    place = each.thread if each.form == "operator" else each.place
                    yield from _ends(each, {**common, "id": place}, "be")
                continue
            event = {**common, "pid": process, "ts": each.start / 1000}
            if isinstance(each, Count):
                event |= {"ph": "C", "args": {each.name: each.value}}
            elif isinstance(each, Mark):
                event |= {"ph": "i", "s": each.scope}
            yield (each.start, True), event


def _ends(span: Span, event: dict[str, Any], phases: str) -> Iterator[tuple[tuple[int, bool], Any]]:
    yield (span.start, True), {**event, "ph": phases[0], "ts": span.start / 1000}
    yield (span.end, False), {**event, "ph": phases[1], "ts": span.end / 1000}


def _process(name: str, number: int) -> dict[str, Any]:
    return {"ph": "M", "name": "process_name", "pid": number, "args": {"name": name}}
