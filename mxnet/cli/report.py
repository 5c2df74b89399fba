"""The report of a check: one HTML file that needs nothing beside it."""

from __future__ import annotations

import os
from importlib import resources
from typing import Any

from .. import __version__
from ..base import MXNetError
from ..serialization import write_whole
from ..test_utils.network import NetworkCheck, NodeCheck
from .extras import need
from .layout import HEIGHT, WIDTH, lay_out
from .plot import error_plot

_WORST = 8  # offending values shown per node


def refuse_bad_path(path: str) -> None:
    """Raise an MXNetError if a report can not be written to `path`, before any work is done."""
    need("jinja2")
    folder = os.path.dirname(path) or "."
    if os.path.isdir(path):
        raise MXNetError(f"the report {path} can not be written: it is a folder.")
    if not os.path.isdir(folder):
        raise MXNetError(f"the report {path} can not be written: there is no folder {folder}.")
    if not os.access(folder, os.W_OK):
        raise MXNetError(f"the report {path} can not be written: {folder} is not writable.")


def write_report(path: str, found: NetworkCheck, title: str) -> None:
    """Write the report of a check.

    Parameters
    ----------
    path : str
        The file to write; it is replaced as a whole.
    found : NetworkCheck
        What the check found.
    title : str
        The heading.

    Raises
    ------
    MXNetError
        If jinja2 is not installed.
    """
    need("jinja2")
    from jinja2 import Environment

    text = resources.files(__package__).joinpath("report.html.jinja").read_text(encoding="utf-8")
    template = Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    ).from_string(text)
    page = template.render(
        title=title,
        version=__version__,
        found=found,
        layout=lay_out(found.symbol),
        box={"width": WIDTH, "height": HEIGHT},
        nodes=[_describe(number, node) for number, node in enumerate(found.nodes)],
    )
    write_whole(path, page.encode("utf-8"))


def _describe(number: int, node: NodeCheck) -> dict[str, Any]:
    """Return what the template shows of a node."""
    return {
        "number": number,
        "check": node,
        "shapes": shapes_text(node),
        "gradient": gradient_text(node),
        "plot": error_plot(node),
        "worst": sorted(node.comparisons, key=lambda c: -c.error)[:_WORST],
    }


def shapes_text(node: NodeCheck) -> str:
    """Return the shapes of a node's outputs in words, for example ``4x16x8x8``."""
    return " ".join("x".join(map(str, shape)) for shape in node.shapes)


def gradient_text(node: NodeCheck) -> str:
    """Return a node's gradient error in words."""
    if node.gradient in ("", "none", "own"):
        return "its own" if node.gradient == "own" else node.gradient
    return f"{node.gradient_error:.2g}" + (" (loss)" if node.gradient == "loss" else "")
