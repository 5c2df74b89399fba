"""What a wrong call says: the operator, the argument, what came and what was expected."""

from __future__ import annotations

import re

import numpy as np
import pytest

import mxnet as mx
from mxnet.base import MXNetError

CALLS = {
    "shapes that differ": (
        lambda: mx.nd.elemwise_add(mx.nd.ones((2, 3)), mx.nd.ones((3, 2))),
        MXNetError,
        "elemwise_add: lhs has shape (2, 3) and rhs (3, 2), but they must be equal",
    ),
    "a weight that does not fit": (
        lambda: mx.nd.FullyConnected(
            mx.nd.ones((4, 8)), mx.nd.ones((16, 9)), mx.nd.ones((16,)), num_hidden=16
        ),
        MXNetError,
        "FullyConnected: weight has shape (16, 9), but (16, 8) follows from data (4, 8) and "
        "num_hidden=16",
    ),
    "an unknown attribute": (
        lambda: mx.nd.exp(mx.nd.ones((1,)), scale=2),
        MXNetError,
        "exp: there is no attribute or input 'scale'; inputs are data; attributes are (none).",
    ),
    "an attribute of the wrong kind": (
        lambda: mx.nd.Activation(mx.nd.ones((1,)), act_type="rely"),
        MXNetError,
        "Activation: attribute act_type is 'rely', but must be one of relu, sigmoid,",
    ),
    "a missing attribute": (
        lambda: mx.nd.Activation(mx.nd.ones((1,))),
        MXNetError,
        "Activation: required attribute act_type is missing.",
    ),
    "an input that is no array": (
        lambda: mx.nd.exp("text"),
        (MXNetError, TypeError),
        "exp: input data is a str, but must be an NDArray",
    ),
    "an axis that does not exist": (
        lambda: mx.nd.sum(mx.nd.ones((2, 3)), axis=5),
        MXNetError,
        "sum: ",
    ),
    "reshaping to another size": (
        lambda: mx.nd.ones((2, 3)).reshape((4, 2)),
        MXNetError,
        "Reshape: ",
    ),
    "a number of several elements": (
        lambda: float(mx.nd.ones((2,))),
        ValueError,
        "asscalar: the array has shape (2,), but must have one element.",
    ),
    "the truth of several elements": (
        lambda: bool(mx.nd.ones((2,))),
        ValueError,
        "The truth value of an NDArray of shape (2,) is ambiguous",
    ),
    "copying to another shape": (
        lambda: mx.nd.ones((2,)).copyto(mx.nd.ones((3,))),
        MXNetError,
        "copyto: the target has shape (3,), but the source has (2,).",
    ),
    "copying to no array": (
        lambda: mx.nd.ones((2,)).copyto("x"),
        TypeError,
        "copyto: the target is str, not NDArray or Context.",
    ),
    "setting a value that does not fit": (
        lambda: mx.nd.ones((2, 3)).__setitem__(0, mx.nd.ones((4,))),
        ValueError,
        "A value of shape (4,) does not fit x[0] of an array of shape (2, 3).",
    ),
    "setting text": (
        lambda: mx.nd.ones((2,)).__setitem__(0, "text"),
        TypeError,
        "NDArray elements can not be set to a str.",
    ),
    "an index of the wrong kind": (
        lambda: mx.nd.ones((2,))[1.5],
        ValueError,
        "An NDArray index is 1.5 of type float, but must be an integer,",
    ),
    "too many indices": (
        lambda: mx.nd.ones((2,))[0, [0]],
        IndexError,
        "The key has 2 indices, but the array has 1 axes.",
    ),
    "a negative length": (
        lambda: mx.nd.zeros((2, -1)),
        MXNetError,
        "An array can not have shape (2, -1): lengths are whole and not negative.",
    ),
    "an array of text": (
        lambda: mx.nd.array(["a"]),
        TypeError,
        "array: list is not an array-like object",
    ),
    "an unknown storage type": (
        lambda: mx.nd.ones((2,)).tostype("dense"),
        MXNetError,
        "tostype: 'dense' is not a storage type; there are ('default', 'row_sparse', 'csr').",
    ),
    "an unknown gradient request": (
        lambda: mx.nd.ones((2,)).attach_grad("overwrite"),
        KeyError,
        "attach_grad: grad_req is 'overwrite', but must be write, add or null.",
    ),
    "backward of nothing recorded": (
        lambda: mx.nd.ones((2,)).backward(),
        MXNetError,
        "backward: ",
    ),
    "a head gradient of another shape": (
        lambda: _recorded().backward(mx.nd.ones((3,))),
        MXNetError,
        "backward: ",
    ),
    "a damaged file": (
        lambda: mx.nd.load_frombuffer(b"\x12\x01" + bytes(6)),
        MXNetError,
        "The array file is damaged: the reserved word needs 8 bytes at 8, but the file ends at 8.",
    ),
}


def _recorded():
    x = mx.nd.ones((2,))
    x.attach_grad()
    with mx.autograd.record():
        return x * 2


@pytest.mark.parametrize("case", CALLS)
def test_a_wrong_call(case):
    call, kind, message = CALLS[case]
    with pytest.raises(kind, match=re.escape(message)) as raised:
        call()
    text = str(raised.value)
    assert "\n" not in text
    assert "aten::" not in text


def test_nothing_is_written_when_a_call_fails():
    x = mx.nd.zeros((2, 3))
    for value in (mx.nd.ones((4,)), np.ones((3, 3)), [1, 2]):
        with pytest.raises((ValueError, MXNetError)):
            x[:] = value
    assert x.asnumpy().tolist() == [[0, 0, 0], [0, 0, 0]]
