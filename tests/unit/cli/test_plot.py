"""The error plot: one column per input, a logarithmic axis, the tolerance as a line."""

from __future__ import annotations

from mxnet.cli.plot import error_plot
from mxnet.test_utils.network import Comparison, NodeCheck


def _node(*errors: float, label: str = "data") -> NodeCheck:
    compared = [Comparison(label, (i,), 1.0, 1.0, error) for i, error in enumerate(errors)]
    return NodeCheck("fc", "FullyConnected", [label], [(1,)], comparisons=compared)


def test_without_comparisons_there_is_no_plot():
    assert error_plot(_node()) is None


def test_larger_errors_stand_higher():
    small, limit, large = error_plot(_node(1e-3, 1.0, 100.0)).dots
    assert small.y > limit.y > large.y


def test_the_tolerance_is_a_line_at_one():
    plot = error_plot(_node(1.0))
    assert plot.limit == plot.dots[0].y


def test_every_dot_lies_within_the_plot():
    plot = error_plot(_node(0.0, 1e-30, 1.0, 1e30, float("inf")))
    for dot in plot.dots:
        assert plot.left <= dot.x <= plot.width
        assert 0 <= dot.y <= plot.bottom


def test_each_input_has_a_column():
    node = _node(0.1, 0.2)
    node.comparisons += _node(0.3, label="weight").comparisons
    plot = error_plot(node)
    assert [tick.text for tick in plot.columns] == ["data", "weight"]
    assert plot.dots[1].x < plot.columns[1].place - 40 < plot.dots[2].x
