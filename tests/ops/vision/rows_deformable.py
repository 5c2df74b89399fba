"""Rows for deformable convolution and deformable position-sensitive pooling.

The reference has no gradient of the modulated convolution on the CPU: ours is held against finite
differences.
"""

from tests.ops.rows import Row, normal, uniform, values

DATA = (2, 4, 6, 5)
PLAIN = {"kernel": (3, 3), "num_filter": 4}
RICH = {
    "kernel": (3, 2),
    "num_filter": 6,
    "num_group": 2,
    "num_deformable_group": 2,
    "stride": (2, 1),
    "pad": (1, 1),
    "dilate": (1, 2),
}
FLOATS = ("float32", "float64")
SMALL = {"scale": 0.7}


def offsets(*shape):
    return normal(*shape, **SMALL)


def zeros(*shape):
    return uniform(0, 0, *shape)


RICH_INPUTS = [DATA, offsets(2, 24, 3, 5), (6, 2, 3, 2), (6,)]
PLAIN_INPUTS = [DATA, offsets(2, 18, 4, 3), (4, 4, 3, 3), (4,)]
MASKED_RICH = [DATA, offsets(2, 24, 3, 5), uniform(0, 1, 2, 12, 3, 5), (6, 2, 3, 2), (6,)]
MASKED_PLAIN = [DATA, offsets(2, 18, 4, 3), uniform(0, 1, 2, 9, 4, 3), (4, 4, 3, 3), (4,)]
NO_BIAS = {**PLAIN, "no_bias": True}

DEFORMABLE = "contrib.DeformableConvolution"
MODULATED = "contrib.ModulatedDeformableConvolution"
POOLING = "contrib.DeformablePSROIPooling"

INSIDE = values([[0, 0, 0, 3, 3], [1, 0.5, 1.5, 3.4, 2.5], [0, -3, -1.5, 8, 9], [1, 3, 3, 1, 1]])
POOLED = {"spatial_scale": 1.0, "output_dim": 2, "group_size": 2, "pooled_size": 2}
MAPS = (2, 8, 4, 5)


def pooling(*inputs, **attrs):
    return Row(POOLING, list(inputs), {**POOLED, **attrs}, numeric=False)


ROWS = [
    Row(DEFORMABLE, PLAIN_INPUTS, PLAIN, dtypes=FLOATS, numeric=False),
    Row(DEFORMABLE, RICH_INPUTS, RICH, dtypes=FLOATS, numeric=False),
    Row(DEFORMABLE, PLAIN_INPUTS[:3], NO_BIAS, numeric=False),
    Row(DEFORMABLE, PLAIN_INPUTS, {**PLAIN, "layout": "NCHW", "workspace": 1}, numeric=False),
    Row(DEFORMABLE, [DATA, zeros(2, 18, 4, 3), (4, 4, 3, 3)], NO_BIAS, numeric=False),
    Row(DEFORMABLE, [DATA, normal(2, 18, 4, 3, scale=4), (4, 4, 3, 3)], NO_BIAS, numeric=False),
    Row(DEFORMABLE, [DATA, (2, 9, 4, 3), (4, 4, 3, 3), (4,)], PLAIN, raises=True),
    Row(DEFORMABLE, [DATA, (2, 18, 4, 3), (4, 4, 3, 2), (4,)], PLAIN, raises=True),
    Row(DEFORMABLE, PLAIN_INPUTS, {**PLAIN, "num_group": 3}, raises=True),
    Row(DEFORMABLE, PLAIN_INPUTS, {**PLAIN, "num_deformable_group": 3}, raises=True),
    Row(DEFORMABLE, PLAIN_INPUTS, NO_BIAS, raises=True),
    Row(DEFORMABLE, PLAIN_INPUTS, {**PLAIN, "num_filter": 0}, raises=True),
    Row(DEFORMABLE, PLAIN_INPUTS, {**PLAIN, "kernel": (3,)}, raises=True),
    Row(MODULATED, MASKED_PLAIN, PLAIN, dtypes=FLOATS),
    Row(MODULATED, MASKED_RICH, RICH),
    Row(MODULATED, MASKED_PLAIN[:4], {**NO_BIAS, "im2col_step": 1}),
    Row(MODULATED, [DATA, normal(2, 18, 4, 3, scale=4), *MASKED_PLAIN[2:]], PLAIN),
    Row(MODULATED, [DATA, zeros(2, 18, 4, 3), *MASKED_PLAIN[2:]], PLAIN, numeric=False),
    Row(MODULATED, [*MASKED_PLAIN[:2], (2, 8, 4, 3), *MASKED_PLAIN[3:]], PLAIN, raises=True),
    Row(MODULATED, MASKED_PLAIN, {**PLAIN, "num_filter": 0}, raises=True),
    Row(POOLING, [MAPS, INSIDE], {**POOLED, "no_trans": True}, dtypes=FLOATS, numeric=False),
    pooling(MAPS, INSIDE, no_trans=True, sample_per_part=3, spatial_scale=0.6),
    pooling(MAPS, INSIDE, (4, 2, 2, 2), trans_std=0.1, sample_per_part=2),
    pooling(MAPS, INSIDE, (4, 4, 2, 2), trans_std=0.5, sample_per_part=2),
    pooling(MAPS, INSIDE, (4, 2, 3, 3), trans_std=0.2, part_size=3, pooled_size=5),
    pooling(MAPS, INSIDE, zeros(4, 2, 2, 2), trans_std=1),
    pooling((2, 18, 7, 6), INSIDE, (4, 2, 3, 3), group_size=3, pooled_size=3, trans_std=0.1),
    Row(POOLING, [MAPS, INSIDE], {**POOLED, "no_trans": True, "spatial_scale": 2}, raises=True),
    Row(POOLING, [MAPS, INSIDE, (4, 2, 2, 2)], {**POOLED, "trans_std": 2}, raises=True),
    Row(POOLING, [MAPS, (1, 4)], {**POOLED, "no_trans": True}, raises=True),
    Row(POOLING, [MAPS, INSIDE, (4, 2, 2, 2)], {**POOLED, "no_trans": True}, raises=True),
]

FLOAT32 = "the reference has this operator in float32 and float64 alone"
ROWS += [
    Row(DEFORMABLE, PLAIN_INPUTS, PLAIN, ("float16",), numeric=False, differs=FLOAT32),
    Row(MODULATED, MASKED_PLAIN, PLAIN, ("float16",), numeric=False, differs=FLOAT32),
    *[
        Row(op, inputs, {**PLAIN, "layout": layout}, raises=True)
        for op, inputs in ((DEFORMABLE, PLAIN_INPUTS), (MODULATED, MASKED_PLAIN))
        for layout in ("NCW", "NCDHW")
    ],
    Row(MODULATED, MASKED_PLAIN, {**PLAIN, "layout": "NCHW"}),
    Row(POOLING, [MAPS, INSIDE], {**POOLED, "no_trans": True}, ("float16",), numeric=False),
]
