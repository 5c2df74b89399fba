"""Rows for draws of classes, permutations, and classes without replacement."""

from tests.ops.rows import Row, integers, uniform, values

CERTAIN = values([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])  # only one class can be drawn
SHARES = values([[0.25, 0.25, 0.5], [0.5, 0.0, 0.5]])

ROWS = [
    Row("sample_multinomial", [CERTAIN], dtypes=("float16", "float32", "float64")),
    Row("sample_multinomial", [CERTAIN], {"shape": (2, 4)}),
    *(
        Row("sample_multinomial", [CERTAIN], {"shape": 3, "dtype": dtype})
        for dtype in ("float16", "float32", "float64", "int32", "uint8")
    ),
    Row("sample_multinomial", [values([0.0, 0.0, 1.0])]),
    Row("sample_multinomial", [values([0.0, 0.0, 1.0])], {"shape": 5}),
    Row("sample_multinomial", [values([[[0.0, 1.0], [1.0, 0.0]]])], {"shape": 2}),
    Row("sample_multinomial", [CERTAIN], {"get_prob": True}, numeric=False),
    Row(
        "sample_multinomial",
        [CERTAIN],
        {"shape": (2, 3), "get_prob": True, "dtype": "uint8"},
        dtypes=("float16", "float64"),
        numeric=False,
    ),
    Row("_sample_multinomial", [SHARES], {"shape": 7, "get_prob": True}, random=True),
    Row("sample_multinomial", [SHARES], {"shape": 7, "dtype": "int64"}, raises=True),
    Row("sample_multinomial", [integers(1, 3, 4, dtype="int32")], raises=True),
    Row(
        "sample_multinomial",
        [values([0.0, 3.0])],
        {"shape": 3},
        differs="a row is divided by its sum; the reference takes what is missing to 1 for a class",
    ),
    Row("shuffle", [uniform(0, 1, 5, 2)], dtypes=("float16", "float32"), random=True),
    Row("_shuffle", [integers(0, 9, 6, dtype="int64")], random=True),
    Row("shuffle", [values([7.0])], gradient=False),
    Row("shuffle", [values([[1.0, 2.0], [1.0, 2.0]])], gradient=False),
    Row("shuffle", [(3,), (3,), (3,)], raises=True),
    Row("_sample_unique_zipfian", attrs={"range_max": 50, "shape": (3, 8)}, random=True),
    Row("_sample_unique_zipfian", attrs={"range_max": 1, "shape": (2, 1)}),
    Row("_sample_unique_zipfian", attrs={"range_max": 5, "shape": (1, 6)}, raises=True),
    Row("_sample_unique_zipfian", attrs={"range_max": 5, "shape": (3,)}, raises=True),
    Row("_sample_unique_zipfian", attrs={"range_max": 5}, raises=True),
]
ROWS += [
    Row("shuffle", [uniform(0, 1, 5, 2)], dtypes=("float64",), random=True),
    Row("shuffle", [values([[1.0, 2.0]])]),
]
ROWS += [
    Row("_sample_unique_zipfian", attrs={"range_max": 9, "shape": (2, 2), "dtype": d}, raises=True)
    for d in ("float16", "float64")
]
