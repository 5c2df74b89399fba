"""The gradients of a convolution, with kernels of their own for images of few channels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
import torch.nn.functional as F

from ..layout import in_order
from .rules import as_channels_last

if TYPE_CHECKING:
    from .convolution import Window

Gradients = tuple[torch.Tensor | None, torch.Tensor | None, torch.Tensor | None]

FEW = 4
"""Channels; with no more of them torch's plain kernel gives the gradient of images faster."""
_WIDE = 12
"""Channels of all phases together from which they fill most of a vector register."""
_LARGE = 2**18
"""Elements of an output's gradient; below that a convolution of phases takes as long to prepare."""


def convolution_gradients(
    grad: torch.Tensor,
    x: torch.Tensor,
    filters: torch.Tensor,
    window: Window,
    arguments: tuple[Any, ...],
    needs: tuple[bool, bool, bool],
) -> Gradients:
    """Return the gradients of images, filters and bias, None where they are not needed.

    Parameters
    ----------
    grad : torch.Tensor
        Gradient of the output, channels second, as `x` and `filters`.
    window : Window
        What slides over the images.
    arguments : tuple
        What torch's convolution takes after data, weight and bias.
    needs : tuple of bool
        Which gradients are wanted.
    """
    bias = bias_gradient(grad) if needs[2] else None
    few = _has_few_channels(x, window, arguments[-1])
    images = _gradient_of_few(grad, x, filters, window, bias) if few and needs[0] else None
    if few and x.shape[1] < FEW and grad.is_contiguous():  # a kernel of oneDNN for photographs
        x = in_order(x)
    else:
        grad, x = as_channels_last(grad), as_channels_last(x)
    wanted = (needs[0] and images is None, needs[1], False)
    data, weight, _ = torch.ops.aten.convolution_backward(
        grad, x, filters, None, *arguments, wanted
    )
    return data if images is None else images, weight, bias


def bias_gradient(grad: torch.Tensor) -> torch.Tensor:
    """Return the sum over all but the channels, by torch: oneDNN takes a slower pass of its own."""
    return grad.sum((0, *range(2, grad.dim())))


def _has_few_channels(x: torch.Tensor, window: Window, groups: int) -> bool:
    """Tell whether the gradient of images is 2 to 20 times faster by kernels other than oneDNN's.

    That one computes many channels at once, of which most would be padding here.
    """
    plain = x.dim() == 4 and x.dtype is torch.float32 and x.device.type == "cpu"
    return plain and groups == 1 and x.shape[1] <= FEW and set(window.dilate) == {1}


def _gradient_of_few(
    grad: torch.Tensor,
    x: torch.Tensor,
    filters: torch.Tensor,
    window: Window,
    total: torch.Tensor | None,
) -> torch.Tensor:
    """Return the gradient of images of few channels; `total` is that of the bias, if known."""
    if grad.numel() >= _LARGE and _fills_phases(x.shape[1], window):
        total = grad.sum() if total is None else total
        if bool(total.isfinite().all()):  # then all of grad is
            return _gradient_by_phases(grad, x.shape[2:], filters, window)
    return torch.ops.aten._slow_conv2d_backward.output_mask(
        in_order(grad),
        in_order(x),
        filters.contiguous(),
        window.kernel,
        window.stride,
        window.pad,
        (True, False, False),
    )[0]


def _fills_phases(channels: int, window: Window) -> bool:
    """Tell whether a convolution of phases has enough channels, and little padding of filters."""
    (height, width), step = window.kernel, window.stride[0]
    square = window.stride[1] == step and 2 * min(height, width) >= 5 * step
    return square and step > 1 and channels * step**2 >= _WIDE


def _gradient_by_phases(
    grad: torch.Tensor, sizes: torch.Size, filters: torch.Tensor, window: Window
) -> torch.Tensor:
    """Return the gradient of images of these sizes by a convolution without a stride.

    A pixel's phase is where it lies between two steps of the window. Pixels of one phase all meet
    the same elements of the filters, so their gradient is a convolution with these; the phases are
    its channels (Shi et al., Is the deconvolution layer the same as a convolutional layer?, 2016).
    Filters are padded to whole steps, so `grad` must be finite: 0 * inf is not 0.
    """
    step = window.stride[0]
    count, channels = filters.shape[:2]
    taps = [-(-size // step) for size in window.kernel]
    missing = [tap * step - size for tap, size in zip(taps, window.kernel, strict=True)]
    padded = F.pad(filters, (0, missing[1], 0, missing[0]))
    parts = padded.reshape(count, channels, taps[0], step, taps[1], step).flip(2, 4)
    phases = parts.permute(1, 3, 5, 0, 2, 4).reshape(channels * step**2, count, *taps)
    found = F.pixel_shuffle(F.conv2d(grad, phases, padding=[tap - 1 for tap in taps]), step)
    ends = [size + pad for size, pad in zip(sizes, window.pad, strict=True)]
    after = [max(end - size, 0) for end, size in zip(ends, found.shape[2:], strict=True)]
    if any(after):  # pixels that no window reaches
        found = F.pad(found, (0, after[1], 0, after[0]))
    return found[:, :, window.pad[0] : ends[0], window.pad[1] : ends[1]]
