"""`mx.test_utils`: tools with which MXNet's operators, networks and generators are tested.

Tolerances and comparisons, random arrays of every storage type, checks of a symbol's values and
gradients, statistical tests of random generators, test data from the network.
"""

from ..context import Context, current_context
from ..ndarray import array
from ..runtime import Features
from ..symbol import Symbol
from ..util import get_cuda_compute_capability, getenv, setenv, use_np
from .arrays import (
    assign_each,
    assign_each2,
    collapse_sum_like,
    default_dtype,
    np_reduce,
    random_arrays,
    random_sample,
    random_uniform_arrays,
)
from .comparison import (
    almost_equal,
    assert_allclose,
    assert_almost_equal,
    assert_almost_equal_ignore_nan,
    assert_almost_equal_with_err,
    assert_exception,
    checkShapes,
    compare_ndarray_tuple,
    locationError,
    same,
    same_array,
    same_symbol_structure,
)
from .consistency import check_consistency, check_speed
from .datasets import (
    DummyIter,
    get_cifar10,
    get_mnist,
    get_mnist_iterator,
    get_mnist_pkl,
    get_mnist_ubyte,
)
from .matrices import (
    create_2d_tensor,
    create_vector,
    get_identity_mat,
    get_identity_mat_batch,
    new_matrix_with_real_eigvals_2d,
    new_matrix_with_real_eigvals_nd,
    new_orthonormal_matrix_2d,
    new_sym_matrix_with_real_eigvals_2d,
    new_sym_matrix_with_real_eigvals_nd,
)
from .network import NetworkCheck, check_network
from .numeric import check_numeric_gradient, numeric_grad
from .shapes import rand_coord_2d, rand_shape_2d, rand_shape_3d, rand_shape_nd
from .sparse import (
    create_sparse_array,
    create_sparse_array_zd,
    rand_ndarray,
    rand_sparse_ndarray,
    shuffle_csr_column_indices,
)
from .statistics import (
    chi_square_check,
    gen_buckets_probs_with_ppf,
    mean_check,
    var_check,
    verify_generator,
)
from .surroundings import (
    default_context,
    discard_stderr,
    environment,
    get_im2rec_path,
    has_tvm_ops,
    is_aarch64_run,
    is_cd_run,
    is_op_runnable,
    list_gpus,
    retry,
    set_default_context,
)
from .symbolic import check_symbolic_backward, check_symbolic_forward, simple_forward
from .tolerance import (
    default_atols,
    default_numeric_eps,
    default_rtols,
    effective_dtype,
    get_atol,
    get_etol,
    get_rtol,
    get_tolerance,
    get_tols,
)
from .training import check_gluon_hybridize_consistency, compare_optimizer
from .transfer import download, download_model, get_bz2_data, get_zip_data
