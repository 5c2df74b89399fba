"""Rows for simple activations and other functions with a kink or a constant."""

from tests.ops.elementwise.siblings import EDGES, FLOATS, INF, NAN, unary_rows
from tests.ops.rows import Row, distinct, integers, normal, uniform, values

KINKS = [-5.0, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 5.0]

ROWS = [
    *unary_rows("relu", -2, 2, [0.0, -0.0, 1.0, -1.0, INF, -INF]),
    Row("relu", [values([NAN])], gradient=False),
    *unary_rows("sigmoid", -3, 3, [*EDGES, 200.0, -200.0]),
    *unary_rows("softsign", -3, 3),
    Row("hard_sigmoid", [uniform(-2, 2, 3, 4)], dtypes=FLOATS),
    Row("hard_sigmoid", [values([*KINKS, -2.5, 2.5, NAN, INF, -INF])], numeric=False),
    Row("hard_sigmoid", [values(KINKS)], {"alpha": 0.25, "beta": 0.25}, numeric=False),
    Row("hard_sigmoid", [values(KINKS)], {"alpha": -0.25, "beta": 0.25}, numeric=False),
    Row("hard_sigmoid", [integers(0, 3, 4)], dtypes=("int32",), raises=True),
    Row("smooth_l1", [distinct(-2, 2, 3, 4)], {"scalar": 1.0}, dtypes=FLOATS),
    Row("smooth_l1", [values(KINKS)], {"scalar": 1.0}, numeric=False),
    Row("smooth_l1", [values([*KINKS, 4.0, -4.0, 3.9, INF])], {"scalar": 0.5}, numeric=False),
    Row("smooth_l1", [values(KINKS)], {"scalar": 0}, numeric=False),
    Row("smooth_l1", [values(KINKS)], {"scalar": -2.0}, numeric=False),
    Row("smooth_l1", [integers(0, 5, 6)], {"scalar": 1.5}, dtypes=("int32",), gradient=False),
    Row(
        "smooth_l1", [(2, 3)], differs="without scalar the reference reads memory that nobody wrote"
    ),
    Row("smooth_l1", [(2, 3)], {"scalar": "wide"}, raises=True),
    Row("clip", [distinct(-2, 2, 3, 4)], {"a_min": -0.7, "a_max": 1.3}, dtypes=FLOATS),
    Row("clip", [values(KINKS)], {"a_min": -1, "a_max": 2}, numeric=False),
    Row("clip", [values(KINKS)], {"a_min": 1, "a_max": -2}, numeric=False),
    Row("clip", [values([NAN, INF, -INF])], {"a_min": -1, "a_max": 2}, gradient=False),
    Row("clip", [values([0.5, -3.0])], {"a_min": -INF, "a_max": INF}),
    Row(
        "clip", [values([-5, -1, 0, 1, 5])], {"a_min": -1.5, "a_max": 1.5}, ("int32", "int8"), False
    ),
    Row("clip", [values([0, 7, 255])], {"a_min": 1.5, "a_max": 300}, ("uint8",), False),
    Row("clip", [(2, 3)], {"a_min": 0}, raises=True),
    Row("_contrib_div_sqrt_dim", [(2, 3, 5)], dtypes=FLOATS),
    Row("_contrib_div_sqrt_dim", [(4,)]),
    Row("_contrib_div_sqrt_dim", [(4,), (4,)], raises=True),
    Row("_contrib_quadratic", [(3, 4)], {"a": 2, "b": -3, "c": 0.5}, dtypes=FLOATS),
    Row("_contrib_quadratic", [(3,)]),
    Row("_contrib_quadratic", [integers(1, 4, 5)], {"a": 2.5, "b": 3, "c": 4.5}, ("int32",), False),
    Row("_contrib_quadratic", [(3,)], {"d": 1}, raises=True),
    Row("_contrib_gradientmultiplier", [(3, 4)], {"scalar": -2.5}, FLOATS, numeric=False),
    Row("_contrib_gradientmultiplier", [(3,)], {"scalar": 3, "is_int": True}, numeric=False),
    Row("_contrib_gradientmultiplier", [(3,)]),
    Row("_contrib_gradientmultiplier", [(3,)], {"scalar": "much"}, raises=True),
]
ROWS += [
    *[
        Row("_contrib_gradientmultiplier", [values([0.0, NAN, INF])], attrs, numeric=False)
        for attrs in ({"scalar": 0.5, "is_int": False}, {"scalar": 0.5})
    ],
    Row("_contrib_div_sqrt_dim", [values([[0.0, NAN, INF, -1.0]])], numeric=False),
    Row("_contrib_div_sqrt_dim", [normal(0, 3)]),
]
