"""Which rule a parameter's name and attributes call for."""

from __future__ import annotations

import logging

import numpy as np
import pytest

import mxnet as mx

InitDesc = mx.init.InitDesc


def filled(initializer: object, desc: str, shape: tuple[int, ...] = (2, 3)) -> np.ndarray:
    array = mx.nd.full(shape, 7.0)
    initializer(desc, array)
    return array.asnumpy()


@pytest.mark.parametrize(
    ("name", "value"),
    [("fc_bias", 0), ("bn_beta", 0), ("x_min", 0), ("bn_gamma", 1), ("x_max", 1),
     ("fc_weight", 5), ("fc_bias_quantize", 0)],
)  # fmt: skip
def test_the_end_of_the_name_decides(name: str, value: float) -> None:
    assert (filled(mx.init.Constant(5), InitDesc(name)) == value).all()


def test_a_quantized_weight_is_a_small_integer() -> None:
    values = filled(mx.init.One(), InitDesc("fc_weight_quantize"), (50,))
    assert (values == values.round()).all()
    assert -127 <= values.min() < values.max() < 127


@pytest.mark.parametrize("name", ["bn_moving_mean", "state", "foo"])
def test_other_names_need_an_initializer_of_their_own(name: str) -> None:
    with pytest.raises(ValueError, match=f"Nothing says how to initialize {name}"):
        filled(mx.init.One(), InitDesc(name))


@pytest.mark.parametrize("own", ["ones", '["one", {}]', '["constant", {"value": 1}]'])
def test_an_attribute_takes_the_place_of_the_rule(own: str) -> None:
    assert (filled(mx.init.Zero(), InitDesc("fc_bias", {"__init__": own})) == 1).all()


def test_the_global_initializer_is_written_into_the_description() -> None:
    desc, initializer = InitDesc("fc_weight"), mx.init.One()
    filled(initializer, desc)
    assert desc.global_init is initializer


def test_a_name_must_be_a_string() -> None:
    with pytest.raises(TypeError, match="must be a string, but is 3"):
        mx.init.One()(3, mx.nd.ones((1,)))


@pytest.mark.parametrize(
    ("name", "shape", "wanted"),
    [
        ("bn_moving_mean", (2,), [0, 0]),
        ("bn_moving_var", (2,), [1, 1]),
        ("bn_moving_inv_var", (2,), [0, 0]),
        ("kl_moving_avg", (2,), [0, 0]),
        ("fc_weight", (2,), [5, 5]),
        ("stn_loc_weight", (2,), [0, 0]),
        ("stn_loc_bias", (6,), [1, 0, 0, 0, 1, 0]),
        ("upsampling_1", (1, 1, 2, 2), [1, 0, 0, 0]),
    ],
)
def test_plain_strings_know_more_names_but_are_deprecated(
    name: str, shape: tuple[int, ...], wanted: list[float]
) -> None:
    with pytest.warns(DeprecationWarning, match="InitDesc"):
        values = filled(mx.init.Constant(5), name, shape)
    assert values.ravel().tolist() == wanted


def test_initializers_can_be_written_down_and_read_back() -> None:
    for initializer in (
        mx.init.Uniform(0.3), mx.init.Normal(), mx.init.Zero(), mx.init.Constant(3),
        mx.init.Orthogonal(2.0, "normal"), mx.init.Xavier("gaussian", "in", 2),
        mx.init.MSRAPrelu("out", 0.1), mx.init.Bilinear(), mx.init.LSTMBias(2.0),
        mx.init.FusedRNN(mx.init.Xavier(), 10, 2, "lstm", True, 2.0),
        mx.init.FusedRNN(None, 10, 2, "gru"),
    ):  # fmt: skip
        assert mx.init.create(initializer.dumps()) == initializer


def test_the_written_form_is_mxnets() -> None:
    assert mx.init.Xavier().dumps() == (
        '["xavier", {"rnd_type": "uniform", "factor_type": "avg", "magnitude": 3}]'
    )
    assert mx.init.Constant(mx.nd.array([1, 2])).dumps() == '["constant", {"value": [1.0, 2.0]}]'


def test_initializers_are_equal_with_equal_arguments() -> None:
    assert mx.init.Constant(3) == mx.init.Constant(3)
    assert mx.init.Constant(3) != mx.init.Constant(4)
    assert mx.init.Uniform() != mx.init.Zero()


@pytest.mark.parametrize(
    "what",
    ["uniform", "Uniform", '{"initializer": "uniform"}', {"initializer": "uniform"}],
)
def test_create_takes_names_text_and_dictionaries(what: object) -> None:
    assert mx.init.create(what) == mx.init.Uniform()


def test_create_refuses_arguments_beside_an_instance() -> None:
    with pytest.raises(mx.MXNetError, match="already says everything"):
        mx.init.create(mx.init.Zero(), 3)


def test_create_names_the_known_ones() -> None:
    with pytest.raises(mx.MXNetError, match="'nope' is not a registered initializer; there are bi"):
        mx.init.create("nope")
    with pytest.raises(mx.MXNetError, match="needs the name"):
        mx.init.create()
    with pytest.raises(mx.MXNetError, match="3 came"):
        mx.init.create(3)


def test_a_class_can_be_registered_under_several_names() -> None:
    @mx.init.alias("sixes", "six")
    class Sixes(mx.init.Initializer):
        def _init_weight(self, name: str, arr: mx.nd.NDArray) -> None:
            arr[:] = 6

    assert isinstance(mx.init.create("six"), Sixes)
    assert (filled(mx.init.create("sixes"), InitDesc("x_weight")) == 6).all()


def test_a_log_line_says_what_each_parameter_got(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    initializer = mx.init.One().set_verbosity(True)
    filled(initializer, InitDesc("fc_weight"))
    initializer.set_verbosity(True, print_func=lambda array: array.shape)
    filled(initializer, InitDesc("fc_bias"))
    filled(initializer, InitDesc("fc_bias", {"__init__": "zeros"}))
    assert caplog.messages == [
        "Initialized fc_weight as weight: 1.0",
        "Initialized fc_bias as bias: (2, 3)",
        "Initialized fc_bias as zeros: (2, 3)",
    ]
