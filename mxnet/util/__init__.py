"""Small utilities: NumPy semantics of shapes, options of ufuncs, the environment, GPU facts."""

from .environment import (
    get_cuda_compute_capability,
    get_gpu_count,
    get_gpu_memory,
    getenv,
    setenv,
)
from .semantics import (
    is_np_array,
    is_np_shape,
    np_array,
    np_shape,
    reset_np,
    set_np,
    set_np_shape,
    use_np,
    use_np_array,
    use_np_shape,
)
from .wrapping import (
    np_ufunc_legal_option,
    set_module,
    wrap_np_binary_func,
    wrap_np_unary_func,
)
