"""Where and by how much two arrays differ: one vectorised comparison and its report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..dtype import bfloat16

_SMALLEST = 1e-20  # keeps an error finite where the tolerance is zero
_WHOLE = {a + b for a in "biu" for b in "biu"}  # pairs of kinds that are compared exactly


def to_numpy(value: Any) -> np.ndarray:
    """Return the values of an NDArray (of any storage type), an array, a number or a list.

    bfloat16, which NumPy can not compute with, becomes float32.
    """
    array = value if isinstance(value, np.ndarray) else _read(value)
    if array.dtype == bfloat16:
        return (array.view(np.uint16).astype(np.uint32) << 16).view(np.float32)
    return array


def _read(value: Any) -> np.ndarray:
    return value.asnumpy() if hasattr(value, "asnumpy") else np.asarray(value)


@dataclass(frozen=True)
class Mismatch:
    """The elements of two arrays that are further apart than the tolerance.

    Parameters
    ----------
    actual, desired : numpy.ndarray
        The arrays, of one shape.
    errors : numpy.ndarray
        The differences in units of the tolerance, zero for what is equal, NaN for what no
        tolerance can make equal.
    wrong : numpy.ndarray of bool
        Which elements are too far apart.
    rtol, atol : float
        The tolerance ``atol + rtol * |desired|``.
    """

    actual: np.ndarray
    desired: np.ndarray
    errors: np.ndarray
    wrong: np.ndarray
    rtol: float
    atol: float

    @property
    def share(self) -> float:
        """The share of elements that are wrong, from 0 to 1."""
        return float(self.wrong.mean())

    def worst(self, count: int) -> list[tuple[int, ...]]:
        """Return the positions of the `count` wrong elements with the largest errors."""
        flat = np.flatnonzero(self.wrong)
        errors = np.nan_to_num(self.errors.reshape(-1)[flat], nan=np.inf, posinf=np.inf)
        order = flat[np.argsort(-errors, kind="stable")[:count]]
        return [tuple(int(i) for i in np.unravel_index(k, self.wrong.shape)) for k in order]

    def report(self, names: Sequence[str], rows: int = 10, swap: bool = False) -> str:
        """Return what is wrong in words: the largest error, both arrays, the worst elements.

        Parameters
        ----------
        names : pair of str
            What to call the actual and the desired array.
        rows : int, default 10
            How many of the worst elements to list.
        swap : bool, default False
            Whether positions name the desired value first.
        """
        position = self.worst(1)[0]
        place = self.place(position, names, swap)
        with np.printoptions(threshold=20, suppress=True):
            lines = [
                "Items are not equal:",
                f"Error {self.errors[position]:.6f} exceeds tolerance rtol={self.rtol:.6e}, "
                f"atol={self.atol:.6e} (mismatch {100 * self.share:.6f}%).",
                f"Location of maximum error: {place}",
                f" ACTUAL: {self.actual!r}",
                f" DESIRED: {self.desired!r}",
            ]
        listed = self.worst(rows)
        if len(listed) > 1:
            lines.append(f"Largest errors of {self.wrong.size} elements:")
            for rank, at in enumerate(listed, 1):
                error = self.errors[at]
                lines.append(f"{rank:3d}: Error {error:.6f} at {self.place(at, names, swap)}")
        return "\n".join(lines)

    def place(self, position: tuple[int, ...], names: Sequence[str], swap: bool = False) -> str:
        """Return a position with both values, for example ``(1, 1), a=8.0, b=8.5``."""
        values = [
            f"{names[0]}={self.actual[position]:.8f}",
            f"{names[1]}={self.desired[position]:.8f}",
        ]
        return ", ".join([str(position), *(reversed(values) if swap else values)])


def find_mismatch(
    actual: np.ndarray,
    desired: np.ndarray,
    rtol: float,
    atol: Any,
    equal_nan: bool = False,
) -> Mismatch | None:
    """Return the elements for which not ``|actual - desired| <= atol + rtol * |desired|``, or None.

    Integers are compared exactly where both tolerances are zero. An infinity equals only itself,
    a NaN equals a NaN only with `equal_nan`. The arrays must be of one shape.
    """
    if not actual.size:
        return None
    same = actual == desired
    exact = not rtol and not np.any(atol) and actual.dtype.kind + desired.dtype.kind in _WHOLE
    if exact and same.all():
        return None
    wide = np.result_type(actual, desired, np.float64)
    with np.errstate(invalid="ignore", over="ignore"):
        target = desired.astype(wide)
        difference = np.abs(actual - target)
        limit = atol + rtol * np.abs(target)
        if not exact and (difference - limit).max() <= 0:
            return None
        if equal_nan:
            same |= np.isnan(actual) & np.isnan(desired)
        near = np.isfinite(actual) & np.isfinite(desired) & (difference <= limit)
        wrong = ~same if exact else ~(same | near)
        if not wrong.any():
            return None
        errors = np.where(same, 0.0, difference / (limit + _SMALLEST))
    return Mismatch(actual, desired, errors, wrong, rtol, float(np.min(atol)))
