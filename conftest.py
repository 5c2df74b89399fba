"""Names that every doctest of the package may use: `mx` and `np`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

# Functions made from operators repeat the docstrings in mxnet/ops, where the examples run.
collect_ignore = [
    f"mxnet/{front_end}/{room}.py"
    for front_end in ("ndarray", "symbol")
    for room in ("op", "_internal", "gen_contrib", "linalg", "image")
]


@pytest.fixture(autouse=True, scope="session")
def _doctest_names(doctest_namespace: dict[str, Any]) -> None:
    import mxnet

    doctest_namespace["mx"] = mxnet
    doctest_namespace["np"] = np
