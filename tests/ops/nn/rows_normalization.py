"""Rows for layer, group and instance normalization, and LRN."""

from tests.ops.rows import Row, integers, normal, values

FLOATS = ("float16", "float32", "float64")
NOT_FLOAT32 = "the reference has this layer in float32 alone"
ALL = {"output_mean_var": True}


def norm(op, data, size, dtypes=("float32",), raises=False, differs="", **attrs):
    """A row whose gamma and beta have `size` elements."""
    numeric = not attrs.get("output_mean_var")  # no gradient of the statistics counts
    inputs = [data, (size,), (size,)]
    return Row(op, inputs, attrs, dtypes, numeric=numeric, raises=raises, differs=differs)


def lrn(*shape, dtypes=("float32",), raises=False, differs="", **attrs):
    """A row of LRN with constants that matter."""
    given = {"alpha": 0.5, "beta": 0.6, "knorm": 1.5, **attrs}
    return Row("LRN", [normal(*shape)], given, dtypes=dtypes, raises=raises, differs=differs)


ROWS = [
    norm("LayerNorm", (2, 3, 4), 4, FLOATS),
    norm("LayerNorm", (2, 3, 4), 4, FLOATS, **ALL),
    *[
        norm("LayerNorm", (2, 3, 4), size, axis=axis, **ALL)
        for axis, size in ((0, 2), (1, 3), (-2, 3))
    ],
    norm("LayerNorm", (2, 3, 4), 4, eps=0.5, **ALL),
    norm("LayerNorm", (5,), 5),
    norm("LayerNorm", (3, 1), 1),
    norm("LayerNorm", values([[2, 2, 2], [1, 2, 3]]), 3),
    norm("LayerNorm", (2, 3, 4), 3, raises=True),
    norm("LayerNorm", (2, 3, 4), 4, axis=3, raises=True),
    norm("LayerNorm", (2, 3, 4), 4, axis=-4, raises=True),
    Row("LayerNorm", [(2, 3), normal(3, dtype="float64"), (3,)], raises=True),
    norm("GroupNorm", (2, 4, 3), 2, FLOATS, num_groups=2),
    norm("GroupNorm", (2, 4, 3), 2, FLOATS, num_groups=2, **ALL),
    norm("GroupNorm", (2, 4, 3, 2), 4, num_groups=4),
    norm("GroupNorm", (2, 4, 3), 1),
    norm("GroupNorm", (2, 6, 2), 3, num_groups=3, eps=0.5, **ALL),
    norm("GroupNorm", (2, 4), 2, num_groups=2, raises=True),
    norm("GroupNorm", (2, 5, 3), 2, num_groups=2, raises=True),
    norm("GroupNorm", (2, 4, 3), 4, num_groups=2, raises=True),
    norm("InstanceNorm", (2, 3, 4), 3),
    norm("InstanceNorm", (2, 3, 2, 4), 3),
    norm("InstanceNorm", (2, 3, 4), 3, eps=0.5),
    norm("InstanceNorm", (2, 3, 4), 3, ("float16", "float64"), differs=NOT_FLOAT32),
    norm("InstanceNorm", (2, 3), 3, raises=True),
    norm("InstanceNorm", (2, 3, 4), 4, raises=True),
    *[lrn(2, 5, 2, 3, nsize=size) for size in (1, 3, 5, 7)],
    lrn(2, 5, nsize=3),
    lrn(2, 5, 2, 3, nsize=5, alpha=1e-4, beta=0.75, knorm=2.0),
    Row("LRN", [(2, 5, 2, 2)], {"nsize": 3}),
    lrn(2, 5, 3, 2, nsize=3, dtypes=("float16", "float64"), differs=NOT_FLOAT32),
    lrn(2, 5, 3, nsize=3, differs="the reference takes 2 or 4 axes alone"),
    lrn(2, 5, 2, 3, raises=True),
    lrn(2, 5, 2, 3, nsize=2, raises=True, differs="the reference takes 2 for 1 on the CPU"),
    Row("LRN", [integers(0, 5, 2, 3, dtype="int32")], {"nsize": 3}, raises=True),
]

CONSTANT = values([[[2.0, 2.0], [2.0, 2.0]], [[1.0, 3.0], [0.0, 1.0]]])
WITH_NAN = values([[[2.0, 1.0], [2.0, 2.0]], [[1.0, float("nan")], [0.0, 1.0]]])
ROWS += [
    *[
        Row(op, [data, (2,), (2,)], attrs, numeric=False)
        for op, attrs in (("GroupNorm", {"num_groups": 2}), ("InstanceNorm", {}))
        for data in (CONSTANT, WITH_NAN)
    ],
]
