"""Synthetic works in three languages, as lines of JSON that `open-archive import jsonl` reads."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from schemas import vocabulary

WORDS = {
    "ky": "тоо суу тил китеп илим адам жол бала мектеп жер айыл салт ыр тарых эл өнөр үлгү мөңгү",
    "ru": "гора вода язык книга наука человек дорога ребёнок школа земля село обычай песня народ",
    "en": "mountain water language book science person road child school land village custom song",
}
FAMILIES = "Асанов Бакиров Токтогулов Иванов Петрова Сыдыкова Өмүров Жумабаев Smith Müller".split()
KINDS = ("article", "conference-paper", "textbook", "master-thesis", "report", "monograph")


def document(number: int) -> dict:
    """A work with everything that pages and formats show, about 2 KB of JSON."""
    chance = random.Random(number)
    language = chance.choice(list(WORDS))
    words = WORDS[language].split()

    def phrase(length: int) -> str:
        return " ".join(chance.choice(words) for _ in range(length)).capitalize()

    return {
        "type": vocabulary.TYPES[chance.choice(KINDS)].uri,
        "titles": [{"text": f"{phrase(8)} {number}", "language": language, "kind": "main"}],
        "creators": [
            {
                "kind": "person",
                "family": chance.choice(FAMILIES),
                "given": f"{chance.choice('АБЖКН')}.",
            }
            for _ in range(chance.randint(1, 4))
        ],
        "issued": str(chance.randint(1960, 2026)),
        "languages": [language],
        "abstracts": [{"text": ". ".join(phrase(12) for _ in range(10)), "language": language}],
        "keywords": [{"text": phrase(2), "language": language} for _ in range(5)],
        "publishers": [{"name": "Илим", "place": "Бишкек"}],
        "identifiers": [{"scheme": "doi", "value": f"10.1234/bench.{number}"}],
        "licence": "cc-by-4.0",
    }


def lines(count: int) -> Iterator[str]:
    """Export lines of `count` published works in ten collections."""
    for number in range(1, count + 1):
        yield json.dumps(
            {
                "uuid": str(UUID(int=number)),
                "state": "published",
                "collections": [f"chair-{number % 10}"],
                "document": document(number),
                "files": [],
            },
            ensure_ascii=False,
        )


def write(path: Path, count: int) -> None:
    """Writes the lines."""
    with path.open("w", encoding="utf-8") as file:
        for line in lines(count):
            file.write(line + "\n")
