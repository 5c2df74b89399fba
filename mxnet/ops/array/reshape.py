"""Operators that give the same elements, in the same order, another shape."""

from __future__ import annotations

import math
from functools import lru_cache

import torch

from ...base import MXNetError
from ..attributes import Shape
from ..registry import Attrs, Backward, Shapes, operator
from ..rules import first_input_type, is_known, unify
from .rules import UNKNOWN, axis_index, both_ways, fill_one, forward, product


class _Reading:
    """Reads a shape that may hold the special codes 0, -1, -2, -3 and -4 against a source shape.

    The codes that copy dimensions do not count for what -1 stands for, so that -1 is found even
    where a copied dimension, such as the batch size, is unknown or zero.
    """

    def __init__(self, source: tuple[int, ...]) -> None:
        self.source = source
        self.position = 0  # next dimension of the source
        self.target: list[int] = []
        self.replaced: list[int] = []  # source dimensions that explicit ones stand for
        self.explicit = 1  # product of the explicit dimensions
        self.inferred: int | None = None  # where -1 stands in the target

    def take(self) -> int:
        """Return the next dimension of the source."""
        if self.position >= len(self.source):
            raise MXNetError(f"shape refers to more dimensions than data of {self.source} has")
        self.position += 1
        return self.source[self.position - 1]

    def place(self, code: int) -> None:
        """Read one code other than -4."""
        if code > 0 or code == -1:
            if code == -1:
                if self.inferred is not None:
                    raise MXNetError("shape holds -1 more than once")
                self.inferred = len(self.target)
            else:
                self.explicit *= code
            self.target.append(code)
            self.replaced += self.source[self.position : self.position + 1]
            self.position += 1
        elif code == 0:
            self.target.append(self.take())
        elif code == -2:
            self.target += self.source[self.position :]
            self.position = len(self.source)
        elif code == -3:
            self.target.append(product((self.take(), self.take())))
        else:
            raise MXNetError(f"shape holds {code}, but no code is less than -4")

    def split(self, first: int, second: int) -> None:
        """Read the two dimensions that follow -4, one of which may be -1."""
        whole = self.take()
        if first == second == -1 or min(first, second) < -1 or 0 in (first, second):
            raise MXNetError(f"shape splits {whole} into ({first}, {second})")
        pair = fill_one((first, second), whole)
        if UNKNOWN not in (whole, *pair) and math.prod(pair) != whole:
            raise MXNetError(f"shape splits {whole} into ({first}, {second})")
        self.target += pair

    def finish(self) -> tuple[int, ...]:
        """Return the target shape, with -1 resolved as far as the source is known."""
        rest = product((*self.replaced, *self.source[self.position :]))
        if rest == UNKNOWN:
            return tuple(self.target)
        if self.inferred is not None:
            if rest % self.explicit:
                raise self.refusal()
            self.target[self.inferred] = rest // self.explicit
        elif rest != self.explicit and 0 not in self.target:  # 0 copies a 0 of the source
            raise self.refusal()
        return tuple(self.target)

    def refusal(self) -> MXNetError:
        return MXNetError(
            f"data has shape {self.source}, whose elements do not fill shape {tuple(self.target)}"
        )


@lru_cache(maxsize=4096)
def read_shape(source: tuple[int, ...], codes: tuple[int, ...], reverse: bool) -> tuple[int, ...]:
    """Return the shape that `codes` ask for, read from the right where `reverse`."""
    reading = _Reading(source[::-1] if reverse else source)
    pending = list(codes if reverse else codes[::-1])
    while pending:
        code = pending.pop()
        if code != -4:
            reading.place(code)
        elif len(pending) < 2:
            raise MXNetError("shape holds -4, which two dimensions must follow")
        else:
            reading.split(pending.pop(), pending.pop())
    target = reading.finish()
    return target[::-1] if reverse else target


def _codes(attrs: Attrs) -> tuple[int, ...]:
    """Return the attribute shape, or what the legacy attributes say in its codes."""
    if attrs["shape"]:
        return attrs["shape"]
    legacy = [dimension or -1 for dimension in attrs["target_shape"]]
    if not legacy:
        raise MXNetError("shape is empty, but must name at least one dimension")
    if attrs["keep_highest"]:
        legacy[0] = 0
    return tuple(legacy)


@operator("Reshape", aliases=("reshape",))
def reshape(
    data: torch.Tensor,
    *,
    shape: Shape = (),
    reverse: bool = False,
    target_shape: Shape = (),
    keep_highest: bool = False,
) -> torch.Tensor:
    """Return the elements of an array, in their order, in another shape.

    Besides dimensions, `shape` may hold codes that are read along the dimensions of `data`:
    0 copies one; -1 (at most once) is whatever is left; -2 copies all that remain; -3 merges two;
    -4, followed by two numbers, splits one into these, of which one may be -1.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape and dtype.
    shape : tuple of int
        The new shape, with or without codes.
    reverse : bool, default False
        Whether `shape` is read from its last entry to its first, along `data` from the right.
    target_shape, keep_highest : tuple of int, bool
        A legacy way to say `shape`, in which 0 is what -1 is above; `keep_highest` copies the
        first dimension.

    Returns
    -------
    NDArray or Symbol
        Same dtype and number of elements as `data`.

    Raises
    ------
    MXNetError
        If the elements of `data` do not fill the new shape exactly.

    Examples
    --------
    >>> x = mx.nd.zeros((2, 3, 4))
    >>> x.reshape((0, -1)).shape, x.reshape((-3, 4)).shape, x.reshape((-4, 1, 2, -2)).shape
    ((2, 12), (6, 4), (1, 2, 3, 4))
    >>> mx.nd.reshape(mx.nd.zeros((10, 5, 4)), shape=(-1, 0), reverse=True).shape
    (50, 4)
    """
    attrs = {"shape": shape, "target_shape": target_shape, "keep_highest": keep_highest}
    return data.reshape(read_shape(tuple(data.shape), _codes(attrs), reverse))


@reshape.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    data = inputs[0]
    if data is None:
        return inputs, outputs
    output = unify(read_shape(data, _codes(attrs), attrs["reverse"]), outputs[0])
    if output is not None and is_known(output) and not is_known(data):
        data = fill_one(data, math.prod(output))
    return [data], [output]


def _as_input(b: Backward) -> tuple[torch.Tensor | None, ...]:
    """The gradient of an operator that only changes the shape of its first input."""
    return (b.grads[0].reshape(b.inputs[0].shape), *([None] * (len(b.inputs) - 1)))


reshape.fast_gradient(_as_input)


def _flat(shape: tuple[int, ...]) -> tuple[int, ...]:
    if not shape:
        raise MXNetError("data has no dimension, but must have at least one")
    return (shape[0], product(shape[1:]))


@operator("Flatten", aliases=("flatten",), shapes=forward(lambda shape, attrs: _flat(shape)))
def flatten(data: torch.Tensor) -> torch.Tensor:
    """Return each sample of a batch as one row.

    Parameters
    ----------
    data : NDArray or Symbol
        Shape ``(batch, ...)``, any dtype.

    Returns
    -------
    NDArray or Symbol
        Shape ``(batch, product of the other dimensions)``.

    Examples
    --------
    >>> mx.nd.Flatten(mx.nd.zeros((2, 3, 4))).shape
    (2, 12)
    """
    return data.reshape(_flat(tuple(data.shape)))


flatten.fast_gradient(_as_input)


def _expanded(shape: tuple[int, ...], attrs: Attrs) -> tuple[int, ...]:
    axis = axis_index(attrs["axis"], len(shape) + 1)
    return (*shape[:axis], 1, *shape[axis:])


def _unexpanded(shape: tuple[int, ...], attrs: Attrs) -> tuple[int, ...]:
    axis = axis_index(attrs["axis"], len(shape))
    return (*shape[:axis], *shape[axis + 1 :])


@operator("expand_dims", shapes=both_ways(_expanded, _unexpanded))
def expand_dims(data: torch.Tensor, *, axis: int) -> torch.Tensor:
    """Return an array with a new axis of size 1.

    Parameters
    ----------
    data : NDArray or Symbol
        `n` dimensions, any dtype.
    axis : int
        Where the new axis stands in the result, from ``-(n + 1)`` to `n`.

    Returns
    -------
    NDArray or Symbol
        `n + 1` dimensions.

    Examples
    --------
    >>> mx.nd.expand_dims(mx.nd.zeros((2, 3)), axis=1).shape
    (2, 1, 3)
    """
    return data.unsqueeze(axis_index(axis, data.dim() + 1))


expand_dims.fast_gradient(_as_input)


def _squeezed(shape: tuple[int, ...], named: tuple[int, ...] | None) -> tuple[int, ...]:
    """Return `shape` without the named axes of size 1, all for None; (1,) if none is left."""
    if named is None:
        return tuple(d for d in shape if d != 1) or (1,)
    axes = [axis_index(axis, len(shape)) for axis in named]
    if len(set(axes)) != len(axes):
        raise MXNetError(f"axis is {named}, which names an axis twice")
    for axis in axes:
        if shape[axis] not in (1, UNKNOWN):
            raise MXNetError(f"axis {axis} has size {shape[axis]}, but only size 1 can go")
    return tuple(d for i, d in enumerate(shape) if i not in axes) or (1,)


@operator("squeeze")
def squeeze(data: torch.Tensor, *, axis: Shape | None = None) -> torch.Tensor:
    """Return an array without its axes of size 1.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape and dtype.
    axis : int, tuple of int or None, default None
        The axes to remove; None stands for all that have size 1.

    Returns
    -------
    NDArray or Symbol
        At least one dimension: if none is left, the shape is ``(1,)``.

    Raises
    ------
    MXNetError
        If a named axis has another size.

    Examples
    --------
    >>> x = mx.nd.zeros((1, 2, 1, 3))
    >>> mx.nd.squeeze(x).shape, mx.nd.squeeze(x, axis=0).shape
    ((2, 3), (2, 1, 3))
    """
    return data.reshape(_squeezed(tuple(data.shape), axis))


@squeeze.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    data, axis = inputs[0], attrs["axis"]
    if data is None or (axis is None and UNKNOWN in data):
        return inputs, outputs
    return inputs, [unify(_squeezed(data, axis), outputs[0])]


squeeze.fast_gradient(_as_input)


def _span(rank: int, begin: int | None, end: int | None, name: str) -> tuple[int, int]:
    """Return the axes of one operand of reshape_like as (first, past the last)."""
    first = 0 if begin is None else begin + rank * (begin < 0)
    last = rank if end is None else end + rank * (end < 0)
    if not 0 <= first < last <= rank:
        raise MXNetError(
            f"{name}_begin is {begin} and {name}_end is {end}, which are no axes of "
            f"{rank} dimensions"
        )
    return first, last


def _like(lhs: tuple[int, ...], rhs: tuple[int, ...], attrs: Attrs) -> tuple[int, ...]:
    left = _span(len(lhs), attrs["lhs_begin"], attrs["lhs_end"], "lhs")
    right = _span(len(rhs), attrs["rhs_begin"], attrs["rhs_end"], "rhs")
    target = (*lhs[: left[0]], *rhs[right[0] : right[1]], *lhs[left[1] :])
    if UNKNOWN not in (*lhs, *target) and math.prod(lhs) != math.prod(target):
        raise MXNetError(f"lhs has shape {lhs}, whose elements do not fill shape {target}")
    return target


@operator("reshape_like", types=first_input_type)
def reshape_like(
    lhs: torch.Tensor,
    rhs: torch.Tensor,
    *,
    lhs_begin: int | None = None,
    lhs_end: int | None = None,
    rhs_begin: int | None = None,
    rhs_end: int | None = None,
) -> torch.Tensor:
    """Return `lhs` with a range of its axes in the shape of a range of the axes of `rhs`.

    Parameters
    ----------
    lhs, rhs : NDArray or Symbol
        Of `rhs` only the shape counts.
    lhs_begin, lhs_end, rhs_begin, rhs_end : int or None
        First axis, and axis after the last, of the ranges; None, the default, is the first axis
        or past the last one.

    Returns
    -------
    NDArray or Symbol
        Elements and dtype of `lhs`; by default the shape of `rhs`.

    Examples
    --------
    >>> mx.nd.reshape_like(mx.nd.zeros((2, 6)), mx.nd.zeros((4, 3))).shape
    (4, 3)
    >>> x, y = mx.nd.zeros((30, 7)), mx.nd.zeros((15, 2, 4))
    >>> mx.nd.reshape_like(x, y, lhs_end=1, rhs_end=2).shape
    (15, 2, 7)
    """
    spans = {
        "lhs_begin": lhs_begin,
        "lhs_end": lhs_end,
        "rhs_begin": rhs_begin,
        "rhs_end": rhs_end,
    }
    return lhs.reshape(_like(tuple(lhs.shape), tuple(rhs.shape), spans))


@reshape_like.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    lhs, rhs = inputs
    if lhs is None or rhs is None:
        return inputs, outputs
    output = unify(_like(lhs, rhs, attrs), outputs[0])
    if output is not None and is_known(output) and not is_known(lhs):
        lhs = fill_one(lhs, math.prod(output))
    return [lhs, rhs], [output]


reshape_like.fast_gradient(_as_input)
