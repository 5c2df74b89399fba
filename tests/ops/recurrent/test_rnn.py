"""What rows can not state of `RNN`: lengths, bounds of cells and dropout, which the reference's CPU
code does not know or draws at random."""

from __future__ import annotations

from typing import Any

import pytest
import torch

import mxnet.ops  # noqa: F401  registers the operators
from mxnet.base import MXNetError
from mxnet.ops import registry
from mxnet.ops.recurrent.parameters import GATES, Layout

TIME, BATCH, INPUT, STATE = 5, 3, 4, 2


def run(inputs: dict[str, torch.Tensor], seed: int = 1, is_train: bool = True, **attrs: Any) -> Any:
    """Run the operator with state outputs."""
    operator = registry.get("RNN")
    given = {"state_size": STATE, "state_outputs": True, **attrs}
    keywords = operator.call_attrs(
        operator.parse(given),
        is_train=is_train,
        generator=torch.Generator().manual_seed(seed),
    )
    return operator.function(**inputs, **keywords)


def inputs_for(
    mode: str, layers: int = 1, directions: int = 1, projection: int | None = None
) -> dict[str, torch.Tensor]:
    """Return random inputs in float64."""
    generator = torch.Generator().manual_seed(0)

    def draw(*shape: int) -> torch.Tensor:
        return torch.randn(shape, generator=generator, dtype=torch.float64)

    layout = Layout(mode, layers, directions, STATE, projection)
    inputs = {
        "data": draw(TIME, BATCH, INPUT),
        "parameters": draw(layout.count(INPUT)),
        "state": draw(layers * directions, BATCH, layout.passed),
    }
    if mode == "lstm":
        inputs["state_cell"] = draw(layers * directions, BATCH, STATE)
    return inputs


LENGTHS = [3, 5, 1]


@pytest.mark.parametrize("mode", GATES)
@pytest.mark.parametrize("p", [0.0, 1.0])
def test_each_sequence_runs_as_if_alone(mode: str, p: float) -> None:
    attrs = {"mode": mode, "num_layers": 2, "bidirectional": True, "p": p}
    inputs = inputs_for(mode, layers=2, directions=2)
    lengths = torch.tensor(LENGTHS)
    outputs, *last = run({**inputs, "sequence_length": lengths}, use_sequence_length=True, **attrs)
    for i, length in enumerate(LENGTHS):
        one = {name: array[:, i : i + 1] for name, array in inputs.items() if array.ndim > 1}
        one = {**one, "data": one["data"][:length], "parameters": inputs["parameters"]}
        alone, *ends = run(one, **attrs)
        torch.testing.assert_close(outputs[:length, i : i + 1], alone)
        assert not outputs[length:, i].any()
        for state, end in zip(last, ends, strict=True):
            torch.testing.assert_close(state[:, i : i + 1], end)


@pytest.mark.parametrize("projection", [None, 3])
@pytest.mark.parametrize("lengths", [None, LENGTHS])
def test_wide_bounds_change_nothing(projection: int | None, lengths: list[int] | None) -> None:
    inputs = inputs_for("lstm", layers=2, directions=2, projection=projection)
    attrs = {"mode": "lstm", "num_layers": 2, "bidirectional": True, "projection_size": projection}
    if lengths:
        inputs["sequence_length"], attrs["use_sequence_length"] = torch.tensor(lengths), True
    bounded = run(inputs, lstm_state_clip_min=-1e9, lstm_state_clip_max=1e9, **attrs)
    torch.testing.assert_close(bounded, run(inputs, **attrs))


def test_bounds_hold_the_cells() -> None:
    inputs = inputs_for("lstm")
    attrs = {"mode": "lstm", "num_layers": 1, "lstm_state_clip_min": -0.1}
    outputs, _, cells = run(inputs, lstm_state_clip_max=0.2, **attrs)
    assert float(cells.min()) == -0.1
    assert float(cells.max()) == 0.2
    assert float(outputs.abs().max()) <= 0.2


@pytest.mark.parametrize(("stop", "expected"), [(True, -0.1), (False, float("nan"))])
def test_a_cell_that_is_nan_stops_at_the_lower_bound_if_asked(stop: bool, expected: float) -> None:
    inputs = inputs_for("lstm")
    inputs["state_cell"][0, 0, 0] = float("nan")
    attrs = {"mode": "lstm", "num_layers": 1, "lstm_state_clip_min": -0.1}
    inputs["data"] = inputs["data"][:1]
    cells = run(inputs, lstm_state_clip_max=0.1, lstm_state_clip_nan=stop, **attrs)[2]
    assert torch.equal(cells[0, 0, 0].isnan(), torch.tensor(expected).isnan())
    assert not stop or float(cells[0, 0, 0]) == expected


@pytest.mark.parametrize("mode", GATES)
def test_dropout_acts_between_layers_in_training_only(mode: str) -> None:
    inputs = inputs_for(mode, layers=2)
    attrs = {"mode": mode, "num_layers": 2}
    kept, *_ = run(inputs, **attrs)
    dropped, *states = run(inputs, p=0.5, **attrs)
    assert not torch.equal(dropped, kept)
    torch.testing.assert_close(run(inputs, p=0.5, is_train=False, **attrs)[0], kept)
    torch.testing.assert_close(states[0][0], run(inputs, **attrs)[1][0])  # the first layer's


def test_dropout_depends_on_the_generator_alone() -> None:
    inputs, attrs = inputs_for("gru", layers=2), {"mode": "gru", "num_layers": 2, "p": 0.5}
    first, again, other = (run(inputs, seed=seed, **attrs)[0] for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_dropout_keeps_the_mean() -> None:
    inputs = inputs_for("rnn_relu", layers=2)
    layout = Layout("rnn_relu", 2, 1, STATE, None)
    for part in layout.unpack(inputs["parameters"], INPUT):
        for array in part:
            array.abs_()  # with positive numbers the network is linear
    inputs = {name: array.abs() for name, array in inputs.items()}
    inputs["state"].zero_()
    attrs = {"mode": "rnn_relu", "num_layers": 2}
    draws = [run(inputs, seed=seed, p=0.25, **attrs)[0][0] for seed in range(2000)]
    mean = torch.stack(draws).mean(0)
    torch.testing.assert_close(mean, run(inputs, **attrs)[0][0], rtol=0.05, atol=0)


@pytest.mark.parametrize("mode", GATES)
def test_float16_is_near_float64(mode: str) -> None:
    inputs = inputs_for(mode, layers=2, directions=2)
    attrs = {"mode": mode, "num_layers": 2, "bidirectional": True}
    half = run({name: array.half() for name, array in inputs.items()}, **attrs)[0]
    assert half.dtype is torch.float16
    torch.testing.assert_close(half.double(), run(inputs, **attrs)[0], rtol=0.05, atol=0.02)


def test_weights_are_views_of_the_parameters() -> None:
    parameters = torch.zeros(Layout("lstm", 2, 2, STATE, None).count(INPUT))
    for part in Layout("lstm", 2, 2, STATE, None).unpack(parameters, INPUT):
        assert all(array.untyped_storage().data_ptr() == parameters.data_ptr() for array in part)


def test_parameters_are_all_weights_then_all_biases() -> None:
    layout = Layout("rnn_tanh", 2, 1, 2, None)
    parameters = torch.arange(float(layout.count(1)))
    first, second = layout.unpack(parameters, 1)
    assert [array.flatten().tolist() for array in first] == [
        [0, 1],
        [2, 3, 4, 5],
        [14, 15],
        [16, 17],
    ]
    assert [array[..., -1:].flatten()[-1].item() for array in second] == [9, 13, 19, 21]


WRONG = [
    ({"mode": "gru", "num_layers": 1, "projection_size": 2}, "projection_size is for mode 'lstm'"),
    ({"mode": "gru", "num_layers": 0}, "num_layers is 0"),
    ({"mode": "gru", "num_layers": 2}, r"parameters has shape \(48,\), but \(84,\) follows"),
    ({"mode": "lstm", "num_layers": 1}, "state_cell is missing"),
]


@pytest.mark.parametrize(("attrs", "message"), WRONG)
def test_wrong_calls_say_what_is_wrong(attrs: dict[str, Any], message: str) -> None:
    with pytest.raises(MXNetError, match=message):
        run(inputs_for("gru"), **attrs)
