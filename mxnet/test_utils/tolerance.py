"""Tolerances: how far two arrays may be apart and still count as equal, by element type."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from ..dtype import bfloat16

_FLOAT64 = np.dtype(np.float64)

# rtol, atol and half-width of a finite difference (None where there is no derivative). Sixteen-bit
# values keep 11 (float16) or 8 (bfloat16) bits, of which a sum or two may lose a few.
_FLOATS: tuple[tuple[Any, float, float, float | None], ...] = (
    (np.float16, 1e-2, 1e-1, 2.0**-6),
    (np.float32, 1e-4, 1e-3, 2.0**-9),
    (np.float64, 1e-5, 1e-20, 2.0**-14),
    (bfloat16, 5e-2, 1e-1, None),
    (np.longdouble, 1e-5, 1e-20, None),
    (np.complex64, 1e-4, 1e-3, None),
    (np.complex128, 1e-5, 1e-20, None),
)
_EXACT = ("bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64")


def default_rtols() -> dict[np.dtype, float]:
    """Return the default relative tolerance of every element type.

    Examples
    --------
    >>> mx.test_utils.default_rtols()[np.dtype("float16")]
    0.01
    """
    return {np.dtype(kind): rtol for kind, rtol, _, _ in _FLOATS} | _zeros()


def default_atols() -> dict[np.dtype, float]:
    """Return the default absolute tolerance of every element type.

    Examples
    --------
    >>> mx.test_utils.default_atols()[np.dtype("float32")]
    0.001
    """
    return {np.dtype(kind): atol for kind, _, atol, _ in _FLOATS} | _zeros()


def _zeros() -> dict[np.dtype, float]:
    return dict.fromkeys(map(np.dtype, _EXACT), 0)


def default_numeric_eps() -> dict[np.dtype, float]:
    """Return the default width of a central difference for every float type.

    Examples
    --------
    >>> mx.test_utils.default_numeric_eps()[np.dtype("float32")] == 2**-9
    True
    """
    return {np.dtype(kind): eps for kind, _, _, eps in _FLOATS if eps is not None}


_RTOLS, _ATOLS = default_rtols(), default_atols()


def effective_dtype(dat: Any) -> np.dtype:
    """Return the element type whose precision the values of `dat` have.

    That is the type of `dat`, except for float32 on a GPU where torch rounds the factors of
    products to the ten bits of TF32: these values are as good as float16.

    Parameters
    ----------
    dat : NDArray, numpy.ndarray, number or nested list

    Examples
    --------
    >>> mx.test_utils.effective_dtype(mx.nd.ones((2,)))
    dtype('float32')
    """
    kind = getattr(dat, "dtype", None)
    found = np.dtype(kind) if kind is not None else np.asarray(dat).dtype
    if found == np.float32 and _on_gpu(dat) and _rounds_products():
        return np.dtype(np.float16)
    return found


def _on_gpu(dat: Any) -> bool:
    context = getattr(dat, "context", None)
    return context is not None and context.device_type == "gpu"


def _rounds_products() -> bool:
    """Return whether torch multiplies float32 matrices in TF32 on this GPU."""
    allowed = torch.backends.cuda.matmul.allow_tf32 or torch.backends.cudnn.allow_tf32
    return allowed and torch.cuda.get_device_capability()[0] >= 8


def get_tolerance(
    dat: Any,
    tol: float | dict[np.dtype, float] | None,
    default_tol: dict[np.dtype, float],
) -> float:
    """Return the tolerance for the values of `dat`.

    Parameters
    ----------
    dat : NDArray, numpy.ndarray, number or nested list
    tol : number, dict or None
        A number is returned as it is; a dict is keyed by ``numpy.dtype`` or scalar type.
    default_tol : dict
        The tolerance by ``numpy.dtype`` for what `tol` leaves open.

    Raises
    ------
    TypeError
        If the element type is in neither dict.

    Examples
    --------
    >>> half = np.zeros(2, dtype="float16")
    >>> mx.test_utils.get_tolerance(half, {np.float16: 0.5}, mx.test_utils.default_rtols())
    0.5
    """
    if isinstance(tol, (int, float, np.number)):
        return tol  # type: ignore[return-value]
    kind = effective_dtype(dat)
    if tol:
        for key, value in tol.items():
            if np.dtype(key) == kind:
                return value
    if kind not in default_tol:
        raise TypeError(f"There is no default tolerance for elements of type {kind}; give one.")
    return default_tol[kind]


def get_tols(x: Any, y: Any, rtol: Any, atol: Any) -> tuple[float, float]:
    """Return the relative and the absolute tolerance for comparing `x` with `y`.

    Parameters
    ----------
    x, y : NDArray, numpy.ndarray, number or nested list
    rtol, atol : number, dict or None
        As `get_tolerance` takes them; the looser of the two arrays' tolerances counts.

    Examples
    --------
    >>> mx.test_utils.get_tols(np.zeros(2, "float32"), np.zeros(2, "float64"), None, None)
    (0.0001, 0.001)
    """
    return _looser(x, y, rtol, _RTOLS), _looser(x, y, atol, _ATOLS)


def _looser(x: Any, y: Any, tol: Any, default: dict[np.dtype, float]) -> float:
    if isinstance(tol, (int, float)):
        return tol
    return max(get_tolerance(x, tol, default), get_tolerance(y, tol, default))


def get_rtol(rtol: float | None = None, dtype: Any = _FLOAT64) -> float:
    """Return `rtol`, or the default relative tolerance of `dtype`."""
    return _RTOLS[np.dtype(dtype)] if rtol is None else rtol


def get_atol(atol: float | None = None, dtype: Any = _FLOAT64) -> float:
    """Return `atol`, or the default absolute tolerance of `dtype`."""
    return _ATOLS[np.dtype(dtype)] if atol is None else atol


def get_etol(etol: float | None = None) -> float:
    """Return `etol`, the share of elements that may be wrong, by default 0."""
    return 0 if etol is None else etol
