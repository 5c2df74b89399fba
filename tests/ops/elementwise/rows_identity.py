"""Rows for copies, constants of a shape, and losses that make their own gradient."""

from tests.ops.elementwise.siblings import FLOATS
from tests.ops.rows import Row, integers, normal, uniform, values

ANY = (*FLOATS, "int32", "uint8", "bool")
LOSS = values([[1.0, 2.0, 0.0], [0.0, -1.0, 0.5]])

KL = "IdentityAttachKLSparseReg"
UNCALLABLE = "the reference can not be given the auxiliary state in a call"

ROWS = [
    *[Row(n, [integers(0, 2, 2, 3)], dtypes=ANY) for n in ("_copy", "identity")],
    *[Row(n, [integers(0, 2, 2, 3)], dtypes=ANY) for n in ("zeros_like", "ones_like")],
    *[
        Row(n, [(2, 3), (2, 3)], raises=True)
        for n in ("_copy", "zeros_like", "ones_like", "BlockGrad", "make_loss")
    ],
    *[
        Row(n, [integers(0, 2, 2, 3)], dtypes=ANY, numeric=False)
        for n in ("BlockGrad", "make_loss")
    ],
    Row("stop_gradient", [(4,)], numeric=False),
    Row("_identity_with_attr_like_rhs", [(2, 3), (2, 3)], dtypes=FLOATS),
    Row("_identity_with_attr_like_rhs", [(2, 3), (3,)], raises=True),
    Row("MakeLoss", [LOSS], dtypes=FLOATS, numeric=False),
    *[
        Row(
            "MakeLoss",
            [LOSS],
            {"grad_scale": 2, "normalization": n, "valid_thresh": t},
            numeric=False,
        )
        for n in ("null", "batch", "valid")
        for t in (0, 0.4, 9)
    ],
    Row("MakeLoss", [LOSS], {"normalization": "mean"}, raises=True),
    *[
        Row(
            KL,
            {"data": uniform(0.1, 0.9, 4, 3), "moving_avg": uniform(0.1, 0.9, 3)},
            a,
            numeric=False,
            differs=UNCALLABLE,
        )
        for a in ({}, {"sparseness_target": 0.3, "penalty": 0.1, "momentum": 0.5})
    ],
    Row(KL, {"data": (4, 3, 2), "moving_avg": (3,)}, raises=True),
]

ODD = values([float("nan"), 0.0, float("inf")])
ROWS += [
    *[
        Row(op, [data], numeric=False)
        for op in ("_copy", "zeros_like", "ones_like", "make_loss")
        for data in (ODD, normal(0, 2))
    ],
    Row("_identity_with_attr_like_rhs", [ODD, (3,)], numeric=False),
    *[
        Row("MakeLoss", [normal(*shape)], {"normalization": n}, numeric=False)
        for shape in ((4,), (2, 3, 2), (2, 1, 3, 2))
        for n in ("batch", "valid")
    ],
    Row(
        KL,
        {"data": uniform(0.1, 0.9, 2, 5), "moving_avg": uniform(0.1, 0.9, 5)},
        dtypes=("float16", "float64"),
        numeric=False,
        differs=UNCALLABLE,
    ),
    Row(
        KL,
        {"data": values([[0.5, 0.5]] * 2), "moving_avg": values([0.5, 0.5])},
        numeric=False,
        differs=UNCALLABLE,
    ),
]
