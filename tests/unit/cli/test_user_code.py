"""`mxnet check --import`: networks with custom operators of the user's own."""

from __future__ import annotations

import pytest

import mxnet as mx
from mxnet.cli.main import main
from mxnet.ops.custom import MAKERS

CODE = """
import mxnet as mx

class Tanh(mx.operator.CustomOp):
    def forward(self, is_train, req, in_data, out_data, aux):
        self.assign(out_data[0], req[0], mx.nd.tanh(in_data[0]))
    def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
        self.assign(in_grad[0], req[0], out_grad[0] * (1 - FACTOR * out_data[0] ** 2))

@mx.operator.register("cli_tanh")
class TanhProp(mx.operator.CustomOpProp):
    def create_operator(self, ctx, in_shapes, in_dtypes):
        return Tanh()
"""


@pytest.fixture
def model(tmp_path, monkeypatch):
    """Save a network with a custom operator that this process does not know afterwards."""
    monkeypatch.chdir(tmp_path)
    exec(CODE)
    net = mx.sym.Custom(mx.sym.Variable("x"), op_type="cli_tanh", name="mine")
    net.save("model-symbol.json")
    del MAKERS["cli_tanh"]
    yield ["check", "model-symbol.json", "--shape", "x=2,3"]
    MAKERS.pop("cli_tanh", None)


def test_a_file_of_code_is_run_first(model, tmp_path, capsys):
    (tmp_path / "right_ops.py").write_text(CODE.replace("FACTOR", "1"))
    assert main([*model, "--import", "right_ops.py"]) == 0
    assert "mine" in capsys.readouterr().out


def test_a_module_is_imported_from_the_current_folder(model, tmp_path, capsys):
    (tmp_path / "wrong_ops.py").write_text(CODE.replace("FACTOR", "2"))
    assert main([*model, "--import", "wrong_ops"]) == 1
    assert "mine (Custom)" in capsys.readouterr().out


def test_without_the_code_the_operator_is_unknown(model, capsys):
    assert main(model) == 2
    assert "no custom operator 'cli_tanh'" in capsys.readouterr().err


@pytest.mark.parametrize("place", ["nothing.py", "nothing_at_all"])
def test_code_that_is_not_there_is_named(model, capsys, place):
    assert main([*model, "--import", place]) == 2
    assert f"{place} can not be imported" in capsys.readouterr().err
