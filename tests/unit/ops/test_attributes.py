"""Reading attributes: what each kind accepts, and what it says of the rest."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest

from mxnet.base import MXNetError
from mxnet.ops.attributes import (
    DType,
    Floats,
    NonNegativeInt,
    OptionalInts,
    PositiveInt,
    Shape,
    format_value,
    kind_of,
)
from mxnet.ops.registry import get


@pytest.mark.parametrize(
    ("annotation", "given", "expected"),
    [
        (bool, "True", True),
        (bool, "0", False),
        (bool, 1, True),
        (int, "3", 3),
        (int, "3L", 3),
        (int, np.int64(7), 7),
        (float, "1e-3", 1e-3),
        (float, 2, 2.0),
        (Shape, "(3, 3)", (3, 3)),
        (Shape, "[3,3]", (3, 3)),
        (Shape, "(3L,)", (3,)),
        (Shape, 5, (5,)),
        (Shape, "()", ()),
        (Shape | None, "None", None),
        (OptionalInts, "(None, 1)", (None, 1)),
        (Floats, "(0.5, 1)", (0.5, 1.0)),
        (int | None, None, None),
        (Literal["max", "avg"], "avg", "avg"),
        (DType["float32", "float16"], np.float16, "float16"),
        (DType["float32"] | None, "None", None),
    ],
)
def test_a_kind_reads_what_users_and_files_write(annotation, given, expected):
    assert kind_of(annotation).parse(given) == expected


@pytest.mark.parametrize(
    ("annotation", "given"),
    [
        (bool, "maybe"),
        (int, "1.5"),
        (int, 1.5),
        (PositiveInt, 0),
        (NonNegativeInt, "-1"),
        (float, "a"),
        (Shape, "(1.5,)"),
        (Shape, (None,)),
        (Literal["max", "avg"], "sum"),
        (DType["float32"], "int8"),
    ],
)
def test_a_kind_refuses_the_rest(annotation, given):
    with pytest.raises((ValueError, TypeError, SyntaxError)):
        kind_of(annotation).parse(given)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ((3, 3), "(3, 3)"),
        ((1,), "(1,)"),
        ([2, -1], "[2, -1]"),
        (None, "None"),
        (np.float32, "float32"),
    ],
)
def test_values_are_stored_as_the_reference_stores_them(value, text):
    assert format_value(value) == text


def test_a_wrong_value_is_named_with_what_is_allowed():
    with pytest.raises(MXNetError) as caught:
        get("Activation").parse({"act_type": "relu6"})
    assert str(caught.value) == (
        "Activation: attribute act_type is 'relu6', but must be one of relu, sigmoid, softrelu, "
        "softsign, tanh."
    )


def test_a_missing_attribute_is_named():
    with pytest.raises(MXNetError) as caught:
        get("FullyConnected").parse({"no_bias": True})
    assert str(caught.value) == "FullyConnected: required attribute num_hidden is missing."


def test_an_unknown_attribute_is_named_with_those_that_exist():
    with pytest.raises(MXNetError) as caught:
        get("FullyConnected").parse({"num_hiden": 3})
    assert str(caught.value) == (
        "FullyConnected: there is no attribute or input 'num_hiden'; "
        "inputs are data, weight, bias; attributes are num_hidden, no_bias, flatten."
    )
