import pytest

from repository import plugins
from repository.errors import ConfigurationError

GROUP = "open_archive.tests"
NEEDS = ("render", "NAMESPACE")


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Installs a package with modules and entry points, as pip would."""

    def install(name, points, **modules):
        site = tmp_path / name
        info = site / f"{name}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[{GROUP}]\n" + "\n".join(points) + "\n")
        for module, source in modules.items():
            (site / f"{module}.py").write_text(source)
        monkeypatch.syspath_prepend(site)

    plugins.load.cache_clear()
    plugins.named.cache_clear()
    yield install
    plugins.load.cache_clear()
    plugins.named.cache_clear()


GOOD = "NAMESPACE = 'x'\ndef render(): ...\n"


def test_plugins_are_found_by_name_in_alphabetical_order(install):
    install("one", ["mods = fine_mods", "dc = fine_dc"], fine_mods=GOOD, fine_dc=GOOD)
    found = plugins.load(GROUP, NEEDS)
    assert list(found) == ["dc", "mods"]
    assert found["dc"].NAMESPACE == "x"


def test_a_group_may_be_empty():
    assert plugins.load("open_archive.nothing_here") == {}


def test_a_plugin_that_lacks_something_is_named(install):
    install("two", ["poor = poor_format"], poor_format="NAMESPACE = 'x'\n")
    with pytest.raises(ConfigurationError, match=r"poor \(poor_format\) lacks render"):
        plugins.load(GROUP, NEEDS)


@pytest.mark.parametrize("source", ["import nowhere_to_be_found", "1 / 0", "raise OSError(5)"])
def test_a_plugin_that_cannot_be_imported_is_named(install, source):
    install("three", ["sick = sick_format"], sick_format=source)
    with pytest.raises(ConfigurationError, match=r"sick \(sick_format\) cannot be loaded"):
        plugins.load(GROUP, NEEDS)


def test_two_plugins_of_one_name_are_refused(install):
    install("four", ["same = first_same"], first_same=GOOD)
    install("five", ["same = other_same"], other_same=GOOD)
    with pytest.raises(ConfigurationError, match="called same"):
        plugins.load(GROUP, NEEDS)


def test_one_plugin_is_loaded_without_the_others(install):
    install("six", ["well = well_one", "sick = sick_one"], well_one=GOOD, sick_one="1 / 0")
    assert plugins.named(GROUP, "well", NEEDS).NAMESPACE == "x"


def test_an_unknown_name_is_answered_with_the_known_ones(install):
    install("seven", ["b = b_one", "a = a_one"])
    with pytest.raises(ConfigurationError, match=r"no c in .*; known are: a, b"):
        plugins.named(GROUP, "c")
