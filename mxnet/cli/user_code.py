"""Loading a user's own Python code, which registers custom operators before a network is read."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys

from ..base import MXNetError


def import_user_code(place: str) -> None:
    """Import a module by its name, or run a file of Python code.

    Parameters
    ----------
    place : str
        For example ``'models.operators'`` (looked for in the current folder too) or
        ``'operators.py'``.

    Raises
    ------
    MXNetError
        If there is no such module or file, or its code raises.
    """
    try:
        if not place.endswith(".py"):
            if os.getcwd() not in sys.path:
                sys.path.append(os.getcwd())
            importlib.import_module(place)
            return
        name = os.path.splitext(os.path.basename(place))[0]
        spec = importlib.util.spec_from_file_location(name, place)
        if spec is None or spec.loader is None:
            raise ImportError("it is no Python file")
        module = importlib.util.module_from_spec(spec)
        sys.modules.setdefault(name, module)
        spec.loader.exec_module(module)
    except Exception as error:
        raise MXNetError(f"{place} can not be imported: {type(error).__name__}: {error}") from error
