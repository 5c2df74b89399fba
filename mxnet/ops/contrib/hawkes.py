"""The likelihood of marked self-exciting point processes (Hawkes, 1971)."""

from __future__ import annotations

import torch

from ...base import MXNetError
from ..registry import operator
from ..rules import unify

NAMES = ("lda", "alpha", "beta", "state", "lags", "marks", "valid_length", "max_time")


def infer_hawkes(inputs: list) -> tuple[list, list]:
    """Return all shapes that follow from each other, or refuse what contradicts them."""
    lda, lags = unify(inputs[0], inputs[3]), unify(inputs[4], inputs[5])
    for name, shape in (("lda", lda), ("lags", lags)):
        if shape is not None and len(shape) != 2:
            raise MXNetError(f"{name} has shape {shape}, but must have 2 dimensions")
    batch, marks = lda if lda is not None else (-1, -1)
    steps = -1
    if lags is not None:
        batch, steps = max(batch, lags[0]), lags[1]
    follows = ((batch, marks), (marks,), (marks,), (batch, marks), (batch, steps), (batch, steps))
    found = []
    for name, given, expected in zip(NAMES, inputs, (*follows, (batch,), (batch,)), strict=True):
        try:
            found.append(unify(given, expected))
        except MXNetError:
            raise MXNetError(
                f"{name} has shape {given}, but {expected} follows from lda {lda} and lags {lags}"
            ) from None
    return found, [(batch,), (batch, marks)]


@operator("_contrib_hawkesll", outputs=2, output_names=("output", "out_state"))
def hawkes_log_likelihood(
    lda: torch.Tensor,
    alpha: torch.Tensor,
    beta: torch.Tensor,
    state: torch.Tensor,
    lags: torch.Tensor,
    marks: torch.Tensor,
    valid_length: torch.Tensor,
    max_time: torch.Tensor,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the log-likelihood of event sequences under Hawkes processes, one per mark.

    Mark k has the intensity ``lda_k + alpha_k beta_k sum_j exp(-beta_k (t - t_j))`` over its past
    events; the log-likelihood of a sequence is the sum of the logarithms of the intensities at its
    events, less the integral of all intensities up to `max_time`.

    Parameters
    ----------
    lda : NDArray or Symbol
        Background intensity of each mark, shape (batch, marks).
    alpha : NDArray or Symbol
        How many events one event of a mark brings about on average, shape (marks,).
    beta : NDArray or Symbol
        Rate of decay of each mark's excitation, shape (marks,).
    state : NDArray or Symbol
        Excitation ``sum_j exp(-beta_k (0 - t_j))`` from events before time 0, shape (batch, marks).
    lags : NDArray or Symbol
        Time from the event before (from 0 for the first), shape (batch, length).
    marks : NDArray or Symbol
        The mark of each event, int32, shape (batch, length).
    valid_length : NDArray or Symbol
        How many events of each sequence count, shape (batch,).
    max_time : NDArray or Symbol
        How long each sequence was observed, shape (batch,).

    Returns
    -------
    tuple of NDArray or Symbol
        Log-likelihoods (batch,) and the excitation at `max_time` (batch, marks).

    Raises
    ------
    MXNetError
        If the shapes do not fit together.

    Examples
    --------
    >>> one = mx.nd.ones(1)
    >>> likelihood, state = mx.nd.contrib.hawkesll(
    ...     mx.nd.array([[2]]), one * 0, one, mx.nd.zeros((1, 1)), mx.nd.array([[1, 1]]),
    ...     mx.nd.zeros((1, 2), dtype="int32"), one * 2, one * 3,
    ... )
    >>> likelihood.asnumpy().round(4).tolist()  # 2 log 2 - 2 * 3
    [-4.6137]
    """
    infer_hawkes(
        [tuple(x.shape) for x in (lda, alpha, beta, state, lags, marks, valid_length, max_time)]
    )
    if marks.dtype != torch.int32:
        raise MXNetError(f"marks is {marks.dtype}, but must be int32")
    mark = marks.long().clamp(0, max(alpha.shape[0] - 1, 0))
    step = torch.arange(lags.shape[1], device=lags.device)
    valid = step < valid_length[:, None]
    time = lags.cumsum(dim=1)
    own_beta = beta[mark]
    # Excitation at each event from those of the same mark before it.
    earlier = (step[:, None] > step) & (mark[:, :, None] == mark[:, None, :]) & valid[:, None, :]
    gap = torch.where(earlier, time[:, :, None] - time[:, None, :], 0)
    decay = torch.where(earlier, torch.exp(-own_beta[:, :, None] * gap), 0)
    excited = state.gather(1, mark) * torch.exp(-own_beta * time) + decay.sum(dim=2)
    intensity = lda.gather(1, mark) + alpha[mark] * own_beta * excited
    logs = torch.log(torch.where(valid, intensity, 1)).sum(dim=1)
    left = torch.where(valid, max_time[:, None] - time, 0)
    remaining = torch.where(valid, torch.exp(-own_beta * left), 0)
    after = state * torch.exp(-beta * max_time[:, None])
    after = after.scatter_add(1, mark, remaining)
    events = torch.zeros_like(state).scatter_add(1, mark, valid.to(state.dtype))
    integral = lda * max_time[:, None] + alpha * (state + events - after)
    return logs - integral.sum(dim=1), after


@hawkes_log_likelihood.shape_rule
def _(inputs, outputs, attrs):
    return infer_hawkes(inputs)


@hawkes_log_likelihood.type_rule
def _(inputs, outputs, attrs):
    known = (dtype for i, dtype in enumerate(inputs) if i != 5 and dtype is not None)
    dtype = next(known, None)
    if any(other != dtype for other in known):
        raise MXNetError("inputs other than marks must have one dtype")
    if inputs[5] not in (None, torch.int32):
        raise MXNetError(f"marks is {inputs[5]}, but must be int32")
    return [torch.int32 if i == 5 else dtype for i in range(8)], [dtype, dtype]
