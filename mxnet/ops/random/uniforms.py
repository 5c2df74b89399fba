"""Uniform draws: by a stream of our own for large CPU tensors, by torch for others."""

from __future__ import annotations

import torch

from .streams import Stream, applies

FEW = 16384
"""Up to so many draws torch's own sampler takes no longer."""
FEW_WHOLE = 65536
"""The same for whole numbers."""


def fill(
    empty: torch.Tensor,
    generator: torch.Generator | None,
    low: float = 0.0,
    width: float = 1.0,
) -> torch.Tensor:
    """Fill a tensor with uniform numbers of [low, low + width).

    Parameters
    ----------
    empty : torch.Tensor
        The tensor, of a floating dtype.
    generator : torch.Generator or None
        Where the random numbers come from.
    low, width : float
        The bounds, by default those of [0, 1).
    """
    large = applies(empty, FEW) and empty.dtype in (torch.float32, torch.float64)
    if large and empty.is_contiguous():
        Stream(generator).uniform_(empty.view(-1), low, width)
        return empty
    empty.uniform_(generator=generator)
    return empty if (low, width) == (0, 1) else empty.mul_(width).add_(low)


def whole(
    low: int,
    high: int,
    shape: tuple[int, ...],
    dtype: torch.dtype,
    device: torch.device,
    generator: torch.Generator | None,
) -> torch.Tensor:
    """Return uniform whole numbers of [low, high), of a dtype of whole numbers."""
    empty, limits = torch.empty(shape, dtype=dtype, device=device), torch.iinfo(dtype)
    if applies(empty, FEW_WHOLE) and limits.min <= low and high <= limits.max + 1:
        return Stream(generator).whole(low, high, shape, dtype)
    return empty.random_(low, high, generator=generator)
