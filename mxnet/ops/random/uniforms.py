"""Even draws for large CPU tensors, from the words of torch's generator."""

from __future__ import annotations

import torch

from .splitmix import BLOCK, applies

FEW = 16384
"""Up to so many draws torch's own sampler takes no longer."""

_DIGITS = 24


def fill(
    empty: torch.Tensor,
    generator: torch.Generator | None,
    low: float = 0.0,
    width: float = 1.0,
) -> torch.Tensor:
    """Fill a tensor with even numbers of [low, low + width).

    Torch draws words of 64 bits one after the other. Each gives two float32 of 24 bits, in less
    time than torch takes to draw one; what is left to do is vectorised.

    Parameters
    ----------
    empty : torch.Tensor
        The tensor, of a floating dtype.
    generator : torch.Generator or None
        Where the random numbers come from.
    low, width : float
        The bounds, by default those of [0, 1).
    """
    if empty.dtype is not torch.float32 or not (applies(empty, FEW) and empty.is_contiguous()):
        empty.uniform_(generator=generator)
        return empty if (low, width) == (0, 1) else empty.mul_(width).add_(low)
    words = torch.empty(BLOCK // 2, dtype=torch.int64)
    for part in empty.view(-1).split(BLOCK):
        bits = words.random_(-(2**63), None, generator=generator).view(torch.int32)
        part.copy_(bits[: len(part)].bitwise_and_((1 << _DIGITS) - 1)).mul_(width * 2.0**-_DIGITS)
        if low:
            part.add_(low)
    return empty
