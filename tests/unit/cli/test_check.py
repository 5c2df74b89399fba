"""`mxnet check` within this process: exit status, table, verdict, and what bad input says."""

from __future__ import annotations

import json

import numpy as np
import pytest

import mxnet as mx
from mxnet.cli import main
from mxnet.cli.check import show_check
from mxnet.cli.examples import mlp
from tests.unit.cli.operators import apply, half_of_the_gradient, registered, square

X = mx.sym.Variable("x")


@pytest.fixture
def model(tmp_path, monkeypatch):
    """A saved network, its parameters and values of its inputs, in the current folder."""
    monkeypatch.chdir(tmp_path)
    net = mx.sym.FullyConnected(X, num_hidden=3, name="fc")
    net = mx.sym.SoftmaxOutput(mx.sym.BatchNorm(net, name="bn"), name="softmax")
    net.save("net-symbol.json")
    shapes, _, states = net.infer_shape(x=(4, 5))
    saved = {
        f"arg:{name}": mx.nd.random.normal(shape=shape)
        for name, shape in zip(net.list_arguments(), shapes, strict=True)
        if name.startswith(("fc", "bn"))
    }
    names = net.list_auxiliary_states()
    saved |= {f"aux:{n}": mx.nd.ones(s) for n, s in zip(names, states, strict=True)}
    mx.nd.save("net.params", saved)
    np.save("x.npy", np.random.RandomState(0).normal(size=(4, 5)))
    np.save("label.npy", np.array([0, 2, 1, 1]))
    return tmp_path


NET = ("check", "net-symbol.json")
SHAPE = ("--shape", "x=4,5")


def _run(capsys, *arguments: str) -> tuple[int, str, str]:
    status = main(arguments)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def _table(out: str) -> dict[str, list[str]]:
    """Return the cells of the printed table by node name."""
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in out.splitlines()]
    return {row[0]: row[1:] for row in rows if row}


# Right and wrong.


def test_a_saved_model_that_is_right(model, capsys):
    status, out, err = _run(capsys, *NET, "net.params", *SHAPE, "--samples", "2")
    assert (status, err) == (0, "")
    table = _table(out)
    assert list(table) == ["fc", "bn", "softmax"]
    assert table["fc"][:2] == ["FullyConnected", "4x3"]
    assert table["softmax"][3].endswith("(loss)")
    assert "All 3 nodes are right (" in out
    assert "Drawn at random, because no values were given: x, softmax_label." in out


def test_all_values_can_be_given(model, capsys):
    data = ("--data", "x=x.npy", "--data", "softmax_label=label.npy")
    status, out, _ = _run(capsys, *NET, "net.params", *data, "--samples", "2")
    assert (status, "Drawn" in out) == (0, False)


def test_a_wrong_operator_is_named_and_the_exit_status_is_one(model, capsys):
    with registered(square, half_of_the_gradient) as wrong:
        net = mx.sym.FullyConnected(X, num_hidden=3, name="before")
        mx.sym.tanh(apply(wrong, "gate", net), name="after").save("bad-symbol.json")
        status, out, _ = _run(capsys, "check", "bad-symbol.json", *SHAPE, "--html", "bad.html")
    assert status == 1
    assert {name: cells[-1] for name, cells in _table(out).items()} == {
        "before": "ok",
        "gate": "WRONG",
        "after": "ok",
    }
    assert "1 of 3 nodes is wrong; the first is gate (test_square):" in out
    assert "but finite differences give" in out
    page = (model / "bad.html").read_text()
    assert '<a href="#node-1">gate</a> (test_square)' in page


def test_nan_in_an_output_is_a_failure(model, capsys):
    mx.sym.exp(mx.sym.log(X, name="log"), name="after").save("log-symbol.json")
    np.save("x.npy", np.array([1.0, -2.0]))
    status, out, _ = _run(capsys, "check", "log-symbol.json", "--data", "x=x.npy")
    assert status == 1
    assert "the first is log (log):\n  output[1] is nan (1 of 2 are not finite)" in out
    assert _table(out)["after"][-1] == "unchecked"


def test_markup_in_names_is_printed_as_it_is(capsys):
    show_check(mx.sym.tanh(X, name="[red]loud[/red]"), {"x": (2,)}, samples=1)
    assert "[red]loud[/red]" in capsys.readouterr().out


def test_no_progress_bar_is_shown_where_output_is_no_terminal(capsys):
    show_check(*mlp(), samples=1)
    captured = capsys.readouterr()
    assert "Checking" not in captured.out + captured.err
    assert "\x1b" not in captured.out


def test_seed_and_samples_are_used(capsys):
    first, again, other = (
        _run(capsys, "check", "mlp", "--samples", "1", "--seed", seed)[1] for seed in "112"
    )
    assert first == again != other


def test_the_shape_of_an_example_can_be_chosen(capsys):
    _, out, _ = _run(capsys, "check", "mlp", "--shape", "data=2,10", "--samples", "1")
    assert _table(out)["softmax"][1] == "2x10"


def test_a_network_in_a_file_with_user_code(model, capsys):
    (model / "own.py").write_text("raise RuntimeError('not today')")
    status, _, err = _run(capsys, *NET, *SHAPE, "--import", "own.py")
    assert (status, err) == (
        2,
        "mxnet check: own.py can not be imported: RuntimeError: not today\n",
    )


# Bad input: exit status 2, one sentence on stderr, and no report.


def _spoil(model, change) -> None:
    graph = json.loads((model / "net-symbol.json").read_text())
    change(graph)
    (model / "net-symbol.json").write_text(json.dumps(graph))


def _node(graph, name):
    return next(node for node in graph["nodes"] if node["name"] == name)


BAD_GRAPHS = {
    "unknown operator": (
        lambda graph: _node(graph, "fc").update(op="FulyConnected"),
        "Node fc can not be read: There is no operator named 'FulyConnected'.",
    ),
    "unknown attribute": (
        lambda graph: _node(graph, "fc")["attrs"].update(hidden="3"),
        "Node fc can not be read: FullyConnected: there is no attribute or input 'hidden'",
    ),
    "bad attribute": (
        lambda graph: _node(graph, "fc")["attrs"].update(num_hidden="many"),
        "FullyConnected: attribute num_hidden is 'many', but must be of kind int",
    ),
    "missing attribute": (
        lambda graph: _node(graph, "fc").update(attrs={}),
        "FullyConnected: required attribute num_hidden is missing.",
    ),
    "missing input": (
        lambda graph: _node(graph, "fc")["inputs"].pop(),
        "Node fc can not be read: it has 2 inputs, but FullyConnected has 3: data, weight, bias.",
    ),
    "too many inputs": (
        lambda graph: _node(graph, "fc")["inputs"].append([0, 0, 0]),
        "Node fc can not be read: it has 4 inputs, but FullyConnected has 3",
    ),
    "an input that does not exist": (
        lambda graph: _node(graph, "fc").update(inputs=[[0, 0, 0], [99, 0, 0], [2, 0, 0]]),
        "inputs of fc names node 99, but 3 nodes come before it.",
    ),
    "no nodes": (lambda graph: graph.pop("nodes"), 'JSON text has no list "nodes".'),
}


@pytest.mark.parametrize("case", BAD_GRAPHS)
def test_damaged_graphs(model, capsys, case):
    change, message = BAD_GRAPHS[case]
    _spoil(model, change)
    status, out, err = _run(capsys, *NET, *SHAPE, "--html", "report.html")
    assert (status, out) == (2, "")
    assert err.startswith("mxnet check: net-symbol.json can not be read: ")
    assert message in err
    assert not (model / "report.html").exists()


def test_a_truncated_graph(model, capsys):
    text = (model / "net-symbol.json").read_text()
    (model / "net-symbol.json").write_text(text[: len(text) // 2])
    status, _, err = _run(capsys, *NET, *SHAPE)
    assert status == 2
    assert "net-symbol.json can not be read: The symbol's JSON text is damaged: " in err


def test_a_graph_that_is_no_text(model, capsys):
    status, _, err = _run(capsys, "check", "x.npy", *SHAPE)
    assert status == 2
    assert err.startswith("mxnet check: x.npy can not be read: ")


def _params(model, **arrays):
    saved = mx.nd.load("net.params")
    saved.update(arrays)
    mx.nd.save("net.params", {f"{key}": value for key, value in saved.items()})


def test_a_truncated_params_file(model, capsys):
    content = (model / "net.params").read_bytes()
    (model / "net.params").write_bytes(content[:-20])
    status, _, err = _run(capsys, *NET, "net.params", *SHAPE)
    assert status == 2
    assert "net.params can not be read: The array file is damaged: " in err


def test_params_without_names(model, capsys):
    mx.nd.save("net.params", [mx.nd.ones((2,))])
    status, _, err = _run(capsys, *NET, "net.params", *SHAPE)
    assert status == 2
    assert "net.params holds arrays without names" in err


def test_params_of_another_network(model, capsys):
    _params(model, **{"arg:fc_weights": mx.nd.ones((3, 5))})
    status, _, err = _run(capsys, *NET, "net.params", *SHAPE)
    assert status == 2
    assert err == "mxnet check: the network has no argument 'fc_weights'; did you mean fc_weight?\n"


def test_params_of_another_shape(model, capsys):
    _params(model, **{"arg:fc_weight": mx.nd.ones((3, 4))})
    status, _, err = _run(capsys, *NET, "net.params", *SHAPE)
    assert status == 2
    assert "FullyConnected fc: weight has shape (3, 4), but (3, 5) follows from data (4, 5)" in err


def test_params_with_nan_are_a_failed_check(model, capsys):
    _params(model, **{"arg:fc_bias": mx.nd.array([0, np.nan, 0])})
    status, out, _ = _run(capsys, *NET, "net.params", *SHAPE)
    assert status == 1
    assert "the first is fc (FullyConnected):\n  its input fc_bias is not finite: bias[1]" in out


BAD_CALLS = {
    "no such file": (("check", "nett"), "neither a file nor an example 'nett'; examples are mlp"),
    "no such params": ((*NET, "no.params", *SHAPE), "there is no file 'no.params'."),
    "no shape": (NET, "no input's shape is known; give --shape NAME=... or --data NAME=FILE.npy"),
    "wrong name": ((*NET, "--shape", "X=4,5"), "the network has no input 'X'"),
    "too little": ((*NET, "--shape", "softmax_label=4"), "do not determine that of x, fc_weight"),
    "wrong width": (
        (*NET, "net.params", "--shape", "x=4,6"),
        "FullyConnected fc: weight has shape (3, 5), but (3, 6) follows from data (4, 6)",
    ),
    "twice": ((*NET, *SHAPE, *SHAPE), "x is given more than once"),
    "no data": ((*NET, "--data", "x=no.npy"), "--data x: there is no file 'no.npy'."),
    "text as data": ((*NET, "--data", "x=words.npy"), "words.npy holds <U1, but must hold numbers"),
    "no array": ((*NET, "--data", "x=net.params"), "net.params is no .npy file of numbers"),
    "empty file": ((*NET, "--data", "x=empty.npy"), "empty.npy is no .npy file of numbers"),
    "no numbers": ((*NET, "--data", "x=zero.npy"), "has shape (0, 5): it holds no number"),
    "wrong label": (
        (*NET, "--data", "x=x.npy", "--data", "softmax_label=x.npy"),
        "SoftmaxOutput softmax: label has shape (4, 5)",
    ),
    "no folder": ((*NET, *SHAPE, "--html", "no/r.html"), "there is no folder no"),
    "a folder": ((*NET, *SHAPE, "--html", "."), "the report . can not be written: it is a folder"),
}


@pytest.mark.parametrize("case", BAD_CALLS)
def test_bad_input(model, capsys, case):
    np.save("words.npy", np.array(["a"]))
    np.save("zero.npy", np.zeros((0, 5)))
    (model / "empty.npy").touch()
    before = sorted(model.iterdir())
    arguments, message = BAD_CALLS[case]
    status, out, err = _run(capsys, *arguments)
    assert (status, out) == (2, "")
    assert err.startswith("mxnet check: ")
    assert message in err
    assert err.count("\n") == 1
    assert sorted(model.iterdir()) == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("check",), "the following arguments are required: model"),
        ((), "the following arguments are required: COMMAND"),
        (("chekc", "mlp"), "invalid choice: 'chekc'"),
        (("check", "mlp", "--shape", "data"), "'data' is not of the form NAME=2,3,28,28"),
        (("check", "mlp", "--shape", "data=2,x"), "'data=2,x' is not of the form NAME="),
        (("check", "mlp", "--shape", "data=2,0"), "with positive lengths"),
        (("check", "mlp", "--data", "data"), "'data' is not of the form NAME=FILE.npy"),
        (("check", "mlp", "--samples", "0"), "'0' is not a positive whole number"),
        (("check", "mlp", "--samples", "many"), "'many' is not a positive whole number"),
        (("check", "mlp", "--seed", "-1"), "'-1' is not a whole number from 0"),
        (("check", "mlp", "--fast"), "unrecognized arguments: --fast"),
        (("demo", "--epochs", "0"), "'0' is not a positive whole number"),
    ],
)
def test_bad_arguments(capsys, arguments, message):
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    assert message in capsys.readouterr().err


def test_a_missing_library_is_named(model, capsys, monkeypatch):
    from mxnet.cli import extras

    monkeypatch.setattr(extras.importlib.util, "find_spec", lambda name: None)
    status, _, err = _run(capsys, *NET, *SHAPE)
    assert status == 2
    assert err == "mxnet check: rich missing; run: pip install 'mxnet-torch[check]'\n"


def test_an_interrupt_is_no_traceback(capsys, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("mxnet.cli.check.check_network", interrupt)
    status, _, err = _run(capsys, "check", "mlp")
    assert (status, err) == (130, "mxnet check: interrupted\n")


def test_the_version(capsys):
    with pytest.raises(SystemExit) as left:
        main(["--version"])
    assert left.value.code == 0
    assert capsys.readouterr().out == f"mxnet {mx.__version__} (mxnet-torch)\n"


def test_the_demo_refuses_a_file_as_its_folder(tmp_path, capsys):
    path = tmp_path / "file"
    path.touch()
    status, _, err = _run(capsys, "demo", "--folder", str(path))
    assert (status, err) == (
        2,
        f"mxnet demo: --folder {path} is a file, but must be a folder.\n",
    )
