"""The values that a network is checked on: given ones, and draws for the rest."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from ...base import MXNetError
from ...dtype import torch_dtype
from ...ndarray import NDArray
from ...symbol import Symbol
from ...symbol.plan import Plan
from ...symbol.step import Step

_WEIGHTS = ("weight", "bias", "beta", "parameters")


@dataclass
class NetworkValues:
    """The plan's slots, filled with arguments and auxiliary states, and which were drawn."""

    slots: list[Any]
    drawn: list[str]


def network_values(
    sym: Symbol,
    plan: Plan,
    shapes: Mapping[str, tuple[int, ...]],
    arg_params: Mapping[str, NDArray],
    aux_params: Mapping[str, NDArray],
    generator: torch.Generator,
) -> NetworkValues:
    """Return a value for every argument and auxiliary state; floating numbers are float64.

    Raises
    ------
    MXNetError
        If a name is unknown, shapes contradict each other, or some do not follow.
    """
    arguments, states = sym.list_arguments(), sym.list_auxiliary_states()
    _refuse_unknown("argument", arguments, arg_params)
    _refuse_unknown("auxiliary state", states, aux_params)
    _refuse_unknown("input", [*arguments, *states], shapes)
    known = _known_shapes(shapes, {**arg_params, **aux_params})
    arg_shapes, _, aux_shapes = sym.infer_shape_partial(**known)
    found = zip([*arguments, *states], [*arg_shapes, *aux_shapes], strict=True)
    _refuse_open({n: s for n, s in found if n not in arg_params and n not in aux_params})
    types = _types(sym, known, arg_params)
    consumers = _consumers(plan)
    values, drawn = [], []
    for name, shape, slot in zip(arguments, arg_shapes, plan.argument_slots, strict=True):
        if name in arg_params:
            values.append(_given(arg_params[name], types.get(name)))
            continue
        drawn.append(name)
        values.append(_draw(name, shape, types.get(name), consumers.get(slot), generator))
    aux = [
        _given(aux_params[name], torch.float64)
        if name in aux_params
        else torch.full(shape, 1.0 if name.endswith("var") else 0.0, dtype=torch.float64)
        for name, shape in zip(states, aux_shapes, strict=True)
    ]
    drawn += [name for name in states if name not in aux_params]
    return NetworkValues(plan.initial(values, aux), drawn)


def _refuse_unknown(what: str, known: list[str], given: Iterable[str]) -> None:
    for name in given:
        if name in known:
            continue
        close = difflib.get_close_matches(name, known, 1)
        if close:
            hint = f"; did you mean {close[0]}?"
        elif len(known) <= 12:
            hint = f"; there are {', '.join(known) or 'none'}."
        else:
            hint = f"; there are {', '.join(known[:12])} and {len(known) - 12} more."
        raise MXNetError(f"the network has no {what} {name!r}{hint}")


def _known_shapes(
    shapes: Mapping[str, tuple[int, ...]], arrays: Mapping[str, NDArray]
) -> dict[str, tuple[int, ...]]:
    known = {name: tuple(shape) for name, shape in shapes.items()}
    for name, array in arrays.items():
        if known.setdefault(name, array.shape) != array.shape:
            raise MXNetError(
                f"{name} has shape {array.shape}, but the shape given for it is {known[name]}."
            )
    return known


def _refuse_open(shapes: Mapping[str, tuple[int, ...]]) -> None:
    """Refuse shapes that are unknown, or have a length of 0, which stands for an unknown one."""
    missing = [name for name, shape in shapes.items() if not shape or 0 in shape]
    if missing:
        raise MXNetError(
            f"the shapes given do not determine that of {', '.join(missing)}; give more of them."
        )


def _types(
    sym: Symbol, shapes: Mapping[str, Any], arrays: Mapping[str, NDArray]
) -> dict[str, torch.dtype]:
    """Return the types that follow when every input that holds no integers is float32."""
    integers = {name for name, a in arrays.items() if not a._data.is_floating_point()}
    arguments = [name for name in sym.list_arguments() if name in shapes]
    hints = {name: np.float32 for name in arguments if name not in integers}
    try:
        found = sym.infer_type_partial(**hints)[0]
    except MXNetError:  # a network that fixes other types: what it says of itself must do
        found = sym.infer_type_partial()[0]
    pairs = zip(sym.list_arguments(), found, strict=True)
    return {name: torch_dtype(kind) for name, kind in pairs if kind is not None}


def _given(array: NDArray, kind: torch.dtype | None) -> torch.Tensor:
    """Return a given array's values, in the type that the network expects."""
    tensor = array._data.detach()
    if tensor.is_floating_point() or (kind is not None and kind.is_floating_point):
        return tensor.to(torch.float64, copy=True)
    return tensor.to(kind or tensor.dtype, copy=True)


def _consumers(plan: Plan) -> dict[int, tuple[Step, str]]:
    """Return, for each slot, the first step that reads it, and as which input."""
    found: dict[int, tuple[Step, str]] = {}
    for step in plan.steps:
        for slot, label in zip(step.inputs, step.node.input_names(), strict=False):
            found.setdefault(slot, (step, label))
    return found


def _draw(
    name: str,
    shape: tuple[int, ...],
    kind: torch.dtype | None,
    consumer: tuple[Step, str] | None,
    generator: torch.Generator,
) -> torch.Tensor:
    """Return class numbers where they are read, else normal numbers of a layer's usual size."""
    classes = _class_count(consumer)
    whole = kind is not None and not kind.is_floating_point
    if classes is not None or whole:
        drawn = torch.randint(classes or 2, shape, generator=generator)
        return drawn.to(kind) if whole and kind is not None else drawn.double()
    drawn = torch.randn(shape, generator=generator, dtype=torch.float64)
    if name.endswith("gamma"):
        return 1.0 + 0.1 * drawn
    if name.endswith(_WEIGHTS) and len(shape) > 1:
        return drawn / math.sqrt(max(1, math.prod(shape[1:])))
    return drawn


def _class_count(consumer: tuple[Step, str] | None) -> int | None:
    """Return how many classes an input numbers, None where it holds ordinary numbers.

    Inputs that no gradient flows to are labels and indices. Two classes and two elements exist
    everywhere; an embedding says how many it has.
    """
    if consumer is None or consumer[1] not in consumer[0].operator.no_gradient:
        return None
    return max(1, int(consumer[0].attrs.get("input_dim", 2)))
