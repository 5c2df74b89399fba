"""The operator registry: one Python function on torch tensors defines one operator.

Positional parameters are tensor inputs, keyword-only parameters are attributes, and a few
keyword-only names are injected by the caller (`INJECTED`). Rules that a signature can not say are
attached to the operator right below its function::

    @operator("FullyConnected")
    def fully_connected(data, weight, bias=None, *, num_hidden: PositiveInt, no_bias: bool = False):
        ...

    @fully_connected.inputs_rule
    def _(attrs):
        return ("data", "weight") if attrs["no_bias"] else ("data", "weight", "bias")
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import torch

from ..base import MXNetError, _Null
from ..dtype import NAME_OF_TORCH
from .attributes import Kind, kind_of, refuse

Attrs = Mapping[str, Any]
Shapes = list[Any]
DTypes = list[Any]

INJECTED = {
    "is_train": "bool: whether the caller trains",
    "generator": "torch.Generator or None: the source of random numbers",
    "device": "torch.device: where an operator without inputs makes its outputs (attribute ctx)",
    "output_shape": "tuple of int or None: the first output's shape, where inference has found it",
    "output_dtype": "torch.dtype or None: the first output's, where inference has found it",
    "written": "torch.Tensor or None: what the array given as `out` holds before the call",
    "memory": "dict: empty at first, kept as long as the executor that runs the operator",
}
"""Keyword-only parameters that the caller supplies because an operator's signature asks."""

HELD = {
    "custom": "the user's operator behind Custom",
    "subgraphs": "tuple: the graphs that a control flow operator runs",
}
"""Keyword-only parameters that lie among the parsed attributes, though no text stands for them."""

REQUIRED = inspect.Parameter.empty


@dataclass(frozen=True)
class Attribute:
    """One attribute of an operator: its name, what it accepts, and its default or REQUIRED."""

    name: str
    kind: Kind
    default: Any

    @property
    def required(self) -> bool:
        """Whether a caller must give it."""
        return self.default is REQUIRED


class Backward:
    """What a gradient rule is given: one call of the operator and the gradients of its outputs.

    Parameters
    ----------
    grads : tuple of torch.Tensor
        Gradient of the loss with respect to each output (hidden outputs too: zeros).
    inputs, outputs : tuple of torch.Tensor or None
        What the call received and returned.
    attrs : mapping
        Parsed attributes and injected values of the call.
    needs : tuple of bool
        Which inputs need a gradient; a rule may return None for the others.
    targets : sequence of torch.Tensor or None, optional
        Where the caller keeps the gradient of each input, None where it may not be written yet.
    """

    __slots__ = ("attrs", "grads", "inputs", "needs", "outputs", "targets")

    def __init__(
        self, grads: Any, inputs: Any, outputs: Any, attrs: Attrs, needs: Any, targets: Any = None
    ) -> None:
        self.grads, self.inputs, self.outputs = grads, inputs, outputs
        self.attrs, self.needs, self.targets = attrs, needs, targets

    def memory_for(self, index: int) -> torch.Tensor | None:
        """Return the memory for an input's gradient to be written to and returned, or None."""
        return None if self.targets is None else self.targets[index]


def filled(
    grads: Iterable[torch.Tensor | None], outputs: Iterable[torch.Tensor | None]
) -> tuple[torch.Tensor | None, ...]:
    """Return the gradients of all outputs: where there is none, one zero that stands for all."""
    return tuple(
        out.new_zeros(()).expand(out.shape) if grad is None and out is not None else grad
        for grad, out in zip(grads, outputs, strict=True)
    )


class Operator:
    """One operator: its function, its schema (read from the signature) and its rules.

    Made by :func:`operator`; calling it calls the function. `attributes` maps names to
    :class:`Attribute` in the reference's order; `inputs` are the tensor parameters, or the one
    variadic parameter where `variadic` is set.
    """

    def __init__(self, name: str, function: Callable[..., Any]) -> None:
        self.name = name
        self.function = function
        self.__doc__ = function.__doc__
        self.__name__ = function.__name__
        self.__module__ = function.__module__
        self.__wrapped__ = function  # lets doctest and inspect see the function behind
        self.aliases: tuple[str, ...] = ()
        self.aux: tuple[str, ...] = ()
        self.mutates: tuple[str, ...] = ()
        self.unlisted: frozenset[str] = frozenset()
        self.outputs: int | Callable[[Attrs], int] = 1
        self.visible_outputs: int | Callable[[Attrs], int] | None = None
        self.output_names: tuple[str, ...] | Callable[[Attrs], tuple[str, ...]] | None = None
        self.count_attribute: str | None = None
        self.inits: Mapping[str, str] = {}
        self.is_loss = False
        self.own_gradient = False
        self.no_gradient: frozenset[str] = frozenset()
        self.is_loss_for: Callable[[Attrs], bool] | None = None
        self.loss_rule: Callable[[Any, Any, Attrs], torch.Tensor | None] | None = None
        self.dynamic_shape = False
        self.open_attributes = False
        self.shapes: Callable[[Shapes, Shapes, Attrs], tuple[Shapes, Shapes]] | None = None
        self.types: Callable[[DTypes, DTypes, Attrs], tuple[DTypes, DTypes]] | None = None
        self.inputs_for: Callable[[Attrs], tuple[str, ...] | None] | None = None
        self.states_for: Callable[[Attrs], tuple[str, ...]] | None = None
        self.complete: Callable[[dict[str, Any]], dict[str, Any]] | None = None
        self.backward: Callable[[Backward], Any] | None = None
        self.backward_is_derivative = True
        self.arranged: Callable[[list[Any], Attrs], list[Any]] | None = None
        self._read_signature()

    def _read_signature(self) -> None:
        hints = typing.get_type_hints(self.function, include_extras=True)
        inputs, optional, attributes, injected = [], [], {}, []
        self.variadic = False
        for name, parameter in inspect.signature(self.function).parameters.items():
            if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
                self.variadic = True
                inputs.append(name)
            elif parameter.kind is inspect.Parameter.VAR_KEYWORD:
                continue  # attributes that have no names here
            elif parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
                inputs.append(name)
                if parameter.default is None:
                    optional.append(name)
            elif name in HELD:
                continue
            elif name in INJECTED:
                injected.append(name)
                if name == "device":
                    attributes["ctx"] = Attribute("ctx", kind_of(str), "")
            else:
                attributes[name] = Attribute(name, kind_of(hints[name]), parameter.default)
        self.inputs = tuple(inputs)
        self.optional_inputs = frozenset(optional)
        self.attributes: dict[str, Attribute] = attributes
        self.injected = frozenset(injected)
        self.required = frozenset(a.name for a in attributes.values() if a.required)
        self.defaults = {a.name: a.default for a in attributes.values() if not a.required}

    def __call__(self, *inputs: Any, **attrs: Any) -> Any:
        return self.function(*inputs, **attrs)

    def __repr__(self) -> str:
        return f"<operator {self.name}>"

    def parse(self, raw: Attrs) -> dict[str, Any]:
        """Return all attributes as Python values, defaults included.

        Raises
        ------
        MXNetError
            For an unknown name, a value that the attribute does not accept, or a missing one.
        """
        values = dict(self.defaults)
        for name, value in raw.items():
            attribute = self.attributes.get(name)
            if attribute is None and self.open_attributes:
                values[name] = value
                continue
            if attribute is None:
                raise MXNetError(
                    f"{self.name}: there is no attribute or input {name!r}; inputs are "
                    f"{', '.join(self.inputs) or '(none)'}; attributes are "
                    f"{', '.join(self.attributes) or '(none)'}."
                )
            if value is _Null:
                continue
            try:
                values[name] = attribute.kind.parse(value)
            except (ValueError, TypeError, SyntaxError, OverflowError, MXNetError):
                raise refuse(self.name, name, attribute.kind, value) from None
        if not self.required <= values.keys():
            missing = sorted(self.required - values.keys())
            raise MXNetError(f"{self.name}: required attribute {', '.join(missing)} is missing.")
        return values if self.complete is None else self.complete(values)

    def call_attrs(self, attrs: Attrs, **injected: Any) -> dict[str, Any]:
        """Return the keyword arguments of the function: `attrs`, and what it asks of `injected`."""
        keywords = dict(attrs)
        if "device" in self.injected:
            keywords.pop("ctx", None)
        for name in self.injected:
            keywords[name] = injected[name]
        return keywords

    def input_names(self, attrs: Attrs, count: int | None = None) -> tuple[str, ...]:
        """Return the names of the inputs that exist for `attrs`; `count` of them if variadic."""
        names = None if self.inputs_for is None else self.inputs_for(attrs)
        if names is not None:
            return names
        if self.variadic:
            return tuple(f"arg{i}" for i in range(count or 0))
        return self.inputs

    def state_names(self, attrs: Attrs) -> tuple[str, ...]:
        """Return the names of the inputs that are auxiliary states."""
        return self.aux if self.states_for is None else self.states_for(attrs)

    def ignores_head(self, attrs: Attrs) -> bool:
        """Return whether the gradient needs no head gradient, as that of a loss layer."""
        return self.is_loss if self.is_loss_for is None else self.is_loss_for(attrs)

    def has_own_gradient(self, attrs: Attrs) -> bool:
        """Return whether the gradient is by design no derivative of the outputs."""
        graphs = attrs.get("subgraphs") or ()
        inside = any(graph.has_own_gradient() for graph in graphs)
        return self.own_gradient or inside or self.ignores_head(attrs)

    def count_outputs(self, attrs: Attrs) -> int:
        """Return how many outputs the function returns for `attrs`, hidden ones included."""
        return self.outputs if isinstance(self.outputs, int) else self.outputs(attrs)

    def count_visible(self, attrs: Attrs) -> int:
        """Return how many of the outputs a user sees."""
        if self.visible_outputs is None:
            return self.count_outputs(attrs)
        if isinstance(self.visible_outputs, int):
            return self.visible_outputs
        return self.visible_outputs(attrs)

    def name_outputs(self, attrs: Attrs) -> tuple[str, ...]:
        """Return the names of all outputs: ``output``, or ``output0``, ``output1``, ..."""
        if callable(self.output_names):
            return self.output_names(attrs)
        if self.output_names:
            return self.output_names
        count = self.count_outputs(attrs)
        return ("output",) if count == 1 else tuple(f"output{i}" for i in range(count))

    # Decorators that attach a rule; each returns its function unchanged.

    def inputs_rule(self, rule: Callable[[Attrs], tuple[str, ...] | None]) -> Callable[..., Any]:
        """Attach ``rule(attrs) -> names``: which inputs exist for these attributes; None where
        they are those that the signature names (for a variadic operator: those given)."""
        self.inputs_for = rule
        return rule

    def states_rule(
        self, rule: Callable[[Attrs], tuple[str, ...]]
    ) -> Callable[[Attrs], tuple[str, ...]]:
        """Attach ``rule(attrs) -> names``: which inputs are auxiliary states that the function
        itself writes, at every run; `aux` names those whose new values it returns."""
        self.states_for = rule
        return rule

    def loss_when(self, rule: Callable[[Attrs], bool]) -> Callable[[Attrs], bool]:
        """Attach ``rule(attrs) -> bool``: whether the gradient needs no head gradient."""
        self.is_loss_for = rule
        return rule

    def completion(
        self, rule: Callable[[dict[str, Any]], dict[str, Any]]
    ) -> Callable[[dict[str, Any]], dict[str, Any]]:
        """Attach ``rule(attrs) -> attrs``, which adds what is HELD to freshly parsed attributes."""
        self.complete = rule
        return rule

    def shape_rule(self, rule: Callable[..., Any]) -> Callable[..., Any]:
        """Attach ``rule(inputs, outputs, attrs) -> (inputs, outputs)`` on partial shapes.

        A shape is None where unknown; an unknown dimension is -1. The rule fills in what
        follows, in either direction; outputs that it leaves unknown come from a run of the
        function on torch's meta device once every input is known.
        """
        self.shapes = rule
        return rule

    def type_rule(self, rule: Callable[..., Any]) -> Callable[..., Any]:
        """Attach ``rule(inputs, outputs, attrs) -> (inputs, outputs)`` on torch dtypes or None."""
        self.types = rule
        return rule

    def gradient(self, rule: Callable[[Backward], Any]) -> Callable[[Backward], Any]:
        """Attach ``rule(backward) -> gradients`` where MXNet's backward is not the derivative."""
        self.backward, self.backward_is_derivative = rule, False
        return rule

    def fast_gradient(self, rule: Callable[[Backward], Any]) -> Callable[[Backward], Any]:
        """Attach ``rule(backward) -> gradients`` equal to the derivative, but free of a tape."""
        self.backward = rule
        return rule

    def arrangement(
        self, rule: Callable[[list[Any], Attrs], list[Any]]
    ) -> Callable[[list[Any], Attrs], list[Any]]:
        """Attach ``rule(inputs, attrs) -> inputs``: equal tensors, in the order in memory that
        function and gradient both work in, so that a caller of both rearranges them once."""
        self.arranged = rule
        return rule

    def implied_loss(
        self, rule: Callable[[Any, Any, Attrs], torch.Tensor | None]
    ) -> Callable[[Any, Any, Attrs], torch.Tensor | None]:
        """Attach ``rule(inputs, outputs, attrs) -> scalar``: the loss whose derivative the gradient
        of a loss layer is, though the layer does not return it; None where there is no such loss.
        """
        self.loss_rule = rule
        return rule

    def explain(
        self, error: Exception, inputs: Iterable[Any], attrs: Attrs, node: str = ""
    ) -> MXNetError:
        """Return `error` as an MXNetError that names the operator, the node and the inputs."""
        label = f"{self.name} {node}" if node else self.name
        text = str(error).strip().split("\n", 1)[0]
        if isinstance(error, MXNetError):
            return error if text.startswith(self.name) else MXNetError(f"{label}: {text}")
        names = iter(self.input_names(attrs, 64))
        given = ", ".join(f"{next(names, 'input')} {describe(x)}" for x in inputs)
        chosen = ", ".join(
            f"{key}={value!r}"
            for key, value in attrs.items()
            if key not in INJECTED and key not in HELD
        )
        rest = f"; attributes: {chosen}" if chosen else ""
        return MXNetError(f"{label}: {text} (inputs: {given or 'none'}{rest})")


def describe(value: Any) -> str:
    """Return shape and dtype of a tensor in words, for messages."""
    if isinstance(value, torch.Tensor):
        return f"{tuple(value.shape)} {NAME_OF_TORCH.get(value.dtype, value.dtype)}"
    return repr(value)


_REGISTRY: dict[str, Operator] = {}


def operator(
    name: str,
    *,
    aliases: Iterable[str] = (),
    aux: Iterable[str] = (),
    mutates: Iterable[str] = (),
    unlisted: Iterable[str] = (),
    outputs: int | Callable[[Attrs], int] = 1,
    visible_outputs: int | Callable[[Attrs], int] | None = None,
    output_names: tuple[str, ...] | Callable[[Attrs], tuple[str, ...]] | None = None,
    count_attribute: str | None = "num_args",
    inits: Mapping[str, str] | None = None,
    loss: bool = False,
    own_gradient: bool = False,
    no_gradient: Iterable[str] = (),
    dynamic_shape: bool = False,
    open_attributes: bool = False,
    shapes: Callable[..., Any] | None = None,
    types: Callable[..., Any] | None = None,
) -> Callable[[Callable[..., Any]], Operator]:
    """Register the decorated function as the operator `name`.

    Parameters
    ----------
    name : str
        The reference's canonical name, for example ``'FullyConnected'``.
    aliases : iterable of str
        Other names of the same operator.
    aux : iterable of str
        Inputs that are auxiliary states. The function returns, after its outputs, one new value
        for each of them, or None to leave it.
    mutates : iterable of str
        Inputs that the function writes in place (optimizer states).
    unlisted : iterable of str
        Last inputs that a user gives by name alone: the reference's signature lacks them.
    outputs, visible_outputs : int or callable(attrs) -> int
        How many outputs there are, and how many of them a user sees (default: all).
    output_names : tuple of str or callable(attrs) -> tuple
        Names of the outputs, default ``output`` or ``output0``, ``output1``, ...
    count_attribute : str or None
        For a variadic operator the attribute that a graph stores its number of inputs in.
    inits : mapping of str to str
        How inputs that a graph makes by itself begin: initializers in the form of their `dumps()`.
        Auxiliary states begin with zeros where this says nothing.
    loss : bool
        Whether the gradient ignores the head gradient, so that backward needs none.
    own_gradient : bool
        Whether the gradient is by design no derivative (a straight-through estimator, say), so that
        checks do not hold it against finite differences. A loss implies it, and so does an input
        that is written.
    no_gradient : iterable of str
        Inputs to which, and outputs from which, by design no gradient flows: labels, indices,
        boxes, or the statistics that a normalization shows.
    dynamic_shape : bool
        Whether an output's shape depends on values, which makes inference impossible.
    open_attributes : bool
        Whether attributes that the signature does not name are handed on as they come.
    shapes, types : callable
        A shared rule, as :meth:`Operator.shape_rule` and :meth:`Operator.type_rule` take.
    """

    def register(function: Callable[..., Any]) -> Operator:
        made = Operator(name, function)
        made.aliases = tuple(aliases)
        made.aux, made.mutates = tuple(aux), tuple(mutates)
        made.unlisted = frozenset(unlisted)
        made.outputs, made.visible_outputs = outputs, visible_outputs
        made.output_names = output_names
        made.count_attribute = count_attribute if made.variadic else None
        made.inits = {**dict.fromkeys(made.aux, '["zero", {}]'), **(inits or {})}
        made.is_loss, made.own_gradient = loss, own_gradient or loss or bool(made.mutates)
        made.no_gradient = frozenset(no_gradient)
        made.dynamic_shape = dynamic_shape
        made.open_attributes = open_attributes
        made.shapes, made.types = shapes, types
        for label in (name, *made.aliases):
            if label in _REGISTRY:
                raise ValueError(
                    f"operator {label} is defined twice: {_REGISTRY[label]} and {name}"
                )
            _REGISTRY[label] = made
        return made

    return register


def get(name: str) -> Operator:
    """Return the operator of that name or alias.

    Raises
    ------
    MXNetError
        If there is none.
    """
    try:
        return _REGISTRY[name]
    except KeyError:
        raise MXNetError(f"There is no operator named {name!r}.") from None


def names() -> list[str]:
    """Return every name and alias, sorted."""
    return sorted(_REGISTRY)
