"""Rows for updates that take numbers as arrays: AdamW, the second phase of LAMB, LARS, AdaGrad."""

from tests.ops.rows import Row, normal, uniform, values

FLOATS = ("float16", "float32", "float64")
NAN, INF = float("nan"), float("inf")


def update(op, inputs, attrs, **more):
    """Return a row without gradient."""
    return Row(op, inputs, attrs, gradient=False, **more)


STATES = {
    "weight": normal(3, 4),
    "grad": normal(3, 4),
    "mean": normal(3, 4),
    "var": uniform(0.5, 2, 3, 4),
}
FULL = {
    "weight": normal(3, 4),
    "grad": normal(3, 4),
    "mean": normal(3, 4, dtype="float32"),
    "var": uniform(0.5, 2, 3, 4, dtype="float32"),
    "weight32": normal(3, 4, dtype="float32"),
}
TWICE = {"rescale_grad": values([2.0], "float32")}
STEP = {"lr": 0.1, "eta": 0.5}

ROWS = []
for op, arrays, dtypes in (
    ("_adamw_update", STATES, FLOATS),
    ("_mp_adamw_update", FULL, ("float16",)),
):
    in_place = "" if op.startswith("_mp") else "the reference scales and clips grad in place"
    once = {"rescale_grad": values([1.0], "float32")}
    decay = {**STEP, "beta1": 0.7, "beta2": 0.8, "epsilon": 0.01, "wd": 0.3}
    one = dtypes[:1]
    ROWS += [
        update(op, {**arrays, **once}, STEP, dtypes=dtypes),
        update(op, {**arrays, **once}, decay, dtypes=dtypes),
        update(op, {**arrays, **TWICE}, STEP, dtypes=one, differs=in_place),
        update(
            op, {**arrays, **TWICE}, {**decay, "clip_gradient": 0.4}, dtypes=one, differs=in_place
        ),
        update(op, {**arrays, "rescale_grad": values([1.0, 3.0], "float32")}, STEP, dtypes=one),
        update(op, {**arrays, "rescale_grad": values([2.0], "float64")}, STEP, raises=True),
        update(op, {**arrays, **TWICE, "grad": normal(4, 3)}, STEP, dtypes=one, raises=True),
        update(op, {**arrays, **TWICE}, {"lr": 0.1}, dtypes=one, raises=True),
        *(
            update(
                op,
                {**arrays, "rescale_grad": values([number], "float32")},
                {**STEP, "wd": 0.3},
                dtypes=one,
                differs="the weight is returned as it was; the reference returns raw memory",
            )
            for number in (NAN, INF, 0.0)
        ),
    ]

MOVE = {"weight": normal(3, 4), "g": normal(3, 4), "r1": values([1.5]), "r2": values([0.5])}
FULL_MOVE = {
    "weight": normal(3, 4),
    "g": normal(3, 4, dtype="float32"),
    "r1": values([1.5], "float32"),
    "r2": values([0.5], "float32"),
    "weight32": normal(3, 4, dtype="float32"),
}
for op, arrays, dtypes in (
    ("lamb_update_phase2", MOVE, FLOATS),
    ("mp_lamb_update_phase2", FULL_MOVE, ("float16",)),
):
    dtype, one = arrays["r1"].dtype, dtypes[:1]
    unmoved = "weight32 is updated too; the reference leaves it, so that it never moves"
    differs = unmoved if op.startswith("mp") else ""
    ROWS += [
        update(op, arrays, {"lr": 0.1}, dtypes=dtypes, differs=differs),
        *(
            update(op, arrays, {"lr": 0.1, **bounds}, dtypes=one, differs=differs)
            for bounds in (
                {"lower_bound": 2},
                {"upper_bound": 1},
                {"lower_bound": 0, "upper_bound": 0},
                {"lower_bound": 1, "upper_bound": 2},
            )
        ),
        *(
            update(
                op, {**arrays, norm: values([0.0], dtype)}, {"lr": 0.1}, dtypes=one, differs=differs
            )
            for norm in ("r1", "r2")
        ),
        update(op, {**arrays, "r1": values([1.0, 2.0], dtype)}, {"lr": 1}, dtypes=one, raises=True),
        update(op, arrays, {}, dtypes=one, raises=True),
    ]

LAYERS = {
    "lrs": uniform(0.1, 1, 5),
    "weights_sum_sq": values([4.0, 0.0, 4.0, 2.5, 1.0]),
    "grads_sum_sq": values([9.0, 9.0, 0.0, 1.5, 1.0]),
    "wds": uniform(0, 0.1, 5),
}
TRUST = {"eta": 0.01, "eps": 0.001}
ROWS += [
    update("multi_lars", LAYERS, TRUST),
    update("multi_lars", LAYERS, {**TRUST, "rescale_grad": 0.5}),
    update("multi_lars", {**LAYERS, "wds": uniform(0, 1, 4)}, TRUST, raises=True),
    update("multi_lars", LAYERS, {"eta": 0.01}, raises=True),
    update(
        "_contrib_group_adagrad_update",
        [normal(3, 2), normal(3, 2), uniform(0, 1, 3, 1)],
        {"lr": 0.1},
        differs="the reference takes row-sparse gradients only",
    ),
]
ROWS += [
    update(
        "multi_lars",
        LAYERS,
        TRUST,
        dtypes=("float16", "float64"),
        differs="the reference has this operator in float32 alone",
    ),
    Row("multi_lars", {name: values([0.5]) for name in LAYERS}, TRUST),
    Row("lamb_update_phase2", {**MOVE, "weight": (5,), "g": (5,)}, {"lr": 0.1}),
    update(
        "mp_lamb_update_phase2",
        {
            **FULL_MOVE,
            "weight": (2,),
            "g": normal(2, dtype="float32"),
            "weight32": normal(2, dtype="float32"),
        },
        {"lr": 0.1},
        dtypes=("float16",),
        differs=unmoved,
    ),
    update("mp_lamb_update_phase2", FULL_MOVE, {"lr": 0.1}, dtypes=("float64",), differs=unmoved),
]
