"""Rows: how a test states one use of one operator.

A row names an operator, its inputs (drawn from a seed, or given), its attributes and dtypes. The
same row runs under the real MXNet (`make golden`) and under ours; `checks.py` says what is checked.
Rows are plain data, made with NumPy alone, so that the reference's old Python environment reads
them.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Draw:
    """An input to be drawn: a distribution, its two numbers, a shape, and a fixed dtype or None."""

    kind: str
    low: float
    high: float
    shape: tuple[int, ...]
    dtype: str | None = None

    def sample(self, random: np.random.RandomState, dtype: str) -> np.ndarray:
        """Return the array, in the row's dtype unless this input fixes its own."""
        if self.kind == "normal":
            array = random.normal(self.low, self.high, self.shape)
        elif self.kind == "uniform":
            array = random.uniform(self.low, self.high, self.shape)
        elif self.kind == "integers":
            array = random.randint(int(self.low), int(self.high), self.shape)
        else:  # distinct: a shuffled grid without ties, for max, sort, median ...
            size = int(np.prod(self.shape))
            array = np.linspace(self.low, self.high, size)[random.permutation(size)]
            array = array.reshape(self.shape)
        return np.asarray(array).astype(self.dtype or dtype)


@dataclass(frozen=True)
class Values:
    """An input given by its values, for ties, zeros, NaN, empty arrays."""

    values: Any
    dtype: str | None = None

    def sample(self, random: np.random.RandomState, dtype: str) -> np.ndarray:
        """Return the array, in the row's dtype unless this input fixes its own."""
        with np.errstate(over="ignore"):  # 1e300 is meant to be infinite in float16
            return np.array(self.values, dtype=self.dtype or dtype)


def normal(*shape: int, mean: float = 0.0, scale: float = 1.0, dtype: str | None = None) -> Draw:
    """An input drawn from a normal distribution."""
    return Draw("normal", mean, scale, shape, dtype)


def uniform(low: float, high: float, *shape: int, dtype: str | None = None) -> Draw:
    """An input drawn evenly from [low, high)."""
    return Draw("uniform", low, high, shape, dtype)


def integers(low: int, high: int, *shape: int, dtype: str | None = None) -> Draw:
    """An input of whole numbers in [low, high)."""
    return Draw("integers", low, high, shape, dtype)


def distinct(low: float, high: float, *shape: int, dtype: str | None = None) -> Draw:
    """An input whose elements are all different: a shuffled even grid from low to high."""
    return Draw("distinct", low, high, shape, dtype)


def values(given: Any, dtype: str | None = None) -> Values:
    """An input with exactly these values."""
    return Values(given, dtype)


@dataclass(frozen=True)
class Row:
    """One use of an operator.

    Parameters
    ----------
    op : str
        The name under `mx.nd` and `mx.sym`; names with a leading underscore are looked up under
        `mx.nd._internal`, dotted ones (``"linalg.gemm"``) as they stand.
    inputs : list or dict
        Tensor inputs in order, or by name. A tuple of ints is short for `normal(*shape)`.
    attrs : dict
        Attributes as a user writes them.
    dtypes : tuple of str
        The row runs once per dtype.
    gradient : bool
        Whether gradients are recorded and compared (float inputs; head gradients are random).
    numeric : bool
        Whether the gradient is also held against finite differences in float64. False where
        MXNet's backward is not a derivative, and at ties and kinks.
    is_train : bool
        Whether forward runs in training mode.
    raises : bool
        Whether the call must raise; under ours an MXNetError that names the operator.
    out : tuple of str
        Inputs (in0, in1, ... of a list) that the eager call also gets as `out`, to write into.
    random : bool
        Whether outputs are random: then only their shapes and dtypes are compared.
    rtol, atol : float or None
        Tolerance, default by dtype.
    differs : str
        Why ours differs from the reference on purpose; the row is then not compared with it, and
        docs/differences.md has the reason.
    """

    op: str
    inputs: Any = ()
    attrs: dict[str, Any] = field(default_factory=dict)
    dtypes: tuple[str, ...] = ("float32",)
    gradient: bool = True
    numeric: bool = True
    is_train: bool = True
    raises: bool = False
    out: tuple[str, ...] = ()
    random: bool = False
    rtol: float | None = None
    atol: float | None = None
    differs: str = ""

    def key(self, dtype: str) -> str:
        """Return a name that is stable as long as the row means the same."""
        attrs = sorted(self.attrs.items(), key=lambda item: item[0])
        facts = (self.inputs, attrs, self.is_train, *([self.out] if self.out else []))
        return f"{self.op}-{zlib.crc32(repr(facts).encode()):08x}-{dtype}"

    def sample(self, dtype: str) -> dict[str, np.ndarray] | list[np.ndarray]:
        """Return the input arrays, the same on every machine."""
        random = np.random.RandomState(zlib.crc32(self.key(dtype).encode()))
        named = self.inputs.items() if isinstance(self.inputs, dict) else enumerate(self.inputs)
        arrays = {
            name: (normal(*spec) if isinstance(spec, tuple) else spec).sample(random, dtype)
            for name, spec in named
        }
        return arrays if isinstance(self.inputs, dict) else list(arrays.values())
