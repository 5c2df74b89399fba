"""Rows for batch normalization."""

from tests.ops.rows import Row, normal, uniform, values

BOTH = ("float32", "float64")
FREE = {"fix_gamma": False}
ALL = {"output_mean_var": True}
SYNC = {"key": "bn"}  # layers of one key share memory in the reference: three channels each
NAMES = ("data", "gamma", "beta", "moving_mean", "moving_var")
FLOAT32 = {"dtype": "float32"}


def norm(data=(2, 3, 4), channels=3, op="BatchNorm", params=None, gamma=None, **more):
    """A row with parameters and moving statistics for `channels`.

    The reference writes ones into a gamma that is fixed, so that it gets ones. Means and variances
    that are returned have no gradient, and in inference an executor has none.
    """
    flags = ("dtypes", "is_train", "raises", "differs", "numeric", "gradient")
    row = {key: more.pop(key) for key in flags if key in more}
    row.setdefault("gradient", row.get("is_train", True))
    row.setdefault("numeric", not more.get("output_mean_var") and params is None)
    dtype = {"dtype": params}
    if gamma is None:
        free = more.get("fix_gamma") is False
        gamma = normal(channels, mean=1, **dtype) if free else values([1] * channels, **dtype)
    inputs = [
        data if not isinstance(data, tuple) else normal(*data),
        gamma,
        normal(channels, **dtype),
        normal(channels, **dtype),
        uniform(0.5, 2, channels, **dtype),
    ]
    by_name = dict(zip(NAMES, inputs, strict=True)) if op == "BatchNorm_v1" else inputs
    return Row(op, by_name, more, **row)


ONLY_ONEDNN = "the reference has this operator inside fused graphs alone"
NOT_FLOAT64 = "the reference has this operator in float32 alone"

ROWS = [
    *[
        norm(is_train=train, dtypes=BOTH, **attrs)
        for train in (True, False)
        for attrs in (
            {},
            FREE,
            {**FREE, **ALL},
            {**FREE, "use_global_stats": True},
            {"momentum": 0.5, "eps": 0.1, **FREE, **ALL},
        )
    ],
    *[
        norm(params="float32", is_train=train, dtypes=("float16",), **FREE, **ALL)
        for train in (True, False)
    ],
    norm(gamma=normal(3), differs="the reference writes ones into gamma, ours leaves it"),
    norm((4, 3), **FREE),
    norm((1, 3), **FREE),
    norm((2, 3, 2, 2), **FREE),
    norm((2, 9, 3, 2), 9, **FREE),
    norm((2, 3, 2, 1, 2), **FREE),
    norm((2, 4, 3), axis=-1, **FREE, **ALL),
    norm((2, 4, 3), axis=2, is_train=False, **FREE),
    norm((3, 2, 2), axis=0, **FREE),
    norm((2, 2, 2, 3), axis=3, **FREE),
    norm(values([[1, 5], [1, 5], [1, 5]]), 2, **FREE),
    norm(cudnn_off=True, min_calib_range=0.0, max_calib_range=1.0),
    norm(axis=3, raises=True),
    norm((3,), raises=True),
    norm(channels=4, raises=True),
    norm(params="float64", raises=True),
    norm(momentum="high", raises=True),
    *[
        norm(op="_contrib_SyncBatchNorm", is_train=train, **SYNC, **attrs)
        for train in (True, False)
        for attrs in ({}, FREE, {"use_global_stats": True, "momentum": 0.5, "eps": 0.1})
    ],
    norm(op="_contrib_SyncBatchNorm", **SYNC, **FREE, **ALL),
    norm(op="_contrib_SyncBatchNorm", dtypes=("float64",), differs=NOT_FLOAT64, **SYNC, **FREE),
    norm((2, 3, 2, 2), op="_contrib_SyncBatchNorm", ndev=1, **SYNC),
    norm(op="_contrib_SyncBatchNorm", raises=True),
    *[
        norm(op=op, is_train=train, differs=why, dtypes=BOTH, **attrs)
        for op, why in (
            ("_contrib_BatchNormWithReLU", ONLY_ONEDNN),
            ("BatchNorm_v1", "the reference has this operator as a symbol alone"),
        )
        for train in (True, False)
        for attrs in ({}, {**FREE, **ALL}, {**FREE, "use_global_stats": True})
    ],
]

V1, RELU, SYNCED = "BatchNorm_v1", "_contrib_BatchNormWithReLU", "_contrib_SyncBatchNorm"
SYMBOL_ALONE = "the reference has this operator as a symbol alone"
CONSTANT = values([[1, 5], [1, 5], [1, 5]])
REST = {"eps": 0.1, "momentum": 0.5}
ROWS += [
    norm((2, 3), op=V1, differs=SYMBOL_ALONE, **REST, **FREE),
    norm(CONSTANT, 2, op=V1, differs=SYMBOL_ALONE, **FREE),
    norm((2, 3, 4), 4, op=V1, raises=True),
    norm((2, 3), op=RELU, differs=ONLY_ONEDNN, **REST, **FREE),
    norm((2, 4, 3), op=RELU, differs=ONLY_ONEDNN, axis=2, min_calib_range=0.0, max_calib_range=1.0),
    norm(CONSTANT, 2, op=RELU, differs=ONLY_ONEDNN, **FREE),
    norm((2, 3, 4), 4, op=RELU, raises=True),
    norm(CONSTANT, 2, op=SYNCED, key="two channels", **FREE),
    *[
        norm((2, 3, 4), op=op, params="float32", dtypes=("float16",), differs=why, **attrs)
        for op, why, attrs in (
            (V1, SYMBOL_ALONE, {}),
            (RELU, ONLY_ONEDNN, {}),
            (SYNCED, NOT_FLOAT64, SYNC),
        )
    ],
]
