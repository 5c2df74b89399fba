"""What iterators over arrays share: names for arrays that came without any."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .. import ndarray as nd
from ..base import MXNetError
from ..ndarray import NDArray


def named_arrays(source: Any, default_name: str, allow_empty: bool) -> list[tuple[str, NDArray]]:
    """Return what the user gave as pairs of name and NDArray, in the order of their names.

    Parameters
    ----------
    source : NDArray, numpy.ndarray, a list of them, a dict of them or None
        A single array is called `default_name`, those of a longer list ``_0_`` + `default_name`
        and so on.
    default_name : str
        Name of arrays without one.
    allow_empty : bool
        Whether there may be no array at all.

    Raises
    ------
    TypeError
        If `source` is something else.
    """
    if source is None:
        source = []
    if isinstance(source, NDArray | np.ndarray):
        source = [source]
    if isinstance(source, list | tuple):
        if len(source) == 1:
            source = {default_name: source[0]}
        else:
            source = {f"_{i}_{default_name}": array for i, array in enumerate(source)}
    if not isinstance(source, Mapping):
        raise TypeError(
            f"{default_name} is a {type(source).__name__}, but must be an NDArray, a NumPy array, "
            "or a list or dictionary of them."
        )
    if not source and not allow_empty:
        raise MXNetError(f"{default_name} holds no array, but must hold at least one.")
    return [(name, _as_ndarray(source[name])) for name in sorted(source)]


def _as_ndarray(values: Any) -> NDArray:
    return values if isinstance(values, NDArray) else nd.array(values)
