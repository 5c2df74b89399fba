"""The HTML report: complete, self-contained, and safe whatever nodes are called."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

import mxnet as mx
from mxnet.base import MXNetError
from mxnet.cli.examples import mlp
from mxnet.cli.report import refuse_bad_path, write_report
from mxnet.test_utils import check_network
from tests.unit.cli.operators import apply, half_of_the_gradient, registered, square

X = mx.sym.Variable("x")


def _write(found, folder):
    path = folder / "report.html"
    write_report(str(path), found, title="A <title>")
    return path.read_text(encoding="utf-8")


@pytest.fixture
def wrong(tmp_path):
    """The report of a network whose second node is wrong."""
    with registered(square, half_of_the_gradient) as operator:
        net = mx.sym.FullyConnected(X, num_hidden=3, name="before")
        net = mx.sym.tanh(apply(operator, "gate", net), name="after")
        found = check_network(net, {"x": (2, 5)})
    return found, _write(found, tmp_path)


def test_a_right_network(tmp_path):
    network, shapes = mlp()
    page = _write(check_network(network, shapes, samples=2), tmp_path)
    assert "All 6 nodes are right." in page
    assert "<details open" not in page
    for name in ("fc1", "tanh2", "softmax"):
        assert name in page


def test_a_wrong_network_names_the_first_wrong_node_and_its_values(wrong):
    found, page = wrong
    worst = found.first_failure.worst
    assert '1 of 3 nodes\nis wrong. The first is\n<a href="#node-1">gate</a> (test_square).' in page
    assert f"{worst.analytic:.9g}" in page
    assert f"{worst.numeric:.9g}" in page
    assert worst.place in page


def test_the_graph_is_drawn_with_each_node_marked(wrong):
    _, page = wrong
    graph = page[page.index('<div class="graph">') : page.index("<h2>Details")]
    marks = re.findall(r'<g class="box ([a-z ]+)"><title>([^<:]+)', graph)
    assert sorted(marks) == [
        ("input", "x"),
        ("ok", "after"),
        ("ok", "before"),
        ("wrong first", "gate"),
    ]
    assert graph.count('class="edge"') == 3


def test_each_comparison_is_a_dot_and_wrong_ones_stand_out(wrong):
    found, page = wrong
    assert page.count("<circle") == found.comparisons
    over = sum(compared.error > 1 for node in found.nodes for compared in node.comparisons)
    assert page.count('<circle class="over"') == over > 0


def test_values_that_are_not_finite_are_listed(tmp_path):
    found = check_network(mx.sym.log(X, name="log"), {}, {"x": mx.nd.array([1, -1])})
    page = _write(found, tmp_path)
    assert "<td>output[1]</td>" in page
    assert "output[1] is nan (1 of 2 are not finite)" in page


def test_the_file_needs_nothing_beside_it(wrong):
    _, page = wrong
    assert re.findall(r'href="(?!#)', page) == []
    assert re.findall(r"src=|url\(", page) == []
    assert "http" not in page
    assert "@import" not in page
    assert "<script" not in page


class _Balance(HTMLParser):
    """Counts open tags, and collects identifiers and links."""

    VOID = ("meta", "br", "path", "rect", "line", "circle")

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.links = [], [], []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.ids += [attributes["id"]] if "id" in attributes else []
        self.links += [attributes["href"][1:]] if "href" in attributes else []
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def handle_startendtag(self, tag, attrs):
        """Nothing opens."""


def test_the_markup_is_balanced_and_every_link_has_its_target(wrong):
    parser = _Balance()
    parser.feed(wrong[1])
    assert parser.open == []
    assert len(set(parser.ids)) == len(parser.ids)
    assert set(parser.links) <= set(parser.ids)


def test_names_are_escaped(tmp_path):
    net = mx.sym.tanh(X, name='<b>"&[red]')
    page = _write(check_network(net, {"x": (2,)}), tmp_path)
    assert '<b>"' not in page
    assert "&lt;b&gt;&#34;&amp;[red]" in page
    assert "A &lt;title&gt;" in page


def test_two_nodes_of_one_name_have_their_own_marks(tmp_path):
    with registered(square, half_of_the_gradient) as operator:
        net = apply(operator, "same", mx.sym.tanh(X, name="same"))
        page = _write(check_network(net, {"x": (2, 3)}), tmp_path)
    assert re.findall(r'<g class="box ([a-z ]+)"><title>same', page) == ["ok", "wrong first"]


def test_the_same_check_gives_the_same_file(tmp_path):
    network, shapes = mlp()
    pages = [_write(check_network(network, shapes, samples=1), tmp_path) for _ in range(2)]
    assert pages[0] == pages[1]


def test_an_old_report_stays_whole_when_the_new_one_can_not_be_made(tmp_path):
    path = tmp_path / "report.html"
    path.write_text("old")
    with pytest.raises(AttributeError):
        write_report(str(path), None, title="nothing")
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.html"]


def test_a_path_that_can_not_be_written_is_refused_before_any_work(tmp_path):
    with pytest.raises(MXNetError, match="it is a folder"):
        refuse_bad_path(str(tmp_path))
    with pytest.raises(MXNetError, match="there is no folder"):
        refuse_bad_path(str(tmp_path / "missing" / "report.html"))
    refuse_bad_path(str(tmp_path / "report.html"))
    refuse_bad_path("report.html")
    assert list(tmp_path.iterdir()) == []
