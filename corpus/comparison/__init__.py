"""Comparing two texts: what answers to what, what was changed, and which came first."""

from .changes import name_changes
from .compare import VERSION, compare
from .quotations import quotations
from .relation import About
from .results import Change, Comparison, Edit, Pair, Passage, Quotation, Span
from .sentences import Link, align_sentences
from .words import align_words

__all__ = [
    "VERSION",
    "About",
    "Change",
    "Comparison",
    "Edit",
    "Link",
    "Pair",
    "Passage",
    "Quotation",
    "Span",
    "align_sentences",
    "align_words",
    "compare",
    "name_changes",
    "quotations",
]
