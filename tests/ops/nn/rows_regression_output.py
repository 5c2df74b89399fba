"""Rows for the loss layers of regression and of support vector machines."""

from tests.ops.rows import Row, integers, uniform, values

FLOATS = ("float16", "float32", "float64")
REGRESSIONS = ("LinearRegressionOutput", "MAERegressionOutput", "LogisticRegressionOutput")


def loss(op, data, label, attrs=None, **more):
    """A row; the gradient of a loss is not that of its output."""
    return Row(op, [data, label], attrs or {}, numeric=False, **more)


def svm(data=(4, 3), label=None, dtypes=("float32",), raises=False, **attrs):
    """A row of SVMOutput."""
    label = integers(0, 3, 4) if label is None else label
    return loss("SVMOutput", data, label, attrs, dtypes=dtypes, raises=raises)


ROWS = [
    *[loss(op, (2, 3), uniform(0, 1, 2, 3), dtypes=FLOATS) for op in REGRESSIONS],
    *[
        loss(op, data, label, attrs)
        for op in REGRESSIONS
        for data, label, attrs in (
            ((2, 3), (2, 3), {"grad_scale": 2.5}),
            ((4, 1), (4,), {}),
            ((4,), (4,), {}),
            ((4,), (4, 1), {}),
            ((2, 3, 2), (2, 3, 2), {"grad_scale": 0.5}),
            ((2, 3, 1), (2, 3), {}),
            (values([[1, 2, 0]]), values([[1, 1, 1]]), {}),
        )
    ],
    *[
        loss(op, data, label, raises=True)
        for op in REGRESSIONS
        for data, label in (
            ((2, 3), (2,)),
            ((2, 3), (6,)),
            ((1, 2), (2, 1)),
            ((2, 3), integers(0, 2, 2, 3, dtype="int32")),
        )
    ],
    *[
        Row(f"_sparse_{op}", [(2, 3), (2, 3)], numeric=False)
        for op in ("LinearRegressionOutput", "MAERegressionOutput", "LogisticRegressionOutput")
    ],
    svm(dtypes=FLOATS),
    svm(use_linear=True, dtypes=FLOATS),
    svm(margin=0.5),
    svm(margin=0.5, regularization_coefficient=0.1),
    svm(regularization_coefficient=3.0, use_linear=True),
    svm(label=values([-1, 3, 0, 1])),
    svm(data=values([[1, -1, 0], [-1, 1, 0]]), label=values([0, 1]), use_linear=True),
    svm(data=(1, 2, 3), label=integers(0, 3, 1, 2)),
    svm(label=integers(0, 3, 3), raises=True),
    svm(label=integers(0, 3, 4, 3), raises=True),
    svm(label=integers(0, 3, 4, dtype="int32"), raises=True),
]
