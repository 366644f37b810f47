"""Who says a passage, as the quotations of its text tell."""

from collections.abc import Sequence

from corpus.comparison import Quotation

HALF = 0.5


def attribution(quotations: Sequence[Quotation], *, start: int, end: int) -> Quotation | None:
    """The quotation or reported statement that the passage [start, end) lies in or around.

    Of several the one that shares most with the passage, direct before reported, short before long.
    None where the text names neither speaker nor cue, or where the passage takes in quotations
    that stand apart, because then any choice is a guess.
    """
    found = []
    for quotation in quotations:
        first, last = quotation.span
        shared = min(end, last) - max(start, first)
        if shared > 0 and shared >= HALF * min(end - start, last - first):
            found.append((-shared, not quotation.direct, last - first, quotation))
    if not found:
        return None
    *_, best = min(found, key=lambda row: row[:3])
    apart = [
        other
        for *_, other in found
        if (other.span.end <= best.span.start or best.span.end <= other.span.start)
        and other.speaker != best.speaker
    ]
    return best if (best.speaker or best.cue) and not apart else None
