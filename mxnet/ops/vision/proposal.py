"""Region proposals (Ren et al., Faster R-CNN, 2015)."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import torch

from ...base import MXNetError
from ..attributes import Floats
from ..registry import operator
from ..rules import zero_gradient
from .boxes import greedy_keep


def _base_anchors(stride: int, ratios: Floats, scales: Floats) -> list[tuple[float, ...]]:
    """Return the anchors of the first pixel as inclusive corners, scales varying fastest.

    Sizes are rounded to whole pixels before they are scaled, as in the authors' code.
    """
    centre = 0.5 * (stride - 1)
    anchors: list[tuple[float, ...]] = []
    for ratio in ratios:
        width = math.floor(math.sqrt(math.floor(stride * stride / ratio)) + 0.5)
        height = math.floor(width * ratio + 0.5)
        for scale in scales:
            half_width, half_height = 0.5 * (width * scale - 1), 0.5 * (height * scale - 1)
            anchors.append(
                (
                    centre - half_width,
                    centre - half_height,
                    centre + half_width,
                    centre + half_height,
                )
            )
    return anchors


def _all_anchors(
    like: torch.Tensor, size: tuple[int, int], stride: int, base: list[tuple[float, ...]]
) -> torch.Tensor:
    """Return the anchors of all pixels, shape (height * width * anchors, 4)."""
    y, x = (torch.arange(n, dtype=like.dtype, device=like.device) * stride for n in size)
    shift_y, shift_x = torch.meshgrid(y, x, indexing="ij")
    shift = torch.stack([shift_x, shift_y, shift_x, shift_y], dim=-1)
    return (shift[:, :, None] + like.new_tensor(base)).reshape(-1, 4)


def _move(anchors: torch.Tensor, delta: torch.Tensor, by_corner: bool) -> torch.Tensor:
    """Return the boxes that `delta` makes of the anchors."""
    if by_corner:
        return anchors + delta
    size = anchors[:, 2:] - anchors[:, :2] + 1
    centre = anchors[:, :2] + 0.5 * (size - 1) + delta[..., :2] * size
    half = 0.5 * (torch.exp(delta[..., 2:]) * size - 1)
    return torch.cat([centre - half, centre + half], dim=-1)


def _require_maps(cls_prob: tuple, bbox_pred: tuple, im_info: tuple, anchors: int) -> None:
    """Refuse inputs whose shapes do not belong to `anchors` per pixel."""
    if len(cls_prob) != 4 or cls_prob[1] != 2 * anchors:
        raise MXNetError(
            f"cls_prob has shape {cls_prob}, but must be (batch, {2 * anchors}, height, width): "
            f"two for each of the {anchors} anchors of ratios and scales"
        )
    batch, _, height, width = cls_prob
    for name, shape, expected in (
        ("bbox_pred", bbox_pred, (batch, 4 * anchors, height, width)),
        ("im_info", im_info, (batch, 3)),
    ):
        if shape != expected:
            raise MXNetError(
                f"{name} has shape {shape}, but {expected} follows from cls_prob {cls_prob}"
            )


def _score_and_clip(
    cls_prob: torch.Tensor,
    bbox_pred: torch.Tensor,
    im_info: torch.Tensor,
    attrs: dict,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the boxes (batch, count, 4) of all anchors, cut at the image, and their scores.

    Anchors outside of the image and boxes that are too small get the score -1; the latter are
    also enlarged, as in MXNet.
    """
    batch, _, height, width = cls_prob.shape
    stride = attrs["feature_stride"]
    base = _base_anchors(stride, attrs["ratios"], attrs["scales"])
    score = cls_prob[:, len(base) :].permute(0, 2, 3, 1).reshape(batch, -1)
    delta = bbox_pred.reshape(batch, len(base), 4, height, width)
    delta = delta.permute(0, 3, 4, 1, 2).reshape(batch, -1, 4)
    boxes = _move(_all_anchors(cls_prob, (height, width), stride, base), delta, attrs["iou_loss"])
    limit = im_info[:, None, [1, 0, 1, 0]] - 1
    boxes = torch.minimum(boxes, limit).clamp(min=0)
    row = torch.arange(height, device=score.device)[:, None, None]
    column = torch.arange(width, device=score.device)[:, None]
    inside = (row < (im_info[:, 0] / stride).floor()[:, None, None, None]) & (
        column < (im_info[:, 1] / stride).floor()[:, None, None, None]
    )
    inside = inside.expand(-1, -1, -1, len(base)).reshape(batch, -1)
    smallest = (attrs["rpn_min_size"] * im_info[:, 2])[:, None]
    size = boxes[..., 2:] - boxes[..., :2] + 1
    small = (size < smallest[..., None]).any(dim=-1)
    grown = torch.cat(
        [boxes[..., :2] - smallest[..., None] / 2, boxes[..., 2:] + smallest[..., None] / 2], dim=-1
    )
    boxes = torch.where(small[..., None], grown, boxes)
    return boxes, torch.where(inside & ~small, score, -torch.ones_like(score))


def _propose(
    cls_prob: torch.Tensor, bbox_pred: torch.Tensor, im_info: torch.Tensor, **attrs: Any
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return regions (batch * top, 5) and scores (batch * top, 1)."""
    _require_maps(
        tuple(cls_prob.shape),
        tuple(bbox_pred.shape),
        tuple(im_info.shape),
        len(attrs["ratios"]) * len(attrs["scales"]),
    )
    boxes, score = _score_and_clip(cls_prob, bbox_pred, im_info, attrs)
    batch, count = score.shape
    before = attrs["rpn_pre_nms_top_n"]
    before = min(before, count) if before > 0 else count
    after = attrs["rpn_post_nms_top_n"]
    score, order = torch.sort(score, dim=1, descending=True, stable=True)
    score, order = score[:, :before], order[:, :before]
    boxes = boxes.gather(1, order[..., None].expand(-1, -1, 4))
    alive = torch.ones_like(score, dtype=torch.bool)
    keep = greedy_keep(boxes, alive, attrs["threshold"], pixel=1.0)
    place = (~keep).to(torch.uint8).argsort(dim=1, stable=True)
    # Too few regions are repeated in turn.
    kept = keep.sum(dim=1, keepdim=True).clamp(max=min(after, before))
    turn = torch.arange(after, device=score.device) % kept
    chosen = place.gather(1, turn)
    boxes = boxes.gather(1, chosen[..., None].expand(-1, -1, 4))
    image = torch.arange(batch, dtype=boxes.dtype, device=boxes.device)
    image = image[:, None, None].expand(batch, after, 1)
    regions = torch.cat([image, boxes], dim=-1).reshape(batch * after, 5)
    return regions, score.gather(1, chosen).reshape(batch * after, 1)


def _proposal_shapes(inputs, outputs, attrs):
    """All shapes follow from that of cls_prob."""
    shape = inputs[0]
    if shape is None:
        return inputs, outputs
    if len(shape) != 4:
        raise MXNetError(f"cls_prob has shape {shape}, but must have 4 dimensions (NCHW)")
    batch, channels, height, width = shape
    twice = 2 * channels if channels != -1 else -1
    top = batch * attrs["rpn_post_nms_top_n"] if batch != -1 else -1
    return [shape, (batch, twice, height, width), (batch, 3)], [(top, 5), (top, 1)]


proposal_operator = partial(
    operator,
    outputs=2,
    visible_outputs=lambda attrs: 2 if attrs["output_score"] else 1,
    output_names=("output", "score"),
    own_gradient=True,
    shapes=_proposal_shapes,
)


@proposal_operator("_contrib_Proposal")
def proposal(
    cls_prob: torch.Tensor,
    bbox_pred: torch.Tensor,
    im_info: torch.Tensor,
    *,
    rpn_pre_nms_top_n: int = 6000,
    rpn_post_nms_top_n: int = 300,
    threshold: float = 0.7,
    rpn_min_size: int = 16,
    scales: Floats = (4.0, 8.0, 16.0, 32.0),
    ratios: Floats = (0.5, 1.0, 2.0),
    feature_stride: int = 16,
    output_score: bool = False,
    iou_loss: bool = False,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Propose regions of one image from the scores and displacements of its anchors.

    The gradient is zero. `MultiProposal` takes several images.

    Parameters
    ----------
    cls_prob : NDArray or Symbol
        Probabilities of background and object for each anchor, shape
        (1, 2 * anchors, height, width), the background of all anchors first.
    bbox_pred : NDArray or Symbol
        Displacements of each anchor, shape (1, 4 * anchors, height, width).
    im_info : NDArray or Symbol
        Height, width and scale of the image, shape (1, 3).
    rpn_pre_nms_top_n : int, optional
        How many of the best regions take part in suppression; 0 or less for all.
    rpn_post_nms_top_n : int, optional
        How many regions are returned; if there are fewer, they are repeated.
    threshold : float, optional
        The largest intersection over union of two returned regions.
    rpn_min_size : int, optional
        The smallest width and height, in pixels of the image before scaling.
    scales, ratios : tuple of float, optional
        Size of the anchors in strides, and their height over width.
    feature_stride : int, optional
        Pixels of the image per pixel of the feature map.
    output_score : bool, optional
        Whether the scores are returned too.
    iou_loss : bool, optional
        Whether displacements are added to the corners, instead of moving the centre and
        scaling the size.

    Returns
    -------
    NDArray or Symbol, or a tuple of two
        Rows of image index, left, top, right, bottom in pixels, inclusive, shape
        (rpn_post_nms_top_n, 5), and with `output_score` the scores (rpn_post_nms_top_n, 1).

    Raises
    ------
    MXNetError
        If the shapes do not fit together, or there is more than one image.

    Examples
    --------
    >>> regions = mx.nd.contrib.Proposal(
    ...     mx.nd.ones((1, 2, 1, 1)), mx.nd.zeros((1, 4, 1, 1)), mx.nd.array([[16, 16, 1]]),
    ...     scales=(1,), ratios=(1,), rpn_post_nms_top_n=1,
    ... )
    >>> regions.asnumpy().tolist()
    [[0.0, 0.0, 0.0, 15.0, 15.0]]
    """
    if cls_prob.shape[0] != 1:
        raise MXNetError(
            f"cls_prob has shape {tuple(cls_prob.shape)}, but Proposal takes one image "
            "(MultiProposal takes several)"
        )
    return _propose(
        cls_prob,
        bbox_pred,
        im_info,
        rpn_pre_nms_top_n=rpn_pre_nms_top_n,
        rpn_post_nms_top_n=rpn_post_nms_top_n,
        threshold=threshold,
        rpn_min_size=rpn_min_size,
        scales=scales,
        ratios=ratios,
        feature_stride=feature_stride,
        iou_loss=iou_loss,
    )


proposal.gradient(zero_gradient)


@proposal_operator("_contrib_MultiProposal")
def multi_proposal(
    cls_prob: torch.Tensor,
    bbox_pred: torch.Tensor,
    im_info: torch.Tensor,
    *,
    rpn_pre_nms_top_n: int = 6000,
    rpn_post_nms_top_n: int = 300,
    threshold: float = 0.7,
    rpn_min_size: int = 16,
    scales: Floats = (4.0, 8.0, 16.0, 32.0),
    ratios: Floats = (0.5, 1.0, 2.0),
    feature_stride: int = 16,
    output_score: bool = False,
    iou_loss: bool = False,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Propose regions of each image of a batch: `Proposal` for several images.

    Parameters
    ----------
    cls_prob, bbox_pred, im_info : NDArray or Symbol
        As of `Proposal`, with any number of images in the first axis.
    rpn_pre_nms_top_n, rpn_post_nms_top_n, threshold, rpn_min_size
        As of `Proposal`, for each image.
    scales, ratios, feature_stride, output_score, iou_loss
        As of `Proposal`.

    Returns
    -------
    NDArray or Symbol, or a tuple of two
        Rows of image index, left, top, right, bottom, image after image, shape
        (batch * rpn_post_nms_top_n, 5), and with `output_score` the scores, one column.

    Raises
    ------
    MXNetError
        If the shapes do not fit together.

    Examples
    --------
    >>> regions = mx.nd.contrib.MultiProposal(
    ...     mx.nd.ones((2, 2, 1, 1)), mx.nd.zeros((2, 4, 1, 1)),
    ...     mx.nd.array([[16, 16, 1], [16, 12, 1]]),
    ...     scales=(1,), ratios=(1,), rpn_post_nms_top_n=1, rpn_min_size=1,
    ... )
    >>> regions.asnumpy().tolist()
    [[0.0, 0.0, 0.0, 15.0, 15.0], [1.0, 0.0, 0.0, 11.0, 15.0]]
    """
    return _propose(
        cls_prob,
        bbox_pred,
        im_info,
        rpn_pre_nms_top_n=rpn_pre_nms_top_n,
        rpn_post_nms_top_n=rpn_post_nms_top_n,
        threshold=threshold,
        rpn_min_size=rpn_min_size,
        scales=scales,
        ratios=ratios,
        feature_stride=feature_stride,
        iou_loss=iou_loss,
    )


multi_proposal.gradient(zero_gradient)
