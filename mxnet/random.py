"""`mx.random`: seeding, and draws from distributions."""

from __future__ import annotations

from .base import MXNetError, integer_types
from .context import Context
from .ndarray.generators import seed_all, seed_device
from .ndarray.random import (  # noqa: F401 - the public names
    exponential,
    gamma,
    generalized_negative_binomial,
    multinomial,
    negative_binomial,
    normal,
    poisson,
    randint,
    randn,
    shuffle,
    uniform,
)


def seed(seed_state: int, ctx: str | Context = "all") -> None:
    """Seed the random generators, so that what follows is reproducible.

    Parameters
    ----------
    seed_state : int
        The seed.
    ctx : Context or 'all'
        Which device's generator is seeded, default every device's.

    Raises
    ------
    ValueError
        If the seed is no integer.

    Examples
    --------
    >>> mx.random.seed(42)
    >>> first = mx.nd.random.uniform(shape=(2,)).asnumpy().tolist()
    >>> mx.random.seed(42)
    >>> first == mx.nd.random.uniform(shape=(2,)).asnumpy().tolist()
    True
    """
    if not isinstance(seed_state, integer_types):
        raise ValueError(f"seed: the seed is {seed_state!r}, but must be an integer.")
    if isinstance(ctx, Context):
        seed_device(int(seed_state), ctx.device)
    elif ctx == "all":
        seed_all(int(seed_state))
    else:
        raise MXNetError(f"seed: ctx is {ctx!r}, but must be a Context or 'all'.")
