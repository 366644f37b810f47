"""Which paragraphs of a very long document a page shows at a time.

Offsets are code points; a window is a range of paragraph numbers. No document of ordinary length
has one: a newspaper page holds 40,000 characters.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST = 300_000  # characters of a document that is shown whole
MOST_PARAGRAPHS = 3_000  # of such a document
SHOWN = 60_000  # characters of a window
SHOWN_PARAGRAPHS = 500


@dataclass(frozen=True, slots=True)
class Window:
    """The paragraphs of a long document on the page, counted from 1, and the way to its others."""

    first: int
    last: int
    of: int
    earlier: str
    later: str


def is_windowed(paragraphs: Sequence[Sequence[int]]) -> bool:
    """Whether a document with these paragraphs is too long to be shown whole."""
    return bool(paragraphs) and (
        len(paragraphs) > MOST_PARAGRAPHS or paragraphs[-1][1] - paragraphs[0][0] > LONGEST
    )


def from_paragraph(paragraphs: Sequence[Sequence[int]], first: int) -> range:
    """The window that begins with a paragraph; it has one at the least, however long."""
    first = max(0, min(first, len(paragraphs) - 1))
    start = paragraphs[first][0]
    last = bisect_right(paragraphs, start + SHOWN, lo=first, key=lambda span: span[1])
    return range(first, max(first + 1, min(last, first + SHOWN_PARAGRAPHS)))


def to_paragraph(paragraphs: Sequence[Sequence[int]], end: int) -> range:
    """The window that ends before a paragraph."""
    end = max(1, min(end, len(paragraphs)))
    stop = paragraphs[end - 1][1]
    first = bisect_right(paragraphs, stop - SHOWN, hi=end, key=lambda span: span[0])
    first = max(first, end - SHOWN_PARAGRAPHS)
    return range(min(first, end - 1), end)


def around(paragraphs: Sequence[Sequence[int]], offset: int) -> range:
    """The window in which a place stands near the top, with some paragraphs before it."""
    at = max(0, bisect_right(paragraphs, offset, key=lambda span: span[0]) - 1)
    before = max(0, at - 5)
    if paragraphs[at][0] - paragraphs[before][0] > SHOWN // 4:
        before = at
    window = from_paragraph(paragraphs, before)
    return window if at in window else from_paragraph(paragraphs, at)
