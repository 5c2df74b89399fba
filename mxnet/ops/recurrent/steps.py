"""An LSTM step by step, for what torch's kernels can not do: cells that are held within bounds."""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F

from ..elementwise.activation import clamped


class Clip(NamedTuple):
    """Bounds of the cells; with `stop_nan` a cell that is NaN becomes the lower bound."""

    low: float | None
    high: float | None
    stop_nan: bool

    def __call__(self, cell: torch.Tensor) -> torch.Tensor:
        """Return the cells within the bounds."""
        held = clamped(cell, self.low, self.high)
        if not self.stop_nan:
            return held
        return held.nan_to_num(nan=self.high if self.low is None else self.low)


def clipped_lstm(
    data: torch.Tensor,
    state: torch.Tensor,
    cell: torch.Tensor,
    weights: list[torch.Tensor],
    clip: Clip,
    lengths: torch.Tensor | None,
    backwards: bool,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Run one direction of one layer; return outputs (time, batch, n), last state and last cell.

    Where a step lies behind a sequence's end, state and cell stay and the output is 0.
    """
    input_weight, state_weight, input_bias, state_bias, *projection = weights
    projected = F.linear(data, input_weight, input_bias)
    outputs = []
    steps = range(len(data))
    for step in reversed(steps) if backwards else steps:
        gates = projected[step] + F.linear(state, state_weight, state_bias)
        into, forget, new, out = gates.chunk(4, 1)
        next_cell = clip(forget.sigmoid() * cell + into.sigmoid() * new.tanh())
        next_state = out.sigmoid() * next_cell.tanh()
        if projection:
            next_state = F.linear(next_state, projection[0])
        output = next_state
        if lengths is not None:
            active = (step < lengths).unsqueeze(1)
            next_state = torch.where(active, next_state, state)
            next_cell = torch.where(active, next_cell, cell)
            output = output * active
        state, cell = next_state, next_cell
        outputs.append(output)
    return torch.stack(outputs[::-1] if backwards else outputs), state, cell
