"""Extension points: modules and classes that installed packages name as entry points."""

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from repository.errors import ConfigurationError


@cache
def load(group: str, needs: tuple[str, ...] = ()) -> dict[str, Any]:
    """What the entry points of `group` name, sorted by name; each must have all of `needs`.

    Raises ConfigurationError with the culprit's name when one cannot be loaded, lacks something,
    or goes by a name that another one has.
    """
    found: dict[str, Any] = {}
    for point in sorted(entry_points(group=group), key=lambda one: (one.name, one.value)):
        if point.name in found:
            raise ConfigurationError(
                "Two plug-ins of %(group)s are called %(name)s: uninstall one of them.",
                group=group,
                name=point.name,
            )
        found[point.name] = _load(point, needs)
    return found


@cache
def named(group: str, name: str, needs: tuple[str, ...] = ()) -> Any:
    """The one plug-in of `group` that is called `name`; the others are not even imported."""
    for point in sorted(entry_points(group=group, name=name), key=lambda one: one.value):
        return _load(point, needs)
    known = ", ".join(sorted({one.name for one in entry_points(group=group)}))
    raise ConfigurationError(
        "There is no %(name)s in %(group)s; known are: %(known)s.",
        name=name,
        group=group,
        known=known or "none",
    )


def _load(point: EntryPoint, needs: tuple[str, ...]) -> Any:
    try:
        plugin = point.load()
    # A foreign module may raise anything while it is imported; the sentence must name it.
    except Exception as error:
        raise ConfigurationError(
            "The plug-in %(name)s (%(value)s) cannot be loaded: %(problem)s.",
            name=point.name,
            value=point.value,
            problem=f"{type(error).__name__}: {error}",
        ) from error
    missing = [one for one in needs if not hasattr(plugin, one)]
    if missing:
        raise ConfigurationError(
            "The plug-in %(name)s (%(value)s) lacks %(missing)s.",
            name=point.name,
            value=point.value,
            missing=", ".join(missing),
        )
    return plugin
