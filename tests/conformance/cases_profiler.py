"""The profiler: which operators and gradients it names, its table, its trace, its states."""

from __future__ import annotations

import ast
import json
import os
import tempfile
import time
import warnings

from tests.conformance.case import case, error_of, raises

# What the reference's engine does besides operators, and a sum of gradients that is none here.
ENGINE = (
    "CopyCPU2CPU",
    "DeleteOperator",
    "DeleteVariable",
    "ResourceParallelRandomSetSeed",
    "SetupExec",
    "SetValueOp",
    "WaitForVar",
    "add_n",
)


def apart(mx, action):
    """Return what the action returns, run in a forked process if it is the reference that runs.

    Its profiler can be configured once in a process. Torch's tape does not survive a fork.
    """
    if not hasattr(mx.base, "_LIB"):
        return action()
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        with os.fdopen(writing, "w") as file:
            file.write(repr(action()))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as file:
        text = file.read()
    os.waitpid(child, 0)
    return ast.literal_eval(text)


def profile(mx, work, **config):
    """Profile `work()` and return the statistics, the table and the trace's events."""
    return apart(mx, lambda: profile_here(mx, work, **config))


def profile_here(mx, work, **config):
    """Profile in this process."""
    profiler = mx.profiler
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "trace.json")
        mx.nd.waitall()
        profiler.set_config(filename=path, aggregate_stats=True, **config)
        profiler.dumps(reset=True)
        profiler.set_state("run")
        work()
        mx.nd.waitall()
        profiler.set_state("stop")
        table = profiler.dumps()
        statistics = json.loads(profiler.dumps(reset=True, format="json"))
        profiler.dump()
        with open(path) as file:
            events = json.load(file)["traceEvents"]
    return statistics, table, events


def operators(statistics):
    """Return how often each operator ran; the reference joins an executor's into one."""
    found = {}
    for name, row in statistics["Time"].get("operator", {}).items():
        for each in name.strip("[]").split(","):
            if each not in ENGINE:
                found[each] = found.get(each, 0) + row["Count"]
    return sorted(found.items())


@case
def operators_called_on_arrays(mx, random):
    a, b = mx.nd.array([[1, 2], [3, 4]]), mx.nd.array([[2, 2], [3, 3]])
    weight = mx.nd.array([[1, 2]])

    def work():
        for _ in range(3):
            c = a + b
        c = (c - b) * a / b
        c = 2 - c + 1 - 3 * c
        c += b
        c = mx.nd.dot(mx.nd.relu(c), mx.nd.softmax(b))
        c = mx.nd.FullyConnected(c, weight, num_hidden=1, no_bias=True)
        mx.nd.concat(a > b, mx.nd.maximum(a, 2), dim=0)
        mx.nd.elemwise_add(mx.nd.zeros((2,)), mx.nd.ones((2,)))
        mx.nd.sum(mx.nd.transpose(c) ** 2)

    return {"operators": operators(profile(mx, work)[0])}


@case
def gradients_of_recorded_calls(mx, random):
    nd = mx.nd
    functions = {
        "relu": nd.relu, "tanh": nd.tanh, "sigmoid": nd.sigmoid, "log": nd.log,
        "square": nd.square, "sum": nd.sum, "mean": nd.mean, "max": nd.max, "softmax": nd.softmax,
        "product": lambda x: x * x, "quotient": lambda x: x / x, "difference": lambda x: x - x,
        "times": lambda x: x * 3, "squared": lambda x: x**2, "dot": lambda x: nd.dot(x, x),
        "element-wise": lambda x: nd.elemwise_mul(x, x), "concat": lambda x: nd.concat(x, x),
        "dense": lambda x: nd.FullyConnected(x, x, num_hidden=3, no_bias=True),
        "pool": lambda x: nd.Pooling(nd.expand_dims(nd.expand_dims(x, 0), 0), kernel=(2, 2)),
        "take": lambda x: nd.take(x, nd.array([0])), "leaky": nd.LeakyReLU,
    }  # fmt: skip
    found = {}
    for name, function in functions.items():
        x = nd.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
        x.attach_grad()

        def work(function=function, x=x):
            with mx.autograd.record():
                y = function(x)
            y.backward()

        named = operators(profile(mx, work)[0])
        found[name] = [each for each in named if each[0].startswith("_backward")][:1]
    return found


@case
def operators_of_an_executor(mx, random):
    net = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=4, name="fc1")
    net = mx.sym.Activation(net, act_type="relu")
    net = mx.sym.SoftmaxOutput(net, name="softmax")
    executor = net.simple_bind(mx.cpu(), data=(2, 3), softmax_label=(2,))

    def work():
        for _ in range(3):
            executor.forward(is_train=True)
            executor.backward()
        executor.forward()

    return {"operators": operators(profile(mx, work)[0])}


@case
def the_steps_of_a_loop_are_named(mx, random):
    data, state = mx.sym.Variable("data"), mx.sym.Variable("state")
    out, _ = mx.sym.contrib.foreach(lambda d, s: (d + s, d * s), data, state)
    executor = out.bind(mx.cpu(), {"data": mx.nd.ones((3, 2)), "state": mx.nd.ones((2,))})
    return {"operators": operators(profile(mx, executor.forward)[0])}


def objects(mx):
    """Use one of each thing that a program has recorded."""
    domain = mx.profiler.Domain("domain")
    task, frame = domain.new_task("task"), domain.new_frame("frame")
    event = mx.profiler.Event("event")
    for each in (task, frame, event):
        each.start()
        each.stop()
    task.start()
    task.start()
    task.stop()
    counter = domain.new_counter("counter", 5)
    counter += 7
    counter -= 2
    counter.increment()
    counter.decrement(3)
    counter.set_value(6.7)
    domain.new_counter("without a value")
    marker = domain.new_marker("marker")
    for scope in ("global", "process", "thread", "task", "marker"):
        marker.mark(scope)
    return domain, task, frame, event, counter


@case
def what_a_program_records(mx, random):
    texts = []

    def work():
        texts.extend(str(each) for each in objects(mx))

    def action():
        return *profile_here(mx, work, profile_api=False), texts

    statistics, _, events, texts = apart(mx, action)
    found = {}
    for group, rows in statistics["Time"].items():
        found[group] = sorted((name, row["Count"]) for name, row in rows.items())
    counter = statistics["Time"]["domain"]["counter"]
    phases = {(e["cat"], e["ph"], e["name"]) for e in events if e["ph"] in "BEbeC"}
    return {
        **found,
        "counter": [counter[key] for key in ("Total", "Min", "Max")],
        "values": [e["args"] for e in events if e["name"] == "counter"],
        "phases": sorted(phase for phase in phases if phase[0] in ("domain", "event")),
        "scopes": [e["s"] for e in events if e["name"] == "marker"],
        "texts": texts,
    }


@case
def a_trace_of_operators(mx, random):
    a = mx.nd.ones((2, 2))
    _, _, events = profile(mx, lambda: mx.nd.FullyConnected(a, a, num_hidden=2, no_bias=True))
    named = [event for event in events if event["name"] == "FullyConnected"]
    device = [event["pid"] for event in named if event["ph"] == "B"]
    names = {event["pid"]: event["args"]["name"] for event in events if event["ph"] == "M"}
    start, end = (next(e["ts"] for e in named if e["ph"] == phase) for phase in "BE")
    return {
        "phases": sorted(event["ph"] for event in named),
        "categories": sorted({event["cat"] for event in named}),
        "keys": sorted(named[0]),
        "device": names[device[0]],
        "processes": {"operator", "cpu/0"} <= set(names.values()),
        "takes time": end >= start,
        "is now": abs(start / 1e6 - time.time()) < 60,
    }


@case
def the_table(mx, random):
    _, table, _ = profile(mx, lambda: objects(mx))
    lines = table.split("\n")
    starts = [i for i, line in enumerate(lines) if line.startswith("====")]
    heads = {lines[i - 1]: lines[i : i + 3] for i in starts}
    rows = [line for line in lines if line.startswith("counter")]
    return {
        "first": lines[:3], "last": lines[-2:], "heads": heads["domain"],
        "groups": [name for name in heads if name[:1] in "de"],
        "width": [len(row) for row in rows],
        "counter": [row.split()[:5] for row in rows],
    }  # fmt: skip


@case
def the_table_of_memory(mx, random):
    statistics, table, _ = profile(mx, lambda: mx.nd.ones((1000, 1000)).wait_to_read())
    lines = table.split("\n")
    start = lines.index("Device Storage")
    row = statistics["Memory"]["Device Storage"]["Memory: cpu/0"]
    return {
        "head": lines[start : start + 4],
        "keys": list(row),
        "kilobytes": float(row["Max"] - row["Min"]),
        "units": statistics["Unit"],
    }


@case
def an_empty_table(mx, random):
    statistics, table, _ = profile(mx, lambda: None, profile_api=False)
    return {"statistics": statistics, "table": table}


@case
def sorting(mx, random):
    events = [mx.profiler.Event(name) for name in "abc"]
    profiler, found = mx.profiler, {}

    def work():
        for i, event in enumerate(events):
            for _ in range(3 - i):
                event.start()
                time.sleep(0.002 * 10**i)  # far apart: a busy machine adds some
                event.stop()
        for by in ("total", "avg", "min", "max", "count"):
            for ascending in (False, True):
                text = profiler.dumps(format="json", sort_by=by, ascending=ascending)
                found[f"{by} {ascending}"] = list(json.loads(text)["Time"]["event"])

    def action():
        profile_here(mx, work, profile_api=False)
        return found

    return apart(mx, action)


@case
def pausing(mx, random):
    a, profiler = mx.nd.ones((2,)), mx.profiler

    def work():
        (a + a).wait_to_read()
        profiler.pause()
        (a - a).wait_to_read()
        objects(mx)
        profiler.resume()
        (a * a).wait_to_read()
        profiler.pause()
        profiler.pause()
        profiler.resume()
        (a / a).wait_to_read()

    statistics, _, _ = profile(mx, work)
    groups = sorted(set(statistics["Time"]) - {"MXNET_C_API"})
    return {"operators": operators(statistics), "groups": groups}


@case
def running_again_resumes(mx, random):
    a, profiler = mx.nd.ones((2,)), mx.profiler

    def work():
        profiler.pause()
        profiler.set_state("run")
        (a + a).wait_to_read()
        profiler.set_state("stop")
        (a - a).wait_to_read()
        profiler.resume()
        (a * a).wait_to_read()
        objects(mx)
        profiler.set_state("run")

    statistics, _, _ = profile(mx, work)
    return {"operators": operators(statistics), "groups": "domain" in statistics["Time"]}


@case
def a_reset_forgets(mx, random):
    a, profiler = mx.nd.ones((2,)), mx.profiler

    def work():
        (a + a).wait_to_read()
        profiler.dumps()
        profiler.dumps(reset=True)
        (a * a).wait_to_read()

    return {"operators": operators(profile(mx, work)[0])}


@case
def kinds(mx, random):
    a = mx.nd.ones((2,))
    executor = mx.sym.exp(mx.sym.Variable("a")).bind(mx.cpu(), {"a": a})

    def work():
        executor.forward()
        mx.nd.tanh(a).asnumpy()

    found = {}
    for config in (
        {}, {"profile_all": True}, {"profile_all": "False"}, {"profile_symbolic": True},
        {"profile_imperative": False}, {"profile_api": False}, {"profile_memory": 0},
        {"profile_all": 1, "profile_imperative": False, "profile_api": False},
        {"profile_imperative": "false", "profile_memory": False, "profile_api": "0"},
    ):  # fmt: skip
        statistics, _, _ = profile(mx, work, **config)
        api = statistics["Time"].get("MXNET_C_API", {})
        found[str(config)] = {
            "operators": operators(statistics),
            "groups": sorted([*statistics["Time"], *statistics["Memory"]]),
            "calls": sorted({"MXExecutorForward", "MXNDArraySyncCopyToCPU"} & set(api)),
        }
    return found


@case
def another_thread_is_profiled(mx, random):
    import threading

    a = mx.nd.ones((2,))

    def work():
        thread = threading.Thread(target=lambda: mx.nd.tanh(a).wait_to_read())
        thread.start()
        thread.join()

    return {"operators": operators(profile(mx, work)[0])}


@case
def dumping(mx, random):
    return apart(mx, lambda: dumped(mx))


def dumped(mx):
    """Return what happens before, while and after the profiler runs."""
    a, profiler = mx.nd.ones((2,)), mx.profiler
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "trace.json")
        profiler.set_config(filename=path)
        found = {"made": os.path.exists(path), "not run": error_of(profiler.dump)}
        profiler.set_state("run")
        (a + a).wait_to_read()
        mx.nd.waitall()
        found |= {"no statistics": profiler.dumps(), "json": profiler.dumps(format="json")}
        found["dump"] = profiler.dump(finished=False)
        found["written"] = os.path.exists(path)
        (a + a).wait_to_read()
        mx.nd.waitall()
        profiler.dump()
        (a + a).wait_to_read()
        with open(path) as file:
            names = [e["name"] for e in json.load(file)["traceEvents"] if e["ph"] == "B"]
        found["adds"] = names.count("broadcast_add")
        found["finished"] = error_of(profiler.dump)
    return found


@case
def wrong_values(mx, random):
    p = mx.profiler
    domain = p.Domain("domain")
    marker, counter = domain.new_marker("marker"), domain.new_counter("counter")
    found = {
        "state": lambda: p.set_state("walk"), "no state": lambda: p.set_state(None),
        "process": lambda: p.set_state("stop", profile_process="neither"),
        "pause": lambda: p.pause(profile_process="neither"),
        "resume": lambda: p.resume(profile_process="neither"),
        "dump": lambda: p.dump(profile_process="neither"),
        "setting": lambda: p.set_config(colour=1),
        "boolean": lambda: p.set_config(profile_all="maybe"),
        "two": lambda: p.set_config(profile_all=2),
        "none": lambda: p.set_config(profile_all=None),
        "period": lambda: p.set_config(dump_period="often"),
        "no period": lambda: p.set_config(continuous_dump=True, dump_period=0),
        "configured process": lambda: p.set_config(profile_process="neither"),
        "format": lambda: p.dumps(format="xml"), "sort": lambda: p.dumps(sort_by="name"),
        "ascending": lambda: p.dumps(ascending=2), "reset": lambda: p.dumps(reset="yes"),
        "domain": lambda: p.Domain(3), "event": lambda: p.Event(3),
        "task": lambda: p.Task("domain", "task"), "task name": lambda: p.Task(domain, 3),
        "frame": lambda: p.Frame(None, "frame"), "counter": lambda: p.Counter(domain, "c", "x"),
        "value": lambda: counter.set_value("x"), "delta": lambda: counter.decrement("x"),
        "scope": lambda: marker.mark("planet"), "no scope": lambda: marker.mark(None),
    }  # fmt: skip
    return apart(mx, lambda: {name: error_of(action) for name, action in found.items()})


@case
def the_old_names(mx, random):
    def warned(action):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            error = error_of(action)
        return [warning.category.__name__ for warning in caught], error

    p = mx.profiler
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "trace.json")
        actions = {
            "config": lambda: p.profiler_set_config("all", path),
            "wrong config": lambda: p.profiler_set_config(mode="none", filename=path),
            "state": lambda: p.profiler_set_state("run"),
            "default state": p.profiler_set_state,
            "dump": p.dump_profile,
        }
        return apart(mx, lambda: {name: warned(action) for name, action in actions.items()})


@case
def servers(mx, random):
    p = mx.profiler
    without = raises(lambda: p.set_state("run", profile_process="server"))
    store = mx.kv.create("local")
    p.set_kvstore_handle(store.handle)
    found = p.set_state("run", profile_process="server"), p.pause(profile_process="server")
    p.set_kvstore_handle(None)
    return {"without a store": without, "local store": found}
