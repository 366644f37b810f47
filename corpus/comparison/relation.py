"""How two texts are related, and which of them came first."""

from .results import Direction, Relation


def relation(source_in_derived: float, derived_in_source: float) -> Relation:
    """The relation of two texts, from the share of each that is found in the other."""
    low, high = sorted((source_in_derived, derived_in_source))
    if low == 1.0:
        return "same"
    if low >= 0.85:
        return "revision"
    if high >= 0.75 and low < high - 0.25:
        return "abridgement"
    if low >= 0.35:
        return "rewrite"
    if high >= 0.2:
        return "quotes"
    return "unrelated"


def direction() -> tuple[Direction, float]:
    """Which text derives from which, and how sure that is."""
    return "undecided", 0.0
