"""All figures of one table that a report prints, and as JSON."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from . import coefficients
from .alphas import Level, alpha_by, distance_of
from .intervals import Interval, interval
from .tables import MISSING, Figure, Table


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a table at a level of measurement.

    `units` have values of two coders or more, `coders` have a value in one of them, `values` are
    the values there. Only alpha and its interval go by the level; to all others two values are the
    same or not.
    """

    units: int
    coders: int
    values: int
    percent: Figure
    alpha: Figure
    interval: Interval
    scott: Figure
    cohen: Figure
    fleiss: Figure
    s: Figure
    ac1: Figure
    holsti: Figure

    def as_dict(self) -> dict[str, Any]:
        """One key a field, null where there is no value; then `reason` says by the same keys why."""
        found: dict[str, Any] = {}
        reasons: dict[str, str] = {}
        for key in self.__slots__:
            part = getattr(self, key)
            if isinstance(part, int):
                found[key] = part
                continue
            found[key] = _between(part) if isinstance(part, Interval) else part.value
            if found[key] is None:
                reasons[key] = part.reason
        return found | ({"reason": reasons} if reasons else {})


def _between(found: Interval) -> dict[str, Any] | None:
    if found.low is None:
        return None
    keys = ("low", "high", "confidence", "method", "samples", "seed")
    return {key: getattr(found, key) for key in keys}


def summarise(table: Table, level: Level = Level.NOMINAL) -> Summary:
    """Every figure of the table; two values are the same where they are equal."""
    pairable = table.pairable()
    present = pairable.codes != MISSING
    distance = distance_of(table.values, level)
    figure = alpha_by(table, distance)
    return Summary(
        units=len(pairable.units),
        coders=int(np.count_nonzero(present.any(axis=0))),
        values=int(present.sum()),
        percent=coefficients.percent(table),
        alpha=figure,
        interval=(
            Interval(None, None, "no interval: alpha is not defined")
            if isinstance(distance, str)
            else interval(table, distance)
        ),
        scott=coefficients.scott(table),
        cohen=coefficients.cohen(table),
        fleiss=coefficients.fleiss(table),
        s=coefficients.s(table),
        ac1=coefficients.gwet(table),
        holsti=coefficients.holsti(table),
    )
