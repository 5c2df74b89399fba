"""Getting and setting elements: `x[key]` and `x[key] = value`.

Basic keys (integers, slices, None, Ellipsis) give a view of the memory where the region is
contiguous and a copy elsewhere; keys with arrays always give a copy. Keys mean what they mean to
NumPy, boolean arrays included, but a legacy array has at least one axis, so that a single element
comes as shape (1,) except under `mx.util.np_shape`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from ..base import MXNetError
from ..ops.elementwise.forms import wrap
from ..util import is_np_shape
from .eager import view_of
from .tape import INDEXED, STATE, in_graph, refuse_write, write_copy

if TYPE_CHECKING:
    from .ndarray import NDArray

_NUMBERS = (float, int, np.generic)


def _is_speedy(key: Any) -> bool:
    """Return whether torch's own basic indexing does all of `key`: no arrays, no negative step."""
    ellipses = 0
    for item in key if type(key) is tuple else (key,):
        kind = type(item)
        if kind is slice:
            if item.step is not None and not (type(item.step) is int and item.step > 0):
                return False
        elif item is Ellipsis:
            ellipses += 1
        elif kind is not int and item is not None:
            return False
    return ellipses < 2


def _as_index(item: Any, device: torch.device) -> Any:
    """Return one part of a key as integer, slice, None, Ellipsis, or tensor of int64 or bool."""
    if hasattr(item, "_data"):
        data = item._data
        return data if data.dtype is torch.bool else data.to(torch.int64)
    if isinstance(item, (list, tuple, range, np.ndarray)):
        array = np.asarray(item)
        if array.dtype != np.bool_:
            array = array.astype(np.int64)
        return torch.from_numpy(array).to(device)
    if isinstance(item, (int, np.integer)):
        return int(item)
    if isinstance(item, (slice, type(None), type(Ellipsis))):
        return item
    raise ValueError(
        f"An NDArray index is {item!r} of type {type(item).__name__}, but must be an integer, a "
        "slice, None, Ellipsis, a list, a NumPy array or an NDArray."
    )


def _axes_of(item: Any) -> int:
    """Return how many axes of the array a part of a key speaks of."""
    if isinstance(item, torch.Tensor) and item.dtype is torch.bool:
        return item.ndim
    return 0 if item is None else 1


def _parts(key: Any, data: torch.Tensor) -> tuple[Any, ...]:
    """Return the key as one part for each axis, and None for each new one."""
    items = key if isinstance(key, tuple) else (key,)
    parts = tuple(_as_index(item, data.device) for item in items)
    used = sum(_axes_of(part) for part in parts if part is not Ellipsis)
    if used > data.ndim:
        raise IndexError(f"The key has {used} indices, but the array has {data.ndim} axes.")
    filler = (slice(None),) * (data.ndim - used)
    places = [i for i, part in enumerate(parts) if part is Ellipsis]
    if len(places) > 1:
        raise IndexError("The key has more than one Ellipsis (...).")
    if places:
        return parts[: places[0]] + filler + parts[places[0] + 1 :]
    return parts + filler


def _forward(part: slice, length: int) -> tuple[slice, bool]:
    """Return a slice of the same positions with a positive step, and whether to reverse them."""
    positions = range(length)[part]
    if positions.step > 0:
        return part, False
    if not positions:
        return slice(0, 0), False
    return slice(positions[-1], positions[0] + 1, -positions.step), len(positions) > 1


def _sliced(
    data: torch.Tensor, parts: tuple[Any, ...], check: bool
) -> tuple[torch.Tensor, list[int], tuple[Any, ...]]:
    """Return the view that the slices of a key select, which of its axes a negative step reverses
    (torch knows no negative steps), and the rest of the key, with full slices in their place.

    With `check` index arrays out of range are refused here, before anything is written.
    """
    slices: list[slice] = []
    reversed_axes: list[int] = []
    rest: list[Any] = []
    arrays = any(isinstance(part, torch.Tensor) for part in parts)
    for part in parts:
        axis = len(slices)
        if isinstance(part, slice):
            part, reverses = _forward(part, data.shape[axis])
            slices.append(part)
            reversed_axes += [axis] * reverses
            rest.append(slice(None))
            continue
        slices += [slice(None)] * _axes_of(part)
        if arrays and isinstance(part, int):
            # Beside arrays an integer is an array too, which decides where the picked axis goes.
            part = torch.tensor([part], device=data.device)
        if check and isinstance(part, torch.Tensor) and part.dtype is torch.int64:
            _check_range(part, axis, data.shape[axis])
        rest.append(part)
    return data[tuple(slices)], reversed_axes, tuple(rest)


def _check_range(index: torch.Tensor, axis: int, length: int) -> None:
    if index.numel():
        lowest, highest = index.aminmax()
        for position in (int(lowest), int(highest)):
            if not -length <= position < length:
                raise IndexError(
                    f"index {position} is out of bounds for axis {axis} with size {length}"
                )


def _select(data: torch.Tensor, key: Any) -> torch.Tensor:
    """Return the elements of `data` at `key`."""
    # A CPU kernel refuses what is out of range itself, unless there is nothing to pick; after a
    # GPU's no kernel runs any more.
    parts = _parts(key, data)
    view, reversed_axes, rest = _sliced(data, parts, check=data.is_cuda)
    if not view.numel():
        _sliced(data, parts, check=True)
    return (view.flip(reversed_axes) if reversed_axes else view)[rest]


def _assign(data: torch.Tensor, key: Any, value: Any) -> None:
    """Write `value`, broadcast, into the elements of `data` at `key`."""
    view, reversed_axes, rest = _sliced(data, _parts(key, data), check=True)
    if not reversed_axes:
        view[rest] = value
        return
    turned = view.flip(reversed_axes)  # a copy
    turned[rest] = value
    view.copy_(turned.flip(reversed_axes))


def _as_value(value: Any, target: torch.Tensor) -> Any:
    """Return what is to be written as a number, or as a tensor of the target's dtype."""
    if hasattr(value, "_data"):
        source = value._data
        if source.dtype is not target.dtype or source.device != target.device:
            return source.to(device=target.device, dtype=target.dtype)
        return source.clone() if _may_overlap(source, target) else source
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, _NUMBERS):
        return value
    if isinstance(value, (list, tuple, np.ndarray)):
        try:
            tensor = torch.as_tensor(np.asarray(value))
        except TypeError:
            raise ValueError("NDArray elements can be set to numbers only.") from None
        return tensor.to(device=target.device, dtype=target.dtype)
    raise TypeError(f"NDArray elements can not be set to a {type(value).__name__}.")


def _may_overlap(source: torch.Tensor, target: torch.Tensor) -> bool:
    """Return whether both may share memory; one that is no view of another has its own."""
    if not (source._is_view() or target._is_view()):
        return source is target
    return source.untyped_storage().data_ptr() == target.untyped_storage().data_ptr()


def _write(target: torch.Tensor, key: Any, value: Any) -> None:
    if _is_speedy(key):
        target[key] = value
    else:
        _assign(target, key, value)


def _write_recorded(array: NDArray, key: Any, value: NDArray) -> None:
    """Write a value of the graph into a whole array, which becomes part of the graph too."""
    target = array._data
    if not _is_speedy(key) or target[key].shape != target.shape:
        raise MXNetError(
            "While autograd records a value of the graph can be written into a whole array only "
            "(x[:] = value): the gradient of a part would be lost."
        )
    write_copy(array, value)


class Indexing:
    """The item access of NDArray."""

    def __getitem__(self: Any, key: Any) -> NDArray:
        recording = STATE.recording and in_graph(self)
        source = self._tape if recording else self._data
        try:
            result = source[key] if _is_speedy(key) else _select(source, key)
        except IndexError as error:
            if _is_whole_scalar(source, key):
                return self[()]
            raise _explain(error) from None
        if not result.ndim:
            result = result if is_np_shape() else result.reshape(1)
        elif not result.is_contiguous():
            result = result.contiguous()
        if not recording:
            return type(self)(result, ctx=self._ctx)
        attrs = {"key": key, "from": self.shape, "to": result.shape}
        view = view_of(self, result, INDEXED, attrs)
        if self._shadow is not None:
            view._shadow = _select(self._shadow, key).reshape(result.shape)
        return view

    def __setitem__(self: Any, key: Any, value: Any) -> None:
        if not self.writable:
            raise ValueError("The NDArray is read-only, so its elements can not be set.")
        if STATE.recording:
            refuse_write(self)
            if hasattr(value, "_tape") and in_graph(value):
                return _write_recorded(self, key, value)
        target, given = self._data, value
        kind = type(value)
        if kind is not float and kind is not int:
            value = _as_value(value, target)
        try:
            try:
                _write(target, key, value)
            except RuntimeError:
                if isinstance(value, torch.Tensor) or target.is_floating_point():
                    raise
                _write(target, key, wrap(value, target.dtype))  # 300 for uint8
        except IndexError as error:
            if _is_whole_scalar(target, key):
                return self.__setitem__((), given)
            raise _explain(error) from None
        except RuntimeError as error:
            shape = tuple(value.shape) if isinstance(value, torch.Tensor) else ()
            raise ValueError(
                f"A value of shape {shape} does not fit x[{key}] of an array of shape "
                f"{tuple(target.shape)}."
            ) from error


def _is_whole_scalar(array: torch.Tensor, key: Any) -> bool:
    """Return whether this is x[:] of an array without axes, which torch refuses."""
    return not array.ndim and isinstance(key, slice) and key == slice(None)


def _explain(error: IndexError) -> Exception:
    """Return torch's complaint about a key as the error that the reference raises for it."""
    text = str(error)
    if text.startswith("shape mismatch"):
        return ValueError(f"The arrays of a key do not broadcast: {text}.")
    return IndexError(text)
