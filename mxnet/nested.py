"""Nested lists, as functions of a user's receive and return them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def flatten(value: Any, kind: type[Any], what: str) -> tuple[list[Any], Any]:
    """Return the items of a nested list, and its form: 0 for an item, a list for a list.

    Parameters
    ----------
    value : object of `kind`, or (nested) list or tuple of them
        What is flattened. An object of `kind` that holds several itself counts as a list of them.
    kind : type
        What items are: NDArray or Symbol.
    what : str
        The name of `value`, for the error.

    Raises
    ------
    AssertionError
        If something else is among the items.

    Examples
    --------
    >>> from mxnet.nested import flatten
    >>> flatten(["a", ("b", "c")], str, "letters")
    (['a', 'b', 'c'], [0, [0, 0]])
    """
    if isinstance(value, kind):
        pieces: list[Any] = [*value] if getattr(value, "num_outputs", 1) > 1 else [value]
        return pieces, 0 if len(pieces) == 1 else [0] * len(pieces)
    if not isinstance(value, (list, tuple)):
        raise AssertionError(
            f"{what} is {value!r} of type {type(value).__name__}, but must be {kind.__name__} or a "
            f"(nested) list of {kind.__name__}."
        )
    flat: list[Any] = []
    form = []
    for item in value:
        inner, inner_form = flatten(item, kind, what)
        flat += inner
        form.append(inner_form)
    return flat, form


def regroup(flat: Sequence[Any], form: Any) -> Any:
    """Return items in the form of a nested list.

    Examples
    --------
    >>> from mxnet.nested import regroup
    >>> regroup(["a", "b", "c"], [0, [0, 0]])
    ['a', ['b', 'c']]
    """
    rest = iter(flat)

    def build(part: Any) -> Any:
        return next(rest) if part == 0 else [build(inner) for inner in part]

    return build(form)


def read_iterations(given: Any) -> int:
    """Return the attribute `max_iterations` of a loop as a number.

    Raises
    ------
    ValueError
        If it is missing or no number.
    """
    if given is None:
        raise ValueError("while_loop: max_iterations is missing.")
    try:
        return int(given)
    except (TypeError, ValueError):
        raise ValueError(
            f"while_loop: max_iterations is {given!r}, but must be a whole number."
        ) from None
