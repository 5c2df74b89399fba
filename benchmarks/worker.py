"""One side of a benchmark: a process that times what the runner asks for, a JSON line each.

Requests are ``{"case": name, "count": n}``; answers are ``{"seconds": per call, "value": ...}`` or
``{"error": text}``. A case is set up, and run once unmeasured, when it is first asked for.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.case import Case, load_cases
from tests.golden.reference import load_reference


def main(side: str) -> None:
    """Serve requests from standard input until it ends."""
    # Whatever a library prints goes to standard error: the answers have the pipe to themselves.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    mx = load_reference() if side == "reference" else importlib.import_module("mxnet")
    cases = load_cases()
    ready: dict[str, Callable[[], Any]] = {}
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = serve(mx, cases[request["case"]], request["count"], ready)
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}".split("\n")[0]}
        print(json.dumps(answer), file=answers, flush=True)


def serve(mx: Any, case: Case, count: int, ready: dict[str, Callable[[], Any]]) -> dict[str, Any]:
    """Run a case `count` times and return the seconds that one call took."""
    if case.name not in ready:
        np.random.seed(0)
        mx.random.seed(0)
        ready[case.name] = case.setup(mx)
        ready[case.name]()
    action = ready[case.name]
    gc.collect()
    gc.disable()
    started = time.perf_counter()
    for _ in range(count):
        value = action()
    seconds = (time.perf_counter() - started) / (count * case.calls)
    gc.enable()
    return {"seconds": seconds, "value": None if value is None else np.asarray(value).tolist()}


if __name__ == "__main__":
    main(sys.argv[1])
