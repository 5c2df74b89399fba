"""Files of arrays: what is written comes back, and damaged files are refused."""

from __future__ import annotations

import os
import random
import struct

import numpy as np
import pytest

import mxnet as mx
from mxnet.base import MXNetError

DTYPES = ["float16", "float32", "float64", "uint8", "int8", "int32", "int64"]


@pytest.mark.parametrize("dtype", DTYPES)
def test_arrays_of_every_dtype_come_back(tmp_path, dtype):
    path = str(tmp_path / "x.params")
    array = mx.nd.array(np.arange(6).reshape(2, 3), dtype=dtype)
    mx.nd.save(path, {"arg:x": array})
    back = mx.nd.load(path)["arg:x"]
    assert back.dtype == np.dtype(dtype).type
    assert back.asnumpy().tolist() == array.asnumpy().tolist()


def test_a_list_comes_back_as_a_list(tmp_path):
    path = str(tmp_path / "x.params")
    mx.nd.save(path, [mx.nd.ones((2,)), mx.nd.zeros((1, 1))])
    assert [a.shape for a in mx.nd.load(path)] == [(2,), (1, 1)]


@pytest.mark.parametrize("stype", ["csr", "row_sparse"])
def test_sparse_arrays_come_back(tmp_path, stype):
    path = str(tmp_path / "x.params")
    array = mx.nd.array([[0, 1, 0], [0, 0, 0], [2, 0, 3]]).tostype(stype)
    mx.nd.save(path, {"x": array})
    back = mx.nd.load(path)["x"]
    assert back.stype == stype
    assert back.asnumpy().tolist() == array.asnumpy().tolist()


def _saved(tmp_path) -> bytes:
    path = str(tmp_path / "x.params")
    mx.nd.save(path, {"weight": mx.nd.ones((2, 3)), "s": mx.nd.ones((2, 2)).tostype("csr")})
    with open(path, "rb") as file:
        return file.read()


def test_the_layout_is_the_references(tmp_path):
    path = str(tmp_path / "x.params")
    mx.nd.save(path, {"a": mx.nd.array([1.0])})
    expected = struct.pack("<QQQ", 0x112, 0, 1) + struct.pack("<Ii", 0xF993FAC9, 0)
    expected += struct.pack("<iq", 1, 1) + struct.pack("<iii", 1, 0, 0) + struct.pack("<f", 1.0)
    expected += struct.pack("<QQ", 1, 1) + b"a"
    with open(path, "rb") as file:
        assert file.read() == expected


def test_every_truncation_is_refused(tmp_path):
    whole = _saved(tmp_path)
    for size in range(len(whole)):
        with pytest.raises(MXNetError):
            mx.nd.load_frombuffer(whole[:size])


def test_damaged_bytes_raise_mxnet_errors_or_give_arrays(tmp_path):
    whole, draw = _saved(tmp_path), random.Random(0)
    refused = 0
    for _ in range(3000):
        damaged = bytearray(whole)
        for _ in range(draw.randint(1, 4)):
            damaged[draw.randrange(len(damaged))] = draw.randrange(256)
        try:
            mx.nd.load_frombuffer(bytes(damaged))
        except MXNetError:
            refused += 1
    assert refused > 1500


def test_a_file_of_something_else_is_refused():
    with pytest.raises(MXNetError, match="This is no array file: it begins with"):
        mx.nd.load_frombuffer(b"PK\x03\x04" + bytes(40))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(MXNetError, match="nothing.params can not be read"):
        mx.nd.load(str(tmp_path / "nothing.params"))


def test_a_refused_save_leaves_the_old_file(tmp_path):
    path = str(tmp_path / "x.params")
    mx.nd.save(path, {"a": mx.nd.ones((1,))})
    with pytest.raises(TypeError, match="is not an NDArray"):
        mx.nd.save(path, {"a": 3})
    assert mx.nd.load(path)["a"].asscalar() == 1
    assert os.listdir(tmp_path) == ["x.params"]
