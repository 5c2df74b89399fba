"""Gamma draws for large CPU tensors, by rejection on whole tensors."""

from __future__ import annotations

import torch

from . import streams
from .streams import BLOCK, Stream

LARGEST = 1e12
"""Shapes beyond are left to torch."""

FEW = 16384
"""Up to so many draws torch's own sampler takes no longer."""

_SQUEEZE = 0.0331


def fill(out: torch.Tensor, shape: float | torch.Tensor, stream: Stream) -> torch.Tensor:
    """Fill a vector with gamma draws of scale 1.

    Marsaglia and Tsang, A simple method for generating gamma variables, ACM Transactions on
    Mathematical Software 26, 2000; a shape below 1 by their note: draw with the shape one larger
    and multiply by a power of a uniform number.

    Parameters
    ----------
    out : torch.Tensor
        The vector, float32 or float64.
    shape : float or torch.Tensor
        From above 0 to `LARGEST`; a vector as long as `out`, of its dtype.
    stream : Stream
        Where the random numbers come from.
    """
    least = float(shape.min()) if isinstance(shape, torch.Tensor) else shape
    if least >= 1:
        _reject(out, shape - 1 / 3, stream)
        return out
    boosted = _below_one(shape)
    _reject(out, shape + boosted - 1 / 3, stream)
    power = stream.positive_(torch.empty_like(out)).log_().mul_(boosted).div_(shape)
    out.mul_(power.exp_())
    return out.clamp_(min=torch.finfo(out.dtype).tiny)


def _below_one(shape: float | torch.Tensor) -> float | torch.Tensor:
    """Return 1 where a shape is below 1, else 0."""
    if not isinstance(shape, torch.Tensor):
        return float(shape < 1)
    return torch.lt(shape, 1, out=torch.empty_like(shape))


def _part(values: float | torch.Tensor, start: int) -> float | torch.Tensor:
    return values[start : start + BLOCK] if isinstance(values, torch.Tensor) else values


def _spread(shape: float | torch.Tensor) -> float | torch.Tensor:
    """Return 1 / sqrt(9 shape), in the shape's own precision."""
    return shape.mul(9).rsqrt_() if isinstance(shape, torch.Tensor) else (9 * shape) ** -0.5


def _reject(out: torch.Tensor, shape: float | torch.Tensor, stream: Stream) -> None:
    """Fill `out` with draws of shape 1/3 larger, in turns until none is rejected."""
    found, normals, levels = [], [], []
    drawn = stream.normal_(torch.empty_like(out))
    for start in range(0, len(out), BLOCK):
        part, centre = out[start : start + BLOCK], _part(shape, start)
        normal = drawn[start : start + BLOCK]
        level = stream.positive_(torch.empty_like(part))
        torch.mul(normal, _spread(centre), out=part).add_(1).pow_(3).mul_(centre)
        doubtful = streams.where(normal.square().square_().mul_(_SQUEEZE).add_(level).ge_(1))
        found.append(doubtful + start)
        normals.append(normal.index_select(0, doubtful))
        levels.append(level.index_select(0, doubtful))
    chosen = torch.cat(found)
    centre = shape.index_select(0, chosen) if isinstance(shape, torch.Tensor) else shape
    accepted = _accept(torch.cat(normals).double(), torch.cat(levels).double(), centre)
    rejected = streams.where(accepted.logical_not_())
    if len(rejected):
        again = out.new_empty(len(rejected))
        if isinstance(centre, torch.Tensor):
            centre = centre.index_select(0, rejected)
        if len(rejected) > FEW:
            _reject(again, centre, stream)
        else:
            shapes = again.copy_(torch.as_tensor(centre + 1 / 3))
            again = torch._standard_gamma(shapes, generator=stream.generator)
        out.index_copy_(0, chosen.index_select(0, rejected), again)


def _accept(normal: torch.Tensor, level: torch.Tensor, shape: float | torch.Tensor) -> torch.Tensor:
    """Return which draws the exact test accepts; a root that is not positive gives NaN, False."""
    wide = shape.double() if isinstance(shape, torch.Tensor) else shape
    root = normal * _spread(wide)
    cube = (1 + root).pow_(3)
    return level.log() < normal.square().mul_(0.5) + wide * (1 - cube + 3 * root.log1p())
