"""Rows for gradients of sequences of length zero, of all steps, or longer than their data."""

from tests.ops.rows import Row, values

BOTH = ("float32", "float64")
USE = {"use_sequence_length": True}
NONE, ALL, SOME = values([0.0, 0.0]), values([3.0, 3.0]), values([1.0, 3.0])

ROWS = [
    *[
        Row("SequenceMask", [(3, 2, 2), lengths], {**USE, **attrs}, BOTH, numeric=False)
        for lengths in (NONE, ALL, SOME)
        for attrs in ({}, {"value": -1.0})
    ],
    Row("SequenceMask", [(2, 3, 2), SOME], {**USE, "axis": 1}, BOTH, numeric=False),
    *[
        Row("SequenceReverse", [(3, 2, 2), lengths], USE, BOTH, numeric=False)
        for lengths in (ALL, SOME)
    ],
    *[
        Row("SequenceLast", [(3, 2, 2), lengths], USE, BOTH, numeric=False)
        for lengths in (ALL, SOME)
    ],
    *[
        Row("CTCLoss", [(3, 2, 3), values(labels)], numeric=False)
        for labels in ([[1.0, 0.0], [2.0, 1.0]], [[1.0, 2.0], [2.0, 0.0]])
    ],
]
