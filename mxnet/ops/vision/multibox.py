"""Anchors, targets and detections of single-shot detectors (Liu et al., SSD, 2016)."""

from __future__ import annotations

import torch
import torch.nn.functional as F

from ...base import MXNetError
from ..attributes import Floats
from ..registry import operator
from ..rules import is_known, zero_gradient
from .boxes import greedy_keep, pairwise_overlap, to_centers, to_corners
from .selection import match_greedily

SMALLEST_OVERLAP = 1e-6
"""What an anchor and an object must share at least to be each other's best match."""


def _prior_shape(shape: tuple[int, ...], sizes: Floats, ratios: Floats) -> tuple[int, int, int]:
    if len(shape) < 4:
        raise MXNetError(f"data has shape {shape}, but must have 4 dimensions (NCHW)")
    return 1, shape[2] * shape[3] * (len(sizes) + len(ratios) - 1), 4


@operator("_contrib_MultiBoxPrior", aliases=("_npx_multibox_prior",))
def multibox_prior(
    data: torch.Tensor,
    *,
    sizes: Floats = (1.0,),
    ratios: Floats = (1.0,),
    clip: bool = False,
    steps: Floats = (-1.0, -1.0),
    offsets: Floats = (0.5, 0.5),
) -> torch.Tensor:
    """Make anchor boxes of several sizes and aspect ratios at each pixel of a feature map.

    A pixel gets all sizes with the first ratio, then the first size with the other ratios. The
    gradient is zero.

    Parameters
    ----------
    data : NDArray or Symbol
        Feature map, of which only the shape (batch, channel, height, width) counts.
    sizes : tuple of float, optional
        Sides of a square anchor, relative to the image's height.
    ratios : tuple of float, optional
        Width over height.
    clip : bool, optional
        Whether anchors are cut at the image's edges.
    steps : tuple of float, optional
        Distance of neighbours, vertical and horizontal; 0 or less for one over the map's size.
    offsets : tuple of float, optional
        Where in its pixel an anchor is centred, vertical and horizontal.

    Returns
    -------
    NDArray or Symbol
        Corner boxes relative to the image, shape (1, height * width * anchors per pixel, 4).

    Raises
    ------
    MXNetError
        If `sizes` or `ratios` is empty, or `steps` or `offsets` are not two numbers, those of
        `offsets` from 0 to 1.

    Examples
    --------
    >>> anchors = mx.nd.contrib.MultiBoxPrior(mx.nd.zeros((1, 1, 1, 2)), sizes=(0.5,))
    >>> anchors.asnumpy().tolist()
    [[[0.125, 0.25, 0.375, 0.75], [0.625, 0.25, 0.875, 0.75]]]
    """
    shape = _prior_shape(tuple(data.shape), sizes, ratios)
    if not data.is_floating_point():
        raise MXNetError(f"data is {data.dtype}, but must have a floating dtype")
    _require_prior(sizes, ratios, steps, offsets)
    height, width = data.shape[2:4]
    step_y = steps[0] if steps[0] > 0 else 1 / height
    step_x = steps[1] if steps[1] > 0 else 1 / width
    # Anchors share no values with data, so they do not depend on it: no gradient.
    y = (torch.arange(height, dtype=data.dtype, device=data.device) + offsets[0]) * step_y
    x = (torch.arange(width, dtype=data.dtype, device=data.device) + offsets[1]) * step_x
    kinds = [(size, ratios[0]) for size in sizes] + [(sizes[0], ratio) for ratio in ratios[1:]]
    half = data.new_tensor(
        [(size * height / width * ratio**0.5 / 2, size / ratio**0.5 / 2) for size, ratio in kinds]
    )
    centre = torch.stack(torch.meshgrid(y, x, indexing="ij")[::-1], dim=-1)[:, :, None]
    anchors = torch.cat([centre - half, centre + half], dim=-1).reshape(shape)
    return anchors.clamp(0, 1) if clip else anchors


def _require_prior(sizes: Floats, ratios: Floats, steps: Floats, offsets: Floats) -> None:
    for name, given in (("sizes", sizes), ("ratios", ratios)):
        if not given:
            raise MXNetError(f"{name} is empty, but needs at least one number")
    for name, given in (("steps", steps), ("offsets", offsets)):
        if len(given) != 2:
            raise MXNetError(f"{name} is {given}, but must be two numbers, vertical first")
    if not 0 <= min(offsets) <= max(offsets) <= 1:
        raise MXNetError(f"offsets is {offsets}, but must lie from 0 to 1")
    if steps[0] * steps[1] < 0:
        raise MXNetError(f"steps is {steps}, but both or neither must be given")


multibox_prior.gradient(zero_gradient)


@multibox_prior.shape_rule
def _(inputs, outputs, attrs):
    shape = inputs[0]
    if not is_known(shape):
        return inputs, outputs
    return inputs, [_prior_shape(shape, attrs["sizes"], attrs["ratios"])]


def _require_variances(variances: Floats) -> None:
    if len(variances) != 4:
        raise MXNetError(f"variances is {variances}, but must be four numbers")


def _target_shapes(anchor: tuple, label: tuple, cls_pred: tuple) -> list[tuple[int, ...]]:
    """Return the output shapes that follow from the inputs', or refuse them."""
    if len(anchor) != 3 or anchor[0] != 1 or anchor[2] != 4:
        raise MXNetError(f"anchor has shape {anchor}, but must be (1, anchors, 4)")
    if len(label) != 3 or label[2] < 5:
        raise MXNetError(f"label has shape {label}, but must be (batch, objects, 5 or more)")
    if len(cls_pred) != 3 or cls_pred[0] != label[0] or cls_pred[2] != anchor[1]:
        raise MXNetError(
            f"cls_pred has shape {cls_pred}, but ({label[0]}, classes, {anchor[1]}) follows from "
            f"label {label} and anchor {anchor}"
        )
    located = (label[0], 4 * anchor[1])
    return [located, located, (label[0], anchor[1])]


@operator(
    "_contrib_MultiBoxTarget",
    aliases=("_npx_multibox_target",),
    outputs=3,
    output_names=("loc_target", "loc_mask", "cls_target"),
    own_gradient=True,
)
def multibox_target(
    anchor: torch.Tensor,
    label: torch.Tensor,
    cls_pred: torch.Tensor,
    *,
    overlap_threshold: float = 0.5,
    ignore_label: float = -1.0,
    negative_mining_ratio: float = -1.0,
    negative_mining_thresh: float = 0.5,
    minimum_negative_samples: int = 0,
    variances: Floats = (0.1, 0.1, 0.2, 0.2),
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Match anchors with objects and say what a detector should predict for each anchor.

    Each object takes the anchor that overlaps it most; of the other anchors those that overlap an
    object more than `overlap_threshold` take it. The rest is background: all of it, or with
    `negative_mining_ratio` those anchors whose background probability is the smallest, while the
    others are ignored. The gradient is zero.

    Parameters
    ----------
    anchor : NDArray or Symbol
        Corner boxes, shape (1, anchors, 4).
    label : NDArray or Symbol
        Rows of class, left, top, right, bottom and anything more, shape (batch, objects, 5 or
        more); a row of -1 ends the objects of an image.
    cls_pred : NDArray or Symbol
        Class scores before softmax, background first, shape (batch, classes + 1, anchors).
    overlap_threshold : float, optional
        Intersection over union above which an anchor is positive; 0 or less keeps only the best
        match of each object.
    ignore_label : float, optional
        Class target of ignored anchors, and of all anchors of an image without objects.
    negative_mining_ratio : float, optional
        Background anchors per positive one; 0 or less for all of them.
    negative_mining_thresh : float, optional
        Anchors that overlap an object this much or more are never chosen as background.
    minimum_negative_samples : int, optional
        Accepted and ignored, as by MXNet on the CPU.
    variances : tuple of float, optional
        What the four location targets are divided by.

    Returns
    -------
    tuple of NDArray or Symbol
        Location targets and their mask, both (batch, anchors * 4), and class targets
        (batch, anchors): 0 for background, else the class + 1.

    Raises
    ------
    MXNetError
        If the shapes do not fit together.

    Examples
    --------
    >>> anchors = mx.nd.array([[[0, 0, 0.5, 0.5], [0.5, 0.5, 1, 1]]])
    >>> label = mx.nd.array([[[3, 0.5, 0.5, 1, 1]]])
    >>> _, _, classes = mx.nd.contrib.MultiBoxTarget(anchors, label, mx.nd.zeros((1, 5, 2)))
    >>> classes.asnumpy().tolist()
    [[0.0, 4.0]]
    """
    _target_shapes(tuple(anchor.shape), tuple(label.shape), tuple(cls_pred.shape))
    _require_variances(variances)
    real = (label[:, :, 0] == -1).cumsum(dim=1) == 0
    boxes = label[:, :, 1:5]
    overlap = pairwise_overlap(anchor.expand(len(label), -1, -1), boxes)
    overlap = overlap.masked_fill(~real[:, None, :], -1)
    match, _ = match_greedily(overlap, SMALLEST_OVERLAP)
    largest, best = F.pad(overlap, (0, 1), value=-1).max(dim=2)
    positive = match >= 0
    if overlap_threshold > 0:
        by_threshold = ~positive & (largest > overlap_threshold)
        match = torch.where(by_threshold, best, match)
        positive = positive | by_threshold
    if negative_mining_ratio > 0:
        wanted = positive.sum(dim=1, keepdim=True).to(label.dtype) * negative_mining_ratio
        negative = _hardest(cls_pred, ~positive & (largest < negative_mining_thresh), wanted)
    else:
        negative = ~positive
    present = real[:, :1] if real.shape[1] else real.new_zeros((len(label), 1))
    padded = F.pad(label[:, :, :5], (0, 0, 0, 1))
    chosen = padded.gather(1, match.clamp(min=0)[..., None].expand(-1, -1, 5))
    classes = torch.where(negative & present, torch.zeros_like(chosen[..., 0]), ignore_label)
    classes = torch.where(positive, chosen[..., 0] + 1, classes)
    mask = positive[..., None].expand(-1, -1, 4)
    located = _encode(anchor, chosen[..., 1:], variances)
    located = torch.where(mask, located, torch.zeros_like(located))
    return located.flatten(1), mask.to(label.dtype).flatten(1), classes


def _hardest(cls_pred: torch.Tensor, usable: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """Return the `wanted` anchors of the `usable` whose background probability is smallest."""
    background = torch.softmax(cls_pred, dim=1)[:, 0]
    order = background.masked_fill(~usable, 2).argsort(dim=1, stable=True)
    rank = order.argsort(dim=1)
    return usable & (rank < wanted.floor())


def _encode(anchor: torch.Tensor, boxes: torch.Tensor, variances: Floats) -> torch.Tensor:
    own, matched = to_centers(anchor), to_centers(boxes)
    shift = (matched[..., :2] - own[..., :2]) / own[..., 2:]
    scale = torch.log(matched[..., 2:] / own[..., 2:])
    return torch.cat([shift, scale], dim=-1) / anchor.new_tensor(variances)


multibox_target.gradient(zero_gradient)


@multibox_target.shape_rule
def _(inputs, outputs, attrs):
    if not all(is_known(shape) for shape in inputs):
        return inputs, outputs
    return inputs, _target_shapes(*inputs)


def _detection_shape(cls_prob: tuple, loc_pred: tuple, anchor: tuple) -> tuple[int, int, int]:
    """Return the output's shape that follows from the inputs', or refuse them."""
    if len(cls_prob) != 3:
        raise MXNetError(f"cls_prob has shape {cls_prob}, but must be (batch, classes, anchors)")
    batch, _, count = cls_prob
    if tuple(loc_pred) != (batch, 4 * count):
        raise MXNetError(
            f"loc_pred has shape {loc_pred}, but {(batch, 4 * count)} follows from cls_prob "
            f"{cls_prob}"
        )
    if tuple(anchor) != (1, count, 4):
        raise MXNetError(
            f"anchor has shape {anchor}, but {(1, count, 4)} follows from cls_prob {cls_prob}"
        )
    return batch, count, 6


@operator("_contrib_MultiBoxDetection", aliases=("_npx_multibox_detection",), own_gradient=True)
def multibox_detection(
    cls_prob: torch.Tensor,
    loc_pred: torch.Tensor,
    anchor: torch.Tensor,
    *,
    clip: bool = True,
    threshold: float = 0.01,
    background_id: int = 0,
    nms_threshold: float = 0.5,
    force_suppress: bool = False,
    variances: Floats = (0.1, 0.1, 0.2, 0.2),
    nms_topk: int = -1,
) -> torch.Tensor:
    """Turn a detector's predictions into boxes, and drop those that overlap better ones.

    An anchor is of the class that has the largest probability, background aside. The gradient
    is zero.

    Parameters
    ----------
    cls_prob : NDArray or Symbol
        Probabilities, background first, shape (batch, classes + 1, anchors).
    loc_pred : NDArray or Symbol
        Location predictions, shape (batch, anchors * 4).
    anchor : NDArray or Symbol
        Corner boxes, shape (1, anchors, 4).
    clip : bool, optional
        Whether boxes are cut at the image's edges.
    threshold : float, optional
        The smallest probability of a detection.
    background_id : int, optional
        Accepted and ignored, as by MXNet: the background is class 0.
    nms_threshold : float, optional
        The intersection over union at which a box is dropped; outside of (0, 1] none is, and
        detections stay in the order of the anchors.
    force_suppress : bool, optional
        Whether boxes of different classes drop each other.
    variances : tuple of float, optional
        What the four location predictions are multiplied by.
    nms_topk : int, optional
        How many of the best detections are kept; 0 or less for all.

    Returns
    -------
    NDArray or Symbol
        Rows of class (from 0, without background; -1 where dropped), probability and corner box,
        best first, then rows of -1, shape (batch, anchors, 6).

    Raises
    ------
    MXNetError
        If the shapes do not fit together.

    Examples
    --------
    >>> anchors = mx.nd.array([[[0.25, 0.25, 0.75, 0.75]]])
    >>> mx.nd.contrib.MultiBoxDetection(
    ...     mx.nd.array([[[0.25], [0.75]]]), mx.nd.zeros((1, 4)), anchors
    ... ).asnumpy().tolist()
    [[[0.0, 0.75, 0.25, 0.25, 0.75, 0.75]]]
    """
    batch, count, _ = _detection_shape(
        tuple(cls_prob.shape), tuple(loc_pred.shape), tuple(anchor.shape)
    )
    _require_variances(variances)
    # A class that can never win stands for the case that there is background only.
    scores = F.pad(cls_prob[:, 1:], (0, 0, 0, 1), value=float("-inf"))
    score, label = scores.max(dim=1)
    boxes = _decode(anchor, loc_pred.reshape(batch, count, 4), variances)
    boxes = boxes.clamp(0, 1) if clip else boxes
    rows = torch.cat([label[..., None].to(score.dtype), score[..., None], boxes], dim=-1)
    valid = (score >= threshold) & (score > float("-inf"))
    rows, valid = _reorder(rows, valid, (~valid).to(torch.uint8).argsort(dim=1, stable=True))
    if 0 < nms_threshold <= 1:
        rows = _suppress(rows, valid, nms_threshold, force_suppress, nms_topk)
    return torch.where(valid[..., None], rows, -torch.ones_like(rows))


def _decode(anchor: torch.Tensor, predicted: torch.Tensor, variances: Floats) -> torch.Tensor:
    own, moved = to_centers(anchor), predicted * predicted.new_tensor(variances)
    centre = moved[..., :2] * own[..., 2:] + own[..., :2]
    return to_corners(torch.cat([centre, torch.exp(moved[..., 2:]) * own[..., 2:]], dim=-1))


def _reorder(
    rows: torch.Tensor, valid: torch.Tensor, order: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    return rows.gather(1, order[..., None].expand(rows.shape)), valid.gather(1, order)


def _suppress(
    rows: torch.Tensor, valid: torch.Tensor, threshold: float, any_class: bool, topk: int
) -> torch.Tensor:
    """Sort the valid rows and set the class of those that are dropped to -1."""
    score = rows[..., 1].masked_fill(~valid, float("-inf"))
    order = score.argsort(dim=1, descending=True, stable=True)
    ordered, alive = _reorder(rows, valid, order)
    limit = topk if 0 < topk < rows.shape[1] else rows.shape[1]
    best = ordered[:, :limit]
    kept = greedy_keep(
        best[..., 2:],
        alive[:, :limit],
        threshold,
        None if any_class else best[..., 0],
        inclusive=True,
    )
    # Beyond topk MXNet leaves the rows where they were before sorting.
    result = torch.cat([best, rows[:, limit:]], dim=1)
    kept = F.pad(kept, (0, rows.shape[1] - limit))
    label = torch.where(kept, result[..., 0], -torch.ones_like(result[..., 0]))
    return torch.cat([label[..., None], result[..., 1:]], dim=-1)


multibox_detection.gradient(zero_gradient)


@multibox_detection.shape_rule
def _(inputs, outputs, attrs):
    if not all(is_known(shape) for shape in inputs):
        return inputs, outputs
    return inputs, [_detection_shape(*inputs)]
