"""Rows for boxes: overlap, encoding, suppression and matching."""

from tests.ops.rows import Row, distinct, integers, normal, uniform, values

FLOATS = ("float16", "float32", "float64")
NAN = float("nan")
CORNERS = values([[0, 0, 2, 2], [1, 1, 3, 3], [0, 0, 0, 0], [2, 2, 1, 1], [-1, 0.5, 1, 4]])
OTHERS = values([[0, 0, 2, 2], [1, 0, 3, 2], [0, 0, 0, 0]])

SAMPLES = values([[1, 0, -1, 0.6], [0.5, 1, 1, 1]])
MATCHES = values([[0, 1, 0, 1], [0, 2, 1, 0]])
ENCODE = [
    SAMPLES,
    MATCHES,
    values([[[0, 0, 2, 2], [1, 1, 3, 4], [0, 0, 1, 1], [0, 2, 1.5, 3]]] * 2),
    values([[[0, 0, 2.5, 2], [1, 0, 3, 2], [0.5, 0.2, 1, 1]]] * 2),
    values([0, 0, 0.1, 0.1]),
    values([0.1, 0.1, 0.2, 0.2]),
]
ANCHORS = values([[[1, 1, 3, 4], [0.5, 0.5, 0.2, 0.2], [0, 0, 1, 1]]])
STDS = {"std0": 0.1, "std1": 0.2, "std2": 0.3, "std3": 0.4}

# id, score, corners; ties in score, a background class, a class -1, NaN and low scores
DETECTIONS = values(
    [
        [0, 0.5, 0.1, 0.1, 0.2, 0.2],
        [1, 0.4, 0.1, 0.1, 0.2, 0.2],
        [0, 0.3, 0.1, 0.1, 0.14, 0.14],
        [2, 0.6, 0.5, 0.5, 0.7, 0.8],
        [-1, 0.55, 0.5, 0.5, 0.7, 0.75],
        [1, 0.4, 0.11, 0.1, 0.2, 0.2],
        [0, NAN, 0.1, 0.1, 0.9, 0.9],
        [0, -0.2, 0.3, 0.3, 0.4, 0.4],
    ]
)
OVERLAP = {"overlap_thresh": 0.1}


def nms(*inputs, **attrs):
    return Row("contrib.box_nms", list(inputs), attrs, numeric=False)


def matching(*inputs, **attrs):
    return Row("contrib.bipartite_matching", list(inputs), attrs, numeric=False)


ROWS = [
    Row("contrib.box_iou", [CORNERS, OTHERS], dtypes=FLOATS, numeric=False),
    Row("contrib.box_iou", [CORNERS, OTHERS], {"format": "center"}, numeric=False),
    Row("contrib.box_iou", [(2, 3, 4), (1, 2, 4)], {"format": "corner"}, numeric=False),
    Row("contrib.box_iou", [(2, 3, 4), (1, 2, 4)], {"format": "center"}, numeric=False),
    Row("contrib.box_iou", [(2, 5), (2, 4)], raises=True),
    Row("contrib.box_iou", [(4,), (2, 4)], raises=True),
    Row("contrib.box_iou", [(2, 4), (2, 4)], {"format": "corners"}, raises=True),
    Row("contrib.box_encode", ENCODE, dtypes=("float32", "float64"), numeric=False),
    Row("contrib.box_encode", [(3,), *ENCODE[1:]], raises=True),
    Row("contrib.box_encode", [*ENCODE[:2], (4, 4), *ENCODE[3:]], raises=True),
    Row("contrib.box_decode", [(2, 3, 4), ANCHORS], dtypes=FLOATS, numeric=False),
    Row("contrib.box_decode", [(2, 3, 4), ANCHORS], {"format": "corner", **STDS}, numeric=False),
    Row("contrib.box_decode", [normal(1, 3, 4, scale=9), ANCHORS], {"clip": 2.0}, numeric=False),
    Row("contrib.box_decode", [(2, 3, 4), ANCHORS], {"clip": 0.0}, numeric=False),
    Row("contrib.box_decode", [(2, 4, 4), ANCHORS], raises=True),
    Row("contrib.box_decode", [(3, 4), ANCHORS], raises=True),
    Row("contrib.box_nms", [DETECTIONS], OVERLAP, dtypes=FLOATS, numeric=False),
    nms(DETECTIONS),
    nms(DETECTIONS, id_index=0, **OVERLAP),
    nms(DETECTIONS, id_index=0, background_id=0, **OVERLAP),
    nms(DETECTIONS, background_id=0, **OVERLAP),
    nms(DETECTIONS, id_index=0, force_suppress=True, **OVERLAP),
    nms(DETECTIONS, topk=2, **OVERLAP),
    nms(DETECTIONS, topk=0, **OVERLAP),
    nms(DETECTIONS, topk=99, **OVERLAP),
    nms(DETECTIONS, valid_thresh=0.4),
    nms(DETECTIONS, valid_thresh=-1, overlap_thresh=0),
    nms(DETECTIONS, valid_thresh=7),
    nms(DETECTIONS, overlap_thresh=-1),
    nms(DETECTIONS, out_format="center", **OVERLAP),
    nms(DETECTIONS, in_format="center", **OVERLAP),
    nms(DETECTIONS, in_format="center", out_format="center", **OVERLAP),
    nms(uniform(0, 1, 2, 3, 7, 6), coord_start=1, score_index=0, id_index=5, **OVERLAP),
    nms(uniform(0, 1, 2, 150, 5), coord_start=1, score_index=0, in_format="center"),
    Row("contrib.box_nms", [(6,)], raises=True),
    Row("contrib.box_nms", [(2, 6)], {"coord_start": 3}, raises=True),
    Row("contrib.box_nms", [(2, 6)], {"coord_start": -1}, raises=True),
    Row("contrib.box_nms", [(2, 6)], {"score_index": 9}, raises=True),
    Row("contrib.box_nms", [(2, 6)], {"score_index": 3}, raises=True),
    Row("contrib.box_nms", [(2, 6)], {"id_index": 1}, raises=True),
    Row(
        "contrib.bipartite_matching",
        [distinct(0, 1, 5, 3)],
        {"threshold": 0.1},
        dtypes=FLOATS,
        numeric=False,
    ),
    matching(distinct(0, 1, 2, 2, 4, 6), threshold=0.5),
    matching(distinct(0, 1, 2, 4, 6), threshold=0.6, is_ascend=True),
    matching(distinct(0, 1, 5, 5), threshold=0.1, topk=2),
    matching(distinct(0, 1, 5, 5), threshold=2, topk=1, is_ascend=True),
    matching(distinct(0, 1, 3, 4), threshold=0.01, topk=0),
    matching(integers(0, 3, 6, 5), threshold=0.5),
    matching(values([[1, 1], [1, 1]]), threshold=1),
    Row("contrib.bipartite_matching", [(3,)], {"threshold": 0.1}, raises=True),
    Row("contrib.bipartite_matching", [(3, 2)], raises=True),
]
ROWS += [
    Row(
        "contrib.box_encode",
        [values([[1, -1]]), values([[0, 0]]), (1, 2, 4), uniform(1, 2, 1, 1, 4), *ENCODE[4:]],
        dtypes=FLOATS,
        numeric=False,
    ),
]
