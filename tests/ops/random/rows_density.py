"""Rows for densities of samples: values, logarithms and gradients."""

from tests.ops.rows import Row, integers, uniform, values

FLOATS = ("float32", "float64")
NAN, INF = float("nan"), float("inf")
DIGAMMA = 1e-4  # relative tolerance in float64 too: the reference's digamma is not more exact
COUNTS = integers(0, 6, 2, 4)
SIMPLEX = values([[[0.2, 0.3, 0.5], [0.1, 0.1, 0.8]], [[0.6, 0.3, 0.1], [0.25, 0.25, 0.5]]])

# operator without prefix, samples, parameters of shape (2,)
DENSITIES = [
    ("uniform", uniform(0, 1, 2, 4), (uniform(-1, 0, 2), uniform(1, 2, 2))),
    ("normal", uniform(-2, 2, 2, 4), (uniform(-1, 1, 2), uniform(0.5, 2, 2))),
    ("gamma", uniform(0.2, 3, 2, 4), (uniform(0.5, 3, 2), uniform(0.5, 2, 2))),
    ("exponential", uniform(0.2, 3, 2, 4), (uniform(0.5, 3, 2),)),
    ("poisson", COUNTS, (uniform(0.5, 3, 2),)),
    ("negative_binomial", COUNTS, (uniform(1, 4, 2), uniform(0.2, 0.8, 2))),
    ("generalized_negative_binomial", COUNTS, (uniform(1, 4, 2), uniform(0.2, 0.8, 2))),
    ("dirichlet", SIMPLEX, (uniform(0.5, 3, 2, 3),)),
]

ROWS = []
for name, samples, parameters in DENSITIES:
    density = f"random_pdf_{name}"
    inputs = (samples, *parameters)
    ROWS += [
        Row(density, inputs, dtypes=FLOATS, rtol=DIGAMMA),
        Row(density, inputs, {"is_log": True}, dtypes=FLOATS, rtol=DIGAMMA),
        Row(density, inputs, dtypes=("float16",), numeric=False, rtol=0.02),
        Row(density, (uniform(0, 1, 3, 4), *parameters), raises=True),
        Row(density, inputs, {"is_log": "maybe"}, raises=True),
    ]
ROWS += [
    Row("_random_pdf_normal", [(3,), (3,), uniform(0.5, 2, 3)]),
    Row("random_pdf_normal", [(2, 3, 2), (2, 3), uniform(0.5, 2, 2, 3)], {"is_log": True}),
    Row("random_pdf_normal", [(2, 3), (2,), uniform(0.5, 2, 2, dtype="float64")], raises=True),
    Row("random_pdf_uniform", [values([[-5.0, 9.0]]), values([0.0]), values([2.0])], numeric=False),
    Row("random_pdf_exponential", [values([[-1.0, 0.0]]), values([2.0])], numeric=False),
    Row("random_pdf_gamma", [values([[0.0, 1.0]]), values([2.0]), values([2.0])], numeric=False),
    Row("random_pdf_poisson", [values([[0.0, 0.5]]), values([2.0])], numeric=False),
    Row("random_pdf_dirichlet", [SIMPLEX, uniform(0.5, 3, 3)], numeric=False),
    Row(
        "random_pdf_dirichlet",
        [values([[1.0, 2.0], [2.0, 3.0]]), values([2.5, 2.5])],
        numeric=False,
    ),
]

SIX = (uniform(1, 4, 3), uniform(0.2, 0.8, 3))
ROWS += [
    Row(
        "random_pdf_normal",
        [values([[0.0, INF, NAN]]), values([0.0]), values([1.0])],
        numeric=False,
    ),
    *[
        Row(
            f"random_pdf_{name}",
            [values([[0.0, 1.0], [2.0, 2.0], [0.5, -1.0]]), *SIX],
            numeric=False,
        )
        for name in ("negative_binomial", "generalized_negative_binomial")
    ],
]
