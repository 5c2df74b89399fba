"""Tensors that lie transposed in memory are put in order, by whichever kernel is fast."""

from __future__ import annotations

import pytest
import torch

from mxnet.ops import layout

IMAGES = {
    "whole images at once": (16, 32, 28, 28),
    "strips of few columns, whose lines share sets of the cache": (4, 64, 56, 56),
    "strips that do not divide the columns": (3, 96, 57, 61),
    "one image": (1, 256, 56, 56),
    "more lines than the second cache has": (2, 18, 130, 150),
    "few columns": (16, 1024, 7, 7),
    "small images": (2, 8, 5, 5),
    "few channels": (8, 3, 160, 160),
    "no images": (0, 64, 56, 56),
}
BOTH = pytest.mark.parametrize("shape", IMAGES.values(), ids=IMAGES)


def channels_last(shape: tuple[int, ...], dtype: torch.dtype = torch.float32) -> torch.Tensor:
    """Return different numbers in channels-last memory."""
    count, channels, height, width = shape
    values = torch.arange(count * channels * height * width).reshape(count, height, width, channels)
    return values.to(dtype).permute(0, 3, 1, 2)


@BOTH
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.int32, torch.int64])
def test_in_order_returns_equal_contiguous_memory(
    shape: tuple[int, ...], dtype: torch.dtype
) -> None:
    images = channels_last(shape, dtype)
    found = layout.in_order(images)
    assert found.is_contiguous()
    assert found.dtype is dtype
    assert torch.equal(found, images)


@BOTH
def test_copy_to_writes_every_element(shape: tuple[int, ...]) -> None:
    images, target = channels_last(shape), torch.full(shape, -1.0)
    layout.copy_to(target, images)
    assert torch.equal(target, images)


def test_copy_to_casts() -> None:
    images = channels_last((4, 64, 56, 56), torch.float64)
    target = torch.empty(images.shape)
    layout.copy_to(target, images)
    assert torch.equal(target, images.float())


def test_copy_to_writes_to_memory_in_another_order() -> None:
    images = channels_last((4, 64, 56, 56))
    target = torch.zeros(56, 56, 64, 4).permute(3, 2, 0, 1)
    layout.copy_to(target, images)
    assert torch.equal(target, images)


def test_a_strided_part_of_an_image_is_put_in_order() -> None:
    part = channels_last((4, 64, 60, 60))[:, :, 2:58, 1:57]
    assert torch.equal(layout.in_order(part), part)


def test_the_gradient_flows_through_a_copy_in_strips() -> None:
    images = channels_last((4, 64, 56, 56)).requires_grad_()
    (grad,) = torch.autograd.grad(layout.in_order(images * 2).sum(), images)
    assert torch.equal(grad, torch.full_like(images, 2))
