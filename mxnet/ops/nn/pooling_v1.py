"""Pooling as MXNet before 0.9 defined it: other means at the border, other gradients at ties."""

from __future__ import annotations

import math
from functools import partial
from itertools import product
from typing import Any, Literal

import torch
from torch.nn import functional

from ...base import MXNetError
from ..attributes import Shape
from ..registry import Attrs, Backward, Shapes, operator
from .pooling import largest_of, sums_of
from .pooling_window import Places, places_of
from .rules import UNKNOWN, agree, by_tape, require_floating


def _places(shape: tuple[int, ...], attrs: Attrs) -> Places:
    """Return where the windows lie in data that have been padded."""
    if not 4 <= len(shape) <= 5:
        raise MXNetError(f"data has shape {shape}, but must have 4 or 5 dimensions")
    convention, whole = attrs["pooling_convention"], attrs["global_pool"]
    pad = _pad(shape, attrs)
    sizes = [n if n == UNKNOWN else n + 2 * p for n, p in zip(shape[2:], pad, strict=True)]
    return places_of(tuple(sizes), attrs["kernel"], attrs["stride"], (), convention, whole)


def _pad(shape: tuple[int, ...], attrs: Attrs) -> tuple[int, ...]:
    rank = len(shape) - 2
    pad = attrs["pad"] or (0,) * rank
    if len(pad) != rank or min(pad) < 0:
        raise MXNetError(
            f"pad is {pad}, but must hold one number of at least 0 for each of {rank} axes"
        )
    return (0,) * rank if attrs["global_pool"] else pad


def _padded(data: torch.Tensor, attrs: Attrs) -> torch.Tensor:
    """Return data with zeros around, which count for the largest element too."""
    pad = _pad(tuple(data.shape), attrs)
    return functional.pad(data, [p for p in reversed(pad) for _ in range(2)]) if any(pad) else data


def _pool(padded: torch.Tensor, places: Places, pool_type: str) -> torch.Tensor:
    if pool_type == "max":
        return largest_of(padded, places, float("-inf"))[0]
    total = sums_of(padded, places)
    return total if pool_type == "sum" else total / math.prod(places.kernel)


@operator("Pooling_v1")
def pooling_v1(
    data: torch.Tensor,
    *,
    kernel: Shape = (),
    pool_type: Literal["avg", "max", "sum"] = "max",
    global_pool: bool = False,
    pooling_convention: Literal["full", "valid"] = "valid",
    stride: Shape = (),
    pad: Shape = (),
) -> torch.Tensor:
    """Return the largest element, the mean or the sum of each window; `Pooling` replaces it.

    It differs from `Pooling` in this: padding is zeros for the largest element too, the mean always
    divides by the size of the kernel, every one of tied largest elements gets the whole gradient,
    and a window without elements gives minus infinity.

    Parameters
    ----------
    data : NDArray or Symbol
        Shape (N, C, H, W) or (N, C, D, H, W), floating dtype.
    kernel, pool_type, global_pool, pooling_convention, stride, pad
        As for `Pooling`.

    Returns
    -------
    NDArray or Symbol
        Spatial sizes as for `Pooling`.

    Raises
    ------
    MXNetError
        If the window is larger than the padded data.

    Examples
    --------
    >>> x = mx.nd.array([[[[1, 5], [2, 3]]]])
    >>> mx.nd.Pooling_v1(x, kernel=(2, 2), pool_type="sum").asnumpy().tolist()
    [[[[11.0]]]]
    """
    require_floating(data)
    attrs: dict[str, Any] = {"kernel": kernel, "stride": stride, "pad": pad}
    attrs |= {"global_pool": global_pool, "pooling_convention": pooling_convention}
    places = _places((UNKNOWN, *data.shape[1:]), attrs)
    return _pool(_padded(data, attrs), places, pool_type)


@pooling_v1.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    data = inputs[0]
    if data is None:
        return inputs, outputs
    out = (*data[:2], *_places(data, attrs).outputs)
    return [data], [agree("the output", outputs[0], out, data, attrs, "kernel")]


@pooling_v1.gradient
def _(b: Backward):
    data, kind = b.inputs[0], b.attrs["pool_type"]
    places = _places((UNKNOWN, *data.shape[1:]), b.attrs)
    if kind != "max":
        pool = partial(_pool, places=places, pool_type=kind)
        return by_tape(lambda leaf: pool(_padded(leaf, b.attrs)), (data,), b.grads[0])
    found = _to_every_largest(_padded(data, b.attrs), b.outputs[0], b.grads[0], places)
    pad = _pad(tuple(data.shape), b.attrs)
    for axis, size in enumerate(pad, 2):
        found = found.narrow(axis, size, data.shape[axis])
    return (found,)


def _to_every_largest(
    padded: torch.Tensor, out: torch.Tensor, grad: torch.Tensor, places: Places
) -> torch.Tensor:
    """Return the head gradient at every element that equals its window's largest."""
    border = places.complete_border
    whole = functional.pad(padded, border, value=float("-inf"))
    found = torch.zeros_like(whole)
    for offset in product(*[range(size) for size in places.kernel]):
        window: tuple[Any, ...] = (..., *_every(offset, places))
        found[window] += grad * (whole[window] == out)
    return functional.pad(found, tuple([-size for size in border]))


def _every(offset: tuple[int, ...], places: Places) -> list[slice]:
    """Return the slices that take the element at `offset` of every window."""
    rows = zip(offset, places.stride, places.outputs, strict=True)
    return [slice(start, start + (count - 1) * step + 1, step) for start, step, count in rows]
