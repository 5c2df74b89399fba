"""The packed parameters of `RNN`: how many there are, and which weights lie where.

One vector holds, layer by layer and direction by direction, the weights of the input, of the state
and of the projection; then, in the same order, the biases of the input and of the state. The gates
of an LSTM are in, forget, cell, out; those of a GRU reset, update, new: the order of torch and of
cuDNN.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

GATES = {"rnn_relu": 1, "rnn_tanh": 1, "gru": 3, "lstm": 4}


@dataclass(frozen=True)
class Layout:
    """What determines the sizes of the weights.

    `projection` is the length of the state that an LSTM passes on, or None where that is
    `state_size`.
    """

    mode: str
    layers: int
    directions: int
    state_size: int
    projection: int | None

    @property
    def passed(self) -> int:
        """Length of the state that goes from step to step and from layer to layer."""
        return self.projection or self.state_size

    def shapes(self, input_size: int) -> list[list[tuple[int, ...]]]:
        """Return for each layer and direction the shapes of its weights and its two biases."""
        rows = GATES[self.mode] * self.state_size
        projection = [(self.projection, self.state_size)] if self.projection else []
        found = []
        for layer in range(self.layers):
            columns = input_size if layer == 0 else self.passed * self.directions
            weights = [(rows, columns), (rows, self.passed), *projection]
            found += [[*weights, (rows,), (rows,)]] * self.directions
        return found

    def count(self, input_size: int) -> int:
        """Return the length of the packed vector."""
        return sum(torch.Size(shape).numel() for part in self.shapes(input_size) for shape in part)

    def unpack(self, parameters: torch.Tensor, input_size: int) -> list[list[torch.Tensor]]:
        """Return for each layer and direction its arrays as torch's kernels take them.

        That is: input weight, state weight, input bias, state bias, projection. They are views, so
        that on CUDA cuDNN finds its own packed layout and copies nothing.
        """
        parts = self.shapes(input_size)
        shapes = [shape for part in parts for shape in part[:-2]]
        shapes += [shape for part in parts for shape in part[-2:]]
        pieces = parameters.split([torch.Size(shape).numel() for shape in shapes])
        arrays = [piece.view(shape) for piece, shape in zip(pieces, shapes, strict=True)]
        each = len(parts[0]) - 2
        weights, biases = arrays[: each * len(parts)], arrays[each * len(parts) :]
        return [
            [
                *weights[i * each : i * each + 2],
                *biases[2 * i : 2 * i + 2],
                *weights[i * each + 2 : (i + 1) * each],
            ]
            for i in range(len(parts))
        ]
