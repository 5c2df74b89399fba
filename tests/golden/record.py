"""Records what the real MXNet 1.9.1 does: ``python -m tests.golden.record [--all] [name ...]``.

Runs under `.venv-reference` (``make golden``). Without names every family of rows and every file
of cases is recorded; without --all only what golden files lack, or hold for an older row. With
--check everything runs again, nothing is written, and what differs from the files is an error.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from tests.conformance import case
from tests.golden.reference import Worker
from tests.golden.store import Facts, load, save
from tests.ops import harness
from tests.ops.rows import Row


def main() -> int:
    """Record, or check, the families and files of cases that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="families (<area>_<family>) and files of cases")
    parser.add_argument("--all", action="store_true", help="record anew what is recorded already")
    parser.add_argument("--check", action="store_true", help="compare with what is recorded")
    options = parser.parse_args()
    families, files = harness.families(), case.files()
    unknown = [n for n in options.names if n not in families and n not in files]
    if unknown:
        parser.error(f"{unknown[0]} is none of {', '.join([*families, *files])}")
    chosen = options.names or [*families, *files]
    row_worker, case_worker = Worker(observe_row), Worker(case.observe)
    unlike = 0
    for name in chosen:
        if name in families:
            path, worker = harness.golden_path(name), row_worker
            pairs = [(row, dtype) for row in families[name] for dtype in row.dtypes]
            work: dict[str, Any] = {row.key(dtype): (row, dtype) for row, dtype in pairs}
        else:
            path, worker = case.golden_path(name), case_worker
            work = {each.key: (name, each.name) for each in files[name]}
        if options.check:
            unlike += check(path, work, worker)
        else:
            record(path, work, worker, options.all)
    row_worker.stop()
    case_worker.stop()
    return 1 if unlike else 0


def observe_row(mx: Any, item: tuple[Row, str]) -> Facts:
    """Return the facts of one row in one dtype."""
    return harness.observe(mx, *item)


def lacks(facts: Facts, item: Any) -> bool:
    """Return whether an entry is of a case that failed, or of a row with other flags."""
    row = item[0]
    if not isinstance(row, Row) or "crashed" in facts:
        return "raised" in facts
    values = any(name.startswith("out/") for name in facts)
    if row.raises or "raised" in facts:
        return row.raises and values
    gradients = any(name.startswith("grad/") or name == "gradients" for name in facts)
    wanted = row.gradient and not row.random and "gradient raised" not in facts
    return not values or row.random != ("random" in facts) or wanted != gradients


def is_no_surprise(item: Any) -> bool:
    """Return whether a piece of work is a row that states an error, or why ours differs."""
    return isinstance(item[0], Row) and (item[0].raises or bool(item[0].differs))


def record(path: Path, work: dict[str, Any], worker: Worker, everything: bool) -> None:
    """Bring one golden file up to date and print what was done."""
    stored = {} if everything else load(path)
    entries: dict[str, Facts] = {}
    started, count = time.perf_counter(), 0
    for key, item in work.items():
        facts = stored.get(key)
        if facts is None or lacks(facts, item):
            facts = worker.run(item)
            count += 1
        entries[key] = facts or {"crashed": "yes"}
    if count or set(stored) != set(entries):
        save(path, entries)
    seconds = time.perf_counter() - started
    print(f"{path.stem}: {len(entries)} entries, {count} recorded in {seconds:.1f} s", flush=True)
    for key, facts in entries.items():
        if is_no_surprise(work[key]):
            continue
        if "crashed" in facts:
            print(f"  the reference crashed: {key}", flush=True)
        elif "raised" in facts:
            print(f"  the reference raised {facts['raised']}: {key}", flush=True)


def check(path: Path, work: dict[str, Any], worker: Worker) -> int:
    """Run everything again and return how many entries differ from the golden file.

    Where ours differs on purpose, or the reference may crash, what it does is often undefined.
    """
    stored = load(path)
    undefined = {key for key, facts in stored.items() if "crashed" in facts}
    undefined |= {k for k, i in work.items() if isinstance(i[0], Row) and i[0].differs}
    steady = {key: item for key, item in work.items() if key not in undefined}
    unlike = [key for key, item in steady.items() if not same(worker.run(item), stored.get(key))]
    print(f"{path.stem}: {len(steady)} entries, {len(unlike)} differ", flush=True)
    for key in unlike:
        print(f"  differs from the golden file: {key}", flush=True)
    return len(unlike)


def same(fresh: Facts | None, stored: Facts | None) -> bool:
    """Return whether two runs gave the same facts, up to the last bits of floats."""
    if fresh is None or stored is None or set(fresh) != set(stored):
        return False
    for name, value in stored.items():
        other = fresh[name]
        if isinstance(value, str) or isinstance(other, str):
            if name != "raised" and value != other:
                return False
        elif not np.allclose(other, value, 1e-3, 1e-5, equal_nan=True):
            return False
    return True


if __name__ == "__main__":
    sys.exit(main())
