"""What rows state of every operator, held against what conformance.md asks of each.

``python -m tests.ops.coverage`` prints what lacks; `test_coverage.py` asserts that nothing does.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

import mxnet  # noqa: F401  registers the operators
from mxnet.ops import registry
from mxnet.ops.registry import Attribute, Operator
from tests.ops import harness
from tests.ops.exceptions import ELSEWHERE
from tests.ops.rows import Draw, Row, Values

AXES = {"axis", "axes", "dim", "dim1", "dim2", "axis1", "axis2", "lhs_axes", "rhs_axes", "dims"}
"""Attributes that name axes: a negative one is an edge."""

SETTINGS = {"cudnn_tune", "cudnn_off", "workspace", "ctx"}
"""Attributes that choose how to compute, and change no result on any device of ours."""


def operators() -> dict[str, Operator]:
    """Return every registered operator by its canonical name."""
    return {each.name: each for each in map(registry.get, registry.names())}


def canonical(name: str) -> Operator:
    """Return the operator of a row's name (see Row.op)."""
    if "." in name:
        prefix, tail = name.rsplit(".", 1)
        name = f"_{prefix}_{tail}"
    return registry.get(name)


def rows_by_operator() -> dict[str, list[Row]]:
    """Return the rows of every operator, those of its aliases included."""
    found: dict[str, list[Row]] = {name: [] for name in operators()}
    for rows in harness.families().values():
        for row in rows:
            found[canonical(row.op).name].append(row)
    return found


def specs(row: Row) -> list[Draw | Values]:
    """Return how a row's inputs are made, one by one."""
    given = row.inputs.values() if isinstance(row.inputs, dict) else row.inputs
    return [Draw("normal", 0, 1, each) if isinstance(each, tuple) else each for each in given]


def shape_of(spec: Draw | Values) -> tuple[int, ...]:
    """Return the shape of an input."""
    return spec.shape if isinstance(spec, Draw) else np.shape(spec.values)


def dtypes_of(row: Row) -> set[str]:
    """Return the dtypes that a row's inputs have, and those that it asks for."""
    given = specs(row)
    found = {spec.dtype for spec in given if spec.dtype}
    if any(spec.dtype is None for spec in given):
        found |= set(row.dtypes)
    asked = {row.attrs.get("dtype"), row.attrs.get("out_dtype"), row.attrs.get("out_type")}
    return found | {word for word in asked if isinstance(word, str)}


def is_typical(operator: Operator, row: Row) -> bool:
    """Whether a row states what an operator gives."""
    return not row.raises


def is_wrong(operator: Operator, row: Row) -> bool:
    """Whether a row states what an operator refuses."""
    return row.raises


def asks_gradient(operator: Operator, row: Row) -> bool:
    """Whether the gradient of a row is compared, written and added."""
    floats = any((spec.dtype or row.dtypes[0]).startswith("float") for spec in specs(row))
    return row.gradient and row.is_train and floats and not (row.raises or row.random)


def is_edge(operator: Operator, row: Row) -> bool:
    """Whether a row has ties, zeros, NaN, infinities, an empty array or a negative axis."""
    if any(map(_has_edge, specs(row))):
        return True
    numbers = {name: list(_numbers(value)) for name, value in row.attrs.items()}
    if any(number < 0 for name in AXES & set(numbers) for number in numbers[name]):
        return True
    flat = [number for found in numbers.values() for number in found]
    return not row.inputs and any(not number > 0 for number in flat)


def _has_edge(spec: Draw | Values) -> bool:
    if isinstance(spec, Draw):
        few = spec.kind == "integers" and spec.high - spec.low < np.prod(spec.shape)
        return 0 in spec.shape or bool(few) or spec.low == spec.high == 0
    array = np.asarray(spec.values).ravel()
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        return True
    return bool((array == 0).any()) or len(set(array.tolist())) < max(array.size, 1)


def _numbers(value: Any) -> Iterator[float]:
    if isinstance(value, (tuple, list)):
        for item in value:
            yield from _numbers(item)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield float(value)


def lacking_values(operator: Operator, rows: list[Row]) -> list[str]:
    """Return ``attribute=value`` for every word and boolean that no row uses."""
    found = []
    for attribute in operator.attributes.values():
        if attribute.name not in SETTINGS:
            used = {value for row in rows for value in _used(attribute, row)}
            found += [f"{attribute.name}={v}" for v in _choices(attribute) if v not in used]
    return found


def _choices(attribute: Attribute) -> tuple[Any, ...]:
    if attribute.kind.name.startswith("boolean"):
        return (False, True)
    return attribute.kind.choices


def _used(attribute: Attribute, row: Row) -> list[Any]:
    """Return the values that a row uses: its default where it is silent, unless it is wrong."""
    if attribute.name not in row.attrs:
        return [] if row.raises or attribute.required else [attribute.default]
    with contextlib.suppress(ValueError, TypeError):
        value = attribute.kind.parse(row.attrs[attribute.name])
        return [value] if isinstance(value, (str, bool)) else []
    return []


def lacking_attributes(operator: Operator, rows: list[Row]) -> list[str]:
    """Return the attributes that no row gives."""
    given = {name for row in rows for name in row.attrs if not row.raises}
    return [name for name in operator.attributes if name not in given | SETTINGS]


def lacking_shapes(operator: Operator, rows: list[Row]) -> bool:
    """Whether all rows have inputs of the same shapes; without inputs, the same attributes."""
    kinds = {
        (tuple(shape_of(spec) for spec in specs(row)), "" if row.inputs else str(row.attrs))
        for row in rows
        if not row.raises
    }
    return len(kinds) < 2


def has_dtype(name: str) -> Callable[[Operator, Row], bool]:
    """Return whether a row uses that dtype, or states that it is refused."""
    return lambda operator, row: name in dtypes_of(row)


ASPECTS: dict[str, Callable[[Operator, Row], bool]] = {
    "typical": is_typical,
    "float16": has_dtype("float16"),
    "float64": has_dtype("float64"),
    "gradient": asks_gradient,
    "edge": is_edge,
    "wrong call": is_wrong,
}
"""What one row at least must be."""


def needs(operator: Operator, aspect: str) -> bool:
    """Whether an aspect makes sense for an operator.

    Without inputs there is no gradient, and none is taken of updates, which write their inputs.
    """
    return aspect != "gradient" or bool(operator.inputs and not operator.mutates)


def lacks(operator: Operator, rows: list[Row]) -> list[str]:
    """Return what the rows of an operator do not state."""
    found = [
        aspect
        for aspect, fulfils in ASPECTS.items()
        if needs(operator, aspect) and not any(fulfils(operator, row) for row in rows)
    ]
    if lacking_shapes(operator, rows):
        found.append("two shapes")
    found += lacking_values(operator, rows)
    elsewhere = ELSEWHERE.get(operator.name, {})
    if "attributes" not in elsewhere:
        found += [f"attribute {name}" for name in lacking_attributes(operator, rows)]
    return [aspect for aspect in found if aspect not in elsewhere]


def audit() -> dict[str, list[str]]:
    """Return what lacks of every operator of which something lacks."""
    rows = rows_by_operator()
    found = {name: lacks(each, rows[name]) for name, each in sorted(operators().items())}
    return {name: aspects for name, aspects in found.items() if aspects}


def main() -> None:
    """Print the audit, and how much there is."""
    found, rows = audit(), rows_by_operator()
    for name, aspects in found.items():
        print(f"{name}: {', '.join(aspects)}")
    count = sum(len(row.dtypes) for each in rows.values() for row in each)
    print(f"{len(rows)} operators, {count} rows and dtypes; {len(found)} operators lack something")


if __name__ == "__main__":
    main()
