"""Rows for operators without inputs."""

from tests.ops.rows import Row

NUMBERS = ("float16", "float32", "float64", "int32", "int64", "int8", "uint8")
RANGES = [
    {"start": 0, "stop": 5},
    {"start": 5},
    {"start": 5, "stop": None, "step": 2},
    {"start": 0, "stop": 5, "step": 2},
    {"start": 5, "stop": 0, "step": -2},
    {"start": 0, "stop": 3, "repeat": 2},
    {"start": 0, "stop": 1, "step": 0.1},
    {"start": 0.3, "stop": 5, "step": 0.7},
    {"start": 1.5, "stop": 3.2, "step": 0.4, "dtype": "float64"},
    {"start": 0.5, "stop": 3, "dtype": "int32"},
    {"start": -1.5, "stop": 3, "dtype": "int32"},
    {"start": 0, "stop": 3, "step": 0.5, "dtype": "int32"},
    {"start": 0, "stop": 100, "step": 33.3, "dtype": "int32"},
]
WRONG_RANGES = [
    {"start": 3, "stop": 0},
    {"start": 0, "stop": 0},
    {"start": 0, "stop": 3, "step": 0},
    {"start": 0, "stop": 3, "repeat": 0},
    {"start": 0, "stop": 3, "repeat": -1},
    {"start": 0, "infer_range": True},
    {"start": 0, "stop": 3, "dtype": "bool"},
    {"stop": 3},
]
SPACES = [
    {"start": 0, "stop": 1, "num": 5},
    {"start": 0, "stop": 1, "num": 7},
    {"start": 0, "stop": 1, "num": 5, "endpoint": False},
    {"start": 0, "stop": 1, "num": 1},
    {"start": 0, "stop": 1, "num": 0},
    {"start": 5, "stop": 0, "num": 3},
    {"start": 1.7, "stop": 13, "num": 6, "dtype": "int32"},
]
UNITS = [
    {"N": 3},
    {"N": 2, "M": 3},
    {"N": 2, "M": 3, "k": 1},
    {"N": 3, "k": -1},
    {"N": 2, "M": 3, "k": 5},
    {"N": 2, "k": -7},
    {"N": 0},
    {"N": 2, "M": -1},
]
FILLS = [
    {"shape": (2, 3), "value": 3.7},
    {"shape": 2, "value": float("nan")},
    {"shape": (2,), "value": -1.7, "dtype": "int8"},
    {"shape": (2,), "value": -1.7, "dtype": "uint8"},
    {"shape": (2,), "value": 0.5, "dtype": "bool"},
]
WHOLE_STEPS = "the reference cuts start and step to whole numbers for float16"

ROWS = [
    *[Row("_arange", [], attrs) for attrs in RANGES],
    *[Row("_arange", [], {"start": 0, "stop": 3, "dtype": dtype}) for dtype in NUMBERS],
    *[Row("_arange", [], attrs, raises=True) for attrs in WRONG_RANGES],
    Row(
        "_arange",
        [],
        {"start": 0, "stop": 1, "step": 0.25, "dtype": "float16"},
        gradient=False,
        differs=WHOLE_STEPS,
    ),
    *[Row("_linspace", [], attrs) for attrs in SPACES],
    *[Row("_linspace", [], {"start": 0, "stop": 1, "num": 4, "dtype": dtype}) for dtype in NUMBERS],
    Row("_linspace", [], {"start": 0, "stop": 1, "num": -1}, raises=True),
    Row("_linspace", [], {"start": 0, "stop": 1}, raises=True),
    *[Row("_eye", [], attrs) for attrs in UNITS],
    *[Row("_eye", [], {"N": 2, "dtype": dtype}) for dtype in NUMBERS],
    Row("_eye", [], {"N": -1}, raises=True),
    *[Row("_full", [], attrs) for attrs in FILLS],
    *[Row("_full", [], {"shape": (2,), "value": 3, "dtype": dtype}) for dtype in NUMBERS],
    Row("_full", [], {"value": 2}, raises=True),
    Row("_full", [], {"shape": (2,)}, raises=True),
    *[
        Row(op, [], {"shape": (2, 3), "dtype": dtype})
        for op in ("_zeros", "_ones")
        for dtype in (*NUMBERS, "bool")
    ],
    *[
        Row(op, [], attrs, raises=True)
        for op in ("_zeros", "_ones")
        for attrs in ({}, {"shape": ()}, {"shape": (2, -1)}, {"shape": (2,), "dtype": "int16"})
    ],
    Row("_zeros", [], {"shape": 3}),
    Row("_zeros_without_dtype", [], {"shape": (2,), "dtype": 99}, raises=True),
]
ROWS += [
    Row("_arange", [], {"start": 0, "stop": 3, "infer_range": True}),
]
