"""Rows for updates of one weight: new weight and new states, with each attribute in use."""

from tests.ops.rows import Row, integers, normal, uniform, values

FLOATS = ("float16", "float32", "float64")
NAN, INF = float("nan"), float("inf")

# operator, names of the states (those ending in + are positive), required attributes, others
UPDATES = [
    ("sgd_update", "", {"lr": 0.1}, {}),
    ("sgd_mom_update", "mom", {"lr": 0.1}, {"momentum": 0.9}),
    ("nag_mom_update", "mom", {"lr": 0.1}, {"momentum": 0.9}),
    ("signsgd_update", "", {"lr": 0.1}, {}),
    ("signum_update", "mom", {"lr": 0.1}, {"momentum": 0.9, "wd_lh": 0.05}),
    ("adam_update", "mean var+", {"lr": 0.1}, {"beta1": 0.7, "beta2": 0.8, "epsilon": 0.01}),
    ("ftrl_update", "z n+", {"lr": 0.1}, {"lamda1": 0.5, "beta": 0.3}),
    (
        "ftml_update",
        "d+ v+ z",
        {"lr": 0.1, "t": 3},
        {"beta1": 0.7, "beta2": 0.8, "epsilon": 0.01},
    ),
    ("rmsprop_update", "n+", {"lr": 0.1}, {"gamma1": 0.7, "epsilon": 0.01}),
    (
        "rmspropalex_update",
        "n+ g0 delta",
        {"lr": 0.1},
        {"gamma1": 0.7, "gamma2": 0.6, "epsilon": 0.01},
    ),
    (
        "lamb_update_phase1",
        "mean var+",
        {"t": 2, "wd": 0.1},
        {"beta1": 0.7, "beta2": 0.8, "epsilon": 0.01},
    ),
]
NO_LAZY = ("sgd_update", "sgd_mom_update", "adam_update")


def arrays(states, *shape, dtype=None):
    """Return the inputs of an update: weight, grad and its states."""
    named = {"weight": normal(*shape), "grad": normal(*shape)}
    for state in states.split():
        if state.endswith("+"):
            named[state[:-1]] = uniform(0.5, 2, *shape, dtype=dtype)
        elif state.endswith("0"):  # small beside the state that follows the square
            named[state[:-1]] = uniform(-0.1, 0.1, *shape, dtype=dtype)
        else:
            named[state] = normal(*shape, dtype=dtype)
    return named


def update(op, inputs, attrs, **more):
    """Return a row without gradient."""
    return Row(op, inputs, attrs, gradient=False, **more)


ROWS = []
for op, states, required, others in UPDATES:
    clip = "clip_grad" if op == "ftml_update" else "clip_gradient"
    scale = {"rescale_grad": 0.5}
    given = arrays(states, 3, 4)
    ROWS += [
        update(op, given, required),
        # The reference computes 1 - beta**t in float32, for float16 arrays in float16.
        update(op, given, required, dtypes=("float64",), rtol=1e-4),
        update(op, given, required, dtypes=("float16",), rtol=0.03 if "t" in required else None),
        *([update(op, given, {**required, **others}, dtypes=FLOATS)] if others else []),
        update(op, given, {**required, **others, "wd": 0.3}),
        update(op, given, {**required, **others, **scale, "wd": 0.3, clip: 0.4}),
        update(op, given, {**required, **scale, clip: 0.0}),
        update(op, arrays(states, 1), required),
        update(
            op, list(given.values()), {**required, "lr": "0.1"} if "lr" in required else required
        ),
        update(op, {**given, "grad": values([[0.0, 0, NAN, INF]] * 3)}, {**required, **others}),
        update(op, {**given, "grad": normal(4, 3)}, required, raises=True),
        update(op, {**given, "grad": normal(3, 4, dtype="float64")}, required, raises=True),
        update(op, {**given, "grad": normal(1, 4)}, required, raises=True),
        update(op, given, {}, raises=True),
        update(op, given, {**required, "clipgradient": 1}, raises=True),
    ]
    ROWS += [update(op, given, {**required, "lazy_update": False})] if op in NO_LAZY else []
ROWS += [
    update(
        "sgd_update",
        [integers(0, 5, 3), integers(0, 5, 3)],
        {"lr": 1},
        dtypes=("int32",),
        raises=True,
    ),
    update("rmsprop_update", arrays("n+", 3), {"lr": 0.1, "clip_weights": 0.5}),
    update("rmsprop_update", arrays("n+", 3), {"lr": 0.1, "clip_weights": 0.0}),
    update("rmspropalex_update", arrays("n+ g0 delta", 3), {"lr": 0.1, "clip_weights": 0.5}),
    update("ftrl_update", arrays("z n+", 5), {"lr": 0.1, "lamda1": 0}),
    update("ftml_update", arrays("d+ v+ z", 3), {"lr": 0.1, "t": 1}),
    *(
        update(
            "lamb_update_phase1", arrays("mean var+", 4), {"t": t, "wd": 0, "bias_correction": b}
        )
        for t in (1, 7)
        for b in (True, False)
    ),
]

MIXED = [
    ("mp_sgd_update", "weight32", {"lr": 0.1}, {}),
    ("mp_sgd_mom_update", "mom weight32", {"lr": 0.1}, {"momentum": 0.9}),
    ("mp_nag_mom_update", "mom weight32", {"lr": 0.1}, {"momentum": 0.9}),
    ("mp_lamb_update_phase1", "mean var+ weight32", {"t": 2, "wd": 0.1}, {"beta1": 0.7}),
]
OLD_DECAY = "the momentum holds the decay of the old weight as without float32 copy, not of the new"
for op, states, required, others in MIXED:
    given = arrays(states, 3, 4, dtype="float32")
    half = ("float16",)
    differs = OLD_DECAY if op == "mp_nag_mom_update" else ""
    ROWS += [
        update(op, given, required, dtypes=half),
        update(op, given, {**required, **others, "wd": 0.3}, dtypes=half, differs=differs),
        update(
            op,
            given,
            {**required, **others, "rescale_grad": 0.5, "clip_gradient": 0.4},
            dtypes=half,
        ),
        update(op, {**given, "weight32": normal(3, 4, dtype="float64")}, required, raises=True),
        update(op, {**given, "weight32": normal(4, 3, dtype="float32")}, required, raises=True),
    ]
for op in ("mp_sgd_update", "mp_sgd_mom_update"):
    given = arrays({row[0]: row[1] for row in MIXED}[op], 3, dtype="float32")
    ROWS += [update(op, given, {"lr": 0.1}, dtypes=("float32", "float64"))]

for op, states, required, others in MIXED:
    given = arrays(states, 4, dtype="float32")
    half = ("float16",)
    ROWS += [
        update(op, {**given, "grad": values([0.0, -1.0, 1.0, 1.0])}, required, dtypes=half),
        update(op, arrays(states, 2, 1, dtype="float32"), {**required, **others}, dtypes=half),
    ]
    ROWS += (
        [update(op, given, {**required, "lazy_update": False}, dtypes=half)] if "sgd" in op else []
    )
    if "lamb" in op:
        rest = {"beta2": 0.8, "epsilon": 0.01, "bias_correction": False}
        ROWS += [update(op, given, {**required, **rest}, dtypes=half)]
ROWS += [
    Row(op, {"weight": (2, 3), "grad": (2, 3)}, {"lr": 0.1})
    for op in ("sgd_update", "signsgd_update")
]
ROWS += [
    update("ftml_update", arrays("d+ v+ z", 3), {"lr": 0.1, "t": 1, **beta}, raises=True)
    for beta in ({"beta1": 1.1}, {"beta2": -0.1})
]
