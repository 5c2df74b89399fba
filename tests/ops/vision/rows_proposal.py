"""Rows for region proposals."""

from tests.ops.rows import Row, distinct, normal, values

FEW = {"rpn_post_nms_top_n": 6, "rpn_min_size": 4}
SMALL = {"scales": (1, 2), "ratios": (0.5, 1, 2), "feature_stride": 8}
ONE = (distinct(0, 1, 1, 12, 3, 4), normal(1, 24, 3, 4, scale=0.2), values([[24, 32, 1]]))
TWO = (
    distinct(0, 1, 2, 12, 3, 4),
    normal(2, 24, 3, 4, scale=0.2),
    values([[24, 32, 1], [17, 25, 1.5]]),
)


def proposal(**attrs):
    return Row("contrib.Proposal", list(ONE), {**SMALL, **FEW, **attrs}, numeric=False)


def multiple(**attrs):
    return Row("contrib.MultiProposal", list(TWO), {**SMALL, **FEW, **attrs}, numeric=False)


ROWS = [
    proposal(),
    proposal(output_score=True),
    proposal(iou_loss=True, threshold=0.3),
    proposal(rpn_min_size=12),
    proposal(rpn_pre_nms_top_n=4),
    proposal(rpn_pre_nms_top_n=0, rpn_post_nms_top_n=100, threshold=0.5),
    proposal(threshold=0, output_score=True),
    Row(
        "contrib.Proposal",
        [distinct(0, 1, 1, 24, 2, 3), normal(1, 48, 2, 3, scale=0.1), values([[32, 48, 1]])],
        {"rpn_post_nms_top_n": 20},
        numeric=False,
    ),
    Row("contrib.Proposal", list(TWO), SMALL, raises=True),
    Row("contrib.Proposal", [ONE[0], (1, 12, 3, 4), ONE[2]], SMALL, raises=True),
    Row("contrib.Proposal", [*ONE[:2], (1, 2)], SMALL, raises=True),
    Row("contrib.Proposal", list(ONE), {**SMALL, "scales": (1,)}, raises=True),
    multiple(),
    multiple(output_score=True, rpn_post_nms_top_n=40),
    multiple(iou_loss=True),
    multiple(rpn_min_size=12),
    multiple(rpn_pre_nms_top_n=3, threshold=1),
    Row("contrib.MultiProposal", [TWO[0], TWO[1], (1, 3)], SMALL, raises=True),
    Row("contrib.MultiProposal", list(TWO), {**SMALL, "ratios": (1,)}, raises=True),
]

FLOAT32 = "the reference has this operator in float32 alone"
OTHERS = {"dtypes": ("float16", "float64"), "gradient": False, "differs": FLOAT32}
TIED = values([[[[0.5, 0.5], [0.5, 0.5]]] * 12])
ROWS += [
    Row("contrib.Proposal", list(ONE), {**SMALL, **FEW}, **OTHERS),
    Row("contrib.MultiProposal", list(TWO), {**SMALL, **FEW}, **OTHERS),
    *[
        Row(op, [TIED, (1, 24, 2, 2), values([[16, 16, 1]])], {**SMALL, **FEW}, numeric=False)
        for op in ("contrib.Proposal", "contrib.MultiProposal")
    ],
]
