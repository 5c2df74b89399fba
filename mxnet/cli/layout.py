"""Placing a network's nodes on a page: one row per distance from the inputs.

Edges that span several rows pass through points of their own in the rows between, which are ordered
and placed like boxes, so that no edge runs behind a box (Sugiyama et al. 1981).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise

from ..symbol import Symbol
from ..symbol.graph import Node, topological_order

WIDTH, HEIGHT = 150.0, 44.0  # of a box, in pixels
_GAP_X, _GAP_Y, _MARGIN, _LANE = 26.0, 34.0, 20.0, 14.0
_SWEEPS = (True, False, True, False, True)  # down the page, up, ...
_PARAMETERS = {"weight", "bias", "gamma", "beta", "parameters", "state", "state_cell"}


@dataclass(eq=False)
class Box:
    """A node's place, or (with no name) a point that a long edge passes through.

    Parameters
    ----------
    name, operator : str
        The node's; the operator of an input is empty.
    number : int or None
        Which operator this is, in topological order; None for an input.
    row : int
    x : float
        The horizontal middle in pixels.
    """

    name: str
    operator: str
    number: int | None
    row: int
    x: float = 0.0
    above: list[Box] = field(default_factory=list, repr=False)
    below: list[Box] = field(default_factory=list, repr=False)

    @property
    def width(self) -> float:
        """The width in pixels."""
        return WIDTH if self.name else _LANE

    @property
    def weight(self) -> float:
        """How much the box insists on its place: chains of operators are to be straight."""
        return 100.0 if self.operator else (2.0 if self.name else 1.0)

    @property
    def left(self) -> float:
        """The left side in pixels."""
        return self.x - self.width / 2

    @property
    def top(self) -> float:
        """The upper side in pixels."""
        return _MARGIN + self.row * (HEIGHT + _GAP_Y)


@dataclass
class Layout:
    """Boxes, the paths of edges between them (SVG path data), and the page's size in pixels."""

    boxes: list[Box]
    edges: list[str]
    width: float
    height: float


def lay_out(symbol: Symbol) -> Layout:
    """Return where each node of a network goes; layers' parameters are left out."""
    order = topological_order(symbol._outputs)
    boxes = _make_boxes(order)
    chains = [
        _connect(boxes[id(child)], boxes[id(node)])
        for node in order
        if node.op is not None
        for child in dict.fromkeys(child for child, _ in node.inputs)
        if id(child) in boxes
    ]
    rows = _rows(list(boxes.values()), chains)
    for down in _SWEEPS:
        for row in rows if down else rows[::-1]:
            row.sort(key=partial(_wanted, down=down))
            _spread(row)
    for down in _SWEEPS:
        for row in rows if down else rows[::-1]:
            _place(row, down)
    start = min(box.left for row in rows for box in row) - _MARGIN
    for row in rows:
        for box in row:
            box.x -= start
    width = max(box.left + box.width for row in rows for box in row) + _MARGIN
    height = len(rows) * (HEIGHT + _GAP_Y) - _GAP_Y + 2 * _MARGIN
    return Layout(list(boxes.values()), [_path(chain) for chain in chains], width, height)


def _make_boxes(order: list[Node]) -> dict[int, Box]:
    """Return a box for each node shown; an input stands right above what first reads it."""
    boxes: dict[int, Box] = {}
    number = 0
    for node in order:
        if node.op is None:
            continue
        before = [boxes[id(child)].row for child, _ in node.inputs if id(child) in boxes]
        row = max(before, default=0) + 1
        states = node.aux_positions()
        for place, label in enumerate(node.input_names()[: len(node.inputs)]):
            child = node.inputs[place][0]
            if child.op is None and label not in _PARAMETERS and place not in states:
                boxes.setdefault(id(child), Box(child.name, "", None, row - 1))
        boxes[id(node)] = Box(node.name, node.op.name, number, row)
        number += 1
    first = min(box.row for box in boxes.values())
    for box in boxes.values():
        box.row -= first
    return boxes


def _connect(source: Box, target: Box) -> list[Box]:
    """Return the boxes that an edge passes, with a new point in each row between its ends."""
    between = [Box("", "", None, row) for row in range(source.row + 1, target.row)]
    chain = [source, *between, target]
    for upper, lower in pairwise(chain):
        upper.below.append(lower)
        lower.above.append(upper)
    return chain


def _rows(boxes: list[Box], chains: list[list[Box]]) -> list[list[Box]]:
    rows: dict[int, list[Box]] = defaultdict(list)
    for box in (*boxes, *(point for chain in chains for point in chain[1:-1])):
        rows[box.row].append(box)
    found = [rows[number] for number in sorted(rows)]
    for row in found:
        _spread(row)
    return found


def _spread(row: list[Box]) -> None:
    """Put the boxes of a row side by side around the middle."""
    for place, box in enumerate(row):
        box.x = (place - (len(row) - 1) / 2) * (WIDTH + _GAP_X)


def _wanted(box: Box, down: bool) -> float:
    """Return the middle of a box's neighbours in the row before (or behind), its barycenter."""
    near = (box.above if down else box.below) or box.above or box.below
    total = sum(other.weight for other in near)
    return sum(other.x * other.weight for other in near) / total if near else box.x


def _place(row: list[Box], down: bool) -> None:
    """Put the boxes of a row where they want to be, as near as their widths allow.

    Least squares under a given order: pooling adjacent violators (Barlow et al. 1972).
    """
    offsets, offset = [], 0.0
    for i, box in enumerate(row):
        offset += (row[i - 1].width + box.width) / 2 + _GAP_X if i else 0.0
        offsets.append(offset)
    pools: list[tuple[float, float, int]] = []  # mean, weight, how many boxes
    for box, offset in zip(row, offsets, strict=True):
        mean, weight, count = _wanted(box, down) - offset, box.weight, 1
        while pools and pools[-1][0] >= mean:
            other, heft, more = pools.pop()
            mean = (mean * weight + other * heft) / (weight + heft)
            weight, count = weight + heft, count + more
        pools.append((mean, weight, count))
    places = [mean for mean, _, count in pools for _ in range(count)]
    for box, place, offset in zip(row, places, offsets, strict=True):
        box.x = place + offset


def _path(chain: list[Box]) -> str:
    """Return an edge as SVG path data: curves between rows, straight lines through rows."""
    parts = [f"M{chain[0].x:.1f},{chain[0].top + HEIGHT:.1f}"]
    for upper, lower in pairwise(chain):
        start, end = upper.top + HEIGHT, lower.top
        middle = (start + end) / 2
        parts.append(
            f"C{upper.x:.1f},{middle:.1f} {lower.x:.1f},{middle:.1f} {lower.x:.1f},{end:.1f}"
        )
        if lower is not chain[-1]:
            parts.append(f"V{end + HEIGHT:.1f}")
    return " ".join(parts)
