"""What a gradient rule is given."""

from __future__ import annotations

import torch

from mxnet.ops.registry import filled


def test_one_zero_stands_for_the_gradient_of_an_output_that_has_none() -> None:
    out, head = torch.ones(300, 50), torch.ones(2)
    found, kept, absent = filled([None, head, None], [out, torch.zeros(2), None])
    assert found is not None
    assert found.shape == out.shape
    assert not found.any()
    assert found.untyped_storage().nbytes() == found.element_size()
    assert kept is head
    assert absent is None
