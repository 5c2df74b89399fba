"""Connectionist temporal classification: the loss of unsegmented sequences."""

from __future__ import annotations

from typing import Literal

import torch
import torch.nn.functional as F

from ...base import MXNetError
from ..registry import operator
from ..rules import first_order, same_types, unify


@operator(
    "CTCLoss",
    aliases=("ctc_loss", "_contrib_CTCLoss", "_contrib_ctc_loss"),
    output_names=("output0",),
    no_gradient=("label", "data_lengths", "label_lengths"),
)
def ctc_loss(
    data: torch.Tensor,
    label: torch.Tensor,
    data_lengths: torch.Tensor | None = None,
    label_lengths: torch.Tensor | None = None,
    *,
    use_data_lengths: bool = False,
    use_label_lengths: bool = False,
    blank_label: Literal["first", "last"] = "first",
) -> torch.Tensor:
    """Return the negative logarithm of the probability of each label sequence.

    That is the connectionist temporal classification of Graves et al. (2006): the probability of
    all ways to stretch the labels over the steps, with blanks between them.

    Parameters
    ----------
    data : NDArray or Symbol
        Activations before the softmax, shape (time, batch, classes), floating dtype. One class is
        the blank.
    label : NDArray or Symbol
        Classes of each sequence, shape (batch, n), n at most the number of steps, any dtype.
    data_lengths : NDArray or Symbol, optional
        How many steps of each sequence count, shape (batch,).
    label_lengths : NDArray or Symbol, optional
        How many labels of each sequence count, shape (batch,). Without them a label sequence ends
        before its first padding: 0 where the blank is first, a negative number where it is last.
    use_data_lengths, use_label_lengths : bool, default False
        Whether these lengths are given.
    blank_label : {'first', 'last'}, default 'first'
        Which class is the blank. With 'first' the labels are 1 to classes - 1, with 'last' they
        are 0 to classes - 2.

    Returns
    -------
    NDArray or Symbol
        The losses, shape (batch,). A sequence with fewer steps than its labels need has loss 0 and
        gradient 0. Only `data` gets a gradient.

    Examples
    --------
    >>> x, y = mx.nd.zeros((2, 1, 3)), mx.nd.array([[1, 0]])
    >>> mx.nd.CTCLoss(x, y).asnumpy().round(4).tolist()  # 3 of 9 ways: 1 1, 1 blank, blank 1
    [1.0986]
    """
    _check(data, label, data_lengths, label_lengths, use_data_lengths, use_label_lengths)
    if data.device.type == "meta":  # torch's kernel has no meta version
        return data.new_empty(data.shape[1])
    data = first_order(data, "CTCLoss")
    working = data.float() if data.dtype.itemsize == 2 else data
    steps, _, classes = data.shape
    blank = 0 if blank_label == "first" else classes - 1
    labels = label.detach().long()
    counts = _label_counts(labels, label_lengths, 1 if blank_label == "first" else 0)
    if data_lengths is None:
        lengths = torch.full_like(counts, steps)
    else:
        lengths = data_lengths.detach().long().clamp(max=steps)
    possible = (lengths > 0) & (lengths >= counts + _repeats(labels, counts))
    losses = F.ctc_loss(
        F.log_softmax(working, -1),
        labels.clamp(0, classes - 1),
        lengths.clamp(min=1),
        torch.where(possible, counts, 0),  # a loss that is infinite would make the gradient NaN
        blank,
        reduction="none",
    )
    return torch.where(possible, losses, 0).to(data.dtype)


def _check(
    data: torch.Tensor,
    label: torch.Tensor,
    data_lengths: torch.Tensor | None,
    label_lengths: torch.Tensor | None,
    use_data_lengths: bool,
    use_label_lengths: bool,
) -> None:
    if data.ndim != 3 or label.ndim != 2 or label.shape[0] != data.shape[1]:
        raise MXNetError(
            f"data has shape {tuple(data.shape)} and label {tuple(label.shape)}, but they must be "
            "(time, batch, classes) and (batch, labels)"
        )
    if label.shape[1] > data.shape[0]:
        raise MXNetError(
            f"label has shape {tuple(label.shape)}, but there are only {data.shape[0]} steps"
        )
    for name, lengths, wanted in (
        ("data_lengths", data_lengths, use_data_lengths),
        ("label_lengths", label_lengths, use_label_lengths),
    ):
        if wanted != (lengths is not None):
            state = "missing" if wanted else "given"
            raise MXNetError(f"{name} is {state}, but use_{name} is {wanted}")
        if lengths is not None and lengths.shape != label.shape[:1]:
            raise MXNetError(
                f"{name} has shape {tuple(lengths.shape)}, but must be ({len(label)},), one number "
                "for each sequence"
            )


def _label_counts(
    labels: torch.Tensor, label_lengths: torch.Tensor | None, lowest: int
) -> torch.Tensor:
    """Return how many labels each sequence has: as given, or up to the first below `lowest`."""
    if label_lengths is not None:
        return label_lengths.detach().long().clamp(0, labels.shape[1])
    return (labels >= lowest).long().cumprod(1).sum(1)


def _repeats(labels: torch.Tensor, counts: torch.Tensor) -> torch.Tensor:
    """Return how often a label equals the one before it, so that a blank must come between."""
    places = torch.arange(1, labels.shape[1], device=labels.device)
    same = (labels[:, 1:] == labels[:, :-1]) & (places < counts.unsqueeze(1))
    return same.sum(1)


@ctc_loss.inputs_rule
def _(attrs):
    optional = [name for name in ("data_lengths", "label_lengths") if attrs[f"use_{name}"]]
    return ("data", "label", *optional)


@ctc_loss.shape_rule
def _(inputs, outputs, attrs):
    data, label, *lengths = inputs
    known = [
        part[at] for part, at in ((data, 1), (label, 0)) if part is not None and len(part) > at
    ]
    if not known:
        return inputs, outputs
    batch = (max(known),)
    return [data, label, *(unify(each, batch) for each in lengths)], [unify(outputs[0], batch)]


@ctc_loss.type_rule
def _(inputs, outputs, attrs):
    floats, results = same_types(inputs[:1], outputs, attrs)
    return [*floats, *inputs[1:]], results
