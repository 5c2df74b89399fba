"""`mxnet check`: check every node of a network, show a table, write a report."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from typing import Any

import numpy as np

from .. import symbol as sym
from ..base import MXNetError
from ..ndarray import NDArray, array, load
from ..symbol import Symbol
from ..test_utils.network import NetworkCheck, check_network
from .examples import EXAMPLES
from .extras import need
from .report import gradient_text, refuse_bad_path, shapes_text, write_report
from .user_code import import_user_code

_WIDE = 160  # columns of the table where nobody's terminal limits them
_NAMED = 8  # names listed in a sentence


def run(options: argparse.Namespace) -> int:
    """Run the command, and return its exit status: 0 if every node is right, else 1."""
    need("rich")
    if options.html:
        refuse_bad_path(options.html)
    network, shapes, arguments, states = _load(options)
    found = show_check(network, shapes, arguments, states, options.samples, options.seed)
    if options.params or options.data:
        _tell_drawn(found.drawn)
    if options.html:
        write_report(options.html, found, title=os.path.basename(options.model))
        print(f"Report: {options.html}")
    return 0 if found.passed else 1


def _load(
    options: argparse.Namespace,
) -> tuple[Symbol, dict[str, tuple[int, ...]], dict[str, NDArray], dict[str, NDArray]]:
    """Return the network, its input shapes, and the values that were given."""
    given = [name for name, _ in (*options.shape, *options.data)]
    for name in given:
        if given.count(name) > 1:
            raise MXNetError(f"{name} is given more than once; give one --shape or one --data.")
    for place in options.code:
        import_user_code(place)
    if options.model in EXAMPLES:
        network, shapes = EXAMPLES[options.model]()
    else:
        network, shapes = _load_symbol(options.model), {}
    shapes.update(options.shape)
    arguments, states = _load_params(options.params) if options.params else ({}, {})
    for name, path in options.data:
        arguments[name] = _load_values(name, path)
        shapes[name] = arguments[name].shape
    if not shapes:
        inputs = [name for name in network.list_arguments() if name not in arguments]
        raise MXNetError(
            "no input's shape is known; give --shape NAME=... or --data NAME=FILE.npy "
            f"(the network's inputs are {_listed(inputs)})."
        )
    return network, shapes, arguments, states


def _load_symbol(path: str) -> Symbol:
    if not os.path.exists(path):
        raise MXNetError(
            f"there is neither a file nor an example {path!r}; examples are {', '.join(EXAMPLES)}."
        )
    try:
        return sym.load(path)
    except (MXNetError, UnicodeDecodeError) as error:
        raise MXNetError(f"{path} can not be read: {error}") from error


def _load_params(path: str) -> tuple[dict[str, NDArray], dict[str, NDArray]]:
    """Return the arguments and auxiliary states of a .params file."""
    if not os.path.exists(path):
        raise MXNetError(f"there is no file {path!r}.")
    try:
        saved = load(path)
    except MXNetError as error:
        raise MXNetError(f"{path} can not be read: {error}") from error
    if not isinstance(saved, Mapping):
        raise MXNetError(f"{path} holds arrays without names, so they can not be assigned.")
    arguments, states = {}, {}
    for key, value in saved.items():
        kind, separator, name = key.partition(":")
        if separator and kind == "aux":
            states[name] = value
        else:
            arguments[name if separator else key] = value
    return arguments, states


def _load_values(name: str, path: str) -> NDArray:
    """Return the numbers of a .npy file; whole numbers stay whole numbers."""
    if not os.path.exists(path):
        raise MXNetError(f"--data {name}: there is no file {path!r}.")
    try:
        values = np.load(path, allow_pickle=False)
    except (ValueError, EOFError, OSError) as error:
        raise MXNetError(f"--data {name}: {path} is no .npy file of numbers ({error}).") from error
    if not isinstance(values, np.ndarray) or values.dtype.kind not in "fiub":
        kind = getattr(values, "dtype", type(values).__name__)
        raise MXNetError(f"--data {name}: {path} holds {kind}, but must hold numbers.")
    if not values.size:
        raise MXNetError(f"--data {name}: {path} has shape {values.shape}: it holds no number.")
    if values.dtype.kind == "f":
        return array(values, dtype="float64")
    return array(values, dtype="bool" if values.dtype.kind == "b" else "int64")


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _tell_drawn(names: list[str]) -> None:
    if names:
        print(f"Drawn at random, because no values were given: {_listed(names)}.")


def show_check(
    network: Symbol,
    shapes: Mapping[str, tuple[int, ...]],
    arguments: Mapping[str, NDArray] | None = None,
    states: Mapping[str, NDArray] | None = None,
    samples: int = 16,
    seed: int = 0,
) -> NetworkCheck:
    """Check a network with a progress bar on a terminal, print the table, and return the result."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = Console()
    if not console.is_terminal:
        console = Console(width=_WIDE, file=sys.stdout)
    name_column = TextColumn("{task.fields[name]}")
    columns = (TextColumn("Checking"), BarColumn(), MofNCompleteColumn(), name_column)
    hidden = not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden) as progress:
        task = progress.add_task("check", total=None, name="")

        def advance(done: int, total: int, name: str) -> None:
            progress.update(task, completed=done, total=total, name=_plain(name))

        found = check_network(
            network, shapes, arguments, states, samples=samples, seed=seed, progress=advance
        )
    console.print(_table(found))
    for line in _verdict(found):
        console.print(line, highlight=False, soft_wrap=True)
    return found


def _plain(text: str) -> str:
    """Return text in which rich sees no markup, whatever a node is called."""
    from rich.markup import escape

    return escape(text)


def _table(found: NetworkCheck) -> Any:
    from rich.table import Table

    title = "Errors in units of the tolerance; above 1 fails"
    table = Table(title=title, title_justify="left", title_style="dim")
    for heading in ("node", "operator", "output"):
        table.add_column(heading, overflow="fold")
    for heading in ("float32", "gradient", "kinks"):
        table.add_column(heading, justify="right")
    table.add_column("result")
    for node in found.nodes:
        precision = f"{node.precision_error:.2g}" if node.gradient else ""
        table.add_row(
            _plain(node.name),
            _plain(node.operator),
            shapes_text(node),
            precision,
            gradient_text(node),
            str(node.kinks or ""),
            _RESULTS[node.status],
        )
    return table


_RESULTS = {
    "ok": "[green]ok[/green]",
    "wrong": "[bold red]WRONG[/bold red]",
    "unchecked": "[dim]unchecked[/dim]",
}


def _verdict(found: NetworkCheck) -> list[str]:
    """Return what the check says in the end, line by line."""
    lines = [
        f"[dim]{_plain(node.name)}: {_plain(note)}[/dim]"
        for node in found.nodes
        for note in node.notes
    ]
    first = found.first_failure
    if first is None:
        right = f"All {len(found.nodes)} nodes are right"
        return [*lines, f"[green]{right}[/green] ({found.comparisons} gradients compared)."]
    count = len(found.failures)
    wrong = f"{count} of {len(found.nodes)} nodes {'is' if count == 1 else 'are'} wrong"
    name = f"{_plain(first.name)} ({_plain(first.operator)})"
    lines.append(f"[bold red]{wrong}; the first is {name}[/bold red]:")
    return [*lines, *(f"  {_plain(reason)}" for reason in first.reasons)]
