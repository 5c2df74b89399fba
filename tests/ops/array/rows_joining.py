"""Rows for operators that put arrays together."""

from tests.ops.rows import Row, integers, normal, values

FLOATS = ("float16", "float32", "float64")
MIXED = [normal(2, 2, dtype="float32"), normal(2, 2, dtype="float64")]

ROWS = [
    Row("Concat", [(2, 1), (2, 2)], dtypes=FLOATS),
    Row("concat", [(2, 3), (1, 3), (4, 3)], {"dim": 0}),
    Row("Concat", [(2, 3, 2), (2, 1, 2)], {"dim": -2}),
    Row("Concat", [(2, 3), (2, 3)], {"dim": -1}),
    Row("Concat", [(2, 3)]),
    Row("Concat", [(2,), (3,)], {"dim": 0}),
    Row("Concat", [integers(0, 9, 2, 2), integers(0, 9, 2, 1)], dtypes=("int32", "uint8")),
    Row("Concat", [normal(0, 2), normal(3, 2)], {"dim": 0}),
    Row("Concat", [(2,), (3,)], raises=True),
    Row("Concat", [(2, 2), (2, 3)], {"dim": 0}, raises=True),
    Row("Concat", [(2, 2), (2, 2)], {"dim": 2}, raises=True),
    Row("Concat", [(2, 2), (2, 2)], {"dim": -3}, raises=True),
    Row("Concat", [(2, 2), (2,)], {"dim": 0}, raises=True),
    Row("Concat", MIXED, raises=True),
    Row("stack", [(2, 3), (2, 3)], dtypes=FLOATS),
    *[Row("stack", [(2, 3)] * 3, {"axis": axis}) for axis in (1, 2, -1, -2, -3)],
    Row("stack", [(2, 3)]),
    *[Row("stack", [(2, 3)] * 2, {"axis": axis}, raises=True) for axis in (3, -4)],
    Row("stack", [(2, 2), (2, 3)], raises=True),
    Row("stack", MIXED, raises=True),
    Row("stack", [integers(0, 9, 2), integers(0, 9, 2)], {"axis": 1}, dtypes=("int64",)),
    Row("_rnn_param_concat", [(2,), (3,)], {"dim": 0}, dtypes=("float32", "float64")),
    Row("_rnn_param_concat", [(2, 2), (2, 1)]),
    Row("_rnn_param_concat", [(2, 2), (3,)], {"dim": 0}, raises=True),
]
ROWS += [
    Row("_rnn_param_concat", [(2,), (2,)], {"dim": 0}, dtypes=("float16",)),
    Row("_rnn_param_concat", [(2, 2), (2, 3)], {"dim": -1}),
    Row("_rnn_param_concat", [values([float("nan"), 0.0]), (3,)], {"dim": 0}, numeric=False),
    *[
        Row(op, [(2, 2), (2, 2)], {"num_args": count}, raises=True)
        for op in ("Concat", "stack", "_rnn_param_concat")
        for count in (1, 3)
    ],
]
