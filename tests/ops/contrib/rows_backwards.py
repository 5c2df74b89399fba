"""Rows for gradients that are operators of their own.

The reference lists most of them without inputs, so that none can be given there;
`test_backwards.py` holds those against the gradients that `backward` gives.
"""

from tests.ops.contrib.rows_transforms import BATCH
from tests.ops.rows import Row, integers, values

UNCALLABLE = "the reference's function takes no inputs"
INDEX = values([1, 0], dtype="int64")
HEADS = {"ograd": (2,), "ograd_state": (2, 3)}

ROWS = [
    *[
        Row("contrib.backward_gradientmultiplier", [(2, 3)], attrs)
        for attrs in ({}, {"scalar": -0.5}, {"scalar": 3, "is_int": True})
    ],
    Row("contrib.backward_gradientmultiplier", [(2, 3)], {"scalar": 2}, dtypes=("float64",)),
    Row("contrib.backward_gradientmultiplier", [integers(-9, 9, 4)], {"scalar": 2}, ("int32",)),
    Row("contrib.backward_gradientmultiplier", [(2,)], {"scalar": "x"}, raises=True),
    Row(
        "contrib.backward_quadratic",
        [(2, 3), (2, 3)],
        {"a": 2, "b": -1, "c": 5},
        gradient=False,
        differs=UNCALLABLE,
    ),
    Row("contrib.backward_quadratic", [(2, 3), (2, 2)], raises=True),
    Row(
        "contrib.backward_index_copy",
        [(3, 2), (3, 2), INDEX, (2, 2)],
        gradient=False,
        differs=UNCALLABLE,
    ),
    Row("contrib.backward_index_copy", [(3, 2), (3, 2), INDEX, (1, 2)], raises=True),
    Row("contrib.backward_hawkesll", {**HEADS, **BATCH}, gradient=False, differs=UNCALLABLE),
    Row("contrib.backward_hawkesll", {**HEADS, **BATCH, "alpha": (2,)}, raises=True),
]

FLOATS = ("float16", "float32", "float64")
ODD = values([0.0, float("nan"), float("inf")])
ROWS += [
    Row(
        "contrib.backward_gradientmultiplier",
        [ODD],
        {"scalar": 2, "is_int": False},
        FLOATS,
        numeric=False,
    ),
    Row(
        "contrib.backward_quadratic",
        [(3,), (3,)],
        {"a": 2},
        FLOATS,
        gradient=False,
        differs=UNCALLABLE,
    ),
    Row("contrib.backward_quadratic", [ODD, ODD], {"a": 2}, gradient=False, differs=UNCALLABLE),
    Row(
        "contrib.backward_index_copy",
        [(4,), (4,), INDEX, (2,)],
        dtypes=FLOATS,
        gradient=False,
        differs=UNCALLABLE,
    ),
    Row(
        "contrib.backward_hawkesll",
        {**HEADS, **BATCH},
        dtypes=("float64",),
        gradient=False,
        differs=UNCALLABLE,
    ),
]
