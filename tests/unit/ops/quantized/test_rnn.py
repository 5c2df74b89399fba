"""The LSTM on codes against what the real MXNet gave where its oneDNN has it.

On processors with VNNI the reference fails, so that no golden file can hold its values. These were
recorded with DNNL_MAX_CPU_ISA=AVX512_CORE. Codes stay below 128: without VNNI the reference cuts
the sum of two products to 16 bits.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import mxnet as mx

RECORDED = [
    (
        {"bidirectional": False},
        (60.0, 60.0),
        [[[57, 78], [76, 75]], [[53, 56], [77, 74]]],
        [[[-0.213784, -0.112715], [0.340702, 0.433122]]],
    ),
    (
        {"bidirectional": True},
        (60.0, 60.0),
        [[[60, 82, 63, 71], [69, 75, 71, 68]], [[59, 78, 63, 69], [70, 80, 63, 57]]],
        [
            [[-0.182982, 0.509915], [1.037350, 0.673139]],
            [[0.576150, 0.652474], [1.140591, 0.230410]],
        ],
    ),
    (
        {"bidirectional": False},
        (120.0, 3.0),
        [[[5, 57], [17, 34]], [[0, 35], [10, 42]]],
        [[[-0.127079, 0.387013], [0.069311, 0.515799]]],
    ),
]
"""Attributes, scale and shift, the codes of all outputs, and the last cells."""


def _inputs(directions: int, scale: float, shift: float) -> list[Any]:
    random = np.random.RandomState(7)
    data = mx.nd.array(random.randint(0, 128, (2, 2, 3)), dtype="uint8")
    shapes = [(directions * 56,), (directions, 2, 2), (directions, 2, 2)]
    floats = [mx.nd.array(random.uniform(-1, 1, shape)) for shape in shapes]
    return [data, *floats, mx.nd.array([scale]), mx.nd.array([shift])]


def _run(inputs: list[Any], **attrs: Any) -> list[Any]:
    sizes = {"state_size": 2, "num_layers": 1, "mode": "lstm", "state_outputs": True}
    return mx.nd.contrib.quantized_rnn(*inputs, **{**sizes, **attrs})


@pytest.mark.parametrize(("attrs", "coding", "codes", "cells"), RECORDED)
def test_outputs_and_cells_are_the_reference_s(
    attrs: dict[str, Any], coding: tuple[float, float], codes: Any, cells: Any
) -> None:
    outputs, _, last = _run(_inputs(2 if attrs["bidirectional"] else 1, *coding), **attrs)
    scale, shift = coding
    assert outputs.asnumpy() * scale + shift == pytest.approx(np.array(codes), abs=1e-4)
    assert last.asnumpy() == pytest.approx(np.array(cells), abs=2e-6)


def test_last_states_are_the_outputs_at_the_ends() -> None:
    outputs, last, _ = _run(_inputs(2, 60.0, 60.0), bidirectional=True)
    ends = outputs.asnumpy()
    assert last.asnumpy() == pytest.approx(np.stack([ends[-1, :, :2], ends[0, :, 2:]]))


def test_it_is_close_to_the_lstm_on_floats() -> None:
    inputs = _inputs(1, 60.0, 60.0)
    floats = (inputs[0].astype("float32") - 60) / 60
    exact = mx.nd.RNN(floats, *inputs[1:4], state_size=2, num_layers=1, mode="lstm")
    assert _run(inputs)[0].asnumpy() == pytest.approx(exact.asnumpy(), abs=0.02)


def test_bounds_hold_the_cells() -> None:
    clip = {"lstm_state_clip_min": -0.05, "lstm_state_clip_max": 0.1}
    cells = _run(_inputs(1, 60.0, 60.0), **clip)[2].asnumpy()
    assert cells.min() == pytest.approx(-0.05)
    assert cells.max() == pytest.approx(0.1)


def test_weights_of_zero_leave_the_biases() -> None:
    inputs = _inputs(1, 60.0, 60.0)
    inputs[1][:40] = 0
    floats = (inputs[0].astype("float32") - 60) / 60
    exact = mx.nd.RNN(
        floats, *inputs[1:4], state_size=2, num_layers=1, mode="lstm", state_outputs=True
    )
    assert _run(inputs)[2].asnumpy() == pytest.approx(exact[2].asnumpy(), abs=1e-6)


def test_there_is_no_gradient() -> None:
    inputs = _inputs(1, 60.0, 60.0)
    inputs[1].attach_grad()
    with mx.autograd.record():
        outputs = _run(inputs)[0]
    with pytest.raises(mx.MXNetError, match="it has no gradient"):
        outputs.backward()
