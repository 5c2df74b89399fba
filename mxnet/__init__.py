"""The Python API of Apache MXNet 1.9.1, with PyTorch as its engine."""

__version__ = "1.9.1"

from . import (
    attribute,
    autograd,
    base,
    callback,
    context,
    engine,
    error,
    executor,
    heap,
    initializer,
    io,
    kvstore,
    log,
    lr_scheduler,
    metric,
    model,
    module,
    monitor,
    name,
    ndarray,
    operator,
    optimizer,
    profiler,
    random,
    registry,
    symbol,
    test_utils,
)
from . import initializer as init
from . import kvstore as kv
from . import module as mod
from . import monitor as mon
from . import ndarray as nd
from . import random as rnd
from . import symbol as sym
from .attribute import AttrScope
from .base import MXNetError
from .context import Context, cpu, cpu_pinned, current_context, gpu, gpu_memory_info, num_gpus
from .ndarray import NDArray
from .symbol import Symbol, Variable

heap.keep_pages()
