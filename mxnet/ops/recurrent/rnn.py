"""`RNN`: stacked recurrent layers, with torch's fused kernels."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, Literal

import torch

from ...base import MXNetError
from ..attributes import Fraction, NonNegativeInt
from ..registry import Attrs, operator
from ..rules import same_types, unify
from .parameters import Layout
from .steps import Clip, clipped_lstm

States = tuple[torch.Tensor, ...]


def _layout(attrs: Attrs) -> Layout:
    directions = 2 if attrs["bidirectional"] else 1
    projection = attrs["projection_size"]
    return Layout(attrs["mode"], attrs["num_layers"], directions, attrs["state_size"], projection)


def _count(attrs: Attrs) -> int:
    if not attrs["state_outputs"]:
        return 1
    return 3 if attrs["mode"] == "lstm" else 2


def _output_names(attrs: Attrs) -> tuple[str, ...]:
    return ("output", "state_output", "statecell_output")[: _count(attrs)]


@operator("RNN", outputs=_count, output_names=_output_names)
def rnn(
    data: torch.Tensor,
    parameters: torch.Tensor,
    state: torch.Tensor,
    state_cell: torch.Tensor | None = None,
    sequence_length: torch.Tensor | None = None,
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
    is_train: bool,
    generator: torch.Generator | None,
) -> torch.Tensor | tuple[torch.Tensor, ...]:
    """Run sequences through stacked recurrent layers.

    Parameters
    ----------
    data : NDArray or Symbol
        Sequences, shape (time, batch, n), floating dtype.
    parameters : NDArray or Symbol
        All weights, then all biases, in one vector (see `mxnet.ops.recurrent.parameters`). Its
        length follows from the attributes and n.
    state : NDArray or Symbol
        States before the first step, shape (num_layers * directions, batch, state_size), where a
        projection is used (..., projection_size).
    state_cell : NDArray or Symbol, optional
        The cells of an LSTM before the first step, shape (num_layers * directions, batch,
        state_size).
    sequence_length : NDArray or Symbol, optional
        Length of each sequence, from 1, shape (batch,); it gets no gradient.
    state_size : int
        Length of a state.
    num_layers : int
        How many layers are stacked.
    bidirectional : bool, default False
        Whether each layer also runs from the end to the beginning.
    mode : {'rnn_relu', 'rnn_tanh', 'lstm', 'gru'}
        Elman's network with either activation, long short-term memory (Hochreiter and
        Schmidhuber, 1997), or gated recurrent units (Cho et al., 2014).
    p : float, default 0
        Probability with which outputs of all layers but the last are dropped in training.
    state_outputs : bool, default False
        Whether the states (and cells) after the last step are returned too.
    projection_size : int, optional
        Length of the state that an LSTM passes on, through a linear map (Sak et al., 2014).
    lstm_state_clip_min, lstm_state_clip_max : float, optional
        Bounds of an LSTM's cells.
    lstm_state_clip_nan : bool, default False
        Whether a cell that is NaN becomes the lower bound.
    use_sequence_length : bool, default False
        Whether lengths are given. Outputs behind a sequence's end are 0, and its last state is that
        at its end.

    Returns
    -------
    NDArray or Symbol, or a list of them
        Outputs of the last layer, shape (time, batch, directions * state_size); with
        `state_outputs` also the last states and, of an LSTM, the last cells.

    Raises
    ------
    MXNetError
        If a shape does not follow from that of `data`, or an attribute belongs to LSTM alone.

    Examples
    --------
    >>> x, h = mx.nd.ones((2, 1, 1)), mx.nd.zeros((1, 1, 1))
    >>> w = mx.nd.array([1, 1, 0, 0])
    >>> mx.nd.RNN(x, w, h, state_size=1, num_layers=1, mode="rnn_relu").asnumpy().tolist()
    [[[1.0]], [[2.0]]]
    """
    directions = 2 if bidirectional else 1
    layout = Layout(mode, num_layers, directions, state_size, projection_size)
    check_inputs(layout, data, parameters, state, state_cell, sequence_length, use_sequence_length)
    clip = Clip(lstm_state_clip_min, lstm_state_clip_max, lstm_state_clip_nan)
    bounded = mode == "lstm" and (clip.low is not None or clip.high is not None)
    weights = layout.unpack(parameters, data.shape[-1])
    states = (state,) if state_cell is None else (state, state_cell)
    dropped = p if is_train and num_layers > 1 else 0.0
    lengths = sequence_length if data.device.type != "meta" else None  # which has no values
    if lengths is not None:
        lengths = lengths.long().clamp(1, len(data))
    if not dropped and not bounded:
        results = _fused(layout, data, weights, states, lengths)
    else:
        results = _layer_by_layer(
            layout, data, weights, states, lengths, clip if bounded else None, dropped, generator
        )
    return results if state_outputs else results[0]


def check_inputs(
    layout: Layout,
    data: torch.Tensor,
    parameters: torch.Tensor,
    state: torch.Tensor,
    state_cell: torch.Tensor | None,
    lengths: torch.Tensor | None,
    use_lengths: bool,
) -> None:
    """Refuse inputs that do not fit the data and the attributes."""
    if data.ndim != 3:
        raise MXNetError(f"data has shape {tuple(data.shape)}, but must be (time, batch, n)")
    if layout.projection and layout.mode != "lstm":
        raise MXNetError(f"projection_size is for mode 'lstm', but mode is {layout.mode!r}")
    if min(layout.layers, layout.state_size) < 1:
        raise MXNetError(
            f"num_layers is {layout.layers} and state_size {layout.state_size}, but both must be "
            "positive"
        )
    for name, array, wanted in (
        ("state_cell", state_cell, layout.mode == "lstm"),
        ("sequence_length", lengths, use_lengths),
    ):
        if wanted != (array is not None):
            present = "missing" if wanted else "given"
            raise MXNetError(
                f"{name} is {present}, but mode is {layout.mode!r} and use_sequence_length "
                f"{use_lengths}"
            )
    batch, depth = data.shape[1], layout.layers * layout.directions
    expected = {
        "parameters": (parameters, (layout.count(data.shape[2]),)),
        "state": (state, (depth, batch, layout.passed)),
        "state_cell": (state_cell, (depth, batch, layout.state_size)),
        "sequence_length": (lengths, (batch,)),
    }
    for name, (array, shape) in expected.items():
        if array is not None and tuple(array.shape) != shape:
            raise MXNetError(
                f"{name} has shape {tuple(array.shape)}, but {shape} follows from data "
                f"{tuple(data.shape)} and the attributes"
            )


def _kernel(layout: Layout) -> Callable[..., States]:
    """Return torch's function that runs stacked layers of the mode."""
    kernel: Callable[..., States] = {  # type: ignore[assignment]
        "lstm": torch.lstm,
        "gru": torch.gru,
        "rnn_tanh": torch.rnn_tanh,
        "rnn_relu": torch.rnn_relu,
    }[layout.mode]
    if layout.projection is None:
        return kernel

    def quiet(*arguments: Any) -> States:
        with warnings.catch_warnings():  # that oneDNN has no projections is nothing to act on
            warnings.simplefilter("ignore", UserWarning)
            return kernel(*arguments)

    return quiet


def _fused(
    layout: Layout,
    data: torch.Tensor,
    weights: list[list[torch.Tensor]],
    states: States,
    lengths: torch.Tensor | None,
) -> States:
    """Run the layers of `weights` in one call; return outputs, last states, and last cells."""
    kernel = _kernel(layout)
    flat = [array for part in weights for array in part]
    layers, both = len(weights) // layout.directions, layout.directions == 2
    train = torch.is_grad_enabled()  # cuDNN keeps what backward needs only then
    if lengths is None:
        given = states if len(states) > 1 else states[0]
        return kernel(data, given, flat, True, layers, 0.0, train, both, False)
    # Packed sequences go from the longest to the shortest; the lengths must be known to the host.
    order = lengths.argsort(descending=True)
    back = order.argsort()
    packed, sizes = torch._pack_padded_sequence(data[:, order], lengths[order].cpu(), False)
    sorted_states = tuple(each[:, order] for each in states)
    given = sorted_states if len(states) > 1 else sorted_states[0]
    output, *last = kernel(packed, sizes, given, flat, True, layers, 0.0, train, both)
    padded, _ = torch._pad_packed_sequence(output, sizes, False, 0.0, len(data))
    return padded[:, back], *(each[:, back] for each in last)


def _layer_by_layer(
    layout: Layout,
    data: torch.Tensor,
    weights: list[list[torch.Tensor]],
    states: States,
    lengths: torch.Tensor | None,
    clip: Clip | None,
    p: float,
    generator: torch.Generator | None,
) -> States:
    """Run one layer after the other, with dropout between them."""
    count = layout.directions
    last: list[States] = []
    for first in range(0, len(weights), count):
        if first and p:
            kept = torch.empty_like(data).bernoulli_(1 - p, generator=generator)
            data = data * kept / (1 - p) if p < 1 else data * kept
        part = weights[first : first + count]
        begin = tuple(each[first : first + count] for each in states)
        if clip is None:
            data, *ends = _fused(layout, data, part, begin, lengths)
        else:
            data, *ends = _clipped(data, part, begin, lengths, clip)
        last.append(tuple(ends))
    return data, *(torch.cat(each) for each in zip(*last, strict=True))


def _clipped(
    data: torch.Tensor,
    weights: list[list[torch.Tensor]],
    states: States,
    lengths: torch.Tensor | None,
    clip: Clip,
) -> States:
    """Run the directions of one LSTM layer whose cells have bounds."""
    runs = [
        clipped_lstm(data, states[0][i], states[1][i], part, clip, lengths, i == 1)
        for i, part in enumerate(weights)
    ]
    outputs, last, cells = zip(*runs, strict=True)
    return torch.cat(outputs, 2), torch.stack(last), torch.stack(cells)


@rnn.inputs_rule
def _(attrs):
    names = ["data", "parameters", "state"]
    if attrs["mode"] == "lstm":
        names.append("state_cell")
    if attrs["use_sequence_length"]:
        names.append("sequence_length")
    return tuple(names)


@rnn.shape_rule
def _(inputs, outputs, attrs):
    data = inputs[0]
    if data is None or len(data) != 3 or min(attrs["num_layers"], attrs["state_size"]) < 1:
        return inputs, outputs
    layout = _layout(attrs)
    time, batch, size = data
    depth = layout.layers * layout.directions
    state, cell = (depth, batch, layout.passed), (depth, batch, layout.state_size)
    known = {
        "parameters": (layout.count(size) if size > 0 else -1,),
        "state": state,
        "state_cell": cell,
        "sequence_length": (batch,),
    }
    names = rnn.input_names(attrs)[1:]
    filled = [unify(shape, known[name]) for name, shape in zip(names, inputs[1:], strict=True)]
    results = [(time, batch, layout.passed * layout.directions), state, cell][: len(outputs)]
    merged = [unify(shape, result) for shape, result in zip(outputs, results, strict=True)]
    return [data, *filled], merged


@rnn.type_rule
def _(inputs, outputs, attrs):
    count = len(inputs) - bool(attrs["use_sequence_length"])
    floats, results = same_types(inputs[:count], outputs, attrs)
    return [*floats, *(known or floats[0] for known in inputs[count:])], results
