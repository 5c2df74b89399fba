"""`mx.nd.utils`: making, saving and loading arrays of any storage type."""

from __future__ import annotations

from typing import Any

from ..base import string_types  # noqa: F401 - a name of this path
from ..context import Context
from ..serialization import load, load_frombuffer, save  # noqa: F401 - the public path
from . import ndarray as dense
from . import sparse
from .ndarray import NDArray


def array(source_array: Any, ctx: Context | None = None, dtype: Any = None) -> NDArray:
    """Return an array of the source's storage type: sparse from SciPy or a sparse NDArray."""
    if isinstance(source_array, sparse.BaseSparseNDArray) or sparse.is_scipy_csr(source_array):
        return sparse.array(source_array, ctx=ctx, dtype=dtype)
    return dense.array(source_array, ctx=ctx, dtype=dtype)


def zeros(
    shape: Any,
    ctx: Context | None = None,
    dtype: Any = None,
    stype: str | None = None,
    **kwargs: Any,
) -> NDArray:
    """Return an array of zeros of storage type `stype` (default dense)."""
    if stype in (None, "default"):
        return dense.zeros(shape, ctx, dtype, **kwargs)
    return sparse.zeros(stype, shape, ctx, dtype)


def empty(
    shape: Any, ctx: Context | None = None, dtype: Any = None, stype: str | None = None
) -> NDArray:
    """Return an array of arbitrary elements of storage type `stype` (default dense)."""
    if stype in (None, "default"):
        return dense.empty(shape, ctx, dtype)
    return sparse.empty(stype, shape, ctx, dtype)
