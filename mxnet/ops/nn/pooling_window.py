"""Where the windows of a pooling lie, and how torch is asked for them."""

from __future__ import annotations

import math
from functools import lru_cache

import torch

from ...base import MXNetError
from .rules import UNKNOWN

Sizes = tuple[int, ...]


class Places:
    """Where windows lie along each spatial axis, in torch's terms: always two or three axes.

    Attributes
    ----------
    outputs : tuple of int
        How many windows there are along each of the data's spatial axes, UNKNOWN where not known.
    whole : bool
        Whether one window covers all spatial axes.
    kernel, stride, pad : tuple of int
        The window for torch; one-dimensional ones get an axis of size 1 in front.
    ceil : bool
        Torch's ceil_mode.
    border : tuple of int or None
        None where torch's own padding gives these windows; else the padding that
        torch.nn.functional.pad has to do before (last axis first).
    """

    __slots__ = ("_sizes", "border", "ceil", "kernel", "outputs", "pad", "rank", "stride", "whole")

    def __init__(
        self, sizes: Sizes, kernel: Sizes, stride: Sizes, pad: Sizes, outputs: Sizes, whole: bool
    ) -> None:
        self.outputs, self.whole = outputs, whole
        if len(sizes) == 1:
            sizes, kernel, outputs = (1, *sizes), (1, *kernel), (1, *outputs)
            stride, pad = (1, *stride), (0, *pad)
        self.rank, self._sizes = len(sizes), sizes
        self.kernel, self.stride, self.pad = kernel, stride, pad
        self.ceil, self.border = False, None
        if UNKNOWN in sizes:
            return
        rows = list(zip(sizes, kernel, stride, pad, outputs, strict=True))
        if all(2 * p <= k for _, k, _, p, _ in rows):
            for ceil in (False, True):
                if all(_torch_count(n, k, s, p, ceil) == out for n, k, s, p, out in rows):
                    self.ceil = ceil
                    return
        self.border = self.complete_border

    @property
    def complete_border(self) -> Sizes:
        """The padding that holds every window, as torch.nn.functional.pad takes it."""
        pairs: list[int] = []
        sides = zip(self._sizes, self.kernel, self.stride, self.pad, strict=True)
        for axis, (n, k, s, p) in reversed(list(enumerate(sides))):
            pairs += [p, max((self._windows(axis) - 1) * s + k - p - n, 0)]
        return tuple(pairs)

    @property
    def padded(self) -> Sizes:
        """The spatial sizes of the data with the border around them."""
        border = self.border or (0, 0) * self.rank
        pairs = zip(border[-2::-2], border[-1::-2], strict=True)
        return tuple([n + sum(pair) for n, pair in zip(self._sizes, pairs, strict=True)])

    def counts(self, include_pad: bool, like: torch.Tensor) -> torch.Tensor:
        """Return how many elements each window has, at least 1; zeros of `pad` as asked."""
        if include_pad and self.border is None and not self.ceil:  # all windows are whole
            return like.new_tensor(math.prod(self.kernel))
        total = like.new_ones(())
        for axis in range(self.rank):
            n, k, s, p = (part[axis] for part in (self._sizes, self.kernel, self.stride, self.pad))
            starts = torch.arange(self._windows(axis), device=like.device) * s - p
            first, last = (-p, n + p) if include_pad else (0, n)
            size = (starts + k).clamp_max(last) - starts.clamp_min(first)
            total = total.unsqueeze(-1) * size.clamp_min(0).to(like.dtype)
        return total.clamp_min(1)

    def _windows(self, axis: int) -> int:
        return ((1,) * (self.rank - len(self.outputs)) + self.outputs)[axis]


def lie_in_rows(data: torch.Tensor, fewest: int) -> bool:
    """Tell whether these are float32 images on a CPU, off the tape, whose rows lie in order.

    Images of less than `fewest` elements do not count: for them other ways are as fast.
    """
    return (
        data.dim() == 4
        and data.device.type == "cpu"
        and data.dtype is torch.float32
        and data.numel() >= fewest
        and data.is_contiguous()
        and not data.requires_grad
    )


def _torch_count(n: int, k: int, s: int, p: int, ceil: bool) -> int:
    """Return how many windows torch makes: with ceil none that begins in the right padding."""
    if not ceil:
        return (n + 2 * p - k) // s + 1
    count = -((n + 2 * p - k) // -s) + 1
    return count - 1 if (count - 1) * s >= n + p else count


def _window_count(n: int, k: int, s: int, p: int, convention: str) -> int:
    """Return how many windows the convention makes."""
    if n == UNKNOWN:
        return UNKNOWN
    if convention == "same":
        return -(n // -s)
    return (n + 2 * p - k) // s + 1 if convention == "valid" else -((n + 2 * p - k) // -s) + 1


@lru_cache(maxsize=4096)
def places_of(
    sizes: Sizes, kernel: Sizes, stride: Sizes, pad: Sizes, convention: str, whole: bool
) -> Places:
    """Return where the windows lie for these spatial sizes and attributes.

    Raises
    ------
    MXNetError
        If a tuple has the wrong length, or the window is larger than the padded data.
    """
    rank = len(sizes)
    if whole:
        return Places(sizes, sizes, (1,) * rank, (0,) * rank, (1,) * rank, True)
    stride, pad = stride or (1,) * rank, pad or (0,) * rank
    for name, given, least in (("kernel", kernel, 1), ("stride", stride, 1), ("pad", pad, 0)):
        if len(given) != rank or min(given) < least:
            raise MXNetError(
                f"{name} is {given}, but must hold one number of at least {least} for each of the "
                f"{rank} spatial axes"
            )
    if convention == "same" and any(pad):
        raise MXNetError(f"pad is {pad}, but pooling_convention same has none")
    for n, k, p in zip(sizes, kernel, pad, strict=True):
        if convention != "same" and n != UNKNOWN and n + 2 * p < k:
            raise MXNetError(
                f"kernel is {kernel}, but data have spatial sizes {sizes} with pad={pad}"
            )
    outputs = tuple(
        [
            _window_count(n, k, s, p, convention)
            for n, k, s, p in zip(sizes, kernel, stride, pad, strict=True)
        ]
    )
    return Places(sizes, kernel, stride, pad, outputs, False)
