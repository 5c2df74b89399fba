"""Rows for SoftmaxOutput: every way to scale, ignore and lay out its labels."""

from tests.ops.rows import Row, integers, uniform, values

FLOATS = ("float16", "float32", "float64")
NORMALIZATIONS = ("null", "batch", "valid")
IGNORE = {"use_ignore": True, "ignore_label": 1}
MULTI, LAST = {"multi_output": True}, {"preserve_shape": True}


def row(data=(4, 3), label=None, attrs=None, **more):
    """A row with random classes as labels; the gradient is that of another function."""
    label = integers(0, 3, data[0]) if label is None else label
    return Row("SoftmaxOutput", [data, label], attrs or {}, numeric=False, **more)


PLACES = integers(0, 3, 2, 4)
NOT_MULTIPLIED = "the reference multiplies by the output, not by its gradient"

ROWS = [
    *[row(attrs={"normalization": how}, dtypes=FLOATS) for how in NORMALIZATIONS],
    *[row(attrs={"normalization": how, **IGNORE}, dtypes=FLOATS) for how in NORMALIZATIONS],
    *[row(attrs={"normalization": how, "ignore_label": 1}) for how in NORMALIZATIONS],
    *[
        row(label=values([1, 1, 1, 1]), attrs={"normalization": how, **IGNORE})
        for how in NORMALIZATIONS
    ],
    row(label=values([1, 1, 1, 1]), attrs={"normalization": "valid", "ignore_label": 1}),
    row(attrs={"grad_scale": 2.5}),
    row(attrs={"grad_scale": 0.5, "normalization": "batch"}),
    row(attrs={"smooth_alpha": 0.1}),
    row(attrs={"smooth_alpha": 0.3, **IGNORE}),
    row(attrs={"out_grad": True}, differs=NOT_MULTIPLIED),
    row(label=values([-1, 3, 1, 2])),
    row(label=values([0.7, 1.2, -0.3, 2])),
    row(label=uniform(0, 1, 4, 3)),
    row(label=uniform(0, 1, 4, 3), attrs={"grad_scale": 2.0, "normalization": "batch"}),
    row(data=values([[1000, 0, -1000]]), label=values([1])),
    row(data=(1, 1), label=values([0])),
    *[
        row((2, 3, 4), PLACES, {**MULTI, "normalization": how, **more})
        for how in NORMALIZATIONS
        for more in ({}, IGNORE, {"grad_scale": 3.0})
    ],
    row((2, 3, 4), PLACES, MULTI, dtypes=("float16", "float64")),
    row((2, 3, 4), PLACES, {**MULTI, "smooth_alpha": 0.2}),
    row((2, 3, 4), PLACES, {**MULTI, "out_grad": True}, differs=NOT_MULTIPLIED),
    row((2, 3, 4), integers(0, 3, 2, 1, 4), MULTI),
    row((2, 3, 2, 2), integers(0, 3, 2, 2, 2), MULTI),
    row((2, 3, 2, 2), integers(0, 3, 2, 4), MULTI),
    row((2, 3, 2, 2), integers(0, 3, 2, 1, 2, 2), MULTI),
    row((2, 3, 4), uniform(0, 1, 2, 3, 4), MULTI),
    row((2, 3), integers(0, 3, 2, 1), MULTI),
    *[
        row((2, 4, 3), integers(0, 3, 2, 4), {**LAST, "normalization": how, **more})
        for how in NORMALIZATIONS
        for more in ({}, IGNORE, {"smooth_alpha": 0.1})
    ],
    row((2, 4, 3), uniform(0, 1, 2, 4, 3), LAST),
    row((2, 3, 4), integers(0, 3, 2, 3)),
    row((2, 3, 4), uniform(0, 1, 2, 3, 4)),
    Row("Softmax", [(4, 3), integers(0, 3, 4)], numeric=False),
    row(label=integers(0, 3, 3), raises=True),
    row(label=integers(0, 3, 4, 1), raises=True),
    row(label=integers(0, 3, 4, dtype="int32"), raises=True),
    row(attrs={"normalization": "mean"}, raises=True),
    row((2, 3, 4), integers(0, 3, 8), MULTI, raises=True),
    row((2, 3, 4), integers(0, 3, 2, 4), LAST, raises=True),
    row((3,), values([1]), raises=True),
]
ROWS += [row(attrs={"smooth_alpha": alpha}, raises=True) for alpha in (-0.1, 1.1)]
