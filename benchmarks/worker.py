"""One side of a benchmark: a process that times what the runner asks for, a JSON line each.

Requests are ``{"case": title, "count": n, "contender": "ours", "reference" or "torch"}``; answers
are ``{"seconds": per call, "value": ...}`` or ``{"error": text}``. A case is set up
when it is first asked for; what it holds is freed when the next one comes.
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

SAMPLE = 64
"""How many elements of a large result are compared."""


def main(side: str) -> None:
    """Serve requests from standard input until it ends."""
    # Whatever a library prints goes to standard error: the answers have the pipe to themselves.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    mx = load_reference() if side == "reference" else importlib.import_module("mxnet")
    cases = load_cases()
    ready: dict[str, dict[str, Callable[[], Any]]] = {}
    gc.freeze()
    gc.disable()
    for line in sys.stdin:
        request = json.loads(line)
        try:
            case = cases[request["case"]]
            if case.title not in ready:
                ready.clear()
                gc.collect()  # and not while the clock runs
                ready[case.title] = prepare(mx, case, side)
            answer = run(ready[case.title][request["contender"]], request["count"], case.calls)
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}".split("\n")[0]}
        print(json.dumps(answer), file=answers, flush=True)


def prepare(mx: Any, case: Case, side: str) -> dict[str, Callable[[], Any]]:
    """Return the callables of a case by contender."""
    np.random.seed(0)
    mx.random.seed(0)
    made = case.setup(mx)
    return {"ours": made[0], "torch": made[1]} if case.rival == "torch" else {side: made}


def run(action: Callable[[], Any], count: int, calls: int) -> dict[str, Any]:
    """Run an action `count` times and return the seconds that one call took, and its value.

    One call before is not measured: the other side, whose turn it was, left its data in the caches
    and its threads spinning, and of that the side with fewer calls in a turn would pay more.
    """
    action()
    started = time.perf_counter()
    for _ in range(count):
        value = action()
    seconds = (time.perf_counter() - started) / (count * calls)
    return {"seconds": seconds, "value": sample(value)}


def sample(value: Any) -> Any:
    """Return a result as plain data; of a large array elements that lie evenly in it."""
    if isinstance(value, (list, tuple)):
        return [sample(each) for each in value]
    if value is None:
        return None
    array = np.asarray(value.asnumpy() if hasattr(value, "asnumpy") else value)
    if array.size <= SAMPLE:
        return array.tolist()
    places = np.linspace(0, array.size - 1, SAMPLE).astype(int)
    return array.reshape(-1)[places].astype(np.float64).tolist()


if __name__ == "__main__":
    main(sys.argv[1])
