"""Histograms."""

from __future__ import annotations

import torch

from ...base import MXNetError
from ..attributes import Floats
from ..registry import Attrs, DTypes, operator
from ..rules import same_types, zero_gradient


@operator("_histogram", outputs=2, own_gradient=True)
def histogram(
    data: torch.Tensor,
    bins: torch.Tensor | None = None,
    *,
    bin_cnt: int | None = None,
    range: Floats | None = None,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return how many elements lie in each bin, and the edges of the bins.

    A bin holds its lower edge, the last one also its upper edge; elements outside are not counted.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape.
    bins : NDArray or Symbol, optional
        The ascending edges, in the dtype of `data`; without them `bin_cnt` and `range` are needed.
    bin_cnt : int, optional
        The number of bins of equal width.
    range : tuple of two float, optional
        The lowest and the highest edge.

    Returns
    -------
    list of NDArray or Symbol
        Counts of shape (number of bins,) and dtype int64; edges of shape (number of bins + 1,) in
        the dtype of `data`.

    Raises
    ------
    MXNetError
        If only one of `bin_cnt` and `range` is given, or they describe no bins.
    """
    edges = _even_edges(data, bin_cnt, range) if bins is None else bins
    exact = edges.double()
    values = data.reshape(-1).double().contiguous()
    last = exact.shape[0] - 2
    place = torch.searchsorted(exact, values, right=True) - 1
    inside = (values >= exact[0]) & (values <= exact[-1])
    counts = torch.zeros(last + 1, dtype=torch.int64, device=data.device)
    return counts.scatter_add(0, place.clamp(0, last), inside.long()), edges.to(data.dtype)


def _even_edges(
    data: torch.Tensor, count: int | None, limits: tuple[float, ...] | None
) -> torch.Tensor:
    """Return the edges of bins of equal width, rounded as `data` is unless it holds integers."""
    if count is None or limits is None:
        raise MXNetError("attributes bin_cnt and range must both be given where bins is not")
    if len(limits) != 2 or limits[0] > limits[1] or count < 1:
        raise MXNetError(
            f"attributes bin_cnt and range are {count} and {limits}, but must be 1 or more and two "
            "ascending numbers"
        )
    steps = torch.arange(count + 1, dtype=torch.float64, device=data.device)
    edges = limits[0] + steps * ((limits[1] - limits[0]) / count)
    return edges.to(data.dtype) if data.dtype.is_floating_point else edges


@histogram.inputs_rule
def _(attrs: Attrs) -> tuple[str, ...]:
    return ("data", "bins") if attrs["bin_cnt"] is None else ("data",)


@histogram.type_rule
def _(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    inputs, (edges,) = same_types(inputs, [outputs[1]], attrs)
    return inputs, [torch.int64, edges]


histogram.gradient(zero_gradient)
