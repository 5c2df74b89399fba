"""The methods of NDArray that give it another shape, and those that write a region of it."""

from __future__ import annotations

import math
import operator as python_operator
from typing import TYPE_CHECKING, Any

from ..base import MXNetError
from ..ops.registry import get
from .eager import get_array_class, invoke, view_of
from .tape import STATE, in_graph

if TYPE_CHECKING:
    from .ndarray import NDArray


class Shaping:
    """The changes of shape that NDArray knows beside those that are operators' methods."""

    def reshape(self: Any, *shape: Any, **kwargs: Any) -> NDArray:
        """Return the elements in another shape, sharing memory.

        Parameters
        ----------
        *shape : int or tuple of int
            The new shape; 0, -1, -2, -3 and -4 have the meanings of :func:`mxnet.nd.reshape`.
        **kwargs
            ``shape`` by name, ``reverse`` (bool, default False): match from the right.

        Raises
        ------
        ValueError
            If the shape has too few elements.
        MXNetError
            If the shape has too many elements, or its codes do not fit.

        Examples
        --------
        >>> mx.nd.zeros((2, 3, 4)).reshape((0, -1)).shape
        (2, 12)
        """
        if len(shape) == 1 and isinstance(shape[0], (tuple, list)):
            shape = tuple(shape[0])
        elif not shape:
            shape = kwargs.get("shape", ())
            if not shape:
                raise AssertionError("reshape: shape is missing.")
        unknown = kwargs.keys() - {"shape", "reverse"}
        if unknown:
            raise TypeError(f"reshape: unexpected arguments {sorted(unknown)}.")
        try:
            shape = tuple(map(python_operator.index, shape))
        except TypeError:
            raise TypeError(f"reshape: shape is {shape!r}, but must hold integers.") from None
        if not (STATE.recording or kwargs) and _holds_sizes(shape, self._data.numel()):
            return get_array_class()(self._data.reshape(shape), ctx=self._ctx)
        try:
            return self._view("Reshape", shape=shape, reverse=kwargs.get("reverse", False))
        except MXNetError as error:
            if _holds_less(shape, self.shape):
                raise ValueError(str(error)) from None
            raise

    def _view(self: Any, name: str, **raw: Any) -> NDArray:
        """Apply a reshaping operator, so that the result shares the memory."""
        reshaping = get(name)
        attrs = reshaping.parse(raw)
        recording = STATE.recording and in_graph(self)
        source: Any = self._tape if recording else self._data
        try:
            result = reshaping.function(source, **attrs)
        except (MXNetError, RuntimeError) as error:
            raise reshaping.explain(error, [self._data], attrs) from error
        if not recording:
            return get_array_class()(result, ctx=self._ctx)
        view = view_of(self, result, reshaping, attrs)
        if self._shadow is not None:
            view._shadow = reshaping.function(self._shadow, **attrs)
        return view

    def _reshaped(self: Any, name: str, inplace: bool, **raw: Any) -> NDArray:
        if inplace:
            return self._view(name, **raw)
        reshaping = get(name)
        return invoke(reshaping, [self], reshaping.parse(raw))

    def expand_dims(self: Any, axis: int, inplace: bool = False) -> NDArray:
        """Return the array with an axis of length 1 put in at `axis`."""
        return self._reshaped("expand_dims", inplace, axis=axis)

    def flatten(self: Any, inplace: bool = False) -> NDArray:
        """Return the array with all axes but the first made one."""
        return self._reshaped("Flatten", inplace)

    def squeeze(self: Any, axis: Any = None, inplace: bool = False) -> NDArray:
        """Return the array without its axes of length 1, or without those in `axis`."""
        return self._reshaped("squeeze", inplace, axis=axis)

    def broadcast_to(self: Any, shape: Any) -> NDArray:
        """Return the array with axes of length 1 repeated to `shape`."""
        shape = (shape,) if isinstance(shape, int) else tuple(shape)
        source = self.reshape((1,) * (len(shape) - self.ndim) + self.shape)
        fits = [have in (1, want) for have, want in zip(source.shape, shape, strict=False)]
        if len(shape) < self.ndim or not all(fits):
            raise ValueError(f"broadcast_to: shape {self.shape} does not broadcast to {shape}.")
        target = get("broadcast_to")
        return invoke(target, [source], target.parse({"shape": shape}))

    def broadcast_like(self: Any, other: NDArray) -> NDArray:
        """Return the array with axes of length 1 repeated to the shape of `other`."""
        return self.broadcast_to(other.shape)

    def diag(self: Any, k: int = 0, **kwargs: Any) -> NDArray:
        """Return diagonal `k` of a matrix, or a matrix with this vector on it."""
        diagonal = get("diag")
        return invoke(diagonal, [self], diagonal.parse({"k": k, **kwargs}))

    def slice_assign(self: Any, rhs: NDArray, begin: Any, end: Any, step: Any) -> NDArray:
        """Write `rhs` into the region from begin to end by step, and return this array."""
        assign = get("_slice_assign")
        attrs = assign.parse({"begin": begin, "end": end, "step": step or ()})
        return invoke(assign, [self, rhs], attrs, self)

    def slice_assign_scalar(self: Any, value: float, begin: Any, end: Any, step: Any) -> NDArray:
        """Write `value` into the region from begin to end by step, and return this array."""
        assign = get("_slice_assign_scalar")
        raw = {"scalar": value, "begin": begin, "end": end, "step": step or ()}
        return invoke(assign, [self], assign.parse(raw), self)


def _holds_less(target: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    """Return whether an array of `shape` has more elements than fit into a refused `target`."""
    known = [shape[i] if n == 0 and i < len(shape) else n for i, n in enumerate(target)]
    if min(known, default=0) < -1 or known.count(-1) > 1 or 0 in known[len(shape) :]:
        return False
    return -1 in known or math.prod(known) < math.prod(shape)


def _holds_sizes(shape: tuple[int, ...], count: int) -> bool:
    """Return whether a shape of `count` elements holds sizes alone, one of them perhaps -1."""
    total = math.prod(shape)
    if total >= 0:
        return total == count and min(shape, default=1) > 0
    return count % total == 0 and min(shape) == -1 and shape.count(-1) == 1
