"""Poisson draws for large CPU tensors, with a mean for each element."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch

from .streams import BLOCK, FEW, Stream, where

Method = Callable[[torch.Tensor, torch.Tensor, Stream], None]

_SMALL = 10.0  # Hörmann's method needs a mean of 10; inversion takes longer, the larger it is
_TAIL = 2.0**-10  # above this quantile inversion in float32 would be coarse
# For a smaller mean all counts above 1 lie in the tail, so that powers which are too large do no
# harm. Its own would soon be denormal floats, on which arithmetic takes many times as long.
_RARE = 0.04
_RARE_SHARE = 1e-4  # a mean from _RARE to _SMALL gives a 1 with a larger probability
_TABLE = 2048  # log factorials that are looked up
_MOST = 96  # a mean below 10 gives more with a probability below 1e-60


def fill(out: torch.Tensor, means: torch.Tensor, stream: Stream) -> torch.Tensor:
    """Fill a vector with Poisson counts.

    Parameters
    ----------
    out : torch.Tensor
        The vector, float32 or float64.
    means : torch.Tensor
        At least 0 and finite, as long as `out`, of its dtype.
    stream : Stream
        Where the random numbers come from.
    """
    least, most = (float(end) for end in means.aminmax())
    if most < _SMALL:
        _invert(out, means, stream)
    elif least >= _SMALL:
        _reject(out, means, stream)
    else:
        small = means < _SMALL
        for flags, method in ((small, _invert), (~small, _reject)):
            _draw_chosen(out, where(flags), means, method, stream)
    return out


def _draw_chosen(
    out: torch.Tensor, chosen: torch.Tensor, means: torch.Tensor, method: Method, stream: Stream
) -> None:
    """Fill the chosen elements of `out`: by a method, or by torch where they are few."""
    mean = means.index_select(0, chosen)
    if len(chosen) > FEW:
        part = torch.empty_like(mean)
        method(part, mean, stream)
    else:
        part = torch.poisson(mean, generator=stream.generator)
    out.index_copy_(0, chosen, part)


def _invert(out: torch.Tensor, means: torch.Tensor, stream: Stream) -> None:
    """Fill `out` with how many values of the cumulative distribution lie below a uniform number."""
    found = []
    none = means.neg().exp_()
    for start in range(0, len(out), BLOCK):
        part, mean = out[start : start + BLOCK], means[start : start + BLOCK]
        level = stream.positive_(torch.empty_like(part))
        _count_below(part, level, mean, none[start : start + BLOCK])
        found.append(where(level.gt_(1 - _TAIL)).add_(start))
    tail = torch.cat(found)
    if len(tail):
        out.index_copy_(0, tail, _invert_tail(means.index_select(0, tail), stream).to(out.dtype))


def _count_below(
    out: torch.Tensor, level: torch.Tensor, mean: torch.Tensor, power: torch.Tensor
) -> None:
    """Count the cumulative probabilities below `level`, as far as 1 - _TAIL.

    `power` is the probability of 0, exp(-mean), and serves as scratch space.
    """
    rest, below = level - power, torch.empty_like(level)
    torch.gt(rest, 0, out=out)
    factor = 1.0
    for number in range(1, _quantile(float(mean.max())) + 1):
        factor /= number
        power.mul_(mean)
        rest.sub_(power, alpha=factor)
        out.add_(torch.gt(rest, 0, out=below))
        if number == 1:
            mean = mean.clamp(min=_RARE)
            power.clamp_(min=_RARE_SHARE)


def _quantile(mean: float) -> int:
    """Return the least number at which the cumulative distribution is 1 - _TAIL."""
    number, share = 0, math.exp(-mean)
    total = share
    while total < 1 - _TAIL:
        number += 1
        share *= mean / number
        total += share
    return number


def _invert_tail(means: torch.Tensor, stream: Stream) -> torch.Tensor:
    """Return counts given that they lie in the upper tail of probability _TAIL, in float64.

    The tail is summed from its far end, so that small probabilities keep their digits.
    """
    level = stream.positive_(means.new_empty(len(means), dtype=torch.float64)).mul_(_TAIL)
    number = torch.arange(_MOST, dtype=torch.float64)
    mean = means.double().unsqueeze(1)
    shares = (torch.xlogy(number, mean) - mean - torch.lgamma(number + 1)).exp_()
    reached = shares.flip(1).cumsum(1)  # how likely are at least _MOST - 1, _MOST - 2, ... 0
    return (reached >= level.unsqueeze(1)).sum(1) - 1


def _reject(out: torch.Tensor, means: torch.Tensor, stream: Stream) -> None:
    """Fill `out` by transformed rejection, in turns until none is rejected.

    Hörmann, The transformed rejection method for generating Poisson random variables, Insurance:
    Mathematics and Economics 12, 1993: algorithm PTRS without its squeezes.
    """
    factorials = _log_factorials(means)
    found = []
    for start in range(0, len(out), BLOCK):
        part = out[start : start + BLOCK]
        mean = means[start : start + BLOCK].double()
        point = stream.uniform_(torch.empty_like(mean), -0.5)
        level = stream.positive_(torch.empty_like(part)).to(torch.float64)
        width = mean.sqrt().mul_(2.53).add_(0.931)
        slope = width.mul(0.02483).sub_(0.059)
        depth = point.abs().neg_().add_(0.5)
        count = (slope * 2).div_(depth).add_(width).mul_(point).add_(mean).add_(0.43).floor_()
        part.copy_(count)
        level.div_(slope.div_(depth.square_()).add_(width))
        level.mul_(width.sub_(3.4).reciprocal_().mul_(1.1328).add_(1.1239)).log_()
        torch.gt(level, _log_density(count, mean, factorials), out=level)
        found.append(where(level).add_(start))
    rejected = torch.cat(found)
    if len(rejected):
        _draw_chosen(out, rejected, means, _reject, stream)


def _log_factorials(means: torch.Tensor) -> torch.Tensor | None:
    """Return a table of log((k - 1)!), if it reaches beyond what the means make likely."""
    if float(means.max()) > _TABLE / 2:
        return None
    return torch.lgamma(torch.arange(_TABLE, dtype=torch.float64))


def _log_density(
    count: torch.Tensor, mean: torch.Tensor, factorials: torch.Tensor | None
) -> torch.Tensor:
    """Return the logarithm of a count's probability, -inf for a negative count."""
    count.clamp_(min=-1)
    if factorials is None:
        factorial = torch.lgamma(count + 1)
    else:  # what lies beyond the table is as good as impossible, and so is the table's end
        count.clamp_(max=_TABLE - 2)
        factorial = factorials.index_select(0, (count + 1).to(torch.int32))
    return mean.log().mul_(count).sub_(mean).sub_(factorial)
