"""Carries a change of a description over to a record, touching nothing else.

A record holds far more than our descriptions do. So it is never written anew: the fields that the
description gave before and those that it gives now are compared, and the difference alone is made
in the record, subfield by subfield. What we did not write stays as it is and where it is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import NamedTuple

from ingest.irbis.records import DELIMITER, Field, Record, Subfield


class Step(NamedTuple):
    """A field before and after; None where there was or will be none. `rank` is the place of the
    field before among those of its tag."""

    before: Field | None
    after: Field | None
    rank: int = 0


class Patched(NamedTuple):
    """The record with the change, and the tags that others have changed meanwhile: those fields
    stay as they are."""

    record: Record
    conflicts: tuple[int, ...] = ()


def patch(
    record: Record,
    before: Sequence[Field],
    after: Sequence[Field],
    *,
    base: Record | None = None,
) -> Patched:
    """The record with what changed from `before` to `after`.

    `base` is the record as we knew it last. A field that has to change, and has been changed by
    others since, is a conflict.
    """
    conflicts = []
    fields = list(record.fields)
    for tag in dict.fromkeys(one.tag for one in (*before, *after)):
        steps = _steps(_tagged(before, tag), _tagged(after, tag))
        if not steps:
            continue
        if base is not None and _texts(base.fields, tag) != _texts(fields, tag):
            if not _already(fields, steps):
                conflicts.append(tag)
            continue
        fields = _change(fields, tag, steps, of=len(_tagged(before, tag)))
    return Patched(replace(record, fields=tuple(fields)), tuple(conflicts))


def _tagged(fields: Iterable[Field], tag: int) -> list[Field]:
    return [one for one in fields if one.tag == tag]


def _texts(fields: Iterable[Field], tag: int) -> list[str]:
    return [one.text for one in fields if one.tag == tag]


def _steps(before: list[Field], after: list[Field]) -> list[Step]:
    """What has to be done to the fields of one tag; fields that stay are no steps."""
    old, new = [one.text for one in before], [one.text for one in after]
    steps = []
    for name, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if name != "equal":
            pairs = zip_longest(before[i:j], after[k:m])
            steps += [Step(*pair, rank) for rank, pair in enumerate(pairs, i)]
    return steps


def _already(fields: list[Field], steps: list[Step]) -> bool:
    """Whether others have made the very same change."""
    there = {_key(one) for one in fields}
    return all(
        (step.after is None or _key(step.after) in there)
        and (step.before is None or _key(step.before) not in there)
        for step in steps
    )


def _key(field: Field) -> tuple[str, tuple[tuple[str, str], ...]]:
    parts = tuple((one.code.casefold(), one.value) for one in field.subfields)
    return (str(field.tag) + field.value, tuple(sorted(parts)))


def _change(fields: list[Field], tag: int, steps: list[Step], *, of: int) -> list[Field]:
    """The fields after the steps; `of` is how many of this tag the description gave before."""
    slots = [[one] for one in fields]  # what stands in the place of each field
    ranked = [at for at, one in enumerate(fields) if one.tag == tag]
    end: list[Field] = []
    taken: set[int] = set()
    for step in steps:
        at = None
        if step.before is not None:
            at = _likest(fields, step.before, taken)
            if at is None and len(ranked) == of and ranked[step.rank] not in taken:
                at = ranked[step.rank]  # each field of the record gave one of the description's
        if at is not None:
            taken.add(at)
            changed = _merged(fields[at], step.before, step.after) if step.after else None
            slots[at][0:1] = [changed] if changed else []
        elif step.after is not None:  # behind the last of its tag
            (slots[ranked[-1]] if ranked else end).append(step.after)
    return [one for slot in slots for one in slot] + end


def _likest(fields: list[Field], wanted: Field, taken: set[int]) -> int | None:
    """The place of the field that has most in common with the description's; None without any."""
    best, most = None, 0
    for at, one in enumerate(fields):
        if one.tag == wanted.tag and at not in taken:
            common = _common(one, wanted)
            if common > most:
                best, most = at, common
    return best


def _common(one: Field, other: Field) -> int:
    """How many subfields are the same; a lone value may stand in ^a, and the other way round."""
    said, there = (
        {(part.code.casefold(), part.value.strip()) for part in field.subfields}
        | {("a", field.value.strip())}
        for field in (one, other)
    )
    return len((said & there) - {("a", "")})


def _merged(there: Field, before: Field | None, after: Field) -> Field:
    """The record's field with the subfields that changed; codes keep the case that they have."""
    old = _said(before) if before else {}
    new = _said(after)
    value, parts = there.value, list(there.subfields)
    for code in dict.fromkeys((*old, *new)):
        if old.get(code) == new.get(code):
            continue
        if code == "":
            value, parts = _valued(value, parts, old.get(code, ""), new.get(code, ""))
        else:
            value, parts = _set(value, parts, code, old.get(code), new.get(code))
    return replace(
        there, text=value + "".join(f"{DELIMITER}{one.code}{one.value}" for one in parts)
    )


def _said(field: Field) -> dict[str, str]:
    said = {"": field.value} if field.value else {}
    for one in field.subfields:
        said.setdefault(one.code.casefold(), one.value)
    return said


def _valued(value: str, parts: list[Subfield], old: str, new: str) -> tuple[str, list[Subfield]]:
    """Where the record has the value in ^a it is changed there."""
    for at, one in enumerate(parts):
        if not value.strip() and one.code.casefold() == "a" and one.value.strip() == old:
            return value, [*parts[:at], Subfield(one.code, new), *parts[at + 1 :]]
    return new, parts


def _set(
    value: str, parts: list[Subfield], code: str, old: str | None, new: str | None
) -> tuple[str, list[Subfield]]:
    places = [at for at, one in enumerate(parts) if one.code.casefold() == code]
    same = [at for at in places if parts[at].value.strip() == (old or "").strip()]
    at = next(iter(same or places), None)
    if at is not None and new is None:
        return value, parts[:at] + parts[at + 1 :]
    if at is not None:
        return value, [*parts[:at], Subfield(parts[at].code, new or ""), *parts[at + 1 :]]
    if code == "a" and value.strip() and value.strip() == (old or "").strip():
        return new or "", parts
    if new is None:
        return value, parts
    upper = any(one.code.isupper() for one in parts) or not parts
    return value, [*parts, Subfield(code.upper() if upper else code, new)]
