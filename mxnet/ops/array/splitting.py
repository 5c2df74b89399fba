"""Operators that cut an array into several along one axis."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from ...base import MXNetError
from ..attributes import PositiveInt, Shape
from ..registry import Attrs, Backward, Shapes, operator
from ..rules import PartialShape, unify
from .rules import UNKNOWN, axis_index


def _cut(shape: tuple[int, ...], axis: int, size: int, squeeze: bool) -> tuple[int, ...]:
    """Return `shape` with `size` elements along `axis`, or without that axis."""
    return (*shape[:axis], *(() if squeeze else (size,)), *shape[axis + 1 :])


def _equal_size(size: int, attrs: Attrs) -> int:
    """Return how many elements each of the equal parts of SliceChannel has along the axis."""
    count = attrs["num_outputs"]
    if size == UNKNOWN:
        return UNKNOWN
    if size % count:
        raise MXNetError(f"num_outputs is {count}, but does not divide the {size} elements of axis")
    if attrs["squeeze_axis"] and size != count:
        raise MXNetError(
            f"squeeze_axis needs as many outputs as axis has elements, {size}, not {count}"
        )
    return size // count


def _whole(part: tuple[int, ...], attrs: Attrs) -> PartialShape:
    """Return the shape of the input that one output of SliceChannel of this shape comes from."""
    count, squeeze = attrs["num_outputs"], attrs["squeeze_axis"]
    axis = axis_index(attrs["axis"], len(part) + squeeze)
    if squeeze:
        return (*part[:axis], count, *part[axis:])
    size = UNKNOWN if part[axis] == UNKNOWN else part[axis] * count
    return (*part[:axis], size, *part[axis + 1 :])


def _channel_shapes(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    data = inputs[0]
    for known in outputs:
        if known is not None:
            data = unify(data, _whole(known, attrs))
    if data is None:
        return inputs, outputs
    axis = axis_index(attrs["axis"], len(data))
    part = _cut(data, axis, _equal_size(data[axis], attrs), attrs["squeeze_axis"])
    return [data], [part] * len(outputs)


@operator(
    "SliceChannel",
    aliases=("split",),
    outputs=lambda attrs: attrs["num_outputs"],
    shapes=_channel_shapes,
)
def slice_channel(
    data: torch.Tensor, *, num_outputs: PositiveInt, axis: int = 1, squeeze_axis: bool = False
):
    """Return an array cut into equal parts along an axis.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape and dtype.
    num_outputs : int
        Number of parts; it divides the size of `axis`.
    axis : int, default 1
        The axis; a negative one counts from the last.
    squeeze_axis : bool, default False
        Whether the axis, then of size 1 in each part, is removed.

    Returns
    -------
    list of NDArray, or Symbol
        `num_outputs` parts; one NDArray where that is 1.

    Examples
    --------
    >>> x = mx.nd.array([[1, 2], [3, 4]])
    >>> [part.asnumpy().tolist() for part in mx.nd.split(x, num_outputs=2, squeeze_axis=True)]
    [[1.0, 3.0], [2.0, 4.0]]
    """
    axis = axis_index(axis, data.dim())
    attrs = {"num_outputs": num_outputs, "squeeze_axis": squeeze_axis}
    size = _equal_size(data.shape[axis], attrs)
    return _parts(data, [size] * num_outputs, axis, squeeze_axis)


def _parts(data: torch.Tensor, sizes: Sequence[int], axis: int, squeeze: bool):
    """Return the parts of these sizes: a tuple, or the one tensor."""
    parts = data.split(sizes, axis)
    if squeeze:
        parts = tuple(part.squeeze(axis) for part in parts)
    return parts if len(parts) > 1 else parts[0]


def _joined_gradient(b: Backward):
    """The parts' gradients, put together again."""
    axis = axis_index(b.attrs["axis"], b.inputs[0].dim())
    join = torch.stack if b.attrs["squeeze_axis"] else torch.cat
    return (join(list(b.grads), axis),)


slice_channel.fast_gradient(_joined_gradient)


def _section_sizes(size: int, attrs: Attrs) -> list[int]:
    """Return the sizes that _split_v2 cuts an axis of `size` elements into."""
    sections, indices = attrs["sections"], attrs["indices"]
    if sections > 0:
        if size == UNKNOWN:
            return [UNKNOWN] * sections
        share, extra = divmod(size, sections)
        return [share + (part < extra) for part in range(sections)]
    if indices[:1] != (0,):
        raise MXNetError(f"indices is {indices}, but must begin with 0 where sections is 0")
    ends = (*indices[1:], size)
    if size == UNKNOWN:
        return [UNKNOWN if b == UNKNOWN else b - a for a, b in zip(indices, ends, strict=True)]
    if list(ends) != sorted(ends):
        raise MXNetError(f"indices is {indices}, but must rise up to at most {size}")
    return [end - start for start, end in zip(indices, ends, strict=True)]


def _section_shapes(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    data, squeeze = inputs[0], attrs["squeeze_axis"]
    if data is None:
        return inputs, outputs
    axis = axis_index(attrs["axis"], len(data))
    sizes = _section_sizes(data[axis], attrs)
    return inputs, [
        unify(_cut(data, axis, size, squeeze), known)
        for size, known in zip(sizes, outputs, strict=True)
    ]


@operator(
    "_split_v2",
    outputs=lambda attrs: attrs["sections"] if attrs["sections"] > 0 else len(attrs["indices"]),
    shapes=_section_shapes,
)
def split_v2(
    data: torch.Tensor,
    *,
    indices: Shape,
    axis: int = 1,
    squeeze_axis: bool = False,
    sections: int = 0,
):
    """Return an array cut along an axis, before the given indices or into equal sections.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape and dtype.
    indices : tuple of int
        Where the parts begin: 0, then rising numbers. Not used where `sections` is given.
    axis : int, default 1
        The axis; a negative one counts from the last.
    squeeze_axis : bool, default False
        Whether the axis is removed; every part must then have size 1 there.
    sections : int, default 0
        Number of parts, if not 0; where it does not divide the size, the first parts get one
        element more.

    Returns
    -------
    list of NDArray, or Symbol
        The parts in order; one NDArray where there is one part.

    Examples
    --------
    >>> x = mx.nd.arange(5)
    >>> [part.asnumpy().tolist() for part in mx.nd.split_v2(x, (1, 3), axis=0)]
    [[0.0], [1.0, 2.0], [3.0, 4.0]]
    """
    axis = axis_index(axis, data.dim())
    sizes = _section_sizes(data.shape[axis], {"sections": sections, "indices": indices})
    if squeeze_axis and set(sizes) != {1}:
        raise MXNetError(f"squeeze_axis needs parts of size 1, but they have the sizes {sizes}")
    return _parts(data, sizes, axis, squeeze_axis)


split_v2.fast_gradient(_joined_gradient)
