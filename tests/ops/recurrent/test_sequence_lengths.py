"""Lengths that do not fit the padded length, for which the reference reads other memory."""

from __future__ import annotations

import torch

import mxnet.ops  # noqa: F401  registers the operators
from mxnet.ops import registry

DATA = torch.arange(1.0, 7).reshape(3, 2)


def call(name: str, lengths: list[int]) -> list[list[float]]:
    """Run an operator on `DATA` with these lengths."""
    function = registry.get(name).function
    return function(DATA, torch.tensor(lengths), use_sequence_length=True).tolist()


def test_last_of_an_empty_sequence_is_its_first_step() -> None:
    assert call("SequenceLast", [0, -3]) == [1, 2]


def test_last_of_too_long_a_sequence_is_the_last_step() -> None:
    assert call("SequenceLast", [4, 99]) == [5, 6]


def test_too_long_a_sequence_is_reversed_whole() -> None:
    assert call("SequenceReverse", [7, 2]) == [[5, 4], [3, 2], [1, 6]]


def test_an_empty_sequence_is_masked_whole() -> None:
    assert call("SequenceMask", [-1, 1]) == [[0, 2], [0, 0], [0, 0]]
