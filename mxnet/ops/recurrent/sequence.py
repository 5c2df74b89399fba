"""Sequences of different lengths that are padded to one length in a batch."""

from __future__ import annotations

from functools import partial

import torch

from ...base import MXNetError
from ..registry import Attrs, DTypes, Shapes, operator
from ..rules import same_types, unify


def check_lengths(
    data: torch.Tensor, lengths: torch.Tensor | None, wanted: bool, axis: int
) -> None:
    """Refuse a wrong time axis, and lengths that lack, are too many, or are not asked for."""
    if data.ndim < 2:
        raise MXNetError(
            f"data has shape {tuple(data.shape)}, but needs a time axis and a batch axis"
        )
    if axis not in (0, 1):
        raise MXNetError(f"axis is {axis}, but the time axis must be 0 or 1")
    if wanted != (lengths is not None):
        state = "missing" if wanted else "given"
        raise MXNetError(f"sequence_length is {state}, but use_sequence_length is {wanted}")
    if lengths is not None and tuple(lengths.shape) != (data.shape[1 - axis],):
        raise MXNetError(
            f"sequence_length has shape {tuple(lengths.shape)}, but must be "
            f"({data.shape[1 - axis]},) after data {tuple(data.shape)}"
        )


def _inputs(attrs: Attrs) -> tuple[str, ...]:
    return ("data", "sequence_length") if attrs["use_sequence_length"] else ("data",)


def _shapes(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    """The output has the shape of the data; the lengths have that of the batch axis."""
    data = unify(inputs[0], outputs[0])
    return [data, *_lengths_shape(data, inputs, attrs)], [data]


def _lengths_shape(data, inputs: Shapes, attrs: Attrs) -> Shapes:
    if len(inputs) < 2 or data is None or len(data) < 2 or attrs["axis"] not in (0, 1):
        return inputs[1:]
    return [unify(inputs[1], (data[1 - attrs["axis"]],))]


def _types(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    """The output has the data's dtype; lengths may have any, and have the data's by default."""
    (data, *_), results = same_types(inputs[:1], outputs, attrs)
    return [data, *(known or data for known in inputs[1:])], results


sequential = partial(operator, types=_types, no_gradient=("sequence_length",))


@sequential("SequenceMask", shapes=_shapes)
def sequence_mask(
    data: torch.Tensor,
    sequence_length: torch.Tensor | None = None,
    *,
    use_sequence_length: bool = False,
    value: float = 0.0,
    axis: int = 0,
) -> torch.Tensor:
    """Set what lies behind the end of each sequence to `value`.

    Parameters
    ----------
    data : NDArray or Symbol
        Sequences, shape (time, batch, ...), or (batch, time, ...) for ``axis=1``.
    sequence_length : NDArray or Symbol, optional
        Length of each sequence, shape (batch,), any dtype; it gets no gradient.
    use_sequence_length : bool, default False
        Whether lengths are given. Without them nothing changes.
    value : float, default 0
        What is written behind the ends.
    axis : {0, 1}, default 0
        The time axis.

    Returns
    -------
    NDArray or Symbol
        Same shape and dtype as `data`.

    Examples
    --------
    >>> x, n = mx.nd.array([[1, 2], [3, 4]]), mx.nd.array([2, 1])
    >>> mx.nd.SequenceMask(x, n, use_sequence_length=True, value=-1).asnumpy().tolist()
    [[1.0, 2.0], [3.0, -1.0]]
    """
    check_lengths(data, sequence_length, use_sequence_length, axis)
    if sequence_length is None:
        return data.clone()
    steps = torch.arange(data.shape[axis], device=data.device)
    behind = steps.unsqueeze(1) >= sequence_length.long()
    if axis == 1:
        behind = behind.T
    behind = behind.reshape(behind.shape + (1,) * (data.ndim - 2))
    if value == 0 and data.dtype is torch.float32:  # where and masked_fill are not vectorised
        kept = (~behind).to(data.dtype).expand(data.shape)
        return torch.ops.aten.threshold_backward(data, kept, 0)
    return data.masked_fill(behind, value if data.is_floating_point() else int(value))


@sequential("SequenceLast")
def sequence_last(
    data: torch.Tensor,
    sequence_length: torch.Tensor | None = None,
    *,
    use_sequence_length: bool = False,
    axis: int = 0,
) -> torch.Tensor:
    """Return the last element of each sequence.

    Parameters
    ----------
    data : NDArray or Symbol
        Sequences, shape (time, batch, ...), or (batch, time, ...) for ``axis=1``.
    sequence_length : NDArray or Symbol, optional
        Length of each sequence, at least 1, shape (batch,), any dtype; it gets no gradient.
    use_sequence_length : bool, default False
        Whether lengths are given. Without them the last step of all is taken.
    axis : {0, 1}, default 0
        The time axis.

    Returns
    -------
    NDArray or Symbol
        Shape (batch, ...), same dtype as `data`.

    Examples
    --------
    >>> x, n = mx.nd.array([[1, 2], [3, 4]]), mx.nd.array([2, 1])
    >>> mx.nd.SequenceLast(x, n, use_sequence_length=True).asnumpy().tolist()
    [3.0, 2.0]
    """
    check_lengths(data, sequence_length, use_sequence_length, axis)
    if sequence_length is None:
        return data.select(axis, -1).clone()
    last = sequence_length.long().clamp(1, data.shape[axis]) - 1
    batch = torch.arange(data.shape[1 - axis], device=data.device)
    return data[last, batch] if axis == 0 else data[batch, last]


@sequence_last.shape_rule
def _(inputs, outputs, attrs):
    data, output = inputs[0], outputs[0]
    axis = attrs["axis"]
    if data is not None and len(data) > 1 and axis in (0, 1):
        output = unify(output, (*data[:axis], *data[axis + 1 :]))
    return [data, *_lengths_shape(data, inputs, attrs)], [output]


@sequential("SequenceReverse", shapes=_shapes)
def sequence_reverse(
    data: torch.Tensor,
    sequence_length: torch.Tensor | None = None,
    *,
    use_sequence_length: bool = False,
    axis: int = 0,
) -> torch.Tensor:
    """Reverse each sequence; what lies behind its end stays.

    Parameters
    ----------
    data : NDArray or Symbol
        Sequences, shape (time, batch, ...).
    sequence_length : NDArray or Symbol, optional
        Length of each sequence, shape (batch,), any dtype; it gets no gradient.
    use_sequence_length : bool, default False
        Whether lengths are given. Without them all steps are reversed.
    axis : {0}, default 0
        The time axis.

    Returns
    -------
    NDArray or Symbol
        Same shape and dtype as `data`.

    Examples
    --------
    >>> x, n = mx.nd.array([[1, 2], [3, 4], [5, 6]]), mx.nd.array([3, 2])
    >>> mx.nd.SequenceReverse(x, n, use_sequence_length=True).asnumpy().tolist()
    [[5.0, 4.0], [3.0, 2.0], [1.0, 6.0]]
    """
    if axis != 0:
        raise MXNetError(f"axis is {axis}, but only the first axis, 0, can be reversed")
    check_lengths(data, sequence_length, use_sequence_length, axis)
    if sequence_length is None:
        return data.flip(0)
    steps = torch.arange(data.shape[0], device=data.device).unsqueeze(1)
    mirrored = sequence_length.long().clamp(max=data.shape[0]) - 1 - steps
    batch = torch.arange(data.shape[1], device=data.device)
    return data[torch.where(mirrored >= 0, mirrored, steps), batch]


for _operator in (sequence_mask, sequence_last, sequence_reverse):
    _operator.inputs_rule(_inputs)
