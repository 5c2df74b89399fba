"""The graph's drawing: rows follow the data, nothing overlaps, no edge runs behind a box."""

from __future__ import annotations

import re
from itertools import combinations

import mxnet as mx
from mxnet.cli.examples import resnet
from mxnet.cli.layout import HEIGHT, WIDTH, lay_out


def _by_name(layout):
    return {box.name: box for box in layout.boxes}


def _branches():
    data = mx.sym.Variable("data")
    left = mx.sym.tanh(mx.sym.relu(data, name="a1"), name="a2")
    right = mx.sym.exp(data, name="b1")
    return mx.sym.concat(left, right, data, name="join")


def test_every_node_stands_below_what_it_reads():
    boxes = _by_name(lay_out(_branches()))
    assert boxes["data"].row < boxes["a1"].row < boxes["a2"].row < boxes["join"].row
    assert boxes["b1"].row < boxes["join"].row


def test_parameters_are_left_out_and_inputs_stand_above_their_reader():
    boxes = _by_name(lay_out(resnet()[0]))
    assert {name for name, box in boxes.items() if not box.operator} == {"data", "softmax_label"}
    assert boxes["softmax_label"].row == boxes["softmax"].row - 1


def test_boxes_do_not_overlap():
    for symbol in (resnet()[0], _branches()):
        for one, other in combinations(lay_out(symbol).boxes, 2):
            assert one.row != other.row or abs(one.x - other.x) >= WIDTH


def test_boxes_lie_within_the_page():
    layout = lay_out(_branches())
    for box in layout.boxes:
        assert 0 <= box.left <= box.left + WIDTH <= layout.width
        assert 0 <= box.top <= box.top + HEIGHT <= layout.height


def test_a_chain_is_straight():
    boxes = lay_out(resnet()[0]).boxes
    chain = [box.x for box in boxes if box.operator]
    assert max(chain) - min(chain) < 5


def test_an_edge_over_several_rows_passes_beside_the_boxes_between():
    layout = lay_out(_branches())
    verticals = [
        (float(x), float(y))
        for path in layout.edges
        for x, y in re.findall(r"([\d.]+),[\d.]+ V([\d.]+)", path)
    ]
    assert len(verticals) == 3  # data to join passes two rows, b1 to join one
    for x, bottom in verticals:
        row = [box for box in layout.boxes if abs(box.top + HEIGHT - bottom) < 1]
        assert row
        assert all(abs(box.x - x) > WIDTH / 2 for box in row)


def test_an_edge_is_drawn_once_though_an_input_is_used_twice():
    x = mx.sym.Variable("x")
    assert len(lay_out(x * x).edges) == 1


def test_numbers_follow_the_order_of_the_check():
    network = resnet()[0]
    found = [(box.number, box.name) for box in lay_out(network).boxes if box.operator]
    shown = mx.test_utils.check_network(network, {"data": (1, 3, 4, 4)}, samples=1).nodes
    assert sorted(found) == [(i, node.name) for i, node in enumerate(shown)]
