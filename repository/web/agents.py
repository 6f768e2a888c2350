"""Browsers as their owners know them: "Firefox, Linux" instead of a line of versions."""

# The first that occurs counts: all pretend to be the ones further down.
_BROWSERS = (
    ("YaBrowser/", "Yandex"),
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def name(agent: str) -> str:
    """What the browser calls itself, shortened; empty when it says nothing."""
    parts = [_first(agent, _BROWSERS), _first(agent, _SYSTEMS)]
    return ", ".join(filter(None, parts)) or agent.partition(" ")[0][:60]


def _first(agent: str, known: tuple[tuple[str, str], ...]) -> str:
    return next((said for mark, said in known if mark in agent), "")
