"""Benchmark cases: ``setup(mx) -> callable`` functions that both sides import, and their goals."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Setup = Callable[[Any], Any]


@dataclass(frozen=True)
class Goal:
    """What a case aims at.

    Parameters
    ----------
    speedup : float
        How many times faster than the rival ours must be.
    seconds : float
        How long one call of ours may take, whatever the rival takes.
    extra : float
        How many seconds one call of ours may take beyond what the rival takes.
    """

    speedup: float = 0.0
    seconds: float = float("inf")
    extra: float = float("inf")

    def met(self, ours: float, rival: float) -> bool:
        """Return whether two durations (seconds per call) meet the goal."""
        fast = rival >= self.speedup * ours and ours < self.seconds
        return fast and ours - rival <= self.extra

    def __str__(self) -> str:
        if self.seconds < float("inf"):
            return f"< {self.seconds * 1e3:g} ms"
        if self.extra < float("inf"):
            return f"+ {self.extra * 1e6:g} us"
        return f">= {self.speedup:.3g} x"


@dataclass(frozen=True)
class Case:
    """A setup, its goal, how many calls one run of it stands for, and what it is compared with."""

    group: str
    name: str
    setup: Setup
    goal: Goal
    calls: int
    rival: str

    @property
    def title(self) -> str:
        """The name with its group: what patterns are looked for in."""
        return f"{self.group}: {self.name}"


CASES: dict[str, Case] = {}

MEANS: dict[str, float] = {}
"""By group: the goal for the geometric mean of the speed-ups of its cases."""


def benchmark(
    name: str, goal: Goal, calls: int = 1, rival: str = "reference"
) -> Callable[[Setup], Setup]:
    """Register a setup function; its group is the name of its module without ``cases_``.

    Its callable is what is timed; it waits for its results, and may return a number or an array,
    which must be the same on both sides (of a large array a sample is compared). Where the rival
    is ``'torch'``, setup returns two callables: ours, and torch's for the same work, which run in
    the same process.
    """

    def register(setup: Setup) -> Setup:
        group = setup.__module__.rpartition("cases_")[2]
        case = Case(group, name, setup, goal, calls, rival)
        if case.title in CASES:
            raise ValueError(f"the benchmark {case.title!r} is defined twice")
        CASES[case.title] = case
        return setup

    return register


def load_cases() -> dict[str, Case]:
    """Import every ``cases_*.py`` and return all cases by title."""
    for path in sorted(Path(__file__).parent.glob("cases_*.py")):
        importlib.import_module(f"benchmarks.{path.stem}")
    return CASES
