"""Rows for arithmetic of an array and a number: zero, fractions on integers, kinks."""

from tests.ops.elementwise.siblings import FLOATS, INF, NAN
from tests.ops.rows import Row, distinct, uniform, values

POWERS_OF_ZERO = "gradients of powers of 0 are 0, not NaN"
POINTS = [1.0, -1.0, 2.0, -2.0, 2.5, -2.5, 3.0]
KINKS = [0.0, 1.0, -1.0, 2.0, -2.0, NAN, INF, -INF]
WHOLE = values([0, 1, 2, 3, 5, 7])
POSITIVE = values([1, 2, 3, 5, 7])

SIMPLE = ["_plus_scalar", "_minus_scalar", "_rminus_scalar", "_mul_scalar", "_div_scalar"]
SCATTER = ["_scatter_plus_scalar", "_scatter_minus_scalar"]
OTHERS = ["_rdiv_scalar", "_mod_scalar", "_rmod_scalar", "_power_scalar", "_rpower_scalar"]
EXTREMES = ["_maximum_scalar", "_minimum_scalar", "_hypot_scalar"]


def scalar_rows(name):
    """Rows of one operator."""
    whole = POSITIVE if name in OTHERS else WHOLE
    integral = ("int32", "uint8", "int64")
    return [
        Row(name, [uniform(0.5, 3, 3, 4)], {"scalar": 2.5}, dtypes=FLOATS),
        Row(name, [distinct(0.55, 2.9, 5)], {"scalar": 3, "is_int": True}),
        Row(name, [whole], {"scalar": 2}, dtypes=integral, gradient=False),
        Row(name, [whole], {"scalar": 2.5}, dtypes=integral, gradient=False),
        Row(name, [whole], {"scalar": 2.5, "is_int": False}, dtypes=integral, gradient=False),
        Row(name, [values([True, True])], {"scalar": 2}, dtypes=("bool",), gradient=False),
        Row(name, [values([True])], {"scalar": 0.5, "is_int": False}, ("bool",), gradient=False),
        Row(name, [(2, 3)], {"scalar": "two"}, raises=True),
    ]


ROWS = [
    *[row for name in SIMPLE + SCATTER + OTHERS + EXTREMES for row in scalar_rows(name)],
    *[Row(n, [values(KINKS)], {"scalar": s}, numeric=False) for n in SIMPLE for s in (0, -2.5)],
    *[
        Row(n, [values(POINTS)], {"scalar": s}, numeric=False)
        for n in ("_rdiv_scalar", "_mod_scalar", "_rmod_scalar", "_power_scalar")
        for s in (2, -2.5)
    ],
    *[
        Row(n, [values(KINKS)], {"scalar": s}, numeric=False)
        for n in ("_maximum_scalar", "_minimum_scalar")
        for s in (0, 2, -1, NAN)
    ],
    Row("_rdiv_scalar", [values([0.0, -0.0, INF])], {"scalar": 2}, numeric=False),
    Row("_mod_scalar", [values(POINTS)], {"scalar": 0}, numeric=False),
    Row("_mod_scalar", [POSITIVE], {"scalar": 0}, dtypes=("int32",), gradient=False),
    Row("_mod_scalar", [values([3, -3, 5, -5])], {"scalar": -2}, dtypes=("int32",), gradient=False),
    Row("_rmod_scalar", [values([0.0, 2.0, INF, -INF])], {"scalar": 2}, numeric=False),
    Row("_rmod_scalar", [values([0, 2, -3])], {"scalar": 7}, dtypes=("int32",), gradient=False),
    Row("_power_scalar", [values([0.0, 4.0])], {"scalar": 0.5}, numeric=False),
    Row("_power_scalar", [values([0.0, 1.0, -1.0])], {"scalar": 2}, numeric=False),
    Row(
        "_power_scalar",
        [values([0.0])],
        {"scalar": 0},
        numeric=False,
        differs=POWERS_OF_ZERO,
    ),
    Row("_power_scalar", [POSITIVE], {"scalar": -2}, dtypes=("int32",), gradient=False),
    Row("_rpower_scalar", [values(POINTS)], {"scalar": 0.5}, numeric=False),
    Row("_rpower_scalar", [values([0.0, 1.0, 2.0])], {"scalar": -2}, gradient=False),
    Row("_hypot_scalar", [values([0.0, 3.0, -3.0, NAN])], {"scalar": 4}, numeric=False),
    Row("_plus_scalar", [values([1, 250])], {"scalar": -2}, dtypes=("uint8",), gradient=False),
    Row(
        "_mul_scalar", [values([1, 100])], {"scalar": 300}, dtypes=("uint8", "int8"), gradient=False
    ),
    Row("_PlusScalar", [(2, 3)], {"scalar": 2}),
    Row("_plus_scalar", [(2, 3)]),
]
