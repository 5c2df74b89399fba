"""Operators that treat every element alike."""

from . import (
    activation,
    arithmetic,
    cast,
    comparison,
    exponential,
    finite,
    identity,
    rounding,
    scalar,
    selection,
    special,
    trigonometric,
)
