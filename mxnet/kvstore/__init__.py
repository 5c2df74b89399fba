"""Key-value stores: where the copies of a parameter on several devices meet."""

from __future__ import annotations

from . import base, kvstore
from .base import KVStoreBase, create
from .kvstore import KVStore

__all__ = ["KVStore", "KVStoreBase", "base", "create", "kvstore"]
