"""Methods of Symbol that are operators: `x.sum(axis=1)` is `mx.sym.sum(x, axis=1)`."""

from __future__ import annotations

from typing import Any

from ..base import NotImplementedForSymbol
from ..ops.frontend import FLUENT_METHODS, make_fluent
from . import creation, op
from .symbol import Symbol

_MORE = {"astype": "Cast", "reshape": "Reshape", "broadcast_to": "broadcast_to",
         "broadcast_like": "broadcast_like", "expand_dims": "expand_dims", "flatten": "Flatten",
         "squeeze": "squeeze", "diag": "diag"}  # fmt: skip

for _name in FLUENT_METHODS:
    setattr(Symbol, _name, make_fluent(getattr(op, _name), _name))


def _without_inplace(function: Any, name: str) -> Any:
    """Return a method that takes the reference's `inplace`, which has no meaning for a graph."""

    def method(self: Symbol, *args: Any, **kwargs: Any) -> Symbol:
        kwargs.pop("inplace", None)
        return function(self, *args, **kwargs)

    method.__name__ = name
    method.__doc__ = f"Return `{name}` of this symbol; arguments as in :func:`mxnet.sym.{name}`."
    return method


for _name, _operator in _MORE.items():
    setattr(Symbol, _name, _without_inplace(getattr(op, _operator), _name))


def _reshape(self: Symbol, *shape: Any, **kwargs: Any) -> Symbol:
    """Return the symbol in another shape, given one by one, as a tuple, or by name."""
    if len(shape) == 1 and isinstance(shape[0], (tuple, list)):
        shape = tuple(shape[0])
    return op.Reshape(self, shape=shape or kwargs.pop("shape", ()), **kwargs)


def _split_v2(self: Symbol, *args: Any, **kwargs: Any) -> Symbol:
    """Return the parts of this symbol; arguments as in :func:`mxnet.sym.split_v2`."""
    return creation.split_v2(self, *args, **kwargs)


setattr(Symbol, "reshape", _reshape)  # noqa: B010 - the class does not declare them
setattr(Symbol, "split_v2", _split_v2)  # noqa: B010


def _refusal(name: str) -> Any:
    def method(self: Symbol, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedForSymbol(name, None)

    method.__name__ = name
    method.__doc__ = f"Refuse: `{name}` has no meaning for a Symbol, which holds no values."
    return method


for _name in ("wait_to_read", "asnumpy", "asscalar", "copy", "as_in_context", "detach", "backward"):
    setattr(Symbol, _name, _refusal(_name))
