"""The runner: two worker processes, one per side, asked in turns.

Usage: ``python -m benchmarks [--json | --markdown] [--check] [--rounds N] [--threads N] [pattern]``
where the pattern is part of the titles of the cases to run, for example ``layers: conv``.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.case import Case, load_cases
from benchmarks.report import Report, Result

ROOT = Path(__file__).parents[1]
SIDES = {"ours": ".venv", "reference": ".venv-reference"}
SHORTEST = 0.04
"""Seconds that one measurement lasts at least, so that the clock and the scheduler do not count."""
LONGEST = 1.2
"""Seconds that the measurements of one contender may last; a slow case gets fewer rounds."""
FEWEST = 5


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
        self._process = subprocess.Popen(
            [str(ROOT / SIDES[name] / "bin" / "python"), "-m", "benchmarks.worker", name],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def measure(self, case: Case, contender: str, count: int) -> dict[str, Any]:
        """Return the worker's answer; one that died gives an error."""
        request = {"case": case.title, "contender": contender, "count": count}
        try:
            print(json.dumps(request), file=self._input, flush=True)
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


def measure(case: Case, sides: dict[str, Side], rounds: int) -> Result:
    """Time both contenders of a case in turns; every second round the other one goes first."""
    contenders = {"ours": sides["ours"], case.rival: sides.get(case.rival, sides["ours"])}
    counts: dict[str, int] = {}
    values: dict[str, Any] = {}
    for name, side in contenders.items():
        first = side.measure(case, name, 1)
        if "error" in first:
            return Result(case, error=f"{name}: {first['error']}")
        run = first["seconds"] * case.calls
        counts[name] = max(1, int(SHORTEST / run))
        rounds = min(rounds, max(FEWEST, int(LONGEST / (counts[name] * run))))
        values[name] = first["value"]
    if not agree(values["ours"], values[case.rival]):
        return Result(case, error="the two sides give different results")
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for turn in range(rounds):
        for name in contenders if turn % 2 == 0 else reversed(contenders):
            answer = contenders[name].measure(case, name, counts[name])
            if "error" in answer:
                return Result(case, error=f"{name}: {answer['error']}")
            seconds[name].append(answer["seconds"])
    return Result(case, seconds["ours"], seconds[case.rival])


def agree(ours: Any, theirs: Any) -> bool:
    """Return whether two results are the same but for rounding."""
    if ours is None and theirs is None:
        return True
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        if any(isinstance(each, list) for each in ours):
            return all(agree(a, b) for a, b in zip(ours, theirs, strict=True))
    elif ours is None or theirs is None or np.shape(ours) != np.shape(theirs):
        return False
    return np.allclose(ours, theirs, rtol=1e-3, atol=1e-4, equal_nan=True)


def main() -> int:
    """Run the cases whose title contains the pattern and print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("pattern", nargs="?", default="", help="part of the titles of cases to run")
    parser.add_argument("--rounds", type=int, default=11, help="measurements per side (11)")
    parser.add_argument("--threads", type=int, default=1, help="threads per side (1)")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", dest="form", action="store_const", const="json", help="as JSON")
    form.add_argument(
        "--markdown", dest="form", action="store_const", const="markdown", help="as Markdown tables"
    )
    parser.add_argument("--check", action="store_true", help="exit with 1 where a goal is missed")
    options = parser.parse_args()
    chosen = [case for title, case in load_cases().items() if options.pattern in title]
    report = Report(options.form or "text")
    sides = {name: Side(name, options.threads) for name in SIDES}
    for case in chosen:
        report.add(measure(case, sides, options.rounds))
    for side in sides.values():
        side.stop()
    report.finish()
    return 1 if options.check and report.missed else 0


if __name__ == "__main__":
    sys.exit(main())
