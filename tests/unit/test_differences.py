"""The page of differences names what the rows say differs."""

from tools import differences


def test_the_table_of_operators_is_fresh():
    fresh = differences.page()
    assert differences.PAGE.read_text(encoding="utf-8") == fresh, "run: make differences"
