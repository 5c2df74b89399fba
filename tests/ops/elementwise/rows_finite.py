"""Rows for checks of whole arrays."""

from tests.ops.elementwise.siblings import FLOATS, INF, NAN
from tests.ops.rows import Row, integers, normal, values

A = values([1.0, 2.0, 3.0])

ROWS = [
    Row("all_finite", [(2, 3)], dtypes=FLOATS, gradient=False),
    *[Row("all_finite", [values([1.0, x])], gradient=False) for x in (NAN, INF, -INF)],
    Row("all_finite", [values([60000.0, INF])], dtypes=("float16",), gradient=False),
    Row("all_finite", [integers(0, 2, 3)], dtypes=("int32",), raises=True),
    Row("multi_all_finite", [(2, 3), (4,)], {"num_arrays": 2}, dtypes=FLOATS, gradient=False),
    Row("multi_all_finite", [(2,), values([1.0, NAN])], {"num_arrays": 2}, gradient=False),
    *[
        Row("_contrib_allclose", [A, values(b)], attrs, gradient=False)
        for b, attrs in (
            ([1.0, 2.0, 3.00001], {}),
            ([1.0, 2.0, 3.001], {}),
            ([1.0, 2.0, 3.001], {"rtol": 0.01}),
            ([1.0, 2.0, 3.001], {"atol": 0.01}),
        )
    ],
    *[
        Row("_contrib_allclose", [values([NAN]), values([NAN])], {"equal_nan": e}, gradient=False)
        for e in (True, False)
    ],
    Row("_contrib_allclose", [values([INF]), values([INF])], gradient=False),
    Row("_contrib_allclose", [A, A], dtypes=("float16", "float64"), gradient=False),
    Row("_contrib_allclose", [A, values([1.0])], raises=True),
]
ROWS += [
    *[
        Row("all_finite", [values([x])], {"init_output": False}, out=("in0",), gradient=False)
        for x in (1.0, 0.0, NAN)
    ],
    *[
        Row(
            "multi_all_finite",
            [values([x]), (3,)],
            {"num_arrays": 2, "init_output": False},
            out=("in0",),
            gradient=False,
        )
        for x in (1.0, 0.0)
    ],
    Row("all_finite", [(2, 3)], {"init_output": True}),
    Row("multi_all_finite", [(2, 3)], {"num_arrays": 1}),
    Row("multi_all_finite", [(2, 3)]),
    *[Row("multi_all_finite", [(2,), (3,)], {"num_arrays": n}, raises=True) for n in (1, 3)],
    Row("multi_all_finite", [(2,), (3,)], raises=True),
    Row(
        "multi_all_finite",
        [(2,), integers(0, 2, 3, dtype="int32")],
        {"num_arrays": 2},
        raises=True,
    ),
    Row("_contrib_allclose", [(3,), (3,)]),
]
ROWS += [
    Row("multi_all_finite", [(2,), normal(3, dtype="float64")], {"num_arrays": 2}, raises=True),
]
