"""Errors by name, and the small helpers of `mx.base`."""

from __future__ import annotations

import array
import ctypes
import os

import pytest

import mxnet as mx
from mxnet import base


def test_errors_are_registered_by_their_own_name_or_another():
    class Wilted(mx.MXNetError):
        pass

    assert mx.error.register(Wilted) is Wilted
    assert mx.error.register_error("Faded")(Wilted) is Wilted
    assert base.error_types["Wilted"] is base.error_types["Faded"] is Wilted
    del base.error_types["Wilted"], base.error_types["Faded"]


def test_errors_of_python_are_known():
    assert base.error_types["ValueError"] is ValueError
    assert base.error_types["InternalError"] is mx.error.InternalError


def test_an_internal_error_asks_to_be_reported():
    with pytest.raises(mx.MXNetError, match=r"broken\nThis is an error of mxnet-torch itself"):
        raise mx.error.InternalError("broken")


def test_a_class_property_can_be_set_where_it_has_a_setter():
    class Flower:
        petals = 5

        @base.classproperty
        def count(cls):  # noqa: N805 - it receives the class
            return cls.petals

        @count.setter
        def count(cls, value):  # noqa: N805
            cls.petals = value

        @base.classproperty
        def fixed(cls):  # noqa: N805
            return 1

    Flower().count = 7
    assert (Flower.count, Flower().count, Flower.petals) == (7, 7, 7)
    with pytest.raises(AttributeError, match="can not be set"):
        Flower().fixed = 2


def test_downloads_go_where_the_environment_says(monkeypatch):
    monkeypatch.delenv("MXNET_HOME", raising=False)
    assert base.data_dir() == base.data_dir_default() == os.path.expanduser("~/.mxnet")
    monkeypatch.setenv("MXNET_HOME", "/elsewhere")
    assert base.data_dir() == "/elsewhere"


def test_parameters_become_a_section_of_a_docstring():
    names, kinds, texts = ["a", "b", "a"], ["int", "str", "int"], ["One.", "", "Again."]
    assert base.build_param_doc(names, kinds, texts) == (
        "Parameters\n----------\na : int\n    One.\nb : str\n"
    )
    assert base.build_param_doc(names, kinds, texts, remove_dup=False).endswith("    Again.\n")


def test_values_become_c_arrays_and_back():
    assert list(base.c_array(ctypes.c_int, [1, 2])) == [1, 2]
    assert list(base.c_array_buf(ctypes.c_int, array.array("i", [3, 4]))) == [3, 4]
    assert list(base.c_str_array(["a", "b"])) == [b"a", b"b"]
    assert base.py_str(base.c_str("é").value) == "é"
    assert base.ctypes2buffer(ctypes.create_string_buffer(b"abcd"), 3) == bytearray(b"abc")


def test_a_failed_c_call_raises():
    base.check_call(0)
    with pytest.raises(mx.MXNetError, match="returned -1"):
        base.check_call(-1)
