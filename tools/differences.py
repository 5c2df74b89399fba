"""Write the table of operators in docs/differences.md from the rows that say why ours differs.

usage: python -m tools.differences [--check]
"""

from __future__ import annotations

import argparse
import pathlib
import sys

from tests.ops import harness

PAGE = pathlib.Path(__file__).resolve().parent.parent / "docs" / "differences.md"
BEGIN = "<!-- operators: written by `python -m tools.differences` -->"
END = "<!-- end of operators -->"


def table() -> str:
    """Return the table: one line per operator and reason."""
    found = {
        (row.op, row.differs) for rows in harness.families().values() for row in rows if row.differs
    }
    lines = ["| operator | what is different, and why |", "|---|---|"]
    lines += [f"| `{op}` | {reason} |" for op, reason in sorted(found)]
    return "\n".join(lines)


def page() -> str:
    """Return the page with a fresh table."""
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n{table()}\n{END}{rest.split(END)[1]}"


def main() -> int:
    """Write the page, or with --check say whether it is stale."""
    parser = argparse.ArgumentParser(description="Write the table of docs/differences.md.")
    parser.add_argument("--check", action="store_true", help="only say whether it is stale")
    if parser.parse_args().check:
        return int(page() != PAGE.read_text(encoding="utf-8"))
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
