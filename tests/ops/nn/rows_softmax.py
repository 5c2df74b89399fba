"""Rows for softmax and its relatives."""

from tests.ops.rows import Row, integers, normal, values

FLOATS = ("float16", "float32", "float64")
BOTH = ("float32", "float64")
INF = float("inf")
SIBLINGS = ("softmax", "log_softmax", "softmin")


def with_length(data, length, dtype="int32", attrs=None, **more):
    """A row of softmax whose second input says how many elements count."""
    attrs = {"use_length": True, **(attrs or {})}
    return Row("softmax", [data, values(length, dtype)], attrs, **more)


def by_label(data, label, **more):
    """A row of softmax_cross_entropy."""
    return Row("softmax_cross_entropy", [data, label], **more)


FLOAT32 = "the reference has this operator in float32 alone"
LABELS_HAVE_A_GRADIENT = "the reference refuses to train where labels ask for a gradient"

ROWS = [
    *[Row(op, [(2, 3, 4)], dtypes=FLOATS) for op in SIBLINGS],
    *[Row(op, [(2, 3, 4)], {"axis": axis}) for op in SIBLINGS for axis in (0, 1, -2)],
    *[Row(op, [(2, 3)], {"temperature": t}) for op in SIBLINGS for t in (2.0, 0.5, -1.0)],
    *[
        Row(
            op, [(2, 3)], {"dtype": dtype}, dtypes=FLOATS, rtol=1e-2 if dtype == "float16" else None
        )
        for op in SIBLINGS
        for dtype in FLOATS
    ],
    *[Row(op, [(5,)]) for op in SIBLINGS],
    *[Row(op, [values([[100, -100, 0], [7, 7, 7]])]) for op in SIBLINGS],
    *[Row(op, [(2, 1)]) for op in SIBLINGS],
    *[Row(op, [values([[-INF, 1, 2]])], numeric=False) for op in ("softmax", "log_softmax")],
    *[Row(op, [(2, 3)], {"axis": 2}, raises=True) for op in SIBLINGS],
    *[Row(op, [(2, 3)], {"axis": -3}, raises=True) for op in SIBLINGS],
    *[Row(op, [(2, 3)], {"dtype": "int32"}, raises=True) for op in SIBLINGS],
    *[Row(op, [integers(0, 5, 2, 3, dtype="int32")], raises=True) for op in SIBLINGS],
    *[Row(op, [(2, 3)], {"use_length": True}, raises=True) for op in ("log_softmax", "softmin")],
    with_length((2, 3, 4), [[1, 2, 4], [4, 0, 3]], dtypes=FLOATS),
    with_length((2, 3, 4), [[1, 2, 3, 0], [3, 1, 2, 2]], attrs={"axis": 1}),
    with_length((3, 4), [1, 2, 4], "int64"),
    with_length((3, 4), [1, 2, 4, 0][:3], attrs={"temperature": 2.0}),
    with_length((3, 4), [1, 3, 4], attrs={"dtype": "float64"}),
    with_length((4,), [3]),
    with_length((3, 4), [1, 2], raises=True),
    with_length((3, 4), [[1], [2], [3]], raises=True),
    with_length((3, 4), [1, 2, 3], "float32", raises=True),
    Row("softmax", [(3, 4), values([1, 2, 3], "int32")], raises=True),
    Row("SoftmaxActivation", [(3, 4)]),
    Row("SoftmaxActivation", [(2, 3, 4)], {"mode": "channel"}),
    Row("SoftmaxActivation", [(2, 3, 2, 2)], {"mode": "channel"}),
    Row("SoftmaxActivation", [(2, 3, 4)], {"mode": "instance"}, gradient=False),
    Row(
        "SoftmaxActivation",
        [(2, 3, 5)],
        differs="the reference's forward is along the last axis, its gradient along axis 1",
    ),
    Row("SoftmaxActivation", [(3, 4)], {"mode": "channel"}, raises=True),
    Row("SoftmaxActivation", [(3, 4)], {"mode": "batch"}, raises=True),
    by_label((4, 3), integers(0, 3, 4), gradient=False, dtypes=FLOATS),
    by_label((2, 3), values([3, -1]), gradient=False),
    by_label(values([[100, -100]]), values([1]), gradient=False),
    by_label((5, 3), integers(0, 3, 5), differs=LABELS_HAVE_A_GRADIENT, dtypes=BOTH),
    by_label((4, 3), integers(0, 3, 4, 1), raises=True),
    by_label((4, 3, 2), integers(0, 3, 4), raises=True),
    by_label((4, 3), integers(0, 3, 4, dtype="int32"), raises=True),
    by_label((4, 3), normal(3), raises=True),
]
ROWS += [
    Row("SoftmaxActivation", [(2, 3)], dtypes=("float16", "float64"), differs=FLOAT32),
    Row("SoftmaxActivation", [values([[-INF, 0.0, 1.0], [5.0, 5.0, 5.0]])], numeric=False),
    Row("SoftmaxActivation", [values([[float("nan"), 0.0, 1.0], [INF, 0.0, 1.0]])], numeric=False),
    *[
        Row(op, [(2, 3)], {"use_length": False}, dtypes=("float64",))
        for op in ("log_softmax", "softmin")
    ],
    *[
        Row(op, [(2, 3), values([1, 2], "int32")], {"use_length": True}, raises=True)
        for op in ("log_softmax", "softmin")
    ],
]
