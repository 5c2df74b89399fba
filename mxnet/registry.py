"""Classes that can be named in a string or a saved file: initializers, metrics and their kin.

One registry belongs to each base class. `mx.init.create("xavier", magnitude=2)` and
`mx.metric.create("acc")` look their names up here.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from typing import Any, TypeVar

from .base import MXNetError

Class = TypeVar("Class", bound=type)

_REGISTRIES: dict[type, dict[str, type]] = {}


def get_registry(base_class: type) -> dict[str, type]:
    """Return the classes registered under `base_class`, by lower-case name.

    The dictionary is a copy: changing it registers nothing.
    """
    return dict(_registry_of(base_class))


def get_register_func(base_class: type, nickname: str) -> Callable[..., Any]:
    """Return the decorator that registers subclasses of `base_class`.

    Parameters
    ----------
    base_class : type
        What every registered class must inherit.
    nickname : str
        What messages call such a class, for example ``'initializer'``.

    Returns
    -------
    callable
        ``register(klass, name=None)``; `name` defaults to the class's own, in lower case.

    Examples
    --------
    >>> class Shape: pass
    >>> register = mx.registry.get_register_func(Shape, "shape")
    >>> @register
    ... class Circle(Shape): pass
    >>> sorted(mx.registry.get_registry(Shape))
    ['circle']
    """
    known = _registry_of(base_class)

    def register(klass: Class, name: str | None = None) -> Class:
        if not (isinstance(klass, type) and issubclass(klass, base_class)):
            raise MXNetError(
                f"Only subclasses of {base_class.__name__} can be registered as {nickname}, "
                f"but {klass!r} is none."
            )
        key = (name or klass.__name__).lower()
        former = known.get(key, klass)
        if former is not klass:
            warnings.warn(
                f"The {nickname} {key!r} was {former.__module__}.{former.__name__} and is now "
                f"{klass.__module__}.{klass.__name__}.",
                UserWarning,
                stacklevel=2,
            )
        known[key] = klass
        return klass

    register.__doc__ = f"Make a subclass of {base_class.__name__} known by its lower-case name."
    return register


def get_alias_func(base_class: type, nickname: str) -> Callable[..., Any]:
    """Return ``alias(*aliases)``, the decorator that registers a class under several names."""
    register = get_register_func(base_class, nickname)

    def alias(*aliases: str) -> Callable[[Class], Class]:
        def under_every_name(klass: Class) -> Class:
            for name in aliases:
                register(klass, name)
            return klass

        return under_every_name

    alias.__doc__ = f"Register a subclass of {base_class.__name__} under each of `aliases`."
    return alias


def get_create_func(base_class: type, nickname: str) -> Callable[..., Any]:
    """Return ``create(what, *args, **kwargs)``, which makes instances from names.

    `what` is an instance (returned as it is), a registered name in any case, the JSON text of
    ``[name, arguments]`` or of a dictionary, or such a dictionary with `nickname` for the name.

    Examples
    --------
    >>> mx.init.create('["normal", {"sigma": 0.5}]').sigma
    0.5
    """
    known = _registry_of(base_class)

    def create(*args: Any, **kwargs: Any) -> Any:
        if args:
            what, args = args[0], args[1:]
        elif nickname in kwargs:
            what = kwargs.pop(nickname)
        else:
            raise MXNetError(f"create needs the name of a {nickname} or an instance of it.")
        if isinstance(what, base_class):
            return _plain(what, nickname, args, kwargs)
        if isinstance(what, dict):
            return create(**_plain(what, nickname, args, kwargs))
        if not isinstance(what, str):
            raise MXNetError(
                f"A {nickname} is given by name or as an instance of {base_class.__name__}, "
                f"but {what!r} came."
            )
        if what.startswith("["):
            name, arguments = json.loads(_plain(what, nickname, args, kwargs))
            return create(name, **arguments)
        if what.startswith("{"):
            return create(**json.loads(_plain(what, nickname, args, kwargs)))
        if what.lower() not in known:
            raise MXNetError(
                f"{what!r} is not a registered {nickname}; there are {', '.join(sorted(known))}."
            )
        return known[what.lower()](*args, **kwargs)

    create.__doc__ = f"Return a {base_class.__name__} given by name, JSON text or as an instance."
    return create


def _registry_of(base_class: type) -> dict[str, type]:
    return _REGISTRIES.setdefault(base_class, {})


def _plain(what: Any, nickname: str, args: tuple, kwargs: dict) -> Any:
    """Return `what`, refusing arguments beside it: it is complete in itself."""
    if args or kwargs:
        raise MXNetError(
            f"{what!r} already says everything about the {nickname}, so further arguments "
            f"{args or kwargs} can not be used."
        )
    return what
