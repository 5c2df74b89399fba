"""`autograd.get_symbol` of every operator: the symbol gives the values of the recorded call."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import mxnet as mx
from tests.ops import harness
from tests.ops.rows import Row

FAMILIES = harness.families()


def recorded(row: Row, arrays: dict[str, Any]) -> list[Any]:
    """Return the outputs of the row's call that are part of a graph."""
    for array in arrays.values():
        if np.dtype(array.dtype).kind == "f":
            array.attach_grad()
    mx.random.seed(1)
    with mx.autograd.record(train_mode=False):
        outputs = harness.as_list(harness.call(harness.front_end(mx.nd, row.op), row, arrays))
    return [output for output in outputs if output._node is not None]


def values(symbol: Any, named: dict[str, Any]) -> Any:
    """Return what a symbol, stored and read again, makes of arrays with the same seed."""
    read = mx.sym.load_json(symbol.tojson())
    arguments = {name: named[name] for name in read.list_arguments()}
    states = {name: named[name] for name in read.list_auxiliary_states()}
    mx.random.seed(1)
    return read.bind(mx.cpu(), arguments, aux_states=states).forward(is_train=False)[0]


def problems(row: Row) -> list[str]:
    """Return in which outputs the symbol of a row's call differs from the call."""
    inputs = harness.named_inputs(row, row.dtypes[0])
    found = []
    with harness.surroundings(mx, inputs):
        arrays = {name: harness.to_mx(mx, array) for name, array in inputs.items()}
        before = {name: array.copy() for name, array in arrays.items()}
        for position, output in enumerate(recorded(row, arrays)):
            names = {
                name: mx.autograd.get_symbol(array).name
                for name, array in arrays.items()
                if array._node is not None
            }
            named = {names[name]: before[name] for name in names}
            actual = values(mx.autograd.get_symbol(output), named)
            rtol, atol = harness.tolerance(row, output.dtype)
            same = np.allclose(
                actual.asnumpy().astype("float64"),
                output.asnumpy().astype("float64"),
                rtol=rtol,
                atol=atol,
                equal_nan=True,
            )
            if not same or actual.dtype is not output.dtype:
                found.append(f"{row.op} {row.attrs}, output {position}: {actual} and {output}")
    return found


@pytest.mark.parametrize("family", FAMILIES)
def test_symbols_give_the_values_of_the_calls(family):
    rows = [row for row in FAMILIES[family] if not row.raises and not row.differs]
    assert [problem for row in rows for problem in problems(row)] == []
