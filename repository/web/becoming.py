"""What a draft is to become, where it is the next version of a published work; for its pages."""

from typing import Any

from repository import catalogue, continuing
from repository.models.works import Work
from repository.web import description, values
from repository.web.current import reading
from schemas import work as profile


def of(work: Work) -> dict[str, Any] | None:
    """The published work, why there is a new version, and what it changes; None for a new work."""
    found = continuing.of(reading(), work)
    if found is None:
        return None
    published = catalogue.get(reading(), found.of_id)
    files = published.current_files
    return {
        "draft": work.id,
        "number": published.id,
        "title": profile.main_title(published.document),
        "reason": found.reason,
        "stays": [file.name for file in files if file.id not in found.gone],
        "gone": [file.name for file in files if file.id in found.gone],
        "shut": found.shut,
        "behind": found.base != published.version,
        "differences": values.differences(work.document, published.document, description.WHOLE),
    }
