"""Networks and their parameters in files, and what callbacks are told at the end of a batch."""

from __future__ import annotations

from collections import namedtuple

from .checkpoint import load_checkpoint, load_params, save_checkpoint

__all__ = ["BatchEndParam", "load_checkpoint", "load_params", "save_checkpoint"]

BatchEndParam = namedtuple(  # type: ignore[name-match]  # MXNet shows it under this name
    "BatchEndParams", ["epoch", "nbatch", "eval_metric", "locals"]
)
BatchEndParam.__doc__ = """What a callback is told at the end of a batch.

Parameters
----------
epoch, nbatch : int
    Numbers of the epoch and of the batch in it, from 0.
eval_metric : EvalMetric or None
    The metric that is gathered.
locals : dict
    The local variables of the loop.
"""
