"""Random operators: draws from distributions, permutations, and densities."""

from . import categorical, density, draws, draws_like, draws_per_parameter
