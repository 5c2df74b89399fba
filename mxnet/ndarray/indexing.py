"""Getting and setting elements: `x[key]` and `x[key] = value`.

Basic keys (integers, slices, None, Ellipsis) give a view of the memory where the region is
contiguous and a copy elsewhere; keys with arrays always give a copy. A legacy array has at least
one axis, so a single element comes as shape (1,).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from ..base import MXNetError
from .tape import STATE, refuse_write

if TYPE_CHECKING:
    from .ndarray import NDArray

_BASIC = (int, slice, type(None), type(Ellipsis), np.integer)


def _is_basic(key: Any) -> bool:
    if isinstance(key, tuple):
        return all(isinstance(item, _BASIC) and not isinstance(item, bool) for item in key)
    return isinstance(key, _BASIC) and not isinstance(key, bool)


def _as_index(item: Any, device: torch.device) -> Any:
    """Return one part of a key as torch takes it; arrays of numbers become int64."""
    if hasattr(item, "_data"):
        data = item._data
        return data if data.dtype is torch.bool else data.to(torch.int64)
    if isinstance(item, (list, range, np.ndarray)):
        array = np.asarray(item)
        if array.dtype != np.bool_:
            array = array.astype(np.int64)
        return torch.from_numpy(array).to(device)
    if isinstance(item, np.integer):
        return int(item)
    if isinstance(item, (int, slice, type(None), type(Ellipsis))) and not isinstance(item, bool):
        return item
    raise IndexError(
        f"An NDArray index is {item!r} of type {type(item).__name__}, but must be an integer, a "
        "slice, None, Ellipsis, a list, a NumPy array or an NDArray."
    )


def _expand(key: tuple[Any, ...], ndim: int) -> tuple[Any, ...]:
    """Replace Ellipsis and fill up with full slices, so that every axis has its part of the key."""
    used = sum(
        item.ndim if isinstance(item, torch.Tensor) and item.dtype is torch.bool else 1
        for item in key
        if item is not None and item is not Ellipsis
    )
    if used > ndim:
        raise IndexError(f"The key has {used} indices, but the array has {ndim} axes.")
    filler = (slice(None),) * (ndim - used)
    for position, item in enumerate(key):
        if item is Ellipsis:
            rest = tuple(slice(None) if part is Ellipsis else part for part in key[position + 1 :])
            return key[:position] + filler + rest
    return key + filler


def _axis_of_parts(key: tuple[Any, ...]) -> list[int]:
    """Return the axis that each part of an expanded key speaks of, or comes before if None."""
    axes: list[int] = []
    axis = 0
    for item in key:
        axes.append(axis)
        if isinstance(item, torch.Tensor) and item.dtype is torch.bool:
            axis += item.ndim
        elif item is not None:
            axis += 1
    return axes


def _resolve(key: Any, data: torch.Tensor) -> tuple[tuple[Any, ...], bool]:
    """Return the key as torch takes it, and whether it has a negative step.

    Torch knows no negative steps: such a slice becomes the list of its positions.
    """
    parts = key if isinstance(key, tuple) else (key,)
    expanded = _expand(tuple(_as_index(item, data.device) for item in parts), data.ndim)
    resolved: list[Any] = []
    reverses = False
    for item, axis in zip(expanded, _axis_of_parts(expanded), strict=True):
        if isinstance(item, slice):
            length = data.shape[axis]
            if item.step is not None and item.step < 0:
                reverses = True
                item = torch.arange(length)[np.arange(length)[item].copy()].to(data.device)
        elif isinstance(item, int) and not -data.shape[axis] <= item < data.shape[axis]:
            raise IndexError(
                f"index {item} is out of bounds for axis {axis} with size {data.shape[axis]}"
            )
        resolved.append(item)
    return tuple(resolved), reverses


def _select(data: torch.Tensor, key: Any) -> torch.Tensor:
    """Return the elements of `data` at `key`, in at least one axis."""
    resolved, reverses = _resolve(key, data)
    result = _select_outer(data, resolved) if reverses else data[resolved]
    return result.reshape(1) if result.ndim == 0 else result


def _select_outer(data: torch.Tensor, key: tuple[Any, ...]) -> torch.Tensor:
    """Apply the parts one after another, last axis first: slices must not pair up like arrays."""
    tensors = sum(isinstance(item, torch.Tensor) and item.ndim != 1 for item in key)
    if tensors:
        raise MXNetError("A key mixes a negative step with an index array of several axes.")
    for position in range(len(key) - 1, -1, -1):
        item = key[position]
        axis = sum(part is not None for part in key[:position])
        data = data[(slice(None),) * axis + (item,)]
    return data


def _assign(data: torch.Tensor, key: Any, value: Any) -> None:
    """Write `value`, broadcast, into the elements of `data` at `key`."""
    resolved, reverses = _resolve(key, data)
    if reverses:
        positions = torch.arange(data.numel(), device=data.device).reshape(data.shape)
        places = _select_outer(positions, resolved)
        if isinstance(value, torch.Tensor):
            value = value.expand(places.shape).reshape(-1)
        data.view(-1)[places.reshape(-1)] = value
    else:
        data[resolved] = value


class Indexing:
    """The item access of NDArray."""

    def __getitem__(self: Any, key: Any) -> NDArray:
        recording = STATE.recording and self._tape is not None
        source = self._tape if recording else self._data
        if type(key) is int and not recording and -len(self) <= key < len(self):
            result = source[key]  # the hot case: one row
            return type(self)(result if result.ndim else result.reshape(1), ctx=self._ctx)
        result = _select(source, key)
        if not _is_basic(key) or not result.is_contiguous():
            result = result.contiguous()
        array = type(self)(result.detach() if recording else result, ctx=self._ctx)
        if recording:
            array._tape = result
        return array

    def __setitem__(self: Any, key: Any, value: Any) -> None:
        if not self.writable:
            raise ValueError("The NDArray is read-only, so its elements can not be set.")
        refuse_write(self)
        target = self._data
        if hasattr(value, "_data"):
            value = value._data.to(device=target.device, dtype=target.dtype)
        elif isinstance(value, (list, tuple, np.ndarray)):
            value = torch.as_tensor(np.asarray(value)).to(device=target.device, dtype=target.dtype)
        elif not isinstance(value, (float, int, np.generic)):
            raise TypeError(f"NDArray elements can not be set to a {type(value).__name__}.")
        elif isinstance(value, np.generic):
            value = value.item()
        try:
            if type(key) is slice and key == slice(None):
                target[...] = value
            else:
                _assign(target, key, value)
        except RuntimeError as error:
            shape = tuple(value.shape) if isinstance(value, torch.Tensor) else ()
            raise ValueError(
                f"A value of shape {shape} does not fit x[{key}] of an array of shape "
                f"{tuple(target.shape)}."
            ) from error
