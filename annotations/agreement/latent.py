"""What units truly are and how good each coder is, both guessed from what coders said.

Dawid & Skene, "Maximum Likelihood Estimation of Observer Error-Rates Using the EM Algorithm", Applied
Statistics 28 (1979). It is a model, not a measure of agreement: it takes coders to err independently.
"""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np

from .tables import MISSING, Reals, Table

FEWEST_CODERS = 3
# Votes are held as units x coders x values.
MOST_VALUES = 100
MOST_ROUNDS = 500
# Rounds end when no probability moves more than this.
STILL = 1e-7
# So that what never happened stays barely possible.
LEAST = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class Latent:
    """The guess, or the reason why there is none; places are those of the table.

    `classes` has the shape (units, values): how likely each value is the true one. `errors` has
    (coders, values, values): how often a coder says the column where the row is true. `shares` has
    (values,). A unit that nobody coded has the shares.
    """

    reason: str = ""
    classes: Reals | None = None
    errors: Reals | None = None
    shares: Reals | None = None
    rounds: int = 0

    def values(self, table: Table) -> dict[Hashable, tuple[Hashable, float]]:
        """The likeliest value of each unit and how likely it is."""
        if self.classes is None:
            return {}
        best = self.classes.argmax(axis=1).tolist()
        return {
            unit: (table.values[place], float(self.classes[row, place]))
            for row, (unit, place) in enumerate(zip(table.units, best, strict=True))
        }


def dawid_skene(table: Table) -> Latent:
    """The most likely classes by expectation and maximisation, begun from the shares of votes.

    Below three coders the model has more to guess than the data say, so there is no guess. Time: a
    round takes units x coders x different values squared.
    """
    present = table.codes != MISSING
    size = len(table.values)
    if (coders := int(present.any(axis=0).sum())) < FEWEST_CODERS:
        return Latent(f"not defined: it takes {FEWEST_CODERS} coders, and there are {coders}")
    if size < 2:
        return Latent("not defined: only one code was used")
    if size > MOST_VALUES:
        return Latent(f"not defined: there are more than {MOST_VALUES} different values")
    votes = np.zeros((*table.codes.shape, size))
    units, places = np.nonzero(present)
    votes[units, places, table.codes[present]] = 1
    classes, moved, rounds = _normal(votes.sum(axis=1)), 1.0, 0
    while moved > STILL and rounds < MOST_ROUNDS:
        before = classes
        shares, errors = _likeliest(votes, classes)
        classes = _guessed(votes, shares, errors)
        moved = float(np.abs(classes - before).max())
        rounds += 1
    return Latent("", classes, errors, shares, rounds)


def _likeliest(votes: Reals, classes: Reals) -> tuple[Reals, Reals]:
    """The shares and errors that make these classes likeliest; votes are (units, coders, values)."""
    counts = np.einsum("ut,ucv->ctv", classes, votes, optimize=True) + LEAST
    return classes.mean(axis=0), counts / counts.sum(axis=2, keepdims=True)


def _guessed(votes: Reals, shares: Reals, errors: Reals) -> Reals:
    """How likely each class is for each unit, given these shares and errors."""
    logs = np.log(shares + LEAST) + np.einsum("ucv,ctv->ut", votes, np.log(errors), optimize=True)
    return _normal(np.exp(logs - logs.max(axis=1, keepdims=True)))


def _normal(rows: Reals) -> Reals:
    sums = rows.sum(axis=1, keepdims=True)
    found: Reals = np.where(sums > 0, rows / np.where(sums > 0, sums, 1), 1 / rows.shape[1])
    return found
