"""Operators of several outputs of which one is used: the others count as if their heads were 0."""

from __future__ import annotations

import numpy as np
import pytest

import mxnet as mx
from tests.ops import harness
from tests.ops.harness import Arrays, to_mx
from tests.ops.rows import Row

FAMILIES = harness.families()


def gradients(row: Row, inputs: Arrays, symbol: mx.sym.Symbol, used: int | None) -> Arrays | str:
    """Return the gradients of a symbol's outputs, all heads being 0 but that of the one `used`."""
    mx.random.seed(0)
    given = {name: to_mx(mx, array) for name, array in inputs.items()}
    arguments = {name: given[name] for name in symbol.list_arguments()}
    slots = {name: mx.nd.zeros(x.shape, dtype=x.dtype) for name, x in arguments.items()}
    states = {name: given[name] for name in symbol.list_auxiliary_states()}
    executor = symbol.bind(mx.cpu(), arguments, args_grad=slots, aux_states=states)
    outputs = executor.forward(is_train=row.is_train)
    heads = [mx.nd.ones_like(out) * (used in (None, i)) for i, out in enumerate(outputs)]
    try:
        executor.backward(heads)
    except mx.MXNetError as error:
        return str(error)
    return {name: slot.asnumpy() for name, slot in slots.items()}


def has_several(row: Row) -> bool:
    """Whether a row has several outputs, and data without infinities, which times 0 are NaN."""
    if row.raises or not row.gradient:
        return False
    inputs = harness.named_inputs(row, row.dtypes[0])
    if not all(np.isfinite(array).all() for array in inputs.values()):
        return False
    with harness.surroundings(mx, inputs):
        return len(harness.compose(mx, row, inputs).list_outputs()) > 1


@pytest.mark.parametrize("family", FAMILIES)
def test_an_output_alone_has_the_gradient_of_zero_heads_elsewhere(family: str) -> None:
    for row in filter(has_several, FAMILIES[family]):
        inputs = harness.named_inputs(row, row.dtypes[0])
        with harness.surroundings(mx, inputs):
            symbol = harness.compose(mx, row, inputs)
            for used in range(len(symbol.list_outputs())):
                alone = gradients(row, inputs, symbol[used], None)
                beside = gradients(row, inputs, symbol, used)
                if isinstance(alone, str) or isinstance(beside, str):
                    assert alone == beside, row
                    continue
                for name, found in alone.items():
                    np.testing.assert_allclose(
                        found, beside[name], rtol=1e-5, atol=1e-6, err_msg=f"{row} {used} {name}"
                    )
