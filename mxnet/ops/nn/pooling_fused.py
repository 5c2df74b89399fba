"""Means of windows of large images in rows, by oneDNN.

Torch's own kernel takes two to five times as long where the width varies fastest in memory. OneDNN
is part of torch, but its pooling is reached through the fuser for TorchScript alone
(torch.jit.enable_onednn_fusion), which compiles a function for the shape that it is called with.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache

import torch

from .pooling_window import Places, Sizes, lie_in_rows

_FEWEST = 2**16
"""Elements below which another kernel takes no longer."""
_WORTH = 4
"""Calls of one form before it is compiled, which takes as long as a few calls."""
_FORMS = 256
"""Forms (shape and attributes) that are counted and kept."""

_lock = threading.Lock()
_Function = Callable[[torch.Tensor], torch.Tensor]


def fused_means(data: torch.Tensor, places: Places, include_pad: bool) -> torch.Tensor | None:
    """Return the mean of each window; None where that is not compiled, or not yet.

    Parameters
    ----------
    data : Tensor
        Shape (N, C, H, W).
    places : Places
        Where the windows lie.
    include_pad : bool
        Whether zeros of the padding count.
    """
    if places.border is not None or not lie_in_rows(data, _FEWEST):
        return None
    window = (places.kernel, places.stride, places.pad, places.ceil, include_pad)
    return _form(tuple(data.shape), *window)(data)


class _Form:
    """Calls of one form: counted first, then compiled."""

    def __init__(self, source: str) -> None:
        self._source, self._calls = source, 0
        self._function: _Function | None = None

    def __call__(self, data: torch.Tensor) -> torch.Tensor | None:
        if self._calls < _WORTH:
            self._calls += 1
            if self._calls == _WORTH:
                self._function = _compiled(self._source, data)
        return None if self._function is None else self._function(data)


@lru_cache(maxsize=_FORMS)
def _form(
    shape: Sizes, kernel: Sizes, stride: Sizes, pad: Sizes, ceil: bool, include_pad: bool
) -> _Form:
    attributes = f"{[*kernel]}, {[*stride]}, {[*pad]}, {ceil}, {include_pad}, None"
    return _Form(f"def means(data):\n    return torch.ops.aten.avg_pool2d(data, {attributes})\n")


def _compiled(source: str, data: torch.Tensor) -> _Function | None:
    """Return the function compiled for data of this shape, None where oneDNN does not take it."""
    with _lock, _fusing():
        function: _Function = torch.jit.CompilationUnit(source).means
        for _ in range(2):  # the first call shows the shape, the second one compiles for it
            function(data)
        is_fused = "oneDNNFusionGroup" in str(function.graph_for(data))  # type: ignore[attr-defined]
    return function if is_fused else None


@contextmanager
def _fusing() -> Iterator[None]:
    """Have TorchScript fuse for oneDNN, and leave its switch as it was."""
    before = torch.jit.onednn_fusion_enabled()
    torch.jit.enable_onednn_fusion(True)
    try:
        yield
    finally:
        torch.jit.enable_onednn_fusion(before)
