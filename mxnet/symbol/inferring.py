"""The methods of Symbol that infer shapes and types: from what the user says to what it implies."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import torch

from .. import dtype as dtypes
from ..base import MXNetError
from ..ops.attributes import Shape as _ShapeKind
from ..ops.attributes import kind_of
from ..util import is_np_shape
from .graph import Node, Output, split_variables
from .inference import Inference

_parse_shape = kind_of(_ShapeKind).parse


class InferenceMethods:
    """`infer_shape` and `infer_type`, whole and in part."""

    def infer_shape(self: Any, *args: Any, **kwargs: Any) -> tuple[Any, Any, Any]:
        """Return the shapes of arguments, outputs and auxiliary states.

        Parameters
        ----------
        *args : tuple of int
            Known shapes in the order of `list_arguments()`; None or () where unknown.
        **kwargs : tuple of int
            Known shapes by name; 0 stands for an unknown length.

        Returns
        -------
        arg_shapes, out_shapes, aux_shapes : list of tuple, or None
            All three None, with a warning, where they do not follow from what is given.

        Raises
        ------
        MXNetError
            If shapes contradict each other.
        """
        return self._infer_shape(False, args, kwargs)

    def infer_shape_partial(self: Any, *args: Any, **kwargs: Any) -> tuple[Any, Any, Any]:
        """Return what is known of the shapes: () or a length of 0 where nothing is."""
        return self._infer_shape(True, args, kwargs)

    def _infer_shape(self: Any, partial: bool, args: Any, kwargs: Any) -> tuple[Any, Any, Any]:
        order = self._order()
        inference = Inference(order)
        arguments, aux = split_variables(order)
        given = _given(args, kwargs, arguments, aux, "infer_shape")
        for node in (*arguments, *aux):
            shape = given.get(node.name, node.attrs.get("__shape__"))
            if shape is not None:
                inference.set(node, _partial(shape))
        types = self._types_for_shapes(order)
        inference.run_shapes(types)
        found = [
            [inference.values[inference.slot(node)] for node in arguments],
            [inference.values[inference.slot(*output)] for output in self._outputs],
            [inference.values[inference.slot(node)] for node in aux],
        ]
        if not partial and any(s is None or -1 in s for shapes in found for s in shapes):
            unknown = [
                f"{node.name}: {_shown(shape)}"
                for node, shape in zip(arguments, found[0], strict=True)
                if shape is None or -1 in shape
            ]
            warnings.warn(
                "Cannot decide shape for the following arguments (0s in shape means unknown "
                "dimensions). Consider providing them as input:\n\t" + "\n\t".join(unknown),
                stacklevel=3,
            )
            return None, None, None
        arg_shapes, out_shapes, aux_shapes = ([_shown(s) for s in shapes] for shapes in found)
        return arg_shapes, out_shapes, aux_shapes

    @staticmethod
    def _types_for_shapes(order: list[Node]) -> list[Any]:
        """Return known dtypes for runs on meta; few operators' shapes depend on them."""
        if not any("__dtype__" in node.attrs for node in order if node.op is None):
            return []
        inference = Inference(order)
        _set_variable_types(inference, order, {})
        inference.run_types()
        return inference.values

    def infer_type(self: Any, *args: Any, **kwargs: Any) -> tuple[Any, Any, Any]:
        """Return the dtypes of arguments, outputs and auxiliary states.

        Parameters
        ----------
        *args, **kwargs : dtype
            Known dtypes, in the order of `list_arguments()` or by name.

        Returns
        -------
        arg_types, out_types, aux_types : list of NumPy type, or None
            All three None where they do not follow from what is given.
        """
        found = self.infer_type_partial(*args, **kwargs)
        if any(dtype is None for dtypes_ in found for dtype in dtypes_):
            return None, None, None
        return found

    def infer_type_partial(self: Any, *args: Any, **kwargs: Any) -> tuple[Any, Any, Any]:
        """Return what is known of the dtypes, None where nothing is."""
        order = self._order()
        inference = Inference(order)
        arguments, aux = split_variables(order)
        given = _given(args, kwargs, arguments, aux, "infer_type")
        _set_variable_types(inference, order, given)
        inference.run_types()

        def shown(outputs: Sequence[Output]) -> list[Any]:
            values = [inference.values[inference.slot(*output)] for output in outputs]
            return [None if v is None else dtypes.TYPE_OF_TORCH[v] for v in values]

        return (
            shown([(n, 0) for n in arguments]),
            shown(self._outputs),
            shown([(n, 0) for n in aux]),
        )


def _partial(shape: Any) -> tuple[int, ...] | None:
    """Return a shape as the user writes it (0 for unknown) in our notation (-1), None for ().

    Under NumPy semantics the two notations are one: 0 is an empty axis and () a scalar.
    """
    lengths = _parse_shape(shape)
    if is_np_shape():
        return tuple(lengths)
    return tuple(-1 if length in (0, -1) else length for length in lengths) or None


def _shown(shape: tuple[int, ...] | None) -> tuple[int, ...] | None:
    if is_np_shape():
        return shape
    return () if shape is None else tuple(0 if length == -1 else length for length in shape)


def _given(
    args: Any, kwargs: dict[str, Any], arguments: list[Node], aux: list[Node], what: str
) -> dict[str, Any]:
    """Return what the user said, by name."""
    if args and kwargs:
        raise ValueError(f"{what}: give arguments all by position or all by name.")
    names = [node.name for node in arguments]
    if len(args) > len(names):
        raise MXNetError(f"{what}: {len(args)} values, but there are {len(names)} arguments.")
    known = set(names) | {node.name for node in aux}
    unknown = [key for key in kwargs if key not in known]
    if unknown:
        raise MXNetError(
            f"{what}: there is no argument {', '.join(unknown)}; there are {', '.join(names)}."
        )
    given = {name: value for name, value in zip(names, args, strict=False) if value is not None}
    given.update((key, value) for key, value in kwargs.items() if value is not None)
    return given


def _set_variable_types(inference: Inference, order: list[Node], given: dict[str, Any]) -> None:
    for node in order:
        if node.op is not None:
            continue
        if node.name in given:
            inference.set(node, dtypes.torch_dtype(given[node.name]))
        elif "__dtype__" in node.attrs:
            code = int(node.attrs["__dtype__"])
            inference.set(node, dtypes.TORCH_OF_CODE.get(code, torch.float32))
