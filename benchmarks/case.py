"""Benchmark cases: ``setup(mx) -> callable`` functions that both sides import, and their goals."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Setup = Callable[[Any], Callable[[], Any]]


@dataclass(frozen=True)
class Goal:
    """What a case aims at.

    Parameters
    ----------
    speedup : float
        How many times faster than the reference ours must be.
    seconds : float
        How long one call of ours may take, whatever the reference takes.
    """

    speedup: float = 0.0
    seconds: float = float("inf")

    def met(self, ours: float, reference: float) -> bool:
        """Return whether the two medians (seconds per call) meet the goal."""
        return reference >= self.speedup * ours and ours < self.seconds

    def __str__(self) -> str:
        if self.seconds < float("inf"):
            return f"< {self.seconds * 1e3:g} ms"
        return f">= {self.speedup:.3g} x"


@dataclass(frozen=True)
class Case:
    """A named setup, its goal, and how many calls one run of its callable stands for."""

    name: str
    setup: Setup
    goal: Goal
    calls: int


CASES: dict[str, Case] = {}


def benchmark(name: str, goal: Goal, calls: int = 1) -> Callable[[Setup], Setup]:
    """Register a setup function.

    Its callable is what is timed; it waits for its results, and may return a number or an array,
    which must be the same on both sides.
    """

    def register(setup: Setup) -> Setup:
        if name in CASES:
            raise ValueError(f"the benchmark {name!r} is defined twice")
        CASES[name] = Case(name, setup, goal, calls)
        return setup

    return register


def load_cases() -> dict[str, Case]:
    """Import every ``cases_*.py`` and return all cases by name."""
    for path in sorted(Path(__file__).parent.glob("cases_*.py")):
        importlib.import_module(f"benchmarks.{path.stem}")
    return CASES
