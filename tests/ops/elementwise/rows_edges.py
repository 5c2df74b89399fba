"""Rows for gradients at kinks, ties, signed zeros, infinities and NaN."""

from tests.ops.elementwise.siblings import INF, NAN
from tests.ops.rows import Row, values

EDGES = [-INF, -2.0, -1.0, -0.5, -0.0, 0.0, 0.5, 1.0, 2.0, INF, NAN]
FEW = [-INF, -1.0, -0.0, 0.0, 2.0, INF, NAN]
FROM_RIGHT = "the derivative at 0 is the limit from the right, minus infinity"
NO_LIMIT = "the digamma function has no limit at its poles and at minus infinity: NaN"
POWERS_OF_ZERO = "gradients of powers of 0 are 0, not NaN"
CLIPPED_NAN = "no gradient passes at NaN"
RELU_OF_NAN = "NaN has the gradient of a positive number"
LEFT, RIGHT = [a for a in FEW for _ in FEW], FEW * len(FEW)
BOTH = ("float32", "float64")
UNARY = (
    *("abs", "sign", "ceil", "floor", "fix", "rint", "round", "trunc", "negative"),
    *("exp", "expm1", "log", "log10", "log1p", "log2", "sqrt", "rsqrt", "cbrt", "rcbrt"),
    *("square", "reciprocal", "sigmoid", "softsign", "hard_sigmoid", "smooth_l1"),
    *("sin", "cos", "tan", "arcsin", "arccos", "arctan", "degrees", "radians"),
    *("sinh", "cosh", "tanh", "arcsinh", "arccosh", "arctanh"),
    *("erf", "erfinv"),
)
BINARY = ("add", "sub", "mul", "div", "mod", "maximum", "minimum", "hypot")
SCALAR = (
    *("plus", "minus", "rminus", "mul", "div", "rdiv", "mod", "rmod", "power", "rpower"),
    *("maximum", "minimum", "hypot"),
)

ROWS = [
    *[Row(name, [values(EDGES)], dtypes=BOTH, numeric=False) for name in UNARY],
    *[
        Row(f"broadcast_{name}", [values(LEFT), values(RIGHT)], dtypes=BOTH, numeric=False)
        for name in BINARY
    ],
    *[
        Row(f"_{name}_scalar", [values(EDGES)], {"scalar": number}, BOTH, numeric=False)
        for name in SCALAR
        for number in (0, 1, -1)
        if (name, number) not in (("power", 0), ("rpower", 0))
    ],
    *[
        Row(name, [values(EDGES)], {"scalar": 0}, BOTH, numeric=False, differs=POWERS_OF_ZERO)
        for name in ("_power_scalar", "_rpower_scalar")
    ],
    Row("broadcast_power", [values(LEFT), values(RIGHT)], numeric=False, differs=POWERS_OF_ZERO),
    Row("relu", [values(EDGES[:-1])], dtypes=BOTH, numeric=False),
    Row("relu", [values([NAN])], numeric=False, differs=RELU_OF_NAN),
    *[
        Row(name, [values([*EDGES[3:5], *EDGES[6:]])], dtypes=BOTH, numeric=False, rtol=1e-5)
        for name in ("gamma", "gammaln")
    ],
    Row("gamma", [values([0.0])], dtypes=BOTH, numeric=False, differs=FROM_RIGHT),
    Row("gammaln", [values([0.0, -INF, -2.0])], numeric=False, differs=NO_LIMIT),
    *[
        Row("clip", [values(EDGES[:-1])], {"a_min": low, "a_max": high}, BOTH, numeric=False)
        for low, high in ((-1, 1), (0, 0), (1, -1), (-INF, INF))
    ],
    Row("clip", [values([NAN])], {"a_min": 0, "a_max": 1}, numeric=False, differs=CLIPPED_NAN),
    Row("smooth_l1", [values(EDGES)], {"scalar": 2.0}, BOTH, numeric=False),
    Row("hard_sigmoid", [values(EDGES)], {"alpha": 0.5, "beta": 0.5}, BOTH, numeric=False),
    Row("_contrib_quadratic", [values(EDGES)], {"a": 1, "b": 2}, BOTH, numeric=False),
    Row(
        "where",
        [values(FEW), values(EDGES[:7]), values(EDGES[4:])],
        dtypes=BOTH,
        numeric=False,
    ),
    Row("add_n", [values(EDGES), values(EDGES[::-1]), values([0.0] * 11)], numeric=False),
]
