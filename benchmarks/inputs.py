"""Arrays that benchmark cases work on, made once per process and shared among the cases."""

from __future__ import annotations

import zlib
from functools import cache
from typing import Any

import numpy as np

RANGES = {
    "plain": (-2.0, 2.0),
    "positive": (0.1, 4.0),
    "inside": (0.05, 0.95),
    "above one": (1.1, 4.0),
}
"""Kinds of values: the bounds that they are drawn between."""


def words(text: str) -> list[str]:
    """Return the words of a text: a list of names that reads well."""
    return text.split()


@cache
def values(shape: tuple[int, ...], kind: str = "plain", name: str = "") -> np.ndarray:
    """Return float32 values of a kind; other names give other values."""
    random = np.random.RandomState(zlib.crc32(f"{shape} {kind} {name}".encode()))
    if kind == "truth":
        return random.randint(0, 2, shape).astype(np.float32)
    if "below" in kind:
        whole = random.randint(0, int(kind.split()[-1]), shape)
        return whole.astype(np.int32 if kind.startswith("int") else np.float32)
    if kind == "boxes":  # image number, left, top, right, bottom in an image of 600 x 800 pixels
        corners = random.uniform(0, 500, (shape[0], 2))
        sides = random.uniform(50, 300, (shape[0], 2))
        images = random.randint(0, 2, (shape[0], 1))
        return np.hstack([images, corners, corners + sides]).astype(np.float32)
    low, high = RANGES[kind]
    return random.uniform(low, high, shape).astype(np.float32)


@cache
def array(mx: Any, shape: tuple[int, ...], kind: str = "plain", name: str = "") -> Any:
    """Return :func:`values` as an NDArray; nobody may write to it."""
    made = mx.nd.array(values(shape, kind, name), dtype=values(shape, kind, name).dtype)
    mx.nd.waitall()
    return made
