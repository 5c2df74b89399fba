"""Shapes that follow in either direction from what is known; -1 is an unknown dimension."""

from __future__ import annotations

import pytest

import mxnet  # noqa: F401 - registers the operators
from mxnet.base import MXNetError
from mxnet.ops import registry

N = None

FOLLOWS = [
    ("gemm", {}, [(2, 3), (3, 4), N], [N], [(2, 3), (3, 4), (2, 4)], [(2, 4)]),
    ("gemm", {}, [(-1, 3), (3, 4), (2, 4)], [N], [(-1, 3), (3, 4), (2, 4)], [(2, 4)]),
    ("gemm2", {"axis": 0}, [(2, 5, 3), (3, 5, 4)], [N], [(2, 5, 3), (3, 5, 4)], [(2, 5, 4)]),
    ("potrf", {}, [N], [(3, 3)], [(3, 3)], [(3, 3)]),
    ("trmm", {}, [N, N], [(2, 5)], [(2, 2), (2, 5)], [(2, 5)]),
    (
        "trsm",
        {"rightside": True},
        [(-1, 5, 5), (3, 2, 5)],
        [N],
        [(3, 5, 5), (3, 2, 5)],
        [(3, 2, 5)],
    ),
    ("syrk", {"transpose": True}, [(-1, 3)], [N], [(-1, 3)], [(3, 3)]),
    ("gelqf", {}, [(-1, 2, 3)], [N, N], [(-1, 2, 3)], [(-1, 2, 3), (-1, 2, 2)]),
    ("syevd", {}, [N], [(4, 3, 3), N], [(4, 3, 3)], [(4, 3, 3), (4, 3)]),
    ("det", {}, [(-1, 3, 3)], [N], [(-1, 3, 3)], [(-1,)]),
    ("sumlogdiag", {}, [(3, 3)], [N], [(3, 3)], [(1,)]),
    ("extractdiag", {"offset": 1}, [(-1, 3, 3)], [N], [(-1, 3, 3)], [(-1, 2)]),
    ("makediag", {"offset": -1}, [(-1, 3)], [N], [(-1, 3)], [(-1, 4, 4)]),
    ("extracttrian", {}, [(2, 3, 3)], [N], [(2, 3, 3)], [(2, 6)]),
    ("maketrian", {}, [(-1, 3)], [N], [(-1, 3)], [(-1, 2, 2)]),
]

CONTRADICTS = [
    ("gemm", {}, [(2, 3), (3, 4), (2, 5)], [N]),
    ("potrf", {}, [(2, 3)], [N]),
    ("trmm", {}, [(2, 2), (3, 4)], [N]),
    ("gelqf", {}, [(3, 2)], [N, N]),
    ("maketrian", {}, [(4,)], [N]),
    ("extractdiag", {"offset": 3}, [(3, 3)], [N]),
]


def infer(name, attrs, inputs, outputs):
    """Apply the operator's shape rule."""
    operator = registry.get(f"_linalg_{name}")
    return operator.shapes(list(inputs), list(outputs), operator.parse(attrs))


@pytest.mark.parametrize(
    ("name", "attrs", "inputs", "outputs", "new_inputs", "new_outputs"), FOLLOWS
)
def test_shapes_follow(name, attrs, inputs, outputs, new_inputs, new_outputs) -> None:
    """What one side knows, the other gets."""
    found = infer(name, attrs, inputs, outputs)
    assert (list(found[0]), list(found[1])) == (new_inputs, new_outputs)


@pytest.mark.parametrize(("name", "attrs", "inputs", "outputs"), CONTRADICTS)
def test_contradictions_are_refused(name, attrs, inputs, outputs) -> None:
    """Shapes that can not be true together raise."""
    with pytest.raises(MXNetError):
        infer(name, attrs, inputs, outputs)
