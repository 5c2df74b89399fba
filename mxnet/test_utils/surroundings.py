"""What surrounds a test: environment variables, the default context, standard error, retries."""

from __future__ import annotations

import functools
import os
import pathlib
import platform
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ..context import Context, current_context, num_gpus, set_current_context


def default_context() -> Context:
    """Return the context on which checks run unless they are given one.

    Examples
    --------
    >>> mx.test_utils.default_context()
    cpu(0)
    """
    return current_context()


def set_default_context(ctx: Context | str) -> None:
    """Make `ctx` the current context of this thread, on which checks run from now on.

    Parameters
    ----------
    ctx : Context or str
        For example ``mx.gpu(0)`` or ``'cpu'``.
    """
    set_current_context(Context(ctx))


@contextmanager
def environment(*args: Any) -> Iterator[None]:
    """Set environment variables for the length of a `with` block.

    Parameters
    ----------
    *args : str and (str or None), or dict
        A name and its value, or a dict from names to values. None removes the variable.

    Raises
    ------
    AssertionError
        For another number of arguments.
    TypeError
        For a value that is not a string.

    Examples
    --------
    >>> import os
    >>> with mx.test_utils.environment("MXNET_EXAMPLE", "1"):
    ...     os.environ["MXNET_EXAMPLE"]
    '1'
    >>> "MXNET_EXAMPLE" in os.environ
    False
    """
    wanted = _as_mapping(args)
    before = {name: os.environ.get(name) for name in wanted}
    _set_variables(wanted)
    try:
        yield
    finally:
        _set_variables(before)


def _as_mapping(args: tuple[Any, ...]) -> Mapping[str, str | None]:
    if len(args) == 1 and isinstance(args[0], Mapping):
        wanted = args[0]
    elif len(args) == 2:
        wanted = {args[0]: args[1]}
    else:
        raise AssertionError("environment takes a dict, or the name and the value of one variable")
    for name, value in wanted.items():
        if not isinstance(name, str) or not isinstance(value, str | None):
            raise TypeError(f"environment: {name!r}={value!r} is not a string (or None).")
    return wanted


def _set_variables(values: Mapping[str, str | None]) -> None:
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


@contextmanager
def discard_stderr() -> Iterator[None]:
    """Throw away what the process, C libraries included, writes to standard error in a block.

    Examples
    --------
    >>> import os
    >>> with mx.test_utils.discard_stderr():
    ...     _ = os.write(2, b"never seen")
    """
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        sys.stderr.flush()
        os.dup2(kept, 2)
        os.close(kept)


def retry(n: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorate a test that may fail by chance: it is called until it passes, `n` times at most.

    Only an AssertionError leads to another attempt; that of the last attempt is raised.

    Parameters
    ----------
    n : int
        At least 1.

    Examples
    --------
    >>> attempts = []
    >>> @mx.test_utils.retry(3)
    ... def test_third():
    ...     attempts.append(1)
    ...     assert len(attempts) == 3
    ...     return len(attempts)
    >>> test_third()
    3
    """
    if n < 1:
        raise AssertionError(f"retry: n is {n}, but must be at least 1")

    def decorate(test: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(test)
        def attempt(*args: Any, **kwargs: Any) -> Any:
            for _ in range(n - 1):
                try:
                    return test(*args, **kwargs)
                except AssertionError:
                    continue
            return test(*args, **kwargs)

        return attempt

    return decorate


def list_gpus() -> range:
    """Return the numbers of the GPUs that torch sees."""
    return range(num_gpus())


def has_tvm_ops() -> bool:
    """Return False: operators are made with torch, never with TVM."""
    return False


def is_op_runnable() -> bool:
    """Return True: every operator runs on every device that torch supports."""
    return True


def is_aarch64_run() -> bool:
    """Return whether this is a 64-bit ARM processor."""
    return platform.machine().lower() in ("aarch64", "arm64")


def is_cd_run() -> bool:
    """Return whether the environment variable CD_JOB is 1, as in MXNet's release builds."""
    return os.environ.get("CD_JOB") == "1"


def get_im2rec_path(home_env: str = "MXNET_HOME") -> str:
    """Return the path of the script `im2rec.py`, which packs images into a record file.

    Parameters
    ----------
    home_env : str, default 'MXNET_HOME'
        An environment variable; where it is set, its folder is searched first.

    Raises
    ------
    FileNotFoundError
        If there is no such script.
    """
    package = pathlib.Path(__file__).resolve().parents[1]
    homes = [pathlib.Path(os.environ[home_env])] if home_env in os.environ else []
    tried = [home / "tools" / "im2rec.py" for home in (*homes, package, package.parent)]
    for path in tried:
        if path.is_file():
            return str(path)
    raise FileNotFoundError(f"There is no im2rec.py at {', '.join(map(str, tried))}.")
