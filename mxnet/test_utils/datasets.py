"""The small data sets that MXNet's examples train on, and an iterator for speed tests."""

from __future__ import annotations

import gzip
import math
import pathlib
import pickle
from typing import Any

import numpy as np

from .. import io
from .transfer import download

_MIRROR = "https://ossci-datasets.s3.amazonaws.com/mnist/"
_FILES = {
    "train_label": "train-labels-idx1-ubyte",
    "train_data": "train-images-idx3-ubyte",
    "test_label": "t10k-labels-idx1-ubyte",
    "test_data": "t10k-images-idx3-ubyte",
}


def _read_idx(raw: bytes, path: str) -> np.ndarray:
    """Return the array in the bytes of an IDX file of unsigned bytes."""
    rank = raw[3] if len(raw) >= 4 and raw[:3] == b"\x00\x00\x08" else 0
    start = 4 + 4 * rank
    shape = tuple(int(n) for n in np.frombuffer(raw[4:start], dtype=">u4"))
    if not rank or len(raw) != start + math.prod(shape):
        raise ValueError(f"{path} is not a whole IDX file of unsigned bytes.")
    return np.frombuffer(raw, dtype=np.uint8, offset=start).reshape(shape)


def get_mnist() -> dict[str, np.ndarray]:
    """Return MNIST from the four ``*-ubyte.gz`` files of the current folder.

    Files that are not there are downloaded.

    Returns
    -------
    dict
        ``train_data`` (60000, 1, 28, 28) and ``test_data`` (10000, 1, 28, 28), float32 from 0 to 1;
        ``train_label`` and ``test_label``, int8 from 0 to 9.
    """
    arrays = {}
    for key, name in _FILES.items():
        path = download(f"{_MIRROR}{name}.gz", f"{name}.gz")
        arrays[key] = _read_idx(gzip.decompress(pathlib.Path(path).read_bytes()), path)
    return {
        key: array.astype(np.int8) if "label" in key else _scale(array)[:, np.newaxis]
        for key, array in arrays.items()
    }


def _scale(images: np.ndarray) -> np.ndarray:
    return images.astype(np.float32) / 255


def get_mnist_ubyte() -> None:
    """See to it that the four unpacked MNIST files are in the folder ``data``.

    Files that are not there are downloaded and unpacked.
    """
    for name in _FILES.values():
        target = pathlib.Path("data", name)
        if target.exists():
            continue
        packed = pathlib.Path(download(f"{_MIRROR}{name}.gz", dirname="data"))
        raw = gzip.decompress(packed.read_bytes())
        _read_idx(raw, str(packed))
        target.write_bytes(raw)


def get_mnist_pkl() -> None:
    """See to it that ``data/mnist.pkl.gz`` exists, made from the files of `get_mnist_ubyte`.

    It holds three pairs (images, labels): 50000 to train, 10000 to validate, 10000 to test. Images
    are float32 from 0 to 1 of shape (n, 784), labels int64.
    """
    target = pathlib.Path("data", "mnist.pkl.gz")
    if target.exists():
        return
    get_mnist_ubyte()
    sets = {}
    for key, name in _FILES.items():
        path = pathlib.Path("data", name)
        array = _read_idx(path.read_bytes(), str(path))
        sets[key] = array.astype(np.int64) if "label" in key else _scale(array.reshape(-1, 784))
    cut = len(sets["train_data"]) * 5 // 6
    parts = (
        (sets["train_data"][:cut], sets["train_label"][:cut]),
        (sets["train_data"][cut:], sets["train_label"][cut:]),
        (sets["test_data"], sets["test_label"]),
    )
    target.write_bytes(gzip.compress(pickle.dumps(parts, protocol=2)))


def get_cifar10() -> None:
    """Check that ``data/cifar/train.rec`` and ``data/cifar/test.rec`` exist.

    Raises
    ------
    FileNotFoundError
        If not: the server that had these files, data.mxnet.io, no longer exists.
    """
    for name in ("train.rec", "test.rec"):
        path = pathlib.Path("data", "cifar", name)
        if not path.is_file():
            raise FileNotFoundError(
                f"{path} is not there, and data.mxnet.io, which had it, no longer exists; "
                "pack the images with im2rec."
            )


def get_mnist_iterator(
    batch_size: int, input_shape: tuple[int, ...], num_parts: int = 1, part_index: int = 0
) -> tuple[io.DataIter, io.DataIter]:
    """Return iterators over the training and the test images of MNIST.

    Parameters
    ----------
    batch_size : int
    input_shape : tuple of int
        ``(784,)`` for flat images, ``(1, 28, 28)`` for pictures.
    num_parts, part_index : int, default 1 and 0
        Into how many parts the images are split among workers, and which of them to read.
    """
    get_mnist_ubyte()
    iterators = []
    for part in ("train", "test"):
        iterators.append(
            io.MNISTIter(
                image=f"data/{_FILES[part + '_data']}",
                label=f"data/{_FILES[part + '_label']}",
                input_shape=input_shape,
                batch_size=batch_size,
                shuffle=True,
                flat=len(input_shape) != 3,
                num_parts=num_parts,
                part_index=part_index,
            )
        )
    return iterators[0], iterators[1]


class DummyIter(io.DataIter):
    """An iterator that gives the first batch of another one again and again, without end.

    Parameters
    ----------
    real_iter : DataIter
        The iterator whose first batch to take.
    """

    def __init__(self, real_iter: Any) -> None:
        super().__init__(real_iter.batch_size)
        self.provide_data, self.provide_label = real_iter.provide_data, real_iter.provide_label
        self.real_iter, self.the_batch = real_iter, next(real_iter)

    def __iter__(self) -> DummyIter:
        return self

    def next(self) -> Any:
        """Return the batch."""
        return self.the_batch
