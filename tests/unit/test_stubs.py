"""The generated stubs are those that the registry gives now."""

from tools import stubs


def test_no_stub_is_stale():
    assert stubs.stale() == [], "run: python -m tools.stubs"
