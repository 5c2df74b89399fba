"""What operators there are, and what arguments they take, in words."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..ops.attributes import format_value
from ..ops.registry import Attribute, get, names


class OperatorArguments(NamedTuple):
    """The arguments of an operator: how many, their names, and what each accepts in words."""

    narg: int
    names: list[str]
    types: list[str]


def get_all_registered_operators() -> list[str]:
    """Return the name of every operator, aliases included.

    Examples
    --------
    >>> "FullyConnected" in mx.operator.get_all_registered_operators()
    True
    """
    return names()


def get_operator_arguments(op_name: str) -> OperatorArguments:
    """Return the arguments of an operator: first its tensors, then its attributes.

    Parameters
    ----------
    op_name : str
        The operator's name.

    Raises
    ------
    MXNetError
        If there is no operator of that name.

    Examples
    --------
    >>> found = mx.operator.get_operator_arguments("LeakyReLU")
    >>> found.names[:3], found.types[3]
    (['data', 'gamma', 'act_type'], 'float, optional, default=0.25')
    """
    operator = get(op_name)
    tensor = "NDArray-or-Symbol[]" if operator.variadic else "NDArray-or-Symbol"
    arguments = [(name, tensor) for name in operator.inputs]
    if operator.count_attribute:
        arguments.append((operator.count_attribute, "int, required"))
    arguments += [(name, _in_words(each)) for name, each in operator.attributes.items()]
    return OperatorArguments(
        len(arguments), [name for name, _ in arguments], [kind for _, kind in arguments]
    )


def _in_words(attribute: Attribute) -> str:
    """Return what an attribute accepts, for example ``"int, optional, default='1'"``."""
    kind = attribute.kind
    text, separator = kind.name, ", "
    if kind.choices:
        choices = {*kind.choices, *(["None"] if kind.name.endswith("or None") else [])}
        text, separator = "{" + ", ".join(f"'{choice}'" for choice in sorted(choices)) + "}", ","
    if attribute.required:
        return f"{text}, required"
    return f"{text}{separator}optional, default={_default(kind.name, attribute.default)}"


def _default(kind: str, value: Any) -> str:
    if kind == "boolean":
        return str(int(value))
    if isinstance(value, tuple):
        return "[" + ",".join(format_value(item) for item in value) + "]"
    quoted = kind in ("int", "int or None", "string", "enum", "enum or None")
    return f"'{value}'" if quoted or kind.startswith("dtype") else str(value)
