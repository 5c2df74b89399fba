"""Rows for operators that refuse dense arrays."""

from tests.ops.rows import Row, values

ROWS = [
    Row("_contrib_getnnz", [(2, 3)], raises=True),
    Row("_contrib_getnnz", [(2, 3)], {"axis": 0}, raises=True),
    Row("_contrib_edge_id", [(2, 3), values([0]), values([1])], raises=True),
    Row("sparse.retain", [(2, 3), values([0])], raises=True),
]
