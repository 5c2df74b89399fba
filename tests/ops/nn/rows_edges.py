"""Rows for gradients at kinks, ties, of infinities and NaN, and of data without variance."""

from tests.ops.rows import Row, normal, values

NAN, INF = float("nan"), float("inf")
BOTH = ("float32", "float64")
EDGES = values([[-INF, -2.0, -0.5, -0.0], [0.0, 0.5, 2.0, INF]])
SCORES = values([[0.0, 0.0, 0.0], [-INF, 0.0, 1.0], [1e4, 1e4, -1e4], [-INF, -INF, 2.0]])
# The reference's float32 kernels of softmax and log_softmax differ from its others here.
HOPELESS = values([[INF, 0.0, 1.0], [-INF, -INF, -INF], [NAN, 0.0, 1.0]])
EVEN = values([[[1.0, 1.0, 2.0, 2.0], [2.0, 2.0, 2.0, 2.0], [0.0, 0.0, 0.0, 2.0]]])
SAME = values([[[2.0, 2.0], [1.0, 2.0]], [[2.0, 2.0], [1.0, 2.0]]])
STATES = [values([0.5, 0.5]), values([0.0, 1.0])]

ROWS = [
    *[
        Row("Activation", [EDGES], {"act_type": kind}, BOTH, numeric=False)
        for kind in ("sigmoid", "tanh", "softrelu", "softsign")
    ],
    *[
        Row("LeakyReLU", [EDGES], {"act_type": kind}, BOTH, numeric=False)
        for kind in ("leaky", "elu")
    ],
    *[
        Row(name, [scores], attrs, dtypes, numeric=False)
        for name in ("softmax", "log_softmax", "softmin")
        for scores, dtypes in ((SCORES, BOTH), (HOPELESS, ("float64",)))
        for attrs in ({}, {"temperature": 0.5}, {"axis": 0})
    ],
    *[
        Row(
            "softmax",
            [SCORES, values([0, 1, 3, 2], "int32")],
            {"axis": 1, "use_length": True},
            BOTH,
            numeric=False,
        )
    ],
    Row("SoftmaxOutput", [SCORES, values([0.0, 2.0, 7.0, -1.0])], numeric=False),
    Row("softmax_cross_entropy", [SCORES, values([0.0, 2.0, 1.0, 2.0])], gradient=False),
    *[
        Row(name, [values([[0.0], [1.0], [INF]]), values([[0.0], [NAN], [1.0]])], numeric=False)
        for name in ("LinearRegressionOutput", "LogisticRegressionOutput", "MAERegressionOutput")
    ],
    *[
        Row("SVMOutput", [values([[0.0, 1.0, 2.0], [1.0, 1.0, 0.0]]), values([1.0, 0.0])], attrs)
        for attrs in ({"use_linear": True}, {"margin": 1.0})
    ],
    *[
        Row("Pooling", [EVEN], {"kernel": (2,), "pool_type": kind, **attrs}, BOTH, numeric=False)
        for kind in ("max", "avg", "sum")
        for attrs in ({}, {"stride": (2,)}, {"stride": (2,), "pad": (1,)}, {"global_pool": True})
    ],
    *[
        Row(
            "Pooling",
            [EVEN],
            {"kernel": (2,), "pool_type": "lp", "p_value": p},
            BOTH,
            numeric=False,
        )
        for p in (1, 2, 3)
    ],
    *[
        Row(
            "BatchNorm", [SAME, normal(2), normal(2), *STATES], attrs, numeric=False, is_train=train
        )
        for attrs in ({"fix_gamma": False}, {"fix_gamma": False, "eps": 0.1})
        for train in (True, False)
    ],
    Row("LayerNorm", [SAME, normal(2), normal(2)], numeric=False),
    Row("InstanceNorm", [SAME, normal(2), normal(2)], numeric=False),
    Row("GroupNorm", [SAME, normal(2), normal(2)], {"num_groups": 2}, numeric=False),
    Row("LRN", [values([[[[0.0]], [[INF]], [[1.0]]]])], {"nsize": 3}, numeric=False),
    Row(
        "Embedding",
        [values([[1, 1, 1], [0, 5, -3]]), (4, 3)],
        {"input_dim": 4, "output_dim": 3},
        BOTH,
    ),
    Row(
        "FullyConnected",
        [values([[0.0, INF], [1.0, 2.0]]), (2, 2), (2,)],
        {"num_hidden": 2},
        BOTH,
        numeric=False,
    ),
]
TILES = values([[[[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 0.0]]]])
WINDOWS = [
    {"kernel": (2, 2)},
    {"kernel": (2, 2), "stride": (2, 2), "pooling_convention": "full"},
    {"kernel": (3, 3), "pad": (1, 1)},
    {"kernel": (2, 2), "global_pool": True},
]

ROWS += [
    *[
        Row(name, [TILES], {"pool_type": kind, **window}, ("float64",), numeric=False)
        for name in ("Pooling", "Pooling_v1")
        for kind in ("max", "avg")
        for window in WINDOWS
    ],
    Row("_contrib_AdaptiveAvgPooling2D", [TILES], {"output_size": (2, 2)}, BOTH),
    Row("UpSampling", [TILES], {"scale": 2, "sample_type": "nearest"}, BOTH),
    Row("_contrib_BilinearResize2D", [TILES], {"height": 5, "width": 2}, BOTH),
    Row("Dropout", [TILES], {"p": 0.0}),
    Row("Dropout", [TILES], {"p": 0.5}, is_train=False),
    Row("LRN", [values([[[[0.0]], [[0.0]], [[2.0]]]])], {"nsize": 3, "knorm": 0.5}),
    *[
        Row("SoftmaxOutput", [SCORES, values([0.0, 2.0, 1.0, 1.0])], attrs, numeric=False)
        for attrs in (
            {"use_ignore": True, "ignore_label": 1, "normalization": "valid"},
            {"use_ignore": True, "ignore_label": 1, "normalization": "batch"},
            {"smooth_alpha": 0.1, "grad_scale": -2},
        )
    ],
    *[Row("SoftmaxActivation", [SCORES], {"mode": mode}, numeric=False) for mode in ("instance",)],
    *[
        Row("SVMOutput", [values([[0.0, 1.0, 2.0], [1.0, 1.0, 0.0]]), values([2.0, 1.0])], attrs)
        for attrs in ({"margin": 1.0, "use_linear": True}, {"margin": 0.0})
    ],
    Row("MakeLoss", [TILES], {"normalization": "valid", "valid_thresh": 0.5}, numeric=False),
    Row("Convolution", [TILES, values([[[[0.0]]]]), (1,)], {"kernel": (1, 1), "num_filter": 1}),
]
