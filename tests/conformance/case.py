"""Cases: plain functions of `mx` whose results the reference recorded.

A file ``cases_<file>.py`` holds functions marked with :func:`case`::

    @case
    def outputs_of_a_group(mx, random):
        pair = mx.sym.Group([mx.sym.Variable("a"), mx.sym.Variable("b")])
        return {"names": pair.list_outputs()}

A result is a dict of facts: arrays (NDArray, NumPy, numbers) are compared with a tolerance,
anything else (names, shapes, texts, None) as its repr. An exception's type is a fact too:
:func:`error_of`.
"""

from __future__ import annotations

import hashlib
import importlib
import inspect
import random as python_random
import warnings
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any

import numpy as np

from tests.golden.store import FOLDER, Facts

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    """One case: its function, and how closely ours must agree.

    Parameters
    ----------
    function : callable
        ``function(mx, random)`` with a seeded `numpy.random.RandomState`; returns a dict.
    rtol, atol : float
        Tolerance of float arrays; other arrays must be equal.
    differs : str
        Why ours differs from the reference on purpose; the case is then only run.
    """

    function: Callable[..., dict[str, Any]]
    rtol: float = 1e-4
    atol: float = 1e-5
    differs: str = ""

    @property
    def name(self) -> str:
        """The function's name."""
        return self.function.__name__

    @property
    def key(self) -> str:
        """The name and a hash of what the case says: a changed case must be recorded anew."""
        text = "".join(_sources(self.function, set()))
        return f"{self.name}-{hashlib.sha1(text.encode()).hexdigest()[:10]}"


def _sources(function: Any, seen: set[str]) -> Iterator[str]:
    """Yield the source of a function, and of the helpers and tables of its file that it uses."""
    yield inspect.getsource(function)
    for name in sorted(set(_names(function.__code__))):  # the order is the compiler's
        value = function.__globals__.get(name)
        if name in seen or value is None or inspect.ismodule(value):
            continue
        seen.add(name)
        if getattr(value, "__module__", None) == function.__module__:
            yield from _sources(value, seen)
        elif not callable(value):
            yield repr(plain(value))


def _names(code: CodeType) -> Iterator[str]:
    """Yield the global names that code uses, its lambdas and inner functions included."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


_CASES: dict[str, list[Case]] = {}


def case(function: Any = None, **options: Any) -> Any:
    """Mark a function as a case; options are those of :class:`Case`."""
    if function is None:
        return lambda marked: case(marked, **options)
    made = Case(function, **options)
    listed = _CASES.setdefault(function.__module__, [])
    if any(other.name == made.name for other in listed):
        raise ValueError(f"the case {made.name} is defined twice in {function.__module__}")
    listed.append(made)
    return function


def files() -> dict[str, list[Case]]:
    """Return the cases of every ``cases_<file>.py`` by ``<file>``."""
    found = {}
    for path in sorted(HERE.glob("cases_*.py")):
        module = importlib.import_module(f"tests.conformance.{path.stem}")
        found[path.stem.removeprefix("cases_")] = _CASES[module.__name__]
    return found


def golden_path(file: str) -> Path:
    """Return where the reference's results for a file of cases are kept."""
    return FOLDER / "conformance" / f"{file}.npz"


def error_of(action: Callable[[], Any]) -> str:
    """Return the name of the exception that the action raises, or 'nothing'."""
    try:
        action()
    except Exception as error:
        return type(error).__name__
    return "nothing"


def raises(action: Callable[[], Any]) -> bool:
    """Return whether the action raises, for errors whose type the reference left to chance."""
    return error_of(action) != "nothing"


def outcome(action: Callable[[], Any]) -> Any:
    """Return what the action returns, read to the end, or the name of the exception it raises."""
    try:
        result = action()
        return result.asnumpy() if hasattr(result, "asnumpy") else plain(result)
    except Exception as error:
        return type(error).__name__


def run(mx: Any, chosen: Case) -> Facts:
    """Run a case with seeded generators and return its facts."""
    seed = zlib.crc32(chosen.name.encode())
    python_random.seed(seed)
    np.random.seed(seed)
    mx.random.seed(seed)
    with mx.AttrScope(), mx.name.NameManager(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = chosen.function(mx, np.random.RandomState(seed))
        return {name: as_fact(value) for name, value in results.items()}


def as_fact(value: Any) -> np.ndarray | str:
    """Return a result the way that golden files keep it: an array, or a text."""
    value = value.asnumpy() if hasattr(value, "asnumpy") else value
    if isinstance(value, (float, np.generic, np.ndarray)):
        return np.asarray(value)
    return value if isinstance(value, str) else repr(plain(value))


def plain(value: Any) -> Any:
    """Return nested results free of NumPy types, whose repr depends on NumPy's version."""
    value = value.asnumpy() if hasattr(value, "asnumpy") else value
    if isinstance(value, dict):
        return {key: plain(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, (list, tuple)):
        return type(value)(plain(item) for item in value)
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    if isinstance(value, type):
        return value.__name__
    return value.name if isinstance(value, np.dtype) else value


def observe(mx: Any, item: tuple[str, str]) -> Facts:
    """Run the case that `item` names as (file, name); that it raises is a fact too."""
    file, name = item
    chosen = next(each for each in files()[file] if each.name == name)
    try:
        return run(mx, chosen)
    except Exception as error:
        return {"raised": f"{type(error).__name__}: {str(error).strip()}".split("\n")[0]}


def problems(mx: Any, chosen: Case, golden: Facts | None) -> list[str]:
    """Return everything in which a case's results differ from the golden ones, as sentences."""
    if golden is None:
        return ["tests/golden has no results for this case: run `make golden`"]
    if "raised" in golden or "crashed" in golden:
        return ["the case fails under the reference: state the error with error_of"]
    actual = run(mx, chosen)
    if chosen.differs:
        return []
    found = []
    for name, expected in golden.items():
        if name not in actual:
            found.append(f"{name} is missing")
        elif not _agree(actual[name], expected, chosen):
            found.append(f"{name}: {_show(actual[name])}\n    expected {_show(expected)}")
    return found


def _agree(actual: np.ndarray | str, expected: np.ndarray | str, chosen: Case) -> bool:
    if isinstance(actual, str) or isinstance(expected, str):
        return isinstance(actual, str) and isinstance(expected, str) and actual == expected
    if actual.shape != expected.shape or actual.dtype != expected.dtype:
        return False
    if expected.dtype.kind != "f":
        return bool((actual == expected).all())
    return np.allclose(actual, expected, chosen.rtol, chosen.atol, equal_nan=True)


def _show(fact: np.ndarray | str) -> str:
    if isinstance(fact, str):
        return fact
    return f"{fact.dtype} {fact.shape} {np.array2string(fact, threshold=40)}"
