"""Operators with kernels for sparse storage: the front end asks for those that there are."""

from __future__ import annotations

from mxnet.ndarray import register, storage


def test_the_front_end_knows_every_kernel() -> None:
    assert set(storage.KERNELS) == register._STORED
