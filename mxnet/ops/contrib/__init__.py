"""Operators outside of the core: attention, quantization, transforms and point processes."""

from . import attention, calibration, hawkes, quantization, transforms
