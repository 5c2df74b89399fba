"""The command line: `mxnet check` and `mxnet demo`."""

from .main import main
