"""Choosing among boxes: non-maximum suppression and bipartite matching."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F

from ...base import MXNetError
from ..registry import Attrs, Backward, operator
from ..rules import is_known, unify, zero_gradient
from .boxes import Format, greedy_keep, to_centers, to_corners


def as_batch(data: torch.Tensor) -> torch.Tensor:
    """Return `data` with all but its last two axes joined into one."""
    if data.dim() < 2:
        raise MXNetError(f"data has shape {tuple(data.shape)}, but must have at least 2 dimensions")
    return data.reshape(math.prod(data.shape[:-2]), *data.shape[-2:])


def _require_columns(width: int, attrs: Attrs) -> None:
    """Refuse indices that name no column, or one column twice."""
    first, last = attrs["coord_start"], attrs["coord_start"] + 3
    if first < 0 or last >= width:
        raise MXNetError(
            f"coord_start is {first}, but the columns {first} to {last} must be among the {width} "
            "of data"
        )
    taken = {}
    for name, optional in (("score_index", False), ("id_index", True)):
        index = attrs[name]
        if optional and index < 0:
            continue
        if not 0 <= index < width or first <= index <= last or index in taken:
            raise MXNetError(
                f"{name} is {index}, but must be one of the {width} columns of data that holds "
                "nothing else"
            )
        taken[index] = name


@operator(
    "_contrib_box_nms",
    aliases=("_contrib_box_non_maximum_suppression",),
    outputs=2,
    visible_outputs=1,
    own_gradient=True,
)
def box_nms(
    data: torch.Tensor,
    *,
    overlap_thresh: float = 0.5,
    valid_thresh: float = 0.0,
    topk: int = -1,
    coord_start: int = 2,
    score_index: int = 1,
    id_index: int = -1,
    background_id: int = -1,
    force_suppress: bool = False,
    in_format: Format = "corner",
    out_format: Format = "corner",
) -> tuple[torch.Tensor, torch.Tensor]:
    """Keep the best of the boxes that overlap (greedy non-maximum suppression).

    Boxes above `valid_thresh` are taken by falling score; each removes the later ones that overlap
    it more than `overlap_thresh`. The gradient of a row goes to the box that it came from, as if
    its format had not changed.

    Parameters
    ----------
    data : NDArray or Symbol
        One row per box, shape (..., boxes, columns).
    overlap_thresh : float, optional
        The largest intersection over union that is kept.
    valid_thresh : float, optional
        Boxes must score more than this.
    topk : int, optional
        How many of the best boxes take part; less than 0 for all, 0 returns `data` itself.
    coord_start : int, optional
        The first of the four columns that hold the box.
    score_index, id_index : int, optional
        The columns of score and class; less than 0 for no class.
    background_id : int, optional
        Boxes of this class are dropped.
    force_suppress : bool, optional
        Whether boxes of different classes remove each other.
    in_format, out_format : {'center', 'corner'}, optional
        What the four numbers of a box are.

    Returns
    -------
    NDArray or Symbol
        The shape of `data`: the kept rows first, by falling score, then rows of -1.

    Raises
    ------
    MXNetError
        If a column does not exist or is named twice.

    Examples
    --------
    >>> boxes = mx.nd.array([[0, 0.5, 0, 0, 2, 2], [0, 0.9, 0, 0, 2, 1.9], [0, 0.4, 5, 5, 6, 6]])
    >>> mx.nd.contrib.box_nms(boxes).asnumpy().round(1).tolist()[:2]
    [[0.0, 0.9, 0.0, 0.0, 2.0, 1.9], [0.0, 0.4, 5.0, 5.0, 6.0, 6.0]]
    """
    named = {"coord_start": coord_start, "score_index": score_index, "id_index": id_index}
    rows = as_batch(data)
    _require_columns(rows.shape[2], named)
    if topk == 0:
        every = torch.arange(rows.shape[1], device=data.device)
        return data.clone(), every.expand(data.shape[:-1])
    score = rows[..., score_index]
    valid = score > valid_thresh
    if id_index >= 0:
        valid = valid & (rows[..., id_index] != background_id)
    lowest = torch.full_like(score, float("-inf"))
    order = torch.where(valid, score, lowest).argsort(dim=1, descending=True, stable=True)
    order = order[:, :topk] if topk > 0 else order
    chosen = rows.gather(1, order[..., None].expand(-1, -1, rows.shape[2]))
    boxes = chosen[..., coord_start : coord_start + 4]
    boxes = boxes.to(torch.promote_types(boxes.dtype, torch.float32))
    keep = greedy_keep(
        to_corners(boxes) if in_format == "center" else boxes,
        valid.gather(1, order),
        overlap_thresh,
        None if force_suppress or id_index < 0 else chosen[..., id_index].long(),
    )
    place = (~keep).to(torch.uint8).argsort(dim=1, stable=True)
    source = torch.where(keep, order, -1).gather(1, place)
    source = F.pad(source, (0, rows.shape[1] - source.shape[1]), value=-1)
    result = _take_rows(rows, source, coord_start, in_format, out_format)
    return result.reshape(data.shape), source.reshape(data.shape[:-1])


def _take_rows(
    rows: torch.Tensor, source: torch.Tensor, start: int, in_format: str, out_format: str
) -> torch.Tensor:
    """Return the rows at `source` in the wanted format, -1 where it is -1."""
    taken = rows.gather(1, source.clamp(min=0)[..., None].expand(rows.shape))
    if in_format != out_format:
        convert = to_centers if out_format == "center" else to_corners
        box = convert(taken[..., start : start + 4])
        taken = torch.cat([taken[..., :start], box, taken[..., start + 4 :]], dim=-1)
    return torch.where((source < 0)[..., None], -torch.ones_like(taken), taken)


@box_nms.gradient
def _(b: Backward):
    grad, source = b.grads[0], b.outputs[1]
    rows = as_batch(grad)
    index = source.reshape(rows.shape[:2])[..., None]
    reached = torch.where(index >= 0, rows, torch.zeros_like(rows))
    gradient = torch.zeros_like(rows).scatter_add(1, index.clamp(min=0).expand(rows.shape), reached)
    return (gradient.reshape(grad.shape),)


@box_nms.shape_rule
def _(inputs, outputs, attrs):
    shape = unify(inputs[0], outputs[0])
    if shape is None:
        return [None], [None, None]
    if len(shape) < 2:
        raise MXNetError(f"data has shape {shape}, but must have at least 2 dimensions")
    if shape[-1] != -1:
        _require_columns(shape[-1], attrs)
    return [shape], [shape, shape[:-1]]


@box_nms.type_rule
def _(inputs, outputs, attrs):
    dtype = inputs[0] or outputs[0]
    return [dtype], [dtype, torch.int64]


@operator("_contrib_bipartite_matching", outputs=2)
def bipartite_matching(
    data: torch.Tensor, *, is_ascend: bool = False, threshold: float, topk: int = -1
) -> tuple[torch.Tensor, torch.Tensor]:
    """Match rows with columns greedily, the best score first.

    The gradient is zero, as in MXNet.

    Parameters
    ----------
    data : NDArray or Symbol
        Scores, shape (..., rows, columns).
    is_ascend : bool, optional
        Whether small scores are good.
    threshold : float
        A match must score more than this (less, with `is_ascend`).
    topk : int, optional
        With a positive number at most ``topk + 1`` pairs are matched, as in MXNet.

    Returns
    -------
    tuple of NDArray or Symbol
        For each row its column, shape (..., rows), and for each column its row, shape
        (..., columns); -1 for those without.

    Raises
    ------
    MXNetError
        If `data` has less than 2 dimensions.

    Examples
    --------
    >>> scores = mx.nd.array([[0.5, 0.6], [0.1, 0.2], [0.3, 0.4]])
    >>> rows, columns = mx.nd.contrib.bipartite_matching(scores, threshold=0.05)
    >>> rows.asnumpy().tolist(), columns.asnumpy().tolist()
    ([1.0, -1.0, 0.0], [2.0, 0.0])
    """
    scores = as_batch(data)
    scores = -scores if is_ascend else scores
    limit = topk + 1 if topk > 0 else None
    column_of, row_of = match_greedily(scores, -threshold if is_ascend else threshold, limit)
    lead = data.shape[:-2]
    return (
        column_of.reshape(*lead, data.shape[-2]).to(data.dtype),
        row_of.reshape(*lead, data.shape[-1]).to(data.dtype),
    )


def match_greedily(
    scores: torch.Tensor, threshold: float, limit: int | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """Match rows with columns, one pair at a time, while the best score exceeds `threshold`.

    Of equal scores the first in row-major order wins.

    Parameters
    ----------
    scores : torch.Tensor
        Shape (batch, rows, columns).
    threshold : float
        The score that a pair must exceed.
    limit : int or None
        The largest number of pairs.

    Returns
    -------
    tuple of torch.Tensor
        The column of each row and the row of each column, int64, -1 where unmatched.
    """
    batch, rows, columns = scores.shape
    row_index = torch.arange(rows, device=scores.device)
    column_index = torch.arange(columns, device=scores.device)
    column_of = scores.new_full((batch, rows), -1, dtype=torch.int64)
    row_of = scores.new_full((batch, columns), -1, dtype=torch.int64)
    pairs = min(rows, columns) if limit is None else min(rows, columns, limit)
    for _ in range(pairs):
        best, place = scores.reshape(batch, rows * columns).max(dim=1, keepdim=True)
        found = best > threshold
        row, column = place // columns, place % columns
        here, there = found & (row_index == row), found & (column_index == column)
        column_of = torch.where(here, column, column_of)
        row_of = torch.where(there, row, row_of)
        scores = scores.masked_fill(here[:, :, None] | there[:, None, :], float("-inf"))
    return column_of, row_of


bipartite_matching.gradient(zero_gradient)


@bipartite_matching.shape_rule
def _(inputs, outputs, attrs):
    shape = inputs[0]
    if not is_known(shape):
        return inputs, outputs
    if len(shape) < 2:
        raise MXNetError(f"data has shape {shape}, but must have at least 2 dimensions")
    return inputs, [shape[:-1], (*shape[:-2], shape[-1])]
