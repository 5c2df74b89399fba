"""The aggregate table: how often, and how long, by name."""

from __future__ import annotations

import json
from collections.abc import Iterable

from .records import Count, Record, Span

_US_PER_MS = 1000.0
_HEADS = {
    "Time": ("Total Count", "Time (ms)", "Min Time (ms)", "Max Time (ms)", "Avg Time (ms)"),
    "Memory": ("Total Count", "Min Use  (kB)", "Max Use  (kB)", "Avg Use  (kB)"),
}
_UNITS = {"Time": "ms", "Memory": "kB"}


class Row:
    """The statistics of one name: milliseconds, kilobytes, or thousandths of a counter's value.

    The reference shows user counters so, among the times; their total is the last value.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.count = 0
        self.total = self.sum = 0.0
        self.min, self.max = float("inf"), float("-inf")

    def add(self, value: float, is_counter: bool) -> None:
        """Take one more value in."""
        self.count += 1
        self.sum += value
        self.total = value if is_counter else self.sum
        self.min, self.max = min(self.min, value), max(self.max, value)

    @property
    def avg(self) -> float:
        """The mean."""
        return self.sum / self.count

    def values(self) -> dict[str, float]:
        """Return what the table shows by the name that the JSON form has for it."""
        found = {"Total": self.total, "Min": self.min, "Max": self.max, "Avg": self.avg}
        if self.kind == "Memory":
            del found["Total"]
        return {"Count": self.count, **{key: round(value, 6) for key, value in found.items()}}


class Statistics:
    """Rows by category and name."""

    def __init__(self) -> None:
        self._groups: dict[str, dict[str, Row]] = {}

    def add(self, records: Iterable[Record]) -> None:
        """Take records in."""
        for each in records:
            group = self._groups.setdefault(each.category, {})
            if isinstance(each, Span):
                row = group.setdefault(each.name, Row("Time"))
                row.add((each.end - each.start) / 1e6, False)
            elif isinstance(each, Count):
                row = group.setdefault(each.name, Row("Memory" if each.is_memory else "Time"))
                row.add(each.value / _US_PER_MS, True)

    def clear(self) -> None:
        """Forget everything."""
        self._groups.clear()

    def _sorted(self, sort_by: str, ascending: bool) -> list[tuple[str, str, dict[str, Row]]]:
        """Return kind, category and rows of every group."""
        found = []
        for category, group in sorted(self._groups.items()):
            rows = sorted(
                group.items(), key=lambda item: getattr(item[1], sort_by), reverse=not ascending
            )
            kind = "Memory" if any(row.kind == "Memory" for _, row in rows) else "Time"
            found.append((kind, category, dict(rows)))
        return found

    def table(self, sort_by: str, ascending: bool) -> str:
        """Return a table of each category."""
        lines = ["", "Profile Statistics:", "\tNote the difference in units for different entries."]
        for kind, category, rows in self._sorted(sort_by, ascending):
            heads = _HEADS[kind]
            lines += [category, "================="]
            lines.append(_line("Name", heads))
            lines.append(_line("----", ["-" * len(head.strip()) for head in heads]))
            for name, row in rows.items():
                count, *numbers = row.values().values()
                lines.append(_line(name, [str(count), *(f"{number:.4f}" for number in numbers)]))
            lines.append("")
        return "\n".join(lines) + "\n"

    def json(self, sort_by: str, ascending: bool) -> str:
        """Return the same as JSON text."""
        found: dict[str, dict[str, object]] = {"Time": {}, "Memory": {}}
        for kind, category, rows in self._sorted(sort_by, ascending):
            found[kind][category] = {name: row.values() for name, row in rows.items()}
        return json.dumps({**found, "Unit": _UNITS}, indent=4) + "\n"


def _line(name: str, cells: Iterable[str]) -> str:
    first, *rest = cells
    return f"{name:<25} {first:>15}" + "".join(f" {cell:>16}" for cell in rest)
