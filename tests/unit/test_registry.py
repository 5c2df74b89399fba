"""Registries of classes by name; what initializers and metrics have in common."""

from __future__ import annotations

import pytest

import mxnet as mx


class Shape:
    def __init__(self, size: int = 1) -> None:
        self.size = size


register = mx.registry.get_register_func(Shape, "shape")
create = mx.registry.get_create_func(Shape, "shape")


@register
class Circle(Shape):
    pass


def test_a_class_is_known_by_its_name_in_lower_case() -> None:
    assert mx.registry.get_registry(Shape)["circle"] is Circle
    assert isinstance(create("CIRCLE", 3), Circle)


def test_the_registry_is_a_copy() -> None:
    mx.registry.get_registry(Shape).clear()
    assert "circle" in mx.registry.get_registry(Shape)


def test_arguments_come_from_json() -> None:
    assert create('["circle", {"size": 4}]').size == 4
    assert create('{"shape": "circle", "size": 5}').size == 5
    assert create(shape="circle", size=6).size == 6


def test_only_subclasses_can_be_registered() -> None:
    with pytest.raises(mx.MXNetError, match="Only subclasses of Shape"):
        register(int)


def test_replacing_a_class_warns() -> None:
    register(type("Square", (Shape,), {}))
    with pytest.warns(UserWarning, match="The shape 'square' was"):
        register(type("Square", (Shape,), {}))
