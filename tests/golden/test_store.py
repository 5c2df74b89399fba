"""Golden files: packing, and how much all of them take."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.golden.store import FOLDER, load, save

MEGABYTE = 2**20


def test_entries_come_back_as_they_were(tmp_path: Path) -> None:
    """Shapes, dtypes, texts, empty arrays and single values survive packing."""
    entries = {
        "b": {"x": np.arange(6.0).reshape(2, 3), "y": np.array([True, False])},
        "a": {"x": np.float32(2.5), "empty": np.zeros((0, 3), "float16"), "text": "<Symbol x>"},
    }
    save(tmp_path / "folder" / "file.npz", entries)
    loaded = load(tmp_path / "folder" / "file.npz")
    assert set(loaded) == {"a", "b"}
    for key, facts in entries.items():
        assert set(loaded[key]) == set(facts)
        for name, value in facts.items():
            np.testing.assert_array_equal(loaded[key][name], value)
            assert np.asarray(loaded[key][name]).dtype == np.asarray(value).dtype
            assert np.shape(loaded[key][name]) == np.shape(value)


def test_equal_entries_give_equal_bytes(tmp_path: Path) -> None:
    """Recording again does not change a committed file."""
    entries = {"a": {"x": np.ones(3)}, "b": {"x": np.zeros(2)}}
    save(tmp_path / "one.npz", entries)
    save(tmp_path / "two.npz", dict(reversed(entries.items())))
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


def test_a_missing_file_holds_nothing(tmp_path: Path) -> None:
    """A family without golden results fails row by row, not at the first."""
    assert load(tmp_path / "nothing.npz") == {}


def test_all_golden_files_together_are_small() -> None:
    """They are committed: 8 MB is their budget."""
    assert sum(path.stat().st_size for path in FOLDER.rglob("*.npz")) < 8 * MEGABYTE
