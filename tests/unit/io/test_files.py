"""Iterators over files."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mxnet as mx


def rows(iterator: Any) -> list[tuple[list[Any], list[float], int, list[int]]]:
    """Return data, labels, padding and positions of each batch, and begin the next pass."""
    found = [
        (b.data[0].asnumpy().tolist(), b.label[0].asnumpy().tolist(), b.pad, b.index.tolist())
        for b in iterator
    ]
    iterator.reset()
    return found


@pytest.fixture
def tables(tmp_path: Path) -> dict[str, str]:
    np.savetxt(tmp_path / "data.csv", np.arange(10.0).reshape(5, 2), delimiter=",")
    np.savetxt(tmp_path / "label.csv", np.arange(5.0), delimiter=",")
    return {"data_csv": str(tmp_path / "data.csv"), "label_csv": str(tmp_path / "label.csv")}


def test_csv_fills_the_last_batch_and_goes_on_behind_it(tables: dict[str, str]) -> None:
    iterator = mx.io.CSVIter(**tables, data_shape=(2,), batch_size=2)
    first, second = rows(iterator), rows(iterator)
    assert first[-1] == ([[8, 9], [0, 1]], [4, 0], 1, [4, 0])
    assert [batch[3] for batch in second] == [[1, 2], [3, 4]]


def test_csv_without_rounding_keeps_rows_of_the_batch_before(tables: dict[str, str]) -> None:
    iterator = mx.io.CSVIter(**tables, data_shape=(2,), batch_size=2, round_batch=False)
    first, second = rows(iterator), rows(iterator)
    assert first[-1] == ([[8, 9], [6, 7]], [4, 3], 1, [4, 3])
    assert first == second


def test_csv_without_labels_has_zeros(tables: dict[str, str]) -> None:
    iterator = mx.io.CSVIter(
        tables["data_csv"], (2, 1), batch_size=2, dtype="int32", label_name="y"
    )
    assert iterator.provide_data[0] == ("data", (2, 2, 1))
    assert iterator.provide_data[0].dtype is np.int32
    assert iterator.provide_label == [("y", (2,))]
    assert rows(iterator)[0][1] == [0, 0]


def test_csv_reads_every_file_of_a_directory(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("1\n2\n")
    (tmp_path / "b.csv").write_text("3\n")
    assert rows(mx.io.CSVIter(str(tmp_path), (1,), batch_size=3))[0][0] == [[1], [2], [3]]


def test_csv_names_what_does_not_fit(tables: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(mx.MXNetError, match=r"row 1 has 2 values, but shape \(3,\) needs 3"):
        mx.io.CSVIter(tables["data_csv"], (3,), batch_size=2)
    with pytest.raises(mx.MXNetError, match="no file"):
        mx.io.CSVIter(str(tmp_path / "nothing.csv"), (3,), batch_size=2)
    (tmp_path / "text.csv").write_text("1,x\n")
    with pytest.raises(mx.MXNetError, match="row 1 holds something else than numbers"):
        mx.io.CSVIter(str(tmp_path / "text.csv"), (2,), batch_size=1)
    with pytest.raises(mx.MXNetError, match="batch_size is 0"):
        mx.io.CSVIter(tables["data_csv"], (2,))


def test_libsvm_gives_csr_arrays(tmp_path: Path) -> None:
    path = tmp_path / "data.svm"
    path.write_text("1 0:1 2:3\n0 1:2\n1 0:5 3:1\n")
    iterator = mx.io.LibSVMIter(str(path), (4,), batch_size=2)
    batch = iterator.next()
    assert batch.data[0].stype == "csr"
    assert batch.data[0].asnumpy().tolist() == [[1, 0, 3, 0], [0, 2, 0, 0]]
    assert batch.label[0].asnumpy().tolist() == [1, 0]
    assert iterator.next().pad == 1


def test_libsvm_names_a_malformed_line(tmp_path: Path) -> None:
    path = tmp_path / "data.svm"
    path.write_text("1 0:1\n1 9:1\n")
    with pytest.raises(mx.MXNetError, match="line 2 is '1 9:1'"):
        mx.io.LibSVMIter(str(path), (4,), batch_size=1)


@pytest.fixture
def digits(tmp_path: Path) -> dict[str, str]:
    images, labels = np.arange(24, dtype=np.uint8) * 10, np.arange(6, dtype=np.uint8)
    (tmp_path / "images").write_bytes(struct.pack(">4I", 2051, 6, 2, 2) + images.tobytes())
    (tmp_path / "labels").write_bytes(struct.pack(">2I", 2049, 6) + labels.tobytes())
    return {"image": str(tmp_path / "images"), "label": str(tmp_path / "labels")}


def test_mnist_scales_pixels_and_leaves_a_short_batch_out(digits: dict[str, str]) -> None:
    iterator = mx.io.MNISTIter(**digits, batch_size=4, shuffle=False, flat=True)
    (batch,) = rows(iterator)
    assert iterator.provide_data[0].shape == (4, 4)
    np.testing.assert_allclose(batch[0][1], np.array([40, 50, 60, 70]) / 256)
    assert batch[1:] == ([0, 1, 2, 3], 0, [0, 0, 0, 0])


def test_mnist_images_have_a_channel(digits: dict[str, str]) -> None:
    iterator = mx.io.MNISTIter(**digits, batch_size=2, shuffle=False)
    assert iterator.provide_data[0].shape == (2, 1, 2, 2)


def test_mnist_is_shuffled_by_its_seed(digits: dict[str, str]) -> None:
    def labels(seed: int) -> list[float]:
        iterator = mx.io.MNISTIter(**digits, batch_size=2, seed=seed)
        return [label for _, labels, _, _ in rows(iterator) for label in labels]

    assert labels(1) == labels(1)
    assert labels(1) != labels(2)
    assert sorted(labels(1)) == [0, 1, 2, 3, 4, 5]


def test_mnist_can_be_read_in_parts(digits: dict[str, str]) -> None:
    iterator = mx.io.MNISTIter(**digits, batch_size=3, shuffle=False, num_parts=2, part_index=1)
    assert rows(iterator)[0][1] == [3, 4, 5]
    with pytest.raises(mx.MXNetError, match="part_index is 2"):
        mx.io.MNISTIter(**digits, batch_size=3, num_parts=2, part_index=2)


def test_mnist_refuses_other_files(digits: dict[str, str]) -> None:
    with pytest.raises(mx.MXNetError, match="3 axes"):
        mx.io.MNISTIter(image=digits["label"], label=digits["label"], batch_size=2)
    with pytest.raises(mx.MXNetError, match="no file"):
        mx.io.MNISTIter(image="nothing", label=digits["label"], batch_size=2)


def test_the_same_batch_can_be_given_for_ever(digits: dict[str, str]) -> None:
    iterator = mx.io.MNISTIter(**digits, batch_size=6, shuffle=False)
    iterator.debug_skip_load()
    assert iterator.next().label[0].asnumpy().tolist() == [0, 1, 2, 3, 4, 5]
    iterator.reset()
    assert iterator.next().label[0].asnumpy().tolist() == [0, 1, 2, 3, 4, 5]
    assert iterator.iter_next()
