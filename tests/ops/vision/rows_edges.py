"""Rows for gradients at ties, on pixel borders and outside of images."""

from tests.ops.rows import Row, values

BOTH = ("float32", "float64")
EVEN = values([[[[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 2.0]]]])
WHOLE = values([[0, 0, 0, 2, 2], [0, 1, 1, 1, 1], [0, 5, 5, 6, 6]])
# the corners, the middle, between pixels, outside on every side
PLACES = values([[[[-1.0, 1.0, 0.0, 0.5], [-2.0, 3.0, 1.5, -1.5]]] * 2])
BINS = {"pooled_size": (2, 2), "spatial_scale": 1.0}

ROWS = [
    Row("ROIPooling", [EVEN, WHOLE], BINS, numeric=False),
    Row("ROIPooling", [EVEN, WHOLE], {**BINS, "spatial_scale": 0.5}, numeric=False),
    *[
        Row("contrib.ROIAlign", [EVEN, WHOLE], {**BINS, **attrs}, numeric=False)
        for attrs in ({}, {"sample_ratio": 2})
    ],
    Row("BilinearSampler", [(1, 2, 3, 3), PLACES], dtypes=BOTH, numeric=False),
    Row("Correlation", [EVEN, EVEN], {"kernel_size": 1, "max_displacement": 1}, numeric=False),
    Row(
        "Correlation",
        [EVEN, EVEN],
        {"kernel_size": 1, "max_displacement": 1, "is_multiply": False},
        numeric=False,
    ),
]
