"""The functions of `mx.sym`, one made from each registered operator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..base import MXNetError
from ..ops.frontend import Binder, describe_front_end, fill_room
from ..ops.registry import Operator
from .compose import make_node

_TAIL = ("name", "attr", "out")

_symbol_class: Any = None  # Symbol, set by symbol.py: this room lies below it


def set_symbol_class(symbol_class: Any) -> None:
    """Tell this room the class of its results."""
    global _symbol_class
    _symbol_class = symbol_class


def call_operator(
    operator: Operator,
    called: str,
    inputs: list[Any],
    raw: dict[str, Any],
    name: str | None = None,
    attr: dict[str, str] | None = None,
    positional: int = 0,
) -> Any:
    """Return the Symbol of an operator called as `called` on symbols."""
    node = make_node(operator, called.lower(), inputs, raw, name, attr, positional)
    return _symbol_class([(node, index) for index in range(node.count_visible())])


def make_function(operator: Operator, name: str, module: str) -> Callable[..., Any]:
    """Return the symbolic function of an operator: Symbols in, Symbol out."""
    binder = Binder(operator, _TAIL)
    hint = name.lower()

    def call(*args: Any, **kwargs: Any) -> Any:
        inputs, raw = binder.bind(args, kwargs)
        symbol_name, attr = raw.pop("name", None), raw.pop("attr", None)
        if raw.pop("out", None) is not None:
            raise MXNetError(f"{operator.name}: a Symbol has no memory, so out must be None.")
        if operator.variadic and not operator.open_attributes:
            raw.pop(operator.inputs[0], None)
        positional = min(len(args), len(inputs))
        return call_operator(operator, hint, inputs, raw, symbol_name, attr, positional)

    return describe_front_end(call, operator, name, module, _TAIL)


def populate(namespace: dict[str, Any], room: str) -> list[str]:
    """Put the functions of one room into a module's namespace, and return their names."""
    return fill_room(namespace, room, make_function)
