"""What a module checks of its inputs: names, descriptions, and shapes that change."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

from ..base import MXNetError
from ..io import DataBatch, DataDesc

Descs = list[DataDesc]


def check_names(symbol: Any, names: Sequence[str], what: str, raises: bool) -> None:
    """Raise ValueError, or warn, if a name is no argument of the network."""
    arguments = symbol.list_arguments()
    for name in names:
        if name in arguments:
            continue
        endings = ("_weight", "_bias", "_gamma", "_beta")
        likely = [argument for argument in arguments if not argument.endswith(endings)]
        message = (
            f"Module(..., {what}={list(names)}): the network has no argument {name!r}; its "
            f"arguments that look like inputs are {', '.join(likely)}."
        )
        if raises:
            raise ValueError(message)
        warnings.warn(message, stacklevel=4)


def describe_inputs(
    data_names: Sequence[str], label_names: Sequence[str], data_shapes: Any, label_shapes: Any
) -> tuple[Descs, Descs | None]:
    """Return descriptions of data and labels, in the order of the shapes that were given.

    Raises
    ------
    ValueError
        If the names of the data differ from the module's; for labels it is only warned of.
    """
    data = _descs(data_shapes)
    _compare(data, data_names, "data", raises=True)
    labels = _descs(label_shapes) if label_shapes else None
    _compare(labels or [], label_names, "label", raises=False)
    return data, labels


def _descs(shapes: Any) -> Descs:
    return [desc if isinstance(desc, DataDesc) else DataDesc(*desc) for desc in shapes]


def _compare(descs: Descs, names: Sequence[str], kind: str, raises: bool) -> None:
    given = [desc.name for desc in descs]
    if sorted(given) == sorted(names):
        return
    message = (
        f"{kind}_shapes are of {', '.join(given) or 'nothing'}, but the module's {kind}_names are "
        f"{', '.join(names) or 'none'}."
    )
    if raises:
        raise ValueError(message)
    warnings.warn(message, stacklevel=5)


def new_shapes(
    batch: DataBatch | list[DataBatch],
    data_descs: Descs,
    label_descs: Descs | None,
    label_names: Sequence[str],
) -> tuple[Any, Any] | None:
    """Return descriptions of a batch's inputs if its data differ in shape from those given.

    Raises
    ------
    MXNetError
        If the batch has another number of arrays, or the batches of a list differ in shape.
    """
    batches = list(batch) if isinstance(batch, list | tuple) else [batch]
    shapes = _joint_shapes([b.data for b in batches])
    if shapes == [tuple(desc.shape) for desc in data_descs]:
        return None
    if len(shapes) != len(data_descs):
        raise MXNetError(
            f"The batch has {len(shapes)} arrays of data, but the module was bound with "
            f"{len(data_descs)}."
        )
    first = batches[0]
    if len(batches) == 1 and first.provide_data:
        return first.provide_data, first.provide_label
    if not first.label or not label_names:
        return _with_shapes(data_descs, shapes), None
    label_shapes = _joint_shapes([b.label for b in batches])
    old = label_descs or [DataDesc(name, ()) for name in label_names]
    return _with_shapes(data_descs, shapes), _with_shapes(old, label_shapes)


def _with_shapes(descs: Descs, shapes: list[tuple[int, ...]]) -> Descs:
    return [
        DataDesc(desc.name, shape, desc.dtype, desc.layout)
        for desc, shape in zip(descs, shapes, strict=True)
    ]


def _joint_shapes(groups: Sequence[Any]) -> list[tuple[int, ...]]:
    """Return the shapes of arrays that are spread over batches of equal shapes."""
    shapes = []
    for arrays in zip(*groups, strict=True):
        parts = {tuple(array.shape) for array in arrays}
        if len(parts) > 1:
            raise MXNetError(f"The batches of a list differ in shape: {sorted(parts)}.")
        shape = parts.pop()
        shapes.append((shape[0] * len(arrays), *shape[1:]) if len(arrays) > 1 else shape)
    return shapes
