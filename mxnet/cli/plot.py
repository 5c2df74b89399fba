"""Where the dots of an error plot go: one column per input, errors on a logarithmic axis."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..test_utils.network import Comparison, NodeCheck

_COLUMN, _LEFT, _TOP, _HEIGHT, _BOTTOM = 120.0, 64.0, 10.0, 130.0, 26.0
_FLOOR, _CEILING = 1e-6, 1e12  # errors beyond are drawn here


@dataclass
class Dot:
    """One comparison: its place in pixels."""

    comparison: Comparison
    x: float
    y: float


@dataclass
class Tick:
    """A line across the plot, or a column's label: its place in pixels, and its text."""

    place: float
    text: str


@dataclass
class Plot:
    """The plot of one node's gradient errors, in pixels."""

    width: float
    height: float
    left: float
    bottom: float
    limit: float
    dots: list[Dot]
    lines: list[Tick]
    columns: list[Tick]


def error_plot(node: NodeCheck) -> Plot | None:
    """Return the plot of a node's gradient errors, None where none was compared."""
    if not node.comparisons:
        return None
    labels = list(dict.fromkeys(c.input for c in node.comparisons))
    low = math.log10(_FLOOR)
    largest = min(max(node.gradient_error, 1.0), _CEILING)
    high = max(1.0, math.ceil(math.log10(largest) + 0.2))

    def height(error: float) -> float:
        level = math.log10(min(max(error, _FLOOR), 10.0**high))
        return _TOP + _HEIGHT * (high - level) / (high - low)

    dots = []
    for column, label in enumerate(labels):
        mine = [c for c in node.comparisons if c.input == label]
        for i, compared in enumerate(mine):
            across = (i + 0.5) / len(mine) * 0.7 + 0.15
            dots.append(Dot(compared, _LEFT + (column + across) * _COLUMN, height(compared.error)))
    stride = max(1, round((high - low) / 5))
    levels = range(int(low), int(high) + 1, stride)
    return Plot(
        width=_LEFT + len(labels) * _COLUMN + 10,
        height=_TOP + _HEIGHT + _BOTTOM,
        left=_LEFT,
        bottom=_TOP + _HEIGHT,
        limit=height(1.0),
        dots=dots,
        lines=[Tick(height(10.0**level), f"1e{level}") for level in levels],
        columns=[Tick(_LEFT + (i + 0.5) * _COLUMN, label) for i, label in enumerate(labels)],
    )
