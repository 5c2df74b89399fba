"""Reading the command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from .. import __version__
from ..base import MXNetError
from . import check, demo
from .examples import EXAMPLES

_LARGEST_SEED = 2**63 - 1


def _shape(text: str) -> tuple[str, tuple[int, ...]]:
    """Read ``name=2,3`` or ``name=(2,3)``."""
    name, separator, lengths = text.rpartition("=")
    try:
        shape = tuple(int(part) for part in lengths.strip("()[] ").split(",") if part.strip())
    except ValueError:
        shape = ()
    if not separator or not name or not shape or any(length < 1 for length in shape):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not of the form NAME=2,3,28,28 with positive lengths"
        )
    return name, shape


def _values(text: str) -> tuple[str, str]:
    """Read ``name=file.npy``."""
    name, separator, path = text.partition("=")
    if not separator or not name or not path:
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form NAME=FILE.npy")
    return name, path


def _count(text: str) -> int:
    """Read a positive number."""
    number = int(text) if text.strip().isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive whole number")
    return number


def _seed(text: str) -> int:
    """Read a seed."""
    number = int(text) if text.strip().isdecimal() else -1
    if not 0 <= number <= _LARGEST_SEED:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a whole number from 0 to {_LARGEST_SEED}"
        )
    return number


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    parser = argparse.ArgumentParser(prog="mxnet", description="Tools for MXNet models.")
    parser.add_argument("--version", action="version", version=f"mxnet {__version__} (mxnet-torch)")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_check(commands)
    _add_demo(commands)
    return parser


def _add_check(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "check",
        help="check every node of a network: outputs, gradients, precision",
        description="Run every node of a network on the values that reach it, hold its gradient "
        "against finite differences in float64, its float32 output and gradient against float64, "
        "and name the first node that is wrong. Exit status 0 if all are right, 1 if one is "
        "wrong, 2 if the check can not be run.",
        epilog="Example: mxnet check model-symbol.json model-0010.params --shape data=4,1,28,28",
    )
    parser.add_argument(
        "model",
        help=f"a -symbol.json file, or an example: {', '.join(EXAMPLES)}",
    )
    parser.add_argument(
        "params", nargs="?", help="a .params file; what it does not hold is drawn at random"
    )
    parser.add_argument(
        "--shape",
        action="append",
        type=_shape,
        default=[],
        metavar="NAME=2,3",
        help="the shape of an input; may be repeated",
    )
    parser.add_argument(
        "--import",
        dest="code",
        action="append",
        default=[],
        metavar="MODULE",
        help="a module, or a .py file, that registers custom operators; may be repeated",
    )
    parser.add_argument(
        "--data",
        action="append",
        type=_values,
        default=[],
        metavar="NAME=FILE.npy",
        help="the values of an input, instead of random ones; may be repeated",
    )
    parser.add_argument(
        "--samples",
        type=_count,
        default=16,
        metavar="N",
        help="elements of each input to perturb (default 16)",
    )
    parser.add_argument(
        "--seed", type=_seed, default=0, metavar="N", help="seed of the draws (default 0)"
    )
    parser.add_argument("--html", metavar="FILE", help="write a self-contained report")
    parser.set_defaults(run=check.run)


def _add_demo(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "demo",
        help="train LeNet on handwritten digits, save it, check it, and write the report",
        description="Train LeNet on scikit-learn's handwritten digits with Module.fit, save the "
        "model, check it, and write the report. Exit status 1 if a node is wrong or not more than "
        "95 % of the held-out digits are recognised.",
    )
    parser.add_argument("--folder", default="demo", help="where files go (default ./demo)")
    parser.add_argument(
        "--epochs", type=_count, default=12, metavar="N", help="passes over the data (default 12)"
    )
    parser.set_defaults(run=demo.run)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line, and return its exit status: 0 right, 1 a failed check, 2 bad input."""
    options = build_parser().parse_args(argv)
    try:
        return options.run(options)
    except (MXNetError, OSError) as error:
        print(f"mxnet {options.command}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"mxnet {options.command}: interrupted", file=sys.stderr)
        return 130
