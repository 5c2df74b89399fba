"""`Custom`: the operators that users write with :mod:`mxnet.operator`.

This room knows tensors alone. What runs a user's code registers itself in `MAKERS`, and hands over,
for each use of the operator, an object that the rules and the function below ask.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import torch

from ..base import MXNetError
from .registry import Attrs, DTypes, Shapes, operator
from .rules import unify


class UserOperator(Protocol):
    """One use of a user's operator; shapes and dtypes may be unknown in part."""

    arguments: tuple[str, ...]
    outputs: tuple[str, ...]
    states: tuple[str, ...]
    needs_head: bool

    def infer_shapes(self, known: Shapes) -> tuple[Shapes, Shapes, Shapes]:
        """Return the shapes of arguments, outputs and states from those known of arguments."""

    def infer_types(self, known: DTypes) -> tuple[DTypes, DTypes, DTypes]:
        """Return the dtypes of arguments, outputs and states from those known of arguments."""

    def call(
        self, tensors: Sequence[Any], is_train: bool, memory: dict[Any, Any]
    ) -> tuple[torch.Tensor, ...]:
        """Return the outputs, on torch's tape where it is on, and write the states."""


MAKERS: dict[str, Callable[[dict[str, str]], UserOperator]] = {}
"""What makes the user's operator from its attributes, by `op_type`."""


@operator(
    "Custom",
    count_attribute=None,
    open_attributes=True,
    outputs=lambda attrs: len(attrs["custom"].outputs),
    output_names=lambda attrs: attrs["custom"].outputs,
)
def custom(
    *data: torch.Tensor,
    op_type: str = "",
    custom: Any = None,
    is_train: bool,
    memory: dict[Any, Any],
    **kwargs: Any,
) -> tuple[torch.Tensor, ...]:
    """Run the operator that :func:`mxnet.operator.register` knows as `op_type`.

    Parameters
    ----------
    *data
        Its arguments and auxiliary states, in the order of ``list_arguments()`` and
        ``list_auxiliary_states()``, or by name.
    op_type
        The name that it was registered with.
    **kwargs
        Its own attributes; the user's class receives them as strings.
    """
    return custom.call(data, is_train, memory)


@custom.completion
def _(attrs: dict[str, Any]) -> dict[str, Any]:
    name = attrs["op_type"]
    if not name:
        raise MXNetError("Custom: required attribute op_type is missing.")
    if name not in MAKERS:
        raise MXNetError(
            f"Custom: there is no custom operator {name!r}; registered are "
            f"{', '.join(sorted(MAKERS)) or 'none'}."
        )
    own = {key: str(value) for key, value in attrs.items() if key != "op_type"}
    try:
        return {**attrs, "custom": MAKERS[name](own)}
    except MXNetError as error:
        raise MXNetError(f"Custom: {error}") from error.__cause__


@custom.inputs_rule
def _(attrs: Attrs) -> tuple[str, ...]:
    return (*attrs["custom"].arguments, *attrs["custom"].states)


@custom.states_rule
def _(attrs: Attrs) -> tuple[str, ...]:
    return attrs["custom"].states


@custom.loss_when
def _(attrs: Attrs) -> bool:
    return not attrs["custom"].needs_head


@custom.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    user, known = attrs["custom"], inputs[: len(attrs["custom"].arguments)]
    if known and all(shape is None for shape in known):
        return inputs, outputs  # the user's code would have nothing to go by
    arguments, found, states = user.infer_shapes(known)
    agreed = [unify(old, new) for old, new in zip(outputs, found, strict=True)]
    return [*arguments, *states], agreed


@custom.type_rule
def _(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    user, known = attrs["custom"], inputs[: len(attrs["custom"].arguments)]
    if known and all(dtype is None for dtype in known):
        return inputs, outputs
    arguments, found, states = user.infer_types(known)
    return [*arguments, *states], found
