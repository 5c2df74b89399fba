"""Golden files: what the reference gave, many small arrays packed into one compressed .npz.

A file maps an entry's key (an operator's row, a case) to its facts: named arrays and short texts.
All values of one dtype lie in one array and an index says where, because thousands of small
members would cost more than what they hold.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

Facts = dict[str, np.ndarray | str]

FOLDER = Path(__file__).parent


def save(path: Path, entries: dict[str, Facts]) -> None:
    """Write `entries`; the same entries give the same bytes on every machine."""
    index: dict[str, dict[str, list | str]] = {}
    pieces: dict[str, list[np.ndarray]] = {}
    for key in sorted(entries):
        index[key] = {}
        for name, value in entries[key].items():
            if isinstance(value, str):
                index[key][name] = value
                continue
            array = np.asarray(value)
            index[key][name] = [array.dtype.name, list(array.shape)]
            pieces.setdefault(array.dtype.name, []).append(array.reshape(-1))
    text = json.dumps(index, separators=(",", ":")).encode()
    arrays = {name: np.concatenate(parts) for name, parts in sorted(pieces.items())}
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, index=np.frombuffer(text, np.uint8), **arrays)


def load(path: Path) -> dict[str, Facts]:
    """Return the entries of a golden file, nothing where there is no such file."""
    if not path.exists():
        return {}
    with np.load(path) as file:
        index = json.loads(file["index"].tobytes())
        arrays = {name: file[name] for name in file.files if name != "index"}
    position = dict.fromkeys(arrays, 0)
    entries: dict[str, Facts] = {}
    for key, facts in index.items():
        entries[key] = {}
        for name, stored in facts.items():
            if isinstance(stored, str):
                entries[key][name] = stored
                continue
            dtype, shape = stored
            start = position[dtype]
            position[dtype] = start + int(np.prod(shape))
            entries[key][name] = arrays[dtype][start : position[dtype]].reshape(shape)
    return entries
