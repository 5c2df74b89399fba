"""Linear algebra on single matrices and on batches of them."""

from . import decompositions, determinants, products, triangles
