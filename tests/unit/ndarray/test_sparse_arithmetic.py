"""Which results of arithmetic with sparse arrays are sparse; their numbers are the dense ones."""

from __future__ import annotations

import numpy as np
import pytest

import mxnet as mx

DENSE = mx.nd.array([[1, 2], [3, 4]])
CSR = mx.nd.array([[0, 2], [5, 0]]).tostype("csr")
ROWS = mx.nd.array([[0, 0], [5, 1]]).tostype("row_sparse")


@pytest.mark.parametrize(
    ("name", "lhs", "rhs", "stype"),
    [
        ("add", CSR, CSR, "csr"),
        ("add", ROWS, ROWS, "row_sparse"),
        ("add", CSR, DENSE, "default"),
        ("add", CSR, ROWS, "default"),
        ("add", CSR, 2, "default"),
        ("subtract", ROWS, ROWS, "row_sparse"),
        ("subtract", 2, CSR, "default"),
        ("multiply", CSR, CSR, "csr"),
        ("multiply", CSR, DENSE, "csr"),
        ("multiply", DENSE, ROWS, "row_sparse"),
        ("multiply", 2, CSR, "csr"),
        ("multiply", CSR, ROWS, "default"),
        ("divide", CSR, 2, "csr"),
        ("divide", CSR, DENSE, "default"),
    ],
)
def test_storage_type_and_numbers(name, lhs, rhs, stype):
    found = getattr(mx.nd.sparse, name)(lhs, rhs)
    plain = [x.asnumpy() if isinstance(x, mx.nd.NDArray) else x for x in (lhs, rhs)]
    assert found.stype == stype
    assert np.array_equal(found.asnumpy(), getattr(np, name)(*plain))


def test_numbers_alone_give_a_number():
    assert mx.nd.sparse.divide(3, 2) == 1.5


def test_signs_are_the_functions():
    results = [CSR + CSR, CSR * 2, 2 * CSR, CSR / 2, -CSR, CSR - DENSE, DENSE * CSR, CSR == CSR]
    stypes = ["csr", "csr", "csr", "csr", "csr", "default", "default", "default"]
    assert [result.stype for result in results] == stypes
