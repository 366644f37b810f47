"""What coders said of units, as a table; and a figure, which may be without a value."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Self

import numpy as np
from numpy.typing import NDArray

type Codes = NDArray[np.int32]
type Reals = NDArray[np.float64]
type Row = tuple[Hashable, Hashable, Hashable | None]

MISSING = -1


@dataclass(frozen=True, slots=True)
class Figure:
    """A coefficient, or the reason in words why it has no value.

    `observed` and `expected` are what it is made of: agreement between 0 and 1, or, for alpha,
    disagreement in the units of its distance.
    """

    value: float | None
    reason: str = ""
    observed: float | None = None
    expected: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """The values of units by coders.

    `codes` has the shape (units, coders) and holds places in `values`, or MISSING. `values` are all
    different, numbers first and rising, then the rest by their letters.
    """

    units: tuple[Hashable, ...]
    coders: tuple[Hashable, ...]
    values: tuple[Hashable, ...]
    codes: Codes

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Self:
        """The table of rows (unit, coder, value); a value of None is missing.

        Raises ValueError where a coder gave a unit two values.
        """
        kept = list(rows)
        units = {unit: place for place, unit in enumerate(dict.fromkeys(row[0] for row in kept))}
        coders = {coder: place for place, coder in enumerate(dict.fromkeys(row[1] for row in kept))}
        values = sorted({value for _, _, value in kept if value is not None}, key=_order)
        places = {value: place for place, value in enumerate(values)}
        codes = np.full((len(units), len(coders)), MISSING, np.int32)
        for unit, coder, value in kept:
            if value is None:
                continue
            if codes[units[unit], coders[coder]] != MISSING:
                raise ValueError(f"{coder} gave two values to {unit}")
            codes[units[unit], coders[coder]] = places[value]
        return cls(tuple(units), tuple(coders), tuple(values), codes)

    @classmethod
    def wide(cls, columns: Sequence[Sequence[Hashable | None]]) -> Self:
        """The table of one column a coder, all equally long; units and coders are numbered."""
        return cls.of(
            (unit, coder, value)
            for coder, column in enumerate(columns)
            for unit, value in enumerate(column)
        )

    def rows(self) -> Iterator[tuple[Hashable, Hashable, Hashable]]:
        """(unit, coder, value) of each value that is not missing, unit by unit."""
        for unit, coder in np.argwhere(self.codes != MISSING).tolist():
            yield self.units[unit], self.coders[coder], self.values[self.codes[unit, coder]]

    def pairable(self) -> Self:
        """Only the units with two values or more, on which agreement can be seen."""
        kept = (self.codes != MISSING).sum(axis=1) >= 2
        units = tuple(self.units[place] for place in np.flatnonzero(kept).tolist())
        return type(self)(units, self.coders, self.values, self.codes[kept])

    def of_coders(self, coders: Iterable[Hashable]) -> Self:
        """The columns of these coders, in the order given."""
        chosen = tuple(coders)
        places = [self.coders.index(coder) for coder in chosen]
        return type(self)(self.units, chosen, self.values, self.codes[:, places])

    def pairs(self) -> Iterator[Self]:
        """The table of each two coders."""
        return (self.of_coders(pair) for pair in combinations(self.coders, 2))

    def recoded(self, change: Callable[[Hashable], Hashable | None]) -> Self:
        """The table with each value changed; what becomes None is missing."""
        return self.of((unit, coder, change(value)) for unit, coder, value in self.rows())


def _order(value: Hashable) -> tuple[int, float, tuple[str, ...]]:
    if isinstance(value, int | float):
        return 0, value, ()
    if isinstance(value, frozenset):
        return 2, len(value), tuple(sorted(map(str, value)))
    return 1, 0, (str(value),)


def counts_of(codes: Codes, size: int) -> NDArray[np.int64]:
    """How often each of `size` values stands in the codes."""
    return np.bincount(codes[codes != MISSING], minlength=size)


def agreeing(codes: Codes) -> Reals:
    """For each unit, how many ordered pairs of its values are the same; shape (units,).

    Time: units x coders squared.
    """
    found = np.zeros(len(codes))
    for first, second in combinations(range(codes.shape[1]), 2):
        found += (codes[:, first] == codes[:, second]) & (codes[:, first] != MISSING)
    return 2 * found


def share(part: float) -> str:
    """A share as people read it: "100 %", "62.5 %"."""
    return f"{100 * part:.1f}".removesuffix(".0") + " %"
