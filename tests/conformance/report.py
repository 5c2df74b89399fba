"""Writes the table of README.md: ``python -m tests.conformance.report``.

Runs every row and every case under ours, and counts those that agree with the golden files.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from pathlib import Path

import torch

import mxnet as mx
from tests.conformance import case
from tests.golden.store import load
from tests.ops import checks, harness

README = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- table: python -m tests.conformance.report -->", "<!-- end of table -->"
Line = tuple[str, int, int, int]


def passes(action: object, *arguments: object) -> bool:
    """Return whether a check finds nothing wrong; an error is wrong, whatever it is."""
    try:
        return not action(*arguments)  # type: ignore[operator]
    except Exception:
        return False


def family_lines() -> Iterable[Line]:
    """Yield family, number of operators, of cases, and of cases that pass."""
    for family, rows in harness.families().items():
        golden = load(harness.golden_path(family))
        work = [(row, dtype, golden.get(row.key(dtype))) for row in rows for dtype in row.dtypes]
        count = sum(passes(checks.problems, mx, *each) for each in work)
        yield family.replace("_", "/", 1), len({row.op for row in rows}), len(work), count


def case_lines() -> Iterable[Line]:
    """Yield file, 0, number of cases, and of cases that pass."""
    for file, cases in case.files().items():
        golden = load(case.golden_path(file))
        count = sum(passes(case.problems, mx, each, golden.get(each.key)) for each in cases)
        yield file, 0, len(cases), count


def table(title: str, lines: list[Line]) -> list[str]:
    """Return a Markdown table with a line of totals."""
    totals = [sum(line[i] for line in lines) for i in (1, 2, 3)]  # type: ignore[misc]
    rows = [*lines, ("**all**", *totals)]
    head = [f"| {title} | operators | cases | pass |", "|---|---:|---:|---:|"]
    return head + [f"| {n} | {ops or ''} | {cases} | {passed} |" for n, ops, cases, passed in rows]


def main() -> None:
    """Replace the table in README.md."""
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    tables = [*table("operators' rows", list(family_lines())), ""]
    tables += table("behaviour", list(case_lines()))
    text = README.read_text()
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    README.write_text(before + "\n".join([BEGIN, *tables, END]) + after)
    print("\n".join(tables))


if __name__ == "__main__":
    main()
