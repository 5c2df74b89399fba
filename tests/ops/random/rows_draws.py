"""Rows for draws of a given shape: with numbers, like an array, and for each parameter."""

from tests.ops.rows import Row, integers, normal, uniform, values

FLOATS = ("float16", "float32", "float64")

# operator without prefix, attributes, attributes that lie outside of the domain
DRAWS = [
    ("uniform", {"low": -1.5, "high": 2.5}, [{"low": 2, "high": 1}]),
    ("normal", {"loc": 3.0, "scale": 0.5}, [{"scale": 0}, {"scale": -1.0}]),
    ("gamma", {"alpha": 2.0, "beta": 0.5}, [{"alpha": 0}, {"beta": -1}]),
    ("exponential", {"lam": 4.0}, [{"lam": 0}]),
    ("poisson", {"lam": 4.0}, [{"lam": -1}]),
    ("negative_binomial", {"k": 3, "p": 0.4}, [{"k": -1, "p": 0.4}, {"k": 3, "p": -0.1}]),
    ("generalized_negative_binomial", {"mu": 2.0, "alpha": 0.3}, [{"mu": -1}, {"alpha": -1}]),
]

ROWS = []
for name, attrs, outside in DRAWS:
    drawn = f"random_{name}"
    ROWS += [
        Row(drawn, attrs={"shape": (2, 3)}, random=True),
        Row(drawn, attrs={**attrs, "shape": 4}, random=True),
        *(Row(drawn, attrs={**attrs, "shape": (3,), "dtype": d}, random=True) for d in FLOATS),
        *(Row(drawn, attrs={**wrong, "shape": (3,)}, raises=True) for wrong in outside),
        Row(drawn, attrs=attrs, raises=True),
        Row(drawn, attrs={**attrs, "shape": (3,), "dtype": "int32"}, raises=True),
        Row(f"random.{name}_like", [(2, 3)], random=True),
        Row(f"random.{name}_like", [(4,)], attrs, dtypes=FLOATS, random=True),
        *(Row(f"random.{name}_like", [(4,)], wrong, raises=True) for wrong in outside),
        Row(f"random.{name}_like", [integers(0, 5, 3, dtype="int32")], raises=True),
    ]
ROWS += [
    Row("uniform", attrs={"shape": (2,)}, random=True),
    Row("normal", attrs={"shape": (2,)}, random=True),
    Row("_random_uniform", attrs={"shape": (1, 2)}, random=True),
    Row("uniform", attrs={"low": 2, "high": 2, "shape": (3,)}),
    Row("random_poisson", attrs={"lam": 0, "shape": (3,)}),
    Row("random_negative_binomial", attrs={"k": 0, "p": 0.5, "shape": (3,)}),
    Row("random_negative_binomial", attrs={"shape": (3,)}),
    Row("random_negative_binomial", attrs={"k": 2.5, "p": 0.5, "shape": (3,)}, raises=True),
    Row(
        "random_negative_binomial",
        attrs={"k": 3, "p": 0, "shape": (3,)},
        raises=True,
        differs="with p=0 there are infinitely many failures; the reference overflows to -2**31",
    ),
    Row(
        "random_negative_binomial",
        attrs={"k": 3, "p": 1.5, "shape": (3,)},
        raises=True,
        differs="p=1.5 is no probability; the reference returns zeros",
    ),
    Row("random_generalized_negative_binomial", attrs={"mu": 0, "shape": (3,)}),
    Row("random_randint", attrs={"low": -3, "high": 5, "shape": (2, 3)}, random=True),
    *(
        Row("random_randint", attrs={"low": 7, "high": 8, "shape": 3, "dtype": d})
        for d in ("int32", "int64")
    ),
    Row("random_randint", attrs={"low": 5, "high": 5, "shape": (3,)}, raises=True),
    Row("random_randint", attrs={"low": 5, "high": 4, "shape": (3,)}, raises=True),
    Row("random_randint", attrs={"low": 0, "high": 3.5, "shape": (3,)}, raises=True),
    Row("random_randint", attrs={"low": 0, "high": 5}, raises=True),
    Row("random_randint", attrs={"high": 5, "shape": (3,)}, raises=True),
    Row("random_randint", attrs={"low": 0, "high": 5, "shape": 3, "dtype": "float32"}, raises=True),
]

# operator without prefix, its parameters
SAMPLES = [
    ("uniform", (uniform(-1, 0, 2, 3), uniform(1, 2, 2, 3))),
    ("normal", (normal(2, 3), uniform(0.5, 2, 2, 3))),
    ("gamma", (uniform(0.5, 3, 2, 3), uniform(0.5, 2, 2, 3))),
    ("exponential", (uniform(0.5, 3, 2, 3),)),
    ("poisson", (uniform(0.5, 9, 2, 3),)),
    ("negative_binomial", (uniform(1, 5, 2, 3), uniform(0.2, 0.9, 2, 3))),
    ("generalized_negative_binomial", (uniform(1, 5, 2, 3), uniform(0.2, 0.9, 2, 3))),
]
for name, parameters in SAMPLES:
    sample = f"sample_{name}"
    ROWS += [
        Row(sample, parameters, random=True),
        Row(sample, parameters, {"shape": 4}, dtypes=FLOATS, random=True),
        Row(sample, parameters, {"shape": (2, 1)}, random=True),
        *(Row(sample, parameters, {"shape": (2,), "dtype": d}, random=True) for d in FLOATS),
        Row(sample, parameters, {"dtype": "int32"}, raises=True),
        Row(sample, (*parameters, parameters[0]), raises=True),
    ]
    if len(parameters) == 2:
        ROWS += [
            Row(sample, (parameters[0], uniform(0.5, 1, 3)), raises=True),
            Row(sample, (parameters[0], uniform(0.5, 1, 2, 3, dtype="float64")), raises=True),
        ]
ROWS += [
    Row("_sample_normal", [(2,), uniform(1, 2, 2)], {"shape": (3,)}, random=True),
    Row("sample_poisson", [integers(1, 5, 3, dtype="int32")], {"shape": 2}, random=True),
    # Draws without randomness: their gradient is 0.
    Row("sample_uniform", [values([1.0, 2.0]), values([1.0, 2.0])], {"shape": 2}, numeric=False),
    Row("sample_normal", [normal(3), values([0.0, 0.0, 0.0])], {"shape": 2}, numeric=False),
    Row("sample_poisson", [values([0.0, -1.0])], {"shape": (2,)}, numeric=False),
    Row("sample_negative_binomial", [values([0.0, 3.0]), values([0.5, 1.0])], numeric=False),
]

for name, attrs, _ in DRAWS:
    ROWS.append(Row(f"random.{name}_like", [normal(0, 3)], attrs, random=True))
for name, parameters in SAMPLES:
    few = (uniform(0.2, 0.9, 3),) * len(parameters)
    none = (uniform(0.2, 0.9, 0),) * len(parameters)
    ROWS += [Row(f"sample_{name}", each, {"shape": 2}, random=True) for each in (few, none)]
ROWS += [
    # Draws that are certain: they have a gradient, of zeros.
    Row("random.uniform_like", [(3,)], {"low": 2, "high": 2}, numeric=False),
    Row("random.poisson_like", [(3,)], {"lam": 0}, numeric=False),
    Row("random.negative_binomial_like", [(3,)], {"k": 0, "p": 0.5}, numeric=False),
    Row("random.generalized_negative_binomial_like", [(3,)], {"mu": 0}, numeric=False),
    *[
        Row("random_randint", attrs={"low": 0, "high": 5, "shape": 3, "dtype": d}, raises=True)
        for d in ("float16", "float64")
    ],
]
