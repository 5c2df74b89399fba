"""Rows for the LSTM on codes: values that the reference gave are in tests/unit/ops."""

from tests.ops.rows import Row, integers, uniform, values

OLDER = "the reference's oneDNN has this LSTM on processors without VNNI alone"
CELLS = "bounds hold the cells; the reference leaves them"
CODING = (values([100.0], "float32"), values([128.0], "float32"))
SIZES = {"state_size": 2, "num_layers": 1, "mode": "lstm"}
CLIP = {"lstm_state_clip_min": -0.25, "lstm_state_clip_max": 0.125}
DATA = integers(0, 256, 3, 2, 4, dtype="uint8")
OTHER_MODES = ("gru", "rnn_relu", "rnn_tanh", "transformer")


def lstm(data=DATA, depth=1, count=64, coding=CODING, **attrs):
    flags = {name: attrs.pop(name) for name in ("differs", "raises") if name in attrs}
    parameters = uniform(-0.5, 0.5, count, dtype="float32")
    states = [uniform(-1, 1, depth, 2, 2, dtype="float32") for _ in range(2)]
    row = [data, parameters, *states, *coding]
    return Row("contrib.quantized_rnn", row, {**SIZES, **attrs}, gradient=False, **flags)


ROWS = [
    lstm(differs=OLDER),
    lstm(state_outputs=True, p=0.5, differs=OLDER),
    lstm(depth=2, count=128, bidirectional=True, state_outputs=True, differs=OLDER),
    lstm(depth=2, count=112, num_layers=2, differs=OLDER),
    lstm(depth=4, count=256, num_layers=2, bidirectional=True, differs=OLDER),
    lstm(state_outputs=True, differs=CELLS, **CLIP),
    *[lstm(mode=word, raises=True) for word in OTHER_MODES],
    lstm(integers(0, 9, 3, 2, 4), raises=True),
    lstm(integers(-9, 9, 3, 2, 4, dtype="int8"), raises=True),
    lstm(integers(0, 256, 6, 4, dtype="uint8"), raises=True),
    lstm(count=63, raises=True),
    lstm(depth=2, raises=True),
    lstm(num_layers=0, raises=True),
    lstm(projection_size=1, raises=True),
    lstm(coding=((2,), (2,)), raises=True),
]
ROWS += [
    *[
        Row(
            "contrib.quantized_rnn",
            [(3, 2, 4), (64,), (1, 2, 2), (1, 2, 2), *CODING],
            SIZES,
            (d,),
            raises=True,
        )
        for d in ("float16", "float64")
    ],
    lstm(lstm_state_clip_nan=True, state_outputs=True, differs=CELLS, **CLIP),
    lstm(use_sequence_length=True, raises=True),
]
