"""What the two front ends, `mx.nd` and `mx.sym`, share: rooms, argument binding and signatures.

An operator's name tells its room: ``_contrib_box_nms`` is ``contrib.box_nms``, ``_plus_scalar`` is
``_internal._plus_scalar``, ``relu`` is ``op.relu``.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from ..base import MXNetError, _Null
from .registry import Attrs, Operator, get, names

PREFIXES = {
    "contrib": "_contrib_",
    "linalg": "_linalg_",
    "image": "_image_",
    "random": "_random_",
    "sparse": "_sparse_",
}
"""The prefix of the operator names that each room shows without it."""

_POSITIONAL = inspect.Parameter.POSITIONAL_OR_KEYWORD


def public_names(room: str) -> Iterator[tuple[str, Operator]]:
    """Yield (name in the room, operator) for `room`: a key of PREFIXES, 'op' or '_internal'."""
    for name in names():
        if room == "op":
            if not name.startswith("_"):
                yield name, get(name)
        elif room == "_internal":
            if name.startswith("_"):
                yield name, get(name)
        elif name.startswith(PREFIXES[room]):
            yield name.removeprefix(PREFIXES[room]), get(name)


def fill_room(
    namespace: dict[str, Any], room: str, make: Callable[[Operator, str, str], Any]
) -> list[str]:
    """Put what `make(operator, name, module)` gives into a module's namespace for each name of a
    room that it does not have yet, and return the names."""
    module = namespace["__name__"]
    made = []
    for name, operator in public_names(room):
        if name not in namespace:
            namespace[name] = make(operator, name, module)
            made.append(name)
    return made


def front_end_signature(operator: Operator, tail: tuple[str, ...]) -> inspect.Signature:
    """Return the signature that users see: tensors, attributes, then `tail` and `**kwargs`."""
    rest = inspect.Parameter("kwargs", inspect.Parameter.VAR_KEYWORD)
    if operator.variadic:
        data = inspect.Parameter(operator.inputs[0], inspect.Parameter.VAR_POSITIONAL)
        return inspect.Signature([data, rest])
    listed = [name for name in operator.inputs if name not in operator.unlisted]
    parameters = [inspect.Parameter(name, _POSITIONAL, default=None) for name in listed]
    parameters += [
        inspect.Parameter(name, _POSITIONAL, default=_Null) for name in operator.attributes
    ]
    parameters += [
        inspect.Parameter(name, _POSITIONAL, default=None)
        for name in tail
        if name not in operator.attributes
    ]
    return inspect.Signature([*parameters, rest])


class Binder:
    """Sorts the arguments of a call into tensor inputs and raw attributes."""

    def __init__(self, operator: Operator, tail: tuple[str, ...]) -> None:
        self.operator = operator
        self.position = {name: index for index, name in enumerate(operator.inputs)}
        self.total = len(operator.inputs)
        self.count = self.total - len(operator.unlisted)
        self.attribute_names = (*operator.attributes, *tail)

    def bind(
        self, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[list[Any], dict[str, Any]]:
        """Return (inputs in the operator's order, raw attributes).

        Raises
        ------
        MXNetError
            If there are too many positional arguments or one comes twice.
        """
        if self.operator.variadic:
            return self._bind_variadic(args, kwargs)
        count = self.count
        inputs: list[Any] = list(args[:count])
        raw = dict(zip(self.attribute_names, args[count:], strict=False))
        if len(args) > count + len(self.attribute_names):
            raise MXNetError(
                f"{self.operator.name}: {len(args)} positional arguments came, but there are at "
                f"most {count + len(self.attribute_names)}."
            )
        inputs += [None] * (self.total - len(inputs))
        for name, value in kwargs.items():
            index = self.position.get(name)
            if index is None:
                if name in raw:
                    raise MXNetError(f"{self.operator.name}: attribute {name} is given twice.")
                raw[name] = value
            elif index < min(len(args), count):
                raise MXNetError(f"{self.operator.name}: input {name} is given twice.")
            else:
                inputs[index] = value
        return inputs, raw

    def _bind_variadic(
        self, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[list[Any], dict[str, Any]]:
        name = self.operator.inputs[0]
        # Where inputs have names of their own, one of them may have this one.
        own = self.operator.open_attributes and not isinstance(kwargs.get(name), (list, tuple))
        if not args and name in kwargs and not own:
            args = tuple(kwargs.pop(name))
        if len(args) == 1 and isinstance(args[0], (list, tuple)):
            args = tuple(args[0])
        raw = dict(kwargs)
        count = raw.pop(self.operator.count_attribute or "", None)
        if count is not None and count is not _Null and str(count) != str(len(args)):
            raise MXNetError(
                f"{self.operator.name}: {len(args)} arrays came, but "
                f"{self.operator.count_attribute} is {count!r}."
            )
        return list(args), raw


class Form(NamedTuple):
    """How calls of one form are bound: with as many arrays, and the same other arguments."""

    attrs: dict[str, Any]
    absent: tuple[None, ...]
    whole: bool
    """Whether the positional arguments are the inputs: none is absent, no attribute among them."""


class Forms:
    """The forms of calls that have come so far, so that a call like one before is bound at once.

    A call is recognised if its arguments are arrays by position, then plain values. Whatever else
    comes is left to :class:`Binder`, errors included.
    """

    MOST = 256
    """Forms that are kept; a caller that computes its attributes makes no more of them."""

    def __init__(self, operator: Operator, count: int) -> None:
        self._count = None if operator.variadic else count
        self.known: dict[Any, Form] = {}
        self._open = operator.complete is None and not operator.open_attributes

    def key(self, args: tuple[Any, ...], kwargs: dict[str, Any], array_class: type) -> Any:
        """Return what calls of this form have in common, None where the call is not plain."""
        arrays = 0
        for each in args:
            if not isinstance(each, array_class):
                break
            arrays += 1
        if arrays == len(args):
            if not kwargs:
                return (arrays,)
            given: Iterable[Any] = kwargs.values()
        elif arrays == self._count:
            given = (*args[arrays:], *kwargs.values())
        else:
            return None
        types = (*map(type, given),)
        if not _PLAIN.issuperset(types) and not _are_plain(given):
            return None
        return (arrays, *kwargs, *types, *given)

    def keep(self, key: Any, args: tuple[Any, ...], inputs: list[Any], attrs: Attrs) -> None:
        """Remember a form, if its arrays came in the operator's order."""
        given = len(args[: self._count])
        in_order = all(a is b for a, b in zip(inputs, args[:given], strict=False))
        absent = inputs[given:]
        fits = self._open and key[0] == given and len(self.known) < self.MOST
        if in_order and fits and all(each is None for each in absent):
            self.known[key] = Form(dict(attrs), tuple(absent), given == len(args) and not absent)


# Of equal values of different types, as 1 and True, an attribute may accept one alone.
_PLAIN = frozenset([int, str, bool, float, type, type(None)])
_INTEGER = frozenset([int])


def _are_plain(values: Iterable[Any]) -> bool:
    """Return whether all values are plain ones or tuples of int."""
    return all(
        _INTEGER.issuperset(map(type, value)) if type(value) is tuple else type(value) in _PLAIN
        for value in values
    )


def take_named(
    operator: Operator, raw: dict[str, Any], is_tensor: Callable[[Any], bool]
) -> dict[str, Any]:
    """Take the inputs that came by name from among the attributes, where any name may be one."""
    if not operator.open_attributes:
        return {}
    return {name: raw.pop(name) for name in list(raw) if is_tensor(raw[name])}


def place_named(
    operator: Operator, inputs: list[Any], named: dict[str, Any], attrs: Attrs
) -> list[Any]:
    """Return the inputs with those given by name in the places that `attrs` give them."""
    if not named:
        return inputs
    wanted = operator.input_names(attrs, len(inputs))
    placed = inputs + [None] * (len(wanted) - len(inputs))
    for name, value in named.items():
        if name not in wanted:
            raise MXNetError(
                f"{operator.name}: there is no input {name!r}; inputs are {', '.join(wanted)}."
            )
        if placed[wanted.index(name)] is not None:
            raise MXNetError(f"{operator.name}: input {name} is given twice.")
        placed[wanted.index(name)] = value
    return placed


def align_positional(
    operator: Operator, inputs: list[Any], attrs: Attrs, positional: int
) -> list[Any]:
    """Return the inputs with those given by position moved to the inputs that exist for `attrs`.

    `RNN(x, parameters, state, lengths, mode="gru", ...)` has no cell state, so the fourth tensor is
    the lengths.
    """
    if operator.inputs_for is None or operator.variadic:
        return inputs
    wanted = operator.input_names(attrs)
    if wanted == operator.inputs[: len(wanted)]:
        return inputs
    given = inputs[:positional]
    aligned: list[Any] = [None] * positional + inputs[positional:]
    for place, value in enumerate(given):
        name = wanted[place] if place < len(wanted) else operator.inputs[place]
        index = operator.inputs.index(name)
        if aligned[index] is not None and value is not None:
            raise MXNetError(f"{operator.name}: input {name} is given twice.")
        aligned[index] = value if value is not None else aligned[index]
    return aligned


def describe_front_end(
    function: Callable[..., Any], operator: Operator, name: str, module: str, tail: tuple[str, ...]
) -> Callable[..., Any]:
    """Give a front end's function its name, module, signature and documentation."""
    function.__name__ = function.__qualname__ = name
    function.__module__ = module
    function.__signature__ = front_end_signature(operator, tail)  # type: ignore[attr-defined]
    function.__doc__ = operator.__doc__
    return function


FLUENT_METHODS = tuple(
    """
    abs arccos arccosh arcsin arcsinh arctan arctanh argmax argmax_channel argmin argsort
    broadcast_axes cbrt ceil clip cos cosh degrees depth_to_space exp expm1 fix flip floor log
    log10 log1p log2 log_softmax max mean min nanprod nansum norm one_hot ones_like pad pick prod
    radians rcbrt reciprocal relu repeat reshape_like rint round rsqrt shape_array sigmoid sign sin
    sinh size_array slice slice_axis slice_like softmax softmin sort space_to_depth split sqrt
    square sum swapaxes take tan tanh tile topk transpose trunc zeros_like
    """.split()  # noqa: SIM905 - a word list reads better than 75 lines
)
"""Operators that NDArray and Symbol also have as methods of the same name."""


def make_fluent(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    """Return the method `x.name(...)`, which is `function(x, ...)`."""

    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        return function(self, *args, **kwargs)

    method.__name__ = name
    method.__doc__ = f"Return `{name}` of this array; arguments as in :func:`mxnet.nd.{name}`."
    return method
