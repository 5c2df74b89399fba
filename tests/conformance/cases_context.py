"""Contexts: how they are made, compared, printed, entered, and devices that are not there."""

from __future__ import annotations

import copy
import pickle
import threading
import warnings

from tests.conformance.case import case, error_of


@case
def making_contexts(mx, random):
    Context = mx.context.Context
    made = [
        mx.cpu(), mx.cpu(3), mx.gpu(), mx.gpu(2), mx.cpu_pinned(), mx.cpu_pinned(1),
        Context("cpu"), Context("gpu", 4), Context("cpu_shared", 5), Context(mx.gpu(6)),
        Context(mx.gpu(6), 7), Context("cpu", device_id=8), Context("cpu", -1),
    ]  # fmt: skip
    return {
        "texts": [str(each) for each in made],
        "printed": repr(made),
        "types": [each.device_type for each in made],
        "codes": [each.device_typeid for each in made],
        "numbers": [each.device_id for each in made],
        "tables": (Context.devtype2str, Context.devstr2type),
        "text as number": error_of(lambda: str(Context("cpu", "1"))),
        "no number": error_of(lambda: str(mx.gpu(None))),
    }


@case
def comparing_contexts(mx, random):
    return {
        "equal": mx.cpu() == mx.cpu(0),
        "other number": mx.cpu(1) == mx.cpu(0),
        "other type": mx.cpu() == mx.gpu(),
        "pinned": mx.cpu() == mx.cpu_pinned(),
        "text": mx.cpu() == "cpu(0)",
        "none": mx.cpu() == None,  # noqa: E711
        "unequal": (mx.cpu() != mx.cpu(), mx.cpu() != mx.cpu(1)),
        "set": len({mx.cpu(), mx.cpu(0), mx.cpu(1), mx.gpu()}),
        "pickled": str(pickle.loads(pickle.dumps(mx.gpu(2)))),
        "copied": (str(copy.copy(mx.gpu(2))), str(copy.deepcopy(mx.cpu(1)))),
    }


@case
def entering_contexts(mx, random):
    current = mx.current_context
    with mx.cpu(3) as entered:
        outer = str(current()), str(entered)
        with mx.gpu(1):
            inner = str(current())
        again = str(current())
        seen = []
        thread = threading.Thread(target=lambda: seen.append(str(current())))
        thread.start()
        thread.join()
    try:
        with mx.cpu(2):
            raise ValueError
    except ValueError:
        after = str(current())
    with mx.cpu(4):
        made = str(mx.nd.zeros((1,)).context), str((mx.nd.ones((2,)) + 1).context)
    return {
        "outer": outer, "inner": inner, "again": again, "thread": seen, "after": after,
        "made": made, "same function": mx.current_context is mx.context.current_context,
    }  # fmt: skip


@case(differs="the reference does not leave a context that was entered twice")
def entering_a_context_twice(mx, random):
    left = []

    def enter():
        context = mx.cpu(3)
        with context, context:
            pass
        left.append(str(mx.current_context()))

    thread = threading.Thread(target=enter)  # whose context is its own
    thread.start()
    thread.join()
    return {"left": left}


@case
def the_deprecated_default(mx, random):
    Context = mx.context.Context
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        before = Context.default_ctx
        Context.default_ctx = mx.cpu(1)
        changed = str(mx.current_context()), str(mx.nd.zeros((1,)).context)
        Context.default_ctx = before
    return {
        "before": str(before),
        "changed": changed,
        "restored": str(mx.current_context()),
        "warnings": sorted({each.category.__name__ for each in caught}),
    }


@case
def arrays_of_contexts(mx, random):
    x = mx.nd.array([1, 2])
    pinned = x.as_in_context(mx.cpu_pinned())
    shared = mx.nd.zeros((2,), ctx=mx.context.Context("cpu_shared", 0))
    return {
        "pinned": (str(pinned.context), pinned.asnumpy()),
        "shared": str(shared.context),
        "copied": str(x.copyto(mx.cpu(1)).context),
        "same": x.as_in_context(mx.cpu(0)) is x,
    }


@case
def gpus_that_are_not_there(mx, random):
    x = mx.nd.ones((2,))
    context = mx.context
    return {
        "count": context.num_gpus(),
        "memory": error_of(context.gpu_memory_info),
        "memory of another": error_of(lambda: context.gpu_memory_info(3)),
        "memory of a negative one": error_of(lambda: context.gpu_memory_info(-1)),
        "memory of a text": error_of(lambda: context.gpu_memory_info("0")),
        "zeros": error_of(lambda: mx.nd.zeros((1,), ctx=mx.gpu()).wait_to_read()),
        "array": error_of(lambda: mx.nd.array([1], ctx=mx.gpu(1)).wait_to_read()),
        "copy": error_of(lambda: x.copyto(mx.gpu()).wait_to_read()),
        "move": error_of(lambda: x.as_in_context(mx.gpu(1)).wait_to_read()),
        "cache": error_of(lambda: mx.gpu().empty_cache()),
    }
