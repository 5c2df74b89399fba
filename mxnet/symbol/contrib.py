"""`mx.sym.contrib`: contributed operators, and control flow on Symbols."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import op, symbol  # noqa: F401 - the second is a name of this path
from .contrib_updates import adamw_update, mp_adamw_update  # noqa: F401 - public names
from .control_flow import cond, foreach, while_loop  # noqa: F401 - public names
from .gen_contrib import *  # noqa: F403
from .random import uniform
from .symbol import Symbol


def isfinite(data: Symbol) -> Symbol:
    """Return 1 where an element is neither infinite nor NaN, and 0 elsewhere."""
    return (op.abs(data) != np.inf) * (data == data)


def isinf(data: Symbol) -> Symbol:
    """Return 1 where an element is infinite, and 0 elsewhere."""
    return op.abs(data) == np.inf


def isnan(data: Symbol) -> Symbol:
    """Return 1 where an element is NaN, and 0 elsewhere."""
    return data != data


def rand_zipfian(true_classes: Symbol, num_sampled: int, range_max: int) -> tuple[Any, Any, Any]:
    """Draw classes from an approximate Zipf (log-uniform) distribution.

    P(class) = (log(class + 2) - log(class + 1)) / log(range_max + 1).

    Parameters
    ----------
    true_classes : Symbol
        Classes whose expected count is wanted.
    num_sampled : int
        How many classes are drawn.
    range_max : int
        One more than the largest class.

    Returns
    -------
    samples, expected_count_true, expected_count_sampled : Symbol
        The drawn classes, and how often the true and the drawn classes are expected.
    """
    log_range = float(np.log(range_max + 1))
    draws = uniform(0, log_range, shape=(num_sampled,), dtype="float64")
    samples = op.cast(op.exp(draws) - 1, dtype="int64") % range_max

    def expected(classes: Symbol) -> Symbol:
        wide = op.cast(classes, dtype="float64")
        return op.log((wide + 2.0) / (wide + 1.0)) / log_range * num_sampled

    return samples, expected(true_classes), expected(samples)
