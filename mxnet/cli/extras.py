"""Libraries that the command line needs and the rest of the package does not."""

from __future__ import annotations

import importlib.util

from ..base import MXNetError


def need(*modules: str) -> None:
    """Raise an MXNetError that says how to install what is missing."""
    missing = [module for module in modules if importlib.util.find_spec(module) is None]
    if missing:
        raise MXNetError(f"{', '.join(missing)} missing; run: pip install 'mxnet-torch[check]'")
