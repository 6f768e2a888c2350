"""Which programs do not count as readers: COUNTER's list of robots, and one of our own."""

import re
from functools import cache, lru_cache
from importlib.resources import files

import counter_robots

LONGEST = 1000  # letters of a name that are looked at
OWN = "crawlers.txt"


@lru_cache(maxsize=4096)
def is_crawler(agent: str) -> bool:
    """Whether whoever calls itself this is no reader; who says nothing is none either."""
    said = agent[:LONGEST].strip()
    return not said or counter_robots.is_robot_or_machine(said) or bool(_own().search(said))


@cache
def _own() -> re.Pattern[str]:
    lines = files("repository.usage").joinpath(OWN).read_text("utf-8").splitlines()
    names = [one.strip() for one in lines if one.strip() and not one.startswith("#")]
    return re.compile("|".join(map(re.escape, names)), re.IGNORECASE)
