"""NDArrayIter and what iterators tell of their data."""

from __future__ import annotations

import numpy as np

from tests.conformance.case import case, error_of


def _batches(iterator):
    found = []
    for batch in iterator:
        found.append([batch.data[0].asnumpy().tolist(), batch.pad])
    return found


def _matrix(rows):
    return np.arange(rows * 2, dtype="float32").reshape(rows, 2)


@case
def last_batch_is_padded(mx, random):
    return {"batches": _batches(mx.io.NDArrayIter(_matrix(5), batch_size=2))}


@case
def last_batch_is_discarded(mx, random):
    iterator = mx.io.NDArrayIter(_matrix(5), batch_size=2, last_batch_handle="discard")
    return {"batches": _batches(iterator)}


@case
def last_batch_rolls_over(mx, random):
    iterator = mx.io.NDArrayIter(_matrix(5), batch_size=2, last_batch_handle="roll_over")
    first = _batches(iterator)
    iterator.reset()
    return {"first": first, "second": _batches(iterator)}


@case
def iterators_describe_their_data(mx, random):
    iterator = mx.io.NDArrayIter(_matrix(4), np.arange(4), batch_size=2)
    description = iterator.provide_data[0]
    return {
        "data": [(each.name, each.shape) for each in iterator.provide_data],
        "label": [(each.name, each.shape) for each in iterator.provide_label],
        "dtype": description.dtype,
        "layout": description.layout,
        "as a tuple": tuple(description),
        "batch size": iterator.batch_size,
        "text": repr(description),
    }


@case
def labels_come_with_data(mx, random):
    iterator = mx.io.NDArrayIter(_matrix(4), np.array([3, 1, 2, 0]), batch_size=2)
    batch = iterator.next()
    return {
        "label": batch.label[0],
        "dtype": batch.label[0].dtype,
        "index": batch.index,
        "pad": batch.pad,
        "names": [each.name for each in batch.provide_data or []],
    }


@case
def several_inputs_by_name(mx, random):
    data = {"b": _matrix(4), "a": _matrix(4) + 100}
    iterator = mx.io.NDArrayIter(data, {"y": np.zeros(4)}, batch_size=2)
    names = [each.name for each in iterator.provide_data]
    batch = iterator.next()
    listed = mx.io.NDArrayIter([_matrix(4), _matrix(4)], batch_size=2, data_name="x")
    return {
        "names": sorted(names),
        "values": dict(zip(names, batch.data, strict=True)),
        "label": [each.name for each in iterator.provide_label],
        "names of a list": [each.name for each in listed.provide_data],
    }


@case
def iterators_end_and_start_again(mx, random):
    iterator = mx.io.NDArrayIter(_matrix(4), batch_size=2)
    counted = [sum(1 for _ in iterator), sum(1 for _ in iterator)]
    iterator.reset()
    counted.append(sum(1 for _ in iterator))
    return {"counts": counted, "beyond": error_of(lambda: iterator.next())}


@case
def low_level_iteration(mx, random):
    iterator = mx.io.NDArrayIter(_matrix(3), np.arange(3), batch_size=2)
    found = []
    while iterator.iter_next():
        found.append([iterator.getdata()[0], iterator.getlabel()[0], iterator.getpad()])
    return {"batches": found}


@case
def shuffling_keeps_pairs(mx, random):
    iterator = mx.io.NDArrayIter(_matrix(6), np.arange(6), batch_size=3, shuffle=True)
    rows = []
    for batch in iterator:
        data, label = batch.data[0].asnumpy(), batch.label[0].asnumpy()
        rows += [(int(y), x.tolist()) for x, y in zip(data, label, strict=True)]
    return {"sorted": sorted(rows)}


@case
def types_of_data(mx, random):
    found = {}
    for dtype in ("float64", "float32", "int32", "uint8", "float16"):
        batch = mx.io.NDArrayIter(np.ones((2, 2), dtype=dtype), batch_size=2).next()
        found[dtype] = batch.data[0].dtype
    return found


@case
def resized_iterators(mx, random):
    iterator = mx.io.ResizeIter(mx.io.NDArrayIter(_matrix(4), batch_size=2), 3)
    return {"batches": _batches(iterator), "data": [tuple(d) for d in iterator.provide_data]}


@case
def prefetching_gives_the_same_batches(mx, random):
    iterator = mx.io.PrefetchingIter(mx.io.NDArrayIter(_matrix(4), np.arange(4), batch_size=2))
    first = _batches(iterator)
    iterator.reset()
    return {"first": first, "second": _batches(iterator)}


@case
def reading_csv_files(mx, random):
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        data, label = Path(folder) / "data.csv", Path(folder) / "label.csv"
        data.write_text("1,2,3\n4,5,6\n7,8,9\n")
        label.write_text("0\n1\n0\n")
        iterator = mx.io.CSVIter(
            data_csv=str(data), data_shape=(3,), label_csv=str(label), batch_size=2
        )
        batches = [[b.data[0], b.label[0], b.pad] for b in iterator]
        return {"batches": batches}


@case
def descriptions(mx, random):
    desc = mx.io.DataDesc("x", (2, 3), "float16", "NTC")
    return {
        "tuple": tuple(desc),
        "dtype": desc.dtype,
        "layout": desc.layout,
        "batch axis": mx.io.DataDesc.get_batch_axis("TNC"),
        "batch axis of nothing": mx.io.DataDesc.get_batch_axis(None),
        "batch": str(mx.io.DataBatch([mx.nd.ones((2, 3))], [mx.nd.ones((2,))])),
    }
