"""Operators of computer vision: sampling grids, regions of interest, boxes and detection."""

from . import (
    boxes,
    correlation,
    deformable_convolution,
    deformable_pooling,
    multibox,
    proposal,
    roi_align,
    roi_pooling,
    selection,
    spatial,
)
