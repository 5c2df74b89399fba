"""Cases under ours, held against what the real MXNet 1.9.1 gave."""

from __future__ import annotations

from functools import cache

import pytest

import mxnet as mx
from tests.conformance import case
from tests.golden.store import Facts, load

FILES = case.files()
CASES = {f"{file}/{each.name}": (file, each) for file, cases in FILES.items() for each in cases}


@cache
def golden_of(file: str) -> dict[str, Facts]:
    """Return the reference's results for one file of cases."""
    return load(case.golden_path(file))


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    """The case returns what it returns under the reference."""
    file, each = CASES[name]
    found = case.problems(mx, each, golden_of(file).get(each.key))
    assert not found, "\n  ".join(found)


@pytest.mark.parametrize("file", FILES)
def test_golden_file_holds_nothing_else(file: str) -> None:
    """Results of cases that changed or are gone are stale: `make golden` drops them."""
    assert set(golden_of(file)) - {each.key for each in FILES[file]} == set()
