"""Rows for padded sequences of different lengths.

Lengths are mostly int32: of float lengths the reference leaves the gradient as it was.
"""

from tests.ops.rows import Row, integers, values

FLOATS = ("float16", "float32", "float64")
LENGTHS = values([2, 4, 1], "int32")  # of a batch of three; the padded length is 4
USE = {"use_sequence_length": True}
BY_STEP, BY_BATCH = (4, 3, 2), (3, 4, 2)  # time first, batch first

ROWS = []
for op in ("SequenceMask", "SequenceLast", "SequenceReverse"):
    ROWS += [
        Row(op, [BY_STEP, LENGTHS], USE, dtypes=FLOATS),
        Row(op, [(4, 3), LENGTHS], USE),
        Row(op, [(4, 3, 2, 1, 2), LENGTHS], USE),
        Row(op, {"data": BY_STEP, "sequence_length": LENGTHS}, USE),
        Row(op, [BY_STEP, values([2, 4, 1], "int64")], USE),
        Row(op, [BY_STEP, values([2.0, 4.0, 1.0])], USE, gradient=False, dtypes=FLOATS),
        Row(op, [BY_STEP, values([2.9, 1.5, 3.0])], USE, gradient=False),
        Row(op, [integers(0, 9, 4, 3, dtype="int32"), LENGTHS], USE, gradient=False),
        Row(op, [integers(0, 9, 4, 3, dtype="uint8"), LENGTHS], USE, gradient=False),
        Row(op, [(1, 2), values([1, 1], "int32")], USE),
        Row(op, [BY_STEP, values([2, 4], "int32")], USE, raises=True),
        Row(op, [BY_STEP, LENGTHS], raises=True),
        Row(op, [(4,), values([1], "int32")], USE, raises=True),
        Row(op, [BY_STEP, LENGTHS], {**USE, "axis": 2}, raises=True),
        Row(op, [BY_STEP, LENGTHS], {**USE, "axis": -1}, raises=True),
    ]
for op in ("SequenceMask", "SequenceLast"):
    ROWS += [
        Row(op, [BY_BATCH, LENGTHS], {**USE, "axis": 1}, dtypes=FLOATS),
        Row(op, [(3, 4), LENGTHS], {**USE, "axis": 1}),
        Row(op, [BY_BATCH, values([1, 1, 1, 1], "int32")], {**USE, "axis": 1}, raises=True),
    ]
LOST = "the last step gets its gradient; the reference returns zeros where no lengths are given"
ROWS += [
    Row("SequenceMask", [BY_STEP], dtypes=FLOATS),
    Row("SequenceMask", [BY_STEP, LENGTHS], {**USE, "value": -1.5}, dtypes=FLOATS),
    Row(
        "SequenceMask",
        [BY_STEP, values([0, 4, 9], "int32")],
        {**USE, "value": float("inf")},
        numeric=False,
    ),
    Row(
        "SequenceMask",
        [integers(0, 9, 4, 3, dtype="int32"), LENGTHS],
        {**USE, "value": 2.7},
        gradient=False,
    ),
    Row("SequenceLast", [(5, 3, 2)], gradient=False, dtypes=FLOATS),
    Row("SequenceLast", [(3, 5, 2)], {"axis": 1}, gradient=False),
    Row("SequenceLast", [BY_STEP], differs=LOST),
    Row("SequenceLast", [BY_BATCH], {"axis": 1}, differs=LOST),
    Row("SequenceReverse", [BY_STEP], dtypes=FLOATS),
    Row("SequenceReverse", [BY_STEP, values([0, 2, 3], "int32")], USE),
    Row("SequenceReverse", [BY_STEP, LENGTHS], {**USE, "axis": 1}, raises=True),
]
ROWS += [Row("SequenceReverse", [BY_STEP, LENGTHS], {**USE, "axis": 0})]
