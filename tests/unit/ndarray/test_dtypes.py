"""Element types: bfloat16, which NumPy lacks, and every spelling of the others."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import mxnet as mx
from mxnet.base import MXNetError

BFLOAT16 = mx.dtype.bfloat16


def test_bfloat16_rounds_to_eight_bits_of_precision():
    x = mx.nd.array([1.0, 1 + 1 / 128, 1 + 1 / 512, 3e38], dtype=BFLOAT16)
    back = x.astype("float32").asnumpy()
    assert back[:3].tolist() == [1, 1 + 1 / 128, 1]
    assert np.isfinite(back[3])


def test_bfloat16_is_a_type_of_its_own():
    x = mx.nd.ones((2,), dtype="bfloat16")
    assert x.dtype == BFLOAT16
    assert x.handle.dtype is torch.bfloat16


def test_numpy_sees_the_bits_of_bfloat16():
    bits = mx.nd.array([1.0, -2.0], dtype="bfloat16").asnumpy()
    assert bits.dtype == BFLOAT16
    assert bits.view(np.uint16).tolist() == [0x3F80, 0xC000]


def test_bits_make_a_bfloat16_array_again():
    x = mx.nd.array([1.5, -2.0], dtype="bfloat16")
    again = mx.nd.array(x.asnumpy(), dtype="bfloat16")
    assert again.astype("float32").asnumpy().tolist() == [1.5, -2.0]


def test_operators_compute_in_bfloat16():
    x = mx.nd.array([1.0, 2.0, 3.0], dtype="bfloat16")
    y = mx.nd.square(x + 1)
    assert y.dtype == BFLOAT16
    assert y.astype("float32").asnumpy().tolist() == [4, 9, 16]


def test_gradients_of_bfloat16_are_bfloat16():
    x = mx.nd.array([1.0, 2.0], dtype="bfloat16")
    x.attach_grad()
    with mx.autograd.record():
        y = x * x
    y.backward()
    assert x.grad.dtype == BFLOAT16
    assert x.grad.astype("float32").asnumpy().tolist() == [2, 4]


def test_bfloat16_survives_a_file(tmp_path):
    path = str(tmp_path / "x.params")
    mx.nd.save(path, [mx.nd.array([1.5], dtype="bfloat16")])
    (x,) = mx.nd.load(path)
    assert (x.dtype, float(x.astype("float32"))) == (BFLOAT16, 1.5)


@pytest.mark.parametrize(
    "spelling", ["float16", np.float16, np.dtype("float16"), torch.float16], ids=str
)
def test_every_spelling_of_a_type_is_understood(spelling):
    assert mx.nd.ones((1,), dtype=spelling).dtype is np.float16


@pytest.mark.parametrize("dtype", ["complex64", "float31", object, "datetime64[s]"])
def test_a_type_that_mxnet_lacks_is_named(dtype):
    with pytest.raises(MXNetError, match="is not an element type of MXNet; there are float32"):
        mx.nd.ones((1,), dtype=dtype)


def test_types_that_do_not_go_together_are_named():
    x, y = mx.nd.ones((2,)), mx.nd.ones((2,), dtype="float64")
    with pytest.raises(MXNetError, match="elemwise_add: inputs are float32 and float64"):
        mx.nd.elemwise_add(x, y)
