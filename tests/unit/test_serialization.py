"""Files of arrays: what is written comes back, and damaged files are refused."""

from __future__ import annotations

import os
import struct
import threading

import numpy as np
import pytest

import mxnet as mx
from mxnet.base import MXNetError
from mxnet.serialization import write_whole
from tools import array_files as layout
from tools.fuzz_arrays import corpus, fault, fuzz


@pytest.mark.parametrize("stype", ["default", "csr", "row_sparse"])
@pytest.mark.parametrize("dtype", mx.dtype.NAMES)
def test_arrays_of_every_dtype_and_storage_type_come_back(tmp_path, dtype, stype):
    path = str(tmp_path / "x.params")
    array = mx.nd.array([[0, 1, 0], [0, 0, 0], [2, 0, 3]], dtype=dtype).tostype(stype)
    mx.nd.save(path, {"arg:x": array})
    back = mx.nd.load(path)["arg:x"]
    assert (back.dtype, back.stype, back.shape) == (array.dtype, stype, (3, 3))
    assert back.asnumpy().tolist() == array.asnumpy().tolist()


@pytest.mark.parametrize("shape", [(), (0,), (2, 0, 3), (1,) * 32])
def test_every_shape_comes_back_without_np_shape(tmp_path, shape):
    path = str(tmp_path / "x.params")
    mx.nd.save(path, [mx.nd.from_numpy(np.ones(shape)), mx.nd.ones((2,))])
    assert [array.shape for array in mx.nd.load(path)] == [shape, (2,)]


def test_a_list_comes_back_as_a_list(tmp_path):
    path = str(tmp_path / "x.params")
    mx.nd.save(path, [mx.nd.ones((2,)), mx.nd.zeros((1, 1))])
    assert [a.shape for a in mx.nd.load(path)] == [(2,), (1, 1)]


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


def test_damaged_files_are_refused_or_whole():
    report = fuzz(4000, seed=1)
    assert report.problems == []
    assert report.refused > 2000


def test_the_fuzzers_files_are_whole():
    for fields in corpus():
        size = len(layout.joined(fields))
        assert fault(mx.nd.load_frombuffer(layout.joined(fields)), size) == ""


def test_the_fuzzers_layouts_are_those_of_save(tmp_path):
    path = tmp_path / "x.params"
    made = {
        "a": mx.nd.array([[1, 2]], dtype="float16"),
        "b": mx.nd.array([[0, 5], [0, 0]]).tostype("csr"),
        "ü": mx.nd.array([[0, 0], [5, 6]]).tostype("row_sparse"),
        "s": mx.nd.from_numpy(np.array(3, "int8")),
    }
    fields = layout.file(
        [
            layout.dense(2, (1, 2), 2, np.array([1, 2], "float16").tobytes()),
            layout.csr((2, 2), 0, np.array([5], "float32").tobytes(), (0, 1, 1), (1,)),
            layout.row_sparse((2, 2), 0, np.array([5, 6], "float32").tobytes(), (1,)),
            layout.dense(3, (), 5, b"\3"),
        ],
        [name.encode() for name in made],
    )
    mx.nd.save(str(path), made)
    assert path.read_bytes() == layout.joined(fields)


HUGE = 2**62
SPARSE = {
    "csr of three axes": layout.csr((2, 2, 1), 3, b"ab", (0, 1, 2), (0, 1)),
    "csr without axes": layout.csr((), 3, b"ab", (0, 1, 2), (0, 1)),
    "a row too few": layout.csr((3, 2), 3, b"ab", (0, 1, 2), (0, 1)),
    "a column too far": layout.csr((2, 2), 3, b"ab", (0, 1, 2), (0, 2)),
    "a negative column": layout.csr((2, 2), 3, b"ab", (0, 1, 2), (0, -1)),
    "rows that go back": layout.csr((3, 2), 3, b"ab", (0, 2, 1, 2), (0, 1)),
    "rows whose differences overflow": layout.csr(
        (4, 2), 3, b"ab", (0, 2**63 - 1, -(2**63), -1, 2), (0, 1)
    ),
    "rows that begin late": layout.csr((2, 2), 3, b"ab", (1, 1, 2), (0, 1)),
    "a column twice": layout.csr((1, 2), 3, b"ab", (0, 2), (1, 1)),
    "indices of floats": layout.csr((2, 2), 3, b"ab", (0, 1, 2), (0, 1), (0, "f")),
    "more elements than can be": layout.csr((2, HUGE), 1, b"a" * 16, (0, 1, 2), (0, 1)),
    "a row too far": layout.row_sparse((2, 1), 3, b"ab", (0, 2)),
    "a row twice": layout.row_sparse((2, 1), 3, b"ab", (1, 1)),
    "rows of another length": layout.sparse(1, (1, 3), (2, 2), 3, b"abc", (6, (1,), bytes(8))),
    "a scalar": layout.sparse(1, (), (), 3, b"a", (6, (), b"")),
}


@pytest.mark.parametrize("name", SPARSE)
def test_sparse_arrays_that_do_not_fit_together_are_refused(name):
    with pytest.raises(MXNetError, match=r"damaged|csr: |row_sparse: "):
        mx.nd.load_frombuffer(layout.joined(layout.file([SPARSE[name]])))


DENSE = {
    "axes": (layout.dense(2, (1,) * 33, 3, b"a"), "an array has 33 axes"),
    "old axes": (layout.dense(0, (1,) * 33, 3, b"a"), "an array begins with 0x21"),
    "product": (layout.dense(2, (2**32, 2**32), 3, b""), "more elements than can be"),
    "old product": (layout.dense(0, (2**32 - 1,) * 4, 3, b""), "more elements than can be"),
    "empty product": (layout.dense(2, (0, HUGE, HUGE), 3, b""), "more elements than can be"),
    "wrapped": (layout.dense(2, (2**61,), 1, b""), "more elements than can be"),
    "long": (layout.dense(2, (2**60,), 0, b"abcd"), r"needs \d+ bytes at 56, but the file ends at"),
    "scalar": (layout.dense(1, (), 0, b"abcd"), "a layout without scalars has no axes"),
    "dtype": (layout.dense(2, (1,), 8, b"a"), "dtype code 8 of an array is unknown"),
    "length": (layout.dense(2, (-1,), 0, b""), r"an array has shape \(-1,\)"),
}


@pytest.mark.parametrize("name", DENSE)
def test_impossible_arrays_are_refused(name):
    array, message = DENSE[name]
    with pytest.raises(MXNetError, match=message):
        mx.nd.load_frombuffer(layout.joined(layout.file([array])))


@pytest.mark.parametrize("kept", [-1, -9, 20])
def test_a_file_that_is_cut_while_it_is_read_is_refused(tmp_path, monkeypatch, kept):
    path = tmp_path / "x.params"
    whole = _saved(tmp_path)
    path.write_bytes(whole[:kept])
    status = list(path.stat())
    status[6] = len(whole)  # what a writer said before it cut the file
    monkeypatch.setattr(os, "fstat", lambda number: os.stat_result(status))
    with pytest.raises(MXNetError, match="it was cut off at .* while it was read"):
        mx.nd.load(str(path))


def test_a_name_that_is_no_text_is_refused():
    one = layout.dense(2, (1,), 3, b"a")
    with pytest.raises(MXNetError, match="a name is no UTF-8 text"):
        mx.nd.load_frombuffer(layout.joined(layout.file([one], [b"\xff"])))


def test_a_byte_of_a_bool_is_true_unless_it_is_zero():
    data = layout.joined(layout.file([layout.dense(2, (3,), 7, b"\0\1\x80")]))
    loaded = mx.nd.load_frombuffer(data)[0]
    assert loaded.asnumpy().view("uint8").tolist() == [0, 1, 1]


def test_loading_does_not_keep_the_buffer():
    data = bytearray(layout.joined(layout.file([layout.dense(2, (2,), 3, b"ab")])))
    loaded = mx.nd.load_frombuffer(data)[0]
    data[:] = bytes(len(data))
    assert loaded.asnumpy().tolist() == [97, 98]


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


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_an_interrupted_save_leaves_the_old_file(tmp_path, monkeypatch, error):
    path = tmp_path / "x.params"
    mx.nd.save(str(path), [mx.nd.ones((1,))])
    before = path.read_bytes()

    def interrupt(source, target):
        assert os.path.getsize(source) > len(before)
        raise error

    monkeypatch.setattr(os, "replace", interrupt)
    expected = MXNetError if isinstance(error, OSError) else KeyboardInterrupt
    with pytest.raises(expected):
        mx.nd.save(str(path), [mx.nd.zeros((10,))])
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["x.params"]


def test_a_file_whose_pieces_fail_half_way_is_not_written(tmp_path):
    path = tmp_path / "x.params"
    path.write_bytes(b"old")
    with pytest.raises(TypeError):
        write_whole(str(path), b"half", 3)
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["x.params"]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="Linux has a device that is full")
def test_a_full_disk_is_told():
    with pytest.raises(MXNetError, match="/dev/full can not be written: No space left on device"):
        mx.nd.save("/dev/full", [mx.nd.ones((1,))])
    assert not os.path.isfile("/dev/full")


def test_a_file_that_can_not_be_written_is_named(tmp_path):
    with pytest.raises(MXNetError, match=r"no/x can not be written: No such file or directory"):
        mx.nd.save(str(tmp_path / "no" / "x"), [mx.nd.ones((1,))])
    with pytest.raises(MXNetError, match="can not be written: Is a directory"):
        mx.sym.Variable("x").save(str(tmp_path))


def test_a_link_stays_a_link_and_a_mode_a_mode(tmp_path):
    path, link = tmp_path / "x.params", tmp_path / "latest"
    mx.nd.save(str(path), [mx.nd.ones((1,))])
    path.chmod(0o600)
    link.symlink_to(path)
    mx.nd.save(str(link), [mx.nd.zeros((3,))])
    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o600
    assert mx.nd.load(str(path))[0].shape == (3,)


def test_a_pipe_is_written_and_not_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    found = []
    reader = threading.Thread(target=lambda: found.append(mx.nd.load(str(pipe))))
    reader.start()
    mx.nd.save(str(pipe), [mx.nd.ones((2,))])
    reader.join(10)
    assert found[0][0].asnumpy().tolist() == [1, 1]


def test_threads_that_save_one_file_leave_one_of_theirs(tmp_path):
    path = str(tmp_path / "x.params")

    def work(number):
        for _ in range(20):
            mx.nd.save(path, {"a": mx.nd.full((100,), number)})

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(mx.nd.load(path)["a"].asnumpy().tolist())) == 1
    assert os.listdir(tmp_path) == ["x.params"]


def test_files_of_either_semantics_of_shapes_are_read_under_both(tmp_path):
    old, new = str(tmp_path / "old"), str(tmp_path / "new")
    mx.nd.save(old, [mx.nd.ones((2,))])
    with mx.util.np_shape(True):
        mx.nd.save(new, [mx.nd.ones((2,))])
        assert mx.nd.load(old)[0].shape == (2,)
    assert mx.nd.load(new)[0].shape == (2,)
