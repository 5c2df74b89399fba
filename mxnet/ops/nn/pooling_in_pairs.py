"""The gradient of mean pooling with a stride of two columns, for images whose rows lie in order.

Two columns of the result belong together: torch.complex writes them side by side in one pass, where
writing every other column takes as long as writing them all twice.
"""

from __future__ import annotations

import torch

from .pooling_window import Places

_CACHED = 2**21
"""Elements of the planes that are worked on at a time, so that they stay in cache."""


def spreads_in_pairs(images: torch.Tensor, places: Places) -> bool:
    """Tell whether windows lie side by side or overlap in one line, two columns apart."""
    overlaps = [k - s for k, s in zip(places.kernel, places.stride, strict=True)]
    return (
        places.stride[1] == 2
        and set(overlaps) <= {0, 1}
        and images.shape[3] % 2 == 0
        and images.storage_offset() % 2 == 0
    )


def spread_in_pairs(
    grad: torch.Tensor, counts: torch.Tensor, places: Places, images: torch.Tensor
) -> torch.Tensor:
    """Write to `images` what the head gradient of each window's mean gives to its elements.

    Parameters
    ----------
    grad : Tensor
        Shape (N, C, windows down, windows across), float32.
    counts : Tensor
        What the sum of each window is divided by; broadcasts to the windows of a plane.
    places : Places
        Where the windows lie.
    images : Tensor
        Shape (N, C, H, W), contiguous, for which :func:`spreads_in_pairs` holds.
    """
    height, width = images.shape[2:]
    pairs = torch.view_as_complex(images.view(-1, height, width // 2, 2))
    windows = grad.reshape(-1, *grad.shape[2:])
    step = max(1, _CACHED // (height * width))
    bordered = _bordered(min(step, len(windows)), places, height, width, grad)
    for first in range(0, len(windows), step):
        part = windows[first : first + step]
        rows, columns = part.shape[1:]
        held = bordered[: len(part)]
        torch.div(part, counts, out=held[:, 1 : rows + 1, 1 : columns + 1])
        even, odd = (_line(held, places, 1, phase, width) for phase in (0, 1))
        for phase in range(places.stride[0]):
            torch.complex(
                _line(even, places, 0, phase, height),
                _line(odd, places, 0, phase, height),
                out=pairs[first : first + step, phase :: places.stride[0]],
            )
    return images


def _bordered(
    planes: int, places: Places, height: int, width: int, like: torch.Tensor
) -> torch.Tensor:
    """Return zeros for windows, with room for those that :func:`_line` takes beyond them."""
    sizes = zip(places.outputs, (height, width), places.stride, places.pad, strict=True)
    sides = [
        1 + max(windows, -(size // -stride) + (stride - 1 + pad) // stride)
        for windows, size, stride, pad in sizes
    ]
    return like.new_zeros((planes, *sides))


def _line(
    windows: torch.Tensor, places: Places, axis: int, phase: int, length: int
) -> torch.Tensor:
    """Return what the positions ``phase``, ``phase + stride`` and so on along an axis receive.

    Each lies in one window; in two where windows overlap and one of them begins there.
    """
    kernel, stride, pad = places.kernel[axis], places.stride[axis], places.pad[axis]
    before, within = divmod(phase + pad, stride)
    count = (length - phase + stride - 1) // stride
    own = windows.narrow(axis + 1, 1 + before, count)
    if within or kernel == stride:
        return own
    return own + windows.narrow(axis + 1, before, count)
