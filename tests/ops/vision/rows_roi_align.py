"""Rows for bilinear pooling of regions of interest, upright and rotated.

Regions are given by value, without gradient: the reference's gradient of them is zero.
"""

from tests.ops.rows import Row, values

FLOATS = ("float16", "float32", "float64")
# inside, beyond the image on two sides, reversed, far outside, tiny, all
REGIONS = values(
    [
        [0, 0.2, 0.1, 3.3, 3.1],
        [1, -3.1, -2.2, 2.4, 8.7],
        [0, 3, 3, 1, 1],
        [1, 20, 20, 30, 30],
        [1, 2.2, 1.1, 2.3, 1.2],
        [0, 0, 0, 6, 5],
    ]
)
INSIDE = values([[0, 0.2, 0.1, 3.3, 3.1], [1, -1.1, 2.2, 2.4, 7.7], [0, 0, 0, 5, 4]])
ROTATED = values(
    [
        [0, 2, 2, 3, 3, 0],
        [1, 2.2, 1.9, 3.3, 2.1, 30],
        [0, 2, 2, 4, 3, 90],
        [1, 4.5, 3.2, 6.5, 2.5, -75.5],
        [0, 2, 2, 0.3, 0.2, 45],
        [0, 2, 2, -3, -3, 10],
        [1, 30, 2, 3, 3, 10],
    ]
)
PLAIN = {"pooled_size": (2, 3), "spatial_scale": 1.0}
SQUARE = {"pooled_size": (2, 2), "spatial_scale": 0.8}


def align(*inputs, **attrs):
    return Row("contrib.ROIAlign", list(inputs), attrs, numeric=False)


def rotated(*inputs, **attrs):
    return Row("contrib.RROIAlign", list(inputs), attrs, gradient=False)


ROWS = [
    Row("contrib.ROIAlign", [(2, 3, 5, 6), REGIONS], PLAIN, dtypes=FLOATS, numeric=False),
    align((2, 3, 5, 6), REGIONS, sample_ratio=2, **PLAIN),
    align((2, 3, 5, 6), REGIONS, sample_ratio=1, **SQUARE),
    align((2, 3, 5, 6), REGIONS, sample_ratio=0, **SQUARE),
    align((2, 3, 5, 6), INSIDE, aligned=True, **PLAIN),
    align((2, 3, 5, 6), INSIDE, aligned=True, sample_ratio=3, **PLAIN),
    align((2, 8, 5, 6), REGIONS, position_sensitive=True, **SQUARE),
    align((2, 12, 5, 6), REGIONS, position_sensitive=True, sample_ratio=2, **PLAIN),
    align((2, 2, 23, 17), values([[0, 0, 0, 16, 22], [1, 3.3, -5.1, 30.4, 19.2]]), **PLAIN),
    Row(
        "contrib.ROIAlign",
        [(2, 2, 5, 6), values([[0, 0, 0, 3, 3], [-1, 0, 0, 3, 3]])],
        PLAIN,
        gradient=False,
        differs="the reference leaves the output of a region without image undefined",
    ),
    align((1, 1, 1, 1), values([[0, 0, 0, 1, 1], [0, -1, -1, 3, 3]]), **PLAIN),
    Row(
        "contrib.ROIAlign",
        [(2, 6, 5, 6), INSIDE],
        {**SQUARE, "position_sensitive": True},
        raises=True,
    ),
    Row("contrib.ROIAlign", [(2, 6, 5, 6), INSIDE], {**PLAIN, "spatial_scale": 2}, raises=True),
    Row("contrib.ROIAlign", [(2, 6, 5, 6), INSIDE], {**PLAIN, "pooled_size": (3,)}, raises=True),
    Row("contrib.ROIAlign", [(2, 6, 5, 6), (1, 4)], PLAIN, raises=True),
    Row("contrib.ROIAlign", [(6, 5, 6), INSIDE], PLAIN, raises=True),
    Row("contrib.RROIAlign", [(2, 3, 5, 6), ROTATED], PLAIN, dtypes=FLOATS, gradient=False),
    rotated((2, 3, 5, 6), ROTATED, sampling_ratio=2, **PLAIN),
    rotated((2, 3, 5, 6), ROTATED, sampling_ratio=3, **SQUARE),
    rotated((2, 3, 5, 6), ROTATED, sampling_ratio=0, **SQUARE),
    Row("contrib.RROIAlign", [(2, 3, 5, 6), INSIDE], PLAIN, raises=True),
    Row("contrib.RROIAlign", [(3, 5, 6), ROTATED], PLAIN, raises=True),
    Row("contrib.RROIAlign", [(2, 3, 5, 6), ROTATED], {**PLAIN, "spatial_scale": -1}, raises=True),
]
ROWS += [
    rotated((1, 2, 4, 4), values([[0, 2, 2, 3, 3, 20]]), **PLAIN),
    Row("contrib.RROIAlign", [(2, 2, 5, 6), values([[0, 2, 2, 3, 3, 0]])], PLAIN),
]
