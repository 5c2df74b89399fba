"""Rows for arithmetic of arrays: broadcasting, integers, zeros, signs, ties."""

from tests.ops.elementwise.siblings import FLOATS, INF, NAN
from tests.ops.rows import Row, integers, normal, uniform, values

POWERS_OF_ZERO = "gradients of powers of 0 are 0, not NaN"
LEFT = [5.0, -5.0, 5.0, -5.0, 2.5, -2.5, 0.0, 6.0, -6.0]
RIGHT = [3.0, 3.0, -3.0, -3.0, 0.5, 1.0, 2.0, -3.0, 3.0]
TIES = [values([1.0, 2.0, 3.0, 0.0]), values([1.0, 3.0, 2.0, -0.0])]
WHOLE_LEFT = values([7, -7, 7, -7, 6, 0, 2, 3, -2, -3, 100])
WHOLE_RIGHT = values([2, 2, -2, -2, 3, 3, -1, 4, -3, -3, 2])
BYTES = [values([7, 0, 20, 3, 255]), values([2, 5, 3, 7, 2])]

BROADCASTS = [
    ((2, 3), (1, 3)),
    ((2, 1), (1, 3)),
    ((3,), (2, 3)),
    ((2, 3, 4), (3, 1)),
    ((1,), (2, 2)),
]


def positive(*shape):
    """Numbers away from 0."""
    return uniform(0.5, 3, *shape)


any_sign = normal
# The operators by name: broadcasting, equal shapes, and how their operands are drawn.
PAIRS = [
    ("broadcast_add", "elemwise_add", any_sign),
    ("broadcast_sub", "elemwise_sub", any_sign),
    ("broadcast_mul", "elemwise_mul", any_sign),
    ("broadcast_div", "elemwise_div", positive),
    ("broadcast_mod", "_mod", positive),
    ("broadcast_power", "_power", positive),
    ("broadcast_maximum", "_maximum", any_sign),
    ("broadcast_minimum", "_minimum", any_sign),
    ("broadcast_hypot", "_hypot", any_sign),
]


def pair_rows(broadcast, equal, draw):
    """Rows of one function of two arrays in both of its forms."""
    return [
        Row(broadcast, [draw(3, 4), draw(3, 4)], dtypes=FLOATS),
        *[Row(broadcast, [draw(*a), draw(*b)]) for a, b in BROADCASTS],
        Row(broadcast, [WHOLE_LEFT, WHOLE_RIGHT], dtypes=("int32", "int8"), gradient=False),
        Row(broadcast, BYTES, dtypes=("uint8", "int64"), gradient=False),
        Row(broadcast, [(2, 3), (2, 4)], raises=True),
        Row(broadcast, [normal(2, 3), normal(2, 3, dtype="float64")], raises=True),
        Row(equal, [draw(3, 4), draw(3, 4)], dtypes=FLOATS),
        Row(equal, BYTES, dtypes=("int32",), gradient=False),
        Row(equal, [(2, 3), (1, 3)], raises=True),
        Row(equal, [(2, 3), (3, 2)], raises=True),
    ]


ROWS = [
    *[row for pair in PAIRS for row in pair_rows(*pair)],
    Row("broadcast_div", [values([1.0, -1.0, 0.0, NAN, INF]), values([0.0, 0.0, 2.0, 1.0, 2.0])]),
    Row("broadcast_div", [values(LEFT), values(RIGHT)]),
    Row("broadcast_mod", [values(LEFT), values(RIGHT)], numeric=False),
    Row(
        "broadcast_mod",
        [
            values([1.0, -1.0, 0.0, 1.0, -1.0, 1.0, NAN]),
            values([0.0, 0.0, 0.0, INF, INF, -INF, 2.0]),
        ],
        numeric=False,
    ),
    Row("broadcast_mod", [values([7, 0, 5]), values([0, 0, 2])], dtypes=("int32",), gradient=False),
    Row("broadcast_div", [values([7]), values([0])], dtypes=("int32",), raises=True),
    Row("_mod", [values(LEFT), values(RIGHT)], numeric=False),
    Row("broadcast_power", [values([-2.0, -2.0, -2.0]), values([2.0, 3.0, 0.5])], numeric=False),
    Row(
        "broadcast_power",
        [values([2.0, 5.0, 1.0]), values([0.0, -3.0, NAN])],
        numeric=False,
    ),
    Row("broadcast_power", [values([0.0, 0.0, NAN]), values([0.0, 2.0, 0.0])], gradient=False),
    Row(
        "broadcast_power",
        [values([0.0]), values([2.0])],
        numeric=False,
        differs=POWERS_OF_ZERO,
    ),
    Row("broadcast_maximum", TIES, numeric=False),
    Row("broadcast_minimum", TIES, numeric=False),
    Row("_maximum", TIES, numeric=False),
    Row("_minimum", TIES, numeric=False),
    Row("broadcast_maximum", [values([[NAN], [1.0]]), values([[1.0, NAN]])], numeric=False),
    Row("broadcast_minimum", [values([[NAN], [1.0]]), values([[1.0, NAN]])], numeric=False),
    Row(
        "broadcast_hypot",
        [values([0.0, 3.0, -3.0, NAN]), values([0.0, 4.0, 0.0, 1.0])],
        numeric=False,
    ),
    Row("add_n", [(2, 3), (2, 3), (2, 3)], dtypes=FLOATS),
    Row("add_n", [(2, 3)]),
    Row("add_n", [integers(0, 9, 4), integers(0, 9, 4)], dtypes=("int32", "uint8"), gradient=False),
    Row("add_n", [(2, 3), (2, 1)], raises=True),
    Row("add_n", [(2,), normal(2, dtype="float64")], raises=True),
    Row("ElementWiseSum", [(2,), (2,)]),
    Row("_grad_add", [(2, 3), (2, 3)], gradient=False),
    Row("_grad_add", [(2, 3), (3,)], raises=True),
    Row("_scatter_elemwise_div", [(2, 3), uniform(1, 2, 2, 3)]),
    Row("_scatter_elemwise_div", [(2, 3), (3,)], raises=True),
    Row("_plus", [(2, 3), (2, 3)]),
    Row("broadcast_plus", [(2, 3), (1, 3)]),
    Row("broadcast_minus", [(2, 3), (1, 3)]),
]

UNEVEN = [values([0.0, NAN, INF, -1.0]), values([-0.0, 1.0, -INF, 0.0])]
ROWS += [
    Row("_grad_add", [(3,), (3,)], dtypes=FLOATS),
    Row("_grad_add", UNEVEN, numeric=False),
    Row("_scatter_elemwise_div", [(3,), uniform(1, 2, 3)], dtypes=FLOATS),
    Row("_scatter_elemwise_div", UNEVEN, numeric=False),
    Row("add_n", UNEVEN, numeric=False),
    Row("add_n", [normal(0, 2), normal(0, 2)]),
    *[Row("add_n", [(2,), (2,)], {"num_args": count}, raises=True) for count in (1, 3)],
]
