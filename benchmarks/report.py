"""What is printed of a run: a line per case, then one per group, as text, JSON or Markdown."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.case import MEANS, Case

NAN = float("nan")


@dataclass
class Result:
    """The measurements of one case in seconds per call, or what went wrong.

    The speed-up is that of the medians. Other programs of the machine make times longer, never
    shorter, so that the least times say what the medians would be on an idle one: `at_best`.
    """

    case: Case
    ours: Sequence[float] = field(default_factory=list)
    rival: Sequence[float] = field(default_factory=list)
    error: str = ""

    @property
    def medians(self) -> tuple[float, float]:
        """Of ours and of the rival's measurements."""
        if self.error:
            return NAN, NAN
        return statistics.median(self.ours), statistics.median(self.rival)

    @property
    def least(self) -> tuple[float, float]:
        """The shortest of ours and of the rival's measurements."""
        return (NAN, NAN) if self.error else (min(self.ours), min(self.rival))

    @property
    def speedup(self) -> float:
        """How many times faster ours is."""
        ours, rival = self.medians
        return rival / ours

    @property
    def at_best(self) -> float:
        """How many times faster the shortest of ours is than the shortest of the rival's."""
        ours, rival = self.least
        return rival / ours

    @property
    def verdict(self) -> str:
        """'pass', 'close' where the least times alone meet the goal, 'FAIL', or the error."""
        if self.error:
            return self.error
        goal = self.case.goal
        if goal.met(*self.medians):
            return "pass"
        return "close" if goal.met(*self.least) else "FAIL"


@dataclass
class Summary:
    """The results of one group."""

    group: str
    results: list[Result]

    @property
    def mean(self) -> float:
        """The geometric mean of the speed-ups."""
        return statistics.geometric_mean([r.speedup for r in self.results if not r.error] or [NAN])

    @property
    def missed(self) -> list[Result]:
        """The results that do not meet their goals."""
        return [result for result in self.results if result.verdict not in ("pass", "close")]

    @property
    def verdict(self) -> str:
        """'pass', or 'FAIL' where the mean misses its goal."""
        return "pass" if self.mean >= MEANS.get(self.group, 0.0) else "FAIL"

    def __str__(self) -> str:
        goal = f" (goal {MEANS[self.group]:g}: {self.verdict})" if self.group in MEANS else ""
        slowest = min(self.results, key=lambda r: float("inf") if r.error else r.speedup)
        text = (
            f"{self.group}: {len(self.results)} cases, geometric mean {self.mean:.2f} x{goal}, "
            f"least {slowest.speedup:.2f} x ({slowest.case.name}), {len(self.missed)} miss"
        )
        names = ", ".join(result.case.name for result in self.missed)
        return f"{text}: {names}" if names else text


def in_words(seconds: float) -> str:
    """Return a duration with a unit that fits it."""
    for unit, size in (("s ", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:8.2f} {unit}"
    return f"{seconds / 1e-6:8.1f} us"


class Report:
    """Prints results as they come ('text'), or all at the end ('json', 'markdown')."""

    def __init__(self, form: str) -> None:
        self._form = form
        self.results: list[Result] = []
        if form == "text":
            header = f"{'case':50}{'ours':>11}  {'rival':>11}  {'speed-up':>9}  {'at best':>9}"
            header += f"  {'goal':>9}"
            print(f"{header}\n{'-' * len(header)}", flush=True)

    @property
    def missed(self) -> bool:
        """Whether a case or a group misses its goal."""
        return any(s.missed or s.verdict != "pass" for s in self.summaries())

    def summaries(self) -> list[Summary]:
        """Return the groups in the order in which they came."""
        groups = dict.fromkeys(result.case.group for result in self.results)
        return [Summary(g, [r for r in self.results if r.case.group == g]) for g in groups]

    def add(self, result: Result) -> None:
        """Take up the next result."""
        self.results.append(result)
        if self._form == "text":
            print(_line(result), flush=True)

    def finish(self) -> None:
        """Print what comes at the end."""
        if self._form == "json":
            print(json.dumps([_record(result) for result in self.results], indent=1))
        elif self._form == "markdown":
            print("\n".join(_markdown(summary) for summary in self.summaries()))
        else:
            print("\n" + "\n".join(str(summary) for summary in self.summaries()))


def _line(result: Result) -> str:
    numbers = " " * 47
    if not result.error:
        ours, rival = result.medians
        ratios = f"{result.speedup:7.2f} x  {result.at_best:7.2f} x"
        numbers = f"{in_words(ours)}  {in_words(rival)}  {ratios}"
    return f"{result.case.title:50}{numbers}  {result.case.goal!s:>9}  {result.verdict}"


def _record(result: Result) -> dict[str, Any]:
    ours, rival = result.medians
    return {
        "group": result.case.group,
        "case": result.case.name,
        "rival": result.case.rival,
        "ours_seconds": ours,
        "rival_seconds": rival,
        "speedup": result.speedup,
        "speedup_at_best": result.at_best,
        "goal": str(result.case.goal),
        "verdict": result.verdict,
    }


def _markdown(summary: Summary) -> str:
    rival = summary.results[0].case.rival
    lines = [
        f"### {summary.group}\n\n{summary}.\n",
        f"| case | ours | {rival} | speed-up | at best | goal | |",
        "|---|--:|--:|--:|--:|--:|---|",
    ]
    for result in summary.results:
        ours, theirs = (in_words(seconds).strip() for seconds in result.medians)
        ratios = f"{result.speedup:.2f} | {result.at_best:.2f}"
        verdict = "" if result.verdict == "pass" else result.verdict
        goal = result.case.goal
        lines.append(f"| {result.case.name} | {ours} | {theirs} | {ratios} | {goal} | {verdict} |")
    return "\n".join(lines) + "\n"
