"""Choosing the range of numbers that eight-bit codes should cover."""

from __future__ import annotations

import torch
import torch.nn.functional as F

from ...base import MXNetError
from ..registry import operator
from ..rules import zero_gradient

SMOOTHING = 1e-4
"""What empty bins are given, and taken from the others."""

CELLS_AT_ONCE = 1 << 18
"""How many cells of the table of thresholds by bins are held at once."""


def _smooth(counts: torch.Tensor, inside: torch.Tensor) -> torch.Tensor:
    """Move a little from filled to empty bins; NaN where too few bins are filled for that."""
    filled = inside & (counts != 0)
    empty = inside & ~filled
    part = SMOOTHING * empty.sum(dim=1, keepdim=True) / filled.sum(dim=1, keepdim=True)
    smooth = counts + SMOOTHING * empty - part * filled
    return torch.where(part < 1, smooth, float("nan"))


def _divergence(
    hist: torch.Tensor, sums: torch.Tensor, filled: torch.Tensor, half: range, bins: int
) -> torch.Tensor:
    """Return the Kullback-Leibler divergence for windows of `half` bins around the middle.

    Parameters
    ----------
    hist : torch.Tensor
        The histogram, float64, shape (count,).
    sums, filled : torch.Tensor
        Sums of the histogram, and numbers of filled bins, before each bin, shape (count + 1,).
    half : range
        How far each window reaches to either side.
    bins : int
        How many codes there are.

    Returns
    -------
    torch.Tensor
        Shape (windows,); infinite where it is not defined.
    """
    # Bins beyond the largest window only count as a sum.
    total, middle, offset = sums[-1], half[-1], len(hist) // 2 - half[-1]
    hist = hist[offset : offset + 2 * middle + 1]
    sums, filled = (each[offset : offset + 2 * middle + 2] for each in (sums, filled))
    first = middle - torch.tensor(half, device=hist.device)[:, None]
    last = 2 * middle - first
    place = torch.arange(len(hist), device=hist.device)
    inside = (place >= first) & (place <= last)
    # The reference distribution: what lies outside counts for the outermost bins.
    wanted = torch.where(inside, hist, 0)
    wanted = wanted.scatter_add(1, first, sums[first])
    wanted = wanted.scatter_add(1, last, total - sums[last + 1])
    # The coded distribution: bins are merged to codes, then spread over the filled bins again.
    # As in MXNet the first bin of a window is not among those that are merged.
    merged = (last - first + 1) // bins
    code = torch.arange(bins, device=hist.device)
    start = torch.maximum(first + code * merged, first + 1)
    stop = torch.where(code == bins - 1, last + 1, first + (code + 1) * merged)
    stop = torch.maximum(stop, start)
    share = (sums[stop] - sums[start]) / (filled[stop] - filled[start]).clamp(min=1)
    code_of = ((place - first).clamp(min=0) // merged).clamp(max=bins - 1)
    coded = torch.where(inside & (wanted != 0), share.gather(1, code_of), 0)
    p, q = _smooth(wanted, inside), _smooth(coded, inside)
    p, q = p / p.sum(dim=1, keepdim=True), q / q.sum(dim=1, keepdim=True)
    terms = torch.where(inside, p * torch.log(p / q), 0)
    return torch.nan_to_num(terms.sum(dim=1), nan=float("inf"))


@operator(
    "_contrib_calibrate_entropy",
    outputs=2,
    output_names=("threshold", "divergence"),
    own_gradient=True,
)
def calibrate_entropy(
    hist: torch.Tensor, hist_edges: torch.Tensor, *, num_quantized_bins: int = 255
) -> tuple[torch.Tensor, torch.Tensor]:
    """Find the threshold at which cutting numbers loses the least information.

    For each threshold the histogram inside it is compared with what eight-bit codes leave of it,
    by the Kullback-Leibler divergence (Migacz, 8-bit Inference with TensorRT, 2017).

    Parameters
    ----------
    hist : NDArray or Symbol
        A histogram around 0 with an odd number of bins, float32.
    hist_edges : NDArray or Symbol
        The edges of its bins, one more than there are bins.
    num_quantized_bins : int, optional
        How many codes there are.

    Returns
    -------
    tuple of NDArray or Symbol
        The threshold and its divergence, both of shape (1,).

    Raises
    ------
    MXNetError
        If there are fewer bins than codes, or not one edge more than bins.

    Examples
    --------
    >>> hist, edges = mx.nd.array([1, 0, 2, 9, 3, 0, 0]), mx.nd.arange(-7, 8, 2)
    >>> threshold, _ = mx.nd.contrib.calibrate_entropy(hist, edges, num_quantized_bins=2)
    >>> threshold.asnumpy().tolist()
    [5.0]
    """
    count = hist.numel()
    if hist_edges.numel() != count + 1:
        raise MXNetError(
            f"hist_edges has {hist_edges.numel()} elements, but {count + 1} follow from hist with "
            f"{count}"
        )
    if not 1 <= num_quantized_bins <= count:
        raise MXNetError(
            f"num_quantized_bins is {num_quantized_bins}, but must be from 1 to the {count} bins "
            "of hist"
        )
    flat = hist.reshape(-1).double()
    sums = F.pad(flat.cumsum(0), (1, 0))
    filled = F.pad((flat != 0).long().cumsum(0), (1, 0))
    halves = range(num_quantized_bins // 2, (count - 1) // 2 + 1)
    step = max(CELLS_AT_ONCE // count, 1)
    divergence = torch.cat(
        [
            _divergence(flat, sums, filled, halves[i : i + step], num_quantized_bins)
            for i in range(0, len(halves), step)
        ]
    )
    least, best = divergence.min(dim=0, keepdim=True)
    threshold = hist_edges.reshape(-1)[count // 2 + halves[0] + best + 1]
    return threshold, least.to(hist.dtype)


calibrate_entropy.gradient(zero_gradient)


@calibrate_entropy.shape_rule
def _(inputs, outputs, attrs):
    return inputs, [(1,), (1,)]
