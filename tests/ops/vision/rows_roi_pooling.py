"""Rows for pooling of regions of interest.

Regions are given by value, without gradient: the reference's gradient of them is zero.
"""

from tests.ops.rows import Row, integers, normal, values

FLOATS = ("float16", "float32", "float64")
NAN, INF = float("nan"), float("inf")
# inside, fractional, beyond the image, reversed, of no image
REGIONS = values(
    [
        [0, 0, 0, 3, 3],
        [1, 0.5, 1.5, 3.4, 2.5],
        [0, -2.5, -1.5, 8, 9],
        [1, 3, 3, 1, 1],
        [0, 10, 10, 12, 12],
        [-1, 0, 0, 3, 3],
        [1, 2, 0, 5, 4],
    ]
)
ONE = values([[0, 0, 0, 3, 3]])
PLAIN = {"pooled_size": (2, 2), "spatial_scale": 1.0}
POSITION = {"spatial_scale": 1.0, "output_dim": 2, "pooled_size": 2}
INSIDE = values([[0, 0, 0, 3, 3], [1, 0.5, 1.5, 3.4, 2.5], [0, -3, -1.5, 8, 9], [1, 3, 3, 1, 1]])

ROWS = [
    Row("ROIPooling", [(2, 3, 6, 5), REGIONS], PLAIN, dtypes=FLOATS, numeric=False),
    Row(
        "ROIPooling",
        [(2, 3, 6, 5), REGIONS],
        {"pooled_size": (3, 5), "spatial_scale": 0.7},
        numeric=False,
    ),
    Row(
        "ROIPooling",
        [(2, 2, 11, 13), values([[0, 0, 0, 12, 10], [1, 1, 2, 8, 7]])],
        {"pooled_size": (2, 1), "spatial_scale": 1},
        numeric=False,
    ),
    Row("ROIPooling", [integers(0, 2, 1, 2, 7, 7), ONE], PLAIN, numeric=False),
    Row(
        "ROIPooling",
        [values([[[[NAN, 1, -INF, NAN], [2, 3, NAN, -INF]]]]), ONE],
        PLAIN,
        numeric=False,
    ),
    Row("ROIPooling", [(2, 3, 6, 5), REGIONS], {**PLAIN, "spatial_scale": 0}, numeric=False),
    Row("ROIPooling", [(1, 1, 4, 4), ONE], {**PLAIN, "spatial_scale": 2}, raises=True),
    Row("ROIPooling", [(1, 1, 4, 4), ONE], {**PLAIN, "pooled_size": (0, 2)}, raises=True),
    Row("ROIPooling", [(1, 1, 4, 4), ONE], {**PLAIN, "pooled_size": (2,)}, raises=True),
    Row("ROIPooling", [(1, 1, 4, 4), (1, 4)], PLAIN, raises=True),
    Row("ROIPooling", [(1, 4, 4), ONE], PLAIN, raises=True),
    Row(
        "contrib.PSROIPooling",
        [(2, 8, 4, 5), INSIDE],
        POSITION,
        dtypes=("float32", "float64"),
        numeric=False,
    ),
    Row(
        "contrib.PSROIPooling",
        [normal(2, 8, 4, 5, scale=0.5), INSIDE],
        {**POSITION, "spatial_scale": 0.6},
        dtypes=("float16",),
        numeric=False,
        rtol=0.02,
        atol=0.02,
    ),
    Row(
        "contrib.PSROIPooling",
        [(2, 8, 4, 5), INSIDE],
        {**POSITION, "pooled_size": 5, "group_size": 2},
        numeric=False,
    ),
    Row(
        "contrib.PSROIPooling",
        [(1, 27, 4, 5), values([[0, 20, 20, 30, 30], [0, -20, -20, -9, -9]])],
        {"spatial_scale": 0.5, "output_dim": 3, "pooled_size": 3},
        numeric=False,
    ),
    Row(
        "contrib.PSROIPooling",
        [(2, 8, 4, 5), INSIDE],
        {**POSITION, "spatial_scale": 2},
        raises=True,
    ),
    Row(
        "contrib.PSROIPooling",
        [(2, 8, 4, 5), INSIDE],
        {**POSITION, "output_dim": 3},
        raises=True,
        differs="the reference reads beyond the data",
    ),
    Row("contrib.PSROIPooling", [(2, 8, 4, 5), (1, 4)], POSITION, raises=True),
]
