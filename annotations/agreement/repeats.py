"""Agreement of a coder with herself, and over time, from codings with their moments."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from datetime import datetime
from typing import NamedTuple

from .tables import Row, Table


class Coding(NamedTuple):
    """What a coder said of a unit at a moment, by a version of the codebook."""

    unit: Hashable
    coder: Hashable
    value: Hashable
    at: datetime
    version: int = 1


def with_herself(codings: Iterable[Coding]) -> dict[Hashable, Table]:
    """For each coder who coded some unit again a table of units by turns, 1 for the first.

    Each figure of such a table is her agreement with herself; units coded once are left out.
    """
    found: dict[Hashable, list[Row]] = defaultdict(list)
    for (coder, unit), turns in _turns(codings).items():
        if len(turns) > 1:
            found[coder] += [(unit, number, coding.value) for number, coding in enumerate(turns, 1)]
    return {coder: Table.of(rows) for coder, rows in found.items()}


def drift(codings: Iterable[Coding], period: Callable[[Coding], Hashable]) -> dict[Hashable, Table]:
    """The table of each period, such as `week` or the codebook's version, in order of time.

    What a coder first said of a unit counts. A unit belongs to the period of the last of these, for
    only then could coders be seen to agree on it.
    """
    first: dict[Hashable, list[Coding]] = defaultdict(list)
    for (_, unit), turns in _turns(codings).items():
        first[unit].append(turns[0])
    found: dict[Hashable, list[Row]] = defaultdict(list)
    lasts = {unit: max(given, key=lambda coding: coding.at) for unit, given in first.items()}
    for unit, last in sorted(lasts.items(), key=lambda pair: pair[1].at):
        found[period(last)] += [(unit, coding.coder, coding.value) for coding in first[unit]]
    return {key: Table.of(rows) for key, rows in found.items()}


def week(coding: Coding) -> str:
    """The ISO week of a coding, "2026-W09"."""
    year, number, _ = coding.at.isocalendar()
    return f"{year}-W{number:02}"


def version(coding: Coding) -> int:
    """The version of the codebook that a coding was made by."""
    return coding.version


def _turns(codings: Iterable[Coding]) -> dict[tuple[Hashable, Hashable], list[Coding]]:
    """What each coder said of each unit, the first first."""
    found: dict[tuple[Hashable, Hashable], list[Coding]] = defaultdict(list)
    for coding in sorted(codings, key=lambda coding: coding.at):
        found[coding.coder, coding.unit].append(coding)
    return found
