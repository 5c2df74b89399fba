"""Rows for single-shot detectors: anchors, targets and detections."""

from tests.ops.rows import Row, normal, uniform, values

MAP = values([[[[0, 0, 0], [0, 0, 0]]]])
ANCHORS = values(
    [
        [
            [0.1, 0.1, 0.3, 0.3],
            [0.2, 0.2, 0.5, 0.5],
            [0.5, 0.5, 0.9, 0.9],
            [0.1, 0.6, 0.3, 0.9],
            [0.6, 0.1, 0.9, 0.4],
            [0.55, 0.5, 0.9, 0.95],
            [0.1, 0.1, 0.3, 0.3],
            [0.8, 0.8, 1.2, 1.4],
        ]
    ]
)
# two objects; none; three, of which one touches no anchor
OBJECTS = values(
    [
        [[1, 0.12, 0.1, 0.32, 0.33], [0, 0.5, 0.45, 0.9, 0.9], [-1, -1, -1, -1, -1]],
        [[-1, -1, -1, -1, -1]] * 3,
        [[2, 0.1, 0.1, 0.3, 0.3], [0, 0.95, 0, 1, 0.05], [1, 0.1, 0.1, 0.3, 0.31]],
    ]
)
WIDE = values([[[1, 0.12, 0.1, 0.32, 0.33, 7, 8], [0, 0.5, 0.45, 0.9, 0.9, 7, 8]]])
TIED = values([[[0.1] * 8, [0.5] * 8, [0.5] * 8]])


def prior(data, **attrs):
    return Row("contrib.MultiBoxPrior", [data], attrs, numeric=False)


def target(*inputs, **attrs):
    return Row("contrib.MultiBoxTarget", list(inputs), attrs, numeric=False)


def detection(*inputs, **attrs):
    return Row("contrib.MultiBoxDetection", list(inputs), attrs, numeric=False)


SCORES = normal(3, 4, 8)
LABELLED = (ANCHORS, OBJECTS, SCORES)
PROBABLE = (uniform(0, 1, 2, 3, 8), normal(2, 32, scale=0.5), ANCHORS)

ROWS = [
    prior(MAP),
    prior(MAP, sizes=(0.5, 0.25), ratios=(1, 2, 0.5)),
    prior(MAP, sizes=(0.5, 0.25), ratios=(2, 1)),
    prior(MAP, sizes=(1.5,), clip=True),
    prior((2, 3, 2, 2), sizes=(0.5,), steps=(0.3, 0.2), offsets=(0.1, 0.2)),
    prior((1, 1, 3, 2), sizes=0.5, steps=(0, 0)),
    prior((1, 1, 3, 2), sizes=(-1.0,), offsets=(0, 1)),
    Row("contrib.MultiBoxPrior", [(1, 1, 2)], raises=True),
    Row("contrib.MultiBoxPrior", [MAP], {"sizes": ()}, raises=True),
    Row("contrib.MultiBoxPrior", [MAP], {"ratios": ()}, raises=True),
    Row("contrib.MultiBoxPrior", [MAP], {"steps": (0.3, -1)}, raises=True),
    Row("contrib.MultiBoxPrior", [MAP], {"steps": (0.3,)}, raises=True),
    Row("contrib.MultiBoxPrior", [MAP], {"offsets": (0.5,)}, raises=True),
    target(*LABELLED),
    target(*LABELLED, negative_mining_ratio=3.0),
    target(*LABELLED, negative_mining_ratio=1.0, ignore_label=-7),
    target(*LABELLED, negative_mining_ratio=0.9, minimum_negative_samples=5),
    target(*LABELLED, negative_mining_ratio=0.5, negative_mining_thresh=0.3),
    target(*LABELLED, overlap_threshold=0.1, variances=(1, 1, 1, 1)),
    target(*LABELLED, overlap_threshold=-1),
    target(*LABELLED, overlap_threshold=-1, negative_mining_ratio=1.0),
    target(ANCHORS, WIDE, (1, 3, 8)),
    target(ANCHORS, WIDE, values([[[0] * 8] * 3]), negative_mining_ratio=1),
    Row("contrib.MultiBoxTarget", [ANCHORS, OBJECTS, (3, 4, 9)], raises=True),
    Row("contrib.MultiBoxTarget", [(2, 8, 4), OBJECTS, SCORES], raises=True),
    Row("contrib.MultiBoxTarget", [ANCHORS, (3, 2, 4), SCORES], raises=True),
    Row("contrib.MultiBoxTarget", list(LABELLED), {"variances": (1, 1, 1)}, raises=True),
    detection(*PROBABLE),
    detection(*PROBABLE, clip=False, nms_threshold=0.1),
    detection(*PROBABLE, force_suppress=True, nms_threshold=0.1),
    detection(*PROBABLE, threshold=0.5, variances=(1, 1, 1, 1)),
    detection(*PROBABLE, threshold=2),
    detection(*PROBABLE, background_id=1),
    detection(*PROBABLE, nms_topk=3),
    detection(*PROBABLE, nms_topk=2, nms_threshold=0),
    detection(*PROBABLE, nms_topk=0, threshold=0.7),
    detection(*PROBABLE, nms_threshold=1.5, threshold=0.6),
    detection(TIED, values([[0] * 32]), ANCHORS, nms_threshold=1, threshold=0.5),
    detection(uniform(0, 1, 1, 1, 8), normal(1, 32), ANCHORS),
    Row("contrib.MultiBoxDetection", [PROBABLE[0], (2, 28), ANCHORS], raises=True),
    Row("contrib.MultiBoxDetection", [*PROBABLE[:2], (2, 8, 4)], raises=True),
    Row("contrib.MultiBoxDetection", list(PROBABLE), {"variances": (1, 1)}, raises=True),
]

FLOAT32 = "the reference has this operator in float32 alone"
OTHERS = {"dtypes": ("float16", "float64"), "gradient": False, "differs": FLOAT32}
ROWS += [
    Row("contrib.MultiBoxPrior", [(1, 1, 2, 2)], **OTHERS),
    Row("contrib.MultiBoxTarget", list(LABELLED), **OTHERS),
    Row("contrib.MultiBoxDetection", list(PROBABLE), **OTHERS),
]
ROWS += [
    Row("contrib.MultiBoxPrior", [MAP], {"offsets": offsets}, raises=True)
    for offsets in ((0.5, 1.5), (-0.5, 0.5))
]
