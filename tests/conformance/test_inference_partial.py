"""What the reference infers of a graph in part, ours infers too."""

from __future__ import annotations

import ast
from typing import Any

import pytest

import mxnet as mx
from tests.conformance import case
from tests.golden.store import load

FILE = "inference_partial"
GUESSES = {("shapes_where_nothing_is_known", "concat")}
"""What the reference gets wrong: one length of an axis along which it joins is unknown."""

REFUSED = {f"sample_normal {dtype}" for dtype in ("float16", "float64", "int32")}
"""Draws without dtype are float32: no array of another dtype can be added to them."""

CASES = {each.name: each for each in case.files()[FILE]}


def contained(expected: Any, actual: Any) -> bool:
    """Whether all that is known in `expected` is so in `actual`.

    Unknown are shapes (), dimensions 0 and types None, and whole lists of them where any is.
    """
    if not expected:
        return True
    if isinstance(expected, (list, tuple)):
        same = isinstance(actual, (list, tuple)) and len(actual) == len(expected)
        return same and all(contained(e, a) for e, a in zip(expected, actual, strict=True))
    return bool(expected == actual)


@pytest.mark.parametrize("name", CASES)
def test_what_is_known_there_is_known_here(name: str) -> None:
    golden = load(case.golden_path(FILE))[CASES[name].key]
    actual = case.run(mx, CASES[name])
    found = []
    for what, expected in golden.items():
        if expected == "MXNetError" or (name, what) in GUESSES:  # it can not tell, or is wrong
            continue
        there, here = str(expected), str(actual[what])
        failed = here.endswith("Error") and what not in REFUSED
        known = {} if here.endswith("Error") else ast.literal_eval(here)
        if failed or (known and not contained(ast.literal_eval(there), known)):
            found.append(f"{what}: {actual[what]}, expected {expected}")
    assert found == []


def test_the_comparison_sees_what_lacks() -> None:
    assert contained([(0, 3), ()], [(2, 3), (4,)])
    assert not contained([(2, 3)], [(0, 3)])
    assert not contained([(2, 3)], [()])
    assert not contained(["float16"], [None])
