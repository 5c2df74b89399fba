"""Networks and parameters in files, under MXNet's names."""

from __future__ import annotations

from pathlib import Path

import pytest

import mxnet as mx


def test_parameters_and_states_are_told_apart_by_their_names(tmp_path: Path) -> None:
    prefix = str(tmp_path / "net")
    mx.model.save_checkpoint(prefix, 3, None, {"w": mx.nd.ones((2,))}, {"m": mx.nd.zeros((1,))})
    assert sorted(mx.nd.load(f"{prefix}-0003.params")) == ["arg:w", "aux:m"]
    arguments, states = mx.model.load_params(prefix, 3)
    assert (list(arguments), list(states)) == (["w"], ["m"])
    assert arguments["w"].asnumpy().tolist() == [1, 1]


def test_the_network_comes_back_with_its_parameters(tmp_path: Path) -> None:
    prefix = str(tmp_path / "net")
    network = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=2, name="fc")
    mx.model.save_checkpoint(prefix, 12345, network, {"fc_bias": mx.nd.ones((2,))}, {})
    loaded, arguments, states = mx.model.load_checkpoint(prefix, 12345)
    assert loaded.tojson() == network.tojson()
    assert (list(arguments), states) == (["fc_bias"], {})


def test_other_names_are_refused(tmp_path: Path) -> None:
    mx.nd.save(str(tmp_path / "net-0001.params"), {"w": mx.nd.ones((1,))})
    with pytest.raises(ValueError, match="holds 'w', but names of parameters begin with"):
        mx.model.load_params(str(tmp_path / "net"), 1)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(mx.MXNetError, match="net-0001.params"):
        mx.model.load_params(str(tmp_path / "net"), 1)
