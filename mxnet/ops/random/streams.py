"""Random bits, uniform and normal numbers for large CPU tensors, faster than torch draws them.

Torch draws on CPUs from one Mersenne Twister, a call for each number. NumPy's generators fill whole
arrays in less than half the time; what is left to do are vectorised operations. The numbers do not
depend on how many threads there are.
"""

from __future__ import annotations

import math

import numpy as np
import torch

from ...dtype import NUMPY_OF_TORCH

FEW = 32768
"""Up to so many draws torch's own samplers take no longer."""
BLOCK = 32768
"""How many numbers are worked on at once: they and their scratch space stay in the cache.

Torch takes no second thread for so few. Hundreds of short steps that wait for each other's threads
would be slow wherever other programs want the cores too.
"""

_DIGITS = 24  # of a float32
_GROUP = 1 << 18  # numbers that still fit the second cache, and keep torch's threads busy


def applies(empty: torch.Tensor, few: int = FEW) -> bool:
    """Return whether a tensor to be filled has more than a few elements, and real ones on the CPU.

    Its dtype is float32, float64, or one of whole numbers.
    """
    return empty.device.type == "cpu" and empty.numel() > few and not torch.compiler.is_compiling()


def where(values: torch.Tensor) -> torch.Tensor:
    """Return where a CPU vector is not 0; torch's nonzero takes five times as long."""
    return torch.from_numpy(np.flatnonzero(values.numpy() != 0))


class Stream:
    """A sequence of random numbers that a generator of torch's seeds.

    SFC64 of Doty-Humphrey, PractRand, 2014, as NumPy has it: 64 random bits take 2 ns.

    Parameters
    ----------
    generator : torch.Generator or None
        Gives the seed, 128 bits; None is torch's default one.
    """

    def __init__(self, generator: torch.Generator | None) -> None:
        self.generator = generator
        seed = torch.empty(2, dtype=torch.int64).random_(-(2**63), None, generator=generator)
        self._words = np.random.SFC64(seed.numpy().view(np.uint32))
        self._numbers = np.random.Generator(self._words)

    def bits(self, count: int, dtype: torch.dtype) -> torch.Tensor:
        """Return `count` signed whole numbers of random bits, of any dtype of these."""
        each = 8 // dtype.itemsize
        words = self._words.random_raw(-(-count // each))
        return torch.from_numpy(words.view(f"i{dtype.itemsize}")[:count])

    def whole(
        self, low: int, high: int, shape: tuple[int, ...], dtype: torch.dtype
    ) -> torch.Tensor:
        """Return uniform whole numbers of [low, high), which `dtype` must hold."""
        return torch.from_numpy(
            self._numbers.integers(low, high, shape, dtype=NUMPY_OF_TORCH[dtype])
        )

    def uniform_(self, out: torch.Tensor, low: float = 0.0, width: float = 1.0) -> torch.Tensor:
        """Fill a contiguous vector with uniform numbers of [low, low + width)."""
        for part in out.split(_GROUP):
            scale = width
            if part.dtype is torch.float64:
                self._numbers.random(out=part.numpy())
            else:  # two numbers from 64 bits, where NumPy takes one
                part.copy_(self.bits(len(part), torch.int32).bitwise_and_((1 << _DIGITS) - 1))
                scale *= 2.0**-_DIGITS
            if scale != 1:
                part.mul_(scale)
            if low:
                part.add_(low)
        return out

    def positive_(self, out: torch.Tensor) -> torch.Tensor:
        """Fill a vector with uniform numbers of (0, 1], the small ones exact to the last digit."""
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
