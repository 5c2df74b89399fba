"""Every command in the README and the documents does what it says there."""

from __future__ import annotations

import doctest
import re
import shlex
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest

from mxnet.cli import main
from tests.e2e.conftest import ROOT
from tools import differences

README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = sorted((ROOT / "docs").glob("*.md"))


def _commands(text: str) -> list[str]:
    """Return the shell commands of a document: its indented lines, without comments."""
    lines = re.findall(r"^    (\S.*)$", text, re.MULTILINE)
    return [line.split("#")[0].strip() for line in lines]


def _mxnet_commands(text: str) -> list[str]:
    return [command for command in _commands(text) if command.startswith("mxnet ")]


def test_the_readme_has_the_two_commands_and_the_checks():
    checks = _mxnet_commands(README)
    assert _commands(README) == ["make demo", "make test", *checks]
    assert len(checks) == 2


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_has_no_command_that_is_not_run_here(path):
    text = path.read_text(encoding="utf-8")
    assert _commands(text) == _mxnet_commands(text)
    assert text.count("```") == 2 * len(_examples(path))


def _examples(path: Path) -> list[str]:
    """Return the Python sessions of a document."""
    return re.findall(r"^```python\n(>>> .*?)^```$", path.read_text("utf-8"), re.M | re.S)


@pytest.mark.parametrize("path", [p for p in DOCUMENTS if _examples(p)], ids=lambda path: path.name)
def test_a_documents_sessions_print_what_they_say(path):
    text = "\n".join(_examples(path))
    session = doctest.DocTestParser().get_doctest(text, {}, path.name, str(path), 0)
    printed: list[str] = []
    result = doctest.DocTestRunner().run(session, out=printed.append)
    assert result.attempted
    assert not result.failed, "".join(printed)


def _made(target: str) -> str:
    """Return what a make target would run if everything were set up anew."""
    command = ["make", "-n", "-B", "--no-print-directory", target]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_make_demo_sets_up_and_runs_the_demo():
    lines = _made("demo").splitlines()
    assert any("pip install" in line for line in lines[:-1])
    assert lines[-1].endswith("python -m mxnet demo")


def test_make_test_sets_up_and_runs_lint_types_and_tests():
    text = _made("test")
    steps = ("pip install", "ruff check .", "ruff format --check .", "mypy", "python -m pytest")
    places = [text.index(step) for step in steps]
    assert places == sorted(places)


def test_the_readmes_example_runs_in_an_empty_directory_after_pip_install(python, site, tmp_path):
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert list(tmp_path.iterdir()) == []
    done = python("-c", example + "\nprint(mx.__file__, exec_add.outputs[0].asnumpy().tolist())")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{site}/mxnet/__init__.py [[6.0, 8.0], [10.0, 12.0]]\n"


@pytest.mark.parametrize("command", _mxnet_commands(README))
def test_the_readmes_checks(mxnet_command, here, command):
    done = mxnet_command(*shlex.split(command)[1:])
    assert (done.returncode, done.stderr) == (0, "")
    assert "All 11 nodes are right" in done.stdout
    assert (here / "report.html").exists() == ("--html" in command)


@pytest.mark.parametrize(
    "command",
    [command for path in DOCUMENTS for command in _mxnet_commands(path.read_text("utf-8"))],
)
def test_the_documents_checks(here, monkeypatch, capsys, command):
    monkeypatch.chdir(here)
    assert main(shlex.split(command)[1:]) == 0
    assert "nodes are right" in capsys.readouterr().out


@pytest.mark.parametrize(
    "path", [ROOT / "README.md", ROOT / "CHANGELOG.md", *DOCUMENTS], ids=lambda path: path.name
)
def test_links_within_the_project_lead_somewhere(path):
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not Path(path.parent, link).exists()] == []


def test_every_row_that_differs_on_purpose_is_in_the_page_of_differences():
    written = differences.PAGE.read_text(encoding="utf-8")
    assert written == differences.page(), "run: make differences"


def test_tables_have_the_same_number_of_columns_in_every_line():
    for path in DOCUMENTS:
        lines = path.read_text(encoding="utf-8").splitlines()
        for above, line in pairwise(lines):
            if above.startswith("|") and line.startswith("|"):
                assert above.count("|") == line.count("|"), f"{path.name}: {line}"
