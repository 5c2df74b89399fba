"""What every test shares: one thread per process and the same random streams each time."""

from __future__ import annotations

import random

import numpy as np
import pytest
import torch

torch.set_num_threads(1)


@pytest.fixture(autouse=True)
def _same_random_numbers() -> None:
    """Seed every generator, so that a test gives the same result alone and in any order."""
    random.seed(0)
    np.random.seed(0)
    torch.manual_seed(0)
