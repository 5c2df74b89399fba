"""Rows for Dropout."""

from tests.ops.rows import Row, integers, normal, values

FLOATS = ("float16", "float32", "float64")

ROWS = [
    Row("Dropout", [(3, 4)], {"p": 0.5}, is_train=False, dtypes=FLOATS),
    Row("Dropout", [(3, 4)], {"p": 0.0}, dtypes=FLOATS),
    Row("Dropout", [(3, 4)], {"p": 0.5, "axes": (1,)}, is_train=False),
    Row("Dropout", [values([])], is_train=False, gradient=False),
    Row("Dropout", [(3, 4)], random=True, dtypes=FLOATS),
    Row("Dropout", [(3, 4)], {"p": 0.25, "mode": "training", "cudnn_off": True}, random=True),
    Row("Dropout", [(3, 4)], {"p": 0.25, "mode": "always"}, random=True, is_train=False),
    Row("Dropout", [(3, 4, 2)], {"p": 0.25, "axes": (0, 2)}, random=True),
    Row("Dropout", [normal(2, 3)], {"p": 1.5}, raises=True),
    Row("Dropout", [normal(2, 3)], {"p": -0.5}, raises=True),
    Row("Dropout", [normal(2, 3)], {"axes": (2,)}, raises=True),
    Row("Dropout", [normal(2, 3)], {"mode": "never"}, raises=True),
    Row("Dropout", [integers(0, 5, 2, 3, dtype="int32")], raises=True),
]
ROWS += [Row("Dropout", [(3, 4)], {"p": 0.0, "axes": "None"})]
