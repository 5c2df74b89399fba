"""`mxnet demo`: LeNet on real handwritten digits, trained, saved, checked and reported."""

from __future__ import annotations

import argparse
import logging
import os
import time

import numpy as np
import torch

from .. import random
from ..base import MXNetError
from ..callback import do_checkpoint
from ..initializer import Xavier
from ..io import NDArrayIter
from ..model import load_checkpoint
from ..module import Module
from ..ndarray import array
from .check import show_check
from .examples import lenet
from .extras import need
from .report import refuse_bad_path, write_report

_HELD_OUT = 360  # of the 1,797 digits, a fifth
_BATCH = 64
_GOAL = 0.95  # accuracy on held-out digits


def load_digits() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return scikit-learn's digits as (train images, train labels, test images, test labels).

    Images have shape (n, 1, 8, 8), float32 in [0, 1]; labels are float32 class numbers.
    """
    from sklearn.datasets import load_digits as load

    digits = load()
    order = np.random.RandomState(0).permutation(len(digits.target))
    images = (digits.images[order, None] / 16.0).astype(np.float32)
    labels = digits.target[order].astype(np.float32)
    return images[_HELD_OUT:], labels[_HELD_OUT:], images[:_HELD_OUT], labels[:_HELD_OUT]


def train(prefix: str, epochs: int) -> float:
    """Train LeNet on the digits, save it under `prefix`, and return its held-out accuracy."""
    random.seed(0)
    np.random.seed(0)
    images, labels, test_images, test_labels = load_digits()
    held_out = NDArrayIter(test_images, test_labels, _BATCH, label_name="softmax_label")
    network, _ = lenet()
    module = Module(network, data_names=("data",), label_names=("softmax_label",))
    module.fit(
        NDArrayIter(images, labels, _BATCH, shuffle=True, label_name="softmax_label"),
        eval_data=held_out,
        optimizer="adam",
        optimizer_params={"learning_rate": 0.003},
        initializer=Xavier(),
        num_epoch=epochs,
        epoch_end_callback=do_checkpoint(prefix, period=epochs),
    )
    return dict(module.score(held_out, "acc"))["accuracy"]


def run(options: argparse.Namespace) -> int:
    """Run the command, and return 0 if accuracy is above 95 % and every node is right, else 1."""
    need("rich", "jinja2", "sklearn")
    if os.path.exists(options.folder) and not os.path.isdir(options.folder):
        raise MXNetError(f"--folder {options.folder} is a file, but must be a folder.")
    os.makedirs(options.folder, exist_ok=True)
    report = os.path.join(options.folder, "lenet.html")
    refuse_bad_path(report)
    torch.set_num_threads(1)  # in layers this small, threads only wait for each other
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    prefix = os.path.join(options.folder, "lenet")
    start = time.perf_counter()
    accuracy = train(prefix, options.epochs)
    seconds = time.perf_counter() - start
    print(
        f"Held-out accuracy {accuracy:.1%} after {options.epochs} epochs in {seconds:.1f} s "
        f"(goal: above {_GOAL:.0%})."
    )
    network, arguments, states = load_checkpoint(prefix, options.epochs)
    images, labels, _, _ = load_digits()
    values = {"data": array(images[:4]), "softmax_label": array(labels[:4])}
    found = show_check(network, {}, {**arguments, **values}, states)
    write_report(report, found, title="LeNet on handwritten digits")
    params = f"{prefix}-{options.epochs:04d}.params"
    print(f"Model:  {prefix}-symbol.json {params}\nReport: {report}")
    print(f"Again:  mxnet check {prefix}-symbol.json {params} --shape data=4,1,8,8")
    return 0 if found.passed and accuracy > _GOAL else 1
