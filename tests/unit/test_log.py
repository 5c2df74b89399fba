"""Loggers: where their lines go and what they look like."""

from __future__ import annotations

import logging
import re

import pytest

import mxnet as mx


def test_lines_on_the_standard_error_say_level_time_and_place(capsys):
    logger = mx.log.get_logger("unit_log_stderr", level=mx.log.INFO)
    logger.info("step %d", 3)
    logger.debug("hidden")
    line = capsys.readouterr().err
    place = r"test_log.py:test_lines_on_the_standard_error_say_level_time_and_place:\d+"
    assert re.fullmatch(rf"I\d{{4}} \d\d:\d\d:\d\d \d+ \S*{place}\] step 3\n", line)


@pytest.mark.parametrize(
    ("level", "letter", "colour"),
    [(50, "C", 31), (40, "E", 31), (30, "W", 31), (20, "I", 32), (10, "D", 34), (15, "U", 34)],
)
def test_lines_on_a_terminal_are_coloured(monkeypatch, level, letter, colour):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    logger = mx.log.get_logger(f"unit_log_colour_{level}")
    record = logging.LogRecord("", level, "/a/b.py", 7, "m %d", (3,), None, "run")
    line = logger.handlers[0].format(record)
    assert line.startswith(f"\x1b[{colour}m{letter}")
    assert line.endswith("/a/b.py:run:7]\x1b[0m m 3")


def test_a_file_gets_the_messages_alone(tmp_path):
    path = tmp_path / "log.txt"
    path.write_text("before\n")
    logger = mx.log.get_logger("unit_log_file", str(path), level=mx.log.INFO)
    logger.info("one")
    logger.debug("two")
    assert path.read_text() == "before\none\n"
    logger.handlers[0].close()


def test_a_logger_is_set_up_once():
    first = mx.log.get_logger("unit_log_once", level=mx.log.ERROR)
    second = mx.log.get_logger("unit_log_once", level=mx.log.DEBUG)
    assert first is second
    assert (second.level, len(second.handlers)) == (mx.log.ERROR, 1)


def test_the_root_logger_is_left_alone():
    before = list(logging.getLogger().handlers)
    assert mx.log.get_logger(level=mx.log.DEBUG) is logging.getLogger()
    assert logging.getLogger().handlers == before


def test_the_old_name_warns():
    with pytest.warns(DeprecationWarning, match="use get_logger"):
        mx.log.getLogger("unit_log_old")
