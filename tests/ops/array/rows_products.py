"""Rows for products of matrices and of arrays taken as matrices."""

from tests.ops.rows import Row, normal, values

WIDE = ("float32", "float64")
A, B, AB = {"transpose_a": True}, {"transpose_b": True}, {"transpose_a": True, "transpose_b": True}

DOTS = [
    ((2, 3), (3, 2), {}),
    ((3, 2), (3, 4), A),
    ((2, 3), (4, 3), B),
    ((3, 2), (4, 3), AB),
    ((3,), (3,), {}),
    ((1,), (1,), {}),
    ((3,), (3, 2), {}),
    ((3,), (3, 2), A),
    ((3,), (2, 3), B),
    ((2, 3), (3,), {}),
    ((2, 3), (3,), B),
    ((3, 2), (3,), A),
    ((2, 2, 3), (3, 2), {}),
    ((2, 3), (3, 2, 4), {}),
    ((2, 2, 3), (3, 2, 2), {}),
    ((3, 2, 4), (3, 2), A),
    ((2, 3), (2, 4, 3), B),
    ((3, 2, 2), (2, 4, 3), AB),
    ((3,), (3, 2, 2), {}),
    ((2, 2, 3), (3,), {}),
]
WRONG_DOTS = [
    ((3,), (3,), AB),
    ((3,), (3,), A),
    ((2, 3), (2, 3), {}),
    ((3,), (2,), {}),
    ((2, 2, 3), (2, 3, 2), {}),
]
BATCHES = [
    ((2, 2, 3), (2, 3, 4), {}),
    ((2, 3, 2), (2, 3, 4), A),
    ((2, 2, 3), (2, 4, 3), B),
    ((1, 3, 2), (1, 4, 3), AB),
    ((2, 2, 2, 3), (2, 2, 3, 1), {}),
]
WRONG_BATCHES = [
    ((2, 2, 3), (1, 3, 2), {}),
    ((2, 3), (3, 2), {}),
    ((2, 2, 3), (2, 2, 3), {}),
    ((2, 2, 3), (2, 2, 3, 1), {}),
]
STORAGES = (None, "default", "csr", "row_sparse")
FORBIDDEN = "the reference multiplies float32 and float64 alone on a CPU"

ROWS = [
    *[Row("dot", [lhs, rhs], attrs, dtypes=WIDE) for lhs, rhs, attrs in DOTS],
    *[Row("dot", [lhs, rhs], attrs, raises=True) for lhs, rhs, attrs in WRONG_DOTS],
    *[Row("dot", [(2, 3), (3, 2)], {"forward_stype": storage}) for storage in STORAGES],
    Row("dot", [(2, 3), (3, 2)], {"forward_stype": "dense"}, raises=True),
    Row("dot", [(2, 3), (3, 2)], dtypes=("float16", "int32"), differs=FORBIDDEN),
    Row("dot", [normal(2, 3, dtype="float32"), normal(3, 2, dtype="float64")], raises=True),
    *[Row("batch_dot", [lhs, rhs], attrs, dtypes=WIDE) for lhs, rhs, attrs in BATCHES],
    *[Row("batch_dot", [lhs, rhs], attrs, raises=True) for lhs, rhs, attrs in WRONG_BATCHES],
    *[Row("batch_dot", [(1, 2, 3), (1, 3, 2)], {"forward_stype": s}) for s in STORAGES],
    Row("batch_dot", [(1, 2, 3), (1, 3, 2)], dtypes=("float16",), differs=FORBIDDEN),
    Row("khatri_rao", [(2, 2), (3, 2)], dtypes=WIDE, gradient=False),
    Row("khatri_rao", [(2, 2), (3, 2), (1, 2)], gradient=False),
    Row("khatri_rao", [(2, 3)], gradient=False),
    Row("khatri_rao", [(2, 2), (3, 3)], raises=True),
    Row("khatri_rao", [(2,), (3,)], raises=True),
]

SOME = values([[0.0, float("nan")], [1.0, float("inf")]])
OTHER = values([[0.0, 1.0], [1.0, 0.0]])
ROWS += [
    Row("dot", [SOME, OTHER], numeric=False),
    Row("dot", [(0, 3), (3, 2)]),
    Row("batch_dot", [(0, 2, 3), (0, 3, 2)]),
    Row("khatri_rao", [(3, 2), (1, 2)]),
    Row("khatri_rao", [(2, 2), (3, 2)], dtypes=("float16",), gradient=False, differs=FORBIDDEN),
    Row("khatri_rao", [SOME, OTHER], gradient=False),
    *[Row("khatri_rao", [(2, 2), (3, 2)], {"num_args": n}, raises=True) for n in (1, 3)],
]
