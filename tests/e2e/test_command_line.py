"""The commands as a newcomer runs them: in processes of their own, on files, on a terminal."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys

WRONG = """
import mxnet as mx

class Square(mx.operator.CustomOp):
    def forward(self, is_train, req, in_data, out_data, aux):
        self.assign(out_data[0], req[0], in_data[0] * in_data[0])

    def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
        self.assign(in_grad[0], req[0], out_grad[0] * in_data[0])  # the factor 2 is missing

@mx.operator.register("wrong_square")
class SquareProp(mx.operator.CustomOpProp):
    def create_operator(self, ctx, shapes, dtypes):
        return Square()
"""

NETWORK = """
import mxnet as mx
import operators
net = mx.sym.FullyConnected(mx.sym.Variable("x"), num_hidden=3, name="before")
net = mx.sym.Custom(net, op_type="wrong_square", name="gate")
mx.sym.tanh(net, name="after").save("net-symbol.json")
"""


def test_a_users_wrong_operator_is_found(python, mxnet_command, tmp_path):
    (tmp_path / "operators.py").write_text(WRONG)
    assert python("-c", NETWORK).returncode == 0
    arguments = ("net-symbol.json", "--shape", "x=2,5", "--html", "report.html")
    done = mxnet_command("check", *arguments, "--import", "operators.py")
    assert (done.returncode, done.stderr) == (1, "")
    assert "1 of 3 nodes is wrong; the first is gate (Custom):" in done.stdout
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert re.search(r'The first is\s+<a href="#node-1">gate</a>', page)


def test_python_m_mxnet_is_the_same_command(python, tmp_path):
    done = python("-m", "mxnet", "check", "no-such-model")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("mxnet check: there is neither a file nor an example")
    assert list(tmp_path.iterdir()) == []


def test_the_demo_trains_checks_and_reports(python, tmp_path):
    done = python("-m", "mxnet", "demo", "--folder", "digits")
    assert done.returncode == 0, done.stderr
    accuracy = float(re.search(r"Held-out accuracy ([\d.]+)%", done.stdout)[1])
    assert accuracy > 95
    assert "All 11 nodes are right" in done.stdout
    names = sorted(path.name for path in (tmp_path / "digits").iterdir())
    assert names == ["lenet-0012.params", "lenet-symbol.json", "lenet.html"]
    page = (tmp_path / "digits" / "lenet.html").read_text(encoding="utf-8")
    assert "LeNet on handwritten digits" in page
    assert "http" not in page


def test_the_model_that_the_demo_leaves_can_be_checked_again(python, mxnet_command):
    few = python("-m", "mxnet", "demo", "--folder", ".", "--epochs", "1")
    assert few.returncode == 1, "one epoch does not reach the goal"
    (again,) = re.findall(r"^Again:  mxnet (.*)$", few.stdout, re.MULTILINE)
    done = mxnet_command(*again.split())
    assert done.returncode == 0
    assert "Drawn at random, because no values were given: data, softmax_label." in done.stdout


def test_a_terminal_gets_a_progress_bar_and_colours(site, tmp_path):
    master, slave = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(site), "TERM": "xterm", "OMP_NUM_THREADS": "1"}
    environment.pop("NO_COLOR", None)
    command = [sys.executable, "-m", "mxnet", "check", "lenet"]
    with subprocess.Popen(
        command, stdout=slave, stderr=slave, cwd=tmp_path, env=environment
    ) as process:
        os.close(slave)
        shown = b"".join(iter(lambda: _read(master), b""))
    os.close(master)
    assert process.returncode == 0
    text = shown.decode("utf-8", "replace")
    assert "Checking" in text
    assert re.search(r"\d/11", text)
    assert "\x1b[32mAll 11 nodes are right" in text


def _read(descriptor: int) -> bytes:
    """Return what a terminal shows next, nothing at its end."""
    try:
        return os.read(descriptor, 65536)
    except OSError:  # Linux says so when the other side is closed
        return b""
