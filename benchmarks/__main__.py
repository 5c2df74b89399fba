"""The runner: two worker processes, one per side, asked in turns.

Usage: ``python -m benchmarks [--json] [--check] [--rounds N] [--threads N] [pattern]``.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.case import Case, load_cases

ROOT = Path(__file__).parents[1]
SIDES = {"ours": ".venv", "reference": ".venv-reference"}
SHORTEST = 0.05
"""Seconds that one measurement lasts at least, so that the clock and the scheduler do not count."""


class Side:
    """One worker process and the pipe to it."""

    def __init__(self, name: str, threads: int) -> None:
        count = str(threads)
        environment = {
            **os.environ,
            "OMP_NUM_THREADS": count,
            "MKL_NUM_THREADS": count,
            "OPENBLAS_NUM_THREADS": count,
            "MXNET_SUBGRAPH_VERBOSE": "0",
        }
        self.name = name
        self._process = subprocess.Popen(
            [str(ROOT / SIDES[name] / "bin" / "python"), "-m", "benchmarks.worker", name],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def measure(self, case: Case, count: int) -> dict[str, Any]:
        """Return the worker's answer; one that died gives an error."""
        try:
            print(json.dumps({"case": case.name, "count": count}), file=self._input, flush=True)
            return json.loads(self._process.stdout.readline())  # type: ignore[union-attr]
        except (BrokenPipeError, json.JSONDecodeError):
            return {"error": "the process ended"}

    @property
    def _input(self) -> Any:
        return self._process.stdin

    def stop(self) -> None:
        """Let the worker end, if it has not ended already."""
        with contextlib.suppress(BrokenPipeError):
            self._input.close()
        self._process.wait()


@dataclass
class Result:
    """Medians of one case in seconds per call, or what went wrong."""

    case: Case
    ours: float = float("nan")
    reference: float = float("nan")
    error: str = ""

    @property
    def speedup(self) -> float:
        """How many times faster ours is."""
        return self.reference / self.ours

    @property
    def verdict(self) -> str:
        """'pass', 'FAIL', or the error."""
        if self.error:
            return self.error
        return "pass" if self.case.goal.met(self.ours, self.reference) else "FAIL"


def measure(case: Case, sides: list[Side], rounds: int) -> Result:
    """Time a case on both sides in turns; every second round the other side goes first."""
    counts: dict[str, int] = {}
    values: dict[str, Any] = {}
    for side in sides:
        first = side.measure(case, 1)
        if "error" in first:
            return Result(case, error=f"{side.name}: {first['error']}")
        counts[side.name] = max(1, int(SHORTEST / (first["seconds"] * case.calls)))
        values[side.name] = first["value"]
    if not _agree(values["ours"], values["reference"]):
        return Result(case, error="the two sides give different results")
    seconds: dict[str, list[float]] = {side.name: [] for side in sides}
    for turn in range(rounds):
        for side in sides if turn % 2 == 0 else reversed(sides):
            answer = side.measure(case, counts[side.name])
            if "error" in answer:
                return Result(case, error=f"{side.name}: {answer['error']}")
            seconds[side.name].append(answer["seconds"])
    return Result(case, **{name: statistics.median(times) for name, times in seconds.items()})


def _agree(ours: Any, reference: Any) -> bool:
    if ours is None and reference is None:
        return True
    if ours is None or reference is None or np.shape(ours) != np.shape(reference):
        return False
    return np.allclose(ours, reference, rtol=1e-3, atol=1e-4)


def in_words(seconds: float) -> str:
    """Return a duration with a unit that fits it."""
    for unit, size in (("s ", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:8.2f} {unit}"
    return f"{seconds / 1e-6:8.1f} us"


def print_row(result: Result) -> None:
    """Print one line of the table."""
    numbers = " " * 36
    if not result.error:
        times = f"{in_words(result.ours)}  {in_words(result.reference)}"
        numbers = f"{times}  {result.speedup:7.2f} x  "
    goal = str(result.case.goal)
    print(f"{result.case.name:50}{numbers}{goal:>10}  {result.verdict}", flush=True)


def as_record(result: Result) -> dict[str, Any]:
    """Return a result as plain data for --json."""
    return {
        "case": result.case.name,
        "ours_seconds": result.ours,
        "reference_seconds": result.reference,
        "speedup": result.speedup,
        "goal": str(result.case.goal),
        "verdict": result.verdict,
    }


def main() -> int:
    """Run the cases whose name contains the pattern and print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("pattern", nargs="?", default="", help="part of the names of cases to run")
    parser.add_argument("--rounds", type=int, default=11, help="measurements per side (11)")
    parser.add_argument("--threads", type=int, default=1, help="threads per side (1)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--check", action="store_true", help="exit with 1 where a goal is missed")
    options = parser.parse_args()
    chosen = [case for name, case in load_cases().items() if options.pattern in name]
    if not options.json:
        header = f"{'case':50}{'ours':>11}  {'reference':>11}  {'speed-up':>9}  {'goal':>10}"
        print(f"{header}\n{'-' * len(header)}", flush=True)
    sides = [Side(name, options.threads) for name in SIDES]
    results = []
    for case in chosen:
        results.append(measure(case, sides, options.rounds))
        if not options.json:
            print_row(results[-1])
    for side in sides:
        side.stop()
    if options.json:
        print(json.dumps([as_record(result) for result in results], indent=1))
    missed = any(result.verdict != "pass" for result in results)
    return 1 if options.check and missed else 0


if __name__ == "__main__":
    sys.exit(main())
