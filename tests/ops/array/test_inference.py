"""Shapes that follow in either direction from what is known; -1 is an unknown dimension."""

from __future__ import annotations

import pytest

import mxnet  # noqa: F401 - registers the operators
from mxnet.base import MXNetError
from mxnet.ops import registry

N = None

# operator, attributes, known inputs and outputs, what they become
FOLLOWS = [
    ("Reshape", {"shape": (0, -1)}, [(-1, 3, 4)], [N], [(-1, 3, 4)], [(-1, 12)]),
    ("Reshape", {"shape": (-1, 12)}, [(-1, 3, 4)], [(5, 12)], [(5, 3, 4)], [(5, 12)]),
    ("Reshape", {"shape": (0, 3, 4)}, [(-1, 12)], [(7, -1, -1)], [(7, 12)], [(7, 3, 4)]),
    ("Reshape", {"shape": (7, 3, 4)}, [(-1, 12)], [N], [(7, 12)], [(7, 3, 4)]),
    ("Reshape", {"shape": (7, 3, 4)}, [(-1, -1)], [N], [(-1, -1)], [(7, 3, 4)]),
    ("Reshape", {"shape": (-3, 0)}, [(-1, 3, 4)], [N], [(-1, 3, 4)], [(-1, 4)]),
    ("Reshape", {"shape": (0, -4, -1, 3)}, [(-1, 12)], [N], [(-1, 12)], [(-1, 4, 3)]),
    ("Reshape", {"shape": (-1,)}, [N], [(24,)], [N], [(24,)]),
    ("Reshape", {"target_shape": (0, 6)}, [(-1, 3)], [N], [(-1, 3)], [(-1, 6)]),
    ("Flatten", {}, [(-1, 3, 4)], [N], [(-1, 3, 4)], [(-1, 12)]),
    ("Flatten", {}, [(2, -1, 4)], [(2, 12)], [(2, -1, 4)], [(2, 12)]),
    ("transpose", {}, [(-1, 3, 4)], [N], [(-1, 3, 4)], [(4, 3, -1)]),
    ("transpose", {"axes": (1, 2, 0)}, [(-1, 3, -1)], [(3, 5, -1)], [(-1, 3, 5)], [(3, 5, -1)]),
    ("transpose", {"axes": (1, 0)}, [N], [(2, 3)], [(3, 2)], [(2, 3)]),
    ("SwapAxis", {"dim1": 0, "dim2": 1}, [(-1, 3)], [(3, 7)], [(7, 3)], [(3, 7)]),
    ("expand_dims", {"axis": 1}, [N], [(2, 1, 3)], [(2, 3)], [(2, 1, 3)]),
    ("expand_dims", {"axis": -1}, [(-1, 3)], [(5, 3, 1)], [(5, 3)], [(5, 3, 1)]),
    ("squeeze", {"axis": 1}, [(-1, 1, 3)], [N], [(-1, 1, 3)], [(-1, 3)]),
    ("squeeze", {}, [(-1, 1, 3)], [N], [(-1, 1, 3)], [N]),
    ("reshape_like", {}, [(-1, 6), (5, 3, 2)], [N], [(5, 6), (5, 3, 2)], [(5, 3, 2)]),
    ("slice", {"begin": (N, 1), "end": (N, 3)}, [(-1, 4)], [(5, 2)], [(-1, 4)], [(5, 2)]),
    ("slice_axis", {"axis": 1, "begin": 1, "end": 3}, [(-1, 4)], [N], [(-1, 4)], [(-1, 2)]),
    ("slice_like", {}, [(3, 4), (-1, 3)], [N], [(3, 4), (-1, 3)], [(-1, 3)]),
    ("Crop", {"h_w": (2, 2)}, [(-1, 3, 5, 5)], [N], [(-1, 3, 5, 5)], [(-1, 3, 2, 2)]),
    ("Concat", {"dim": 1}, [(-1, 3), (2, 4)], [N], [(2, 3), (2, 4)], [(2, 7)]),
    ("Concat", {"dim": 1}, [(-1, 3), (-1, 4)], [(5, 7)], [(5, 3), (5, 4)], [(5, 7)]),
    ("Concat", {"dim": 1}, [(2, 3), N], [N], [(2, 3), (2, -1)], [(2, -1)]),
    ("Concat", {"dim": -1}, [(2, 3), (-1, -1)], [(2, 8)], [(2, 3), (2, 5)], [(2, 8)]),
    ("_rnn_param_concat", {"dim": 0}, [(-1,), (-1,)], [(10,)], [(5,), (5,)], [(10,)]),
    ("stack", {"axis": 1}, [(5, -1), N], [(-1, 2, 3)], [(5, 3), (5, 3)], [(5, 2, 3)]),
    ("SliceChannel", {"num_outputs": 2}, [(-1, 4)], [(5, 2), N], [(5, 4)], [(5, 2), (5, 2)]),
    (
        "SliceChannel",
        {"num_outputs": 2, "squeeze_axis": True},
        [N],
        [(5,), N],
        [(5, 2)],
        [(5,), (5,)],
    ),
    ("_split_v2", {"indices": (0, 1)}, [(-1, 4)], [N, N], [(-1, 4)], [(-1, 1), (-1, 3)]),
    ("tile", {"reps": (2, 2)}, [(-1, 3)], [N], [(-1, 3)], [(-1, 6)]),
    ("repeat", {"repeats": 2, "axis": 1}, [(-1, 3)], [N], [(-1, 3)], [(-1, 6)]),
    ("take", {}, [(5, 3), (-1,)], [N], [(5, 3), (-1,)], [(-1, 3)]),
    ("pick", {}, [(2, 3), N], [N], [(2, 3), (2,)], [(2,)]),
    ("one_hot", {"depth": 3}, [N], [(2, 3)], [(2,)], [(2, 3)]),
    ("dot", {}, [(-1, 3), (3, 2)], [N], [(-1, 3), (3, 2)], [(-1, 2)]),
    ("dot", {"transpose_b": True}, [(4, 3), (2, -1)], [N], [(4, 3), (2, 3)], [(4, 2)]),
    ("batch_dot", {}, [(-1, 2, 3), (5, 3, 2)], [N], [(5, 2, 3), (5, 3, 2)], [(5, 2, 2)]),
    ("_zeros", {"shape": (0, 3)}, [], [N], [], [(-1, 3)]),
    ("_zeros", {"shape": (0, 3)}, [], [(4, 3)], [], [(4, 3)]),
    ("_arange", {"start": 0, "infer_range": True}, [], [(4,)], [], [(4,)]),
    ("_slice_assign", {"begin": (1,), "end": (3,)}, [(3, 4), N], [N], [(3, 4), (2, 4)], [(3, 4)]),
    ("_ravel_multi_index", {"shape": (7, 6)}, [N], [(3,)], [(2, 3)], [(3,)]),
]

CONTRADICTS = [
    ("Reshape", {"shape": (-1,)}, [(2, 3)], [(5,)]),
    ("transpose", {}, [(2, 3)], [(4, 2)]),
    ("expand_dims", {"axis": 1}, [N], [(2, 4, 3)]),
    ("Concat", {"dim": 1}, [(2, 3), (3, 4)], [N]),
    ("Concat", {"dim": 1}, [(2, 3), (2, 4)], [(2, 8)]),
    ("SliceChannel", {"num_outputs": 2}, [(2, 4)], [(2, 3), N]),
    ("dot", {}, [(2, 3), (4, -1)], [N]),
    ("stack", {}, [(2, 3), (2, 4)], [N]),
    ("_rnn_param_concat", {"dim": 0}, [(4,), (3,)], [(8,)]),
    ("_zeros", {"shape": (2, 3)}, [], [(4, 3)]),
]


def infer(name, attrs, inputs, outputs):
    """Apply the operator's shape rule."""
    operator = registry.get(name)
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
