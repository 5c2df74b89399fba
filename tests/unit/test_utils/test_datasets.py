"""Data sets from files in the current folder; nothing is asked of the network."""

from __future__ import annotations

import gzip
import pathlib
import pickle
import struct

import numpy as np
import pytest

import mxnet as mx
from mxnet import test_utils

IMAGES = np.arange(6 * 784, dtype=np.uint8).reshape(6, 28, 28)


def idx(array: np.ndarray) -> bytes:
    head = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)
    return head + array.astype(np.uint8).tobytes()


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path):
    """Six training and three test images, packed here and unpacked in ``data``."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    for part, count in (("train", 6), ("t10k", 3)):
        images, labels = idx(IMAGES[:count]), idx(np.arange(count))
        for kind, raw in (("images-idx3", images), ("labels-idx1", labels)):
            (tmp_path / f"{part}-{kind}-ubyte.gz").write_bytes(gzip.compress(raw))
            (tmp_path / "data" / f"{part}-{kind}-ubyte").write_bytes(raw)
    return tmp_path


def test_mnist_is_read_from_the_packed_files():
    mnist = test_utils.get_mnist()
    assert mnist["train_data"].shape == (6, 1, 28, 28)
    assert mnist["test_data"].shape == (3, 1, 28, 28)
    assert mnist["train_data"].dtype == np.float32
    assert mnist["train_data"][0, 0, 0, 255 % 28] == pytest.approx(3 / 255)
    assert mnist["train_data"].max() == 1
    assert mnist["train_label"].tolist() == [0, 1, 2, 3, 4, 5]
    assert mnist["test_label"].dtype == np.int8


def test_a_cut_file_is_refused_by_name(folder):
    path = folder / "train-images-idx3-ubyte.gz"
    path.write_bytes(gzip.compress(idx(IMAGES)[:-1]))
    with pytest.raises(ValueError, match=r"train-images-idx3-ubyte.gz is not a whole IDX file"):
        test_utils.get_mnist()


def test_the_iterators_read_the_unpacked_files():
    train, test = test_utils.get_mnist_iterator(batch_size=2, input_shape=(784,))
    assert train.provide_data[0].shape == (2, 784)
    labels = np.concatenate([batch.label[0].asnumpy() for batch in train])
    assert sorted(labels) == [0, 1, 2, 3, 4, 5]
    assert len(list(test)) == 1
    pictures, _ = test_utils.get_mnist_iterator(2, (1, 28, 28), num_parts=2, part_index=1)
    assert pictures.provide_data[0].shape == (2, 1, 28, 28)
    assert len(list(pictures)) == 1


def test_the_pickle_holds_training_validation_and_test():
    test_utils.get_mnist_pkl()
    parts = pickle.loads(gzip.decompress(pathlib.Path("data/mnist.pkl.gz").read_bytes()))
    assert [images.shape for images, _ in parts] == [(5, 784), (1, 784), (3, 784)]
    assert [labels.tolist() for _, labels in parts] == [[0, 1, 2, 3, 4], [5], [0, 1, 2]]


def test_cifar_must_be_there():
    with pytest.raises(FileNotFoundError, match=r"train\.rec is not there.*no longer exists"):
        test_utils.get_cifar10()
    for name in ("train.rec", "test.rec"):
        path = pathlib.Path("data", "cifar", name)
        path.parent.mkdir(exist_ok=True)
        path.touch()
    test_utils.get_cifar10()


def test_a_dummy_iterator_repeats_the_first_batch():
    real = mx.io.NDArrayIter(np.arange(8).reshape(4, 2), np.arange(4), batch_size=2)
    dummy = test_utils.DummyIter(real)
    assert dummy.batch_size == 2
    assert dummy.provide_data == real.provide_data
    batches = [batch for batch, _ in zip(dummy, range(5), strict=False)]
    assert len(batches) == 5
    assert all(batch.data[0].asnumpy().tolist() == [[0, 1], [2, 3]] for batch in batches)
