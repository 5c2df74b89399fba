"""Rows for the fully connected layer."""

from tests.ops.rows import Row, normal, values

BOTH = ("float32", "float64")
NO_HALF = "the reference has no float16 matrix product on the CPU"


def row(data, features, hidden=4, bias=True, **more):
    """A row whose weight and bias fit to `features` and `hidden`."""
    attrs = {"num_hidden": hidden, **more.pop("attrs", {})}
    if not bias:
        attrs["no_bias"] = True
    return Row("FullyConnected", [data, (hidden, features), *[(hidden,)] * bias], attrs, **more)


def wrong(*inputs, **attrs):
    """A row that must raise."""
    return Row("FullyConnected", list(inputs), attrs, raises=True)


ROWS = [
    row((3, 5), 5, dtypes=BOTH),
    row((3, 5), 5, dtypes=("float16",), differs=NO_HALF),
    row((3, 5), 5, bias=False, dtypes=BOTH),
    row((2, 3, 4), 12, dtypes=BOTH),
    row((2, 3, 4), 4, attrs={"flatten": False}, dtypes=BOTH),
    row((2, 3, 4), 4, attrs={"flatten": False}, bias=False),
    row((2, 2, 3, 2), 12, hidden=1),
    row((2, 2, 3, 2), 2, attrs={"flatten": False}),
    row((3, 4), 4, attrs={"flatten": False}),
    row((4,), 4, attrs={"flatten": False}),
    row((3,), 1),
    row((1, 1), 1, hidden=1),
    row(values([[float("nan"), 1], [2, 3]]), 2, numeric=False),
    row(normal(0, 3), 3, differs="the reference fills no array without elements"),
    Row("_sparse_FullyConnected", [(3, 5), (4, 5), (4,)], {"num_hidden": 4}),
    Row(
        "FullyConnected",
        {"data": normal(3, 5), "bias": normal(4), "weight": normal(4, 5)},
        {"num_hidden": 4},
    ),
    wrong((3, 5), (4, 6), (4,), num_hidden=4),
    wrong((3, 5), (5, 4), (4,), num_hidden=4),
    wrong((3, 5), (4, 5), (4,), num_hidden=3),
    wrong((3, 5), (4, 5), (3,), num_hidden=4),
    wrong((3, 5), (4, 5), (1, 4), num_hidden=4),
    wrong((3, 5), (4, 5), (4,), num_hidden=0),
    wrong((3, 5), (4, 5), (4,)),
    wrong((3, 5), (4, 5), (4,), num_hidden=4, no_bias=True),
    wrong((2, 3, 4), (4, 4), (4,), num_hidden=4),
    wrong((3, 5), normal(4, 5, dtype="float64"), (4,), num_hidden=4),
]
