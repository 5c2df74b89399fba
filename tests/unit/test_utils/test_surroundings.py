"""Environment variables, default context, standard error, retries, facts about the machine."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

import mxnet as mx
from mxnet import test_utils


class TestEnvironment:
    def test_a_variable_is_set_and_set_back(self, monkeypatch):
        monkeypatch.setenv("MXNET_A", "1")
        with test_utils.environment("MXNET_A", "2"):
            assert os.environ["MXNET_A"] == "2"
        assert os.environ["MXNET_A"] == "1"

    def test_none_removes_a_variable(self, monkeypatch):
        monkeypatch.setenv("MXNET_A", "1")
        with test_utils.environment({"MXNET_A": None, "MXNET_B": "3"}):
            assert "MXNET_A" not in os.environ
            assert os.environ["MXNET_B"] == "3"
        assert os.environ["MXNET_A"] == "1"
        assert "MXNET_B" not in os.environ

    def test_variables_are_set_back_after_an_error(self, monkeypatch):
        monkeypatch.setenv("MXNET_A", "1")
        with pytest.raises(KeyError), test_utils.environment("MXNET_A", "2"):
            raise KeyError
        assert os.environ["MXNET_A"] == "1"

    @pytest.mark.parametrize("args", [("A",), ("A", "1", "B"), ()])
    def test_other_arguments_are_refused(self, args):
        with pytest.raises(AssertionError, match="a dict, or the name and the value"):
            test_utils.environment(*args).__enter__()

    def test_values_are_strings(self):
        with pytest.raises(TypeError, match="'MXNET_A'=1 is not a string"):
            test_utils.environment("MXNET_A", 1).__enter__()
        assert "MXNET_A" not in os.environ


def test_the_default_context_is_the_current_one():
    assert test_utils.default_context() == mx.cpu(0)
    with mx.cpu(1):
        assert test_utils.default_context() == mx.cpu(1)


@pytest.mark.parametrize("context", [mx.cpu(2), "cpu"])
def test_the_default_context_can_be_set(context):
    try:
        test_utils.set_default_context(context)
        assert mx.current_context() == mx.Context(context)
        assert mx.nd.ones((1,)).context == mx.Context(context)
    finally:
        test_utils.set_default_context(mx.cpu(0))


def test_standard_error_of_the_process_is_discarded_in_a_block_only():
    program = (
        "import os, sys\n"
        "from mxnet.test_utils import discard_stderr\n"
        "with discard_stderr():\n"
        "    os.write(2, b'from C'); sys.stderr.write('from Python'); print('shown')\n"
        "sys.stderr.write('after')\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (run.stdout, run.stderr) == ("shown\n", "after")


class TestRetry:
    def test_a_test_is_repeated_until_it_passes(self):
        attempts = []

        @test_utils.retry(3)
        def check(limit):
            """Counts."""
            attempts.append(1)
            assert len(attempts) >= limit
            return "passed"

        assert check(limit=2) == "passed"
        assert len(attempts) == 2
        assert (check.__name__, check.__doc__) == ("check", "Counts.")

    def test_the_last_failure_is_raised(self):
        attempts = []

        @test_utils.retry(3)
        def check():
            attempts.append(1)
            raise AssertionError(f"attempt {len(attempts)}")

        with pytest.raises(AssertionError, match="attempt 3"):
            check()

    def test_other_errors_are_raised_at_once(self):
        @test_utils.retry(3)
        def check():
            attempts.append(1)
            raise KeyError

        attempts = []
        with pytest.raises(KeyError):
            check()
        assert len(attempts) == 1

    def test_one_attempt_is_the_least(self):
        with pytest.raises(AssertionError, match="n is 0, but must be at least 1"):
            test_utils.retry(0)


def test_what_is_known_of_the_machine(monkeypatch):
    assert list(test_utils.list_gpus()) == list(range(mx.num_gpus()))
    assert test_utils.is_op_runnable()
    assert not test_utils.has_tvm_ops()
    monkeypatch.setattr("platform.machine", lambda: "aarch64")
    assert test_utils.is_aarch64_run()
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    assert not test_utils.is_aarch64_run()
    monkeypatch.setenv("CD_JOB", "1")
    assert test_utils.is_cd_run()
    monkeypatch.delenv("CD_JOB")
    assert not test_utils.is_cd_run()


def test_im2rec_is_found_in_the_folder_of_the_environment(monkeypatch, tmp_path):
    script = tmp_path / "tools" / "im2rec.py"
    script.parent.mkdir()
    script.touch()
    monkeypatch.setenv("MXNET_ELSEWHERE", str(tmp_path))
    assert test_utils.get_im2rec_path("MXNET_ELSEWHERE") == str(script)
