"""Random bits, uniform and normal numbers for large CPU tensors, by vectorised arithmetic.

Torch draws on CPUs from one Mersenne Twister, one number after the other. A counter-based
generator computes each number from its position alone, so that torch's vector instructions and
threads apply, and the numbers do not depend on how many threads there are.
"""

from __future__ import annotations

import math

import numpy as np
import torch

FEW = 32768
"""Up to so many draws torch's own samplers take no longer."""
BLOCK = 32768
"""How many numbers are worked on at once: they and their scratch space stay in the cache.

Torch takes no second thread for so few. Hundreds of short steps that wait for each other's threads
would be slow wherever other programs want the cores too.
"""

_WORD = 1 << 64
_MIXING = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))  # shift, then factor
_LAST_SHIFT = 31
_STEP_FLIP = 0xAAAAAAAAAAAAAAAA


def applies(empty: torch.Tensor, few: int = FEW) -> bool:
    """Return whether a tensor to be filled has more than a few elements, and real ones on the CPU.

    Its dtype is float32, float64, or one of whole numbers.
    """
    return empty.device.type == "cpu" and empty.numel() > few and not torch.compiler.is_compiling()


def _signed(value: int) -> int:
    """Return the int64 of the same 64 bits."""
    return (value + _WORD // 2) % _WORD - _WORD // 2


def where(values: torch.Tensor) -> torch.Tensor:
    """Return where a CPU vector is not 0; torch's nonzero takes five times as long."""
    return torch.from_numpy(np.flatnonzero(values.numpy() != 0))


class Stream:
    """A sequence of random numbers whose start and step come from a generator of torch's.

    SplitMix64 of Steele, Lea and Flood, Fast splittable pseudorandom number generators, OOPSLA
    2014, with arithmetic in the place of logical shifts, since torch has no unsigned ones.

    Parameters
    ----------
    generator : torch.Generator or None
        Gives the start and the step, 128 bits; None is torch's default one.
    """

    def __init__(self, generator: torch.Generator | None) -> None:
        self.generator = generator
        seeds = torch.empty(2, dtype=torch.int64).random_(-(2**63), None, generator=generator)
        start, step = (seed % _WORD for seed in seeds.tolist())
        step |= 1
        if (step ^ (step >> 1)).bit_count() < 24:  # too regular, says the paper
            step ^= _STEP_FLIP
        self._position, self._step = start, step
        self._steps = torch.arange(0, dtype=torch.int64)
        self._buffers = self._steps, self._steps

    def _words(self, count: int) -> torch.Tensor:
        """Return `count` int64 of random bits, which are its own until the next call."""
        if len(self._steps) < count:
            self._steps = torch.arange(count).mul_(_signed(self._step))
            self._buffers = torch.empty_like(self._steps), torch.empty_like(self._steps)
        words, scratch = (buffer[:count] for buffer in self._buffers)
        torch.add(self._steps[:count], _signed(self._position), out=words)
        self._position = (self._position + count * self._step) % _WORD
        for shift, factor in _MIXING:
            torch.bitwise_right_shift(words, shift, out=scratch)
            words.bitwise_xor_(scratch).mul_(_signed(factor))
        torch.bitwise_right_shift(words, _LAST_SHIFT, out=scratch)
        # A sign that is shifted in would make the last bit 0.
        return words.bitwise_xor_(scratch.bitwise_and_((1 << (64 - _LAST_SHIFT)) - 1))

    def bits(self, count: int, dtype: torch.dtype) -> torch.Tensor:
        """Return `count` signed whole numbers of random bits, of any dtype of these.

        They lie in memory that the next call writes to.
        """
        each = 8 // dtype.itemsize
        return self._words(-(-count // each)).view(dtype)[:count]

    def uniform_(self, out: torch.Tensor, low: float = 0.0, width: float = 1.0) -> torch.Tensor:
        """Fill a vector with even numbers of [low, low + width)."""
        size = torch.finfo(out.dtype).bits
        digits = 24 if size == 32 else 53
        whole = torch.int32 if size == 32 else torch.int64
        for group in out.split(BLOCK * 64 // size):  # as many as there are in a block of words
            bits = self.bits(len(group), whole)
            for part, chosen in zip(group.split(BLOCK), bits.split(BLOCK), strict=True):
                part.copy_(chosen.bitwise_and_((1 << digits) - 1))
                part.mul_(width * 2.0**-digits)
                if low:
                    part.add_(low)
        return out

    def positive_(self, out: torch.Tensor) -> torch.Tensor:
        """Fill a vector with even numbers of (0, 1], the small ones exact to the last digit."""
        size = torch.finfo(out.dtype).bits
        whole = torch.int32 if size == 32 else torch.int64
        for part in out.split(BLOCK):
            part.copy_(self.bits(len(part), whole).bitwise_and_(torch.iinfo(whole).max))
            part.add_(0.5).mul_(2.0 ** (1 - size))
        return out

    def normal_(self, out: torch.Tensor) -> torch.Tensor:
        """Fill a vector with standard normal numbers.

        Box and Muller, A note on the generation of random normal deviates, 1958.
        """
        half = (len(out) + 1) // 2
        radius = self.positive_(out.new_empty(half)).log_().mul_(-2).sqrt_()
        angle = self.uniform_(out.new_empty(half), 0, 2 * math.pi)
        torch.cos(angle, out=out[:half]).mul_(radius)
        torch.sin(angle[: len(out) - half], out=out[half:]).mul_(radius[: len(out) - half])
        return out
