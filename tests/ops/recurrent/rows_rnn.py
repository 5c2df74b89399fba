"""Rows for stacked recurrent layers."""

from tests.ops.rows import Row, normal, values

TIME, BATCH, INPUT, STATE = 4, 2, 3, 2
GATES = {"rnn_relu": 1, "rnn_tanh": 1, "gru": 3, "lstm": 4}
MODES = tuple(GATES)


def count(mode, layers, directions, projection):
    """Return how many parameters there are."""
    rows, passed = GATES[mode] * STATE, projection or STATE
    total = 0
    for layer in range(layers):
        columns = passed * directions if layer else INPUT
        total += directions * (rows * (columns + passed + 2) + STATE * (projection or 0))
    return total


def run(
    mode, layers=1, bidirectional=False, projection=None, shape=(TIME, BATCH), lengths=None, **rest
):
    """Return a row whose shapes fit; `rest` are attributes or, if Row knows them, Row's own."""
    directions = 2 if bidirectional else 1
    batch, depth = shape[1], layers * directions
    inputs = [
        normal(*shape, INPUT),
        normal(count(mode, layers, directions, projection), scale=0.5),
        normal(depth, batch, projection or STATE),
    ]
    if mode == "lstm":
        inputs.append(normal(depth, batch, STATE))
    if lengths is not None:  # by name, because only an LSTM has a cell before it
        names = ("data", "parameters", "state", "state_cell")
        inputs = {**dict(zip(names, inputs, strict=False)), "sequence_length": lengths}
    own = {name: rest.pop(name) for name in Row.__dataclass_fields__ if name in rest}
    attrs = {"mode": mode, "state_size": STATE, "num_layers": layers, **rest}
    attrs.update({"bidirectional": True} if bidirectional else {})
    attrs.update({"projection_size": projection} if projection else {})
    return Row("RNN", inputs, attrs, **own)


LENGTHS = values([4.0, 2.0])
IGNORED = "lengths count; the reference looks at them on CUDA only"
UNBOUNDED = "bounds hold the cells; the reference looks at them on CUDA only"

ROWS = []
for mode in MODES:
    ROWS += [
        run(mode, dtypes=("float32", "float64"), state_outputs=True),
        run(mode),
        run(mode, layers=2, state_outputs=True),
        run(mode, bidirectional=True, state_outputs=True),
        run(mode, layers=3, bidirectional=True, dtypes=("float32", "float64"), state_outputs=True),
        run(mode, shape=(1, 1), state_outputs=True),
        run(mode, layers=2, p=0.5, is_train=False, gradient=False, state_outputs=True),
        run(mode, layers=2, p=0.5, state_outputs=True, random=True),
        run(mode, p=0.5, state_outputs=True),
        run(mode, dtypes=("float16",), differs="the reference has no float16 on the CPU"),
        run(mode, p=1.5, raises=True),
        run(mode, lengths=LENGTHS, raises=True),
        run(
            mode,
            layers=2,
            bidirectional=True,
            state_outputs=True,
            use_sequence_length=True,
            lengths=LENGTHS,
            differs=IGNORED,
        ),
        Row(
            "RNN",
            [(4, 3), (50,), (1, 3, 2), (1, 3, 2)][: 4 if mode == "lstm" else 3],
            {"mode": mode, "state_size": 2, "num_layers": 1},
            raises=True,
        ),
    ]
ROWS += [
    # The reference runs projections on the CPU forward only; finite differences hold the gradient.
    *(
        run("lstm", **case, state_outputs=True, is_train=train, gradient=train, differs=differs)
        for case in ({"projection": 1}, {"layers": 2, "bidirectional": True, "projection": 3})
        for train, differs in ((False, ""), (True, "projections are trained on every device"))
    ),
    run("lstm", lstm_state_clip_min=-0.2, lstm_state_clip_max=0.2, differs=UNBOUNDED),
    run(
        "lstm",
        layers=2,
        bidirectional=True,
        projection=1,
        state_outputs=True,
        lstm_state_clip_min=-0.2,
        lstm_state_clip_max=0.2,
        lstm_state_clip_nan=True,
        differs=UNBOUNDED,
    ),
    Row(
        "RNN",
        [(4, 2, 3), (13,), (1, 2, 2)],
        {"mode": "rnn_tanh", "state_size": 2, "num_layers": 1},
        raises=True,
    ),
    Row(
        "RNN",
        [(4, 2, 3), (14,), (1, 1, 2)],
        {"mode": "rnn_tanh", "state_size": 2, "num_layers": 1},
        raises=True,
    ),
    Row("RNN", [(4, 2, 3), (14,), (1, 2, 2)], {"mode": "rnn_tanh", "state_size": 2}, raises=True),
    Row(
        "RNN",
        [(4, 2, 3), (14,), (1, 2, 2)],
        {"mode": "rnn", "state_size": 2, "num_layers": 1},
        raises=True,
    ),
    Row(
        "RNN",
        {"data": (4, 2, 3), "parameters": (14,), "state": (1, 2, 2)},
        {"mode": "rnn_tanh", "state_size": 2, "num_layers": 1},
    ),
]

ZEROS = [values([[[0.0] * INPUT]] * 2), values([0.0] * 14), values([[[0.0] * STATE]])]
ROWS += [Row("RNN", ZEROS, {"mode": "rnn_tanh", "state_size": STATE, "num_layers": 1})]
