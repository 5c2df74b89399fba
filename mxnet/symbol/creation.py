"""Symbols of constants, and a few functions that are no single operator."""

from __future__ import annotations

from typing import Any

from ..base import MXNetError
from . import _internal
from .symbol import Symbol


def zeros(shape: Any, dtype: Any = None, **kwargs: Any) -> Symbol:
    """Return a symbol of zeros of `shape`, dtype default float32."""
    return _internal._zeros(shape=shape, dtype=dtype or "float32", **kwargs)


def ones(shape: Any, dtype: Any = None, **kwargs: Any) -> Symbol:
    """Return a symbol of ones of `shape`, dtype default float32."""
    return _internal._ones(shape=shape, dtype=dtype or "float32", **kwargs)


def full(shape: Any, val: float, dtype: Any = None, **kwargs: Any) -> Symbol:
    """Return a symbol of `shape` filled with `val`, dtype default float32."""
    return _internal._full(shape=shape, dtype=dtype or "float32", value=float(val), **kwargs)


def arange(
    start: float,
    stop: float | None = None,
    step: float = 1.0,
    repeat: int = 1,
    infer_range: bool = False,
    name: str | None = None,
    dtype: Any = None,
) -> Symbol:
    """Return a symbol of the numbers from `start` to `stop` (excluded) by `step`."""
    return _internal._arange(
        start=start, stop=stop, step=step, repeat=repeat, infer_range=infer_range, name=name,
        dtype=dtype or "float32",
    )  # fmt: skip


def linspace(
    start: float,
    stop: float,
    num: int,
    endpoint: bool = True,
    name: str | None = None,
    dtype: Any = None,
) -> Symbol:
    """Return a symbol of `num` evenly spaced numbers from `start` to `stop`."""
    return _internal._linspace(
        start=start, stop=stop, num=num, endpoint=endpoint, name=name, dtype=dtype or "float32"
    )


def eye(
    N: int,
    M: int = 0,
    k: int = 0,
    dtype: Any = None,
    **kwargs: Any,
) -> Symbol:
    """Return a symbol of an N x M matrix with ones on diagonal `k`."""
    return _internal._eye(N=N, M=M, k=k, dtype=dtype or "float32", **kwargs)


def histogram(a: Symbol, bins: Any = 10, range: Any = None, **kwargs: Any) -> Symbol:
    """Return a symbol of (counts, edges) of a histogram; a number of bins needs a `range`."""
    if isinstance(bins, Symbol):
        return _internal._histogram(data=a, bins=bins, **kwargs)
    if range is None:
        raise ValueError("histogram: range is missing: a Symbol's values are not known.")
    return _internal._histogram(data=a, bin_cnt=bins, range=range, **kwargs)


def split_v2(
    ary: Symbol, indices_or_sections: Any, axis: int = 0, squeeze_axis: bool = False
) -> Symbol:
    """Return the parts of an array cut along `axis` into equal sections or at given indices."""
    if isinstance(indices_or_sections, int):
        indices, sections = (), indices_or_sections
    elif isinstance(indices_or_sections, (tuple, list)):
        indices, sections = (0, *indices_or_sections), 0
    else:
        raise MXNetError(
            f"split_v2: indices_or_sections is {indices_or_sections!r}, not an int or a tuple."
        )
    return _internal._split_v2(
        ary, indices=indices, axis=axis, squeeze_axis=squeeze_axis, sections=sections
    )
