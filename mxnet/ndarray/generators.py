"""The random generators behind `mx.random`: one for each device."""

from __future__ import annotations

import threading

import torch

_LOCK = threading.Lock()
_GENERATORS: dict[torch.device, torch.Generator] = {}
_DEFAULT_SEED = 0  # like the reference, an unseeded process draws the same numbers every time


def generator_for(device: torch.device) -> torch.Generator:
    """Return the generator that random operators on `device` draw from."""
    generator = _GENERATORS.get(device)
    if generator is None:
        with _LOCK:
            generator = _GENERATORS.setdefault(device, torch.Generator(device))
            generator.manual_seed(_DEFAULT_SEED)
    return generator


_SEEDS = 2**63  # how many seeds torch tells apart


def seed_all(seed: int) -> None:
    """Seed the generators of every device, also of those that were not used yet."""
    global _DEFAULT_SEED
    with _LOCK:
        _DEFAULT_SEED = seed = seed % _SEEDS
        for generator in _GENERATORS.values():
            generator.manual_seed(seed)


def seed_device(seed: int, device: torch.device) -> None:
    """Seed the generator of one device."""
    generator_for(device).manual_seed(seed % _SEEDS)
