"""A heap that keeps its pages: large buffers are reused instead of mapped anew for each result.

With glibc's defaults every large buffer is mapped and unmapped, and its pages are faulted in again
for each operator. Set MXNET_KEEP_HEAP=0 to leave the defaults.
"""

from __future__ import annotations

import ctypes
import os
import sys

_M_TRIM_THRESHOLD, _M_MMAP_MAX = -1, -4  # parameters of mallopt(3)
_TRIM_BYTES = 2**31 - 1


def keep_pages() -> bool:
    """Have glibc serve large buffers from its heap and keep freed pages; return whether it does."""
    if os.environ.get("MXNET_KEEP_HEAP", "1") == "0" or not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # a libc without mallopt, as musl
        return False
    return bool(mallopt(_M_MMAP_MAX, 0)) and bool(mallopt(_M_TRIM_THRESHOLD, _TRIM_BYTES))
