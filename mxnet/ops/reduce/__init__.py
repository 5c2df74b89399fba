"""Operators that reduce, sort or repeat along axes."""

from . import broadcast, cumulative, extremes, histogram, norms, ordering, sums
