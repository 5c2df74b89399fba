"""How much memory arrays hold, counted while the profiler runs."""

from __future__ import annotations

import functools
import threading
import weakref

import torch
from torch._C._functorch import is_functorch_wrapped_tensor

from .records import Count, record

MEMORY = "Device Storage"


class Memory:
    """The memory of the arrays that were made, or first seen, since the profiler ran first.

    Memory is counted where it is made and where torch frees it. What a kernel takes and gives back
    within one operator is not seen.
    """

    def __init__(self) -> None:
        self.is_recording = False
        self._used: dict[str, int] = {}
        self._live: dict[int, weakref.ref[torch.UntypedStorage]] = {}
        self._lock = threading.RLock()  # a storage may be freed by a collection within `track`

    def track(self, tensor: torch.Tensor) -> None:
        """Count the memory behind a tensor until it is freed, if it is not counted yet."""
        if tensor.layout is not torch.strided or is_functorch_wrapped_tensor(tensor):
            return
        storage = tensor.untyped_storage()
        size, address = storage.nbytes(), storage.data_ptr()
        with self._lock:
            if not size or address in self._live:
                return
            device = place_of(tensor)
            freed = functools.partial(self._free, address, size, device)
            self._live[address] = weakref.ref(storage, freed)
            self._change(device, size)

    def _free(self, address: int, size: int, device: str, reference: object) -> None:
        with self._lock:
            if self._live.get(address) is reference:
                del self._live[address]
            self._change(device, -size)

    def _change(self, device: str, by: int) -> None:
        self._used[device] = self._used.get(device, 0) + by
        if self.is_recording:
            record(Count(MEMORY, f"Memory: {device}", self._used[device], is_memory=True))


def is_computed(value: object) -> bool:
    """Return whether this is a tensor with values, none of shape inference or of a tracer."""
    return type(value) in (torch.Tensor, torch.nn.Parameter) and not value.is_meta  # type: ignore[attr-defined]


def place_of(tensor: torch.Tensor) -> str:
    """Return a tensor's device as a trace names it, for example ``'cpu/0'``."""
    if tensor.is_cuda:
        return f"gpu/{tensor.get_device()}"
    return "cpu/0"
