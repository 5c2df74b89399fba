"""`quantized_rnn`: an LSTM whose inputs, states and weights are codes of eight bits."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import torch
from torch.nn.functional import linear

from ...base import MXNetError
from ..attributes import Fraction, NonNegativeInt
from ..recurrent.parameters import Layout
from ..recurrent.rnn import check_inputs, rnn
from ..recurrent.steps import Clip
from ..registry import Attrs, DTypes, Shapes, operator
from .codes import (
    LARGEST_CODE,
    bound_shapes,
    bound_types,
    code_types,
    refuse_gradient,
    require_bounds,
    require_dtype,
)

_STATES = ("parameters", "state", "state_cell")
_CODING = ("data_scale", "data_shift")


class Coding(NamedTuple):
    """How inputs and states are coded: ``code = round(value * scale + shift)``, from 0 to 255."""

    scale: torch.Tensor
    shift: torch.Tensor

    def decode(self, codes: torch.Tensor) -> torch.Tensor:
        """Return what codes stand for."""
        return (codes - self.shift) / self.scale

    def round(self, values: torch.Tensor) -> torch.Tensor:
        """Return values as their codes can tell them."""
        return self.decode(torch.round(values * self.scale + self.shift).clamp(0, 255))


def _round_weights(parts: list[list[torch.Tensor]]) -> list[list[torch.Tensor]]:
    """Return the weights of a layer's directions as int8 codes can tell them.

    A gate of a unit has one unit of code, for both its weights and in both directions.
    """
    rows = [torch.cat(part[:2], 1).abs().amax(1, keepdim=True) for part in parts]
    largest = torch.stack(rows).amax(0) / LARGEST_CODE[torch.int8]
    largest = torch.where(largest == 0, 1, largest)  # where all weights are 0
    return [[torch.round(w / largest) * largest for w in part[:2]] + part[2:] for part in parts]


def _direction(
    data: torch.Tensor,
    state: torch.Tensor,
    cell: torch.Tensor,
    weights: list[torch.Tensor],
    coding: Coding,
    clip: Clip | None,
    backwards: bool,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Run one direction of one layer; return outputs (time, batch, n), last state and last cell."""
    input_weight, state_weight, input_bias, state_bias = weights
    projected = linear(data, input_weight, input_bias + state_bias)
    state = coding.round(state)
    outputs = []
    steps = range(len(data))
    for step in reversed(steps) if backwards else steps:
        gates = projected[step] + linear(state, state_weight)
        into, forget, new, out = gates.chunk(4, 1)
        cell = forget.sigmoid() * cell + into.sigmoid() * new.tanh()
        cell = cell if clip is None else clip(cell)
        state = coding.round(out.sigmoid() * cell.tanh())
        outputs.append(state)
    return torch.stack(outputs[::-1] if backwards else outputs), state, cell


def _shapes(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    rule: Any = rnn.shapes
    known, results = rule(list(inputs[:4]), outputs, {**attrs, "use_sequence_length": False})
    return [*known, *bound_shapes(_CODING, inputs[4:])], results


def _types(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    """Data are uint8, all else is float32."""
    data = code_types(("data",), inputs[:1], (torch.uint8,), torch.uint8)
    rest = bound_types((*_STATES, *_CODING), inputs[1:])
    return [*data, *rest], [torch.float32] * len(outputs)


@operator(
    "_contrib_quantized_rnn",
    outputs=rnn.count_outputs,
    output_names=rnn.name_outputs,
    own_gradient=True,
    shapes=_shapes,
    types=_types,
)
def quantized_rnn(
    data: torch.Tensor,
    parameters: torch.Tensor,
    state: torch.Tensor,
    state_cell: torch.Tensor,
    data_scale: torch.Tensor,
    data_shift: torch.Tensor,
    *,
    state_size: NonNegativeInt,
    num_layers: NonNegativeInt,
    bidirectional: bool = False,
    mode: Literal["gru", "lstm", "rnn_relu", "rnn_tanh"],
    p: Fraction = 0.0,
    state_outputs: bool = False,
    projection_size: int | None = None,
    lstm_state_clip_min: float | None = None,
    lstm_state_clip_max: float | None = None,
    lstm_state_clip_nan: bool = False,
    use_sequence_length: bool = False,
) -> torch.Tensor | tuple[torch.Tensor, ...]:
    """Run sequences of codes through stacked LSTM layers, as `RNN` does with floats.

    Inputs and states are rounded to 256 codes, weights to 255; sums are exact, gates and cells are
    floats.

    Parameters
    ----------
    data : NDArray or Symbol
        Sequences, uint8, shape (time, batch, n).
    parameters : NDArray or Symbol
        Weights and biases in floats, packed as for `RNN`, float32.
    state, state_cell : NDArray or Symbol
        States and cells before the first step, float32, shape (num_layers * directions, batch,
        state_size).
    data_scale, data_shift : NDArray or Symbol
        How inputs are coded, and outputs rounded: ``code = round(value * scale + shift)``, as
        `quantize_asym` gives them; float32, shape (1,).
    mode : {'lstm'}
        The kind of network; the others are refused.
    state_size, num_layers, bidirectional, state_outputs
        As for `RNN`.
    lstm_state_clip_min, lstm_state_clip_max, lstm_state_clip_nan
        Bounds of the cells, as for `RNN`.
    p
        Accepted for the sake of `RNN`, and without effect.
    projection_size, use_sequence_length
        Refused.

    Returns
    -------
    NDArray or Symbol, or a list of them
        Outputs of the last layer, float32, shape (time, batch, directions * state_size); with
        `state_outputs` also the last states and the last cells.

    Raises
    ------
    MXNetError
        If `mode` is not 'lstm', `data` is not uint8, or a shape does not follow from that of
        `data`. There is no gradient.

    Examples
    --------
    >>> codes = mx.nd.array([[[200]], [[100]]], dtype="uint8")
    >>> w, zero = mx.nd.array([0.5] * 8 + [0] * 8), mx.nd.zeros((1, 1, 1))
    >>> out = mx.nd.contrib.quantized_rnn(
    ...     codes, w, zero, zero, mx.nd.array([100]), mx.nd.array([128]),
    ...     state_size=1, num_layers=1, mode="lstm",
    ... )
    >>> out.asnumpy().round(2).tolist()
    [[[0.12]], [[0.03]]]
    """
    if mode != "lstm":
        raise MXNetError(f"mode is {mode}, but must be lstm")
    if projection_size is not None or use_sequence_length:
        raise MXNetError("projection_size and use_sequence_length are for RNN alone")
    require_dtype("data", data, torch.uint8)
    require_bounds(data_scale=data_scale, data_shift=data_shift)
    directions = 2 if bidirectional else 1
    layout = Layout(mode, num_layers, directions, state_size, None)
    check_inputs(layout, data, parameters, state, state_cell, None, False)
    bounded = lstm_state_clip_min is not None or lstm_state_clip_max is not None
    clip = Clip(lstm_state_clip_min, lstm_state_clip_max, lstm_state_clip_nan) if bounded else None
    coding = Coding(data_scale.double(), data_shift.double())
    weights = layout.unpack(parameters.double(), data.shape[-1])
    output, states, cells = coding.decode(data.double()), state.double(), state_cell.double()
    last = []
    for first in range(0, len(weights), directions):
        parts = _round_weights(weights[first : first + directions])
        runs = [
            _direction(output, states[first + i], cells[first + i], part, coding, clip, i == 1)
            for i, part in enumerate(parts)
        ]
        output = torch.cat([run[0] for run in runs], 2)
        last += [run[1:] for run in runs]
    if not state_outputs:
        return output.float()
    ends = [torch.stack(each).float() for each in zip(*last, strict=True)]
    return output.float(), *ends


quantized_rnn.gradient(refuse_gradient)
