"""Feed damaged array files to `mx.nd.load`: each must be refused with one sentence, or be whole.

usage: python -m tools.fuzz_arrays --inputs 100000 --seed 0 [--first 0]

An input is a file of the corpus (every layout, dtype and storage type), damaged where its fields
are known: bits, lengths, codes, counts, names, pieces of other files. It follows from the seed and
its number alone, so that one that fails is found again with --first. What is watched: the type of
the error, that arrays are whole, no larger than their file, and come back when they are written,
the time, and the peak of memory.
"""

from __future__ import annotations

import argparse
import functools
import random
import resource
import struct
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import mxnet as mx
from mxnet.serialization import array_from_bytes, array_to_bytes
from tools import array_files as layout
from tools.array_files import Field, joined

MAX_SECONDS = 2.0
_MAX_DENSE = 2**16  # elements of a sparse array that is made dense
MAX_GROWTH = 64 * 2**20  # bytes of memory for one input; the largest file has less than 2 KiB
_DTYPES = {0: "f", 1: "d", 2: "e", 3: "B", 4: "i", 5: "b", 6: "q", 7: "?", 12: "H"}
_EXTREMES = (
    *(0, 1, 2, 3, 4, 5, 7, 8, 12, 13, 31, 32, 33, 64, 127, 255, 2**15, 2**16, 2**24, 2**31 - 1),
    *(2**31, 2**32 - 1, 2**32, 2**33, 2**40, 2**61, 2**62, 2**63 - 1, 2**63, 2**64 - 1),
    *(2**64 - 2, 2**64 - 8, 2**64 - 2**31, 0x112, layout.V1, layout.V2, layout.V3),
)
_NAMES = (
    b"\xff",
    b"\xc3(",
    b"\xed\xa0\x80",
    b"\x00",
    b"arg:",
    b"",
    b"a" * 300,
    b"\xf4\x90\x80\x80",
)


def _elements(form: str, count: int) -> bytes:
    values = [number % 2 if form == "?" else number for number in range(count)]
    return struct.pack(f"<{count}{form}", *values)


@functools.cache
def corpus() -> list[list[Field]]:
    """Return whole files: each layout with each dtype and storage type, named and not."""
    files: list[list[Field]] = [layout.file([]), layout.file([layout.nothing(2)])]
    for code, form in _DTYPES.items():
        for version in range(4):
            arrays = [
                layout.dense(version, lengths, code, _elements(form, int(np.prod(lengths))))
                for lengths in ((2, 3), (4,), (0, 2), (1, 1, 2))
            ]
            files.append(layout.file(arrays, [b"arg:w", b"aux:m", b"", "é".encode()]))
            files.append(layout.file(arrays[:1]))
        for index in ((6, "q"), (4, "i"), (3, "B")):
            values = _elements(form, 4)
            matrix = layout.csr((3, 4), code, values, (0, 2, 2, 4), (1, 3, 0, 2), index)
            rows = layout.row_sparse((5, 2), code, values, (1, 4), index)
            files.append(layout.file([matrix, rows], [b"a", b"b"]))
    scalar = layout.dense(3, (), 0, _elements("f", 1))
    files.append(layout.file([scalar, layout.nothing(3), *[layout.nothing(2)] * 3]))
    files.append(layout.file([layout.dense(2, (16, 16), 0, _elements("f", 256), (2, 1))]))
    empty = layout.csr((2, 3), 0, b"", (0, 0, 0), ())
    files.append(layout.file([empty, layout.row_sparse((2, 3), 0, b"", ())]))
    return files


def _choose(draw: random.Random, fields: list[Field], *kinds: str) -> int | None:
    found = [i for i, (kind, data) in enumerate(fields) if data and (not kinds or kind in kinds)]
    return draw.choice(found) if found else None


def _flip(draw: random.Random, fields: list[Field]) -> None:
    """Flip bits of one field."""
    place = _choose(draw, fields)
    if place is None:
        return
    kind, data = fields[place]
    changed = bytearray(data)
    for _ in range(draw.randint(1, 8)):
        changed[draw.randrange(len(changed))] ^= 1 << draw.randrange(8)
    fields[place] = kind, bytes(changed)


def _set_number(draw: random.Random, fields: list[Field]) -> None:
    """Set a count, a length or a code to an extreme, or to about what it was."""
    place = _choose(
        draw, fields, "count", "name count", "name length", "axes", "length", "dtype", "storage",
        "magic", "list magic", "reserved", "context",
    )  # fmt: skip
    if place is None:
        return
    kind, data = fields[place]
    value = draw.choice(_EXTREMES)
    if draw.random() < 0.3:
        value = int.from_bytes(data, "little") + draw.choice((-2, -1, 1, 2, 8))
    size = len(data)
    fields[place] = kind, (value % 2 ** (8 * size)).to_bytes(size, "little")


def _overflow(draw: random.Random, fields: list[Field]) -> None:
    """Make lengths so large that their product overflows, perhaps to something small."""
    places = [i for i, (kind, _) in enumerate(fields) if kind == "length"]
    if not places:
        return
    start = draw.randrange(len(places))
    for place in places[start : start + draw.randint(1, 4)]:
        size = len(fields[place][1])
        value = draw.choice((2**16, 2**31, 2**32, 2**33, 2**62, 0, 2**63 - 1, 2**32 + 1, 2**21))
        fields[place] = "length", (value % 2 ** (8 * size)).to_bytes(size, "little")


def _set_indices(draw: random.Random, fields: list[Field]) -> None:
    """Set indices of a sparse array to extremes."""
    place = _choose(draw, fields, "indices")
    if place is None:
        return
    kind, data = fields[place]
    size = draw.choice((1, 4, 8))
    changed = bytearray(data)
    for _ in range(draw.randint(1, 3)):
        at = draw.randrange(0, max(1, len(changed) // size)) * size
        changed[at : at + size] = (draw.choice(_EXTREMES) % 2 ** (8 * size)).to_bytes(
            size, "little"
        )
    fields[place] = kind, bytes(changed)


def _rename(draw: random.Random, fields: list[Field]) -> None:
    """Put bytes that are no text into a name; its length may fit or not."""
    place = _choose(draw, fields, "name")
    if place is None:
        return
    name = draw.choice(_NAMES)
    fields[place] = "name", name
    if draw.random() < 0.8:
        fields[place - 1] = layout.number("name length", "Q", len(name))


def _drop(draw: random.Random, fields: list[Field]) -> None:
    """Leave out a field."""
    if fields:
        del fields[draw.randrange(len(fields))]


def _repeat(draw: random.Random, fields: list[Field]) -> None:
    """Put a run of fields in once more, up to forty times."""
    if fields:
        begin = draw.randrange(len(fields))
        run = fields[begin : begin + draw.randint(1, 6)]
        fields[begin:begin] = run * draw.choice((1, 1, 1, 2, 40))


def _splice(draw: random.Random, fields: list[Field]) -> None:
    """Let the file go on as another one does."""
    other = draw.choice(corpus())
    del fields[draw.randrange(len(fields) + 1) :]
    fields += other[draw.randrange(len(other)) :]


_MUTATIONS: tuple[Callable[[random.Random, list[Field]], None], ...] = (
    *(_flip, _set_number, _set_number, _overflow, _set_indices, _rename, _drop, _repeat, _splice),
)


def damaged(seed: int, number: int) -> bytes:
    """Return input `number` of a seed."""
    draw = random.Random(seed * 2**40 + number)
    fields = list(draw.choice(corpus()))
    for _ in range(draw.choice((1, 1, 2, 3))):
        draw.choice(_MUTATIONS)(draw, fields)
    data = joined(fields)
    if draw.random() < 0.15:
        data = data[: draw.randrange(len(data) + 1)]
    return data


def fault(loaded: Any, size: int) -> str:
    """Return what is wrong with arrays that were read from `size` bytes, '' if nothing is."""
    if not isinstance(loaded, (list, dict)):
        return f"a {type(loaded).__name__} came"
    stored = 0
    for array in loaded.values() if isinstance(loaded, dict) else loaded:
        values = array
        if array.stype != "default":
            array.check_format()
            values = array.data
        if values.asnumpy().shape != values.shape:
            return f"elements of shape {values.asnumpy().shape} for {values.shape}"
        if array.size < _MAX_DENSE and array.asnumpy().shape != array.shape:
            return f"a dense form of another shape than {array.shape}"
        written = array_to_bytes(array)
        if array_to_bytes(array_from_bytes(written)) != written:
            return f"an array of shape {array.shape} that does not come back when it is written"
        stored += values.asnumpy().nbytes
    return f"{stored} bytes of elements from {size}" if stored > size else ""


@dataclass
class Report:
    """What a run found.

    Parameters
    ----------
    inputs, refused : int
        How many inputs there were, and how many were refused.
    seconds, slowest : float
        The time of all inputs and of the slowest.
    growth : int
        By how many bytes the peak of memory rose.
    problems : list of str
        What is wrong, one sentence for each input.
    """

    inputs: int = 0
    refused: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    growth: int = 0
    problems: list[str] = field(default_factory=list)

    def note(self, number: int, what: str) -> None:
        """Keep a problem."""
        self.problems.append(f"input {number}: {what}")


def _peak() -> int:
    """Return the most memory that this process ever had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def fuzz(inputs: int, seed: int, first: int = 0) -> Report:
    """Load damaged files and return what was found.

    Parameters
    ----------
    inputs : int
        How many.
    seed : int
        What they follow from.
    first : int, default 0
        The number of the first one.
    """
    report = Report()
    corpus()
    before = _peak()
    for number in range(first, first + inputs):
        data = damaged(seed, number)
        peak, started = _peak(), time.process_time()
        try:
            # Every eighth input is read as a pickle's state, which is one array.
            loaded = mx.nd.load_frombuffer(data) if number % 8 else [array_from_bytes(data[24:])]
            wrong = fault(loaded, len(data))
            if wrong:
                report.note(number, wrong)
        except mx.MXNetError as error:
            report.refused += 1
            if "\n" in str(error) or not str(error):
                report.note(number, f"the message is no sentence: {error}")
        except Exception as error:
            report.note(number, f"{type(error).__name__}: {error}")
        seconds = time.process_time() - started
        report.inputs += 1
        report.seconds += seconds
        report.slowest = max(report.slowest, seconds)
        if seconds > MAX_SECONDS:
            report.note(number, f"took {seconds:.1f} s")
        if _peak() - peak > MAX_GROWTH:
            report.note(number, f"took {(_peak() - peak) / 2**20:.0f} MiB")
    report.growth = _peak() - before
    return report


def main() -> int:
    """Fuzz as the command line says, print what was found, and return 1 for a problem."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--inputs", type=int, default=10_000, help="how many, default 10000")
    parser.add_argument("--seed", type=int, default=0, help="what they follow from, default 0")
    parser.add_argument("--first", type=int, default=0, help="number of the first, default 0")
    options = parser.parse_args()
    # What allocates without bounds fails here, rather than taking the machine's memory.
    room = 4 * 2**30
    resource.setrlimit(resource.RLIMIT_AS, (room, resource.getrlimit(resource.RLIMIT_AS)[1]))
    report = fuzz(options.inputs, options.seed, options.first)
    problems = report.problems
    print(
        f"{report.inputs} inputs, {report.refused} refused, {len(problems)} problems; "
        f"{report.seconds:.1f} s, slowest {report.slowest * 1e3:.1f} ms, "
        f"memory grew by {report.growth / 2**20:.1f} MiB"
    )
    for problem in problems[:20]:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
