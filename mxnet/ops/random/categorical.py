"""Draws of classes, permutations, and classes without replacement."""

from __future__ import annotations

import math
from itertools import pairwise

import torch

from ...base import MXNetError
from ...dtype import NAME_OF_TORCH, torch_dtype
from ..attributes import DType, Shape
from ..registry import operator
from ..rules import same_shapes
from . import streams, tables, uniforms

Generator = torch.Generator | None
ClassType = DType["float16", "float32", "float64", "int32", "uint8"]

_FEW_CLASSES = 32  # up to so many, comparing with each is faster than a search


def _count(attrs):
    return 2 if attrs["get_prob"] else 1


@operator("_sample_multinomial", aliases=("sample_multinomial",), outputs=_count)
def sample_multinomial(
    data: torch.Tensor,
    *,
    shape: Shape = (),
    get_prob: bool = False,
    dtype: ClassType = "int32",
    generator: Generator,
) -> torch.Tensor | tuple[torch.Tensor, torch.Tensor]:
    """Draw classes with the probabilities that the last axis of `data` holds.

    Parameters
    ----------
    data : NDArray or Symbol
        Probabilities, shape (..., classes), floating dtype. A row that does not sum to 1 is divided
        by its sum.
    shape : int or tuple of int, default ()
        How many draws for each row.
    get_prob : bool, default False
        Whether a second output gives the logarithm of `data` at the drawn classes, as the
        REINFORCE gradient needs it; its gradient flows to `data`.
    dtype : {'int32', 'uint8', 'float16', 'float32', 'float64'}, default 'int32'
        Element type of the classes.

    Returns
    -------
    NDArray or Symbol, or a list of two
        Classes, and logarithms if asked for: shape ``data.shape[:-1] + shape``, (1,) for ().

    Examples
    --------
    >>> mx.nd.sample_multinomial(mx.nd.array([[0, 1], [1, 0]]), shape=3).asnumpy().tolist()
    [[1, 1, 1], [0, 0, 0]]
    """
    if not data.is_floating_point():
        raise MXNetError(f"data is {NAME_OF_TORCH[data.dtype]}, but must have a floating dtype")
    rows = data.reshape(-1, data.shape[-1])
    classes = _draw_classes(rows.detach(), math.prod(shape), generator)
    drawn_shape = (data.shape[:-1] + shape) or (1,)
    drawn = classes.to(torch_dtype(dtype)).reshape(drawn_shape)
    if not get_prob:
        return drawn
    return drawn, rows.gather(1, classes.long()).log().reshape(drawn_shape)


def _draw_classes(rows: torch.Tensor, count: int, generator: Generator) -> torch.Tensor:
    """Return (rows, count) classes, by a table or by each row's cumulative distribution."""
    working = torch.float64 if rows.dtype is torch.float64 else torch.float32
    classes = rows.shape[1]
    points = rows.new_empty((len(rows), count), dtype=working)
    large = streams.applies(points, tables.FEW)
    if large and len(rows) == 1 and tables.applies(rows[0], count):
        drawn = points.new_empty(count, dtype=torch.int32)
        return tables.fill(drawn, rows[0].double(), streams.Stream(generator)).unsqueeze(0)
    uniforms.fill(points, generator)
    few = large and classes <= _FEW_CLASSES
    if few and count > 1:
        return _compare(rows, points)
    cumulative = rows.cumsum(1, dtype=working)
    if few:
        return _compare_one(cumulative, points)
    cumulative.div_(cumulative[:, -1:].clone())
    if len(rows) == 1:  # torch searches one sorted sequence faster than a batch of one
        found = torch.bucketize(points, cumulative[0], right=True, out_int32=True)
    else:
        found = torch.searchsorted(cumulative, points, right=True, out_int32=True)
    return found.clamp_(max=classes - 1)


def _compare_one(cumulative: torch.Tensor, points: torch.Tensor) -> torch.Tensor:
    """Return the class of each row's one point by comparing with all its cumulative shares."""
    classes = cumulative.shape[1]
    total, limits = cumulative[:, -1:], torch.finfo(points.dtype)
    if bool(total.min() > limits.tiny / limits.eps):  # the products stay below the total then
        points.mul_(total)
    else:
        cumulative.div_(total.clone())
    above = cumulative.gt_(points).mv(points.new_ones(classes))
    return above.neg_().add_(classes).clamp_(max=classes - 1).to(torch.int32).unsqueeze(1)


def _compare(rows: torch.Tensor, points: torch.Tensor) -> torch.Tensor:
    """Return the classes of `points` in each row by comparing with each cumulative probability."""
    cumulative = rows.t().to(points.dtype, memory_format=torch.contiguous_format, copy=True)
    for before, share in pairwise(cumulative):  # class by class: rows are many, classes few
        share.add_(before)
    cumulative.div_(cumulative[-1].clone())
    found = torch.empty_like(points, dtype=torch.int32)
    each = max(1, streams.BLOCK // points.shape[1])
    for start in range(0, len(points), each):
        part = points[start : start + each]
        above, below = torch.full_like(part, len(cumulative) - 1), torch.empty_like(part)
        for bound in cumulative[:-1, start : start + each]:
            above.sub_(torch.lt(part, bound.unsqueeze(1), out=below))
        found[start : start + each] = above
    return found


@sample_multinomial.shape_rule
def _(inputs, outputs, attrs):
    if inputs[0] is None:
        return inputs, outputs
    drawn = ((*inputs[0][:-1], *attrs["shape"])) or (1,)
    return inputs, [drawn] * len(outputs)


@sample_multinomial.type_rule
def _(inputs, outputs, attrs):
    return inputs, [torch_dtype(attrs["dtype"]), *inputs][: len(outputs)]


@operator("_shuffle", aliases=("shuffle",), shapes=same_shapes)
def shuffle(data: torch.Tensor, *, generator: Generator) -> torch.Tensor:
    """Put the entries of the first axis into random order, all orders equally likely.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape of at least one axis, any dtype.

    Examples
    --------
    >>> sorted(mx.nd.shuffle(mx.nd.array([3, 1, 2])).asnumpy().tolist())
    [1.0, 2.0, 3.0]
    """
    length = data.shape[0]
    small = length <= torch.iinfo(torch.int32).max  # int32 takes two thirds of int64's time
    order = torch.randperm(
        length,
        generator=generator,
        device=data.device,
        dtype=torch.int32 if small else torch.int64,
    )
    return data.index_select(0, order)


@operator("_sample_unique_zipfian", outputs=2)
def sample_unique_zipfian(
    *, range_max: int, shape: Shape | None = None, generator: Generator
) -> tuple[torch.Tensor, torch.Tensor]:
    """Draw different classes from a Zipfian distribution: frequent words, for sampled softmax.

    Class k of the `range_max` classes has probability log((k + 2) / (k + 1)) / log(range_max + 1);
    what was drawn before in the same row is drawn again.

    Parameters
    ----------
    range_max : int
        Number of classes.
    shape : tuple of 2 int
        Number of rows, and of different classes in each.

    Returns
    -------
    list of two NDArrays or Symbols
        The classes in the order of drawing, int64, of shape `shape`; and for each row how many
        draws it took, int64.

    Raises
    ------
    MXNetError
        If there are fewer classes than a row must hold.

    Examples
    --------
    >>> classes, tries = mx.nd._internal._sample_unique_zipfian(4, shape=(1, 4))
    >>> sorted(classes[0].asnumpy().tolist()), bool(tries.asscalar() >= 4)
    ([0, 1, 2, 3], True)
    """
    if shape is None or len(shape) != 2 or min(shape) < 1:
        raise MXNetError(f"shape is {shape}, but must be (rows, classes in each), both positive")
    rows, wanted = shape
    if wanted > range_max:
        raise MXNetError(f"shape asks for {wanted} different classes, but range_max is {range_max}")
    drawn = _zipfian((rows, 5 * wanted // 2 + 16), range_max, generator)
    while True:  # twice as many draws until every row holds enough different classes
        first = _is_first(drawn, range_max)
        seen = first.cumsum(1)
        if bool((seen[:, -1] >= wanted).all()):
            return drawn[first & (seen <= wanted)].reshape(shape), (seen < wanted).sum(1) + 1
        more = _zipfian((rows, drawn.shape[1]), range_max, generator)
        drawn = torch.cat([drawn, more], 1)


def _zipfian(shape: tuple[int, int], range_max: int, generator: Generator) -> torch.Tensor:
    device = generator.device if generator is not None else None
    points = torch.empty(shape, dtype=torch.float64, device=device).uniform_(generator=generator)
    values = points.mul_(math.log1p(range_max)).exp_().long() - 1
    return values.clamp_(max=range_max - 1)  # rounding can reach range_max


def _is_first(drawn: torch.Tensor, range_max: int) -> torch.Tensor:
    """Return where each row's element is not among those before it."""
    rows = torch.arange(len(drawn), device=drawn.device).unsqueeze(1)
    ordered, order = (drawn + rows * range_max).flatten().sort(stable=True)
    new = torch.ones_like(ordered, dtype=torch.bool)
    torch.ne(ordered[1:], ordered[:-1], out=new[1:])
    return torch.empty_like(new).scatter_(0, order, new).reshape(drawn.shape)


@sample_unique_zipfian.shape_rule
def _(inputs, outputs, attrs):
    shape = attrs["shape"]
    return inputs, [shape, shape and shape[:1]]


@sample_unique_zipfian.type_rule
def _(inputs, outputs, attrs):
    return inputs, [torch.int64, torch.int64]
