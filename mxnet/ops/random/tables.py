"""Draws of whole numbers from one distribution whose probabilities are known, by tables."""

from __future__ import annotations

import math

import torch

from .streams import BLOCK, Stream, where

FEW = 8192
"""Up to so many draws torch's own samplers take no longer."""

_BITS = 14  # the table has 2**14 places: it fits the first cache
_LONGEST = 1 << 12  # more numbers leave too much to the second step
_FAR = 42.0  # the probability beyond the end is below exp(-42), that is 1e-18


def applies(weights: torch.Tensor, count: int) -> bool:
    """Return whether a table serves for `count` draws: the shares are few, and make a sum."""
    return len(weights) <= min(_LONGEST, count // 8) and 0 < float(weights.sum()) < math.inf


def fill(out: torch.Tensor, weights: torch.Tensor, stream: Stream) -> torch.Tensor:
    """Fill a vector with numbers k, each as likely as its share ``weights[k]``.

    Most draws take a random place of a table in which k has as many places as its probability has
    whole parts of 2**-14; what these parts leave over is drawn by inversion. Probabilities are
    exact in float64. After Marsaglia, Tsang and Wang, Fast generation of discrete random variables,
    Journal of Statistical Software 11(3), 2004.

    Parameters
    ----------
    out : torch.Tensor
        The vector, of a dtype that holds the numbers.
    weights : torch.Tensor
        Shares of the numbers from 0, float64; divided by their sum.
    stream : Stream
        Where the random numbers come from.
    """
    places = weights / weights.sum() * (1 << _BITS)
    whole = places.floor()
    table = out.new_full((1 << _BITS,), -1)
    numbers = torch.arange(len(weights)).to(out.dtype)
    filled = numbers.repeat_interleave(whole.long())[: 1 << _BITS]
    table[: len(filled)] = filled
    left = []
    for start in range(0, len(out), BLOCK):
        part = out[start : start + BLOCK]
        index = stream.bits(len(part), torch.int16).to(torch.int32).bitwise_and_((1 << _BITS) - 1)
        torch.index_select(table, 0, index, out=part)
        left.append(where(part.lt(0)).add_(start))
    rest = torch.cat(left)
    if len(rest):
        out.index_copy_(0, rest, _invert(places - whole, len(rest), stream).to(out.dtype))
    return out


def _invert(weights: torch.Tensor, count: int, stream: Stream) -> torch.Tensor:
    """Return `count` numbers by inversion of the cumulative distribution."""
    cumulative = weights.cumsum(0)
    points = stream.uniform_(weights.new_empty(count)).mul_(cumulative[-1])
    last = int(weights.nonzero()[-1])  # rounding may bring a point to the very end
    return torch.bucketize(points, cumulative, right=True).clamp_(max=last)


def poisson_weights(mean: float, count: int) -> torch.Tensor | None:
    """Return shares of a Poisson distribution's numbers, None if too many for `count` draws."""
    end = _end(mean, mean, 1 / 3, count)
    return None if end is None else _weights(mean / torch.arange(1, end, dtype=torch.float64))


def negative_binomial_weights(
    successes: float, success: float, failure: float, count: int
) -> torch.Tensor | None:
    """Return shares of failures before success number `successes`, or None as above.

    The probability of a failure is given beside that of a success, lest a small one be lost.
    """
    if not success > 0:
        return None
    mean = successes * failure / success
    decay = -math.log1p(-failure) if failure < 1 else 0.0
    end = _end(mean, mean / success, 1 / min(3.0, max(decay, 1e-9)), count)
    if end is None:
        return None
    number = torch.arange(1, end, dtype=torch.float64)
    return _weights((number - 1 + successes) / number * failure)


def _end(mean: float, variance: float, scale: float, count: int) -> int | None:
    """Return a number that a sub-gamma variable reaches with a probability below exp(-_FAR).

    Boucheron, Lugosi and Massart, Concentration inequalities, 2013, section 2.4.
    """
    end = mean + math.sqrt(2 * variance * _FAR) + scale * _FAR + 2
    return math.ceil(end) if end <= min(_LONGEST, count / 8) else None


def _weights(ratios: torch.Tensor) -> torch.Tensor:
    """Return shares of 0, 1, ... from the ratios of each to the one before."""
    logarithms = torch.cat([ratios.new_zeros(1), ratios.log().cumsum(0)])
    return logarithms.sub_(logarithms.max()).exp_()
