"""Operators that put several arrays together."""

from __future__ import annotations

import torch

from ...base import MXNetError
from ..registry import Attrs, Backward, Shapes, operator
from ..rules import unify
from .rules import UNKNOWN, axis_index


def _rank(shapes: Shapes) -> int | None:
    return next((len(shape) for shape in shapes if shape is not None), None)


def _without(shape: tuple[int, ...], axis: int, rank: int) -> tuple[int, ...]:
    """Return `shape` with the size along `axis` unknown."""
    if len(shape) != rank:
        raise MXNetError(f"an array has shape {shape}, but another one has {rank} dimensions")
    return (*shape[:axis], UNKNOWN, *shape[axis + 1 :])


def _common_shape(shapes: Shapes, axis: int, rank: int) -> tuple[int, ...]:
    """Return what all shapes agree on, with the size along `axis` unknown."""
    common: tuple[int, ...] = (UNKNOWN,) * rank
    for shape in shapes:
        if shape is None:
            continue
        try:
            common = unify(common, _without(shape, axis, rank)) or common
        except MXNetError:
            raise MXNetError(
                f"an array has shape {shape}, but the others agree on {common} "
                f"(-1 is unknown or dim={axis})"
            ) from None
    return common


def _with(shape: tuple[int, ...], axis: int, size: int) -> tuple[int, ...]:
    return (*shape[:axis], size, *shape[axis + 1 :])


def _fill_sizes(sizes: list[int], total: int) -> tuple[list[int], int]:
    """Fill in the one unknown among the joined sizes and their total, if only one is unknown."""
    unknown = sizes.count(UNKNOWN)
    known = sum(size for size in sizes if size != UNKNOWN)
    if unknown == 0:
        total = known if total == UNKNOWN else total
    if total != UNKNOWN and (known > total or (unknown == 0 and known != total)):
        raise MXNetError(f"the arrays have {known} elements along dim, but the result has {total}")
    if unknown == 1 and total != UNKNOWN:
        sizes = [total - known if size == UNKNOWN else size for size in sizes]
    return sizes, total


def _joined_shapes(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    """All arrays agree in every axis but one, along which the sizes add up."""
    rank = _rank(inputs) if _rank(inputs) is not None else _rank(outputs)
    if rank is None:
        return inputs, outputs
    axis = axis_index(attrs["dim"], rank, "dim")
    common = _common_shape([*inputs, *outputs], axis, rank)
    sizes = [UNKNOWN if shape is None else shape[axis] for shape in inputs]
    total = UNKNOWN if outputs[0] is None else outputs[0][axis]
    sizes, total = _fill_sizes(sizes, total)
    return [_with(common, axis, size) for size in sizes], [_with(common, axis, total)]


@operator("Concat", aliases=("concat", "_sparse_concat"), shapes=_joined_shapes)
def concat(*data: torch.Tensor, dim: int = 1) -> torch.Tensor:
    """Return arrays joined along an axis that they have.

    Parameters
    ----------
    data : NDArrays or Symbols
        At least one; their shapes may differ along `dim` alone.
    dim : int, default 1
        The axis; a negative one counts from the last.

    Returns
    -------
    NDArray or Symbol
        Along `dim` as many elements as all arrays together.

    Raises
    ------
    MXNetError
        If the shapes differ along another axis.

    Examples
    --------
    >>> x, y = mx.nd.array([[1, 2]]), mx.nd.array([[3, 4]])
    >>> mx.nd.concat(x, y, dim=0).asnumpy().tolist(), mx.nd.concat(x, y).shape
    ([[1.0, 2.0], [3.0, 4.0]], (1, 4))
    """
    return _join(data, dim)


def _join(data: tuple[torch.Tensor, ...], dim: int) -> torch.Tensor:
    if not data:
        raise MXNetError("data is empty, but must hold at least one array")
    first = data[0].shape
    for array in data[1:]:
        if array.shape != first:  # torch overlooks some differences
            _joined_shapes([tuple(array.shape) for array in data], [None], {"dim": dim})
            break
    return torch.cat(data, axis_index(dim, len(first), "dim"))


@concat.fast_gradient
def _(b: Backward):
    axis = axis_index(b.attrs["dim"], b.inputs[0].dim(), "dim")
    return b.grads[0].split([array.shape[axis] for array in b.inputs], axis)


def _packed_shapes(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    """As for Concat; if the result alone is known, equal parts make up what is missing."""
    inputs, outputs = _joined_shapes(inputs, outputs, attrs)
    if outputs[0] is None or None in inputs:
        return inputs, outputs
    axis = axis_index(attrs["dim"], len(outputs[0]), "dim")
    sizes = [shape[axis] for shape in inputs]
    missing, total = sizes.count(UNKNOWN), outputs[0][axis]
    if not missing or total == UNKNOWN:
        return inputs, outputs
    rest = total - sum(size for size in sizes if size != UNKNOWN)
    if rest % missing:
        raise MXNetError(f"{rest} elements along dim can not be shared by {missing} arrays")
    share = rest // missing
    return [_with(s, axis, share) if s[axis] == UNKNOWN else s for s in inputs], outputs


@operator("_rnn_param_concat", shapes=_packed_shapes)
def rnn_param_concat(*data: torch.Tensor, dim: int = 1) -> torch.Tensor:
    """Return the parameters of a recurrent network joined along an axis, as `RNN` takes them.

    The values are those of `Concat`. Where the size of the result is known, parameters of unknown
    size share what is left of it evenly.

    Parameters
    ----------
    data : NDArrays or Symbols
        At least one.
    dim : int, default 1
        The axis; a negative one counts from the last.
    """
    return _join(data, dim)


def _stacked_shapes(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    """All inputs have one shape; the output has one axis more."""
    shape, count = None, len(inputs)
    for known in inputs:
        shape = unify(shape, known)
    output = outputs[0]
    if shape is not None:
        axis = axis_index(attrs["axis"], len(shape) + 1)
        output = unify((*shape[:axis], count, *shape[axis:]), output)
    if output is not None:
        axis = axis_index(attrs["axis"], len(output))
        if output[axis] not in (count, UNKNOWN):
            raise MXNetError(f"the result has {output[axis]} arrays along axis, but {count} came")
        output = _with(output, axis, count)
        shape = unify(shape, (*output[:axis], *output[axis + 1 :]))
    return [shape] * count, [output]


@operator("stack", shapes=_stacked_shapes)
def stack(*data: torch.Tensor, axis: int = 0) -> torch.Tensor:
    """Return arrays of one shape joined along a new axis.

    Parameters
    ----------
    data : NDArrays or Symbols
        At least one.
    axis : int, default 0
        Where the new axis stands in the result; a negative one counts from the last.

    Returns
    -------
    NDArray or Symbol
        One dimension more than each array has.

    Examples
    --------
    >>> x, y = mx.nd.array([1, 2]), mx.nd.array([3, 4])
    >>> mx.nd.stack(x, y, axis=1).asnumpy().tolist()
    [[1.0, 3.0], [2.0, 4.0]]
    """
    if not data:
        raise MXNetError("data is empty, but must hold at least one array")
    axis = axis_index(axis, data[0].dim() + 1)
    return torch.cat([array.unsqueeze(axis) for array in data], axis)
