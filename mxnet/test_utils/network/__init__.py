"""Checking every node of a network: finite outputs, right gradients, enough precision.

Each node is run alone on the values that reach it in a float64 forward of the whole network, so an
error is named where it arises.
"""

from .check import check_network
from .results import Comparison, Deviation, NetworkCheck, NodeCheck
