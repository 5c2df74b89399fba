"""Attributes of operators: what an annotation accepts, and how a value is read from a string.

A keyword-only parameter of an operator's function is an attribute. Its annotation names one of
the kinds below; the kind reads what a user passes and what a saved graph holds (``"(3, 3)"``,
``"True"``, ``"None"``), and refuses the rest.
"""

from __future__ import annotations

import ast
import types
import typing
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union

import numpy as np

from ..base import MXNetError
from ..dtype import NAME_OF_TORCH, dtype_name


@dataclass(frozen=True)
class Kind:
    """How values of one attribute are read.

    Parameters
    ----------
    name : str
        The kind in words, as error messages and documentation give it.
    parse : callable
        Returns the Python value of what a user or a file gives; raises ValueError or TypeError.
    choices : tuple of str
        The allowed words of an enumeration, else empty.
    """

    name: str
    parse: Callable[[Any], Any]
    choices: tuple[str, ...] = ()


_TRUE = {True, "True", "true", "1"}
_FALSE = {False, "False", "false", "0"}


def _bool(value: Any) -> bool:
    if value is True or value is False:
        return value
    if isinstance(value, np.bool_):
        return bool(value)
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise ValueError


def _int(value: Any) -> int:
    if type(value) is int:
        return value
    if isinstance(value, str):
        if value in ("True", "False"):
            return int(value == "True")
        return int(value.strip().removesuffix("L"))
    if isinstance(value, (int, np.integer, np.bool_)):
        return int(value)
    if isinstance(value, np.ndarray) and value.size == 1 and value.dtype.kind in "iu":
        return int(value.reshape(()))
    raise TypeError


def _bounded_int(low: int) -> Callable[[Any], int]:
    def parse(value: Any) -> int:
        number = _int(value)
        if number < low:
            raise ValueError
        return number

    return parse


def _float(value: Any) -> float:
    if type(value) is float:
        return value
    if isinstance(value, (str, int, float, np.number, np.bool_)):
        return float(value)
    if isinstance(value, np.ndarray) and value.size == 1:
        return float(value.reshape(()))
    raise TypeError


def _fraction(value: Any) -> float:
    number = _float(value)
    if not 0 <= number <= 1:
        raise ValueError
    return number


def _string(value: Any) -> str:
    return value if type(value) is str else str(value)


def _sequence(value: Any) -> tuple[Any, ...]:
    """Read "(3, 3)", "[3,3]", "(3L,)", "3", a list, a tuple, an array or one number as a tuple."""
    if isinstance(value, tuple):
        return value
    if isinstance(value, str):
        text = value.strip().replace("L", "")
        if not text.strip("()[], "):
            return ()
        value = ast.literal_eval(text)
    if isinstance(value, (list, tuple, np.ndarray)):
        return tuple(value)
    return (value,)


def _ints(value: Any) -> tuple[int, ...]:
    if value is None or value == "None":
        return ()
    return tuple([_int(item) for item in _sequence(value)])


def _optional_ints(value: Any) -> tuple[int | None, ...]:
    return tuple([None if item is None else _int(item) for item in _sequence(value)])


def _floats(value: Any) -> tuple[float, ...]:
    return tuple([_float(item) for item in _sequence(value)])


def _nested_ints(value: Any) -> tuple[tuple[int, ...], ...]:
    return tuple([_ints(item) for item in _sequence(value)])


def _or_none(parse: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def optional(value: Any) -> Any:
        return None if value is None or value == "None" else parse(value)

    return optional


def _choice(choices: tuple[str, ...], optional: bool) -> Callable[[Any], Any]:
    def parse(value: Any) -> str | None:
        if optional and (value is None or value == "None"):
            return None
        word = value if type(value) is str else str(value)
        if word not in choices:
            raise ValueError
        return word

    return parse


def _dtype_choice(choices: tuple[str, ...], optional: bool) -> Callable[[Any], Any]:
    def parse(value: Any) -> str | None:
        if optional and (value is None or value == "None"):
            return None
        name = value if type(value) is str else dtype_name(value)
        if name not in choices:
            raise ValueError
        return name

    return parse


Shape = Annotated[tuple[int, ...], Kind("Shape(tuple)", _ints)]
"""A tuple of integers; one integer stands for a tuple of one, None for an empty one."""

OptionalInts = Annotated[tuple[int | None, ...], Kind("Shape(tuple)", _optional_ints)]
"""A tuple whose entries are integers or None, as in the begin of a slice."""

NestedShape = Annotated[tuple[tuple[int, ...], ...], Kind("tuple of <Shape(tuple)>", _nested_ints)]
"""A tuple of tuples of integers."""

Floats = Annotated[tuple[float, ...], Kind("tuple of <float>", _floats)]
"""A tuple of floats; one number stands for a tuple of one."""

Fraction = Annotated[float, Kind("float from 0 to 1", _fraction)]
"""A float from 0 to 1."""

NonNegativeInt = Annotated[int, Kind("int (non-negative)", _bounded_int(0))]
"""An integer of at least 0."""

PositiveInt = Annotated[int, Kind("int (positive)", _bounded_int(1))]
"""An integer of at least 1."""

_PLAIN = {
    bool: Kind("boolean", _bool),
    int: Kind("int", _int),
    float: Kind("float", _float),
    str: Kind("string", _string),
}


if typing.TYPE_CHECKING:
    from typing import Literal as DType  # to a type checker, one of these words
else:

    class DType:
        """Annotation for an attribute that names an element type: ``DType["float32", "float64"]``.

        With ``| None`` added the string ``"None"`` and None stand for "not given". Any spelling of
        a type is accepted (``np.float32``, ``'float32'``); the operator's function receives the
        name.
        """

        def __class_getitem__(cls, choices: str | tuple[str, ...]) -> Any:
            names = (choices,) if isinstance(choices, str) else choices
            unknown = set(names) - set(NAME_OF_TORCH.values())
            if unknown:
                raise ValueError(f"DType: {sorted(unknown)} are not element types of MXNet.")
            return Annotated[str, Kind("dtype", _dtype_choice(names, False), names)]


def _kind_of_union(annotation: Any) -> Kind:
    members = [member for member in typing.get_args(annotation) if member is not type(None)]
    if len(members) != 1:
        raise TypeError(f"An attribute can be one kind or None, not {annotation}.")
    inner = kind_of(members[0])
    if inner.name == "dtype":
        return Kind("dtype or None", _dtype_choice(inner.choices, True), inner.choices)
    if inner.choices:
        return Kind("enum or None", _choice(inner.choices, True), inner.choices)
    return Kind(f"{inner.name} or None", _or_none(inner.parse))


def kind_of(annotation: Any) -> Kind:
    """Return the kind that an attribute's annotation names.

    Raises
    ------
    TypeError
        If the annotation names none: a mistake in the operator's definition.
    """
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    origin = typing.get_origin(annotation)
    if origin is Annotated:
        found = [item for item in annotation.__metadata__ if isinstance(item, Kind)]
        if found:
            return found[0]
    if origin is Literal:
        choices = typing.get_args(annotation)
        return Kind("enum", _choice(choices, False), choices)
    if origin in (Union, types.UnionType):
        return _kind_of_union(annotation)
    raise TypeError(f"{annotation!r} is not the annotation of an attribute.")


def format_value(value: Any) -> str:
    """Return the string that a graph stores for an attribute's value.

    Examples
    --------
    >>> from mxnet.ops.attributes import format_value
    >>> format_value((3, 3)), format_value(True), format_value(None), format_value(0.5)
    ('(3, 3)', 'True', 'None', '0.5')
    """
    if type(value) is str:
        return value
    if isinstance(value, list):
        return f"[{', '.join(format_value(item) for item in value)}]"
    if isinstance(value, (tuple, np.ndarray)):
        inner = ", ".join(format_value(item) for item in value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, (type, np.dtype)) or str(value).startswith("torch."):
        return dtype_name(value)
    return str(value)


def refuse(operator: str, attribute: str, kind: Kind, value: Any) -> MXNetError:
    """Return the error for a value that `kind` can not read."""
    allowed = f"one of {', '.join(kind.choices)}" if kind.choices else f"of kind {kind.name}"
    if kind.choices and kind.name.endswith("or None"):
        allowed += ", None"
    return MXNetError(f"{operator}: attribute {attribute} is {value!r}, but must be {allowed}.")
