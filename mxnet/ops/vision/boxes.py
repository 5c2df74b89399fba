"""Boxes: overlap, greedy suppression and matching, encoding against anchors.

A box is four numbers in the last axis: ``'corner'`` for left, top, right, bottom, ``'center'`` for
the centre's x and y, width and height.
"""

from __future__ import annotations

from typing import Literal

import torch

from ...base import MXNetError
from ..registry import operator
from ..rules import zero_gradient

Format = Literal["center", "corner"]


def to_corners(boxes: torch.Tensor) -> torch.Tensor:
    """Return centre boxes as corner boxes."""
    centre, half = boxes[..., :2], boxes[..., 2:] / 2
    return torch.cat([centre - half, centre + half], dim=-1)


def to_centers(boxes: torch.Tensor) -> torch.Tensor:
    """Return corner boxes as centre boxes."""
    low, high = boxes[..., :2], boxes[..., 2:]
    return torch.cat([(low + high) / 2, high - low], dim=-1)


def pairwise_overlap(lhs: torch.Tensor, rhs: torch.Tensor, pixel: float = 0.0) -> torch.Tensor:
    """Return intersection over union of corner boxes (..., N, 4) and (..., M, 4).

    Parameters
    ----------
    lhs, rhs : torch.Tensor
        Corner boxes with the same leading axes.
    pixel : float
        Added to widths and heights: 1 where corners are inclusive pixels.

    Returns
    -------
    torch.Tensor
        Shape (..., N, M); 0 where the boxes do not intersect, even if both are empty.
    """
    first = [edge[..., :, None] for edge in lhs.unbind(-1)]
    second = [edge[..., None, :] for edge in rhs.unbind(-1)]

    def shared(low: int, high: int) -> torch.Tensor:
        # In place: these are the largest arrays of a detector, and nothing asks for a gradient.
        length = torch.minimum(first[high], second[high])
        length -= torch.maximum(first[low], second[low])
        return (length.add_(pixel) if pixel else length).relu_()

    def area(box: list[torch.Tensor]) -> torch.Tensor:
        return (box[2] - box[0] + pixel).clamp(min=0) * (box[3] - box[1] + pixel).clamp(min=0)

    intersection = shared(0, 2).mul_(shared(1, 3))
    union = (area(first) + area(second)).sub_(intersection)
    return intersection.div_(union.masked_fill_(intersection == 0, 1))


def greedy_keep(
    boxes: torch.Tensor,
    alive: torch.Tensor,
    threshold: float,
    classes: torch.Tensor | None = None,
    *,
    pixel: float = 0.0,
    inclusive: bool = False,
    block: int = 128,
) -> torch.Tensor:
    """Return which boxes greedy non-maximum suppression keeps.

    Each box that is still there, in order, removes the later ones that overlap it more than
    `threshold`. Overlaps are computed by blocks of rows, so memory stays linear in the number of
    boxes, and only the order within a block is walked one by one.

    Parameters
    ----------
    boxes : torch.Tensor
        Corner boxes, best first, shape (batch, count, 4).
    alive : torch.Tensor
        Which of them take part, shape (batch, count).
    threshold : float
        The largest overlap that is kept.
    classes : torch.Tensor or None
        Only boxes of one class remove each other, shape (batch, count).
    pixel : float
        As of `pairwise_overlap`.
    inclusive : bool
        Whether an overlap equal to `threshold` is removed too.
    block : int
        Rows of overlaps held at once.

    Returns
    -------
    torch.Tensor
        Booleans (batch, count).
    """
    kept, waiting = [], alive
    for start in range(0, boxes.shape[1], block):
        rest = boxes[:, start:]
        head = waiting[:, :block]
        size = head.shape[1]
        overlap = pairwise_overlap(rest[:, :size], rest, pixel)
        clash = overlap >= threshold if inclusive else overlap > threshold
        if classes is not None:
            later = classes[:, start:]
            clash = clash & (later[:, :size, None] == later[:, None, :])
        harmless = ~clash[:, :, :size].triu(1)
        for i, spared in enumerate(harmless.unbind(1)):
            head = head & (spared | ~head[:, i : i + 1])
        kept.append(head)
        waiting = waiting[:, size:] & ~(head[:, :, None] & clash[:, :, size:]).any(dim=1)
    return torch.cat(kept, dim=1) if kept else alive


def require_boxes(boxes: torch.Tensor, name: str, rank: int) -> None:
    """Refuse an array with fewer axes than `rank`, or whose last axis is not a box."""
    if boxes.dim() < rank or boxes.shape[-1] != 4:
        raise MXNetError(
            f"{name} has shape {tuple(boxes.shape)}, but must have at least {rank} dimensions, "
            "the last one 4"
        )


@operator("_contrib_box_iou", own_gradient=True)
def box_iou(lhs: torch.Tensor, rhs: torch.Tensor, *, format: Format = "corner") -> torch.Tensor:
    """Return the intersection over union of each box of `lhs` with each of `rhs`.

    The gradient is zero, as in MXNet.

    Parameters
    ----------
    lhs, rhs : NDArray or Symbol
        Boxes, shapes (..., 4) of at least 2 dimensions.
    format : {'center', 'corner'}, optional
        What the four numbers are.

    Returns
    -------
    NDArray or Symbol
        Shape lhs.shape[:-1] + rhs.shape[:-1]; 0 where two boxes do not intersect.

    Raises
    ------
    MXNetError
        If the last axis of an input is not 4.

    Examples
    --------
    >>> lhs = mx.nd.array([[0, 0, 2, 2], [5, 5, 6, 6]])
    >>> mx.nd.contrib.box_iou(lhs, mx.nd.array([[0, 0, 2, 1]])).asnumpy().tolist()
    [[0.5], [0.0]]
    """
    require_boxes(lhs, "lhs", 2)
    require_boxes(rhs, "rhs", 2)
    first, second = lhs.reshape(-1, 4), rhs.reshape(-1, 4)
    if format == "center":
        first, second = to_corners(first), to_corners(second)
    return pairwise_overlap(first, second).reshape(lhs.shape[:-1] + rhs.shape[:-1])


box_iou.gradient(zero_gradient)


@box_iou.shape_rule
def _(inputs, outputs, attrs):
    lhs, rhs = inputs
    if lhs is None or rhs is None:
        return inputs, outputs
    for name, shape in (("lhs", lhs), ("rhs", rhs)):
        if len(shape) < 2 or shape[-1] not in (-1, 4):
            raise MXNetError(f"{name} has shape {shape}, but its last dimension must be 4")
    return inputs, [lhs[:-1] + rhs[:-1]]


@operator("_contrib_box_encode", outputs=2, own_gradient=True)
def box_encode(
    samples: torch.Tensor,
    matches: torch.Tensor,
    anchors: torch.Tensor,
    refs: torch.Tensor,
    means: torch.Tensor,
    stds: torch.Tensor,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Encode the boxes that anchors are matched to as what a network should predict.

    The centre's displacement is divided by the anchor's size, sizes become the logarithm of their
    ratio; both are then normalised by `means` and `stds`. The gradient is zero.

    Parameters
    ----------
    samples : NDArray or Symbol
        1 for a positive anchor, else 0 (ignored) or -1 (negative), shape (batch, anchors).
    matches : NDArray or Symbol
        Index into `refs` for each anchor, shape (batch, anchors).
    anchors : NDArray or Symbol
        Corner boxes, shape (batch, anchors, 4).
    refs : NDArray or Symbol
        Corner boxes, shape (batch, boxes, 4).
    means, stds : NDArray or Symbol
        What is subtracted and divided by, shape (4,).

    Returns
    -------
    tuple of NDArray or Symbol
        The targets and a mask that is 1 for positive anchors, both (batch, anchors, 4).

    Raises
    ------
    MXNetError
        If the shapes do not fit together.

    Examples
    --------
    >>> one = mx.nd.ones((1, 1))
    >>> anchors, boxes = mx.nd.array([[[0, 0, 2, 2]]]), mx.nd.array([[[1, 0, 3, 2]]])
    >>> targets, masks = mx.nd.contrib.box_encode(
    ...     one, one * 0, anchors, boxes, mx.nd.zeros(4), mx.nd.ones(4)
    ... )
    >>> targets.asnumpy().tolist()
    [[[0.5, 0.0, 0.0, 0.0]]]
    """
    _require_encodable(samples, matches, anchors, refs)
    index = matches.long()[..., None].expand(*matches.shape, 4)
    index = index.clamp(0, max(refs.shape[1] - 1, 0))
    matched, own = to_centers(refs.gather(1, index)), to_centers(anchors)
    shift = (matched[..., :2] - own[..., :2]) / own[..., 2:]
    scale = torch.log(matched[..., 2:] / own[..., 2:])
    positive = (samples > 0.5)[..., None].expand(*samples.shape, 4)
    targets = (torch.cat([shift, scale], dim=-1) - means) / stds
    return torch.where(positive, targets, torch.zeros_like(targets)), positive.to(targets.dtype)


def _require_encodable(
    samples: torch.Tensor, matches: torch.Tensor, anchors: torch.Tensor, refs: torch.Tensor
) -> None:
    if samples.dim() != 2 or matches.shape != samples.shape:
        raise MXNetError(
            f"samples has shape {tuple(samples.shape)} and matches {tuple(matches.shape)}, but "
            "both must be (batch, anchors)"
        )
    expected = (*samples.shape, 4)
    if tuple(anchors.shape) != expected:
        raise MXNetError(
            f"anchors has shape {tuple(anchors.shape)}, but {expected} follows from samples"
        )
    if refs.dim() != 3 or refs.shape[0] != samples.shape[0] or refs.shape[2] != 4:
        raise MXNetError(
            f"refs has shape {tuple(refs.shape)}, but must be ({samples.shape[0]}, boxes, 4)"
        )


box_encode.gradient(zero_gradient)


@operator("_contrib_box_decode", own_gradient=True)
def box_decode(
    data: torch.Tensor,
    anchors: torch.Tensor,
    *,
    std0: float = 1.0,
    std1: float = 1.0,
    std2: float = 1.0,
    std3: float = 1.0,
    clip: float = -1.0,
    format: Format = "center",
) -> torch.Tensor:
    """Turn predictions into boxes: the inverse of `box_encode` with means 0.

    The gradient is zero, as in MXNet.

    Parameters
    ----------
    data : NDArray or Symbol
        Predictions, shape (batch, anchors, 4).
    anchors : NDArray or Symbol
        Boxes in `format`, shape (1, anchors, 4).
    std0, std1, std2, std3 : float, optional
        What the four predictions are multiplied by.
    clip : float, optional
        The largest logarithm of a size's ratio; 0 or less for no limit.
    format : {'center', 'corner'}, optional
        What the four numbers of an anchor are.

    Returns
    -------
    NDArray or Symbol
        Corner boxes, the shape of `data`.

    Raises
    ------
    MXNetError
        If the shapes do not fit together.

    Examples
    --------
    >>> data, anchors = mx.nd.array([[[0.5, 0, 0, 0]]]), mx.nd.array([[[0, 0, 2, 2]]])
    >>> mx.nd.contrib.box_decode(data, anchors, format="corner").asnumpy().tolist()
    [[[1.0, 0.0, 3.0, 2.0]]]
    """
    if data.dim() != 3 or data.shape[2] != 4:
        raise MXNetError(f"data has shape {tuple(data.shape)}, but must be (batch, anchors, 4)")
    if tuple(anchors.shape) != (1, data.shape[1], 4):
        raise MXNetError(
            f"anchors has shape {tuple(anchors.shape)}, but {(1, data.shape[1], 4)} follows from "
            f"data {tuple(data.shape)}"
        )
    own = to_centers(anchors) if format == "corner" else anchors
    moved = data * data.new_tensor([std0, std1, std2, std3])
    ratio = moved[..., 2:].clamp(max=clip) if clip > 0 else moved[..., 2:]
    centre = moved[..., :2] * own[..., 2:] + own[..., :2]
    return to_corners(torch.cat([centre, torch.exp(ratio) * own[..., 2:]], dim=-1))


box_decode.gradient(zero_gradient)
