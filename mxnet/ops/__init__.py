"""Every operator of the package, each defined once as a Python function on torch tensors."""

from . import (
    array,
    backwards,
    contrib,
    control,
    custom,
    elementwise,
    image,
    linalg,
    nn,
    optimizer,
    quantized,
    random,
    recurrent,
    reduce,
    vision,
)
