"""`mx.error`: the errors of MXNet, and the names that they are known by."""

from __future__ import annotations

from .base import MXNetError, register_error

__all__ = ["MXNetError", "register"]

register = register_error


@register_error
class InternalError(MXNetError):
    """Raised where this package itself is wrong, not the request.

    Parameters
    ----------
    msg : str
        What happened.
    """

    def __init__(self, msg: str) -> None:
        super().__init__(f"{msg}\nThis is an error of mxnet-torch itself; please report it.")


for _kind in (AttributeError, IndexError, NotImplementedError, TypeError, ValueError):
    register_error(_kind.__name__, _kind)
