"""The values that initializers give."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import mxnet as mx

InitDesc = mx.init.InitDesc


def weight(initializer: object, shape: tuple[int, ...]) -> np.ndarray:
    array = mx.nd.zeros(shape)
    initializer(InitDesc("fc_weight"), array)
    return array.asnumpy()


def test_uniform_keeps_its_bounds() -> None:
    values = weight(mx.init.Uniform(0.3), (400, 500))
    assert -0.3 <= values.min() < -0.299
    assert 0.299 < values.max() <= 0.3
    assert values.std() == pytest.approx(0.6 / 12**0.5, rel=0.01)


def test_normal_has_its_deviation() -> None:
    values = weight(mx.init.Normal(0.3), (400, 500))
    assert (values.mean(), values.std()) == (
        pytest.approx(0, abs=0.005), pytest.approx(0.3, rel=0.01)
    )  # fmt: skip


@pytest.mark.parametrize(("factor_type", "fan"), [("in", 50 * 9), ("out", 40 * 9), ("avg", 45 * 9)])
def test_xaviers_scale_follows_the_fan(factor_type: str, fan: int) -> None:
    uniform = weight(mx.init.Xavier("uniform", factor_type, 2.5), (40, 50, 3, 3))
    assert abs(uniform).max() == pytest.approx((2.5 / fan) ** 0.5, rel=0.01)
    normal = weight(mx.init.Xavier("gaussian", factor_type, 2), (40, 50, 3, 3))
    assert normal.std() == pytest.approx((2 / fan) ** 0.5, rel=0.03)


def test_msra_accounts_for_the_slope() -> None:
    values = weight(mx.init.MSRAPrelu("in", slope=0.5), (40, 50, 3, 3))
    assert values.std() == pytest.approx((2 / 1.25 / 450) ** 0.5, rel=0.03)


def test_xavier_refuses_vectors_and_unknown_types() -> None:
    with pytest.raises(ValueError, match="Xavier can not initialize fc_weight: its shape is"):
        weight(mx.init.Xavier(), (3,))
    with pytest.raises(ValueError, match="factor_type is 'q'"):
        weight(mx.init.Xavier(factor_type="q"), (3, 2))
    with pytest.raises(ValueError, match="rnd_type is 'q'"):
        weight(mx.init.Xavier(rnd_type="q"), (3, 2))


@pytest.mark.parametrize("rand_type", ["uniform", "normal"])
@pytest.mark.parametrize("shape", [(4, 6), (6, 4), (3, 2, 2)])
def test_orthogonal_makes_the_fewer_of_rows_and_columns_orthogonal(
    rand_type: str, shape: tuple[int, ...]
) -> None:
    matrix = weight(mx.init.Orthogonal(2.0, rand_type), shape).reshape(shape[0], -1)
    product = matrix @ matrix.T if matrix.shape[0] <= matrix.shape[1] else matrix.T @ matrix
    np.testing.assert_allclose(product, 4 * np.eye(len(product)), atol=1e-5)


def test_orthogonal_refuses_an_unknown_distribution() -> None:
    with pytest.raises(ValueError, match="rand_type is 'q'"):
        weight(mx.init.Orthogonal(rand_type="q"), (2, 2))


def test_bilinear_kernels_interpolate_between_the_widths_points() -> None:
    down = weight(mx.init.Bilinear(), (1, 1, 3, 5))[0, 0]
    np.testing.assert_allclose(down[0] * 9, [1, 2, 3, 2, 1], rtol=1e-6)
    np.testing.assert_allclose(down[:, 2] * 3, [1, 2, 3], rtol=1e-6)


def test_constants_may_be_arrays() -> None:
    assert weight(mx.init.Constant(mx.nd.array([1, 2])), (2,)).tolist() == [1, 2]
    assert weight(mx.init.Constant([3, 4]), (2,)).tolist() == [3, 4]


def test_lstm_bias_sets_the_second_gate() -> None:
    bias = mx.nd.ones((12,))
    own = {"__init__": mx.init.LSTMBias(2.0).dumps()}
    mx.init.Zero()(InitDesc("lstm_i2h_bias", own), bias)
    assert bias.asnumpy().tolist() == [0, 0, 0, 2, 2, 2, 0, 0, 0, 0, 0, 0]


def packed(init: mx.init.FusedRNN, size: int, around: object = None) -> np.ndarray:
    array = mx.nd.full((size,), 9.0)
    desc = InitDesc("rnn_parameters", {"__init__": init.dumps()}, global_init=around)
    mx.init.One()(desc, array)
    return array.asnumpy()


@pytest.mark.parametrize("directions", [1, 2])
@pytest.mark.parametrize(("mode", "gates"), [("lstm", 4), ("gru", 3), ("rnn_tanh", 1)])
def test_packed_weights_come_before_packed_biases(mode: str, gates: int, directions: int) -> None:
    weights = directions * gates * 2 * ((3 + 2) + (2 * directions + 2))
    biases = directions * gates * 2 * 2 * 2
    init = mx.init.FusedRNN(mx.init.One(), 2, 2, mode, directions == 2, forget_bias=7.0)
    values = packed(init, weights + biases)
    assert (values[:weights] == 1).all()
    forget = [0, 0, 7, 7, 0, 0, 0, 0] if mode == "lstm" else [0] * gates * 2
    assert values[weights:].tolist() == forget * (4 * directions)


def test_each_gate_of_a_packed_rnn_is_initialized_on_its_own() -> None:
    init = mx.init.FusedRNN(mx.init.Xavier(), 2, 1, "lstm")
    largest = np.max([abs(packed(init, 56)) for _ in range(200)], axis=0)
    assert largest[:24].max() == pytest.approx((3 / 2.5) ** 0.5, rel=0.02)
    assert largest[24:40].max() == pytest.approx((3 / 2) ** 0.5, rel=0.02)


def test_a_packed_rnn_without_initializer_takes_the_networks() -> None:
    init = mx.init.FusedRNN(None, 1, 1, "gru")
    assert packed(init, 12, around=mx.init.Constant(3)).tolist() == [3] * 6 + [0] * 6


def test_a_packed_rnn_refuses_sizes_and_modes_that_do_not_exist() -> None:
    with pytest.raises(mx.MXNetError, match="57 elements, which fits no input size of a lstm"):
        packed(mx.init.FusedRNN("one", 2, 1, "lstm"), 57)
    with pytest.raises(mx.MXNetError, match="mode is 'mlp'"):
        mx.init.FusedRNN("one", 2, 1, "mlp")


def test_load_copies_named_arrays_and_falls_back(tmp_path: Path) -> None:
    path = str(tmp_path / "net.params")
    mx.nd.save(path, {"arg:fc_weight": mx.nd.array([5, 6]), "aux:mean": mx.nd.array([1])})
    load = mx.init.Load(path, default_init=mx.init.One())
    assert weight(load, (2,)).tolist() == [5, 6]
    other = mx.nd.zeros((3,))
    load(InitDesc("other_weight"), other)
    assert other.asnumpy().tolist() == [1, 1, 1]
    assert sorted(load.param) == ["fc_weight", "mean"]


def test_load_refuses_other_shapes_and_missing_names() -> None:
    load = mx.init.Load({"fc_weight": mx.nd.zeros((2,))})
    with pytest.raises(mx.MXNetError, match=r"has shape \(3,\), but the loaded one has"):
        weight(load, (3,))
    with pytest.raises(mx.MXNetError, match="not among the loaded ones"):
        load(InitDesc("other"), mx.nd.zeros((2,)))
    with pytest.raises(mx.MXNetError, match="must be a dictionary"):
        mx.init.Load([mx.nd.zeros((2,))])


def test_mixed_takes_the_first_pattern_that_matches_from_the_start() -> None:
    mixed = mx.init.Mixed(["weight", "fc_.*"], [mx.init.Zero(), mx.init.Constant(4)])
    assert weight(mixed, (1,)).tolist() == [4]
    with pytest.raises(ValueError, match="none of the patterns"):
        mixed(InitDesc("conv_weight"), mx.nd.zeros((1,)))
    with pytest.raises(mx.MXNetError, match="2 patterns, but 1"):
        mx.init.Mixed(["a", "b"], [mx.init.Zero()])
