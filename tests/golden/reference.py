"""The real MXNet 1.9.1: how a process imports it, and a worker process that may crash."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0
"""Seconds after which a piece of work counts as a crash."""


def load_reference() -> ModuleType:
    """Import the installed MXNet, although the repository has a package of the same name."""
    os.environ.setdefault("MXNET_SUBGRAPH_VERBOSE", "0")
    hidden = [place for place in sys.path if Path(place or ".").resolve() == ROOT]
    sys.path[:] = [place for place in sys.path if place not in hidden]
    try:
        import mxnet
    finally:
        sys.path[:0] = hidden
    if Path(mxnet.__file__).is_relative_to(ROOT / "mxnet") or mxnet.__version__ != "1.9.1":
        raise RuntimeError(f"{mxnet.__file__} is not the reference; run under .venv-reference")
    return mxnet


class Worker:
    """Runs ``work(mx, item)`` in a process of its own, and a fresh one after a crash.

    The parent never imports MXNet, so that forking is safe.
    """

    def __init__(self, work: Callable[[Any, Any], Any]) -> None:
        self._work = work
        self._process: Any = None

    def _start(self) -> None:
        context = multiprocessing.get_context("fork")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, self._work), daemon=True)
        self._process.start()
        theirs.close()

    def run(self, item: Any) -> Any:
        """Return what the work returns for `item`, or None where the process died or hung.

        It gets a second try in a fresh process: what came before may have spoilt the first one.
        """
        fresh = self._process is None
        answer = self._ask(item)
        return answer if fresh or answer is not None else self._ask(item)

    def _ask(self, item: Any) -> Any:
        if self._process is None:
            self._start()
        self._pipe.send(item)
        try:
            if self._pipe.poll(PATIENCE):
                return self._pipe.recv()
        except (EOFError, ConnectionResetError):
            pass  # the process died, which None says
        self.stop()
        return None

    def stop(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._pipe.close()
            self._process = None


def _serve(pipe: Any, work: Callable[[Any, Any], Any]) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what the reference prints is of no use
    mx = load_reference()
    while True:
        try:
            item = pipe.recv()
        except EOFError:
            return
        pipe.send(work(mx, item))
        with contextlib.suppress(Exception):  # a late error must not reach the next piece of work
            mx.nd.waitall()
