"""Rows for gradients at singular matrices, equal eigenvalues and NaN."""

from tests.ops.rows import Row, values

NAN = float("nan")
BOTH = ("float32", "float64")
EQUAL = values([[2.0, 0.0, 0.0], [0.0, 2.0, 0.0], [0.0, 0.0, 3.0]])
SINGULAR = values([[1.0, 2.0], [2.0, 4.0]])
ZERO = values([[0.0, 0.0], [0.0, 0.0]])

ROWS = [
    *[
        Row("linalg.det", [matrix], dtypes=BOTH, numeric=False)
        for matrix in (EQUAL, SINGULAR, ZERO)
    ],
    *[
        Row("linalg.slogdet", [matrix], dtypes=BOTH, numeric=False)
        for matrix in (EQUAL, SINGULAR, ZERO)
    ],
    Row("linalg.inverse", [EQUAL], dtypes=BOTH),
    Row("linalg.potrf", [EQUAL], dtypes=BOTH, numeric=False),
    Row("linalg.potri", [EQUAL], dtypes=BOTH, numeric=False),
    Row("linalg.sumlogdiag", [EQUAL], dtypes=BOTH),
    Row("linalg.sumlogdiag", [SINGULAR], dtypes=BOTH),
    Row("linalg.sumlogdiag", [values([[0.0, 1.0], [1.0, 2.0]])], dtypes=BOTH, numeric=False),
    Row("linalg.syrk", [ZERO], {"alpha": 2, "transpose": True}, BOTH),
    Row("linalg.trsm", [EQUAL, (3, 2)], {"alpha": 2}, BOTH, numeric=False),
    Row("linalg.trmm", [EQUAL, (3, 2)], {"lower": False}, BOTH),
    Row("linalg.gemm2", [values([[0.0, NAN]]), (2, 2)], dtypes=BOTH, numeric=False),
    Row("linalg.extractdiag", [SINGULAR], {"offset": -1}, BOTH),
    Row("linalg.syevd", [EQUAL], gradient=False, dtypes=BOTH),
]
