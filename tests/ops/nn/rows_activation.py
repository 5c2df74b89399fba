"""Rows for Activation and LeakyReLU."""

from tests.ops.rows import Row, integers, normal, values

FLOATS = ("float16", "float32", "float64")
NAN, INF = float("nan"), float("inf")
EDGES = [-100, -1, -0.0, 0, 0.5, 30, 50, 100]


def leaky(data=(3, 4), kind="leaky", **more):
    """A row of LeakyReLU."""
    flags = {key: more.pop(key) for key in ("dtypes", "numeric", "differs") if key in more}
    return Row("LeakyReLU", [data], {"act_type": kind, **more}, **flags)


def prelu(data, gamma, **more):
    """A row of LeakyReLU with learned slopes."""
    return Row("LeakyReLU", [data, gamma], {"act_type": "prelu"}, **more)


ROWS = [
    *[
        Row("Activation", [normal(2, 3, 2)], {"act_type": kind}, dtypes=FLOATS)
        for kind in ("relu", "sigmoid", "softrelu", "softsign", "tanh")
    ],
    *[
        Row("Activation", [values(EDGES)], {"act_type": kind}, numeric=False, dtypes=FLOATS)
        for kind in ("relu", "sigmoid", "softrelu", "softsign", "tanh")
    ],
    *[
        Row("Activation", [values([NAN, INF, -INF])], {"act_type": kind}, gradient=False)
        for kind in ("sigmoid", "softrelu", "softsign", "tanh")
    ],
    Row(
        "Activation",
        [values([NAN, INF, -INF])],
        {"act_type": "relu"},
        gradient=False,
        dtypes=("float64",),
    ),
    Row(
        "Activation",
        [values([[NAN], [INF]])],
        {"act_type": "relu"},
        gradient=False,
        differs="the reference's float32 kernel makes NaN 0, its other kernels keep it",
    ),
    Row("Activation", [(2, 3)], raises=True),
    Row("Activation", [(2, 3)], {"act_type": "swish"}, raises=True),
    Row("Activation", [integers(-3, 3, 2, 3, dtype="int32")], {"act_type": "relu"}, raises=True),
    leaky(dtypes=FLOATS),
    leaky(slope=0.0),
    leaky(kind="elu", dtypes=FLOATS),
    leaky(kind="elu", slope=1.5),
    leaky(kind="gelu", dtypes=FLOATS),
    leaky(kind="selu", differs="the reference scales the gradient of negative elements twice"),
    *[
        leaky(values([-50, -1, 0, 2]), kind, numeric=False, dtypes=FLOATS)
        for kind in ("leaky", "elu", "gelu")
    ],
    Row("LeakyReLU", [(2, 3)], {"act_type": "selu"}, gradient=False, dtypes=FLOATS),
    Row("LeakyReLU", [values([-50, -1, 0, 2])], {"act_type": "selu"}, gradient=False),
    prelu((2, 3, 2), (3,), dtypes=FLOATS),
    prelu((2, 3), (3,)),
    prelu((2, 3, 2, 2), (1,)),
    prelu((2, 3), (1, 3)),
    prelu((2, 3), (2, 1)),
    prelu((2, 3, 2), (1, 3, 2), differs="the reference broadcasts to two axes alone"),
    prelu((3,), (3,)),
    prelu((3,), (1,)),
    prelu(values([[-1, 0], [0, 2]]), (2,), numeric=False),
    prelu((2, 3, 3), (1, 2), raises=True),
    Row(
        "LeakyReLU",
        [(2, 3, 2), (2,)],
        {"act_type": "prelu"},
        raises=True,
        differs="the reference takes slopes of neither one nor all channels for those of axis 0",
    ),
    Row("LeakyReLU", [(2, 3)], {"act_type": "crelu"}, raises=True),
    Row("LeakyReLU", [(2, 3), (3,)], {"act_type": "elu"}, raises=True),
    *[
        Row(
            "LeakyReLU",
            [(3, 4)],
            {"act_type": "rrelu", "lower_bound": 0.1, "upper_bound": 0.3},
            is_train=train,
            random=True,
            differs="the reference crashes in training",
        )
        for train in (True, False)
    ],
]
