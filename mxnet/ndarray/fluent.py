"""Methods of NDArray that are operators: `x.sum(axis=1)` is `mx.nd.sum(x, axis=1)`."""

from __future__ import annotations

from typing import Any

from ..ops.frontend import FLUENT_METHODS, make_fluent
from . import op
from .ndarray import NDArray, split_v2

for _name in FLUENT_METHODS:
    if _name not in vars(NDArray):
        setattr(NDArray, _name, make_fluent(getattr(op, _name), _name))


def _transpose(self: NDArray, *axes: Any, **kwargs: Any) -> NDArray:
    """Return the array with its axes in the order `axes`, given one by one or as a tuple."""
    if len(axes) == 1 and isinstance(axes[0], (tuple, list)):
        axes = tuple(axes[0])
    elif len(axes) == 1 and axes[0] is None:
        axes = ()
    return op.transpose(self, axes=kwargs.pop("axes", axes) or (), **kwargs)


def _round(self: NDArray, *args: Any, **kwargs: Any) -> Any:
    """Return each element rounded; halves go away from 0. `numpy.round` says ``decimals=0``."""
    if kwargs.get("decimals") == 0:
        del kwargs["decimals"]
    return op.round(self, *args, **kwargs)


def _split_v2(self: NDArray, *args: Any, **kwargs: Any) -> Any:
    """Return the parts of this array; arguments as in :func:`mxnet.nd.split_v2`."""
    return split_v2(self, *args, **kwargs)


setattr(NDArray, "transpose", _transpose)  # noqa: B010 - the class does not declare them
setattr(NDArray, "round", _round)  # noqa: B010
setattr(NDArray, "split_v2", _split_v2)  # noqa: B010
