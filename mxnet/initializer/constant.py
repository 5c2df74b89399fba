"""Initializers that write the same values every time."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from ..ndarray import NDArray
from .base import Initializer, alias, register


@alias("zero", "zeros")
class Zero(Initializer):
    """Fill weights with 0.

    Examples
    --------
    >>> weight = mx.nd.ones((2,))
    >>> mx.init.Zero()(mx.init.InitDesc("fc_weight"), weight)
    >>> weight.asnumpy().tolist()
    [0.0, 0.0]
    """

    def __init__(self) -> None:
        super().__init__()

    def _init_weight(self, _: str, arr: NDArray) -> None:
        arr[:] = 0


@alias("one", "ones")
class One(Initializer):
    """Fill weights with 1.

    Examples
    --------
    >>> weight = mx.nd.zeros((2,))
    >>> mx.init.One()(mx.init.InitDesc("fc_weight"), weight)
    >>> weight.asnumpy().tolist()
    [1.0, 1.0]
    """

    def __init__(self) -> None:
        super().__init__()

    def _init_weight(self, _: str, arr: NDArray) -> None:
        arr[:] = 1


@register
class Constant(Initializer):
    """Fill weights with a given number or array.

    Parameters
    ----------
    value : float, list, numpy.ndarray or NDArray
        A scalar, or values of the parameter's shape.

    Examples
    --------
    >>> weight = mx.nd.zeros((2,))
    >>> mx.init.Constant([3, 4])(mx.init.InitDesc("fc_weight"), weight)
    >>> weight.asnumpy().tolist()
    [3.0, 4.0]
    """

    def __init__(self, value: Any) -> None:
        super().__init__(value=value)
        self.value = value

    def _init_weight(self, _: str, arr: NDArray) -> None:
        arr[:] = np.asarray(self.value) if isinstance(self.value, list | tuple) else self.value

    def dumps(self) -> str:
        """Return the JSON text ``["constant", {"value": ...}]``, arrays as nested lists."""
        value = self.value
        if isinstance(value, NDArray):
            value = value.asnumpy()
        if isinstance(value, np.ndarray | np.generic):
            value = value.tolist()
        return json.dumps(["constant", {"value": value}])
