"""Rows for decompositions."""

from tests.ops.rows import Row, normal, uniform, values

WIDE = ("float32", "float64")


def positive(side, *batch):
    """Symmetric positive definite matrices: sizes of the diagonal exceed those beside it."""
    matrix = [
        [2.0 * side + 0.7 * i if i == j else 1 / (1 + i + j) for j in range(side)]
        for i in range(side)
    ]
    for size in reversed(batch):
        matrix = [matrix] * size
    return values(matrix)


LOWER_ALONE = values([[4.0, 9.0], [1.0, 3.0]])
SYMMETRIC = values([[-2.0, 1.0, 0.5], [1.0, 2.0, 1.5], [0.5, 1.5, -3.0]])
FACTOR = values([[2.5, 0.0, 0.0], [1.1, 3.2, 0.0], [-0.4, 0.3, 1.7]])

ROWS = [
    Row("linalg.potrf", [positive(3)], dtypes=WIDE, numeric=False),
    Row("linalg.potrf", [positive(2, 2)], dtypes=WIDE, numeric=False),
    Row("linalg.potrf", [positive(2, 2, 1)], numeric=False),
    Row("linalg.potrf", [LOWER_ALONE], numeric=False),
    Row("linalg_potrf", {"A": values([[4.0]])}, numeric=False),
    Row("linalg.potrf", [values([[-1.0, 0.0], [0.0, 1.0]])], raises=True),
    Row("linalg.potrf", [values([[4.0, 2.0], [2.0, 1.0]])], raises=True),
    Row("linalg.potrf", [(2, 3)], raises=True),
    Row("linalg.potrf", [(4,)], raises=True),
    Row("linalg.potri", [FACTOR], dtypes=WIDE),
    Row(
        "linalg.potri", [values([[[2.5, 7.0], [1.1, 3.2]], [[1.5, 0.0], [0.2, 0.7]]])], dtypes=WIDE
    ),
    Row("linalg.potri", [values([[0.0, 0.0], [1.0, 3.0]])], raises=True),
    Row("linalg.potri", [(2, 3)], raises=True),
    Row("linalg.gelqf", [(2, 3)], dtypes=WIDE),
    Row("linalg.gelqf", [normal(2, 2, 4)], dtypes=WIDE),
    Row("linalg.gelqf", [(3, 3)], dtypes=WIDE),
    Row("linalg.gelqf", [uniform(-2, -1, 1, 3)]),
    Row("linalg.gelqf", [values([[2.5, 0.0], [0.0, 3.5]])], numeric=False),
    Row("linalg.gelqf", [(3, 2)], raises=True),
    Row("linalg.gelqf", [(3,)], raises=True),
    Row("linalg.syevd", [SYMMETRIC], dtypes=WIDE, numeric=False),
    Row("linalg.syevd", [positive(3, 2)], dtypes=WIDE, numeric=False),
    Row("linalg.syevd", [LOWER_ALONE], numeric=False),
    Row("linalg.syevd", [values([[1.0, 0.0], [0.0, 1.0]])], numeric=False),
    Row("linalg.syevd", [values([[5.0]])], numeric=False),
    Row("linalg.syevd", [(2, 3)], raises=True),
]

HALF = {"dtypes": ("float16",), "gradient": False, "raises": True}
ROWS += [
    Row("linalg.potrf", [positive(2)], **HALF),
    Row("linalg.potri", [FACTOR], **HALF),
    Row("linalg.gelqf", [(2, 3)], **HALF),
    Row("linalg.syevd", [SYMMETRIC], **HALF),
]
