"""Every operator has rows for every aspect that conformance.md asks for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conformance import case
from tests.ops.coverage import audit, lacks, operators, rows_by_operator
from tests.ops.exceptions import ELSEWHERE, EXCEPTIONS, STATISTICS

HERE = Path(__file__).parent
CASES = {f"{file}/{each.name}" for file, cases in case.files().items() for each in cases}


def test_nothing_lacks_but_what_is_reasoned() -> None:
    """A new operator comes with its rows, and an exception goes when its row comes."""
    assert audit() == {name: list(reasons) for name, reasons in sorted(EXCEPTIONS.items())}


def test_what_is_stated_elsewhere_is_a_case() -> None:
    """The tables name operators and cases that exist."""
    assert set(ELSEWHERE) | set(EXCEPTIONS) <= set(operators())
    named = {place for places in ELSEWHERE.values() for place in places.values()}
    assert named - CASES == set()


@pytest.mark.parametrize("name", sorted(ELSEWHERE))
def test_no_row_states_what_is_stated_elsewhere(name: str, monkeypatch) -> None:
    """An entry of ELSEWHERE is needed: without it the aspect lacks."""
    aspects = set(ELSEWHERE[name]) - {"attributes"}
    monkeypatch.delitem(ELSEWHERE, name)
    assert aspects <= set(lacks(operators()[name], rows_by_operator()[name]))


SPELT = {"LeakyReLU": "rrelu", "_image_random_color_jitter": "random_color_jitter"}
"""How a file names a random operator, where not by the end of its name."""
RANDOM = sorted(name for name, each in operators().items() if "generator" in each.injected)


@pytest.mark.parametrize("name", RANDOM)
def test_random_operators_have_tests_of_their_statistics(name: str) -> None:
    """Rows compare the shapes and dtypes of random results alone."""
    [place] = [file for start, file in STATISTICS.items() if name.startswith(start)]
    words = (HERE / place).read_text()
    stem = re.sub("^_(random|sample|image_random)?_?|_like$", "", name)
    assert SPELT.get(name, stem) in words
