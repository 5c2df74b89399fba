"""Rows for embeddings."""

from tests.ops.rows import Row, integers, normal, values

FLOATS = ("float16", "float32", "float64")
SIZE = {"input_dim": 4, "output_dim": 3}
NAN = float("nan")


def row(op, data, weight=(4, 3), attrs=None, **more):
    """A row with a table of 4 rows of 3 elements."""
    return Row(op, [data, normal(*weight)], {**SIZE, **(attrs or {})}, **more)


INDICES = ("int8", "uint8", "int32", "int64", "float16", "float64")

ROWS = [
    row("Embedding", integers(0, 4, 2, 3, dtype="int32"), dtypes=FLOATS),
    *[row("Embedding", integers(0, 4, 5, dtype=dtype)) for dtype in INDICES],
    *[
        row("Embedding", integers(0, 4, 2, dtype="int32"), attrs={"dtype": dtype}, dtypes=(dtype,))
        for dtype in ("float16", "float64")
    ],
    Row(
        "Embedding",
        [integers(0, 4, 5, dtype="int32"), integers(0, 9, 4, 3)],
        SIZE,
        dtypes=("int32", "uint8"),
    ),
    row("Embedding", values([0, 3, 0, 0], "int64")),
    row("Embedding", values([[-1, -5], [4, 9]], "int32")),
    row("Embedding", values([1.7, 2.2, -0.5, 3.9], "float64")),
    row("Embedding", values([NAN, 1], "float32"), gradient=False),
    row("Embedding", integers(0, 4, 2, 2, 2, dtype="int32")),
    row("Embedding", integers(0, 4, 5, dtype="int32"), weight=(4, 2), raises=True),
    row("Embedding", integers(0, 4, 5, dtype="int32"), weight=(5, 3), raises=True),
    Row("Embedding", [integers(0, 4, 5, dtype="int32"), (4, 3)], {"input_dim": 4}, raises=True),
    row("Embedding", integers(0, 4, 5, dtype="int32"), attrs={"input_dim": 0}, raises=True),
    Row("_sparse_Embedding", [integers(0, 4, 5, dtype="int32"), (4, 3)], SIZE),
    row("_contrib_SparseEmbedding", integers(0, 4, 2, 3, dtype="int32"), gradient=False),
    row("_contrib_SparseEmbedding", integers(0, 4, 5, dtype="int32"), weight=(4, 2), raises=True),
]

CSR_GRADIENT = "the reference gives the table a row_sparse gradient, and refuses a dense one"
ROWS += [
    Row(
        "Embedding",
        [values([0, 3, 0], "int32"), integers(0, 9, 4, 3)],
        {**SIZE, "dtype": dtype},
        dtypes=(dtype,),
    )
    for dtype in ("int32", "int64", "int8", "uint8")
]
ROWS += [
    row("Embedding", values([0, 3, 0], "int32"), attrs={"sparse_grad": True}, gradient=False),
    row("Embedding", values([0, 3, 1], "int32"), attrs={"sparse_grad": True}, differs=CSR_GRADIENT),
    row("_contrib_SparseEmbedding", values([-1, 9, 0, 0], "int32"), dtypes=FLOATS),
    row(
        "_contrib_SparseEmbedding",
        values([0, 3], "int32"),
        attrs={"sparse_grad": True},
        differs="the reference gives the table a row_sparse gradient whatever sparse_grad says",
    ),
    *[
        Row(
            "_contrib_SparseEmbedding",
            [values([0, 3, 0], "int32"), integers(0, 9, 4, 3)],
            {**SIZE, "dtype": dtype},
            dtypes=(dtype,),
        )
        for dtype in ("float16", "float64", "int32", "uint8")
    ],
    *[
        Row(
            "_contrib_SparseEmbedding",
            [values([0, 3, 0], "int32"), integers(0, 9, 4, 3)],
            {**SIZE, "dtype": dtype},
            dtypes=(dtype,),
            differs="the reference lists int8 and int64 for dtype, but does not take them",
        )
        for dtype in ("int8", "int64")
    ],
]
