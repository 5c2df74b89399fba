"""Second derivatives of every operator: the finite differences of the first, or refused by name.

Where the reference has second derivatives, `tests/conformance/cases_second_order.py` holds ours
against its numbers; it has them for few operators. Here every row is used in float64.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import mxnet as mx
from tests.ops import harness
from tests.ops.checks import Run, _is_continuous, _operator
from tests.ops.harness import Arrays, as_list, call, front_end, to_mx
from tests.ops.rows import Row

STEP = 1e-5
FAMILIES = harness.families()


@dataclass
class Gradients:
    """The recorded first gradients of a row, weighted by random heads, and its variables."""

    variables: dict[str, Any]
    firsts: list[Any]
    heads: list[np.ndarray]

    def weighted(self) -> float:
        """Return the sum of the first gradients, each weighted by a random head."""
        pairs = zip(self.firsts, self.heads, strict=True)
        return sum(float((first.asnumpy() * head).sum()) for first, head in pairs)

    def seconds(self) -> Arrays:
        """Differentiate that sum."""
        mx.autograd.backward(self.firsts, [to_mx(mx, head) for head in self.heads])
        return {name: array.grad.asnumpy() for name, array in self.variables.items()}


def first_gradients(row: Row, inputs: Arrays, bent: bool) -> Gradients | None:
    """Return the first gradients of a row's outputs, of their sines if `bent`.

    A sine between makes second derivatives also of operators that are linear: those by the head
    gradient. None where there is nothing to differentiate, or outputs are not float64.
    """
    random = np.random.RandomState(zlib.crc32(row.key("second").encode()))
    arguments = set(harness.compose(mx, row, inputs).list_arguments())
    given = {name: to_mx(mx, array) for name, array in inputs.items()}
    wanted = [n for n, array in inputs.items() if array.dtype.kind == "f" and n in arguments]
    variables = {name: given[name] for name in wanted}
    for array in variables.values():
        array.attach_grad()
    mx.random.seed(0)
    with mx.autograd.record(train_mode=row.is_train):
        results = as_list(call(front_end(mx.nd, row.op), row, given))
        outputs = [out for out in results if np.dtype(out.dtype).kind == "f"]
        if not outputs or not variables or any(out.dtype is not np.float64 for out in outputs):
            return None
        outputs = [mx.nd.sin(out) for out in outputs] if bent else outputs
        heads = [to_mx(mx, random.normal(size=out.shape)) for out in outputs]
        firsts = mx.autograd.grad(
            outputs, list(variables.values()), heads, create_graph=True, retain_graph=True
        )
    weights = [random.normal(size=first.shape).astype(first.dtype) for first in firsts]
    return Gradients(variables, firsts, weights)


def problem(row: Row, bent: bool) -> str:
    """Return what is wrong with a row's second derivative along a random direction, or ''."""
    inputs = harness.named_inputs(row, "float64")
    with harness.surroundings(mx, inputs):
        gradients = first_gradients(row, inputs, bent)
        direction = {} if gradients is None else _direction(row, gradients)
        if gradients is None or not direction:
            return ""
        try:
            seconds = gradients.seconds()
        except mx.MXNetError as error:
            refused = "can not be differentiated again" in str(error)
            return "" if refused and _names(row) & set(str(error).split()) else str(error)
        ends = []
        for step in (STEP, -STEP):
            moved = {n: a + step * direction[n] if n in direction else a for n, a in inputs.items()}
            found = first_gradients(row, moved, bent)
            ends.append(found.weighted() if found else np.nan)
    slope = sum(float((seconds[name] * direction[name]).sum()) for name in direction)
    difference = (ends[0] - ends[1]) / (2 * STEP)
    if abs(difference - slope) <= 1e-6 * (1 + abs(ends[0])) + 1e-4 * abs(slope):
        return ""
    return f"the second derivative is {slope}, but the finite difference {difference}"


def _direction(row: Row, gradients: Gradients) -> Arrays:
    """Return a random direction for the inputs that may be moved: not labels, not indices."""
    run, operator = Run(mx, row, "float64"), _operator(row.op)
    random = np.random.RandomState(1)
    names = list(harness.named_inputs(row, "float64"))
    by_name = isinstance(row.inputs, dict)
    parameters = dict(zip(names, names if by_name else operator.inputs, strict=False))
    return {
        name: random.normal(size=array.shape)
        for name, array in gradients.variables.items()
        if array.dtype is np.float64
        and _is_continuous(run, name)
        and parameters.get(name) not in operator.no_gradient
    }


def _names(row: Row) -> set[str]:
    return {row.op.rsplit(".", 1)[-1], _operator(row.op).name}


def is_smooth(row: Row) -> bool:
    """Whether a row's first gradient is a derivative at points without a kink."""
    return row.gradient and row.numeric and not (row.raises or row.random)


def is_of_loss(row: Row) -> bool:
    """Whether the row is of a loss layer, whose gradient is a rule that is smooth itself.

    Not where it jumps: MakeLoss counts the elements above valid_thresh.
    """
    plain = row.gradient and not (row.raises or row.random or "valid_thresh" in row.attrs)
    return plain and _operator(row.op).is_loss


@pytest.mark.parametrize("family", FAMILIES)
def test_second_derivative_is_that_of_the_first(family: str) -> None:
    """Differentiated again, a gradient gives its own derivative, or says that it has none."""
    found = []
    for row in FAMILIES[family]:
        if is_smooth(row) and (wrong := problem(row, bent=True)):
            found.append(f"{row}: {wrong}")
        if is_of_loss(row) and (wrong := problem(row, bent=False)):
            found.append(f"{row}: {wrong}")
    assert not found, "\n  ".join(found)
