"""Layers of neural networks and their losses."""

from . import (
    activation,
    batch_norm,
    convolution,
    deconvolution,
    dropout,
    embedding,
    fully_connected,
    normalization,
    pooling,
    pooling_v1,
    regression_output,
    resize,
    softmax,
    softmax_output,
)
