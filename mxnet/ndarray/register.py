"""The functions of `mx.nd`, one made from each registered operator."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..base import MXNetError
from ..ops.frontend import (
    Binder,
    Forms,
    align_positional,
    describe_front_end,
    fill_room,
    place_named,
    take_named,
)
from ..ops.registry import Operator
from .eager import get_array_class, invoke

_TAIL = ("out", "name")
_STORED = {
    *("_contrib_getnnz", "_contrib_edge_id", "cast_storage", "_sparse_retain"),
    *("_contrib_dgl_adjacency", "_contrib_dgl_subgraph", "_contrib_dgl_graph_compact"),
    "_contrib_dgl_csr_neighbor_uniform_sample",
    "_contrib_dgl_csr_neighbor_non_uniform_sample",
}
"""Operators that have a kernel for arrays which are stored sparsely (storage.py)."""


def make_function(operator: Operator, name: str, module: str) -> Callable[..., Any]:
    """Return the eager function of an operator: NDArrays in, NDArray or list of NDArrays out."""
    binder = Binder(operator, _TAIL)
    run = _invoke_stored if operator.name in _STORED else invoke
    forms = Forms(operator, binder.count)
    find_key, find_form = forms.key, forms.known.get
    needed = 0 if operator.variadic else len(operator.inputs) - len(operator.optional_inputs)
    count = None if operator.variadic else binder.count

    def call(*args: Any, **kwargs: Any) -> Any:
        out = kwargs.pop("out", None) if kwargs else None
        array_class = get_array_class()
        key = find_key(args, kwargs, array_class)
        form = find_form(key)
        if form is not None:
            attrs, absent, whole = form
            return run(operator, args if whole else args[:count] + absent, attrs, out)
        inputs, raw = binder.bind(args, kwargs | ({} if out is None else {"out": out}))
        out = raw.pop("out", None)
        raw.pop("name", None)
        named = take_named(operator, raw, _is_array)
        attrs = operator.parse(raw)
        inputs = place_named(operator, inputs, named, attrs)
        inputs = align_positional(operator, inputs, attrs, min(len(args), len(inputs)))
        for position, value in enumerate(inputs):
            if value is None and (position >= needed or not _is_wanted(operator, attrs, position)):
                continue
            if not isinstance(value, array_class):
                raise _not_an_array(operator, position, value)
        if key is not None:
            forms.keep(key, args, inputs, attrs)
        return run(operator, inputs, attrs, out)

    return describe_front_end(call, operator, name, module, _TAIL)


def _invoke_stored(
    operator: Operator, inputs: Sequence[Any], attrs: dict[str, Any], out: Any = None
) -> Any:
    """Run an operator by its kernel for sparse arrays where that applies."""
    from .storage import KERNELS

    try:
        result = KERNELS[operator.name](inputs, attrs)
    except MXNetError as error:
        raise operator.explain(error, inputs, attrs) from None
    if result is None:
        return invoke(operator, inputs, attrs, out)
    if out is None:
        return result
    if isinstance(result, list):
        raise MXNetError(f"{operator.name}: out is given, but there are {len(result)} results.")
    return result.copyto(out)


def _is_wanted(operator: Operator, attrs: dict[str, Any], position: int) -> bool:
    """Tell whether an input exists for these attributes (a bias does not under no_bias)."""
    return operator.inputs[position] in operator.input_names(attrs)


def _is_array(value: Any) -> bool:
    return isinstance(value, get_array_class())


def _not_an_array(operator: Operator, position: int, value: Any) -> Exception:
    name = f"{operator.inputs[0]}[{position}]" if operator.variadic else operator.inputs[position]
    if value is None:
        return MXNetError(f"{operator.name}: input {name} is missing.")
    return MXNetError(
        f"{operator.name}: input {name} is a {type(value).__name__}, but must be an NDArray."
    )


def populate(namespace: dict[str, Any], room: str) -> list[str]:
    """Put the functions of one room into a module's namespace, and return their names."""
    return fill_room(namespace, room, make_function)
