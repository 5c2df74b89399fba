"""The contributed operators of the registry; `contrib.py` adds control flow and shows both."""

from .register import populate

__all__ = populate(globals(), "contrib")
