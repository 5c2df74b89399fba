"""Rows for connectionist temporal classification.

Labels and lengths are int32 where the reference allows it: of float ones it leaves the gradient.
"""

from tests.ops.rows import Row, normal, values

NAN, INF = float("nan"), float("inf")
DATA = (5, 2, 4)
FIRST = values([[1, 2, 0], [3, 0, 0]], "int32")  # labels from 1, padded with 0
LAST = values([[0, 1, -1], [2, -1, -1]], "int32")  # labels from 0, padded with -1
USE_DATA, USE_LABEL = {"use_data_lengths": True}, {"use_label_lengths": True}
SHORT = values([3.0, 5.0])


def lengths(**named):
    """Return the inputs with these lengths, by name."""
    label = values(FIRST.values, "float32")  # the dtype of the lengths, as the reference wants it
    return {"data": normal(*DATA), "label": label, **named}


ROWS = [
    Row("CTCLoss", [DATA, FIRST]),
    Row("CTCLoss", [DATA, FIRST], {"blank_label": "first"}),
    Row("CTCLoss", [DATA, LAST], {"blank_label": "last"}),
    Row("ctc_loss", [DATA, FIRST]),
    Row("_contrib_ctc_loss", [DATA, FIRST]),
    Row("_contrib_CTCLoss", [DATA, FIRST]),
    Row("CTCLoss", [DATA, values([[1.0, 2.0, 0.0], [3.0, 0.0, 0.0]])], gradient=False),
    Row("CTCLoss", [(6, 3, 3), values([[1, 1, 2], [2, 2, 2], [1, 2, 1]], "int32")]),
    Row("CTCLoss", [(1, 1, 2), values([[1]], "int32")]),
    Row("CTCLoss", [DATA, values([[0, 0, 0], [1, 0, 0]], "int32")]),
    Row("CTCLoss", [DATA, values([[1, 0, 2], [2, 2, 0]], "int32")]),
    Row("CTCLoss", lengths(data_lengths=SHORT), USE_DATA, gradient=False),
    Row("CTCLoss", lengths(data_lengths=values([0.0, 2.0])), USE_DATA, gradient=False),
    Row("CTCLoss", lengths(label_lengths=values([1.0, 1.0])), USE_LABEL, gradient=False),
    Row("CTCLoss", lengths(label_lengths=values([0.0, 1.0])), USE_LABEL, gradient=False),
    Row(
        "CTCLoss",
        lengths(data_lengths=SHORT, label_lengths=values([1.0, 1.0])),
        {**USE_DATA, **USE_LABEL, "blank_label": "first"},
        gradient=False,
    ),
    # Too few steps for the labels and the blanks between equal ones: loss and gradient are 0.
    Row("CTCLoss", [(3, 2, 4), values([[1, 1, 1], [2, 1, 0]], "int32")], gradient=False),
    Row("CTCLoss", [(2, 2, 4), values([[1, 1], [2, 1]], "int32")], gradient=False),
    Row(
        "CTCLoss",
        [(3, 2, 4), values([[2, 2, 2], [2, 1, 0]], "int32")],
        differs="the gradient of too short a sequence is 0; the reference leaves raw memory there",
    ),
    Row(
        "CTCLoss",
        [values([[[NAN, 0.0, 1.0]], [[0.0, 1.0, 2.0]]]), values([[1]], "int32")],
        gradient=False,
    ),
    Row(
        "CTCLoss",
        [values([[[1.0, 0, -INF]], [[0.0, 1.0, -INF]]]), values([[2]], "int32")],
        gradient=False,
    ),
    Row(
        "CTCLoss",
        [values([[[1e4, 0.0, 0.0]], [[0.0, 1e4, 0.0]]]), values([[1]], "int32")],
        gradient=False,
    ),
    Row(
        "CTCLoss",
        [DATA, FIRST],
        dtypes=("float16", "float64"),
        differs="the reference has float32 alone",
    ),
    Row(
        "CTCLoss",
        [DATA, values([[0, 0], [0, 0]], "int32")],
        differs="no labels: the loss of blanks alone; the reference gives 0 if all are so",
    ),
    Row("CTCLoss", [(2, 2, 4), values([[1, 2, 3], [1, 0, 0]], "int32")], raises=True),
    Row("CTCLoss", [DATA, values([[1, 2]], "int32")], raises=True),
    Row("CTCLoss", [DATA, values([1, 2], "int32")], raises=True),
    Row("CTCLoss", [(5, 4), FIRST], raises=True),
    Row("CTCLoss", [DATA, FIRST], {"blank_label": "middle"}, raises=True),
    Row("CTCLoss", lengths(data_lengths=values([1.0, 2.0, 3.0])), USE_DATA, raises=True),
    Row("CTCLoss", lengths(data_lengths=SHORT), raises=True),
]
