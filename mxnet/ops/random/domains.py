"""What numbers the parameters of a distribution may be."""

from __future__ import annotations

from ...base import MXNetError


def _refuse(name: str, value: float, allowed: str) -> MXNetError:
    return MXNetError(f"{name} is {value}, but must be {allowed}")


def _positive(name: str, value: float) -> None:
    if not value > 0:
        raise _refuse(name, value, "positive")


def _not_negative(name: str, value: float) -> None:
    if not value >= 0:
        raise _refuse(name, value, "at least 0")


def uniform(low: float, high: float) -> None:
    """Refuse bounds in the wrong order."""
    if not high >= low:
        raise _refuse("high", high, f"at least low ({low})")


def normal(loc: float, scale: float) -> None:
    """Refuse a standard deviation that is not positive."""
    _positive("scale", scale)


def gamma(alpha: float, beta: float) -> None:
    """Refuse a shape or scale that is not positive."""
    _positive("alpha", alpha)
    _positive("beta", beta)


def exponential(lam: float) -> None:
    """Refuse a rate that is not positive."""
    _positive("lam", lam)


def poisson(lam: float) -> None:
    """Refuse a negative mean."""
    _not_negative("lam", lam)


def negative_binomial(k: int, p: float) -> None:
    """Refuse a negative number of successes, and what is no probability of one."""
    _not_negative("k", k)
    if not 0 < p <= 1:
        raise _refuse("p", p, "a probability above 0")


def generalized_negative_binomial(mu: float, alpha: float) -> None:
    """Refuse a negative mean or dispersion."""
    _not_negative("mu", mu)
    _not_negative("alpha", alpha)


def randint(low: int, high: int) -> None:
    """Refuse an empty range."""
    if high <= low:
        raise _refuse("high", high, f"greater than low ({low})")
