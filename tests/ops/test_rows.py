"""Every operator's rows under ours, held against what the real MXNet 1.9.1 gave."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

import mxnet as mx
from tests.golden.store import Facts, load
from tests.ops.checks import problems
from tests.ops.harness import families, golden_path

FAMILIES = families()
CASES = {
    f"{family}/{row.key(dtype)}": (family, row, dtype)
    for family, rows in FAMILIES.items()
    for row in rows
    for dtype in row.dtypes
}


@cache
def golden_of(family: str) -> dict[str, Facts]:
    """Return the reference's results for a family's rows."""
    return load(golden_path(family))


@pytest.mark.parametrize("name", CASES)
def test_row(name: str) -> None:
    """The row behaves as under the reference, eager, bound and inferred."""
    family, row, dtype = CASES[name]
    found = problems(mx, row, dtype, golden_of(family).get(row.key(dtype)))
    assert not found, f"{row}\n  " + "\n  ".join(found)


@pytest.mark.parametrize("family", FAMILIES)
def test_rows_are_stated_once(family: str) -> None:
    """Two equal rows would be one test."""
    keys = Counter(row.key(dtype) for row in FAMILIES[family] for dtype in row.dtypes)
    assert [key for key, count in keys.items() if count > 1] == []


@pytest.mark.parametrize("family", FAMILIES)
def test_golden_file_holds_nothing_else(family: str) -> None:
    """Results of rows that are gone would only take space: `make golden` drops them."""
    keys = {row.key(dtype) for row in FAMILIES[family] for dtype in row.dtypes}
    assert set(golden_of(family)) - keys == set()
