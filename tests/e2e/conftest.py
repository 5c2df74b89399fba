"""What the end-to-end tests share: the package installed elsewhere, a saved model, subprocesses."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import mxnet as mx
from mxnet.cli.examples import lenet

ROOT = Path(__file__).parents[2]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Path:
    """A folder that `pip install` has installed the package into, from a copy of the checkout."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("site")
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, source)
    shutil.copytree(ROOT / "mxnet", source / "mxnet", ignore=shutil.ignore_patterns("__pycache__"))
    options = ("--quiet", "--no-deps", "--no-build-isolation", "--target", str(target))
    subprocess.run([sys.executable, "-m", "pip", "install", *options, str(source)], check=True)
    return target


@pytest.fixture
def python(site, tmp_path) -> Run:
    """Runs Python in an empty directory, with the installed package alone."""
    environment = {**os.environ, "PYTHONPATH": str(site), "OMP_NUM_THREADS": "1"}

    def run(*arguments: str, **options) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, *arguments]
        settings = {"cwd": tmp_path, "env": environment, "capture_output": True, "text": True}
        return subprocess.run(command, **{**settings, **options}, check=False)

    return run


@pytest.fixture
def mxnet_command(python, site) -> Run:
    """Runs the console script `mxnet` in an empty directory."""
    return lambda *arguments, **options: python(str(site / "bin" / "mxnet"), *arguments, **options)


@pytest.fixture(scope="session")
def saved(tmp_path_factory) -> Path:
    """A folder with the files that the README and the documentation name."""
    folder = tmp_path_factory.mktemp("saved")
    network, _ = lenet(size=28)
    shapes = network.infer_shape(data=(4, 1, 28, 28))[0]
    random = np.random.RandomState(0)
    arrays = {
        f"arg:{name}": mx.nd.array(0.1 * random.normal(size=shape))
        for name, shape in zip(network.list_arguments(), shapes, strict=True)
        if name not in ("data", "softmax_label")
    }
    network.save(str(folder / "model-symbol.json"))
    mx.nd.save(str(folder / "model-0010.params"), arrays)
    np.save(folder / "data.npy", random.normal(size=(4, 1, 28, 28)).astype(np.float32))
    np.save(folder / "label.npy", np.array([3, 1, 4, 1]))
    return folder


@pytest.fixture
def here(saved, tmp_path) -> Path:
    """The empty directory, with these files put into it."""
    shutil.copytree(saved, tmp_path, dirs_exist_ok=True)
    return tmp_path
