"""Operators that reduce, sort or repeat along axes."""

from . import broadcast, extremes, histogram, norms, ordering, sums
