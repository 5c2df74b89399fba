"""`mx.random`: seeding, and draws from distributions."""

from __future__ import annotations

from .base import MXNetError, check_call, integer_types  # noqa: F401 - a name of this path
from .context import Context, context_from_string
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

    There is a generator for each device, as in the reference: `cpu(0)` and `cpu(1)` are one device
    and share theirs, and so do all threads. Threads that draw at the same time get numbers of one
    stream between them, each number once, in an order that is up to chance.

    Parameters
    ----------
    seed_state : int
        The seed.
    ctx : Context or str, default 'all'
        Which device's generator is seeded, default every device's.

    Raises
    ------
    ValueError
        If the seed is no integer.
    MXNetError
        If `ctx` is no context, or there is no such device.

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
    if isinstance(ctx, str) and ctx == "all":
        seed_all(int(seed_state))
        return
    if not isinstance(ctx, (str, Context)):
        raise MXNetError(f"seed: ctx is {ctx!r}, but must be a Context or 'all'.")
    chosen = context_from_string(ctx) if isinstance(ctx, str) else ctx
    seed_device(int(seed_state), chosen.device)
