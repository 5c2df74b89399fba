"""What this installation can do, under the names that MXNet gave to its compile-time features."""

from __future__ import annotations

import importlib.util
import platform
from collections import OrderedDict
from collections.abc import Callable

import torch


def _is_x86() -> bool:
    return platform.machine() in ("x86_64", "AMD64")


def _has_avx2() -> bool:
    return torch.backends.cpu.get_cpu_capability() in ("AVX2", "AVX512")


# Feature names are the reference's; each is answered for the torch that is installed.
_PROBES: dict[str, Callable[[], bool]] = {
    "CUDA": torch.cuda.is_available,
    "CUDNN": torch.backends.cudnn.is_available,
    "NCCL": lambda: torch.distributed.is_available() and torch.distributed.is_nccl_available(),
    "CUDA_RTC": lambda: False,
    "TENSORRT": lambda: False,
    "CPU_SSE": _is_x86,
    "CPU_SSE2": _is_x86,
    "CPU_SSE3": _has_avx2,
    "CPU_SSE4_1": _has_avx2,
    "CPU_SSE4_2": _has_avx2,
    "CPU_SSE4A": lambda: False,
    "CPU_AVX": _has_avx2,
    "CPU_AVX2": _has_avx2,
    "OPENMP": torch.backends.openmp.is_available,
    "SSE": lambda: False,
    "F16C": _has_avx2,
    "JEMALLOC": lambda: False,
    "BLAS_OPEN": lambda: not torch.backends.mkl.is_available(),
    "BLAS_ATLAS": lambda: False,
    "BLAS_MKL": torch.backends.mkl.is_available,
    "BLAS_APPLE": lambda: False,
    "LAPACK": lambda: torch._C.has_lapack,
    "MKLDNN": torch.backends.mkldnn.is_available,
    "OPENCV": lambda: importlib.util.find_spec("cv2") is not None,
    "CAFFE": lambda: False,
    "PROFILER": lambda: True,
    "DIST_KVSTORE": torch.distributed.is_available,
    "CXX14": lambda: False,
    "INT64_TENSOR_SIZE": lambda: True,
    "SIGNAL_HANDLER": lambda: False,
    "DEBUG": lambda: False,
    "TVM_OP": lambda: False,
}


class Feature:
    """One feature: its name, and whether this installation has it."""

    def __init__(self, name: str, enabled: bool) -> None:
        self._name, self._enabled = name, enabled

    @property
    def name(self) -> str:
        """The feature's name, for example ``'CUDA'``."""
        return self._name

    @property
    def enabled(self) -> bool:
        """Whether this installation has it."""
        return self._enabled

    def __repr__(self) -> str:
        return f"{'✔' if self.enabled else '✖'} {self.name}"


def feature_list() -> list[Feature]:
    """Return every feature.

    Examples
    --------
    >>> [feature.name for feature in mx.runtime.feature_list()][:2]
    ['CUDA', 'CUDNN']
    """
    return [Feature(name, bool(probe())) for name, probe in _PROBES.items()]


class Features(OrderedDict):
    """Every feature by name; there is one object of this class.

    Examples
    --------
    >>> mx.runtime.Features().is_enabled("INT64_TENSOR_SIZE")
    True
    """

    instance: Features | None = None

    def __new__(cls) -> Features:
        """Return the one object."""
        if cls.instance is None:
            cls.instance = super().__new__(cls)
            OrderedDict.__init__(
                cls.instance, ((feature.name, feature) for feature in feature_list())
            )
        return cls.instance

    def __init__(self) -> None:
        pass  # filled where it is made

    def __repr__(self) -> str:
        return str(list(self.values()))

    def is_enabled(self, feature_name: str) -> bool:
        """Return whether this installation has a feature, named in any case.

        Raises
        ------
        RuntimeError
            If there is no such feature.
        """
        name = feature_name.upper()
        if name not in self:
            raise RuntimeError(f"Feature '{name}' is unknown, known features are: {list(self)}")
        return self[name].enabled
