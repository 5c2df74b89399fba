import json
import logging
import os
import subprocess
import sys
import time

import numpy as np
import pytest
import torch
from torch._subclasses.fake_tensor import FakeTensorMode

import mxnet as mx
from mxnet.executor import Executor
from mxnet.ndarray.tape import RuledCall
from mxnet.ops import registry
from mxnet.profiler import start_if_asked
from mxnet.symbol.plan import Recording


@pytest.fixture
def path(tmp_path):
    """Return where the trace goes; afterwards the profiler is off and empty."""
    where = tmp_path / "trace.json"
    mx.profiler.set_config(filename=str(where), aggregate_stats=True)
    mx.profiler.dumps(reset=True)
    yield where
    mx.profiler.set_config(filename=str(tmp_path / "rest.json"), aggregate_stats=True)
    mx.profiler.set_state("run")
    mx.profiler.dump()
    mx.profiler.dumps(reset=True)
    mx.profiler.resume()


def run(work):
    """Profile `work()` and return the statistics."""
    mx.profiler.set_state("run")
    work()
    mx.profiler.set_state("stop")
    return json.loads(mx.profiler.dumps(reset=True, format="json"))


def counts(statistics, group="operator"):
    return {name: row["Count"] for name, row in statistics["Time"].get(group, {}).items()}


def events_of(path):
    return json.loads(path.read_text())["traceEvents"]


def names_of(path, phase="B"):
    return [event["name"] for event in events_of(path) if event["ph"] == phase]


def test_functions_are_replaced_only_while_it_runs(path):
    def functions():
        operators = [registry.get(name) for name in registry.names()]
        methods = [mx.nd.NDArray.__init__, mx.nd.NDArray.asnumpy, mx.nd.zeros, mx.autograd.backward]
        return (
            [o.function for o in operators]
            + methods
            + [Executor.forward, Recording.pull, RuledCall.backward]
        )

    before = functions()
    mx.profiler.set_state("run")
    assert all(a is not b for a, b in zip(before, functions(), strict=True))
    mx.profiler.pause()
    assert functions() == before
    mx.profiler.resume()
    mx.profiler.set_state("run")
    mx.profiler.set_state("stop")
    assert functions() == before
    mx.profiler.resume()
    assert functions() == before


def test_results_and_errors_are_those_of_the_operators(path):
    a, b = mx.nd.array([1, 2]), mx.nd.array([3, 4])
    mx.profiler.set_state("run")
    assert (a + b).asnumpy().tolist() == [4, 6]
    with pytest.raises(mx.MXNetError, match="broadcast_add"):
        a + mx.nd.ones((3,))
    mx.profiler.set_state("stop")
    assert counts(json.loads(mx.profiler.dumps(format="json")))["broadcast_add"] == 1


def test_times_are_those_of_the_work(path):
    class Sleep(mx.operator.CustomOp):
        def forward(self, is_train, req, in_data, out_data, aux):
            time.sleep(0.02)
            self.assign(out_data[0], req[0], in_data[0])

    @mx.operator.register("sleep_for_the_profiler")
    class SleepProp(mx.operator.CustomOpProp):
        def create_operator(self, ctx, shapes, dtypes):
            return Sleep()

    x = mx.nd.ones((2,))
    statistics = run(lambda: mx.nd.Custom(x, op_type="sleep_for_the_profiler"))
    assert 20 <= statistics["Time"]["operator"]["Custom"]["Total"] < 2000


def test_inference_runs_no_operator(path):
    x = mx.sym.BatchNorm(mx.sym.Variable("x"))
    assert counts(run(lambda: x.infer_shape(x=(2, 3, 4)))) == {}


def test_torchs_transforms_and_tracers_work_while_it_runs(path):
    plan = mx.sym.exp(mx.sym.Variable("x"))._plan()
    x = torch.tensor([[0.0, 0.0], [0.0, 0.0]])

    def function(x):
        return plan.run({"x": x})[0].sum()

    mx.profiler.set_state("run")
    assert torch.func.vmap(function)(x).tolist() == [2, 2]
    assert torch.func.grad(function)(x).tolist() == [[1, 1], [1, 1]]
    with FakeTensorMode():
        assert function(torch.ones(2)).shape == ()
    mx.profiler.set_state("stop")
    assert counts(json.loads(mx.profiler.dumps(format="json"))) == {"exp": 2}


def test_a_sparse_array_is_not_made_dense(path, monkeypatch):
    made = []
    monkeypatch.setattr(mx.nd.sparse.CSRNDArray, "_data", property(made.append))
    run(lambda: mx.nd.sparse.csr_matrix(([1, 2], [0, 1], [0, 1, 2]), shape=(2, 2)))
    assert made == []


def test_an_operator_that_calls_another_is_one_call(path):
    data = [mx.nd.array(np.ones(shape)) for shape in ((2, 3), (3,), (3,))]
    for each in data:
        each.attach_grad()

    def work():
        with mx.autograd.record():
            y = mx.nd.LayerNorm(*[each.astype("float16") for each in data])
        y.backward()

    found = counts(run(work))
    assert found["LayerNorm"] == found["_backward_LayerNorm"] == 1


def test_a_graph_that_is_kept_shows_every_backward(path):
    x = mx.nd.ones((2,))
    x.attach_grad()

    def work():
        with mx.autograd.record():
            y = mx.nd.tanh(mx.nd.softmax(x * x))
        y.backward(retain_graph=True)
        y.backward()

    found = counts(run(work))
    wanted = ("_backward_broadcast_mul", "_backward_softmax", "_backward_tanh")
    assert [found[name] for name in wanted] == [2, 2, 2]


def test_a_backward_after_it_stopped_is_not_recorded(path):
    x = mx.nd.ones((2,))
    x.attach_grad()
    mx.profiler.set_state("run")
    with mx.autograd.record():
        y = mx.nd.tanh(x)
    mx.profiler.set_state("stop")
    y.backward()
    assert counts(json.loads(mx.profiler.dumps(format="json"))) == {"tanh": 1}


def test_symbolic_operators_can_be_left_out(path):
    x = mx.nd.ones((2,))
    executor = mx.sym.exp(mx.sym.Variable("x")).bind(mx.cpu(), {"x": x}, {"x": mx.nd.ones((2,))})

    def work():
        executor.forward(is_train=True)
        executor.backward(mx.nd.ones_like(x))

    mx.profiler.set_config(filename=str(path), aggregate_stats=True, profile_symbolic=False)
    assert counts(run(work)) == {"ones_like": 1}
    mx.profiler.set_config(filename=str(path), aggregate_stats=True, profile_imperative=False)
    assert counts(run(work)) == {"exp": 1, "_backward_exp": 1}


def test_memory_grows_and_shrinks(path):
    def work():
        for _ in range(3):
            x = mx.nd.zeros((1000, 250))
            y = x + 1
            del x, y

    run(work)
    mx.profiler.dump()
    counters = [e["args"] for e in events_of(path) if e.get("cat") == "Device Storage"]
    values = [counter["Memory: cpu/0"] for counter in counters]
    base = values[0] - 1_000_000
    assert [value - base for value in values] == 3 * [1_000_000, 2_000_000, 1_000_000, 0]


def test_a_view_is_no_memory_of_its_own(path):
    x = mx.nd.zeros((10,))

    def work():
        y = x + 1
        y.reshape((2, 5))

    rows = run(work)["Memory"]["Device Storage"]["Memory: cpu/0"]
    assert rows["Count"] == 2
    assert rows["Max"] - rows["Min"] == pytest.approx(0.04)


def test_a_counter_has_its_mean_and_may_be_negative(path):
    counter = mx.profiler.Domain("d").new_counter("c", 4)
    counter -= 10
    row = json.loads(mx.profiler.dumps(format="json"))["Time"]["d"]["c"]
    assert row == {"Count": 2, "Total": -0.006, "Min": -0.006, "Max": 0.004, "Avg": -0.001}


def test_a_task_that_was_not_started_is_not_recorded(path):
    task = mx.profiler.Domain("d").new_task("t")
    task.stop()
    assert json.loads(mx.profiler.dumps(format="json"))["Time"] == {}


def test_events_of_a_thread_nest(path):
    x = mx.nd.ones((3, 4))
    x.attach_grad()

    def work():
        with mx.autograd.record():
            y = mx.nd.softmax(mx.nd.FullyConnected(x, x, num_hidden=3, no_bias=True) + 1)
        y.backward()

    mx.profiler.set_state("run")
    outer = mx.profiler.Event("outer")
    outer.start()
    work()
    outer.stop()
    mx.profiler.dump()
    open_events = {}
    for event in sorted(events_of(path), key=lambda event: event.get("ts", 0)):
        stack = open_events.setdefault((event["pid"], event.get("tid")), [])
        if event["ph"] == "B":
            stack.append(event["name"])
        elif event["ph"] == "E":
            assert stack.pop() == event["name"]
    assert not any(open_events.values())


def test_frames_and_markers_have_phases_that_viewers_know(path):
    domain = mx.profiler.Domain("d")
    mx.profiler.set_state("run")
    frame = domain.new_frame("frame")
    frame.start()
    frame.stop()
    domain.new_marker("marker").mark()
    mx.profiler.dump()
    found = [(e["name"], e["ph"]) for e in events_of(path) if e["ph"] != "M"]
    assert found == [("frame", "b"), ("frame", "e"), ("marker", "i")]


def test_the_file_is_whole_after_every_dump_and_goes_on(path):
    x = mx.nd.ones((2,))
    for count in (1, 2, 3):
        mx.profiler.set_state("run")
        x + x
        mx.profiler.dump(finished=count == 2)
        assert names_of(path).count("broadcast_add") == count


def test_names_of_any_kind_are_written(path):
    task = mx.profiler.Domain('a "domain"').new_task("n\\am\ne ü")
    mx.profiler.set_state("run")
    task.start()
    task.stop()
    mx.profiler.dump()
    assert ('a "domain"', "n\\am\ne ü") in [(e.get("cat"), e["name"]) for e in events_of(path)]


def test_the_file_is_written_while_it_runs(path):
    mx.profiler.set_config(filename=str(path), continuous_dump=True, dump_period=0.02)
    mx.profiler.set_state("run")
    x = mx.nd.ones((2,)) + 1
    deadline = time.monotonic() + 10
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    mx.profiler.set_state("stop")
    x * 2
    mx.profiler.dump()
    assert "_plus_scalar" in names_of(path)
    assert "_mul_scalar" not in names_of(path)


def test_a_file_that_can_not_be_written_is_an_error_and_loses_nothing(path, tmp_path):
    nowhere = tmp_path / "nowhere" / "trace.json"
    mx.profiler.set_config(filename=str(nowhere))
    mx.profiler.set_state("run")
    mx.nd.ones((2,)) + 1
    with pytest.raises(
        mx.MXNetError, match=r"profiler: .*trace\.json can not be written: .*No such"
    ):
        mx.profiler.dump()
    mx.profiler.set_config(filename=str(path))
    mx.profiler.dump()
    assert "_plus_scalar" in names_of(path)


def test_configuring_leaves_an_old_file_alone(path):
    path.write_text("old")
    mx.profiler.set_config(filename=str(path))
    assert path.read_text() == "old"


def test_a_bad_setting_changes_nothing(path):
    with pytest.raises(mx.MXNetError, match="profile_api is 'x', but must be of kind bool"):
        mx.profiler.set_config(filename="elsewhere.json", profile_api="x")
    mx.profiler.set_state("run")
    mx.profiler.dump()
    assert path.exists()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"colour": 1}, "set_config: there is no setting 'colour'; there are profile_all, "),
        ({"dump_period": "often"}, "attribute dump_period is 'often', but must be of kind float"),
        ({"continuous_dump": 1, "dump_period": 0}, "dump_period is 0.0, but must be above 0 s"),
        ({"profile_process": "x"}, "profile_process is 'x', but must be worker or server"),
        ({"profile_process": "server"}, "but set_kvstore_handle has named no store"),
    ],
)
def test_messages_of_settings(settings, message):
    with pytest.raises(mx.MXNetError, match=message):
        mx.profiler.set_config(**settings)


def test_messages_of_objects():
    domain = mx.profiler.Domain("d")
    with pytest.raises(mx.MXNetError, match="Domain: name is empty"):
        mx.profiler.Domain("")
    with pytest.raises(AttributeError, match="Task: domain is a str, but must be a Domain"):
        mx.profiler.Task("d", "t")
    with pytest.raises(AttributeError, match="Event: name is a int, but must be a string"):
        mx.profiler.Event(3)
    with pytest.raises(mx.MXNetError, match="mark: scope is 'x', but must be one of global, mark"):
        domain.new_marker("m").mark("x")
    with pytest.raises(AssertionError, match="dumps: sort_by is 'x', but must be one of total, "):
        mx.profiler.dumps(sort_by="x")


def test_a_command_for_servers_is_logged(caplog):
    mx.profiler.set_kvstore_handle("local")
    try:
        with caplog.at_level(logging.WARNING):
            mx.profiler.dump(profile_process="server")
    finally:
        mx.profiler.set_kvstore_handle(None)
    assert caplog.messages == [
        "dump: there is no server process to profile; profile the worker process instead."
    ]


def test_operators_are_ranges_of_torchs_profiler(path):
    x = mx.nd.ones((2,))
    mx.profiler.set_state("run")
    with torch.autograd.profiler.profile(use_kineto=False) as found:
        mx.nd.FullyConnected(x.reshape((1, 2)), mx.nd.ones((1, 2)), num_hidden=1, no_bias=True)
    mx.profiler.set_state("stop")
    assert "FullyConnected" in [event.name for event in found.function_events]


@pytest.mark.parametrize(
    ("mode", "operators", "categories"),
    [
        (None, {"exp"}, {"operator", "MXNET_C_API", "Device Storage"}),
        ("0", {"exp"}, {"operator"}),
        ("2", {"exp", "broadcast_add", "_ones"}, {"operator"}),
        ("15", {"exp", "broadcast_add", "_ones"}, {"operator", "MXNET_C_API", "Device Storage"}),
    ],
)
def test_it_starts_by_itself_as_the_environment_says(
    path, monkeypatch, mode, operators, categories
):
    monkeypatch.setenv("MXNET_PROFILER_AUTOSTART", "1")
    if mode is not None:
        monkeypatch.setenv("MXNET_PROFILER_MODE", mode)
    start_if_asked()
    x = mx.nd.ones((2,))
    x + x
    mx.sym.exp(mx.sym.Variable("x")).bind(mx.cpu(), {"x": x}).forward()
    mx.profiler.dump()
    events = [event for event in events_of(path) if event["ph"] != "M"]
    assert {event["name"] for event in events if event["cat"] == "operator"} == operators
    assert {event["cat"] for event in events} == categories


def test_it_does_not_start_where_the_environment_says_0(path, monkeypatch):
    monkeypatch.setenv("MXNET_PROFILER_AUTOSTART", "0")
    start_if_asked()
    with pytest.raises(mx.MXNetError, match="dump: the profiler has not run; call set_state"):
        mx.profiler.dump()


@pytest.mark.parametrize("variable", ["MXNET_PROFILER_AUTOSTART", "MXNET_PROFILER_MODE"])
def test_a_variable_that_is_no_number_is_refused(monkeypatch, variable):
    monkeypatch.setenv(variable, "true")
    with pytest.raises(mx.MXNetError, match=f"^{variable} is 'true', but must be a whole number"):
        start_if_asked()


def test_what_nobody_dumped_is_written_at_exit(tmp_path):
    code = "import mxnet as mx; x = mx.sym.exp(mx.sym.Variable('x'))\n"
    code += "x.bind(mx.cpu(), {'x': mx.nd.ones((2,))}).forward(); mx.profiler.set_state('stop')"
    variables = {**os.environ, "MXNET_PROFILER_AUTOSTART": "1", "PYTHONWARNINGS": "error"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, cwd=tmp_path, env=variables, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert names_of(tmp_path / "profile.json") == ["exp"]
