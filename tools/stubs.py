"""Write the .pyi stubs of the front ends from the registry, for editors and type checkers.

usage: python -m tools.stubs [--check]
"""

from __future__ import annotations

import argparse
import pathlib
import sys

from mxnet.ops.frontend import public_names
from mxnet.ops.registry import Attribute, Operator

ROOT = pathlib.Path(__file__).resolve().parent.parent / "mxnet"

# Module under mxnet/<front end>/ -> room of operators.
MODULES = {
    "op": "op",
    "_internal": "_internal",
    "gen_contrib": "contrib",
    "linalg": "linalg",
    "image": "image",
}
FRONT_ENDS = {"ndarray": "NDArray", "symbol": "Symbol"}

_TYPES = {
    "boolean": "bool",
    "int": "int",
    "int (non-negative)": "int",
    "int (positive)": "int",
    "float": "float",
    "string": "str",
    "dtype": "DTypeLike",
    "Shape(tuple)": "int | Sequence[int | None]",
    "tuple of <float>": "float | Sequence[float]",
    "tuple of <Shape(tuple)>": "Sequence[Sequence[int]]",
}


def _attribute_type(attribute: Attribute) -> str:
    kind = attribute.kind
    name = kind.name.removesuffix(" or None")
    text = "str" if name == "enum" else _TYPES.get(name, "Any")
    return text if text == "Any" or not kind.name.endswith("or None") else f"{text} | None"


def _signature(operator: Operator, array: str) -> str:
    if operator.variadic:
        return f"*{operator.inputs[0]}: {array} | Sequence[{array}], **kwargs: Any"
    listed = [name for name in operator.inputs if name not in operator.unlisted]
    parts = [f"{name}: {array} | None = ..." for name in listed]
    parts += [f"{name}: {_attribute_type(a)} = ..." for name, a in operator.attributes.items()]
    tail = {"out": "Any", "name": "str | None"}
    if array == "Symbol":
        tail = {"name": "str | None", "attr": "dict[str, str] | None", "out": "None"}
    taken = {*operator.inputs, *operator.attributes}
    parts += [f"{name}: {kind} = ..." for name, kind in tail.items() if name not in taken]
    return ", ".join([*parts, "**kwargs: Any"])


def _returns(operator: Operator, array: str) -> str:
    visible = operator.outputs if operator.visible_outputs is None else operator.visible_outputs
    return array if array == "Symbol" or visible == 1 else "Any"


def stub(front_end: str, room: str) -> str:
    """Return the text of one stub."""
    array = FRONT_ENDS[front_end]
    lines = [
        "# Written by `python -m tools.stubs` from the operator registry; do not edit.",
        "from collections.abc import Sequence",
        "from typing import Any",
        "",
        f"from .{array.lower()} import {array}",
        "",
        "DTypeLike = Any",
        "",
    ]
    for name, operator in public_names(room):
        signature, result = _signature(operator, array), _returns(operator, array)
        lines.append(f"def {name}({signature}) -> {result}: ...")
    return "\n".join(lines) + "\n"


def stale() -> list[str]:
    """Return the stubs that differ from what the registry says now."""
    return [
        str(path.relative_to(ROOT.parent))
        for path, text in _stubs()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


def _stubs() -> list[tuple[pathlib.Path, str]]:
    return [
        (ROOT / front_end / f"{module}.pyi", stub(front_end, room))
        for front_end in FRONT_ENDS
        for module, room in MODULES.items()
    ]


def main() -> int:
    """Write the stubs, or with --check say which are stale."""
    parser = argparse.ArgumentParser(description="Write the .pyi stubs of the front ends.")
    parser.add_argument("--check", action="store_true", help="only say which are stale")
    if parser.parse_args().check:
        found = stale()
        print("\n".join(f"stale: {name}" for name in found) or "every stub is fresh")
        return 1 if found else 0
    for path, text in _stubs():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
