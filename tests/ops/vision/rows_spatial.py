"""Rows for grids, samplers, spatial transformers and correlation."""

from tests.ops.rows import Row, integers, normal, uniform, values

FLOATS = ("float16", "float32", "float64")
NAN, INF = float("nan"), float("inf")
AFFINE = {"transform_type": "affine", "target_shape": (3, 4)}
TRANSFORM = {"target_shape": (4, 3), "transform_type": "affine", "sampler_type": "bilinear"}
EDGES = values([[[[-1, 1, 1.1, -1.2, 3, 0.3]], [[-1, 1, 1, 0, 0.1, -0.9]]]])

ROWS = [
    Row("GridGenerator", [(2, 6)], AFFINE),
    Row("GridGenerator", [(2, 2, 3, 4)], {"transform_type": "warp"}),
    Row(
        "GridGenerator",
        [(1, 6)],
        {"transform_type": "affine", "target_shape": (1, 1)},
        numeric=False,
    ),
    Row("GridGenerator", [(1, 6)], {"transform_type": "affine"}, raises=True),
    Row("GridGenerator", [(1, 5)], AFFINE, raises=True),
    Row("GridGenerator", [(1, 2, 3)], AFFINE, raises=True),
    Row("GridGenerator", [(1, 3, 2, 3)], {"transform_type": "warp"}, raises=True),
    Row("GridGenerator", [(1, 6)], {"transform_type": "shear"}, raises=True),
    Row("BilinearSampler", [(2, 3, 4, 5), uniform(-1.3, 1.3, 2, 2, 3, 4)], dtypes=FLOATS),
    Row("BilinearSampler", [(2, 3, 4, 5), (2, 2, 1, 7)], {"cudnn_off": True}),
    Row("BilinearSampler", [(1, 2, 4, 6), EDGES], numeric=False),
    Row(
        "BilinearSampler",
        [(1, 1, 3, 4), values([[[[NAN, INF, 0]], [[0, 0, NAN]]]])],
        gradient=False,
    ),
    Row("BilinearSampler", [(1, 1, 3, 4), (2, 2, 1, 1)], raises=True),
    Row("BilinearSampler", [(1, 1, 3, 4), (1, 3, 1, 1)], raises=True),
    Row("BilinearSampler", [(1, 3, 4), (1, 2, 1, 1)], raises=True),
    Row(
        "SpatialTransformer",
        [(2, 3, 5, 4), normal(2, 6, scale=0.5)],
        TRANSFORM,
        dtypes=("float32", "float64"),
    ),
    Row(
        "SpatialTransformer",
        [(1, 2, 3, 3), values([[0.9, 0.1, 0.2, -0.1, 0.8, -0.1]])],
        TRANSFORM,
        numeric=False,
    ),
    Row("SpatialTransformer", [(2, 2, 3, 3), (1, 6)], TRANSFORM, raises=True),
    Row("SpatialTransformer", [(1, 2, 3, 3), (1, 2, 3)], TRANSFORM, raises=True),
    Row(
        "SpatialTransformer",
        [(1, 2, 3, 3), (1, 6)],
        {**TRANSFORM, "target_shape": (0, 0)},
        raises=True,
    ),
    Row("Correlation", [(2, 3, 4, 5), (2, 3, 4, 5)], dtypes=("float32", "float64")),
    Row("Correlation", [(2, 3, 4, 5), (2, 3, 4, 5)], {"pad_size": 1}, dtypes=("float16",)),
    Row(
        "Correlation",
        [(1, 2, 6, 5), (1, 2, 6, 5)],
        {"kernel_size": 3, "max_displacement": 2, "pad_size": 3, "stride1": 2},
    ),
    Row(
        "Correlation",
        [(1, 2, 6, 5), (1, 2, 6, 5)],
        {"max_displacement": 3, "stride2": 2, "pad_size": 3},
    ),
    Row(
        "Correlation",
        [(1, 2, 6, 5), (1, 2, 6, 5)],
        {"max_displacement": 1, "stride1": 3, "pad_size": 1},
    ),
    Row(
        "Correlation",
        [(1, 2, 4, 4), (1, 2, 4, 4)],
        {"is_multiply": False, "pad_size": 1, "kernel_size": 3},
    ),
    Row(
        "Correlation",
        [integers(0, 2, 1, 2, 4, 4), integers(0, 2, 1, 2, 4, 4)],
        {"is_multiply": False, "pad_size": 1},
        numeric=False,
    ),
    Row("Correlation", [(1, 1, 3, 3), (1, 1, 3, 3)], {"max_displacement": 0}),
    Row("Correlation", [(1, 1, 4, 4), (1, 1, 4, 4)], {"kernel_size": 2}, raises=True),
    Row("Correlation", [(1, 1, 4, 4), (1, 1, 4, 4)], {"max_displacement": 4}, raises=True),
    Row("Correlation", [(1, 1, 4, 4), (1, 1, 4, 4)], {"stride1": 0}, raises=True),
]

FLOAT32 = "the reference has this operator in float32 alone"
ROWS += [
    Row("GridGenerator", [(2, 6)], AFFINE, ("float16", "float64"), differs=FLOAT32),
    Row("GridGenerator", [values([[1, 0, 0, 0, 1, 0]])], AFFINE, numeric=False),
    Row(
        "GridGenerator", [values([[[[0, 0]], [[0, 0]]]])], {"transform_type": "warp"}, numeric=False
    ),
    Row(
        "SpatialTransformer",
        [(1, 2, 3, 3), (1, 6)],
        TRANSFORM,
        ("float16",),
        differs="the reference has this operator in float32 and float64 alone",
    ),
]
